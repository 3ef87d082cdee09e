//! `card last-read`: the bits of a card nobody knows yet, from memory, to whoever may issue it.

use std::fmt::Write as _;

use access::card::{CardBits, CardNumber, ReadError};
use control::reply::last_read::{LastRead, Reading};
use control::{Code, Private, Refusal, Reply};

use crate::config::Config;
use crate::control_server::{Asker, Stop, not_found};

/// What was read last at a reader. That it was asked is durable before it is answered; the bits are in no record.
pub(super) async fn last_read(asker: &Asker, name: String) -> Result<Reply, Stop> {
    let config = asker.controller.config();
    let reader = config.readers.iter().find(|reader| reader.name == name);
    let Some(reader) = reader else {
        let names = config.readers.iter().map(|reader| reader.name.as_str());
        return Err(not_found("reader", &name, names).into());
    };
    let id = asker.controller.names.reader(&name);
    let id = id.ok_or_else(|| Refusal::new(Code::NotFound, "the reader has no number"))?;
    let found = asker
        .controller
        .site
        .ask(move |bench, now| {
            let read = bench.site.last_read(id, now.up).cloned()?;
            Some((now.up.saturating_since(read.at), read))
        })
        .await?;
    let hits = u64::from(found.is_some());
    asker.reading("card-last-read", &name, hits).await?;
    let Some((age, read)) = found else {
        let what = format!(
            "nothing was read at \"{name}\" within the last minute; show the card and ask again"
        );
        return Err(Refusal::new(Code::NotFound, what).into());
    };
    Ok(Reply::LastRead(LastRead {
        reader: name,
        bits: read.bits.count(),
        raw: Private::new(hex(&read.bits)),
        age_s: age.as_secs(),
        live: read.live,
        readings: readings(&config, &reader.format_names, &read.bits),
    }))
}

/// What each format of so many bits makes of them.
fn readings(config: &Config, used: &[String], bits: &CardBits) -> Vec<Reading> {
    let of_its_bits = config.layouts().filter_map(|layout| {
        let number = match layout.read(bits) {
            Ok(CardNumber::Formatted {
                facility, number, ..
            }) => Some(Private::new(format!("{facility}:{number}"))),
            Ok(CardNumber::Raw(_)) | Err(ReadError::Parity) => None,
            Err(ReadError::WrongFormat) => return None,
        };
        let format = layout.name().to_string();
        let used = used.contains(&format);
        Some(Reading {
            format,
            number,
            used,
        })
    });
    of_its_bits.collect()
}

fn hex(bits: &CardBits) -> String {
    bits.bits().iter().fold(String::new(), |mut text, octet| {
        // Writing to a string does not fail.
        write!(text, "{octet:02X}").ok();
        text
    })
}
