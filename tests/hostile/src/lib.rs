//! What every parser of foreign octets must hold, whatever the octets: the bodies of the fuzz targets in `tests/fuzz`, which
//! `tests/corpora.rs` plays again without a fuzzer.

pub mod folder;
pub mod list;
pub mod stored;
pub mod text;
pub mod wire;

/// A target: its name, which is that of its corpus, and its body, which panics if something does not hold.
pub type Target = (&'static str, fn(&[u8]));

/// Every target.
pub const TARGETS: &[Target] = &[
    ("scanner", wire::scanner),
    ("reader", wire::reader),
    ("controller", wire::controller),
    ("ascii_line", wire::ascii_line),
    ("modbus_line", wire::modbus_line),
    ("control_frames", text::control_frames),
    ("answers", text::answers),
    ("notes", text::notes),
    ("typed", text::typed),
    ("configuration", list::configuration),
    ("lists", list::lists),
    ("desk_words", list::desk_words),
    ("http_request", list::http_request),
    ("log_folder", folder::log_folder),
    ("log_files", folder::log_files),
    ("key_files", folder::key_files),
    ("records", stored::records),
    ("snapshots", stored::snapshots),
    ("backups", stored::backups),
];
