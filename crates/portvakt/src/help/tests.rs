//! What is held of the help in Norwegian.

use std::collections::BTreeSet;

use super::*;

/// The whole command line, and each command below it.
fn each(command: &Command, see: &mut dyn FnMut(&Command)) {
    see(command);
    for below in command.get_subcommands() {
        each(below, see);
    }
}

fn built() -> Command {
    let mut command = Cli::command();
    command.build();
    command
}

/// Every paragraph and heading of the English help.
fn english() -> BTreeSet<String> {
    let mut texts = BTreeSet::new();
    each(&built(), &mut |command| {
        let abouts = [command.get_about(), command.get_long_about()];
        let helps = command
            .get_arguments()
            .flat_map(|it| [it.get_help(), it.get_long_help()]);
        for text in abouts.into_iter().chain(helps).flatten() {
            let text = text.to_string();
            texts.extend(text.split("\n\n").map(ToOwned::to_owned));
        }
        let headings = command.get_arguments().filter_map(Arg::get_help_heading);
        texts.extend(headings.map(ToOwned::to_owned));
    });
    texts
}

#[test]
fn every_help_has_its_norwegian() {
    let texts = english();
    assert!(texts.len() > 300, "{}", texts.len());
    let missing: Vec<&String> = texts.iter().filter(|it| !Lang::Nb.has_help(it)).collect();
    assert!(missing.is_empty(), "{missing:#?}");
}

#[test]
fn no_norwegian_is_kept_of_a_help_that_is_gone() {
    let texts = english();
    let gone: Vec<&str> = Lang::help_keys()
        .filter(|it| !texts.contains(*it))
        .collect();
    assert!(gone.is_empty(), "{gone:#?}");
}

#[test]
fn below_the_options_stand_examples_and_no_prose() {
    each(&Cli::command(), &mut |command| {
        let below = command.get_after_help().map(ToString::to_string);
        for line in below.unwrap_or_default().lines() {
            let is_example = line.starts_with("  ") || line.starts_with("Example");
            assert!(is_example, "{}: {line}", command.get_name());
        }
    });
}

#[test]
fn a_value_whose_explanation_is_left_out_is_named_by_the_help() {
    let mut explained = 0;
    each(&built(), &mut |command| {
        for argument in command.get_arguments().filter(|it| is_explained(it)) {
            let help = argument.get_help().map(ToString::to_string);
            let names = argument.get_value_names().unwrap_or_default().join(" ");
            let shown = format!("{names} {}", Lang::Nb.help(&help.unwrap_or_default()));
            for value in argument.get_possible_values() {
                let name = value.get_name();
                assert!(shown.to_lowercase().contains(name), "{name} in {shown}");
                explained += 1;
            }
        }
    });
    assert!(explained > 0);
}

/// What is shown of this line in this language.
fn shown(line: &str, lang: Lang) -> String {
    let line: Vec<OsString> = line.split(' ').map(OsString::from).collect();
    let error = Cli::command().try_get_matches_from(&line).unwrap_err();
    lang.help_frame(&translated(error, &line, lang).render().to_string())
}

#[test]
fn the_help_of_a_verb_is_norwegian_to_its_headings() {
    let shown = shown("portvakt card block --help", Lang::Nb);
    for said in [
        "Avvis kortet ved alle dører",
        "Bruk: portvakt card block [VALG]",
        "Argumenter:",
        "Valg for alle kommandoer:",
        "Eksempler:",
        "Vis hjelp",
    ] {
        assert!(shown.contains(said), "{said} in {shown}");
    }
    assert!(!shown.contains("Print help"), "{shown}");
}

#[test]
fn the_help_is_the_same_by_each_way_to_ask_for_it() {
    let said = "Avvis kortet ved alle dører";
    for line in [
        "portvakt card block -h",
        "portvakt help card block",
        "portvakt card help block",
        "portvakt --lang nb card block --help",
        "portvakt card",
    ] {
        let shown = shown(line, Lang::Nb);
        assert!(
            shown.contains(said) && shown.contains("Bruk:"),
            "{line}: {shown}"
        );
    }
}

#[test]
fn english_help_and_every_mistake_stay_as_clap_says_them() {
    for (line, lang) in [
        ("portvakt card block --help", Lang::En),
        ("portvakt --version", Lang::Nb),
        ("portvakt card explode", Lang::Nb),
        ("portvakt card block", Lang::Nb),
    ] {
        let line: Vec<OsString> = line.split(' ').map(OsString::from).collect();
        let of_clap = || Cli::command().try_get_matches_from(&line).unwrap_err();
        let said = translated(of_clap(), &line, lang);
        assert_eq!(said.render().to_string(), of_clap().render().to_string());
    }
}

#[test]
fn the_help_of_every_verb_is_drawn_and_has_no_english_frame() {
    command(Lang::Nb).debug_assert();
    let mut command = command(Lang::Nb);
    let mut drawn = 0;
    see_all(&mut command, &mut |text| {
        let text = Lang::Nb.help_frame(text);
        for left in ["Usage:", "Options", "Commands:", "Print ", "[default:"] {
            assert!(!text.contains(left), "{left} in {text}");
        }
        drawn += 1;
    });
    assert!(drawn > 100, "{drawn}");
}

fn see_all(command: &mut Command, see: &mut dyn FnMut(&str)) {
    see(&command.render_help().to_string());
    see(&command.render_long_help().to_string());
    for below in command.get_subcommands_mut() {
        see_all(below, see);
    }
}
