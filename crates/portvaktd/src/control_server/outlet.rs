//! An outlet: where a verb's answers go, and why it may end early.

use control::{Code, Refusal, Reply, Row};

use super::link::{Gone, Link};
use crate::desk::NoDesk;
use crate::site_handle::SiteStopped;

/// The answers to one request.
pub(crate) struct Outlet<'a> {
    /// None where nobody listens.
    link: Option<&'a mut Link>,
    id: u64,
    rows: u64,
}

/// Why a verb ended without its last reply.
#[derive(Debug)]
pub(crate) enum Stop {
    /// It is refused.
    Refused(Refusal),
    /// Nobody listens any more.
    Gone,
}

impl<'a> Outlet<'a> {
    /// Answers under the request's id.
    pub(crate) fn new(link: &'a mut Link, id: u64) -> Self {
        let link = Some(link);
        Self { link, id, rows: 0 }
    }

    /// Answers nobody: for what is done in the absence of who asked for it.
    pub(crate) const fn mute() -> Self {
        Self {
            link: None,
            id: 0,
            rows: 0,
        }
    }

    /// Sends something that is not the last reply.
    pub(crate) async fn say(&mut self, reply: Reply) -> Result<(), Stop> {
        match &mut self.link {
            Some(link) => Ok(link.send(self.id, reply).await?),
            None => Ok(()),
        }
    }

    /// Sends one row.
    pub(crate) async fn row(&mut self, row: Row) -> Result<(), Stop> {
        self.rows += 1;
        self.say(Reply::Part { row }).await
    }

    /// Sends every row; the answer is the last reply.
    pub(crate) async fn rows(
        &mut self,
        rows: impl IntoIterator<Item = Row>,
    ) -> Result<Reply, Stop> {
        self.some_rows(rows).await?;
        Ok(self.end())
    }

    /// Sends rows that others follow.
    pub(crate) async fn some_rows(
        &mut self,
        rows: impl IntoIterator<Item = Row>,
    ) -> Result<(), Stop> {
        let sent = &mut self.rows;
        let parts = rows.into_iter().map(|row| {
            *sent += 1;
            Reply::Part { row }
        });
        match &mut self.link {
            Some(link) => Ok(link.send_all(self.id, parts).await?),
            None => {
                parts.for_each(drop);
                Ok(())
            }
        }
    }

    /// The last reply of a stream.
    pub(crate) fn end(&self) -> Reply {
        Reply::End { rows: self.rows }
    }

    /// Sends the last reply, or the refusal.
    pub(crate) async fn finish(&mut self, outcome: Result<Reply, Stop>) -> Result<(), Gone> {
        let reply = match outcome {
            Ok(reply) => reply,
            Err(Stop::Refused(refusal)) => Reply::Refused(refusal),
            Err(Stop::Gone) => return Err(Gone),
        };
        match &mut self.link {
            Some(link) => link.send(self.id, reply).await,
            None => Ok(()),
        }
    }

    /// The connection itself, for a verb that is told more than one frame.
    ///
    /// # Errors
    /// [`Stop::Gone`] where nobody listens.
    pub(crate) fn link(&mut self) -> Result<&mut Link, Stop> {
        self.link.as_deref_mut().ok_or(Stop::Gone)
    }

    /// Waits until the client leaves.
    pub(crate) async fn left(&mut self) {
        match &mut self.link {
            Some(link) => link.left().await,
            None => std::future::pending().await,
        }
    }
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<Gone> for Stop {
    fn from(_: Gone) -> Self {
        Self::Gone
    }
}

impl From<SiteStopped> for Stop {
    fn from(_: SiteStopped) -> Self {
        Self::Refused(Refusal::new(Code::Failed, STOPPING))
    }
}

impl From<NoDesk> for Stop {
    fn from(cause: NoDesk) -> Self {
        Self::Refused(Refusal::new(Code::Failed, cause))
    }
}

/// A refusal because something named is not there; says what is.
pub(crate) fn not_found<'n>(
    what: &str,
    name: &str,
    known: impl Iterator<Item = &'n str>,
) -> Refusal {
    let known: Vec<&str> = known.collect();
    Refusal::new(
        Code::NotFound,
        format_args!(
            "there is no {what} \"{name}\"; there are {}",
            known.join(", ")
        ),
    )
}

const STOPPING: &str = "the daemon is stopping";
