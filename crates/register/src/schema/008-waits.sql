-- Schema 8: what an issuance waits for, the card that another one replaces, and ends that were told.

-- Somebody was not sure of the holder: no card is made live until a superior vouches (M13). Who that was and what was said
-- is sealed under the issuance's key.
ALTER TABLE issuance ADD COLUMN unsure INTEGER NOT NULL DEFAULT 0 CHECK (unsure = 0 OR unsure = 1 AND state <> 'active');
ALTER TABLE issuance ADD COLUMN superior BLOB;

-- Whether the end that stands now was told in the log when it came.
ALTER TABLE issuance ADD COLUMN end_told INTEGER NOT NULL DEFAULT 0 CHECK (end_told IN (0, 1));

CREATE INDEX issuance_by_end ON issuance (valid_until, id) WHERE valid_until IS NOT NULL;
CREATE INDEX issuance_end_to_tell ON issuance (valid_until) WHERE end_told = 0 AND state = 'active' AND valid_until IS NOT NULL;

-- An employee's card that is to take the place of a new hire's; gone when it has, or when either is returned (M10).
CREATE TABLE replacement (
    issuance INTEGER PRIMARY KEY REFERENCES issuance (id) ON DELETE CASCADE,
    replaces INTEGER NOT NULL UNIQUE REFERENCES issuance (id) ON DELETE CASCADE,
    CHECK (issuance <> replaces)
) STRICT;
