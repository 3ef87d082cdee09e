//! Wire: how a request is read and written, those of a group beside the others.
//!
//! All stand under the one tag `verb`; serde gives a tag to one enum only, so its beginning tells here which enum it is.

use std::borrow::Cow;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

use super::Request;
use super::import::ImportRow;

impl Serialize for Request {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if let Self::Reader(wish) = self {
            return wish.serialize(serializer);
        }
        // Not this function: the derived one, which writes every other.
        Self::serialize(self, serializer)
    }
}

impl<'de> Deserialize<'de> for Request {
    /// Out of what stays where it is: a copy would leave what is private behind.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = <&RawValue>::deserialize(deserializer)?.get();
        let read = serde_json::from_str(raw).and_then(|Named { verb, .. }| {
            if verb.starts_with(OF_READERS) {
                serde_json::from_str(raw).map(Self::Reader)
            } else if verb == IMPORT_ROWS {
                // Some million of them, which a tag inside would have copied once more on their way.
                serde_json::from_str(raw)
                    .map(|ImportRows { rows, .. }| Self::CardImportRows { rows })
            } else {
                Self::deserialize(&mut serde_json::Deserializer::from_str(raw))
            }
        });
        read.map_err(D::Error::custom)
    }
}

/// A request as far as its tags. Both are words: a derived reading takes a number as well, for the place of a variant in the
/// source.
#[derive(Deserialize)]
struct Named<'a> {
    #[serde(borrow)]
    verb: Cow<'a, str>,
    #[serde(borrow, default, rename = "act")]
    _act: Option<Cow<'a, str>>,
}

/// [`Request::CardImportRows`] with its tag as one of the fields.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ImportRows<'a> {
    #[serde(borrow, rename = "verb")]
    _verb: Cow<'a, str>,
    rows: Vec<ImportRow>,
}

const OF_READERS: &str = "reader-";
const IMPORT_ROWS: &str = "card-import-rows";
