//! `portvaktd restore`: makes the data directory from a backup, another life of the house.
//!
//! Everything is verified before anything is written, made whole in a folder of its own, and put in place at once: a crash at any
//! moment leaves the data directory as it was, or restored.

mod ask;
mod build;
mod known;
pub(crate) mod place;
mod report;
mod set;

use std::fs;

use access::UtcMicros;
use event_log::Former;
use key_store::BackedUp;

use crate::arguments::Restore;
use crate::backup_set::SORT;
use crate::clock::Clock;
use crate::config::Config;
use crate::data_dir::DataDir;
use crate::failure::Failure;
use crate::house_seal::HouseSeal;
use crate::protection;
use crate::shreds::{self, Shreds};
use build::Build;
use known::Known;
use set::Set;

/// Restores the house. The new log's verifier keys go to stdout, a line each, everything else to stderr.
///
/// # Errors
/// [`Failure::Config`] for the configuration or what was asked, [`Failure::Data`] for a backup or a data directory that is refused:
/// then nothing was changed.
pub(crate) fn restore(arguments: &Restore) -> Result<(), Failure> {
    let config = Config::load(&arguments.config)?;
    let clock = Clock::start();
    let warnings = protection::raise();
    if !arguments.dry_run && place::is_whole(&config.section.data_dir) {
        let held = DataDir::lock(&config.section.data_dir)?;
        place::finish_begun(held.path())?;
        return report::finished(&config, arguments);
    }
    let work = Work::verified(arguments, &config)?;
    if arguments.dry_run {
        return report::would_be(&work);
    }
    work.must_say_what_was_shredded(arguments)?;
    let data_dir = DataDir::claim(&config.section.data_dir, arguments.replace)?;
    let partial = place::begin(data_dir.path())?;
    let build = Build {
        work: &work,
        dir: partial,
        clock: &clock,
        origin: &config.section.origin,
    };
    let restored = match build.make() {
        Ok(restored) => restored,
        Err(cause) => {
            // Keys lie in it.
            place::clear_what_is_not_whole(data_dir.path())?;
            return Err(cause);
        }
    };
    place::commit(data_dir.path(), data_dir.has_house()?, clock.now().utc)?;
    for warning in warnings {
        eprintln!("warning: {warning}");
    }
    report::note_beside(&work, &restored);
    report::restored((&config, arguments), &work, &restored);
    Ok(())
}

/// Everything that was brought, verified.
struct Work {
    set: Set,
    keys: Vec<BackedUp>,
    /// What is known of the old log, and where its newest copy is.
    known: Known,
    shreds: Option<Shreds>,
}

impl Work {
    fn verified(arguments: &Restore, config: &Config) -> Result<Self, Failure> {
        let set = Set::open(&arguments.from)?;
        let passphrase = ask::passphrase(arguments.passphrase_file.as_deref())?;
        let keys = set.keys(&passphrase)?;
        drop(passphrase);
        let snapshot = set::fixed(&keys, key_store::Fixed::Snapshot)?;
        set.verify(&HouseSeal::new(snapshot, SORT), &config.section.origin)?;
        let signing = set::fixed(&keys, key_store::Fixed::LogSigning)?;
        let known = Known::gather(&set, arguments, (config, signing))?;
        let seal = HouseSeal::new(snapshot, shreds::SORT);
        let shreds = newest(arguments, &set, &seal)?;
        Ok(Self {
            set,
            keys,
            known,
            shreds,
        })
    }

    /// Until when it is known what was returned, lost or changed.
    fn told_until(&self) -> UtcMicros {
        let of_backup = self.set.manifest.created.utc();
        self.shreds
            .as_ref()
            .map_or(of_backup, |shreds| shreds.made.utc().max(of_backup))
    }

    fn former(&self) -> &Former {
        &self.known.former
    }

    /// What was returned or lost since would open doors again without anybody having said that this is known.
    fn must_say_what_was_shredded(&self, arguments: &Restore) -> Result<(), Failure> {
        if self.shreds.is_some() || arguments.without_shreds {
            return Ok(());
        }
        Err(Failure::Config(format!(
            "what was returned, reported lost or taken away after {} is not in the backup: give --shreds FILE, which portvakt backup shreds wrote in the old house; or say --without-shreds, and visitors' cards stay blocked until somebody has looked at them",
            self.set.manifest.created
        )))
    }
}

/// The newest of the lists that were given: each is whole, so the others say nothing more.
fn newest(arguments: &Restore, set: &Set, seal: &HouseSeal) -> Result<Option<Shreds>, Failure> {
    let mut newest: Option<Shreds> = None;
    for path in &arguments.shreds {
        let shown = path.display();
        let text = fs::read_to_string(path)
            .map_err(|cause| Failure::failed(format_args!("{shown} cannot be read"), cause))?;
        let read = Shreds::read(&text, seal);
        let read = read.map_err(|what| Failure::Data(format!("{shown}: {what}")))?;
        if read.origin != set.manifest.origin {
            return Err(Failure::Data(format!(
                "{shown} is of the log \"{}\", the backup of \"{}\"; give one of the same life of the house",
                read.origin, set.manifest.origin
            )));
        }
        if read.made < set.manifest.created {
            return Err(Failure::Data(format!(
                "{shown} is of {}, before the backup of {}; it says nothing of what came after it",
                read.made, set.manifest.created
            )));
        }
        if newest.as_ref().is_none_or(|other| other.made < read.made) {
            newest = Some(read);
        }
    }
    Ok(newest)
}
