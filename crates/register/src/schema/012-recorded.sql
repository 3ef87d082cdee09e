-- Schema 12: as in schema 2, for reviews and for what doors, readers, groups and areas are called: the log says both.

ALTER TABLE review ADD COLUMN recorded_at INTEGER NOT NULL DEFAULT 0;

UPDATE review SET recorded_at = coalesce(signed_at, opened_at);

-- 0: the log does not say it yet.
ALTER TABLE door ADD COLUMN recorded_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE reader ADD COLUMN recorded_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE door_group ADD COLUMN recorded_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE area ADD COLUMN recorded_at INTEGER NOT NULL DEFAULT 0;
