//! What a reader senses and switches: tamper, power, inputs, outputs.

use super::PdError;
use crate::Reply;
use crate::reply::{
    Capability, Function, InputStatus, LocalStatus, OutputStatus, ReaderState, ReaderStatus,
};

/// The most inputs a reader has.
pub const INPUTS_MAX: usize = 16;

/// The most outputs a reader has.
pub const OUTPUTS_MAX: usize = 16;

/// Levels as they go on the wire, and which of them the controller has not heard of.
pub(super) struct Status {
    local: LocalStatus,
    local_is_news: bool,
    inputs: [u8; INPUTS_MAX],
    input_count: usize,
    inputs_are_news: bool,
    outputs: [u8; OUTPUTS_MAX],
    output_count: usize,
    head: [u8; 1],
}

impl Status {
    /// All quiet; the number of outputs is what the capabilities say.
    pub(super) fn new(capabilities: &[Capability]) -> Self {
        let outputs = capabilities
            .iter()
            .find(|capability| capability.function == Function::OUTPUTS);
        Self {
            local: LocalStatus {
                tamper: false,
                power_failure: false,
            },
            local_is_news: false,
            inputs: [0; INPUTS_MAX],
            input_count: 0,
            inputs_are_news: false,
            outputs: [0; OUTPUTS_MAX],
            output_count: outputs.map_or(0, |capability| {
                usize::from(capability.count).min(OUTPUTS_MAX)
            }),
            head: [ReaderState::Normal.code()],
        }
    }

    pub(super) fn set_inputs(&mut self, levels: &[bool]) -> Result<(), PdError> {
        if levels.len() > INPUTS_MAX {
            return Err(PdError::Number {
                actual: levels.len(),
                limit: INPUTS_MAX,
            });
        }
        self.inputs_are_news |= self.input_count != levels.len();
        self.input_count = levels.len();
        for (input, level) in self.inputs.iter_mut().zip(levels) {
            self.inputs_are_news |= *input != u8::from(*level);
            *input = u8::from(*level);
        }
        Ok(())
    }

    pub(super) fn set_output(&mut self, output: u8, on: bool) -> Result<(), PdError> {
        let beyond = PdError::Number {
            actual: usize::from(output),
            limit: self.output_count,
        };
        if !self.has_output(output) {
            return Err(beyond);
        }
        *self.outputs.get_mut(usize::from(output)).ok_or(beyond)? = u8::from(on);
        Ok(())
    }

    pub(super) fn set_tamper(&mut self, on: bool) {
        self.local_is_news |= self.local.tamper != on;
        self.local.tamper = on;
        let state = if on {
            ReaderState::Tampered
        } else {
            ReaderState::Normal
        };
        self.head = [state.code()];
    }

    pub(super) fn set_power_failure(&mut self, on: bool) {
        self.local_is_news |= self.local.power_failure != on;
        self.local.power_failure = on;
    }

    pub(super) fn has_output(&self, output: u8) -> bool {
        usize::from(output) < self.output_count
    }

    /// LSTATR; from now on it is no news.
    pub(super) fn tell_local(&mut self) -> Reply<'_> {
        self.local_is_news = false;
        Reply::LocalStatus(self.local)
    }

    /// ISTATR; from now on it is no news.
    pub(super) fn tell_inputs(&mut self) -> Reply<'_> {
        self.inputs_are_news = false;
        Reply::InputStatus(InputStatus::decode(
            self.inputs.get(..self.input_count).unwrap_or_default(),
        ))
    }

    pub(super) fn outputs(&self) -> Reply<'_> {
        Reply::OutputStatus(OutputStatus::decode(
            self.outputs.get(..self.output_count).unwrap_or_default(),
        ))
    }

    pub(super) const fn head(&self) -> Reply<'_> {
        Reply::ReaderStatus(ReaderStatus::decode(&self.head))
    }

    pub(super) const fn local_is_news(&self) -> bool {
        self.local_is_news
    }

    pub(super) const fn inputs_are_news(&self) -> bool {
        self.inputs_are_news
    }
}
