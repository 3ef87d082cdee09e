//! Schema: the tables, and how an older register becomes a newer one.

use rusqlite::{Connection, TransactionBehavior};

use crate::error::RegisterError;
use crate::storage_error::StorageError;

/// Marks the file as a register of portvakt (`PRAGMA application_id`): the letters `PVRg`.
pub(crate) const APPLICATION_ID: u32 = 0x5056_5267;

/// Each step leads from the version of its place to the next; none is ever changed once released.
const STEPS: &[&str] = &[
    include_str!("schema/001-register.sql"),
    include_str!("schema/002-restated.sql"),
    include_str!("schema/003-held.sql"),
    include_str!("schema/004-hours.sql"),
    include_str!("schema/005-operators.sql"),
    include_str!("schema/006-approvals.sql"),
    include_str!("schema/007-lost.sql"),
    include_str!("schema/008-waits.sql"),
    include_str!("schema/009-tenants.sql"),
    include_str!("schema/010-reviews.sql"),
    include_str!("schema/011-restored.sql"),
    include_str!("schema/012-recorded.sql"),
    include_str!("schema/013-counted.sql"),
];

/// The newest schema version known here.
pub(crate) fn newest() -> u32 {
    version_after(STEPS)
}

/// Brings a database to the newest version, whole or not at all.
pub(crate) fn migrate(connection: &mut Connection) -> Result<(), RegisterError> {
    apply(connection, STEPS)
}

pub(crate) fn version(connection: &Connection) -> Result<u32, RegisterError> {
    Ok(connection.pragma_query_value(None, "user_version", |row| row.get(0))?)
}

fn apply(connection: &mut Connection, steps: &[&str]) -> Result<(), RegisterError> {
    let known = version_after(steps);
    let found = version(connection)?;
    if found > known {
        return Err(StorageError::Newer { found, known }.into());
    }
    let missing: Vec<&&str> = steps
        .iter()
        .skip(usize::try_from(found).unwrap_or(usize::MAX))
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    for step in missing {
        transaction.execute_batch(step)?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", known)?;
    Ok(transaction.commit()?)
}

fn version_after(steps: &[&str]) -> u32 {
    u32::try_from(steps.len()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIRST: &str = "CREATE TABLE a (x INTEGER) STRICT; INSERT INTO a VALUES (1);";
    const SECOND: &str = "ALTER TABLE a ADD COLUMN y INTEGER; UPDATE a SET y = x + 1;";

    fn sum(connection: &Connection) -> Option<i64> {
        connection
            .query_row("SELECT x + y FROM a", [], |row| row.get(0))
            .ok()
    }

    #[test]
    fn each_step_is_called_by_the_version_it_leads_to() {
        for (nth, step) in STEPS.iter().enumerate().skip(1) {
            let called = format!("-- Schema {}: ", nth + 1);
            assert!(step.starts_with(&called), "{called}");
        }
    }

    #[test]
    fn a_register_of_schema_1_becomes_one_of_the_newest() {
        let mut connection = Connection::open_in_memory().unwrap();
        apply(&mut connection, &STEPS[..1]).unwrap();
        let operator = "INSERT INTO operator (id, user, uid, slot, slot_generation, added_at) VALUES (1, 'kari', 1000, 4, 1, 77)";
        connection.execute_batch(operator).unwrap();
        let tenant = "INSERT INTO tenant (id, name, added_at) VALUES (3, 'Kommunen', 78)";
        connection.execute_batch(tenant).unwrap();
        migrate(&mut connection).unwrap();
        assert_eq!(version(&connection).unwrap(), newest());
        let recorded: i64 = connection
            .query_row("SELECT recorded_at FROM operator", [], |row| row.get(0))
            .unwrap();
        assert_eq!(recorded, 77);
        let recorded: (i64, u16) = connection
            .query_row("SELECT recorded_at, recorded_by FROM tenant", [], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })
            .unwrap();
        assert_eq!(recorded, (78, 1));
    }

    #[test]
    fn the_rights_of_a_register_of_schema_3_are_rights_still() {
        let mut connection = Connection::open_in_memory().unwrap();
        apply(&mut connection, &STEPS[..3]).unwrap();
        connection
            .execute_batch(
                "PRAGMA foreign_keys = OFF;
                 INSERT INTO door (id, name) VALUES (1, 'main'), (2, 'side');
                 INSERT INTO grounds (issuance, number, approver, granted_at, reason) VALUES (5, 1, 1, 0, x'00');
                 INSERT INTO door_right VALUES (5, 2, 10, 20, 1), (5, 1, -9223372036854775808, NULL, 1);",
            )
            .unwrap();
        migrate(&mut connection).unwrap();
        let id = access::IssuanceId::new(5).unwrap();
        let rights = crate::rights::of(&connection, id).unwrap();
        assert_eq!(crate::rights::word(&rights), "1,2@10/20");
    }

    #[test]
    fn operators_of_a_register_of_schema_4_are_untrained_and_an_hr_without_a_tenant_is_none() {
        let mut connection = Connection::open_in_memory().unwrap();
        apply(&mut connection, &STEPS[..4]).unwrap();
        connection
            .execute_batch(
                "INSERT INTO operator (id, user, uid, slot, slot_generation, added_at, recorded_at)
                 VALUES (1, 'kari', 1000, 4, 1, 77, 77), (2, 'per', 1001, 5, 1, 78, 78);
                 INSERT INTO operator_role VALUES (1, 'technician'), (2, 'auditor'), (2, 'hr');",
            )
            .unwrap();
        migrate(&mut connection).unwrap();
        let row = |id| crate::operator::row_of(&connection, access::OperatorId::new(id)).unwrap();
        assert_eq!(row(1).trained_until, None);
        assert_eq!(row(2).roles.held(), [access::role::Role::Auditor]);
        let due: String = connection
            .query_row(
                "SELECT group_concat(id) FROM operator WHERE recorded_at = 0",
                [],
                |row| row.get(0),
            )
            .unwrap();
        assert_eq!(due, "2", "what the log says of him is no longer so");
        let homeless = "INSERT INTO operator_role (operator, role) VALUES (1, 'hr')";
        assert!(connection.execute_batch(homeless).is_err());
    }

    #[test]
    fn a_register_goes_through_every_step_once() {
        let mut connection = Connection::open_in_memory().unwrap();
        apply(&mut connection, &[FIRST]).unwrap();
        assert_eq!((version(&connection).unwrap(), sum(&connection)), (1, None));
        apply(&mut connection, &[FIRST, SECOND]).unwrap();
        assert_eq!(
            (version(&connection).unwrap(), sum(&connection)),
            (2, Some(3))
        );
        apply(&mut connection, &[FIRST, SECOND]).unwrap();
        assert_eq!(
            (version(&connection).unwrap(), sum(&connection)),
            (2, Some(3))
        );
    }

    #[test]
    fn a_failing_step_changes_nothing() {
        let mut connection = Connection::open_in_memory().unwrap();
        apply(&mut connection, &[FIRST]).unwrap();
        assert!(apply(&mut connection, &[FIRST, SECOND, "DROP TABLE nothing;"]).is_err());
        assert_eq!((version(&connection).unwrap(), sum(&connection)), (1, None));
    }

    #[test]
    fn a_newer_register_is_refused() {
        let mut connection = Connection::open_in_memory().unwrap();
        apply(&mut connection, &[FIRST, SECOND]).unwrap();
        let refusal = apply(&mut connection, &[FIRST]).unwrap_err();
        assert!(matches!(
            refusal,
            RegisterError::Storage(StorageError::Newer { found: 2, known: 1 })
        ));
    }

    #[test]
    fn every_table_is_strict() {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate(&mut connection).unwrap();
        let loose: u32 = connection
            .query_row("SELECT count(*) FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite_%' AND strict = 0", [], |row| row.get(0))
            .unwrap();
        assert_eq!(loose, 0);
    }
}
