-- Schema 6: changes that wait for another person, and issuances that wait for a tenant's approval.

INSERT INTO counter (name, value)
VALUES ('approval', 0), ('approval-batch', 0);

-- What somebody asked for and another person has yet to approve. The request, with the doubt if there is one, is sealed under
-- a key of its own that is destroyed when it is decided; the row goes with it.
CREATE TABLE waiting_change (
    id              INTEGER PRIMARY KEY CHECK (id >= 1),
    requester       INTEGER NOT NULL REFERENCES operator (id),
    act             TEXT NOT NULL,
    verb            TEXT NOT NULL,
    issuance        INTEGER,
    made_at         INTEGER NOT NULL,
    expires_at      INTEGER NOT NULL CHECK (expires_at > made_at),
    slot            INTEGER NOT NULL,
    slot_generation INTEGER NOT NULL,
    request         BLOB NOT NULL
) STRICT;

-- Whether a tenant's employee cards wait for its personnel office.
ALTER TABLE tenant ADD COLUMN cards_by_hr INTEGER NOT NULL DEFAULT 0 CHECK (cards_by_hr IN (0, 1));

-- Issuances that do. Those of one import and tenant have one batch number; 0 is none.
CREATE TABLE card_approval (
    issuance INTEGER PRIMARY KEY REFERENCES issuance (id) ON DELETE CASCADE,
    batch    INTEGER NOT NULL CHECK (batch >= 0),
    asked_by INTEGER NOT NULL REFERENCES operator (id),
    asked_at INTEGER NOT NULL
) STRICT;

CREATE INDEX card_approval_by_batch ON card_approval (batch);
