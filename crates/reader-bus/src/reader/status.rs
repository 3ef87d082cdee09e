//! Status: what a reader last told of itself, so that only changes are passed on.

use firmware_protocol::reply::{LocalStatus, PdId};

use crate::{BusEvent, Levels, ReaderIndex};

/// The last known states.
#[derive(Default)]
pub(crate) struct Status {
    identity: Option<PdId>,
    tamper: bool,
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
        let tamper = std::mem::replace(&mut self.tamper, told.tamper) != told.tamper;
        let power =
            std::mem::replace(&mut self.power_failure, told.power_failure) != told.power_failure;
        let tamper = tamper.then_some(BusEvent::Tamper {
            reader,
            on: told.tamper,
        });
        let power = power.then_some(BusEvent::Power {
            reader,
            failed: told.power_failure,
        });
        tamper.into_iter().chain(power)
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

    /// The reader went offline: the levels are to be told again when it is back.
    pub(crate) fn forget_levels(&mut self) {
        self.inputs = None;
        self.outputs = None;
    }
}
