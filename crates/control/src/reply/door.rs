//! A door in `door list`.

use crate::moment::Moment;
use crate::request::house::DoorHours;
use serde::{Deserialize, Serialize};

/// One door.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DoorRow {
    /// Its name.
    pub door: String,
    /// `locked`, `card`, `unlocked`; may grow.
    pub mode: String,
    /// Where its mode comes from: `configuration`, `order`, or a schedule's name.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub by: String,
    /// Until when an order holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ordered_until: Option<Moment>,
    /// Its modes by schedule, the first that holds counts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hours: Vec<DoorHours>,
    /// `strict` or `standard`.
    pub class: String,
    /// Names of the readers that let in.
    pub entry: Vec<String>,
    /// The reader whose output drives the strike, and the output.
    pub strike: String,
    /// Whether an unlock can reach the strike now.
    pub ready: bool,
    /// Whether the leaf stands open; none without a contact or while it is unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub open: Option<bool>,
    /// Whether it is locked down, and so lets in nobody.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub locked_down: bool,
    /// How long an unlock lasts, in milliseconds.
    pub open_for_ms: u64,
}
