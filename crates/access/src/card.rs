//! Cards as readers see them: bits, numbers, formats, and the keyed tags that stand for numbers everywhere else.

mod bits;
mod format_name;
mod format_set;
pub mod formats;
mod layout;
mod number;
mod own_format;
mod tag;
mod text;

pub use bits::{BITS_MAX, BitsError, CardBits};
pub use format_name::{FORMAT_NAME_MAX, FormatName};
pub use format_set::{FORMATS_MAX, FormatSet, FormatSetError, RAW};
pub use layout::{Layout, Parity, ReadError, WriteError};
pub use number::CardNumber;
pub use own_format::LayoutError;
pub use tag::{CardTag, TagKey, UnknownTag};
pub use text::NumberTextError;
