//! Which records give leave to release a door, and to whom.

use access::DoorId;
use event_log::{DoorKind, Event, PassageKind, What};

/// Whether it lets somebody out.
pub(super) const fn is_exit(event: &Event) -> bool {
    matches!(&event.what, What::Door(door) if matches!(door.kind, DoorKind::ExitButton))
}

/// The door that may be released once this is recorded.
pub(super) fn gives_leave(event: &Event) -> Option<DoorId> {
    match &event.what {
        What::Passage(passage) => match passage.kind {
            PassageKind::Granted => passage.door,
            PassageKind::Denied | PassageKind::Buffered => None,
        },
        What::Door(door) => {
            let opens = matches!(
                door.kind,
                DoorKind::Opened | DoorKind::TestOpened | DoorKind::ExitButton | DoorKind::Unlocked
            );
            opens.then_some(door.door)
        }
        What::Reader(_) | What::Administration(_) | What::Reading(_) | What::System(_) => None,
    }
}
