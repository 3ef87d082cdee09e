//! The items of a review as its report counts them: by tenant and kind, and the single ones that were not just kept.

use std::collections::BTreeMap;

use access::IssuanceId;
use control::CardKind;
use control::reply::review::{ReviewItem, ReviewRight};
use control::request::review::ReviewVerdict;

/// By tenant, then by kind in the order of [`CardKind::ALL`].
#[derive(Default)]
pub(super) struct Tables {
    pub(super) groups: BTreeMap<(String, usize), Group>,
    listed: usize,
}

/// The cards of one kind of one tenant.
pub(super) struct Group {
    pub(super) kind: CardKind,
    pub(super) cards: Counts,
    pub(super) rights: Counts,
    /// Cards that were kept with all their rights.
    pub(super) kept: Vec<IssuanceId>,
    /// The others, with what was decided of their rights.
    pub(super) single: Vec<Single>,
    /// How many are in neither list, since the paper has no room for all.
    pub(super) unlisted: u64,
}

/// A card that was not kept with all its rights.
pub(super) struct Single {
    pub(super) issuance: IssuanceId,
    pub(super) card: Option<ReviewVerdict>,
    pub(super) rights: Vec<(String, Option<ReviewVerdict>)>,
}

/// How many were kept, changed, revoked, and are undecided.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Counts {
    pub(super) kept: u64,
    pub(super) changed: u64,
    pub(super) revoked: u64,
    pub(super) undecided: u64,
}

impl Counts {
    /// Adds so many.
    pub(super) fn add(&mut self, verdict: Option<ReviewVerdict>, number: u64) {
        let count = match verdict {
            Some(ReviewVerdict::Keep) => &mut self.kept,
            Some(ReviewVerdict::Change) => &mut self.changed,
            Some(ReviewVerdict::Revoke) => &mut self.revoked,
            None => &mut self.undecided,
        };
        *count = count.saturating_add(number);
    }

    /// Each, in the order of the columns.
    pub(super) const fn each(self) -> [u64; 4] {
        [self.kept, self.changed, self.revoked, self.undecided]
    }

    /// Both together.
    pub(super) fn with(self, other: Self) -> Self {
        Self {
            kept: self.kept.saturating_add(other.kept),
            changed: self.changed.saturating_add(other.changed),
            revoked: self.revoked.saturating_add(other.revoked),
            undecided: self.undecided.saturating_add(other.undecided),
        }
    }
}

impl Tables {
    /// Counts one card.
    pub(super) fn add(&mut self, item: &ReviewItem) {
        let place = CardKind::ALL.iter().position(|kind| *kind == item.kind);
        let key = (item.tenant.clone(), place.unwrap_or(CardKind::ALL.len()));
        let group = self.groups.entry(key).or_insert_with(|| Group {
            kind: item.kind,
            cards: Counts::default(),
            rights: Counts::default(),
            kept: Vec::new(),
            single: Vec::new(),
            unlisted: 0,
        });
        let rights: Vec<&ReviewRight> = item.rights.iter().filter(|right| !right.later).collect();
        group.cards.add(item.decided, 1);
        for right in &rights {
            group.rights.add(right.decided, 1);
        }
        let keep = Some(ReviewVerdict::Keep);
        let is_kept = item.decided == keep && rights.iter().all(|right| right.decided == keep);
        if self.listed >= LISTED_MAX {
            group.unlisted += 1;
            return;
        }
        self.listed += 1;
        if is_kept {
            group.kept.push(item.issuance);
            return;
        }
        let rights = rights.iter();
        group.single.push(Single {
            issuance: item.issuance,
            card: item.decided,
            rights: rights
                .map(|right| (right.place.clone(), right.decided))
                .collect(),
        });
    }
}

/// Cards that a paper lists one by one: some forty pages.
const LISTED_MAX: usize = 20_000;
