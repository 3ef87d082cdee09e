//! `reader comset` and `reader identify`: where a reader answers, and who answers where.

use std::time::Duration;

use control::reply::found::FoundRow;
use control::request::reader::{IDENTIFY_BAUDS_MAX, ReaderComset, ReaderIdentify};
use control::{Code, Refusal, Reply, Row};
use event_log::AdminVerb;
use reader_bus::{Address, ComSettings, Order, OrderOutcome};
use tokio::sync::mpsc;
use tokio::time::timeout;

use super::reader::{find, identity};
use crate::config::{Config, Protocol};
use crate::control_server::{Asker, Outlet, Stop, not_found};
use crate::port_survey::{SurveyOrder, SurveyWord};

/// Has a reader answer at another address and speed from now on.
pub(super) async fn comset(
    asker: &Asker,
    wish: ReaderComset,
    dry_run: bool,
) -> Result<Reply, Stop> {
    let config = asker.controller.config();
    let name = wish.reader;
    find(&config, &name)?;
    let id = asker.controller.names.reader(&name);
    let id = id.ok_or_else(|| Refusal::new(Code::NotFound, "the reader has no number"))?;
    let address = Address::new(wish.address).filter(|address| *address != Address::BROADCAST);
    let settings = address.and_then(|address| ComSettings::new(address, wish.baud).ok());
    let settings =
        settings.ok_or_else(|| Refusal::new(Code::Usage, "a reader's address is 0 to 126"))?;
    if dry_run {
        return Ok(Reply::Done { warning: None });
    }
    let text = format!("{name}: address {}, {} baud", wish.address, wish.baud);
    asker
        .administration(AdminVerb::ReaderReaddressing, &text)
        .await?;
    let given = asker
        .controller
        .site
        .ask(move |bench, _| bench.order(id, Order::Communicate(settings)))
        .await?
        .map_err(|cause| Refusal::new(Code::Refused, cause))?;
    let outcome = timeout(CONFIRMED_WITHIN, given.ended).await;
    match outcome.ok().and_then(Result::ok) {
        Some(OrderOutcome::Done) => Ok(Reply::Done {
            warning: Some(format!(
                "\"{name}\" answers at address {} and {} baud now: write address = {} (and baud = {} on its line) into the configuration and restart",
                wish.address, wish.baud, wish.address, wish.baud
            )),
        }),
        Some(outcome) => {
            Err(Refusal::new(Code::Failed, format_args!("reader \"{name}\": {outcome}")).into())
        }
        None => Err(Refusal::new(
            Code::Failed,
            format_args!("reader \"{name}\" has not confirmed; look for it with reader identify"),
        )
        .into()),
    }
}

/// Takes a line out of service and tells who answers on it, speed by speed. When this ends, however it ends, the line is
/// served again.
pub(super) async fn identify(
    asker: &Asker,
    wish: ReaderIdentify,
    dry_run: bool,
    outlet: &mut Outlet<'_>,
) -> Result<Reply, Stop> {
    let config = asker.controller.config();
    let known = || config.lines.iter().map(|line| line.name.as_str());
    let line = config.lines.iter().find(|line| line.name == wish.line);
    let line = line.ok_or_else(|| not_found("line", &wish.line, known()))?;
    if line.protocol != Protocol::Osdp {
        let what = format!(
            "line \"{}\" does not speak OSDP; there is nobody to ask",
            wish.line
        );
        return Err(Refusal::new(Code::Refused, what).into());
    }
    if wish.bauds.is_empty() || wish.bauds.len() > IDENTIFY_BAUDS_MAX {
        let what = format!("name 1 to {IDENTIFY_BAUDS_MAX} speeds");
        return Err(Refusal::new(Code::Usage, what).into());
    }
    let id = asker.controller.names.line(&wish.line);
    let id = id.ok_or_else(|| Refusal::new(Code::NotFound, "the line has no number"))?;
    if dry_run {
        return Ok(outlet.end());
    }
    asker
        .administration(AdminVerb::LineSurvey, &wish.line)
        .await?;
    let (words, mut heard) = mpsc::channel(WORDS_MAX);
    let order = SurveyOrder {
        bauds: wish.bauds,
        words,
    };
    let taken = asker
        .controller
        .site
        .ask(move |bench, _| bench.survey(id, order))
        .await?;
    if !taken {
        let what = format!("line \"{}\" is being looked at already", wish.line);
        return Err(Refusal::new(Code::Refused, what).into());
    }
    while let Some(word) = heard.recv().await {
        match word {
            SurveyWord::Found(baud, found) => {
                let row = FoundRow {
                    baud,
                    address: found.address,
                    identity: identity(&found.id),
                    secure: found.secure,
                    configured: configured(&config, &wish.line, baud, found.address),
                };
                outlet.row(Row::Found(row)).await?;
            }
            SurveyWord::Asked(done, total) => {
                outlet.say(Reply::Progress { done, total }).await?;
            }
            SurveyWord::Failed(why) => return Err(Refusal::new(Code::Failed, why).into()),
        }
    }
    Ok(outlet.end())
}

/// The reader of the configuration at this place.
fn configured(config: &Config, line: &str, baud: u32, address: u8) -> Option<String> {
    let at = config.lines.iter().position(|known| known.name == line)?;
    let is_speed = config.lines.get(at).is_some_and(|known| known.baud == baud);
    let mut readers = config.readers.iter().filter(|_| is_speed);
    let found = readers.find(|reader| reader.line == at && reader.address == address)?;
    Some(found.name.clone())
}

const CONFIRMED_WITHIN: Duration = Duration::from_secs(20);
const WORDS_MAX: usize = 8;
