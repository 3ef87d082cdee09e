//! Ends: when a card's end comes, the log is told so, of each once; and when a contact person's last day is over, they leave.
//! Late after a stop.
//!
//! No door waits for a card's end: it is denied by what the decision sees, whether its end was told or not.

use std::sync::Arc;
use std::time::Duration;

use crate::controller::Controller;
use crate::desk::Desk;
use crate::leaving;

/// Looks every second.
pub(crate) async fn tell(controller: Arc<Controller>) {
    let mut complained = false;
    loop {
        tokio::time::sleep(EVERY).await;
        match round(&controller).await {
            Ok(()) => complained = false,
            Err(cause) if !complained => {
                complained = true;
                tracing::warn!(
                    "ends of cards are told later, and who is to leave does later: {cause}"
                );
            }
            Err(_) => {}
        }
    }
}

/// One round. While the clock is held after a jump nobody knows what has ended, and nothing is told.
async fn round(controller: &Controller) -> Result<(), String> {
    let held = controller
        .site
        .ask(|bench, now| bench.site.held_clock(now).is_some());
    if held.await.map_err(|_| STOPPED.to_owned())? {
        return Ok(());
    }
    while controller
        .desk
        .ask(Desk::tell_ended)
        .await
        .map_err(|cause| cause.to_string())?
        .map_err(|cause| cause.to_string())?
        > 0
    {}
    let left = controller.desk.ask(leaving::due_contacts).await;
    left.map_err(|cause| cause.to_string())?
        .map_err(|cause| cause.to_string())
}

const EVERY: Duration = Duration::from_secs(1);
const STOPPED: &str = "the daemon is stopping";
