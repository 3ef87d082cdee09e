//! Sealing: what of a list's new cards is sealed and marked, made on a thread of its own.

use std::sync::mpsc::{Receiver, SyncSender};

use access::{OperatorId, UtcMicros};
use key_store::{Entropy, KeyStore, Owner};

use super::fresh::{Fresh, words};
use super::plan::ImportPlan;
use super::row::Planned;
use crate::activate::sealed_number;
use crate::audit::{self, AuditVerb};
use crate::draft::{Draft, SealedRecord, bounded};
use crate::error::RegisterError;
use crate::grounds::sealed_reason;
use crate::issuance::Issuance;
use crate::mark::mark;
use crate::row_mark;
use crate::seal::{Field, FieldKey, NONCE};

/// A new card before anything of it is sealed.
pub(super) struct Begun<'a> {
    pub(super) issuance: Issuance,
    pub(super) planned: &'a Planned,
    /// The number its record gets.
    pub(super) record: u64,
}

/// A new card as it is written.
pub(super) struct Sealed<'a> {
    pub(super) issuance: Issuance,
    pub(super) planned: &'a Planned,
    pub(super) holder: Vec<u8>,
    pub(super) number: Vec<u8>,
    pub(super) reason: Vec<u8>,
    /// The mark over its rows.
    pub(super) row: String,
    pub(super) record: SealedRecord,
}

/// Some cards, and the nonces they are sealed with.
pub(super) struct Page<'a> {
    cards: Vec<Begun<'a>>,
    nonces: Drawn,
}

/// What sealing needs.
pub(super) struct Sealing<'a> {
    keys: &'a KeyStore,
    plan: &'a ImportPlan,
    operator: FieldKey,
    by: OperatorId,
    now: UtcMicros,
}

impl<'a> Sealing<'a> {
    pub(super) fn for_import<'d: 'a>(
        draft: &Draft<'d>,
        plan: &'a ImportPlan,
    ) -> Result<Self, RegisterError> {
        Ok(Self {
            keys: draft.keys,
            plan,
            operator: draft.operator_key()?,
            by: draft.operator()?,
            now: draft.now,
        })
    }

    /// The cards with random nonces for each.
    pub(super) fn drawn<'p>(cards: Vec<Begun<'p>>, entropy: &mut dyn Entropy) -> Page<'p> {
        let mut octets = vec![0; cards.len().saturating_mul(SEALS * NONCE)];
        entropy.fill(&mut octets);
        let nonces = Drawn { octets, used: 0 };
        Page { cards, nonces }
    }

    /// Seals page after page, until there is no more or nobody wants it.
    pub(super) fn work<'p>(
        &self,
        asked: &Receiver<Page<'p>>,
        tell: &SyncSender<Result<Vec<Sealed<'p>>, RegisterError>>,
    ) {
        for Page { cards, mut nonces } in asked {
            let cards = cards.into_iter();
            let sealed = cards.map(|card| self.seal(card, &mut nonces)).collect();
            if tell.send(sealed).is_err() {
                return;
            }
        }
    }

    fn seal<'p>(
        &self,
        Begun {
            issuance,
            planned,
            record,
        }: Begun<'p>,
        nonces: &mut Drawn,
    ) -> Result<Sealed<'p>, RegisterError> {
        let (id, terms) = (issuance.id, &self.plan.terms);
        let owner = Owner::Issuance(id.get());
        let key = FieldKey::of_owner(self.keys, issuance.slot.index, owner)?;
        let number_of = u64::from(id.get());
        let holder = key.seal(nonces, Field::Holder, number_of, &planned.holder)?;
        let number = sealed_number((&key, nonces), id, &planned.number)?;
        let reason = sealed_reason((&key, nonces), id, &terms.reason)?;
        let rights = self.plan.doors(planned)?;
        let fresh = Fresh {
            issuance: &issuance,
            signed_at: terms.signed_at,
            issued_at: self.now,
            by: self.by,
            holder: &holder,
            card: (&planned.tag, &number),
            reason: &reason,
            rights,
        };
        let row = fresh.mark()?;
        let of_holder = row_mark::stamped(&words(&issuance, rights, &mark(&holder)), &row);
        let text = bounded(&of_holder);
        let holder_text = key.seal(nonces, Field::HolderText, record, text.as_bytes())?;
        let verb = AuditVerb::CardImported;
        let beside = audit::beside(verb.name(), self.now, self.by);
        let text = bounded(&issuance.bare_words(rights));
        let field = (Field::OperatorText, record, beside.as_str());
        let operator_text = self.operator.seal_beside(nonces, field, text.as_bytes())?;
        let record = SealedRecord {
            id: record,
            verb,
            holder: Some(issuance.holder()),
            holder_text: Some(holder_text),
            operator_text,
        };
        Ok(Sealed {
            issuance,
            planned,
            holder,
            number,
            reason,
            row,
            record,
        })
    }
}

/// Random octets that were drawn beforehand, each given once.
struct Drawn {
    octets: Vec<u8>,
    used: usize,
}

impl Entropy for Drawn {
    fn fill(&mut self, bytes: &mut [u8]) {
        let until = self.used.saturating_add(bytes.len());
        match self.octets.get(self.used..until) {
            Some(drawn) => bytes.copy_from_slice(drawn),
            // More seals than SEALS: a nonce used twice is worse than a stop.
            None => std::process::abort(),
        }
        self.used = until;
    }
}

/// What is sealed of each card: holder, number, reason, and the two parts of the record.
const SEALS: usize = 5;
