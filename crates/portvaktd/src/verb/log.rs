//! `log show` and `log follow`: pseudonymous events, after the reading itself is on record.
use control::Reply;
use control::request::log::EventFilter;
use crate::control_server::{Asker, Outlet, Stop};
pub(super) async fn show(asker: &Asker, filter: EventFilter, outlet: &mut Outlet<'_>) -> Result<Reply, Stop> { Ok(outlet.end()) }
pub(super) async fn follow(asker: &Asker, filter: EventFilter, outlet: &mut Outlet<'_>) -> Result<Reply, Stop> { Ok(outlet.end()) }
