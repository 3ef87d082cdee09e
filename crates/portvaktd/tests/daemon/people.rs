//! People at the house: users of this system who ask over the real socket, each known by their own credentials.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::thread;

use control::{Client, ClientError, Reply, Request, Row};
use rustix::process::{Uid, getuid};
use rustix::thread::set_thread_res_uid;

use super::house::House;

/// Whether this test may ask as others; it says so where it may not.
pub(crate) fn may_ask_as_others() -> bool {
    let may = getuid().is_root();
    if !may {
        eprintln!("left out: only root can ask as other users");
    }
    may
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
    let house = House::without_data();
    let root = format!("{}:technician,operations-manager", name_of(0));
    let others = others.iter();
    let others = others.map(|(uid, roles)| format!("{}:{roles}", name_of(*uid)));
    let all: Vec<String> = [root].into_iter().chain(others).collect();
    let all: Vec<&str> = all.iter().map(String::as_str).collect();
    assert!(house.init(&all).status.success());
    house
}

/// A connection of this user.
pub(crate) fn client_of(house: &House, uid: u32) -> Client {
    connected(house, uid).unwrap()
}

/// A connection of this user, if the daemon has anything to say to them.
pub(crate) fn connected(house: &House, uid: u32) -> Result<Client, ClientError> {
    let socket = house.socket();
    for (path, mode) in [(house.folder(), 0o755), (socket.as_path(), 0o666)] {
        fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
    }
    // The system takes the credentials of the thread that connects.
    let connected = thread::spawn(move || {
        set_thread_res_uid(None, Uid::from_raw(uid), None).unwrap();
        Client::connect(&socket).map(|(client, _)| client)
    });
    connected.join().unwrap()
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
