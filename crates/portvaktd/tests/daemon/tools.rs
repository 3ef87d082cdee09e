//! What a technician does to readers: new firmware, another place, and looking who is there.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use control::reply::found::FoundRow;
use control::request::reader::{
    FIRMWARE_PART_LEN_MAX, ReaderComset, ReaderFirmware, ReaderIdentify, ReaderRequest,
};
use control::{Client, Reply, Request, Row};

use super::day::{events, set_key, wait_online};
use super::house::House;

fn firmware() -> Vec<u8> {
    (0_u32..150_000)
        .map(|at| at.to_le_bytes()[0] ^ at.to_le_bytes()[1])
        .collect()
}

/// Hands a file over, `claimed` octets long, and gives the last answer.
fn send(house: &House, file: &[u8], claimed: u32) -> Result<Reply, String> {
    let (mut client, _) = Client::connect(&house.socket()).unwrap();
    let wish = ReaderFirmware {
        reader: "front".into(),
        octets: claimed,
    };
    client
        .send(Request::Reader(ReaderRequest::FirmwareBegin(wish)), false)
        .unwrap();
    let ready = client.receive().map_err(|error| error.to_string())?;
    assert_eq!(ready, Reply::Ready {});
    for part in file.chunks(FIRMWARE_PART_LEN_MAX) {
        let octets = STANDARD.encode(part);
        client
            .send_more(
                Request::Reader(ReaderRequest::FirmwarePart { octets }),
                false,
            )
            .unwrap();
    }
    client
        .send_more(Request::Reader(ReaderRequest::FirmwareEnd {}), false)
        .unwrap();
    let mut last = 0;
    loop {
        let reply = client
            .receive_within(None)
            .map_err(|error| error.to_string())?;
        let Reply::Progress { done, total } = reply else {
            return Ok(reply);
        };
        assert!(last <= done && done <= total);
        last = done;
    }
}

#[test]
fn a_file_arrives_at_a_reader_whole_and_is_recorded() {
    let house = House::new();
    let _daemon = house.start();
    set_key(&house);
    wait_online(&house);
    let file = firmware();
    let sent = send(&house, &file, 150_000).unwrap();
    assert_eq!(sent, Reply::Done { warning: None });
    assert!(*house.reader.flash.lock().unwrap() == file);
    assert!(events(&house).contains(&"reader-file-sent".to_owned()));
    // The reader's own word comes by the site's way, which the answer does not wait for.
    let is_told = || events(&house).contains(&"reader-file-taken".to_owned());
    let told = (0..200).any(|_| {
        std::thread::sleep(std::time::Duration::from_millis(20));
        is_told()
    });
    assert!(told, "{:?}", events(&house));
}

#[test]
fn a_file_that_does_not_come_whole_is_not_sent() {
    let house = House::new();
    let _daemon = house.start();
    set_key(&house);
    wait_online(&house);
    let refused = send(&house, &[1; 100], 200).unwrap_err();
    assert!(refused.contains("nothing was sent"), "{refused}");
    let refused = send(&house, &[1; 300], 200).unwrap_err();
    assert!(refused.contains("nothing was sent"), "{refused}");
    assert!(house.reader.flash.lock().unwrap().is_empty());
    let left = std::fs::read_dir(house.data()).unwrap();
    assert!(
        !left
            .into_iter()
            .any(|file| file.unwrap().file_name() == "reader-file.part")
    );
}

#[test]
fn a_reader_is_found_and_told_to_answer_elsewhere_and_found_there() {
    let house = House::new();
    let _daemon = house.start();
    set_key(&house);
    wait_online(&house);
    let place = |address, configured: Option<&str>, found: &FoundRow| {
        (found.address, found.configured.as_deref()) == (address, configured)
    };
    let found = identify(&house);
    assert!(
        found.iter().any(|found| place(0, Some("front"), found)),
        "{found:?}"
    );
    assert!(
        found.iter().any(|found| place(127, None, found)),
        "{found:?}"
    );
    assert_eq!(found.len(), 2);

    wait_online(&house);
    let wish = ReaderComset {
        reader: "front".into(),
        address: 9,
        baud: 9_600,
    };
    let Reply::Done {
        warning: Some(warning),
    } = house.ask(Request::Reader(ReaderRequest::Comset(wish)))
    else {
        panic!("not told what to do next")
    };
    assert!(warning.contains("address = 9"), "{warning}");
    let found = identify(&house);
    assert!(found.iter().any(|found| place(9, None, found)), "{found:?}");
    let told = events(&house);
    for event in [
        "line-survey",
        "line-down",
        "line-up",
        "reader-readdressing",
        "reader-readdressed",
    ] {
        assert!(told.contains(&event.to_owned()), "{event}: {told:?}");
    }
}

fn identify(house: &House) -> Vec<FoundRow> {
    let (mut client, _) = Client::connect(&house.socket()).unwrap();
    // A pseudo-terminal takes any speed, and the house is configured for this one.
    let wish = ReaderIdentify {
        line: "north".into(),
        bauds: vec![921_600],
    };
    client
        .send(Request::Reader(ReaderRequest::Identify(wish)), false)
        .unwrap();
    let mut all = Vec::new();
    loop {
        let reply = client.receive_within(None).unwrap();
        if let Reply::Part {
            row: Row::Found(found),
        } = reply
        {
            all.push(found);
        } else if let Reply::End { .. } = reply {
            return all;
        } else {
            assert!(matches!(reply, Reply::Progress { .. }), "{reply:?}");
        }
    }
}
