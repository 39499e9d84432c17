-- The log of operations, and the tablets that write it (docs/SYNC.md).

-- S1, S2: one user's store in one installation of the app; seq and head are the end of its chain.
CREATE TABLE replicas (
    id              TEXT PRIMARY KEY NOT NULL,
    user_id         TEXT NOT NULL REFERENCES users (id),
    registered_at   BIGINT NOT NULL,
    seq             BIGINT NOT NULL,
    head            TEXT,
    revoked_at      BIGINT,
    last_contact_at BIGINT NOT NULL,
    unsent          BIGINT NOT NULL,
    app_version     TEXT NOT NULL
);

-- One row an edition. Its row lock orders the log: positions are taken inside the transaction that writes them (S27).
CREATE TABLE log_heads (
    edition_id      TEXT PRIMARY KEY NOT NULL REFERENCES editions (id),
    incarnation     TEXT NOT NULL,
    position        BIGINT NOT NULL,
    catalog_version BIGINT NOT NULL
);

-- S4: envelope is the exact text that the tablet wrote; the columns beside it are read from it.
CREATE TABLE ops (
    edition_id  TEXT NOT NULL,
    position    BIGINT NOT NULL,
    replica_id  TEXT NOT NULL REFERENCES replicas (id),
    seq         BIGINT NOT NULL,
    user_id     TEXT NOT NULL,
    round       TEXT NOT NULL,
    product_id  TEXT,
    kind        TEXT NOT NULL,
    status      TEXT NOT NULL,
    code        TEXT,
    envelope    TEXT NOT NULL,
    hash        TEXT NOT NULL,
    base        TEXT,
    received_at BIGINT NOT NULL,
    PRIMARY KEY (edition_id, position),
    UNIQUE (replica_id, seq)
);
CREATE INDEX ops_by_user ON ops (user_id, position);

-- S17: pushes of a cloned or restored device, whole, until somebody has looked at them.
CREATE TABLE quarantine (
    push_hash   TEXT PRIMARY KEY NOT NULL,
    replica_id  TEXT NOT NULL REFERENCES replicas (id),
    user_id     TEXT NOT NULL,
    fork_seq    BIGINT NOT NULL,
    stored_seq  BIGINT NOT NULL,
    stored_head TEXT,
    push        TEXT NOT NULL,
    received_at BIGINT NOT NULL
);

-- S19: the public half of every key that ever signed a receipt.
CREATE TABLE receipt_keys (
    key_id        TEXT PRIMARY KEY NOT NULL,
    public        TEXT NOT NULL,
    first_used_at BIGINT NOT NULL
);
