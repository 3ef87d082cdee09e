//! `witness list` and `witness push`: what leaves is a checkpoint, and what comes back is checked. The daemon itself calls
//! nobody: a process of its own does, and hands the witness's word in here.

use std::sync::{Arc, Mutex, PoisonError};

use access::UtcMicros;
use control::reply::witness::{LogCheckpoint, WitnessRow};
use control::{Code, Moment, Refusal, Reply, Row};
use event_log::disk::Disk;
use event_log::verify::{Note, VerifierKey};
use event_log::{LogError, LogFault, Prover, TreeHead, Witnessed};
use tokio::task::spawn_blocking;

use crate::config::Witness;
use crate::control_server::{Asker, Outlet, Stop};

/// The newest checkpoint, and that it goes on from the first `old` events.
pub(super) async fn checkpoint(asker: &Asker, old: u64) -> Result<Reply, Stop> {
    let folder = Folder::of(asker)?;
    let shown = apart(move || {
        let mut prover = folder.prover()?;
        let proof = prover.consistency(old).map_err(|cause| refused(&cause))?;
        Ok(LogCheckpoint {
            size: prover.size(),
            checkpoint: prover.note().to_owned(),
            consistency: proof.lines(),
        })
    });
    Ok(Reply::LogCheckpoint(shown.await?))
}

/// The witnesses of the configuration, and how far each has vouched.
pub(super) async fn list(asker: &Asker, outlet: &mut Outlet<'_>) -> Result<Reply, Stop> {
    let rows = rows(asker).await?;
    outlet.rows(rows.into_iter().map(Row::Witness)).await
}

/// Witnesses that have not vouched for long: somebody should look why, before the end of the log is worth cutting off.
pub(super) async fn warnings(asker: &Asker) -> Vec<String> {
    let now = asker.controller.ledger.clock.now().utc;
    match rows(asker).await {
        Ok(rows) => rows.iter().filter_map(|row| silence(row, now)).collect(),
        Err(refusal) => vec![refusal.message],
    }
}

fn silence(row: &WitnessRow, now: UtcMicros) -> Option<String> {
    let name = &row.witness;
    let Some(at) = row.at else {
        return Some(format!(
            "witness \"{name}\" has never vouched for the log; is portvakt witness push run?"
        ));
    };
    let hours = now.micros().saturating_sub(at.utc().micros()) / HOUR_MICROS;
    (hours >= SILENCE_MAX_H).then(|| {
        format!("witness \"{name}\" has not vouched for the log for {hours} h; is portvakt witness push run?")
    })
}

async fn rows(asker: &Asker) -> Result<Vec<WitnessRow>, Refusal> {
    let witnesses = asker.controller.config().witnesses.clone();
    if witnesses.is_empty() {
        return Ok(Vec::new());
    }
    let folder = Folder::of(asker)?;
    apart(move || {
        let said = Witnessed::read(folder.disk.as_ref()).map_err(|cause| refused(&cause))?;
        let row = |witness: &Witness| row(witness, &said, &folder.key);
        Ok(witnesses.iter().map(row).collect())
    })
    .await
}

/// Checks what a witness said of a checkpoint of this log, and keeps it durably.
pub(super) async fn push(asker: &Asker, note: String, dry_run: bool) -> Result<Reply, Stop> {
    let folder = Folder::of(asker)?;
    let witnesses = asker.controller.config().witnesses.clone();
    let now = asker.controller.ledger.clock.now().utc;
    let kept = apart(move || {
        let note: Note = note
            .parse()
            .map_err(|error| Refusal::new(Code::Usage, error))?;
        let witness = signer_of(&note, &witnesses, now)?;
        folder.must_extend(&note)?;
        if dry_run {
            return Ok(true);
        }
        folder.keep(&note, witness)
    });
    let warning = (!kept.await?).then(|| "a newer word of this witness is kept already".to_owned());
    Ok(Reply::Done { warning })
}

/// The witness of the configuration that signed a note.
fn signer_of<'w>(
    note: &Note,
    witnesses: &'w [Witness],
    now: UtcMicros,
) -> Result<&'w Witness, Refusal> {
    let mut refusal = Refusal::new(
        Code::Refused,
        "no [[witness]] of the configuration signed this",
    );
    for witness in witnesses {
        match witness.key.check(note) {
            Ok(cosigned) if cosigned.time.micros() > latest(now) => {
                let what = format!(
                    "the witness \"{}\" signed in the future: its clock or ours is wrong",
                    witness.name
                );
                refusal = Refusal::new(Code::Unverified, what);
            }
            Ok(_) => return Ok(witness),
            Err(event_log::NoteError::Unsigned) => {}
            Err(error) => {
                let what = format!("witness \"{}\": {error}", witness.name);
                refusal = Refusal::new(Code::Unverified, what);
            }
        }
    }
    Err(refusal)
}

const fn latest(now: UtcMicros) -> i64 {
    now.micros().saturating_add(CLOCKS_APART_MAX_MICROS)
}

/// The log's folder and key.
struct Folder {
    disk: Arc<dyn Disk>,
    key: VerifierKey,
    witnessing: Arc<Mutex<()>>,
}

impl Folder {
    fn of(asker: &Asker) -> Result<Self, Refusal> {
        let archive = &asker.controller.ledger.archive;
        let key = archive.verifier().parse();
        Ok(Self {
            disk: archive.folder(),
            key: key.map_err(|error| Refusal::new(Code::Failed, error))?,
            witnessing: archive.witnessing(),
        })
    }

    fn prover(&self) -> Result<Prover, Refusal> {
        Prover::open(&self.disk, &self.key).map_err(|cause| refused(&cause))
    }

    /// Signed by the log is not enough: an old copy of the log may be what the witness saw the end of.
    fn must_extend(&self, note: &Note) -> Result<(), Refusal> {
        let head = TreeHead::open(note, &self.key);
        let head = head.map_err(|error| Refusal::new(Code::Unverified, error))?;
        self.prover()?
            .must_extend(&head)
            .map_err(|cause| refused(&cause))
    }

    /// `false` if a newer word is there.
    fn keep(&self, note: &Note, witness: &Witness) -> Result<bool, Refusal> {
        // Whoever failed in it left the file whole: it is replaced by renaming.
        let _one_at_a_time = self
            .witnessing
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let disk = self.disk.as_ref();
        let mut said = Witnessed::read(disk).map_err(|cause| refused(&cause))?;
        let taken = said.take(note, &self.key, &witness.key);
        let taken = taken.map_err(|error| Refusal::new(Code::Unverified, error))?;
        if taken {
            said.write(disk).map_err(|cause| refused(&cause))?;
        }
        Ok(taken)
    }
}

fn row(witness: &Witness, said: &Witnessed, key: &VerifierKey) -> WitnessRow {
    let newest = said.newest(key, &witness.key).ok();
    WitnessRow {
        witness: witness.name.clone(),
        url: witness.url.clone(),
        key: witness.key.to_string(),
        size: newest.as_ref().map(|(head, _)| head.size),
        at: newest.map(|(_, cosigned)| Moment::from(cosigned.time)),
    }
}

/// Does it on a thread that may wait for the disk.
async fn apart<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Refusal> + Send + 'static,
) -> Result<T, Refusal> {
    let done = spawn_blocking(work).await;
    done.map_err(|_| Refusal::new(Code::Failed, "a log reader ended early"))?
}

fn refused(cause: &LogError) -> Refusal {
    let code = match cause.fault() {
        LogFault::Circumstances | LogFault::Left => Code::Failed,
        // What a witness has seen must be there.
        LogFault::Absent | LogFault::Unsound => Code::Unverified,
    };
    Refusal::new(code, cause)
}

const HOUR_MICROS: i64 = 3_600_000_000;
/// Microseconds by which the clocks of two machines may differ.
const CLOCKS_APART_MAX_MICROS: i64 = HOUR_MICROS;
/// Hours after which a witness that has not vouched is missed.
const SILENCE_MAX_H: i64 = 6;
