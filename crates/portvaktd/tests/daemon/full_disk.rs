//! A disk that takes nothing, at the start or under the running daemon: the doors are served by what was kept, and the log goes on
//! once there is room.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread::sleep;
use std::time::Duration;

use control::request::card::CardReason;
use control::{Client, Request};
use event_log::disk::RealDisk;
use event_log::verify::{Options, verify_dir};
use rustix::process::geteuid;

use super::aside;
use super::day::{CARD, events, issue_in_person, opens, set_key, status, stays_shut, wait_online};
use super::house::{Daemon, House, user};

/// The house's data on a small disk of its own.
struct SmallDisk(PathBuf);

impl SmallDisk {
    /// Moves the data there; what was written ahead as zeros takes no room, so that writing over it needs some.
    fn under(house: &House) -> Self {
        let (data, before) = (house.data(), house.folder().join("before"));
        fs::rename(&data, &before).unwrap();
        let disk = Self::at(data);
        let mut copy = Command::new("cp");
        copy.args(["-a", "--sparse=always"]);
        copy.arg(before.join(".")).arg(&disk.0);
        assert!(copy.status().unwrap().success());
        disk
    }

    /// An empty one.
    fn at(data: PathBuf) -> Self {
        fs::create_dir(&data).unwrap();
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", "size=64m,mode=0750", "tmpfs"]);
        assert!(mount.arg(&data).status().unwrap().success());
        Self(data)
    }

    fn filler(&self) -> PathBuf {
        self.0.join("filler")
    }

    /// To the last octet.
    fn fill(&self) {
        let mut append = File::options();
        let append = append.append(true).create(true);
        let mut filler = append.open(self.filler()).unwrap();
        for octets in [65_536, 512, 1] {
            while filler.write_all(&vec![7; octets]).is_ok() {}
        }
        assert!(fs::write(self.0.join("more"), b"x").is_err());
        fs::remove_file(self.0.join("more")).ok();
    }

    /// What was written ahead as zeros takes no room from now on, as on a disk that copies when it writes; and none is left. The
    /// reserve stays.
    fn fill_ahead(&self) {
        for file in fs::read_dir(self.0.join("log/segments")).unwrap() {
            let mut dig = Command::new("fallocate");
            let dug = dig.arg("--dig-holes").arg(file.unwrap().path());
            assert!(dug.status().unwrap().success());
        }
        self.fill();
    }

    fn make_room(&self) {
        fs::remove_file(self.filler()).unwrap();
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let at: &Path = &self.0;
        Command::new("umount").arg("-l").arg(at).status().ok();
    }
}

fn is_warned(house: &House) -> bool {
    let warnings = status(house).warnings;
    let says = |warning: &String| warning.contains("the log cannot be written");
    warnings.iter().any(says)
}

#[test]
fn a_start_on_a_full_disk_serves_the_doors_by_class_and_goes_on_when_there_is_room() {
    if !geteuid().is_root() {
        aside::say("left out: only root can mount a small disk");
        return;
    }
    let house = House::new();
    let daemon = house.start();
    set_key(&house);
    wait_online(&house);
    let issuance = issue_in_person(&house);
    assert!(opens(&house, CARD));
    assert!(daemon.stop().status.success());
    let disk = SmallDisk::under(&house);
    disk.fill();
    let daemon = house.start();
    wait_online(&house);
    assert!(!status(&house).log.durable);
    assert!(is_warned(&house), "before anybody came");
    assert!(opens(&house, CARD), "a standard door opens from memory");
    let block = Request::CardBlock(CardReason {
        issuance,
        reason: "left behind".to_owned(),
    });
    let (mut client, _) = Client::connect(&house.socket()).unwrap();
    let refused = client.ask(block, false).unwrap_err().to_string();
    assert!(refused.contains("the log cannot be written"), "{refused}");
    daemon.kill();
    house.configure("class = \"strict\"");
    let daemon = house.start();
    wait_online(&house);
    assert!(stays_shut(&house, CARD), "a strict door does not");
    disk.make_room();
    assert!(recovers(&house));
    assert!(opens(&house, CARD));
    assert!(!is_warned(&house));
    let told = events(&house);
    let count = |name: &str| told.iter().filter(|event| *event == name).count();
    assert_eq!(
        count("started"),
        2,
        "the run that wrote nothing is not there"
    );
    assert_eq!(count("log-gap"), 1, "what it had in memory is told of");
    assert!(count("log-recovered") >= 1);
    stops_whole(&house, daemon);
}

/// The daemon stops in order and leaves a log with nothing unsealed or torn.
fn stops_whole(house: &House, daemon: Daemon) {
    assert!(daemon.stop().status.success());
    let log = RealDisk::new(house.data().join("log"));
    let report = verify_dir(&log, Options::default(), &mut |_| {}).unwrap();
    assert_eq!((report.unsealed, report.torn), (0, 0));
}

fn recovers(house: &House) -> bool {
    (0..100).any(|_| {
        sleep(Duration::from_millis(100));
        status(house).log.durable
    })
}

fn add_tenant(house: &House, tenant: &str) -> Result<(), String> {
    let tenant = tenant.to_owned();
    ask(house, Request::TenantAdd { tenant })
}

fn open_by_hand(house: &House) -> Result<(), String> {
    let (door, reason) = ("front".to_owned(), "a parcel".to_owned());
    ask(house, Request::DoorOpen { door, reason })
}

fn ask(house: &House, request: Request) -> Result<(), String> {
    let (mut client, _) = Client::connect(&house.socket()).unwrap();
    let answer = client.ask(request, false);
    answer.map(drop).map_err(|why| why.to_string())
}

#[test]
fn a_disk_that_fills_under_the_daemon_stops_no_standard_door_and_loses_nothing() {
    if !geteuid().is_root() {
        aside::say("left out: only root can mount a small disk");
        return;
    }
    let house = House::without_data();
    let disk = SmallDisk::at(house.data());
    let roles = format!("{}:technician,operations-manager", user());
    assert!(house.init(&[&roles]).status.success());
    let daemon = house.start();
    set_key(&house);
    wait_online(&house);
    issue_in_person(&house);
    disk.fill();
    assert!(opens(&house, CARD));
    assert!(status(&house).log.durable, "there was room ahead");
    let refused = add_tenant(&house, "Nykommunen").unwrap_err();
    assert!(refused.contains("no room left"), "{refused}");
    // The reserve first, and then the log takes nothing more.
    disk.fill_ahead();
    let takes_more = |_: &i32| {
        assert_eq!(open_by_hand(&house), Ok(()));
        assert!(house.reader.is_unlocked_within(Duration::from_secs(5)));
        disk.fill();
        status(&house).log.durable
    };
    let opened = (0..500).take_while(takes_more).count();
    assert!(opened < 500, "the log goes on without room");
    assert!(!house.data().join("log/reserve").exists());
    assert!(is_warned(&house));
    assert!(opens(&house, CARD), "a standard door opens from memory");
    let refused = add_tenant(&house, "Nykommunen").unwrap_err();
    assert!(refused.contains("the log cannot be written"), "{refused}");
    disk.make_room();
    assert!(recovers(&house));
    assert_eq!(add_tenant(&house, "Nykommunen"), Ok(()));
    let count = |name: &str| events(&house).iter().filter(|event| *event == name).count();
    let is_whole = |_| {
        sleep(Duration::from_millis(100));
        (count("access-granted"), count("door-opened")) == (2, opened + 1)
    };
    assert!((0..150).any(is_whole), "what was in memory is on record");
    assert_eq!(count("disk-full"), 1);
    assert!(count("log-recovered") >= 1);
    stops_whole(&house, daemon);
}
