//! Retention: every hour what is kept long enough is overwritten, and what is two years old leaves the log (M20).
//!
//! Nothing goes on the word of a clock alone: how much time has passed is what the log's own seals bear out, and the clock must
//! be synchronised besides. Before the newest record about something in the register leaves, it is restated.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use access::{ClockQuality, UtcMicros};
use control::Refusal;
use event_log::read::Outlived;
use event_log::{Class, Cuts, Policy, SystemKind};
use tokio::task::spawn_blocking;

use crate::archive::ArchiveError;
use crate::controller::Controller;
use crate::desk::Desk;
use crate::ledger::Ledger;
use crate::log_handle::NotLogged;
use crate::own_event::own_event;
use crate::{old_logs, orphans};

/// Why something was not removed that should be.
#[derive(Debug)]
enum RetentionError {
    /// The past cannot be read.
    Archive(ArchiveError),
    /// The log refused.
    Log(NotLogged),
    /// The register refused, or its thread has ended.
    Register(String),
    /// A person is being erased, and that does not end.
    Busy,
}

/// How far everything was swept since the start.
#[derive(Default)]
struct Swept {
    log: Cuts,
    old: old_logs::Swept,
}

/// Does twice an hour, and when another configuration is taken into use, what is due.
pub(crate) async fn keep(controller: Arc<Controller>) {
    let mut config = controller.views.config.clone();
    if let Err(cause) = obey_config(&controller).await {
        tracing::error!("retention: {cause}");
    }
    expire_changes(&controller).await;
    tokio::time::sleep(FIRST_AFTER).await;
    if controller.unfit.is_none()
        && let Err(cause) = orphans::reclaim(&controller).await
    {
        tracing::error!(
            "keys that belong to nobody: {cause}; they are looked for after the next start"
        );
    }
    let mut complained = false;
    let mut swept = Swept::default();
    loop {
        match round(&controller, &mut swept).await {
            Ok(true) => complained = false,
            Ok(false) if !complained => {
                complained = true;
                tracing::warn!(
                    "the clock is not synchronised: until it is, nothing leaves the log at the end of its time"
                );
            }
            Ok(false) => {}
            Err(cause) => tracing::error!("retention: {cause}; it is tried again in half an hour"),
        }
        tokio::select! {
            () = tokio::time::sleep(EVERY) => {}
            changed = config.changed() => if changed.is_err() {
                return std::future::pending().await;
            },
        }
    }
}

/// One round; `false` if the clock cannot be relied on.
async fn round(controller: &Controller, swept: &mut Swept) -> Result<bool, RetentionError> {
    obey_config(controller).await?;
    let forgotten = controller.desk.ask(crate::desk::Desk::finish_due_returns);
    if let Ok(Err(cause)) = forgotten.await {
        tracing::warn!("a return is not finished: {cause}");
    }
    expire_changes(controller).await;
    let ledger = controller.ledger.clone();
    apart(move || {
        if let Err(cause) = ledger.archive.spares().prepare() {
            tracing::warn!("{cause}");
        }
        index(&ledger)
    })
    .await?;
    if controller.ledger.clock.now().clock != ClockQuality::Synchronised {
        return Ok(false);
    }
    let two_years_ago = two_years_ago(controller).await?;
    if let Some(before) = two_years_ago {
        lapse(controller, before).await?;
        restate(controller, before.saturating_add(AHEAD)).await?;
    }
    tell_names(controller, two_years_ago).await?;
    let (ledger, mut before) = (controller.ledger.clone(), std::mem::take(swept));
    *swept = apart(move || {
        if let Err(cause) = old_logs::sweep(&ledger, &mut before.old) {
            tracing::error!("retention: {cause}");
        }
        let (cuts, outlived) = sweep(&ledger, &before.log)?;
        if let Some(outlived) = outlived {
            let said = outlived.to_string();
            prune(&ledger, outlived)?;
            tracing::info!("two years are over: {said}");
        }
        before.log = cuts;
        Ok(before)
    })
    .await?;
    Ok(true)
}

/// Ends the waiting of what nobody approved in time.
async fn expire_changes(controller: &Controller) {
    match controller.desk.ask(crate::desk::Desk::expire_changes).await {
        Ok(Ok(0)) | Err(_) => {}
        Ok(Ok(count)) => tracing::info!("{count} changes were not approved in time"),
        Ok(Err(cause)) => tracing::warn!("changes that wait too long are not ended: {cause}"),
    }
}

async fn obey_config(controller: &Controller) -> Result<(), RetentionError> {
    let ledger = controller.ledger.clone();
    let most = controller.config().retention;
    apart(move || obey(&ledger, &most)).await
}

/// Shortens the policy to what the configuration allows; it is on record before it is signed.
fn obey(ledger: &Ledger, most: &Policy) -> Result<(), RetentionError> {
    let policy = ledger.log.state().policy;
    let shortened = policy.shortened_to(most);
    if shortened == policy {
        return Ok(());
    }
    let event = own_event(
        ledger.clock.now(),
        SystemKind::RetentionSet,
        &format!("by the configuration: {}", words(&shortened)),
    );
    ledger
        .log
        .write_blocking(vec![event])
        .map_err(RetentionError::Log)?;
    let signed = ledger
        .log
        .upkeep(move |log, (now, _)| log.set_policy(shortened, now));
    signed.map_err(RetentionError::Log)
}

/// What is two years ago, as the log's own seals bear it out.
async fn two_years_ago(controller: &Controller) -> Result<Option<UtcMicros>, RetentionError> {
    let archive = controller.ledger.archive.clone();
    apart(move || {
        let asked = archive.read(event_log::read::Reader::two_years_ago);
        asked.map_err(RetentionError::Archive)
    })
    .await
}

/// Has the holders forgotten of cards that ended before this and that nobody returned (M19).
async fn lapse(controller: &Controller, before: UtcMicros) -> Result<(), RetentionError> {
    let lapsed = in_pages(controller, move |desk| desk.lapse(before)).await?;
    if lapsed > 0 {
        tracing::info!("{lapsed} cards ended two years ago and were not returned: forgotten");
    }
    Ok(())
}

/// Has the register say anew what the log is about to lose.
async fn restate(controller: &Controller, before: UtcMicros) -> Result<(), RetentionError> {
    let restated = in_pages(controller, move |desk| desk.restate(before));
    restated.await.map(|_| ())
}

/// Has the log told anew what doors and readers are called, before it loses that; what it never was told as well.
async fn tell_names(
    controller: &Controller,
    two_years_ago: Option<UtcMicros>,
) -> Result<(), RetentionError> {
    let before = two_years_ago.map(|before| before.saturating_add(AHEAD));
    let told = controller.desk.ask(move |desk| desk.tell_names(before));
    match told.await {
        // Without a register nothing is told.
        Ok(Ok(_)) | Err(_) => Ok(()),
        Ok(Err(cause)) => Err(RetentionError::Register(cause.to_string())),
    }
}

/// Has the desk do something a page at a time, until a page is empty; gives how much that was.
async fn in_pages(
    controller: &Controller,
    page: impl FnMut(&mut Desk) -> Result<usize, Refusal> + Clone + Send + 'static,
) -> Result<usize, RetentionError> {
    let mut all = 0;
    loop {
        let mut next = page.clone();
        let done = controller.desk.ask(move |desk| next(desk)).await;
        let done = done.map_err(|cause| RetentionError::Register(cause.to_string()))?;
        match done.map_err(|cause| RetentionError::Register(cause.to_string()))? {
            0 => return Ok(all),
            count => all += count,
        }
    }
}

/// Indexes segments that are complete; the hash of a new one's index is on record.
fn index(ledger: &Ledger) -> Result<(), RetentionError> {
    while let Some(indexed) = ledger
        .archive
        .index_next()
        .map_err(RetentionError::Archive)?
    {
        if indexed.is_new {
            let now = ledger.clock.now();
            let event = own_event(now, SystemKind::SegmentIndexed, &indexed.to_string());
            let written = ledger.log.write_blocking(vec![event]);
            written.map_err(RetentionError::Log)?;
        }
    }
    Ok(())
}

/// Overwrites what no policy keeps any longer and was not overwritten `before`; gives how far that is done now, and the segments
/// that may go.
fn sweep(ledger: &Ledger, before: &Cuts) -> Result<(Cuts, Option<Outlived>), RetentionError> {
    let archive = &ledger.archive;
    let cuts = archive.cuts(&ledger.log.state().policy);
    let cuts = cuts.map_err(RetentionError::Archive)?;
    let first = archive.read(event_log::read::Reader::first_index);
    let first = first.map_err(RetentionError::Archive)?;
    for only in cuts.apart() {
        overwrite(ledger, &only, first.max(only.begin_after(before)))?;
    }
    let outlived = archive.read(|reader| reader.outlived(cuts.nearest()));
    Ok((cuts, outlived.map_err(RetentionError::Archive)?))
}

/// Overwrites what lies before these cuts, a little at a time, so that no door waits for it.
fn overwrite(ledger: &Ledger, cuts: &Cuts, mut from: u64) -> Result<(), RetentionError> {
    let archive = &ledger.archive;
    let mut tries = 0;
    while from < cuts.furthest() {
        let found = archive.read(|reader| reader.expired(cuts, from..u64::MAX, AT_ONCE));
        let found = found.map_err(RetentionError::Archive)?;
        let unindexed = archive.read(|reader| reader.unindex_expired(&found));
        unindexed.map_err(RetentionError::Archive)?;
        let until = found.until;
        let done = ledger.log.upkeep(move |log, _| log.expire(found));
        if done.map_err(RetentionError::Log)? {
            from = until.max(from + 1);
            std::thread::sleep(PAUSE);
        } else if tries < TRIES_MAX {
            // A person is being erased, which takes seconds.
            tries += 1;
            std::thread::sleep(WHILE_ERASING);
        } else {
            return Err(RetentionError::Busy);
        }
    }
    Ok(())
}

fn prune(ledger: &Ledger, outlived: Outlived) -> Result<(), RetentionError> {
    let pruned = ledger
        .log
        .upkeep(move |log, dated| log.prune(&outlived, dated));
    pruned.map_err(RetentionError::Log)
}

/// `passage 90d, door 2y, …`
pub(crate) fn words(policy: &Policy) -> String {
    let words: Vec<String> = Class::ALL
        .iter()
        .map(|class| format!("{} {}", class.name(), policy.of(*class)))
        .collect();
    words.join(", ")
}

/// Has something done on a thread that may wait for the disk.
async fn apart<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, RetentionError> + Send + 'static,
) -> Result<T, RetentionError> {
    let done = spawn_blocking(work).await;
    done.map_err(|_| RetentionError::Register("a thread ended early".to_owned()))?
}

impl fmt::Display for RetentionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Archive(cause) => cause.fmt(f),
            Self::Log(cause) => cause.fmt(f),
            Self::Register(cause) => f.write_str(cause),
            Self::Busy => f.write_str("a person is being erased at the same time"),
        }
    }
}

/// After a start doors and readers come first.
const FIRST_AFTER: Duration = Duration::from_secs(20);
/// What has expired is gone within the hour.
const EVERY: Duration = Duration::from_secs(1_800);
/// What the register has is restated so long before the newest record about it leaves.
const AHEAD: Duration = Duration::from_secs(2 * 86_400);
/// Parts overwritten between two flushes: some milliseconds.
const AT_ONCE: usize = 64;
/// The log is left to the doors between two such.
const PAUSE: Duration = Duration::from_millis(5);
const WHILE_ERASING: Duration = Duration::from_millis(500);
const TRIES_MAX: u32 = 120;

#[cfg(test)]
mod story;
#[cfg(test)]
mod tests;
