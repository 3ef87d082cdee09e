-- Schema 5: training, delegation and the tenant an operator's role is bound to.

-- Until just before when somebody counts as trained (M2); nothing is known of the training of those who were there before.
-- Whoever was removed keeps row and key for their records; user and uid are free for somebody else.
ALTER TABLE operator ADD COLUMN trained_until INTEGER;
ALTER TABLE operator ADD COLUMN removed_at INTEGER;

DROP INDEX operator_by_user;
DROP INDEX operator_by_uid;
CREATE UNIQUE INDEX operator_by_user ON operator (user) WHERE removed_at IS NULL;
CREATE UNIQUE INDEX operator_by_uid ON operator (uid) WHERE removed_at IS NULL;

CREATE TABLE held_role (
    operator INTEGER NOT NULL REFERENCES operator (id),
    role     TEXT NOT NULL,
    tenant   INTEGER REFERENCES tenant (id),
    PRIMARY KEY (operator, role),
    CHECK ((role = 'hr') = (tenant IS NOT NULL))
) STRICT, WITHOUT ROWID;

-- An hr role of before names no tenant, so it gives nothing and ends; what the register has of its operator is said anew.
INSERT INTO held_role (operator, role) SELECT operator, role FROM operator_role WHERE role <> 'hr';
UPDATE operator SET recorded_at = 0 WHERE id IN (SELECT operator FROM operator_role WHERE role = 'hr');

DROP TABLE operator_role;
ALTER TABLE held_role RENAME TO operator_role;

-- A role that somebody has for a while in place of who gave it (M31): from an instant until just before another, at most 90 days.
CREATE TABLE delegation (
    deputy    INTEGER NOT NULL REFERENCES operator (id),
    role      TEXT NOT NULL,
    tenant    INTEGER REFERENCES tenant (id),
    begins_at INTEGER NOT NULL,
    ends_at   INTEGER NOT NULL CHECK (ends_at > begins_at),
    given_by  INTEGER NOT NULL REFERENCES operator (id),
    PRIMARY KEY (deputy, role, begins_at),
    CHECK (given_by <> deputy),
    CHECK (ends_at - begins_at <= 7776000000000),
    CHECK ((role = 'hr') = (tenant IS NOT NULL))
) STRICT, WITHOUT ROWID;

CREATE INDEX delegation_by_giver ON delegation (given_by);
