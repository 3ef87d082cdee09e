//! Roster: who operates the controller, as every request is judged by it.

use std::sync::Arc;

use control::Refusal;
use register::OperatorRow;

use super::{Desk, unsettled};

/// Everyone who is or was an operator, as the register has them.
pub(crate) type Roster = Arc<[OperatorRow]>;

impl Desk {
    /// From here on every request is judged by what the register now says of operators.
    ///
    /// # Errors
    /// The register cannot be read; it is done before the next change.
    pub(super) fn post_roster(&self) -> Result<(), Refusal> {
        let operators = self.register.operators();
        let operators = operators.map_err(|cause| unsettled(&cause))?;
        self.roster.send_replace(Roster::from(operators));
        Ok(())
    }
}
