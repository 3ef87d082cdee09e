//! Gather: the rows of a list as they come over the socket; nothing takes effect before its end.

use std::time::Duration;

use control::{Code, Refusal, Request};

use crate::control_server::{Outlet, Stop};

/// What a frame in the middle of a list is.
pub(super) enum Came<T> {
    /// Further rows.
    Rows(Vec<T>),
    /// The end.
    End,
    /// Something that has no business there.
    Stranger,
}

/// As many rows as were announced, and whether the end said that they are only tried.
///
/// # Errors
/// A refusal if others come, or none for too long.
pub(super) async fn gather<T>(
    announced: u64,
    outlet: &mut Outlet<'_>,
    read: fn(Request) -> Came<T>,
) -> Result<(Vec<T>, bool), Stop> {
    let mut all: Vec<T> = Vec::new();
    loop {
        let envelope = outlet.link()?.receive(BETWEEN_FRAMES_MAX).await?;
        let came = |all: &[T]| u64::try_from(all.len()).unwrap_or(u64::MAX);
        match read(envelope.request) {
            Came::Rows(rows) => {
                all.extend(rows);
                if came(&all) > announced {
                    let what = format!(
                        "more rows came than the {announced} announced; nothing was imported"
                    );
                    return Err(Refusal::new(Code::Usage, what).into());
                }
            }
            Came::End if came(&all) == announced => return Ok((all, envelope.dry_run)),
            Came::End | Came::Stranger => {
                let what = format!(
                    "{} of {announced} rows came before something else; nothing was imported",
                    came(&all)
                );
                return Err(Refusal::new(Code::Usage, what).into());
            }
        }
    }
}

/// A client that pauses longer in the middle of a list has lost it.
const BETWEEN_FRAMES_MAX: Duration = Duration::from_secs(30);
