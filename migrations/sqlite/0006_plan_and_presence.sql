-- The plan: what is done, who leads it, and when, as it was decided.
CREATE TABLE plan_rows (
    edition_id   TEXT NOT NULL REFERENCES editions (id),
    ordinal      BIGINT NOT NULL,
    contents     TEXT NOT NULL,
    lead         TEXT NOT NULL,
    coordinating TEXT NOT NULL,
    time_window  TEXT NOT NULL,
    starts_on    TEXT,
    ends_on      TEXT,
    state        TEXT NOT NULL,
    PRIMARY KEY (edition_id, ordinal)
);

-- What became of a row: its dates and state are those of its latest change.
CREATE TABLE plan_changes (
    edition_id TEXT NOT NULL,
    plan_row   BIGINT NOT NULL,
    ordinal    BIGINT NOT NULL,
    starts_on  TEXT,
    ends_on    TEXT,
    state      TEXT NOT NULL,
    reason     TEXT NOT NULL,
    acted_by   TEXT NOT NULL REFERENCES users (id),
    acted_at   BIGINT NOT NULL,
    PRIMARY KEY (edition_id, plan_row, ordinal),
    FOREIGN KEY (edition_id, plan_row) REFERENCES plan_rows (edition_id, ordinal)
);

-- Who was at the stops of a visit; the latest act on a juror and stop holds.
CREATE TABLE presence_acts (
    edition_id   TEXT NOT NULL,
    round        TEXT NOT NULL,
    delegation   TEXT NOT NULL,
    stop_date    TEXT NOT NULL,
    stop_ordinal BIGINT NOT NULL,
    juror_id     TEXT NOT NULL REFERENCES users (id),
    ordinal      BIGINT NOT NULL,
    presence     TEXT NOT NULL,
    reason       TEXT NOT NULL,
    acted_by     TEXT NOT NULL REFERENCES users (id),
    acted_at     BIGINT NOT NULL,
    PRIMARY KEY (edition_id, round, delegation, stop_date, stop_ordinal, juror_id, ordinal),
    FOREIGN KEY (edition_id, round) REFERENCES rounds (edition_id, code)
);

CREATE TRIGGER plan_changes_no_update BEFORE UPDATE ON plan_changes
BEGIN SELECT RAISE(ABORT, 'plan_changes only grows'); END;
CREATE TRIGGER plan_changes_no_delete BEFORE DELETE ON plan_changes
BEGIN SELECT RAISE(ABORT, 'plan_changes only grows'); END;

CREATE TRIGGER presence_acts_no_update BEFORE UPDATE ON presence_acts
BEGIN SELECT RAISE(ABORT, 'presence_acts only grows'); END;
CREATE TRIGGER presence_acts_no_delete BEFORE DELETE ON presence_acts
BEGIN SELECT RAISE(ABORT, 'presence_acts only grows'); END;
