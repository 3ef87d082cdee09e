//! Which events are wanted.

use access::IssuanceId;
use serde::{Deserialize, Serialize};

use crate::class::Class;
use crate::moment::Moment;
use crate::private::Private;

/// A filter over the log; absent fields do not restrict.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EventFilter {
    /// Only at this door, by name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub door: Option<String>,
    /// Only at this reader, by name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reader: Option<String>,
    /// Only decided for this reason, such as `expired`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// From this instant on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Moment>,
    /// Before this instant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Moment>,
    /// Only this class.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class: Option<Class>,
    /// Only refused passages.
    #[serde(default)]
    pub denied: bool,
    /// The newest so many of what fits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u64>,
    /// Only what names this issuance; inside a case only (M28).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub card: Option<IssuanceId>,
    /// Only what names this person; inside a case only (M28).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<Private>,
    /// The case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case: Option<String>,
    /// Only after the whole log was verified once more.
    #[serde(default, skip_serializing_if = "is_false")]
    pub proven: bool,
}

fn is_false(flag: &bool) -> bool {
    !flag
}
