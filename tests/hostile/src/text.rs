//! Bodies of fuzz targets for what comes as text or as a file: the control socket's frames, notes and proofs from other
//! machines, a log's folder on an auditor's laptop, and what people type.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use access::IssuanceId;
use access::card::{CardBits, CardNumber, FormatSet};
use access::schedule::{Days, SpecialKind, When, Window};
use building_sim::LongLog;
use control::frame::Decoder;
use control::{ControlError, Envelope, Moment, frame};
use event_log::disk::{Disk, MemDisk};
use event_log::verify::{Options, verify_dir};
use event_log::witness::Submission;
use event_log::{Checkpoint, Consistency, Note, Proof, TreeHead, VerifierKey, WitnessKey};

/// Requests are the same wherever the octets are split; what is taken for one is written and read again alike; what is
/// refused is refused in few words.
pub fn control_frames(octets: &[u8]) {
    let whole = requests(std::iter::once(octets));
    let single = requests(octets.chunks(1));
    assert_eq!(whole, single);
}

/// Every request as it would be written again, or the refusal, as far as the stream stays in step.
fn requests<'a>(pieces: impl Iterator<Item = &'a [u8]>) -> Vec<String> {
    let mut decoder = Decoder::new();
    let mut heard = Vec::new();
    for piece in pieces {
        let mut rest = piece;
        while !rest.is_empty() {
            let taken = decoder.feed(rest);
            rest = &rest[taken..];
            loop {
                match decoder.next_message::<Envelope>() {
                    Ok(Some(envelope)) => heard.push(written_again(&envelope)),
                    Ok(None) => break,
                    Err(ControlError::Malformed { .. }) => heard.push("malformed".to_owned()),
                    Err(cause) => {
                        heard.push(cause.to_string());
                        return heard;
                    }
                }
            }
            if taken == 0 {
                return heard;
            }
        }
    }
    heard
}

fn written_again(envelope: &Envelope) -> String {
    let written = frame::encode(envelope).expect("what came in a frame fits one");
    let read: Option<Envelope> = frame::read(&mut &written[..]).expect("our own frame");
    let again = frame::encode(&read.expect("a whole frame")).expect("the same");
    assert_eq!(*written, *again);
    String::from_utf8_lossy(&written).into_owned()
}

/// Notes, keys and proofs of other machines: read or refused, and what is read is written as it was and proves nothing that
/// no known key signed.
pub fn notes(octets: &[u8]) {
    let Ok(text) = std::str::from_utf8(octets) else {
        return;
    };
    let (_, _, _, key) = sound_log();
    if let Ok(note) = text.parse::<Note>() {
        assert!(Checkpoint::open(&note, key).is_err());
        assert!(TreeHead::open(&note, key).is_err());
    }
    if let Ok(proof) = text.parse::<Proof>() {
        assert!(proof.check(key).is_err());
    }
    if let Ok(known) = text.parse::<VerifierKey>() {
        assert_eq!(known.to_string().parse(), Ok(known));
    }
    if let Ok(witness) = text.parse::<WitnessKey>() {
        assert_eq!(witness.to_string().parse(), Ok(witness));
    }
    if let Ok(grown) = text.parse::<Consistency>() {
        assert!(grown.check((3, [1; 32]), (5, [2; 32])).is_err());
    }
    if let Ok(submitted) = text.parse::<Submission>() {
        assert!(Checkpoint::open(&submitted.note, key).is_err());
    }
}

/// A log whose files were written over is read or refused within bounds, and is never taken for sound with another root.
pub fn log_folder(script: &[u8]) {
    let (sound, root, anchor, key) = sound_log();
    let disk = sound.fork();
    let mut files = Vec::new();
    gather(&disk, "", &mut files);
    for order in script.chunks(6) {
        let [which, high, middle, low, value, way] = *order else {
            break;
        };
        let (path, len) = &files[usize::from(which) % files.len()];
        let at = (u64::from(high) << 16 | u64::from(middle) << 8 | u64::from(low)) % len.max(&1);
        strike(&disk, path, (at, value, way));
    }
    let options = Options {
        key: Some(key.clone()),
        anchor: Some(anchor.clone()),
        ..Options::default()
    };
    if let Ok(report) = verify_dir(&disk, options, &mut |_| {}) {
        assert_eq!(report.root, *root, "another log was taken for ours");
    }
}

fn strike(disk: &MemDisk, path: &str, (at, value, way): (u64, u8, u8)) {
    if way == 0 {
        disk.remove(path).ok();
        return;
    }
    let Ok(file) = disk.open(path) else { return };
    if way == 1 {
        file.set_len(at).ok();
    } else {
        file.write_at(&[value], at).ok();
    }
}

/// A sound log, its root and its newest checkpoint; and the key that signed it.
fn sound_log() -> &'static (MemDisk, [u8; 32], Note, VerifierKey) {
    static LOG: OnceLock<(MemDisk, [u8; 32], Note, VerifierKey)> = OnceLock::new();
    LOG.get_or_init(|| {
        let whole = MemDisk::new();
        let plan = LongLog {
            events: 200,
            cards: 5,
            span: Duration::from_secs(60),
            seed: 21,
        };
        let on: Arc<dyn Disk> = Arc::new(whole.clone());
        let written = plan.write(&on, &mut |_| {}).expect("a log in memory");
        let key: VerifierKey = written.keys[0].parse().expect("our own key");
        let disk = log_of(&whole);
        let note = disk.contents("checkpoint").expect("a checkpoint");
        let note = String::from_utf8(note).expect("text");
        let report = verify_dir(&disk, Options::default(), &mut |_| {}).expect("sound");
        (disk, report.root, note.parse().expect("a note"), key)
    })
}

/// The log's folder alone, as an auditor is given it.
fn log_of(whole: &MemDisk) -> MemDisk {
    let (disk, mut files) = (MemDisk::new(), Vec::new());
    gather(whole, "log", &mut files);
    for (path, _) in files {
        let octets = whole.contents(&path).unwrap_or_default();
        let path = path.trim_start_matches("log/");
        for (at, _) in path.match_indices('/') {
            disk.create_dir(&path[..at], 0o750)
                .expect("a folder in memory");
        }
        disk.put_whole(path, &octets).expect("a file in memory");
    }
    disk
}

fn gather(disk: &MemDisk, folder: &str, files: &mut Vec<(String, u64)>) {
    for name in disk.list(folder).expect("a folder of the log") {
        let path = format!("{folder}/{name}");
        let path = path.trim_start_matches('/').to_owned();
        match disk.contents(&path) {
            Some(octets) => files.push((path, octets.len() as u64)),
            None => gather(disk, &path, files),
        }
    }
}

/// What people and lists write: read or refused, and what is read is written again so that it is read alike.
pub fn typed(octets: &[u8]) {
    if let [low, high, bits @ ..] = octets
        && let Ok(bits) = CardBits::new(bits, u16::from_le_bytes([*low, *high]))
    {
        let all = FormatSet::from_names(&["H10301", "raw"]).expect("formats of ours");
        if let Ok(number) = all.read(&bits) {
            assert_eq!(CardNumber::from_text(&number.to_text()), Ok(number));
        }
    }
    let Ok(text) = std::str::from_utf8(octets) else {
        return;
    };
    if let Ok(number) = CardNumber::from_text(text) {
        assert_eq!(CardNumber::from_text(&number.to_text()), Ok(number));
    }
    if let Ok(id) = text.parse::<IssuanceId>() {
        assert_eq!(id.to_string().parse(), Ok(id));
    }
    if let Ok(moment) = text.parse::<Moment>() {
        assert_eq!(moment.to_string().parse::<Moment>().ok(), Some(moment));
    }
    if let Ok(window) = text.parse::<Window>() {
        assert_eq!(window.to_string().parse(), Ok(window));
    }
    text.parse::<Days>().ok();
    text.parse::<When>().ok();
    text.parse::<SpecialKind>().ok();
}
