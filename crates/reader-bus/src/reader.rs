//! One OSDP reader as the line knows it: where it stands, what it is asked next, what its silence means.

mod alarms;
mod ask;
mod errand;
mod hear;
mod order;
mod pairing;
mod serve;
mod setback;
mod show;
mod status;
mod vouch;

use std::time::Duration;

use alarms::Alarms;
use errand::Errand;
use firmware_protocol::command::BuzzerControl;
use firmware_protocol::secure::{AwaitRMac, Session};
use firmware_protocol::{Address, Check, Sequence};
pub(crate) use hear::Heard;
use show::Head;
use status::Status;

use crate::presence::Presence;
use crate::question::Question;
use crate::stats::Rate;
use crate::{
    Alarm, BusEvent, Caption, DropCause, FailCause, Identity, Light, ReaderConfig, ReaderIndex,
    ReaderState, ReaderStats, Scbk, Security, Uptime,
};

/// One reader and the conversation with it.
pub(crate) struct Reader {
    index: ReaderIndex,
    address: Address,
    security: Security,
    check: Check,
    phase: Phase,
    session: Option<Session>,
    /// Whether the proof at hand was made with the older of two keys it may have.
    under_old: bool,
    /// Whether the last challenge in a window for pairing was under the key it was told there.
    own_turn: bool,
    /// Who it must be, if it has a key.
    pinned: Option<Identity>,
    /// The firmware it last said in a session to run.
    firmware: Option<[u8; 3]>,
    /// Who it last said to be instead, as told already.
    stranger: Option<Option<Identity>>,
    /// The number of the last question; `None` before the first, which has number 0 and starts everything over.
    sequence: Option<Sequence>,
    question: Option<Question>,
    in_service: bool,
    answers: bool,
    keen: bool,
    probes: u8,
    /// When the inputs are asked for; `None` for a reader without inputs.
    inputs_at: Option<Uptime>,
    errand: Option<Errand>,
    /// Whether it is to be told to forget a file.
    abort_due: bool,
    /// The longest frame that it takes, and that the line has time for.
    frame_len_max: u16,
    frame_len_most: u16,
    /// Whether it is to be told how long a reply may be.
    size_due: bool,
    light: Option<Light>,
    sound: Option<BuzzerControl>,
    caption: Option<Caption>,
    /// What it has to show with.
    head: Head,
    /// What its light shows when nothing else is to be shown; `None` before anybody said so.
    standing: Option<Option<Light>>,
    /// Whether it has still to be told so.
    standing_due: bool,
    presence: Presence,
    status: Status,
    alarms: Alarms,
    stats: ReaderStats,
    rate: Rate,
    /// What is to be told and has not been fetched.
    news: Vec<BusEvent>,
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
    Proof(Box<AwaitRMac>),
    /// Our proof is on its way.
    Proving,
    /// Asked for tamper and power.
    LocalStatus,
    /// Asked for its heads' states, then in service.
    ReaderStatus,
    /// In service: polled.
    Serving,
    /// Heard, but its key is not there.
    NoKey,
    /// In a session under SCBK-D, in a window for pairing: told its key and nothing else.
    Pairing,
    /// In a session: asked who it is, since in clear anybody can say so.
    Identity,
    /// Somebody else in a session: asked who it is now and then.
    Swapped,
}

impl Reader {
    /// A reader not heard yet. `round` is what polling every reader of the line once takes.
    pub(crate) fn new(index: ReaderIndex, config: ReaderConfig, round: Duration) -> Self {
        Self {
            index,
            address: config.address,
            security: config.security,
            check: Check::Crc,
            phase: Phase::Absent,
            session: None,
            under_old: false,
            own_turn: false,
            pinned: None,
            firmware: None,
            stranger: None,
            sequence: None,
            question: None,
            in_service: false,
            answers: false,
            keen: false,
            probes: 0,
            inputs_at: None,
            errand: None,
            abort_due: false,
            frame_len_max: FRAME_LEN_LEAST,
            frame_len_most: FRAME_LEN_LEAST,
            size_due: false,
            light: None,
            sound: None,
            caption: None,
            head: Head::default(),
            standing: None,
            standing_due: false,
            presence: Presence::new(round),
            status: Status::default(),
            alarms: Alarms::default(),
            stats: ReaderStats::default(),
            rate: Rate::default(),
            news: Vec::new(),
        }
    }

    /// The longest frame that the line has time for, octets.
    pub(crate) fn limit_frames(&mut self, most: u16) {
        self.frame_len_most = most.max(FRAME_LEN_LEAST);
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
        matches!(self.phase, Phase::Absent | Phase::NoKey | Phase::Swapped)
    }

    /// Whether it is in service and has not been asked for so long that its session may die.
    pub(crate) fn is_starving(&self, now: Uptime) -> bool {
        matches!(self.phase, Phase::Serving) && self.presence.is_starving(now)
    }

    /// Whether it has something to say or to be told, or an answer is missing.
    pub(crate) const fn is_keen(&self) -> bool {
        let connecting = matches!(
            self.phase,
            Phase::Heard
                | Phase::Challenge
                | Phase::Proof(_)
                | Phase::Pairing
                | Phase::Identity
                | Phase::LocalStatus
                | Phase::ReaderStatus
        );
        let unanswered = self.question.is_some();
        self.keen
            || connecting
            || unanswered
            || self.errand.is_some()
            || self.light.is_some()
            || self.standing_due
            || self.sound.is_some()
            || self.caption.is_some()
    }

    /// From when on it may be asked.
    pub(crate) const fn ask_at(&self) -> Uptime {
        self.presence.ask_at()
    }

    /// The longest reply lately, while it is in service.
    pub(crate) fn usual_reply(&self) -> Option<Duration> {
        self.in_service.then(|| self.presence.longest_reply())
    }

    /// How long its answer may take to begin, where `others` on the line lately needed so long.
    pub(crate) fn patience(
        &mut self,
        most: Duration,
        others: Option<Duration>,
        now: Uptime,
    ) -> Duration {
        // A poll is answered quickly; a step of the handshake or of an order may take a small reader long.
        let quick = matches!(self.phase, Phase::Serving) && !self.has_order_to_put(now);
        let answers = self.answers && !quick;
        self.presence.patience(answers, most, others, now)
    }

    /// What happened since it was last asked.
    pub(crate) fn take_news(&mut self) -> impl Iterator<Item = BusEvent> {
        self.news.drain(..)
    }

    pub(crate) fn stats(&self) -> ReaderStats {
        let state = match self.phase {
            _ if self.in_service => ReaderState::Online,
            _ if self.is_pairing() => ReaderState::Pairing,
            Phase::Swapped => ReaderState::Swapped,
            Phase::Absent => ReaderState::Offline,
            Phase::NoKey => ReaderState::NoKey,
            Phase::Heard
            | Phase::Challenge
            | Phase::Proof(_)
            | Phase::Proving
            | Phase::Pairing
            | Phase::Identity
            | Phase::LocalStatus
            | Phase::ReaderStatus
            | Phase::Serving => ReaderState::Connecting,
        };
        let (heard_at, longest_reply) = (self.presence.heard_at(), self.presence.longest_reply());
        ReaderStats {
            state,
            heard_at,
            longest_reply,
            polls_per_10s: self.rate.per_10s(),
            ..self.stats
        }
    }

    /// Takes another key and begins anew.
    pub(crate) fn set_key(&mut self, key: Scbk) {
        self.abandon_order(DropCause::ReaderOffline, FailCause::SessionLost);
        self.security = Security::Keyed(key);
        self.lose_question(FailCause::SessionLost);
        self.begin_anew(Phase::Absent);
        self.presence.wait_until(Uptime::START);
    }

    /// The line went down: everything is lost.
    pub(crate) fn line_down(&mut self) {
        self.suspend_order(DropCause::LineDown, FailCause::LineDown);
        self.lose_question(FailCause::LineDown);
        self.go_offline();
        self.presence.wait_until(Uptime::START);
    }

    fn alarm(&mut self, what: Alarm, now: Uptime) {
        if self.alarms.raise(what, now) {
            self.news.push(BusEvent::SecurityAlarm {
                reader: self.index,
                what,
            });
        }
    }
}

/// Every reader takes frames of so many octets (OSDP 2.2).
const FRAME_LEN_LEAST: u16 = 128;
/// A question is sent so often before the conversation begins anew.
const TRIES_MAX: u8 = 3;
/// A reader that is not there is asked for so often.
const PROBE_EVERY: Duration = Duration::from_secs(1);
