//! Epochs: stretches of the log, each sealed by a key of its own that is overwritten afterwards.
//!
//! The seal of an epoch is the signature of its key over a checkpoint that names the next epoch's key. So whoever takes the
//! machine can sign what comes, and nothing that was: the keys of the past are gone. The octets of a seal are drawn in
//! `docs/event-log-format.md`:
//!
//! ```text
//! 0    epoch            8   u64 little-endian, from 0 without a gap
//! 8    size             8   u64 little-endian, records under it
//! 16   root            32   the tree's
//! 48   time             8   i64 little-endian, microseconds since 1970-01-01T00:00:00Z
//! 56   next key        32   Ed25519 public key of the next epoch
//! 88   signature       64   by this epoch's key, over the checkpoint's text
//! 152  zero             4
//! 156  check            4   CRC-32C little-endian over octets 0–155
//! ```

use access::UtcMicros;
use key_store::Key32;

use crate::checkpoint::{Checkpoint, EpochMark};
use crate::crc32c::{append_check, checked};
use crate::note::{Signer, VerifierKey};
use crate::tree::Hash;

/// An Ed25519 public key.
pub(crate) type PublicKey = [u8; 32];

/// The seal of an epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Seal {
    /// The epoch and its successor's key.
    pub(crate) mark: EpochMark,
    /// Records under it.
    pub(crate) size: u64,
    /// The tree's root over them.
    pub(crate) root: Hash,
    /// When it was sealed; no record of the epoch is younger.
    pub(crate) time: UtcMicros,
    /// By the epoch's key, over the checkpoint's text.
    pub(crate) signature: [u8; 64],
}

/// Octets of a seal.
pub(crate) const SEAL_LEN: usize = 160;

impl Seal {
    /// The octets.
    pub(crate) fn encode(&self) -> Vec<u8> {
        let mut octets = Vec::with_capacity(SEAL_LEN);
        octets.extend(self.mark.number.to_le_bytes());
        octets.extend(self.size.to_le_bytes());
        octets.extend(self.root);
        octets.extend(self.time.micros().to_le_bytes());
        octets.extend(self.mark.next_key);
        octets.extend(self.signature);
        octets.extend([0; 4]);
        append_check(&mut octets);
        octets
    }

    /// Reads a seal; `None` if the octets are none.
    pub(crate) fn decode(octets: &[u8; SEAL_LEN]) -> Option<Self> {
        let (number, rest) = checked(octets)?.split_first_chunk()?;
        let (size, rest) = rest.split_first_chunk()?;
        let (root, rest) = rest.split_first_chunk()?;
        let (time, rest) = rest.split_first_chunk()?;
        let (next_key, rest) = rest.split_first_chunk()?;
        let (signature, zero) = rest.split_first_chunk()?;
        let mark = EpochMark {
            number: u64::from_le_bytes(*number),
            next_key: *next_key,
        };
        (zero == [0; 4]).then_some(Self {
            mark,
            size: u64::from_le_bytes(*size),
            root: *root,
            time: UtcMicros::from_micros(i64::from_le_bytes(*time)),
            signature: *signature,
        })
    }

    /// The checkpoint that was signed.
    pub(crate) fn checkpoint(&self, origin: &str) -> Checkpoint {
        Checkpoint {
            origin: origin.to_owned(),
            size: self.size,
            root: self.root,
            time: self.time,
            epoch: Some(self.mark),
        }
    }

    /// Whether the holder of this key sealed it, in the log of this origin.
    pub(crate) fn is_by(&self, key: &PublicKey, origin: &str) -> bool {
        let key = VerifierKey::from_public(&signer_name(origin), key);
        key.is_some_and(|key| key.signed(&self.checkpoint(origin).text(), &self.signature))
    }
}

/// The signer of an epoch, by its key's seed.
pub(crate) fn signer(origin: &str, seed: &Key32) -> Signer {
    Signer::new(&signer_name(origin), seed)
}

/// The name under which epochs are signed: C2SP signed-note wants another key to be told from the log's own.
pub(crate) fn signer_name(origin: &str) -> String {
    format!("{origin}{NAME_END}")
}

/// What a name ends with under which epochs are signed.
pub(crate) const NAME_END: &str = "/epoch";

#[cfg(test)]
mod tests {
    use super::*;

    fn seal() -> Seal {
        Seal {
            mark: EpochMark {
                number: 0x0102,
                next_key: [5; 32],
            },
            size: 812,
            root: [6; 32],
            time: UtcMicros::from_micros(0x0304),
            signature: [7; 64],
        }
    }

    #[test]
    fn a_seal_is_these_octets() {
        let octets = seal().encode();
        assert_eq!(octets.len(), SEAL_LEN);
        assert_eq!(
            octets[..16],
            [2, 1, 0, 0, 0, 0, 0, 0, 0x2C, 3, 0, 0, 0, 0, 0, 0]
        );
        assert_eq!(octets[16..48], [6; 32]);
        assert_eq!(octets[48..56], [4, 3, 0, 0, 0, 0, 0, 0]);
        assert_eq!(octets[56..88], [5; 32]);
        assert_eq!(octets[88..152], [7; 64]);
        assert_eq!(octets[152..156], [0; 4]);
        assert_eq!(
            Seal::decode(octets.as_slice().try_into().unwrap()),
            Some(seal())
        );
    }

    #[test]
    fn every_flipped_octet_is_found() {
        let octets = seal().encode();
        for at in 0..SEAL_LEN {
            let mut changed: [u8; SEAL_LEN] = octets.as_slice().try_into().unwrap();
            changed[at] ^= 1;
            assert_eq!(Seal::decode(&changed), None, "octet {at}");
        }
    }

    #[test]
    fn a_seal_is_believed_from_its_epochs_key_and_for_its_log_only() {
        let signer = signer("house.example/portvakt", &Key32::new([1; 32]));
        let text = seal().checkpoint("house.example/portvakt").text();
        let signed = Seal {
            signature: signer.signature(&text),
            ..seal()
        };
        let key = signer.verifier().public();
        assert!(signed.is_by(&key, "house.example/portvakt"));
        assert!(!signed.is_by(&key, "other.example/portvakt"));
        assert!(!signed.is_by(&[9; 32], "house.example/portvakt"));
        assert!(
            !Seal {
                size: 813,
                ..signed
            }
            .is_by(&key, "house.example/portvakt")
        );
    }
}
