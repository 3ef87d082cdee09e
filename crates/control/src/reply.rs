//! What is answered: rows of a stream, then exactly one last reply.

pub mod approval;
pub mod area;
pub mod backup;
pub mod card;
pub mod charge;
pub mod door;
pub mod event;
pub mod form;
pub mod found;
pub mod import;
pub mod integrity;
pub mod last_read;
pub mod line;
pub mod operator;
pub mod person;
pub mod reader;
pub mod retention;
pub mod review;
pub mod right;
pub mod status;
pub mod stock;
pub mod tenant;
pub mod why;
pub mod witness;

use serde::{Deserialize, Serialize};

use crate::refusal::Refusal;
use approval::{ApprovalRow, ApprovalView, Approved, Pending};
use area::{AreaRow, InsideRow};
use backup::{BackupMade, BackupRow, ShredsKept};
use card::{CardRow, Changed, Issued};
use charge::ChargeRow;
use door::DoorRow;
use event::EventRow;
use form::Form;
use found::FoundRow;
use import::ImportDiff;
use integrity::Reconciled;
use last_read::LastRead;
use line::LineRow;
use operator::OperatorRow;
use person::LeavingRow;
use reader::ReaderRow;
use retention::RetentionRow;
use review::{ReviewDay, ReviewDecided, ReviewItem, ReviewReport, ReviewRow};
use right::{HolidayRow, PinSet, RightRow, ScheduleRow};
use status::{Hello, LogStatus, Status};
use stock::{StockRow, Traced};
use tenant::{ContactLeave, LeaverRow, Leavers, TenantRow};
use why::WhyTrace;
use witness::{LogCheckpoint, WitnessRow};

/// One answer as it travels.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// The request's id; 0 where the request could not be read.
    pub id: u64,
    /// What is answered.
    pub reply: Reply,
}

/// What is answered; the tag is `reply`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "reply", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Reply {
    /// Not the last: a card is awaited at a reader.
    Waiting {
        /// The reader's name.
        reader: String,
        /// For how long at most.
        wait_s: u16,
    },
    /// Not the last: an import may send its rows.
    Ready {},
    /// Not the last: how far long work has come.
    Progress {
        /// Steps done.
        done: u64,
        /// Steps in all.
        total: u64,
    },
    /// Not the last: one row of a stream.
    Part {
        /// The row.
        row: Row,
    },
    /// Last: the stream is complete.
    End {
        /// Rows sent.
        rows: u64,
    },
    /// Last: done (or would be, under `dry_run`), and there is nothing to show.
    Done {
        /// Something the operator should know all the same.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        warning: Option<String>,
    },
    /// Last: who the daemon is and who it takes us for.
    Hello(Hello),
    /// Last: an issuance as registered.
    Issued(Issued),
    /// Last: an issuance after a change of its state.
    Changed(Changed),
    /// Last: kept until another person approves it.
    Pending(Pending),
    /// Last: something that waits for approval, whole.
    Approval(Box<ApprovalView>),
    /// Last: approved, and done.
    Approved(Approved),
    /// Last: one issuance with its holder.
    Card(Box<CardRow>),
    /// Last: what stands on the form that a holder signs.
    Form(Box<Form>),
    /// Last: what a reader read last.
    LastRead(LastRead),
    /// Last: what a card in the hand is.
    Traced(Box<Traced>),
    /// Last: a card of the house.
    Stock(StockRow),
    /// Last: a PIN was set.
    PinSet(PinSet),
    /// Last: one review.
    Review(Box<ReviewRow>),
    /// Last: how much was decided in a review.
    ReviewDecided(ReviewDecided),
    /// Last: one reader.
    Reader(ReaderRow),
    /// Last: what an import changed or would change.
    Import(ImportDiff),
    /// Last: a contact person left.
    ContactLeave(ContactLeave),
    /// Last: what a list of leavers changed or would change.
    Leavers(Leavers),
    /// Last: the controller's state.
    Status(Box<Status>),
    /// Last: the log's state.
    LogStatus(LogStatus),
    /// Last: the log's newest checkpoint.
    LogCheckpoint(LogCheckpoint),
    /// Last: what came of comparing register and log.
    Reconciled(Reconciled),
    /// Last: a backup was made.
    BackupMade(Box<BackupMade>),
    /// Last: who is still there was written down.
    ShredsKept(ShredsKept),
    /// Last: why a card opens a door or not.
    Why(WhyTrace),
    /// Last: not done.
    Refused(Refusal),
}

impl Reply {
    /// Whether nothing more follows under this id.
    #[must_use]
    pub fn is_last(&self) -> bool {
        match self {
            Self::Waiting { .. } | Self::Ready {} | Self::Progress { .. } | Self::Part { .. } => {
                false
            }
            Self::End { .. }
            | Self::Done { .. }
            | Self::Hello(_)
            | Self::Issued(_)
            | Self::Changed(_)
            | Self::Pending(_)
            | Self::Approval(_)
            | Self::Approved(_)
            | Self::Card(_)
            | Self::Form(_)
            | Self::LastRead(_)
            | Self::Traced(_)
            | Self::Stock(_)
            | Self::PinSet(_)
            | Self::Review(_)
            | Self::ReviewDecided(_)
            | Self::Reader(_)
            | Self::Import(_)
            | Self::ContactLeave(_)
            | Self::Leavers(_)
            | Self::Status(_)
            | Self::LogStatus(_)
            | Self::LogCheckpoint(_)
            | Self::Reconciled(_)
            | Self::BackupMade(_)
            | Self::ShredsKept(_)
            | Self::Why(_)
            | Self::Refused(_) => true,
        }
    }
}

/// One row of a stream.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Row {
    /// Of `card list` and `card find`.
    Card(Box<CardRow>),
    /// Of `card stock list`.
    Stock(StockRow),
    /// Of `charge list` and `charge export`.
    Charge(ChargeRow),
    /// Of `door list`.
    Door(DoorRow),
    /// Of `reader list`.
    Reader(ReaderRow),
    /// Of `line list`.
    Line(LineRow),
    /// Of `reader identify`.
    Found(FoundRow),
    /// Of `tenant list`.
    Tenant(TenantRow),
    /// Of `tenant leavers`.
    Leaver(LeaverRow),
    /// Of `person leave`.
    Leaving(LeavingRow),
    /// Of `operator list`.
    Operator(OperatorRow),
    /// Of `right list`.
    Right(RightRow),
    /// Of `review list`.
    Review(Box<ReviewRow>),
    /// Of `review show` and `review report`.
    ReviewItem(Box<ReviewItem>),
    /// Of `review report`, the first.
    ReviewReport(Box<ReviewReport>),
    /// Of `review report`, one a day.
    ReviewDay(ReviewDay),
    /// Of `schedule list` and `schedule show`.
    Schedule(ScheduleRow),
    /// Of `holiday list`.
    Holiday(HolidayRow),
    /// Of `retention show`.
    Retention(RetentionRow),
    /// Of `log show` and `log follow`.
    Event(Box<EventRow>),
    /// Of `approval list`.
    Approval(Box<ApprovalRow>),
    /// Of `witness list`.
    Witness(WitnessRow),
    /// Of `area list`.
    Area(AreaRow),
    /// Of `area muster`.
    Inside(InsideRow),
    /// Of `backup list`.
    Backup(BackupRow),
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Replies as they stand on the wire. Never edited: added to.
    const GOLDEN: &[&str] = &[
        r#"{"reply":"waiting","reader":"main-in","wait_s":60}"#,
        r#"{"reply":"ready"}"#,
        r#"{"reply":"progress","done":1,"total":2}"#,
        r#"{"reply":"part","row":{"event":{"index":184467,"time":"2026-11-22T08:14:03.123456Z","class":"passage","event":"access-granted","door":"main","reader":"main-in","issuance":"P-3F7K2Q","reason":"ok","generation":812,"clock":"synchronised"}}}"#,
        r#"{"reply":"part","row":{"card":{"issuance":"P-3F7K2Q","kind":"supplier","state":"active","tenant":"Kommunen","doors":["main"],"valid_from":"2026-11-22T08:00:00.000000Z","valid_until":"2026-11-22T15:00:00.000000Z"}}}"#,
        r#"{"reply":"part","row":{"door":{"door":"main","mode":"card","class":"standard","entry":["main-in"],"strike":"main-in:0","ready":true,"open":false,"open_for_ms":5000}}}"#,
        r#"{"reply":"part","row":{"line":{"line":"north","device":"/dev/ttyUSB0","protocol":"osdp","baud":115200,"up":true,"readers":2,"online":1,"frames":9,"noise_octets":0,"bad_frames":0}}}"#,
        r#"{"reply":"part","row":{"tenant":{"tenant":"Kommunen","contacts":[{"name":"Ola","mobile":"1"}]}}}"#,
        r#"{"reply":"part","row":{"retention":{"class":"passage","keep":"90d","at_most":"2y","first":812}}}"#,
        r#"{"reply":"part","row":{"witness":{"witness":"auditor","url":"https://w.example","key":"w+1+k","size":9,"at":"2026-11-22T08:00:00.000000Z"}}}"#,
        r#"{"reply":"part","row":{"area":{"area":"office","inside":3,"passback":"hard","into":["main-in"],"out_of":["main-out"]}}}"#,
        r#"{"reply":"part","row":{"inside":{"area":"office","issuance":"P-3F7K2Q","since":"2026-11-22T08:00:00.000000Z","reader":"main-in"}}}"#,
        r#"{"reply":"part","row":{"right":{"place":"yard","schedule":"office","valid_from":"2026-11-22T08:00:00.000000Z","valid_until":"2026-11-22T15:00:00.000000Z"}}}"#,
        r#"{"reply":"part","row":{"schedule":{"schedule":"office","zone":"Europe/Oslo","windows":["mon-fri 08:00-16:00"],"holds":true}}}"#,
        r#"{"reply":"part","row":{"holiday":{"day":"12-25","kind":"holiday"}}}"#,
        r#"{"reply":"part","row":{"charge":{"voucher":"2026-0008","at":"2026-11-22T08:00:00.000000Z","tenant":"Kommunen","kind":"reversal","ore":-40000,"reverses":"2026-0007","exported":"2026-11-23T08:00:00.000000Z","issuance":"P-3F7K2Q","name":"Kari"}}}"#,
        r#"{"reply":"part","row":{"approval":{"approval":"B-3","verb":"card-import","asked_by":"kari","tenant":"Kommunen","cards":12,"since":"2026-11-22T08:00:00.000000Z","approvers":["hanne"]}}}"#,
        r#"{"reply":"part","row":{"tenant":{"tenant":"Kommunen","contacts":[{"name":"Ola","mobile":"1","responsible":true,"leaves":"2026-12-31T23:00:00.000000Z"}],"cards":7}}}"#,
        r#"{"reply":"part","row":{"leaver":{"line":2,"found":"one","issuances":["P-3F7K2Q"],"contact":true,"ends":"2026-12-31T23:00:00.000000Z"}}}"#,
        r#"{"reply":"part","row":{"leaver":{"line":3,"found":"nobody"}}}"#,
        r#"{"reply":"part","row":{"leaver":{"line":4,"found":"several"}}}"#,
        r#"{"reply":"part","row":{"leaving":{"issuance":"P-3F7K2Q","kind":"employee","ends":true}}}"#,
        r#"{"reply":"part","row":{"leaving":{"issuance":"P-3F7K2Q","kind":"supplier","valid_until":"2026-12-31T23:00:00.000000Z","ends":false}}}"#,
        r#"{"reply":"part","row":{"operator":{"operator":"rita","uid":1002,"roles":["receptionist","hr"],"tenant":"Kommunen","trained_until":"2027-11-22T00:00:00.000000Z","delegations":[{"role":"daily-manager","from":"2026-12-24T00:00:00.000000Z","until":"2026-12-27T00:00:00.000000Z","by":"dina"}]}}}"#,
        r#"{"reply":"part","row":{"stock":{"stock":"S-014","state":"lent","issuance":"P-3F7K2Q"}}}"#,
        r#"{"reply":"part","row":{"right":{"place":"yard","justified_at":"2026-11-22T08:00:00.000000Z","lapsed":true}}}"#,
        r#"{"reply":"part","row":{"review":{"review":3,"quarter":"2026-Q4","opened_at":"2026-11-22T08:00:00.000000Z","opened_by":"kari","cards":12,"rights":30,"undecided":{"cards":1,"rights":2}}}}"#,
        r#"{"reply":"part","row":{"review-item":{"issuance":"P-3F7K2Q","kind":"employee","state":"active","tenant":"Kommunen","changed":true,"decided":"change","rights":[{"place":"yard","schedules":["office"],"lapsed":true},{"place":"main","later":true},{"place":"side","decided":"revoke"}]}}}"#,
        r#"{"reply":"part","row":{"review-report":{"review":{"review":3,"quarter":"2026-Q4","opened_at":"2026-11-22T08:00:00.000000Z","opened_by":"kari","cards":12,"rights":30,"former":"00","signed":{"at":"2026-11-27T08:00:00.000000Z","by":"kari","own":3,"log_size":9,"log_root":"ab","decisions":"cd","hash":"ef","counts":[{"kind":"employee","of":"card","verdict":"keep","number":12}]}},"site":"Kommunenes Hus","origin":"o","classification":"internal","information_owner":"Kari"}}}"#,
        r#"{"reply":"part","row":{"review-day":{"day":"2026-11-27","out":[12,0,1,3]}}}"#,
        r#"{"reply":"part","row":{"backup":{"backup":"20261122T080000Z","at":"2026-11-22T08:00:00.000000Z","origin":"o","events":9,"generation":812,"files":12,"octets":81920}}}"#,
        r#"{"reply":"end","rows":1}"#,
        r#"{"reply":"done"}"#,
        r#"{"reply":"hello","version":1,"daemon":"0.1.0","site":"Kommunenes Hus","time_zone":"Europe/Oslo","working_day_ends":"16:00","now":"2026-11-22T08:00:00.000000Z","operator":"kari","roles":["technician"]}"#,
        r#"{"reply":"issued","issuance":"P-3F7K2Q","kind":"employee","state":"ordered","tenant":"Kommunen","doors":["main"],"valid_from":"2026-11-22T08:00:00.000000Z"}"#,
        r#"{"reply":"changed","issuance":"P-3F7K2Q","state":"blocked"}"#,
        r#"{"reply":"changed","issuance":"P-3F7K2Q","state":"lost","charge":{"voucher":"2026-0007","tenant":"Kommunen","ore":40000}}"#,
        r#"{"reply":"changed","issuance":"P-3F7K2Q","state":"returned","was_lost":true,"unexported":1}"#,
        r#"{"reply":"pending","approval":"A-12","until":"2026-11-29T08:00:00.000000Z"}"#,
        r#"{"reply":"approval","row":{"approval":"A-12","verb":"card-block","asked_by":"rita","issuance":"P-3F7K2Q","since":"2026-11-22T08:00:00.000000Z","until":"2026-11-29T08:00:00.000000Z","approvers":["kari"]},"doubt":"she looks unwell","asked":[{"field":"reason","value":"lost"}]}"#,
        r#"{"reply":"approved","approval":"A-12","verb":"card-block","issuance":"P-3F7K2Q"}"#,
        r#"{"reply":"stock","stock":"S-014","state":"in-house"}"#,
        r#"{"reply":"traced","card":{"issuance":"P-3F7K2Q","kind":"supplier","state":"lost","tenant":"Kommunen","doors":["main"],"stock":"S-014","valid_from":"2026-11-22T08:00:00.000000Z","lost_since":"2026-11-22T09:00:00.000000Z"},"stock":{"stock":"S-014","state":"lost","issuance":"P-3F7K2Q"}}"#,
        r#"{"reply":"pin-set","issuance":"P-3F7K2Q","number":"004217"}"#,
        r#"{"reply":"review","review":3,"quarter":"2026-Q4","opened_at":"2026-11-22T08:00:00.000000Z","opened_by":"kari","cards":12,"rights":30}"#,
        r#"{"reply":"review-decided","cards":1,"rights":2,"lapsed":3}"#,
        r#"{"reply":"import","rows":2,"added":1,"changed":0,"unchanged":0,"problems_total":1,"problems":[{"line":3,"column":"doors","message":"no door øst"}],"applied":false}"#,
        r#"{"reply":"contact-leave","cards":3,"without_contact":true}"#,
        r#"{"reply":"leavers","rows":3,"matched":1,"unmatched":1,"ambiguous":1,"cards":1,"contacts":1,"without_contact":false,"problems_total":0,"problems":[],"applied":true}"#,
        r#"{"reply":"log-status","dir":"/var/lib/portvakt/log","origin":"o","verifier":"o+1+k","size":9,"root":"r","sealed":9,"durable":true}"#,
        r#"{"reply":"log-checkpoint","size":9,"checkpoint":"o\n9\nr\n\n— o s\n","consistency":["h"]}"#,
        r#"{"reply":"why","issuance":"P-3F7K2Q","door":"main","at":"2026-11-22T08:00:00.000000Z","generation":812,"clock":"synchronised","rules":[{"rule":"validity","saw":"ends 2026-11-21T15:00:00Z","verdict":"expired"}],"allowed":false,"reason":"expired"}"#,
        r#"{"reply":"why","issuance":"P-3F7K2Q","door":"main","at":"2026-11-22T08:00:00.000000Z","generation":812,"clock":"held","rules":[{"rule":"validity","saw":"ends 2026-11-21T15:00:00Z","verdict":"expired","remedy":"the card is given another end"}],"allowed":false,"reason":"expired","recorded":"expired","note":"the state of the house is of now"}"#,
        r#"{"reply":"backup-made","dir":"/var/backups/portvakt/20261122T080000Z","backup":{"backup":"20261122T080000Z","at":"2026-11-22T08:00:00.000000Z","origin":"o","events":9,"generation":812,"files":12,"octets":81920},"keys":6}"#,
        r#"{"reply":"refused","code":3,"message":"your role may not issue cards"}"#,
    ];

    #[test]
    fn every_reply_reads_and_writes_the_same_bytes() {
        for golden in GOLDEN {
            let reply: Reply = serde_json::from_str(golden).unwrap();
            assert_eq!(&serde_json::to_string(&reply).unwrap(), golden);
        }
    }

    #[test]
    fn an_unknown_field_is_refused_in_every_reply() {
        for golden in GOLDEN {
            let body = golden.strip_suffix('}').unwrap();
            let text = format!("{body},\"note\":1}}");
            assert!(serde_json::from_str::<Reply>(&text).is_err(), "{text}");
        }
    }

    #[test]
    fn only_what_ends_a_request_is_last() {
        let open = GOLDEN
            .iter()
            .map(|golden| serde_json::from_str::<Reply>(golden).unwrap())
            .take_while(|reply| !reply.is_last());
        assert_eq!(open.count(), 31);
    }
}
