//! The plan: the configuration in the site's words, numbers for names, keys from the key store.

use std::collections::BTreeSet;

use access::{AreaId, DoorId, DoorRules, ReaderId};
use key_store::KeyStore;
use reader_bus::{Address, Identity, InputMap, LineConfig, Scbk, Security, UnitMap};
use site::{DoorPlan, LinePlan, ReaderPlan, Site, SitePlan, Spoken, Strike};

use crate::config::{Area, Config, Door, DoorClass, InputAt, Line, Protocol, Reader};
use crate::failure::Failure;
use crate::names::Names;

/// What `config` describes, for the site.
///
/// # Errors
/// [`Failure::Data`] if the key store cannot be read, or the register knows a name by no number.
pub(crate) fn draw(config: &Config, names: &Names, keys: &KeyStore) -> Result<SitePlan, Failure> {
    let drawing = Drawing {
        config,
        names,
        keys,
    };
    let lines = config
        .lines
        .iter()
        .enumerate()
        .map(|(at, line)| drawing.line(at, line));
    let doors = config.doors.iter().enumerate();
    let doors = doors.map(|(at, door)| drawing.door(at, door));
    let areas = config.areas.iter();
    let areas = areas.map(|area| drawing.area(area).map(|id| (id, area.rules)));
    Ok(SitePlan {
        feedback: config.feedback.clone(),
        lines: lines.collect::<Result<_, _>>()?,
        doors: doors.collect::<Result<_, _>>()?,
        areas: areas.collect::<Result<_, _>>()?,
        pin_limit: config.pin_limit,
    })
}

/// Tells `site` who its keyed readers are, as far as that is known.
///
/// # Errors
/// [`Failure::Data`] if the key store cannot be read.
pub(crate) fn pin(site: &mut Site, names: &Names, keys: &KeyStore) -> Result<(), Failure> {
    for (name, id) in names.readers() {
        let known = keys.reader_identity(id.get());
        if let Some(octets) = known.map_err(|cause| Failure::data("key store", cause))? {
            site.pin_reader(id, Identity::from_octets(octets))
                .map_err(|cause| Failure::data(format_args!("reader \"{name}\""), cause))?;
        }
    }
    Ok(())
}

struct Drawing<'a> {
    config: &'a Config,
    names: &'a Names,
    keys: &'a KeyStore,
}

impl Drawing<'_> {
    fn line(&self, at: usize, line: &Line) -> Result<LinePlan, Failure> {
        let readers = self.config.readers.iter().enumerate();
        let readers = readers.filter(|(_, reader)| reader.line == at);
        let config = LineConfig {
            baud: line.baud,
            reply_timeout_ms: line.timing.reply_timeout_ms,
            inter_character_ms: line.timing.inter_character_ms,
            turnaround_ms: line.timing.turnaround_ms,
            grant_hold_ms: line.timing.grant_hold_ms,
        };
        Ok(LinePlan {
            id: numbered(self.names.line(&line.name), &line.name)?,
            config,
            spoken: match line.protocol {
                Protocol::Osdp => Spoken::Osdp,
                Protocol::WiegandAscii => Spoken::WiegandAscii(line.carriage.clone()),
                Protocol::WiegandModbus => Spoken::WiegandModbus(self.units(at)),
            },
            readers: readers
                .map(|(at, reader)| self.reader(at, reader))
                .collect::<Result<_, _>>()?,
        })
    }

    /// The units of a Modbus line, in the order of its readers. Of their inputs as many are asked for as doors use.
    fn units(&self, line: usize) -> Vec<UnitMap> {
        let readers = self.config.readers.iter().enumerate();
        let units = readers.filter(|(_, reader)| reader.line == line);
        let units = units.map(|(position, reader)| {
            let doors = self.config.doors.iter();
            let used = doors.flat_map(|door| [door.contact, door.exit_button]);
            let used = used.flatten().filter(|input| input.reader == position);
            UnitMap {
                address: reader.address,
                card: reader.unit.card,
                keys: reader.unit.keys,
                inputs: used.map(|input| input.input).max().map(|last| InputMap {
                    first: reader.unit.first_input,
                    count: last.saturating_add(1),
                }),
                coils: reader.unit.coils.clone(),
            }
        });
        units.collect()
    }

    fn reader(&self, at: usize, reader: &Reader) -> Result<ReaderPlan, Failure> {
        let id = numbered(self.names.reader(&reader.name), &reader.name)?;
        let areas = &self.config.areas;
        let leads = |side: fn(&Area) -> &[usize]| {
            let area = areas.iter().find(|area| side(area).contains(&at));
            area.map(|area| self.area(area)).transpose()
        };
        Ok(ReaderPlan {
            id,
            // A Modbus unit may have a larger number; its map has it.
            address: Address::new(reader.address).unwrap_or(Address::BROADCAST),
            security: self.security(reader, id)?,
            formats: reader.formats.clone(),
            keypad: reader.keypad,
            enrol: reader.enrol,
            into: leads(|area| &area.into)?,
            out_of: leads(|area| &area.out_of)?,
            exit: self
                .config
                .doors
                .iter()
                .any(|door| door.exits.contains(&at)),
        })
    }

    fn security(&self, reader: &Reader, id: ReaderId) -> Result<Security, Failure> {
        if !reader.secure {
            return Ok(Security::Clear);
        }
        let unread = |cause| Failure::data("key store", cause);
        let key = self.keys.reader_key(id.get()).map_err(unread)?;
        let next = self.keys.next_reader_key(id.get()).map_err(unread)?;
        let old = key.map(|key| Scbk::new(*key));
        Ok(match (next, old) {
            (Some(new), old) => Security::Between {
                new: Scbk::new(*new),
                old,
            },
            (None, Some(key)) => Security::Keyed(key),
            (None, None) => Security::NoKey,
        })
    }

    fn door(&self, at: usize, door: &Door) -> Result<DoorPlan, Failure> {
        let readers = door.readers.iter().map(|at| self.reader_at(*at));
        let groups = self.config.groups.iter();
        let groups = groups.filter(|group| group.doors.contains(&at));
        let groups = groups.map(|group| numbered(self.names.group(&group.name), &group.name));
        let input = |input: Option<InputAt>| input.map(|input| self.input(input)).transpose();
        Ok(DoorPlan {
            id: numbered(self.names.door(&door.name), &door.name)?,
            entry: readers.collect::<Result<_, _>>()?,
            strike: Strike {
                reader: self.reader_at(door.strike.reader)?,
                output: door.strike.output,
                inverted: door.strike.inverted,
            },
            open_for: door.open_for,
            contact: input(door.contact)?,
            exit_button: input(door.exit_button)?,
            held_after: door.leaf.held_after,
            warn_before_held: door.leaf.warn_before_held,
            relock_on_close: door.leaf.relock_on_close,
            debounce: door.leaf.debounce,
            class: match door.class {
                DoorClass::Standard => site::DoorClass::Standard,
                DoorClass::Strict => site::DoorClass::Strict,
            },
            rules: DoorRules {
                interlock: self.locked_with(at)?,
                ..door.rules.clone()
            },
            groups: groups.collect::<Result<_, _>>()?,
        })
    }

    /// The doors that must be shut before this one opens: the others of every interlock it is in.
    fn locked_with(&self, at: usize) -> Result<Vec<DoorId>, Failure> {
        let locks = self.config.interlocks.iter();
        let locks = locks.filter(|lock| lock.doors.contains(&at));
        let others: BTreeSet<usize> = locks
            .flat_map(|lock| &lock.doors)
            .copied()
            .filter(|other| *other != at)
            .collect();
        let named = others
            .into_iter()
            .filter_map(|other| self.config.doors.get(other));
        named
            .map(|door| numbered(self.names.door(&door.name), &door.name))
            .collect()
    }

    fn area(&self, area: &Area) -> Result<AreaId, Failure> {
        numbered(self.names.area(&area.name), &area.name)
    }

    fn input(&self, input: InputAt) -> Result<site::InputAt, Failure> {
        Ok(site::InputAt {
            reader: self.reader_at(input.reader)?,
            input: input.input,
            inverted: input.inverted,
        })
    }

    fn reader_at(&self, at: usize) -> Result<ReaderId, Failure> {
        let name = self
            .config
            .readers
            .get(at)
            .map_or("", |reader| reader.name.as_str());
        numbered(self.names.reader(name), name)
    }
}

fn numbered<N>(number: Option<N>, name: &str) -> Result<N, Failure> {
    number.ok_or_else(|| Failure::Data(format!("register: \"{name}\" has no number")))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use access::{AreaRules, GroupId, Passback};
    use register::Register;

    use super::*;
    use crate::data_dir::DataDir;
    use crate::entropy::OsEntropy;

    /// A vault behind a mantrap of three doors, the outermost one also in the street's.
    const VAULT: &str = r#"
[site]
name = "Bank"
origin = "bank.example/portvakt"
time_zone = "Europe/Oslo"
data_dir = "/var/lib/portvakt"

[[line]]
name = "north"
device = "/dev/ttyUSB0"
protocol = "osdp"

[[reader]]
name = "out"
line = "north"
address = 0
format = "raw"

[[reader]]
name = "mid"
line = "north"
address = 1
format = "raw"

[[reader]]
name = "in"
line = "north"
address = 2
format = "raw"

[[door]]
name = "outer"
entry = "out"
strike = { reader = "out", output = 0, fail = "safe" }
contact = { reader = "out", input = 0, active = "low" }

[[door]]
name = "middle"
entry = "mid"
strike = { reader = "mid", output = 0 }
contact = { reader = "mid", input = 0 }
debounce = "0s"

[[door]]
name = "inner"
entry = "in"
strike = { reader = "in", output = 0 }
contact = { reader = "in", input = 0 }

[[group]]
name = "street"
doors = "outer"

[[group]]
name = "all"
doors = ["outer", "inner"]

[[area]]
name = "vault"
into = "in"
out_of = "mid"
passback = "hard"

[[interlock]]
doors = ["outer", "middle"]

[[interlock]]
doors = ["inner", "middle"]

[pin]
wrong_max = 3
"#;

    fn vault() -> (Names, SitePlan) {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("portvakt.toml");
        std::fs::write(&file, VAULT).unwrap();
        let config = Config::load(&file).unwrap();
        let data_dir = DataDir::create(&folder.path().join("data")).unwrap();
        let keys = KeyStore::create(&data_dir.disk(), &mut OsEntropy).unwrap();
        let keys = Arc::new(keys);
        let mut register =
            Register::create(&data_dir.register(), Arc::clone(&keys), Box::new(OsEntropy)).unwrap();
        let names = Names::reconcile(&config, &mut register).unwrap();
        let plan = draw(&config, &names, &keys).unwrap();
        (names, plan)
    }

    #[test]
    fn a_door_waits_for_the_others_of_every_interlock_it_is_in() {
        let (names, plan) = vault();
        let waits = |at: usize| plan.doors[at].rules.interlock.clone();
        let [outer, middle, inner] =
            ["outer", "middle", "inner"].map(|name| names.door(name).unwrap());
        assert_eq!(waits(0), [middle]);
        assert_eq!(waits(1), [outer, inner]);
        assert_eq!(waits(2), [middle]);
    }

    #[test]
    fn a_door_is_in_its_groups_and_a_reader_leads_where_the_area_says() {
        let (names, plan) = vault();
        let [street, all] = ["street", "all"].map(|name| names.group(name).unwrap());
        let groups: Vec<&[GroupId]> = plan.doors.iter().map(|door| &*door.groups).collect();
        assert_eq!(groups, [&[street, all][..], &[], &[all]]);
        let vault = names.area("vault");
        let leads: Vec<_> = plan.lines[0]
            .readers
            .iter()
            .map(|reader| (reader.into, reader.out_of))
            .collect();
        assert_eq!(leads, [(None, None), (None, vault), (vault, None)]);
        let rules = AreaRules {
            passback: Passback::Hard,
            timed: None,
        };
        assert_eq!(plan.areas, [(vault.unwrap(), rules)]);
        assert_eq!(plan.pin_limit.wrong_max, 3);
    }

    #[test]
    fn fittings_keep_their_polarity_and_their_debounce() {
        let (_, plan) = vault();
        let inverted = |at: usize| {
            (
                plan.doors[at].strike.inverted,
                plan.doors[at].contact.unwrap().inverted,
            )
        };
        assert_eq!((inverted(0), inverted(1)), ((true, true), (false, false)));
        assert!(!plan.doors[0].debounce.is_zero() && plan.doors[1].debounce.is_zero());
    }
}
