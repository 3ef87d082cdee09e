//! What the command line may ask the daemon, and what the daemon may answer.
//!
//! One Unix socket; both ways length-prefixed JSON frames ([`frame`]). A client
//! sends an [`Envelope`], the daemon answers with one or more [`Answer`]s under the
//! same id, the last of which says so ([`Reply::is_last`]). Unknown fields are
//! refused both ways.

pub mod approval;
pub mod card;
pub mod class;
pub mod client;
pub mod error;
pub mod frame;
pub mod moment;
pub mod private;
pub mod refusal;
pub mod reply;
pub mod request;

pub use approval::Waiting;
pub use card::{CardKind, CardState, Credential};
pub use class::Class;
pub use client::{Client, ClientError, SOCKET_DEFAULT};
pub use error::ControlError;
pub use moment::Moment;
pub use private::{Private, ReaderKey};
pub use refusal::{Code, Refusal, one_line};
pub use reply::{Answer, Reply, Row};
pub use request::{Envelope, PROTOCOL_VERSION, Request};
