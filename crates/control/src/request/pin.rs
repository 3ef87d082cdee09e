//! PINs of issuances.

use access::IssuanceId;
use serde::{Deserialize, Serialize};

use crate::private::Private;

/// One wish about a PIN; the tag is `act`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "kebab-case", deny_unknown_fields)]
pub enum PinRequest {
    /// Gives one, in place of the one there is; answered by [`crate::reply::Reply::PinSet`].
    Set {
        /// Whose.
        issuance: IssuanceId,
        /// Four to eight digits.
        pin: Private,
        /// Other digits, which open as well and raise a silent alarm.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        duress: Option<Private>,
    },
    /// Takes it away.
    Clear {
        /// Whose.
        issuance: IssuanceId,
    },
}
