//! What may be asked: one variant a verb.

pub mod approval;
pub mod backup;
pub mod card;
pub mod charge;
pub mod house;
pub mod import;
pub mod integrity;
pub mod life;
pub mod log;
pub mod operator;
pub mod person;
pub mod pin;
pub mod reader;
pub mod review;
pub mod right;
pub mod schedule;
pub mod stock;
pub mod tenant;
mod wire;

use access::IssuanceId;
use serde::{Deserialize, Serialize};

use crate::card::Credential;
use crate::class::Class;
use crate::moment::Moment;
use crate::private::Private;
use approval::ApprovalRequest;
use backup::BackupRequest;
use card::{CardActivate, CardHold, CardIssue, CardList, CardReason, CardReturn, CardSource};
use charge::ChargeRequest;
use house::HouseRequest;
use import::ImportRow;
use integrity::IntegrityRequest;
use life::LifeRequest;
use log::EventFilter;
use operator::OperatorRequest;
use person::PersonRequest;
use pin::PinRequest;
use reader::ReaderRequest;
use review::ReviewRequest;
use right::RightRequest;
use schedule::{HolidayRequest, ScheduleRequest};
use stock::StockRequest;
use tenant::TenantRequest;

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
    /// Why the asker is in doubt (M4): the change waits until another person approves it. For
    /// changes of cards only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doubt: Option<Private>,
    /// What is asked.
    pub request: Request,
}

/// What is asked. The tag `verb` is the command line's noun and verb; where it is the noun alone, the verb is a tag `act`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(
    remote = "Self",
    tag = "verb",
    rename_all = "kebab-case",
    deny_unknown_fields
)]
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
    CardBlock(CardReason),
    /// Lifts a block.
    CardUnblock(CardReason),
    /// Reports the card lost: denied at every door, its tenant charged (M18, M33).
    CardLost {
        /// Which issuance.
        issuance: IssuanceId,
    },
    /// A lost card was found; the charge is taken back.
    CardFound {
        /// Which issuance.
        issuance: IssuanceId,
    },
    /// Takes the card back and forgets its holder (M19).
    CardReturn(CardReturn),
    /// Holds the shredding of the holder, now or when the card is returned; moves a hold there is.
    CardHold(CardHold),
    /// Ends a hold; a returned card's holder is then forgotten.
    CardHoldEnd {
        /// Which issuance.
        issuance: IssuanceId,
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
    /// What a card in the hand is; a logged reading.
    CardTrace {
        /// The plastic.
        card: CardSource,
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

    /// Something about the house's own cards.
    Stock(StockRequest),
    /// Something about what tenants owe.
    Charge(ChargeRequest),
    /// Something about an issuance between its issue and its return.
    CardLife(LifeRequest),
    /// Something about an issuance's PIN.
    CardPin(PinRequest),
    /// Something about an issuance's rights.
    Right(RightRequest),
    /// Something about what waits for approval.
    Approval(ApprovalRequest),
    /// Something about backups.
    Backup(BackupRequest),
    /// Something about whether what is kept is whole.
    Integrity(IntegrityRequest),
    /// Something about reviews of cards and rights.
    Review(ReviewRequest),
    /// Something about schedules.
    Schedule(ScheduleRequest),
    /// Something about holidays and other special days.
    Holiday(HolidayRequest),

    /// Every door; streams [`crate::reply::Row::Door`].
    DoorList {},
    /// Opens a door once, for its usual time.
    DoorOpen {
        /// The door's name.
        door: String,
        /// Why; it is logged.
        reason: String,
    },
    /// Something about readers; `verb` tells what.
    #[serde(skip)]
    Reader(ReaderRequest),
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
    TenantContact(TenantContact),
    /// Who answers for a tenant, and who leaves it.
    Tenant(TenantRequest),
    /// Somebody leaves the house.
    Person(PersonRequest),

    /// Something about operators.
    Operator(OperatorRequest),

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
    /// The newest checkpoint, and the proof that it goes on from the first `old` events.
    LogCheckpoint {
        /// Events that somebody has seen.
        old: u64,
    },
    /// Witnesses of the configuration; streams [`crate::reply::Row::Witness`].
    WitnessList {},
    /// Keeps what one of them said of a checkpoint.
    WitnessPush {
        /// The checkpoint as a signed note, with the witness's cosignature.
        checkpoint: String,
    },

    /// Something of the doors' modes, of lockdowns, areas or the clock.
    House(HouseRequest),

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

/// A contact person of a tenant.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TenantContact {
    /// The tenant's name.
    pub tenant: String,
    /// The contact's name.
    pub name: Private,
    /// The contact's mobile.
    pub mobile: Private,
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
            Self::House(wish) => wish.changes(),
            Self::Stock(wish) => wish.changes(),
            Self::Charge(wish) => wish.changes(),
            Self::CardLife(wish) => wish.changes(),
            Self::Backup(wish) => wish.changes(),
            Self::Integrity(wish) => wish.changes(),
            Self::Right(wish) => wish.changes(),
            Self::Approval(wish) => wish.changes(),
            Self::Review(wish) => wish.changes(),
            Self::Schedule(wish) => wish.changes(),
            Self::Holiday(wish) => wish.changes(),
            Self::Reader(wish) => wish.changes(),
            Self::Tenant(wish) => wish.changes(),
            Self::Person(wish) => wish.changes(),
            Self::Operator(wish) => wish.changes(),
            Self::CardPin(_)
            | Self::CardIssue(_)
            | Self::CardActivate(_)
            | Self::CardArrived { .. }
            | Self::CardNotify { .. }
            | Self::CardBlock(_)
            | Self::CardUnblock(_)
            | Self::CardLost { .. }
            | Self::CardFound { .. }
            | Self::CardReturn(_)
            | Self::CardHold(_)
            | Self::CardHoldEnd { .. }
            | Self::CardImportBegin { .. }
            | Self::CardImportRows { .. }
            | Self::CardImportEnd {}
            | Self::DoorOpen { .. }
            | Self::TenantAdd { .. }
            | Self::TenantContact(_)
            | Self::RetentionSet { .. }
            | Self::WitnessPush { .. } => true,
            Self::Hello { .. }
            | Self::Status {}
            | Self::CardShow { .. }
            | Self::CardFind { .. }
            | Self::CardLastRead { .. }
            | Self::CardTrace { .. }
            | Self::CardList(_)
            | Self::DoorList {}
            | Self::LineList {}
            | Self::TenantList {}
            | Self::RetentionShow {}
            | Self::LogShow(_)
            | Self::LogFollow(_)
            | Self::LogStatus {}
            | Self::LogCheckpoint { .. }
            | Self::WitnessList {}
            | Self::Why { .. } => false,
        }
    }
}

fn is_false(flag: &bool) -> bool {
    !flag
}

#[cfg(test)]
mod tests;
