//! A Wiegand reader behind a converter that pushes ASCII: six hex digits and a carriage return.
//!
//! The converter strips the two parity bits of a 26-bit card, so what arrives is facility and
//! number. Nobody can ask it anything and nothing is protected: whoever has the wire has the card.

use std::io;

use crate::line::Line;
use crate::person::Person;

/// The converter and the reader behind it, alone on their line.
#[derive(Debug)]
pub struct AsciiReader {
    line: Line,
}

impl AsciiReader {
    /// Puts the converter on its line.
    #[must_use]
    pub fn new(line: Line) -> Self {
        Self { line }
    }

    /// Somebody shows their card.
    ///
    /// # Errors
    /// What the kernel says of the line.
    pub fn present(&mut self, person: &Person) -> io::Result<()> {
        self.line.write(&pushed(person.facility, person.number))
    }
}

/// Facility and number as six upper-case hex digits, then CR.
pub(crate) fn pushed(facility: u8, number: u16) -> Vec<u8> {
    format!("{facility:02X}{number:04X}\r").into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_card_is_six_digits_and_a_carriage_return() {
        assert_eq!(pushed(1, 12_345), b"013039\r");
        assert_eq!(pushed(255, 10), b"FF000A\r");
    }
}
