//! The output buffer being filled, octet run by octet run, without ever writing past its end.

/// A buffer and how far it is filled.
pub(crate) struct Outlet<'a> {
    out: &'a mut [u8],
    filled: usize,
}

/// The buffer was too small: how many octets were needed and how many it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Full {
    pub(crate) needed: usize,
    pub(crate) room: usize,
}

impl<'a> Outlet<'a> {
    pub(crate) fn new(out: &'a mut [u8]) -> Self {
        Self { out, filled: 0 }
    }

    /// Appends `octets`, all or none.
    pub(crate) fn put(&mut self, octets: &[u8]) -> Result<(), Full> {
        let needed = self.filled.saturating_add(octets.len());
        let room = self.out.len();
        let slot = self
            .out
            .get_mut(self.filled..needed)
            .ok_or(Full { needed, room })?;
        copy(octets, slot);
        self.filled = needed;
        Ok(())
    }

    /// What has been written so far.
    pub(crate) fn written(&mut self) -> &mut [u8] {
        self.out.get_mut(..self.filled).unwrap_or_default()
    }

    pub(crate) fn filled(&self) -> usize {
        self.filled
    }
}

/// Copies as many octets as both have, without the panic that `copy_from_slice` has for unequal lengths.
pub(crate) fn copy(from: &[u8], to: &mut [u8]) {
    for (slot, octet) in to.iter_mut().zip(from) {
        *slot = *octet;
    }
}

#[cfg(test)]
mod tests {
    use super::{Full, Outlet};

    #[test]
    fn a_run_that_does_not_fit_writes_nothing() {
        let mut buffer = [0u8; 3];
        let mut outlet = Outlet::new(&mut buffer);
        assert_eq!(outlet.put(&[1, 2]), Ok(()));
        assert_eq!(outlet.put(&[3, 4]), Err(Full { needed: 4, room: 3 }));
        assert_eq!(outlet.written(), [1, 2]);
        assert_eq!(buffer, [1, 2, 0]);
    }
}
