//! What a reader shows and sounds to the person in front of it: a pattern for each occasion, chosen by the house.

use firmware_protocol::command::{
    BuzzerControl, BuzzerTone, LedColor, LedControl, PermanentAction, PermanentLed,
    TemporaryAction, TemporaryLed,
};

/// Why something is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Occasion {
    /// Come in.
    Granted,
    /// No.
    Denied,
    /// Wait.
    Wait,
    /// Nobody comes in here for now.
    Lockdown,
    /// A second card is wanted.
    SecondCard,
    /// The door has stood open for almost too long.
    HeldSoon,
}

/// A pattern of light, sound and text. Showing it is a courtesy: the newest wins, and no unlock waits for it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Signal {
    /// The light, if any.
    pub light: Option<Light>,
    /// The tones, if any.
    pub sound: Option<Sound>,
    /// What a display says, if the reader has one.
    pub text: Option<Caption>,
}

/// A light for a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Light {
    /// Its colour.
    pub color: LedColor,
    /// Whether it blinks, five times in two seconds.
    pub blinks: bool,
    /// How long it lasts, 100 ms units, at least 1.
    pub time_100ms: u16,
}

/// Short tones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sound {
    /// How many, at least 1.
    pub beeps: u8,
}

/// A line of text for a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caption {
    text: String,
    time_s: u8,
}

/// The patterns of a house.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Feedback {
    /// Default: green for 3 s, one tone.
    pub granted: Signal,
    /// Default: red, blinking for 2 s, three tones.
    pub denied: Signal,
    /// Default: amber for 2 s.
    pub wait: Signal,
    /// Default: red, blinking, as long as it lasts.
    pub lockdown: Signal,
    /// Default: amber, blinking for 10 s, two tones.
    pub second_card: Signal,
    /// Default: amber, blinking for 5 s, four tones.
    pub held_soon: Signal,
}

impl Feedback {
    /// What is shown on an occasion.
    #[must_use]
    pub const fn of(&self, occasion: Occasion) -> &Signal {
        match occasion {
            Occasion::Granted => &self.granted,
            Occasion::Denied => &self.denied,
            Occasion::Wait => &self.wait,
            Occasion::Lockdown => &self.lockdown,
            Occasion::SecondCard => &self.second_card,
            Occasion::HeldSoon => &self.held_soon,
        }
    }
}

impl Default for Feedback {
    fn default() -> Self {
        let pattern = |color, blinks, time_100ms, beeps| Signal {
            light: Some(Light {
                color,
                blinks,
                time_100ms,
            }),
            sound: (beeps > 0).then_some(Sound { beeps }),
            text: None,
        };
        Self {
            granted: pattern(LedColor::Green, false, 30, 1),
            denied: pattern(LedColor::Red, true, 20, 3),
            wait: pattern(LedColor::Amber, false, 20, 0),
            lockdown: pattern(LedColor::Red, true, 20, 0),
            second_card: pattern(LedColor::Amber, true, 100, 2),
            held_soon: pattern(LedColor::Amber, true, 50, 4),
        }
    }
}

impl Caption {
    /// `text` for `time_s` seconds, at least one; `None` unless it is 1 to [`CAPTION_LEN_MAX`] printable ASCII characters.
    #[must_use]
    pub fn new(text: &str, time_s: u8) -> Option<Self> {
        let fits = (1..=CAPTION_LEN_MAX).contains(&text.len());
        let is_plain = text.bytes().all(|octet| (0x20..0x7F).contains(&octet));
        (fits && is_plain && time_s > 0).then(|| Self {
            text: text.to_owned(),
            time_s,
        })
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    pub(crate) const fn time_s(&self) -> u8 {
        self.time_s
    }
}

impl Light {
    /// For its time; then the light shows again what it showed before.
    pub(crate) const fn temporary(self) -> LedControl {
        let (on_100ms, off_100ms) = self.beat();
        LedControl {
            reader: 0,
            led: 0,
            temporary: TemporaryLed {
                action: TemporaryAction::Set,
                on_100ms,
                off_100ms,
                on_color: self.color,
                off_color: LedColor::Black,
                time_100ms: self.time_100ms,
            },
            permanent: PermanentLed::NOP,
        }
    }

    /// Until another takes its place; `None` puts the light out.
    pub(crate) const fn standing(light: Option<Self>) -> LedControl {
        let (color, (on_100ms, off_100ms)) = match light {
            Some(light) => (light.color, light.beat()),
            None => (LedColor::Black, (1, 0)),
        };
        LedControl {
            reader: 0,
            led: 0,
            temporary: TemporaryLed::NOP,
            permanent: PermanentLed {
                action: PermanentAction::Set,
                on_100ms,
                off_100ms,
                on_color: color,
                off_color: LedColor::Black,
            },
        }
    }

    const fn beat(self) -> (u8, u8) {
        if self.blinks { (2, 2) } else { (2, 0) }
    }
}

impl Sound {
    pub(crate) const fn control(self) -> BuzzerControl {
        BuzzerControl {
            reader: 0,
            tone: BuzzerTone::Default,
            on_100ms: 1,
            off_100ms: 1,
            count: self.beeps,
        }
    }
}

/// Most characters of a text: two rows of a small display.
pub const CAPTION_LEN_MAX: usize = 32;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_light_goes_out_by_itself_and_every_tone_ends() {
        let house = Feedback::default();
        for occasion in [
            Occasion::Granted,
            Occasion::Denied,
            Occasion::Wait,
            Occasion::Lockdown,
            Occasion::SecondCard,
            Occasion::HeldSoon,
        ] {
            let signal = house.of(occasion);
            let light = signal.light.unwrap().temporary();
            assert!(light.temporary.time_100ms > 0);
            assert!(signal.sound.is_none_or(|sound| sound.control().count > 0));
        }
    }

    #[test]
    fn a_standing_light_stays_and_can_be_put_out() {
        let red = Feedback::default().lockdown.light;
        let stands = Light::standing(red).permanent;
        assert_eq!(
            (stands.action, stands.on_color),
            (PermanentAction::Set, LedColor::Red)
        );
        assert_eq!(Light::standing(None).permanent.on_color, LedColor::Black);
    }

    #[test]
    fn a_caption_is_short_and_plain() {
        assert_eq!(Caption::new("Welcome", 3).unwrap().text(), "Welcome");
        for (text, time_s) in [("", 3), ("Velkommen på besøk", 3), ("x\n", 3), ("x", 0)] {
            assert!(Caption::new(text, time_s).is_none(), "{text}");
        }
        assert!(Caption::new(&"x".repeat(33), 1).is_none());
    }
}
