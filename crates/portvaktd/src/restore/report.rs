//! What is told of a restore: before it, by a dry run, and after it.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::{fs, io};

use key_store::disk::{Disk, RealDisk};
use register::census;

use super::Work;
use super::build::Restored;
use crate::arguments::Restore;
use crate::books::refused_register;
use crate::config::Config;
use crate::failure::Failure;

/// What would come back.
///
/// # Errors
/// [`Failure`] if the register of the backup cannot be used.
pub(super) fn would_be(work: &Work) -> Result<(), Failure> {
    let counted = census(&work.set.register()).map_err(|cause| refused_register(&cause))?;
    let manifest = &work.set.manifest;
    println!("house: {}", manifest.site);
    println!("backup of: {}", manifest.created);
    println!("log: {} with {} events", manifest.origin, manifest.events);
    println!("the new log: {}", work.former().next_origin());
    println!(
        "cards: {}, {} of them visitors'; every holder is to be registered anew",
        counted.cards, counted.visitors
    );
    println!("tenants: {}", counted.tenants);
    println!("operators: {}", counted.operators);
    println!("readers: {}", counted.readers);
    println!(
        "changes that wait for approval: {}; they are asked for anew",
        counted.waiting
    );
    match &work.shreds {
        Some(shreds) => println!(
            "who was still there at {}: {} cards",
            shreds.made,
            shreds.standings.cards()
        ),
        None => println!(
            "who was still there after the backup: not known; visitors' cards stay blocked until somebody has looked at them"
        ),
    }
    Ok(())
}

/// Where it is kept beside a backup that it was restored: the checkpoint of the log that went on from it, so that a second restore
/// from it has another name.
pub(super) fn beside(backup: &Path) -> Option<PathBuf> {
    let backup = fs::canonicalize(backup).ok()?;
    let name = backup.file_name()?.to_str()?;
    Some(backup.parent()?.join(format!("{name}.restored")))
}

/// Writes that note.
pub(super) fn note_beside(work: &Work, restored: &Restored) {
    write_beside(work.set.dir(), &restored.checkpoint);
}

fn write_beside(backup: &Path, checkpoint: &str) {
    if beside(backup).is_none_or(|path| put(&path, checkpoint).is_err()) {
        eprintln!(
            "warning: it cannot be noted beside {} that it was restored: make a new backup soon, and should this one be restored again, name a checkpoint of the new log with --anchor",
            backup.display()
        );
    }
}

/// All of it or, after a power cut, what was there before: half a checkpoint would be another house's.
fn put(path: &Path, checkpoint: &str) -> io::Result<()> {
    let parts = path.parent().zip(path.file_name().and_then(OsStr::to_str));
    let (folder, name) = parts.ok_or(io::ErrorKind::InvalidFilename)?;
    RealDisk::new(folder.to_path_buf()).put_whole(name, checkpoint.as_bytes())
}

/// A restore that an earlier run had whole is in place now.
///
/// # Errors
/// What the system says.
pub(super) fn finished(config: &Config, arguments: &Restore) -> Result<(), Failure> {
    let log = config.section.data_dir.join("log");
    let read = |name: &str| {
        let path = log.join(name);
        fs::read_to_string(&path).map_err(|cause| Failure::failed(path.display(), cause))
    };
    write_beside(&arguments.from, &read("checkpoint")?);
    print!("{}", read("verifier")?);
    eprintln!(
        "a restore that was cut off was finished: {} is restored",
        config.section.data_dir.display()
    );
    say_next_steps(arguments);
    Ok(())
}

/// What was restored, and what is to be done next.
pub(super) fn restored((config, arguments): (&Config, &Restore), work: &Work, restored: &Restored) {
    for key in &restored.verifiers {
        println!("{key}");
    }
    let (begun, data) = (&restored.begun, config.section.data_dir.display());
    eprintln!(
        "restored {data} from the backup of {}",
        work.set.manifest.created
    );
    let open = begun.cards.saturating_sub(begun.lost + begun.blocked);
    eprintln!(
        "cards that stand as before: {open}; nobody knows whose the {} cards are: register the holders anew, with card import for a list or card change --name --firm --mobile --identified-by for one",
        begun.cards
    );
    for (count, what) in [
        (
            begun.gone,
            "cards returned since the backup and forgotten again",
        ),
        (begun.lost, "cards reported lost since"),
        (
            begun.blocked,
            "cards blocked, since they may be other than they were (card list --state blocked, card unblock)",
        ),
        (
            begun.operators,
            "operators with fewer roles than in the backup, or none",
        ),
        (
            begun.waiting,
            "changes that waited for approval, to be asked for anew",
        ),
    ] {
        if count > 0 {
            eprintln!("{what}: {count}");
        }
    }
    let (from, until) = (work.told_until(), "this restore");
    eprintln!(
        "what ended between {from} and {until} is not known: compare with what was written on paper; status says so until a review of all cards is signed"
    );
    eprintln!(
        "the log begins anew as {}; the old one is kept in {data}/{}",
        restored.origin, restored.old_log
    );
    say_next_steps(arguments);
}

fn say_next_steps(arguments: &Restore) {
    if rustix::process::geteuid().is_root() {
        eprintln!(
            "warning: restored by root; a daemon that runs as another user needs it restored by that user, sudo -u portvakt"
        );
    }
    eprintln!(
        "the lines on stdout are the new log's verifier keys: give both to your auditors, who pin them with portvakt log verify --key"
    );
    eprintln!(
        "next: start with portvaktd --config {}, then portvakt log reconcile, portvakt backup create",
        arguments.config.display()
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_killed_restore_left_half_written_beside_a_backup_is_written_anew_whole() {
        let folder = tempfile::tempdir().unwrap();
        let backup = folder.path().join("monday");
        fs::create_dir(&backup).unwrap();
        let note = beside(&backup).unwrap();
        // The beginning of another one, and of its passing name.
        fs::write(&note, "").unwrap();
        fs::write(note.with_extension("restored.new"), "test.exam").unwrap();
        write_beside(&backup, "test.example/portvakt\n9\n");
        assert_eq!(
            fs::read_to_string(&note).unwrap(),
            "test.example/portvakt\n9\n"
        );
        let names = fs::read_dir(folder.path()).unwrap().count();
        assert_eq!(names, 2, "the backup and the note");
    }
}
