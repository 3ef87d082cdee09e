//! A front desk within one process: every request × every role, each session under a user number that the test gives (M1, M3, M5).
//!
//! The daemon takes who asks from the kernel, and there is no other way to tell it: no feature, no variable, nothing that a shipped binary
//! could be talked into. So whoever is not root plays these stories on the sessions themselves, behind the socket. That the socket
//! takes the kernel's word is told by the stories with real users (`tests/daemon`), which need root.

use std::fs;
use std::io::ErrorKind;
use std::ops::ControlFlow;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use access::role::{Permission, Role, permission};
use control::{Answer, Code, ControlError, Envelope, Refusal, Reply, Request, frame};
use key_store::KeyStore;
use key_store::disk::{Disk, RealDisk};
use register::{NewOperator, Register, Roles, Text};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::oneshot;

use super::Link;
use super::asker::NOBODY;
use super::policy::{self, matrix};
use super::session::Session;
use crate::arguments::Init;
use crate::clock::Clock;
use crate::config::Config;
use crate::controller::Controller;
use crate::entropy::OsEntropy;
use crate::house::House;
use crate::opening::Stores;
use crate::{init, passwd};

/// Users that every system has, each with one role.
const PEOPLE: [(u32, Role); 7] = [
    (1, Role::DailyManager),
    (2, Role::OperationsManager),
    (3, Role::Receptionist),
    (4, Role::Technician),
    (5, Role::ReceptionStaff),
    (HR, Role::Hr),
    (7, Role::Auditor),
];
const HR: u32 = 6;
const NOBODY_S: u32 = 4_242;

/// A whole controller whose line is not there, with its site at work.
struct FrontDesk {
    _folder: tempfile::TempDir,
    controller: Arc<Controller>,
    office: Runtime,
    stop: Option<oneshot::Sender<()>>,
    site: Option<JoinHandle<()>>,
}

impl FrontDesk {
    fn open() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let config = prepared(folder.path());
        let (give, taken) = std::sync::mpsc::channel();
        let (stop, stopped) = oneshot::channel();
        let site = std::thread::spawn(move || {
            let lines = Builder::new_current_thread().enable_all().build().unwrap();
            let _context = lines.enter();
            let clock = Arc::new(Clock::start());
            let stores = Stores::open(&config, &clock).unwrap();
            let house = House::assemble(config, stores, clock, Vec::new()).unwrap();
            give.send(Arc::clone(&house.controller)).unwrap();
            let mut task = house.site_task;
            lines.block_on(async {
                tokio::select! {
                    () = task.run() => {}
                    _ = stopped => {}
                }
            });
        });
        Self {
            controller: taken.recv().unwrap(),
            _folder: folder,
            office: Builder::new_multi_thread()
                .worker_threads(1)
                .enable_all()
                .build()
                .unwrap(),
            stop: Some(stop),
            site: Some(site),
        }
    }

    /// A session of this user, greeted, and what the greeting was.
    fn greeted(&self, uid: u32) -> (UnixStream, Reply) {
        let (mut ours, theirs) = UnixStream::pair().unwrap();
        theirs.set_nonblocking(true).unwrap();
        ours.set_read_timeout(Some(SILENCE)).unwrap();
        let controller = Arc::clone(&self.controller);
        self.office.spawn(async move {
            let link = Link::new(tokio::net::UnixStream::from_std(theirs).unwrap());
            Session::new(link, uid, controller).run().await;
        });
        let hello = Request::Hello {
            version: control::PROTOCOL_VERSION,
        };
        say(&mut ours, hello);
        let greeting = heard(&mut ours).expect("a greeting");
        (ours, greeting)
    }

    /// The first answer; `None` where a request goes on in silence.
    fn ask(&self, uid: u32, request: Request) -> Option<Reply> {
        let (mut ours, _) = self.greeted(uid);
        say(&mut ours, request);
        heard(&mut ours)
    }

    /// How many refusals are on record.
    fn refusals(&self) -> usize {
        let ledger = &self.controller.ledger;
        let size = ledger.log.state().size;
        let mut count = 0;
        let mut past = ledger.archive.open().unwrap();
        past.each(0..size, &mut |record| {
            count += usize::from(record.view()?.name == Some("refused"));
            Ok(ControlFlow::Continue(()))
        })
        .unwrap();
        count
    }
}

impl Drop for FrontDesk {
    fn drop(&mut self) {
        self.stop.take().map(|stop| stop.send(()));
        self.site.take().map(JoinHandle::join);
    }
}

/// The configuration of a house that `init` has made, with everybody in it.
fn prepared(folder: &Path) -> Arc<Config> {
    let file = folder.join("portvakt.toml");
    let (data, socket) = (folder.join("data"), folder.join("control.sock"));
    let device = folder.join("north");
    let text = CONFIG
        .replace("DATA", data.to_str().unwrap())
        .replace("SOCKET", socket.to_str().unwrap())
        .replace("DEVICE", device.to_str().unwrap());
    fs::write(&file, text).unwrap();
    let others = PEOPLE.iter().filter(|(uid, _)| *uid != HR);
    let operators = others.map(|(uid, role)| format!("{}:{role}", user(*uid)));
    let wanted = Init {
        config: file.clone(),
        operators: operators.collect(),
    };
    init::init(&wanted).unwrap();
    let disk: Arc<dyn Disk> = Arc::new(RealDisk::new(data.clone()));
    let keys = Arc::new(KeyStore::open(&disk).unwrap());
    let path = data.join("register.db");
    let mut register = Register::open(&path, keys, Box::new(OsEntropy)).unwrap();
    let (by, now) = (
        register.operators().unwrap()[0].id,
        Clock::start().now().utc,
    );
    let name = Text::new("tenant", "Staten").unwrap();
    let (tenant, _) = register.add_tenant(&name, by, now).unwrap();
    let hr = NewOperator {
        user: user(HR),
        uid: HR,
        roles: Roles::new(&[Role::Hr], Some(tenant)).unwrap(),
        trained_until: None,
    };
    drop(register.add_operator(&hr, Some(by), now).unwrap());
    Config::load(&file).unwrap()
}

fn user(uid: u32) -> String {
    let name = passwd::name_of(uid).unwrap();
    name.expect("every system has these users")
}

fn say(stream: &mut UnixStream, request: Request) {
    let envelope = Envelope {
        id: 1,
        dry_run: false,
        doubt: None,
        request,
    };
    frame::write(stream, &envelope).unwrap();
}

fn heard(stream: &mut UnixStream) -> Option<Reply> {
    match frame::read::<Answer>(stream) {
        Ok(answer) => answer.map(|answer| answer.reply),
        Err(ControlError::Io(cause)) if cause.kind() == ErrorKind::WouldBlock => None,
        Err(cause) => panic!("{cause}"),
    }
}

/// The refusal of the role table, and of nothing else that a verb asks for.
fn is_of_table(reply: Option<&Reply>, verb: &str, role: Role) -> bool {
    let said = format!("{verb} is not for the role {role}");
    matches!(reply, Some(Reply::Refused(Refusal { code: Code::Refused, message, .. })) if *message == said)
}

#[test]
fn m01_m03_m05_every_request_is_refused_to_whom_the_table_refuses_it_and_to_nobody_else() {
    let desk = FrontDesk::open();
    let mut refused = 0;
    for (uid, role) in PEOPLE {
        let (_, greeting) = desk.greeted(uid);
        let Reply::Hello(hello) = greeting else {
            panic!("{role}: {greeting:?}")
        };
        assert_eq!(hello.roles, [role.as_str()]);
        for request in matrix::requests() {
            let (verb, act) = policy::of(&request);
            let may_not = permission(&[role], act) == Permission::No;
            let reply = desk.ask(uid, request);
            assert_eq!(
                is_of_table(reply.as_ref(), verb, role),
                may_not,
                "{role} {verb}: {reply:?}"
            );
            refused += usize::from(may_not);
        }
    }
    assert!(refused > 200, "{refused}");
    let logged = desk.refusals();
    assert!(logged >= refused, "{logged} of {refused} are on record");
}

#[test]
fn whoever_has_no_role_hears_one_and_the_same_whatever_they_ask() {
    let desk = FrontDesk::open();
    let (_, greeting) = desk.greeted(NOBODY_S);
    let before = desk.refusals();
    for request in matrix::requests() {
        let verb = policy::of(&request).0;
        let reply = desk.ask(NOBODY_S, request);
        assert_eq!(reply.as_ref(), Some(&greeting), "{verb}");
    }
    let Reply::Refused(refusal) = greeting else {
        panic!("{greeting:?}")
    };
    assert_eq!(refusal, Refusal::new(Code::Refused, NOBODY));
    assert_eq!(desk.refusals(), before);
}

#[test]
fn whoever_has_no_role_hears_it_as_soon_whatever_they_ask() {
    let desk = FrontDesk::open();
    // The least of many: what else the machine does is in none of them.
    let least = |request: &Request| {
        let times = (0..30).map(|_| {
            let (mut ours, _) = desk.greeted(NOBODY_S);
            let asked = Clock::start();
            say(&mut ours, request.clone());
            heard(&mut ours).expect("an answer");
            asked.up().micros()
        });
        times.min().unwrap_or(0).max(1)
    };
    let times: Vec<u64> = matrix::requests().iter().step_by(5).map(least).collect();
    let (shortest, longest) = (times.iter().min().unwrap(), times.iter().max().unwrap());
    assert!(longest / shortest < 10, "{times:?}");
}

/// So long something is waited for that may never be said.
const SILENCE: Duration = Duration::from_millis(800);

const CONFIG: &str = r#"[site]
name = "Test house"
origin = "test.example/portvakt"
time_zone = "Europe/Oslo"
data_dir = "DATA"
[control]
socket = "SOCKET"
[[line]]
name = "north"
device = "DEVICE"
protocol = "osdp"
[[reader]]
name = "front"
line = "north"
address = 0
enrol = true
format = "H10301"
[[door]]
name = "front"
entry = "front"
strike = { reader = "front", output = 0 }
"#;
