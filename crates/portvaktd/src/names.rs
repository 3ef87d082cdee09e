//! Names: what people call doors, readers, lines, groups and areas, beside the numbers the controller calls them.

use access::{AreaId, DoorId, GroupId, LineId, Place, ReaderId};
use register::{NumberedNames, Register, RegisterError};

use crate::config::Config;

/// Every name of the configuration with its number. All but lines keep theirs for ever; the register gives them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Names {
    doors: Vec<(String, DoorId)>,
    readers: Vec<(String, ReaderId)>,
    lines: Vec<(String, LineId)>,
    groups: Vec<(String, GroupId)>,
    areas: Vec<(String, AreaId)>,
}

impl Names {
    /// Looks up the numbers of the configured names; a new name gets a new number.
    ///
    /// # Errors
    /// The register's.
    pub(crate) fn reconcile(
        config: &Config,
        register: &mut Register,
    ) -> Result<Self, RegisterError> {
        let doors: Vec<&str> = config.doors.iter().map(|door| door.name.as_str()).collect();
        let readers: Vec<&str> = config
            .readers
            .iter()
            .map(|reader| reader.name.as_str())
            .collect();
        let groups: Vec<&str> = config
            .groups
            .iter()
            .map(|group| group.name.as_str())
            .collect();
        let areas: Vec<&str> = config.areas.iter().map(|area| area.name.as_str()).collect();
        Ok(Self {
            doors: register.reconcile_doors(&doors)?,
            readers: register.reconcile_readers(&readers)?,
            lines: lines(config),
            groups: register.reconcile_groups(&groups)?,
            areas: register.reconcile_areas(&areas)?,
        })
    }

    /// Looks them up among these; the name that is not among them, if there is one.
    ///
    /// # Errors
    /// What is not among them.
    pub(crate) fn among(config: &Config, known: &NumberedNames) -> Result<Self, String> {
        let doors = config.doors.iter().map(|door| &door.name);
        let readers = config.readers.iter().map(|reader| &reader.name);
        let groups = config.groups.iter().map(|group| &group.name);
        let areas = config.areas.iter().map(|area| &area.name);
        Ok(Self {
            doors: among("door", doors, &known.doors, DoorId::new)?,
            readers: among("reader", readers, &known.readers, ReaderId::new)?,
            lines: lines(config),
            groups: among("group", groups, &known.groups, GroupId::new)?,
            areas: among("area", areas, &known.areas, AreaId::new)?,
        })
    }

    /// The door of this name.
    pub(crate) fn door(&self, name: &str) -> Option<DoorId> {
        number(&self.doors, name)
    }

    /// The reader of this name.
    pub(crate) fn reader(&self, name: &str) -> Option<ReaderId> {
        number(&self.readers, name)
    }

    /// The line of this name.
    pub(crate) fn line(&self, name: &str) -> Option<LineId> {
        number(&self.lines, name)
    }

    /// The group of doors of this name.
    pub(crate) fn group(&self, name: &str) -> Option<GroupId> {
        number(&self.groups, name)
    }

    /// The area of this name.
    pub(crate) fn area(&self, name: &str) -> Option<AreaId> {
        number(&self.areas, name)
    }

    /// What the door is called; a door that left the configuration goes by its number.
    pub(crate) fn door_name(&self, door: DoorId) -> String {
        name(&self.doors, door).unwrap_or_else(|| format!("door-{door}"))
    }

    /// What the reader is called; a reader that left the configuration goes by its number.
    pub(crate) fn reader_name(&self, reader: ReaderId) -> String {
        name(&self.readers, reader).unwrap_or_else(|| format!("reader-{reader}"))
    }

    /// What the group of doors is called; one that left the configuration goes by its number.
    pub(crate) fn group_name(&self, group: GroupId) -> String {
        name(&self.groups, group).unwrap_or_else(|| format!("group-{group}"))
    }

    /// What the area is called; one that left the configuration goes by its number.
    pub(crate) fn area_name(&self, area: AreaId) -> String {
        name(&self.areas, area).unwrap_or_else(|| format!("area-{area}"))
    }

    /// Every door, in the order of the file.
    pub(crate) fn doors(&self) -> impl Iterator<Item = (&str, DoorId)> {
        self.doors.iter().map(|(name, door)| (name.as_str(), *door))
    }

    /// The door or the group of doors of this name: no two have one.
    pub(crate) fn place(&self, name: &str) -> Option<Place> {
        let group = || self.group(name).map(Place::Group);
        self.door(name).map(Place::Door).or_else(group)
    }

    /// What the place is called; one that left the configuration goes by its number.
    pub(crate) fn place_name(&self, place: Place) -> String {
        match place {
            Place::Door(door) => self.door_name(door),
            Place::Group(group) => {
                name(&self.groups, group).unwrap_or_else(|| format!("group-{group}"))
            }
        }
    }

    /// The names of all doors and groups.
    pub(crate) fn places(&self) -> impl Iterator<Item = &str> {
        let groups = self.groups.iter().map(|(name, _)| name.as_str());
        self.doors().map(|(name, _)| name).chain(groups)
    }

    /// Every reader, in the order of the file.
    pub(crate) fn readers(&self) -> impl Iterator<Item = (&str, ReaderId)> {
        self.readers
            .iter()
            .map(|(name, reader)| (name.as_str(), *reader))
    }
}

/// Lines are numbered by the file, anew at each start.
fn lines(config: &Config) -> Vec<(String, LineId)> {
    let numbered = config.lines.iter().zip(0_u8..);
    numbered
        .map(|(line, number)| (line.name.clone(), LineId::new(number)))
        .collect()
}

fn among<'n, N: Copy>(
    what: &str,
    names: impl Iterator<Item = &'n String>,
    known: &[(String, u16)],
    id: fn(u16) -> N,
) -> Result<Vec<(String, N)>, String> {
    names
        .map(|name| {
            let number = number(known, name);
            let number = number.ok_or_else(|| format!("{what} \"{name}\""))?;
            Ok((name.clone(), id(number)))
        })
        .collect()
}

fn number<N: Copy>(named: &[(String, N)], wanted: &str) -> Option<N> {
    named
        .iter()
        .find(|(name, _)| name == wanted)
        .map(|(_, number)| *number)
}

fn name<N: Copy + PartialEq>(named: &[(String, N)], wanted: N) -> Option<String> {
    named
        .iter()
        .find(|(_, number)| *number == wanted)
        .map(|(name, _)| name.clone())
}
