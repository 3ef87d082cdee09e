//! The controller as operators meet it: the handles of everything that can be asked.

use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use access::{Allowlist, Quarter, UtcMicros};
use event_log::{Event, SystemKind};
use tokio::sync::watch;

use crate::books::Unfit;
use crate::config::Config;
use crate::desk::{Desk, DeskHandle, Roster};
use crate::ledger::Ledger;
use crate::mandate::Mandate;
use crate::names::Names;
use crate::own_event::own_event;
use crate::site_handle::SiteHandle;

/// Handles to the site, the register's desk and the log, and what does not change while the daemon runs.
#[derive(Clone)]
pub(crate) struct Controller {
    /// Names and numbers of doors, readers and lines.
    pub(crate) names: Names,
    /// The site's task.
    pub(crate) site: SiteHandle,
    /// The register's thread.
    pub(crate) desk: DeskHandle,
    /// The log.
    pub(crate) ledger: Ledger,
    /// When the daemon started.
    pub(crate) started: UtcMicros,
    /// What could not be protected in the process or restored from before the start, a line each.
    pub(crate) warnings: Vec<String>,
    /// Why nothing is done with the register, if so.
    pub(crate) unfit: Option<Unfit>,
    /// What is overdue, as it was found last.
    pub(crate) overdue: watch::Sender<Overdue>,
    /// The first records of this run, as long as the log has not taken them.
    pub(crate) unsaid: Arc<Mutex<Vec<Event>>>,
    /// What changes while it runs.
    pub(crate) views: Views,
}

/// What should have been looked at by now.
#[derive(Clone, Debug, Default)]
pub(crate) struct Overdue {
    /// Quarters that are over and whose review nobody has signed, oldest first (M6).
    pub(crate) reviews: Vec<Quarter>,
    /// How many tenants have rights that nobody has justified for a year (M22), if that was looked at.
    pub(crate) recertifications: Option<u64>,
}

/// What others publish and operators look at.
#[derive(Clone)]
pub(crate) struct Views {
    /// The configuration; another one after a reload.
    pub(crate) config: watch::Receiver<Arc<Config>>,
    /// The cards by which the site decides.
    pub(crate) allowlist: watch::Receiver<Arc<Allowlist>>,
    /// Who operates the controller, and who did.
    pub(crate) roster: watch::Receiver<Roster>,
}

impl Controller {
    /// The configuration now.
    pub(crate) fn config(&self) -> Arc<Config> {
        Arc::clone(&self.views.config.borrow())
    }

    /// The same controller, for a change that was approved.
    pub(crate) fn with(&self, mandate: Arc<Mandate>) -> Self {
        Self {
            desk: self.desk.with(mandate),
            ..self.clone()
        }
    }

    /// The cards now.
    pub(crate) fn allowlist(&self) -> Arc<Allowlist> {
        Arc::clone(&self.views.allowlist.borrow())
    }

    /// Who operates the controller now.
    pub(crate) fn roster(&self) -> Roster {
        Arc::clone(&self.views.roster.borrow())
    }

    /// What is to be done from time to time: a turn of the log writer, and what an earlier change could not finish.
    pub(crate) async fn keep_house(&self) {
        loop {
            tokio::time::sleep(ROUND).await;
            self.ledger.log.tick();
            self.probe_log().await;
            if self.desk.behind().load(Ordering::Relaxed) {
                let caught_up = self.desk.ask(Desk::catch_up).await;
                if let Ok(Err(refusal)) = caught_up {
                    tracing::warn!("{refusal}");
                }
            }
        }
    }

    /// After a failure somebody has to try: the first records that the log takes say so, behind those of a start that it did not
    /// take.
    async fn probe_log(&self) {
        let mut events = self.take_unsaid();
        if !self.ledger.log.state().durable {
            let now = self.ledger.clock.now();
            events.push(own_event(now, SystemKind::LogRecovered, RECOVERED));
        }
        if events.is_empty() {
            return;
        }
        let of_the_start = events.iter().filter(|event| event.late).cloned().collect();
        if let Err(cause) = self.ledger.log.write(events).await {
            tracing::error!("{cause}");
            *self.unsaid.lock().unwrap_or_else(PoisonError::into_inner) = of_the_start;
        }
    }

    fn take_unsaid(&self) -> Vec<Event> {
        let mut unsaid = self.unsaid.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut *unsaid)
    }
}

const RECOVERED: &str = "the log takes records again";

/// The log writer shows so often that it goes on, and seals what is due.
const ROUND: Duration = Duration::from_secs(1);
