//! Consistency proofs: that a tree goes on from an earlier one, shown by a few hashes (RFC 6962, 2.1.2).

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::tree::{Hash, Tree, node};

/// The hashes by which somebody who knows the root of an earlier tree finds that a later one goes on from it. Nothing of it
/// is to be believed before [`Consistency::check`].
///
/// As text each hash is a line of base64.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Consistency {
    hashes: Vec<Hash>,
}

/// The hashes do not lead from the one tree to the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Inconsistent;

/// Hashes of the longest proof (C2SP tlog-witness).
pub const CONSISTENCY_HASHES_MAX: usize = 63;

impl Consistency {
    /// A proof of these hashes.
    pub(crate) const fn new(hashes: Vec<Hash>) -> Self {
        Self { hashes }
    }

    /// The hashes as they are written, without line ends.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        self.hashes
            .iter()
            .map(|hash| STANDARD.encode(hash))
            .collect()
    }

    /// The proof that these lines are; `None` for a line that is no hash, and for too many.
    #[must_use]
    pub fn from_lines<'a>(lines: impl IntoIterator<Item = &'a str>) -> Option<Self> {
        let hash = |line| STANDARD.decode(line).ok()?.try_into().ok();
        let lines = lines.into_iter().take(CONSISTENCY_HASHES_MAX + 1);
        let hashes: Vec<Hash> = lines.map(hash).collect::<Option<_>>()?;
        (hashes.len() <= CONSISTENCY_HASHES_MAX).then_some(Self { hashes })
    }

    /// Whether the later tree, of so many leaves with this root, goes on from the earlier one (RFC 9162, 2.1.4.2). Between a
    /// tree and itself, and from the empty one, the proof has no hash.
    ///
    /// # Errors
    /// [`Inconsistent`].
    pub fn check(
        &self,
        (old, old_root): (u64, Hash),
        (new, new_root): (u64, Hash),
    ) -> Result<(), Inconsistent> {
        let holds = match old.cmp(&new) {
            Ordering::Greater => false,
            Ordering::Equal => self.hashes.is_empty() && old_root == new_root,
            Ordering::Less if old == 0 => self.hashes.is_empty() && old_root == Tree::new().root(),
            Ordering::Less => self.roots((old, old_root), new) == Some((old_root, new_root)),
        };
        if holds { Ok(()) } else { Err(Inconsistent) }
    }

    /// The two roots that the hashes lead to, for 0 < old < new.
    fn roots(&self, (old, old_root): (u64, Hash), new: u64) -> Option<(Hash, Hash)> {
        let mut hashes = self.hashes.iter();
        // An old tree that is one complete subtree is where the way begins, and is known.
        let begin = if old.is_power_of_two() {
            old_root
        } else {
            *hashes.next()?
        };
        let whole = (old - 1).trailing_ones();
        let (mut at, mut last) = ((old - 1) >> whole, (new - 1) >> whole);
        let (mut of_old, mut of_new) = (begin, begin);
        for hash in hashes {
            if last == 0 {
                return None;
            }
            if at & 1 == 1 || at == last {
                of_old = node(hash, &of_old);
                of_new = node(hash, &of_new);
                while at & 1 == 0 && at != 0 {
                    (at, last) = (at >> 1, last >> 1);
                }
            } else {
                of_new = node(&of_new, hash);
            }
            (at, last) = (at >> 1, last >> 1);
        }
        (last == 0).then_some((of_old, of_new))
    }
}

impl fmt::Display for Consistency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.lines()
            .iter()
            .try_for_each(|line| writeln!(f, "{line}"))
    }
}

impl FromStr for Consistency {
    type Err = Inconsistent;

    fn from_str(text: &str) -> Result<Self, Inconsistent> {
        Self::from_lines(text.lines()).ok_or(Inconsistent)
    }
}

impl fmt::Display for Inconsistent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the proof does not lead from the earlier tree to the later one")
    }
}

impl std::error::Error for Inconsistent {}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::short_hash::sha256;

    const LEAVES: usize = 100;

    fn leaves() -> Vec<Hash> {
        (0..LEAVES)
            .map(|at| sha256([&[0][..], &at.to_be_bytes()]))
            .collect()
    }

    fn root(leaves: &[Hash]) -> Hash {
        let mut tree = Tree::new();
        leaves.iter().for_each(|leaf| tree.push(*leaf));
        tree.root()
    }

    /// RFC 6962, 2.1.2, word for word.
    fn by_definition(old: usize, leaves: &[Hash], is_known: bool) -> Vec<Hash> {
        if old == leaves.len() {
            return if is_known {
                Vec::new()
            } else {
                vec![root(leaves)]
            };
        }
        let (left, right) = leaves.split_at(leaves.len().next_power_of_two() / 2);
        if old <= left.len() {
            let mut hashes = by_definition(old, left, is_known);
            hashes.push(root(right));
            return hashes;
        }
        let mut hashes = by_definition(old - left.len(), right, false);
        hashes.push(root(left));
        hashes
    }

    /// A proof, the old tree, the new tree.
    fn case(old: usize, new: usize) -> (Consistency, (u64, Hash), (u64, Hash)) {
        let leaves = leaves();
        let hashes = if old == 0 {
            Vec::new()
        } else {
            by_definition(old, &leaves[..new], true)
        };
        let head = |size: usize| (u64::try_from(size).unwrap(), root(&leaves[..size]));
        (Consistency::new(hashes), head(old), head(new))
    }

    #[test]
    fn every_growth_up_to_a_hundred_leaves_is_shown_and_no_changed_hash_is_taken() {
        for new in 0..=LEAVES {
            for old in 0..=new {
                let (proof, from, to) = case(old, new);
                assert_eq!(proof.check(from, to), Ok(()), "{old} to {new}");
                assert_eq!(proof.to_string().parse(), Ok(proof.clone()));
                for at in 0..proof.hashes.len() {
                    let mut changed = proof.clone();
                    changed.hashes[at][31] ^= 1;
                    assert_eq!(changed.check(from, to), Err(Inconsistent), "{old} to {new}");
                    changed.hashes.remove(at);
                    assert_eq!(changed.check(from, to), Err(Inconsistent), "{old} to {new}");
                }
                let mut longer = proof.clone();
                longer.hashes.push([0; 32]);
                assert_eq!(longer.check(from, to), Err(Inconsistent), "{old} to {new}");
            }
        }
    }

    #[test]
    fn nothing_shrinks() {
        let (proof, from, to) = case(40, 90);
        assert_eq!(proof.check(to, from), Err(Inconsistent));
        assert_eq!(Consistency::default().check(to, from), Err(Inconsistent));
        // Not even to a tree of the same root, which only somebody who signs anything would say.
        let (_, (_, root), _) = case(2, 2);
        let shrunk = Consistency::default().check((2, root), (1, root));
        assert_eq!(shrunk, Err(Inconsistent));
        let why = "the proof does not lead from the earlier tree to the later one";
        assert_eq!(Inconsistent.to_string(), why);
    }

    #[test]
    fn too_many_hashes_are_no_proof() {
        let line = STANDARD.encode([1; 32]);
        let lines = |count| vec![line.as_str(); count];
        assert!(Consistency::from_lines(lines(63)).is_some());
        assert!(Consistency::from_lines(lines(64)).is_none());
        assert!(Consistency::from_lines(["AAAA"]).is_none());
    }

    proptest! {
        /// Neither of the two roots can be another one.
        #[test]
        fn no_other_tree_is_taken(
            sizes in (1_usize..=LEAVES, 1_usize..=LEAVES),
            flip in (0_usize..64, 0_u8..8),
        ) {
            let (old, new) = (sizes.0.min(sizes.1), sizes.0.max(sizes.1));
            let (proof, from, to) = case(old, new);
            let mut roots = [from.1, to.1];
            roots[flip.0 / 32][flip.0 % 32] ^= 1 << flip.1;
            prop_assert!(proof.check((from.0, roots[0]), (to.0, roots[1])).is_err());
        }
    }
}
