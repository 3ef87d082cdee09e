//! An asker: the operator behind a connection, and what their roles let them do.

use std::sync::Arc;

use access::OperatorId;
use access::role::{Act, Permission, Role, permission};
use control::{Code, Refusal};
use event_log::{AdminVerb, Administration, Event, Operator, Reading, Text, What};
use register::OperatorRow;

use crate::controller::Controller;
use crate::passwd;

/// An operator known by user number and user name.
#[derive(Clone)]
pub(crate) struct Asker {
    /// Everything there is to ask.
    pub(crate) controller: Arc<Controller>,
    /// Who they are.
    pub(crate) operator: OperatorRow,
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
    /// The operator with this user number, if the system gives that number the registered name.
    ///
    /// # Errors
    /// One and the same refusal for everybody else.
    pub(crate) fn recognise(uid: u32, controller: &Arc<Controller>) -> Result<Self, Refusal> {
        let known = controller
            .operators
            .iter()
            .find(|operator| operator.uid == uid && !operator.roles.is_empty());
        let name = known.and_then(|_| passwd::name_of(uid).ok().flatten());
        match known.filter(|operator| Some(operator.user.as_str()) == name.as_deref()) {
            Some(operator) => Ok(Self {
                controller: Arc::clone(controller),
                operator: operator.clone(),
                is_absent: false,
            }),
            None => Err(Refusal::new(Code::Refused, NOBODY)),
        }
    }

    /// The operator of this number, in whose absence something that they asked for earlier is done now.
    ///
    /// # Errors
    /// A refusal if they have no role any more.
    pub(crate) fn absent(id: OperatorId, controller: &Arc<Controller>) -> Result<Self, Refusal> {
        let known = controller.operators.iter().find(|known| known.id == id);
        let uid = known.map(|operator| operator.uid);
        let found = uid.map(|uid| Self::recognise(uid, controller));
        match found {
            Some(Ok(asker)) => Ok(Self {
                is_absent: true,
                ..asker
            }),
            Some(Err(_)) | None => Err(Refusal::new(Code::Refused, NO_ROLE_LEFT)),
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

    /// What the role table leaves them to do, or why nothing; nothing is logged.
    ///
    /// # Errors
    /// Why not, in a line.
    pub(crate) fn leave(&self, act: Act, verb: &str) -> Result<Leave, String> {
        match permission(&self.operator.roles, act) {
            Permission::May => Ok(Leave::Now),
            Permission::Pending => Ok(Leave::IfApproved(act)),
            Permission::No => Err(format!("{verb} is not for the role {}", self.roles())),
            Permission::OwnTenant => Err(format!(
                "{verb} is for the own tenant's cards only, and this version binds no role to a tenant"
            )),
        }
    }

    /// Whether they hold one of these roles; a refusal is logged before it is answered.
    ///
    /// # Errors
    /// The refusal.
    pub(crate) async fn must_be(&self, roles: &[Role], verb: &str) -> Result<(), Refusal> {
        if self.operator.roles.iter().any(|role| roles.contains(role)) {
            return Ok(());
        }
        let names: Vec<&str> = roles.iter().map(|role| role.as_str()).collect();
        self.refuse(
            verb,
            format!("{verb} is for the roles {} only", names.join(" and ")),
        )
        .await
    }

    /// Whether the role table lets them do another act that the one at hand turns out to be.
    ///
    /// # Errors
    /// The refusal, logged.
    pub(crate) async fn must_do(&self, act: Act, verb: &str, what: &str) -> Result<(), Refusal> {
        match permission(&self.operator.roles, act) {
            Permission::May => Ok(()),
            Permission::No | Permission::Pending | Permission::OwnTenant => {
                self.refuse(verb, format!("{what} is not for the role {}", self.roles()))
                    .await
            }
        }
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

    fn roles(&self) -> String {
        let names: Vec<&str> = self
            .operator
            .roles
            .iter()
            .map(|role| role.as_str())
            .collect();
        names.join(", ")
    }
}

/// What everybody without a role is told, whatever they asked.
const NOBODY: &str = "you have no role here; ask the operations manager";

/// What an approver is told of who asked.
const NO_ROLE_LEFT: &str = "who asked for it has no role any more; refuse it";
