//! Remembered: signatures of seals that were found good before, for whoever verifies a log over and over.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use sha2::{Digest, Sha256};

/// Seals whose signatures were found good. Kept is a hash of key, text and signature together: a seal that differs in one octet is
/// looked at anew, so the verdict is the same with or without. Clones share what they know.
#[derive(Clone, Debug, Default)]
pub struct Remembered(Arc<Mutex<HashSet<[u8; 32]>>>);

impl Remembered {
    /// Whether this is good: as remembered, or else as `check` finds. Only what is good is remembered.
    pub(crate) fn is_good(&self, parts: [&[u8]; 3], check: impl FnOnce() -> bool) -> bool {
        let mut hash = Sha256::new();
        for part in parts {
            hash.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_le_bytes());
            hash.update(part);
        }
        let hash: [u8; 32] = hash.finalize().into();
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.contains(&hash) {
            return true;
        }
        let is_good = check();
        if is_good {
            if known.len() >= REMEMBERED_MAX {
                known.clear();
            }
            known.insert(hash);
        }
        is_good
    }
}

/// Two mebibytes of hashes; then it begins anew.
const REMEMBERED_MAX: usize = 65_536;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_good_is_not_asked_again_and_what_differs_is() {
        let known = Remembered::default();
        assert!(!known.is_good([b"key", b"text", b"sig"], || false));
        assert!(known.is_good([b"key", b"text", b"sig"], || true));
        assert!(known.clone().is_good([b"key", b"text", b"sig"], || false));
        for other in [
            [b"kez".as_slice(), b"text", b"sig"],
            [b"key", b"texT", b"sig"],
            [b"key", b"text", b"sih"],
            [b"keyt", b"ext", b"sig"],
        ] {
            assert!(!known.is_good(other, || false), "{other:?}");
        }
    }
}
