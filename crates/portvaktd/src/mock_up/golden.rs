//! Golden: every request as the control crate freezes it.

use serde_json::Value;

/// All of them, in the order of the file.
pub(crate) fn golden() -> Vec<Value> {
    let file = include_str!("../../../control/src/request/tests.rs");
    let (_, list) = file.split_once("GOLDEN: &[&str] = &[").unwrap();
    let (list, _) = list.split_once("\n];").unwrap();
    let lines = list.lines().map(str::trim);
    let written = lines.filter_map(|line| line.strip_prefix("r#\"")?.strip_suffix("\"#,"));
    let all: Vec<Value> = written
        .map(|text| serde_json::from_str(text).unwrap())
        .collect();
    assert_eq!(all.len(), list.matches("\n    r#").count());
    all
}

/// What a request is called: its verb, and its act if it has one.
pub(crate) fn named(request: &Value) -> String {
    let verb = request["verb"].as_str().unwrap();
    match request["act"].as_str() {
        Some(act) => format!("{verb}/{act}"),
        None => verb.to_owned(),
    }
}
