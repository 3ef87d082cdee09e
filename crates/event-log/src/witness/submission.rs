//! A submission: the body of `add-checkpoint` (C2SP tlog-witness).
//!
//! ```text
//! old SIZE                  decimal, the tree that the witness has vouched for
//! BASE64(hash 32)           the consistency proof from there, a line each, at most 63
//!
//! the signed checkpoint
//! ```

use std::fmt;
use std::str::FromStr;

use super::Declined;
use crate::checkpoint::decimal;
use crate::consistency::Consistency;
use crate::note::Note;

/// A checkpoint, and the proof that it goes on from one of the old size.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Submission {
    /// Leaves of the tree that the witness has vouched for.
    pub old: u64,
    /// The proof from there.
    pub proof: Consistency,
    /// The signed checkpoint.
    pub note: Note,
}

impl Submission {
    fn parse(text: &str) -> Option<Self> {
        let (old, rest) = text.strip_prefix(OLD)?.split_once('\n')?;
        let (proof, note) = if let Some(note) = rest.strip_prefix('\n') {
            ("", note)
        } else {
            rest.split_once("\n\n")?
        };
        let is_whole = proof.is_empty() || !proof.split('\n').any(str::is_empty);
        let proof = Consistency::from_lines(proof.split('\n').filter(|line| !line.is_empty()));
        Some(Self {
            old: decimal(old)?,
            proof: proof.filter(|_| is_whole)?,
            note: note.parse().ok()?,
        })
    }
}

impl fmt::Display for Submission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{OLD}{}\n{}\n{}", self.old, self.proof, self.note)
    }
}

impl FromStr for Submission {
    type Err = Declined;

    fn from_str(text: &str) -> Result<Self, Declined> {
        Self::parse(text).ok_or(Declined::Form)
    }
}

const OLD: &str = "old ";

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NOTE: &str = "example.com/log\n7\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n— example.com/log AAAAAAAA\n";
    const HASH: &str = "PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=\n";

    #[test]
    fn a_submission_is_this_text() {
        for (old, hashes) in [(0, ""), (5, HASH)] {
            let text = format!("old {old}\n{hashes}\n{NOTE}");
            let submission: Submission = text.parse().unwrap();
            assert_eq!((submission.old, submission.to_string()), (old, text));
        }
    }

    proptest! {
        /// Of every submission there is one way to write it: whatever is read is written the same.
        #[test]
        fn whatever_is_read_is_written_the_same(at in 0_usize..250, to in any::<char>(), hashes in 0_usize..3) {
            let text = format!("old 5\n{}\n{NOTE}", HASH.repeat(hashes));
            let mut changed: Vec<char> = text.chars().collect();
            if let Some(character) = changed.get_mut(at) {
                *character = to;
            }
            let changed: String = changed.into_iter().collect();
            if let Ok(submission) = changed.parse::<Submission>() {
                prop_assert_eq!(submission.to_string(), changed);
            }
        }
    }

    #[test]
    fn other_texts_are_none() {
        for text in [
            String::new(),
            format!("old 05\n\n{NOTE}"),
            format!("old -5\n\n{NOTE}"),
            format!("old 5 \n\n{NOTE}"),
            format!("Old 5\n\n{NOTE}"),
            format!("old 5\nAAAA\n\n{NOTE}"),
            format!("old 5\n{NOTE}"),
            format!("old 5\r\n\r\n{NOTE}"),
            format!("old 5\n{}\n{NOTE}", HASH.repeat(64)),
            format!("old 5\n\n{}", NOTE.trim_end()),
            "old 5\n\n".to_owned(),
        ] {
            assert!(text.parse::<Submission>().is_err(), "{text:?}");
        }
    }
}
