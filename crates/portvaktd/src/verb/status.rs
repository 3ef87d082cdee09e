//! `hello`, `status` and `log status`: how the controller stands, with nothing personal in it.

use std::time::Duration;

use access::ClockQuality;
use access::role::{Act, Permission, permission};
use base64::prelude::{BASE64_STANDARD, Engine};
use control::reply::status::{Hello, LogStatus, Status};
use control::{Moment, PROTOCOL_VERSION, Reply};
use register::OperatorRow;
use site::Now;

use super::line::is_online;
use super::{restored, tenant, witness};
use crate::bench::Bench;
use crate::books::Unfit;
use crate::config::Config;
use crate::control_server::{Asker, Stop};
use crate::desk::refusal;
use crate::names::Names;

/// Who the daemon is and whom it takes the client for.
pub(super) fn hello(asker: &Asker) -> Reply {
    let section = asker.controller.config().section.clone();
    Reply::Hello(Hello {
        version: PROTOCOL_VERSION,
        daemon: VERSION.to_owned(),
        site: section.name,
        time_zone: section.time_zone,
        working_day_ends: section.working_day_ends.strftime("%H:%M").to_string(),
        now: Moment::from(asker.controller.ledger.clock.now().utc),
        operator: asker.operator.user.clone(),
        roles: asker
            .roles
            .iter()
            .map(|role| role.as_str().to_owned())
            .collect(),
    })
}

/// The whole controller.
pub(super) async fn status(asker: &Asker) -> Result<Reply, Stop> {
    let controller = &asker.controller;
    let (config, names) = (controller.config(), controller.names.clone());
    let seen = controller
        .site
        .ask(move |bench, now| Seen::look((bench, now), &config, &names))
        .await?;
    let now = controller.ledger.clock.now();
    let cards = controller.allowlist();
    let config = controller.config();
    let count = |len: usize| u32::try_from(len).unwrap_or(u32::MAX);
    let mut warnings = vec![SEALED_BY_FILE.to_owned()];
    warnings.extend(controller.unfit.iter().map(Unfit::warning));
    warnings.extend(controller.warnings.iter().cloned());
    warnings.extend(seen.warnings);
    warnings.extend(witness::warnings(asker).await);
    warnings.extend(lost_cards(asker).await?);
    warnings.extend(tenant::warnings(asker).await);
    warnings.extend(restored::warnings(asker).await);
    let overdue_now = controller.overdue.borrow().clone();
    let unsigned = overdue_now.reviews;
    warnings.extend(unsigned.iter().map(|quarter| {
        format!("the review of {quarter} is overdue: nobody has signed it; see review open")
    }));
    warnings.extend(lapsed(overdue_now.recertifications));
    warnings.extend(untrained(asker));
    // It is made some seconds after the start, and again when there is room.
    if now.up.micros() > RESERVE_DUE_MICROS && !controller.ledger.archive.spares().has_reserve() {
        warnings.push(NO_RESERVE.to_owned());
    }
    Ok(Reply::Status(Box::new(Status {
        site: config.section.name.clone(),
        daemon: VERSION.to_owned(),
        started: Moment::from(controller.started),
        now: Moment::from(now.utc),
        clock: seen.clock.as_str().to_owned(),
        generation: cards.generation().get(),
        cards: u64::try_from(cards.len()).unwrap_or(u64::MAX),
        overdue: overdue(asker).await,
        doors: count(config.doors.len()),
        lines: count(config.lines.len()),
        lines_up: seen.lines_up,
        readers: count(config.readers.len()),
        readers_online: seen.readers_online,
        log: log_status(asker),
        register: controller
            .unfit
            .as_ref()
            .map_or("usable", |unfit| unfit.kind().name())
            .to_owned(),
        reviews_overdue: unsigned.iter().map(ToString::to_string).collect(),
        recertifications_overdue: overdue_now.recertifications,
        warnings,
    })))
}

/// What is said of tenants whose holdings should be justified anew.
fn lapsed(tenants: Option<u64>) -> Option<String> {
    let count = tenants.filter(|count| *count > 0)?;
    Some(format!(
        "tenants with rights that nobody has justified for a year: {count}; see review recertify"
    ))
}

/// Said where somebody may issue cards and nobody of them is trained: after an upgrade from a register that knew no training, or when
/// the last record has ended (M2).
fn untrained(asker: &Asker) -> Option<String> {
    let (roster, at) = (asker.controller.roster(), asker.at);
    let issues = |operator: &&OperatorRow| {
        permission(&operator.roles_at(at), Act::IssueCard) == Permission::May
    };
    let mut issuers = roster.iter().filter(issues).peekable();
    let is_anybody = issuers.peek().is_some();
    (is_anybody && !issuers.any(|operator| operator.is_trained_at(at)))
        .then(|| UNTRAINED.to_owned())
}

/// What is said of lost cards. The register may be taken up by an import for a minute: nobody waits for it here.
async fn lost_cards(asker: &Asker) -> Result<Option<String>, Stop> {
    let asked = asker.controller.desk.ask(|desk| desk.register.lost_cards());
    let Ok(answered) = tokio::time::timeout(DESK_WAIT, asked).await else {
        return Ok(Some(DESK_BUSY.to_owned()));
    };
    // Without a register another warning says so.
    let Ok(answered) = answered else {
        return Ok(None);
    };
    let lost = answered.map_err(|cause| refusal(&cause))?;
    let cards = if lost.count == 1 { "card" } else { "cards" };
    Ok(lost.since.map(|since| {
        let count = lost.count;
        format!("{count} {cards} lost since {since}; see card list --state lost")
    }))
}

/// How many cards ended and were not returned, if the register has time to say so.
async fn overdue(asker: &Asker) -> Option<u64> {
    let counted = asker
        .controller
        .desk
        .ask(|desk| desk.register.overdue(desk.ledger.clock.now().utc));
    let counted = tokio::time::timeout(DESK_WAIT, counted).await;
    counted.ok()?.ok()?.ok()
}

/// Where the log lies and how it stands.
pub(super) fn log_status(asker: &Asker) -> LogStatus {
    let controller = &asker.controller;
    let state = controller.ledger.log.state();
    LogStatus {
        dir: controller.ledger.archive.dir().display().to_string(),
        origin: controller.ledger.archive.origin().to_owned(),
        verifier: controller.ledger.archive.verifier().to_owned(),
        epoch_verifier: controller
            .ledger
            .archive
            .epoch_verifier()
            .map(ToOwned::to_owned),
        size: state.size,
        root: BASE64_STANDARD.encode(state.root),
        sealed: state.sealed,
        sealed_at: state.sealed_at.map(Moment::from),
        durable: state.durable,
    }
}

/// What the site's task knows.
struct Seen {
    lines_up: u32,
    readers_online: u32,
    clock: ClockQuality,
    warnings: Vec<String>,
}

impl Seen {
    fn look((bench, now): (&Bench, Now), config: &Config, names: &Names) -> Self {
        let taken = bench.site.lift(now);
        let mut seen = Self {
            lines_up: 0,
            readers_online: 0,
            clock: taken.clock,
            warnings: Vec::new(),
        };
        if let Some(held) = bench.site.held_clock(now) {
            seen.warnings.push(format!(
                "the clock jumped ahead to {held} and is held at {}: a card is let in only if it would be at both; see clock confirm",
                taken.utc
            ));
        }
        let states = names
            .doors()
            .filter_map(|(_, door)| bench.site.door_state(door));
        let locked_down = states.filter(|state| state.locked_down).count();
        if locked_down > 0 {
            seen.warnings.push(format!(
                "{locked_down} doors are locked down; see door list and door release"
            ));
        }
        for line in &config.lines {
            match names.line(&line.name).map(|id| bench.port(id)) {
                Some(port) if port.up => seen.lines_up += 1,
                Some(port) => {
                    let why = port.why.unwrap_or_else(|| "not opened yet".to_owned());
                    seen.warnings
                        .push(format!("line \"{}\" is down: {why}", line.name));
                }
                None => {}
            }
        }
        for reader in &config.readers {
            if is_online(bench, names, &reader.name) {
                seen.readers_online += 1;
            } else {
                seen.warnings
                    .push(format!("reader \"{}\" is not online", reader.name));
            }
        }
        let counts = bench.site.counts();
        if counts.log_failed {
            seen.warnings
                .push("the log cannot be written; strict doors stay shut".to_owned());
        }
        if counts.records_lost > 0 {
            seen.warnings.push(format!(
                "{} records were lost and are counted in a gap",
                counts.records_lost
            ));
        }
        seen
    }
}

const VERSION: &str = env!("CARGO_PKG_VERSION");

const UNTRAINED: &str = "nobody who may issue cards has a training record that holds, so no card is issued; see operator training";

/// So long the register is waited for.
const DESK_WAIT: Duration = Duration::from_millis(500);

/// Said when it did not answer in that time.
const DESK_BUSY: &str = "the register is busy; whether cards are lost is not known right now";

/// Said when the disk is, or was lately, full.
const NO_RESERVE: &str =
    "the log has no emergency reserve: the disk is full, or was half an hour ago; make room";

/// Until then the reserve may not be made yet.
const RESERVE_DUE_MICROS: u64 = 120_000_000;

/// reliability.md, stolen disk: with `sealed_by = "file"` the disk alone opens everything, and the status says so.
const SEALED_BY_FILE: &str =
    "keys are sealed by a file beside the data: whoever takes the disk can open everything";
