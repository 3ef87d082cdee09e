//! A message made of equal records one after another: outputs, LEDs, capabilities.

use core::fmt;

use crate::message::{MessageError, write_runs};

/// One record of fixed length inside a message.
pub trait Record: Copy {
    /// The record as octets.
    type Octets: AsRef<[u8]> + for<'a> TryFrom<&'a [u8]>;
    /// Octets a record takes.
    const LEN: usize;
    /// The least number of records a message must have.
    const COUNT_MIN: usize;

    /// The record behind these octets.
    fn read(octets: Self::Octets) -> Self;
    /// The record as octets.
    fn write(self) -> Self::Octets;
}

/// Equal records, either as they stand in a received message or as the sender lists them.
#[derive(Clone, Copy)]
pub struct Records<'a, R> {
    source: Source<'a, R>,
}

#[derive(Clone, Copy)]
enum Source<'a, R> {
    Wire(&'a [u8]),
    List(&'a [R]),
}

impl<'a, R: Record> Records<'a, R> {
    /// The records to send.
    ///
    /// # Errors
    /// [`MessageError::Length`] if there are fewer than the message must have.
    pub fn new(list: &'a [R]) -> Result<Self, MessageError> {
        if list.len() < R::COUNT_MIN {
            return Err(MessageError::Length {
                actual: 0,
                needed: R::COUNT_MIN * R::LEN,
            });
        }
        Ok(Self {
            source: Source::List(list),
        })
    }

    /// The records in the data of a received message.
    ///
    /// # Errors
    /// [`MessageError::Length`] if the data is not a whole number of records, or too few of them.
    pub fn decode(data: &'a [u8]) -> Result<Self, MessageError> {
        let count = data.len().div_ceil(R::LEN).max(R::COUNT_MIN);
        if data.len() != count * R::LEN {
            return Err(MessageError::Length {
                actual: data.len(),
                needed: count * R::LEN,
            });
        }
        Ok(Self {
            source: Source::Wire(data),
        })
    }

    /// Writes the records as message data and returns the octets written.
    ///
    /// # Errors
    /// [`MessageError::Room`] if `out` is too small.
    pub fn encode(&self, out: &mut [u8]) -> Result<usize, MessageError> {
        let mut filled = 0;
        for record in self.iter() {
            let octets = record.write();
            let room = out.len();
            let needed = filled + R::LEN;
            let slot = out
                .get_mut(filled..needed)
                .ok_or(MessageError::Room { needed, room })?;
            filled += write_runs(slot, &[octets.as_ref()])?;
        }
        Ok(filled)
    }

    /// The records in order.
    pub fn iter(&self) -> impl Iterator<Item = R> + 'a {
        let (wire, list): (&'a [u8], &'a [R]) = match self.source {
            Source::Wire(data) => (data, &[]),
            Source::List(list) => (&[], list),
        };
        wire.chunks(R::LEN)
            .filter_map(|octets| R::Octets::try_from(octets).ok().map(R::read))
            .chain(list.iter().copied())
    }

    /// How many records there are.
    #[must_use]
    pub fn count(&self) -> usize {
        match self.source {
            Source::Wire(data) => data.len() / R::LEN,
            Source::List(list) => list.len(),
        }
    }
}

impl<R: Record + PartialEq> PartialEq for Records<'_, R> {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl<R: Record + Eq> Eq for Records<'_, R> {}

impl<R: Record + fmt::Debug> fmt::Debug for Records<'_, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}
