//! Checking the proof of one record: needs the key, and nothing else.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use control::{Code, Moment};
use event_log::verify::Options;
use event_log::{Proof, ProofError, Proven};
use serde_json::json;

use crate::desk::Desk;
use crate::failure::Failure;
use crate::text::{Label, Say, Verdict};

/// Checks what a file says against the pinned key, and shows what it proves.
///
/// # Errors
/// [`Failure`]: exit code 6 if it proves nothing.
pub(super) fn check(desk: &mut Desk, text: &str, options: &Options) -> Result<(), Failure> {
    let key = options.key.as_ref().ok_or_else(|| {
        Failure::usage("--key: give the key of the log, not only that of its epoch")
    })?;
    let proof: Result<Proof, ProofError> = text.parse();
    match proof.and_then(|proof| proof.check(key)) {
        Ok(proven) => show(desk, &proven),
        Err(cause) => {
            let verdict = desk.lang.say(&Say::Verdict(Verdict::NotVerified));
            Err(Failure::new(
                Code::Unverified,
                format!("{verdict}: {}", desk.lang.told(&cause.to_string())),
            ))
        }
    }
}

fn show(desk: &mut Desk, proven: &Proven) -> Result<(), Failure> {
    let checkpoint = &proven.checkpoint;
    let (time, sealed) = (Moment::from(proven.time), Moment::from(checkpoint.time));
    let root = STANDARD.encode(checkpoint.root);
    if desk.out.is_json() {
        return desk.out.json(&json!({
            "verified": true,
            "index": proven.index,
            "class": proven.class.name(),
            "time": time,
            "origin": checkpoint.origin,
            "size": checkpoint.size,
            "root": root,
            "checkpoint_time": sealed,
        }));
    }
    let verdict = desk.lang.say(&Say::Verdict(Verdict::RecordProven));
    let when = |moment: Moment| {
        moment
            .timestamp()
            .strftime("%Y-%m-%d %H:%M:%S UTC")
            .to_string()
    };
    for (label, value) in [
        (Label::Verdict, verdict),
        (
            Label::Record,
            format!(
                "{}, {}, {}",
                proven.index,
                desk.lang.word(proven.class.name()),
                when(time)
            ),
        ),
        (Label::Origin, checkpoint.origin.clone()),
        (
            Label::Sealed,
            format!("{}, {}", checkpoint.size, when(sealed)),
        ),
        (Label::Root, root),
    ] {
        desk.field(label, &value)?;
    }
    Ok(())
}
