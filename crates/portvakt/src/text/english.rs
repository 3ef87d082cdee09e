//! The sentences in English.

use super::say::Say;

/// `what`, in English.
pub(super) fn say(what: &Say<'_>) -> String {
    match *what {
        Say::Fixed(phrase) => phrase.texts().0.to_owned(),
        Say::Verdict(verdict) => verdict.texts().0.to_owned(),
        Say::PresentNow { reader, wait_s } => {
            format!("present the card at {reader} now ({wait_s} s)")
        }
        Say::Understood { what, instant } => format!("{}: {instant}", what.texts().0),
        Say::CardIs { issuance, state } => format!("{issuance}  {state}"),
        Say::AboutCharge(what) => what.english(),
        Say::AboutLife(what) => what.english(),
        Say::AboutBackup(what) => what.texts().0.to_owned(),
        Say::AboutPin(what) => what.english(),
        Say::AboutApproval(what) => what.english(),
        Say::AboutTenant(what) => what.english(),
        Say::Ends { until } => {
            until.map_or("without end".to_owned(), |until| format!("until {until}"))
        }
        Say::Issued {
            issuance,
            kind,
            state,
            end,
            doors,
        } => {
            format!("{issuance}  {state}  {kind}  {end}  doors: {doors}")
        }
        Say::KeySet { reader } => format!("{reader} has its key"),
        Say::AboutDoor { door, what } => what.english(door),
        Say::AboutReader { reader, what } => what.english(reader),
        Say::EndPassed { instant } => format!("the end, {instant}, has already passed"),
        Say::Missing { options } => format!("missing: {options}"),
        Say::AskInsteadOf => "the card left at home (P-XXXXXX; Enter: not known): ".to_owned(),
        Say::AskReader { readers } => {
            format!("present the card at which reader ({readers}; Enter: bind it later): ")
        }
        Say::HintEnd { ends, is_today } => {
            let day = if is_today { "today" } else { "tomorrow" };
            format!("Enter: {day} {ends}; or 2026-11-23 16:00, tomorrow 12:00, +3d")
        }
        Say::AboutReview(what) => what.english(),
        Say::AskImport { rows } => format!("import these {rows} rows? [y/N] "),
        Say::ImportDifference {
            added,
            changed,
            unchanged,
            problems,
        } => format!(
            "{added} new, {changed} changed, {unchanged} unchanged, {problems} cannot be taken"
        ),
        Say::Imported { rows } => format!("{rows} rows imported"),
        Say::ImportRefused { problems } => {
            format!("{problems} rows cannot be taken; nothing was imported")
        }
    }
}
