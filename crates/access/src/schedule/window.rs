//! Windows: the stretches of a day in which a schedule holds.

use crate::schedule::days::{Days, KINDS};
use crate::schedule::error::ScheduleError;

/// From when until when on certain days. Half-open, by the clock on the wall; what runs past midnight belongs to the day on which
/// it began.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Window {
    days: Days,
    from: u16,
    until: u16,
}

impl Window {
    /// The window from one minute of the day until just before another, both counted from the midnight with which the day begins.
    /// An end beyond 1,440 lies in the day after.
    ///
    /// # Errors
    /// [`ScheduleError`] for a window without days, one that begins after its day, is reversed, or is longer than a day.
    pub fn new(days: Days, from: u16, until: u16) -> Result<Self, ScheduleError> {
        if days == Days::NONE {
            return Err(ScheduleError::NoDays);
        }
        if from >= DAY {
            return Err(ScheduleError::BeginsLate { from });
        }
        if until <= from {
            return Err(ScheduleError::Reversed { from, until });
        }
        if until - from > DAY {
            return Err(ScheduleError::LongerThanADay { from, until });
        }
        Ok(Self { days, from, until })
    }

    /// The days on which it begins.
    #[must_use]
    pub const fn days(&self) -> Days {
        self.days
    }

    /// The minute of the day with which it begins.
    #[must_use]
    pub const fn from(&self) -> u16 {
        self.from
    }

    /// The minute with which it is over; beyond 1,440 in the day after.
    #[must_use]
    pub const fn until(&self) -> u16 {
        self.until
    }
}

/// Refuses windows that no schedule may have: none, too many, or two that hold at one time of the same day.
///
/// # Errors
/// [`ScheduleError`].
pub fn check_windows(windows: &[Window]) -> Result<(), ScheduleError> {
    by_kind(windows).map(|_| ())
}

/// For each kind of day its windows in order.
#[derive(Clone, Debug)]
pub(super) struct ByKind {
    /// Those of the first kind, then those of the second; from minute to minute of their day.
    windows: Box<[(u16, u16)]>,
    /// Where those of each kind end.
    ends: [u16; KINDS as usize],
}

impl ByKind {
    /// The windows that begin on days of a kind, by its place among all kinds.
    pub(super) fn of(&self, kind: usize) -> &[(u16, u16)] {
        let end = |kind: usize| self.ends.get(kind).map(|end| usize::from(*end));
        let begin = kind.checked_sub(1).and_then(end).unwrap_or(0);
        let end = end(kind).unwrap_or(begin);
        self.windows.get(begin..end).unwrap_or_default()
    }
}

/// The windows of each kind of day.
pub(super) fn by_kind(windows: &[Window]) -> Result<ByKind, ScheduleError> {
    if windows.is_empty() {
        return Err(ScheduleError::NoWindows);
    }
    if windows.len() > WINDOWS_MAX {
        return Err(ScheduleError::TooManyWindows {
            found: windows.len(),
            max: WINDOWS_MAX,
        });
    }
    let mut kinds: [Vec<(u16, u16)>; KINDS as usize] = std::array::from_fn(|_| Vec::new());
    for window in windows {
        for kind in window.days.kinds() {
            if let Some(of_kind) = kinds.get_mut(kind) {
                of_kind.push((window.from, window.until));
            }
        }
    }
    kinds.iter_mut().for_each(|of_kind| of_kind.sort_unstable());
    for (kind, of_kind) in kinds.iter().enumerate() {
        let next = Days::next_weekday(kind).and_then(|next| kinds.get(next)?.first());
        // The next day's first window, as minutes of this one.
        let after = next.map(|(from, until)| (from + DAY, until + DAY));
        let followed = of_kind.iter().skip(1).copied().chain(after);
        if let Some((first, second)) = of_kind
            .iter()
            .copied()
            .zip(followed)
            .find(|((_, until), (from, _))| from < until)
        {
            return Err(ScheduleError::Overlap { first, second });
        }
    }
    let mut end = 0;
    let ends = kinds.each_ref().map(|of_kind| {
        end += of_kind.len();
        u16::try_from(end).unwrap_or(u16::MAX)
    });
    Ok(ByKind {
        windows: kinds.concat().into_boxed_slice(),
        ends,
    })
}

/// Whether windows hold at no minute at which others, by the clocks of the same zone, do not. Where a window of one day would have
/// to be covered by those of the next, the answer is no.
#[must_use]
pub fn is_within(narrower: &[Window], wider: &[Window]) -> bool {
    let (Ok(narrower), Ok(wider)) = (by_kind(narrower), by_kind(wider)) else {
        return false;
    };
    (0..usize::from(KINDS)).all(|kind| {
        let mut of_kind = narrower.of(kind).iter();
        of_kind.all(|window| is_covered(*window, wider.of(kind)))
    })
}

/// Whether sorted windows leave no minute of this one out.
fn is_covered((from, until): (u16, u16), by: &[(u16, u16)]) -> bool {
    let covered = by.iter().fold(from, |covered, (begin, end)| {
        if *begin <= covered {
            covered.max(*end)
        } else {
            covered
        }
    });
    covered >= until
}

/// Minutes of a day.
pub(super) const DAY: u16 = 1_440;
/// The most windows of one schedule.
pub const WINDOWS_MAX: usize = 1_024;
const _: () = assert!(WINDOWS_MAX * KINDS as usize <= u16::MAX as usize);

#[cfg(test)]
mod tests {
    use super::*;

    fn monday(from: u16, until: u16) -> Window {
        Window::new(Days::weekday(0), from, until).unwrap()
    }

    #[test]
    fn windows_that_cannot_be_are_refused() {
        let refused = |days, from, until| Window::new(days, from, until).unwrap_err();
        let monday = Days::weekday(0);
        assert_eq!(refused(Days::NONE, 0, 1), ScheduleError::NoDays);
        assert_eq!(
            refused(monday, 600, 600),
            ScheduleError::Reversed {
                from: 600,
                until: 600
            }
        );
        assert_eq!(
            refused(monday, 600, 480),
            ScheduleError::Reversed {
                from: 600,
                until: 480
            }
        );
        assert_eq!(
            refused(monday, 1_440, 1_500),
            ScheduleError::BeginsLate { from: 1_440 }
        );
        assert_eq!(
            refused(monday, 60, 1_501),
            ScheduleError::LongerThanADay {
                from: 60,
                until: 1_501
            }
        );
        assert!(Window::new(monday, 60, 1_500).is_ok());
    }

    #[test]
    fn windows_are_within_others_if_no_minute_is_outside() {
        let day = [monday(480, 600), monday(600, 960), monday(1_200, 1_500)];
        for (narrower, is) in [
            (vec![monday(480, 600)], true),
            (vec![monday(500, 900)], true),
            (vec![monday(1_200, 1_500), monday(480, 481)], true),
            (vec![monday(479, 600)], false),
            (vec![monday(480, 961)], false),
            (vec![monday(500, 600), monday(1_000, 1_001)], false),
            (
                vec![Window::new(Days::weekday(1), 500, 600).unwrap()],
                false,
            ),
            (Vec::new(), false),
        ] {
            assert_eq!(is_within(&narrower, &day), is, "{narrower:?}");
        }
        assert!(is_within(&day, &day));
        assert!(!is_within(&day, &[]));
    }

    #[test]
    fn windows_of_one_day_do_not_overlap() {
        assert_eq!(check_windows(&[]), Err(ScheduleError::NoWindows));
        assert_eq!(check_windows(&[monday(480, 600), monday(600, 720)]), Ok(()));
        let (first, second) = ((480, 601), (600, 720));
        let overlap = Err(ScheduleError::Overlap { first, second });
        assert_eq!(
            check_windows(&[monday(600, 720), monday(480, 601)]),
            overlap
        );
        let tuesday = Window::new(Days::weekday(1), 300, 400).unwrap();
        assert!(check_windows(&[monday(1_320, 1_740), tuesday]).is_ok());
        assert!(check_windows(&[monday(1_320, 1_741), tuesday]).is_err());
        assert!(check_windows(&vec![monday(0, 1); WINDOWS_MAX + 1]).is_err());
    }
}
