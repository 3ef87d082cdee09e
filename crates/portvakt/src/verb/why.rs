//! `portvakt why`.

use access::IssuanceId;
use clap::Args;
use control::reply::why::WhyTrace;
use control::request::WhyCard;
use control::request::house::HouseRequest;
use control::{Moment, Reply, Request};

use crate::daemon::Daemon;
use crate::desk::Desk;
use crate::failure::Failure;
use crate::plastic::read_number;
use crate::sheet::Sheet;
use crate::text::{AboutDoor, Label, Say};

/// Each rule that opens a door to a card, or refuses it
///
/// Exits with 0 whether the door would open or not.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Why {
    /// The issuance, P-…, or a number with --format
    #[arg(required_unless_present = "event")]
    card: Option<String>,
    /// The door's name
    #[arg(required_unless_present = "event")]
    door: Option<String>,
    /// The format of the number
    #[arg(long)]
    format: Option<String>,
    /// The instant it is decided for [default: now]
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    at: Option<String>,
    /// The place of a past event in the log, in place of card and door
    #[arg(long, value_name = "INDEX", conflicts_with_all = ["card", "door", "format", "at"])]
    event: Option<u64>,
}

impl Why {
    /// Does it.
    ///
    /// # Errors
    /// [`Failure`].
    pub(crate) fn run(self, desk: &mut Desk) -> Result<(), Failure> {
        let mut daemon = desk.connect()?;
        let request = self.request(&daemon)?;
        let reply = daemon.ask(request)?;
        let Reply::Why(trace) = &reply else {
            return Err(Failure::unexpected(&reply));
        };
        if desk.out.is_json() {
            return desk.out.json(trace);
        }
        show(desk, &daemon, trace)
    }

    fn request(self, daemon: &Daemon) -> Result<Request, Failure> {
        let at = self
            .at
            .as_deref()
            .map(|text| daemon.read_time(text))
            .transpose()?;
        match (self.event, self.card, self.door) {
            (Some(index), _, _) => Ok(Request::House(HouseRequest::WhyEvent { index })),
            (None, Some(card), Some(door)) => Ok(Request::Why {
                card: read_card(&card, self.format.as_deref())?,
                door,
                at: at.map(|zoned| Moment::from(zoned.timestamp())),
            }),
            (None, _, _) => Err(Failure::usage("which card at which door, or --event INDEX")),
        }
    }
}

fn read_card(card: &str, format: Option<&str>) -> Result<WhyCard, Failure> {
    if let Some(format) = format {
        let credential = read_number(card, format).map_err(Failure::usage)?;
        return Ok(WhyCard::Credential(credential));
    }
    card.parse::<IssuanceId>()
        .map(WhyCard::Issuance)
        .map_err(|_| {
            Failure::usage("which card: an issuance as in P-3F7K2Q, or a number with --format")
        })
}

fn show(desk: &mut Desk, daemon: &Daemon, trace: &WhyTrace) -> Result<(), Failure> {
    let lang = desk.lang;
    let mut sheet = Sheet::new(lang, &[Label::Rule, Label::Verdict, Label::Saw]);
    for rule in &trace.rules {
        sheet.row([
            lang.word(&rule.rule),
            lang.word(&rule.verdict),
            daemon.localised(&lang.told(&rule.saw)),
        ]);
    }
    desk.out.sheet(&sheet)?;
    let at = format!(
        "{}, generation {}, clock {}",
        daemon.shown(trace.at),
        trace.generation,
        trace.clock
    );
    let at = lang.told(&at);
    let reason = lang.word(&trace.reason);
    let recorded = trace.recorded.as_deref().map(|reason| lang.word(reason));
    let remedies = trace.rules.iter().filter_map(|rule| {
        let remedy = daemon.localised(&lang.told(rule.remedy.as_deref()?));
        Some([lang.word(&rule.rule), remedy])
    });
    let remedies: Vec<[String; 2]> = remedies.collect();
    let door = trace.door.as_str();
    let mut said = vec![if trace.allowed {
        AboutDoor::WouldOpen { at: &at }
    } else {
        AboutDoor::WouldNotOpen {
            at: &at,
            reason: &reason,
        }
    }];
    said.extend(
        remedies
            .iter()
            .map(|[rule, remedy]| AboutDoor::Remedy { rule, remedy }),
    );
    said.extend(
        recorded
            .as_deref()
            .map(|reason| AboutDoor::RecordSays { reason }),
    );
    for what in said {
        let say = Say::AboutDoor { door, what };
        desk.out.line(&desk.lang.say(&say))?;
    }
    match &trace.note {
        Some(note) => desk.out.line(&lang.told(note)),
        None => Ok(()),
    }
}

const EXAMPLES: &str = "\
Examples:
  portvakt why P-3F7K2Q main
  portvakt why P-3F7K2Q main --at 'tomorrow 08:00'
  portvakt why 123:45678 main --format H10301
  portvakt why --event 184467";
