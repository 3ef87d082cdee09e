//! The sentences in Norwegian bokmål.

use control::reply::stock::StockState;
use control::{CardKind, CardState};

use super::say::Say;
use crate::until::{UntilError, written};

/// `what`, in Norwegian.
pub(super) fn say(what: &Say<'_>) -> String {
    match *what {
        Say::Fixed(phrase) => phrase.texts().1.to_owned(),
        Say::Verdict(verdict) => verdict.texts().1.to_owned(),
        Say::PresentNow { reader, wait_s } => format!("hold kortet mot {reader} nå ({wait_s} s)"),
        Say::Understood { what, instant } => format!("{}: {instant}", what.texts().1),
        Say::CardIs {
            issuance,
            state: at,
        } => format!("{issuance}  {}", state(at)),
        Say::AboutCharge(what) => what.norwegian(),
        Say::AboutLife(what) => what.norwegian(),
        Say::AboutBackup(what) => what.texts().1.to_owned(),
        Say::AboutPin(what) => what.norwegian(),
        Say::AboutApproval(what) => what.norwegian(),
        Say::AboutTenant(what) => what.norwegian(),
        Say::Ends { until } => {
            until.map_or("uten utløp".to_owned(), |until| format!("til {until}"))
        }
        Say::Issued {
            issuance,
            kind: of,
            state: at,
            end,
            doors,
        } => {
            let about = format!("{}  {}", state(at), kind(of));
            format!("{issuance}  {about}  {end}  dører: {doors}")
        }
        Say::KeySet { reader } => format!("{reader} har fått nøkkelen sin"),
        Say::AboutDoor { door, what } => what.norwegian(door),
        Say::AboutReader { reader, what } => what.norwegian(reader),
        Say::EndPassed { instant } => format!("slutten, {instant}, er allerede passert"),
        Say::Missing { options } => format!("mangler: {options}"),
        Say::AskInsteadOf => "kortet som ligger hjemme (P-XXXXXX; Enter: ikke kjent): ".to_owned(),
        Say::AskReader { readers } => ask_reader(readers),
        Say::HintEnd { ends, is_today } => {
            let day = if is_today { "i dag" } else { "i morgen" };
            format!("Enter: {day} {ends}; ellers 23.11.2026 16:00, i morgen 12:00, +3d")
        }
        Say::AboutReview(what) => what.norwegian(),
        Say::AskImport { rows } => format!("importere disse {rows} radene? [j/N] "),
        Say::ImportDifference {
            added,
            changed,
            unchanged,
            problems,
        } => format!(
            "{added} nye, {changed} endret, {unchanged} uendret, {problems} kan ikke tas inn"
        ),
        Say::Imported { rows } => format!("{rows} rader importert"),
        Say::ImportRefused { problems } => {
            format!("{problems} rader kan ikke tas inn; ingenting er importert")
        }
    }
}

fn ask_reader(readers: &str) -> String {
    format!("hvilken leser skal kortet holdes mot ({readers}; Enter: knytt det til senere): ")
}

/// A card's kind.
pub(super) fn kind(kind: CardKind) -> &'static str {
    match kind {
        CardKind::Employee => "ansatt",
        CardKind::Forgotten => "glemt kort",
        CardKind::NewHire => "nyansatt",
        CardKind::Supplier => "leverandør",
    }
}

/// A card's state.
pub(super) fn state(state: CardState) -> &'static str {
    match state {
        CardState::Ordered => "bestilt",
        CardState::Arrived => "ankommet",
        CardState::Notified => "varslet",
        CardState::Active => "aktivt",
        CardState::Pending => "venter på godkjenning",
        CardState::Blocked => "sperret",
        CardState::Returned => "returnert",
        CardState::Lost => "tapt",
        CardState::Expired => "utløpt",
    }
}

/// Where a card of the house is.
pub(super) fn stock(state: StockState) -> &'static str {
    match state {
        StockState::InHouse => "i huset",
        StockState::Lent => "utlånt",
        StockState::Blocked => "sperret",
        StockState::Lost => "tapt",
    }
}

/// Why a written time was not taken.
pub(super) fn time_error(error: &UntilError) -> String {
    match error {
        UntilError::Unreadable { text } => {
            format!(
                "forstår ikke tiden {text:?}; skriv 24.12.2026 15:00, 2026-11-23 16:00, i dag 16:00, +3d, +8h, +30min eller RFC 3339"
            )
        }
        UntilError::NoTime { text } => {
            format!("{text:?} mangler klokkeslett; skriv det som i {text} 16:00")
        }
        UntilError::Missing { candidates, .. } => {
            let [earlier, later] = written(candidates);
            format!("det klokkeslettet finnes ikke (sommertid); skriv {earlier} eller {later}")
        }
        UntilError::Twice { candidates, .. } => {
            let [earlier, later] = written(candidates);
            format!("det klokkeslettet kommer to ganger (vintertid); skriv {earlier} eller {later}")
        }
    }
}
