//! Orphans: keys without a row in the register. A crash fell between the two, or somebody took the row away.

use event_log::SystemKind;
use tokio::task::spawn_blocking;

use crate::controller::Controller;
use crate::own_event::own_event;

/// Destroys keys that belong to nobody. Who took a row away does not have the key destroyed, and with it what the log tells of the
/// holder: that is an alarm.
///
/// # Errors
/// One line; it is tried again after the next start.
pub(crate) async fn reclaim(controller: &Controller) -> Result<(), String> {
    let orphans = controller.desk.ask(|desk| desk.register.orphaned_keys());
    let orphans = orphans.await.map_err(|cause| cause.to_string())?;
    let mut orphans = orphans.map_err(|cause| cause.to_string())?;
    if orphans.is_empty() {
        return Ok(());
    }
    let (ledger, looked_for) = (controller.ledger.clone(), orphans.clone());
    let told = spawn_blocking(move || {
        let size = ledger.log.state().size;
        ledger.archive.told_of(&looked_for, size)
    });
    let told = told.await.map_err(|_| "a thread ended early")?;
    let told = told.map_err(|cause| cause.to_string())?;
    let all = orphans.len();
    orphans.retain(|(_, owner)| !told.contains(owner));
    let missing = all - orphans.len();
    let destroyed = controller
        .desk
        .ask(move |desk| desk.register.destroy_orphaned_keys(&orphans));
    let destroyed = destroyed.await.map_err(|cause| cause.to_string())?;
    let destroyed = destroyed.map_err(|cause| cause.to_string())?;
    if destroyed > 0 {
        tracing::info!("{destroyed} keys that belong to nobody were destroyed");
    }
    if missing == 0 {
        return Ok(());
    }
    let what = format!("{missing} rows are not there of which the log tells; see log reconcile");
    tracing::error!("register: {what}");
    let ledger = &controller.ledger;
    let event = own_event(ledger.clock.now(), SystemKind::RegisterDiffers, &what);
    let written = ledger.log.write(vec![event]).await;
    written.map_err(|cause| cause.to_string())
}
