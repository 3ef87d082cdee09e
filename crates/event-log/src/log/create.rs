//! Making a log.

use std::sync::Arc;

use key_store::Entropy;
use key_store::disk::{Disk, SubDisk};

use super::active::Active;
use super::chain::Chain;
use super::keyring::Keyring;
use super::{FOLDER, Identity, Log, VERIFIER, run};
use crate::error::LogError;
use crate::keys::Keys;
use crate::note::{Signer, named};
use crate::record::InstanceId;
use crate::retention::Policy;
use crate::seals::PATH as SEALS;
use crate::segment::{DIR, Head, ORIGIN_LEN_MAX};
use crate::tiles::Tiles;
use crate::tree::Tree;

pub(super) fn create(
    whole: &Arc<dyn Disk>,
    keys: Arc<dyn Keys>,
    identity: Identity,
    entropy: &mut dyn Entropy,
) -> Result<Log, LogError> {
    let origin = named(&identity.origin)
        .map_err(LogError::Origin)?
        .to_owned();
    if origin.len() > ORIGIN_LEN_MAX {
        return Err(LogError::TooLong);
    }
    let signer = Signer::new(&origin, &identity.signing);
    let mut instance: InstanceId = [0; 16];
    entropy.fill(&mut instance);
    let disk: Arc<dyn Disk> = Arc::new(SubDisk::new(Arc::clone(whole), FOLDER));
    prepare(whole.as_ref(), disk.as_ref())?;
    let written = |what| LogError::io(what);
    run::store(disk.as_ref(), run::FIRST).map_err(written("log/run cannot be written"))?;
    let tiles = Tiles::open(disk.as_ref()).map_err(written("log/tiles cannot be made"))?;
    let chain = Chain::open(disk.as_ref(), &keys, (&origin, instance))?;
    let head = Head {
        segment: 0,
        instance,
        origin: origin.clone(),
        before: Tree::new(),
        flush: 1,
    };
    // The first segment last: a log without one was never finished.
    let active = Active::create(disk.as_ref(), &head)?;
    let log = Log {
        disk,
        keys,
        signer,
        origin,
        instance,
        run: run::FIRST,
        flush: 0,
        active,
        begun_on: None,
        tree: Tree::new(),
        newest: None,
        checkpoint: None,
        chain,
        tiles,
        keyring: Keyring::default(),
        erasing: None,
        policy: Policy::default(),
    };
    put_verifier(&log)?;
    Ok(log)
}

/// Writes down by which keys the log is verified. Whoever takes them from here pins nothing.
pub(super) fn put_verifier(log: &Log) -> Result<(), LogError> {
    let mut keys = format!("{}\n", log.verifier_key());
    keys.extend(log.epoch_verifier_key().map(|key| key + "\n"));
    log.disk
        .put_whole(VERIFIER, keys.as_bytes())
        .map_err(LogError::io("log/verifier cannot be written"))
}

fn prepare(whole: &dyn Disk, disk: &dyn Disk) -> Result<(), LogError> {
    let failed = || LogError::io("the log's folder cannot be made");
    whole.create_dir(FOLDER, FOLDER_MODE).map_err(failed())?;
    disk.create_dir(DIR, FOLDER_MODE).map_err(failed())?;
    if disk
        .list(DIR)
        .map_err(failed())?
        .iter()
        .any(|name| name.ends_with(".seg"))
    {
        return Err(LogError::Exists);
    }
    // What a try left that was cut off names another instance.
    if disk.exists(SEALS).map_err(failed())? {
        disk.remove(SEALS).map_err(failed())?;
    }
    disk.sync_dir("").map_err(failed())?;
    whole.sync_dir("").map_err(failed())
}

/// The group may read: auditors verify without the daemon.
const FOLDER_MODE: u32 = 0o750;
