//! Opening a review, and which there are.

use access::{OperatorId, Quarter, UtcMicros};
use rusqlite::{Connection, OptionalExtension, params};

use super::{Review, ReviewId, SELECT, load, newest_hash, read};
use crate::audit::{AuditVerb, Change};
use crate::counter::{counted, stored};
use crate::draft::Said;
use crate::error::RegisterError;
use crate::register::Register;
use crate::review_error::ReviewError;

impl Register {
    /// Opens the review of a quarter: every issuance and right as they stand. One is open at a time.
    ///
    /// # Errors
    /// [`RegisterError::Review`] if one is open or the quarter has its review.
    pub fn open_review(
        &mut self,
        quarter: Quarter,
        by: OperatorId,
        now: UtcMicros,
    ) -> Result<(Review, Change), RegisterError> {
        self.change(by, now, |draft| {
            refuse_second(&draft.tx, quarter)?;
            let (cards, rights) = living(&draft.tx)?;
            let former = newest_hash(&draft.tx)?;
            let id = ReviewId(draft.number("review")?);
            draft.tx.execute(
                "INSERT INTO review (id, quarter, opened_at, opened_by, cards, rights, former, recorded_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?3)",
                params![
                    id.0,
                    quarter.to_string(),
                    now.micros(),
                    draft.operator()?.get(),
                    stored(cards),
                    stored(rights),
                    former
                ],
            )?;
            let review = load(&draft.tx, Some(id))?;
            let of_operator = review.opened_words();
            let said = Said {
                verb: AuditVerb::ReviewOpened,
                of_holder: "",
                of_operator: &of_operator,
            };
            draft.record(None, &said)?;
            Ok(review)
        })
    }

    /// The review of this number; without one the newest, which is the open one if any is.
    ///
    /// # Errors
    /// [`RegisterError::Review`] if there is none.
    pub fn review(&self, id: Option<ReviewId>) -> Result<Review, RegisterError> {
        load(&self.connection, id)
    }

    /// Every review, oldest first.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn reviews(&self) -> Result<Vec<Review>, RegisterError> {
        let mut statement = self
            .connection
            .prepare_cached(&format!("{SELECT} ORDER BY id"))?;
        let mut rows = statement.query([])?;
        let mut reviews = Vec::new();
        while let Some(row) = rows.next()? {
            reviews.push(read(&self.connection, row)?);
        }
        Ok(reviews)
    }

    /// When the house began: its first operator was added.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn began(&self) -> Result<UtcMicros, RegisterError> {
        let began: Option<i64> =
            self.connection
                .query_row("SELECT min(added_at) FROM operator", [], |row| row.get(0))?;
        Ok(UtcMicros::from_micros(began.unwrap_or(i64::MAX)))
    }

    /// Whether the log says already that the review of a quarter is overdue.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn is_told_overdue(&self, quarter: Quarter) -> Result<bool, RegisterError> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT 1 FROM review_overdue WHERE quarter = ?1")?;
        Ok(statement.exists([quarter.to_string()])?)
    }

    /// The log says so now. Repeatable.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn told_overdue(&mut self, quarter: Quarter, now: UtcMicros) -> Result<(), RegisterError> {
        self.connection.execute(
            "INSERT INTO review_overdue (quarter, told_at) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
            params![quarter.to_string(), now.micros()],
        )?;
        Ok(())
    }
}

fn refuse_second(connection: &Connection, quarter: Quarter) -> Result<(), RegisterError> {
    let open = connection.query_row(
        "SELECT id FROM review WHERE signed_at IS NULL",
        params![],
        |row| row.get(0),
    );
    if let Some(review) = open.optional()? {
        return Err(ReviewError::Open { review }.into());
    }
    let done = connection.query_row(
        "SELECT id FROM review WHERE quarter = ?1",
        [quarter.to_string()],
        |row| row.get(0),
    );
    match done.optional()? {
        Some(review) => Err(ReviewError::QuarterDone { quarter, review }.into()),
        None => Ok(()),
    }
}

/// Cards that were not returned, and the places on which they have rights.
fn living(connection: &Connection) -> Result<(u64, u64), RegisterError> {
    let count = |sql| connection.query_row(sql, [], |row| row.get(0));
    let cards = count("SELECT count(*) FROM issuance WHERE state <> 'returned'")?;
    let rights = count(
        "SELECT count(*) FROM (SELECT DISTINCT r.issuance, r.place FROM place_right r
         JOIN issuance i ON i.id = r.issuance WHERE i.state <> 'returned')",
    )?;
    Ok((counted(cards)?, counted(rights)?))
}
