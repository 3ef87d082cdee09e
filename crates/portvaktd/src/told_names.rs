//! Told names: the log says what each number of a door, reader, group or area is called, once and before that record leaves.

use access::UtcMicros;
use event_log::{Event, SystemKind};
use register::Register;

use crate::ledger::Ledger;
use crate::own_event::own_event;

/// Tells the log what it was told before this or never; gives how much.
///
/// # Errors
/// One line; it is told again later.
pub(crate) fn tell(
    register: &mut Register,
    ledger: &Ledger,
    before: UtcMicros,
) -> Result<usize, String> {
    let refused = |cause: &dyn std::fmt::Display| {
        format!("the log does not say yet what doors and readers are called: {cause}")
    };
    let due = register.names_to_tell(before);
    let due = due.map_err(|cause| refused(&cause))?;
    for some in due.chunks(AT_ONCE) {
        let now = ledger.clock.now();
        let event = |name: &register::NumberedName| {
            own_event(now, SystemKind::NamesNumbered, &name.words())
        };
        let events: Vec<Event> = some.iter().map(event).collect();
        let written = ledger.log.write_blocking(events);
        written.map_err(|cause| refused(&cause))?;
        // Cut off before this it is said twice, which changes nothing.
        let told = register.names_told(some, now.utc);
        told.map_err(|cause| refused(&cause))?;
    }
    Ok(due.len())
}

/// What was never told is older than this.
pub(crate) const NEVER: UtcMicros = UtcMicros::from_micros(1);
/// Names in one write.
const AT_ONCE: usize = 256;
