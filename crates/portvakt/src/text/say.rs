//! The sentences, with what they are about.

use control::{CardKind, CardState};

use super::about_approval::AboutApproval;
use super::about_backup::AboutBackup;
use super::about_charge::AboutCharge;
use super::about_door::AboutDoor;
use super::about_life::AboutLife;
use super::about_pin::AboutPin;
use super::about_reader::AboutReader;
use super::about_review::AboutReview;
use super::about_tenant::AboutTenant;
use super::label::Label;
use super::phrase::Phrase;
use super::verdict::Verdict;

/// A sentence said to an operator.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Say<'a> {
    /// One that is always the same.
    Fixed(Phrase),
    /// What a verification of the log says.
    Verdict(Verdict),
    /// Hold a card to a reader.
    PresentNow {
        /// The reader's name.
        reader: &'a str,
        /// How long there is time.
        wait_s: u16,
    },
    /// How a written time was understood.
    Understood {
        /// The field it was written for.
        what: Label,
        /// The instant in the site's zone.
        instant: &'a str,
    },
    /// An issuance stands so now.
    CardIs {
        /// The issuance, if it has one yet.
        issuance: &'a str,
        /// Its state.
        state: CardState,
    },
    /// Something about a charge.
    AboutCharge(AboutCharge<'a>),
    /// Something about what waits for another person.
    AboutApproval(AboutApproval<'a>),
    /// Something about an issuance between its issue and its return.
    AboutLife(AboutLife<'a>),
    /// Something about the passphrase of a backup.
    AboutBackup(AboutBackup),
    /// Something about a PIN.
    AboutPin(AboutPin<'a>),
    /// Something about a tenant, or somebody who leaves.
    AboutTenant(AboutTenant<'a>),
    /// When something ends.
    Ends {
        /// The instant in the site's zone.
        until: Option<&'a str>,
    },
    /// An issuance, its end and its doors.
    Issued {
        /// The issuance, or a word for one not drawn yet.
        issuance: &'a str,
        /// The kind.
        kind: CardKind,
        /// Its state.
        state: CardState,
        /// Its end, said.
        end: &'a str,
        /// Its doors.
        doors: &'a str,
    },
    /// Something about one door.
    AboutDoor {
        /// The door's name.
        door: &'a str,
        /// What.
        what: AboutDoor<'a>,
    },
    /// A reader has its key.
    KeySet {
        /// The reader's name.
        reader: &'a str,
    },
    /// Something about one reader.
    AboutReader {
        /// The reader's name.
        reader: &'a str,
        /// What.
        what: AboutReader,
    },
    /// An end that would end nothing.
    EndPassed {
        /// The instant in the site's zone.
        instant: &'a str,
    },
    /// Fields without which a card is not issued.
    Missing {
        /// Options that would give them.
        options: &'a str,
    },
    /// Which card was left at home?
    AskInsteadOf,
    /// At which reader will the card be presented?
    AskReader {
        /// Readers where cards are enrolled.
        readers: &'a str,
    },
    /// What may be written for an end.
    HintEnd {
        /// When the working day ends, `16:00`.
        ends: &'a str,
        /// Whether that of today lies ahead.
        is_today: bool,
    },
    /// Something about a review.
    AboutReview(AboutReview<'a>),
    /// Carry the import out?
    AskImport {
        /// Rows in the file.
        rows: u64,
    },
    /// The difference an import makes.
    ImportDifference {
        /// New cards.
        added: u64,
        /// Changed cards.
        changed: u64,
        /// Cards already so.
        unchanged: u64,
        /// Rows that cannot be taken.
        problems: u64,
    },
    /// The import was carried out.
    Imported {
        /// Cards now active through it.
        rows: u64,
    },
    /// The import cannot be carried out.
    ImportRefused {
        /// Rows that cannot be taken.
        problems: u64,
    },
}
