//! `charge list` and `charge export`: what tenants owe, and handing it over (M18).

use access::UtcMicros;
use control::reply::charge::ChargeRow;
use control::request::charge::ChargeRequest;
use control::{Moment, Reply, Row};
use jiff::tz::TimeZone;
use register::{ChargeSpan, ExportedCharge, Fee, Voucher};

use super::wording::private;
use crate::config::Config;
use crate::control_server::{Asker, Outlet, Stop};
use crate::desk::{Effect, refusal};

/// Does one of them.
pub(super) async fn answer(
    asker: &Asker,
    wish: ChargeRequest,
    dry_run: bool,
    outlet: &mut Outlet<'_>,
) -> Result<Reply, Stop> {
    match wish {
        ChargeRequest::List { since, until } => {
            let span = span(since, until, false);
            let desk = &asker.controller.desk;
            let listed = desk.ask(move |desk| desk.register.charges(&span)).await?;
            let charges = listed.map_err(|cause| refusal(&cause))?;
            let rows = charges.iter().map(|charge| Row::Charge(row(charge)));
            outlet.rows(rows.collect::<Vec<_>>()).await
        }
        ChargeRequest::Export {
            since,
            until,
            again,
        } => export(asker, span(since, until, !again), dry_run, outlet).await,
    }
}

/// The names are on record as read, and the charges as handed over, before anything is sent. What is only rehearsed names nobody.
async fn export(
    asker: &Asker,
    span: ChargeSpan,
    dry_run: bool,
    outlet: &mut Outlet<'_>,
) -> Result<Reply, Stop> {
    let by = asker.operator.id;
    let exported = asker.controller.desk.ask(move |desk| {
        desk.change(Effect::Gives, dry_run, |register, now| {
            register.export_charges(&span, by, now)
        })
    });
    let charges = exported.await??;
    if dry_run {
        let rows = charges.iter().map(|charge| Row::Charge(row(&charge.row)));
        return outlet.rows(rows.collect::<Vec<_>>()).await;
    }
    let named = charges.iter().filter(|charge| charge.name.is_some());
    let hits = u64::try_from(named.count()).unwrap_or(u64::MAX);
    asker.reading("charge-export", "invoicing", hits).await?;
    let rows = charges.iter().map(|charge| Row::Charge(with_name(charge)));
    outlet.rows(rows.collect::<Vec<_>>()).await
}

/// What something costs that happens now.
pub(super) fn fee(config: &Config, ore: u32, now: UtcMicros) -> Fee {
    Fee {
        ore,
        year: year(config, now),
    }
}

/// The year in which something is booked that happens now.
pub(super) fn year(config: &Config, now: UtcMicros) -> u16 {
    let zone = TimeZone::get(&config.section.time_zone).unwrap_or(TimeZone::UTC);
    let year = Moment::from(now).timestamp().to_zoned(zone).year();
    u16::try_from(year).unwrap_or_default()
}

fn span(since: Option<Moment>, until: Option<Moment>, only_new: bool) -> ChargeSpan {
    ChargeSpan {
        since: since.map(Moment::utc),
        until: until.map(Moment::utc),
        only_new,
    }
}

fn row(charge: &register::ChargeRow) -> ChargeRow {
    ChargeRow {
        voucher: charge.voucher.to_string(),
        at: Moment::from(charge.made_at),
        tenant: charge.tenant.clone(),
        kind: charge.kind.name().to_owned(),
        ore: charge.ore,
        reverses: charge.reverses.as_ref().map(Voucher::to_string),
        exported: charge.exported_at.map(Moment::from),
        issuance: charge.issuance,
        name: None,
    }
}

fn with_name(charge: &ExportedCharge) -> ChargeRow {
    ChargeRow {
        name: charge.name.as_ref().map(private),
        ..row(&charge.row)
    }
}
