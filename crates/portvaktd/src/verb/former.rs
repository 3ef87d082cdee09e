//! Former: doors and groups of doors that left the configuration. What the register still has of them can be taken away by the
//! name they had, or as they are shown, `door-7`, `group-3`; nothing new is given there.

use access::{DoorId, GroupId, Place};

use crate::control_server::{Asker, Stop, not_found};
use crate::desk::refusal;

/// The place of this name, of now or of once.
pub(super) async fn place(asker: &Asker, name: String) -> Result<Place, Stop> {
    let names = &asker.controller.names;
    if let Some(place) = names.place(&name) {
        return Ok(place);
    }
    let wanted = name.clone();
    let desk = &asker.controller.desk;
    let found = desk.ask(move |desk| desk.register.place_named(&wanted));
    let found = found.await?.map_err(|cause| refusal(&cause))?;
    let place = found.or_else(|| numbered(&name));
    Ok(place.ok_or_else(|| not_found("door or group of doors", &name, names.places()))?)
}

/// The door of this name, of now or of once.
pub(super) async fn door(asker: &Asker, name: String) -> Result<Option<DoorId>, Stop> {
    if let Some(door) = asker.controller.names.door(&name) {
        return Ok(Some(door));
    }
    let wanted = name.clone();
    let desk = &asker.controller.desk;
    let found = desk.ask(move |desk| desk.register.door_named(&wanted));
    let found = found.await?.map_err(|cause| refusal(&cause))?;
    Ok(found.or_else(|| match numbered(&name)? {
        Place::Door(door) => Some(door),
        Place::Group(_) => None,
    }))
}

/// A place as it is shown once its name is not in the configuration.
fn numbered(shown: &str) -> Option<Place> {
    let number = |prefix| shown.strip_prefix(prefix)?.parse().ok();
    let group = || number("group-").map(|id| Place::Group(GroupId::new(id)));
    number("door-")
        .map(|id| Place::Door(DoorId::new(id)))
        .or_else(group)
}
