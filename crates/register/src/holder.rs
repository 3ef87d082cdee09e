//! Holder: what is registered of a recipient and of a contact person, and how it is packed before it is sealed (M7).

use std::fmt;

use zeroize::Zeroizing;

use crate::text::Text;

/// What is recorded of a card's holder, and nothing more (M7).
#[derive(Clone, PartialEq, Eq)]
pub struct HolderFields {
    /// The holder's name.
    pub name: Text,
    /// The holder's firm.
    pub firm: Text,
    /// The holder's mobile.
    pub mobile: Text,
    /// Who or what identified the holder.
    pub identified_by: Text,
}

/// A tenant's contact person.
#[derive(Clone, PartialEq, Eq)]
pub struct ContactPerson {
    /// The contact's name.
    pub name: Text,
    /// The contact's mobile.
    pub mobile: Text,
}

impl HolderFields {
    pub(crate) fn pack(&self) -> Zeroizing<Vec<u8>> {
        pack(&[&self.name, &self.firm, &self.mobile, &self.identified_by])
    }

    pub(crate) fn unpack(packed: &[u8]) -> Option<Self> {
        let [name, firm, mobile, identified_by] = unpack(packed)?;
        Some(Self {
            name,
            firm,
            mobile,
            identified_by,
        })
    }
}

impl ContactPerson {
    pub(crate) fn pack(&self) -> Zeroizing<Vec<u8>> {
        pack(&[&self.name, &self.mobile])
    }

    pub(crate) fn unpack(packed: &[u8]) -> Option<Self> {
        let [name, mobile] = unpack(packed)?;
        Some(Self { name, mobile })
    }
}

impl fmt::Debug for HolderFields {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HolderFields(..)")
    }
}

impl fmt::Debug for ContactPerson {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ContactPerson(..)")
    }
}

/// Texts in one. Layout: the version, then each text as its length in octets (u16be) and its octets.
pub(crate) fn pack(texts: &[&Text]) -> Zeroizing<Vec<u8>> {
    let octets: usize = texts.iter().map(|text| 2 + text.expose().len()).sum();
    // Room from the start: growing would leave copies behind.
    let mut packed = Zeroizing::new(Vec::with_capacity(1 + octets));
    packed.push(VERSION);
    for text in texts {
        let text = text.expose().as_bytes();
        packed.extend_from_slice(&u16::try_from(text.len()).unwrap_or(u16::MAX).to_be_bytes());
        packed.extend_from_slice(text);
    }
    packed
}

/// What [`pack`] packed, if it is so many texts.
pub(crate) fn unpack<const N: usize>(packed: &[u8]) -> Option<[Text; N]> {
    let (VERSION, mut rest) = packed
        .split_first()
        .map(|(version, rest)| (*version, rest))?
    else {
        return None;
    };
    let mut texts = Vec::with_capacity(N);
    while let Some((len, after)) = rest.split_first_chunk() {
        let (text, after) = after.split_at_checked(usize::from(u16::from_be_bytes(*len)))?;
        texts.push(Text::new("stored", std::str::from_utf8(text).ok()?).ok()?);
        rest = after;
    }
    texts.try_into().ok().filter(|_| rest.is_empty())
}

const VERSION: u8 = 1;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::text;

    fn kari() -> HolderFields {
        HolderFields {
            name: text("Kari Nordmann"),
            firm: text("Rør AS"),
            mobile: text("91234567"),
            identified_by: text("Ola"),
        }
    }

    #[test]
    fn the_fields_come_back_as_packed() {
        assert_eq!(HolderFields::unpack(&kari().pack()), Some(kari()));
        let contact = ContactPerson {
            name: text("Ola"),
            mobile: text("1"),
        };
        assert_eq!(
            ContactPerson::unpack(&contact.pack()),
            Some(contact.clone())
        );
        assert_eq!(HolderFields::unpack(&contact.pack()), None);
    }

    #[test]
    fn a_cut_or_prolonged_packing_is_refused() {
        let packed = kari().pack();
        for end in 0..packed.len() {
            assert_eq!(HolderFields::unpack(&packed[..end]), None, "{end}");
        }
        assert_eq!(
            HolderFields::unpack(&[packed.as_slice(), &[0]].concat()),
            None
        );
        assert_eq!(HolderFields::unpack(&[&[9], &packed[1..]].concat()), None);
    }

    #[test]
    fn debug_shows_nobody() {
        assert_eq!(format!("{:?}", kari()), "HolderFields(..)");
    }
}
