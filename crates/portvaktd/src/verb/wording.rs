//! Wording: between the words of the control socket and those of the register.

use access::UtcMicros;
use control::{CardKind, CardState, Code, Moment, Private, Refusal};
use register::{CardRow, HolderFields, Kind, State, Text};

/// A line that somebody typed into `field`.
pub(super) fn text(field: &'static str, typed: &str) -> Result<Text, Refusal> {
    Text::new(field, typed).map_err(|cause| Refusal::new(Code::Usage, cause))
}

/// A stored line, for somebody who may read it.
pub(super) fn private(text: &Text) -> Private {
    Private::new(text.expose())
}

/// The holder's fields, exactly those that are recorded (M7).
pub(super) fn holder(fields: [&Private; 4]) -> Result<HolderFields, Refusal> {
    let [name, firm, mobile, identified_by] = fields;
    Ok(HolderFields {
        name: text("name", name.expose())?,
        firm: text("firm", firm.expose())?,
        mobile: text("mobile", mobile.expose())?,
        identified_by: text("identified-by", identified_by.expose())?,
    })
}

/// The register's kind; a visitor's card without an end is refused (M8).
pub(super) fn kind(kind: CardKind, until: Option<Moment>) -> Result<Kind, Refusal> {
    let until = until.map(Moment::utc);
    Kind::from_parts(kind.as_str(), until).ok_or_else(|| {
        Refusal::new(
            Code::Usage,
            format_args!("a {kind} card needs an end; give --until"),
        )
    })
}

/// The kind as the desk calls it.
pub(super) fn card_kind(kind: &Kind) -> CardKind {
    match kind {
        Kind::Employee { .. } => CardKind::Employee,
        Kind::Forgotten { .. } => CardKind::Forgotten,
        Kind::NewHire { .. } => CardKind::NewHire,
        Kind::Supplier { .. } => CardKind::Supplier,
    }
}

/// Where an issuance stands, as the desk calls it.
pub(super) fn state_of(row: &CardRow, now: UtcMicros) -> CardState {
    let beside = (row.lost.is_some(), row.blocked.is_some());
    card_state(row.state, beside, row.valid.until(), now)
}

/// The same of an issuance that is lost or blocked: these come before an end, and that before the state.
pub(super) fn card_state(
    state: State,
    (lost, blocked): (bool, bool),
    until: Option<UtcMicros>,
    now: UtcMicros,
) -> CardState {
    match state {
        State::Returned => CardState::Returned,
        State::Ordered | State::Arrived | State::Notified | State::Issued | State::Active
            if lost =>
        {
            CardState::Lost
        }
        State::Ordered | State::Arrived | State::Notified | State::Issued | State::Active
            if blocked =>
        {
            CardState::Blocked
        }
        State::Ordered | State::Arrived | State::Notified | State::Issued | State::Active
            if until.is_some_and(|until| until <= now) =>
        {
            CardState::Expired
        }
        State::Ordered | State::Issued => CardState::Ordered,
        State::Arrived => CardState::Arrived,
        State::Notified => CardState::Notified,
        State::Active => CardState::Active,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn m08_a_visitor_card_needs_an_end() {
        assert!(kind(CardKind::Supplier, None).is_err());
        assert!(kind(CardKind::Employee, None).is_ok());
    }

    #[test]
    fn a_block_is_told_before_an_end_and_an_end_before_a_state() {
        let (end, now) = (Some(UtcMicros::from_micros(5)), UtcMicros::from_micros(5));
        assert_eq!(
            card_state(State::Active, (false, true), end, now),
            CardState::Blocked
        );
        assert_eq!(
            card_state(State::Active, (true, true), end, now),
            CardState::Lost
        );
        assert_eq!(
            card_state(State::Active, (false, false), end, now),
            CardState::Expired
        );
        assert_eq!(
            card_state(State::Active, (false, false), None, now),
            CardState::Active
        );
        assert_eq!(
            card_state(State::Returned, (true, false), end, now),
            CardState::Returned
        );
    }
}
