-- Schema 10: reviews of cards and rights, when a tenant's holdings were justified, and how many cards were out.

INSERT INTO counter (name, value)
VALUES ('review', 0);

-- A review of one quarter; chained to the one before by that one's hash. Of what lives at its opening nothing is copied: its
-- items are the issuances and rights that were there then and are there still.
CREATE TABLE review (
    id         INTEGER PRIMARY KEY CHECK (id >= 1),
    quarter    TEXT NOT NULL UNIQUE,
    opened_at  INTEGER NOT NULL,
    opened_by  INTEGER NOT NULL REFERENCES operator (id),
    cards      INTEGER NOT NULL CHECK (cards >= 0),
    rights     INTEGER NOT NULL CHECK (rights >= 0),
    former     BLOB CHECK (length(former) = 32),
    signed_at  INTEGER,
    signed_by  INTEGER REFERENCES operator (id),
    own        INTEGER CHECK (own >= 0),
    log_size   INTEGER CHECK (log_size >= 0),
    log_root   BLOB CHECK (length(log_root) = 32),
    decisions  BLOB CHECK (length(decisions) = 32),
    hash       BLOB CHECK (length(hash) = 32),
    CHECK ((signed_at IS NULL) = (signed_by IS NULL)),
    CHECK ((signed_at IS NULL) = (own IS NULL)),
    CHECK ((signed_at IS NULL) = (log_size IS NULL)),
    CHECK ((signed_at IS NULL) = (log_root IS NULL)),
    CHECK ((signed_at IS NULL) = (decisions IS NULL)),
    CHECK ((signed_at IS NULL) = (hash IS NULL))
) STRICT;

-- One is open at a time.
CREATE UNIQUE INDEX review_open ON review (signed_at IS NULL) WHERE signed_at IS NULL;

-- What was decided: of place 0 the card, otherwise all rights of the issuance on the place. Why is sealed under the issuance's
-- key; gone with the issuance.
CREATE TABLE review_decision (
    review     INTEGER NOT NULL REFERENCES review (id),
    issuance   INTEGER NOT NULL REFERENCES issuance (id) ON DELETE CASCADE,
    place      INTEGER NOT NULL CHECK (place BETWEEN 0 AND 131071),
    verdict    TEXT NOT NULL CHECK (verdict IN ('keep', 'change', 'revoke')),
    decided_at INTEGER NOT NULL,
    decided_by INTEGER NOT NULL REFERENCES operator (id),
    reason     BLOB NOT NULL,
    PRIMARY KEY (review, issuance, place)
) STRICT, WITHOUT ROWID;

CREATE INDEX review_decision_by_issuance ON review_decision (issuance);

-- How many were decided which way when a review was signed, by kind of card.
CREATE TABLE review_count (
    review  INTEGER NOT NULL REFERENCES review (id),
    kind    TEXT NOT NULL,
    is_card INTEGER NOT NULL CHECK (is_card IN (0, 1)),
    verdict TEXT NOT NULL,
    number  INTEGER NOT NULL CHECK (number >= 1),
    PRIMARY KEY (review, kind, is_card, verdict)
) STRICT, WITHOUT ROWID;

-- Quarters of which the log says already that their review is overdue.
CREATE TABLE review_overdue (
    quarter TEXT PRIMARY KEY,
    told_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- When the tenant's holdings were last justified as a whole (M22).
ALTER TABLE tenant ADD COLUMN recertified_at INTEGER;

-- Cards given out and taken back in each hour since 1970, by kind; names nobody, so it stays when holders are forgotten.
CREATE TABLE card_hour (
    hour     INTEGER NOT NULL,
    kind     TEXT NOT NULL,
    issued   INTEGER NOT NULL DEFAULT 0 CHECK (issued >= 0),
    returned INTEGER NOT NULL DEFAULT 0 CHECK (returned >= 0),
    PRIMARY KEY (hour, kind)
) STRICT, WITHOUT ROWID;

INSERT INTO card_hour (hour, kind, issued)
SELECT issued_at / 3600000000, kind, count(*) FROM issuance GROUP BY 1, 2;

INSERT INTO card_hour (hour, kind, returned)
SELECT returned_at / 3600000000, kind, count(*) FROM issuance WHERE returned_at IS NOT NULL GROUP BY 1, 2
ON CONFLICT (hour, kind) DO UPDATE SET returned = excluded.returned;

CREATE TRIGGER card_hour_issued AFTER INSERT ON issuance
BEGIN
    INSERT INTO card_hour (hour, kind, issued) VALUES (NEW.issued_at / 3600000000, NEW.kind, 1)
    ON CONFLICT (hour, kind) DO UPDATE SET issued = issued + 1;
END;

CREATE TRIGGER card_hour_returned AFTER UPDATE OF state ON issuance
WHEN NEW.state = 'returned' AND OLD.state <> 'returned'
BEGIN
    INSERT INTO card_hour (hour, kind, returned) VALUES (NEW.returned_at / 3600000000, NEW.kind, 1)
    ON CONFLICT (hour, kind) DO UPDATE SET returned = returned + 1;
END;

-- What was withdrawn without a return was never out.
CREATE TRIGGER card_hour_withdrawn AFTER DELETE ON issuance
WHEN OLD.state <> 'returned'
BEGIN
    UPDATE card_hour SET issued = issued - 1 WHERE hour = OLD.issued_at / 3600000000 AND kind = OLD.kind;
END;
