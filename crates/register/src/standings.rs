//! Standings: who is still there at a moment, without a word about anybody. Kept elsewhere it tells a restored register what a
//! backup cannot know: which cards were returned, lost or changed after it, and which operators left (M19, M30).
//!
//! It names whoever is left, not who went: whoever is not in it went, whenever that was, and nobody has to say since when. What may
//! have changed of a card stands in it as a mark: a card with another mark is not what it was.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::fmt::Write as _;
use std::str::FromStr;

use access::role::Role;
use access::{DoorId, IssuanceId, OperatorId, StockId};
use rusqlite::{Connection, Row};

use crate::audit::AuditVerb;
use crate::error::RegisterError;
use crate::issuance::{COLUMNS, COLUMNS_LEN, Issuance};
use crate::mark::mark;
use crate::operator::{OperatorRow, words};
use crate::register::Register;
use crate::rights;
use crate::state::State;

/// Who is still there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standings {
    pub(crate) cards: BTreeMap<IssuanceId, Stands>,
    pub(crate) operators: BTreeMap<OperatorId, OperatorStands>,
    pub(crate) locked_down: BTreeSet<DoorId>,
    pub(crate) plastic: BTreeMap<StockId, PlasticStands>,
}

/// How an issuance stands that was not returned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Stands {
    /// Reported lost.
    Lost,
    /// As this mark says.
    So(String),
}

/// An operator who was not removed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct OperatorStands {
    pub(crate) mark: String,
    pub(crate) roles: Vec<Role>,
}

/// A card of the house that is not to be handed out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PlasticStands {
    pub(crate) is_blocked: bool,
    pub(crate) is_lost: bool,
}

/// A line that is none of such a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StandingsError {
    /// Which, from 1.
    pub line: usize,
}

impl Standings {
    /// How many issuances are in it.
    #[must_use]
    pub fn cards(&self) -> usize {
        self.cards.len()
    }

    /// Takes a page of issuances that [`Register::standings_page`] gave.
    pub fn take(&mut self, page: StandingsPage) {
        self.cards.extend(page.0);
    }
}

/// Some of the issuances, in the order of their pseudonyms.
pub struct StandingsPage(Vec<(IssuanceId, Stands)>);

impl StandingsPage {
    /// The last one: the next page begins behind it. `None`: there are no more.
    #[must_use]
    pub fn last(&self) -> Option<IssuanceId> {
        self.0.last().map(|(id, _)| *id)
    }
}

impl Register {
    /// Everything but the issuances.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn standings(&self) -> Result<Standings, RegisterError> {
        let mut all = Standings::default();
        for row in self.operators()? {
            if row.removed_at.is_none() {
                all.operators.insert(row.id, operator(&row));
            }
        }
        all.locked_down.extend(self.locked_down()?);
        let mut statement = self.connection.prepare_cached(
            "SELECT id, blocked_by IS NOT NULL, is_lost FROM stock WHERE is_lost = 1 OR blocked_by IS NOT NULL",
        )?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let stands = PlasticStands {
                is_blocked: row.get(1)?,
                is_lost: row.get(2)?,
            };
            let id = StockId::new(row.get(0)?);
            all.plastic.extend(id.map(|id| (id, stands)));
        }
        Ok(all)
    }

    /// A page of at most `limit` issuances behind `after` that were not returned.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn standings_page(
        &self,
        after: Option<IssuanceId>,
        limit: u32,
    ) -> Result<StandingsPage, RegisterError> {
        page(&self.connection, after, limit).map(StandingsPage)
    }
}

/// [`Register::standings_page`].
pub(crate) fn page(
    connection: &Connection,
    after: Option<IssuanceId>,
    limit: u32,
) -> Result<Vec<(IssuanceId, Stands)>, RegisterError> {
    let mut statement = connection.prepare_cached(&format!(
        "SELECT {COLUMNS}, c.tag, p.number, p.hash, p.duress FROM issuance i
         LEFT JOIN card c ON c.issuance = i.id LEFT JOIN pin p ON p.issuance = i.id
         WHERE i.id > ?1 AND i.state <> 'returned' ORDER BY i.id LIMIT ?2"
    ))?;
    let after = after.map_or(-1, |id| i64::from(id.get()));
    let mut rows = statement.query((after, limit))?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        let issuance = Issuance::read(row)?;
        debug_assert!(issuance.state != State::Returned, "not asked for");
        let stands = match issuance.lost {
            Some(_) => Stands::Lost,
            None => Stands::So(mark_of(connection, &issuance, row)?),
        };
        all.push((issuance.id, stands));
    }
    Ok(all)
}

/// Everything by which doors decide; the holder is not in it, so that a corrected mobile is no change.
fn mark_of(
    connection: &Connection,
    issuance: &Issuance,
    row: &Row<'_>,
) -> Result<String, RegisterError> {
    let rights = rights::of(connection, issuance.id)?;
    let mut octets = issuance.words(&rights).into_bytes();
    for column in [0, 2, 3] {
        let sealed: Option<[u8; 16]> = row.get(COLUMNS_LEN + column)?;
        octets.push(u8::from(sealed.is_some()));
        octets.extend(sealed.into_iter().flatten());
    }
    let pin: Option<u32> = row.get(COLUMNS_LEN + 1)?;
    octets.extend(pin.unwrap_or_default().to_be_bytes());
    Ok(mark(&octets))
}

pub(crate) fn operator(row: &OperatorRow) -> OperatorStands {
    OperatorStands {
        mark: mark(words(AuditVerb::RegisterRestated, row).as_bytes()),
        roles: row.roles.held().to_vec(),
    }
}

impl fmt::Display for Standings {
    /// One thing a line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (id, stands) in &self.operators {
            let roles: Vec<&str> = stands.roles.iter().map(|role| role.as_str()).collect();
            writeln!(f, "operator {id} {} {}", stands.mark, roles.join(","))?;
        }
        for door in &self.locked_down {
            writeln!(f, "locked-down {door}")?;
        }
        for (id, stands) in &self.plastic {
            f.write_str("plastic ")?;
            write!(f, "{}", id.get())?;
            let said = [(stands.is_blocked, " blocked"), (stands.is_lost, " lost")];
            let said = said.iter().filter(|(is, _)| *is);
            said.into_iter()
                .try_for_each(|(_, word)| f.write_str(word))?;
            f.write_char('\n')?;
        }
        for (id, stands) in &self.cards {
            match stands {
                Stands::Lost => writeln!(f, "card {id} lost")?,
                Stands::So(mark) => writeln!(f, "card {id} {mark}")?,
            }
        }
        Ok(())
    }
}

impl FromStr for Standings {
    type Err = StandingsError;

    fn from_str(text: &str) -> Result<Self, StandingsError> {
        let mut all = Self::default();
        for (at, line) in text.lines().enumerate() {
            let error = StandingsError { line: at + 1 };
            all.read(line).ok_or(error)?;
        }
        Ok(all)
    }
}

impl Standings {
    fn read(&mut self, line: &str) -> Option<()> {
        let mut words = line.split(' ');
        let (what, id) = (words.next()?, words.next()?);
        let said: Vec<&str> = words.collect();
        match (what, said.as_slice()) {
            ("operator", [mark, roles]) => {
                let roles = roles.split(',').map(|role| role.parse().ok());
                let stands = OperatorStands {
                    mark: (*mark).to_owned(),
                    roles: roles.collect::<Option<_>>()?,
                };
                let id = OperatorId::new(id.parse().ok()?);
                self.operators.insert(id, stands);
            }
            ("locked-down", []) => {
                self.locked_down.insert(DoorId::new(id.parse().ok()?));
            }
            ("plastic", said @ ([_] | [_, _])) => {
                let stands = PlasticStands {
                    is_blocked: said.contains(&"blocked"),
                    is_lost: said.contains(&"lost"),
                };
                let id = StockId::new(id.parse().ok()?)?;
                self.plastic.insert(id, stands);
            }
            ("card", ["lost"]) => {
                self.cards.insert(id.parse().ok()?, Stands::Lost);
            }
            ("card", [mark]) => {
                let stands = Stands::So((*mark).to_owned());
                self.cards.insert(id.parse().ok()?, stands);
            }
            _ => return None,
        }
        Some(())
    }
}

impl fmt::Display for StandingsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {} says nothing that is known", self.line)
    }
}

impl std::error::Error for StandingsError {}
