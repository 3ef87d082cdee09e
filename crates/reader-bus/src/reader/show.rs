//! Showing: light, tone and text for whoever stands in front of the reader.

use firmware_protocol::command::LedControl;

use super::Reader;
use crate::{Light, Signal, Sound};

/// What a reader has to show with. Light and tones are taken for granted until it says otherwise, a display is not.
pub(super) struct Head {
    pub(super) light: bool,
    pub(super) sound: bool,
    pub(super) text: bool,
}

impl Default for Head {
    fn default() -> Self {
        Self {
            light: true,
            sound: true,
            text: false,
        }
    }
}

impl Reader {
    /// Shows a pattern when its turn comes; the newest wins.
    pub(crate) fn signal(&mut self, signal: &Signal) {
        if self.in_service {
            self.light = signal.light.filter(|_| self.head.light);
            let sound = signal.sound.filter(|_| self.head.sound);
            self.sound = sound.map(Sound::control);
            self.caption = signal.text.clone().filter(|_| self.head.text);
        }
    }

    /// What the light shows from now on when nothing else is to be shown, also after the reader was away.
    pub(crate) fn stand(&mut self, light: Option<Light>) {
        self.standing = Some(light);
        self.standing_due = self.in_service;
    }

    /// What the light is told next: what it shows for a time, and in the same breath what it shows afterwards.
    pub(super) fn next_light(&mut self) -> Option<LedControl> {
        let standing = self
            .standing
            .filter(|_| std::mem::take(&mut self.standing_due));
        let (light, standing) = (self.light.take(), standing.filter(|_| self.head.light));
        match (light.map(Light::temporary), standing.map(Light::standing)) {
            (Some(light), Some(standing)) => Some(LedControl {
                permanent: standing.permanent,
                ..light
            }),
            (light, standing) => light.or(standing),
        }
    }
}
