//! Values that are looked at only when a verb runs: an exit code of 2, one line, nothing of what may be a person's, and nothing asked
//! of the daemon but its greeting.

use control::Reply;

use super::fake_daemon::FakeDaemon;

const ISSUE: &str = "card issue --kind supplier --name Kari --firm F --mobile 1 --contact Ola --tenant T --door main --identified-by p";

#[test]
fn a_value_that_cannot_be_read_is_a_usage_error_in_one_line_and_asks_for_nothing() {
    let daemon = FakeDaemon::start(|_, _| vec![Reply::End { rows: 0 }]);
    let until = format!("{ISSUE} --until Zq7");
    let number = format!("{ISSUE} --until +1d --number Zq7 --format H10301");
    let raw = format!("{ISSUE} --until +1d --raw Zq7 --bits 26");
    let wrong = [
        until.as_str(),
        &number,
        &raw,
        "card list --due Zq7",
        "card change P-3F7K2Q --until Zq7",
        "card change P-3F7K2Q --from Zq7",
        "log show --since Zq7",
        "log show --until Zq7",
        "charge list --since Zq7",
        "charge list --until Zq7",
        "right grant P-3F7K2Q --door main --until Zq7 --reason r",
        "door mode main locked --until Zq7",
        "operator training rita --until Zq7",
        "why P-3F7K2Q main --at Zq7",
    ];
    for line in wrong {
        let arguments: Vec<&str> = line.split(' ').collect();
        let ran = daemon.run(&arguments);
        assert_eq!(ran.code, 2, "{line}: {}{}", ran.out, ran.err);
        assert_eq!(ran.out, "", "{line}");
        let lines = ran.err.lines().count();
        assert!(
            lines == 1 || ran.err.contains("--help"),
            "{line}: {}",
            ran.err
        );
        for private in ["Kari", "Ola"] {
            assert!(!ran.err.contains(private), "{line}: {}", ran.err);
        }
    }
    assert_eq!(daemon.asked(), [""; 0]);
}
