//! BUZ: what a reader's buzzer shall sound.

use crate::coded::coded;
use crate::message::{MessageError, exactly, write_runs};

/// The data of BUZ, 6A (OSDP 2.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BuzzerControl {
    /// The reader head, 0 for the first.
    pub reader: u8,
    /// What it sounds.
    pub tone: BuzzerTone,
    /// Time sounding, 100 ms units.
    pub on_100ms: u8,
    /// Time silent, 100 ms units.
    pub off_100ms: u8,
    /// How many times; 0 is until told otherwise.
    pub count: u8,
}

coded! {
    /// What a buzzer sounds.
    pub enum BuzzerTone {
        /// Nothing changes.
        Nop = 0,
        /// Silence.
        Off = 1,
        /// The reader's own tone.
        Default = 2,
    }
}

impl BuzzerControl {
    /// The control in the data of a received message.
    ///
    /// # Errors
    /// [`MessageError::Length`] unless the data has five octets.
    pub fn decode(data: &[u8]) -> Result<Self, MessageError> {
        let [reader, tone, on_100ms, off_100ms, count] = exactly(data)?;
        Ok(Self {
            reader,
            tone: BuzzerTone::from_code(tone),
            on_100ms,
            off_100ms,
            count,
        })
    }

    /// Writes the control as message data and returns the octets written.
    ///
    /// # Errors
    /// [`MessageError::Room`] if `out` is too small.
    pub fn encode(&self, out: &mut [u8]) -> Result<usize, MessageError> {
        write_runs(
            out,
            &[&[
                self.reader,
                self.tone.code(),
                self.on_100ms,
                self.off_100ms,
                self.count,
            ]],
        )
    }
}

#[cfg(test)]
mod tests {
    use super::{BuzzerControl, BuzzerTone};
    use crate::MessageError;

    #[test]
    fn a_buzzer_both_ways() {
        let octets = [
            0x00, // reader 0
            0x02, // its own tone
            0x02, // sounding 0.2 s
            0x01, // silent 0.1 s
            0x03, // three times
        ];
        let control = BuzzerControl {
            reader: 0,
            tone: BuzzerTone::Default,
            on_100ms: 2,
            off_100ms: 1,
            count: 3,
        };
        assert_eq!(BuzzerControl::decode(&octets), Ok(control));
        let mut out = [0; 5];
        assert_eq!(control.encode(&mut out), Ok(5));
        assert_eq!(out, octets);
        assert_eq!(
            BuzzerControl::decode(&octets[..4]),
            Err(MessageError::Length {
                actual: 4,
                needed: 5
            })
        );
    }
}
