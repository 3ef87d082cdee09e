-- Schema 11: what a restore from a backup was, and whose holders it could not bring back.

-- Each life of the house after the first. Returns, losses and what else ended between the backup and until_at are known up to
-- told_until, from a list of who was still there; without such a list it is the time of the backup.
CREATE TABLE restored (
    life        INTEGER PRIMARY KEY CHECK (life >= 2),
    restored_at INTEGER NOT NULL,
    backup_at   INTEGER NOT NULL,
    told_until  INTEGER NOT NULL CHECK (told_until >= backup_at)
) STRICT;

-- Keys of holders are in no backup, so what was sealed under one is lost with the disk: name, firm, mobile, number, reasons.
ALTER TABLE issuance ADD COLUMN unnamed INTEGER NOT NULL DEFAULT 0 CHECK (unnamed IN (0, 1));

CREATE INDEX issuance_unnamed ON issuance (id) WHERE unnamed = 1;
