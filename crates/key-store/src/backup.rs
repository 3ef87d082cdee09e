//! A backup of the keys of house, readers and operators, under a passphrase. Keys of issuances, days, epochs, of changes that wait
//! and of what is on its way to a reader are never in it.
//!
//! ```text
//! numbers little-endian
//!  0  8  magic "PVKTKEYB"
//!  8  2  format version, u16: 1
//! 10  2  zero
//! 12  4  Argon2id: KiB of memory, u32
//! 16  4  Argon2id: passes, u32
//! 20  4  Argon2id: lanes, u32
//! 24 16  Argon2id: salt
//! 40 12  nonce of AES-256-GCM; octets 0..52 are its associated data
//! 52  …  encrypted: entries of 44 octets
//!         0  1  1 a key of the house, 2 a reader's key, 3 an operator's
//!         1  1  zero
//!         2  2  its slot in fixed.bin, or the number of the reader or operator, u16
//!         4  4  an operator's: its slot in slots.bin, u32; otherwise zero
//!         8  4  an operator's: the slot's generation, u32; otherwise zero
//!        12 32  the key; of a reader's the slot in readers.bin as it is there
//!  … 16  tag
//! ```

use std::fmt;

use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Nonce};
use argon2::{Algorithm, Argon2, Params, Version};
use zeroize::Zeroizing;

use crate::entropy::Entropy;
use crate::error::KeyError;
use crate::key::Key32;
use crate::owner::{Fixed, Owner, Slot};
use crate::store::{BaseKey, Identity, KeyStore};

/// A key that was in a backup.
#[derive(Debug)]
pub enum BackedUp {
    /// One of the house's own.
    Fixed(Fixed, Key32),
    /// A reader's base key and who the reader is, by the reader's number.
    Reader(u16, BaseKey, Option<Identity>),
    /// An operator's, by the operator's number, and where it lay.
    Operator(u16, Slot, Key32),
}

/// Why a backup of keys cannot be opened or made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BackupError {
    /// It is none, or one of a later version.
    NotABackup,
    /// The passphrase is another, or it was altered.
    Refused,
    /// The key cannot be derived from the passphrase.
    Derivation,
}

impl KeyStore {
    /// The keys a house needs to go on after a lost disk, and those of these readers, encrypted; and how many they are. Takes a
    /// second or so and 64 MiB.
    ///
    /// # Errors
    /// What the store says.
    pub fn backup(
        &self,
        passphrase: &str,
        readers: &[u16],
        entropy: &mut dyn Entropy,
    ) -> Result<Vec<u8>, KeyError> {
        let operators = self.operators();
        let entries = IN_BACKUP.len() + readers.len() + operators.len();
        // Never moved: what it was moved from would not be wiped.
        let mut plain = Zeroizing::new(Vec::with_capacity(entries * ENTRY_LEN));
        for which in IN_BACKUP {
            match self.fixed(which) {
                Ok(key) => put(
                    &mut plain,
                    (HOUSE, slot_of(which)),
                    None,
                    key.as_bytes().iter(),
                ),
                // There are no PINs yet.
                Err(KeyError::NoKey { .. }) if which == Fixed::Pin => {}
                Err(cause) => return Err(cause),
            }
        }
        for reader in readers {
            if let Some(key) = self.reader_key(*reader)? {
                let identity = self.reader_identity(*reader)?;
                let known = identity
                    .iter()
                    .flat_map(|who| [&KNOWN].into_iter().chain(who));
                put(&mut plain, (READER, *reader), None, key.iter().chain(known));
            }
        }
        for (operator, slot) in operators {
            let (_, key) = self.key(slot.index)?;
            put(
                &mut plain,
                (OPERATOR, operator),
                Some(slot),
                key.as_bytes().iter(),
            );
        }
        let sealed = seal(passphrase, &plain, entropy);
        sealed.map_err(|_| KeyError::Damaged {
            file: "the backup",
            what: "its key cannot be derived from the passphrase",
        })
    }

    fn operators(&self) -> Vec<(u16, Slot)> {
        let of_operator = |(slot, owner)| match owner {
            Owner::Operator(number) => Some((number, slot)),
            Owner::Issuance(_) | Owner::Day(_) | Owner::Reader(_) | Owner::Approval(_) => None,
        };
        self.live().into_iter().filter_map(of_operator).collect()
    }
}

/// The keys in a backup.
///
/// # Errors
/// [`BackupError`].
pub fn open_backup(octets: &[u8], passphrase: &str) -> Result<Vec<BackedUp>, BackupError> {
    let (head, sealed) = octets
        .split_first_chunk::<HEAD_LEN>()
        .ok_or(BackupError::NotABackup)?;
    let [m0, m1, m2, m3, m4, m5, m6, m7, v0, v1, 0, 0, cost @ ..] = head else {
        return Err(BackupError::NotABackup);
    };
    let magic = [*m0, *m1, *m2, *m3, *m4, *m5, *m6, *m7];
    if magic != *MAGIC || u16::from_le_bytes([*v0, *v1]) != VERSION {
        return Err(BackupError::NotABackup);
    }
    let number = |at: usize| {
        let octets = cost.get(at..).and_then(<[u8]>::first_chunk::<4>);
        octets.map_or(0, |octets| u32::from_le_bytes(*octets))
    };
    let (memory, passes, lanes) = (number(0), number(4), number(8));
    if memory > MEMORY_MAX_KIB || passes > PASSES_MAX || lanes > LANES_MAX {
        return Err(BackupError::NotABackup);
    }
    let (salt, nonce) = cost
        .split_at_checked(12)
        .and_then(|(_, rest)| rest.split_at_checked(SALT_LEN))
        .ok_or(BackupError::NotABackup)?;
    let key = derive(passphrase, salt, (memory, passes, lanes))?;
    let nonce: [u8; NONCE_LEN] = nonce.try_into().map_err(|_| BackupError::NotABackup)?;
    let cipher = Aes256Gcm::new((&*key).into());
    let payload = Payload {
        msg: sealed,
        aad: head,
    };
    let plain = cipher
        .decrypt(&Nonce::from(nonce), payload)
        .map_err(|_| BackupError::Refused)?;
    entries(&Zeroizing::new(plain)).ok_or(BackupError::NotABackup)
}

/// What stands in a backup once it is open; `None` if these octets are nothing of that kind.
pub(crate) fn entries(plain: &[u8]) -> Option<Vec<BackedUp>> {
    let (entries, rest) = plain.as_chunks::<ENTRY_LEN>();
    let entries: Option<Vec<BackedUp>> = entries.iter().map(entry).collect();
    entries.filter(|_| rest.is_empty())
}

fn seal(passphrase: &str, plain: &[u8], entropy: &mut dyn Entropy) -> Result<Vec<u8>, BackupError> {
    let (mut salt, mut nonce) = ([0; SALT_LEN], [0; NONCE_LEN]);
    entropy.fill(&mut salt);
    entropy.fill(&mut nonce);
    let mut head = Vec::with_capacity(HEAD_LEN);
    head.extend_from_slice(MAGIC);
    head.extend(VERSION.to_le_bytes());
    head.extend([0; 2]);
    for cost in [MEMORY_KIB, PASSES, LANES] {
        head.extend(cost.to_le_bytes());
    }
    head.extend(salt);
    head.extend(nonce);
    let key = derive(passphrase, &salt, (MEMORY_KIB, PASSES, LANES))?;
    let payload = Payload {
        msg: plain,
        aad: &head,
    };
    let sealed = Aes256Gcm::new((&*key).into()).encrypt(&Nonce::from(nonce), payload);
    head.extend(sealed.map_err(|_| BackupError::Derivation)?);
    Ok(head)
}

fn derive(
    passphrase: &str,
    salt: &[u8],
    (memory, passes, lanes): (u32, u32, u32),
) -> Result<Zeroizing<[u8; 32]>, BackupError> {
    let failed = |_| BackupError::Derivation;
    let params = Params::new(memory, passes, lanes, Some(32)).map_err(failed)?;
    let mut key = Zeroizing::new([0; 32]);
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(passphrase.as_bytes(), salt, &mut *key)
        .map_err(failed)?;
    Ok(key)
}

fn put<'k>(
    plain: &mut Vec<u8>,
    (kind, number): (u8, u16),
    slot: Option<Slot>,
    key: impl Iterator<Item = &'k u8>,
) {
    let (index, generation) = slot.map_or((0, 0), |slot| (slot.index, slot.generation));
    plain.extend([kind, 0]);
    plain.extend(number.to_le_bytes());
    plain.extend(index.to_le_bytes());
    plain.extend(generation.to_le_bytes());
    plain.extend(key.copied().chain(std::iter::repeat(0)).take(32));
}

fn entry(octets: &[u8; ENTRY_LEN]) -> Option<BackedUp> {
    let [kind, 0, n0, n1, i0, i1, i2, i3, g0, g1, g2, g3, key @ ..] = octets else {
        return None;
    };
    let number = u16::from_le_bytes([*n0, *n1]);
    let slot = Slot {
        index: u32::from_le_bytes([*i0, *i1, *i2, *i3]),
        generation: u32::from_le_bytes([*g0, *g1, *g2, *g3]),
    };
    match *kind {
        HOUSE => {
            let mut known = IN_BACKUP.into_iter();
            let which = known.find(|which| slot_of(*which) == number)?;
            Some(BackedUp::Fixed(which, Key32::new(*key)))
        }
        READER => {
            let (base, rest) = key.split_first_chunk::<16>()?;
            let identity = match rest {
                [KNOWN, who @ ..] => who.first_chunk().copied(),
                _ => None,
            };
            Some(BackedUp::Reader(number, Zeroizing::new(*base), identity))
        }
        OPERATOR => Some(BackedUp::Operator(number, slot, Key32::new(*key))),
        _ => None,
    }
}

fn slot_of(which: Fixed) -> u16 {
    u16::try_from(which.index()).unwrap_or(u16::MAX)
}

impl fmt::Display for BackupError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotABackup => "it is no backup of keys that this version knows",
            Self::Refused => "the passphrase is another, or it was altered",
            Self::Derivation => "its key cannot be derived from the passphrase",
        })
    }
}

impl std::error::Error for BackupError {}

/// The house's own keys but those of epochs: a restored log begins with new ones.
const IN_BACKUP: [Fixed; 6] = [
    Fixed::House,
    Fixed::Tag,
    Fixed::LogSigning,
    Fixed::Register,
    Fixed::Snapshot,
    Fixed::Pin,
];
const MAGIC: &[u8; 8] = b"PVKTKEYB";
const VERSION: u16 = 1;
const HEAD_LEN: usize = 52;
const SALT_LEN: usize = 16;
const NONCE_LEN: usize = 12;
const ENTRY_LEN: usize = 44;
const HOUSE: u8 = 1;
const READER: u8 = 2;
const OPERATOR: u8 = 3;
const KNOWN: u8 = 1;
// RFC 9106, section 4, second recommendation.
const MEMORY_KIB: u32 = 64 << 10;
const PASSES: u32 = 3;
const LANES: u32 = 4;
const MEMORY_MAX_KIB: u32 = 1 << 20;
const PASSES_MAX: u32 = 16;
const LANES_MAX: u32 = 16;

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::disk::{Disk, MemDisk};

    struct Counting(u8);

    impl Entropy for Counting {
        fn fill(&mut self, bytes: &mut [u8]) {
            self.0 = self.0.wrapping_add(1);
            bytes.fill(self.0);
        }
    }

    #[test]
    fn the_houses_keys_come_back_with_the_passphrase_and_nobody_elses_are_there() {
        let disk: Arc<dyn Disk> = Arc::new(MemDisk::new());
        let mut entropy = Counting(100);
        let store = KeyStore::create(&disk, &mut entropy).unwrap();
        let slot = store.allocate(Owner::Issuance(7), &mut entropy).unwrap();
        let (_, of_holder) = store.key(slot.index).unwrap();
        let base = *b"\x01\x07\x03\x09\x02\x08\x04\x06\x05\x0a\x0c\x0b\x0e\x0d\x0f\x10";
        store.set_reader_key(3, base).unwrap();
        store.pin_reader_identity(3, *b"reader-3").unwrap();
        let of_kari = store.allocate(Owner::Operator(5), &mut entropy).unwrap();
        store.allocate(Owner::Day(20_000), &mut entropy).unwrap();
        store.allocate(Owner::Approval(1), &mut entropy).unwrap();
        let octets = store
            .backup("correct horse battery", &[2, 3], &mut entropy)
            .unwrap();
        assert!(!octets.windows(16).any(|window| window == base));
        let keys = open_backup(&octets, "correct horse battery").unwrap();
        // No PIN was set, so there is no key of PINs.
        assert_eq!(keys.len(), 7);
        for key in &keys {
            match key {
                BackedUp::Fixed(which, key) => {
                    assert_eq!(key.as_bytes(), store.fixed(*which).unwrap().as_bytes());
                    assert_ne!(key.as_bytes(), of_holder.as_bytes());
                }
                BackedUp::Reader(reader, key, identity) => {
                    assert_eq!((*reader, **key), (3, base));
                    assert_eq!(*identity, Some(*b"reader-3"));
                }
                BackedUp::Operator(operator, slot, key) => {
                    assert_eq!((*operator, *slot), (5, of_kari));
                    assert_eq!(key.as_bytes(), store.key(slot.index).unwrap().1.as_bytes());
                }
            }
        }
        assert_eq!(
            open_backup(&octets, "another").unwrap_err(),
            BackupError::Refused
        );
        for at in [0, 9, 12, 30, 45, 60, octets.len() - 1] {
            let mut altered = octets.clone();
            altered[at] ^= 1;
            assert!(
                open_backup(&altered, "correct horse battery").is_err(),
                "{at}"
            );
        }
        assert_eq!(
            open_backup(&octets[..51], "x").unwrap_err(),
            BackupError::NotABackup
        );
    }
}
