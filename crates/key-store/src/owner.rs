//! Owners: whose key it is, and where it lies.

/// Whose key a slot holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Owner {
    /// An issuance, by its number.
    Issuance(u32),
    /// An operator, by its number.
    Operator(u16),
    /// A UTC day, counted from 1970-01-01: for what belongs to nobody known.
    Day(u32),
    /// A reader, by its number: the key on its way to it, beside the one it has.
    Reader(u16),
    /// A change that waits for another person's approval, by its number.
    Approval(u32),
}

/// A slot and its generation: a pair that never repeats in the life of a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Slot {
    /// The place in the slot file, from 0.
    pub index: u32,
    /// How often the place has been given out, from 1.
    pub generation: u32,
}

/// The house's own keys. All but those of epochs are made once, when the store is created.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fixed {
    /// Everything in the log about doors, readers and the system.
    House,
    /// The keyed tags of card numbers.
    Tag,
    /// The seed of the log's Ed25519 signing key.
    LogSigning,
    /// Fields of the register that belong to no issuance: tenants' contacts.
    Register,
    /// The authenticated snapshot of the allowlist.
    Snapshot,
    /// The seed of the Ed25519 key that seals the log's epochs of even number; made and renewed by the log.
    EvenEpoch,
    /// The same for odd numbers.
    OddEpoch,
    /// The keyed hashes of PINs; made when it is first needed.
    Pin,
}

impl Fixed {
    /// Every key that is made with the store, in the order of its slot.
    pub const ALL: [Self; 5] = [
        Self::House,
        Self::Tag,
        Self::LogSigning,
        Self::Register,
        Self::Snapshot,
    ];

    /// The slot in `fixed.bin`; stable.
    pub(crate) const fn index(self) -> u32 {
        match self {
            Self::House => 0,
            Self::Tag => 1,
            Self::LogSigning => 2,
            Self::Register => 3,
            Self::Snapshot => 4,
            Self::EvenEpoch => 5,
            Self::OddEpoch => 6,
            Self::Pin => 7,
        }
    }
}
