//! What happened, in order, tamper-evident and erasable.
