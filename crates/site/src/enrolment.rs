//! Enrolment: readers where the next card is not to open a door but to be handed to the operator.

use access::ReaderId;
use reader_bus::Uptime;

use crate::error::SiteError;

/// The presentations waited for, at most one a reader.
#[derive(Debug, Default)]
pub(crate) struct Enrolment {
    expected: Vec<Expected>,
}

#[derive(Clone, Copy, Debug)]
struct Expected {
    reader: ReaderId,
    token: u64,
    until: Uptime,
}

impl Enrolment {
    /// Waits for the next card at a reader.
    pub(crate) fn expect(
        &mut self,
        reader: ReaderId,
        token: u64,
        until: Uptime,
    ) -> Result<(), SiteError> {
        if self
            .expected
            .iter()
            .any(|expected| expected.reader == reader)
        {
            return Err(SiteError::AlreadyExpecting { reader });
        }
        self.expected.push(Expected {
            reader,
            token,
            until,
        });
        Ok(())
    }

    /// Waits no more.
    pub(crate) fn cancel(&mut self, token: u64) {
        self.expected.retain(|expected| expected.token != token);
    }

    /// Whom a card shown at this reader is for; asked once.
    pub(crate) fn take(&mut self, reader: ReaderId, up: Uptime) -> Option<u64> {
        let at = self
            .expected
            .iter()
            .position(|expected| expected.reader == reader && up < expected.until)?;
        Some(self.expected.swap_remove(at).token)
    }

    /// One who waited in vain.
    pub(crate) fn expired(&mut self, up: Uptime) -> Option<u64> {
        let at = self
            .expected
            .iter()
            .position(|expected| expected.until <= up)?;
        Some(self.expected.swap_remove(at).token)
    }

    /// When somebody will have waited in vain.
    pub(crate) fn due(&self) -> Option<Uptime> {
        self.expected.iter().map(|expected| expected.until).min()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DESK: ReaderId = ReaderId::new(1);

    fn at(micros: u64) -> Uptime {
        Uptime::from_micros(micros)
    }

    #[test]
    fn one_card_is_taken_once_and_in_time() {
        let mut enrolment = Enrolment::default();
        enrolment.expect(DESK, 7, at(100)).unwrap();
        assert!(enrolment.expect(DESK, 8, at(100)).is_err());
        assert_eq!(enrolment.take(ReaderId::new(2), at(1)), None);
        assert_eq!(enrolment.take(DESK, at(100)), None);
        assert_eq!(enrolment.take(DESK, at(99)), Some(7));
        assert_eq!(enrolment.take(DESK, at(99)), None);
    }

    #[test]
    fn waiting_ends() {
        let mut enrolment = Enrolment::default();
        enrolment.expect(DESK, 7, at(100)).unwrap();
        assert_eq!(
            (enrolment.due(), enrolment.expired(at(99))),
            (Some(at(100)), None)
        );
        assert_eq!(
            (enrolment.expired(at(100)), enrolment.due()),
            (Some(7), None)
        );
        enrolment.expect(DESK, 8, at(200)).unwrap();
        enrolment.cancel(8);
        assert_eq!(enrolment.take(DESK, at(101)), None);
    }
}
