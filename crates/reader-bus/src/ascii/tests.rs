//! What a pushed line makes of octets.

use proptest::prelude::*;

use super::*;

fn at(ms: u64) -> Uptime {
    Uptime::from_micros(ms * 1_000)
}

fn line() -> AsciiLine {
    let mut line = AsciiLine::new(AsciiConfig::default()).unwrap();
    line.line_up(at(0));
    assert!(matches!(
        line.poll_event(),
        Some(BusEvent::Online { secure: false, .. })
    ));
    line
}

fn told(line: &mut AsciiLine) -> Vec<(Vec<u8>, u16)> {
    std::iter::from_fn(|| line.poll_event())
        .map(|event| {
            if let BusEvent::Card {
                bits,
                bit_count,
                live: true,
                ..
            } = event
            {
                (bits.as_slice().to_vec(), bit_count)
            } else if let BusEvent::Keys {
                keys, live: true, ..
            } = event
            {
                (keys.as_slice().to_vec(), 0)
            } else {
                panic!("{event:?}")
            }
        })
        .collect()
}

#[test]
fn six_digits_are_the_26_bits_they_came_from() {
    let mut line = line();
    // H10301, facility 1, number 12345.
    line.handle_bytes(b"013039\r", at(5));
    assert_eq!(told(&mut line), [(vec![0x80, 0x98, 0x1C, 0xC0], 26)]);
}

#[test]
fn ten_digits_are_32_bits_and_no_more() {
    let mut line = line();
    line.handle_bytes(b"4294967295\r\n0000000258\r\n4294967296\r\n", at(5));
    assert_eq!(
        told(&mut line),
        [(vec![0xFF; 4], 32), (vec![0, 0, 1, 2], 32)]
    );
    assert_eq!(line.line_stats().scan.noise_octets, 11);
}

#[test]
fn a_card_held_to_the_reader_is_one_card() {
    let mut line = line();
    for ms in (0..3_000).step_by(50) {
        line.handle_bytes(b"013039\r", at(ms));
    }
    assert_eq!(told(&mut line).len(), 1);
    line.handle_bytes(b"013039\r", at(3_940));
    assert_eq!(
        told(&mut line).len(),
        0,
        "still within the window of the last"
    );
    line.handle_bytes(b"013040\r", at(3_960));
    line.handle_bytes(b"013039\r", at(3_970));
    assert_eq!(told(&mut line).len(), 2, "another card between them");
}

#[test]
fn a_lone_key_and_silence_is_a_key() {
    let mut line = line();
    line.handle_bytes(b"7", at(0));
    assert_eq!(line.poll_timeout(), Some(at(150)));
    line.handle_timeout(at(149));
    assert_eq!(told(&mut line), []);
    line.handle_timeout(at(150));
    assert_eq!(told(&mut line), [(b"7".to_vec(), 0)]);
    assert_eq!(line.poll_timeout(), None);
}

/// Also where no reading of the line begins with it.
#[test]
fn every_key_is_one_on_every_line() {
    for patterns in [AsciiConfig::default().patterns, vec![Pattern::stx_etx()]] {
        let mut line = line_of(patterns);
        for (octet, ms) in (0..=u8::MAX).zip((0_u64..).step_by(200)) {
            line.handle_bytes(&[octet], at(ms));
            line.handle_timeout(at(ms + 150));
        }
        let keys: Vec<u8> = told(&mut line)
            .into_iter()
            .flat_map(|(key, _)| key)
            .collect();
        assert_eq!(keys, b"#*0123456789");
    }
}

#[test]
fn keys_within_noise_and_noise_behind_keys_are_none() {
    for octets in ["##", "7#", "x#", "#7", "#x", "0130#", "#013039\r"] {
        let mut line = line();
        line.handle_bytes(octets.as_bytes(), at(0));
        line.handle_timeout(at(150));
        assert_eq!(told(&mut line), [], "{octets}");
        assert_eq!(line.poll_timeout(), None);
    }
}

#[test]
fn a_broken_reading_joins_nothing_that_comes_later() {
    let mut line = line();
    line.handle_bytes(b"013", at(0));
    line.handle_bytes(b"039\r", at(151));
    assert_eq!(told(&mut line), []);
    assert_eq!(line.line_stats().scan.noise_octets, 7);
}

#[test]
fn a_line_that_is_down_hears_nothing() {
    let mut line = line();
    line.handle_bytes(b"0130", at(0));
    line.line_down(at(1));
    line.handle_bytes(b"39\r", at(2));
    line.line_up(at(3));
    line.handle_bytes(b"39\r", at(4));
    let events: Vec<_> = std::iter::from_fn(|| line.poll_event()).collect();
    assert!(
        matches!(
            events[..],
            [BusEvent::Offline { .. }, BusEvent::Online { .. }]
        ),
        "{events:?}"
    );
}

fn line_of(patterns: Vec<Pattern>) -> AsciiLine {
    let config = AsciiConfig {
        patterns,
        ..AsciiConfig::default()
    };
    let mut line = AsciiLine::new(config).unwrap();
    line.line_up(at(0));
    line.poll_event();
    line
}

#[test]
fn a_tag_held_to_a_reader_with_start_and_end_marks_is_one_card() {
    let mut line = line_of(vec![Pattern::stx_etx()]);
    for ms in (0..1_000).step_by(50) {
        line.handle_bytes(b"\x0262E3086CED08\x03", at(ms));
    }
    let card = (vec![0x62, 0xE3, 0x08, 0x6C, 0xED], 40);
    assert_eq!(told(&mut line), [card]);
    // A wrong check, then a start mark in the middle of a broken reading, then line ends between readings.
    line.handle_bytes(b"\x0262E3086CED09\x03", at(5_000));
    assert_eq!(told(&mut line), []);
    line.handle_bytes(
        b"\x0262E3\x020101010101 01\x03\x02010101010101\x03\r\n",
        at(5_001),
    );
    assert_eq!(told(&mut line), [(vec![1, 1, 1, 1, 1], 40)]);
}

#[test]
fn no_part_of_a_longer_reading_is_a_shorter_one() {
    let mut line = line();
    line.handle_bytes(b"99999013039\r\n", at(1));
    assert_eq!(told(&mut line), []);
    assert_eq!(line.line_stats().scan.noise_octets, 12);
    line.handle_bytes(b"013039\r\n", at(2));
    assert_eq!(told(&mut line).len(), 1);
}

#[test]
fn a_house_may_describe_its_converter() {
    let own = Pattern::new("'ID=' dec:1-8 <0x3B>", Meaning::Bits(24)).unwrap();
    let mut line = line_of(vec![own]);
    line.handle_bytes(b"ID=258;ID=16777216;ID=7;", at(1));
    assert_eq!(told(&mut line), [(vec![0, 1, 2], 24), (vec![0, 0, 7], 24)]);
}

#[test]
fn a_line_without_a_pattern_is_refused() {
    let config = AsciiConfig {
        patterns: Vec::new(),
        ..AsciiConfig::default()
    };
    assert!(matches!(
        AsciiLine::new(config),
        Err(BusError::Patterns { actual: 0 })
    ));
}

#[test]
fn timing_out_of_range_is_refused() {
    let config = AsciiConfig {
        inter_character_ms: 0,
        ..AsciiConfig::default()
    };
    assert!(matches!(
        AsciiLine::new(config),
        Err(BusError::Timing { actual: 0, .. })
    ));
}

proptest! {
    #[test]
    fn any_octets_at_any_split_mean_the_same(octets in proptest::collection::vec(prop_oneof![
        any::<u8>(), prop::sample::select(b"0123456789abcdefABCDEF\r\n\x02\x03".to_vec()), Just(b'\r')], 0..300),
        cuts in proptest::collection::vec(1_usize..20, 1..40))
    {
        let mut whole = line();
        whole.handle_bytes(&octets, at(1));
        let mut split = line();
        let (mut rest, mut cuts) = (octets.as_slice(), cuts.iter().cycle());
        while !rest.is_empty() {
            let cut = (*cuts.next().unwrap()).min(rest.len());
            split.handle_bytes(&rest[..cut], at(1));
            rest = &rest[cut..];
        }
        prop_assert_eq!(told(&mut whole), told(&mut split));
        prop_assert_eq!(whole.line_stats(), split.line_stats());
        whole.handle_timeout(at(1_000));
        prop_assert!(whole.poll_timeout().is_none());
    }

    #[test]
    fn parity_is_put_back_as_it_was(data in 0_u32..1 << 24) {
        let mut line = line();
        line.handle_bytes(format!("{data:06X}\r").as_bytes(), at(1));
        let (bits, count) = told(&mut line).remove(0);
        let frame = u32::from_be_bytes(bits.try_into().unwrap());
        prop_assert_eq!((count, frame & 0x3F), (26, 0));
        prop_assert_eq!(frame >> 7 & 0xFF_FFFF, data);
        prop_assert_eq!((frame >> 19).count_ones() % 2, 0, "even over the first thirteen");
        prop_assert_eq!((frame >> 6 & 0x1FFF).count_ones() % 2, 1, "odd over the last thirteen");
    }
}
