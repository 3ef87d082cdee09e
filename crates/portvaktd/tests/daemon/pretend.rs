//! Other users where the test may not become them: a library in the daemon of the test, and in nobody else's, takes whoever
//! connects for the user they name.

use std::io;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

use rustix::net::{
    AddressFamily, SocketAddrUnix, SocketFlags, SocketType, bind, connect, socket_with,
};

use super::aside;
use super::house::House;

/// From the next start on the daemon of this house takes whoever connects by [`stream_as`] for that user, and everybody else
/// for root.
pub(crate) fn begin(house: &mut House) {
    aside::say(
        "not root: the users of the stories are injected into the daemon; root runs them as real users",
    );
    let library = house.folder().join("pretend_peer.so");
    let mut compiler = Command::new("cc");
    compiler.args(["-shared", "-fPIC", "-O1", "-Wall", "-Werror", "-o"]);
    compiler.arg(&library).arg(SOURCE).arg("-ldl");
    let built = compiler
        .output()
        .expect("SQLite needs a C compiler as well");
    assert!(built.status.success(), "{built:?}");
    house.preload(library.to_str().unwrap());
    let everybody_else = (EVERYBODY_ELSE.to_owned(), "0".to_owned());
    house.environment.push(everybody_else);
}

/// Whether it has begun.
pub(crate) fn has_begun(house: &House) -> bool {
    let mut environment = house.environment.iter();
    environment.any(|(name, _)| name == EVERYBODY_ELSE)
}

/// A connection from an address that names this user.
pub(crate) fn stream_as(uid: u32, socket: &Path) -> io::Result<UnixStream> {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let (process, count) = (std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
    // Two sockets cannot have the same address.
    let own = format!("portvakt-test-peer/{uid}/{process}/{count}");
    let stream = socket_with(
        AddressFamily::UNIX,
        SocketType::STREAM,
        SocketFlags::CLOEXEC,
        None,
    )?;
    bind(&stream, &SocketAddrUnix::new_abstract_name(own.as_bytes())?)?;
    connect(&stream, &SocketAddrUnix::new(socket)?)?;
    Ok(stream.into())
}

const SOURCE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/daemon/pretend_peer.c");

/// Names the user that everybody else is taken for.
const EVERYBODY_ELSE: &str = "PORTVAKT_TEST_PEER";
