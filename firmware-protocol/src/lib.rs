//! What a reader firmware and the controller must agree on.
#![no_std]
