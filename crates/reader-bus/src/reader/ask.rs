//! Asking: the next question as the conversation stands.

use std::time::Duration;

use firmware_protocol::command::{
    LedControls, OutputAction, OutputControl, OutputControls, ReceiveSize, RndA, Text, TextAction,
    TextPlace,
};
use firmware_protocol::secure::{AcuHandshake, AwaitRMac};
use firmware_protocol::{Check, Command, Direction, FRAME_LEN_MAX, Header, Sequence};

use super::{Phase, Reader};
use crate::question::{Ask, Question};
use crate::stats::count;
use crate::unlock::Throw;
use crate::{BusEvent, Entropy, FailCause, Security, Uptime};

impl Reader {
    /// Puts the next question: the one that waits for an answer again, else a new one.
    pub(crate) fn ask(&mut self, throw: Option<Throw>, now: Uptime, entropy: &mut dyn Entropy) {
        self.close_window(now);
        self.note_absence(now);
        if self.has_stale_unlock(now) {
            self.give_up(now);
        }
        if self.question.is_none() {
            let ticket = throw.as_ref().map(|throw| throw.ticket);
            self.question = self.compose(throw, now, entropy);
            if let (Some(ticket), None) = (ticket, &self.question) {
                let why = FailCause::SessionLost;
                self.news.push(BusEvent::UnlockFailed { ticket, why });
            }
            count(&mut self.stats.questions);
        } else {
            count(&mut self.stats.retries);
        }
        let Some(question) = &mut self.question else {
            // There is nothing it may be asked as things stand: never a reason to stand still.
            return self.start_over(now);
        };
        question.tries = question.tries.saturating_add(1);
        if let Ask::Unlock { ticket, .. } = question.ask
            && question.tries == 1
        {
            self.news.push(BusEvent::UnlockSent { ticket });
        }
    }

    /// The octets of the question at hand, mark included.
    pub(crate) fn octets(&self) -> Option<&[u8]> {
        self.question
            .as_ref()
            .map(|question| question.octets.as_slice())
    }

    /// The next question as the conversation stands.
    fn compose(
        &mut self,
        throw: Option<Throw>,
        now: Uptime,
        entropy: &mut dyn Entropy,
    ) -> Option<Question> {
        if let Some(throw) = throw {
            let control = [output_control(&throw)];
            let Throw {
                ticket, expires, ..
            } = throw;
            return self.question(
                Ask::Unlock { ticket, expires },
                &Command::Out(OutputControls::new(&control).ok()?),
            );
        }
        if let Some(waiting) = self.take_proof() {
            let cryptogram = waiting.server_cryptogram();
            return self.question(Ask::Proof(waiting), &Command::ServerCryptogram(cryptogram));
        }
        match self.phase {
            Phase::Absent => self.probe(),
            Phase::NoKey | Phase::Identity | Phase::Swapped => self.question(Ask::Id, &Command::Id),
            Phase::Pairing => self.put_order(now),
            Phase::Heard => self.question(Ask::Cap, &Command::Cap),
            Phase::Challenge => self.challenge(entropy),
            Phase::LocalStatus => self.question(Ask::LocalStatus, &Command::LocalStatus),
            Phase::ReaderStatus => self.question(Ask::ReaderStatus, &Command::ReaderStatus),
            Phase::Serving => self.serve(now),
            // A proof without its question: the conversation has lost its thread.
            Phase::Proof(_) | Phase::Proving => {
                self.begin_anew(Phase::Absent);
                None
            }
        }
    }

    /// Our proof, once the reader has given its own.
    fn take_proof(&mut self) -> Option<Box<AwaitRMac>> {
        let is_due = matches!(self.phase, Phase::Proof(_));
        let phase = is_due.then(|| std::mem::replace(&mut self.phase, Phase::Proving));
        if let Some(Phase::Proof(waiting)) = phase {
            Some(waiting)
        } else {
            None
        }
    }

    /// Some old readers know the checksum only: every fourth probe has it.
    fn probe(&mut self) -> Option<Question> {
        self.probes = self.probes.wrapping_add(1);
        self.check = if self.probes.is_multiple_of(4) {
            Check::Checksum
        } else {
            Check::Crc
        };
        self.sequence = None;
        self.question(Ask::Id, &Command::Id)
    }

    fn challenge(&mut self, entropy: &mut dyn Entropy) -> Option<Question> {
        let Some(key) = self.challenge_key() else {
            self.begin_anew(Phase::Absent);
            return None;
        };
        let mut rnd_a = [0; 8];
        entropy.fill(&mut rnd_a);
        let handshake = Box::new(AcuHandshake::new(&key, rnd_a));
        self.question(Ask::Challenge(handshake), &Command::Challenge(RndA(rnd_a)))
    }

    fn serve(&mut self, now: Uptime) -> Option<Question> {
        // Whatever takes the place of its poll: a card must not wait for the whole round after it.
        self.keen = true;
        if std::mem::take(&mut self.size_due) {
            let frame_len_max = u16::try_from(FRAME_LEN_MAX).unwrap_or(u16::MAX);
            let size = ReceiveSize { frame_len_max };
            return self.question(Ask::Signal, &Command::ReceiveSize(size));
        }
        if std::mem::take(&mut self.abort_due) {
            return self.question(Ask::Signal, &Command::Abort);
        }
        if let Some(question) = self.put_order(now) {
            return Some(question);
        }
        if let Some(light) = self.next_light() {
            return self.question(Ask::Signal, &Command::Led(LedControls::new(&[light]).ok()?));
        }
        if let Some(sound) = self.sound.take() {
            return self.question(Ask::Signal, &Command::Buzzer(sound));
        }
        if let Some(caption) = self.caption.take() {
            let place = TextPlace {
                reader: 0,
                action: TextAction::TemporaryWrap,
                time_s: caption.time_s(),
                row: 1,
                column: 1,
            };
            let text = Text::new(place, caption.text().as_bytes()).ok()?;
            return self.question(Ask::Signal, &Command::Text(text));
        }
        if self.inputs_at.is_some_and(|at| at <= now) {
            // Each reader at an interval of its own, so that they do not all ask in one round.
            let apart = INPUTS_APART * u32::from(self.index.get());
            self.inputs_at = Some(now + INPUTS_EVERY + apart);
            return self.question(Ask::Inputs, &Command::InputStatus);
        }
        if let Some(errand) = &mut self.errand {
            errand.polled();
        }
        count(&mut self.stats.polls);
        self.rate.count(now);
        self.question(Ask::Poll, &Command::Poll)
    }

    /// The one way to a frame. A reader with a key, or waiting for one, gets nothing outside a session but the way into it.
    pub(super) fn question(&mut self, ask: Ask, command: &Command<'_>) -> Option<Question> {
        let in_clear = self.session.is_none() && !matches!(self.security, Security::Clear);
        if in_clear && !ask.leads_to_session() {
            return None;
        }
        // In a session under SCBK-D a reader is told its key and nothing else.
        if matches!(self.phase, Phase::Pairing) && !matches!(ask, Ask::Order) {
            return None;
        }
        let sequence = self.sequence.map_or(Sequence::RESET, Sequence::next);
        self.sequence = Some(sequence);
        let header = Header {
            direction: Direction::Command,
            address: self.address,
            sequence,
            check: self.check,
        };
        Question::new(ask, command, header, self.session.as_mut())
    }
}

/// What the reader is told to do with the strike's output.
const fn output_control(throw: &Throw) -> OutputControl {
    let (action, time_100ms) = match (throw.released_100ms, throw.inverted) {
        (Some(time), false) => (OutputAction::TimedOn, time),
        (Some(time), true) => (OutputAction::TimedOff, time),
        (None, false) => (OutputAction::PermanentOffAbort, 0),
        (None, true) => (OutputAction::PermanentOnAbort, 0),
    };
    OutputControl {
        output: throw.output,
        action,
        time_100ms,
    }
}

/// Inputs are told when they change; asked for all the same, in case that was lost.
const INPUTS_EVERY: Duration = Duration::from_secs(30);
const INPUTS_APART: Duration = Duration::from_millis(250);
