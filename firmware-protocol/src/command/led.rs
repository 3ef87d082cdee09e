//! LED: what a reader's lights shall show.

use crate::coded::coded;
use crate::records::{Record, Records};

/// The data of LED, 69: one or more [`LedControl`]s.
pub type LedControls<'a> = Records<'a, LedControl>;

/// What one light shall show (OSDP 2.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LedControl {
    /// The reader head, 0 for the first.
    pub reader: u8,
    /// The light, 0 for the first.
    pub led: u8,
    /// What it shows for a while.
    pub temporary: TemporaryLed,
    /// What it shows otherwise.
    pub permanent: PermanentLed,
}

/// What a light shows for a while, blinking if both times are set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TemporaryLed {
    /// Whether the rest counts.
    pub action: TemporaryAction,
    /// Time lit, 100 ms units.
    pub on_100ms: u8,
    /// Time dark, 100 ms units.
    pub off_100ms: u8,
    /// Colour while lit.
    pub on_color: LedColor,
    /// Colour while dark.
    pub off_color: LedColor,
    /// How long all this lasts, 100 ms units.
    pub time_100ms: u16,
}

/// What a light shows otherwise, blinking if both times are set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PermanentLed {
    /// Whether the rest counts.
    pub action: PermanentAction,
    /// Time lit, 100 ms units.
    pub on_100ms: u8,
    /// Time dark, 100 ms units.
    pub off_100ms: u8,
    /// Colour while lit.
    pub on_color: LedColor,
    /// Colour while dark.
    pub off_color: LedColor,
}

impl TemporaryLed {
    /// Leaves the temporary state as it is.
    pub const NOP: Self = Self {
        action: TemporaryAction::Nop,
        on_100ms: 0,
        off_100ms: 0,
        on_color: LedColor::Black,
        off_color: LedColor::Black,
        time_100ms: 0,
    };
}

impl PermanentLed {
    /// Leaves the permanent state as it is.
    pub const NOP: Self = Self {
        action: PermanentAction::Nop,
        on_100ms: 0,
        off_100ms: 0,
        on_color: LedColor::Black,
        off_color: LedColor::Black,
    };
}

coded! {
    /// What becomes of the temporary state.
    pub enum TemporaryAction {
        /// Nothing changes.
        Nop = 0,
        /// The temporary state ends now.
        Cancel = 1,
        /// The temporary state begins now.
        Set = 2,
    }
}

coded! {
    /// What becomes of the permanent state.
    pub enum PermanentAction {
        /// Nothing changes.
        Nop = 0,
        /// The permanent state is this from now on.
        Set = 1,
    }
}

coded! {
    /// The colour of a light.
    pub enum LedColor {
        /// Dark.
        Black = 0,
        /// Red.
        Red = 1,
        /// Green.
        Green = 2,
        /// Amber.
        Amber = 3,
        /// Blue.
        Blue = 4,
        /// Magenta.
        Magenta = 5,
        /// Cyan.
        Cyan = 6,
        /// White.
        White = 7,
    }
}

impl Record for LedControl {
    type Octets = [u8; 14];
    const LEN: usize = 14;
    const COUNT_MIN: usize = 1;

    fn read(octets: [u8; 14]) -> Self {
        let [
            reader,
            led,
            action,
            on,
            off,
            on_color,
            off_color,
            low,
            high,
            permanent @ ..,
        ] = octets;
        let temporary = TemporaryLed {
            action: TemporaryAction::from_code(action),
            on_100ms: on,
            off_100ms: off,
            on_color: LedColor::from_code(on_color),
            off_color: LedColor::from_code(off_color),
            time_100ms: u16::from_le_bytes([low, high]),
        };
        let [action, on, off, on_color, off_color] = permanent;
        let permanent = PermanentLed {
            action: PermanentAction::from_code(action),
            on_100ms: on,
            off_100ms: off,
            on_color: LedColor::from_code(on_color),
            off_color: LedColor::from_code(off_color),
        };
        Self {
            reader,
            led,
            temporary,
            permanent,
        }
    }

    fn write(self) -> [u8; 14] {
        let Self {
            reader,
            led,
            temporary: t,
            permanent: p,
        } = self;
        let [low, high] = t.time_100ms.to_le_bytes();
        [
            reader,
            led,
            t.action.code(),
            t.on_100ms,
            t.off_100ms,
            t.on_color.code(),
            t.off_color.code(),
            low,
            high,
            p.action.code(),
            p.on_100ms,
            p.off_100ms,
            p.on_color.code(),
            p.off_color.code(),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::{
        LedColor, LedControl, LedControls, PermanentAction, PermanentLed, TemporaryAction,
        TemporaryLed,
    };
    use crate::MessageError;

    const OCTETS: [u8; 14] = [
        0x00, // reader 0
        0x01, // light 1
        0x02, // temporary: set
        0x02, // lit 0.2 s
        0x01, // dark 0.1 s
        0x02, // green while lit
        0x00, // black while dark
        0x1E, 0x00, // for 3.0 s, low octet first
        0x01, // permanent: set
        0x0A, // lit 1.0 s
        0x00, // never dark
        0x01, // red while lit
        0x09, // a colour without a name while dark
    ];

    #[test]
    fn a_light_both_ways() {
        let list = [LedControl {
            reader: 0,
            led: 1,
            temporary: TemporaryLed {
                action: TemporaryAction::Set,
                on_100ms: 2,
                off_100ms: 1,
                on_color: LedColor::Green,
                off_color: LedColor::Black,
                time_100ms: 30,
            },
            permanent: PermanentLed {
                action: PermanentAction::Set,
                on_100ms: 10,
                off_100ms: 0,
                on_color: LedColor::Red,
                off_color: LedColor::Unknown(9),
            },
        }];
        assert_eq!(LedControls::decode(&OCTETS), LedControls::new(&list));
        let mut out = [0; 14];
        assert_eq!(LedControls::new(&list).unwrap().encode(&mut out), Ok(14));
        assert_eq!(out, OCTETS);
    }

    #[test]
    fn a_light_cut_short_is_refused() {
        assert_eq!(
            LedControls::decode(&OCTETS[..13]),
            Err(MessageError::Length {
                actual: 13,
                needed: 14
            })
        );
    }
}
