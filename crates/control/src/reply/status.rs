//! The controller's and the log's state.

use serde::{Deserialize, Serialize};

use crate::moment::Moment;

/// Who the daemon is and who it takes the client for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hello {
    /// [`crate::request::PROTOCOL_VERSION`] of the daemon.
    pub version: u32,
    /// The daemon's own version.
    pub daemon: String,
    /// The site's name.
    pub site: String,
    /// The site's IANA time zone; civil times are read and shown in it.
    pub time_zone: String,
    /// When the working day ends there, `16:00`.
    pub working_day_ends: String,
    /// The daemon's clock; `today` and `+3d` count from it.
    pub now: Moment,
    /// The operator's user name.
    pub operator: String,
    /// The operator's roles.
    pub roles: Vec<String>,
}

/// The controller's state; nothing personal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Status {
    /// The site's name.
    pub site: String,
    /// The daemon's own version.
    pub daemon: String,
    /// When the daemon started.
    pub started: Moment,
    /// The daemon's clock.
    pub now: Moment,
    /// Quality of that clock, `synchronised`.
    pub clock: String,
    /// Generation of the allowlist.
    pub generation: u64,
    /// Cards in the allowlist.
    pub cards: u64,
    /// Cards that ended and were not returned; absent while the register is busy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub overdue: Option<u64>,
    /// Doors configured.
    pub doors: u32,
    /// Lines configured.
    pub lines: u32,
    /// Lines whose device is open.
    pub lines_up: u32,
    /// Readers configured.
    pub readers: u32,
    /// Readers online.
    pub readers_online: u32,
    /// The log.
    pub log: LogStatus,
    /// `usable`; `register-unusable` or `register-differs` where the doors go on without it.
    pub register: String,
    /// Quarters that are over and whose review nobody has signed, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reviews_overdue: Vec<String>,
    /// Tenants with a right that nobody has justified for a year; absent while the register is busy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recertifications_overdue: Option<u64>,
    /// What somebody should look at, a line each.
    pub warnings: Vec<String>,
}

/// The log's state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogStatus {
    /// Where it lies.
    pub dir: String,
    /// Its identity.
    pub origin: String,
    /// Its verifier key; note it down, a verifier pins it.
    pub verifier: String,
    /// The verifier key of its epoch 0; with it pinned not even the log's own key can write the past anew.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub epoch_verifier: Option<String>,
    /// Events in it.
    pub size: u64,
    /// Root of its tree over those, base64.
    pub root: String,
    /// Events under the newest signed checkpoint.
    pub sealed: u64,
    /// When that was signed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sealed_at: Option<Moment>,
    /// Whether events reach the disk.
    pub durable: bool,
}
