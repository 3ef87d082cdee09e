//! The rules of passback once more, as simply as they can be said.

use std::time::Duration;

use access::{AreaId, Passback, ReaderId, UtcMicros, Whereabouts};

use super::blueprint::Blueprint;

/// What is found of a card at a reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// It is where it would have to be, or nobody knows.
    Right,
    /// It is on the wrong side, which is only noted.
    Noted,
    /// It is refused.
    Wrong,
}

/// What is found of a card that is known to be there.
pub(super) fn passback(
    of: &Blueprint,
    known: Option<&Whereabouts>,
    (reader, now): (ReaderId, UtcMicros),
) -> Found {
    let Some(known) = known else {
        return Found::Right;
    };
    let stand = of.stand(reader);
    let lately = |since: UtcMicros, within: Duration| now < since.saturating_add(within);
    if let Some(after) = of.again_after(stand.door)
        && known.reader == reader
        && lately(known.at, after)
    {
        return Found::Wrong;
    }
    if let Some(into) = stand.into
        && let (Some(after), Some((entered, since))) = (of.area(into).timed, known.entered)
        && entered == into
        && lately(since, after)
    {
        return Found::Wrong;
    }
    let enters_again = stand.into.filter(|into| known.area == Some(*into));
    let leaves_again = stand.out_of.filter(|out_of| known.area != Some(*out_of));
    let kept = |area: AreaId| of.area(area).passback;
    let wrong: Vec<Passback> = [enters_again, leaves_again]
        .into_iter()
        .flatten()
        .map(kept)
        .collect();
    if wrong.contains(&Passback::Hard) {
        Found::Wrong
    } else if wrong.contains(&Passback::Soft) {
        Found::Noted
    } else {
        Found::Right
    }
}
