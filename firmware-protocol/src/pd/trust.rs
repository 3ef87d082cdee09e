//! Whom a reader obeys, and whom it tells about cards.

use crate::Command;

/// How far a reader trusts the other end of the line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trust {
    /// The reader has no key and needs none: it says and obeys everything in clear.
    Clear,
    /// The reader has a key, or waits for one, and there is no session: ID and CAP only.
    Stranger,
    /// A session under SCBK-D, which anybody can hold: set a key and an address, look at states, light, sound and text; no
    /// card, no output, no file.
    DefaultKey,
    /// A session under the reader's own key.
    Keyed,
}

impl Trust {
    /// Whether a command of this kind is obeyed.
    pub(super) const fn permits(self, command: &Command<'_>) -> bool {
        match command {
            Command::Id | Command::Cap => true,
            Command::Poll
            | Command::LocalStatus
            | Command::InputStatus
            | Command::OutputStatus
            | Command::ReaderStatus
            | Command::Led(_)
            | Command::Buzzer(_)
            | Command::Text(_)
            | Command::ComSet(_)
            | Command::ReceiveSize(_)
            | Command::Abort
            | Command::KeepActive(_)
            | Command::Unknown { .. } => !matches!(self, Self::Stranger),
            Command::Out(_) | Command::FileTransfer(_) | Command::Manufacturer(_) => {
                self.shows_cards()
            }
            Command::KeySet(_) => matches!(self, Self::DefaultKey | Self::Keyed),
            Command::Challenge(_) | Command::ServerCryptogram(_) => false,
        }
    }

    /// Whether cards and key presses are handed over.
    pub(super) const fn shows_cards(self) -> bool {
        matches!(self, Self::Clear | Self::Keyed)
    }
}

#[cfg(test)]
mod tests {
    use super::Trust;
    use crate::command::KeySet;
    use crate::secure::Scbk;
    use crate::{Command, Records};

    #[test]
    fn a_stranger_learns_who_and_what_and_no_more() {
        let output = Command::Out(Records::decode(&[0, 5, 30, 0]).unwrap());
        let key_set = Command::KeySet(KeySet {
            key: Scbk::new([7; 16]),
        });
        let permitted = |trust: Trust| {
            [&Command::Id, &Command::Poll, &output, &key_set].map(|command| trust.permits(command))
        };
        assert_eq!(permitted(Trust::Stranger), [true, false, false, false]);
        assert_eq!(permitted(Trust::DefaultKey), [true, true, false, true]);
        assert_eq!(permitted(Trust::Clear), [true, true, true, false]);
        assert_eq!(permitted(Trust::Keyed), [true, true, true, true]);
    }
}
