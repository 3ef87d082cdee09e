//! The bench: the site on its task, with what the daemon keeps beside it: which ports are open, and who waits for what.

use std::collections::{BTreeMap, BTreeSet};

use access::card::CardBits;
use access::{DoorId, LineId, ReaderId};
use event_log::{Event, Operator, ReaderEvent, ReaderKind, What};
use reader_bus::{Order, OrderOutcome, PdId, Uptime};
use site::{Notice, Now, Site, SiteError};
use tokio::sync::oneshot;

/// The site and its surroundings.
pub(crate) struct Bench {
    /// The site itself.
    pub(crate) site: Site,
    ports: BTreeMap<LineId, Port>,
    cards: BTreeMap<u64, oneshot::Sender<CardBits>>,
    unlocks: BTreeMap<u64, oneshot::Sender<bool>>,
    orders: BTreeMap<u64, oneshot::Sender<OrderOutcome>>,
    identities: BTreeMap<ReaderId, PdId>,
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
            identities: BTreeMap::new(),
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

    /// Has a reader carry something out; the other end hears what became of it.
    #[expect(dead_code, reason = "the verbs that give orders are built on it next")]
    pub(crate) fn order(
        &mut self,
        reader: ReaderId,
        order: Order,
    ) -> Result<oneshot::Receiver<OrderOutcome>, SiteError> {
        let ticket = self.site.order(reader, order)?;
        let (told, ended) = oneshot::channel();
        self.orders.insert(ticket, told);
        Ok(ended)
    }

    /// Tells those who wait. Whoever left meanwhile needs no word.
    pub(crate) fn notice(&mut self, notice: Notice) {
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
            Notice::OrderEnded {
                ticket, outcome, ..
            } => {
                if let Some(waiting) = self.orders.remove(&ticket) {
                    waiting.send(outcome).ok();
                }
            }
            Notice::Recorded { .. }
            | Notice::KeySettled { .. }
            | Notice::ReaderPinned { .. }
            | Notice::ReaderSwapped { .. }
            | Notice::ReaderOnline { .. }
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
