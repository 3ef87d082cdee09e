//! What the configuration refuses, line by line, and what it takes.

mod adapter;
mod door;
mod place;
mod wiegand;
mod witness;

use super::*;

/// A house that is right; each case breaks one thing in it.
const GOOD: &str = r#"[site]
name = "Kommunenes Hus"
origin = "kommuneneshus.example/portvakt"
time_zone = "Europe/Oslo"
data_dir = "/var/lib/portvakt"

[[line]]
name = "north"
device = "/dev/ttyUSB0"
protocol = "osdp"
baud = 115200

[[line]]
name = "yard"
device = "/dev/ttyUSB1"
protocol = "wiegand-ascii"

[[reader]]
name = "main-in"
line = "north"
address = 0
format = "H10301"

[[reader]]
name = "main-out"
line = "north"
address = 1
format = ["H10301", "raw"]

[[reader]]
name = "gate"
line = "yard"
secure = false
format = "raw"

[[door]]
name = "main"
entry = "main-in"
exit = "main-out"
strike = { reader = "main-in", output = 0 }
open_for = "5s"
contact = { reader = "main-in", input = 0 }
class = "strict"

[[door]]
name = "gate"
entry = "gate"
strike = { reader = "main-out", output = 0 }
"#;

/// (what is replaced, by what, the one line that must come)
const REFUSED: &[(&str, &str, &str)] = &[
    (
        "baud = 115200",
        "baude = 115200",
        "house.toml:11: unknown key `baude`, expected one of `name`, `device`, `protocol`, `baud`, `reply_timeout`, `inter_character`, `grant_hold`, `turnaround`, `rs485`, `carriage`, `pattern`, `bits`, `parity`, `repeat_window`, `registers`",
    ),
    (
        "baud = 115200",
        "baud = 1200",
        "house.toml:11: line \"north\": baud = 1200 is not a rate of this bus; use one of 9600, 19200, 38400, 57600, 115200, 230400, 460800, 921600",
    ),
    (
        "baud = 115200",
        "reply_timeout = \"5s\"",
        "house.toml:11: line \"north\": reply_timeout = \"5s\" is out of range; write 1ms to 200ms",
    ),
    (
        "/dev/ttyUSB1",
        "/dev/ttyUSB0",
        "house.toml:15: line \"yard\": device /dev/ttyUSB0 already belongs to line \"north\" (line 8)",
    ),
    (
        "/dev/ttyUSB1",
        "ttyUSB1",
        "house.toml:15: line \"yard\": device \"ttyUSB1\" is not an absolute path; write /dev/…",
    ),
    (
        "name = \"yard\"",
        "name = \"north\"",
        "house.toml:14: line \"north\" is already defined in line 8; give each a name of its own",
    ),
    (
        "name = \"main-out\"",
        "name = \"main-in\"",
        "house.toml:25: reader \"main-in\" is already defined in line 19; give each a name of its own",
    ),
    (
        "name = \"gate\"\nentry",
        "name = \"main\"\nentry",
        "house.toml:46: door \"main\" is already defined in line 37; give each a name of its own",
    ),
    (
        "address = 1",
        "address = 0",
        "house.toml:27: reader \"main-out\": address 0 is already used on this line by reader \"main-in\" (line 19); 1 is free",
    ),
    (
        "address = 1",
        "address = 127",
        "house.toml:27: reader \"main-out\": address 127 is out of range; write 0 to 126",
    ),
    (
        "line = \"north\"\naddress = 1",
        "line = \"nort\"\naddress = 1",
        "house.toml:26: reader \"main-out\": line \"nort\" is not defined; defined are \"north\", \"yard\"",
    ),
    (
        "line = \"north\"\naddress = 1",
        "address = 1",
        "house.toml:24: reader \"main-out\" is not complete; write line = \"NAME\", one of the [[line]] tables",
    ),
    (
        "secure = false",
        "",
        "house.toml:30: reader \"gate\": a Wiegand reader cannot be secure; write secure = false to accept that",
    ),
    (
        "secure = false",
        "secure = false\naddress = 3",
        "house.toml:34: reader \"gate\": a wiegand-ascii line has no addresses; remove it",
    ),
    (
        "entry = \"gate\"",
        "",
        "house.toml:45: door \"gate\" is not complete; write entry = \"READER\", the reader outside it",
    ),
    (
        "entry = \"gate\"",
        "entry = []",
        "house.toml:47: door \"gate\" is without a reader; name at least one",
    ),
    (
        "entry = \"gate\"",
        "entry = \"main-in\"",
        "house.toml:47: reader \"main-in\" already asks for door \"main\"; a reader asks for one door",
    ),
    (
        "entry = \"gate\"",
        "entry = \"garage\"",
        "house.toml:47: door \"gate\": reader \"garage\" is not defined; defined are \"main-in\", \"main-out\", \"gate\"",
    ),
    (
        "strike = { reader = \"main-out\", output = 0 }",
        "",
        "house.toml:45: door \"gate\" is not complete; write strike = { reader = \"READER\", output = 0 }",
    ),
    (
        "{ reader = \"main-out\", output = 0 }",
        "{ reader = \"main-in\", output = 0 }",
        "house.toml:48: door \"gate\": strike: this output already opens door \"main\" (line 37); wire each door to its own",
    ),
    (
        "{ reader = \"main-out\", output = 0 }",
        "{ reader = \"gate\", output = 0 }",
        "house.toml:48: door \"gate\": strike: Wiegand reader \"gate\" has no outputs; name an OSDP reader",
    ),
    (
        "{ reader = \"main-out\", output = 0 }",
        "{ modbus-coil = 3, line = \"relays\" }",
        "house.toml:48: door \"gate\": strike: line \"relays\" is not defined; defined are \"north\", \"yard\"",
    ),
    (
        "{ reader = \"main-out\", output = 0 }",
        "{ reader = \"main-out\", output = 0, fail = \"soft\" }",
        "house.toml:48: door \"gate\": strike: fail \"soft\" is unknown; write \"secure\" or \"safe\"",
    ),
    (
        "{ reader = \"main-out\", output = 0 }",
        "{ reader = \"main-out\", output = 256 }",
        "house.toml:48: door \"gate\": strike: output 256 is out of range; write 0 to 255",
    ),
    (
        "entry = \"gate\"",
        "entry = \"gate\"\nclass = \"strict\"",
        "house.toml:48: door \"gate\": class \"strict\" does not trust Wiegand reader \"gate\" without a PIN; write level = \"limited\", or use an OSDP reader or class \"standard\"",
    ),
    (
        "class = \"strict\"",
        "class = \"lax\"",
        "house.toml:43: door \"main\": class \"lax\" is unknown; write \"standard\" or \"strict\"",
    ),
    (
        "class = \"strict\"",
        "mode = \"pin\"",
        "house.toml:43: door \"main\": mode \"pin\" is unknown; write \"locked\", \"card\", \"card+pin\", \"card-or-pin\" or \"unlocked\"",
    ),
    (
        "open_for = \"5s\"",
        "open_for = \"5 bananas\"",
        "house.toml:41: door \"main\": open_for = \"5 bananas\" is not a duration; write it as \"5s\"",
    ),
    (
        "open_for = \"5s\"",
        "open_for = \"250ms\"",
        "house.toml:41: door \"main\": open_for = \"250ms\" is finer than a reader counts; write tenths of a second",
    ),
    (
        "Europe/Oslo",
        "Europe/Olso",
        "house.toml:4: [site]: time_zone \"Europe/Olso\" is not in the IANA database; write \"Europe/Oslo\"",
    ),
    (
        "data_dir = \"/var/lib/portvakt\"",
        "data_dir = \"var\"",
        "house.toml:5: [site]: \"var\" is not an absolute path; write data_dir = \"/var/lib/portvakt\"",
    ),
    (
        "data_dir = \"/var/lib/portvakt\"",
        "data_dir = \"/var/lib/portvakt\"\nworking_day_ends = \"4 pm\"",
        "house.toml:6: [site]: working_day_ends = \"4 pm\" is not a time of day; write \"16:00\"",
    ),
    (
        "[[line]]\nname = \"north\"",
        "[keys]\nsealed_by = \"credential\"\n[[line]]\nname = \"north\"",
        "house.toml:8: sealed_by = \"credential\" is not supported by this version; write \"file\"",
    ),
    (
        "[[line]]\nname = \"north\"",
        "[[schedule]]\nname = \"day\"\n[[line]]\nname = \"north\"",
        "house.toml:7: \"schedule\" is not supported by this version; remove it",
    ),
];

fn parse(text: &str) -> Result<Config, ConfigError> {
    Config::parse(Path::new("house.toml"), text)
}

#[test]
fn a_right_file_is_taken_whole() {
    let config = parse(GOOD).unwrap();
    assert_eq!(
        (config.lines.len(), config.readers.len(), config.doors.len()),
        (2, 3, 2)
    );
    assert_eq!(config.doors[0].readers, [0, 1]);
    assert_eq!(config.doors[0].class, DoorClass::Strict);
    assert_eq!(config.lines[1].baud, 9_600);
    assert_eq!(
        config.section.socket,
        Path::new("/run/portvakt/control.sock")
    );
}

#[test]
fn every_refusal_is_one_line_with_its_place() {
    let said = REFUSED.iter().map(|(old, new, _)| {
        assert!(GOOD.contains(old), "{old}");
        parse(&GOOD.replacen(old, new, 1)).unwrap_err().to_string()
    });
    let expected = REFUSED.iter().map(|(.., line)| (*line).to_owned());
    assert_eq!(said.collect::<Vec<_>>(), expected.collect::<Vec<_>>());
}

#[test]
fn what_a_finding_quotes_breaks_no_line_and_moves_no_cursor() {
    let text = GOOD.replacen("name = \"main-in\"", "name = \"a\\nb\\u001b[2J\"", 1);
    let error = parse(&text).unwrap_err().to_string();
    assert!(!error.lines().next().unwrap().contains(char::is_control));
    assert!(error.contains("\"a\\nb\\u{1b}[2J\""), "{error}");
}

#[test]
fn an_unknown_format_lists_those_there_are() {
    let error = parse(&GOOD.replacen("format = \"H10301\"", "format = \"H99999\"", 1)).unwrap_err();
    let line = "house.toml:22: reader \"main-in\": card format \"H99999\" is not known; known are raw, H10301";
    assert!(error.to_string().starts_with(line), "{error}");
}

#[test]
fn several_things_wrong_are_several_lines_in_order() {
    let text = GOOD
        .replace("class = \"strict\"", "class = \"lax\"")
        .replace("\"5s\"", "\"5 h\"");
    let error = parse(&text).unwrap_err().to_string();
    let lines: Vec<&str> = error.lines().collect();
    assert!(
        lines[0].starts_with("house.toml:41: ") && lines[1].starts_with("house.toml:43: "),
        "{error}"
    );
}

#[test]
fn an_empty_file_says_what_is_needed() {
    let error = parse("").unwrap_err().to_string();
    assert!(
        error.contains("there is no [site]") && error.contains("there is no [[line]]"),
        "{error}"
    );
}

#[test]
fn every_file_under_config_passes() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../config");
    let files = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let tables: Vec<_> = files
        .filter(|file| file.extension().is_some_and(|end| end == "toml"))
        .collect();
    assert!(!tables.is_empty());
    for file in tables {
        Config::load(&file).unwrap_or_else(|error| panic!("{error}"));
    }
}
