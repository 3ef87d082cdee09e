-- Register, schema 1. Instants are microseconds since 1970-01-01T00:00:00Z. A BLOB that is not a tag is sealed:
-- nonce (12 octets), AES-256-GCM ciphertext, tag (16 octets). Rows that name a key give its slot and the slot's generation.

-- The last number given, so that none is given twice. "outbox" also tells whether anything changed since.
CREATE TABLE counter (
    name  TEXT PRIMARY KEY,
    value INTEGER NOT NULL CHECK (value >= 0)
) STRICT, WITHOUT ROWID;

INSERT INTO counter (name, value)
VALUES ('contact', 0), ('door', 0), ('generation', 0), ('operator', 0), ('outbox', 0), ('reader', 0), ('tenant', 0);

CREATE TABLE door (
    id   INTEGER PRIMARY KEY CHECK (id BETWEEN 1 AND 65535),
    name TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE reader (
    id   INTEGER PRIMARY KEY CHECK (id BETWEEN 1 AND 65535),
    name TEXT NOT NULL UNIQUE
) STRICT;

-- A person who operates the controller; known by Unix user and uid, both.
CREATE TABLE operator (
    id              INTEGER PRIMARY KEY CHECK (id BETWEEN 1 AND 65535),
    user            TEXT NOT NULL,
    uid             INTEGER NOT NULL CHECK (uid BETWEEN 0 AND 4294967295),
    slot            INTEGER NOT NULL,
    slot_generation INTEGER NOT NULL,
    added_at        INTEGER NOT NULL
) STRICT;

CREATE UNIQUE INDEX operator_by_user ON operator (user);
CREATE UNIQUE INDEX operator_by_uid ON operator (uid);

CREATE TABLE operator_role (
    operator INTEGER NOT NULL REFERENCES operator (id),
    role     TEXT NOT NULL,
    PRIMARY KEY (operator, role)
) STRICT, WITHOUT ROWID;

CREATE TABLE tenant (
    id       INTEGER PRIMARY KEY CHECK (id >= 1),
    name     TEXT NOT NULL,
    added_at INTEGER NOT NULL
) STRICT;

CREATE UNIQUE INDEX tenant_by_name ON tenant (name);

-- A tenant's contact person; name and mobile are sealed under the register's key.
CREATE TABLE contact (
    id       INTEGER PRIMARY KEY CHECK (id >= 1),
    tenant   INTEGER NOT NULL REFERENCES tenant (id),
    person   BLOB NOT NULL,
    active   INTEGER NOT NULL CHECK (active IN (0, 1)),
    added_at INTEGER NOT NULL,
    UNIQUE (tenant, id)
) STRICT;

-- One handing-out of one card to one person. The holder is sealed under the issuance's own key.
CREATE TABLE issuance (
    id                  INTEGER PRIMARY KEY CHECK (id BETWEEN 0 AND 1073741823),
    kind                TEXT NOT NULL,
    state               TEXT NOT NULL,
    tenant              INTEGER NOT NULL,
    contact             INTEGER NOT NULL,
    valid_from          INTEGER NOT NULL,
    valid_until         INTEGER CHECK (valid_until > valid_from),
    blocked_at          INTEGER,
    blocked_by          INTEGER REFERENCES operator (id),
    return_duty_told_at INTEGER,
    signed_at           INTEGER NOT NULL,
    issued_at           INTEGER NOT NULL,
    issued_by           INTEGER NOT NULL REFERENCES operator (id),
    returned_at         INTEGER,
    returned_by         INTEGER REFERENCES operator (id),
    slot                INTEGER NOT NULL,
    slot_generation     INTEGER NOT NULL,
    holder              BLOB NOT NULL,
    FOREIGN KEY (tenant, contact) REFERENCES contact (tenant, id),
    CHECK (kind = 'employee' OR valid_until IS NOT NULL),
    CHECK (state <> 'active' OR return_duty_told_at IS NOT NULL),
    CHECK ((blocked_at IS NULL) = (blocked_by IS NULL)),
    CHECK ((state = 'returned') = (returned_at IS NOT NULL)),
    CHECK ((returned_at IS NULL) = (returned_by IS NULL))
) STRICT;

CREATE INDEX issuance_by_contact ON issuance (tenant, contact);
CREATE INDEX issuance_returned ON issuance (id) WHERE state = 'returned';

CREATE TRIGGER issuance_needs_an_active_contact BEFORE INSERT ON issuance
WHEN (SELECT active FROM contact WHERE id = NEW.contact) IS NOT 1
BEGIN
    SELECT RAISE(ABORT, 'the contact is not active');
END;

-- The plastic: the keyed tag of its number, and the number sealed under the issuance's key.
CREATE TABLE card (
    tag      BLOB PRIMARY KEY CHECK (length(tag) = 16),
    issuance INTEGER NOT NULL UNIQUE REFERENCES issuance (id) ON DELETE CASCADE,
    number   BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- Why rights were given and who approved them; the reason is sealed under the issuance's key.
CREATE TABLE grounds (
    issuance   INTEGER NOT NULL REFERENCES issuance (id) ON DELETE CASCADE,
    number     INTEGER NOT NULL,
    approver   INTEGER NOT NULL REFERENCES operator (id),
    granted_at INTEGER NOT NULL,
    reason     BLOB NOT NULL,
    PRIMARY KEY (issuance, number)
) STRICT, WITHOUT ROWID;

-- One door, from when until when. The least integer in valid_from and no valid_until mean: as long as the card.
CREATE TABLE door_right (
    issuance    INTEGER NOT NULL,
    door        INTEGER NOT NULL REFERENCES door (id),
    valid_from  INTEGER NOT NULL,
    valid_until INTEGER CHECK (valid_until > valid_from),
    grounds     INTEGER NOT NULL,
    PRIMARY KEY (issuance, door, valid_from),
    FOREIGN KEY (issuance, grounds) REFERENCES grounds (issuance, number) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

-- What an issuance was, once its holder is forgotten: enough never to use its pseudonym again.
CREATE TABLE tombstone (
    id              INTEGER PRIMARY KEY,
    kind            TEXT NOT NULL,
    slot            INTEGER NOT NULL,
    slot_generation INTEGER NOT NULL,
    forgotten_at    INTEGER NOT NULL
) STRICT;

-- Audit records on their way to the log, written in the transaction of the change they tell of.
CREATE TABLE outbox (
    id            INTEGER PRIMARY KEY,
    at            INTEGER NOT NULL,
    verb          TEXT NOT NULL,
    operator      INTEGER NOT NULL REFERENCES operator (id),
    issuance      INTEGER,
    slot          INTEGER,
    holder_text   BLOB,
    operator_text BLOB NOT NULL,
    CHECK ((issuance IS NULL) = (slot IS NULL)),
    CHECK ((issuance IS NULL) = (holder_text IS NULL))
) STRICT;
