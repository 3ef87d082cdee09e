//! What happened between the records, in its order.

use std::sync::Arc;

use access::IssuanceId;

use crate::simulation::company::Company;
use crate::simulation::moment::Moment;
use crate::simulation::policy::Knowledge;

/// What happened, in its order: a record may tell of a decision long after it.
pub(super) enum Happened {
    /// The site decided.
    Decided(Moment),
    /// It got another list.
    Swapped(Arc<Knowledge>),
    /// It forgot a card.
    Forgot(IssuanceId),
}

impl Happened {
    /// What it means for those who wait for others.
    pub(super) fn tell(&self, company: &mut Company) {
        match self {
            // No record told of it.
            Happened::Decided(moment) => company.missed(moment.time),
            Happened::Swapped(known) => company.recheck(known),
            Happened::Forgot(card) => company.forget(*card),
        }
    }
}
