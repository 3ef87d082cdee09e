//! Cosignatures: a witness's word that a checkpoint goes on from all it has seen of that log (C2SP tlog-cosignature, v1).
//!
//! ```text
//! signed       "cosignature/v1\ntime SECONDS\n" ‖ the checkpoint's text
//! signature    SECONDS u64 big-endian ‖ Ed25519 signature 64
//! key id       first 4 octets of SHA-256(NAME ‖ newline ‖ 0x04 ‖ public key)
//! verifier key NAME+KEY-ID+BASE64(0x04 ‖ public key)
//! ```

use std::fmt;
use std::str::FromStr;

use access::UtcMicros;
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};

use crate::note::{KeyId, Line, Note, NoteError, key_id, named, read_key, write_key, write_line};

/// A witness that signs: a name and an Ed25519 key of its own.
pub struct Cosigner {
    name: String,
    key: SigningKey,
}

impl Cosigner {
    /// The witness of this name with this seed, which no other witness has.
    ///
    /// # Errors
    /// [`NoteError::Name`].
    pub fn new(name: &str, seed: &[u8; 32]) -> Result<Self, NoteError> {
        Ok(Self {
            name: named(name)?.to_owned(),
            key: SigningKey::from_bytes(seed),
        })
    }

    /// By what its cosignatures are checked.
    #[must_use]
    pub fn verifier(&self) -> WitnessKey {
        WitnessKey {
            name: self.name.clone(),
            key: self.key.verifying_key(),
        }
    }

    /// The line of a note, newline included, by which it vouches for the note's text at this time.
    #[must_use]
    pub fn cosign(&self, note: &Note, now: UtcMicros) -> String {
        let seconds = u64::try_from(now.micros() / MICROS_A_SECOND).unwrap_or(0);
        let signed = signed_text(note.claimed_text(), seconds);
        let signature = self.key.sign(signed.as_bytes()).to_bytes();
        let octets = [seconds.to_be_bytes().as_slice(), &signature].concat();
        write_line(&self.name, self.verifier().id(), &octets)
    }
}

/// A witness's verifier key: what pins a witness.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WitnessKey {
    name: String,
    key: VerifyingKey,
}

/// A cosignature that was checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cosigned {
    /// When the witness signed, by its own clock, in whole seconds.
    pub time: UtcMicros,
}

impl WitnessKey {
    /// The witness's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The newest cosignature of this witness that a note carries.
    ///
    /// # Errors
    /// [`NoteError::Unsigned`] if it carries none, [`NoteError::Signature`] if none is right.
    pub fn check(&self, note: &Note) -> Result<Cosigned, NoteError> {
        self.newest_line(note).map(|(cosigned, _)| cosigned)
    }

    /// The same, with its line.
    pub(crate) fn newest_line<'a>(
        &self,
        note: &'a Note,
    ) -> Result<(Cosigned, &'a Line), NoteError> {
        let mut lines = note.lines().iter().filter(|line| self.is_of(line));
        let first = lines.next().ok_or(NoteError::Unsigned)?;
        let checked = |line: &'a Line| {
            let time = self.time_of(line, note.claimed_text())?;
            Some((Cosigned { time }, line))
        };
        let newest = std::iter::once(first).chain(lines).filter_map(checked);
        newest
            .max_by_key(|(cosigned, _)| cosigned.time)
            .ok_or(NoteError::Signature)
    }

    /// Whether a line of a note says that it is by this key.
    pub(crate) fn is_of(&self, line: &Line) -> bool {
        line.name == self.name && line.id == self.id()
    }

    fn time_of(&self, line: &Line, text: &str) -> Option<UtcMicros> {
        let (seconds, signature) = line.signature.split_first_chunk::<8>()?;
        let seconds = u64::from_be_bytes(*seconds);
        let signature = Signature::from_slice(signature).ok()?;
        let signed = signed_text(text, seconds);
        let verified = self.key.verify_strict(signed.as_bytes(), &signature);
        let micros = i64::try_from(seconds).ok()?.checked_mul(MICROS_A_SECOND)?;
        verified.ok().map(|()| UtcMicros::from_micros(micros))
    }

    fn id(&self) -> KeyId {
        key_id(&self.name, COSIGNATURE_V1, &self.key)
    }
}

impl fmt::Display for WitnessKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&write_key(&self.name, COSIGNATURE_V1, &self.key))
    }
}

impl FromStr for WitnessKey {
    type Err = NoteError;

    fn from_str(text: &str) -> Result<Self, NoteError> {
        let (name, key) = read_key(text, COSIGNATURE_V1)?;
        Ok(Self { name, key })
    }
}

fn signed_text(text: &str, seconds: u64) -> String {
    format!("cosignature/v1\ntime {seconds}\n{text}")
}

/// The algorithm's octet in key ids and verifier keys.
const COSIGNATURE_V1: u8 = 4;
const MICROS_A_SECOND: i64 = 1_000_000;

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;
    use key_store::Key32;

    use super::*;
    use crate::note::{Signer, VerifierKey};

    const TEXT: &str =
        "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";

    fn note() -> Note {
        let log = Signer::new("example.com/behind-the-sofa", &Key32::new([7; 32]));
        log.sign(TEXT).parse().unwrap()
    }

    fn witness() -> Cosigner {
        Cosigner::new("witness.example.com/w1", &[9; 32]).unwrap()
    }

    fn at(seconds: i64) -> UtcMicros {
        UtcMicros::from_micros(seconds * MICROS_A_SECOND)
    }

    fn cosigned(now: UtcMicros) -> Note {
        let line = witness().cosign(&note(), now);
        format!("{}{line}", note()).parse().unwrap()
    }

    #[test]
    fn a_cosignature_is_these_octets() {
        let seconds = 1_679_315_147;
        let line = witness().cosign(&note(), at(seconds));
        let (start, octets) = line.trim_end().rsplit_once(' ').unwrap();
        assert_eq!(start, "— witness.example.com/w1");
        assert_eq!(
            octets,
            "S9x+qgAAAABkGFDLSEwbtADY9t5XeSzDTVuiqYN5nZfoc9NQOUgkPYm4wwjIUL68Nczz1tpzCjnpmnRXttgqVVwOg3WfE7AXqa+DAg==",
            "frozen"
        );
        let octets = STANDARD.decode(octets).unwrap();
        assert_eq!(octets.len(), 4 + 8 + 64);
        assert_eq!(octets[4..12], 1_679_315_147_u64.to_be_bytes());
        let signed = format!("cosignature/v1\ntime 1679315147\n{TEXT}");
        let signature = Signature::from_slice(&octets[12..]).unwrap();
        let key = SigningKey::from_bytes(&[9; 32]).verifying_key();
        key.verify_strict(signed.as_bytes(), &signature).unwrap();
    }

    #[test]
    fn a_cosignature_is_believed_from_its_witness_and_for_its_text_only() {
        let key = witness().verifier();
        let note = cosigned(at(1_679_315_147));
        let time = at(1_679_315_147);
        assert_eq!(key.check(&note), Ok(Cosigned { time }));
        let other = Cosigner::new("witness.example.com/w1", &[8; 32]).unwrap();
        assert_eq!(other.verifier().check(&note), Err(NoteError::Unsigned));
        let changed: Note = note
            .to_string()
            .replace("20852163", "20852164")
            .parse()
            .unwrap();
        assert_eq!(key.check(&changed), Err(NoteError::Signature));
        assert!(
            TEXT.ends_with('\n') && note.to_string().ends_with('\n'),
            "the signed text has its newline"
        );
    }

    #[test]
    fn of_several_the_newest_counts_and_a_wrong_one_does_not() {
        let note = cosigned(at(50));
        let newer = witness().cosign(&note, at(60));
        let wrong = witness().cosign(&"other\n\n— a AAAAAAA=\n".parse().unwrap(), at(70));
        let all: Note = format!("{note}{newer}{wrong}").parse().unwrap();
        assert_eq!(
            witness().verifier().check(&all),
            Ok(Cosigned { time: at(60) })
        );
    }

    #[test]
    fn every_changed_octet_of_a_cosignature_is_found() {
        let note = cosigned(at(1_000));
        let [_, line] = note.lines() else {
            panic!("two lines")
        };
        for at in 0..line.signature.len() {
            let mut changed = line.clone();
            changed.signature[at] ^= 1;
            let changed = Note::new(TEXT.to_owned(), vec![changed]);
            assert_eq!(
                witness().verifier().check(&changed),
                Err(NoteError::Signature),
                "octet {at}"
            );
        }
    }

    #[test]
    fn a_witnesss_key_is_told_from_a_logs() {
        let text = witness().verifier().to_string();
        assert_eq!(text.parse(), Ok(witness().verifier()));
        assert_eq!(text.parse::<VerifierKey>(), Err(NoteError::Algorithm));
        let log = Signer::new("a", &Key32::new([7; 32]))
            .verifier()
            .to_string();
        assert_eq!(log.parse::<WitnessKey>(), Err(NoteError::Algorithm));
    }
}
