//! The crew: segments scanned on several threads, and audited in their order on one.
//!
//! Segment *i* is scanned by thread *i* modulo their number; each hands on through a queue of its own, which is short, so that
//! memory stays the same for a log of any size.

use std::num::NonZeroUsize;
use std::ops::ControlFlow;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use key_store::disk::Disk;

use super::audit::Audit;
use super::scan::{Handed, scan};
use super::{Finding, Progress, general};
use crate::segment::Segments;

/// Audits every segment, with so many threads in all.
///
/// # Errors
/// [`Finding`]: the first bad point.
pub(super) fn audit_all(
    disk: &dyn Disk,
    audit: &mut Audit,
    threads: NonZeroUsize,
    progress: &mut dyn FnMut(Progress),
) -> Result<(), Finding> {
    let segments = Segments::list(disk)?;
    let scanners = threads.get() - 1;
    if scanners == 0 {
        return alone(disk, audit, &segments, progress);
    }
    thread::scope(|scope| {
        let mut queues = Vec::new();
        for first in 0..scanners {
            let (hand, take) = sync_channel(QUEUE);
            let segments = &segments;
            let scanner = move || scan_some(disk, segments, (first, scanners), &hand);
            thread::Builder::new()
                .spawn_scoped(scope, scanner)
                .map_err(|cause| general(format!("no thread to verify with: {cause}")))?;
            queues.push(take);
        }
        // Whoever leaves drops the queues, and the scanners stop.
        for (number, queue) in segments.from(0).zip(queues.iter().cycle()) {
            audit.enter(&segments.head(disk, number)?)?;
            take_segment(audit, queue, progress)?;
        }
        drop(queues);
        Ok(())
    })
}

fn alone(
    disk: &dyn Disk,
    audit: &mut Audit,
    segments: &Segments,
    progress: &mut dyn FnMut(Progress),
) -> Result<(), Finding> {
    for number in segments.from(0) {
        audit.enter(&segments.head(disk, number)?)?;
        let mut verdict = Ok(());
        let _either = scan(
            disk,
            segments,
            number,
            &mut |handed| match audit.take(handed, progress) {
                Ok(flow) => flow,
                Err(finding) => {
                    verdict = Err(finding);
                    ControlFlow::Break(())
                }
            },
        );
        verdict?;
    }
    Ok(())
}

fn scan_some(
    disk: &dyn Disk,
    segments: &Segments,
    (first, step): (usize, usize),
    hand: &SyncSender<Handed>,
) {
    for number in segments.from(0).skip(first).step_by(step) {
        let scanned = scan(
            disk,
            segments,
            number,
            &mut |handed| match hand.send(handed) {
                Ok(()) => ControlFlow::Continue(()),
                Err(_) => ControlFlow::Break(()),
            },
        );
        if scanned.is_break() {
            return;
        }
    }
}

fn take_segment(
    audit: &mut Audit,
    queue: &Receiver<Handed>,
    progress: &mut dyn FnMut(Progress),
) -> Result<(), Finding> {
    loop {
        let handed = queue
            .recv()
            .map_err(|_| general("a thread that verified ended early".to_owned()))?;
        if audit.take(handed, progress)?.is_break() {
            return Ok(());
        }
    }
}

/// Batches that a scanner may be ahead.
const QUEUE: usize = 4;
