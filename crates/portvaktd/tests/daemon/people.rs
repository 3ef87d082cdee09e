//! People at the house: users who ask over the real socket, each known by their own credentials: their real ones where the test
//! runs as root, else injected ones.

use std::fs::{self, Permissions};
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::thread;

use control::{Client, ClientError, Reply, Request, Row};
use rustix::process::{Gid, Uid, getuid};
use rustix::thread::{set_thread_groups, set_thread_res_gid, set_thread_res_uid};

use super::house::{House, text};
use super::pretend;

/// Somebody's way to the daemon.
#[derive(Clone)]
pub(crate) struct Person {
    uid: u32,
    /// Groups they are in, where they are a real user.
    groups: Vec<Gid>,
    socket: PathBuf,
}

impl Person {
    /// This user's way to this house.
    pub(crate) fn of(house: &House, uid: u32) -> Self {
        let own = getuid();
        if own.is_root() {
            let_in(house);
        } else {
            let is_real = own.as_raw() == uid;
            assert!(is_real || pretend::has_begun(house), "nobody is {uid} here");
        }
        Self {
            uid,
            groups: Vec::new(),
            socket: house.socket(),
        }
    }

    /// The same, in this group besides.
    pub(crate) fn in_group(self, gid: u32) -> Self {
        let groups = vec![Gid::from_raw(gid)];
        Self { groups, ..self }
    }

    /// A connection of theirs: the kernel vouches for the user where the test may become them, the daemon is made to believe
    /// it where the test may not.
    pub(crate) fn stream(&self) -> io::Result<UnixStream> {
        if !getuid().is_root() {
            return pretend::stream_as(self.uid, &self.socket);
        }
        // The system takes the credentials of the thread that connects; nothing of them comes back.
        let them = || {
            let (user, group) = (Uid::from_raw(self.uid), Gid::from_raw(NO_GROUP));
            set_thread_groups(&self.groups).unwrap();
            set_thread_res_gid(group, group, group).unwrap();
            set_thread_res_uid(user, user, user).unwrap();
            UnixStream::connect(&self.socket)
        };
        thread::scope(|scope| scope.spawn(them).join().unwrap())
    }
}

/// Lets every user of the system reach the socket; whether they may ask is the daemon's to say.
fn let_in(house: &House) {
    let socket = house.socket();
    let run = socket.parent().unwrap();
    for (path, mode) in [(house.folder(), 0o711), (run, 0o711), (&socket, 0o666)] {
        fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
    }
}

/// The name of the user with this number.
pub(crate) fn name_of(uid: u32) -> String {
    let passwd = fs::read_to_string("/etc/passwd").unwrap();
    let mut users = passwd.lines().map(|line| line.split(':'));
    let found = users.find_map(|mut user| {
        let name = user.next()?;
        (user.nth(1)? == uid.to_string()).then(|| name.to_owned())
    });
    found.expect("every system has these users")
}

/// A house where root is technician and operations manager, and these users have these roles.
pub(crate) fn house_of(others: &[(u32, &str)]) -> House {
    let root = (0, "technician,operations-manager");
    house_of_only(&[&[root], others].concat())
}

/// A house where these users have these roles. Whoever runs the test is root there.
pub(crate) fn house_of_only(people: &[(u32, &str)]) -> House {
    let mut house = House::without_data();
    if !getuid().is_root() {
        pretend::begin(&mut house);
    }
    let people = people.iter();
    let people = people.map(|(uid, roles)| format!("{}:{roles}", name_of(*uid)));
    let people: Vec<String> = people.collect();
    let people: Vec<&str> = people.iter().map(String::as_str).collect();
    let made = house.init(&people);
    assert!(made.status.success(), "{}", text(&made.stderr));
    house
}

/// A connection of this user.
pub(crate) fn client_of(house: &House, uid: u32) -> Client {
    connected(house, uid).unwrap()
}

/// A connection of this user, if the daemon has anything to say to them.
pub(crate) fn connected(house: &House, uid: u32) -> Result<Client, ClientError> {
    let stream = Person::of(house, uid).stream().unwrap();
    let (client, hello) = Client::greet(stream)?;
    assert_eq!(hello.operator, name_of(uid));
    Ok(client)
}

/// One answer to this user; a refusal as its exit code and line.
pub(crate) fn ask_as(house: &House, uid: u32, request: Request) -> Result<Reply, (u8, String)> {
    answered(client_of(house, uid), request)
}

/// The same, of somebody in doubt.
pub(crate) fn doubt_as(house: &House, uid: u32, request: Request) -> Result<Reply, (u8, String)> {
    let mut client = client_of(house, uid);
    client.doubt(Some(control::Private::new("is it hers at all?")));
    answered(client, request)
}

/// All rows of an answer.
pub(crate) fn rows_as(house: &House, uid: u32, request: Request) -> Vec<Row> {
    let mut client = client_of(house, uid);
    client.send(request, false).unwrap();
    let mut rows = Vec::new();
    while let Reply::Part { row } = client.receive().unwrap() {
        rows.push(row);
    }
    rows
}

fn answered(mut client: Client, request: Request) -> Result<Reply, (u8, String)> {
    client
        .ask(request, false)
        .map_err(|refused| (u8::from(refused.code()), refused.to_string()))
}

/// A group that no file of the test belongs to.
const NO_GROUP: u32 = 65_534;
