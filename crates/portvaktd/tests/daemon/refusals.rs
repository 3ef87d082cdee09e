//! What the daemon refuses: one clear line, the right exit code, nothing changed on disk.

use std::fs;
use std::process::Output;
use std::thread::sleep;
use std::time::Duration;

use control::reply::line::LineRow;
use control::{Client, Reply, Request, Row};

use super::house::{House, text, user};

/// One line on stderr that says this, and this exit code.
fn assert_refused(output: &Output, code: i32, says: &str) {
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{said}");
    assert_eq!(said.lines().count(), 1, "{said}");
    assert!(said.contains(says), "{said}");
    assert!(output.stdout.is_empty());
}

#[test]
fn a_second_daemon_is_refused() {
    let house = House::new();
    let daemon = house.start();
    assert_refused(&house.run(&[]), 1, "in use by another portvaktd");
    assert!(daemon.stop().status.success());
    let before = house.snapshot();
    assert!(!before.is_empty());
}

#[test]
fn an_unknown_key_in_the_configuration_is_refused() {
    let house = House::new();
    house.configure("colour = \"red\"");
    let before = house.snapshot();
    for more in [&[][..], &["--check"]] {
        assert_refused(
            &house.run(more),
            78,
            "portvakt.toml:25: unknown key `colour`",
        );
    }
    assert_eq!(house.snapshot(), before);
}

#[test]
fn a_missing_device_is_refused_at_the_start_and_told_by_the_check() {
    let house = House::new();
    let right = fs::read_to_string(house.config()).unwrap();
    let device = house.device().display().to_string();
    fs::write(
        house.config(),
        right.replace(&device, "/dev/portvakt-is-not-here"),
    )
    .unwrap();
    let before = house.snapshot();
    assert_refused(
        &house.run(&[]),
        78,
        "device /dev/portvakt-is-not-here does not exist",
    );
    let checked = house.run(&["--check"]);
    assert!(checked.status.success() && text(&checked.stderr).contains("does not exist"));
    assert_eq!(house.snapshot(), before);
}

#[test]
fn a_data_directory_that_was_never_made_is_refused() {
    let house = House::without_data();
    assert_refused(&house.run(&[]), 65, "portvaktd init");
    assert!(!house.data().exists());
}

#[test]
fn init_never_touches_existing_data() {
    let house = House::new();
    let before = house.snapshot();
    let again = house.init(&[&format!("{}:technician", user())]);
    assert_refused(&again, 65, "is not empty");
    assert_eq!(house.snapshot(), before);
}

#[test]
fn init_refuses_a_role_and_a_user_nobody_knows() {
    let house = House::without_data();
    assert_refused(
        &house.init(&[&format!("{}:janitor", user())]),
        78,
        "roles are daily-manager",
    );
    assert_refused(
        &house.init(&["nobody-of-that-name:technician"]),
        78,
        "has no user",
    );
    assert!(!house.data().exists());
}

#[test]
fn a_register_of_a_newer_version_is_refused() {
    let house = House::new();
    let register = house.data().join("register.db");
    let mut octets = fs::read(&register).unwrap();
    // SQLite file format 1.3: user_version, u32 big-endian at offset 60.
    octets[60..64].copy_from_slice(&99_u32.to_be_bytes());
    fs::write(&register, octets).unwrap();
    let before = house.snapshot();
    assert_refused(&house.run(&[]), 65, "schema version 99");
    assert_eq!(house.snapshot(), before);
}

#[test]
fn an_unreadable_key_store_is_refused() {
    let house = House::new();
    for name in ["slots.bin", "fixed.bin", "seal.bin"] {
        let file = house.data().join("keys").join(name);
        let right = fs::read(&file).unwrap();
        fs::write(&file, b"not a key store").unwrap();
        let before = house.snapshot();
        assert_refused(&house.run(&[]), 65, "key store");
        assert_eq!(house.snapshot(), before);
        fs::write(&file, right).unwrap();
    }
    drop(house.start());
}

#[test]
fn a_port_that_cannot_switch_direction_is_no_line() {
    let house = House::new();
    let text = std::fs::read_to_string(house.config()).unwrap();
    let text = text.replacen("baud = 921600", "baud = 921600\nrs485 = true", 1);
    std::fs::write(house.config(), text).unwrap();
    let _daemon = house.start();
    // The daemon answers before it has tried its ports.
    let line = (0..500).map(|_| first_line(&house)).find(|line| {
        sleep(Duration::from_millis(20));
        line.warning.is_some()
    });
    let line = line.unwrap();
    let warning = line.warning.unwrap();
    assert!(
        !line.up && warning.contains("does not switch RS-485 direction"),
        "{warning}"
    );
}

fn first_line(house: &House) -> LineRow {
    let (mut client, _) = Client::connect(&house.socket()).unwrap();
    client.send(Request::LineList {}, false).unwrap();
    let Reply::Part {
        row: Row::Line(line),
    } = client.receive().unwrap()
    else {
        panic!("no line")
    };
    line
}
