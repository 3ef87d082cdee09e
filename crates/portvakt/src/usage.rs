//! A command line that is wrong, said in the language of the desk.

use std::error::Error;
use std::ffi::OsString;
use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;

use clap::ValueEnum;
use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::text::{AboutUsage, Lang};

/// The language for what goes wrong before there are options: that of `--lang`, or else of the locale.
pub(crate) fn lang(arguments: &[OsString], of_locale: Lang) -> Lang {
    let mut arguments = arguments.iter().filter_map(|it| it.to_str());
    let named = |text: &str| Lang::from_str(text, false).ok();
    while let Some(argument) = arguments.next() {
        let given = match argument.strip_prefix("--lang") {
            Some("") => arguments.next().and_then(named),
            Some(rest) => rest.strip_prefix('=').and_then(named),
            None => None,
        };
        if let Some(lang) = given {
            return lang;
        }
    }
    of_locale
}

/// Says what is wrong, or shows the help that was asked for; clap's own words where the language is English.
pub(crate) fn end(error: &clap::Error, lang: Lang) -> ExitCode {
    let Some(mistake) = mistake(error).filter(|_| lang != Lang::En) else {
        return show(error, lang);
    };
    eprintln!("portvakt: {}", lang.usage(&mistake));
    if let Some(tip) = suggested(error) {
        eprintln!("{}", lang.usage(&AboutUsage::Suggested { what: &tip }));
    }
    if let Some(usage) = of(error, ContextKind::Usage) {
        let usage = usage.strip_prefix("Usage:").unwrap_or(&usage).trim();
        eprintln!("{}", lang.usage(&AboutUsage::Usage { usage }));
    }
    eprintln!("{}", lang.usage(&AboutUsage::More));
    ExitCode::from(USAGE)
}

/// Help, where it was asked for; on standard error where it stands for a mistake.
fn show(error: &clap::Error, lang: Lang) -> ExitCode {
    // A terminal that is gone is told nothing.
    if lang == Lang::En {
        drop(error.print());
    } else if error.use_stderr() {
        let shown = framed(error, io::stderr().is_terminal(), lang);
        drop(io::stderr().write_all(shown.as_bytes()));
    } else {
        let shown = framed(error, io::stdout().is_terminal(), lang);
        drop(io::stdout().write_all(shown.as_bytes()));
    }
    ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(USAGE))
}

fn framed(error: &clap::Error, is_terminal: bool, lang: Lang) -> String {
    let no_color = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    let shown = error.render();
    let shown = if is_terminal && !no_color {
        shown.ansi().to_string()
    } else {
        shown.to_string()
    };
    lang.help_frame(&shown)
}

/// What is wrong, if it is no help that was asked for and a kind of mistake that is known here.
fn mistake(error: &clap::Error) -> Option<AboutUsage<'static>> {
    let text = |kind| of(error, kind).unwrap_or_default();
    let known = error.kind();
    Some(if known == ErrorKind::UnknownArgument {
        AboutUsage::UnknownOption {
            what: text(ContextKind::InvalidArg),
        }
    } else if known == ErrorKind::InvalidSubcommand {
        AboutUsage::UnknownVerb {
            what: text(ContextKind::InvalidSubcommand),
        }
    } else if known == ErrorKind::MissingRequiredArgument {
        AboutUsage::Missing {
            options: text(ContextKind::InvalidArg),
        }
    } else if known == ErrorKind::MissingSubcommand {
        AboutUsage::NoVerb
    } else if known == ErrorKind::ArgumentConflict {
        AboutUsage::Conflict {
            what: text(ContextKind::InvalidArg),
            with: text(ContextKind::PriorArg),
        }
    } else if known == ErrorKind::InvalidValue && text(ContextKind::InvalidValue).is_empty() {
        AboutUsage::NoValue {
            option: text(ContextKind::InvalidArg),
            known: text(ContextKind::ValidValue),
        }
    } else if known == ErrorKind::InvalidValue {
        AboutUsage::NotOneOf {
            option: text(ContextKind::InvalidArg),
            value: text(ContextKind::InvalidValue),
            known: text(ContextKind::ValidValue),
        }
    } else if known == ErrorKind::ValueValidation {
        AboutUsage::Unreadable {
            option: text(ContextKind::InvalidArg),
            value: text(ContextKind::InvalidValue),
            why: error.source().map_or_else(String::new, ToString::to_string),
        }
    } else {
        return None;
    })
}

/// What may have been meant.
fn suggested(error: &clap::Error) -> Option<String> {
    [
        ContextKind::SuggestedArg,
        ContextKind::SuggestedSubcommand,
        ContextKind::SuggestedValue,
    ]
    .into_iter()
    .find_map(|kind| of(error, kind))
}

fn of(error: &clap::Error, kind: ContextKind) -> Option<String> {
    let value = error.get(kind)?;
    Some(if let ContextValue::String(text) = value {
        text.clone()
    } else if let ContextValue::Strings(texts) = value {
        texts.join(", ")
    } else if let ContextValue::StyledStr(text) = value {
        text.to_string()
    } else if let ContextValue::StyledStrs(texts) = value {
        texts
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join("; ")
    } else {
        return None;
    })
}

/// The exit code of a command line that is wrong.
const USAGE: u8 = 2;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_is_known_before_the_options_are() {
        let lang = |line: &str| {
            let arguments: Vec<OsString> = line.split(' ').map(OsString::from).collect();
            super::lang(&arguments, Lang::En)
        };
        assert_eq!(lang("portvakt door explode --lang nb"), Lang::Nb);
        assert_eq!(lang("portvakt --lang=nb --foo"), Lang::Nb);
        assert_eq!(lang("portvakt --lang"), Lang::En);
        assert_eq!(lang("portvakt --lang xx"), Lang::En);
        assert_eq!(lang("portvakt --language nb"), Lang::En);
    }
}
