//! Checkpoints: the tree's size and root at a moment, signed (C2SP tlog-checkpoint).
//!
//! ```text
//! ORIGIN
//! SIZE
//! BASE64(ROOT)
//! time_us 1795335243123456
//! epoch 41
//! next BASE64(KEY)
//!
//! — ORIGIN BASE64(key id ‖ signature)
//! — ORIGIN/epoch BASE64(key id ‖ signature)
//! ```
//!
//! The lines behind the root are extensions of ours, signed with the rest; verifiers that do not know them pass over them. The
//! last two stand there where the log has epochs.

use std::fmt::Write;
use std::str::Lines;

use access::UtcMicros;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::note::{Note, NoteError, VerifierKey};
use crate::tree::Hash;

/// What a log says of itself at a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// The log's identity.
    pub origin: String,
    /// Records under it.
    pub size: u64,
    /// The tree's root over them.
    pub root: [u8; 32],
    /// When it was signed, microseconds of UTC.
    pub time: UtcMicros,
    /// The epoch that it seals; `None` in a log without epochs.
    pub epoch: Option<EpochMark>,
}

/// Which epoch a checkpoint seals, and by which key the next one will be sealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EpochMark {
    /// The epoch, from 0.
    pub number: u64,
    /// The Ed25519 public key of the next one.
    pub next_key: [u8; 32],
}

impl Checkpoint {
    /// What is signed.
    pub(crate) fn text(&self) -> String {
        let mut text = String::new();
        // Writing to a String cannot fail.
        let _infallible = write!(
            text,
            "{}\n{}\n{}\n{TIME_MARK}{}\n",
            self.origin,
            self.size,
            STANDARD.encode(self.root),
            self.time.micros()
        );
        if let Some(EpochMark { number, next_key }) = &self.epoch {
            let _infallible = write!(
                text,
                "{EPOCH_MARK}{number}\n{NEXT_MARK}{}\n",
                STANDARD.encode(next_key)
            );
        }
        text
    }

    /// The checkpoint in a note, if the holder of the key signed it.
    ///
    /// # Errors
    /// [`NoteError`], also if the text is no checkpoint of a log of this kind.
    pub fn open(note: &Note, key: &VerifierKey) -> Result<Self, NoteError> {
        Self::parse(note.verify(key)?).ok_or(NoteError::Form)
    }

    fn parse(text: &str) -> Option<Self> {
        let (head, lines) = TreeHead::split(text)?;
        let TreeHead { origin, size, root } = head;
        let rest: Vec<&str> = lines.collect();
        let marked = |mark: &str| rest.iter().find_map(|line| line.strip_prefix(mark));
        let time = UtcMicros::from_micros(marked(TIME_MARK)?.parse().ok()?);
        let epoch = match (marked(EPOCH_MARK), marked(NEXT_MARK)) {
            (None, None) => None,
            (number, next_key) => Some(EpochMark {
                number: number?.parse().ok()?,
                next_key: STANDARD.decode(next_key?).ok()?.try_into().ok()?,
            }),
        };
        Some(Self {
            origin,
            size,
            root,
            time,
            epoch,
        })
    }
}

/// What every checkpoint says, of whatever log: the first three lines (C2SP tlog-checkpoint).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TreeHead {
    /// The log's identity.
    pub origin: String,
    /// Leaves of the tree.
    pub size: u64,
    /// The tree's root over them.
    pub root: [u8; 32],
}

impl TreeHead {
    /// The tree that the holder of the key signed.
    ///
    /// # Errors
    /// [`NoteError`], also if the text is no checkpoint.
    pub fn open(note: &Note, key: &VerifierKey) -> Result<Self, NoteError> {
        Self::parse(note.verify(key)?).ok_or(NoteError::Form)
    }

    /// The tree that a checkpoint's text says, signed by whomever; `None` if it is none.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        Self::split(text).map(|(head, _)| head)
    }

    /// The tree, and the lines behind it.
    fn split(text: &str) -> Option<(Self, Lines<'_>)> {
        let mut lines = text.lines();
        let origin = lines.next().filter(|origin| !origin.is_empty())?.to_owned();
        let size = decimal(lines.next()?)?;
        let root: Hash = STANDARD.decode(lines.next()?).ok()?.try_into().ok()?;
        Some((Self { origin, size, root }, lines))
    }
}

/// One way to write each number: no sign, no leading zero.
pub(crate) fn decimal(text: &str) -> Option<u64> {
    let number: u64 = text.parse().ok()?;
    (number.to_string() == text).then_some(number)
}

const TIME_MARK: &str = "time_us ";
const EPOCH_MARK: &str = "epoch ";
const NEXT_MARK: &str = "next ";

#[cfg(test)]
mod tests {
    use key_store::Key32;

    use super::*;
    use crate::note::Signer;

    fn checkpoint() -> Checkpoint {
        Checkpoint {
            origin: "house.example/portvakt".to_owned(),
            size: 812,
            root: [0xAB; 32],
            time: UtcMicros::from_micros(1_795_335_243_123_456),
            epoch: None,
        }
    }

    #[test]
    fn a_checkpoint_is_this_note() {
        let signer = Signer::new("house.example/portvakt", &Key32::new([7; 32]));
        let note = signer.sign(&checkpoint().text());
        let text = "house.example/portvakt\n812\nq6urq6urq6urq6urq6urq6urq6urq6urq6urq6urq6s=\n\
                    time_us 1795335243123456\n\n— house.example/portvakt ";
        assert!(note.starts_with(text), "{note}");
        assert_eq!(
            Checkpoint::open(&note.parse().unwrap(), &signer.verifier()),
            Ok(checkpoint())
        );
    }

    #[test]
    fn a_checkpoint_names_the_epoch_it_seals() {
        let signer = Signer::new("house.example/portvakt", &Key32::new([7; 32]));
        let epoch = Some(EpochMark {
            number: 41,
            next_key: [1; 32],
        });
        let sealed = Checkpoint {
            epoch,
            ..checkpoint()
        };
        let text = sealed.text();
        let end = "time_us 1795335243123456\nepoch 41\nnext AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=\n";
        assert!(text.ends_with(end), "{text}");
        let note = signer.sign(&text).parse().unwrap();
        assert_eq!(Checkpoint::open(&note, &signer.verifier()), Ok(sealed));
    }

    #[test]
    fn signed_nonsense_is_no_checkpoint() {
        let signer = Signer::new("a", &Key32::new([7; 32]));
        let root = STANDARD.encode([1; 32]);
        let time = "time_us 5\n";
        for text in [
            String::from("\n"),
            format!("a\n01\n{root}\n{time}"),
            format!("a\n+1\n{root}\n{time}"),
            format!("a\n1\nAAAA\n{time}"),
            format!("a\n1\n{root}\n"),
            format!("a\n1\n{root}\ntime_us yesterday\n"),
            format!("a\n1\n{root}\n{time}epoch 1\n"),
            format!("a\n1\n{root}\n{time}next {root}\n"),
            format!("a\n1\n{root}\n{time}epoch 1\nnext AAAA\n"),
        ] {
            let note = signer.sign(&text).parse().unwrap();
            assert_eq!(
                Checkpoint::open(&note, &signer.verifier()),
                Err(NoteError::Form),
                "{text:?}"
            );
        }
    }
}
