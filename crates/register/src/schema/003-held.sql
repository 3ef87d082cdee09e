-- Schema 3: until when the shredding of a holder is held, since when, and by whom.

ALTER TABLE issuance ADD COLUMN held_since INTEGER;
ALTER TABLE issuance ADD COLUMN held_until INTEGER;
ALTER TABLE issuance ADD COLUMN held_by INTEGER REFERENCES operator (id);
