-- S17: the first writing that an operation repeats, so that of it and all its re-issues one alone counts.
ALTER TABLE ops ADD COLUMN reissue_of TEXT;
CREATE INDEX ops_reissued ON ops (user_id, reissue_of) WHERE reissue_of IS NOT NULL;
