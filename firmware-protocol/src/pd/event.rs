//! What a reader's firmware is told to do.

use super::ring::Ring;
use crate::command::{BuzzerControl, LedControl, OutputControl};
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
}

/// Events waiting for the firmware. Orders are queued and never lost; of the session and the key only the latest counts.
pub(super) struct Events {
    orders: Ring<PdEvent, ORDERS_MAX>,
    session: Option<bool>,
    key: Option<Scbk>,
}

impl Events {
    pub(super) const fn new() -> Self {
        Self {
            orders: Ring::new(),
            session: None,
            key: None,
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
            .or_else(|| self.orders.pop())
    }
}

/// Orders that can wait for the firmware.
pub(super) const ORDERS_MAX: usize = 16;
