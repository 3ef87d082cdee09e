//! Links: that two cards are one person's, in a word of a record that only the key of the other one gives a meaning.
//!
//! The word lies under the key of one card and is made with that of the other. Once either is forgotten, nobody can tell what it
//! was, and nothing links what is left of them (M19).

use std::collections::BTreeSet;

use access::{IssuanceId, UtcMicros};
use hkdf::Hkdf;
use key_store::{KeyStore, Owner};
use rusqlite::{Connection, OptionalExtension};
use sha2::Sha256;

use crate::error::RegisterError;
use crate::pseudonym::pseudonym;
use crate::register::Register;

/// A link that a record tells of and the register has not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LostLink {
    /// Of which issuance.
    pub issuance: IssuanceId,
    /// The word, made with the key of the other one.
    pub word: String,
    /// It stood in for the other one; otherwise it was to replace it.
    pub stands_in: bool,
}

impl Register {
    /// Those of these links that somebody cut: the other card is out, and this one has not ended.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn cut_links(
        &self,
        lost: &[LostLink],
        now: UtcMicros,
    ) -> Result<Vec<IssuanceId>, RegisterError> {
        if lost.is_empty() {
            return Ok(Vec::new());
        }
        let wanted: BTreeSet<&str> = lost.iter().map(|link| link.word.as_str()).collect();
        let mut living = BTreeSet::new();
        let mut statement = self
            .connection
            .prepare_cached("SELECT id, slot FROM issuance WHERE state <> 'returned'")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let word = word(&self.keys, pseudonym(row.get(0)?)?, row.get(1)?);
            living.extend(word.ok().filter(|word| wanted.contains(word.as_str())));
        }
        let cut = lost.iter().filter(|link| living.contains(&link.word));
        let cut = cut.map(|link| Ok((link, self.has_ended(link.issuance, now)?)));
        let cut = cut.collect::<Result<Vec<_>, RegisterError>>()?;
        // A stand-in that has ended gives way to the next one.
        let cut = cut
            .into_iter()
            .filter(|(link, ended)| !(link.stands_in && *ended));
        Ok(cut.map(|(link, _)| link.issuance).collect())
    }

    fn has_ended(&self, id: IssuanceId, now: UtcMicros) -> Result<bool, RegisterError> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT valid_until <= ?2 FROM issuance WHERE id = ?1")?;
        let ended: Option<Option<bool>> = statement
            .query_row((id.get(), now.micros()), |row| row.get(0))
            .optional()?;
        Ok(ended.flatten().unwrap_or(false))
    }
}

/// What a record says of the links that an issuance has to older ones: nothing of what has none.
pub(crate) fn words(
    connection: &Connection,
    keys: &KeyStore,
    id: IssuanceId,
) -> Result<String, RegisterError> {
    let mut words = String::new();
    for (key, other) in OTHERS {
        let mut statement = connection.prepare_cached(other)?;
        let other: Option<(u32, u32)> = statement
            .query_row([id.get()], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        if let Some((other, slot)) = other {
            words += &format!(" {key}={}", word(keys, pseudonym(other)?, slot)?);
        }
    }
    Ok(words)
}

/// HKDF-SHA-256 of an issuance's key, eight octets in hexadecimal.
fn word(keys: &KeyStore, of: IssuanceId, slot: u32) -> Result<String, RegisterError> {
    let key = match keys.key(slot)? {
        (found, key) if found == Owner::Issuance(of.get()) => key,
        _ => return Err(RegisterError::corrupt("a key that is somebody else's")),
    };
    let mut made = [0; 8];
    Hkdf::<Sha256>::new(None, key.as_bytes())
        .expand(INFO, &mut made)
        .map_err(|_| RegisterError::corrupt("a word that cannot be made"))?;
    Ok(made.iter().map(|octet| format!("{octet:02x}")).collect())
}

const OTHERS: [(&str, &str); 2] = [
    (
        "twin",
        "SELECT i.id, i.slot FROM stand_in s JOIN issuance i ON i.id = s.stands_for WHERE s.issuance = ?1",
    ),
    (
        "replaces",
        "SELECT i.id, i.slot FROM replacement r JOIN issuance i ON i.id = r.replaces WHERE r.issuance = ?1",
    ),
];
const INFO: &[u8] = b"portvakt register link 1";
