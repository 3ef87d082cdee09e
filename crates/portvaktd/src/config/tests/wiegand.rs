//! Wiegand lines, pushed and polled, and card formats of the house's own.

use super::{GOOD, parse};

/// As [`REFUSED`], for what a Wiegand line and a format of one's own may say.
const REFUSED_WIEGAND: &[(&str, &str, &str)] = &[
    (
        "baud = 115200",
        "carriage = \"hex-cr\"",
        "house.toml:11: line \"north\": carriage is for protocol \"wiegand-ascii\" only; remove it",
    ),
    (
        "protocol = \"wiegand-ascii\"",
        "protocol = \"wiegand-ascii\"\ncarriage = \"morse\"",
        "house.toml:17: line \"yard\": carriage \"morse\" is unknown; use auto, hex-cr, decimal-cr, stx-etx or stx-cr, or write a pattern",
    ),
    (
        "protocol = \"wiegand-ascii\"",
        "protocol = \"wiegand-ascii\"\npattern = \"<STX> hex:8\"",
        "house.toml:17: line \"yard\": pattern: a pattern ends with a mark, such as <CR> or <ETX>",
    ),
    (
        "protocol = \"wiegand-ascii\"",
        "protocol = \"wiegand-ascii\"\npattern = \"dec:8 <CR>\"",
        "house.toml:17: line \"yard\": pattern: decimal digits need bits = N, the bits of the number they write",
    ),
    (
        "secure = false",
        "secure = false\nkeypad = \"phone\"",
        "house.toml:34: reader \"gate\": keypad \"phone\" is unknown; write \"4-bit\", \"8-bit\" or \"none\" (keys that come as text or in OSDP's own message need nothing)",
    ),
    (
        "[[line]]\nname = \"north\"",
        "[[format]]\nname = \"YARD\"\nbits = 8\nnumber = \"1-8\"\n[[line]]\nname = \"north\"",
        "house.toml:7: format \"YARD\": number: bits 1-8 are not a range of a card of 8 bits, which are 0-7",
    ),
    (
        "[[line]]\nname = \"north\"",
        "[[format]]\nname = \"YARD\"\nbits = 8\nnumber = \"all\"\n[[line]]\nname = \"north\"",
        "house.toml:10: format \"YARD\": number = \"all\" is no range of bits; write the first and the last, as in \"1-8\"",
    ),
    (
        "[[line]]\nname = \"north\"",
        "[[format]]\nname = \"YARD\"\nbits = 8\nnumber = \"1-7\"\nparity = [{ even = 0 }]\n[[line]]\nname = \"north\"",
        "house.toml:11: format \"YARD\": a parity bit is { even = 0, over = \"1-12\" }, { odd = 25, over = \"13-24\" }, { one = 3 } or { zero = 3 }",
    ),
];

/// As [`REFUSED`], for a Modbus line in the place of the Wiegand line.
const REFUSED_MODBUS: &[(&str, &str, &str)] = &[
    (
        "address = 3",
        "address = 0",
        "house.toml:34: reader \"gate\": address 0 is out of range; write 1 to 247",
    ),
    (
        "modbus-coil = 2",
        "modbus-coil = 300",
        "house.toml:49: door \"gate\": strike: modbus-coil is 0 to 255",
    ),
    (
        "unit = 9",
        "unit = 248",
        "house.toml:49: door \"gate\": strike: unit is the board's id, 1 to 247",
    ),
    (
        "line = \"yard\", unit",
        "line = \"north\", unit",
        "house.toml:49: door \"gate\": strike: a modbus-coil is on a line of protocol \"wiegand-modbus\"",
    ),
    (
        "modbus-coil = 2, line",
        "reader = \"main-in\", modbus-coil = 2, line",
        "house.toml:49: door \"gate\": strike: a strike is either a reader's output or a modbus-coil; keep one",
    ),
    (
        "timed = false }",
        "timed = false, fail = \"safe\" }",
        "house.toml:49: door \"gate\": strike: a modbus-coil is off whenever nothing is asked of it, which would release this door; wire it so that it releases while it is on, or use a reader's output",
    ),
    (
        "timed = false }",
        "timed = false, active = \"low\" }",
        "house.toml:49: door \"gate\": strike: a modbus-coil is off whenever nothing is asked of it, which would release this door; wire it so that it releases while it is on, or use a reader's output",
    ),
    (
        "entry = \"gate\"",
        "entry = \"gate\"\nmode = \"card+pin\"",
        "house.toml:49: door \"gate\": a PIN is wanted at reader \"gate\", which has no keys; write keypad = \"4-bit\" or \"8-bit\" there, or key_sequence and key in its registers",
    ),
    (
        "entry = \"gate\"",
        "entry = \"gate\"\nmode = \"card-or-pin\"",
        "house.toml:49: door \"gate\": a PIN is wanted at reader \"gate\", which has no keys; write keypad = \"4-bit\" or \"8-bit\" there, or key_sequence and key in its registers",
    ),
    (
        "entry = \"gate\"",
        "entry = \"gate\"\nlevel = \"limited\"",
        "house.toml:49: door \"gate\": a PIN is wanted at reader \"gate\", which has no keys; write keypad = \"4-bit\" or \"8-bit\" there, or key_sequence and key in its registers",
    ),
    (
        "address = 3",
        "address = 3\nregisters = { table = \"coils\" }",
        "house.toml:35: reader \"gate\": registers: table is \"input\" or \"holding\"",
    ),
    (
        "entry = \"gate\"",
        "entry = \"gate\"\nclass = \"strict\"",
        "house.toml:49: door \"gate\": class \"strict\" does not trust Wiegand reader \"gate\" without a PIN; write level = \"limited\", or use an OSDP reader or class \"standard\"",
    ),
];

/// [`GOOD`] with the Wiegand line spoken to in Modbus, and a relay on it.
fn modbus() -> String {
    GOOD.replacen("wiegand-ascii", "wiegand-modbus", 1)
        .replacen("secure = false", "secure = false\naddress = 3", 1)
        .replacen(
            "strike = { reader = \"main-out\", output = 0 }",
            "strike = { modbus-coil = 2, line = \"yard\", unit = 9, timed = false }",
            1,
        )
}

#[test]
fn every_refusal_on_a_wiegand_line_is_one_line_with_its_place() {
    for (old, new, line) in REFUSED_WIEGAND {
        assert!(GOOD.contains(old), "{old}");
        let said = parse(&GOOD.replacen(old, new, 1)).unwrap_err();
        assert_eq!(said.to_string(), *line);
    }
}

#[test]
fn a_house_may_describe_its_converter_its_keypad_and_its_cards() {
    let own = "[[format]]\nname = \"YARD-34\"\nbits = 34\nfacility = \"1-8\"\nnumber = \"9-32\"\n\
               parity = [{ even = 0, over = \"1-32\", taking = [2, 3] }, { odd = 33, over = \"0-32\" }]\n[[line]]\nname = \"north\"";
    let text = GOOD
        .replacen("[[line]]\nname = \"north\"", own, 1)
        .replacen("format = \"raw\"", "format = \"YARD-34\"\nkeypad = \"4-bit\"", 1)
        .replacen(
            "protocol = \"wiegand-ascii\"",
            "protocol = \"wiegand-ascii\"\npattern = \"'#' hex:8 xor <CR>\"\nparity = \"stripped\"\nrepeat_window = \"2s\"",
            1,
        );
    let config = parse(&text).unwrap();
    assert_eq!(config.lines[1].carriage.repeat_window_ms, 2_000);
    assert_eq!(config.lines[1].carriage.patterns.len(), 1);
    assert_eq!(config.readers[2].keypad, reader_bus::Keypad::FourBits);
    assert!(
        config
            .layouts()
            .any(|layout| layout.name().as_str() == "YARD-34")
    );
}

#[test]
fn every_refusal_on_a_modbus_line_is_one_line_with_its_place() {
    let good = modbus();
    for (old, new, line) in REFUSED_MODBUS {
        assert!(good.contains(old), "{old}");
        let said = parse(&good.replacen(old, new, 1)).unwrap_err();
        assert_eq!(said.to_string(), *line);
    }
}

#[test]
fn a_relay_board_that_no_reader_names_is_called_after_its_line() {
    let config = parse(&modbus()).unwrap();
    let board = &config.readers[config.doors[1].strike.reader];
    assert_eq!((board.name.as_str(), board.address), ("yard-9", 9));
    assert_eq!(
        board.unit.coils,
        [reader_bus::Coil {
            number: 2,
            timed: false
        }]
    );
    assert!(board.unit.card.is_none() && config.readers[2].unit.card.is_some());
}

#[test]
fn a_unit_with_keys_takes_a_pin_and_a_relay_turned_round_twice_is_as_it_was() {
    let text = modbus().replacen(
        "entry = \"gate\"",
        "entry = \"gate\"\nmode = \"card+pin\"",
        1,
    );
    for keys in [
        "keypad = \"8-bit\"",
        "registers = { key_sequence = 6, key = 7 }",
    ] {
        let text = text.replacen("address = 3", &format!("address = 3\n{keys}"), 1);
        let text = text.replacen(
            "timed = false }",
            "timed = false, fail = \"safe\", active = \"low\" }",
            1,
        );
        let config = parse(&text).unwrap();
        assert_eq!(config.doors[1].rules.mode, access::DoorMode::CardAndPin);
        assert!(!config.doors[1].strike.inverted);
    }
}
