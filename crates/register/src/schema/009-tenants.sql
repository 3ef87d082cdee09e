-- Schema 9: who answers for a tenant, contact persons who are to leave, and who left.

-- The contact person who answers for a tenant and trains its new people (M24). Without one nothing is issued for it.
ALTER TABLE tenant ADD COLUMN responsible INTEGER REFERENCES contact (id);

-- Whoever came first and is there still.
UPDATE tenant SET responsible = (SELECT min(c.id) FROM contact c WHERE c.tenant = tenant.id AND c.active = 1);

CREATE TRIGGER responsible_is_an_active_contact BEFORE UPDATE OF responsible ON tenant
WHEN NEW.responsible IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM contact WHERE id = NEW.responsible AND tenant = NEW.id AND active = 1)
BEGIN
    SELECT RAISE(ABORT, 'the responsible contact is not an active one of the tenant');
END;

CREATE TRIGGER who_left_is_not_responsible BEFORE UPDATE OF active ON contact
WHEN NEW.active = 0 AND EXISTS (SELECT 1 FROM tenant WHERE id = NEW.tenant AND responsible = NEW.id)
BEGIN
    SELECT RAISE(ABORT, 'the responsible contact cannot be inactive');
END;

CREATE TRIGGER issuance_needs_a_responsible_contact BEFORE INSERT ON issuance
WHEN (SELECT responsible FROM tenant WHERE id = NEW.tenant) IS NULL
BEGIN
    SELECT RAISE(ABORT, 'the tenant has no responsible contact');
END;

-- The instant at which a contact person is to be inactive, where a list of leavers said one ahead.
ALTER TABLE contact ADD COLUMN leaves_at INTEGER;

CREATE INDEX contact_to_leave ON contact (leaves_at) WHERE leaves_at IS NOT NULL AND active = 1;

-- Who left (M30), so that a register of an earlier day can be told: an operator, or an issuance with the place of its key.
CREATE TABLE departed (
    number          INTEGER PRIMARY KEY,
    at              INTEGER NOT NULL,
    operator        INTEGER UNIQUE REFERENCES operator (id),
    issuance        INTEGER UNIQUE,
    slot            INTEGER,
    slot_generation INTEGER,
    CHECK ((operator IS NULL) <> (issuance IS NULL)),
    CHECK ((issuance IS NULL) = (slot IS NULL)),
    CHECK ((issuance IS NULL) = (slot_generation IS NULL))
) STRICT;
