//! The log on a disk that fails.
