-- S31: organisers' acts stand in one order with the operations; a position holds an operation or an act. The envelope is
-- domain::log::ActEnvelope as it was written.
CREATE TABLE acts (
    edition_id TEXT NOT NULL REFERENCES editions (id),
    position   BIGINT NOT NULL,
    kind       TEXT NOT NULL,
    envelope   TEXT NOT NULL,
    hash       TEXT NOT NULL,
    PRIMARY KEY (edition_id, position)
);

-- S25: what an act ruled on a held operation, of this user; each is ruled on once.
CREATE TABLE rulings (
    edition_id  TEXT NOT NULL,
    op_position BIGINT NOT NULL,
    position    BIGINT NOT NULL,
    user_id     TEXT NOT NULL,
    verdict     TEXT NOT NULL,
    PRIMARY KEY (edition_id, op_position),
    FOREIGN KEY (edition_id, op_position) REFERENCES ops (edition_id, position),
    FOREIGN KEY (edition_id, position) REFERENCES acts (edition_id, position)
);
CREATE INDEX rulings_by_user ON rulings (user_id, position);

-- The end of the log's chain, signed in the transaction that moves it. Null until the program has read an older log.
ALTER TABLE log_heads ADD COLUMN head TEXT;
ALTER TABLE log_heads ADD COLUMN key_id TEXT;
ALTER TABLE log_heads ADD COLUMN signature TEXT;

-- The private half, wrapped by the master key that lies beside the data or in the environment, never here.
ALTER TABLE receipt_keys ADD COLUMN wrapped TEXT;

CREATE TRIGGER acts_no_change BEFORE UPDATE OR DELETE ON acts
FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER rulings_no_change BEFORE UPDATE OR DELETE ON rulings
FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- What organisers still have to rule on.
CREATE INDEX ops_held ON ops (edition_id, round, position) WHERE status = 'held';
