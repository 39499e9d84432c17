-- S5: the photos that operations name, each of a user once, at the position of the first operation that does. Photos of stops
-- are everybody's who reads of those. The bytes come after the operation: until then the last two are null.
CREATE TABLE photos (
    edition_id  TEXT NOT NULL,
    user_id     TEXT NOT NULL REFERENCES users (id),
    sha256      TEXT NOT NULL,
    size        BIGINT NOT NULL,
    of_visit    BOOLEAN NOT NULL,
    position    BIGINT NOT NULL,
    stored_at   BIGINT,
    kept_sha256 TEXT,
    PRIMARY KEY (edition_id, user_id, sha256),
    FOREIGN KEY (edition_id, position) REFERENCES ops (edition_id, position)
);
CREATE INDEX photos_by_hash ON photos (edition_id, sha256);

-- What is kept of a photo: encoded anew, so that it is a picture and nothing else. Apart, so that no list reads it.
CREATE TABLE photo_bytes (
    edition_id TEXT NOT NULL,
    user_id    TEXT NOT NULL,
    sha256     TEXT NOT NULL,
    bytes      BYTEA NOT NULL,
    PRIMARY KEY (edition_id, user_id, sha256),
    FOREIGN KEY (edition_id, user_id, sha256) REFERENCES photos (edition_id, user_id, sha256)
);

CREATE TRIGGER photos_no_delete BEFORE DELETE ON photos
FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER photo_bytes_no_change BEFORE UPDATE OR DELETE ON photo_bytes
FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- Photos are part of the records of stops. Of their operations alone none is about a product.
DROP INDEX ops_on_visits;
CREATE INDEX ops_on_visits ON ops (edition_id, position)
WHERE product_id IS NULL AND kind IN ('arrive', 'depart', 'presence', 'set_fact', 'attach', 'detach');
