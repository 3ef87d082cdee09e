//! Batches: the cards of one import that wait together, one batch for each tenant whose personnel office is asked (M16).

use std::collections::BTreeMap;

use super::row::Planned;
use crate::card_approval::{self, Batch};
use crate::contact::TenantId;
use crate::draft::Draft;
use crate::error::RegisterError;

/// The batches of one import.
#[derive(Default)]
pub(super) struct Batches(BTreeMap<TenantId, Option<Batch>>);

impl Batches {
    /// The batch in which a card waits, if it does.
    pub(super) fn of(
        &mut self,
        draft: &Draft<'_>,
        planned: &Planned,
    ) -> Result<Option<Batch>, RegisterError> {
        if planned.kind.is_visitor() {
            return Ok(None);
        }
        let tenant = planned.contact.tenant;
        if let Some(known) = self.0.get(&tenant) {
            return Ok(*known);
        }
        let waits = card_approval::is_wanted(&draft.tx, &planned.kind, tenant)?;
        let batch = waits.then(|| draft.number("approval-batch")).transpose()?;
        self.0.insert(tenant, batch);
        Ok(batch)
    }
}
