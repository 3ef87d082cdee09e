//! The address of a reader on its line.

/// A reader's address, 0 to 126, or [`Address::BROADCAST`] (OSDP 2.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Address(u8);

impl Address {
    /// The configuration address, 127: every reader hears it. Meant for ID, CAP and COMSET with one reader on the line.
    pub const BROADCAST: Self = Self(0x7F);

    /// The address `value`; `None` above 126.
    #[must_use]
    pub const fn new(value: u8) -> Option<Self> {
        if value < Self::BROADCAST.0 {
            Some(Self(value))
        } else {
            None
        }
    }

    /// The address as a number, 0 to 127.
    #[must_use]
    pub const fn get(self) -> u8 {
        self.0
    }

    /// The low seven bits of a frame's address octet; the eighth says the direction.
    pub(crate) const fn from_octet(octet: u8) -> Self {
        Self(octet & Self::BROADCAST.0)
    }
}

#[cfg(test)]
mod tests {
    use super::Address;

    #[test]
    fn an_address_is_at_most_126() {
        assert_eq!(Address::new(126).map(Address::get), Some(126));
        assert_eq!(Address::new(127), None);
        assert_eq!(Address::new(255), None);
        assert_eq!(Address::BROADCAST.get(), 127);
    }
}
