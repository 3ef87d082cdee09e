//! Bodies of fuzz targets for what comes as text: the control socket's frames, notes and proofs from other machines, and what
//! people type.

use std::fmt::Debug;

use access::IssuanceId;
use access::card::{CardBits, CardNumber, FormatSet};
use access::schedule::{Days, SpecialKind, When, Window};
use control::frame::Decoder;
use control::reply::Answer;
use control::{ControlError, Envelope, Moment, frame};
use event_log::witness::Submission;
use event_log::{Checkpoint, Consistency, Note, Proof, TreeHead, VerifierKey, WitnessKey};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::folder::sound_log;

/// Requests are the same wherever the octets are split; what is taken for one is written and read again alike; what is
/// refused is refused in few words.
pub fn control_frames(octets: &[u8]) {
    let whole = messages::<Envelope>(std::iter::once(octets));
    let single = messages::<Envelope>(octets.chunks(1));
    assert_eq!(whole, single);
}

/// As [`control_frames`], for what somebody answers who sits at the daemon's socket.
pub fn answers(octets: &[u8]) {
    let whole = messages::<Answer>(std::iter::once(octets));
    let single = messages::<Answer>(octets.chunks(1));
    assert_eq!(whole, single);
}

/// Every message as it would be written again, or the refusal, as far as the stream stays in step.
fn messages<'a, M: Serialize + DeserializeOwned + Debug>(
    pieces: impl Iterator<Item = &'a [u8]>,
) -> Vec<String> {
    let mut decoder = Decoder::new();
    let mut heard = Vec::new();
    for piece in pieces {
        let mut rest = piece;
        while !rest.is_empty() {
            let taken = decoder.feed(rest);
            rest = &rest[taken..];
            loop {
                match decoder.next_message::<M>() {
                    Ok(Some(message)) => heard.push(written_again(&message)),
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

fn written_again<M: Serialize + DeserializeOwned>(message: &M) -> String {
    let written = frame::encode(message).expect("what came in a frame fits one");
    let read: Option<M> = frame::read(&mut &written[..]).expect("our own frame");
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
