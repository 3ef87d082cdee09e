//! Guests: who is let in at a door, from the grant until the leaf opens for them.

use access::{IssuanceId, ReaderId};

/// Somebody who was let in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Guest {
    /// Whose card.
    pub(crate) card: IssuanceId,
    /// Where it was shown.
    pub(crate) reader: ReaderId,
    /// Whether it is a visitor's.
    pub(crate) visitor: bool,
    /// The ticket of the record behind it, and of the unlock that lets them in.
    pub(crate) ticket: u64,
}

/// Those of one door.
#[derive(Debug, Default)]
pub(crate) struct Guests {
    /// Who is to be let in once their unlock has left.
    announced: Vec<Guest>,
    /// Who was let in and did not come yet.
    expected: Vec<Guest>,
}

impl Guests {
    /// These are to be let in; they count as let in once their unlock has left.
    pub(crate) fn announce(&mut self, guests: impl IntoIterator<Item = Guest>) {
        for guest in guests {
            self.forget(guest.card);
            self.announced.push(guest);
        }
    }

    /// The unlock of this ticket came to nothing.
    pub(crate) fn disappoint(&mut self, ticket: u64) {
        self.announced.retain(|guest| guest.ticket != ticket);
        self.expected.retain(|guest| guest.ticket != ticket);
    }

    /// The unlock of this ticket has left. Gives those whom it lets in, and those of them who count as come at once; if `seen`, the
    /// leaf will tell of them.
    pub(crate) fn admit(&mut self, ticket: u64, seen: bool) -> (Vec<Guest>, Vec<Guest>) {
        let is_of = |guest: &Guest| guest.ticket == ticket;
        let all = std::mem::take(&mut self.announced);
        let (let_in, others): (Vec<Guest>, Vec<Guest>) = all.into_iter().partition(is_of);
        self.announced = others;
        if seen {
            self.expected.extend(&let_in);
            return (let_in, Vec::new());
        }
        (let_in.clone(), let_in)
    }

    /// The leaf opened for all who were let in.
    pub(crate) fn came(&mut self) -> Vec<Guest> {
        std::mem::take(&mut self.expected)
    }

    /// The strike fell, and nobody came.
    pub(crate) fn did_not_come(&mut self) {
        self.expected.clear();
    }

    /// Nothing that tells of this card is kept.
    pub(crate) fn forget(&mut self, card: IssuanceId) {
        self.announced.retain(|guest| guest.card != card);
        self.expected.retain(|guest| guest.card != card);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guest(card: u32, ticket: u64) -> Guest {
        Guest {
            card: IssuanceId::from_random(card),
            reader: ReaderId::new(1),
            visitor: false,
            ticket,
        }
    }

    #[test]
    fn only_whose_unlock_has_left_comes_in_with_the_leaf() {
        let mut guests = Guests::default();
        guests.announce([guest(1, 10), guest(2, 10)]);
        guests.announce([guest(3, 11)]);
        let (let_in, come) = guests.admit(10, true);
        assert_eq!((let_in.len(), come.len()), (2, 0));
        assert_eq!(guests.came(), [guest(1, 10), guest(2, 10)]);
        guests.disappoint(11);
        assert_eq!(guests.admit(11, false), (vec![], vec![]));
    }

    #[test]
    fn where_nothing_tells_they_have_come_at_once_and_each_once() {
        let mut guests = Guests::default();
        guests.announce([guest(1, 10)]);
        guests.announce([guest(1, 11)]);
        assert_eq!(guests.admit(10, false), (vec![], vec![]));
        let come = vec![guest(1, 11)];
        assert_eq!(guests.admit(11, false), (come.clone(), come));
        guests.announce([guest(1, 12)]);
        guests.forget(IssuanceId::from_random(1));
        assert_eq!(guests.admit(12, true), (vec![], vec![]));
    }
}
