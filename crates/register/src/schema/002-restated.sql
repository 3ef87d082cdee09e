-- Schema 2: when the newest record about a row was written, so that the row can be restated before that record leaves the log.

ALTER TABLE issuance ADD COLUMN recorded_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE operator ADD COLUMN recorded_at INTEGER NOT NULL DEFAULT 0;

UPDATE issuance SET recorded_at = issued_at;
UPDATE operator SET recorded_at = added_at;

CREATE INDEX issuance_by_record ON issuance (recorded_at);
