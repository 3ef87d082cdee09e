//! Putting a message together again.

use super::{MultipartError, Part};
use crate::outlet::copy;

/// Puts the parts of one message after another together, in a buffer of the caller's.
///
/// Parts must come in order. The part that came last may come again, for its answer may have been lost; any other overlap,
/// a gap, another length or a message longer than the buffer is refused, and what has come is forgotten.
pub struct Assembler<'b> {
    buffer: &'b mut [u8],
    total: u16,
    /// Where the last part began.
    last: usize,
    filled: usize,
}

/// What a part has led to.
#[derive(Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum Assembled<'a> {
    /// More is to come.
    Incomplete {
        /// Octets there.
        received: usize,
    },
    /// The message is whole.
    Whole(&'a [u8]),
    /// The sender gives up; what has come is forgotten.
    GivenUp,
}

impl<'b> Assembler<'b> {
    /// An assembler for messages of at most as many octets as `buffer` has.
    #[must_use]
    pub const fn new(buffer: &'b mut [u8]) -> Self {
        Self {
            buffer,
            total: 0,
            last: 0,
            filled: 0,
        }
    }

    /// A part has come. A whole message is to be used before the next part.
    ///
    /// # Errors
    /// [`MultipartError`] if it does not fit to what has come before.
    pub fn handle_part(&mut self, part: &Part<'_>) -> Result<Assembled<'_>, MultipartError> {
        if part.is_given_up() {
            self.reset();
            return Ok(Assembled::GivenUp);
        }
        let checked = self.check(part);
        if checked.is_err() {
            self.reset();
        }
        self.put(part, checked?);
        if self.filled < usize::from(self.total) {
            return Ok(Assembled::Incomplete {
                received: self.filled,
            });
        }
        Ok(Assembled::Whole(
            self.buffer.get(..self.filled).unwrap_or_default(),
        ))
    }

    /// Forgets what has come.
    pub fn reset(&mut self) {
        self.total = 0;
        self.last = 0;
        self.filled = 0;
    }

    /// Where the part goes, if it fits.
    fn check(&self, part: &Part<'_>) -> Result<usize, MultipartError> {
        let (needed, room) = (usize::from(part.total()), self.buffer.len());
        if needed > room {
            return Err(MultipartError::Room { needed, room });
        }
        if part.octets().is_empty() && needed > 0 {
            return Err(MultipartError::Empty);
        }
        let offset = usize::from(part.offset());
        if offset == 0 {
            return Ok(0);
        }
        let repeated = offset == self.last && offset + part.octets().len() == self.filled;
        if offset != self.filled && !repeated {
            return Err(MultipartError::Offset {
                actual: offset,
                needed: self.filled,
            });
        }
        if part.total() != self.total {
            return Err(MultipartError::Total {
                actual: part.total(),
                needed: self.total,
            });
        }
        Ok(offset)
    }

    fn put(&mut self, part: &Part<'_>, at: usize) {
        let end = at.saturating_add(part.octets().len());
        copy(
            part.octets(),
            self.buffer.get_mut(at..end).unwrap_or_default(),
        );
        self.total = part.total();
        self.last = at;
        self.filled = end;
    }
}

/// Shows how much, not what.
impl core::fmt::Debug for Assembled<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Incomplete { received } => write!(f, "Incomplete({received} octets)"),
            Self::Whole(message) => write!(f, "Whole({} octets)", message.len()),
            Self::GivenUp => f.write_str("GivenUp"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Assembled, Assembler, MultipartError, Part};

    const MESSAGE: [u8; 6] = [0xA0, 0xA1, 0xA2, 0xA3, 0xA4, 0xA5];

    fn part(offset: u16, len: usize) -> Part<'static> {
        let from = usize::from(offset);
        Part::new(6, offset, &MESSAGE[from..from + len]).unwrap()
    }

    #[test]
    fn a_message_is_put_together_though_a_part_comes_twice() {
        let mut buffer = [0; 6];
        let mut assembler = Assembler::new(&mut buffer);
        for _ in 0..2 {
            assert_eq!(
                assembler.handle_part(&part(0, 4)),
                Ok(Assembled::Incomplete { received: 4 })
            );
        }
        for _ in 0..2 {
            assert_eq!(
                assembler.handle_part(&part(4, 2)),
                Ok(Assembled::Whole(&MESSAGE))
            );
        }
        let nothing = Part::new(0, 0, &[]).unwrap();
        assert_eq!(assembler.handle_part(&nothing), Ok(Assembled::Whole(&[])));
    }

    #[test]
    fn gaps_overlaps_and_oversize_are_refused() {
        let refused = |wrong: Part<'_>| {
            let mut buffer = [0; 6];
            let mut assembler = Assembler::new(&mut buffer);
            let begun = Assembled::Incomplete { received: 4 };
            assert_eq!(assembler.handle_part(&part(0, 4)), Ok(begun));
            let error = assembler.handle_part(&wrong).unwrap_err();
            let forgotten = MultipartError::Offset {
                actual: 4,
                needed: 0,
            };
            assert_eq!(assembler.handle_part(&part(4, 2)), Err(forgotten));
            error
        };
        let offset = |actual| MultipartError::Offset { actual, needed: 4 };
        assert_eq!(refused(part(5, 1)), offset(5));
        assert_eq!(refused(part(3, 3)), offset(3));
        assert_eq!(refused(part(4, 0)), MultipartError::Empty);
        assert_eq!(
            refused(Part::new(5, 4, &[0]).unwrap()),
            MultipartError::Total {
                actual: 5,
                needed: 6
            }
        );
        assert_eq!(
            refused(Part::new(7, 0, &[0]).unwrap()),
            MultipartError::Room { needed: 7, room: 6 }
        );
    }

    #[test]
    fn a_message_given_up_is_forgotten() {
        let mut buffer = [0; 6];
        let mut assembler = Assembler::new(&mut buffer);
        assert!(assembler.handle_part(&part(0, 4)).is_ok());
        assert_eq!(
            assembler.handle_part(&Part::given_up(6)),
            Ok(Assembled::GivenUp)
        );
        assert!(assembler.handle_part(&part(4, 2)).is_err());
    }
}
