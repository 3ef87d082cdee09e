//! An asker: the operator behind a connection, and what their roles let them do.

use std::sync::Arc;

use access::role::{Act, Permission, Role, permission};
use access::{OperatorId, UtcMicros};
use control::{Code, Refusal};
use event_log::{AdminVerb, Administration, Event, Operator, Reading, Text, What};
use register::{OperatorRow, TenantId};

use super::scope::Scope;
use crate::controller::Controller;
use crate::passwd;

/// An operator known by user number and user name.
#[derive(Clone)]
pub(crate) struct Asker {
    /// Everything there is to ask.
    pub(crate) controller: Arc<Controller>,
    /// Who they are.
    pub(crate) operator: OperatorRow,
    /// What they act as: what they hold themselves, and what is delegated to them now (M31).
    pub(crate) roles: Vec<Role>,
    /// When they asked; roles and training are judged by it.
    pub(crate) at: UtcMicros,
    /// The tenants whose hr they are.
    tenants: Vec<TenantId>,
    /// What they asked, and as which act; `None` for what they are only said to have asked.
    asked: Option<(&'static str, Act)>,
    /// They asked earlier and somebody else approves now: no refusal of today is theirs.
    is_absent: bool,
}

/// What the role table leaves somebody to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Leave {
    /// It is done now.
    Now,
    /// It is kept until another person, who may approve this act, does.
    IfApproved(Act),
}

impl Asker {
    /// The operator with this user number, if the system gives that number the registered name and a role of theirs holds
    /// now. Everybody else costs the same work, so that the time tells no more than the answer.
    ///
    /// # Errors
    /// One and the same refusal for everybody else.
    pub(crate) fn recognise(uid: u32, controller: &Arc<Controller>) -> Result<Self, Refusal> {
        let name = passwd::name_of(uid).ok().flatten().unwrap_or_default();
        let at = controller.ledger.clock.now().utc;
        let roster = controller.roster();
        let mut known = None;
        for operator in roster.iter() {
            let roles = operator.roles_at(at);
            let are_same = [operator.uid == uid, operator.user == name];
            if are_same == [true; 2] && !roles.is_empty() {
                known = Some((operator, roles));
            }
        }
        let (operator, roles) = known.ok_or_else(|| Refusal::new(Code::Refused, NOBODY))?;
        Ok(Self {
            controller: Arc::clone(controller),
            operator: operator.clone(),
            roles,
            at,
            tenants: operator.tenants_at(at),
            asked: None,
            is_absent: false,
        })
    }

    /// The operator of this number, in whose absence something that they asked for earlier is done now.
    ///
    /// # Errors
    /// A refusal if they have no role any more.
    pub(crate) fn absent(id: OperatorId, controller: &Arc<Controller>) -> Result<Self, Refusal> {
        let roster = controller.roster();
        let known = roster.iter().find(|known| known.id == id);
        let found = known.map(|operator| Self::recognise(operator.uid, controller));
        match found {
            // Their user number may be somebody else's by now.
            Some(Ok(asker)) if asker.operator.id == id => Ok(Self {
                is_absent: true,
                ..asker
            }),
            Some(Ok(_) | Err(_)) | None => Err(Refusal::new(Code::Refused, NO_ROLE_LEFT)),
        }
    }

    /// The same operator, asking this.
    pub(crate) fn asking(self, verb: &'static str, act: Act) -> Self {
        let asked = Some((verb, act));
        Self { asked, ..self }
    }

    /// The same operator as they are now, if they may still do what they asked: for what takes so long that a role may have
    /// ended meanwhile. Nothing is logged.
    ///
    /// # Errors
    /// Why not, in a line.
    pub(crate) fn again(&self) -> Result<Self, String> {
        let at = self.controller.ledger.clock.now().utc;
        let roster = self.controller.roster();
        let known = roster.iter().find(|known| known.id == self.operator.id);
        let operator = known.ok_or(NOBODY)?;
        let again = Self {
            operator: operator.clone(),
            roles: operator.roles_at(at),
            at,
            tenants: operator.tenants_at(at),
            ..self.clone()
        };
        if again.roles.is_empty() {
            return Err(NOBODY.to_owned());
        }
        if let Some((verb, act)) = self.asked {
            again.leave(act, verb)?;
        }
        Ok(again)
    }

    /// [`Asker::again`]; a refusal is logged before it is answered.
    ///
    /// # Errors
    /// The refusal.
    pub(crate) async fn still(&self) -> Result<Self, Refusal> {
        match self.again() {
            Ok(again) => Ok(again),
            Err(why) => {
                self.refuse(self.asked.map_or("", |(verb, _)| verb), why)
                    .await
            }
        }
    }

    /// The same operator, for what is done through this controller.
    pub(crate) fn through(&self, controller: Controller) -> Self {
        Self {
            controller: Arc::new(controller),
            ..self.clone()
        }
    }

    /// What the role table leaves them to do; a refusal is logged before it is answered.
    ///
    /// # Errors
    /// The refusal.
    pub(crate) async fn may(&self, act: Act, verb: &str) -> Result<Leave, Refusal> {
        match self.leave(act, verb) {
            Ok(leave) => Ok(leave),
            Err(why) => self.refuse(verb, why).await,
        }
    }

    /// What the role table and their training leave them to do, be it for their own tenant only, or why nothing; nothing is
    /// logged.
    ///
    /// # Errors
    /// Why not, in a line.
    pub(crate) fn leave(&self, act: Act, verb: &str) -> Result<Leave, String> {
        let leave = match permission(&self.roles, act) {
            Permission::May | Permission::OwnTenant => Leave::Now,
            Permission::Pending => Leave::IfApproved(act),
            Permission::No => return Err(format!("{verb} is not for the role {}", self.named())),
        };
        self.untrained(act).map_or(Ok(leave), Err)
    }

    /// Whose cards the role table lets them do this with; for verbs that [`Asker::may`] let through.
    pub(crate) fn scope(&self, act: Act) -> Scope {
        match permission(&self.roles, act) {
            Permission::May => Scope::All,
            Permission::OwnTenant => Scope::Tenants(self.tenants.clone()),
            Permission::No | Permission::Pending => Scope::Tenants(Vec::new()),
        }
    }

    /// What keeps whoever is not trained from this, if it takes training (M2).
    fn untrained(&self, act: Act) -> Option<String> {
        if !act.needs_training() || self.operator.is_trained_at(self.at) {
            return None;
        }
        let user = &self.operator.user;
        let missing = self.operator.trained_until.map_or_else(
            || "there is no training record of you".to_owned(),
            |until| format!("your training record ended {until}"),
        );
        Some(format!(
            "{missing}; a daily manager or operations manager records a new one with portvakt operator training {user} --until DATE"
        ))
    }

    /// Whether they hold one of these roles; nothing is logged.
    ///
    /// # Errors
    /// Whose it is instead, in a line.
    pub(crate) fn is_one_of(&self, roles: &[Role], verb: &str) -> Result<(), String> {
        if self.roles.iter().any(|role| roles.contains(role)) {
            return Ok(());
        }
        let names: Vec<&str> = roles.iter().map(|role| role.as_str()).collect();
        Err(format!(
            "{verb} is for the roles {} only",
            names.join(" and ")
        ))
    }

    /// Whether the role table and their training let them do another act that the one at hand turns out to be.
    ///
    /// # Errors
    /// The refusal, logged.
    pub(crate) async fn must_do(&self, act: Act, verb: &str, what: &str) -> Result<(), Refusal> {
        let why = match (permission(&self.roles, act), self.untrained(act)) {
            (Permission::May, None) => return Ok(()),
            (Permission::May, Some(untrained)) => untrained,
            (Permission::No | Permission::Pending | Permission::OwnTenant, _) => {
                format!("{what} is not for the role {}", self.named())
            }
        };
        self.refuse(verb, why).await
    }

    /// Logs something they do that the register knows nothing of.
    ///
    /// # Errors
    /// A refusal if the log cannot be written.
    pub(crate) async fn administration(&self, verb: AdminVerb, text: &str) -> Result<(), Refusal> {
        let done = Administration {
            verb,
            operator: self.actor(),
            outbox: 0,
            holder: None,
            holder_text: Text::default(),
            operator_text: Text::new(text),
        };
        self.record(What::Administration(done)).await
    }

    /// Logs that something was read, before anything of it is answered.
    ///
    /// # Errors
    /// A refusal if the log cannot be written: what is not recorded is not read.
    pub(crate) async fn reading(
        &self,
        verb: &str,
        purpose: &str,
        hits: u64,
    ) -> Result<(), Refusal> {
        let hits = u32::try_from(hits).unwrap_or(u32::MAX);
        let reading = Reading {
            operator: self.actor(),
            verb: Text::new(verb),
            purpose: Text::new(purpose),
            hits,
        };
        self.record(What::Reading(reading)).await
    }

    /// The operator as events name them.
    pub(crate) fn actor(&self) -> Operator {
        Operator {
            id: self.operator.id,
            slot: self.operator.slot,
        }
    }

    /// Refuses what a rule forbids, after it is logged.
    ///
    /// # Errors
    /// The refusal.
    pub(crate) async fn refuse<T>(&self, verb: &str, why: String) -> Result<T, Refusal> {
        if !self.is_absent {
            self.administration(AdminVerb::Refused, verb).await?;
        }
        Err(Refusal::new(Code::Refused, why))
    }

    async fn record(&self, what: What) -> Result<(), Refusal> {
        let now = self.controller.ledger.clock.now();
        let event = Event {
            time: now.utc,
            clock: now.clock,
            late: false,
            what,
        };
        let written = self.controller.ledger.log.write(vec![event]).await;
        written.map_err(|cause| Refusal::new(Code::Failed, cause))
    }

    fn named(&self) -> String {
        let names: Vec<&str> = self.roles.iter().map(|role| role.as_str()).collect();
        names.join(", ")
    }
}

/// What everybody without a role is told, whatever they asked.
pub(super) const NOBODY: &str = "you have no role here; ask the operations manager";

/// What an approver is told of who asked.
const NO_ROLE_LEFT: &str = "who asked for it has no role any more; refuse it";
