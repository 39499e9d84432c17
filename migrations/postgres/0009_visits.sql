-- S5: what secretaries' tablets wrote into the records of stops. They are folded from the log, whoever asks.
CREATE INDEX ops_on_visits ON ops (edition_id, position) WHERE kind IN ('arrive', 'depart', 'presence', 'set_fact');
