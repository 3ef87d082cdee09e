//! The command line as clap sees it, with its help in the language of the desk.

use std::ffi::OsString;

use clap::error::ErrorKind;
use clap::{Arg, Command, CommandFactory};

use crate::cli::Cli;
use crate::text::Lang;

/// What clap answers to a call for help, in this language; any other answer, and English, stays as it is.
///
/// Only such a call is ever read by the translated command line: no command depends on a translation.
pub(crate) fn translated(error: clap::Error, arguments: &[OsString], lang: Lang) -> clap::Error {
    if lang == Lang::En || !HELP.contains(&error.kind()) {
        return error;
    }
    match command(lang).try_get_matches_from(arguments) {
        Err(said) if said.kind() == error.kind() => said,
        Ok(_) | Err(_) => error,
    }
}

/// The kinds of answer that are help.
const HELP: [ErrorKind; 2] = [
    ErrorKind::DisplayHelp,
    ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand,
];

/// The whole command line.
fn command(lang: Lang) -> Command {
    let mut command = Cli::command();
    // Only a built one has its help options, which are said as well.
    command.build();
    said(command, lang)
}

fn said(command: Command, lang: Lang) -> Command {
    let mut command = command;
    if let Some(about) = command.get_about().map(ToString::to_string) {
        command = command.about(lang.help(&about));
    }
    if let Some(about) = command.get_long_about().map(ToString::to_string) {
        command = command.long_about(lang.help(&about));
    }
    command = command.mut_args(|argument| of_argument(argument, lang));
    command.mut_subcommands(|verb| said(verb, lang))
}

fn of_argument(argument: Arg, lang: Lang) -> Arg {
    let mut argument = argument;
    if let Some(help) = argument.get_help().map(ToString::to_string) {
        argument = argument.help(lang.help(&help));
    }
    if let Some(help) = argument.get_long_help().map(ToString::to_string) {
        argument = argument.long_help(lang.help(&help));
    }
    let heading = argument.get_help_heading().and_then(|it| lang.heading(it));
    if let Some(heading) = heading {
        argument = argument.help_heading(heading);
    }
    // Their explanations are English; the help itself names them.
    if is_explained(&argument) {
        argument = argument.hide_possible_values(true);
    }
    argument
}

fn is_explained(argument: &Arg) -> bool {
    let values = argument.get_possible_values();
    values.iter().any(|value| value.get_help().is_some())
}

#[cfg(test)]
mod tests;
