//! `portvakt log verify`: needs no daemon and no secret.

use std::path::{Path, PathBuf};

use access::UtcMicros;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use clap::Args;
use control::{Code, Moment};
use event_log::disk::RealDisk;
use event_log::verify::{self, Finding, Options, Report, WitnessedBy};
use indicatif::{ProgressBar, ProgressStyle};
use jiff::Timestamp;
use serde_json::json;

use super::proof;
use super::source::{dir_of_daemon, log_dir, pin, read_anchor, read_keys, read_text};
use crate::clock;
use crate::desk::Desk;
use crate::failure::Failure;
use crate::text::{Label, Lang, Say, Verdict, Vouched};

/// Check that nothing in the log was changed, cut or moved
///
/// Works on a copy of the log as well, on any machine. Without --key the log's own key
/// is used, which proves only that the log is consistent with itself. With both keys that
/// init printed, not even whoever has the whole machine can have written its past anew.
/// With --anchor, a checkpoint kept from earlier, it also proves that nothing of that
/// time is gone; with --witness-key, that nothing is gone that a witness has seen; with
/// --now, for a log at work, that its end was not cut off.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Verify {
    /// The log's directory, or the data directory it is in [default: the daemon's]
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
    /// A verifier key noted down when the log began, or a file with both; may be repeated
    #[arg(long, value_name = "VERIFIER")]
    key: Vec<String>,
    /// A checkpoint kept from earlier: a file, or a line of the system's log in one
    #[arg(long, value_name = "NOTE")]
    anchor: Option<PathBuf>,
    /// The verifier key of a witness that must have vouched for the log, or a file; may be repeated
    #[arg(long, value_name = "VERIFIER")]
    witness_key: Vec<String>,
    /// The log's daemon is at work: its newest seal must be younger than ten minutes
    #[arg(long)]
    now: bool,
    /// Check the proof of one record instead, as log prove writes it; needs --key and no log
    #[arg(long, value_name = "FILE", requires = "key", conflicts_with_all = ["dir", "anchor", "witness_key", "now"])]
    proof: Option<PathBuf>,
}

impl Verify {
    /// Does it.
    ///
    /// # Errors
    /// [`Failure`]: exit code 6 with the first bad point.
    pub(crate) fn run(self, desk: &mut Desk) -> Result<(), Failure> {
        let mut options = Options {
            anchor: self.anchor.as_deref().map(read_anchor).transpose()?,
            threads: std::thread::available_parallelism().ok(),
            alive_at: self.now.then(|| Moment::from(clock::now()).utc()),
            ..Options::default()
        };
        for key in &self.key {
            pin(&mut options, key)?;
        }
        for key in &self.witness_key {
            options.witnesses.extend(read_keys("--witness-key", key)?);
        }
        if let Some(file) = &self.proof {
            return proof::check(desk, &read_text(file)?, &options);
        }
        let dir = log_dir(&self.dir.unwrap_or_else(|| dir_of_daemon(desk)))?;
        let bar = progress_bar();
        let verdict = verify::verify_dir(&RealDisk::new(dir.clone()), options, &mut |progress| {
            bar.set_length(progress.total);
            bar.set_position(progress.done);
        });
        bar.finish_and_clear();
        match verdict {
            Ok(report) => show(desk, &dir, &report),
            Err(finding) => refuse(desk, &finding),
        }
    }
}

fn show(desk: &mut Desk, dir: &Path, report: &Report) -> Result<(), Failure> {
    if desk.out.is_json() {
        return desk.out.json(&json!({
            "verified": true,
            "dir": dir,
            "origin": report.origin,
            "first": report.first,
            "events": report.events,
            "root": root(report),
            "sealed": report.sealed,
            "unsealed": report.unsealed,
            "torn": report.torn,
            "scrubbed": report.scrubbed,
            "epochs": report.epochs,
            "epoch_pinned": report.epoch_pinned,
            "checkpoint_time": report.checkpoint_time.map(Moment::from),
            "pinned": report.pinned,
            "anchored": report.anchored || !report.witnessed.is_empty(),
            "witnessed": report.witnessed.iter().map(witnessed).collect::<Vec<_>>(),
            "former": report.former.as_ref().map(|(origin, size)| json!({ "origin": origin, "size": size })),
        }));
    }
    for (label, value) in fields(desk, dir, report) {
        desk.field(label, &value)?;
    }
    Ok(())
}

fn fields(desk: &Desk, dir: &Path, report: &Report) -> Vec<(Label, String)> {
    let lang = desk.lang;
    let sealed = report
        .checkpoint_time
        .map_or_else(String::new, |at| age(at, clock::now(), lang));
    let anchor = if report.anchored {
        Verdict::Anchored
    } else {
        Verdict::NotAnchored
    };
    let epochs = match (report.epochs, report.epoch_pinned) {
        (0, _) => Verdict::NoEpochs,
        (_, true) => Verdict::KeyPinned,
        (_, false) => Verdict::EpochNotPinned,
    };
    let (verdict, key) = if report.pinned {
        (Verdict::Verified, Verdict::KeyPinned)
    } else {
        (Verdict::Consistent, Verdict::KeyNotPinned)
    };
    let mut fields = vec![
        (Label::Verdict, lang.say(&Say::Verdict(verdict))),
        (Label::Log, dir.display().to_string()),
        (Label::Events, events(desk, report)),
        (Label::Origin, report.origin.clone()),
        (Label::Root, root(report)),
        (Label::Sealed, format!("{}{sealed}", report.sealed)),
        (Label::Unsealed, report.unsealed.to_string()),
        (Label::Verifier, lang.say(&Say::Verdict(key))),
        (Label::Epochs, report.epochs.to_string()),
        (Label::EpochVerifier, lang.say(&Say::Verdict(epochs))),
    ];
    if report.anchored || report.witnessed.is_empty() {
        fields.push((Label::Anchor, lang.say(&Say::Verdict(anchor))));
    }
    fields.extend(witnesses(desk, report));
    let former = report.former.as_ref();
    fields.extend(former.map(|(origin, size)| (Label::GoesOnFrom, format!("{origin}, {size}"))));
    fields
}

/// How many, and where they begin once the oldest have left.
fn events(desk: &Desk, report: &Report) -> String {
    let count = report.events;
    match report.first {
        0 => count.to_string(),
        first => format!("{count}, {} {first}", desk.lang.label(Label::FirstKept)),
    }
}

/// How far the log is anchored by others, a line for each.
fn witnesses(desk: &Desk, report: &Report) -> Vec<(Label, String)> {
    if report.witnessed.is_empty() {
        let none = desk.lang.say(&Say::Verdict(Verdict::NotWitnessed));
        return vec![(Label::Witness, none)];
    }
    let line = |by: &WitnessedBy| {
        let at = Moment::from(by.time).timestamp();
        let word = Vouched {
            witness: &by.name,
            size: by.size,
            at: &at.strftime("%Y-%m-%d %H:%M:%S UTC").to_string(),
        };
        (Label::Witness, desk.lang.vouched(&word))
    };
    report.witnessed.iter().map(line).collect()
}

fn witnessed(by: &WitnessedBy) -> serde_json::Value {
    let root = STANDARD.encode(by.root);
    json!({ "witness": by.name, "size": by.size, "root": root, "time": Moment::from(by.time) })
}

/// `, 2026-11-22 08:14:03 UTC, 4 min ago`; there is no site's zone without its daemon.
fn age(at: UtcMicros, now: Timestamp, lang: Lang) -> String {
    let at = Moment::from(at).timestamp();
    let ago = now.duration_since(at).as_secs();
    let ago = lang.ago(ago);
    format!(", {} UTC, {ago}", at.strftime("%Y-%m-%d %H:%M:%S"))
}

/// As it stands in a checkpoint.
fn root(report: &Report) -> String {
    STANDARD.encode(report.root)
}

fn refuse(desk: &mut Desk, finding: &Finding) -> Result<(), Failure> {
    if desk.out.is_json() {
        let what = finding.to_string();
        let index = finding.index;
        desk.out
            .json(&json!({ "verified": false, "index": index, "what": what }))?;
    }
    Err(Failure::new(
        Code::Unverified,
        format!(
            "{}: {}",
            desk.lang.say(&Say::Verdict(Verdict::NotVerified)),
            desk.lang.told(&finding.to_string())
        ),
    ))
}

/// Hidden by itself where standard error is no terminal.
pub(super) fn progress_bar() -> ProgressBar {
    let style = ProgressStyle::with_template("{wide_bar} {human_pos}/{human_len} {eta}");
    let bar = ProgressBar::new(0);
    style.map_or(bar.clone(), |style| bar.with_style(style))
}

const EXAMPLES: &str = "\
Examples:
  portvakt log verify --key verifier.txt
  portvakt log verify --key verifier.txt --now
  portvakt log verify --dir /media/audit/log --key verifier.txt --anchor monday.checkpoint
  portvakt log verify --dir /media/audit/log --key verifier.txt --witness-key witness.txt
  portvakt log verify --proof 184467.tlog-proof --key verifier.txt
  portvakt --json log verify --dir /var/lib/portvakt/log";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_checkpoints_age_is_said_in_the_nearest_unit() {
        let at = "2026-11-22T08:00:00Z".parse::<Moment>().unwrap().utc();
        for (now, said) in [
            ("2026-11-22T07:59:00Z", "ahead of this machine's clock"),
            ("2026-11-22T08:01:59Z", "119 s ago"),
            ("2026-11-22T08:05:00Z", "5 min ago"),
            ("2026-11-22T20:00:00Z", "12 h ago"),
            ("2026-11-29T08:00:00Z", "7 days ago"),
        ] {
            let age = age(at, now.parse().unwrap(), Lang::En);
            assert_eq!(age, format!(", 2026-11-22 08:00:00 UTC, {said}"));
        }
    }
}
