-- What the Council decides of scoring, as domain::edition and domain::round write it in JSON; without it the default holds.
ALTER TABLE editions ADD COLUMN tally TEXT;
ALTER TABLE editions ADD COLUMN result TEXT;
ALTER TABLE rounds ADD COLUMN mode TEXT;

-- Two delegations may be on their way on the same day.
ALTER TABLE seats ADD COLUMN stop_delegation TEXT;
