//! Anchors: checkpoints that others kept, which the log must extend.

use super::witnesses::WitnessedBy;
use crate::checkpoint::Checkpoint;

/// A checkpoint that others kept.
pub(super) struct Anchor {
    /// What it says.
    pub(super) checkpoint: Checkpoint,
    /// Who kept it, as findings name them.
    pub(super) whose: String,
}

impl Anchor {
    /// The one that the verifier brought, and those that witnesses vouch for.
    pub(super) fn all(
        brought: Option<Checkpoint>,
        witnessed: &[(WitnessedBy, Checkpoint)],
    ) -> Vec<Self> {
        let brought = brought.map(|checkpoint| Self {
            checkpoint,
            whose: "the anchor".to_owned(),
        });
        let witnessed = witnessed.iter().map(|(by, checkpoint)| Self {
            checkpoint: checkpoint.clone(),
            whose: format!("the checkpoint of the witness {}", by.name),
        });
        brought.into_iter().chain(witnessed).collect()
    }
}
