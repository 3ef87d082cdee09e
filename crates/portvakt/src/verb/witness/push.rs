//! `portvakt witness push`: has a witness vouch for the newest checkpoint, and keeps its word in the log's folder.

use std::path::PathBuf;

use clap::Args;
use control::{Code, Moment};
use event_log::WitnessKey;
use event_log::verify::Note;
use serde_json::json;

use super::poster::{Answered, Poster};
use super::stock::{Offer, Stock};
use crate::clock;
use crate::desk::Desk;
use crate::failure::Failure;
use crate::text::{Lang, Vouched};
use crate::verb::log::source::read_keys;

/// Have witnesses vouch for the newest checkpoint
///
/// Sends each witness of the configuration the newest checkpoint and the proof that the log
/// goes on from what it has seen, checks its cosignature by the pinned key and keeps it beside
/// the log. The daemon itself has no network: run this every quarter of an hour from a timer.
/// Exit code 6 if a witness has seen another log, or a longer one: somebody should look at that.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Push {
    /// This witness, by its URL [default: all of the configuration]
    #[arg(long, value_name = "URL", requires = "witness_key")]
    witness: Option<String>,
    /// Its verifier key, or a file with it
    #[arg(long, value_name = "VERIFIER", requires = "witness")]
    witness_key: Option<String>,
    /// The log's directory, or the data directory it is in [default: ask the daemon]
    #[arg(long, value_name = "DIR", requires = "witness")]
    dir: Option<PathBuf>,
    /// The log's verifier key, or a file with it [default: the log's own]
    #[arg(long, value_name = "VERIFIER", requires = "dir")]
    key: Option<String>,
}

/// A witness to be asked.
struct Target {
    url: String,
    key: WitnessKey,
}

impl Push {
    /// Does it.
    ///
    /// # Errors
    /// [`Failure`]: the first of several, one with exit code 6 before others; all are tried.
    pub(crate) fn run(self, desk: &mut Desk) -> Result<(), Failure> {
        let mut stock = match &self.dir {
            Some(dir) => Stock::folder(dir, self.key.as_deref())?,
            None => Stock::daemon(desk)?,
        };
        let mut worst = Ok(());
        for target in self.targets(&mut stock)? {
            if let Err(failure) = push(desk, &mut stock, &target) {
                worst = worse(desk.lang, worst, failure);
            }
        }
        worst
    }

    fn targets(&self, stock: &mut Stock) -> Result<Vec<Target>, Failure> {
        if let (Some(url), Some(key)) = (&self.witness, &self.witness_key) {
            let keys = read_keys("--witness-key", key)?.into_iter();
            let target = |key| Target {
                url: url.clone(),
                key,
            };
            return Ok(keys.map(target).collect());
        }
        let mut targets = Vec::new();
        for row in stock.witnesses()? {
            let key = row.key.parse();
            let key = key.map_err(|error| Failure::failed(format!("{}: {error}", row.witness)))?;
            targets.push(Target { url: row.url, key });
        }
        if targets.is_empty() {
            let what = "the configuration names no witness: write a [[witness]] with name, url and key, or give --witness and --witness-key";
            return Err(Failure::new(Code::NotFound, what));
        }
        Ok(targets)
    }
}

/// The failure to exit with; the others are told at once.
fn worse(lang: Lang, worst: Result<(), Failure>, failure: Failure) -> Result<(), Failure> {
    let tell = |failure: &Failure| {
        if let Failure::Said(refusal) = failure {
            eprintln!("portvakt: {}", lang.told(&refusal.message));
        }
    };
    let is_grave = |failure: &Failure| matches!(failure, Failure::Said(refusal) if refusal.code == Code::Unverified);
    match worst {
        Err(before) if is_grave(&before) || !is_grave(&failure) => {
            tell(&failure);
            Err(before)
        }
        Err(before) => {
            tell(&before);
            Err(failure)
        }
        Ok(()) => Err(failure),
    }
}

fn push(desk: &mut Desk, stock: &mut Stock, target: &Target) -> Result<(), Failure> {
    let name = target.key.name();
    let poster = Poster::new(&target.url);
    let mut old = stock.seen_by(&target.key)?;
    if desk.global.dry_run {
        stock.offer(old)?;
        desk.say_if_dry();
        return Ok(());
    }
    // Once more with the size that the witness has seen, if it is not the one we know of.
    for _ in 0..2 {
        let offer = stock.offer(old)?;
        match poster.post(&offer.submission)? {
            Answered::Cosigned(lines) => return take(desk, stock, (target, &offer), &lines),
            Answered::Seen(seen) if seen > offer.size => {
                return Err(grave(format!(
                    "the witness {name} has seen {seen} records, the log's checkpoint covers {}: its end was cut off, or an old copy was put back",
                    offer.size
                )));
            }
            Answered::Seen(seen) if seen == old => {
                return Err(grave(format!(
                    "the witness {name} has seen {seen} records too, and they were others: the log was changed"
                )));
            }
            Answered::Seen(seen) => old = seen,
            Answered::Inconsistent => {
                return Err(grave(format!(
                    "the witness {name} has seen {old} records from which the log does not go on: it was changed"
                )));
            }
            Answered::Refused(what) => {
                return Err(Failure::failed(format!(
                    "the witness {name} answers {what}"
                )));
            }
        }
    }
    Err(Failure::failed(format!(
        "the witness {name} was asked by somebody else meanwhile; try again"
    )))
}

fn take(
    desk: &mut Desk,
    stock: &mut Stock,
    (target, offer): (&Target, &Offer),
    lines: &str,
) -> Result<(), Failure> {
    let name = target.key.name();
    let cosigned = format!("{}{lines}", offer.submission.note);
    let checked = cosigned.parse().and_then(|note: Note| {
        let cosigned = target.key.check(&note)?;
        Ok((note, cosigned))
    });
    let (note, cosigned) =
        checked.map_err(|error| grave(format!("the witness {name} did not sign: {error}")))?;
    let at = Moment::from(cosigned.time).timestamp();
    let apart = clock::now().duration_since(at).abs();
    if apart.as_secs() > CLOCKS_APART_MAX_S {
        return Err(grave(format!(
            "the witness {name} signed at {at}, {} s away from this machine's clock: one of the two is wrong",
            apart.as_secs()
        )));
    }
    stock.keep(&note, &target.key)?;
    if desk.out.is_json() {
        let time = Moment::from(cosigned.time);
        return desk.out.json(
            &json!({ "witness": name, "url": target.url, "size": offer.size, "time": time }),
        );
    }
    let at = at.strftime("%Y-%m-%d %H:%M:%S UTC").to_string();
    let size = offer.size;
    let said = desk.lang.vouched(&Vouched {
        witness: name,
        size,
        at: &at,
    });
    desk.out.line(&said)
}

fn grave(what: String) -> Failure {
    Failure::new(Code::Unverified, what)
}

/// Seconds by which the clocks of two machines may differ.
const CLOCKS_APART_MAX_S: i64 = 3_600;

const EXAMPLES: &str = "\
Examples:
  portvakt witness push
  portvakt witness push --witness http://10.0.0.7:8480 --witness-key witness.txt
  portvakt witness push --witness https://witness.example --witness-key witness.txt --dir /media/audit/log";
