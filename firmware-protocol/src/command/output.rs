//! OUT: what a reader's outputs, among them a door's strike, shall do.

use crate::coded::coded;
use crate::records::{Record, Records};

/// The data of OUT, 68: one or more [`OutputControl`]s.
pub type OutputControls<'a> = Records<'a, OutputControl>;

/// What one output shall do (OSDP 2.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OutputControl {
    /// The output, from 0.
    pub output: u8,
    /// What it shall do.
    pub action: OutputAction,
    /// For how long, in units of 100 ms; only for the timed actions. 0 there is for ever in some readers: do not send it.
    pub time_100ms: u16,
}

coded! {
    /// What an output shall do.
    pub enum OutputAction {
        /// Nothing changes.
        Nop = 0,
        /// Off for good; a running time is aborted.
        PermanentOffAbort = 1,
        /// On for good; a running time is aborted.
        PermanentOnAbort = 2,
        /// Off for good, once a running time has run out.
        PermanentOffAllow = 3,
        /// On for good, once a running time has run out.
        PermanentOnAllow = 4,
        /// On for the given time, then back to the permanent state.
        TimedOn = 5,
        /// Off for the given time, then back to the permanent state.
        TimedOff = 6,
    }
}

impl Record for OutputControl {
    type Octets = [u8; 4];
    const LEN: usize = 4;
    const COUNT_MIN: usize = 1;

    fn read([output, action, low, high]: [u8; 4]) -> Self {
        Self {
            output,
            action: OutputAction::from_code(action),
            time_100ms: u16::from_le_bytes([low, high]),
        }
    }

    fn write(self) -> [u8; 4] {
        let [low, high] = self.time_100ms.to_le_bytes();
        [self.output, self.action.code(), low, high]
    }
}

#[cfg(test)]
mod tests {
    use super::{OutputAction, OutputControl, OutputControls};
    use crate::MessageError;

    #[test]
    fn two_outputs_both_ways() {
        let octets = [
            0x00, // output 0
            0x05, // timed on
            0x1E, 0x00, // 30 units: 3.0 s, low octet first
            0x01, // output 1
            0x03, // off once a running time is out
            0x00, 0x00, // no time
        ];
        let list = [
            OutputControl {
                output: 0,
                action: OutputAction::TimedOn,
                time_100ms: 30,
            },
            OutputControl {
                output: 1,
                action: OutputAction::PermanentOffAllow,
                time_100ms: 0,
            },
        ];
        assert_eq!(OutputControls::decode(&octets), OutputControls::new(&list));
        let mut out = [0; 8];
        assert_eq!(OutputControls::new(&list).unwrap().encode(&mut out), Ok(8));
        assert_eq!(out, octets);
    }

    #[test]
    fn half_a_record_and_no_record_are_refused() {
        assert_eq!(
            OutputControls::decode(&[]),
            Err(MessageError::Length {
                actual: 0,
                needed: 4
            })
        );
        assert_eq!(
            OutputControls::decode(&[0; 5]),
            Err(MessageError::Length {
                actual: 5,
                needed: 8
            })
        );
        assert_eq!(
            OutputControls::new(&[]),
            Err(MessageError::Length {
                actual: 0,
                needed: 4
            })
        );
    }

    #[test]
    fn too_small_a_buffer_is_an_error() {
        let controls = OutputControls::decode(&[0; 8]).unwrap();
        assert_eq!(
            controls.encode(&mut [0; 7]),
            Err(MessageError::Room { needed: 8, room: 7 })
        );
        assert_eq!(controls.count(), 2);
    }
}
