//! The instants of operators: a date alone is meant whole, from its first moment or through its last.

use control::Moment;
use jiff::Zoned;

use crate::daemon::Daemon;
use crate::desk::Desk;
use crate::failure::Failure;
use crate::text::{Label, Say};

/// The first instant of what is written.
pub(super) fn begin(desk: &Desk, written: &str) -> Result<Moment, Failure> {
    let daemon = desk.connect()?;
    let read = daemon.calendar().read_from(written);
    told(desk, &daemon, (Label::From, daemon.understood(read)?))
}

/// The instant just behind what is written.
pub(super) fn end(desk: &Desk, written: &str) -> Result<Moment, Failure> {
    let daemon = desk.connect()?;
    let read = daemon.calendar().read_through(written);
    told(desk, &daemon, (Label::Until, daemon.understood(read)?))
}

/// Says how it was understood.
fn told(desk: &Desk, daemon: &Daemon, (what, at): (Label, Zoned)) -> Result<Moment, Failure> {
    let moment = Moment::from(at.timestamp());
    let instant = &daemon.shown(moment);
    desk.say(&Say::Understood { what, instant });
    Ok(moment)
}
