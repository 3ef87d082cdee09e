//! A right, a schedule and a holiday in lists, and a PIN that was set.

use access::IssuanceId;
use serde::{Deserialize, Serialize};

use crate::moment::Moment;

/// One right of an issuance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RightRow {
    /// The door or the group of doors.
    pub place: String,
    /// The schedule's name; at any hour if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schedule: Option<String>,
    /// The first instant it holds; as the card if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_from: Option<Moment>,
    /// The instant it no longer holds; as the card if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<Moment>,
    /// When it was last justified: granted, or the tenant recertified (M22).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub justified_at: Option<Moment>,
    /// That is over a year ago; the next review decides it by itself.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub lapsed: bool,
}

/// One schedule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScheduleRow {
    /// Its name.
    pub schedule: String,
    /// Whose clocks count.
    pub zone: String,
    /// When it holds.
    pub windows: Vec<String>,
    /// Whether it does now.
    pub holds: bool,
}

/// One day that is no ordinary weekday.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HolidayRow {
    /// `2026-12-24`, or `12-25` for every year.
    pub day: String,
    /// `holiday`, or `special2` to `special8`.
    pub kind: String,
}

/// A PIN that was set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PinSet {
    /// Whose.
    pub issuance: IssuanceId,
    /// Six digits that are typed before the PIN where no card is shown; none under `dry_run`, where none was drawn.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
}
