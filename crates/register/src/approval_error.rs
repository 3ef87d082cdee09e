//! What is wrong about a change or a card that waits for approval.

use std::fmt;

/// Why something is not kept for approval, or not approved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ApprovalError {
    /// Nothing waits under this number.
    NotWaiting,
    /// As many changes wait as may.
    TooMany {
        /// [`crate::WAITING_MAX`].
        max: usize,
    },
    /// A request that is too long to be kept.
    TooLong {
        /// Its octets.
        found: usize,
        /// [`crate::WAITING_LEN_MAX`].
        max: usize,
    },
    /// Its time is over.
    Expired,
    /// Whoever asked for it would approve it.
    Own,
    /// What was approved is somebody else's change.
    OtherRequester,
    /// The card waits for its tenant's personnel office (M16).
    AwaitsTenant,
    /// A card that will wait for its tenant's personnel office was to be live at once (M16).
    NotAtOnce,
}

impl fmt::Display for ApprovalError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotWaiting => f.write_str("nothing waits for approval under this number"),
            Self::TooMany { max } => write!(
                f,
                "{max} changes wait for approval already; approve or refuse some first"
            ),
            Self::TooLong { found, max } => write!(
                f,
                "a request of {found} octets cannot wait for approval, at most {max}"
            ),
            Self::Expired => f.write_str("nobody approved it in time; it must be asked for again"),
            Self::Own => f.write_str("nobody approves what they asked for themselves"),
            Self::OtherRequester => f.write_str("what was approved is another person's change"),
            Self::AwaitsTenant => {
                f.write_str("the card waits for the approval of its tenant's personnel office")
            }
            Self::NotAtOnce => f.write_str(
                "the tenant's personnel office approves its employees' cards; issue without a card, and activate after the approval",
            ),
        }
    }
}
