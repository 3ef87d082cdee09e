//! Faults of the disk and of the line under a daemon that runs: what each class of door does meanwhile, and that all is well
//! afterwards.

use std::thread::sleep;
use std::time::Duration;

use control::{Client, Request};
use event_log::disk::RealDisk;
use event_log::verify::{Options, verify_dir};
use rustix::process::Signal;

use super::day::{CARD, events, issue_in_person, opens, set_key, status, stays_shut, wait_online};
use super::house::{Daemon, House};
use super::strace::Fault;

/// A house whose one door is of this class and opens for one card.
fn house_of(class: &str) -> (House, Daemon) {
    let house = House::new();
    house.configure(&format!("class = \"{class}\""));
    let daemon = house.start();
    set_key(&house);
    wait_online(&house);
    issue_in_person(&house);
    opens_soon(&house);
    (house, daemon)
}

fn count(house: &House, name: &str) -> usize {
    events(house).iter().filter(|event| *event == name).count()
}

fn wait_until(what: &str, is_so: impl Fn() -> bool) {
    let so = (0..1_500).any(|_| {
        sleep(Duration::from_millis(10));
        is_so()
    });
    assert!(so, "{what}");
}

/// A strict door gives its record 100 ms: on a busy machine it may stay shut now and then.
fn opens_soon(house: &House) {
    assert!((0..10).any(|_| opens(house, CARD)));
}

/// After a fault: the door opens, the daemon stops in order, the log is whole.
fn all_is_well(house: &House, daemon: Daemon) {
    wait_until("the log recovers", || status(house).log.durable);
    wait_online(house);
    opens_soon(house);
    assert!(daemon.stop().status.success());
    let log = RealDisk::new(house.data().join("log"));
    let report = verify_dir(&log, Options::default(), &mut |_| {}).unwrap();
    assert_eq!((report.unsealed, report.torn), (0, 0));
}

fn refusal(house: &House, request: Request) -> String {
    let (mut client, _) = Client::connect(&house.socket()).unwrap();
    let answered = client.ask(request, false);
    answered.expect_err("refused").to_string()
}

/// The log takes no record: every write, or every sync, comes back with this.
fn without_a_log(class: &str, calls: &str, how: &str) {
    let (house, daemon) = house_of(class);
    let Some(fault) = Fault::begin(&daemon, calls, how, None) else {
        return;
    };
    let mut opened = 1;
    if class == "standard" {
        for _ in 0..3 {
            assert!(opens(&house, CARD), "{calls}:{how}");
            opened += 1;
        }
    } else {
        for _ in 0..3 {
            assert!(stays_shut(&house, CARD), "{calls}:{how}");
        }
    }
    assert!(!status(&house).log.durable);
    let tenant = "Nykommunen".to_owned();
    let why = refusal(&house, Request::TenantAdd { tenant });
    assert!(!why.is_empty());
    drop(fault);
    wait_until("what was opened from memory is on record", || {
        status(&house).log.durable && count(&house, "access-granted") >= opened
    });
    assert!(
        count(&house, "log-recovered") > 0,
        "the failure is on record"
    );
    all_is_well(&house, daemon);
}

#[test]
fn while_syncs_fail_a_standard_door_opens_from_memory_and_all_of_it_is_recorded_later() {
    without_a_log("standard", "fdatasync", "error=EIO");
}

#[test]
fn while_syncs_fail_a_strict_door_stays_shut() {
    without_a_log("strict", "fdatasync", "error=EIO");
}

#[test]
fn while_nothing_can_be_written_a_standard_door_opens_from_memory_and_all_of_it_is_recorded_later()
{
    without_a_log("standard", "pwrite64", "error=ENOSPC");
}

#[test]
fn while_nothing_can_be_written_a_strict_door_stays_shut() {
    without_a_log("strict", "pwrite64", "error=ENOSPC");
}

#[test]
fn an_unlock_whose_record_took_too_long_is_never_sent() {
    for class in ["standard", "strict"] {
        let (house, daemon) = house_of(class);
        // The release of the last opening has ended, and so have its records.
        sleep(Duration::from_millis(1_500));
        let before = count(&house, "access-granted");
        let fault = Fault::begin(&daemon, "fdatasync", "delay_enter=2500000", None);
        let Some(fault) = fault else { return };
        house.reader.present(&CARD.0, CARD.1);
        assert!(
            !house.reader.is_unlocked_within(Duration::from_secs(6)),
            "{class}"
        );
        drop(fault);
        wait_until("it is on record", || {
            count(&house, "access-granted") == before + 1
        });
        assert!(
            count(&house, "unlock-dropped") > 0,
            "{class}: {:?}",
            events(&house)
        );
        all_is_well(&house, daemon);
    }
}

#[test]
fn a_port_that_is_gone_is_told_and_opened_again() {
    a_port_fails("read,write", "error=ENODEV");
}

#[test]
fn a_port_that_takes_nothing_holds_up_nobody_and_is_opened_again() {
    a_port_fails("write", "error=EAGAIN");
}

fn a_port_fails(calls: &str, how: &str) {
    let (house, daemon) = house_of("standard");
    let device = house.reader.device().to_str().unwrap().to_owned();
    let fault = Fault::begin(&daemon, calls, how, Some(&device));
    let Some(fault) = fault else { return };
    // Asked at once: who asks is answered all the while.
    wait_until("the line is down", || status(&house).readers_online == 0);
    drop(fault);
    wait_online(&house);
    assert!(count(&house, "line-down") > 0, "{:?}", events(&house));
    all_is_well(&house, daemon);
}

/// A full disk under the journal, or a journal that is gone: what is said is lost, and nothing else.
#[test]
fn what_cannot_be_said_on_stderr_stops_nothing() {
    let house = House::new();
    let journal = house.folder().join("journal");
    let daemon = house.start_with_journal(&journal);
    set_key(&house);
    wait_online(&house);
    let issuance = issue_in_person(&house);
    let fault = Fault::begin(&daemon, "write", "error=ENOSPC", journal.to_str());
    let Some(fault) = fault else { return };
    // Each of these says something in the journal.
    daemon.signal(Signal::HUP);
    let lost = Request::CardLost { issuance };
    house.ask(lost);
    assert!(stays_shut(&house, CARD));
    house.ask(Request::CardFound { issuance });
    opens_soon(&house);
    drop(fault);
    all_is_well(&house, daemon);
}

#[test]
fn without_a_descriptor_left_no_file_is_opened_and_every_door_goes_on() {
    let (house, daemon) = house_of("strict");
    let Some(fault) = Fault::begin(&daemon, "openat", "error=EMFILE", None) else {
        return;
    };
    opens_soon(&house);
    // Who asks cannot be looked up, and is nobody.
    assert!(Client::connect(&house.socket()).is_err());
    opens_soon(&house);
    drop(fault);
    assert!(count(&house, "access-granted") >= 3);
    all_is_well(&house, daemon);
}
