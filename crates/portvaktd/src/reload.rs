//! The reload: at SIGHUP the configuration is read again; a bad file keeps the old one.

use std::sync::Arc;

use event_log::SystemKind;
use sd_notify::NotifyState;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

use crate::config::Config;
use crate::desk::DeskHandle;
use crate::ledger::Ledger;
use crate::own_event::own_event;
use crate::pulse;
use crate::site_handle::SiteHandle;

/// The configuration in force, and who is told of another.
pub(crate) struct Reload {
    config: watch::Sender<Arc<Config>>,
    ledger: Ledger,
    site: SiteHandle,
    desk: DeskHandle,
}

impl Reload {
    /// Begins with the configuration of the start.
    pub(crate) fn new(
        config: Arc<Config>,
        ledger: Ledger,
        (site, desk): (SiteHandle, DeskHandle),
    ) -> (Self, watch::Receiver<Arc<Config>>) {
        let (config, view) = watch::channel(config);
        let reload = Self {
            config,
            ledger,
            site,
            desk,
        };
        (reload, view)
    }

    /// Reloads at each SIGHUP; ends only if signals cannot be heard.
    pub(crate) async fn at_each_hangup(self) {
        let mut hangup = match signal(SignalKind::hangup()) {
            Ok(hangup) => hangup,
            Err(cause) => {
                tracing::error!("SIGHUP cannot be heard: {cause}");
                return std::future::pending().await;
            }
        };
        while hangup.recv().await.is_some() {
            self.reload().await;
        }
    }

    async fn reload(&self) {
        match NotifyState::monotonic_usec_now() {
            Ok(at) => pulse::notify(&[NotifyState::Reloading, at]),
            Err(cause) => {
                tracing::warn!("the service manager cannot be told of the reload: {cause}")
            }
        }
        let old = Arc::clone(&self.config.borrow());
        match Config::load(&old.file) {
            Ok(new) => self.take(&old, &new).await,
            Err(error) => {
                for line in error.to_string().lines() {
                    tracing::error!("{line}");
                }
                tracing::error!("the configuration was not reloaded; the old one stays in force");
            }
        }
        pulse::notify(&[NotifyState::Ready]);
    }

    /// Takes what may change while doors are served, and says what may not.
    async fn take(&self, old: &Config, new: &Config) {
        for what in old.needs_restart_for(new) {
            tracing::warn!(
                "{what} changed in the configuration; that takes effect at the next start"
            );
        }
        let mut section = old.section.clone();
        section.name.clone_from(&new.section.name);
        section.time_zone.clone_from(&new.section.time_zone);
        section.working_day_ends = new.section.working_day_ends;
        section
            .classification
            .clone_from(&new.section.classification);
        section
            .information_owner
            .clone_from(&new.section.information_owner);
        if let Some(day) = section.working_day() {
            let told = self
                .desk
                .ask(move |desk| desk.register.set_working_day(day));
            // Without a register nothing is issued that would end with it.
            told.await.ok();
        }
        let feedback = new.feedback.clone();
        let shown = self
            .site
            .ask(move |bench, _| bench.site.set_feedback(feedback));
        if shown.await.is_err() {
            tracing::warn!("the site has stopped; its patterns stay as they were");
        }
        self.config.send_replace(Arc::new(Config {
            section,
            feedback: new.feedback.clone(),
            retention: new.retention,
            witnesses: new.witnesses.clone(),
            ..old.clone()
        }));
        let event = own_event(
            self.ledger.clock.now(),
            SystemKind::ConfigurationLoaded,
            "reloaded",
        );
        if let Err(cause) = self.ledger.log.write(vec![event]).await {
            tracing::error!("{cause}");
        }
        tracing::info!("the configuration was reloaded");
    }
}
