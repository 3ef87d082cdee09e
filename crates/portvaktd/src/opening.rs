//! The opening: from a configuration to everything the daemon runs on, in an order in which a refusal changes nothing.

use std::sync::Arc;

use access::card::TagKey;
use access::{Allowlist, Day, PinKey, UtcMicros};
use event_log::{Log, LogError, StoreKeys, is_life_of};
use key_store::{Entropy, Fixed, KeyStore};
use register::Register;
use site::{Now, Site, Start};

use crate::archive::Archive;
use crate::books::Books;
use crate::clock::Clock;
use crate::config::Config;
use crate::data_dir::DataDir;
use crate::entropy::OsEntropy;
use crate::failure::Failure;
use crate::names::Names;
use crate::plan;
use crate::snapshot::SnapshotFile;

/// What lies in the data directory, opened and locked.
pub(crate) struct Stores {
    /// Held so long as the daemon lives.
    pub(crate) data_dir: DataDir,
    /// Every key.
    pub(crate) keys: Arc<KeyStore>,
    /// The register, or what is left without it.
    pub(crate) books: Books,
    /// The writer's log.
    pub(crate) log: Log,
    /// The log's past.
    pub(crate) archive: Archive,
}

impl Stores {
    /// Opens what `init` made. The lock first, then whatever may be refused for its version before whatever recovers.
    ///
    /// # Errors
    /// [`Failure::Data`] for what must not be touched, [`Failure::Failed`] for another daemon or a disk that fails.
    pub(crate) fn open(config: &Config, clock: &Clock) -> Result<Self, Failure> {
        let data_dir = DataDir::open(&config.section.data_dir)?;
        let disk = data_dir.disk();
        let keys = KeyStore::open(&disk).map_err(|cause| Failure::data("key store", cause))?;
        let keys = Arc::new(keys);
        let register = Register::open(&data_dir.register(), Arc::clone(&keys), Box::new(OsEntropy));
        let snapshot = SnapshotFile::new(data_dir.disk(), &keys);
        let snapshot = snapshot.map_err(|cause| Failure::data("key store", cause))?;
        Books::must_be_there(&register, &snapshot)?;
        let store_keys = Arc::new(StoreKeys::of_writer(Arc::clone(&keys), Box::new(OsEntropy)));
        let signing = keys
            .fixed(Fixed::LogSigning)
            .map_err(|cause| Failure::data("key store", cause))?;
        let opened = Log::open(&disk, store_keys, &signing, clock.now().utc);
        let (log, recovery) = opened.map_err(|cause| refused_log(&cause))?;
        if let Some(torn) = recovery {
            tracing::warn!("log: {torn}");
        }
        if !is_life_of(log.origin(), &config.section.origin) {
            let what = format!(
                "log: its origin is \"{}\", the configuration says \"{}\"; an origin never changes",
                log.origin(),
                config.section.origin
            );
            return Err(Failure::Data(what));
        }
        let archive = Archive::new(&data_dir, &keys, &log);
        let books = Books::open(register, snapshot, (&archive, log.size()))?;
        Ok(Self {
            data_dir,
            keys,
            books,
            log,
            archive,
        })
    }
}

/// What a site is built from.
pub(crate) struct Ground<'a> {
    /// The house.
    pub(crate) config: &'a Config,
    /// Its names and numbers.
    pub(crate) names: &'a Names,
    /// Its cards and hours.
    pub(crate) cards: &'a Arc<Allowlist>,
    /// Its keys.
    pub(crate) keys: &'a KeyStore,
}

impl Ground<'_> {
    /// The site as the configuration describes it. `newest` is the time of the log's
    /// newest event: the site's time never runs before it.
    ///
    /// # Errors
    /// [`Failure::Data`] if the key store cannot be read, [`Failure::Config`] for a plan the site refuses.
    pub(crate) fn build_site(&self, newest: Option<UtcMicros>, now: Now) -> Result<Site, Failure> {
        let plan = plan::draw(self.config, self.names, self.keys)?;
        let today = now.utc.day();
        let start = Start {
            allowlist: Arc::clone(self.cards),
            tag_key: tag_key(self.keys)?,
            pin_key: pin_key(self.keys)?,
            day_key: (today, self.day_key(today)),
            newest,
            now,
        };
        let site = Site::new(plan, start, &mut |_| Box::new(OsEntropy));
        let refused = |cause| Failure::Config(format!("{}: {cause}", self.config.file.display()));
        let mut site = site.map_err(refused)?;
        plan::pin(&mut site, self.names, self.keys)?;
        Ok(site)
    }

    /// The key of unknown cards for today. Where the disk does not take a new one, one that ends with this run: an unknown card has
    /// another tag after the next start, and no door waits for a disk.
    fn day_key(&self, today: Day) -> TagKey {
        match self.keys.day_key(today.get(), &mut OsEntropy) {
            Ok(key) => TagKey::new(*key.as_bytes()),
            Err(cause) => {
                tracing::error!("key store: {cause}; unknown cards have a key of this run only");
                let mut key = [0; 32];
                OsEntropy.fill(&mut key);
                TagKey::new(key)
            }
        }
    }
}

/// The house's key of PINs.
///
/// # Errors
/// [`Failure::Data`] if the key store cannot be read, or written where it has no such key yet.
pub(crate) fn pin_key(keys: &KeyStore) -> Result<PinKey, Failure> {
    let key = keys
        .fixed_or_new(Fixed::Pin, &mut OsEntropy)
        .map_err(|cause| Failure::data("key store", cause))?;
    Ok(PinKey::new(*key.as_bytes()))
}

/// The house's key of card tags.
///
/// # Errors
/// [`Failure::Data`] if the key store cannot be read.
pub(crate) fn tag_key(keys: &KeyStore) -> Result<TagKey, Failure> {
    let key = keys
        .fixed(Fixed::Tag)
        .map_err(|cause| Failure::data("key store", cause))?;
    Ok(TagKey::new(*key.as_bytes()))
}

/// What the log refuses, with the exit code it means.
pub(crate) fn refused_log(cause: &LogError) -> Failure {
    // Whatever is not known to pass by itself must not be touched.
    if matches!(cause, LogError::Io { .. } | LogError::TooLong) {
        Failure::failed("log", cause)
    } else {
        Failure::data("log", cause)
    }
}
