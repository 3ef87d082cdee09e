//! Old logs: those of a restored house's earlier lives, from which what is over leaves as from the one that is written (M20).

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;
use std::sync::Arc;

use event_log::disk::{Disk, RealDisk};
use event_log::{Cuts, Keys, LogError, OldLog, StoreKeys, SystemKind};

use crate::archive::Archive;
use crate::backup_set::former_logs;
use crate::ledger::Ledger;
use crate::own_event::own_event;

/// How far each was swept since the start.
pub(crate) type Swept = BTreeMap<String, Cuts>;

/// Overwrites what no policy keeps any longer; a log of which everything is two years old leaves whole, which is on record first.
///
/// # Errors
/// One line; it is tried again.
pub(crate) fn sweep(ledger: &Ledger, swept: &mut Swept) -> Result<(), String> {
    let Some(data) = ledger.archive.dir().parent() else {
        return Ok(());
    };
    let unread = |cause: io::Error| format!("old logs cannot be read: {cause}");
    remove_what_left(data).map_err(unread)?;
    let names = former_logs(data).map_err(unread)?;
    let folder = |name: &str| -> Arc<dyn Disk> { Arc::new(RealDisk::new(data.join(name))) };
    for (at, name) in names.iter().enumerate() {
        let later = names.iter().skip(at + 1).map(|name| folder(name));
        let later: Vec<_> = later.chain([ledger.archive.folder()]).collect();
        let refused = |cause: LogError| format!("{name}: {cause}");
        let old = OldLog::open(folder(name), &later).map_err(refused)?;
        let before = swept.get(name).copied().unwrap_or_default();
        let keys = keys_of(&ledger.archive);
        let policy = ledger.log.state().policy;
        let cuts = old.expire(&keys, (&policy, &before)).map_err(refused)?;
        swept.insert(name.clone(), cuts);
        if old.is_over().map_err(refused)? {
            leave(ledger, data, name)?;
        }
    }
    Ok(())
}

fn keys_of(archive: &Archive) -> Arc<dyn Keys> {
    Arc::new(StoreKeys::new(archive.keys()))
}

/// On record, then under a name that nobody takes for a log, then gone.
fn leave(ledger: &Ledger, data: &Path, name: &str) -> Result<(), String> {
    let detail = format!("{name} as a whole: all of this old log is two years old");
    let event = own_event(ledger.clock.now(), SystemKind::SegmentDeleted, &detail);
    let written = ledger.log.write_blocking(vec![event]);
    written.map_err(|cause| cause.to_string())?;
    let gone = data.join(format!("{name}.{GONE}"));
    let left = fs::rename(data.join(name), &gone)
        .and_then(|()| fs::File::open(data)?.sync_all())
        .and_then(|()| remove_what_left(data));
    left.map_err(|cause| format!("{name} cannot be removed: {cause}"))?;
    tracing::info!("two years are over: {detail}");
    Ok(())
}

fn remove_what_left(data: &Path) -> io::Result<()> {
    for entry in fs::read_dir(data)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == GONE) {
            fs::remove_dir_all(path)?;
        }
    }
    fs::File::open(data)?.sync_all()
}

const GONE: &str = "gone";
