//! `area list`, `muster` and `forgive`: who is where, under pseudonyms.

use access::{AreaId, IssuanceId, Passback, Whereabouts};
use control::reply::area::{AreaRow, InsideRow};
use control::{Code, Moment, Refusal, Reply, Row};
use event_log::AdminVerb;

use crate::config::{Area, Config};
use crate::control_server::{Asker, Outlet, Stop, not_found};

/// Every area, and how many are in it.
pub(super) async fn list(asker: &Asker, outlet: &mut Outlet<'_>) -> Result<Reply, Stop> {
    let config = asker.controller.config();
    let inside = inside(asker).await?;
    let row = |area: &Area| {
        let id = asker.controller.names.area(&area.name);
        let here = inside.iter().filter(|(_, known)| known.area == id);
        AreaRow {
            area: area.name.clone(),
            inside: u64::try_from(here.count()).unwrap_or(u64::MAX),
            passback: match area.rules.passback {
                Passback::Off => "off",
                Passback::Soft => "soft",
                Passback::Hard => "hard",
            }
            .to_owned(),
            into: reader_names(&config, &area.into),
            out_of: reader_names(&config, &area.out_of),
        }
    };
    let rows: Vec<Row> = config.areas.iter().map(row).map(Row::Area).collect();
    outlet.rows(rows).await
}

/// Who is in an area, or in any; on record before the first of them leaves.
pub(super) async fn muster(
    asker: &Asker,
    area: Option<String>,
    outlet: &mut Outlet<'_>,
) -> Result<Reply, Stop> {
    let config = asker.controller.config();
    let names = &asker.controller.names;
    let wanted = area.as_ref().map(|area| number(asker, area)).transpose()?;
    let inside = inside(asker).await?;
    let mut rows: Vec<InsideRow> = Vec::new();
    for area in &config.areas {
        let Some(id) = names.area(&area.name) else {
            continue;
        };
        if wanted.is_some_and(|wanted| wanted != id) {
            continue;
        }
        let here = inside.iter().filter(|(_, known)| known.area == Some(id));
        rows.extend(here.map(|(issuance, known)| InsideRow {
            area: area.name.clone(),
            issuance: *issuance,
            since: Moment::from(known.at),
            reader: names.reader_name(known.reader),
        }));
    }
    rows.sort_by_key(|row| (row.area.clone(), row.since, row.issuance));
    let purpose = area.as_deref().unwrap_or("every area");
    let hits = u64::try_from(rows.len()).unwrap_or(u64::MAX);
    asker.reading("area-muster", purpose, hits).await?;
    outlet.rows(rows.into_iter().map(Row::Inside)).await
}

/// Forgets where one card is.
pub(super) async fn forgive_card(
    asker: &Asker,
    issuance: IssuanceId,
    dry_run: bool,
) -> Result<Reply, Stop> {
    let known = inside(asker).await?;
    if !known.iter().any(|(card, _)| *card == issuance) {
        let what = format!("where the card of {issuance} is, is not known; it may enter anywhere");
        return Err(Refusal::new(Code::NotFound, what).into());
    }
    if !dry_run {
        // The pseudonym stays out of what is sealed under the house's key (M19).
        asker
            .administration(AdminVerb::AreaForgiven, "one card")
            .await?;
        let site = &asker.controller.site;
        site.ask(move |bench, _| bench.site.forgive(issuance))
            .await?;
    }
    Ok(Reply::Done { warning: None })
}

/// Forgets it of every card in an area.
pub(super) async fn forgive(asker: &Asker, area: String, dry_run: bool) -> Result<Reply, Stop> {
    let id = number(asker, &area)?;
    if !dry_run {
        asker.administration(AdminVerb::AreaForgiven, &area).await?;
        let site = &asker.controller.site;
        site.ask(move |bench, _| bench.site.forgive_area(id))
            .await?;
    }
    Ok(Reply::Done { warning: None })
}

fn number(asker: &Asker, area: &str) -> Result<AreaId, Refusal> {
    let config = asker.controller.config();
    asker.controller.names.area(area).ok_or_else(|| {
        let names = config.areas.iter().map(|area| area.name.as_str());
        not_found("area", area, names)
    })
}

async fn inside(asker: &Asker) -> Result<Vec<(IssuanceId, Whereabouts)>, Stop> {
    let site = &asker.controller.site;
    let known = site.ask(|bench, _| {
        let known = bench.site.occupancy().iter();
        known
            .map(|(card, known)| (card, *known))
            .collect::<Vec<_>>()
    });
    Ok(known.await?)
}

fn reader_names(config: &Config, readers: &[usize]) -> Vec<String> {
    let named = readers.iter().filter_map(|at| config.readers.get(*at));
    named.map(|reader| reader.name.clone()).collect()
}
