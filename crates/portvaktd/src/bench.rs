//! The bench: the site on its task, with what the daemon keeps beside it: which ports are open, and who waits for what.

use std::collections::{BTreeMap, BTreeSet};

use access::card::CardBits;
use access::{DoorId, LineId, ReaderId};
use event_log::{Event, Operator, ReaderEvent, ReaderKind, What};
use reader_bus::{Identity, Order, OrderOutcome, PdId, Uptime};
use site::{Notice, Now, Site, SiteError};
use tokio::sync::{mpsc, oneshot};

use crate::files::Files;
use crate::port_survey::SurveyOrder;

use crate::key_chores::{KeyChore, KeyChores};

/// The site and its surroundings.
pub(crate) struct Bench {
    /// The site itself.
    pub(crate) site: Site,
    ports: BTreeMap<LineId, Port>,
    cards: BTreeMap<u64, oneshot::Sender<CardBits>>,
    unlocks: BTreeMap<u64, oneshot::Sender<bool>>,
    orders: BTreeMap<u64, oneshot::Sender<OrderOutcome>>,
    /// Who serves files, and what readers have of which.
    pub(crate) files: Files,
    surveys: BTreeMap<LineId, mpsc::Sender<SurveyOrder>>,
    /// What the key store is to be told.
    pub(crate) key_chores: KeyChores,
    identities: BTreeMap<ReaderId, PdId>,
    strangers: BTreeMap<ReaderId, Stranger>,
    tampered: BTreeSet<ReaderId>,
    tokens: u64,
}

/// A line's port.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Port {
    /// It is open.
    pub(crate) up: bool,
    /// Why it is not.
    pub(crate) why: Option<String>,
}

/// An order on its way to a reader: its ticket takes it back, the other end hears what became of it.
pub(crate) struct GivenOrder {
    pub(crate) ticket: u64,
    pub(crate) ended: oneshot::Receiver<OrderOutcome>,
}

/// Somebody who has a reader's key without being it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stranger {
    /// Who the reader is.
    pub(crate) expected: Identity,
    /// Who the stranger says it is; `None`: it does not say.
    pub(crate) said: Option<Identity>,
}

/// A card that is waited for: the token ends the wait early, the other end hears of the card, or closes without one.
pub(crate) type ExpectedCard = (u64, oneshot::Receiver<CardBits>);

impl Bench {
    /// A site none of whose ports is open yet.
    pub(crate) fn new(site: Site) -> Self {
        Self {
            site,
            ports: BTreeMap::new(),
            cards: BTreeMap::new(),
            unlocks: BTreeMap::new(),
            orders: BTreeMap::new(),
            files: Files::default(),
            surveys: BTreeMap::new(),
            key_chores: KeyChores::default(),
            identities: BTreeMap::new(),
            strangers: BTreeMap::new(),
            tampered: BTreeSet::new(),
            tokens: 0,
        }
    }

    /// The port of a line.
    pub(crate) fn port(&self, line: LineId) -> Port {
        self.ports.get(&line).cloned().unwrap_or_default()
    }

    /// What a reader said it is.
    pub(crate) fn identity(&self, reader: ReaderId) -> Option<PdId> {
        self.identities.get(&reader).copied()
    }

    /// Whether a reader's tamper switch stands open.
    pub(crate) fn is_tampered(&self, reader: ReaderId) -> bool {
        self.tampered.contains(&reader)
    }

    /// Looks at a record on its way to the log.
    pub(crate) fn see(&mut self, event: &Event) {
        let What::Reader(ReaderEvent { kind, reader, .. }) = event.what else {
            return;
        };
        match kind {
            ReaderKind::Tamper => drop(self.tampered.insert(reader)),
            ReaderKind::TamperCleared => drop(self.tampered.remove(&reader)),
            ReaderKind::Online
            | ReaderKind::Offline
            | ReaderKind::Swapped
            | ReaderKind::SecurityAlarm
            | ReaderKind::PowerFailure
            | ReaderKind::PowerRestored
            | ReaderKind::KeyChanged
            | ReaderKind::KeyKept
            | ReaderKind::Paired
            | ReaderKind::PairingClosed
            | ReaderKind::KeysBuffered
            | ReaderKind::FirmwareChanged
            | ReaderKind::Readdressed
            | ReaderKind::FileTaken
            | ReaderKind::OrderFailed => {}
        }
    }

    /// The port is open.
    pub(crate) fn line_came(&mut self, line: LineId) {
        self.ports.insert(
            line,
            Port {
                up: true,
                why: None,
            },
        );
    }

    /// The port is closed; true if it was open until now.
    pub(crate) fn line_went(&mut self, line: LineId, why: String) -> bool {
        let before = self.ports.insert(
            line,
            Port {
                up: false,
                why: Some(why),
            },
        );
        before.is_some_and(|port| port.up)
    }

    /// Waits for the next card at `reader`.
    pub(crate) fn expect_card(
        &mut self,
        reader: ReaderId,
        until: Uptime,
    ) -> Result<ExpectedCard, SiteError> {
        self.tokens += 1;
        self.site.expect_presentation(reader, self.tokens, until)?;
        let (presented, card) = oneshot::channel();
        self.cards.insert(self.tokens, presented);
        Ok((self.tokens, card))
    }

    /// Nobody waits for that card any more.
    pub(crate) fn cancel(&mut self, token: u64) {
        self.cards.remove(&token);
        self.site.cancel_presentation(token);
    }

    /// Opens a door once; the other end hears whether the reader released it.
    pub(crate) fn open_door(
        &mut self,
        door: DoorId,
        operator: Operator,
        reason: &str,
        now: Now,
    ) -> Result<oneshot::Receiver<bool>, SiteError> {
        let ticket = self.site.open_door(door, operator, reason, now)?;
        let (told, opened) = oneshot::channel();
        self.unlocks.insert(ticket, told);
        Ok(opened)
    }

    /// Opens the door of a reader, to try it; says which, and the other end hears whether the reader released it.
    pub(crate) fn test_open(
        &mut self,
        reader: ReaderId,
        operator: Operator,
        now: Now,
    ) -> Result<(DoorId, oneshot::Receiver<bool>), SiteError> {
        let (ticket, door) = self.site.test_open(reader, operator, now)?;
        let (told, opened) = oneshot::channel();
        self.unlocks.insert(ticket, told);
        Ok((door, opened))
    }

    /// Has a reader carry something out; the other end hears what became of it.
    pub(crate) fn order(
        &mut self,
        reader: ReaderId,
        order: Order,
    ) -> Result<GivenOrder, SiteError> {
        let ticket = self.site.order(reader, order)?;
        let (told, ended) = oneshot::channel();
        self.orders.insert(ticket, told);
        Ok(GivenOrder { ticket, ended })
    }

    /// A line whose port takes orders to look around.
    pub(crate) fn can_survey(&mut self, line: LineId, surveys: mpsc::Sender<SurveyOrder>) {
        self.surveys.insert(line, surveys);
    }

    /// Has a line's port look who answers; `false` if it is looking already.
    pub(crate) fn survey(&self, line: LineId, order: SurveyOrder) -> bool {
        let port = self.surveys.get(&line);
        port.is_some_and(|port| port.try_send(order).is_ok())
    }

    /// Whether a reader carries out an order, or what came of one is not in the key store yet.
    pub(crate) fn is_busy(&self, reader: ReaderId) -> bool {
        self.site.has_order(reader) || self.key_chores.owes(reader)
    }

    /// Who has a reader's key without being it, if somebody has.
    pub(crate) fn stranger(&self, reader: ReaderId) -> Option<Stranger> {
        self.strangers.get(&reader).copied()
    }

    /// Takes somebody else for a reader.
    pub(crate) fn accept(&mut self, reader: ReaderId, identity: Identity) -> Result<(), SiteError> {
        self.strangers.remove(&reader);
        self.site.pin_reader(reader, identity)
    }

    /// Tells those who wait. Whoever left meanwhile needs no word.
    pub(crate) fn notice(&mut self, notice: Notice) {
        if let Some(chore) = KeyChore::of(&notice) {
            self.key_chores.owe(chore);
        }
        match notice {
            Notice::Presented { token, bits, .. } => {
                if let Some(waiting) = self.cards.remove(&token) {
                    waiting.send(bits).ok();
                }
            }
            Notice::NotPresented { token } => drop(self.cards.remove(&token)),
            Notice::DoorOpened { ticket, .. } => self.tell_unlock(ticket, true),
            Notice::DoorNotOpened { ticket, .. } => self.tell_unlock(ticket, false),
            Notice::ReaderIdentified { reader, id } => drop(self.identities.insert(reader, id)),
            Notice::FileWanted { ticket, piece } => self.files.want(ticket, piece),
            Notice::OrderEnded {
                ticket, outcome, ..
            } => {
                self.files.over(ticket);
                if let Some(waiting) = self.orders.remove(&ticket) {
                    waiting.send(outcome).ok();
                }
            }
            Notice::ReaderSwapped {
                reader,
                expected,
                said,
            } => drop(self.strangers.insert(reader, Stranger { expected, said })),
            Notice::ReaderOnline { reader, .. } => drop(self.strangers.remove(&reader)),
            Notice::Recorded { .. }
            | Notice::KeySettled { .. }
            | Notice::ReaderPinned { .. }
            | Notice::ReaderOffline { .. }
            | Notice::DayKeyWanted(_) => {}
        }
    }

    fn tell_unlock(&mut self, ticket: u64, opened: bool) {
        if let Some(waiting) = self.unlocks.remove(&ticket) {
            waiting.send(opened).ok();
        }
    }
}
