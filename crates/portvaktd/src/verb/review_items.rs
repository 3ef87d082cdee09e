//! `review show` and `review report`: the cards of a review under pseudonyms, and what a printed report says besides.

use std::ops::ControlFlow;

use access::{IssuanceId, Quarter, UtcMicros};
use control::reply::review::{ReviewDay, ReviewItem, ReviewReport, ReviewRight, ReviewRow};
use control::request::review::ReviewShow;
use control::{CardKind, CardState};
use control::{Moment, Reply, Row};
use event_log::AdminVerb;
use jiff::ToSpan;
use jiff::tz::TimeZone;
use register::{
    HourOfCards, Item, ItemRight, Register, RegisterError, Review, ReviewId, ScheduleRow,
};

use super::wording::{card_kind, state_of, verdict};
use crate::control_server::{Asker, Outlet, Stop};
use crate::desk::refusal;
use crate::names::Names;

/// The cards of a review that are wanted.
pub(super) async fn show(
    asker: &Asker,
    wanted: ReviewShow,
    outlet: &mut Outlet<'_>,
) -> Result<Reply, Stop> {
    let (id, tenant) = (wanted.review.map(ReviewId), wanted.tenant.clone());
    let found = asker.controller.desk.ask(move |desk| {
        let tenant = tenant.map(|name| desk.register.tenant(&name));
        tenant.transpose()?;
        desk.register.review(id)
    });
    let review = found.await?.map_err(|cause| refusal(&cause))?;
    stream(asker, (&review, &wanted), outlet).await?;
    Ok(outlet.end())
}

/// All that a report says; that it was printed is on record before.
pub(super) async fn report(
    asker: &Asker,
    (review, row): (Review, ReviewRow),
    zone: TimeZone,
    outlet: &mut Outlet<'_>,
) -> Result<Reply, Stop> {
    let printed = format!("report of review={}", review.id);
    asker
        .administration(AdminVerb::FormPrinted, &printed)
        .await?;
    let section = asker.controller.config().section.clone();
    let head = ReviewReport {
        review: row,
        site: section.name,
        origin: section.origin,
        classification: section.classification,
        information_owner: section.information_owner,
    };
    outlet.row(Row::ReviewReport(Box::new(head))).await?;
    let (quarter, now) = (review.quarter, asker.controller.ledger.clock.now().utc);
    let hours = asker.controller.desk.ask(move |desk| {
        let until = quarter.ends(&zone).map_or(now, |ends| ends.min(now));
        let hours = desk.register.hours_of_cards(until);
        hours.map(|hours| days(&hours, quarter, (&zone, until)))
    });
    for day in hours.await?.map_err(|cause| refusal(&cause))? {
        outlet.row(Row::ReviewDay(day)).await?;
    }
    stream(asker, (&review, &ReviewShow::default()), outlet).await?;
    Ok(outlet.end())
}

/// Page by page, so that a slow reader keeps the desk from nobody.
async fn stream(
    asker: &Asker,
    (review, wanted): (&Review, &ReviewShow),
    outlet: &mut Outlet<'_>,
) -> Result<(), Stop> {
    let mut after = None;
    loop {
        let page = Page {
            review: review.clone(),
            wanted: wanted.clone(),
            after,
            names: asker.controller.names.clone(),
        };
        let rows = asker
            .controller
            .desk
            .ask(move |desk| page.take(&desk.register, desk.ledger.clock.now().utc));
        let (rows, last) = rows.await?.map_err(|cause| refusal(&cause))?;
        for row in rows {
            outlet.row(Row::ReviewItem(Box::new(row))).await?;
        }
        match last {
            Some(last) => after = Some(last),
            None => return Ok(()),
        }
    }
}

/// One page of a review's cards.
struct Page {
    review: Review,
    wanted: ReviewShow,
    after: Option<IssuanceId>,
    names: Names,
}

impl Page {
    /// The rows of this page, and where the next one begins if there may be one.
    fn take(
        &self,
        register: &Register,
        now: UtcMicros,
    ) -> Result<(Vec<ReviewItem>, Option<IssuanceId>), RegisterError> {
        let schedules = register.schedules()?;
        let (mut items, mut seen, mut last) = (Vec::new(), 0_usize, None);
        register.review_items(&self.review, self.after, &mut |item| {
            seen += 1;
            last = Some(item.id);
            if self.takes(&item) {
                items.push(item);
            }
            if seen < PAGE_ROWS {
                ControlFlow::Continue(())
            } else {
                ControlFlow::Break(())
            }
        })?;
        let row = |item: Item| {
            let state = state_of(&register.find(item.id)?, now);
            Ok(self.row(&item, &schedules, state))
        };
        let rows: Result<Vec<ReviewItem>, RegisterError> = items.into_iter().map(row).collect();
        Ok((rows?, last.filter(|_| seen == PAGE_ROWS)))
    }

    fn takes(&self, item: &Item) -> bool {
        let tenant = self.wanted.tenant.as_deref();
        (!self.wanted.undecided || item.is_undecided())
            && tenant.is_none_or(|tenant| tenant.trim() == item.tenant)
    }

    fn row(&self, item: &Item, schedules: &[ScheduleRow], state: CardState) -> ReviewItem {
        let rights = item.rights.iter();
        ReviewItem {
            issuance: item.id,
            kind: card_kind(&item.kind),
            state,
            tenant: item.tenant.clone(),
            valid_until: item.valid.until().map(Moment::from),
            changed: item.is_changed,
            decided: item.decided.map(verdict),
            rights: rights.map(|right| self.right(right, schedules)).collect(),
        }
    }

    fn right(&self, right: &ItemRight, schedules: &[ScheduleRow]) -> ReviewRight {
        let name_of = |id| {
            let known = schedules.iter().find(|schedule| schedule.id == id);
            known.map_or_else(|| format!("schedule-{id}"), |known| known.name.clone())
        };
        let hours = right.rights.iter().filter_map(|right| right.schedule);
        let ends = right
            .rights
            .iter()
            .map(|right| right.valid.and_then(|valid| valid.until()));
        // One without an end of its own is the latest.
        let ends: Option<Vec<UtcMicros>> = ends.collect();
        ReviewRight {
            place: self.names.place_name(right.place),
            schedules: hours.map(name_of).collect(),
            valid_until: ends
                .and_then(|ends| ends.into_iter().max())
                .map(Moment::from),
            lapsed: right.is_lapsed,
            later: right.is_later,
            decided: right.decided.map(verdict),
        }
    }
}

/// How many cards were out at the end of each day of a quarter by the house's clocks, the last day as it is `until`.
fn days(
    hours: &[HourOfCards],
    quarter: Quarter,
    (zone, until): (&TimeZone, UtcMicros),
) -> Vec<ReviewDay> {
    let mut out = [0_u64; 4];
    let mut hours = hours.iter().peekable();
    let mut days = Vec::new();
    let mut day = quarter.first_day();
    while let Some(today) = day.filter(|_| days.len() < DAYS_MAX) {
        let tomorrow = today.checked_add(1.day()).ok();
        let begins = |date: jiff::civil::Date| {
            let midnight = date.to_zoned(zone.clone()).ok()?;
            Some(UtcMicros::from_micros(
                midnight.timestamp().as_microsecond(),
            ))
        };
        let (Some(from), Some(ends)) = (begins(today), tomorrow.and_then(begins)) else {
            break;
        };
        if from >= until || quarter.ends(zone).is_some_and(|end| from >= end) {
            break;
        }
        while let Some(hour) = hours.next_if(|hour| hour.begins < ends) {
            count(&mut out, hour);
        }
        days.push(ReviewDay {
            day: today.to_string(),
            out,
        });
        day = tomorrow;
    }
    days
}

fn count(out: &mut [u64; 4], hour: &HourOfCards) {
    let each = CardKind::ALL.iter().zip(out.iter_mut());
    for (kind, out) in each {
        if kind.as_str() == hour.kind {
            *out = out
                .saturating_add(hour.issued)
                .saturating_sub(hour.returned);
        }
    }
}

/// Rows looked at in one errand of the desk.
const PAGE_ROWS: usize = 256;
/// More than any quarter has.
const DAYS_MAX: usize = 100;

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> UtcMicros {
        let instant = text.parse::<jiff::Timestamp>().unwrap();
        UtcMicros::from_micros(instant.as_microsecond())
    }

    fn hour(begins: &str, kind: &str, issued: u64, returned: u64) -> HourOfCards {
        HourOfCards {
            begins: at(begins),
            kind: kind.to_owned(),
            issued,
            returned,
        }
    }

    #[test]
    fn m06_cards_are_counted_at_the_end_of_each_day_of_the_house() {
        let oslo = TimeZone::get("Europe/Oslo").unwrap();
        let hours = [
            hour("2026-06-11T08:00:00Z", "employee", 5, 0),
            // 00:00 of the 2nd at the house.
            hour("2026-10-01T22:00:00Z", "supplier", 2, 0),
            hour("2026-10-25T08:00:00Z", "employee", 0, 1),
            hour("2026-10-25T08:00:00Z", "supplier", 1, 2),
        ];
        let quarter = "2026-Q4".parse().unwrap();
        let until = at("2026-12-31T23:00:00Z");
        let days = days(&hours, quarter, (&oslo, until));
        assert_eq!(days.len(), 92);
        assert_eq!(
            (days[0].day.as_str(), days[0].out),
            ("2026-10-01", [5, 0, 0, 0])
        );
        assert_eq!(
            (days[1].day.as_str(), days[1].out),
            ("2026-10-02", [5, 0, 0, 2])
        );
        assert_eq!(days[23].out, [5, 0, 0, 2]);
        assert_eq!(
            (days[24].day.as_str(), days[24].out),
            ("2026-10-25", [4, 0, 0, 1])
        );
        assert_eq!(days[91].day, "2026-12-31");
        let early = super::days(&hours, quarter, (&oslo, at("2026-10-03T10:00:00Z")));
        assert_eq!(early.len(), 3);
    }
}
