//! What may be asked: one variant a verb.

pub mod card;
pub mod import;
pub mod log;
pub mod reader;

use access::IssuanceId;
use serde::{Deserialize, Serialize};

use crate::card::Credential;
use crate::class::Class;
use crate::moment::Moment;
use crate::private::{Private, ReaderKey};
use card::{CardActivate, CardIssue, CardList};
use import::ImportRow;
use log::EventFilter;
use reader::{ReaderComset, ReaderFirmware, ReaderIdentify, ReaderPair};

/// Version of what is spoken on the socket; [`Request::Hello`] carries it, and a
/// daemon of another version refuses.
pub const PROTOCOL_VERSION: u32 = 1;

/// One request as it travels. All frames of an import carry the same id.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Envelope {
    /// Chosen by the client; every answer repeats it.
    pub id: u64,
    /// Say what would happen, change nothing. On a request that changes nothing it
    /// has no meaning and is refused.
    #[serde(default, skip_serializing_if = "is_false")]
    pub dry_run: bool,
    /// What is asked.
    pub request: Request,
}

/// What is asked. The tag `verb` is the command line's noun and verb.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "verb", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Request {
    /// First on every connection; answered by [`crate::reply::Reply::Hello`].
    Hello {
        /// [`PROTOCOL_VERSION`] of the client.
        version: u32,
    },
    /// The controller's state.
    Status {},

    /// Registers an issuance, and activates it if a card is given.
    CardIssue(Box<CardIssue>),
    /// Binds a card to an issuance and makes it live.
    CardActivate(CardActivate),
    /// The ordered plastic is in the house.
    CardArrived {
        /// Which issuance.
        issuance: IssuanceId,
    },
    /// The holder was told that the card is here.
    CardNotify {
        /// Which issuance.
        issuance: IssuanceId,
    },
    /// Denies the card at every door until unblocked.
    CardBlock {
        /// Which issuance.
        issuance: IssuanceId,
        /// Why, in a few words.
        reason: String,
    },
    /// Lifts a block.
    CardUnblock {
        /// Which issuance.
        issuance: IssuanceId,
        /// Why, in a few words.
        reason: String,
    },
    /// Takes the card back and forgets its holder (M19).
    CardReturn {
        /// Which issuance.
        issuance: IssuanceId,
        /// The paper form was shredded.
        form_shredded: bool,
    },
    /// One issuance with its holder; a logged reading.
    CardShow {
        /// Which issuance.
        issuance: IssuanceId,
    },
    /// Issuances whose holder's name contains this; a logged reading.
    CardFind {
        /// Part of the name.
        name: Private,
    },
    /// The raw bits last read at a reader, and what each known format makes of them; a logged reading.
    CardLastRead {
        /// The reader's name.
        reader: String,
    },
    /// Issuances, pseudonymous; streams [`crate::reply::Row::Card`].
    CardList(CardList),
    /// Begins an import; answered by `ready`. Nothing takes effect before its end.
    CardImportBegin {
        /// Rows that will come.
        rows: u64,
    },
    /// Rows of the import, in the file's order; not answered.
    CardImportRows {
        /// As many as fit a frame.
        rows: Vec<ImportRow>,
    },
    /// All rows were sent: answered by the difference, and carried out unless this
    /// frame's `dry_run` is set or any row has a problem.
    CardImportEnd {},

    /// Every door; streams [`crate::reply::Row::Door`].
    DoorList {},
    /// Opens a door once, for its usual time.
    DoorOpen {
        /// The door's name.
        door: String,
        /// Why; it is logged.
        reason: String,
    },
    /// Every reader; streams [`crate::reply::Row::Reader`].
    ReaderList {},
    /// One reader.
    ReaderShow {
        /// The reader's name.
        reader: String,
    },
    /// Gives the controller a reader's Secure Channel key.
    ReaderSetKey {
        /// The reader's name.
        reader: String,
        /// The key; weak and shared ones are refused.
        key: ReaderKey,
    },
    /// Has a reader take another key, drawn by the daemon, inside its session.
    ReaderRotateKey {
        /// The reader's name.
        reader: String,
    },
    /// Opens the window in which a reader in install mode gets its first key; `waiting`, then what became of it. A client
    /// that leaves closes the window.
    ReaderPair(ReaderPair),
    /// Takes whoever has the reader's key now for the reader; answered by the reader.
    ReaderAcceptSwap {
        /// The reader's name.
        reader: String,
    },
    /// Has a reader answer at another address and speed.
    ReaderComset(ReaderComset),
    /// Begins to hand over a file for a reader; answered by `ready`.
    ReaderFirmwareBegin(ReaderFirmware),
    /// Octets of that file, Base64; not answered.
    ReaderFirmwarePart {
        /// At most [`reader::FIRMWARE_PART_LEN_MAX`] octets.
        octets: String,
    },
    /// All of it was sent; answered by the progress, then by the end. Who leaves meanwhile ends nothing.
    ReaderFirmwareEnd {},
    /// Takes a file on its way to a reader back.
    ReaderFirmwareCancel {
        /// The reader's name.
        reader: String,
    },
    /// Who answers on a line; streams [`crate::reply::Row::Found`].
    ReaderIdentify(ReaderIdentify),
    /// Every line; streams [`crate::reply::Row::Line`].
    LineList {},

    /// A new tenant.
    TenantAdd {
        /// Its name.
        tenant: String,
    },
    /// Every tenant with its contacts; streams [`crate::reply::Row::Tenant`].
    TenantList {},
    /// A new contact person of a tenant (M14, M24).
    TenantContact {
        /// The tenant's name.
        tenant: String,
        /// The contact's name.
        name: Private,
        /// The contact's mobile.
        mobile: Private,
    },

    /// For how long each class of events is kept; streams [`crate::reply::Row::Retention`].
    RetentionShow {},
    /// Keeps a class of events for so long from now on (M20).
    RetentionSet {
        /// The class.
        class: Class,
        /// `2y`, or days as in `90d`.
        keep: String,
    },

    /// Past events, pseudonymous; streams [`crate::reply::Row::Event`], oldest first.
    LogShow(EventFilter),
    /// Events from now on, until the client goes; a `since` begins earlier.
    LogFollow(EventFilter),
    /// Where the log lies, its size and its verifier key.
    LogStatus {},

    /// Each rule that opens or refuses (M23).
    Why {
        /// Which card.
        card: WhyCard,
        /// The door's name.
        door: String,
        /// When; now if absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        at: Option<Moment>,
    },
}

/// How `why` names a card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WhyCard {
    /// By issuance.
    Issuance(IssuanceId),
    /// By what a reader would read.
    Credential(Credential),
}

impl Request {
    /// Whether it would change something, so that `dry_run` has a meaning.
    #[must_use]
    pub fn changes(&self) -> bool {
        match self {
            Self::CardIssue(_)
            | Self::CardActivate(_)
            | Self::CardArrived { .. }
            | Self::CardNotify { .. }
            | Self::CardBlock { .. }
            | Self::CardUnblock { .. }
            | Self::CardReturn { .. }
            | Self::CardImportBegin { .. }
            | Self::CardImportRows { .. }
            | Self::CardImportEnd {}
            | Self::DoorOpen { .. }
            | Self::ReaderSetKey { .. }
            | Self::ReaderComset(_)
            | Self::ReaderFirmwareBegin(_)
            | Self::ReaderFirmwarePart { .. }
            | Self::ReaderFirmwareEnd {}
            | Self::ReaderFirmwareCancel { .. }
            | Self::ReaderIdentify(_)
            | Self::ReaderRotateKey { .. }
            | Self::ReaderPair(_)
            | Self::ReaderAcceptSwap { .. }
            | Self::TenantAdd { .. }
            | Self::TenantContact { .. }
            | Self::RetentionSet { .. } => true,
            Self::Hello { .. }
            | Self::Status {}
            | Self::CardShow { .. }
            | Self::CardFind { .. }
            | Self::CardLastRead { .. }
            | Self::CardList(_)
            | Self::DoorList {}
            | Self::ReaderList {}
            | Self::ReaderShow { .. }
            | Self::LineList {}
            | Self::TenantList {}
            | Self::RetentionShow {}
            | Self::LogShow(_)
            | Self::LogFollow(_)
            | Self::LogStatus {}
            | Self::Why { .. } => false,
        }
    }
}

fn is_false(flag: &bool) -> bool {
    !flag
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every request, as it stands on the wire. Never edited: added to.
    const GOLDEN: &[&str] = &[
        r#"{"verb":"hello","version":1}"#,
        r#"{"verb":"status"}"#,
        r#"{"verb":"card-issue","kind":"supplier","name":"Kari Nordmann","firm":"Rør AS","mobile":"+47 900 00 000","contact":"Ola","tenant":"Kommunen","doors":["main"],"valid_until":"2026-11-23T15:00:00.000000Z","identified_by":"passport","card":{"present":{"reader":"main-in","wait_s":60}},"return_duty_told":true}"#,
        r#"{"verb":"card-activate","issuance":"P-3F7K2Q","card":{"credential":{"number":{"format":"H10301","facility":123,"number":45678}}},"return_duty_told":true}"#,
        r#"{"verb":"card-activate","issuance":"P-3F7K2Q","card":{"credential":{"raw":{"hex":"deadbe","bits":24}}},"return_duty_told":true}"#,
        r#"{"verb":"card-arrived","issuance":"P-3F7K2Q"}"#,
        r#"{"verb":"card-notify","issuance":"P-3F7K2Q"}"#,
        r#"{"verb":"card-block","issuance":"P-3F7K2Q","reason":"left at the gym"}"#,
        r#"{"verb":"card-unblock","issuance":"P-3F7K2Q","reason":"found"}"#,
        r#"{"verb":"card-return","issuance":"P-3F7K2Q","form_shredded":true}"#,
        r#"{"verb":"card-show","issuance":"P-3F7K2Q"}"#,
        r#"{"verb":"card-find","name":"Kari"}"#,
        r#"{"verb":"card-last-read","reader":"desk"}"#,
        r#"{"verb":"card-list","state":"active","kind":"new-hire","limit":10}"#,
        r#"{"verb":"card-import-begin","rows":1}"#,
        r#"{"verb":"card-import-rows","rows":[{"line":2,"card":{"number":{"format":"H10301","facility":1,"number":2}},"name":"Kari","firm":"F","mobile":"1","contact":"Ola","tenant":"T","doors":["main"],"kind":"employee"}]}"#,
        r#"{"verb":"card-import-end"}"#,
        r#"{"verb":"door-list"}"#,
        r#"{"verb":"door-open","door":"main","reason":"delivery"}"#,
        r#"{"verb":"reader-list"}"#,
        r#"{"verb":"reader-show","reader":"main-in"}"#,
        r#"{"verb":"reader-set-key","reader":"main-in","key":"00112233445566778899aabbccddeeff"}"#,
        r#"{"verb":"reader-rotate-key","reader":"main-in"}"#,
        r#"{"verb":"reader-pair","reader":"main-in","for_s":300}"#,
        r#"{"verb":"reader-pair","reader":"main-in","for_s":300,"replace":true}"#,
        r#"{"verb":"reader-accept-swap","reader":"main-in"}"#,
        r#"{"verb":"reader-comset","reader":"main-in","address":3,"baud":115200}"#,
        r#"{"verb":"reader-firmware-begin","reader":"main-in","octets":4096}"#,
        r#"{"verb":"reader-firmware-part","octets":"AAEC"}"#,
        r#"{"verb":"reader-firmware-end"}"#,
        r#"{"verb":"reader-firmware-cancel","reader":"main-in"}"#,
        r#"{"verb":"reader-identify","line":"north","bauds":[9600,115200]}"#,
        r#"{"verb":"line-list"}"#,
        r#"{"verb":"tenant-add","tenant":"Kommunen"}"#,
        r#"{"verb":"tenant-list"}"#,
        r#"{"verb":"tenant-contact","tenant":"Kommunen","name":"Ola","mobile":"1"}"#,
        r#"{"verb":"retention-show"}"#,
        r#"{"verb":"retention-set","class":"passage","keep":"90d"}"#,
        r#"{"verb":"log-show","door":"main","since":"2026-11-22T00:00:00.000000Z","class":"passage","denied":true}"#,
        r#"{"verb":"log-show","denied":false,"card":"P-3F7K2Q","case":"2026-7","proven":true}"#,
        r#"{"verb":"log-show","denied":false,"person":"Kari Nordmann","case":"2026-7"}"#,
        r#"{"verb":"log-follow","denied":false}"#,
        r#"{"verb":"log-status"}"#,
        r#"{"verb":"why","card":{"issuance":"P-3F7K2Q"},"door":"main"}"#,
        r#"{"verb":"why","card":{"credential":{"number":{"format":"H10301","facility":1,"number":2}}},"door":"main","at":"2026-11-22T00:00:00.000000Z"}"#,
    ];

    #[test]
    fn every_request_reads_and_writes_the_same_bytes() {
        for golden in GOLDEN {
            let request: Request = serde_json::from_str(golden).unwrap();
            assert_eq!(&serde_json::to_string(&request).unwrap(), golden);
        }
    }

    #[test]
    fn an_unknown_field_is_refused_in_every_request() {
        for golden in GOLDEN {
            let body = golden.strip_suffix('}').unwrap();
            let text = format!("{body},\"note\":1}}");
            let error = serde_json::from_str::<Request>(&text)
                .unwrap_err()
                .to_string();
            assert!(error.contains("unknown field `note`"), "{text}: {error}");
        }
    }

    #[test]
    fn an_unknown_field_is_refused_inside_and_around_a_request() {
        for text in [
            r#"{"id":1,"request":{"verb":"status"},"as":"root"}"#,
            r#"{"id":1,"request":{"verb":"why","card":{"credential":{"number":{"format":"H10301","facility":1,"number":2,"pin":3}}},"door":"main"}}"#,
            r#"{"id":1,"request":{"verb":"card-import-rows","rows":[{"line":2,"card":{"number":{"format":"H10301","facility":1,"number":2}},"name":"K","firm":"F","mobile":"1","contact":"O","tenant":"T","doors":[],"kind":"employee","born":"1990"}]}}"#,
        ] {
            let error = serde_json::from_str::<Envelope>(text)
                .unwrap_err()
                .to_string();
            assert!(error.contains("unknown field"), "{text}: {error}");
        }
    }

    #[test]
    fn debug_shows_nothing_private() {
        let shown: String = GOLDEN
            .iter()
            .map(|golden| format!("{:?}", serde_json::from_str::<Request>(golden).unwrap()))
            .collect();
        for secret in [
            "Kari", "Rør", "900", "Ola", "passport", "45678", "deadbe", "0011", "17,",
        ] {
            assert!(!shown.contains(secret), "{secret} in {shown}");
        }
    }

    #[test]
    fn dry_run_is_left_out_unless_set() {
        let mut envelope: Envelope =
            serde_json::from_str(r#"{"id":1,"request":{"verb":"status"}}"#).unwrap();
        assert!(!envelope.dry_run && !envelope.request.changes());
        envelope.dry_run = true;
        let text = serde_json::to_string(&envelope).unwrap();
        assert!(text.contains("\"dry_run\":true"));
    }
}
