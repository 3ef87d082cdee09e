//! State: where an issuance stands in its life, and which step leads where (M17).

use std::fmt;

use crate::kind::Kind;

/// Where an issuance stands. A block is beside it, an end is an instant: neither is a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum State {
    /// An employee's: registered, the plastic is not here.
    Ordered,
    /// An employee's: the plastic is in the house.
    Arrived,
    /// An employee's: the holder was told.
    Notified,
    /// A visitor's: registered, no card made live.
    Issued,
    /// Live at the doors.
    Active,
    /// Given back; dead at all doors, its holder about to be forgotten.
    Returned,
}

/// What may happen to an issuance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Step {
    /// The plastic came.
    Arrive,
    /// The holder was told that it is here.
    Notify,
    /// A card is bound and made live.
    Activate,
    /// The card is taken back.
    Return,
    /// What was issued is withdrawn before anybody held a card.
    Withdraw,
}

/// Every step there is; what is not listed cannot happen.
const TRANSITIONS: [(State, Step, State); 13] = [
    (State::Ordered, Step::Arrive, State::Arrived),
    (State::Arrived, Step::Notify, State::Notified),
    (State::Notified, Step::Activate, State::Active),
    (State::Issued, Step::Activate, State::Active),
    (State::Ordered, Step::Return, State::Returned),
    (State::Arrived, Step::Return, State::Returned),
    (State::Notified, Step::Return, State::Returned),
    (State::Issued, Step::Return, State::Returned),
    (State::Active, Step::Return, State::Returned),
    (State::Ordered, Step::Withdraw, State::Returned),
    (State::Arrived, Step::Withdraw, State::Returned),
    (State::Notified, Step::Withdraw, State::Returned),
    (State::Issued, Step::Withdraw, State::Returned),
];

impl State {
    /// Every state, in the order of a life.
    pub const ALL: [Self; 6] = [
        Self::Ordered,
        Self::Arrived,
        Self::Notified,
        Self::Issued,
        Self::Active,
        Self::Returned,
    ];

    /// Where an issuance of this kind begins.
    #[must_use]
    pub const fn first(kind: &Kind) -> Self {
        if kind.is_visitor() {
            Self::Issued
        } else {
            Self::Ordered
        }
    }

    /// Where a step leads from here.
    ///
    /// # Errors
    /// [`TransitionError`] if there is no such step.
    pub fn after(self, step: Step) -> Result<Self, TransitionError> {
        TRANSITIONS
            .iter()
            .find(|(from, by, _)| (*from, *by) == (self, step))
            .map(|(_, _, to)| *to)
            .ok_or(TransitionError { from: self, step })
    }

    /// The name in the register and in lists.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ordered => "ordered",
            Self::Arrived => "arrived",
            Self::Notified => "notified",
            Self::Issued => "issued",
            Self::Active => "active",
            Self::Returned => "returned",
        }
    }

    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }
}

impl Step {
    /// Every step.
    pub const ALL: [Self; 5] = [
        Self::Arrive,
        Self::Notify,
        Self::Activate,
        Self::Return,
        Self::Withdraw,
    ];
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Display for Step {
    /// As a participle: `the card cannot be …`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Arrive => "marked as arrived",
            Self::Notify => "marked as notified",
            Self::Activate => "activated",
            Self::Return => "returned",
            Self::Withdraw => "withdrawn",
        })
    }
}

/// A step that does not exist from where the issuance stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TransitionError {
    /// Where it stands.
    pub from: State,
    /// What was asked.
    pub step: Step,
}

impl fmt::Display for TransitionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the card is {}; it cannot be {}", self.from, self.step)
    }
}

impl std::error::Error for TransitionError {}

#[cfg(test)]
mod tests {
    use access::UtcMicros;

    use super::*;

    /// The routine once more by hand: rows are states, columns arrive, notify, activate, return, withdraw.
    const ROUTINE: &str = "
        ordered   arrived  -         -       returned  returned
        arrived   -        notified  -       returned  returned
        notified  -        -         active  returned  returned
        issued    -        -         active  returned  returned
        active    -        -         -       returned  -
        returned  -        -         -       -         -";

    #[test]
    fn m17_every_step_from_every_state_is_as_the_routine_says() {
        let rows: Vec<Vec<&str>> = ROUTINE
            .trim()
            .lines()
            .map(|row| row.split_whitespace().collect())
            .collect();
        assert_eq!(rows.len(), State::ALL.len());
        for (state, row) in State::ALL.into_iter().zip(rows) {
            assert_eq!(row[0], state.name());
            for (step, leads_to) in Step::ALL.into_iter().zip(&row[1..]) {
                let after = state.after(step).map_or("-", State::name);
                assert_eq!(after, *leads_to, "{state} {step:?}");
            }
        }
    }

    #[test]
    fn employees_are_ordered_and_visitors_are_issued() {
        let until = UtcMicros::from_micros(1);
        assert_eq!(
            State::first(&Kind::Employee { until: None }),
            State::Ordered
        );
        assert_eq!(State::first(&Kind::Supplier { until }), State::Issued);
        assert!(
            State::ALL
                .iter()
                .all(|state| State::from_name(state.name()) == Some(*state))
        );
    }
}
