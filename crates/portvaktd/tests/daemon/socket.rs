//! The control socket against clients who speak no sense, too slowly, or too many at once.

use std::io::{Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixStream;
use std::time::Duration;

use control::{Client, Code, Reply, Request, frame};

use super::house::House;

fn connect(house: &House) -> UnixStream {
    let stream = UnixStream::connect(house.socket()).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(5)))
        .unwrap();
    stream
}

fn answer(stream: &mut UnixStream) -> Option<control::Answer> {
    frame::read(stream).unwrap()
}

#[test]
fn garbage_is_answered_and_harms_nobody() {
    let house = House::new();
    let daemon = house.start();
    let mut stream = connect(&house);
    for nonsense in [
        "",
        "{}",
        "[[[[",
        "{\"id\":1,\"request\":{\"verb\":\"obey\"}}",
        "{\"id\":1,\"more\":2,\"request\":{\"verb\":\"status\"}}",
    ] {
        let len = u32::try_from(nonsense.len()).unwrap().to_be_bytes();
        stream
            .write_all(&[&len, nonsense.as_bytes()].concat())
            .unwrap();
        let Some(Reply::Refused(refusal)) = answer(&mut stream).map(|answer| answer.reply) else {
            panic!()
        };
        assert_eq!(refusal.code, Code::Usage);
    }
    // A length nobody may announce: answered, then closed.
    stream.write_all(&u32::MAX.to_be_bytes()).unwrap();
    assert!(matches!(
        answer(&mut stream),
        Some(control::Answer {
            reply: Reply::Refused(_),
            ..
        })
    ));
    assert_eq!(stream.read(&mut [0]).unwrap_or(0), 0);
    assert!(matches!(house.ask(Request::Status {}), Reply::Status(_)));
    assert!(daemon.stop().status.success());
}

#[test]
fn nothing_is_answered_before_hello() {
    let house = House::new();
    let _daemon = house.start();
    let mut stream = connect(&house);
    let envelope = control::Envelope {
        id: 3,
        dry_run: false,
        doubt: None,
        request: Request::Status {},
    };
    frame::write(&mut stream, &envelope).unwrap();
    assert!(matches!(
        answer(&mut stream),
        Some(control::Answer {
            id: 3,
            reply: Reply::Refused(_)
        })
    ));
}

#[test]
fn a_hoard_of_idle_connections_ends_at_its_limit() {
    let house = House::new();
    let _daemon = house.start();
    let hoard: Vec<UnixStream> = (0..200)
        .filter_map(|_| UnixStream::connect(house.socket()).ok())
        .collect();
    assert!(
        Client::connect(&house.socket()).is_err(),
        "this user has taken all their places"
    );
    drop(hoard);
    for _ in 0..50 {
        if Client::connect(&house.socket()).is_ok() {
            return;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    panic!("the places do not come back");
}

#[test]
fn the_socket_is_for_owner_and_group() {
    let house = House::new();
    let daemon = house.start();
    let mode = std::fs::metadata(house.socket())
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o660);
    assert!(daemon.stop().status.success());
    assert!(!house.socket().exists());
}
