//! Deciding: what was wished for an item is carried out and stored in one change, with one record under the card's own key.

use std::ops::ControlFlow;

use access::{IssuanceId, OperatorId, Place, UtcMicros};
use rusqlite::params;

use super::item::{Item, item, items};
use super::{Decision, Review, ReviewId, Verdict, Wish, load_open, narrow};
use crate::audit::{AuditVerb, Change};
use crate::draft::{Draft, Said};
use crate::error::RegisterError;
use crate::issuance::Issuance;
use crate::mark::listed;
use crate::register::Register;
use crate::review_error::ReviewError;
use crate::right_error::RightError;
use crate::rights;
use crate::seal::Field;
use crate::text::Text;
use crate::{block, grant};

/// How much was decided.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Decided {
    /// Cards.
    pub cards: u64,
    /// Rights on a place.
    pub rights: u64,
    /// Rights that were left, since they are lapsed and each has to be decided by itself (M22).
    pub lapsed: u64,
}

/// Many cards that are decided alike; what is decided already stays.
#[derive(Clone, Debug)]
pub struct Bulk {
    /// Where the page before ended.
    pub after: Option<IssuanceId>,
    /// Cards of this tenant only.
    pub tenant: Option<String>,
    /// Cards of this kind only.
    pub kind: Option<String>,
    /// What is wished, one and the same for all.
    pub wish: Wish,
    /// Why.
    pub reason: Text,
}

/// One page of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    /// What was decided on it.
    pub decided: Decided,
    /// Cards that were looked at.
    pub seen: u64,
    /// Where it ended; `None` if nothing is left.
    pub last: Option<IssuanceId>,
}

impl Register {
    /// Stores decisions and carries them out, all or none: a card that is revoked is blocked, a right is taken away, a change is
    /// made. What was decided before may be decided otherwise as long as the review is open; what was carried out stays so.
    ///
    /// # Errors
    /// [`RegisterError::Review`], [`RegisterError::NoSuchIssuance`], [`RegisterError::Forgotten`], [`RegisterError::Right`].
    pub fn decide(
        &mut self,
        review: ReviewId,
        decisions: &[Decision],
        by: OperatorId,
        now: UtcMicros,
    ) -> Result<(Decided, Change), RegisterError> {
        self.change(by, now, |draft| {
            let review = load_open(&draft.tx, review)?;
            let mut decided = Decided::default();
            for decision in decisions {
                decided.add(one(draft, &review, decision)?);
            }
            Ok(decided)
        })
    }

    /// Decides a page of cards alike, all of the page or nothing of it. Lapsed rights are left where they are kept.
    ///
    /// # Errors
    /// As [`Register::decide`].
    pub fn decide_page(
        &mut self,
        review: ReviewId,
        bulk: &Bulk,
        by: OperatorId,
        now: UtcMicros,
    ) -> Result<(Page, Change), RegisterError> {
        self.change(by, now, |draft| {
            let review = load_open(&draft.tx, review)?;
            let mut page = Vec::new();
            items(&draft.tx, &review, bulk.after, &mut |item| {
                page.push(item);
                if page.len() < PAGE_CARDS {
                    ControlFlow::Continue(())
                } else {
                    ControlFlow::Break(())
                }
            })?;
            let mut decided = Decided::default();
            for item in page.iter().filter(|item| bulk.takes(item)) {
                let open = Open {
                    review: &review,
                    item,
                    card: item.decided.is_none(),
                };
                decided.add(open.decide(draft, &bulk.wish, &bulk.reason)?);
            }
            let is_full = page.len() == PAGE_CARDS;
            Ok(Page {
                decided,
                seen: u64::try_from(page.len()).unwrap_or(u64::MAX),
                last: page.last().map(|item| item.id).filter(|_| is_full),
            })
        })
    }
}

impl Bulk {
    fn takes(&self, item: &Item) -> bool {
        let is_wanted =
            |wanted: &Option<String>, is: &str| wanted.as_deref().is_none_or(|wanted| wanted == is);
        item.is_undecided()
            && is_wanted(&self.tenant, &item.tenant)
            && is_wanted(&self.kind, item.kind.name())
    }
}

impl Decided {
    /// Adds what else was decided.
    pub fn add(&mut self, more: Self) {
        self.cards += more.cards;
        self.rights += more.rights;
        self.lapsed += more.lapsed;
    }
}

fn one(
    draft: &mut Draft<'_>,
    review: &Review,
    decision: &Decision,
) -> Result<Decided, RegisterError> {
    Issuance::load_live(&draft.tx, decision.issuance)?;
    let found = item(&draft.tx, review, decision.issuance)?;
    let found = found.ok_or(ReviewError::NotInReview)?;
    let open = Open {
        review,
        item: &found,
        card: true,
    };
    match decision.place {
        None => open.decide(draft, &decision.wish, &decision.reason),
        Some(place) => open.decide_right(draft, place, (&decision.wish, &decision.reason)),
    }
}

/// An item that is being decided.
struct Open<'a> {
    review: &'a Review,
    item: &'a Item,
    /// The card itself, and not only its rights.
    card: bool,
}

impl Open<'_> {
    /// The card, and what of its rights is undecided.
    fn decide(
        &self,
        draft: &mut Draft<'_>,
        wish: &Wish,
        reason: &Text,
    ) -> Result<Decided, RegisterError> {
        let mut verdicts = Vec::new();
        if self.card {
            self.carry_out(draft, wish, reason)?;
            verdicts.push((None, wish.verdict()));
        }
        let taken: &[Place] = match wish {
            Wish::Change(narrower) => &narrower.without,
            Wish::Keep | Wish::Revoke => &[],
        };
        let mut lapsed = 0;
        for right in &self.item.rights {
            if taken.contains(&right.place) {
                verdicts.push((Some(right.place), Verdict::Revoke));
                continue;
            }
            if !right.is_undecided() {
                continue;
            }
            if *wish == Wish::Revoke {
                // A revoked card is dead with all its rights; where the card was decided before, they go alone.
                if !self.card {
                    grant::revoke(draft, self.item.id, (right.place, reason))?;
                }
                verdicts.push((Some(right.place), Verdict::Revoke));
            } else if right.is_lapsed {
                lapsed += 1;
            } else {
                verdicts.push((Some(right.place), Verdict::Keep));
            }
        }
        Ok(Decided {
            lapsed,
            ..self.store(draft, reason, &verdicts)?
        })
    }

    fn carry_out(
        &self,
        draft: &mut Draft<'_>,
        wish: &Wish,
        reason: &Text,
    ) -> Result<(), RegisterError> {
        match wish {
            Wish::Keep => Ok(()),
            Wish::Revoke => match block::block(draft, self.item.id, reason.expose()) {
                Err(RegisterError::AlreadyBlocked) => Ok(()),
                blocked => blocked,
            },
            Wish::Change(narrower) => narrow::card(draft, self.item.id, narrower, reason),
        }
    }

    /// All rights of the card on one place.
    fn decide_right(
        &self,
        draft: &mut Draft<'_>,
        place: Place,
        (wish, reason): (&Wish, &Text),
    ) -> Result<Decided, RegisterError> {
        let mut rights = self.item.rights.iter();
        let right = rights.find(|right| right.place == place);
        let right = right.ok_or(RightError::NotThere)?;
        if right.is_later {
            return Err(ReviewError::NotInReview.into());
        }
        match wish {
            Wish::Keep if right.rights.is_empty() => {
                return Err(RightError::NotThere.into());
            }
            Wish::Keep => {}
            Wish::Revoke => grant::revoke(draft, self.item.id, (place, reason))?,
            Wish::Change(narrower) => {
                narrow::right(draft, self.item.id, (place, narrower), reason)?
            }
        }
        self.store(draft, reason, &[(Some(place), wish.verdict())])
    }

    /// Stores what was decided, and puts it on record under the card's own key; in the operator's part stand counts only.
    fn store(
        &self,
        draft: &mut Draft<'_>,
        reason: &Text,
        verdicts: &[(Option<Place>, Verdict)],
    ) -> Result<Decided, RegisterError> {
        if verdicts.is_empty() {
            return Ok(Decided::default());
        }
        let issuance = Issuance::load(&draft.tx, self.item.id)?;
        let (of, id) = (draft.keyed(issuance.holder())?, issuance.id.get());
        let plain = reason.expose().as_bytes();
        let field = (Field::Decision, u64::from(id));
        let sealed = of.key.seal(draft.entropy, field.0, field.1, plain)?;
        let by = draft.operator()?.get();
        let (review, at) = (self.review.id.0, draft.now.micros());
        let mut statement = draft.tx.prepare_cached(
            "INSERT OR REPLACE INTO review_decision (review, issuance, place, verdict, decided_at, decided_by, reason)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?;
        for (place, verdict) in verdicts {
            let place = place.map_or(0, rights::place_number);
            statement.execute(params![review, id, place, verdict.name(), at, by, sealed])?;
        }
        drop(statement);
        let now = issuance.words(&rights::of(&draft.tx, issuance.id)?);
        let said = Said {
            verb: AuditVerb::ReviewDecided,
            of_holder: &format!("{now} {}", self.words(reason, verdicts)),
            of_operator: &self.counts(verdicts),
        };
        draft.record(Some(&of), &said)?;
        let cards = verdicts.iter().filter(|(place, _)| place.is_none()).count();
        let count = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
        Ok(Decided {
            cards: count(cards),
            rights: count(verdicts.len() - cards),
            lapsed: 0,
        })
    }

    fn words(&self, reason: &Text, verdicts: &[(Option<Place>, Verdict)]) -> String {
        let word = |(place, verdict): &(Option<Place>, Verdict)| {
            format!("{}:{}", super::canonical::place(*place), verdict.name())
        };
        let words: Vec<String> = verdicts.iter().map(word).collect();
        let decided = listed(words.len(), words.join(","));
        let (review, reason) = (self.review.id, reason.expose());
        format!("review={review} reason={reason} decided={decided}")
    }

    fn counts(&self, verdicts: &[(Option<Place>, Verdict)]) -> String {
        let count = |wanted| verdicts.iter().filter(|(_, is)| *is == wanted).count();
        let [keep, change, revoke] = Verdict::ALL.map(count);
        format!(
            "review={} keep={keep} change={change} revoke={revoke}",
            self.review.id
        )
    }
}

/// Cards that are looked at in one change, so that whoever wants something else of the register waits for moments only.
const PAGE_CARDS: usize = 256;
