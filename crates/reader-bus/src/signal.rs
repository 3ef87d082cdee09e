//! What a reader shows and sounds to the person in front of it.

use firmware_protocol::command::{
    BuzzerControl, BuzzerTone, LedColor, LedControl, PermanentLed, TemporaryAction, TemporaryLed,
};

/// A pattern of light and sound. Showing it is a courtesy: the newest wins, and no unlock waits for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Signal {
    /// Come in: green for 3 s, one short tone.
    Granted,
    /// No: red, blinking for 2 s, three short tones.
    Denied,
    /// Wait: amber for 2 s, silent.
    Wait,
}

impl Signal {
    pub(crate) const fn light(self) -> LedControl {
        let (on_color, off_100ms, time_100ms) = match self {
            Self::Granted => (LedColor::Green, 0, 30),
            Self::Denied => (LedColor::Red, 2, 20),
            Self::Wait => (LedColor::Amber, 0, 20),
        };
        LedControl {
            reader: 0,
            led: 0,
            temporary: TemporaryLed {
                action: TemporaryAction::Set,
                on_100ms: 2,
                off_100ms,
                on_color,
                off_color: LedColor::Black,
                time_100ms,
            },
            permanent: PermanentLed::NOP,
        }
    }

    pub(crate) const fn sound(self) -> Option<BuzzerControl> {
        let (off_100ms, count) = match self {
            Self::Granted => (0, 1),
            Self::Denied => (1, 3),
            Self::Wait => return None,
        };
        Some(BuzzerControl {
            reader: 0,
            tone: BuzzerTone::Default,
            on_100ms: 1,
            off_100ms,
            count,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Signal;

    #[test]
    fn every_light_goes_out_by_itself_and_every_tone_ends() {
        for signal in [Signal::Granted, Signal::Denied, Signal::Wait] {
            assert!(signal.light().temporary.time_100ms > 0);
            assert!(signal.sound().is_none_or(|sound| sound.count > 0));
        }
    }
}
