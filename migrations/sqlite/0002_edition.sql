-- An edition and its settings: what the law and the plan leave to the organisers.

CREATE TABLE editions (
    id         TEXT PRIMARY KEY NOT NULL,
    name       TEXT NOT NULL,
    region     TEXT NOT NULL,
    threshold  BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE product_groups (
    edition_id TEXT NOT NULL REFERENCES editions (id),
    code       TEXT NOT NULL,
    ordinal    BIGINT NOT NULL,
    name       TEXT NOT NULL,
    short_name TEXT NOT NULL,
    PRIMARY KEY (edition_id, code)
);

-- Frozen: a changed scoring frame is another rubric. The document is domain::rubric::Rubric as JSON.
CREATE TABLE rubrics (
    id         TEXT PRIMARY KEY NOT NULL,
    edition_id TEXT NOT NULL REFERENCES editions (id),
    document   TEXT NOT NULL,
    frozen_at  BIGINT NOT NULL
);

CREATE TABLE rounds (
    edition_id TEXT NOT NULL REFERENCES editions (id),
    code       TEXT NOT NULL,
    ordinal    BIGINT NOT NULL,
    name       TEXT NOT NULL,
    short_name TEXT NOT NULL,
    rubric_id  TEXT NOT NULL REFERENCES rubrics (id),
    starts_on  TEXT NOT NULL,
    ends_on    TEXT NOT NULL,
    opens_at   TEXT NOT NULL,
    PRIMARY KEY (edition_id, code)
);

-- A round's state and epoch are those of its latest act; without any it is planned, epoch 1.
CREATE TABLE round_acts (
    edition_id TEXT NOT NULL,
    round      TEXT NOT NULL,
    ordinal    BIGINT NOT NULL,
    state      TEXT NOT NULL,
    epoch      BIGINT NOT NULL,
    acted_by   TEXT NOT NULL REFERENCES users (id),
    acted_at   BIGINT NOT NULL,
    reason     TEXT NOT NULL,
    PRIMARY KEY (edition_id, round, ordinal),
    FOREIGN KEY (edition_id, round) REFERENCES rounds (edition_id, code)
);

CREATE TABLE provinces (
    edition_id TEXT NOT NULL REFERENCES editions (id),
    prefix     TEXT NOT NULL,
    ordinal    BIGINT NOT NULL,
    name       TEXT NOT NULL,
    PRIMARY KEY (edition_id, prefix)
);

CREATE TABLE establishments (
    edition_id TEXT NOT NULL,
    code       TEXT NOT NULL,
    province   TEXT NOT NULL,
    name       TEXT NOT NULL,
    kind       TEXT NOT NULL,
    address    TEXT NOT NULL,
    founded    BIGINT,
    workers    BIGINT,
    PRIMARY KEY (edition_id, code),
    FOREIGN KEY (edition_id, province) REFERENCES provinces (edition_id, prefix)
);

CREATE TABLE products (
    id            TEXT PRIMARY KEY NOT NULL,
    edition_id    TEXT NOT NULL,
    code          TEXT NOT NULL,
    name          TEXT NOT NULL,
    product_group TEXT NOT NULL,
    is_set        BOOLEAN NOT NULL,
    establishment TEXT NOT NULL,
    summary       TEXT NOT NULL,
    materials     TEXT NOT NULL,
    UNIQUE (edition_id, code),
    FOREIGN KEY (edition_id, product_group) REFERENCES product_groups (edition_id, code),
    FOREIGN KEY (edition_id, establishment) REFERENCES establishments (edition_id, code)
);

-- A juror's place on a product's panel in a round. withdrawn_in: the catalogue version in which it was taken back.
CREATE TABLE seats (
    edition_id   TEXT NOT NULL,
    round        TEXT NOT NULL,
    product_id   TEXT NOT NULL REFERENCES products (id),
    juror_id     TEXT NOT NULL REFERENCES users (id),
    stop_date    TEXT,
    stop_ordinal BIGINT,
    stop_time    TEXT,
    stop_place   TEXT,
    stop_address TEXT,
    withdrawn_in BIGINT,
    PRIMARY KEY (edition_id, round, product_id, juror_id),
    FOREIGN KEY (edition_id, round) REFERENCES rounds (edition_id, code)
);

-- Absences and recusals recorded on a seat, and their taking back (standing 'active'); the latest one holds.
CREATE TABLE standing_acts (
    edition_id TEXT NOT NULL,
    round      TEXT NOT NULL,
    product_id TEXT NOT NULL,
    juror_id   TEXT NOT NULL,
    ordinal    BIGINT NOT NULL,
    standing   TEXT NOT NULL,
    reason     TEXT NOT NULL,
    acted_by   TEXT NOT NULL REFERENCES users (id),
    acted_at   BIGINT NOT NULL,
    PRIMARY KEY (edition_id, round, product_id, juror_id, ordinal),
    FOREIGN KEY (edition_id, round, product_id, juror_id)
        REFERENCES seats (edition_id, round, product_id, juror_id)
);
