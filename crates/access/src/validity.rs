//! Validity: from when until when a card or a right holds.

use std::fmt;

use crate::reason::Reason;
use crate::time::UtcMicros;

/// A half-open span of time: the first instant belongs to it, the end does not (M8).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Validity {
    from: UtcMicros,
    /// [`NO_END`], or later than `from`.
    until: UtcMicros,
}

impl Validity {
    /// The span from `from` until just before `until`; without `until` it has no end.
    ///
    /// # Errors
    /// [`ValidityError`] if the end is not after the beginning.
    pub fn new(from: UtcMicros, until: Option<UtcMicros>) -> Result<Self, ValidityError> {
        match until {
            Some(until) if until <= from => Err(ValidityError { from, until }),
            Some(_) | None => Ok(Self {
                from,
                until: until.unwrap_or(NO_END),
            }),
        }
    }

    /// The first instant inside.
    #[must_use]
    pub const fn from(&self) -> UtcMicros {
        self.from
    }

    /// The first instant that is outside again, if there is one.
    #[must_use]
    pub fn until(&self) -> Option<UtcMicros> {
        (self.until != NO_END).then_some(self.until)
    }

    /// Whether `now` lies inside.
    #[must_use]
    pub fn contains(&self, now: UtcMicros) -> bool {
        self.check(now).is_ok()
    }

    /// Why `now` does not lie inside, if so.
    pub(crate) fn check(&self, now: UtcMicros) -> Result<(), Reason> {
        if now < self.from {
            return Err(Reason::NotYetValid);
        }
        if now >= self.until && self.until != NO_END {
            return Err(Reason::Expired);
        }
        Ok(())
    }
}

impl fmt::Display for Validity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.from == BEGINNING, self.until()) {
            (true, None) => f.write_str("always"),
            (true, Some(until)) => write!(f, "until {until}"),
            (false, Some(until)) => write!(f, "from {} until {until}", self.from),
            (false, None) => write!(f, "from {} without end", self.from),
        }
    }
}

/// A right without a beginning of its own begins here.
const BEGINNING: UtcMicros = UtcMicros::from_micros(i64::MIN);

/// No span can end with the first instant there is, so this stands for none: a span is kept for every card, in 16 octets.
const NO_END: UtcMicros = UtcMicros::from_micros(i64::MIN);
const _: () = assert!(size_of::<Validity>() == 16);

/// An end that is not after its beginning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ValidityError {
    /// The beginning asked for.
    pub from: UtcMicros,
    /// The end asked for.
    pub until: UtcMicros,
}

impl fmt::Display for ValidityError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the end {} is not after the beginning {}",
            self.until, self.from
        )
    }
}

impl std::error::Error for ValidityError {}

#[cfg(test)]
mod tests {
    use super::*;

    const T: i64 = 1_000_000;

    fn at(micros: i64) -> UtcMicros {
        UtcMicros::from_micros(micros)
    }

    #[test]
    fn the_first_instant_is_inside_and_the_end_is_not() {
        let validity = Validity::new(at(T), Some(at(2 * T))).unwrap();
        assert_eq!(validity.check(at(T - 1)), Err(Reason::NotYetValid));
        assert_eq!(validity.check(at(T)), Ok(()));
        assert_eq!(validity.check(at(T + 1)), Ok(()));
        assert_eq!(validity.check(at(2 * T - 1)), Ok(()));
        assert_eq!(validity.check(at(2 * T)), Err(Reason::Expired));
        assert_eq!(validity.check(at(2 * T + 1)), Err(Reason::Expired));
    }

    #[test]
    fn without_an_end_it_holds_for_ever() {
        let validity = Validity::new(at(T), None).unwrap();
        assert!(validity.contains(at(i64::MAX)));
        assert!(!validity.contains(at(i64::MIN)));
    }

    #[test]
    fn what_it_was_made_of_is_what_it_says() {
        for from in [i64::MIN, 0, i64::MAX - 1] {
            for until in [None, Some(from + 1), Some(i64::MAX)] {
                let validity = Validity::new(at(from), until.map(at)).unwrap();
                assert_eq!(
                    (validity.from(), validity.until()),
                    (at(from), until.map(at))
                );
            }
        }
    }

    #[test]
    fn an_end_that_is_not_after_the_beginning_is_refused() {
        assert!(Validity::new(at(T), Some(at(T))).is_err());
        let refused = Validity::new(at(T), Some(at(T - 1))).unwrap_err();
        assert_eq!(
            refused.to_string(),
            "the end 1970-01-01T00:00:00.999999Z is not after the beginning 1970-01-01T00:00:01.000000Z"
        );
        assert!(Validity::new(at(T), Some(at(T + 1))).is_ok());
    }
}
