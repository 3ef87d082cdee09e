//! Overlay: the changes since the table was packed.

use std::sync::Arc;

use crate::allowlist::entry::{Card, CardEntry, Change};
use crate::card::CardTag;
use crate::issuance::IssuanceId;

/// Changed cards in the order of their tags, each at most once. Copied for every generation, so it is kept short.
#[derive(Clone, Debug, Default)]
pub(super) struct Overlay {
    changed: Vec<Changed>,
    /// The places of those that are on the list, ordered by issuance.
    by_issuance: Vec<(IssuanceId, usize)>,
}

/// One changed card; without `entry` it is on the list no more.
#[derive(Clone, Debug)]
pub(super) struct Changed {
    tag: CardTag,
    entry: Option<Arc<CardEntry>>,
}

impl Overlay {
    /// The change that lies over this tag, if there is one.
    pub(super) fn find(&self, tag: &CardTag) -> Option<&Changed> {
        if self.changed.is_empty() {
            return None;
        }
        let tag = tag.shortened();
        let at = self
            .changed
            .binary_search_by(|changed| changed.tag.cmp(&tag))
            .ok()?;
        self.changed.get(at)
    }

    /// These changes; of two on one tag the later holds.
    pub(super) fn of(changes: &[Change]) -> Self {
        Self::first_of_each(changes.iter().rev().map(Changed::from_change).collect())
    }

    /// This overlay with a later one on top.
    pub(super) fn under(&self, later: Self) -> Self {
        let mut changed = later.changed;
        changed.extend(self.changed.iter().cloned());
        Self::first_of_each(changed)
    }

    /// The card of this issuance as it was put, if it was put since.
    pub(super) fn of_issuance(&self, of: IssuanceId) -> Option<&CardEntry> {
        let at = self
            .by_issuance
            .binary_search_by_key(&of, |(issuance, _)| *issuance)
            .ok()?;
        let (_, place) = self.by_issuance.get(at)?;
        self.changed.get(*place)?.entry()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Changed> {
        self.changed.iter()
    }

    pub(super) fn len(&self) -> usize {
        self.changed.len()
    }

    /// Orders by tag; of equal tags the first is kept (the sort is stable).
    fn first_of_each(mut changed: Vec<Changed>) -> Self {
        changed.sort_by_key(|changed| changed.tag);
        changed.dedup_by_key(|changed| changed.tag);
        let places = changed.iter().enumerate();
        let put =
            places.filter_map(|(place, changed)| Some((changed.entry()?.holder.issuance, place)));
        let mut by_issuance: Vec<(IssuanceId, usize)> = put.collect();
        by_issuance.sort_unstable();
        Self {
            changed,
            by_issuance,
        }
    }
}

impl Changed {
    pub(super) const fn tag(&self) -> &CardTag {
        &self.tag
    }

    /// The card as it is now; `None` if it was removed.
    pub(super) fn card(&self) -> Option<Card<'_>> {
        let entry = self.entry.as_deref()?;
        Some(Card {
            holder: entry.holder,
            standing: entry.standing,
            valid: entry.valid,
            rights: &entry.rights,
            visitor: entry.visitor,
        })
    }

    /// The card as it was put, if it was not removed.
    pub(super) fn entry(&self) -> Option<&CardEntry> {
        self.entry.as_deref()
    }

    fn from_change(change: &Change) -> Self {
        match change {
            Change::Put(entry) => {
                let mut entry = entry.clone();
                Card::order(&mut entry.rights);
                entry.tag = entry.tag.shortened();
                Self {
                    tag: entry.tag,
                    entry: Some(Arc::new(entry)),
                }
            }
            Change::Remove(tag) => Self {
                tag: tag.shortened(),
                entry: None,
            },
        }
    }
}
