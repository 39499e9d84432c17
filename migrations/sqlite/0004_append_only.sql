-- What was done stays done: these tables only grow.

CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'audit only grows'); END;
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'audit only grows'); END;
CREATE TRIGGER round_acts_no_update BEFORE UPDATE ON round_acts
BEGIN SELECT RAISE(ABORT, 'round_acts only grows'); END;
CREATE TRIGGER round_acts_no_delete BEFORE DELETE ON round_acts
BEGIN SELECT RAISE(ABORT, 'round_acts only grows'); END;
CREATE TRIGGER standing_acts_no_update BEFORE UPDATE ON standing_acts
BEGIN SELECT RAISE(ABORT, 'standing_acts only grows'); END;
CREATE TRIGGER standing_acts_no_delete BEFORE DELETE ON standing_acts
BEGIN SELECT RAISE(ABORT, 'standing_acts only grows'); END;
CREATE TRIGGER ops_no_update BEFORE UPDATE ON ops
BEGIN SELECT RAISE(ABORT, 'ops only grows'); END;
CREATE TRIGGER ops_no_delete BEFORE DELETE ON ops
BEGIN SELECT RAISE(ABORT, 'ops only grows'); END;
