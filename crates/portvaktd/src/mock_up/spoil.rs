//! Spoil: one field of a request made wrong, in every way that somebody mistypes it, means harm, or writes a broken client.

use std::sync::LazyLock;

use serde_json::{Value, json};

/// One way to spoil a field.
#[derive(Clone, Debug)]
pub(crate) struct Spoilt {
    /// Where, and how.
    pub(crate) told: String,
    /// What is then sent as the request.
    pub(crate) octets: Vec<u8>,
    /// What no request of sense has there.
    pub(crate) must_be_refused: bool,
}

impl Spoilt {
    /// The field, by its path.
    pub(crate) fn field(&self) -> &str {
        self.told.split(' ').next().unwrap_or_default()
    }
}

/// Every field of a request, spoilt in every way.
pub(crate) fn every_way(request: &Value) -> Vec<Spoilt> {
    let mut all = Vec::new();
    for path in paths(request) {
        let found = request.pointer(&path).unwrap();
        let is_tag = path.ends_with("/verb") || path.ends_with("/act");
        let as_it_is = found.to_string();
        let ways = spoilt_values(found).into_iter();
        for (how, octets, sure) in ways.filter(|way| way.1 != as_it_is.as_bytes()) {
            all.push(Spoilt {
                told: format!("{path} {how}"),
                octets: written(request, &path, &octets),
                must_be_refused: sure || is_tag,
            });
        }
    }
    all.extend(structures(request));
    all
}

/// One way of each field, or of every n-th; another one each time, as `turn` counts them.
pub(crate) fn one_of_each_field<'w>(
    ways: &'w [Spoilt],
    turn: &mut usize,
    every: usize,
) -> Vec<&'w Spoilt> {
    let fields = ways.chunk_by(|one, other| one.field() == other.field());
    let chosen = fields.filter_map(|of_field| {
        *turn += 1;
        let is_asked = turn.is_multiple_of(every);
        is_asked.then(|| &of_field[*turn % of_field.len()])
    });
    chosen.collect()
}

/// Where a field or an item is, of every one; not the request itself.
fn paths(request: &Value) -> Vec<String> {
    fn visit(at: &str, value: &Value, all: &mut Vec<String>) {
        if !at.is_empty() {
            all.push(at.to_owned());
        }
        if let Some(fields) = value.as_object() {
            for (key, field) in fields {
                visit(&format!("{at}/{key}"), field, all);
            }
        } else if let Some(items) = value.as_array() {
            for (index, item) in items.iter().enumerate() {
                visit(&format!("{at}/{index}"), item, all);
            }
        }
    }
    let mut all = Vec::new();
    visit("", request, &mut all);
    all
}

/// The request with these octets in place of a value.
fn written(request: &Value, path: &str, octets: &[u8]) -> Vec<u8> {
    let mut marked = request.clone();
    *marked.pointer_mut(path).unwrap() = json!(MARK);
    let text = marked.to_string();
    let (before, after) = text.split_once(&format!("\"{MARK}\"")).unwrap();
    [before.as_bytes(), octets, after.as_bytes()].concat()
}

type Way = (String, Vec<u8>, bool);

/// What may stand there instead, how it is called, and whether nothing of the kind is ever right.
fn spoilt_values(found: &Value) -> Vec<Way> {
    let mut all: Vec<Way> = Vec::new();
    let mut add =
        |how: &str, octets: &[u8], sure| all.push((how.to_owned(), octets.to_vec(), sure));
    match found {
        Value::String(_) => all.extend_from_slice(&TEXTS),
        Value::Number(_) => numbers(&mut add),
        Value::Bool(_) => {
            for other in ["1", "0", "\"true\"", "[]", "{}"] {
                add(other, other.as_bytes(), true);
            }
        }
        Value::Array(items) => {
            for other in ["{}", "\"x\"", "7"] {
                add(other, other.as_bytes(), true);
            }
            add("empty", b"[]", false);
            if let Some(item) = items.first() {
                add(
                    "twice the same",
                    json!([item, item]).to_string().as_bytes(),
                    false,
                );
                let fit = FAR / (item.to_string().len() + 1);
                add(
                    "as many as a frame holds",
                    json!(vec![item; fit]).to_string().as_bytes(),
                    false,
                );
            }
        }
        Value::Object(_) => {
            for other in ["[]", "\"x\"", "7", "{}"] {
                add(other, other.as_bytes(), true);
            }
        }
        Value::Null => {}
    }
    all
}

/// What may stand instead of a text. Some of it is long, and there are many texts.
static TEXTS: LazyLock<Vec<Way>> = LazyLock::new(|| {
    let mut all: Vec<Way> = Vec::new();
    texts(&mut |how, octets, sure| all.push((how.to_owned(), octets.to_vec(), sure)));
    all
});

fn texts(add: &mut impl FnMut(&str, &[u8], bool)) {
    for (how, text) in [
        ("empty", ""),
        ("blank", "   "),
        ("NUL", "a\0Zq7"),
        ("line feed", "a\nZq7"),
        ("carriage return", "a\rZq7"),
        ("tab", "a\tZq7"),
        ("escape", "a\u{1b}[2JZq7"),
        ("delete", "a\u{7f}Zq7"),
        ("next line", "a\u{85}Zq7"),
        ("line separator", "a\u{2028}Zq7"),
        ("right-to-left override", "a\u{202e}Zq7"),
        ("isolate", "a\u{2066}Zq7"),
        ("zero-width space", "a\u{200b}Zq7"),
        ("zero-width joiner", "a\u{200d}Zq7"),
        ("byte order mark", "\u{feff}Zq7"),
        ("soft hyphen", "a\u{ad}Zq7"),
        ("tag character", "a\u{e0041}Zq7"),
        ("nothing but zero width", "\u{200b}"),
    ] {
        add(how, json!(text).to_string().as_bytes(), true);
    }
    add(
        "2,000 octets",
        json!("Zq7".repeat(700)).to_string().as_bytes(),
        true,
    );
    add(
        "60,000 octets",
        json!("Zq7".repeat(20_000)).to_string().as_bytes(),
        true,
    );
    add("not UTF-8", b"\"a\xff\xfeZq7\"", true);
    add("half a surrogate", br#""a\ud800Zq7""#, true);
    add("overlong", b"\"a\xc0\xafZq7\"", true);
    for other in ["7", "-1", "true", "[]", "{}", "[\"x\"]"] {
        add(other, other.as_bytes(), true);
    }
    for text in [
        " Zq7",
        "Zq7 ",
        "-1",
        "1970-01-01T00:00:00Z",
        "9999-12-31T23:59:59.999999Z",
        "-009999-01-01T00:00:00Z",
        "2026-02-30T00:00:00Z",
        "2026-12-24T25:00:00Z",
        "9223372036854775807",
        "NaN",
        "../../etc/passwd",
        "'; DROP TABLE issuance; --",
        "{\"verb\":\"status\"}",
        "%n%s",
        "Æøå Zq7",
        "Zq7",
    ] {
        add(text, json!(text).to_string().as_bytes(), false);
    }
}

fn numbers(add: &mut impl FnMut(&str, &[u8], bool)) {
    for other in [
        "-1",
        "1.5",
        "1e400",
        "-0.5",
        "18446744073709551616",
        "99999999999999999999999999",
        "\"7\"",
        "true",
        "[]",
        "{}",
        "NaN",
        "0x10",
        "+1",
        "01",
    ] {
        add(other, other.as_bytes(), true);
    }
    for other in [
        "0",
        "255",
        "256",
        "65535",
        "65536",
        "4294967295",
        "4294967296",
        "9223372036854775807",
        "9223372036854775808",
        "18446744073709551615",
    ] {
        add(other, other.as_bytes(), false);
    }
}

/// Fields that are missing, doubled or unknown.
fn structures(request: &Value) -> Vec<Spoilt> {
    let mut all = Vec::new();
    let holders = paths(request).into_iter().chain([String::new()]);
    for holder in holders {
        let Some(fields) = request.pointer(&holder).and_then(Value::as_object) else {
            continue;
        };
        for (key, value) in fields {
            let mut without = request.clone();
            let holding = without
                .pointer_mut(&holder)
                .unwrap()
                .as_object_mut()
                .unwrap();
            holding.remove(key);
            all.push(Spoilt {
                told: format!("{holder}/{key} missing"),
                octets: without.to_string().into_bytes(),
                must_be_refused: false,
            });
            let once = json!({key:value}).to_string();
            all.push(with_more(
                request,
                &holder,
                &once,
                &format!("{key} doubled"),
            ));
        }
        all.push(with_more(
            request,
            &holder,
            "{\"zq7\":1}",
            "an unknown field",
        ));
    }
    all
}

/// The request with further fields at the end of an object.
fn with_more(request: &Value, holder: &str, more: &str, how: &str) -> Spoilt {
    let fields = request.pointer(holder).unwrap().to_string();
    let fields = fields.strip_suffix('}').unwrap();
    let comma = if fields.len() > 1 { "," } else { "" };
    let octets = format!("{fields}{comma}{}", more.strip_prefix('{').unwrap());
    Spoilt {
        told: format!("{holder} {how}"),
        octets: if holder.is_empty() {
            octets.into_bytes()
        } else {
            written(request, holder, octets.as_bytes())
        },
        must_be_refused: true,
    }
}

/// Stands where octets are put that no value can hold.
const MARK: &str = "the mark of a spoilt field";
/// Octets that a frame holds beside the rest of a request.
const FAR: usize = 60_000;
