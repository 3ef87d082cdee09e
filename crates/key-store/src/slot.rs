//! One slot: 64 octets that hold one key, or the generation number of one that is gone.
//!
//! ```text
//!  0  4  generation, u32 little-endian; 0 never used
//!  4  1  state: 0 never used, 1 live, 2 destroyed
//!  5  1  owner: 0 nobody, 1 issuance, 2 operator, 3 day, 4 the house, 5 a reader,
//!       6 a reader that the key is on its way to, 7 a change that waits for approval
//!  6  2  zero
//!  8  4  the owner's number, u32 little-endian
//! 12  4  zero
//! 16 32  the key, AES-256-GCM ciphertext; zero when destroyed
//! 48 16  tag over file kind ‖ index u32le ‖ octets 0..16 (and the key); zero when never used
//! ```
//! The nonce is file kind ‖ state ‖ 0 0 ‖ index u32le ‖ generation u32le: it never repeats, since generations do not.

use aes_gcm::aead::inout::InOutBuf;
use aes_gcm::{AeadInOut, Aes256Gcm};

use crate::error::KeyError;
use crate::key::Key32;
use crate::owner::Owner;

/// What is known of a slot without its key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SlotHead {
    pub(crate) generation: u32,
    pub(crate) state: SlotState,
}

/// Whether a slot holds a key, and whose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SlotState {
    Unused,
    Live(Holding),
    Destroyed,
}

/// Whose key a slot holds, in any of the three files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Holding {
    Person(Owner),
    House,
    Reader,
}

/// Where a slot lies: the file's kind and the place in it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    pub(crate) file_kind: u8,
    pub(crate) index: u32,
}

impl SlotHead {
    pub(crate) const UNUSED: Self = Self {
        generation: 0,
        state: SlotState::Unused,
    };

    /// The octets of a slot that holds this key (or none).
    pub(crate) fn encode(
        self,
        key: Option<&Key32>,
        place: Place,
        seal: &Aes256Gcm,
    ) -> Result<[u8; SLOT_LEN], KeyError> {
        let head = self.head_octets();
        let mut sealed = [0; KEY_LEN];
        let value = sealed
            .split_at_mut(if key.is_some() { KEY_LEN } else { 0 })
            .0;
        if let Some(key) = key {
            value.copy_from_slice(key.as_bytes());
        }
        let tag = seal
            .encrypt_inout_detached(
                &self.nonce(place).into(),
                &associated(place, head),
                InOutBuf::from(value),
            )
            .map_err(|_| KeyError::Cipher)?;
        let mut octets = [0; SLOT_LEN];
        let parts = head.iter().chain(&sealed).chain(tag.iter());
        for (to, octet) in octets.iter_mut().zip(parts) {
            *to = *octet;
        }
        Ok(octets)
    }

    /// Reads a slot, checks its tag, and opens the key of a live one. `None` if the octets are not a slot written by us.
    pub(crate) fn decode(
        octets: &[u8; SLOT_LEN],
        place: Place,
        seal: &Aes256Gcm,
    ) -> Option<(Self, Option<Key32>)> {
        if *octets == [0; SLOT_LEN] {
            return Some((Self::UNUSED, None));
        }
        let (head, rest) = octets.split_first_chunk::<HEAD_LEN>()?;
        let (sealed, rest) = rest.split_first_chunk::<KEY_LEN>()?;
        let (tag, _) = rest.split_first_chunk::<TAG_LEN>()?;
        let this = Self::from_head_octets(head)?;
        let mut key = Key32::new(*sealed);
        let is_live = matches!(this.state, SlotState::Live(_));
        let value = key
            .as_mut_bytes()
            .split_at_mut(if is_live { KEY_LEN } else { 0 })
            .0;
        let nonce = this.nonce(place).into();
        seal.decrypt_inout_detached(
            &nonce,
            &associated(place, *head),
            InOutBuf::from(value),
            &(*tag).into(),
        )
        .ok()?;
        if !is_live && *sealed != [0; KEY_LEN] {
            return None;
        }
        Some((this, is_live.then_some(key)))
    }

    fn head_octets(self) -> [u8; HEAD_LEN] {
        let [g0, g1, g2, g3] = self.generation.to_le_bytes();
        let (state, kind, number) = match self.state {
            SlotState::Unused => (0, 0, 0),
            SlotState::Live(Holding::Person(Owner::Issuance(number))) => (1, 1, number),
            SlotState::Live(Holding::Person(Owner::Operator(number))) => (1, 2, u32::from(number)),
            SlotState::Live(Holding::Person(Owner::Day(number))) => (1, 3, number),
            SlotState::Live(Holding::Person(Owner::Reader(number))) => (1, 6, u32::from(number)),
            SlotState::Live(Holding::Person(Owner::Approval(number))) => (1, 7, number),
            SlotState::Live(Holding::House) => (1, 4, 0),
            SlotState::Live(Holding::Reader) => (1, 5, 0),
            SlotState::Destroyed => (2, 0, 0),
        };
        let [n0, n1, n2, n3] = number.to_le_bytes();
        [
            g0, g1, g2, g3, state, kind, 0, 0, n0, n1, n2, n3, 0, 0, 0, 0,
        ]
    }

    fn from_head_octets(head: &[u8; HEAD_LEN]) -> Option<Self> {
        let [
            g0,
            g1,
            g2,
            g3,
            state,
            kind,
            0,
            0,
            n0,
            n1,
            n2,
            n3,
            0,
            0,
            0,
            0,
        ] = *head
        else {
            return None;
        };
        let number = u32::from_le_bytes([n0, n1, n2, n3]);
        let state = match (state, kind) {
            (1, 1) => SlotState::Live(Holding::Person(Owner::Issuance(number))),
            (1, 2) => SlotState::Live(Holding::Person(Owner::Operator(
                u16::try_from(number).ok()?,
            ))),
            (1, 3) => SlotState::Live(Holding::Person(Owner::Day(number))),
            (1, 6) => SlotState::Live(Holding::Person(Owner::Reader(u16::try_from(number).ok()?))),
            (1, 7) => SlotState::Live(Holding::Person(Owner::Approval(number))),
            (1, 4) if number == 0 => SlotState::Live(Holding::House),
            (1, 5) if number == 0 => SlotState::Live(Holding::Reader),
            (2, 0) if number == 0 => SlotState::Destroyed,
            _ => return None,
        };
        Some(Self {
            generation: u32::from_le_bytes([g0, g1, g2, g3]),
            state,
        })
    }

    fn nonce(self, place: Place) -> [u8; 12] {
        let state = match self.state {
            SlotState::Unused => 0,
            SlotState::Live(_) => 1,
            SlotState::Destroyed => 2,
        };
        let [i0, i1, i2, i3] = place.index.to_le_bytes();
        let [g0, g1, g2, g3] = self.generation.to_le_bytes();
        [place.file_kind, state, 0, 0, i0, i1, i2, i3, g0, g1, g2, g3]
    }
}

fn associated(place: Place, head: [u8; HEAD_LEN]) -> [u8; 5 + HEAD_LEN] {
    let mut octets = [0; 5 + HEAD_LEN];
    let parts = std::iter::once(place.file_kind)
        .chain(place.index.to_le_bytes())
        .chain(head);
    for (to, octet) in octets.iter_mut().zip(parts) {
        *to = octet;
    }
    octets
}

/// Octets of a slot; eight to a sector, so that none lies across two.
pub(crate) const SLOT_LEN: usize = HEAD_LEN + KEY_LEN + TAG_LEN;
const HEAD_LEN: usize = 16;
const KEY_LEN: usize = 32;
const TAG_LEN: usize = 16;

#[cfg(test)]
mod tests {
    use aes_gcm::KeyInit;
    use proptest::prelude::*;

    use super::*;

    fn seal() -> Aes256Gcm {
        Aes256Gcm::new(&[7; 32].into())
    }

    #[test]
    fn the_octets_of_a_slot_stay() {
        let head = SlotHead {
            generation: 3,
            state: SlotState::Live(Holding::Person(Owner::Issuance(0x0102_0304))),
        };
        let place = Place {
            file_kind: 1,
            index: 9,
        };
        let octets = head
            .encode(Some(&Key32::new([0x5A; 32])), place, &seal())
            .unwrap();
        let hex: String = octets.iter().map(|octet| format!("{octet:02x}")).collect();
        assert_eq!(&hex[..32], "03000000010100000403020100000000");
        assert_eq!(&hex[32..], GOLDEN);
        let (back, key) = SlotHead::decode(&octets, place, &seal()).unwrap();
        assert_eq!((back, *key.unwrap().as_bytes()), (head, [0x5A; 32]));
    }

    #[test]
    fn the_first_octets_say_whose_key_it_is() {
        for (owner, golden) in [
            (
                Owner::Issuance(0x0102_0304),
                "03000000010100000403020100000000",
            ),
            (Owner::Operator(7), "03000000010200000700000000000000"),
            (Owner::Day(20_779), "03000000010300002b51000000000000"),
            (Owner::Reader(4), "03000000010600000400000000000000"),
            (Owner::Approval(12), "03000000010700000c00000000000000"),
        ] {
            let head = SlotHead {
                generation: 3,
                state: SlotState::Live(Holding::Person(owner)),
            };
            let octets = head.head_octets();
            let hex: String = octets.iter().map(|octet| format!("{octet:02x}")).collect();
            assert_eq!(hex, golden);
            assert_eq!(SlotHead::from_head_octets(&octets), Some(head));
        }
    }

    proptest! {
        #[test]
        fn no_flipped_bit_passes(at in 0..SLOT_LEN * 8, live in any::<bool>(), generation in 1_u32..) {
            let place = Place { file_kind: 1, index: 1 };
            let state = if live { SlotState::Live(Holding::Person(Owner::Day(5))) } else { SlotState::Destroyed };
            let head = SlotHead { generation, state };
            let key = Key32::new([1; 32]);
            let mut octets = head.encode(live.then_some(&key), place, &seal()).unwrap();
            prop_assert!(SlotHead::decode(&octets, place, &seal()).is_some());
            let elsewhere = Place { index: 2, ..place };
            prop_assert!(SlotHead::decode(&octets, elsewhere, &seal()).is_none());
            octets[at / 8] ^= 1 << (at % 8);
            prop_assert!(SlotHead::decode(&octets, place, &seal()).is_none());
        }
    }

    /// AES-256-GCM under 07 × 32, computed with another implementation: the key 5A × 32 sealed, then the tag.
    const GOLDEN: &str = "8c5eb5a7ac7b492c81546cada34d16d3fc4104915b34f2cba5f8339c3293e1f29f1c91980bc2ff2ac9e257f76d66c63c";
}
