//! Errand: the order a reader is carrying out, question by question.

use firmware_protocol::command::KeySet;
use firmware_protocol::{Command, Reply};

use crate::{DropCause, FailCause, Order, OrderOutcome, Uptime};

/// One order at one reader.
///
/// Contract: while [`is_due`](Self::is_due), [`command`](Self::command) is put as the next free question and
/// [`sent`](Self::sent) is told; then either [`heard`](Self::heard) or [`interrupted`](Self::interrupted), and so on
/// until one of them says that it is over. If the reader is gone meanwhile, [`abandoned`](Self::abandoned) says the end.
pub(crate) struct Errand {
    ticket: u64,
    task: Task,
    begun: bool,
    /// Not asked before then.
    due: Uptime,
}

/// What is to be done, and how far it is.
enum Task {
    /// One question; the handshake that follows shows which key the reader has.
    SetKey(KeySet),
    /// One question in each session under SCBK-D, until the reader proves the key or the window closes.
    Pair {
        /// The key.
        key_set: KeySet,
        /// When the window closes.
        until: Uptime,
    },
}

/// What follows an answer, or the loss of one.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// The session ends, and the next handshake shows what the reader has made of it.
    Prove,
    /// It is over.
    Over(OrderOutcome),
}

impl Errand {
    pub(crate) fn new(ticket: u64, order: Order) -> Self {
        let task = match order {
            Order::SetKey(key) => Task::SetKey(KeySet { key }),
            Order::Pair { key, until, .. } => Task::Pair {
                key_set: KeySet { key },
                until,
            },
        };
        Self {
            ticket,
            task,
            begun: false,
            due: Uptime::START,
        }
    }

    pub(crate) const fn ticket(&self) -> u64 {
        self.ticket
    }

    /// Whether its next question may be put now.
    pub(crate) fn is_due(&self, now: Uptime) -> bool {
        let has_more = match self.task {
            Task::SetKey(_) => !self.begun,
            Task::Pair { .. } => true,
        };
        has_more && self.due <= now
    }

    /// Its next question.
    pub(crate) fn command(&self) -> Command<'_> {
        match &self.task {
            Task::SetKey(key_set) | Task::Pair { key_set, .. } => Command::KeySet(key_set.clone()),
        }
    }

    /// The key that the reader may have from now on.
    pub(crate) const fn key_on_its_way(&self) -> Option<&KeySet> {
        match &self.task {
            Task::SetKey(key_set) | Task::Pair { key_set, .. } => Some(key_set),
        }
    }

    /// When the window closes in which the reader may be paired.
    pub(crate) const fn window(&self) -> Option<Uptime> {
        match self.task {
            Task::SetKey(_) => None,
            Task::Pair { until, .. } => Some(until),
        }
    }

    /// Its question leaves for the line.
    pub(crate) const fn sent(&mut self) {
        self.begun = true;
    }

    /// Whether anything of it was sent.
    pub(crate) const fn has_begun(&self) -> bool {
        self.begun
    }

    /// Its question was answered.
    pub(crate) fn heard(&mut self, reply: &Reply<'_>) -> Step {
        match (&self.task, reply) {
            (Task::SetKey(_) | Task::Pair { .. }, Reply::Nak(nak)) => {
                Step::Over(OrderOutcome::Failed(FailCause::Refused(nak.code)))
            }
            // Whatever it says: the key it proves next is the key it has.
            (Task::SetKey(_) | Task::Pair { .. }, _) => Step::Prove,
        }
    }

    /// Its question was not answered, or the session ended before the answer.
    pub(crate) const fn interrupted(&mut self) -> Step {
        match self.task {
            Task::SetKey(_) | Task::Pair { .. } => Step::Prove,
        }
    }

    /// The reader is offline or its line is down.
    pub(crate) const fn abandoned(&self, unsent: DropCause, sent: FailCause) -> OrderOutcome {
        if self.begun {
            OrderOutcome::Failed(sent)
        } else {
            OrderOutcome::Dropped(unsent)
        }
    }
}
