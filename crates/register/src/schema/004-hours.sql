-- Schema 4: schedules and special days, groups of doors, areas, rights on groups and at hours, PINs, the modes of doors,
-- and cards that stand in for others.

-- As in schema 2, of what is no person's: when the newest record about a row was written, and in whose name.
ALTER TABLE tenant ADD COLUMN recorded_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE tenant ADD COLUMN recorded_by INTEGER REFERENCES operator (id);
ALTER TABLE contact ADD COLUMN recorded_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE contact ADD COLUMN recorded_by INTEGER REFERENCES operator (id);

-- Who added them was not kept; the first operator has been there all the time.
UPDATE tenant SET recorded_at = added_at, recorded_by = (SELECT min(id) FROM operator);
UPDATE contact SET recorded_at = added_at, recorded_by = (SELECT min(id) FROM operator);

INSERT INTO counter (name, value)
VALUES ('area', 0), ('group', 0), ('schedule', 0);

-- The doors of a group stand in the configuration.
CREATE TABLE door_group (
    id   INTEGER PRIMARY KEY CHECK (id BETWEEN 1 AND 65535),
    name TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE area (
    id   INTEGER PRIMARY KEY CHECK (id BETWEEN 1 AND 65535),
    name TEXT NOT NULL UNIQUE
) STRICT;

-- Windows as they are written, with "; " between, by the clocks of an IANA zone.
CREATE TABLE schedule (
    id          INTEGER PRIMARY KEY CHECK (id BETWEEN 1 AND 65535),
    name        TEXT NOT NULL UNIQUE,
    zone        TEXT NOT NULL,
    windows     TEXT NOT NULL,
    recorded_at INTEGER NOT NULL,
    recorded_by INTEGER NOT NULL REFERENCES operator (id)
) STRICT;

-- 2026-12-24, or 12-25 for every year. Kind 1 is a holiday.
CREATE TABLE special_day (
    day         TEXT PRIMARY KEY,
    kind        INTEGER NOT NULL CHECK (kind BETWEEN 1 AND 8),
    recorded_at INTEGER NOT NULL,
    recorded_by INTEGER NOT NULL REFERENCES operator (id)
) STRICT, WITHOUT ROWID;

-- One place, from when until when, at which hours. A place is a door's number, or 65536 and the number of a group. The
-- least integer in valid_from and the greatest in valid_until mean: as long as the card. Schedule 0 is any hour.
CREATE TABLE place_right (
    issuance    INTEGER NOT NULL,
    place       INTEGER NOT NULL CHECK (place BETWEEN 1 AND 131071),
    schedule    INTEGER NOT NULL CHECK (schedule BETWEEN 0 AND 65535),
    valid_from  INTEGER NOT NULL,
    valid_until INTEGER NOT NULL CHECK (valid_until > valid_from),
    grounds     INTEGER NOT NULL,
    door        INTEGER AS (iif(place < 65536, place, NULL)) REFERENCES door (id),
    door_group  INTEGER AS (iif(place < 65536, NULL, place - 65536)) REFERENCES door_group (id),
    at_hours    INTEGER AS (nullif(schedule, 0)) REFERENCES schedule (id),
    PRIMARY KEY (issuance, place, schedule, valid_from, valid_until),
    FOREIGN KEY (issuance, grounds) REFERENCES grounds (issuance, number) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

INSERT INTO place_right (issuance, place, schedule, valid_from, valid_until, grounds)
SELECT issuance, door, 0, valid_from, coalesce(valid_until, 9223372036854775807), grounds
FROM door_right ORDER BY issuance, door, valid_from;

DROP TABLE door_right;

CREATE INDEX place_right_by_schedule ON place_right (at_hours) WHERE at_hours IS NOT NULL;

-- What is kept of an issuance's PIN: the number that is typed before it where no card is shown, and keyed hashes.
CREATE TABLE pin (
    issuance INTEGER PRIMARY KEY REFERENCES issuance (id) ON DELETE CASCADE,
    number   INTEGER NOT NULL UNIQUE CHECK (number BETWEEN 0 AND 999999),
    hash     BLOB NOT NULL CHECK (length(hash) = 16),
    duress   BLOB CHECK (length(duress) = 16 AND duress <> hash)
) STRICT;

-- How a door lets people in at which hours; the first whose schedule holds counts.
CREATE TABLE door_hours (
    door             INTEGER NOT NULL REFERENCES door (id),
    place            INTEGER NOT NULL CHECK (place >= 0),
    schedule         INTEGER NOT NULL REFERENCES schedule (id),
    mode             TEXT NOT NULL,
    after_first_card INTEGER NOT NULL CHECK (after_first_card IN (0, 1)),
    recorded_at      INTEGER NOT NULL,
    recorded_by      INTEGER NOT NULL REFERENCES operator (id),
    PRIMARY KEY (door, place)
) STRICT, WITHOUT ROWID;

-- A mode that an operator ordered, until just before when; without, until it is taken back.
CREATE TABLE door_order (
    door        INTEGER PRIMARY KEY REFERENCES door (id),
    mode        TEXT NOT NULL,
    ends_at     INTEGER,
    recorded_at INTEGER NOT NULL,
    recorded_by INTEGER NOT NULL REFERENCES operator (id)
) STRICT;

-- Doors that no card opens until they are released.
CREATE TABLE lockdown (
    door        INTEGER PRIMARY KEY REFERENCES door (id),
    recorded_at INTEGER NOT NULL,
    recorded_by INTEGER NOT NULL REFERENCES operator (id)
) STRICT;

-- A card for the day and the card of the same person that it stands in for; gone when either is returned.
CREATE TABLE stand_in (
    issuance   INTEGER PRIMARY KEY REFERENCES issuance (id) ON DELETE CASCADE,
    stands_for INTEGER NOT NULL UNIQUE REFERENCES issuance (id) ON DELETE CASCADE,
    CHECK (issuance <> stands_for)
) STRICT;
