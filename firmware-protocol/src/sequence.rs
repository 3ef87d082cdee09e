//! The two-bit number by which both ends tell a repeated frame from a new one.

/// A sequence number, 0 to 3 (OSDP 2.2): 0 starts over, then 1, 2, 3, 1, 2, 3 and so on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Sequence(u8);

impl Sequence {
    /// Number 0: forget the conversation and begin anew; ends a Secure Channel session.
    pub const RESET: Self = Self(0);

    /// The number `value`; `None` above 3.
    #[must_use]
    pub const fn new(value: u8) -> Option<Self> {
        if value <= MASK {
            Some(Self(value))
        } else {
            None
        }
    }

    /// The number, 0 to 3.
    #[must_use]
    pub const fn get(self) -> u8 {
        self.0
    }

    /// The number that follows this one: 0→1→2→3→1.
    #[must_use]
    pub const fn next(self) -> Self {
        match self.0 {
            0 => Self(1),
            1 => Self(2),
            2 => Self(3),
            _ => Self(1),
        }
    }

    pub(crate) const fn from_control(control: u8) -> Self {
        Self(control & MASK)
    }
}

const MASK: u8 = 0b11;

#[cfg(test)]
mod tests {
    use super::Sequence;

    #[test]
    fn zero_comes_back_only_by_a_reset() {
        let mut at = Sequence::RESET;
        let seen = [(); 7].map(|()| {
            at = at.next();
            at.get()
        });
        assert_eq!(seen, [1, 2, 3, 1, 2, 3, 1]);
        assert_eq!(Sequence::new(4), None);
    }
}
