//! A whole controller as one sans-IO machine: record, then act.
