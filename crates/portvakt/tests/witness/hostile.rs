//! Hostile clients of a witness: nonsense, too much, and octets that never come.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use super::archive::Archive;
use super::push;
use super::watcher::Watcher;

fn connect(watcher: &Watcher) -> TcpStream {
    let stream = TcpStream::connect(("127.0.0.1", watcher.port())).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(5)))
        .unwrap();
    stream
}

/// Sends octets, as many as are taken, and gives the status line of the answer.
fn send(watcher: &Watcher, octets: &[u8]) -> String {
    let mut stream = connect(watcher);
    // The answer may come, and the connection end, before all is sent.
    stream.write_all(octets).ok();
    let mut answer = [0; 64];
    let len = stream.read(&mut answer).unwrap_or(0);
    let said = String::from_utf8_lossy(&answer[..len]).into_owned();
    said.lines().next().unwrap_or_default().to_owned()
}

fn post(body: &[u8]) -> Vec<u8> {
    let head = format!(
        "POST /add-checkpoint HTTP/1.1\r\nHost: w\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}

#[test]
fn nonsense_has_its_status_and_stops_nobody() {
    let mut archive = Archive::new();
    archive.grow(20);
    let watcher = Watcher::start(&archive.key);
    for (octets, status) in [
        (post(&vec![b'a'; 65_537]), "413"),
        (post(&vec![b'a'; 900_000]), "413"),
        (post(b"old 0"), "400"),
        (post(&[0xFF; 1_000]), "400"),
        (post(b"old 0\n\nx.example/log\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n\xE2\x80\x94 x AAAAAAAA\n"), "404"),
        (post(b"old 0\n\nhouse.example/portvakt\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n\xE2\x80\x94 x AAAAAAAA\n"), "403"),
        (b"GET /add-checkpoint HTTP/1.1\r\n\r\n".to_vec(), "405"),
        (b"GET / HTTP/1.1\r\n\r\n".to_vec(), "404"),
        (b"\x16\x03\x01\x02\x00\x01\x00".to_vec(), "400"),
        (vec![b'\n'; 20_000], "431"),
    ] {
        let said = send(&watcher, &octets);
        assert!(said.contains(status), "{status}: {said:?}");
    }
    assert_eq!(push(&archive, &watcher).0, 0);
    assert_eq!(watcher.stop(), "", "nonsense fills no journal");
}

#[test]
fn clients_that_never_finish_keep_nobody_out() {
    let mut archive = Archive::new();
    archive.grow(20);
    let watcher = Watcher::start(&archive.key);
    let whole = post(b"old 0\n\nnever");
    let mut slow = Vec::new();
    for number in 0..600 {
        let mut stream = connect(&watcher);
        let begun = &whole[..number % whole.len()];
        // The oldest are closed when too many are open.
        stream.write_all(begun).ok();
        slow.push(stream);
    }
    let (code, said) = push(&archive, &watcher);
    assert_eq!(code, 0, "{said}");
    drop(slow);
    assert_eq!(push(&archive, &watcher).0, 0);
}

#[test]
fn one_connection_serves_several_requests() {
    let archive = Archive::new();
    let watcher = Watcher::start(&archive.key);
    let mut stream = connect(&watcher);
    for _ in 0..3 {
        let body = b"old 0\n\n";
        let head = format!(
            "POST /add-checkpoint HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        stream.write_all(head.as_bytes()).unwrap();
        let mut word = [0; 25];
        stream.read_exact(&mut word).unwrap();
        assert_eq!(&word, b"HTTP/1.1 100 Continue\r\n\r\n");
        stream.write_all(body).unwrap();
        let mut answer = [0; 400];
        let len = stream.read(&mut answer).unwrap();
        let said = String::from_utf8_lossy(&answer[..len]).into_owned();
        assert!(said.starts_with("HTTP/1.1 400 "), "{said}");
        assert!(said.contains("Connection: keep-alive"), "{said}");
    }
}
