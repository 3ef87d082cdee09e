//! The seal of a part: day handle ‖ AES-256-GCM ciphertext ‖ tag.
//!
//! Body key and handle key are HKDF-SHA-256 of the owner's key, salted with the log's instance id, so that a restored log never
//! shares a key with the old one. The nonce is run ‖ index ‖ part: the run is raised durably at each opening and after each failed
//! flush, so none repeats.

use access::Day;
use aes_gcm::aead::{AeadInOut, Nonce, Tag};
use aes_gcm::{Aes256Gcm, KeyInit};
use hkdf::Hkdf;
use hmac::{Hmac, Mac};
use key_store::Key32;
use sha2::Sha256;
use zeroize::Zeroizing;

/// The log's instance id: random, new at init and at each restore.
pub(crate) type InstanceId = [u8; 16];

/// Where a part stands; the nonce is made of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Seat {
    /// The opening of the log.
    pub(crate) run: u32,
    /// The record's index.
    pub(crate) index: u64,
    /// The part's number, from 0.
    pub(crate) part: u8,
}

/// The keys of one owner in one log.
pub(crate) struct BodyKey {
    cipher: Aes256Gcm,
    handle: Zeroizing<[u8; 32]>,
}

impl BodyKey {
    /// The keys of an owner in the log with this instance id.
    pub(crate) fn derive(key: &Key32, instance: &InstanceId) -> Self {
        let derived = Hkdf::<Sha256>::new(Some(instance), key.as_bytes());
        let mut body = Zeroizing::new([0; 32]);
        let mut handle = Zeroizing::new([0; 32]);
        // 32 octets are far below the 8,160 that HKDF-SHA-256 can give.
        let _fits = derived.expand(b"portvakt body v1", body.as_mut_slice());
        let _fits = derived.expand(b"portvakt handle v1", handle.as_mut_slice());
        Self {
            cipher: Aes256Gcm::new((&*body).into()),
            handle,
        }
    }

    /// What stands before this owner's parts on a day: it finds them again, and says nothing to anybody else.
    pub(crate) fn handle(&self, day: Day) -> [u8; HANDLE_LEN] {
        let Ok(mut mac) = <Hmac<Sha256> as hmac::KeyInit>::new_from_slice(self.handle.as_slice())
        else {
            return [0; HANDLE_LEN];
        };
        mac.update(&day.get().to_be_bytes());
        mac.finalize()
            .into_bytes()
            .first_chunk()
            .copied()
            .unwrap_or_default()
    }

    /// Seals `plain`: handle, ciphertext, tag. `None` only beyond the cipher's own limit of 64 GiB.
    pub(crate) fn seal(
        &self,
        seat: Seat,
        handle: [u8; HANDLE_LEN],
        bound: &[u8],
        plain: &[u8],
    ) -> Option<Vec<u8>> {
        let mut part = Vec::with_capacity(HANDLE_LEN + plain.len() + TAG_LEN);
        part.extend(handle);
        part.extend(plain);
        let text = part.get_mut(HANDLE_LEN..)?;
        let tag = self
            .cipher
            .encrypt_inout_detached(&nonce(seat), bound, text.into())
            .ok()?;
        part.extend(tag.as_slice());
        Some(part)
    }

    /// Opens a part; `None` if it is not this owner's, or not what was sealed.
    pub(crate) fn open(&self, seat: Seat, bound: &[u8], part: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let sealed = part.get(HANDLE_LEN..)?;
        let (text, tag) = sealed.split_at_checked(sealed.len().checked_sub(TAG_LEN)?)?;
        let tag: Tag<Aes256Gcm> = Tag::<Aes256Gcm>::try_from(tag).ok()?;
        let mut plain = Zeroizing::new(text.to_vec());
        self.cipher
            .decrypt_inout_detached(&nonce(seat), bound, plain.as_mut_slice().into(), &tag)
            .ok()?;
        Some(plain)
    }
}

/// Run (4 octets) ‖ index (7) ‖ part (1), big-endian. 2^56 events are more than a house sees.
fn nonce(seat: Seat) -> Nonce<Aes256Gcm> {
    let [r0, r1, r2, r3] = seat.run.to_be_bytes();
    let [_, i1, i2, i3, i4, i5, i6, i7] = seat.index.to_be_bytes();
    [r0, r1, r2, r3, i1, i2, i3, i4, i5, i6, i7, seat.part].into()
}

/// Octets of a day handle.
pub(crate) const HANDLE_LEN: usize = 8;
/// Octets of an authentication tag.
pub(crate) const TAG_LEN: usize = 16;

#[cfg(test)]
mod tests {
    use super::*;

    const SEAT: Seat = Seat {
        run: 1,
        index: 7,
        part: 0,
    };

    fn key(octet: u8) -> BodyKey {
        BodyKey::derive(&Key32::new([octet; 32]), &[1; 16])
    }

    fn sealed() -> Vec<u8> {
        key(1)
            .seal(
                SEAT,
                key(1).handle(Day::new(20_000)),
                b"bound",
                b"who was it",
            )
            .unwrap()
    }

    #[test]
    fn a_part_opens_with_its_key_in_its_seat_only() {
        let part = sealed();
        assert_eq!(part.len(), HANDLE_LEN + 10 + TAG_LEN);
        assert_eq!(
            key(1).open(SEAT, b"bound", &part).unwrap().as_slice(),
            b"who was it"
        );
        assert!(key(2).open(SEAT, b"bound", &part).is_none());
        assert!(
            key(1)
                .open(Seat { index: 8, ..SEAT }, b"bound", &part)
                .is_none()
        );
        assert!(
            key(1)
                .open(Seat { run: 2, ..SEAT }, b"bound", &part)
                .is_none()
        );
        assert!(
            key(1)
                .open(Seat { part: 1, ..SEAT }, b"bound", &part)
                .is_none()
        );
        assert!(key(1).open(SEAT, b"other", &part).is_none());
        assert!(
            BodyKey::derive(&Key32::new([1; 32]), &[2; 16])
                .open(SEAT, b"bound", &part)
                .is_none()
        );
    }

    #[test]
    fn a_handle_is_the_owners_and_the_days() {
        assert_eq!(key(1).handle(Day::new(5)), key(1).handle(Day::new(5)));
        assert_ne!(key(1).handle(Day::new(5)), key(1).handle(Day::new(6)));
        assert_ne!(key(1).handle(Day::new(5)), key(2).handle(Day::new(5)));
        assert_eq!(sealed()[..HANDLE_LEN], key(1).handle(Day::new(20_000)));
    }
}
