//! House day: how long a forgotten card may open, which is to the end of the working day that it begins in (M9).

use std::time::Duration;

use access::{UtcMicros, Validity, WorkingDay};

use crate::kind::Kind;
use crate::life_error::LifeError;

/// The house's working day; as long as nobody said when it ends, a day is 24 hours.
#[derive(Clone, Debug, Default)]
pub(crate) struct HouseDay(pub(crate) Option<WorkingDay>);

impl HouseDay {
    /// Refuses a forgotten card that would open past the end of the working day in which `begins` lies.
    pub(crate) fn check(&self, kind: &Kind, begins: UtcMicros) -> Result<(), LifeError> {
        match kind {
            Kind::Employee { .. } | Kind::NewHire { .. } | Kind::Supplier { .. } => Ok(()),
            Kind::Forgotten { until } if *until <= self.end_after(begins) => Ok(()),
            Kind::Forgotten { .. } => Err(LifeError::BeyondTheDay),
        }
    }

    /// The same for a card that was valid otherwise before: what ends no later than it did is let be.
    pub(crate) fn check_moved(
        &self,
        kind: &Kind,
        (was, is): (Validity, Validity),
    ) -> Result<(), LifeError> {
        if is.until() <= was.until() && is.until().is_some() {
            return Ok(());
        }
        self.check(kind, was.from().min(is.from()))
    }

    fn end_after(&self, begins: UtcMicros) -> UtcMicros {
        let known = self.0.as_ref().map(|day| day.end_after(begins));
        match known {
            Some(end) => end.unwrap_or(begins),
            None => begins.saturating_add(A_DAY),
        }
    }
}

const A_DAY: Duration = Duration::from_secs(86_400);

#[cfg(test)]
mod tests {
    use access::IssuanceId;
    use jiff::civil::Time;
    use jiff::tz::TimeZone;

    use super::*;
    use crate::fixture::{House, at};
    use crate::import::fixture::{Sheet, terms};
    use crate::{Amendment, ImportFault, NewEnd, NewIssuance, Reach, RegisterError};

    /// A house whose working day ends an hour after noon.
    fn house() -> House {
        let mut house = House::settled();
        let ends = Time::constant(13, 0, 0, 0);
        let day = WorkingDay::new(TimeZone::UTC, ends);
        house.register.set_working_day(day);
        house
    }

    fn issue(house: &mut House, kind: Kind, from: i64) -> Result<IssuanceId, RegisterError> {
        let new = NewIssuance {
            kind,
            valid_from: at(from),
            ..house.supplier("Kari")
        };
        let by = house.operator;
        house.register.issue(&new, by, at(1)).map(|(id, _)| id)
    }

    fn is_beyond<T>(outcome: &Result<T, RegisterError>) -> bool {
        matches!(outcome, Err(RegisterError::Life(LifeError::BeyondTheDay)))
    }

    #[test]
    fn m09_a_forgotten_card_is_issued_to_the_end_of_the_working_day_and_no_later() {
        let mut house = house();
        for (from, until, is_refused) in [
            (0, 3_600, false),
            (0, 3_601, true),
            (-7_200, 3_600, false),
            (-90_000, 3_601, true),
            // Prepared for tomorrow.
            (80_000, 90_000, false),
            (80_000, 90_001, true),
        ] {
            let kind = Kind::Forgotten { until: at(until) };
            let outcome = issue(&mut house, kind, from);
            assert_eq!(is_beyond(&outcome), is_refused, "{from} {until}");
            assert_eq!(outcome.is_ok(), !is_refused, "{from} {until}");
        }
        let long = at(10_000_000);
        for kind in [
            Kind::Supplier { until: long },
            Kind::NewHire { until: long },
            Kind::Employee { until: Some(long) },
            Kind::Employee { until: None },
        ] {
            assert!(issue(&mut house, kind, 0).is_ok(), "{}", kind.name());
        }
        house.register.house_day = HouseDay::default();
        let a_day = Kind::Forgotten { until: at(86_401) };
        assert!(issue(&mut house, a_day, 1).is_ok());
        let more = Kind::Forgotten { until: at(86_402) };
        assert!(is_beyond(&issue(&mut house, more, 1)));
    }

    #[test]
    fn m09_a_forgotten_card_is_changed_and_renewed_within_its_own_day_only() {
        let mut house = house();
        let until = at(1_800);
        let id = issue(&mut house, Kind::Forgotten { until }, 0).unwrap();
        let mut amend = |from: Option<i64>, until: i64, now: i64| {
            let wish = Amendment {
                from: from.map(at),
                until: Some(NewEnd::At(at(until))),
                ..Amendment::default()
            };
            let by = house.operator;
            let most = (&wish, Reach::Beyond);
            house.register.amend(id, most, by, at(now))
        };
        assert!(is_beyond(&amend(None, 3_601, 2)));
        assert!(is_beyond(&amend(Some(80_000), 90_000, 2)), "another day");
        assert!(amend(None, 3_600, 2).is_ok());
        assert!(amend(None, 1_900, 3).is_ok(), "sooner");
        assert!(is_beyond(&amend(None, 90_000, 86_400)), "renewed tomorrow");
        let wish = Amendment {
            until: Some(NewEnd::Never),
            ..Amendment::default()
        };
        let (by, most) = (house.operator, (&wish, Reach::Beyond));
        let endless = house.register.amend(id, most, by, at(4)).unwrap_err();
        assert!(matches!(endless, RegisterError::Life(LifeError::EndNeeded)));
    }

    #[test]
    fn m09_a_list_brings_and_changes_forgotten_cards_within_their_day_only() {
        let mut house = house();
        let sheet = |until| {
            Sheet::new(&[("Kari", 1)])
                .with_kind(0, "forgotten")
                .with_end(0, at(until))
        };
        let plan = |house: &House, until, now| {
            let sheet = sheet(until);
            let plan = house
                .register
                .import_plan(sheet.rows(house), terms(), at(now));
            plan.unwrap()
        };
        let refused = |house: &House, until, now| {
            let plan = plan(house, until, now);
            let faults = plan.difference().problems.iter();
            faults
                .map(|problem| problem.fault.clone())
                .collect::<Vec<_>>()
        };
        assert_eq!(refused(&house, 3_601, 1), [ImportFault::BeyondTheDay]);
        let good = plan(&house, 1_800, 1);
        let by = house.operator;
        let imported = house.register.import(&good, by, at(1), &mut |_| {});
        assert_eq!(imported.unwrap().new, 1);
        assert!(refused(&house, 3_600, 2).is_empty());
        assert_eq!(refused(&house, 3_601, 2), [ImportFault::BeyondTheDay]);
        let next_day = refused(&house, 90_000, 80_000);
        assert_eq!(next_day, [ImportFault::BeyondTheDay]);
    }
}
