//! Vouching: who a reader says it is inside a session, where nobody else can say it for it.

use firmware_protocol::Reply;
use firmware_protocol::reply::PdId;

use super::{PROBE_EVERY, Phase, Reader};
use crate::{BusEvent, DropCause, FailCause, Identity, Uptime};

impl Reader {
    /// This is who the reader must be from now on. One that was someone else begins anew.
    pub(crate) fn pin(&mut self, identity: Identity) {
        self.pinned = Some(identity);
        self.stranger = None;
        if matches!(self.phase, Phase::Swapped) {
            self.begin_anew(Phase::Absent);
            self.presence.wait_until(Uptime::START);
        }
    }

    /// The answer to ID in a session. The first identity is kept; another one puts the reader out of service.
    pub(super) fn vouched(&mut self, reply: Reply<'_>, now: Uptime) {
        let id = if let Reply::PdId(id) = reply {
            self.news.extend(self.status.identity(self.index, id));
            Some(id)
        } else {
            None
        };
        let (reader, identity) = (self.index, id.map(Identity::from));
        match (self.pinned, identity) {
            (Some(known), Some(said)) if known == said => {
                self.stranger = None;
                self.note_firmware(id);
                self.phase = Phase::LocalStatus;
            }
            (None, Some(said)) => {
                self.pinned = Some(said);
                self.stranger = None;
                self.firmware = id.map(|id| id.firmware);
                self.news.push(BusEvent::Pinned {
                    reader,
                    identity: said,
                });
                self.phase = Phase::LocalStatus;
            }
            // Nobody knows who it is, and it does not say: there is nothing to hold it to.
            (None, None) => self.phase = Phase::LocalStatus,
            (Some(expected), said) => self.estrange(expected, said, now),
        }
    }

    fn note_firmware(&mut self, id: Option<PdId>) {
        let Some(to) = id.map(|id| id.firmware) else {
            return;
        };
        if let Some(from) = self.firmware.replace(to).filter(|from| *from != to) {
            let reader = self.index;
            self.news
                .push(BusEvent::FirmwareChanged { reader, from, to });
        }
    }

    /// Somebody else knows the reader's key: nothing of it is decided, nothing released. It is asked who it is now and then,
    /// so that its session stands when it is accepted.
    fn estrange(&mut self, expected: Identity, said: Option<Identity>, now: Uptime) {
        self.abandon_order(DropCause::ReaderOffline, FailCause::SessionLost);
        self.leave_service();
        self.phase = Phase::Swapped;
        self.presence.wait_until(now + PROBE_EVERY);
        if self.stranger.replace(said) != Some(said) {
            self.news.push(BusEvent::Swapped {
                reader: self.index,
                expected,
                said,
            });
        }
    }
}
