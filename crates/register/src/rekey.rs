//! Rekeying: new keys for issuances whose keys went with a disk. What was sealed under those is gone with them; in its place lies
//! nothing, sealed, so that the row is like any other: its holder can be registered anew, and forgotten.

use access::IssuanceId;
use key_store::{Entropy, KeyStore, Owner, Slot};
use rusqlite::{Transaction, params};

use crate::error::RegisterError;
use crate::pseudonym::pseudonym;
use crate::seal::{Field, FieldKey};

/// Gives every issuance a key of its own, and says how many there are.
pub(crate) fn rekey(
    tx: &Transaction<'_>,
    (keys, entropy): (&KeyStore, &mut dyn Entropy),
) -> Result<u64, RegisterError> {
    let (mut after, mut count) = (-1, 0);
    loop {
        let page = page(tx, after)?;
        let Some(last) = page.last() else {
            return Ok(count);
        };
        after = i64::from(last.get());
        let owners: Vec<Owner> = page.iter().map(|id| Owner::Issuance(id.get())).collect();
        let slots = keys.allocate_many(&owners, entropy)?;
        for (id, slot) in page.into_iter().zip(slots) {
            empty(tx, (keys, entropy), (id, slot))?;
            count += 1;
        }
    }
}

fn page(tx: &Transaction<'_>, after: i64) -> Result<Vec<IssuanceId>, RegisterError> {
    let mut statement =
        tx.prepare_cached("SELECT id FROM issuance WHERE id > ?1 ORDER BY id LIMIT ?2")?;
    let ids = statement
        .query_map((after, PAGE), |row| row.get(0))?
        .collect::<Result<Vec<u32>, _>>()?;
    ids.into_iter().map(pseudonym).collect()
}

/// Seals nothing in every field of an issuance. The word of a superior is taken away: that it was heard stands beside it.
fn empty(
    tx: &Transaction<'_>,
    (keys, entropy): (&KeyStore, &mut dyn Entropy),
    (id, slot): (IssuanceId, Slot),
) -> Result<(), RegisterError> {
    let number = id.get();
    let key = FieldKey::of_owner(keys, slot.index, Owner::Issuance(number))?;
    let mut nothing = |field| key.seal(entropy, field, u64::from(number), b"");
    tx.prepare_cached(
        "UPDATE issuance SET slot = ?2, slot_generation = ?3, holder = ?4, superior = NULL, unnamed = 1 WHERE id = ?1",
    )?
    .execute(params![
        number,
        slot.index,
        slot.generation,
        nothing(Field::Holder)?
    ])?;
    for (field, sql) in [
        (
            Field::Number,
            "UPDATE card SET number = ?2 WHERE issuance = ?1",
        ),
        (
            Field::Grounds,
            "UPDATE grounds SET reason = ?2 WHERE issuance = ?1",
        ),
        (
            Field::Decision,
            "UPDATE review_decision SET reason = ?2 WHERE issuance = ?1",
        ),
    ] {
        let mut statement = tx.prepare_cached(sql)?;
        statement.execute(params![number, nothing(field)?])?;
    }
    Ok(())
}

/// Keys made at once.
const PAGE: u32 = 1_024;
