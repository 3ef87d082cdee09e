//! What is taken for a witness, and what not.

use super::*;

const WITNESS: &str = r#"
[[witness]]
name = "auditor"
url = "https://witness.example/1"
key = "KEY"
"#;

fn key(seed: u8) -> String {
    let cosigner = event_log::Cosigner::new("witness.example/1", &[seed; 32]).unwrap();
    cosigner.verifier().to_string()
}

fn with(tables: &str) -> Result<Config, ConfigError> {
    parse(&format!("{GOOD}{tables}"))
}

#[test]
fn witnesses_are_taken_in_their_order() {
    let first = WITNESS.replace("KEY", &key(1));
    let second = WITNESS
        .replace("KEY", &key(2))
        .replace("auditor", "neighbour")
        .replace("https", "http");
    let config = with(&(first + &second)).unwrap();
    let names: Vec<&str> = config
        .witnesses
        .iter()
        .map(|witness| witness.name.as_str())
        .collect();
    assert_eq!(names, ["auditor", "neighbour"]);
    assert_eq!(config.witnesses[0].key.to_string(), key(1));
    assert!(parse(GOOD).unwrap().witnesses.is_empty());
}

#[test]
fn what_is_wrong_with_a_witness_is_said() {
    let good = WITNESS.replace("KEY", &key(1));
    let twice = good.clone() + &good.replace("auditor", "other");
    for (table, said) in [
        (
            good.replace("name = \"auditor\"", ""),
            "[[witness]] is not complete",
        ),
        (good.replace("url =", "uri ="), "unknown key `uri`"),
        (
            good.replace("https://", "ftp://"),
            "is no address of a witness",
        ),
        (
            good.replace("example/1\"", "example/?q\""),
            "is no address of a witness",
        ),
        (WITNESS.to_owned(), "this is no verifier key"),
        (good.replace("+B", "+A"), "witness \"auditor\": "),
        (good.clone() + &good, "is already defined in line"),
        (twice, "this is the key of witness \"auditor\""),
    ] {
        let error = with(&table).unwrap_err().to_string();
        assert!(error.contains(said), "{said}: {error}");
    }
}
