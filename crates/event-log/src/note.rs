//! Signed notes: text that anybody with the verifier key can check (C2SP signed-note).
//!
//! A note is its text, which ends with a newline, an empty line, and signature lines
//! `— NAME BASE64(key id ‖ signature)`. A verifier key is `NAME+KEY-ID+BASE64(0x01 ‖ Ed25519 public key)`.

use std::fmt;
use std::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use key_store::Key32;
use sha2::{Digest, Sha256};

/// Who signs: a name and an Ed25519 key.
pub(crate) struct Signer {
    name: String,
    key: SigningKey,
}

impl Signer {
    /// The signer of this name with this seed.
    pub(crate) fn new(name: &str, seed: &Key32) -> Self {
        Self {
            name: name.to_owned(),
            key: SigningKey::from_bytes(seed.as_bytes()),
        }
    }

    /// By what its signatures are verified.
    pub(crate) fn verifier(&self) -> VerifierKey {
        VerifierKey {
            name: self.name.clone(),
            key: self.key.verifying_key(),
        }
    }

    /// The signed note of a text that ends with a newline.
    pub(crate) fn sign(&self, text: &str) -> String {
        format!("{text}\n{}", self.line(&self.signature(text)))
    }

    /// The signature over a text, without a note around it.
    pub(crate) fn signature(&self, text: &str) -> [u8; 64] {
        self.key.sign(text.as_bytes()).to_bytes()
    }

    /// A signature as a line of a note, newline included.
    pub(crate) fn line(&self, signature: &[u8; 64]) -> String {
        write_line(&self.name, self.verifier().id(), signature)
    }
}

/// A verifier key: what pins a log. Written as C2SP signed-note has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifierKey {
    name: String,
    key: VerifyingKey,
}

impl VerifierKey {
    /// The name of the signer; for a log, its origin.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The verifier key of a signer of this name; `None` if the name or the key cannot be one.
    pub(crate) fn from_public(name: &str, public: &[u8; 32]) -> Option<Self> {
        Some(Self {
            name: named(name).ok()?.to_owned(),
            key: VerifyingKey::from_bytes(public).ok()?,
        })
    }

    /// The public key itself.
    pub(crate) fn public(&self) -> [u8; 32] {
        self.key.to_bytes()
    }

    /// Whether this is a signature by this key over a text.
    pub(crate) fn signed(&self, text: &str, signature: &[u8; 64]) -> bool {
        let signature = Signature::from_bytes(signature);
        self.key.verify_strict(text.as_bytes(), &signature).is_ok()
    }

    /// Whether a line of a note says that it is by this key.
    pub(crate) fn is_of(&self, line: &Line) -> bool {
        line.name == self.name && line.id == self.id()
    }

    fn id(&self) -> KeyId {
        key_id(&self.name, ED25519, &self.key)
    }
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&write_key(&self.name, ED25519, &self.key))
    }
}

impl FromStr for VerifierKey {
    type Err = NoteError;

    fn from_str(text: &str) -> Result<Self, NoteError> {
        let (name, key) = read_key(text, ED25519)?;
        Ok(Self { name, key })
    }
}

/// The first 4 octets of `SHA-256(name ‖ newline ‖ algorithm ‖ public key)`.
pub(crate) fn key_id(name: &str, algorithm: u8, key: &VerifyingKey) -> KeyId {
    let mut digest = Sha256::new();
    digest.update(name.as_bytes());
    digest.update([b'\n', algorithm]);
    digest.update(key.as_bytes());
    let hash: [u8; 32] = digest.finalize().into();
    hash.first_chunk().copied().unwrap_or_default()
}

/// `NAME+KEY-ID+BASE64(algorithm ‖ public key)`.
pub(crate) fn write_key(name: &str, algorithm: u8, key: &VerifyingKey) -> String {
    let id = u32::from_be_bytes(key_id(name, algorithm, key));
    let mut octets = vec![algorithm];
    octets.extend(key.as_bytes());
    format!("{name}+{id:08x}+{}", STANDARD.encode(octets))
}

/// The name and the key that such a text gives, for an algorithm over Ed25519.
///
/// # Errors
/// [`NoteError::Key`], [`NoteError::Algorithm`], [`NoteError::Name`], [`NoteError::KeyId`].
pub(crate) fn read_key(text: &str, algorithm: u8) -> Result<(String, VerifyingKey), NoteError> {
    let (name, rest) = text.trim().split_once('+').ok_or(NoteError::Key)?;
    let (id, key) = rest.split_once('+').ok_or(NoteError::Key)?;
    let octets = STANDARD.decode(key).map_err(|_| NoteError::Key)?;
    let (mark, public) = octets.split_first().ok_or(NoteError::Algorithm)?;
    if *mark != algorithm {
        return Err(NoteError::Algorithm);
    }
    let public: [u8; 32] = public.try_into().map_err(|_| NoteError::Key)?;
    let key = VerifyingKey::from_bytes(&public).map_err(|_| NoteError::Key)?;
    let name = named(name)?.to_owned();
    let is_its_id = u32::from_str_radix(id, 16)
        .is_ok_and(|id| id == u32::from_be_bytes(key_id(&name, algorithm, &key)));
    if id.len() == 8 && is_its_id {
        Ok((name, key))
    } else {
        Err(NoteError::KeyId)
    }
}

/// One line of a note, newline included.
pub(crate) fn write_line(name: &str, id: KeyId, signature: &[u8]) -> String {
    let octets = [id.as_slice(), signature].concat();
    format!("{SIGNATURE_MARK}{name} {}\n", STANDARD.encode(octets))
}

/// What tells a key of one name from another.
pub(crate) type KeyId = [u8; 4];

/// A note as read: a text and who is said to have signed it. Nothing of it is to be believed before [`Note::verify`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    text: String,
    signatures: Vec<Line>,
}

/// A signature, and whose it is said to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Line {
    /// The signer's name.
    pub(crate) name: String,
    /// Which of the signer's keys.
    pub(crate) id: KeyId,
    /// What only the holder of the key could write; its form is the algorithm's.
    pub(crate) signature: Vec<u8>,
}

impl Note {
    /// The text, if the holder of this key signed it.
    ///
    /// # Errors
    /// [`NoteError::Unsigned`] if it carries no signature by this key, [`NoteError::Signature`] if that one is wrong.
    pub fn verify(&self, key: &VerifierKey) -> Result<&str, NoteError> {
        let mut lines = self.signatures.iter();
        let line = lines
            .find(|line| key.is_of(line))
            .ok_or(NoteError::Unsigned)?;
        let signature = Signature::from_slice(&line.signature).map_err(|_| NoteError::Signature)?;
        match key.key.verify_strict(self.text.as_bytes(), &signature) {
            Ok(()) => Ok(&self.text),
            Err(_) => Err(NoteError::Signature),
        }
    }
}

impl Note {
    /// A text with signatures, none of them looked at.
    pub(crate) const fn new(text: String, signatures: Vec<Line>) -> Self {
        Self { text, signatures }
    }

    /// The text as it stands there, signed by whomever.
    pub(crate) fn claimed_text(&self) -> &str {
        &self.text
    }

    /// The signatures as they stand there.
    pub(crate) fn lines(&self) -> &[Line] {
        &self.signatures
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.text)?;
        self.signatures
            .iter()
            .try_for_each(|line| f.write_str(&write_line(&line.name, line.id, &line.signature)))
    }
}

impl FromStr for Note {
    type Err = NoteError;

    fn from_str(note: &str) -> Result<Self, NoteError> {
        if note.len() > NOTE_LEN_MAX {
            return Err(NoteError::Long { actual: note.len() });
        }
        let split = note.rfind("\n\n").ok_or(NoteError::Form)?;
        let (text, lines) = note.split_at_checked(split + 1).ok_or(NoteError::Form)?;
        let lines = lines
            .strip_prefix('\n')
            .and_then(|lines| lines.strip_suffix('\n'))
            .ok_or(NoteError::Form)?;
        let signatures = lines
            .split('\n')
            .map(signature_line)
            .collect::<Result<_, _>>()?;
        Ok(Self {
            text: text.to_owned(),
            signatures,
        })
    }
}

fn signature_line(line: &str) -> Result<Line, NoteError> {
    let (name, signature) = line
        .strip_prefix(SIGNATURE_MARK)
        .and_then(|line| line.split_once(' '))
        .ok_or(NoteError::Form)?;
    let octets = STANDARD.decode(signature).map_err(|_| NoteError::Form)?;
    let (id, signature) = octets.split_first_chunk::<4>().ok_or(NoteError::Form)?;
    Ok(Line {
        name: named(name)?.to_owned(),
        id: *id,
        signature: signature.to_vec(),
    })
}

/// A name is not empty and has neither space nor plus.
pub(crate) fn named(name: &str) -> Result<&str, NoteError> {
    let wrong = name.is_empty()
        || name.contains(|character: char| character.is_whitespace() || character == '+');
    if wrong {
        Err(NoteError::Name)
    } else {
        Ok(name)
    }
}

/// Why a note or a key was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoteError {
    /// This is no verifier key.
    Key,
    /// The key's id does not fit the key: it was copied with an error.
    KeyId,
    /// The key is not of the algorithm that is wanted: Ed25519 for a log, cosignatures for a witness.
    Algorithm,
    /// A name with a space or a plus, or none.
    Name,
    /// This is no signed note.
    Form,
    /// The note is longer than any of ours.
    Long {
        /// Its octets.
        actual: usize,
    },
    /// It carries no signature by the key given.
    Unsigned,
    /// The signature by the key given is wrong.
    Signature,
}

impl fmt::Display for NoteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Key => {
                f.write_str("this is no verifier key; one looks like NAME+01234567+BASE64")
            }
            Self::KeyId => {
                f.write_str("the verifier key's id does not fit the key; copy it again, whole")
            }
            Self::Algorithm => f.write_str(
                "the verifier key is of another kind: a log's and a witness's are not the same",
            ),
            Self::Name => f.write_str("a signer's name has no space and no plus, and is not empty"),
            Self::Form => f.write_str("this is no signed note"),
            Self::Long { actual } => write!(
                f,
                "the note has {actual} octets, the limit is {NOTE_LEN_MAX}"
            ),
            Self::Unsigned => f.write_str("the note is not signed by the key given"),
            Self::Signature => f.write_str("the note's signature is wrong"),
        }
    }
}

impl std::error::Error for NoteError {}

const ED25519: u8 = 1;
const SIGNATURE_MARK: &str = "— ";
const NOTE_LEN_MAX: usize = 64 * 1024;

#[cfg(test)]
mod tests {
    use super::*;

    fn signer() -> Signer {
        Signer::new("house.example/portvakt", &Key32::new([7; 32]))
    }

    #[test]
    fn a_note_is_believed_with_its_key_only() {
        let note: Note = signer().sign("text\nmore\n").parse().unwrap();
        assert_eq!(note.verify(&signer().verifier()), Ok("text\nmore\n"));
        let other = Signer::new("house.example/portvakt", &Key32::new([8; 32]));
        assert_eq!(note.verify(&other.verifier()), Err(NoteError::Unsigned));
        let renamed = Signer::new("other.example/portvakt", &Key32::new([7; 32]));
        assert_eq!(note.verify(&renamed.verifier()), Err(NoteError::Unsigned));
    }

    #[test]
    fn a_changed_text_or_signature_is_found() {
        let signed = signer().sign("text\n");
        let changed: Note = signed.replace("text", "next").parse().unwrap();
        assert_eq!(
            changed.verify(&signer().verifier()),
            Err(NoteError::Signature)
        );
    }

    /// The example of C2SP signed-note: the key of the Go checksum database, as it publishes it.
    #[test]
    fn a_published_key_is_read() {
        let text = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8";
        let key: VerifierKey = text.parse().unwrap();
        assert_eq!(key.name(), "sum.golang.org");
        assert_eq!(key.to_string(), text);
    }

    #[test]
    fn a_key_survives_its_text_and_no_other_text_is_one() {
        let text = signer().verifier().to_string();
        assert_eq!(text.parse(), Ok(signer().verifier()));
        assert_eq!(
            text.replacen('+', "x+", 1).parse::<VerifierKey>(),
            Err(NoteError::KeyId)
        );
        for wrong in [
            "",
            "a+b",
            "a+00000000+AAAA",
            "a b+00000000+AAAA",
            &text[..text.len() - 4],
        ] {
            assert!(wrong.parse::<VerifierKey>().is_err(), "{wrong}");
        }
        for wrong in [
            "",
            "text",
            "text\n\n",
            "text\n\n— name\n",
            "text\n\nname AAAA\n",
        ] {
            assert!(wrong.parse::<Note>().is_err(), "{wrong:?}");
        }
    }
}
