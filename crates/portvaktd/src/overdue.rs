//! Overdue: a quarter is over and nobody has signed its review (M6). The log says so once, `status` until somebody has, as it does of rights
//! that nobody has justified for a year (M22).

use std::sync::Arc;
use std::time::Duration;

use access::{Quarter, UtcMicros, unreviewed};
use control::Refusal;
use event_log::SystemKind;
use jiff::tz::TimeZone;
use register::{Register, RegisterError};

use crate::controller::{Controller, Overdue};
use crate::desk::refusal;
use crate::ledger::Ledger;
use crate::own_event::own_event;

/// Looks from the start on, again and again.
pub(crate) async fn keep(controller: Arc<Controller>) {
    loop {
        if let Err(cause) = look(&controller).await {
            tracing::warn!("reviews: {cause}; it is looked again in ten minutes");
        }
        tokio::time::sleep(EVERY).await;
    }
}

/// Finds what is overdue now, and puts on record what was not before.
///
/// # Errors
/// The refusal; it is tried again.
pub(crate) async fn look(controller: &Controller) -> Result<(), Refusal> {
    let Ok(zone) = TimeZone::get(&controller.config().section.time_zone) else {
        // The configuration was refused otherwise.
        return Ok(());
    };
    let found = controller.desk.ask(move |desk| {
        let now = desk.ledger.clock.now().utc;
        let reviews = tell(&mut desk.register, &desk.ledger, (&zone, now))?;
        let recertifications = desk.register.tenants_to_recertify(now);
        let recertifications = recertifications.map_err(|cause| refusal(&cause))?;
        Ok::<_, Refusal>(Overdue {
            reviews,
            recertifications: Some(recertifications),
        })
    });
    // A desk that has stopped looks at nothing any more.
    if let Ok(found) = found.await {
        controller.overdue.send_replace(found?);
    }
    Ok(())
}

/// The quarters that are overdue; each that the log does not know of yet is put on record first.
fn tell(
    register: &mut Register,
    ledger: &Ledger,
    (zone, now): (&TimeZone, UtcMicros),
) -> Result<Vec<Quarter>, Refusal> {
    let failed = |cause: RegisterError| refusal(&cause);
    let overdue = find(register, (zone, now)).map_err(failed)?;
    for quarter in &overdue {
        if register.is_told_overdue(*quarter).map_err(failed)? {
            continue;
        }
        let what = format!("{quarter}");
        let event = own_event(ledger.clock.now(), SystemKind::ReviewOverdue, &what);
        let written = ledger.log.write_blocking(vec![event]);
        written.map_err(|cause| Refusal::new(control::Code::Failed, cause))?;
        register.told_overdue(*quarter, now).map_err(failed)?;
        tracing::warn!("the review of {quarter} is overdue: nobody has signed it");
    }
    Ok(overdue)
}

/// The quarters that are over without a signed review of them or of a later one, which looked at everything anew.
pub(crate) fn find(
    register: &Register,
    (zone, now): (&TimeZone, UtcMicros),
) -> Result<Vec<Quarter>, RegisterError> {
    let reviews = register.reviews()?;
    let signed = reviews.iter().filter(|review| review.signed.is_some());
    let newest = signed.map(|review| review.quarter).max();
    let is_signed = |quarter| newest.is_some_and(|newest| quarter <= newest);
    Ok(unreviewed(register.began()?, is_signed, zone, now))
}

/// The first day of a quarter is long.
const EVERY: Duration = Duration::from_secs(600);

#[cfg(test)]
mod tests {
    use access::role::Role;
    use event_log::{Identity, Log, StoreKeys};
    use key_store::{Fixed, KeyStore};
    use register::{NewOperator, Roles};
    use std::ops::ControlFlow;
    use tokio::sync::mpsc;

    use super::*;
    use crate::archive::Archive;
    use crate::clock::Clock;
    use crate::data_dir::DataDir;
    use crate::entropy::OsEntropy;
    use crate::log_writer::LogWriter;
    use crate::pulse::Pulse;

    fn at(text: &str) -> UtcMicros {
        let instant = text.parse::<jiff::Timestamp>().unwrap();
        UtcMicros::from_micros(instant.as_microsecond())
    }

    /// A house that began in the autumn of 2026, with a log that nobody stops.
    fn house(folder: &std::path::Path) -> (Register, Ledger) {
        let data_dir = DataDir::create(&folder.join("data")).unwrap();
        let disk = data_dir.disk();
        let keys = Arc::new(KeyStore::create(&disk, &mut OsEntropy).unwrap());
        let path = folder.join("register.db");
        let mut register = Register::create(&path, Arc::clone(&keys), Box::new(OsEntropy)).unwrap();
        let first = NewOperator {
            user: "kari".into(),
            uid: 1001,
            roles: Roles::new(&[Role::OperationsManager], None).unwrap(),
            trained_until: None,
        };
        let began = at("2026-08-14T09:00:00Z");
        drop(register.add_operator(&first, None, began).unwrap());
        let identity = Identity {
            origin: "test.example/portvakt".to_owned(),
            signing: keys.fixed(Fixed::LogSigning).unwrap(),
        };
        let of_writer = StoreKeys::of_writer(Arc::clone(&keys), Box::new(OsEntropy));
        let log = Log::create(&disk, Arc::new(of_writer), identity, &mut OsEntropy).unwrap();
        let (clock, pulse) = (Arc::new(Clock::start()), Arc::new(Pulse::default()));
        let archive = Archive::new(&data_dir, &keys, &log);
        let (words, _) = mpsc::channel(64);
        let (log, _thread) = LogWriter::start(log, (Arc::clone(&clock), pulse), words).unwrap();
        let ledger = Ledger {
            log,
            archive,
            clock,
        };
        (register, ledger)
    }

    fn told(ledger: &Ledger) -> Vec<String> {
        let mut told = Vec::new();
        let size = ledger.log.state().size;
        let mut past = ledger.archive.open().unwrap();
        past.each(0..size, &mut |record| {
            let view = record.view()?;
            if view.name == Some("review-overdue") {
                told.push(view.detail.as_str().to_owned());
            }
            Ok(ControlFlow::Continue(()))
        })
        .unwrap();
        told
    }

    #[test]
    fn m06_an_overdue_review_is_on_record_once_also_after_a_stop_over_the_first_day() {
        let folder = tempfile::tempdir().unwrap();
        let (mut register, ledger) = house(folder.path());
        let oslo = TimeZone::get("Europe/Oslo").unwrap();
        let mut look = |now: &str| {
            let found = tell(&mut register, &ledger, (&oslo, at(now))).unwrap();
            found.iter().map(ToString::to_string).collect::<Vec<_>>()
        };
        assert!(look("2026-09-30T21:59:59Z").is_empty());
        assert_eq!(look("2026-09-30T22:00:00Z"), ["2026-Q3"]);
        assert_eq!(look("2026-09-30T22:10:00Z"), ["2026-Q3"]);
        assert_eq!(told(&ledger), ["2026-Q3"]);
        // The daemon was off over New Year, and over the first of April.
        let missed = ["2026-Q3", "2026-Q4", "2027-Q1"];
        assert_eq!(look("2027-04-20T08:00:00Z"), missed);
        assert_eq!(look("2027-04-20T08:10:00Z"), missed);
        assert_eq!(told(&ledger), missed);
        let (by, now) = (access::OperatorId::new(1), at("2027-04-20T09:00:00Z"));
        let opened = register.open_review("2027-Q1".parse().unwrap(), by, now);
        let review = opened.unwrap().0.id;
        assert_eq!(find(&register, (&oslo, now)).unwrap().len(), 3);
        drop(register.sign_review(review, (1, [0; 32]), by, now).unwrap());
        assert!(find(&register, (&oslo, now)).unwrap().is_empty());
    }
}
