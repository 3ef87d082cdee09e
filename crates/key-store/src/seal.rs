//! The seal: the key under which every slot lies, and where that key comes from.
//!
//! ```text
//! keys/seal.bin
//!  0  8  magic "PVKTSEAL"
//!  8  2  format version, u16 little-endian: 1
//! 10  1  how it is sealed: 1 by this file alone
//! 11  5  zero
//! 16 32  the sealing key
//! 48 16  SHA-256 of octets 0..48, its first 16
//! ```

use aes_gcm::{Aes256Gcm, KeyInit};
use sha2::{Digest, Sha256};
use zeroize::{Zeroize, Zeroizing};

use crate::disk::Disk;
use crate::entropy::Entropy;
use crate::error::KeyError;
use crate::key::Key32;

/// What protects the slots.
pub(crate) enum Seal {
    /// The sealing key lies beside them: whoever has the disk has the keys.
    File(Key32),
}

impl Seal {
    pub(crate) fn in_file(entropy: &mut dyn Entropy) -> Self {
        Self::File(Key32::random(entropy))
    }

    pub(crate) fn cipher(&self) -> Aes256Gcm {
        match self {
            Self::File(key) => Aes256Gcm::new(key.as_bytes().into()),
        }
    }

    /// Writes the file durably under another name, then gives it its own: a store exists from that moment.
    pub(crate) fn store(&self, disk: &dyn Disk) -> Result<(), KeyError> {
        let at_disk = |source| KeyError::Io { file: PATH, source };
        let Self::File(key) = self;
        let octets = encode(key);
        let file = disk.create(NEW_PATH).map_err(at_disk)?;
        file.write_at(octets.as_slice(), 0).map_err(at_disk)?;
        file.sync().map_err(at_disk)?;
        disk.rename(NEW_PATH, PATH).map_err(at_disk)?;
        disk.sync_dir(DIR).map_err(at_disk)
    }

    pub(crate) fn load(disk: &dyn Disk) -> Result<Self, KeyError> {
        let at_disk = |source| KeyError::Io { file: PATH, source };
        let file = disk.open_read(PATH).map_err(at_disk)?;
        let mut octets = Zeroizing::new([0; LEN]);
        let read = file.read_at(octets.as_mut_slice(), 0).map_err(at_disk)?;
        if read != LEN || file.len().map_err(at_disk)? != LEN_ON_DISK {
            return Err(KeyError::Damaged {
                file: PATH,
                what: "it is not 64 octets long",
            });
        }
        decode(&octets)
    }
}

fn encode(key: &Key32) -> Zeroizing<[u8; LEN]> {
    let mut octets = Zeroizing::new([0; LEN]);
    let [v0, v1] = VERSION.to_le_bytes();
    let how = [v0, v1, BY_FILE, 0, 0, 0, 0, 0];
    let head = MAGIC.iter().chain(&how).chain(key.as_bytes());
    for (to, octet) in octets.iter_mut().zip(head) {
        *to = *octet;
    }
    let check = check_of(&octets);
    for (to, octet) in octets.iter_mut().skip(CHECKED_LEN).zip(check) {
        *to = octet;
    }
    octets
}

fn decode(octets: &[u8; LEN]) -> Result<Seal, KeyError> {
    let damaged = |what| KeyError::Damaged { file: PATH, what };
    let Some((magic, rest)) = octets.split_first_chunk::<8>() else {
        return Err(damaged("it is too short"));
    };
    if magic != MAGIC {
        return Err(damaged("it does not begin as a seal"));
    }
    if octets.get(CHECKED_LEN..) != Some(check_of(octets).as_slice()) {
        return Err(damaged("its check does not fit"));
    }
    let Some((&[v0, v1, by, ..], rest)) = rest.split_first_chunk::<8>() else {
        return Err(damaged("it is too short"));
    };
    let version = u16::from_le_bytes([v0, v1]);
    if version != VERSION || by != BY_FILE {
        return Err(KeyError::Newer {
            file: PATH,
            found: version,
            known: VERSION,
        });
    }
    let mut key = *rest.first_chunk::<32>().ok_or(damaged("it is too short"))?;
    let seal = Seal::File(Key32::new(key));
    key.zeroize();
    Ok(seal)
}

fn check_of(octets: &[u8; LEN]) -> [u8; LEN - CHECKED_LEN] {
    let digest: [u8; 32] = Sha256::digest(octets.split_at(CHECKED_LEN).0).into();
    let mut check = [0; LEN - CHECKED_LEN];
    for (to, octet) in check.iter_mut().zip(digest) {
        *to = octet;
    }
    check
}

/// The directory of the key store.
pub(crate) const DIR: &str = "keys";
/// The file whose presence makes the directory a key store.
pub(crate) const PATH: &str = "keys/seal.bin";
/// The file before it is whole.
pub(crate) const NEW_PATH: &str = "keys/seal.new";
const MAGIC: &[u8; 8] = b"PVKTSEAL";
const VERSION: u16 = 1;
const BY_FILE: u8 = 1;
const CHECKED_LEN: usize = 48;
const LEN: usize = 64;
const LEN_ON_DISK: u64 = 64;
