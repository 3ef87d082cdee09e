//! `portvakt witness run`: the witness itself, on a machine that the log's keeper has no hand in.

use std::fs::{DirBuilder, File};
use std::net::{SocketAddr, TcpListener};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use clap::Args;
use control::{Code, Moment};
use event_log::disk::RealDisk;
use event_log::verify::VerifierKey;
use event_log::witness::{Declined, Submission, Witness};
use event_log::{LogError, LogFault, WitnessKey};
use rustix::fs::{FlockOperation, flock};
use serde_json::json;
use zeroize::Zeroizing;

use super::http_request::{HttpRequest, Target};
use super::reply::{HttpReply, Status};
use super::server::Server;
use crate::clock;
use crate::desk::Desk;
use crate::failure::Failure;
use crate::interrupt::Interrupt;
use crate::text::Label;
use crate::verb::log::source::read_keys;

/// Be a witness: remember how long logs were, and vouch for what goes on from there
///
/// Runs on a machine that the log's keeper has no hand in, until it is interrupted, and speaks
/// C2SP tlog-witness. It is sent checkpoints only, a few hundred characters, and nothing of any
/// record or person. Its own key is made at the first start; auditors and controllers pin
/// the verifier key that it prints. TLS, where it is wanted, is a proxy's in front of it.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Run {
    /// Where to listen; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS:PORT")]
    listen: SocketAddr,
    /// Its folder: its key, and what it has seen; losing it is losing the witness
    #[arg(long, value_name = "DIR")]
    state: PathBuf,
    /// The verifier key of a log it watches, or a file with it; may be repeated
    #[arg(long = "log", value_name = "VERIFIER", required = true)]
    logs: Vec<String>,
    /// Its name, at the first start [default: the machine's]
    #[arg(long)]
    name: Option<String>,
}

impl Run {
    /// Does it, until somebody interrupts it.
    ///
    /// # Errors
    /// [`Failure`]: exit code 1 if the folder or the address cannot be had, 6 if the folder is not what a witness wrote.
    pub(crate) fn run(self, desk: &mut Desk) -> Result<(), Failure> {
        let interrupt = Interrupt::listen()?;
        let logs = logs(&self.logs)?;
        let count = logs.len();
        let _lock = lock(&self.state)?;
        let mut witness = open(&self.state, self.name.as_deref(), logs)?;
        let unheard = |error| Failure::failed(format!("cannot listen at {}: {error}", self.listen));
        let listener = TcpListener::bind(self.listen).map_err(unheard)?;
        let here = listener.local_addr().map_err(unheard)?;
        introduce(desk, &witness.verifier(), here, count)?;
        let mut server = Server::new(listener)?;
        while !interrupt.came() {
            server.turn(&mut |request| answer(&mut witness, request))?;
        }
        Ok(())
    }
}

/// Of a file with both of a log's keys the first is meant; that of its epoch is for who has its seals.
fn logs(given: &[String]) -> Result<Vec<VerifierKey>, Failure> {
    let mut logs: Vec<VerifierKey> = Vec::new();
    for text in given {
        logs.extend(read_keys("--log", text)?);
    }
    let origins: Vec<String> = logs.iter().map(|key| key.name().to_owned()).collect();
    logs.retain(|key| {
        let of = key.name().strip_suffix("/epoch");
        of.is_none_or(|of| !origins.iter().any(|origin| origin == of))
    });
    Ok(logs)
}

/// Two witnesses with one memory would each vouch for another log.
fn lock(state: &Path) -> Result<File, Failure> {
    let cannot = |error: &dyn std::fmt::Display| {
        Failure::failed(format!("the folder {}: {error}", state.display()))
    };
    let made = DirBuilder::new().recursive(true).mode(0o700).create(state);
    made.map_err(|error| cannot(&error))?;
    let folder = File::open(state).map_err(|error| cannot(&error))?;
    match flock(&folder, FlockOperation::NonBlockingLockExclusive) {
        Ok(()) => Ok(folder),
        Err(rustix::io::Errno::WOULDBLOCK) => Err(cannot(&"another witness runs on it")),
        Err(error) => Err(cannot(&error)),
    }
}

fn open(state: &Path, name: Option<&str>, logs: Vec<VerifierKey>) -> Result<Witness, Failure> {
    let mut seed = Zeroizing::new([0; 32]);
    getrandom::fill(seed.as_mut_slice()).map_err(Failure::failed)?;
    let machine = rustix::system::uname();
    let wanted = name.map_or_else(
        || machine.nodename().to_string_lossy().into_owned(),
        str::to_owned,
    );
    let disk = Box::new(RealDisk::new(state.to_owned()));
    let witness = Witness::open(disk, (&wanted, &seed), logs);
    let witness = witness.map_err(|cause| unusable(&cause))?;
    let is = witness.verifier();
    if name.is_some_and(|name| name != is.name()) {
        return Err(Failure::usage(format!(
            "--name: this witness is \"{}\", and its key is pinned under that name",
            is.name()
        )));
    }
    Ok(witness)
}

fn unusable(cause: &LogError) -> Failure {
    let code = match cause.fault() {
        _ if matches!(cause, LogError::Origin(_)) => Code::Usage,
        LogFault::Unsound => Code::Unverified,
        LogFault::Circumstances | LogFault::Left | LogFault::Absent => Code::Failed,
    };
    Failure::new(code, format!("the witness's folder: {cause}"))
}

fn introduce(
    desk: &mut Desk,
    key: &WitnessKey,
    here: SocketAddr,
    logs: usize,
) -> Result<(), Failure> {
    if desk.out.is_json() {
        let key_text = key.to_string();
        desk.out.json(
            &json!({ "witness": key.name(), "key": key_text, "listens": here, "logs": logs }),
        )?;
    } else {
        for (label, value) in [
            (Label::Witness, key.name().to_owned()),
            (Label::Verifier, key.to_string()),
            (Label::Listens, here.to_string()),
        ] {
            desk.field(label, &value)?;
        }
    }
    desk.out.flush()
}

/// One answer; what a known log sent is told on standard error, so that nobody fills a journal with nonsense.
fn answer(witness: &mut Witness, request: &HttpRequest) -> HttpReply {
    match request.target {
        Target::AddCheckpoint => {}
        Target::OtherMethod => return HttpReply::new(Status::MethodNotAllowed, "use POST"),
        Target::Elsewhere => return HttpReply::new(Status::NotFound, "there is /add-checkpoint"),
    }
    let submitted = std::str::from_utf8(&request.body)
        .map_err(|_| Declined::Form)
        .and_then(str::parse::<Submission>);
    let now = Moment::from(clock::now()).utc();
    match submitted.and_then(|it| witness.add_checkpoint(&it, now)) {
        Ok(line) => HttpReply::of(Status::Ok, line),
        Err(declined) => refuse(&declined),
    }
}

fn refuse(declined: &Declined) -> HttpReply {
    let status = match declined {
        Declined::Form | Declined::OldSize => Status::BadRequest,
        Declined::UnknownLog => Status::NotFound,
        Declined::Unsigned => Status::Forbidden,
        Declined::Conflict { seen } => return HttpReply::size(*seen),
        Declined::Fork { seen } => {
            eprintln!("portvakt: FORK: {declined}");
            return HttpReply::size(*seen);
        }
        Declined::Inconsistent => {
            eprintln!("portvakt: {declined}");
            Status::Unprocessable
        }
        Declined::Memory(_) => {
            eprintln!("portvakt: {declined}");
            Status::Failed
        }
    };
    HttpReply::new(status, &declined.to_string())
}

const EXAMPLES: &str = "\
Examples:
  portvakt witness run --listen 0.0.0.0:8480 --state /var/lib/portvakt-witness --log verifier.txt
  portvakt witness run --listen 127.0.0.1:8480 --state w --log verifier.txt --name witness.example/1";

#[cfg(test)]
mod tests {
    use super::*;

    const LOG: &str = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8";

    #[test]
    fn keys_come_from_the_line_or_from_a_file() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("verifier.txt");
        std::fs::write(&file, format!("{LOG}\n\n")).unwrap();
        let both = logs(&[LOG.to_owned(), file.display().to_string()]).unwrap();
        assert_eq!(both.len(), 2);
        assert!(logs(&["nonsense".to_owned()]).is_err());
    }

    #[test]
    fn one_witness_a_folder_and_a_name_that_stays() {
        let folder = tempfile::tempdir().unwrap();
        let state = folder.path().join("state");
        let held = lock(&state).unwrap();
        assert!(lock(&state).is_err());
        drop(held);
        let first = open(&state, Some("w1"), Vec::new()).unwrap();
        let again = open(&state, None, Vec::new()).unwrap();
        assert_eq!(first.verifier(), again.verifier());
        assert!(open(&state, Some("w2"), Vec::new()).is_err());
    }
}
