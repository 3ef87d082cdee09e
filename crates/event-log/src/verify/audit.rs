//! The audit: what a verifier knows on its way from the first record to the last.

use std::ops::ControlFlow;

use super::anchor::Anchor;
use super::epochs::Epochs;
use super::kept::Kept;
use super::scan::{Handed, Met};
use super::{Finding, Progress, general};
use crate::checkpoint::Checkpoint;
use crate::segment::Head;
use crate::tree::{Hash, Tree};

/// What is known on the way.
pub(super) struct Audit {
    pub(super) tree: Tree,
    begun: bool,
    log: Option<([u8; 16], String)>,
    run: u32,
    pub(super) torn: u64,
    pub(super) scrubbed: u64,
    signed: u64,
    /// The newest checkpoint, then the anchors in their order.
    expected: Vec<(u64, Hash, String)>,
    pub(super) epochs: Epochs,
    kept: Kept,
    /// The first record there is.
    pub(super) first: u64,
    /// The segment that was entered last.
    segment: u32,
}

impl Audit {
    pub(super) fn begin(
        (checkpoint, anchors): (&Checkpoint, &[Anchor]),
        epochs: Epochs,
        kept: Kept,
    ) -> Self {
        let own = "the newest checkpoint".to_owned();
        let mut expected = vec![(checkpoint.size, checkpoint.root, own)];
        expected.extend(
            anchors.iter().map(|Anchor { checkpoint, whose }| {
                (checkpoint.size, checkpoint.root, whose.clone())
            }),
        );
        Self {
            tree: Tree::new(),
            begun: false,
            log: None,
            run: 0,
            torn: 0,
            scrubbed: 0,
            signed: checkpoint.size,
            expected,
            epochs,
            kept,
            first: 0,
            segment: 0,
        }
    }

    /// Takes what the scan of a segment hands on. Breaks at the segment's end.
    pub(super) fn take(
        &mut self,
        handed: Handed,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<ControlFlow<()>, Finding> {
        match handed {
            Handed::Records(records) => {
                for record in &records {
                    self.record(record)?;
                }
                progress(Progress {
                    done: self.tree.size(),
                    total: self.signed.max(self.tree.size()),
                });
                Ok(ControlFlow::Continue(()))
            }
            Handed::End { torn } => {
                self.torn = torn;
                Ok(ControlFlow::Break(()))
            }
            Handed::Bad(finding) => Err(finding),
        }
    }

    fn record(&mut self, record: &Met) -> Result<(), Finding> {
        self.enter_run(record.index, record.header.run)?;
        self.epochs.enter(record.index, &record.header)?;
        self.kept.must_be_overwritten(record)?;
        self.scrubbed = self.scrubbed.saturating_add(u64::from(record.scrubbed));
        self.tree.push(record.leaf);
        self.check_roots()
    }

    /// A segment begins.
    pub(super) fn enter(&mut self, head: &Head) -> Result<(), Finding> {
        let segment = head.segment;
        if !self.begun {
            self.begun = true;
            self.first = head.first_index();
            self.kept.must_begin(self.first)?;
            // What has left is in the tree by its head's word alone, which every root signed later bears out or not.
            self.tree = head.before.clone();
            self.check_roots()?;
        } else {
            self.kept.must_have_left(self.segment, head.first_index())?;
        }
        self.segment = segment;
        self.epochs.must_be_of(head)?;
        let log = (head.instance, head.origin.clone());
        if self.log.get_or_insert_with(|| log.clone()) != &log {
            return Err(general(format!(
                "segment {segment}: it belongs to another log"
            )));
        }
        if head.before != self.tree {
            return Err(Finding {
                index: Some(self.tree.size()),
                what: format!("segment {segment} does not continue what stands before it"),
            });
        }
        Ok(())
    }

    fn enter_run(&mut self, index: u64, run: u32) -> Result<(), Finding> {
        if run < self.run {
            return Err(Finding {
                index: Some(index),
                what: format!("its run {run} is before the run {}", self.run),
            });
        }
        self.run = run;
        Ok(())
    }

    fn check_roots(&mut self) -> Result<(), Finding> {
        self.epochs.reach(&self.tree)?;
        let size = self.tree.size();
        for (_, root, whose) in self.expected.iter().filter(|(at, ..)| *at == size) {
            if self.tree.root() != *root {
                return Err(general(format!(
                    "the first {size} records are not those of {whose}: the log was changed"
                )));
            }
        }
        Ok(())
    }

    pub(super) fn close(&self, anchors: &[Anchor]) -> Result<(), Finding> {
        let found = self.tree.size();
        let is_met = |at: usize| at.checked_sub(1).is_some_and(|at| self.epochs.has_met(at));
        let mut expected = self.expected.iter().enumerate();
        let gone = expected.find(|(at, (size, ..))| *size < self.first && !is_met(*at));
        if let Some((_, (size, _, whose))) = gone {
            return Err(general(format!(
                "{whose} covers {size} records that have left the log, and names no epoch to compare: bring a newer one"
            )));
        }
        let missing = self.expected.iter().find(|(size, ..)| *size > found);
        if let Some((size, _, whose)) = missing {
            let what = format!(
                "the log ends here, {whose} was signed for {size} records: its end was cut or damaged"
            );
            return Err(Finding {
                index: Some(found),
                what,
            });
        }
        self.epochs.close(found)?;
        let mut anchors = anchors.iter();
        match anchors.find(|anchor| anchor.checkpoint.size > self.signed) {
            Some(Anchor { checkpoint, whose }) => Err(general(format!(
                "{whose} covers {} records, the log's own checkpoint only {}",
                checkpoint.size, self.signed
            ))),
            None => Ok(()),
        }
    }
}
