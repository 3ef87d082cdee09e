//! Key chores: what readers have shown of their keys and of themselves, on its way to the key store.

use std::collections::VecDeque;

use access::ReaderId;
use key_store::{KeyError, KeyStore};
use reader_bus::Identity;
use site::Notice;

/// Something to be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum KeyChore {
    /// A reader has shown which of two keys it has; true: the one that was on its way.
    Settle(ReaderId, bool),
    /// Who a keyed reader is.
    Pin(ReaderId, Identity),
}

/// What the key store is owed, oldest first; one of a kind for a reader, so never more than readers twice.
#[derive(Debug, Default)]
pub(crate) struct KeyChores {
    owed: VecDeque<KeyChore>,
}

impl KeyChore {
    /// What a notice leaves to be kept, if anything.
    pub(crate) fn of(notice: &Notice) -> Option<Self> {
        if let Notice::KeySettled { reader, taken } = notice {
            Some(Self::Settle(*reader, *taken))
        } else if let Notice::ReaderPinned { reader, identity } = notice {
            Some(Self::Pin(*reader, *identity))
        } else {
            None
        }
    }

    /// Keeps it. Repeatable: the same comes again at the reader's next session or after the next start.
    ///
    /// # Errors
    /// What the key store says.
    pub(crate) fn keep(self, keys: &KeyStore) -> Result<(), KeyError> {
        match self {
            Self::Settle(reader, true) => keys.adopt_next_reader_key(reader.get()),
            Self::Settle(reader, false) => keys.forget_next_reader_key(reader.get()),
            Self::Pin(reader, identity) => {
                keys.pin_reader_identity(reader.get(), identity.to_octets())
            }
        }
    }

    fn reader(self) -> ReaderId {
        match self {
            Self::Settle(reader, _) | Self::Pin(reader, _) => reader,
        }
    }
}

impl KeyChores {
    /// Takes one in; it takes the place of an older one of its kind.
    pub(crate) fn owe(&mut self, chore: KeyChore) {
        self.owed.retain(|old| {
            let is_same_kind =
                matches!(old, KeyChore::Settle(..)) == matches!(chore, KeyChore::Settle(..));
            old.reader() != chore.reader() || !is_same_kind
        });
        self.owed.push_back(chore);
    }

    /// Whether something about this reader is not with the key store yet.
    pub(crate) fn owes(&self, reader: ReaderId) -> bool {
        self.owed.iter().any(|chore| chore.reader() == reader)
    }

    /// Hands over what `take` takes, in order; the rest waits.
    pub(crate) fn hand_over(&mut self, mut take: impl FnMut(KeyChore) -> bool) {
        while let Some(next) = self.owed.front() {
            if !take(*next) {
                return;
            }
            self.owed.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const READER: ReaderId = ReaderId::new(4);

    #[test]
    fn what_cannot_be_handed_over_waits_and_only_the_newest_of_its_kind() {
        let identity = Identity::from_octets([7; 8]);
        let mut chores = KeyChores::default();
        chores.owe(KeyChore::Settle(READER, true));
        chores.owe(KeyChore::Pin(READER, identity));
        chores.owe(KeyChore::Settle(READER, false));
        chores.hand_over(|_| false);
        assert!(chores.owes(READER) && !chores.owes(ReaderId::new(5)));
        let mut kept = Vec::new();
        chores.hand_over(|chore| {
            kept.push(chore);
            true
        });
        let newest = [
            KeyChore::Pin(READER, identity),
            KeyChore::Settle(READER, false),
        ];
        assert_eq!(kept, newest);
        assert!(!chores.owes(READER));
    }
}
