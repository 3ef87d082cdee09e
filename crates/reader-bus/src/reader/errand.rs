//! Errand: the order a reader is carrying out, question by question.

use std::time::Duration;

use firmware_protocol::command::{FileKind, KeySet};
use firmware_protocol::file::{FileEnd, FileError, FileSender, FileStep};
use firmware_protocol::{ComSettings, Command, Reply};

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
    /// Whether the reader was polled since: a card must not wait for a whole file.
    polled: bool,
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
    /// One question.
    Communicate(ComSettings),
    /// A question for each piece, and some at the end.
    File(Box<Delivery>),
}

/// A file on its way.
struct Delivery {
    sender: FileSender,
    /// The octets served for the next step.
    served: Option<Vec<u8>>,
    /// Whether they were asked for.
    wanted: bool,
}

/// What follows an answer, or the loss of one.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// The session ends, and the next handshake shows what the reader has made of it.
    Prove,
    /// There is more to ask, not before the errand is due.
    Next,
    /// It is over.
    Over(OrderOutcome),
}

impl Errand {
    /// An errand at a reader that takes frames of `frame_len_max` octets.
    ///
    /// # Errors
    /// [`FileError`] for a file that cannot be sent so.
    pub(crate) fn new(ticket: u64, order: Order, frame_len_max: u16) -> Result<Self, FileError> {
        let task = match order {
            Order::SetKey(key) => Task::SetKey(KeySet { key }),
            Order::Pair { key, until, .. } => Task::Pair {
                key_set: KeySet { key },
                until,
            },
            Order::Communicate(settings) => Task::Communicate(settings),
            Order::File { total, from } => {
                let sender = FileSender::new(FileKind::Opaque, total, frame_len_max)?;
                Task::File(Box::new(Delivery {
                    sender: sender.resume(from)?,
                    served: None,
                    wanted: false,
                }))
            }
        };
        Ok(Self {
            ticket,
            task,
            begun: false,
            due: Uptime::START,
            polled: true,
        })
    }

    pub(crate) const fn ticket(&self) -> u64 {
        self.ticket
    }

    /// Whether its next question may be put now.
    pub(crate) fn is_due(&self, now: Uptime) -> bool {
        let has_more = match &self.task {
            Task::SetKey(_) | Task::Communicate(_) => !self.begun,
            Task::Pair { .. } => true,
            Task::File(delivery) => {
                delivery.is_served() && (self.polled || delivery.sender.is_exclusive())
            }
        };
        has_more && self.due <= now
    }

    /// Its next question.
    pub(crate) fn command(&mut self) -> Option<Command<'_>> {
        match &mut self.task {
            Task::SetKey(key_set) | Task::Pair { key_set, .. } => {
                Some(Command::KeySet(key_set.clone()))
            }
            Task::Communicate(settings) => Some(Command::ComSet(*settings)),
            Task::File(delivery) => delivery.command(),
        }
    }

    /// What of its file is to be served now; told once.
    pub(crate) fn wants(&mut self) -> Option<(u32, u16)> {
        match &mut self.task {
            Task::File(delivery) => delivery.wants(),
            Task::SetKey(_) | Task::Pair { .. } | Task::Communicate(_) => None,
        }
    }

    /// Takes octets of its file; others than those asked for are let pass.
    pub(crate) fn serve(&mut self, offset: u32, octets: &[u8]) {
        if let Task::File(delivery) = &mut self.task {
            delivery.serve(offset, octets);
        }
    }

    /// Until when the reader is to be asked nothing else, if it wants to be left alone with its file.
    pub(crate) fn alone_until(&self) -> Option<Uptime> {
        match &self.task {
            Task::File(delivery) => delivery.sender.is_exclusive().then_some(self.due),
            Task::SetKey(_) | Task::Pair { .. } | Task::Communicate(_) => None,
        }
    }

    /// Whether the reader has to be told when it is given up.
    pub(crate) const fn needs_abort(&self) -> bool {
        self.begun && matches!(self.task, Task::File(_))
    }

    /// The key that the reader may have from now on.
    pub(crate) const fn key_on_its_way(&self) -> Option<&KeySet> {
        match &self.task {
            Task::SetKey(key_set) | Task::Pair { key_set, .. } => Some(key_set),
            Task::Communicate(_) | Task::File(_) => None,
        }
    }

    /// When the window closes in which the reader may be paired.
    pub(crate) const fn window(&self) -> Option<Uptime> {
        match self.task {
            Task::SetKey(_) | Task::Communicate(_) | Task::File(_) => None,
            Task::Pair { until, .. } => Some(until),
        }
    }

    /// Its question leaves for the line.
    pub(crate) const fn sent(&mut self) {
        self.begun = true;
        self.polled = false;
    }

    /// The reader was asked whether it has anything to say.
    pub(crate) const fn polled(&mut self) {
        self.polled = true;
    }

    /// Whether anything of it was sent.
    pub(crate) const fn has_begun(&self) -> bool {
        self.begun
    }

    /// Its question was answered.
    pub(crate) fn heard(&mut self, reply: &Reply<'_>, now: Uptime) -> Step {
        let refused = |code| Step::Over(OrderOutcome::Failed(FailCause::Refused(code)));
        match (&mut self.task, reply) {
            (Task::File(delivery), reply) => {
                let step = delivery.heard(reply);
                self.due = now + Duration::from_millis(u64::from(delivery.sender.wait_ms()));
                step
            }
            (_, Reply::Nak(nak)) => refused(nak.code),
            (Task::Communicate(settings), Reply::Com(said)) if said == settings => {
                Step::Over(OrderOutcome::Done)
            }
            (Task::Communicate(_), other) => {
                let code = other.code();
                Step::Over(OrderOutcome::Failed(FailCause::Unexpected { code }))
            }
            // Whatever it says: the key it proves next is the key it has.
            (Task::SetKey(_) | Task::Pair { .. }, _) => Step::Prove,
        }
    }

    /// Its question was not answered, or the session ended before the answer.
    pub(crate) const fn interrupted(&mut self) -> Step {
        match self.task {
            Task::SetKey(_) | Task::Pair { .. } => Step::Prove,
            Task::Communicate(_) => Step::Over(OrderOutcome::Failed(FailCause::NoReply)),
            // The same piece again, in the next session if need be.
            Task::File(_) => Step::Next,
        }
    }

    /// Whether it goes on when the reader is back.
    pub(crate) const fn outlives_absence(&self) -> bool {
        matches!(self.task, Task::File(_))
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

impl Delivery {
    /// Whether the next message can be made.
    fn is_served(&self) -> bool {
        self.served.is_some() || matches!(self.sender.next_step(), FileStep::Ask)
    }

    fn command(&mut self) -> Option<Command<'_>> {
        let octets = self.served.as_deref().unwrap_or_default();
        self.sender.message(octets).ok().map(Command::FileTransfer)
    }

    fn wants(&mut self) -> Option<(u32, u16)> {
        match self.sender.next_step() {
            FileStep::Piece { offset, len } if !std::mem::replace(&mut self.wanted, true) => {
                Some((offset, len))
            }
            FileStep::Piece { .. } | FileStep::Ask | FileStep::Done(_) => None,
        }
    }

    fn serve(&mut self, at: u32, octets: &[u8]) {
        if let FileStep::Piece { offset, len } = self.sender.next_step()
            && (offset, usize::from(len)) == (at, octets.len())
        {
            self.served = Some(octets.to_vec());
        }
    }

    fn heard(&mut self, reply: &Reply<'_>) -> Step {
        let (before, failed) = (self.sender.next_step(), |error| {
            Step::Over(OrderOutcome::File(error))
        });
        let went = if let Reply::FileStatus(status) = reply {
            self.sender.handle_status(status)
        } else if let Reply::Nak(nak) = reply {
            let why = OrderOutcome::Failed(FailCause::Refused(nak.code));
            if self.sender.handle_refusal().is_err() {
                return Step::Over(why);
            }
            Ok(())
        } else {
            let code = reply.code();
            let why = FailCause::Unexpected { code };
            return Step::Over(OrderOutcome::Failed(why));
        };
        if let Err(error) = went {
            return failed(error);
        }
        if self.sender.next_step() != before {
            (self.served, self.wanted) = (None, false);
        }
        match self.sender.next_step() {
            FileStep::Done(FileEnd::Processed) => Step::Over(OrderOutcome::Done),
            FileStep::Done(FileEnd::Rebooting) => Step::Over(OrderOutcome::Restarting),
            FileStep::Piece { .. } | FileStep::Ask => Step::Next,
        }
    }
}
