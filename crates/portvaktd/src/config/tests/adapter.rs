//! Ports and their adapters, and what readers show.

use super::{GOOD, parse};

#[test]
fn the_udev_rule_is_written_as_udev_reads_it() {
    let rules = include_str!("../../../../../config/99-portvakt-serial.rules");
    let lines = rules
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'));
    let mut rules = 0;
    for line in lines {
        rules += 1;
        let parts: Vec<&str> = line.split(", ").collect();
        for part in &parts {
            let (key, value) = part.split_once('=').unwrap();
            let key = key.trim_end_matches('!').split('{').next().unwrap();
            let known = [
                "ACTION",
                "SUBSYSTEM",
                "SUBSYSTEMS",
                "DRIVER",
                "ATTR",
                "TEST",
                "GROUP",
                "MODE",
                "ENV",
            ];
            assert!(known.contains(&key), "{part}");
            let value = value.trim_start_matches('=');
            assert!(
                value.len() > 2 && value.starts_with('"') && value.ends_with('"'),
                "{part}"
            );
        }
        // A rule matches before it sets.
        let matches = parts
            .iter()
            .filter(|part| part.contains("==") || part.contains("!="));
        assert!(
            matches.count() > 0
                && parts
                    .iter()
                    .any(|part| !part.contains("==") && !part.contains("!="))
        );
    }
    assert_eq!(rules, 3);
}

#[test]
fn an_adapter_that_gathers_octets_is_given_time() {
    let config = parse(GOOD).unwrap();
    assert_eq!(
        config.lines[0].timing.inter_character_ms, 150,
        "a USB adapter"
    );
    let built_in = parse(&GOOD.replacen("/dev/ttyUSB0", "/dev/ttyS0", 1)).unwrap();
    assert_eq!(built_in.lines[0].timing.inter_character_ms, 20);
    let said = GOOD.replacen(
        "baud = 115200",
        "inter_character = \"30ms\"\nturnaround = \"2ms\"",
        1,
    );
    let timing = parse(&said).unwrap().lines[0].timing;
    assert_eq!((timing.inter_character_ms, timing.turnaround_ms), (30, 2));
}

#[test]
fn direction_control_is_a_word_or_a_table() {
    let rs485 = |text: &str| {
        let line = format!("baud = 115200\nrs485 = {text}");
        parse(&GOOD.replacen("baud = 115200", &line, 1)).map(|config| config.lines[0].rs485)
    };
    assert_eq!(rs485("false").unwrap(), None);
    assert!(rs485("true").unwrap().unwrap().rts_on_send);
    let table = rs485("{ rts_on_send = false, delay_after_ms = 1 }")
        .unwrap()
        .unwrap();
    assert_eq!((table.rts_on_send, table.delay_after_ms), (false, 1));
    let long = rs485("{ delay_before_ms = 21 }").unwrap_err().to_string();
    assert!(
        long.starts_with("house.toml:12: line \"north\": rs485: delays are 0 to 20 ms"),
        "{long}"
    );
}

#[test]
fn a_pattern_is_described_whole_and_in_the_words_of_readers() {
    let with = |pattern: &str| parse(&format!("{GOOD}\n[feedback]\n{pattern}\n"));
    let config = with("granted = { light = \"blue\", for = \"1s\", text = \"Hei\" }").unwrap();
    let granted = &config.feedback.granted;
    assert_eq!(granted.light.unwrap().time_100ms, 10);
    assert!(granted.sound.is_none() && granted.text.is_some());
    assert_eq!(
        config.feedback.denied,
        reader_bus::Feedback::default().denied
    );
    for (pattern, wrong) in [
        (
            "granted = { light = \"pink\" }",
            "[feedback] granted: light = \"pink\" is no colour of a reader",
        ),
        (
            "denied = { beeps = 11 }",
            "[feedback] denied: beeps = 11 is out of range; write 0 to 10",
        ),
        (
            "wait = { text = \"Vær så god\" }",
            "[feedback] wait: text is 1 to 32 plain characters",
        ),
        (
            "second-card = { for = \"2h\" }",
            "[feedback] second-card: for = \"2h\" is out of range",
        ),
    ] {
        let said = with(pattern).unwrap_err().to_string();
        assert!(said.contains(wrong), "{said}");
    }
}
