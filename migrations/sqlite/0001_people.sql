-- Who signs in, and what was tried. Times are milliseconds since 1970, everywhere.

CREATE TABLE users (
    id            TEXT PRIMARY KEY NOT NULL,
    name          TEXT NOT NULL UNIQUE,
    display_name  TEXT NOT NULL,
    title         TEXT NOT NULL,
    role          TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    demo          BOOLEAN NOT NULL,
    created_at    BIGINT NOT NULL
);

-- A token itself is never stored, only its SHA-256.
CREATE TABLE sessions (
    token_hash   TEXT PRIMARY KEY NOT NULL,
    user_id      TEXT NOT NULL REFERENCES users (id),
    created_at   BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    revoked_at   BIGINT
);

CREATE TABLE audit (
    id      TEXT PRIMARY KEY NOT NULL,
    at      BIGINT NOT NULL,
    user_id TEXT REFERENCES users (id),
    account TEXT,
    address TEXT NOT NULL,
    event   TEXT NOT NULL,
    subject TEXT NOT NULL
);
