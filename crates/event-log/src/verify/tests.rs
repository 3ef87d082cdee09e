//! Verification against tampering.
