//! The tree: RFC 6962 Merkle tree over the records, kept as its frontier.

use sha2::{Digest, Sha256};

use crate::short_hash::sha256;

/// A SHA-256.
pub(crate) type Hash = [u8; 32];

/// The roots of the complete subtrees that make up a tree, largest first: one for each bit that is set in its size.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tree {
    size: u64,
    frontier: Vec<Hash>,
}

/// Subtrees in a frontier: one a bit of a 64-bit size.
pub(crate) const FRONTIER_MAX: usize = 64;

impl Tree {
    /// The tree without leaves.
    pub(crate) const fn new() -> Self {
        Self {
            size: 0,
            frontier: Vec::new(),
        }
    }

    /// A tree of this size with these subtrees; `None` if their number does not fit the size.
    pub(crate) fn from_frontier(size: u64, frontier: Vec<Hash>) -> Option<Self> {
        let expected = usize::try_from(size.count_ones()).ok()?;
        (frontier.len() == expected).then_some(Self { size, frontier })
    }

    /// Leaves in it.
    pub(crate) const fn size(&self) -> u64 {
        self.size
    }

    /// The subtrees, largest first.
    pub(crate) fn frontier(&self) -> &[Hash] {
        &self.frontier
    }

    /// The same with the level and number of each, as if the tree were cut into subtrees of that level.
    pub(crate) fn numbered_frontier(&self) -> impl Iterator<Item = ((u32, u64), Hash)> + '_ {
        let set = |level: &u32| self.size >> level & 1 == 1;
        let levels = (0..u64::BITS).rev().filter(set);
        // Everything larger lies before it.
        let numbered = levels.map(|level| (level, (self.size >> level) - 1));
        numbered.zip(self.frontier.iter().copied())
    }

    /// Adds a leaf, given by its hash.
    pub(crate) fn push(&mut self, leaf: Hash) {
        self.push_noting(leaf, &mut |_, _| {});
    }

    /// Adds a leaf and tells of each subtree that it completes: the level, from 1, and the root.
    pub(crate) fn push_noting(&mut self, leaf: Hash, note: &mut dyn FnMut(u32, Hash)) {
        let mut right = leaf;
        // Each trailing 1 of the old size is a subtree as large as what is carried.
        for level in 1..=self.size.trailing_ones() {
            if let Some(left) = self.frontier.pop() {
                right = node(&left, &right);
                note(level, right);
            }
        }
        self.frontier.push(right);
        self.size = self.size.saturating_add(1);
    }

    /// The root; of no leaves it is the hash of nothing.
    pub(crate) fn root(&self) -> Hash {
        let mut subtrees = self.frontier.iter().rev();
        let Some(smallest) = subtrees.next() else {
            return Sha256::digest([]).into();
        };
        subtrees.fold(*smallest, |right, left| node(left, &right))
    }
}

/// The root of as many leaves, or neighbouring subtrees of one size, as a power of two says.
pub(crate) fn complete_root(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => Hash::default(),
        [leaf] => *leaf,
        more => {
            let (left, right) = more.split_at(more.len() / 2);
            node(&complete_root(left), &complete_root(right))
        }
    }
}

/// RFC 6962, 2.1: `SHA-256(0x01 ‖ left ‖ right)`.
pub(crate) fn node(left: &Hash, right: &Hash) -> Hash {
    sha256([&[NODE_MARK], left, right])
}

const NODE_MARK: u8 = 1;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// RFC 6962, 2.1, word for word.
    fn by_definition(leaves: &[Hash]) -> Hash {
        match leaves {
            [] => Sha256::digest([]).into(),
            [leaf] => *leaf,
            more => {
                let split = more.len().next_power_of_two() / 2;
                node(
                    &by_definition(&more[..split]),
                    &by_definition(&more[split..]),
                )
            }
        }
    }

    fn leaf(data: &[u8]) -> Hash {
        let mut digest = Sha256::new();
        digest.update([0]);
        digest.update(data);
        digest.finalize().into()
    }

    fn hex(hash: Hash) -> String {
        hash.iter().map(|octet| format!("{octet:02x}")).collect()
    }

    /// The eight leaves every implementation of certificate transparency is tried with.
    #[test]
    fn the_known_roots_come_out() {
        let leaves: [&[u8]; 8] = [
            b"",
            b"\x00",
            b"\x10",
            b"\x20\x21",
            b"\x30\x31",
            b"\x40\x41\x42\x43",
            b"\x50\x51\x52\x53\x54\x55\x56\x57",
            b"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f",
        ];
        let roots = [
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
            "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
            "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
            "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
            "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
        ];
        let mut tree = Tree::new();
        assert_eq!(hex(tree.root()), roots[0]);
        for (data, root) in leaves.iter().zip(&roots[1..]) {
            tree.push(leaf(data));
            assert_eq!(hex(tree.root()), *root);
        }
    }

    #[test]
    fn the_subtrees_of_a_frontier_have_their_numbers() {
        let mut tree = Tree::new();
        (0..13).for_each(|at| tree.push([at; 32]));
        let numbers: Vec<_> = tree.numbered_frontier().map(|(number, _)| number).collect();
        // Records 0 to 7, 8 to 11, 12.
        assert_eq!(numbers, [(3, 0), (2, 2), (0, 12)]);
    }

    proptest! {
        #[test]
        fn the_frontier_agrees_with_the_definition(count in 0_usize..200, cut in 0_usize..200) {
            let leaves: Vec<Hash> = (0..count).map(|at| leaf(&at.to_be_bytes())).collect();
            let mut tree = Tree::new();
            for (at, hash) in leaves.iter().enumerate() {
                if at == cut {
                    tree = Tree::from_frontier(tree.size(), tree.frontier().to_vec()).unwrap();
                }
                tree.push(*hash);
            }
            prop_assert_eq!(tree.root(), by_definition(&leaves));
            prop_assert_eq!(tree.frontier().len(), usize::try_from(tree.size().count_ones()).unwrap());
        }
    }
}
