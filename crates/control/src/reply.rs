//! What is answered: rows of a stream, then exactly one last reply.

pub mod card;
pub mod door;
pub mod event;
pub mod import;
pub mod line;
pub mod reader;
pub mod status;
pub mod tenant;
pub mod why;

use serde::{Deserialize, Serialize};

use crate::refusal::Refusal;
use card::{CardRow, Changed, Issued};
use door::DoorRow;
use event::EventRow;
use import::ImportDiff;
use line::LineRow;
use reader::ReaderRow;
use status::{Hello, LogStatus, Status};
use tenant::TenantRow;
use why::WhyTrace;

/// One answer as it travels.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// The request's id; 0 where the request could not be read.
    pub id: u64,
    /// What is answered.
    pub reply: Reply,
}

/// What is answered; the tag is `reply`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "reply", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Reply {
    /// Not the last: a card is awaited at a reader.
    Waiting {
        /// The reader's name.
        reader: String,
        /// For how long at most.
        wait_s: u16,
    },
    /// Not the last: an import may send its rows.
    Ready {},
    /// Not the last: how far long work has come.
    Progress {
        /// Steps done.
        done: u64,
        /// Steps in all.
        total: u64,
    },
    /// Not the last: one row of a stream.
    Part {
        /// The row.
        row: Row,
    },
    /// Last: the stream is complete.
    End {
        /// Rows sent.
        rows: u64,
    },
    /// Last: done (or would be, under `dry_run`), and there is nothing to show.
    Done {
        /// Something the operator should know all the same.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        warning: Option<String>,
    },
    /// Last: who the daemon is and who it takes us for.
    Hello(Hello),
    /// Last: an issuance as registered.
    Issued(Issued),
    /// Last: an issuance after a change of its state.
    Changed(Changed),
    /// Last: one issuance with its holder.
    Card(Box<CardRow>),
    /// Last: one reader.
    Reader(ReaderRow),
    /// Last: what an import changed or would change.
    Import(ImportDiff),
    /// Last: the controller's state.
    Status(Box<Status>),
    /// Last: the log's state.
    LogStatus(LogStatus),
    /// Last: why a card opens a door or not.
    Why(WhyTrace),
    /// Last: not done.
    Refused(Refusal),
}

impl Reply {
    /// Whether nothing more follows under this id.
    #[must_use]
    pub fn is_last(&self) -> bool {
        match self {
            Self::Waiting { .. } | Self::Ready {} | Self::Progress { .. } | Self::Part { .. } => {
                false
            }
            Self::End { .. }
            | Self::Done { .. }
            | Self::Hello(_)
            | Self::Issued(_)
            | Self::Changed(_)
            | Self::Card(_)
            | Self::Reader(_)
            | Self::Import(_)
            | Self::Status(_)
            | Self::LogStatus(_)
            | Self::Why(_)
            | Self::Refused(_) => true,
        }
    }
}

/// One row of a stream.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Row {
    /// Of `card list` and `card find`.
    Card(Box<CardRow>),
    /// Of `door list`.
    Door(DoorRow),
    /// Of `reader list`.
    Reader(ReaderRow),
    /// Of `line list`.
    Line(LineRow),
    /// Of `tenant list`.
    Tenant(TenantRow),
    /// Of `log show` and `log follow`.
    Event(Box<EventRow>),
}
