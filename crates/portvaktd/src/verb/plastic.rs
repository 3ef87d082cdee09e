//! Plastic: the number of the card somebody means, written down or shown at a reader.

use std::time::Duration;

use access::ReaderId;
use access::card::{CardBits, CardNumber};
use control::request::card::{CardSource, PRESENT_WAIT_S_MAX};
use control::{Code, Credential, Private, Refusal, Reply};
use register::{ByNumber, Shown};

use crate::bench::ExpectedCard;
use crate::config::{Config, Reader};
use crate::control_server::{Asker, Outlet, Stop, not_found};
use crate::desk::refusal;

/// A card's number, and whether its holder stood at a reader with it (M12).
pub(super) struct Plastic {
    /// The number as readers of this house read it.
    pub(super) number: CardNumber,
    /// The enrolment reader it was shown at.
    pub(super) reader: Option<ReaderId>,
    /// It was named by its number in the stock: nobody says that anybody stood there with it.
    pub(super) by_stock: bool,
}

impl Plastic {
    /// How its number is known. A written number is taken for visitors, too: whoever may issue vouches that the holder
    /// stood there.
    pub(super) fn shown(&self) -> Shown {
        match self.reader {
            Some(reader) => Shown::Presented { reader },
            None if self.by_stock => Shown::ByNumber(ByNumber::EmployeesOnly),
            None => Shown::ByNumber(ByNumber::VisitorsToo),
        }
    }
}

/// The card meant by `source`; waits for one at a reader if that is what it says.
pub(super) async fn find(
    asker: &Asker,
    source: CardSource,
    outlet: &mut Outlet<'_>,
) -> Result<Plastic, Stop> {
    match source {
        CardSource::Credential(credential) => {
            let number = written(&asker.controller.config(), &credential)?;
            Ok(Plastic {
                number,
                reader: None,
                by_stock: false,
            })
        }
        CardSource::Stock(stock) => {
            let desk = &asker.controller.desk;
            let number = desk.ask(move |desk| desk.register.stock_number(stock));
            let number = number.await?.map_err(|cause| refusal(&cause))?;
            Ok(Plastic {
                number,
                reader: None,
                by_stock: true,
            })
        }
        CardSource::Present { reader, wait_s } => presented(asker, &reader, wait_s, outlet).await,
    }
}

/// The number of a card that was written down. Bits are read as the readers of this house would read them.
pub(super) fn written(config: &Config, credential: &Credential) -> Result<CardNumber, Refusal> {
    match credential {
        Credential::Number {
            format,
            facility,
            number,
        } => in_format(config, format, *facility, *number),
        Credential::Raw { hex, bits } => {
            let bits = bits_from(hex, *bits)?;
            let read = config
                .readers
                .iter()
                .filter_map(|reader| reader.formats.read(&bits).ok());
            let formatted = read
                .into_iter()
                .find(|number| matches!(number, CardNumber::Formatted { .. }));
            Ok(formatted.unwrap_or(CardNumber::Raw(bits)))
        }
    }
}

fn in_format(
    config: &Config,
    format: &str,
    facility: u32,
    number: u64,
) -> Result<CardNumber, Refusal> {
    let layout = config
        .layouts()
        .find(|layout| layout.name().as_str() == format)
        .ok_or_else(|| {
            let known: Vec<String> = config
                .layouts()
                .map(|layout| layout.name().to_string())
                .collect();
            not_found("card format", format, known.iter().map(String::as_str))
        })?;
    let bits = layout
        .write(facility, number)
        .map_err(|cause| Refusal::new(Code::Usage, cause))?;
    layout
        .read(&bits)
        .map_err(|cause| Refusal::new(Code::Usage, cause))
}

fn bits_from(hex: &Private, count: u16) -> Result<CardBits, Refusal> {
    let wrong = |what: &str| Refusal::new(Code::Usage, what);
    let digits = hex.expose().as_bytes();
    let octets = digits.chunks(2).map(|pair| match pair {
        [high, low] => Some(nibble(*high)? << 4 | nibble(*low)?),
        _ => None,
    });
    let octets = octets
        .collect::<Option<Vec<u8>>>()
        .ok_or_else(|| wrong("raw bits are pairs of hex digits"))?;
    CardBits::new(&octets, count).map_err(|cause| Refusal::new(Code::Usage, cause))
}

fn nibble(digit: u8) -> Option<u8> {
    char::from(digit)
        .to_digit(16)
        .and_then(|value| u8::try_from(value).ok())
}

/// Waits for the next card at an enrolment reader.
async fn presented(
    asker: &Asker,
    name: &str,
    wait_s: u16,
    outlet: &mut Outlet<'_>,
) -> Result<Plastic, Stop> {
    let config = asker.controller.config();
    let reader = enrolment_reader(&config, name)?;
    let id = asker.controller.names.reader(name);
    let id = id.ok_or_else(|| Refusal::new(Code::NotFound, "the reader has no number"))?;
    let wait_s = wait_s.clamp(1, PRESENT_WAIT_S_MAX);
    let wait = Duration::from_secs(u64::from(wait_s));
    let asked = asker
        .controller
        .site
        .ask(move |bench, now| bench.expect_card(id, now.up + wait))
        .await?;
    let (token, card): ExpectedCard = asked
        .map_err(|cause| Refusal::new(Code::Refused, format_args!("reader \"{name}\": {cause}")))?;
    outlet
        .say(Reply::Waiting {
            reader: name.to_owned(),
            wait_s,
        })
        .await?;
    let bits = tokio::select! {
        card = card => card.ok(),
        () = outlet.left() => {
            asker.controller.site.ask(move |bench, _| bench.cancel(token)).await?;
            return Err(Stop::Gone);
        }
    };
    let bits = bits.ok_or_else(|| {
        Refusal::new(
            Code::Failed,
            format_args!("no card was presented at \"{name}\" within {wait_s} s"),
        )
    })?;
    // They may have stood there for minutes.
    asker.still().await?;
    let read = reader.formats.read(&bits);
    let unread = |cause| {
        Refusal::new(
            Code::Refused,
            format_args!("the card presented at \"{name}\" cannot be read there: {cause}"),
        )
    };
    Ok(Plastic {
        number: read.map_err(unread)?,
        reader: Some(id),
        by_stock: false,
    })
}

fn enrolment_reader<'c>(config: &'c Config, name: &str) -> Result<&'c Reader, Refusal> {
    let enrolment = || config.readers.iter().filter(|reader| reader.enrol);
    let names = || enrolment().map(|reader| reader.name.as_str());
    enrolment()
        .find(|reader| reader.name == name)
        .ok_or_else(|| not_found("enrolment reader", name, names()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hex_is_pairs_of_digits_and_enough_of_them() {
        assert_eq!(
            bits_from(&Private::new("80800080"), 26).unwrap().count(),
            26
        );
        for (hex, count) in [("8080008", 26), ("808000", 26), ("8080zz80", 26), ("æ0", 8)] {
            assert!(bits_from(&Private::new(hex), count).is_err(), "{hex}");
        }
    }
}
