-- Schema 4: groups of doors, areas, and the hours of rights and doors.

INSERT INTO counter (name, value)
VALUES ('area', 0), ('group', 0);

-- The doors of a group stand in the configuration.
CREATE TABLE door_group (
    id   INTEGER PRIMARY KEY CHECK (id BETWEEN 1 AND 65535),
    name TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE area (
    id   INTEGER PRIMARY KEY CHECK (id BETWEEN 1 AND 65535),
    name TEXT NOT NULL UNIQUE
) STRICT;
