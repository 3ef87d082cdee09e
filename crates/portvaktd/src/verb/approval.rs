//! `approval list`, `show`, `approve` and `refuse`: what waits for another person (M4, M16).

use std::sync::Arc;

use access::role::{Act, Role};
use access::{IssuanceId, OperatorId, UtcMicros};
use control::reply::approval::{ApprovalRow, ApprovalView, Approved, AskedField, Pending};
use control::request::approval::ApprovalRequest;
use control::{Code, Envelope, Moment, Private, Refusal, Reply, Request, Row, Waiting};
use register::{
    ApprovalError, ApprovalId, CardsAwaiting, NewWaiting, RegisterError, WaitingChange,
};
use register::{OperatorRow, Text};
use zeroize::Zeroizing;

use super::tenant_cards;
use super::wording::text;
use crate::control_server::{Asker, Outlet, Stop, may_approve, policy_of};
use crate::desk::{Effect, refusal};
use crate::mandate::Mandate;

/// Does one of them but approving a change, which is done where every verb is known.
pub(super) async fn answer(
    asker: &Asker,
    wish: ApprovalRequest,
    dry_run: bool,
    outlet: &mut Outlet<'_>,
) -> Result<Reply, Stop> {
    match wish {
        ApprovalRequest::List {} => list(asker, outlet).await,
        ApprovalRequest::Show { approval } => match of_cards(approval) {
            Ok(cards) => tenant_cards::show(asker, cards, outlet).await,
            Err(change) => show(asker, change).await,
        },
        ApprovalRequest::Approve { approval } => match of_cards(approval) {
            Ok(cards) => tenant_cards::approve(asker, cards, dry_run).await,
            Err(_) => Err(refusal(&ApprovalError::NotWaiting.into()).into()),
        },
        ApprovalRequest::Refuse { approval, reason } => match of_cards(approval) {
            Ok(cards) => tenant_cards::refuse(asker, (cards, &reason), dry_run).await,
            Err(change) => refuse(asker, change, &reason, dry_run).await,
        },
    }
}

/// Keeps a change that could be made now until another person approves it.
pub(super) async fn keep(
    asker: &Asker,
    (act, issuance): (Act, Option<IssuanceId>),
    (request, doubt): (Request, Option<Private>),
    dry_run: bool,
) -> Result<Option<Reply>, Stop> {
    let (verb, _) = policy_of(&request);
    let why = doubt.as_ref();
    let new = NewWaiting {
        act,
        verb,
        issuance,
        doubt: why.map(|why| text("doubt", why.expose())).transpose()?,
        request: sealed_in(as_of(request, asker.at), doubt)?,
    };
    let by = asker.operator.id;
    let kept = asker.controller.desk.ask(move |desk| {
        let id = desk.change(Effect::Gives, dry_run, |register, now| {
            register.keep_change(&new, by, now)
        })?;
        if dry_run {
            return Ok(None);
        }
        let now = desk.ledger.clock.now().utc;
        let waiting = desk.register.waiting_change(id, now);
        waiting.map(Some).map_err(|cause| refusal(&cause))
    });
    let waiting = kept.await??;
    Ok(waiting.map(|waiting| {
        Reply::Pending(Pending {
            approval: Waiting::Change(waiting.id.0),
            until: Moment::from(waiting.expires_at),
        })
    }))
}

/// The same request with what it leaves to the instant at which it is asked: a holder signed then, however long it waits (M7).
fn as_of(mut request: Request, asked: UtcMicros) -> Request {
    if let Request::CardIssue(wish) = &mut request {
        wish.signed_at.get_or_insert(Moment::from(asked));
    }
    request
}

/// A change that somebody may approve, with who asked for it as they stand today.
pub(super) struct Judged {
    waiting: WaitingChange,
    by: OperatorId,
    /// What was asked.
    pub(super) request: Request,
    /// By whom, if their roles still let them.
    pub(super) requester: Asker,
}

impl Judged {
    /// Finds it, and judges both persons.
    ///
    /// # Errors
    /// The refusal; the approver's is logged. The change goes on waiting.
    pub(super) async fn find(asker: &Asker, change: ApprovalId) -> Result<Self, Stop> {
        let (waiting, envelope) = find(asker, change).await?;
        if waiting.requester == asker.operator.id {
            let own = ApprovalError::Own.to_string();
            return Ok(asker.refuse(APPROVE, own).await?);
        }
        must_approve(asker, &waiting, APPROVE).await?;
        let requester = Asker::absent(waiting.requester, &asker.controller)?;
        let (verb, act) = policy_of(&envelope.request);
        let leave = requester.leave(act, verb);
        // The act for which another person is needed is theirs still, or it is nobody's to approve.
        let leave = leave.and_then(|_| requester.leave(waiting.act, verb));
        leave.map_err(|why| {
            let what = format!("who asked for it may not do that any more: {why}; refuse it");
            Refusal::new(Code::Refused, what)
        })?;
        Ok(Self {
            waiting,
            by: asker.operator.id,
            request: envelope.request,
            requester,
        })
    }

    /// The mandate to make the change, and who asked for it, with it in hand.
    pub(super) fn mandate(&self) -> (Arc<Mandate>, Asker) {
        let mandate = Arc::new(Mandate::new(register::Approved {
            change: self.waiting.id,
            by: self.by,
        }));
        let controller = self.requester.controller.with(Arc::clone(&mandate));
        (mandate, self.requester.through(controller))
    }

    /// What the approver is told when it was tried; `tried` is the answer to who asked.
    pub(super) fn told(
        &self,
        tried: Result<Reply, Stop>,
        mandate: &Mandate,
    ) -> Result<Reply, Stop> {
        let reply = match tried {
            Ok(reply) if mandate.is_used() => reply,
            Ok(_) => return Err(goes_on(&Refusal::new(Code::Failed, "it changed nothing")).into()),
            Err(Stop::Refused(cause)) if !mandate.is_used() => return Err(goes_on(&cause).into()),
            Err(cause) => return Err(cause),
        };
        let came = if let Reply::Issued(issued) = &reply {
            issued.issuance
        } else {
            self.waiting.issuance
        };
        Ok(Reply::Approved(Approved {
            approval: Waiting::Change(self.waiting.id.0),
            verb: self.waiting.verb.clone(),
            issuance: came,
            cards: None,
        }))
    }
}

/// A change that cannot be made as things stand.
pub(super) fn goes_on(cause: &Refusal) -> Refusal {
    let what = format!("as things stand it cannot be done, so it goes on waiting: {cause}");
    Refusal::new(cause.code, what)
}

async fn list(asker: &Asker, outlet: &mut Outlet<'_>) -> Result<Reply, Stop> {
    let found = asker.controller.desk.ask(|desk| {
        let now = desk.ledger.clock.now().utc;
        desk.register.waiting_changes(now)
    });
    let waiting = found.await?.map_err(|cause| refusal(&cause))?;
    let cards = tenant_cards::rows(asker).await?;
    let rows = waiting
        .iter()
        .map(|waiting| row(asker, waiting))
        .chain(cards);
    let rows: Vec<Row> = rows.map(|row| Row::Approval(Box::new(row))).collect();
    outlet.rows(rows).await
}

/// The whole of a change; a logged reading, for who asked and who may approve.
async fn show(asker: &Asker, change: ApprovalId) -> Result<Reply, Stop> {
    let (waiting, envelope) = find(asker, change).await?;
    if waiting.requester != asker.operator.id {
        must_approve(asker, &waiting, "approval-show").await?;
    }
    let purpose = format!("what {} asks for", waiting.id);
    asker.reading("approval-show", &purpose, 1).await?;
    Ok(Reply::Approval(Box::new(ApprovalView {
        row: row(asker, &waiting),
        doubt: envelope.doubt,
        asked: asked(&envelope.request)?,
    })))
}

async fn refuse(
    asker: &Asker,
    change: ApprovalId,
    reason: &str,
    dry_run: bool,
) -> Result<Reply, Stop> {
    let reason: Text = text("reason", reason)?;
    let (waiting, _) = find(asker, change).await?;
    let by = asker.operator.id;
    if waiting.requester != by {
        must_approve(asker, &waiting, "approval-refuse").await?;
    }
    let refused = asker.controller.desk.ask(move |desk| {
        desk.change(Effect::Gives, dry_run, |register, now| {
            let change = register.refuse_change(waiting.id, &reason, by, now)?;
            Ok(((), change))
        })
    });
    refused.await??;
    Ok(Reply::Done { warning: None })
}

/// A change that waits, and what was asked.
async fn find(asker: &Asker, id: ApprovalId) -> Result<(WaitingChange, Envelope), Stop> {
    let found = asker.controller.desk.ask(move |desk| {
        let now = desk.ledger.clock.now().utc;
        let waiting = desk.register.waiting_change(id, now)?;
        let request = desk.register.waiting_request(&waiting)?;
        Ok::<_, RegisterError>((waiting, request))
    });
    let (waiting, sealed) = found.await?.map_err(|cause| refusal(&cause))?;
    let envelope = serde_json::from_slice(&sealed);
    // What the reader says of it might hold what was asked.
    let envelope = envelope.map_err(|_| Refusal::new(Code::Failed, UNREADABLE))?;
    Ok((waiting, envelope))
}

/// Refuses who may not approve it, after it is logged.
async fn must_approve(asker: &Asker, waiting: &WaitingChange, verb: &str) -> Result<(), Refusal> {
    if may_approve(&asker.roles, waiting.act, &of_requester(asker, waiting)) {
        return Ok(());
    }
    let approvers = approvers(asker, waiting).join(", ");
    let who = if approvers.is_empty() {
        "nobody at present".to_owned()
    } else {
        approvers
    };
    let why = format!("{} is not for you to approve; that may {who}", waiting.id);
    asker.refuse(verb, why).await
}

fn row(asker: &Asker, waiting: &WaitingChange) -> ApprovalRow {
    let requester = known(asker, waiting.requester);
    ApprovalRow {
        approval: Waiting::Change(waiting.id.0),
        verb: waiting.verb.clone(),
        asked_by: requester.map_or_else(String::new, |requester| requester.user),
        issuance: waiting.issuance,
        tenant: None,
        cards: None,
        since: Moment::from(waiting.made_at),
        until: Some(Moment::from(waiting.expires_at)),
        approvers: approvers(asker, waiting),
    }
}

/// The users who may approve it.
fn approvers(asker: &Asker, waiting: &WaitingChange) -> Vec<String> {
    let (roster, asked_as) = (asker.controller.roster(), of_requester(asker, waiting));
    let others = roster.iter().filter(|other| other.id != waiting.requester);
    others
        .filter(|other| may_approve(&other.roles_at(asker.at), waiting.act, &asked_as))
        .map(|other| other.user.clone())
        .collect()
}

/// What who asked for it acts as today.
fn of_requester(asker: &Asker, waiting: &WaitingChange) -> Vec<Role> {
    let requester = known(asker, waiting.requester);
    requester.map_or_else(Vec::new, |requester| requester.roles_at(asker.at))
}

fn known(asker: &Asker, id: OperatorId) -> Option<OperatorRow> {
    let roster = asker.controller.roster();
    roster.iter().find(|operator| operator.id == id).cloned()
}

/// What was asked with why, as it is sealed.
fn sealed_in(request: Request, doubt: Option<Private>) -> Result<Zeroizing<Vec<u8>>, Refusal> {
    let envelope = Envelope {
        id: 0,
        dry_run: false,
        doubt,
        request,
    };
    let octets = serde_json::to_vec(&envelope).map(Zeroizing::new);
    octets.map_err(|_| Refusal::new(Code::Failed, UNREADABLE))
}

/// Every field of a request, with the path it lies at.
fn asked(request: &Request) -> Result<Vec<AskedField>, Refusal> {
    let value = serde_json::to_value(request);
    let value = value.map_err(|_| Refusal::new(Code::Failed, UNREADABLE))?;
    let mut fields = Vec::new();
    gather("", &value, &mut fields);
    Ok(fields)
}

fn gather(path: &str, value: &serde_json::Value, fields: &mut Vec<AskedField>) {
    use serde_json::Value as V;
    let below = |name: &str| {
        if path.is_empty() {
            name.to_owned()
        } else {
            format!("{path}.{name}")
        }
    };
    let written = match value {
        V::Object(all) => {
            all.iter()
                .for_each(|(name, value)| gather(&below(name), value, fields));
            return;
        }
        V::Array(all) => {
            for (at, value) in all.iter().enumerate() {
                gather(&below(&(at + 1).to_string()), value, fields);
            }
            return;
        }
        V::String(text) => text.clone(),
        V::Null | V::Bool(_) | V::Number(_) => value.to_string(),
    };
    fields.push(AskedField {
        field: path.to_owned(),
        value: Private::new(written),
    });
}

/// The cards that are meant, or else the change.
pub(super) const fn of_cards(approval: Waiting) -> Result<CardsAwaiting, ApprovalId> {
    match approval {
        Waiting::Change(number) => Err(ApprovalId(number)),
        Waiting::Batch(number) => Ok(CardsAwaiting::Batch(number)),
        Waiting::Card(issuance) => Ok(CardsAwaiting::Card(issuance)),
    }
}

const APPROVE: &str = "approval-approve";
const UNREADABLE: &str = "what was asked cannot be read";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_told_field_by_field() {
        let request = r#"{"verb":"right","act":"grant","issuance":"P-3F7K2Q","rights":[{"place":"main"},{"place":"yard","schedule":"office"}],"reason":"the boiler"}"#;
        let request: Request = serde_json::from_str(request).unwrap();
        let asked = asked(&request).unwrap();
        let told: Vec<String> = asked
            .iter()
            .map(|field| format!("{}={}", field.field, field.value.expose()))
            .collect();
        for field in [
            "verb=right",
            "issuance=P-3F7K2Q",
            "rights.2.schedule=office",
            "reason=the boiler",
        ] {
            assert!(told.contains(&field.to_owned()), "{told:?}");
        }
    }

    #[test]
    fn what_is_sealed_is_read_again_as_it_was() {
        let request = r#"{"verb":"card-block","issuance":"P-3F7K2Q","reason":"lost"}"#;
        let request: Request = serde_json::from_str(request).unwrap();
        let doubt = Some(Private::new("is it hers?"));
        let sealed = sealed_in(request, doubt.clone()).unwrap();
        let envelope: Envelope = serde_json::from_slice(&sealed).unwrap();
        assert!(envelope.doubt == doubt && !envelope.dry_run);
        assert!(matches!(envelope.request, Request::CardBlock(_)));
    }
    #[test]
    fn m07_whose_issue_waits_signed_when_it_was_asked_for_unless_before() {
        let request = r#"{"verb":"card-issue","kind":"employee","name":"K","firm":"F","mobile":"1","contact":"O","tenant":"T","doors":[],"identified_by":"p"}"#;
        let request: Request = serde_json::from_str(request).unwrap();
        let of_seven = as_of(request, UtcMicros::from_micros(7));
        for kept in [of_seven.clone(), as_of(of_seven, UtcMicros::from_micros(9))] {
            let signed = matches!(&kept, Request::CardIssue(wish) if wish.signed_at.map(Moment::utc) == Some(UtcMicros::from_micros(7)));
            assert!(signed, "{kept:?}");
        }
    }
}
