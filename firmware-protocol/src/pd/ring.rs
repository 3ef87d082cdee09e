//! A queue of fixed length.

/// First in, first out, at most `N`.
pub(super) struct Ring<T, const N: usize> {
    slots: [Option<T>; N],
    first: usize,
    len: usize,
}

impl<T, const N: usize> Ring<T, N> {
    pub(super) const fn new() -> Self {
        Self {
            slots: [const { None }; N],
            first: 0,
            len: 0,
        }
    }

    /// Appends `item`, or gives it back if the ring is full.
    pub(super) fn push(&mut self, item: T) -> Result<(), T> {
        let at = self.wrapped(self.len);
        match self.slots.get_mut(at) {
            Some(slot @ None) if self.len < N => {
                *slot = Some(item);
                self.len += 1;
                Ok(())
            }
            _ => Err(item),
        }
    }

    /// Takes the oldest item.
    pub(super) fn pop(&mut self) -> Option<T> {
        let item = self.slots.get_mut(self.first).and_then(Option::take)?;
        self.first = self.wrapped(1);
        self.len = self.len.saturating_sub(1);
        Some(item)
    }

    pub(super) const fn len(&self) -> usize {
        self.len
    }

    pub(super) const fn room(&self) -> usize {
        N - self.len
    }

    /// The slot `by` places behind the first.
    fn wrapped(&self, by: usize) -> usize {
        (self.first + by).checked_rem(N).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::Ring;

    #[test]
    fn a_ring_keeps_the_order_and_its_limit() {
        let mut ring: Ring<u8, 3> = Ring::new();
        for round in 0..5 {
            assert_eq!(ring.push(round), Ok(()));
            assert_eq!(ring.push(round + 10), Ok(()));
            assert_eq!(ring.push(round + 20), Ok(()));
            assert_eq!((ring.push(99), ring.room()), (Err(99), 0));
            let all = [ring.pop(), ring.pop(), ring.pop(), ring.pop()];
            assert_eq!(all, [Some(round), Some(round + 10), Some(round + 20), None]);
            assert_eq!(ring.push(1), Ok(()));
            assert_eq!(ring.pop(), Some(1));
        }
    }
}
