//! `backup create` and `backup list`: a copy of what the house needs to go on after a lost disk, made while the doors are served;
//! `backup shreds`: who is still there, for a restore from an older copy.

mod shreds;

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use control::reply::backup::BackupMade;
use control::request::backup::BackupRequest;
use control::{Code, Moment, Private, Refusal, Reply, Row};
use event_log::AdminVerb;
use event_log::verify::{Options, Report, verify_dir};
use key_store::disk::RealDisk;
use key_store::{Fixed, KeyStore, open_backup};
use tokio::task::spawn_blocking;

use crate::archive::Archive;
use crate::backup_set::{self, BackupSet, KEYS, LOG, Manifest, REGISTER};
use crate::control_server::{Asker, Outlet, Stop};
use crate::desk::{Desk, refusal};
use crate::entropy::OsEntropy;
use crate::house_seal::HouseSeal;

/// Does one of them.
pub(super) async fn answer(
    asker: &Asker,
    wish: BackupRequest,
    dry_run: bool,
    outlet: &mut Outlet<'_>,
) -> Result<Reply, Stop> {
    let dir = asker.controller.config().backup.clone();
    let dir = dir.ok_or_else(|| Refusal::new(Code::Refused, NOT_CONFIGURED))?;
    match wish {
        BackupRequest::Shreds {} => shreds::keep(asker, dir, dry_run).await,
        BackupRequest::Create { passphrase } => create(asker, (dir, passphrase), dry_run).await,
        BackupRequest::List {} => {
            let rows = apart(move || backup_set::list(&dir).map_err(|cause| unread(&dir, &cause)));
            let rows: Vec<Row> = rows.await?.into_iter().map(Row::Backup).collect();
            outlet.rows(rows).await
        }
    }
}

/// The register is copied first, so that the log's copy knows of every change in it. What is not on record gets no name.
async fn create(
    asker: &Asker,
    (dir, passphrase): (PathBuf, Private),
    dry_run: bool,
) -> Result<Reply, Stop> {
    if passphrase.expose().chars().count() < PASSPHRASE_MIN {
        let what = format!("a passphrase has {PASSPHRASE_MIN} characters at least");
        return Err(Refusal::new(Code::Usage, what).into());
    }
    if passphrase.expose().len() > PASSPHRASE_OCTETS_MAX {
        let what = format!("a passphrase has {PASSPHRASE_OCTETS_MAX} octets at most");
        return Err(Refusal::new(Code::Usage, what).into());
    }
    if dry_run {
        return Ok(Reply::Done { warning: None });
    }
    let created = Moment::from(asker.controller.ledger.clock.now().utc);
    let begun = apart(move || {
        BackupSet::begin(&dir, created).map_err(|cause| failed(&dir.display(), &cause))
    });
    let wish = Wish {
        set: begun.await?,
        passphrase,
        site: asker.controller.config().section.name.clone(),
        created,
    };
    let copied = asker
        .controller
        .desk
        .ask(move |desk| wish.copy_register(desk));
    let copied = copied.await??;
    let archive = asker.controller.ledger.archive.clone();
    let whole = apart(move || copied.complete(&archive)).await?;
    let name = format!("name={}", whole.set.name());
    asker
        .administration(AdminVerb::BackupCreated, &name)
        .await?;
    Ok(Reply::BackupMade(Box::new(
        apart(move || whole.publish()).await?,
    )))
}

/// What is wanted, and where.
struct Wish {
    set: BackupSet,
    passphrase: Private,
    site: String,
    created: Moment,
}

/// The register is copied.
struct Copied {
    wish: Wish,
    keys: Arc<KeyStore>,
    readers: Vec<u16>,
    generation: u64,
    record: u64,
}

/// Everything is there, and was looked at.
struct Whole {
    set: BackupSet,
    manifest: Manifest,
    seal: HouseSeal,
    keys: u64,
}

impl Wish {
    /// At the desk: nothing changes meanwhile.
    fn copy_register(self, desk: &mut Desk) -> Result<Copied, Refusal> {
        desk.catch_up()?;
        let register = &desk.register;
        let copied = register.copy_to(&self.set.path(REGISTER));
        copied.map_err(|cause| refusal(&cause))?;
        let names = register.numbered_names().map_err(|cause| refusal(&cause))?;
        let generation = register.generation().map_err(|cause| refusal(&cause))?;
        let record = register.newest_record().map_err(|cause| refusal(&cause))?;
        Ok(Copied {
            wish: self,
            keys: Arc::clone(&desk.keys),
            readers: names
                .readers
                .into_iter()
                .map(|(_, number)| number)
                .collect(),
            generation: generation.get(),
            record: record.get(),
        })
    }
}

impl Copied {
    /// The log and the keys; and all of it is read again before anybody calls it a backup.
    fn complete(self, archive: &Archive) -> Result<Whole, Refusal> {
        let set = self.wish.set;
        let seal = self.keys.fixed(Fixed::Snapshot);
        let seal = seal.map_err(|cause| failed(&KEYS, &cause))?;
        let checked = register::check_copy(&set.path(REGISTER));
        checked.map_err(|cause| failed(&REGISTER, &cause))?;
        let copied = set.copy_log(archive.dir());
        let earlier = archive.dir().parent();
        copied
            .and_then(|()| earlier.map_or(Ok(()), |data| set.copy_former_logs(data)))
            .map_err(|cause| failed(&LOG, &cause))?;
        let passphrase = self.wish.passphrase.expose();
        let sealed = self.keys.backup(passphrase, &self.readers, &mut OsEntropy);
        let sealed = sealed.map_err(|cause| failed(&KEYS, &cause))?;
        let keys = open_backup(&sealed, passphrase).map_err(|cause| failed(&KEYS, &cause))?;
        set.put(KEYS, &sealed)
            .map_err(|cause| failed(&KEYS, &cause))?;
        let report = verified(set.path(LOG), archive)?;
        let manifest = Manifest {
            version: backup_set::VERSION,
            daemon: env!("CARGO_PKG_VERSION").to_owned(),
            site: self.wish.site,
            origin: report.origin,
            created: self.wish.created,
            generation: self.generation,
            record: self.record,
            events: report.sealed,
            root: backup_set::hex(&report.root),
            files: Vec::new(),
        };
        Ok(Whole {
            set,
            manifest,
            seal: HouseSeal::new(&seal, backup_set::SORT),
            keys: u64::try_from(keys.len()).unwrap_or(u64::MAX),
        })
    }
}

impl Whole {
    fn publish(self) -> Result<BackupMade, Refusal> {
        let name = self.set.name().to_owned();
        let finished = self.set.finish(self.manifest, &self.seal);
        let (dir, manifest) = finished.map_err(|cause| failed(&"the set", &cause))?;
        Ok(BackupMade {
            dir: dir.display().to_string(),
            backup: manifest.row(name),
            keys: self.keys,
        })
    }
}

/// The copy of the log: each event in it is as it was signed.
fn verified(log: PathBuf, archive: &Archive) -> Result<Report, Refusal> {
    let mut options = Options::default();
    for key in [Some(archive.verifier()), archive.epoch_verifier()]
        .into_iter()
        .flatten()
    {
        options.pin(key).map_err(|cause| failed(&LOG, &cause))?;
    }
    let verified = verify_dir(&RealDisk::new(log), options, &mut |_| {});
    verified.map_err(|cause| {
        let what = format!("no backup was made: the copy of the log does not verify: {cause}; try again, and if it stays so ask for portvakt log verify");
        Refusal::new(Code::Unverified, what)
    })
}

/// Has something done on a thread that may wait for the disk.
async fn apart<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Refusal> + Send + 'static,
) -> Result<T, Refusal> {
    let done = spawn_blocking(work).await;
    done.map_err(|_| failed(&"a thread ended early", &"see the journal"))?
}

fn unread(dir: &std::path::Path, cause: &dyn fmt::Display) -> Refusal {
    Refusal::new(
        Code::Failed,
        format_args!("{} cannot be read: {cause}", dir.display()),
    )
}

fn failed(what: &dyn fmt::Display, cause: &dyn fmt::Display) -> Refusal {
    Refusal::new(
        Code::Failed,
        format_args!("no backup was made: {what}: {cause}"),
    )
}

const NOT_CONFIGURED: &str = "the configuration says nowhere to put backups; write [backup] dir = \"/var/backups/portvakt\" in it and reload";
/// Characters of a passphrase at least.
const PASSPHRASE_MIN: usize = 12;

/// Octets of a passphrase at most.
const PASSPHRASE_OCTETS_MAX: usize = 1_024;
