//! Pages: the octets of a file in memory, in pages that copies share until one of them is written. A page of zeros takes no room.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

/// Octets from the first to the last, as a file has them.
#[derive(Clone, Default)]
pub(super) struct Pages {
    /// `None` is a page of zeros. Behind the file's end there are zeros too.
    pages: Vec<Option<Arc<Page>>>,
    len: usize,
}

type Page = [u8; PAGE_LEN];

impl Pages {
    pub(super) fn of(octets: &[u8]) -> Self {
        let mut pages = Self::default();
        pages.write(octets, 0);
        pages
    }

    pub(super) const fn len(&self) -> usize {
        self.len
    }

    /// Reads at `at` until `buf` is full or the file ends; says how many octets that were.
    pub(super) fn read(&self, buf: &mut [u8], at: usize) -> usize {
        let count = buf.len().min(self.len.saturating_sub(at));
        let mut rest = buf.get_mut(..count).unwrap_or_default();
        let mut at = at;
        while !rest.is_empty() {
            let (number, within) = place(at);
            let (here, after) = rest.split_at_mut(rest.len().min(PAGE_LEN - within));
            let page = self.pages.get(number).and_then(Option::as_deref);
            match page.and_then(|page| page.get(within..within + here.len())) {
                Some(octets) => here.copy_from_slice(octets),
                None => here.fill(0),
            }
            at = at.saturating_add(here.len());
            rest = after;
        }
        count
    }

    /// Writes at `at`; what lies between the end and there is zeros.
    pub(super) fn write(&mut self, octets: &[u8], at: usize) {
        let end = at.saturating_add(octets.len());
        if self.len < end {
            self.set_len(end);
        }
        let (mut rest, mut at) = (octets, at);
        while !rest.is_empty() {
            let (number, within) = place(at);
            let (here, after) = rest.split_at(rest.len().min(PAGE_LEN - within));
            if let Some(page) = self.pages.get_mut(number) {
                put(page, here, within);
            }
            at = at.saturating_add(here.len());
            rest = after;
        }
    }

    /// Cuts, or extends with zeros.
    pub(super) fn set_len(&mut self, len: usize) {
        let (whole, within) = place(len);
        self.pages.resize(len.div_ceil(PAGE_LEN), None);
        if len < self.len
            && let Some(Some(last)) = self.pages.get_mut(whole)
        {
            let behind = Arc::make_mut(last).get_mut(within..);
            behind.unwrap_or_default().fill(0);
        }
        self.len = len;
    }

    pub(super) fn to_vec(&self) -> Vec<u8> {
        let mut octets = vec![0; self.len];
        self.read(&mut octets, 0);
        octets
    }
}

/// The same octets give the same, whatever they were before; zeros are skipped, and the length counts them.
impl Hash for Pages {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.len.hash(state);
        for (number, page) in self.pages.iter().enumerate() {
            let page = page.as_deref();
            if let Some(page) = page.filter(|page| !is_zero(page.as_slice())) {
                number.hash(state);
                state.write(page);
            }
        }
    }
}

/// Puts octets into a page.
fn put(page: &mut Option<Arc<Page>>, octets: &[u8], within: usize) {
    let zero = is_zero(octets);
    if zero && (page.is_none() || octets.len() == PAGE_LEN) {
        *page = None;
        return;
    }
    let page = Arc::make_mut(page.get_or_insert_with(|| Arc::new([0; PAGE_LEN])));
    if let Some(here) = page.get_mut(within..within + octets.len()) {
        here.copy_from_slice(octets);
    }
}

/// Whether there are only zeros.
pub(super) fn is_zero(octets: &[u8]) -> bool {
    let mut chunks = octets.chunks(ZEROS.len());
    chunks.all(|chunk| ZEROS.get(..chunk.len()) == Some(chunk))
}

/// The page that an octet lies in, and where in it.
const fn place(at: usize) -> (usize, usize) {
    (at / PAGE_LEN, at % PAGE_LEN)
}

const PAGE_LEN: usize = 4_096;
/// What is compared with.
static ZEROS: [u8; 512] = [0; 512];

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[derive(Clone, Debug)]
    enum Act {
        Write { at: usize, octets: Vec<u8> },
        Length(usize),
    }

    fn act() -> impl Strategy<Value = Act> {
        let at = 0_usize..3 * PAGE_LEN;
        let octets = prop_oneof![
            prop::collection::vec(any::<u8>(), 0..600),
            (0_usize..2 * PAGE_LEN).prop_map(|len| vec![0; len]),
            (0_usize..2 * PAGE_LEN).prop_map(|len| vec![7; len]),
        ];
        prop_oneof![
            3 => (at.clone(), octets).prop_map(|(at, octets)| Act::Write { at, octets }),
            1 => at.prop_map(Act::Length),
        ]
    }

    fn hash_of(pages: &Pages) -> u64 {
        let mut hash = std::hash::DefaultHasher::new();
        pages.hash(&mut hash);
        hash.finish()
    }

    proptest! {
        #[test]
        fn pages_hold_what_a_plain_vector_holds(acts in prop::collection::vec(act(), 1..24), at in 0_usize..4 * PAGE_LEN) {
            let (mut pages, mut plain) = (Pages::default(), Vec::new());
            for act in acts {
                let (copy, before) = (pages.clone(), plain.clone());
                match act {
                    Act::Write { at, octets } => {
                        pages.write(&octets, at);
                        if plain.len() < at + octets.len() {
                            plain.resize(at + octets.len(), 0);
                        }
                        plain[at..at + octets.len()].copy_from_slice(&octets);
                    }
                    Act::Length(len) => {
                        pages.set_len(len);
                        plain.resize(len, 0);
                    }
                }
                prop_assert_eq!(pages.to_vec(), plain.clone());
                prop_assert_eq!(copy.to_vec(), before);
            }
            prop_assert_eq!(pages.len(), plain.len());
            prop_assert_eq!(hash_of(&pages), hash_of(&Pages::of(&plain)));
            let mut buf = [9; 5_000];
            let read = pages.read(&mut buf, at);
            prop_assert_eq!(&buf[..read], plain.get(at..).unwrap_or_default().get(..read).unwrap());
            prop_assert_eq!(read, buf.len().min(plain.len().saturating_sub(at)));
        }
    }
}
