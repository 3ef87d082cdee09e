//! An event of the daemon's own: started, stopped, reloaded, something missing.

use event_log::{Event, SystemEvent, SystemKind, Text, What};
use site::Now;

/// The event of this moment.
pub(crate) fn own_event(now: Now, kind: SystemKind, detail: &str) -> Event {
    let what = What::System(SystemEvent {
        kind,
        detail: Text::new(detail),
    });
    Event {
        time: now.utc,
        clock: now.clock,
        late: false,
        what,
    }
}
