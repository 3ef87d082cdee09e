//! Which piece of plastic is meant: presented at a reader, or given in writing.

use access::StockId;
use clap::Args;
use control::request::card::{CardSource, PRESENT_WAIT_S_MAX};
use control::{Credential, Private};

use crate::failure::Failure;

/// A card's number or bits, given in writing.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct Written {
    /// The card's number, FACILITY:NUMBER, with --format
    #[arg(
        long,
        value_name = "FACILITY:NUMBER",
        requires = "format",
        conflicts_with = "raw"
    )]
    number: Option<String>,
    /// The format of the number
    #[arg(long, value_name = "FORMAT", requires = "number")]
    format: Option<String>,
    /// The card's bits in hex, first bit first, with --bits
    #[arg(long, value_name = "HEX", requires = "bits")]
    raw: Option<String>,
    /// How many bits count
    #[arg(long, value_name = "N", requires = "raw")]
    bits: Option<u16>,
}

impl Written {
    /// What was written, if anything.
    ///
    /// # Errors
    /// [`Failure`] with exit code 2, which does not repeat the number.
    pub(crate) fn credential(&self) -> Result<Option<Credential>, Failure> {
        match (&self.number, &self.format, &self.raw, self.bits) {
            (Some(number), Some(format), _, _) => read_number(number, format),
            (_, _, Some(hex), Some(bits)) => read_raw(hex, bits),
            _ => return Ok(None),
        }
        .map(Some)
        .map_err(Failure::usage)
    }
}

/// The plastic to bind to an issuance.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct Plastic {
    /// Bind the next card presented at this reader
    #[arg(long, value_name = "READER", conflicts_with_all = ["number", "raw"])]
    present: Option<String>,
    /// How long to wait for the card, in seconds
    #[arg(
        long,
        value_name = "SECONDS",
        default_value_t = 60,
        value_parser = clap::value_parser!(u16).range(1..=i64::from(PRESENT_WAIT_S_MAX))
    )]
    wait: u16,
    /// A card of the house, S-…
    #[arg(long, value_name = "S-NUMBER", conflicts_with_all = ["present", "number", "raw"])]
    stock: Option<StockId>,
    /// Given in writing.
    #[command(flatten)]
    written: Written,
}

impl Plastic {
    /// The next card presented at `reader`, within the usual time.
    pub(crate) fn presented_at(reader: String) -> Self {
        Self {
            present: Some(reader),
            wait: 60,
            ..Self::default()
        }
    }

    /// Where the number comes from, if a card was named at all.
    ///
    /// # Errors
    /// [`Failure`] with exit code 2.
    pub(crate) fn source(&self) -> Result<Option<CardSource>, Failure> {
        if let Some(reader) = &self.present {
            let source = CardSource::Present {
                reader: reader.clone(),
                wait_s: self.wait,
            };
            return Ok(Some(source));
        }
        if let Some(stock) = self.stock {
            return Ok(Some(CardSource::Stock(stock)));
        }
        Ok(self.written.credential()?.map(CardSource::Credential))
    }

    /// Where the number comes from, where a card must be named.
    ///
    /// # Errors
    /// [`Failure`] with exit code 2.
    pub(crate) fn wanted(&self) -> Result<CardSource, Failure> {
        self.source()?.ok_or_else(|| Failure::usage(WHICH))
    }
}

const WHICH: &str =
    "which card: --present READER, --stock S-NUMBER, --number with --format, or --raw with --bits";

/// `123:45678` in `format`.
///
/// # Errors
/// What it must look like; the number is not repeated.
pub(crate) fn read_number(text: &str, format: &str) -> Result<Credential, String> {
    let wrong = || "a card number is FACILITY:NUMBER, as in 123:45678".to_owned();
    let (facility, number) = text.trim().split_once(':').ok_or_else(wrong)?;
    Ok(Credential::Number {
        format: format.trim().to_owned(),
        facility: facility.parse().map_err(|_| wrong())?,
        number: number.parse().map_err(|_| wrong())?,
    })
}

/// `bits` bits in hex digits, left-justified.
///
/// # Errors
/// What it must look like; the number is not repeated.
pub(crate) fn read_raw(hex: &str, bits: u16) -> Result<Credential, String> {
    let hex = hex.trim();
    let digits = usize::from(bits).div_ceil(8) * 2;
    if bits == 0 || hex.len() != digits || !hex.bytes().all(|b| b.is_ascii_hexdigit()) {
        return Err(format!(
            "{bits} bits are {digits} hex digits, first bit first"
        ));
    }
    Ok(Credential::Raw {
        hex: Private::new(hex.to_ascii_lowercase()),
        bits,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_facility_and_number() {
        let Ok(Credential::Number {
            format,
            facility,
            number,
        }) = read_number("123:45678", "H10301")
        else {
            panic!("not a number");
        };
        assert_eq!((format.as_str(), facility, number), ("H10301", 123, 45_678));
        for text in [
            "",
            "123",
            "123:",
            ":1",
            "1:2:3",
            "-1:2",
            "1:99999999999999999999",
            "a:b",
        ] {
            let message = read_number(text, "H10301").unwrap_err();
            assert!(text.len() < 5 || !message.contains(text), "{text}");
        }
    }

    #[test]
    fn raw_bits_have_as_many_digits_as_they_need() {
        assert!(read_raw("80020040", 26).is_ok());
        assert!(read_raw("DEADBE", 24).is_ok());
        for (hex, bits) in [
            ("800200", 26),
            ("8002004000", 26),
            ("8002004g", 26),
            ("", 0),
        ] {
            assert!(read_raw(hex, bits).is_err(), "{hex} {bits}");
        }
    }
}
