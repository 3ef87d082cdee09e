//! Signing: when nothing is undecided any more, one record says how much was decided which way, and binds all of it.

use access::{OperatorId, UtcMicros};
use rusqlite::{Connection, Row, params};

use super::canonical::{self, Closing, Decisions};
use super::{KindCount, Review, ReviewId, Verdict, hex, item, load, load_open};
use crate::audit::{AuditVerb, Change};
use crate::counter::{counted, stored};
use crate::draft::{Draft, Said};
use crate::error::RegisterError;
use crate::pseudonym::pseudonym;
use crate::register::Register;
use crate::review_error::ReviewError;

impl Register {
    /// Signs a review; `log` is how many records the log has and the root over them. Its record says how many of the cards the
    /// signer had issued.
    ///
    /// # Errors
    /// [`RegisterError::Review`], also as long as anything is undecided.
    pub fn sign_review(
        &mut self,
        id: ReviewId,
        log: (u64, [u8; 32]),
        by: OperatorId,
        now: UtcMicros,
    ) -> Result<(Review, Change), RegisterError> {
        self.change(by, now, |draft| {
            let review = load_open(&draft.tx, id)?;
            refuse_undecided(&draft.tx, &review)?;
            let counts = counts(&draft.tx, &review)?;
            let closing = Closing {
                review: &review,
                at: now,
                by: draft.operator()?,
                own: own(&draft.tx, &review, by)?,
                log,
                decisions: decisions(&draft.tx, &review)?,
                counts: &counts,
            };
            store(draft, &closing)?;
            load(&draft.tx, Some(id))
        })
    }

    /// How many cards and rights of a review nobody has decided.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn undecided(&self, review: &Review) -> Result<(u64, u64), RegisterError> {
        undecided(&self.connection, review)
    }

    /// How many items were decided which way so far, by kind of card.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn decided(&self, review: &Review) -> Result<Vec<KindCount>, RegisterError> {
        counts(&self.connection, review)
    }
}

fn refuse_undecided(connection: &Connection, review: &Review) -> Result<(), RegisterError> {
    match undecided(connection, review)? {
        (0, 0) => Ok(()),
        (cards, rights) => Err(ReviewError::Undecided { cards, rights }.into()),
    }
}

fn undecided(connection: &Connection, review: &Review) -> Result<(u64, u64), RegisterError> {
    let of = params![review.id.0, 0, review.opened_at.micros()];
    let open = "NOT EXISTS (SELECT 1 FROM review_decision d WHERE d.review = ?1 AND d.issuance = i.id AND d.place =";
    let living = item::LIVING;
    let cards = connection.query_row(
        &format!("SELECT count(*) FROM issuance i WHERE {living} AND {open} ?2)"),
        of,
        |row| row.get(0),
    );
    let rights = connection.query_row(
        &format!(
            "SELECT count(*) FROM (SELECT DISTINCT r.issuance, r.place FROM issuance i
             JOIN place_right r ON r.issuance = i.id
             JOIN grounds g ON g.issuance = r.issuance AND g.number = r.grounds
             WHERE {living} AND g.granted_at <= ?3 AND ?2 = 0 AND {open} r.place))"
        ),
        of,
        |row| row.get(0),
    );
    Ok((counted(cards?)?, counted(rights?)?))
}

fn counts(connection: &Connection, review: &Review) -> Result<Vec<KindCount>, RegisterError> {
    let mut statement = connection.prepare_cached(
        "SELECT i.kind, d.place = 0, d.verdict, count(*) FROM review_decision d JOIN issuance i ON i.id = d.issuance
         WHERE d.review = ?1 AND i.state <> 'returned' GROUP BY 1, 2, 3 ORDER BY 1, 2 DESC, 3",
    )?;
    let mut rows = statement.query([review.id.0])?;
    let mut counts = Vec::new();
    while let Some(row) = rows.next()? {
        counts.push(KindCount {
            kind: row.get(0)?,
            is_card: row.get(1)?,
            verdict: Verdict::read(row, 2)?,
            number: counted(row.get(3)?)?,
        });
    }
    Ok(counts)
}

/// How many of the cards this operator issued.
fn own(connection: &Connection, review: &Review, by: OperatorId) -> Result<u64, RegisterError> {
    let living = item::LIVING;
    let own = connection.query_row(
        &format!("SELECT count(*) FROM issuance i WHERE i.issued_by = ?1 AND ?2 = 0 AND {living}"),
        params![by.get(), 0, review.opened_at.micros()],
        |row| row.get(0),
    );
    counted(own?)
}

/// SHA-256 over all decisions about cards that were not returned.
fn decisions(connection: &Connection, review: &Review) -> Result<[u8; 32], RegisterError> {
    let mut statement = connection.prepare_cached(
        "SELECT d.issuance, d.place, d.verdict, d.decided_at, d.decided_by FROM review_decision d
         JOIN issuance i ON i.id = d.issuance
         WHERE d.review = ?1 AND i.state <> 'returned' ORDER BY d.issuance, d.place",
    )?;
    let mut rows = statement.query([review.id.0])?;
    let mut decisions = Decisions::default();
    while let Some(row) = rows.next()? {
        add(&mut decisions, row)?;
    }
    Ok(decisions.finish())
}

fn add(decisions: &mut Decisions, row: &Row<'_>) -> Result<(), RegisterError> {
    let issuance = pseudonym(row.get(0)?)?;
    let place = item::place(row.get(1)?)?;
    let at = UtcMicros::from_micros(row.get(3)?);
    let by = OperatorId::new(row.get(4)?);
    decisions.add((issuance, place), Verdict::read(row, 2)?, (at, by));
    Ok(())
}

fn store(draft: &mut Draft<'_>, closing: &Closing<'_>) -> Result<(), RegisterError> {
    let (id, hash) = (closing.review.id, closing.hash());
    draft.tx.execute(
        "UPDATE review SET signed_at = ?2, signed_by = ?3, own = ?4, log_size = ?5, log_root = ?6, decisions = ?7, hash = ?8,
            recorded_at = ?2
         WHERE id = ?1",
        params![
            id.0,
            closing.at.micros(),
            closing.by.get(),
            stored(closing.own),
            stored(closing.log.0),
            closing.log.1,
            closing.decisions,
            hash
        ],
    )?;
    let mut statement = draft.tx.prepare_cached(
        "INSERT INTO review_count (review, kind, is_card, verdict, number) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?;
    for count in closing.counts {
        let (kind, number) = (&count.kind, stored(count.number));
        statement.execute(params![
            id.0,
            kind,
            count.is_card,
            count.verdict.name(),
            number
        ])?;
    }
    drop(statement);
    let of_operator = format!(
        "review={id} quarter={} own={} log={}:{} decisions={} former={} hash={} counts={}",
        closing.review.quarter,
        closing.own,
        closing.log.0,
        hex(&closing.log.1),
        hex(&closing.decisions),
        closing.former(),
        hex(&hash),
        canonical::counts(closing.counts),
    );
    let said = Said {
        verb: AuditVerb::ReviewSigned,
        of_holder: "",
        of_operator: &of_operator,
    };
    draft.record(None, &said)
}
