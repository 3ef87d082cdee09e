//! Status: what a reader last told of itself, so that only changes are passed on.

use firmware_protocol::reply::{LocalStatus, PdId, ReaderState, ReaderStatus};

use crate::{BusEvent, Levels, ReaderIndex};

/// The last known states.
#[derive(Default)]
pub(crate) struct Status {
    identity: Option<PdId>,
    /// What the reader's own contact says, and what its heads say.
    tamper: (bool, bool),
    power_failure: bool,
    inputs: Option<Levels>,
    outputs: Option<Levels>,
}

impl Status {
    /// The identity, if it is new.
    pub(crate) fn identity(&mut self, reader: ReaderIndex, id: PdId) -> Option<BusEvent> {
        (self.identity.replace(id) != Some(id)).then_some(BusEvent::Pd { reader, id })
    }

    /// Tamper and power, as far as they changed.
    pub(crate) fn local(
        &mut self,
        reader: ReaderIndex,
        told: LocalStatus,
    ) -> impl Iterator<Item = BusEvent> {
        let power =
            std::mem::replace(&mut self.power_failure, told.power_failure) != told.power_failure;
        let tamper = self.tampered(reader, (told.tamper, self.tamper.1));
        let power = power.then_some(BusEvent::Power {
            reader,
            failed: told.power_failure,
        });
        tamper.into_iter().chain(power)
    }

    /// Tamper as the heads tell it, if that changed; a head that was taken off counts.
    pub(crate) fn heads(
        &mut self,
        reader: ReaderIndex,
        told: ReaderStatus<'_>,
    ) -> Option<BusEvent> {
        let touched = told
            .iter()
            .any(|head| matches!(head, ReaderState::Tampered | ReaderState::NotConnected));
        self.tampered(reader, (self.tamper.0, touched))
    }

    /// The inputs, if they changed or have not been told since the reader came online.
    pub(crate) fn inputs(&mut self, reader: ReaderIndex, levels: Levels) -> Option<BusEvent> {
        (self.inputs.replace(levels) != Some(levels)).then_some(BusEvent::Inputs { reader, levels })
    }

    /// The outputs, if they changed.
    pub(crate) fn outputs(&mut self, reader: ReaderIndex, levels: Levels) -> Option<BusEvent> {
        (self.outputs.replace(levels) != Some(levels))
            .then_some(BusEvent::Outputs { reader, levels })
    }

    fn tampered(&mut self, reader: ReaderIndex, told: (bool, bool)) -> Option<BusEvent> {
        let before = std::mem::replace(&mut self.tamper, told);
        let on = told.0 || told.1;
        (on != (before.0 || before.1)).then_some(BusEvent::Tamper { reader, on })
    }

    /// The reader went offline: the levels are to be told again when it is back.
    pub(crate) fn forget_levels(&mut self) {
        self.inputs = None;
        self.outputs = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tamper_is_told_once_whoever_notices_it() {
        let reader = ReaderIndex::new(0);
        let mut status = Status::default();
        let on = Some(BusEvent::Tamper { reader, on: true });
        assert_eq!(status.heads(reader, ReaderStatus::decode(&[0, 0])), None);
        assert_eq!(status.heads(reader, ReaderStatus::decode(&[0, 2])), on);
        let local = |tamper| LocalStatus {
            tamper,
            power_failure: false,
        };
        assert_eq!(
            status.local(reader, local(true)).next(),
            None,
            "known already"
        );
        assert_eq!(
            status.heads(reader, ReaderStatus::decode(&[0, 0])),
            None,
            "the contact still reports"
        );
        let off = Some(BusEvent::Tamper { reader, on: false });
        assert_eq!(status.local(reader, local(false)).next(), off);
        assert_eq!(
            status.heads(reader, ReaderStatus::decode(&[1])),
            on,
            "a head was taken off"
        );
    }
}
