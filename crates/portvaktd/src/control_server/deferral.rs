//! Deferral: which requests can wait for another person, and why others cannot.

use access::IssuanceId;
use access::role::Act;
use control::request::card::CardSource;
use control::request::life::LifeRequest;
use control::request::person::PersonRequest;
use control::request::pin::PinRequest;
use control::request::right::RightRequest;
use control::{Code, Refusal, Request};

/// Whether a change with this act may be asked for in doubt (M4).
///
/// # Errors
/// A refusal for whatever is no change of a card.
pub(crate) fn in_doubt(request: &Request, (verb, act): (&str, Act)) -> Result<(), Refusal> {
    let of_cards = matches!(act, Act::IssueCard | Act::ChangeCard | Act::WidenCard);
    if of_cards && request.changes() {
        return Ok(());
    }
    let what = format!("{verb} changes no card, so it cannot be asked for in doubt");
    Err(Refusal::new(Code::Usage, what))
}

/// The issuance that a request is about, if it is one that can wait for another person: it is complete in itself, and its
/// answer is of no use to whoever asked.
///
/// # Errors
/// A refusal that says why it cannot.
pub(crate) fn about(request: &Request) -> Result<Option<IssuanceId>, Refusal> {
    match request {
        Request::CardIssue(wish) if wish.card.is_some() => Err(cannot(ISSUE)),
        Request::CardIssue(_) | Request::Person(PersonRequest::LeaveOperator { .. }) => Ok(None),
        Request::CardActivate(wish) => match wish.card {
            CardSource::Present { .. } => Err(cannot(PRESENTED)),
            CardSource::Credential(_) | CardSource::Stock(_) => Ok(Some(wish.issuance)),
        },
        Request::CardBlock(wish) | Request::CardUnblock(wish) => Ok(Some(wish.issuance)),
        Request::CardArrived { issuance }
        | Request::CardNotify { issuance }
        | Request::CardLost { issuance }
        | Request::CardFound { issuance }
        | Request::CardPin(PinRequest::Clear { issuance })
        | Request::Person(PersonRequest::Leave { issuance, .. }) => Ok(Some(*issuance)),
        Request::CardReturn(wish) => Ok(Some(wish.issuance)),
        Request::CardLife(wish) => about_life(wish).map(Some),
        Request::CardPin(PinRequest::Set { .. }) => Err(cannot(PIN)),
        Request::Right(wish) => about_right(wish).map(Some),
        Request::Operator(wish) if wish.changes() => Ok(None),
        Request::CardImportBegin { .. }
        | Request::CardImportRows { .. }
        | Request::CardImportEnd {} => Err(cannot(IMPORT)),
        Request::Stock(_) => Err(cannot(STOCK)),
        Request::Backup(_) | Request::Integrity(_) => Err(cannot(NOT_KEPT)),
        Request::Hello { .. }
        | Request::Status {}
        | Request::CardHold(_)
        | Request::CardHoldEnd { .. }
        | Request::CardShow { .. }
        | Request::CardFind { .. }
        | Request::CardLastRead { .. }
        | Request::CardTrace { .. }
        | Request::CardList(_)
        | Request::Operator(_)
        | Request::Approval(_)
        | Request::Charge(_)
        | Request::Review(_)
        | Request::Schedule(_)
        | Request::Holiday(_)
        | Request::DoorList {}
        | Request::DoorOpen { .. }
        | Request::Reader(_)
        | Request::LineList {}
        | Request::TenantAdd { .. }
        | Request::TenantList {}
        | Request::TenantContact(_)
        | Request::Tenant(_)
        | Request::RetentionShow {}
        | Request::RetentionSet { .. }
        | Request::LogShow(_)
        | Request::LogFollow(_)
        | Request::LogStatus {}
        | Request::LogCheckpoint { .. }
        | Request::WitnessList {}
        | Request::WitnessPush { .. }
        | Request::House(_)
        | Request::Why { .. } => Err(cannot(NOT_KEPT)),
    }
}

fn about_right(wish: &RightRequest) -> Result<IssuanceId, Refusal> {
    match wish {
        RightRequest::Grant(wish) => Ok(wish.issuance),
        RightRequest::Revoke { issuance, .. } => Ok(*issuance),
        RightRequest::List { .. } => Err(cannot(NOT_KEPT)),
    }
}

fn about_life(wish: &LifeRequest) -> Result<IssuanceId, Refusal> {
    match wish {
        LifeRequest::Change(wish) => match wish.card {
            Some(CardSource::Present { .. }) => Err(cannot(PRESENTED)),
            Some(CardSource::Credential(_) | CardSource::Stock(_)) | None => Ok(wish.issuance),
        },
        LifeRequest::Undo { issuance } | LifeRequest::Vouch { issuance, .. } => Ok(*issuance),
        LifeRequest::Form { .. } => Err(cannot(NOT_KEPT)),
    }
}

fn cannot(why: &str) -> Refusal {
    Refusal::new(
        Code::Usage,
        format_args!("this cannot wait for approval: {why}"),
    )
}

const NOT_KEPT: &str = "only what is kept in the register can";
const ISSUE: &str = "issue without a card, and activate after the approval";
const PRESENTED: &str =
    "a card is presented when it is made live; give its number, or activate without doubt";
const PIN: &str = "its holder types it at the desk";
const STOCK: &str = "it is of a card of the house and of nobody who holds it";
const IMPORT: &str = "a list is taken as it stands when it comes";

#[cfg(test)]
mod tests {
    use super::super::policy;
    use super::*;

    fn asked(json: &str) -> Request {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn what_is_not_complete_in_itself_cannot_wait_and_is_told_so() {
        for (wanted, says) in [
            (
                r#"{"verb":"card-issue","kind":"supplier","name":"K","firm":"F","mobile":"1","contact":"O","tenant":"T","doors":["m"],"identified_by":"p","card":{"present":{"reader":"r","wait_s":9}},"return_duty_told":true}"#,
                "issue without a card",
            ),
            (
                r#"{"verb":"card-activate","issuance":"P-3F7K2Q","card":{"present":{"reader":"r","wait_s":9}},"return_duty_told":true}"#,
                "give its number",
            ),
            (r#"{"verb":"card-import-begin","rows":1}"#, "a list"),
            (
                r#"{"verb":"card-pin","act":"set","issuance":"P-3F7K2Q","pin":"159268"}"#,
                "types it",
            ),
            (
                r#"{"verb":"house","act":"area-forgive","area":"office"}"#,
                "in the register",
            ),
            (
                r#"{"verb":"reader-firmware-begin","reader":"r","octets":9}"#,
                "in the register",
            ),
        ] {
            let refusal = about(&asked(wanted)).unwrap_err();
            assert_eq!(refusal.code, Code::Usage);
            assert!(refusal.message.contains(says), "{refusal}");
        }
    }

    #[test]
    fn m04_changes_of_cards_only_are_asked_for_in_doubt() {
        for (wanted, may) in [
            (
                r#"{"verb":"card-block","issuance":"P-3F7K2Q","reason":"r"}"#,
                true,
            ),
            (
                r#"{"verb":"right","act":"grant","issuance":"P-3F7K2Q","rights":[],"reason":"r"}"#,
                true,
            ),
            (r#"{"verb":"card-arrived","issuance":"P-3F7K2Q"}"#, true),
            (r#"{"verb":"card-list"}"#, false),
            (r#"{"verb":"card-last-read","reader":"r"}"#, false),
            (r#"{"verb":"door-open","door":"m","reason":"r"}"#, false),
            (r#"{"verb":"tenant-add","tenant":"T"}"#, false),
        ] {
            let request = asked(wanted);
            let found = in_doubt(&request, policy::of(&request));
            assert_eq!(found.is_ok(), may, "{wanted}");
        }
    }
}
