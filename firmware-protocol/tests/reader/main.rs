//! A reader and a controller talk over a line that loses, repeats and forges frames.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may fail by panicking"
)]

mod acu;
mod extras;
mod files;
mod orders;
mod trust;
