//! The ways in which a simulated building is broken; each is in a run or not.

use std::fmt;
use std::str::FromStr;

use crate::dice::Dice;

macro_rules! faults {
    ($($(#[$doc:meta])* $name:ident = $bit:literal, $text:literal;)*) => {
        /// One way in which a simulated building is broken.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Fault {
            $($(#[$doc])* $name = $bit,)*
        }

        impl Fault {
            /// Every fault.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// Its name on the command line and in a summary.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$name => $text,)*
                }
            }

            const fn bit(self) -> u32 {
                match self {
                    $(Self::$name => 1 << $bit,)*
                }
            }
        }
    };
}

faults! {
    /// Octets on a line are flipped, lost or added.
    Noise = 0, "noise";
    /// A reader loses its plug for a while.
    Unplugged = 1, "unplugged";
    /// A reader loses its power for an instant, and with it its session and the cards it kept.
    ReaderRestart = 2, "reader-restart";
    /// Somebody answers in a reader's place: with noise, with old answers, with cards in clear.
    Hostile = 3, "hostile";
    /// An adapter gives back what the controller sends.
    Echo = 4, "echo";
    /// Another reader with another key hangs at a reader's address.
    Impostor = 5, "impostor";
    /// A line's port goes away and comes back.
    LineDown = 6, "line-down";
    /// The controller's power is cut: what was not synced is kept, lost or torn.
    PowerCut = 7, "power-cut";
    /// The controller's process is killed: the disk keeps what was written.
    Kill = 8, "kill";
    /// It dies again while it starts.
    CutAgain = 9, "cut-again";
    /// The disk is full for a while.
    DiskFull = 10, "disk-full";
    /// Writes fail for a while.
    WriteError = 11, "write-error";
    /// Syncs fail for a while, and what they were to keep may be lost.
    SyncError = 12, "sync-error";
    /// A sync takes up to three seconds.
    SlowSync = 13, "slow-sync";
    /// The clock runs too fast or too slow.
    Drift = 14, "drift";
    /// The clock is set back.
    ClockBack = 15, "clock-back";
    /// The clock jumps ahead.
    ClockAhead = 16, "clock-ahead";
    /// After a power cut the machine thinks it is 1970.
    ClockLost = 17, "clock-lost";
    /// The kernel does not say that its clock is synchronised.
    Unsynchronised = 18, "unsynchronised";
    /// Crowds come at once.
    Rush = 19, "rush";
}

/// Which faults a run has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Faults(u32);

impl Faults {
    /// Each fault or not, by the toss of a coin.
    #[must_use]
    pub fn drawn(dice: &mut Dice) -> Self {
        let mut faults = Self::default();
        for fault in Fault::ALL {
            if dice.one_in(2) {
                faults.0 |= fault.bit();
            }
        }
        faults
    }

    /// All of them.
    #[must_use]
    pub fn all() -> Self {
        Self(Fault::ALL.iter().fold(0, |bits, fault| bits | fault.bit()))
    }

    /// Whether this one is among them.
    #[must_use]
    pub const fn has(self, fault: Fault) -> bool {
        self.0 & fault.bit() != 0
    }

    /// The others.
    #[must_use]
    pub const fn without(self, fault: Fault) -> Self {
        Self(self.0 & !fault.bit())
    }

    /// Each of them.
    pub fn iter(self) -> impl Iterator<Item = Fault> {
        let all = Fault::ALL.iter().copied();
        all.filter(move |fault| self.has(*fault))
    }
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.iter().map(Fault::name).collect();
        if names.is_empty() {
            return f.write_str("none");
        }
        f.write_str(&names.join(","))
    }
}

impl FromStr for Faults {
    type Err = String;

    /// Names with commas between them, or `none`.
    fn from_str(text: &str) -> Result<Self, String> {
        let mut faults = Self::default();
        for name in text.split(',').filter(|name| *name != "none") {
            let fault = Fault::ALL.iter().find(|fault| fault.name() == name);
            let fault = fault.ok_or_else(|| {
                format!("no fault is called `{name}`; there are: {}", Self::all())
            })?;
            faults.0 |= fault.bit();
        }
        Ok(faults)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown_is_read_again() {
        for faults in [
            Faults::default(),
            Faults::all(),
            Faults::drawn(&mut Dice::new(3)),
        ] {
            assert_eq!(faults.to_string().parse(), Ok(faults));
        }
        assert!("nose".parse::<Faults>().is_err());
    }

    #[test]
    fn no_two_share_a_bit() {
        assert_eq!(Faults::all().iter().count(), Fault::ALL.len());
        let quiet = Faults::all().without(Fault::Noise);
        assert!(!quiet.has(Fault::Noise) && quiet.has(Fault::Echo));
    }
}
