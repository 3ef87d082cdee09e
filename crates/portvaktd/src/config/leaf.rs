//! A leaf: how a door is watched while it stands open.

use std::ops::Range;
use std::time::Duration;

use super::table::{DoorTable, Field};
use super::{Findings, period};

/// What its inputs tell of a door, and when that is worth a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Leaf {
    /// How long it may stay open.
    pub(crate) held_after: Duration,
    /// So long before that whoever stands there is warned.
    pub(crate) warn_before_held: Option<Duration>,
    /// The strike falls as soon as it is shut.
    pub(crate) relock_on_close: bool,
    /// How long an input keeps its level before it counts.
    pub(crate) debounce: Duration,
}

/// How the leaf of `owner` is watched.
pub(crate) fn parse(fields: &DoorTable, owner: &str, findings: &mut Findings<'_>) -> Leaf {
    refuse_blind(fields, owner, findings);
    let held_after = period::parse(
        fields.held_after.as_ref(),
        &format!("{owner}: held_after"),
        Duration::from_secs(30),
        Duration::from_secs(1)..=Duration::from_secs(86_400),
        findings,
    );
    let debounce = period::parse(
        fields.debounce.as_ref(),
        &format!("{owner}: debounce"),
        DEBOUNCE,
        Duration::ZERO..=DEBOUNCE_MAX,
        findings,
    );
    let relocks = fields.relock_on_close.as_ref();
    Leaf {
        held_after,
        warn_before_held: warning(&fields.warn_before_held, held_after, owner, findings),
        relock_on_close: relocks.is_some_and(|relocks| *relocks.get_ref()),
        debounce,
    }
}

fn warning(
    field: &Field<String>,
    held_after: Duration,
    owner: &str,
    findings: &mut Findings<'_>,
) -> Option<Duration> {
    let field = field.as_ref()?;
    let key = format!("{owner}: warn_before_held");
    let limits = Duration::from_secs(1)..=Duration::from_secs(86_400);
    let example = Duration::from_secs(10);
    let period = period::parse(Some(field), &key, example, limits, findings);
    if period >= held_after {
        let written = field.get_ref();
        let what = format!(
            "{key} = \"{written}\" is not shorter than held_after, which is {held_after:?}; the warning would come before the opening"
        );
        findings.add(&field.span(), what);
    }
    Some(period)
}

/// What is asked of a leaf that nobody sees would be taken and never done.
fn refuse_blind(fields: &DoorTable, owner: &str, findings: &mut Findings<'_>) {
    let mut refuse = |at: &Range<usize>, key: &str, sees: &str| {
        findings.add(
            at,
            format!("{owner}: {key} needs a {sees}; write contact = {{ reader = \"READER\", input = 0 }}, or remove it"),
        );
    };
    if fields.contact.is_some() {
        return;
    }
    if let Some(field) = &fields.warn_before_held {
        refuse(&field.span(), "warn_before_held", "contact");
    }
    if let Some(field) = fields
        .relock_on_close
        .as_ref()
        .filter(|relocks| *relocks.get_ref())
    {
        refuse(&field.span(), "relock_on_close", "contact");
    }
    if let Some(field) = &fields.debounce
        && fields.exit_button.is_none()
    {
        refuse(&field.span(), "debounce", "contact or an exit_button");
    }
}

/// A reed contact bounces for some milliseconds and rattles in the wind for some more; so short a delay of an alarm nobody notices.
const DEBOUNCE: Duration = Duration::from_millis(50);

/// IEC 60839-11-1 wants an input that lasted for more than 400 ms processed. A line may take 200 ms until it asks again, so
/// no more than the other half is left for this.
const DEBOUNCE_MAX: Duration = Duration::from_millis(200);
