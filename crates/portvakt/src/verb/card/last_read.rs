//! `portvakt card last-read`.

use clap::Args;
use control::reply::last_read::LastRead as Read;
use control::{Reply, Request};

use crate::desk::Desk;
use crate::failure::Failure;
use crate::sheet::Sheet;
use crate::text::{Label, Lang};

/// The raw bits last read at a reader, and what each known format makes of them
///
/// For enrolling a card whose format nobody knows: show it at the reader, then ask within a minute. Only who may issue
/// cards may ask, and the asking is logged; the bits are kept in memory only.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct LastRead {
    /// The reader's name
    #[arg(long)]
    reader: String,
}

impl LastRead {
    /// Does it.
    ///
    /// # Errors
    /// [`Failure`].
    pub(crate) fn run(self, desk: &mut Desk) -> Result<(), Failure> {
        let request = Request::CardLastRead {
            reader: self.reader,
        };
        let reply = desk.connect()?.ask(request)?;
        let Reply::LastRead(read) = &reply else {
            return Err(Failure::unexpected(&reply));
        };
        if desk.out.is_json() {
            return desk.out.json(read);
        }
        for (label, value) in fields(read, desk.lang) {
            desk.field(label, &value)?;
        }
        let mut sheet = Sheet::new(desk.lang, &HEADINGS);
        for reading in &read.readings {
            let number = reading.number.as_ref().map(|number| number.expose());
            sheet.row([
                reading.format.clone(),
                number.unwrap_or("-").to_owned(),
                desk.lang.yes_or_no(number.is_some()).to_owned(),
                desk.lang.yes_or_no(reading.used).to_owned(),
            ]);
        }
        desk.out.sheet(&sheet)
    }
}

fn fields(read: &Read, lang: Lang) -> Vec<(Label, String)> {
    vec![
        (Label::Reader, read.reader.clone()),
        (Label::Bits, read.bits.to_string()),
        (Label::Raw, read.raw.expose().to_owned()),
        (Label::Age, lang.age(read.age_s)),
        (Label::ShownLive, lang.yes_or_no(read.live).to_owned()),
    ]
}

const HEADINGS: [Label; 4] = [
    Label::Formats,
    Label::Number,
    Label::ParityHolds,
    Label::ReadHere,
];

const EXAMPLES: &str = "\
Examples:
  portvakt card last-read --reader desk
  portvakt card issue --kind supplier --raw 80800080 --bits 26 ...";
