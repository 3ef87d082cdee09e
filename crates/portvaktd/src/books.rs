//! Books: what the house goes by, from the register, or from the snapshot where the register cannot be used or is an old one.

use std::fmt;
use std::sync::Arc;

use event_log::SystemKind;
use register::{Register, RegisterError, StorageError};

use crate::archive::Archive;
use crate::failure::Failure;
use crate::snapshot::{Facts, Mark, NoPicture, Picture, SnapshotFile, SnapshotKeeper};

/// What the house goes by.
pub(crate) struct Books {
    /// Everything by which doors decide.
    pub(crate) picture: Picture,
    /// The register, and what is kept beside it; or why there is none.
    pub(crate) register: Result<(Register, SnapshotKeeper), Unfit>,
}

/// Why nothing is done with the register.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Unfit {
    /// It cannot be used: what is wrong.
    Unusable(String),
    /// It is older than the log.
    Behind {
        /// Its newest record.
        found: u64,
        /// The newest that there was.
        newest: u64,
    },
}

impl Books {
    /// Refuses where there is neither a register nor a snapshot, before anything is touched.
    ///
    /// # Errors
    /// As [`Books::open`].
    pub(crate) fn must_be_there(
        register: &Result<Register, RegisterError>,
        snapshot: &SnapshotFile,
    ) -> Result<(), Failure> {
        let Err(cause) = register else { return Ok(()) };
        let Err(nothing) = snapshot.read() else {
            return Ok(());
        };
        let unfit = Unfit::Unusable(cause.to_string());
        Err(without_any(&unfit, passes(cause), &nothing))
    }

    /// The register, if all can be read from it that a house needs and nothing happened that it knows nothing of; else the snapshot, if
    /// nothing happened that this knows nothing of.
    ///
    /// # Errors
    /// [`Failure`] where neither can be used.
    pub(crate) fn open(
        register: Result<Register, RegisterError>,
        snapshot: SnapshotFile,
        (archive, log_size): (&Archive, u64),
    ) -> Result<Self, Failure> {
        let kept = snapshot.read();
        let known = kept
            .as_ref()
            .map_or_else(|_| Mark::default(), |kept| kept.mark);
        let logged = archive.newest_outbox(known.log_size, log_size);
        let logged = logged.map_err(|cause| Failure::Data(cause.to_string()))?;
        let newest = logged.max(known.record);
        let drawn = register.and_then(|register| Ok((draw(&register)?, register)));
        let unfit = match drawn {
            Ok((picture, register)) if picture.mark.record >= newest => {
                return Ok(Self {
                    picture,
                    register: Ok((register, SnapshotKeeper::new(snapshot))),
                });
            }
            Ok((picture, _)) => (
                Unfit::Behind {
                    found: picture.mark.record,
                    newest,
                },
                false,
            ),
            Err(cause) => (Unfit::Unusable(cause.to_string()), passes(&cause)),
        };
        Self::without(unfit, kept, logged)
    }

    fn without(
        (unfit, passes): (Unfit, bool),
        kept: Result<Picture, NoPicture>,
        logged: u64,
    ) -> Result<Self, Failure> {
        let kept = kept.and_then(|picture| {
            let found = picture.mark.record;
            if found < logged {
                return Err(NoPicture::Old { found, log: logged });
            }
            Ok(picture)
        });
        match kept {
            Ok(picture) => {
                tracing::error!("{unfit}; {GOES_ON}");
                Ok(Self {
                    picture,
                    register: Err(unfit),
                })
            }
            Err(cause) => Err(without_any(&unfit, passes, &cause)),
        }
    }
}

impl Unfit {
    /// What the log calls it.
    pub(crate) const fn kind(&self) -> SystemKind {
        match self {
            Self::Unusable(_) => SystemKind::RegisterUnusable,
            Self::Behind { .. } => SystemKind::RegisterDiffers,
        }
    }

    /// The line for `status`.
    pub(crate) fn warning(&self) -> String {
        format!("{}: {self}; {GOES_ON}", self.kind().name())
    }
}

impl fmt::Display for Unfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unusable(cause) => write!(f, "register: {cause}"),
            Self::Behind { found, newest } => write!(
                f,
                "register: register.db is an old copy: its newest change is number {found}, and there were {newest}"
            ),
        }
    }
}

fn without_any(unfit: &Unfit, passes: bool, nothing: &NoPicture) -> Failure {
    let what = format!("{unfit}; and {nothing}");
    if passes {
        Failure::Failed(what)
    } else {
        Failure::Data(what)
    }
}

/// What the register refuses, with the exit code it means.
pub(crate) fn refused_register(cause: &RegisterError) -> Failure {
    if passes(cause) {
        Failure::failed("register", cause)
    } else {
        Failure::data("register", cause)
    }
}

/// Whether it may be over by itself.
fn passes(cause: &RegisterError) -> bool {
    use StorageError as S;
    matches!(
        cause,
        RegisterError::Storage(S::Locked | S::DiskFull | S::Disk { .. } | S::Database { .. })
    )
}

/// Everything that is needed, read at once: what cannot be read is found before anything is decided by the rest.
fn draw(register: &Register) -> Result<Picture, RegisterError> {
    Ok(Picture {
        cards: Arc::new(register.allowlist()?),
        facts: Facts::of(register)?,
        mark: Mark {
            generation: register.generation()?.get(),
            record: register.newest_record()?.get(),
            log_size: 0,
        },
    })
}

const GOES_ON: &str = "the doors go on by allowlist.snapshot, and nothing can be looked up or changed until the register is put right and the daemon started again";
