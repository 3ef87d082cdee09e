//! The house guards itself: arrows between crates, lengths, first lines, no circle.

#[path = "house/arrows.rs"]
mod arrows;
#[path = "house/assurance.rs"]
mod assurance;
#[path = "house/circles.rs"]
mod circles;
#[path = "house/lengths.rs"]
mod lengths;
#[path = "house/promises.rs"]
mod promises;
#[path = "house/routine.rs"]
mod routine;
#[path = "house/sentences.rs"]
mod sentences;
#[path = "house/tree.rs"]
mod tree;
