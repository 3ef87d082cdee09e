//! The configuration: one TOML file, parsed once into facts the daemon may rely on.
//!
//! Parse, don't validate: a [`Config`] exists only when every reader has its line, every door its reader, every address
//! its one owner. Whatever is wrong is told with file and line; what a later version will bring is refused, never
//! accepted and ignored.

mod area;
mod backup;
mod board;
mod carriage;
mod charges;
mod demand;
mod door;
mod feedback;
mod finding;
mod fitting;
mod format;
mod group;
mod interlock;
mod leaf;
mod line;
mod name;
mod period;
mod pin;
mod reader;
mod retention;
mod rs485;
mod section;
mod table;
mod unit;
mod witness;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use access::card::{Layout, formats};
use access::{DoorMode, PinLimit};
pub(crate) use area::Area;
pub(crate) use charges::Charges;
pub(crate) use demand::Unfit;
pub(crate) use door::{Door, DoorClass};
use event_log::Policy;
pub(crate) use finding::{ConfigError, Findings};
pub(crate) use fitting::InputAt;
pub(crate) use group::Group;
pub(crate) use interlock::Interlock;
pub(crate) use line::{Line, Protocol};
pub(crate) use reader::Reader;
use reader_bus::Feedback;
pub(crate) use rs485::Rs485;
pub(crate) use section::Section;
pub(crate) use witness::Witness;

/// Everything the configuration file says, checked.
#[derive(Clone, Debug)]
pub(crate) struct Config {
    /// The file it came from; read again at SIGHUP.
    pub(crate) file: PathBuf,
    /// `[site]` and `[control]`.
    pub(crate) section: Section,
    /// `[[line]]`, in the order of the file.
    pub(crate) lines: Vec<Line>,
    /// `[[reader]]`, in the order of the file.
    pub(crate) readers: Vec<Reader>,
    /// `[[door]]`, in the order of the file.
    pub(crate) doors: Vec<Door>,
    /// `[[group]]`, in the order of the file.
    pub(crate) groups: Vec<Group>,
    /// `[[area]]`, in the order of the file.
    pub(crate) areas: Vec<Area>,
    /// `[[interlock]]`, in the order of the file.
    pub(crate) interlocks: Vec<Interlock>,
    /// `[pin]`.
    pub(crate) pin_limit: PinLimit,
    /// `[charges]`.
    pub(crate) charges: Charges,
    /// `[backup] dir`: where backups are written, if anywhere.
    pub(crate) backup: Option<PathBuf>,
    /// `[[format]]`, in the order of the file.
    pub(crate) formats: Vec<Layout>,
    /// `[feedback]`.
    pub(crate) feedback: Feedback,
    /// `[retention]`: the most that may be set.
    pub(crate) retention: Policy,
    /// `[[witness]]`, in the order of the file.
    pub(crate) witnesses: Vec<Witness>,
}

impl Config {
    /// Reads and checks `file`.
    ///
    /// # Errors
    /// [`ConfigError`] with one entry for each thing wrong: the file cannot be read, or its line and what would be right.
    pub(crate) fn load(file: &Path) -> Result<Arc<Self>, ConfigError> {
        let text =
            std::fs::read_to_string(file).map_err(|cause| ConfigError::unreadable(file, &cause))?;
        Self::parse(file, &text).map(Arc::new)
    }

    /// Checks `text`, which came from `file`.
    pub(crate) fn parse(file: &Path, text: &str) -> Result<Self, ConfigError> {
        let mut findings = Findings::new(file, text);
        let document = match toml::from_str::<table::Document>(text) {
            Ok(document) => document,
            Err(cause) => return Err(findings.syntax(&cause)),
        };
        document.refuse_what_comes_later(&mut findings);
        let section = Section::parse(&document, &mut findings);
        let lines = line::parse_all(&document, &mut findings);
        let formats = format::parse_all(&document, &mut findings);
        let feedback = feedback::parse(&document, &mut findings);
        let retention = retention::parse(&document, &mut findings);
        let witnesses = witness::parse_all(&document, &mut findings);
        let pin_limit = pin::parse(&document, &mut findings);
        let charges = charges::parse(&document, &mut findings);
        let data_dir = section.as_ref().map(|section| section.data_dir.as_path());
        let backup = backup::parse(&document, data_dir, &mut findings);
        // What refers to a thing that is wrong would be called wrong too: one problem, one line.
        findings.stop_if_any()?;
        let mut readers = reader::parse_all(&document, &lines, &formats, &mut findings);
        findings.stop_if_any()?;
        board::add_all(&document, &lines, &mut readers, &mut findings);
        findings.stop_if_any()?;
        let wiring = fitting::Wiring {
            lines: &lines,
            readers: &readers,
        };
        let doors = door::parse_all(&document, wiring, &mut findings);
        findings.stop_if_any()?;
        let groups = group::parse_all(&document, &doors, &mut findings);
        let areas = area::parse_all(&document, (&doors, wiring), &mut findings);
        let interlocks = interlock::parse_all(&document, &doors, &mut findings);
        let section = findings.finish(section)?;
        Ok(Self {
            file: file.to_path_buf(),
            section,
            lines,
            readers,
            doors,
            groups,
            areas,
            interlocks,
            pin_limit,
            charges,
            backup,
            formats,
            feedback,
            retention,
            witnesses,
        })
    }

    /// Refuses a line whose device is not there now.
    ///
    /// # Errors
    /// [`ConfigError`] with one entry for each missing device.
    pub(crate) fn require_devices(&self) -> Result<(), ConfigError> {
        let missing = self.lines.iter().filter(|line| !line.device.exists());
        let problems = missing.map(Line::missing_device).collect::<Vec<_>>();
        ConfigError::unless_empty(&self.file, problems)
    }

    /// Every card format that may be named: those everybody uses, then the house's own.
    pub(crate) fn layouts(&self) -> impl Iterator<Item = &Layout> {
        formats::ALL.iter().copied().chain(&self.formats)
    }

    /// The names of the groups that the door of this name is in.
    pub(crate) fn groups_of(&self, door: &str) -> impl Iterator<Item = &str> {
        let at = self.doors.iter().position(|known| known.name == door);
        let groups = self.groups.iter();
        let groups = groups.filter(move |group| at.is_some_and(|at| group.doors.contains(&at)));
        groups.map(|group| group.name.as_str())
    }

    /// Whether a door stands unlocked for nobody: it is strict and a reader of it can be imitated, so that everyone shows card and PIN;
    /// or it is in an interlock, whose other doors would wait for ever.
    pub(crate) fn never_unlocked(&self, door: &Door) -> bool {
        let at = self.doors.iter().position(|known| known.name == door.name);
        let locked = |interlock: &Interlock| at.is_some_and(|at| interlock.doors.contains(&at));
        if self.interlocks.iter().any(locked) {
            return true;
        }
        let mut readers = door.readers.iter().filter_map(|at| self.readers.get(*at));
        let is_imitable = |reader: &Reader| {
            let line = self.lines.get(reader.line);
            !reader.secure || line.is_none_or(|line| line.protocol != Protocol::Osdp)
        };
        door.class == DoorClass::Strict && readers.any(is_imitable)
    }

    /// What speaks against a mode at a door, besides [`Config::never_unlocked`]; the file may not ask for it either.
    pub(crate) fn unfit(&self, door: &Door, mode: DoorMode) -> Option<Unfit> {
        let wiring = fitting::Wiring {
            lines: &self.lines,
            readers: &self.readers,
        };
        Unfit::find(mode, (door.rules.level, &door.readers), wiring)
    }

    /// What differs in `new` and cannot change while doors are served.
    pub(crate) fn needs_restart_for(&self, new: &Self) -> Vec<&'static str> {
        let (old_site, new_site) = (&self.section, &new.section);
        let differences = [
            (old_site.origin != new_site.origin, "[site] origin"),
            (old_site.data_dir != new_site.data_dir, "[site] data_dir"),
            (old_site.socket != new_site.socket, "[control] socket"),
            (self.lines != new.lines, "a [[line]]"),
            (self.readers != new.readers, "a [[reader]]"),
            (self.formats != new.formats, "a [[format]]"),
            (self.doors != new.doors, "a [[door]]"),
            (self.groups != new.groups, "a [[group]]"),
            (self.areas != new.areas, "an [[area]]"),
            (self.interlocks != new.interlocks, "an [[interlock]]"),
            (self.pin_limit != new.pin_limit, "[pin]"),
        ];
        differences
            .into_iter()
            .filter(|(differs, _)| *differs)
            .map(|(_, what)| what)
            .collect()
    }
}

#[cfg(test)]
mod tests;
