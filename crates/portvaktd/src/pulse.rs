//! The pulse: proof that the bus loop and the log writer go on, for the service manager's watchdog.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use sd_notify::NotifyState;
use tokio::time::sleep;

/// Turns counted by the two loops on which a door depends.
#[derive(Debug, Default)]
pub(crate) struct Pulse {
    bus: AtomicU64,
    log: AtomicU64,
}

impl Pulse {
    /// The bus loop made a turn.
    pub(crate) fn bus_turned(&self) {
        self.bus.fetch_add(1, Ordering::Relaxed);
    }

    /// The log writer made a turn: it is not waiting for a disk.
    pub(crate) fn log_turned(&self) {
        self.log.fetch_add(1, Ordering::Relaxed);
    }

    fn turns(&self) -> (u64, u64) {
        (
            self.bus.load(Ordering::Relaxed),
            self.log.load(Ordering::Relaxed),
        )
    }
}

/// Tells the service manager; without one this does nothing.
pub(crate) fn notify(state: &[NotifyState<'_>]) {
    if let Err(cause) = sd_notify::notify(state) {
        tracing::warn!("the service manager cannot be told: {cause}");
    }
}

/// Feeds the watchdog for as long as both loops make turns; where there is none it only waits.
pub(crate) async fn feed_watchdog(pulse: Arc<Pulse>) {
    let Some(limit) = sd_notify::watchdog_enabled() else {
        return std::future::pending().await;
    };
    let mut seen = pulse.turns();
    let mut silent_for = Duration::ZERO;
    let every = limit / 4;
    loop {
        sleep(every).await;
        let (bus, log) = pulse.turns();
        if bus != seen.0 && log != seen.1 {
            (seen, silent_for) = ((bus, log), Duration::ZERO);
            notify(&[NotifyState::Watchdog]);
        } else {
            silent_for += every;
            tracing::warn!("no turn of the bus loop or the log writer for {silent_for:?}");
        }
    }
}
