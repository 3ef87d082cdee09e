//! Chores: prepare and run the tests, start the demo.
fn main() {}
