//! Search: holders by a part of their name. Names are sealed, so each has to be opened: a search goes page by page, and others have their
//! turn between two of them.

use std::ops::ControlFlow;

use access::IssuanceId;
use key_store::Owner;
use zeroize::Zeroizing;

use crate::error::RegisterError;
use crate::list::{HolderView, opened_holder};
use crate::register::Register;
use crate::seal::FieldKey;

/// One page of a search.
#[derive(Clone, Copy)]
pub struct Sought<'a> {
    /// What the name contains, upper and lower case alike.
    pub part: &'a str,
    /// The last issuance of the page before.
    pub after: Option<IssuanceId>,
    /// How many issuances are looked at, at most.
    pub rows: usize,
}

impl Register {
    /// Calls `each` for every issuance of this page whose holder's name contains the part, until it breaks. The last one looked at, if
    /// more may follow it. Opens every holder of the page; the caller records the reading.
    ///
    /// # Errors
    /// What SQLite or the key store says; [`RegisterError::Unsealable`].
    pub fn find_by_name(
        &self,
        sought: Sought<'_>,
        each: &mut dyn FnMut(HolderView) -> ControlFlow<()>,
    ) -> Result<Option<IssuanceId>, RegisterError> {
        let part = Zeroizing::new(sought.part.trim().to_lowercase());
        let mut statement = self.connection.prepare_cached(
            "SELECT id, slot, holder FROM issuance WHERE id > ?1 AND state <> 'returned' ORDER BY id LIMIT ?2",
        )?;
        let after = sought.after.map_or(-1, |id| i64::from(id.get()));
        let limit = i64::try_from(sought.rows).unwrap_or(i64::MAX);
        let mut rows = statement.query([after, limit])?;
        let (mut seen, mut last) = (0, None);
        while let Some(row) = rows.next()? {
            let id = IssuanceId::from_random(row.get(0)?);
            let key = FieldKey::of_owner(&self.keys, row.get(1)?, Owner::Issuance(id.get()))?;
            let holder = opened_holder(&key, id, row.get_ref(2)?.as_blob().unwrap_or_default())?;
            let is_sought = holder.is_some_and(|holder| holder.name.holds(&part));
            if is_sought && each(self.show(id)?).is_break() {
                return Ok(None);
            }
            (seen, last) = (seen + 1, Some(id));
        }
        Ok(last.filter(|_| seen == sought.rows))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::House;

    #[test]
    fn a_holder_is_found_by_part_of_the_name() {
        let mut house = House::settled();
        let kari = house.active_supplier("Kari Ødegård", 1);
        house.active_supplier("Per", 2);
        let mut found = Vec::new();
        let mut take = |view: HolderView| {
            let holder = view.holder.unwrap();
            found.push((view.row.id, holder.name.expose().to_owned()));
            ControlFlow::Continue(())
        };
        let sought = Sought {
            part: " øDEG",
            after: None,
            rows: 9,
        };
        let last = house.register.find_by_name(sought, &mut take).unwrap();
        assert_eq!(found, [(kari, "Kari Ødegård".to_owned())]);
        assert_eq!(last, None);
    }

    #[test]
    fn pages_have_each_holder_once_and_end() {
        let mut house = House::settled();
        let mut all: Vec<IssuanceId> = (1..=7)
            .map(|card| house.active_supplier("Kari", card))
            .collect();
        all.sort();
        for rows in 1..=8 {
            let (mut found, mut after, mut pages) = (Vec::new(), None, 0);
            loop {
                let mut take = |view: HolderView| {
                    found.push(view.row.id);
                    ControlFlow::Continue(())
                };
                let part = "kari";
                let sought = Sought { part, after, rows };
                after = house.register.find_by_name(sought, &mut take).unwrap();
                pages += 1;
                if after.is_none() {
                    break;
                }
            }
            assert_eq!((&found, pages), (&all, 7 / rows + 1), "by {rows}");
        }
    }

    #[test]
    fn who_has_enough_is_asked_no_more() {
        let mut house = House::settled();
        for card in 1..=3 {
            house.active_supplier("Kari", card);
        }
        let mut found = 0;
        let mut take = |_| {
            found += 1;
            ControlFlow::Break(())
        };
        let sought = Sought {
            part: "kari",
            after: None,
            rows: 2,
        };
        assert_eq!(
            house.register.find_by_name(sought, &mut take).unwrap(),
            None
        );
        assert_eq!(found, 1);
    }
}
