//! A log of two years, swept while its writer goes on.

use access::UtcMicros;
use event_log::verify::{Options, verify_dir};
use event_log::{Event, Identity, Keep, Log, StoreKeys, SystemEvent, Text, Ticketed, What};
use key_store::disk::SubDisk;
use key_store::{Fixed, KeyStore};
use tokio::sync::mpsc;

use super::*;
use crate::archive::Archive;
use crate::clock::Clock;
use crate::data_dir::DataDir;
use crate::entropy::OsEntropy;
use crate::log_handle::LogWord;
use crate::log_writer::LogWriter;
use crate::pulse::Pulse;

const WEEK: i64 = 7 * 86_400_000_000;
/// 2024-01-01T00:00:00Z.
const START: i64 = 1_704_067_200_000_000;

/// A log of so many weeks, with one event and one seal in each.
fn weeks(log: &mut Log, count: i64) {
    for week in 0..count {
        let time = UtcMicros::from_micros(START + week * WEEK);
        let what = What::System(SystemEvent {
            kind: SystemKind::LineUp,
            detail: Text::new("north"),
        });
        let event = Event {
            time,
            clock: ClockQuality::Synchronised,
            late: false,
            what,
        };
        drop(log.append(&[Ticketed { ticket: 0, event }]).unwrap());
        log.seal(time).unwrap();
    }
}

/// The log of so many weeks with its writer at work on it.
struct AtWork {
    ledger: Ledger,
    thread: std::thread::JoinHandle<()>,
    data_dir: DataDir,
    _rest: (tempfile::TempDir, mpsc::Receiver<LogWord>),
}

impl AtWork {
    fn on(count: i64) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let data_dir = DataDir::create(&folder.path().join("data")).unwrap();
        let disk = data_dir.disk();
        let keys = Arc::new(KeyStore::create(&disk, &mut OsEntropy).unwrap());
        let identity = Identity {
            origin: "test.example/portvakt".to_owned(),
            signing: keys.fixed(Fixed::LogSigning).unwrap(),
        };
        let of_writer = StoreKeys::of_writer(Arc::clone(&keys), Box::new(OsEntropy));
        let mut log = Log::create(&disk, Arc::new(of_writer), identity, &mut OsEntropy).unwrap();
        weeks(&mut log, count);
        let (clock, pulse) = (Arc::new(Clock::start()), Arc::new(Pulse::default()));
        let archive = Archive::new(&data_dir, &keys, &log);
        let (words, heard) = mpsc::channel(64);
        let (handle, thread) = LogWriter::start(log, (Arc::clone(&clock), pulse), words).unwrap();
        let ledger = Ledger {
            log: handle,
            archive,
            clock,
        };
        Self {
            ledger,
            thread,
            data_dir,
            _rest: (folder, heard),
        }
    }
}

#[test]
fn what_is_two_years_old_is_overwritten_and_leaves_while_the_writer_goes_on() {
    let at_work = AtWork::on(107);
    let ledger = &at_work.ledger;
    let (swept, outlived) = sweep(ledger, &Cuts::default()).unwrap();
    let outlived = outlived.unwrap();
    // The newest seal is of 2026-01-12; weeks 0 and 1 began two years before, week 2 on 2024-01-15.
    assert_eq!((outlived.first, outlived.until), (0, 2));
    prune(ledger, outlived).unwrap();
    let again = sweep(ledger, &swept).unwrap();
    assert!(again.1.is_none() && again.0 == swept, "once is enough");
    obey(ledger, &Policy::default()).unwrap();
    ledger.log.stop();
    at_work.thread.join().unwrap();
    let log_dir = SubDisk::new(at_work.data_dir.disk(), "log");
    let report = verify_dir(&log_dir, Options::default(), &mut |_| {}).unwrap();
    assert_eq!((report.first, report.events, report.unsealed), (2, 106, 0));
}

#[test]
fn who_is_told_that_a_policy_is_signed_finds_it() {
    let at_work = AtWork::on(1);
    let log = &at_work.ledger.log;
    for days in 1..=100 {
        let keep = Keep::Days(days);
        let policy = Policy::default().with(Class::Passage, keep).unwrap();
        log.upkeep(move |log, (now, _)| log.set_policy(policy, now))
            .unwrap();
        assert_eq!(log.state().policy.of(Class::Passage), keep);
    }
    log.stop();
    at_work.thread.join().unwrap();
}
