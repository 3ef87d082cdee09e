//! Door cards: the cards by which the site decides. They are those of the register, but for a card that somebody reports lost or blocks
//! while the register's thread has other work for seconds: that one is denied at every door at once, before it is even written down.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use access::{Allowlist, AllowlistError, CardEntry, Change, IssuanceId, Standing};
use tokio::sync::watch;

use crate::site_handle::SiteHandle;

/// What the site decides by. Every method but [`DoorCards::cards`] waits for the site's task: not for a thread that may not wait.
pub(crate) struct DoorCards {
    site: SiteHandle,
    /// As the register has them.
    cards: watch::Sender<Arc<Allowlist>>,
    /// Denied ahead of the register; held while the site is told, so that it is told in order.
    ahead: Mutex<Vec<Denied>>,
}

/// A card that is denied ahead of the register, and as what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Denied {
    /// Whose.
    pub(crate) issuance: IssuanceId,
    /// Why.
    pub(crate) standing: Standing,
}

impl DoorCards {
    /// The site decides by these already. And a view of what the register has, for everybody.
    pub(crate) fn new(
        site: SiteHandle,
        cards: Arc<Allowlist>,
    ) -> (Arc<Self>, watch::Receiver<Arc<Allowlist>>) {
        let (cards, view) = watch::channel(cards);
        let doors = Self {
            site,
            cards,
            ahead: Mutex::default(),
        };
        (Arc::new(doors), view)
    }

    /// The cards as the register has them.
    pub(crate) fn cards(&self) -> Arc<Allowlist> {
        Arc::clone(&self.cards.borrow())
    }

    /// The site decides by these when this returns, less those that are denied ahead of them. A site that has stopped opens nothing.
    pub(crate) fn decide_by(&self, cards: &Arc<Allowlist>) {
        let ahead = self.ahead();
        self.swap(cards, &ahead);
        self.cards.send_replace(Arc::clone(cards));
    }

    /// From now on the site denies this card, whatever the register still has of it.
    pub(crate) fn deny(&self, denied: Denied) {
        let mut ahead = self.ahead();
        ahead.push(denied);
        self.swap(&self.cards(), &ahead);
    }

    /// The register knows of it by now, or has refused it: what it says holds again.
    pub(crate) fn follow(&self, denied: Denied) {
        let mut ahead = self.ahead();
        if let Some(at) = ahead.iter().position(|other| *other == denied) {
            ahead.remove(at);
        }
        self.swap(&self.cards(), &ahead);
    }

    fn swap(&self, cards: &Arc<Allowlist>, ahead: &[Denied]) {
        let shown = less(cards, ahead).unwrap_or_else(|cause| {
            tracing::error!("a card cannot be denied before the register denies it: {cause}");
            Arc::clone(cards)
        });
        let oldest = self
            .site
            .ask_blocking(move |bench, _| bench.site.swap_allowlist(shown));
        // Let go of here, where nobody waits at a door.
        drop(oldest);
    }

    fn ahead(&self) -> MutexGuard<'_, Vec<Denied>> {
        self.ahead.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The same cards with some of them denied.
fn less(cards: &Arc<Allowlist>, ahead: &[Denied]) -> Result<Arc<Allowlist>, AllowlistError> {
    let changes = ahead.iter().filter_map(|denied| {
        let entry = cards.of_issuance(denied.issuance)?;
        let is_let_in = entry.standing == Standing::Active;
        is_let_in.then_some(Change::Put(CardEntry {
            standing: denied.standing,
            ..entry
        }))
    });
    let changes: Vec<Change> = changes.collect();
    if changes.is_empty() {
        return Ok(Arc::clone(cards));
    }
    cards.with(&changes, cards.generation()).map(Arc::new)
}
