//! Bench of a decision.
fn main() {}
