//! Health: what must be so once the system answers rightly again.

use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::sleep;
use std::time::Duration;

use control::reply::status::Status;
use control::request::log::EventFilter;
use control::{Client, Reply, Request};

use crate::storm::Breach;
use crate::storm::cycle::{CARETAKER, Site};
use crate::storm::house::{Daemon, last_reply};
use crate::storm::plan::DOORS;
use crate::storm::present::instant;

/// The log is durable, the register usable, each reader online; a change is acknowledged, and every door opens for a card. A
/// start that could not have its register may serve the doors without it, if it says so: then this is true.
pub(super) fn must_be_well(
    site: &Site,
    daemon: &mut Daemon,
    (since, may_lack_register): (i64, bool),
) -> Result<bool, Breach> {
    let begun = instant();
    let mut missing;
    let lacks = loop {
        if let Some(ended) = daemon.ended() {
            return Err(Breach::new("the daemon ended by itself", ended));
        }
        match ask(&site.house.socket()) {
            Ok(status) => match unwell(&status, may_lack_register) {
                None => break status.register != USABLE,
                Some(what) => missing = what,
            },
            Err(cause) => missing = cause,
        }
        if begun.elapsed() > HEALTH_MAX {
            return Err(Breach::new("I11, all is not well again", missing));
        }
        sleep(Duration::from_millis(20));
    };
    if !lacks {
        must_change(site)?;
    }
    for door in (0_u8..).take(DOORS.len()) {
        must_open(site, door, since)?;
    }
    Ok(lacks)
}

/// A door is opened at the desk. One whose line is just being opened anew may refuse that for a while.
fn must_change(site: &Site) -> Result<(), Breach> {
    let begun = instant();
    loop {
        let connected = Client::connect(&site.house.socket());
        let failed = |cause| Breach::new("a connection afterwards", cause);
        let (mut client, _) = connected.map_err(failed)?;
        let door = DOORS[0].name.to_owned();
        let reason = "a parcel".to_owned();
        let opened = last_reply(&mut client, Request::DoorOpen { door, reason });
        if opened.is_ok() || begun.elapsed() > HEALTH_MAX {
            return opened.map(drop);
        }
        sleep(Duration::from_millis(100));
    }
}

/// The caretaker's card opens the door.
fn must_open(site: &Site, door: u8, since: i64) -> Result<(), Breach> {
    let begun = instant();
    let line = site.house.readers_at(door);
    let has_opened = || {
        let seen = line.look();
        let outs = seen.outs.iter().filter(|out| out.at > since);
        outs.filter(|out| out.releases())
            .any(|out| out.reader == door)
    };
    while !has_opened() {
        if begun.elapsed() > HEALTH_MAX {
            let what = DOORS[usize::from(door)].name;
            return Err(Breach::new("I11, a door does not open again", what));
        }
        line.show(door, CARETAKER);
        // A strict door gives its record 100 ms: on a busy machine it may stay shut now and then.
        let shown = instant();
        while !has_opened() && shown.elapsed() < Duration::from_millis(500) {
            sleep(Duration::from_millis(5));
        }
    }
    Ok(())
}

fn ask(socket: &Path) -> Result<Status, String> {
    let said = |cause: control::ClientError| cause.to_string();
    let (mut client, _) = Client::connect(socket).map_err(said)?;
    match client.ask(Request::Status {}, false).map_err(said)? {
        Reply::Status(status) => Ok(*status),
        other => Err(format!("{other:?}")),
    }
}

/// What is not as it should be.
fn unwell(status: &Status, may_lack_register: bool) -> Option<String> {
    let all = u32::try_from(DOORS.len()).ok();
    if !status.log.durable {
        return Some("the log is not durable".to_owned());
    }
    if status.register != USABLE {
        let says = |warning: &String| warning.starts_with(&status.register);
        if !may_lack_register || !status.warnings.iter().any(says) {
            return Some(status.register.clone());
        }
    }
    let online = status.readers_online;
    (Some(online) != all).then(|| format!("{online} readers are online"))
}

/// Somebody who reads in the log, each time over another connection.
pub(super) fn read_the_log(socket: &Path, over: &AtomicBool) {
    while !over.load(Ordering::Relaxed) {
        if let Ok((mut client, _)) = Client::connect(socket) {
            // Under a fault there may be no answer.
            client.ask(Request::Status {}, false).ok();
            let some = EventFilter {
                limit: Some(20),
                ..EventFilter::default()
            };
            client.ask(Request::LogShow(some), false).ok();
        }
        sleep(Duration::from_millis(50));
    }
}

/// How many files and sockets it has open.
pub(super) fn descriptors(daemon: &Daemon) -> usize {
    let folder = format!("/proc/{}/fd", daemon.id());
    fs::read_dir(folder).map_or(0, Iterator::count)
}

/// As many are open as before, once those who asked are gone.
pub(super) fn gives_back_descriptors(daemon: &Daemon, before: usize) -> Result<(), Breach> {
    let begun = instant();
    loop {
        let now = descriptors(daemon);
        if now <= before + DESCRIPTORS_MORE_MAX {
            return Ok(());
        }
        if begun.elapsed() > HEALTH_MAX {
            let what = format!("{before} before, {now} afterwards");
            return Err(Breach::new("I12, descriptors are lost", what));
        }
        sleep(Duration::from_millis(20));
    }
}

const USABLE: &str = "usable";
/// Far beyond what is promised; a machine may be busy.
const HEALTH_MAX: Duration = Duration::from_secs(30);
/// Connections that are just being made, files that are just being read.
const DESCRIPTORS_MORE_MAX: usize = 4;
