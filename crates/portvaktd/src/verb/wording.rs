//! Wording: between the words of the control socket and those of the register.

use access::UtcMicros;
use control::request::review::ReviewVerdict;
use control::{CardKind, CardState, Code, Moment, Private, Refusal};
use register::{CardRow, HolderFields, Kind, State, Text, Verdict};

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

/// A verdict as the desk calls it.
pub(super) const fn verdict(verdict: Verdict) -> ReviewVerdict {
    match verdict {
        Verdict::Keep => ReviewVerdict::Keep,
        Verdict::Change => ReviewVerdict::Change,
        Verdict::Revoke => ReviewVerdict::Revoke,
    }
}

/// Where an issuance stands, as the desk calls it: a loss, a block, an end and what it waits for come before the state.
pub(super) fn state_of(row: &CardRow, now: UtcMicros) -> CardState {
    match row.state {
        State::Returned => CardState::Returned,
        State::Ordered | State::Arrived | State::Notified | State::Issued | State::Active
            if row.lost.is_some() =>
        {
            CardState::Lost
        }
        State::Ordered | State::Arrived | State::Notified | State::Issued | State::Active
            if row.blocked.is_some() || row.is_stock_blocked =>
        {
            CardState::Blocked
        }
        State::Ordered | State::Arrived | State::Notified | State::Issued | State::Active
            if row.valid.until().is_some_and(|until| until <= now) =>
        {
            CardState::Expired
        }
        State::Ordered | State::Arrived | State::Notified | State::Issued | State::Active
            if row.is_unsure || row.awaits_hr =>
        {
            CardState::Pending
        }
        State::Ordered | State::Issued => CardState::Ordered,
        State::Arrived => CardState::Arrived,
        State::Notified => CardState::Notified,
        State::Active => CardState::Active,
    }
}

#[cfg(test)]
mod tests {
    use access::{IssuanceId, OperatorId, Validity};
    use register::{Blocked, Lost};

    use super::*;

    #[test]
    fn m08_a_visitor_card_needs_an_end() {
        assert!(kind(CardKind::Supplier, None).is_err());
        assert!(kind(CardKind::Employee, None).is_ok());
    }

    fn row(state: State, until: Option<UtcMicros>) -> CardRow {
        CardRow {
            id: IssuanceId::from_random(1),
            kind: Kind::Employee { until },
            state,
            blocked: None,
            lost: None,
            tenant: String::new(),
            tenant_id: register::TenantId::new(1),
            valid: Validity::new(UtcMicros::from_micros(0), until).unwrap(),
            places: Vec::new(),
            has_card: true,
            is_unsure: false,
            awaits_hr: false,
            stock: None,
            is_stock_blocked: false,
            is_unnamed: false,
        }
    }

    #[test]
    fn a_block_is_told_before_an_end_and_that_before_what_is_awaited_and_a_state() {
        let end = UtcMicros::from_micros(5);
        let blocked = Some(Blocked {
            at: end,
            by: OperatorId::new(1),
        });
        let lost = Some(Lost {
            at: end,
            by: OperatorId::new(1),
        });
        let ended = row(State::Active, Some(end));
        for (row, state) in [
            (
                CardRow {
                    blocked,
                    lost,
                    ..ended.clone()
                },
                CardState::Lost,
            ),
            (
                CardRow {
                    blocked,
                    ..ended.clone()
                },
                CardState::Blocked,
            ),
            (ended, CardState::Expired),
            (
                CardRow {
                    is_unsure: true,
                    ..row(State::Issued, None)
                },
                CardState::Pending,
            ),
            (row(State::Active, None), CardState::Active),
            (row(State::Returned, Some(end)), CardState::Returned),
        ] {
            assert_eq!(state_of(&row, end), state);
        }
    }

    #[test]
    fn m16_a_card_that_waits_for_its_tenant_is_pending_wherever_it_stands() {
        for state in [
            State::Ordered,
            State::Arrived,
            State::Notified,
            State::Active,
        ] {
            let waiting = CardRow {
                awaits_hr: true,
                ..row(state, None)
            };
            let now = UtcMicros::from_micros(5);
            assert_eq!(state_of(&waiting, now), CardState::Pending, "{state}");
        }
    }
}
