//! The whole command line as clap sees it.

use clap::Parser;

use crate::global::Global;
use crate::verb::Verb;

/// Issue cards, open doors, read and verify the log of a portvakt controller
///
/// Answers go to standard output, everything else to standard error. Exit codes: 0
/// done, 1 failed, 2 usage, 3 refused (role, rule, approval needed), 4 not found, 5
/// daemon not reachable, 6 verification failed.
#[derive(Debug, Parser)]
#[command(
    name = "portvakt",
    version,
    subcommand_required = true,
    arg_required_else_help = true,
    after_help = EXAMPLES
)]
pub(crate) struct Cli {
    /// Options of every verb.
    #[command(flatten)]
    pub(crate) global: Global,
    /// What to do.
    #[command(subcommand)]
    pub(crate) verb: Verb,
}

const EXAMPLES: &str = "\
Examples:
  portvakt status
  portvakt card list --state active
  portvakt --json log follow --door main";

#[cfg(test)]
mod tests {
    use clap::error::ErrorKind;
    use clap::{Command, CommandFactory};

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_help_has_an_example() {
        let mut silent = Vec::new();
        look_for_examples(&Cli::command(), String::new(), &mut silent);
        assert!(silent.is_empty(), "no example in the help of {silent:?}");
    }

    fn look_for_examples(command: &Command, before: String, silent: &mut Vec<String>) {
        let path = format!("{before} {}", command.get_name());
        let help = command
            .get_after_help()
            .map(ToString::to_string)
            .unwrap_or_default();
        if !help.contains("Example") || !help.contains("  portvakt ") {
            silent.push(path.clone());
        }
        for below in command.get_subcommands() {
            look_for_examples(below, path.clone(), silent);
        }
    }

    #[test]
    fn global_options_stand_before_or_after_the_verb() {
        for line in [
            "portvakt --json --socket /tmp/s door list",
            "portvakt door list --json --socket /tmp/s",
        ] {
            let cli = Cli::try_parse_from(line.split(' ')).unwrap();
            assert!(
                cli.global.json && cli.global.socket.ends_with("s"),
                "{line}"
            );
        }
    }

    #[test]
    fn an_unknown_verb_is_a_usage_error() {
        let error = Cli::try_parse_from(["portvakt", "door", "explode"]).unwrap_err();
        assert_eq!(error.exit_code(), 2);
    }

    /// Every verb that does something, with the words that lead to it.
    fn each_verb(command: &Command, path: &[String], see: &mut dyn FnMut(&[String], &Command)) {
        let path = [path, &[command.get_name().to_owned()]].concat();
        if !command.has_subcommands() {
            see(&path, command);
        }
        for below in command.get_subcommands() {
            each_verb(below, &path, see);
        }
    }

    /// What is said of a line that is wrong: the exit code is 2, the first line names the option, and another says where to look.
    fn usage_error(line: &[String], names: &str) -> clap::Error {
        let shown = line.join(" ");
        let error = Cli::try_parse_from(line).expect_err(&shown);
        assert_eq!(error.exit_code(), 2, "{shown}");
        let text = error.to_string();
        let first = text.lines().next().unwrap();
        assert!(first.contains(names), "{shown}: {first}");
        assert!(text.contains("--help"), "{shown}: {text}");
        error
    }

    #[test]
    fn an_option_without_a_value_or_with_one_of_the_wrong_kind_is_named_in_a_usage_error() {
        let (mut bare, mut wrong) = (0, 0);
        let may_stand_alone = [("list", "due")];
        each_verb(&Cli::command(), &[], &mut |path, verb| {
            usage_error(&[path, &["--zq7".to_owned()]].concat(), "--zq7");
            let options = verb
                .get_arguments()
                .filter(|it| it.get_action().takes_values());
            for long in options.filter_map(|option| option.get_long()) {
                let option = format!("--{long}");
                if !may_stand_alone.contains(&(verb.get_name(), long)) {
                    usage_error(&[path, std::slice::from_ref(&option)].concat(), &option);
                    bare += 1;
                }
                for value in [
                    "",
                    "nonsense",
                    "-1",
                    "99999999999999999999",
                    "P-!",
                    "\u{202e}",
                ] {
                    let line = [path, &[format!("{option}={value}")]].concat();
                    let Err(error) = Cli::try_parse_from(&line) else {
                        continue;
                    };
                    let of_value = [ErrorKind::InvalidValue, ErrorKind::ValueValidation];
                    if of_value.contains(&error.kind()) {
                        usage_error(&line, &option);
                        wrong += 1;
                    }
                }
            }
        });
        assert!(bare > 100 && wrong > 100, "{bare} {wrong}");
    }

    #[test]
    fn what_may_be_a_persons_or_a_secret_is_not_said_again_when_it_is_wrong() {
        let mut seen = 0;
        each_verb(&Cli::command(), &[], &mut |path, verb| {
            let options = verb
                .get_arguments()
                .filter(|it| it.get_action().takes_values());
            for option in options {
                let Some(long) = option.get_long().filter(|long| PRIVATE.contains(long)) else {
                    continue;
                };
                seen += 1;
                for value in ["Zq7\u{0}", "Zq7", "Zq7:Zq7", "\u{202e}Zq7"] {
                    let line = [path, &[format!("--{long}={value}")]].concat();
                    if let Err(error) = Cli::try_parse_from(&line) {
                        let text = error.to_string();
                        assert!(!text.contains("Zq7"), "{}: {text}", line.join(" "));
                    }
                }
            }
        });
        assert!(seen > 20, "{seen}");
    }

    const PRIVATE: &[&str] = &[
        "name",
        "firm",
        "mobile",
        "contact",
        "identified-by",
        "superior",
        "said",
        "responsible",
        "by",
        "followed-by",
        "person",
        "pin",
        "duress",
        "number",
        "raw",
        "find",
        "doubt",
    ];
}
