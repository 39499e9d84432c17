-- What was done stays done: these tables only grow.

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '% only grows', TG_TABLE_NAME; END
$$;

CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE ON audit
FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER round_acts_no_change BEFORE UPDATE OR DELETE ON round_acts
FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER standing_acts_no_change BEFORE UPDATE OR DELETE ON standing_acts
FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER ops_no_change BEFORE UPDATE OR DELETE ON ops
FOR EACH ROW EXECUTE FUNCTION refuse_change();
