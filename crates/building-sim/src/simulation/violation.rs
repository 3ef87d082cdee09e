//! What must never happen, and the one place where it did.

use std::fmt;

use access::AllowlistError;
use event_log::LogError;
use event_log::verify::Finding;
use key_store::KeyError;
use reader_bus::Uptime;
use site::SiteError;

/// The invariants that a simulation checks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Invariant {
    /// No unlock for a right that is expired, revoked or out of its window when it is decided.
    RightAtDecision,
    /// After a revocation is acknowledged no later decision grants it, across crashes.
    RevocationHolds,
    /// Every unlock has its record durable before it, or is told as a gap, and those are bounded.
    RecordBeforeUnlock,
    /// Every acknowledged event survives any crash.
    AcknowledgedSurvives,
    /// The log verifies after any crash.
    LogVerifies,
    /// No unlock is sent later than its time to live, and each locks by itself.
    NoLateUnlock,
    /// No value of a clock purges what is younger than its retention.
    NothingPurgedEarly,
    /// No reader affects another line.
    LinesApart,
    /// After the faults every healthy reader is polled within two seconds, and doors open again.
    HealthReturns,
    /// Queues are bounded.
    QueuesBounded,
    /// The same seed gives the same trace and the same log.
    Repeatable,
    /// Nothing is left of a holder who is forgotten.
    Forgotten,
    /// The simulation itself could not go on: not a finding about the product until it is looked at.
    Setting,
}

impl Invariant {
    /// Its number in the list of invariants, such as `I3`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::RightAtDecision => "I1",
            Self::RevocationHolds => "I2",
            Self::RecordBeforeUnlock => "I3",
            Self::AcknowledgedSurvives => "I4",
            Self::LogVerifies => "I5",
            Self::NoLateUnlock => "I8",
            Self::NothingPurgedEarly => "I9",
            Self::LinesApart => "I10",
            Self::HealthReturns => "I11",
            Self::QueuesBounded => "I12",
            Self::Repeatable => "I13",
            Self::Forgotten => "erasure",
            Self::Setting => "setting",
        }
    }

    /// A breach of it.
    pub(super) fn breach(self, what: impl Into<String>) -> Breach {
        Breach {
            invariant: self,
            what: what.into(),
        }
    }
}

/// An invariant that did not hold, before anybody has said where.
#[derive(Debug)]
pub(super) struct Breach {
    pub(super) invariant: Invariant,
    pub(super) what: String,
}

/// An invariant that did not hold: which, in which run, when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// Which.
    pub invariant: Invariant,
    /// The run's seed.
    pub seed: u64,
    /// When, in simulated time.
    pub at: Uptime,
    /// What happened.
    pub what: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (millis, code) = (self.at.micros() / 1_000, self.invariant.code());
        write!(
            f,
            "{code} broken by seed {} after {}.{:03} s: {}",
            self.seed,
            millis / 1_000,
            millis % 1_000,
            self.what
        )
    }
}

impl std::error::Error for Violation {}

impl From<LogError> for Breach {
    fn from(cause: LogError) -> Self {
        Invariant::Setting.breach(format!("log: {cause}"))
    }
}

impl From<KeyError> for Breach {
    fn from(cause: KeyError) -> Self {
        Invariant::Setting.breach(format!("key store: {cause}"))
    }
}

impl From<SiteError> for Breach {
    fn from(cause: SiteError) -> Self {
        Invariant::Setting.breach(format!("site: {cause}"))
    }
}

impl From<AllowlistError> for Breach {
    fn from(cause: AllowlistError) -> Self {
        Invariant::Setting.breach(format!("cards: {cause}"))
    }
}

impl From<Finding> for Breach {
    fn from(finding: Finding) -> Self {
        Invariant::LogVerifies.breach(finding.to_string())
    }
}
