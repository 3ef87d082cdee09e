//! The desk's handle: how everybody else has something done on the register's thread.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::thread::JoinHandle;
use std::time::Duration;

use access::Day;
use access::card::TagKey;
use key_store::KeyStore;
use tokio::sync::{mpsc, oneshot};
use tokio::task::spawn_blocking;
use tokio::time::timeout;

use super::Desk;
use super::door_cards::{Denied, DoorCards};
use crate::entropy::OsEntropy;
use crate::failure::Failure;
use crate::key_chores::KeyChore;
use crate::mandate::Mandate;
use crate::site_handle::SiteHandle;

/// The desk as everybody else sees it.
#[derive(Clone)]
pub(crate) struct DeskHandle {
    errands: mpsc::Sender<Errand>,
    behind: Arc<AtomicBool>,
    /// What the doors decide by.
    doors: Arc<DoorCards>,
    /// There is a register.
    is_staffed: bool,
    /// What the register is lent for every errand of this handle.
    mandate: Option<Arc<Mandate>>,
}

/// Why nobody answers at the desk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NoDesk {
    /// The thread has ended: the daemon is stopping.
    Stopped,
    /// The register cannot be used, and the doors go on without it.
    NoRegister,
}

/// Something to be done on the desk's thread; it may wait for disks.
enum Errand {
    /// With the register.
    Desk(Box<dyn FnOnce(&mut Desk) + Send>),
    /// With the keys alone, which a house without a register has too.
    Keys(Box<dyn FnOnce(&KeyRoom) + Send>),
}

/// The keys, and the site that asks for some of them.
pub(crate) struct KeyRoom {
    /// Every key.
    keys: Arc<KeyStore>,
    /// The site's task.
    site: SiteHandle,
}

/// The desk's own end of its queue.
pub(crate) struct Errands(mpsc::Receiver<Errand>);

impl DeskHandle {
    /// A handle to a desk with a register or without, and the end the desk's thread reads; whether something of an earlier run waits
    /// to be finished.
    pub(crate) fn new(
        (is_staffed, is_behind): (bool, bool),
        doors: &Arc<DoorCards>,
    ) -> (Self, Errands) {
        let (errands, queue) = mpsc::channel(ERRANDS_MAX);
        (
            Self {
                errands,
                behind: Arc::new(AtomicBool::new(is_behind)),
                doors: Arc::clone(doors),
                is_staffed,
                mandate: None,
            },
            Errands(queue),
        )
    }

    /// Whether a change could not be finished and waits to be; the desk holds the other end.
    pub(crate) fn behind(&self) -> &Arc<AtomicBool> {
        &self.behind
    }

    /// The same desk, for the change that was approved.
    pub(crate) fn with(&self, mandate: Arc<Mandate>) -> Self {
        Self {
            mandate: Some(mandate),
            ..self.clone()
        }
    }

    /// Has something done, and waits for the answer.
    ///
    /// # Errors
    /// [`NoDesk`].
    pub(crate) async fn ask<T: Send + 'static>(
        &self,
        errand: impl FnOnce(&mut Desk) -> T + Send + 'static,
    ) -> Result<T, NoDesk> {
        if !self.is_staffed {
            return Err(NoDesk::NoRegister);
        }
        let (answer, answered) = oneshot::channel();
        // Whoever asked may have left; what was begun is finished all the same.
        let mandate = self.mandate.clone();
        let boxed = Errand::Desk(Box::new(move |desk| {
            if let Some(mandate) = &mandate {
                mandate.lend(&mut desk.register);
            }
            let done = errand(desk);
            if let Some(mandate) = &mandate {
                mandate.take_back(&mut desk.register);
            }
            answer.send(done).ok();
        }));
        let sent = self.errands.send(boxed).await;
        sent.map_err(|_| NoDesk::Stopped)?;
        answered.await.map_err(|_| NoDesk::Stopped)
    }

    /// As [`DeskHandle::ask`], of an errand that denies a card, if it does: where the register's thread has other work first, the card is denied at
    /// every door meanwhile, and whether or not whoever asked still waits. What the errand comes to holds when it is done.
    ///
    /// # Errors
    /// As [`DeskHandle::ask`].
    pub(crate) async fn ask_denying<T: Send + 'static>(
        &self,
        denied: Option<Denied>,
        errand: impl FnOnce(&mut Desk) -> T + Send + 'static,
    ) -> Result<T, NoDesk> {
        let Some(denied) = denied else {
            return self.ask(errand).await;
        };
        let desk = self.clone();
        let watched = tokio::spawn(async move {
            let doors = Arc::clone(&desk.doors);
            let work = desk.ask(errand);
            tokio::pin!(work);
            if let Ok(done) = timeout(PROMPT, &mut work).await {
                return done;
            }
            let ahead = Arc::clone(&doors);
            spawn_blocking(move || ahead.deny(denied)).await.ok();
            let done = work.await;
            spawn_blocking(move || doors.follow(denied)).await.ok();
            done
        });
        watched.await.unwrap_or(Err(NoDesk::Stopped))
    }

    /// Has the key store keep something, without waiting; false if it must be asked again later.
    pub(crate) fn keep_key(&self, chore: KeyChore) -> bool {
        let keep = move |room: &KeyRoom| {
            if let Err(cause) = chore.keep(&room.keys) {
                tracing::error!("key store: {cause}; it is tried again after the next start");
            }
        };
        self.errands.try_send(Errand::Keys(Box::new(keep))).is_ok()
    }

    /// Asks for the key of a day, without waiting: it comes as a question to the site.
    pub(crate) fn want_day_key(&self, day: Day) {
        let give = Errand::Keys(Box::new(move |room| room.give_day_key(day)));
        if self.errands.try_send(give).is_err() {
            tracing::warn!("the register's thread is too busy to give the key for unknown cards");
        }
    }
}

impl Errands {
    /// Starts the thread; it ends when the last handle is gone.
    ///
    /// # Errors
    /// The system gives no thread.
    pub(crate) fn serve(
        mut self,
        room: KeyRoom,
        desk: Option<Desk>,
    ) -> Result<JoinHandle<()>, Failure> {
        let work = move || {
            let mut desk = desk;
            if let Some(desk) = &mut desk {
                desk.begin();
            }
            while let Some(errand) = self.0.blocking_recv() {
                match (errand, &mut desk) {
                    (Errand::Keys(errand), _) => errand(&room),
                    (Errand::Desk(errand), Some(desk)) => {
                        errand(desk);
                        desk.tidy();
                    }
                    // Whoever asked was told that there is no register.
                    (Errand::Desk(_), None) => {}
                }
            }
        };
        let thread = std::thread::Builder::new()
            .name("register".to_owned())
            .spawn(work);
        thread.map_err(|cause| Failure::failed("the register's thread cannot be started", cause))
    }
}

impl KeyRoom {
    /// The house's keys, and its site.
    pub(crate) fn new(keys: &Arc<KeyStore>, site: &SiteHandle) -> Self {
        Self {
            keys: Arc::clone(keys),
            site: site.clone(),
        }
    }

    fn give_day_key(&self, day: Day) {
        match self.keys.day_key(day.get(), &mut OsEntropy) {
            Ok(key) => {
                let key = TagKey::new(*key.as_bytes());
                self.site
                    .ask_blocking(move |bench, _| bench.site.set_day_key(day, key))
                    .ok();
            }
            Err(cause) => tracing::error!("key store: no key for unknown cards: {cause}"),
        }
    }
}

impl fmt::Display for NoDesk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Stopped => "the daemon is stopping",
            Self::NoRegister => {
                "the register cannot be used, so nothing can be looked up in it or changed; the doors go on by allowlist.snapshot; see status"
            }
        })
    }
}

/// An errand that is done sooner needs nothing ahead of it.
const PROMPT: Duration = Duration::from_millis(200);
/// Errands that may queue.
const ERRANDS_MAX: usize = 64;
