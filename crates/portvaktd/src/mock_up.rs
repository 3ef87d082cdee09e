//! Mock-up: the whole house in this process, but for its lines, so that requests can be asked by the hundred thousand, as any
//! user, by whoever runs the tests.

mod ahead;
mod aim;
mod bad_fields;
mod bad_frames;
mod by_role;
mod caller;
mod card_states;
mod card_wishes;
mod cards;
mod crossed;
mod golden;
mod lists;
mod no_widening;
mod random;
mod sight;
mod spoil;
mod stock_states;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::JoinHandle;

use access::role::Role;
use access::{OccupancyNews, UtcMicros};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use key_store::KeyStore;
use register::{NewOperator, Register, Roles, Text};
use tempfile::TempDir;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::oneshot;

use crate::clock::Clock;
use crate::config::Config;
use crate::control_server::{Link, Session};
use crate::controller::Controller;
use crate::data_dir::DataDir;
use crate::entropy::OsEntropy;
use crate::house::{Farewell, House};
use crate::occupancy::OccupancyHandle;
use crate::opening::Stores;
use crate::site_task::SiteTask;
use crate::{init, passwd};
use caller::Caller;

/// Who asks: users that every system has, each with one role, but for the first, who has two.
pub(crate) const PEOPLE: [(u32, &[Role]); 9] = [
    (ROOT, &[Role::Technician, Role::OperationsManager]),
    (1, &[Role::DailyManager]),
    (2, &[Role::OperationsManager]),
    (3, &[Role::Receptionist]),
    (4, &[Role::Technician]),
    (5, &[Role::ReceptionStaff]),
    (6, &[Role::Hr]),
    (7, &[Role::Auditor]),
    (8, &[Role::Receptionist, Role::Auditor]),
];

/// Technician and operations manager.
pub(crate) const ROOT: u32 = 0;

/// A house at work.
pub(crate) struct MockUp {
    folder: TempDir,
    pub(crate) controller: Arc<Controller>,
    control: Option<Runtime>,
    parts: Option<Parts>,
}

/// What ends in its order.
struct Parts {
    site: (oneshot::Sender<()>, JoinHandle<OccupancyNews>),
    desk: JoinHandle<()>,
    occupancy: (OccupancyHandle, JoinHandle<()>),
    farewell: Farewell,
    log_writer: JoinHandle<()>,
    data_dir: DataDir,
}

impl MockUp {
    /// A house that knows the names of the golden requests, with a tenant, its contact person and its personnel office.
    pub(crate) fn new() -> Self {
        let folder = folder();
        let config = configuration(folder.path());
        let clock = Arc::new(Clock::start());
        let until = clock.now().utc.years_later(1);
        let of_house = PEOPLE.iter().filter(|(_, roles)| *roles != [Role::Hr]);
        let operators: Vec<NewOperator> = of_house
            .map(|(uid, roles)| operator(*uid, Roles::new(roles, None).unwrap(), until))
            .collect();
        init::make(&config, &operators, &clock).unwrap();
        people_the_register(&config, until, clock.now().utc);
        let stores = Stores::open(&config, &clock).unwrap();
        let house = House::assemble(config, stores, clock, Vec::new()).unwrap();
        let control = Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build();
        Self {
            folder,
            controller: Arc::clone(&house.controller),
            control: Some(control.unwrap()),
            parts: Some(Parts {
                site: keep_turning(house.site_task),
                desk: house.desk,
                occupancy: house.occupancy,
                farewell: house.farewell,
                log_writer: house.log_writer,
                data_dir: house.data_dir,
            }),
        }
    }

    /// A connection of this user, greeted if they have a role.
    pub(crate) fn call(&self, uid: u32) -> Caller {
        let control = self.control.as_ref().unwrap();
        let (theirs, ours) = std::os::unix::net::UnixStream::pair().unwrap();
        ours.set_nonblocking(true).unwrap();
        let _context = control.enter();
        let link = Link::new(tokio::net::UnixStream::from_std(ours).unwrap());
        let session = Session::new(link, uid, Arc::clone(&self.controller));
        control.spawn(session.run());
        Caller::greet(theirs)
    }

    /// Where it lies.
    pub(crate) fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }
}

impl Drop for MockUp {
    fn drop(&mut self) {
        drop(self.control.take());
        let Some(parts) = self.parts.take() else {
            return;
        };
        let (stop, site) = parts.site;
        stop.send(()).ok();
        let last = site.join().unwrap();
        let (occupancy, keeper) = parts.occupancy;
        occupancy.stop(last);
        keeper.join().unwrap();
        parts.farewell.say();
        parts.log_writer.join().unwrap();
        // The register's thread ends by itself, with the last handle to it, which the controller holds.
        drop((parts.desk, parts.data_dir));
    }
}

/// Turns the site on a thread of its own until told to stop.
fn keep_turning(mut site: SiteTask) -> (oneshot::Sender<()>, JoinHandle<OccupancyNews>) {
    let (stop, stopped) = oneshot::channel();
    let turning = std::thread::spawn(move || {
        let bus = Builder::new_current_thread().enable_all().build().unwrap();
        bus.block_on(async {
            tokio::select! {
                () = site.run() => {}
                _ = stopped => {}
            }
            site.wind_up().await;
        });
        site.last_news()
    });
    (stop, turning)
}

/// In memory where the system has such a place: what is flushed is not what these tests are about.
fn folder() -> TempDir {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() {
        return tempfile::tempdir_in(memory).unwrap();
    }
    tempfile::tempdir().unwrap()
}

fn configuration(folder: &Path) -> Arc<Config> {
    // In half a day: no test meets the end of the working day by chance.
    let now = Timestamp::from_microsecond(Clock::start().now().utc.micros()).unwrap();
    let ends =
        (now + SignedDuration::from_hours(12)).to_zoned(TimeZone::get("Europe/Oslo").unwrap());
    let text = CONFIGURATION.replace("ENDS", &ends.strftime("%H:%M").to_string());
    let text = text.replace("FOLDER", &folder.display().to_string());
    let file = folder.join("portvakt.toml");
    fs::write(&file, text).unwrap();
    Config::load(&file).unwrap()
}

/// What takes a second person's approval is done before anybody asks.
fn people_the_register(config: &Config, until: UtcMicros, now: UtcMicros) {
    let data_dir = DataDir::open(&config.section.data_dir).unwrap();
    let keys = Arc::new(KeyStore::open(&data_dir.disk()).unwrap());
    let mut register = Register::open(&data_dir.register(), keys, Box::new(OsEntropy)).unwrap();
    let by = register.operators().unwrap()[0].id;
    let name = Text::new("tenant", "Kommunen").unwrap();
    let (tenant, _) = register.add_tenant(&name, by, now).unwrap();
    let hr = Roles::new(&[Role::Hr], Some(tenant)).unwrap();
    drop(
        register
            .add_operator(&operator(6, hr, until), Some(by), now)
            .unwrap(),
    );
}

fn operator(uid: u32, roles: Roles, until: UtcMicros) -> NewOperator {
    let user = passwd::name_of(uid).unwrap();
    NewOperator {
        user: user.expect("every system has these users"),
        uid,
        roles,
        trained_until: Some(until),
    }
}

const CONFIGURATION: &str = r#"[site]
name = "Test house"
origin = "test.example/portvakt"
time_zone = "Europe/Oslo"
working_day_ends = "ENDS"
data_dir = "FOLDER/data"
[control]
socket = "FOLDER/control.sock"
[[line]]
name = "north"
device = "FOLDER/north"
protocol = "osdp"
[[reader]]
name = "main-in"
line = "north"
address = 0
enrol = true
format = "H10301"
[[reader]]
name = "desk"
line = "north"
address = 1
enrol = true
format = "H10301"
[[reader]]
name = "yard-in"
line = "north"
address = 2
format = "H10301"
[[door]]
name = "main"
entry = "main-in"
strike = { reader = "main-in", output = 0 }
[[door]]
name = "yard"
entry = "yard-in"
strike = { reader = "yard-in", output = 0 }
[[group]]
name = "floor-2"
doors = ["main", "yard"]
[[area]]
name = "office"
into = "main-in"
[backup]
dir = "FOLDER/backups"
[[witness]]
name = "auditor"
url = "http://10.0.0.7:8480"
key = "witness.example/1+e083c23b+BEelXy9HYmJkgNXb3I9t85bUGJnQZroGGhtTdKOqZ9rI"
"#;
