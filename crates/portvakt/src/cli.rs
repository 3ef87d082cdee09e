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
}
