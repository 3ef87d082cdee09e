//! What a reader's firmware is told to do.

use super::attachment::Attachment;
use super::ring::Ring;
use crate::ComSettings;
use crate::command::{BuzzerControl, FileKind, KeepActive, LedControl, OutputControl, TextPlace};
use crate::secure::Scbk;

/// Something for the firmware to do or to know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PdEvent {
    /// Switch an output; times are the firmware's to keep.
    Output(OutputControl),
    /// Set a light.
    Led(LedControl),
    /// Sound.
    Buzzer(BuzzerControl),
    /// A session stands.
    SessionUp,
    /// The session has ended, or did not come about because the controller has another key.
    SessionDown,
    /// A new key is in force from the next handshake on: store it where it survives a loss of power.
    KeySet(Scbk),
    /// The reader has this address from now on, and must listen at this speed once its answer is out: store both.
    ComSet(ComSettings),
    /// Show the text in [`Pd::attached`](super::Pd::attached).
    Text(TextPlace),
    /// Store the octets in [`Pd::attached`](super::Pd::attached), a piece of a file, at this offset. After the last one say
    /// how it ended: [`Pd::report_file`](super::Pd::report_file).
    FilePiece {
        /// What sort of file it is.
        kind: FileKind,
        /// Octets of the whole file.
        total: u32,
        /// Where in the file these begin; 0 begins a new file.
        offset: u32,
    },
    /// The maker's own command is in [`Pd::attached`](super::Pd::attached).
    Manufacturer,
    /// Keep the credential powered.
    KeepActive(KeepActive),
    /// Stop whatever takes time; a file on its way is given up.
    Abort,
}

/// Events waiting for the firmware. Orders are queued and never lost; of the session, the key and the address only the
/// latest counts; of those with octets there is one at a time.
pub(super) struct Events {
    orders: Ring<PdEvent, ORDERS_MAX>,
    session: Option<bool>,
    key: Option<Scbk>,
    moved: Option<ComSettings>,
    attachment: Attachment,
}

impl Events {
    pub(super) const fn new() -> Self {
        Self {
            orders: Ring::new(),
            session: None,
            key: None,
            moved: None,
            attachment: Attachment::new(),
        }
    }

    /// Takes all of the orders, or none if they do not fit.
    pub(super) fn orders(&mut self, orders: impl Iterator<Item = PdEvent>, count: usize) -> bool {
        count <= self.orders.room()
            && orders
                .take(count)
                .all(|order| self.orders.push(order).is_ok())
    }

    pub(super) fn session(&mut self, up: bool) {
        self.session = Some(up);
    }

    pub(super) fn key(&mut self, key: Scbk) {
        self.key = Some(key);
    }

    pub(super) fn moved(&mut self, settings: ComSettings) {
        self.moved = Some(settings);
    }

    /// Takes an event with octets, unless they are too many or another still waits.
    pub(super) fn attach(&mut self, event: PdEvent, octets: &[u8]) -> bool {
        self.attachment.put(event, octets)
    }

    pub(super) const fn attachment_waits(&self) -> bool {
        self.attachment.waits()
    }

    pub(super) fn attached(&self) -> &[u8] {
        self.attachment.octets()
    }

    pub(super) fn next(&mut self) -> Option<PdEvent> {
        let session = self.session.take().map(|up| {
            if up {
                PdEvent::SessionUp
            } else {
                PdEvent::SessionDown
            }
        });
        session
            .or_else(|| self.key.take().map(PdEvent::KeySet))
            .or_else(|| self.moved.take().map(PdEvent::ComSet))
            .or_else(|| self.orders.pop())
            .or_else(|| self.attachment.take())
    }
}

/// Orders that can wait for the firmware.
pub(super) const ORDERS_MAX: usize = 16;
