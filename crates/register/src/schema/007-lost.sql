-- Schema 7: lost cards, charges, and the house's plastic.

-- Since when a card is reported lost, and by whom; beside its state, as a block is.
ALTER TABLE issuance ADD COLUMN lost_at INTEGER;
ALTER TABLE issuance ADD COLUMN lost_by INTEGER REFERENCES operator (id);

CREATE INDEX issuance_lost ON issuance (lost_at) WHERE lost_at IS NOT NULL;

-- What a tenant owes, or what of that was taken back (then "reverses" and the amount is below zero). Numbers have no gaps
-- within a year. The issuance stands here while its holder is known: then it says for whom. Nothing else is of a person.
CREATE TABLE charge (
    id          INTEGER PRIMARY KEY,
    year        INTEGER NOT NULL CHECK (year BETWEEN 1970 AND 9999),
    number      INTEGER NOT NULL CHECK (number >= 1),
    tenant      INTEGER NOT NULL REFERENCES tenant (id),
    kind        TEXT NOT NULL,
    ore         INTEGER NOT NULL CHECK (ore <> 0),
    reverses    INTEGER UNIQUE REFERENCES charge (id),
    issuance    INTEGER REFERENCES issuance (id) ON DELETE SET NULL,
    made_at     INTEGER NOT NULL,
    exported_at INTEGER,
    recorded_at INTEGER NOT NULL,
    recorded_by INTEGER NOT NULL REFERENCES operator (id),
    UNIQUE (year, number),
    CHECK ((reverses IS NULL) = (ore > 0))
) STRICT;

CREATE INDEX charge_by_issuance ON charge (issuance) WHERE issuance IS NOT NULL;

-- A card of the house's own: its tag, and its number under the register's key. It outlives whom it is lent to, who is found
-- by the tag as long as they are known, and keeps nothing of them.
CREATE TABLE stock (
    id          INTEGER PRIMARY KEY CHECK (id BETWEEN 1 AND 4294967295),
    tag         BLOB NOT NULL UNIQUE CHECK (length(tag) = 16),
    number      BLOB NOT NULL,
    blocked_by  INTEGER REFERENCES operator (id),
    is_lost     INTEGER NOT NULL CHECK (is_lost IN (0, 1)),
    recorded_at INTEGER NOT NULL,
    recorded_by INTEGER NOT NULL REFERENCES operator (id)
) STRICT;

INSERT INTO counter (name, value)
VALUES ('stock', 0);
