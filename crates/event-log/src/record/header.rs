//! The header of a record: clear, hashed, without personal data.
//!
//! ```text
//! 0   class        1
//! 1   flags        1    bits 0–1 clock quality, bit 2 late, others 0
//! 2   time         8    i64 little-endian, microseconds since 1970-01-01T00:00:00Z
//! 10  run          4    u32 little-endian, raised at each opening of the log
//! 14  part count   1    1 to 7
//! 15  lengths      1 each, in units of 16 octets, 2 to 255
//! ```

use access::{ClockQuality, UtcMicros};

use crate::event::Class;

/// A header, decoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Header {
    /// The class of the event.
    pub(crate) class: Class,
    /// How far the time may be believed.
    pub(crate) clock: ClockQuality,
    /// Written after the fact.
    pub(crate) late: bool,
    /// When.
    pub(crate) time: UtcMicros,
    /// The opening of the log in which it was written; part of every nonce.
    pub(crate) run: u32,
    lengths: [u8; PARTS_MAX],
    count: u8,
}

/// Parts of one record.
pub(crate) const PARTS_MAX: usize = 7;
/// Octets in a unit of part length.
pub(crate) const UNIT: usize = 16;
/// Octets of the longest header.
pub(crate) const HEADER_LEN_MAX: usize = FIXED_LEN + PARTS_MAX;

impl Header {
    /// A header for parts of these lengths in octets; `None` if a length is none a part can have, or there are none or too many.
    pub(crate) fn new(
        class: Class,
        time: UtcMicros,
        run: u32,
        part_lens: &[usize],
    ) -> Option<Self> {
        let mut lengths = [0; PARTS_MAX];
        let count = u8::try_from(part_lens.len())
            .ok()
            .filter(|count| *count > 0)?;
        if part_lens.len() > PARTS_MAX {
            return None;
        }
        for (unit, len) in lengths.iter_mut().zip(part_lens) {
            *unit = u8::try_from(len / UNIT)
                .ok()
                .filter(|units| *units >= UNITS_MIN && len % UNIT == 0)?;
        }
        Some(Self {
            class,
            clock: ClockQuality::Unknown,
            late: false,
            time,
            run,
            lengths,
            count,
        })
    }

    /// The same, with what is known of its time.
    pub(crate) const fn dated(self, clock: ClockQuality, late: bool) -> Self {
        Self {
            clock,
            late,
            ..self
        }
    }

    /// Octets of this header.
    pub(crate) fn len(&self) -> usize {
        FIXED_LEN + usize::from(self.count)
    }

    /// The lengths of the parts, in octets, in order.
    pub(crate) fn part_lens(&self) -> impl Iterator<Item = usize> + '_ {
        self.lengths
            .iter()
            .take(usize::from(self.count))
            .map(|units| usize::from(*units) * UNIT)
    }

    /// Octets of all parts together.
    pub(crate) fn body_len(&self) -> usize {
        self.part_lens().sum()
    }

    /// Appends the header's octets.
    pub(crate) fn encode(&self, out: &mut Vec<u8>) {
        let late = if self.late { LATE } else { 0 };
        out.extend([self.class.code(), self.clock.code() | late]);
        out.extend(self.time.micros().to_le_bytes());
        out.extend(self.run.to_le_bytes());
        out.push(self.count);
        out.extend(self.lengths.iter().take(usize::from(self.count)));
    }

    /// Reads the header at the beginning of `octets`; `None` if it is none of this format.
    pub(crate) fn decode(octets: &[u8]) -> Option<Self> {
        let (&[class, flags], rest) = octets.split_first_chunk::<2>()?;
        let (time, rest) = rest.split_first_chunk::<8>()?;
        let (run, rest) = rest.split_first_chunk::<4>()?;
        let (&count, rest) = rest.split_first()?;
        if count == 0 || usize::from(count) > PARTS_MAX || flags & !(CLOCK | LATE) != 0 {
            return None;
        }
        let given = rest.get(..usize::from(count))?;
        if given.iter().any(|units| *units < UNITS_MIN) {
            return None;
        }
        let mut lengths = [0; PARTS_MAX];
        lengths
            .iter_mut()
            .zip(given)
            .for_each(|(to, units)| *to = *units);
        Some(Self {
            class: Class::from_code(class)?,
            clock: ClockQuality::from_code(flags & CLOCK)?,
            late: flags & LATE != 0,
            time: UtcMicros::from_micros(i64::from_le_bytes(*time)),
            run: u32::from_le_bytes(*run),
            lengths,
            count,
        })
    }
}

const FIXED_LEN: usize = 15;
const CLOCK: u8 = 0b11;
const LATE: u8 = 0b100;
/// A part is never under 32 octets, so that its hash fits over it.
const UNITS_MIN: u8 = 2;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_is_these_octets() {
        let time = UtcMicros::from_micros(0x0102_0304_0506_0708);
        let mut header = Header::new(Class::Passage, time, 0x0A0B_0C0D, &[48, 112]).unwrap();
        header.late = true;
        let mut octets = Vec::new();
        header.encode(&mut octets);
        let expected = [
            1, // passage
            7, // clock unknown, late
            8, 7, 6, 5, 4, 3, 2, 1, // time
            0x0D, 0x0C, 0x0B, 0x0A, // run
            2, 3, 7, // two parts: 3 × 16 and 7 × 16
        ];
        assert_eq!(octets, expected);
        assert_eq!(Header::decode(&octets), Some(header));
        assert_eq!(header.len(), octets.len());
        assert_eq!(header.body_len(), 160);
    }

    #[test]
    fn what_cannot_be_is_refused() {
        let time = UtcMicros::from_micros(0);
        for lens in [&[][..], &[16], &[40], &[4_096], &[32; 8]] {
            assert_eq!(Header::new(Class::Door, time, 1, lens), None, "{lens:?}");
        }
        let mut octets = Vec::new();
        Header::new(Class::Door, time, 1, &[32])
            .unwrap()
            .encode(&mut octets);
        for (at, wrong) in [(0, 0), (0, 7), (1, 8), (14, 0), (14, 8), (15, 1)] {
            let mut changed = octets.clone();
            changed[at] = wrong;
            assert_eq!(Header::decode(&changed), None, "octet {at} = {wrong}");
        }
        assert_eq!(Header::decode(&octets[..15]), None);
    }
}
