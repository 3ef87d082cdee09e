//! Seal: how a field lies in the database. Under one key of its owner, each time with a fresh nonce.

use aes_gcm::aead::{Aead, AeadInOut, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Nonce};
use hkdf::Hkdf;
use key_store::{Entropy, Key32, KeyError, KeyStore, Owner};
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::error::RegisterError;

/// A key for fields: HKDF-SHA-256 (RFC 5869) of an issuance's, an operator's or the register's key, so that the register
/// and the log never encrypt under the same one. AES-256-GCM with random nonces: a key seals far fewer than 2³² fields.
pub(crate) struct FieldKey(Aes256Gcm);

/// Which field it is. Bound into the seal with its owner's number, so that no field passes for another.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Field {
    Holder,
    Number,
    Grounds,
    Contact,
    HolderText,
    OperatorText,
    Request,
    Superior,
    Stock,
    Decision,
}

impl FieldKey {
    pub(crate) fn of(key: &Key32) -> Result<Self, RegisterError> {
        let mut field_key = Zeroizing::new([0; 32]);
        Hkdf::<Sha256>::new(None, key.as_bytes())
            .expand(INFO, &mut *field_key)
            .map_err(|_| SEALING)?;
        Ok(Self(Aes256Gcm::new((&*field_key).into())))
    }

    /// The key for the fields of an owner whose key lies in this slot. A slot that was given to somebody else since is
    /// refused: nothing is sealed or opened under another's key.
    pub(crate) fn of_owner(
        keys: &KeyStore,
        slot: u32,
        owner: Owner,
    ) -> Result<Self, RegisterError> {
        match keys.key(slot)? {
            (found, key) if found == owner => Self::of(&key),
            _ => Err(KeyError::OtherOwner { index: slot }.into()),
        }
    }

    /// Nonce, ciphertext and tag of `plain`, which is lengthened to whole blocks first: a name is not told by its length.
    pub(crate) fn seal(
        &self,
        entropy: &mut dyn Entropy,
        field: Field,
        owner: u64,
        plain: &[u8],
    ) -> Result<Vec<u8>, RegisterError> {
        self.seal_in(entropy, &bound_to(field, owner), plain)
    }

    /// The same, bound to what stands in clear beside it as well: `beside` opens it again only as it was.
    pub(crate) fn seal_beside(
        &self,
        entropy: &mut dyn Entropy,
        (field, owner, beside): (Field, u64, &str),
        plain: &[u8],
    ) -> Result<Vec<u8>, RegisterError> {
        let bound = [&bound_to(field, owner), beside.as_bytes()].concat();
        self.seal_in(entropy, &bound, plain)
    }

    fn seal_in(
        &self,
        entropy: &mut dyn Entropy,
        bound: &[u8],
        plain: &[u8],
    ) -> Result<Vec<u8>, RegisterError> {
        let mut nonce = [0; NONCE];
        entropy.fill(&mut nonce);
        let blocks = (plain.len() + 1).div_ceil(BLOCK) * BLOCK;
        let mut padded = Zeroizing::new(Vec::with_capacity(blocks));
        padded.extend_from_slice(plain);
        padded.push(END);
        padded.resize(blocks, 0);
        let payload = Payload {
            msg: &padded,
            aad: bound,
        };
        let sealed = self
            .0
            .encrypt(&Nonce::from(nonce), payload)
            .map_err(|_| SEALING)?;
        Ok([nonce.as_slice(), &sealed].concat())
    }

    /// What [`FieldKey::seal`] sealed for the same field of the same owner.
    pub(crate) fn open(
        &self,
        field: Field,
        owner: u64,
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, RegisterError> {
        self.open_in(field, &bound_to(field, owner), sealed)
    }

    /// What [`FieldKey::seal_beside`] sealed.
    pub(crate) fn open_beside(
        &self,
        (field, owner, beside): (Field, u64, &str),
        sealed: &[u8],
    ) -> Result<Zeroizing<String>, RegisterError> {
        let bound = [&bound_to(field, owner), beside.as_bytes()].concat();
        text(field, &self.open_in(field, &bound, sealed)?)
    }

    fn open_in(
        &self,
        field: Field,
        bound: &[u8],
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, RegisterError> {
        let unsealable = || RegisterError::Unsealable { what: field.name() };
        let (nonce, sealed) = sealed.split_first_chunk::<NONCE>().ok_or_else(unsealable)?;
        let mut plain = Zeroizing::new(sealed.to_vec());
        self.0
            .decrypt_in_place(&Nonce::from(*nonce), bound, &mut *plain)
            .map_err(|_| unsealable())?;
        let end = plain
            .iter()
            .rposition(|octet| *octet != 0)
            .ok_or_else(unsealable)?;
        plain.truncate(end);
        Ok(plain)
    }

    /// [`FieldKey::open`] for what is text.
    pub(crate) fn open_text(
        &self,
        field: Field,
        owner: u64,
        sealed: &[u8],
    ) -> Result<Zeroizing<String>, RegisterError> {
        text(field, &self.open(field, owner, sealed)?)
    }
}

impl Field {
    const fn code(self) -> u8 {
        match self {
            Self::Holder => 1,
            Self::Number => 2,
            Self::Grounds => 3,
            Self::Contact => 4,
            Self::HolderText => 5,
            Self::OperatorText => 6,
            Self::Request => 7,
            Self::Superior => 8,
            Self::Stock => 9,
            Self::Decision => 10,
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Holder => "holder",
            Self::Number => "card number",
            Self::Grounds => "reason of a right",
            Self::Contact => "contact person",
            Self::HolderText => "holder's part of a record",
            Self::OperatorText => "operator's part of a record",
            Self::Request => "change that waits for approval",
            Self::Superior => "word of a superior",
            Self::Stock => "card of the stock",
            Self::Decision => "reason of a decision",
        }
    }
}

fn text(field: Field, plain: &[u8]) -> Result<Zeroizing<String>, RegisterError> {
    let text =
        std::str::from_utf8(plain).map_err(|_| RegisterError::Unsealable { what: field.name() })?;
    Ok(Zeroizing::new(text.to_owned()))
}

/// Associated data: the field's code, the owner's number big-endian.
fn bound_to(field: Field, owner: u64) -> [u8; 9] {
    let mut bound = [0; 9];
    for (place, octet) in bound
        .iter_mut()
        .zip([field.code()].into_iter().chain(owner.to_be_bytes()))
    {
        *place = octet;
    }
    bound
}

const INFO: &[u8] = b"portvakt register fields 1";
pub(crate) const NONCE: usize = 12;
/// Plain octets are a multiple of this.
const BLOCK: usize = 32;
/// Stands after the last plain octet; zeros fill the block.
const END: u8 = 0x80;
/// Lengths here are far below what the ciphers refuse.
const SEALING: RegisterError = RegisterError::Unsealable {
    what: "field to be sealed",
};

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::fixture::Counting;

    fn key(seed: u8) -> FieldKey {
        FieldKey::of(&Key32::new([seed; 32])).unwrap()
    }

    #[test]
    fn a_field_opens_only_where_it_was_sealed() {
        let mut entropy = Counting::default();
        let sealed = key(1)
            .seal(&mut entropy, Field::Holder, 7, b"Kari")
            .unwrap();
        assert_eq!(
            key(1).open(Field::Holder, 7, &sealed).unwrap().as_slice(),
            b"Kari"
        );
        assert!(key(2).open(Field::Holder, 7, &sealed).is_err());
        assert!(key(1).open(Field::Number, 7, &sealed).is_err());
        assert!(key(1).open(Field::Holder, 8, &sealed).is_err());
        for at in 0..sealed.len() {
            let mut altered = sealed.clone();
            altered[at] ^= 1;
            assert!(key(1).open(Field::Holder, 7, &altered).is_err());
            assert!(key(1).open(Field::Holder, 7, &sealed[..at]).is_err());
        }
    }

    #[test]
    fn two_seals_of_one_text_differ_and_short_texts_are_equally_long() {
        let mut entropy = Counting::default();
        let mut seal = |plain: &str| {
            key(1)
                .seal(&mut entropy, Field::Holder, 7, plain.as_bytes())
                .unwrap()
        };
        assert_ne!(seal("Kari"), seal("Kari"));
        assert_eq!(seal("").len(), seal("Kari Nordmann, Rør AS").len());
    }

    proptest! {
        #[test]
        fn whatever_is_sealed_opens(plain in proptest::collection::vec(any::<u8>(), 0..200), owner: u64) {
            let sealed = key(3).seal(&mut Counting::default(), Field::Grounds, owner, &plain).unwrap();
            let opened = key(3).open(Field::Grounds, owner, &sealed).unwrap();
            prop_assert_eq!(opened.as_slice(), plain.as_slice());
        }
    }
}
