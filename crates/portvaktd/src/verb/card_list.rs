//! `card list`, `card show` and `card list --find`.

use std::ops::ControlFlow;
use std::time::Duration;

use access::role::Act;
use access::{IssuanceId, Place, UtcMicros};
use control::reply::card::CardRow;
use control::request::card::{CardList, Due};
use control::{CardKind, CardState, Code, Moment, Private, Refusal, Reply, Row};
use register::{Ends, HolderFields, HolderView, Register, RegisterError, Sought, Text, Vouched};

use super::wording::{card_kind, private, state_of, text};
use crate::control_server::{Asker, Outlet, Scope, Stop, not_found};
use crate::desk::refusal;
use crate::names::Names;

/// Issuances under pseudonyms, page by page, so that a slow reader keeps the desk from nobody.
pub(super) async fn list(
    asker: &Asker,
    filter: CardList,
    outlet: &mut Outlet<'_>,
) -> Result<Reply, Stop> {
    let wanted = Wanted::read(asker, filter)?;
    let limit = wanted.limit;
    let mut after = None;
    let mut sent = 0;
    loop {
        let (page, wanted) = (
            Page {
                after,
                names: asker.controller.names.clone(),
            },
            wanted.clone(),
        );
        let rows = asker
            .controller
            .desk
            .ask(move |desk| page.take(&desk.register, &wanted, desk.ledger.clock.now().utc));
        let (rows, last) = rows.await?.map_err(|cause| refusal(&cause))?;
        let left = usize::try_from(limit.saturating_sub(sent)).unwrap_or(usize::MAX);
        let is_enough = rows.len() >= left;
        sent = sent.saturating_add(u64::try_from(rows.len()).unwrap_or(u64::MAX));
        let rows = rows.into_iter().take(left);
        let rows = rows.map(|row| Row::Card(Box::new(row)));
        outlet.some_rows(rows).await?;
        match last.filter(|_| !is_enough) {
            Some(last) => after = Some(last),
            None => return Ok(outlet.end()),
        }
    }
}

/// One issuance with its holder; a logged reading.
pub(super) async fn show(asker: &Asker, issuance: IssuanceId) -> Result<Reply, Stop> {
    let scope = asker.scope(Act::ReadHolder);
    let found = asker.controller.desk.ask(move |desk| {
        let view = visible(&desk.register, issuance, &scope);
        (view, desk.ledger.clock.now().utc)
    });
    let (view, now) = found.await?;
    let view = view.map_err(|cause| refusal(&cause))?;
    asker.reading("card-show", "the act at hand", 1).await?;
    Ok(Reply::Card(Box::new(with_holder(
        &view,
        &asker.controller.names,
        now,
    ))))
}

/// The issuance, if it is within the scope. To whoever sees one tenant's only, every other was never issued, forgotten ones
/// included: nothing tells whose they were.
pub(super) fn visible(
    register: &Register,
    issuance: IssuanceId,
    scope: &Scope,
) -> Result<HolderView, RegisterError> {
    if *scope != Scope::All {
        match register.tenant_of(issuance) {
            Ok(tenant) if scope.covers(tenant) => {}
            Ok(_) | Err(RegisterError::Forgotten) => return Err(RegisterError::NoSuchIssuance),
            Err(cause) => return Err(cause),
        }
    }
    register.show(issuance)
}

/// Issuances whose holder's name contains `name`; a logged reading.
pub(super) async fn find(
    asker: &Asker,
    name: Private,
    outlet: &mut Outlet<'_>,
) -> Result<Reply, Stop> {
    if name.expose().trim().chars().count() < FIND_CHARS_MIN {
        let what = format!("give at least {FIND_CHARS_MIN} characters of the name");
        return Err(Refusal::new(Code::Usage, what).into());
    }
    let name = text("name", name.expose())?;
    let (views, now) = sought(asker, &name).await?;
    asker
        .reading(
            "card-find",
            "the act at hand",
            u64::try_from(views.len()).unwrap_or(u64::MAX),
        )
        .await?;
    let names = &asker.controller.names;
    let rows: Vec<Row> = views
        .iter()
        .map(|view| Row::Card(Box::new(with_holder(view, names, now))))
        .collect();
    outlet.rows(rows).await
}

/// Whoever is found, at most [`FIND_ROWS_MAX`] of them, and when; page by page, as in [`list`].
async fn sought(asker: &Asker, name: &Text) -> Result<(Vec<HolderView>, UtcMicros), Stop> {
    let mut found = Vec::new();
    let mut after = None;
    loop {
        let (name, scope) = (name.clone(), asker.scope(Act::ReadHolder));
        let left = FIND_ROWS_MAX.saturating_sub(found.len());
        let page = asker.controller.desk.ask(move |desk| {
            let mut views = Vec::new();
            let sought = Sought {
                part: name.expose(),
                after,
                rows: FIND_PAGE,
            };
            let last = desk.register.find_by_name(sought, &mut |view| {
                if scope.covers(view.row.tenant_id) {
                    views.push(view);
                }
                if views.len() < left {
                    ControlFlow::Continue(())
                } else {
                    ControlFlow::Break(())
                }
            });
            last.map(|last| (views, last, desk.ledger.clock.now().utc))
        });
        let (views, last, now) = page.await?.map_err(|cause| refusal(&cause))?;
        found.extend(views);
        if last.is_none() {
            return Ok((found, now));
        }
        after = last;
    }
}

/// What a list is restricted to.
#[derive(Clone)]
struct Wanted {
    state: Option<CardState>,
    kind: Option<CardKind>,
    tenant: Option<String>,
    /// The door asked for, and the groups it is in.
    places: Option<Vec<Place>>,
    /// Only what is due back then, in that order.
    due: Option<Due>,
    limit: u64,
}

impl Wanted {
    fn read(asker: &Asker, filter: CardList) -> Result<Self, Refusal> {
        let names = &asker.controller.names;
        let places = filter.door.map(|door| {
            let id = names.door(&door);
            let id =
                id.ok_or_else(|| not_found("door", &door, names.doors().map(|(name, _)| name)))?;
            let config = asker.controller.config();
            let groups = config.groups_of(&door);
            let groups = groups.filter_map(|group| names.place(group));
            Ok::<_, Refusal>([Place::Door(id)].into_iter().chain(groups).collect())
        });
        Ok(Self {
            state: filter.state,
            kind: filter.kind,
            tenant: filter.tenant,
            places: places.transpose()?,
            due: filter.due,
            limit: filter.limit.unwrap_or(u64::MAX),
        })
    }

    /// Without a state everything is wanted that lives.
    fn takes(&self, row: &register::CardRow, now: UtcMicros) -> bool {
        let state = state_of(row, now);
        self.state
            .map_or(state != CardState::Returned, |wanted| wanted == state)
            && self.kind.is_none_or(|kind| kind == card_kind(&row.kind))
            && self
                .tenant
                .as_ref()
                .is_none_or(|tenant| *tenant == row.tenant)
            && self
                .places
                .as_ref()
                .is_none_or(|places| row.places.iter().any(|place| places.contains(place)))
    }
}

/// The last row of a page: the next one begins behind it.
#[derive(Clone, Copy)]
struct Last {
    id: IssuanceId,
    end: Option<UtcMicros>,
}

/// One page of the list.
struct Page {
    after: Option<Last>,
    names: Names,
}

impl Page {
    /// The rows of this page, and where the next one begins if there may be one.
    fn take(
        &self,
        register: &Register,
        wanted: &Wanted,
        now: UtcMicros,
    ) -> Result<(Vec<CardRow>, Option<Last>), RegisterError> {
        let mut rows = Vec::new();
        let mut seen = 0_usize;
        let mut last = None;
        let each = &mut |row: register::CardRow| {
            seen += 1;
            last = Some(Last {
                id: row.id,
                end: row.valid.until(),
            });
            if wanted.takes(&row, now) {
                rows.push(pseudonymous(&row, &self.names, now));
            }
            if seen < PAGE_ROWS {
                ControlFlow::Continue(())
            } else {
                ControlFlow::Break(())
            }
        };
        match wanted.due {
            None => register.card_list(self.after.map(|last| last.id), each)?,
            Some(due) => {
                let after = self.after.and_then(|last| Some((last.end?, last.id)));
                register.due_back(ends(due, now), after, each)?;
            }
        }
        Ok((rows, last.filter(|_| seen == PAGE_ROWS)))
    }
}

/// The ends of cards that are due then.
fn ends(due: Due, now: UtcMicros) -> Ends {
    match due {
        Due::Between { from, until } => Ends {
            from: from.utc(),
            until: until.utc(),
        },
        Due::Overdue {} => Ends {
            from: UtcMicros::from_micros(i64::MIN),
            until: now.saturating_add(Duration::from_micros(1)),
        },
    }
}

/// An issuance as lists show it, without its holder.
pub(super) fn pseudonymous(row: &register::CardRow, names: &Names, now: UtcMicros) -> CardRow {
    CardRow {
        issuance: row.id,
        kind: card_kind(&row.kind),
        state: state_of(row, now),
        tenant: row.tenant.clone(),
        doors: row
            .places
            .iter()
            .map(|place| names.place_name(*place))
            .collect(),
        stock: row.stock,
        valid_from: Moment::from(row.valid.from()),
        valid_until: row.valid.until().map(Moment::from),
        lost_since: row.lost.map(|lost| Moment::from(lost.at)),
        name: None,
        firm: None,
        mobile: None,
        contact: None,
        identified_by: None,
        signed_at: None,
        vouched_by: None,
    }
}

pub(super) fn with_holder(view: &HolderView, names: &Names, now: UtcMicros) -> CardRow {
    // Of whom nothing is known since a restore, nothing is said.
    let field = |of: fn(&HolderFields) -> &Text| view.holder.as_ref().map(|it| private(of(it)));
    CardRow {
        name: field(|holder| &holder.name),
        firm: field(|holder| &holder.firm),
        mobile: field(|holder| &holder.mobile),
        contact: Some(private(&view.contact.name)),
        identified_by: field(|holder| &holder.identified_by),
        signed_at: Some(Moment::from(view.signed_at)),
        vouched_by: view.vouched.as_ref().map(vouched_by),
        ..pseudonymous(&view.row, names, now)
    }
}

/// Who said what.
fn vouched_by(vouched: &Vouched) -> Private {
    let (superior, said) = (vouched.superior.expose(), vouched.said.expose());
    Private::new(format!("{superior}: {said}"))
}

/// Rows looked at in one errand of the desk.
const PAGE_ROWS: usize = 256;

/// A shorter part of a name finds half the house.
const FIND_CHARS_MIN: usize = 2;

/// Holders opened in one errand of the desk: some ten milliseconds.
const FIND_PAGE: usize = 1_024;

/// Holders shown in one answer.
const FIND_ROWS_MAX: usize = 50;
