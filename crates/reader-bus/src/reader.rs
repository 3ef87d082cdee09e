//! One OSDP reader as the line knows it: where it stands, what it is asked next, what its silence means.

mod alarms;
mod hear;
mod presence;
mod serve;
mod status;

use std::collections::VecDeque;
use std::time::Duration;

use alarms::Alarms;
use firmware_protocol::command::{
    BuzzerControl, LedControl, LedControls, OutputAction, OutputControl, OutputControls, RndA,
};
use firmware_protocol::secure::{AcuHandshake, AwaitRMac, Session};
use firmware_protocol::{Address, Check, Command, Direction, Header, Sequence};
pub(crate) use hear::Heard;
use presence::Presence;
use status::Status;

use crate::question::{Ask, Question};
use crate::stats::count;
use crate::{
    Alarm, BusEvent, Entropy, FailCause, ReaderConfig, ReaderIndex, ReaderState, ReaderStats, Scbk,
    Security, Signal, Unlock, Uptime,
};

/// One reader and the conversation with it.
pub(crate) struct Reader {
    index: ReaderIndex,
    address: Address,
    security: Security,
    check: Check,
    phase: Phase,
    session: Option<Session>,
    /// The number of the last question; `None` before the first, which has number 0 and starts everything over.
    sequence: Option<Sequence>,
    question: Option<Question>,
    in_service: bool,
    answers: bool,
    keen: bool,
    probes: u8,
    /// When the inputs are asked for; `None` for a reader without inputs.
    inputs_at: Option<Uptime>,
    light: Option<LedControl>,
    sound: Option<BuzzerControl>,
    presence: Presence,
    status: Status,
    alarms: Alarms,
    stats: ReaderStats,
}

/// Where the conversation stands.
enum Phase {
    /// Not heard: asked who it is.
    Absent,
    /// Heard: asked what it can do.
    Heard,
    /// Asked to prove that it knows the key.
    Challenge,
    /// It has proved it: told our proof.
    Proof(AwaitRMac),
    /// Our proof is on its way.
    Proving,
    /// Asked for tamper and power, then in service.
    LocalStatus,
    /// In service: polled.
    Serving,
    /// Heard, but its key is not there.
    NoKey,
}

impl Reader {
    pub(crate) fn new(index: ReaderIndex, config: ReaderConfig) -> Self {
        Self {
            index,
            address: config.address,
            security: config.security,
            check: Check::Crc,
            phase: Phase::Absent,
            session: None,
            sequence: None,
            question: None,
            in_service: false,
            answers: false,
            keen: false,
            probes: 0,
            inputs_at: None,
            light: None,
            sound: None,
            presence: Presence::new(),
            status: Status::default(),
            alarms: Alarms::default(),
            stats: ReaderStats::default(),
        }
    }

    pub(crate) const fn address(&self) -> Address {
        self.address
    }

    /// Whether it has come online and not gone offline since.
    pub(crate) const fn in_service(&self) -> bool {
        self.in_service
    }

    /// Whether an unlock could be the very next question.
    pub(crate) const fn takes_unlock(&self) -> bool {
        matches!(self.phase, Phase::Serving) && self.question.is_none()
    }

    /// Whether it is only asked who it is.
    pub(crate) const fn is_absent(&self) -> bool {
        matches!(self.phase, Phase::Absent | Phase::NoKey)
    }

    /// Whether it has something to say or to be told.
    pub(crate) const fn is_keen(&self) -> bool {
        let connecting = matches!(
            self.phase,
            Phase::Heard | Phase::Challenge | Phase::Proof(_) | Phase::LocalStatus
        );
        self.keen || connecting || self.light.is_some() || self.sound.is_some()
    }

    /// From when on it may be asked.
    pub(crate) const fn ask_at(&self) -> Uptime {
        self.presence.ask_at()
    }

    /// How long its answer may take to begin.
    pub(crate) fn patience(&mut self, most: Duration, now: Uptime) -> Duration {
        self.presence.patience(self.answers, most, now)
    }

    pub(crate) fn stats(&self) -> ReaderStats {
        let state = match self.phase {
            _ if self.in_service => ReaderState::Online,
            Phase::Absent => ReaderState::Offline,
            Phase::NoKey => ReaderState::NoKey,
            Phase::Heard
            | Phase::Challenge
            | Phase::Proof(_)
            | Phase::Proving
            | Phase::LocalStatus
            | Phase::Serving => ReaderState::Connecting,
        };
        let (heard_at, longest_reply) = (self.presence.heard_at(), self.presence.longest_reply());
        ReaderStats {
            state,
            heard_at,
            longest_reply,
            ..self.stats
        }
    }

    /// Shows a pattern when its turn comes; the newest wins.
    pub(crate) fn signal(&mut self, signal: Signal) {
        if self.in_service {
            self.light = Some(signal.light());
            self.sound = signal.sound();
        }
    }

    /// Takes another key and begins anew.
    pub(crate) fn set_key(&mut self, key: Scbk, events: &mut VecDeque<BusEvent>) {
        self.security = Security::Keyed(key);
        self.fail_unlock(FailCause::SessionLost, events);
        self.begin_anew(Phase::Absent);
        self.presence.wait_until(Uptime::START);
    }

    /// The line went down: everything is lost.
    pub(crate) fn line_down(&mut self, events: &mut VecDeque<BusEvent>) {
        self.fail_unlock(FailCause::LineDown, events);
        self.go_offline(events);
        self.presence.wait_until(Uptime::START);
    }

    /// The octets of the next question: the one that waits for an answer again, else a new one. `None` if there is none.
    pub(crate) fn ask(
        &mut self,
        unlock: Option<Unlock>,
        now: Uptime,
        entropy: &mut dyn Entropy,
        events: &mut VecDeque<BusEvent>,
    ) -> Option<&[u8]> {
        if self.has_stale_unlock(now) {
            self.give_up(now, events);
        }
        if self.question.is_none() {
            self.question = self.compose(unlock, now, entropy);
            count(&mut self.stats.questions);
        } else {
            count(&mut self.stats.retries);
        }
        let question = self.question.as_mut()?;
        question.tries = question.tries.saturating_add(1);
        if let Ask::Unlock { ticket, .. } = question.ask
            && question.tries == 1
        {
            events.push_back(BusEvent::UnlockSent { ticket });
        }
        Some(&question.octets)
    }

    /// No answer came in time.
    pub(crate) fn unanswered(&mut self, now: Uptime, events: &mut VecDeque<BusEvent>) {
        count(&mut self.stats.lost_replies);
        self.answers = false;
        let tries = self
            .question
            .as_ref()
            .map_or(TRIES_MAX, |question| question.tries);
        let once = matches!(
            self.phase,
            Phase::Absent | Phase::NoKey | Phase::Challenge | Phase::Proving
        );
        if once || tries >= TRIES_MAX || self.presence.is_lost(now) || self.has_stale_unlock(now) {
            self.give_up(now, events);
        } else {
            self.presence.wait_until(now);
        }
    }

    /// A question is not asked again: the conversation begins anew, or is over.
    fn give_up(&mut self, now: Uptime, events: &mut VecDeque<BusEvent>) {
        self.fail_unlock(FailCause::NoReply, events);
        if self.presence.is_lost(now) {
            self.go_offline(events);
            self.presence.wait_until(now + PROBE_EVERY);
        } else {
            let phase = self.after_loss();
            self.begin_anew(phase);
            self.presence.wait_until(now + AGAIN_AFTER);
        }
    }

    /// Where a conversation is taken up again that was lost on the way.
    fn after_loss(&self) -> Phase {
        match (&self.security, self.in_service) {
            (Security::Keyed(_), true) => Phase::Challenge,
            (Security::Clear, true) => Phase::LocalStatus,
            (Security::Keyed(_) | Security::Clear, false) | (Security::NoKey, _) => Phase::Absent,
        }
    }

    /// Forgets session, question and number.
    fn begin_anew(&mut self, phase: Phase) {
        self.session = None;
        self.stats.session_since = None;
        self.sequence = None;
        self.question = None;
        self.phase = phase;
    }

    fn go_offline(&mut self, events: &mut VecDeque<BusEvent>) {
        if std::mem::take(&mut self.in_service) {
            events.push_back(BusEvent::Offline { reader: self.index });
        }
        self.begin_anew(Phase::Absent);
        self.status.forget_levels();
        self.answers = false;
        self.keen = false;
        self.light = None;
        self.sound = None;
    }

    /// The unlock under way, if there is one, has come to nothing that is known.
    fn fail_unlock(&mut self, why: FailCause, events: &mut VecDeque<BusEvent>) {
        if let Some(Question {
            ask: Ask::Unlock { ticket, .. },
            ..
        }) = self.question
        {
            events.push_back(BusEvent::UnlockFailed { ticket, why });
            self.question = None;
        }
    }

    fn has_stale_unlock(&self, now: Uptime) -> bool {
        let unlock = self.question.as_ref().map(|question| &question.ask);
        matches!(unlock, Some(Ask::Unlock { expires, .. }) if *expires <= now)
    }

    fn alarm(&mut self, what: Alarm, now: Uptime, events: &mut VecDeque<BusEvent>) {
        if self.alarms.raise(what, now) {
            events.push_back(BusEvent::SecurityAlarm {
                reader: self.index,
                what,
            });
        }
    }

    /// The next question as the conversation stands.
    fn compose(
        &mut self,
        unlock: Option<Unlock>,
        now: Uptime,
        entropy: &mut dyn Entropy,
    ) -> Option<Question> {
        if let Some(Unlock {
            ticket,
            output,
            time_100ms,
            expires,
        }) = unlock
        {
            let control = [OutputControl {
                output,
                action: OutputAction::TimedOn,
                time_100ms,
            }];
            return self.question(
                Ask::Unlock { ticket, expires },
                &Command::Out(OutputControls::new(&control).ok()?),
            );
        }
        match std::mem::replace(&mut self.phase, Phase::Proving) {
            Phase::Proof(waiting) => {
                let cryptogram = waiting.server_cryptogram();
                return self.question(Ask::Proof(waiting), &Command::ServerCryptogram(cryptogram));
            }
            phase => self.phase = phase,
        }
        match self.phase {
            Phase::Absent => self.probe(),
            Phase::NoKey => self.question(Ask::Id, &Command::Id),
            Phase::Heard => self.question(Ask::Cap, &Command::Cap),
            Phase::Challenge => self.challenge(entropy),
            Phase::LocalStatus => self.question(Ask::LocalStatus, &Command::LocalStatus),
            Phase::Serving => self.serve(now),
            // A proof without its question: the conversation has lost its thread.
            Phase::Proof(_) | Phase::Proving => {
                self.begin_anew(Phase::Absent);
                None
            }
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
        let Security::Keyed(key) = &self.security else {
            self.begin_anew(Phase::Absent);
            return None;
        };
        let mut rnd_a = [0; 8];
        entropy.fill(&mut rnd_a);
        let handshake = AcuHandshake::new(key, rnd_a);
        self.question(Ask::Challenge(handshake), &Command::Challenge(RndA(rnd_a)))
    }

    fn serve(&mut self, now: Uptime) -> Option<Question> {
        if let Some(light) = self.light.take() {
            return self.question(Ask::Signal, &Command::Led(LedControls::new(&[light]).ok()?));
        }
        if let Some(sound) = self.sound.take() {
            return self.question(Ask::Signal, &Command::Buzzer(sound));
        }
        if self.inputs_at.is_some_and(|at| at <= now) {
            self.inputs_at = Some(now + INPUTS_EVERY);
            return self.question(Ask::Inputs, &Command::InputStatus);
        }
        count(&mut self.stats.polls);
        self.question(Ask::Poll, &Command::Poll)
    }

    fn question(&mut self, ask: Ask, command: &Command<'_>) -> Option<Question> {
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

/// A question is sent so often before the conversation begins anew.
const TRIES_MAX: u8 = 3;
/// So long after that.
const AGAIN_AFTER: Duration = Duration::from_millis(250);
/// A reader that is not there is asked for so often.
const PROBE_EVERY: Duration = Duration::from_secs(1);
/// Inputs are told when they change; asked for all the same, in case that was lost.
const INPUTS_EVERY: Duration = Duration::from_secs(10);
