//! What people at the desk read, in their language. Every text stands below here.

mod about_approval;
mod about_backup;
mod about_charge;
mod about_door;
mod about_life;
mod about_pin;
mod about_reader;
mod about_review;
mod about_tenant;
mod about_usage;
mod age;
mod caption;
mod english;
mod event_word;
mod form_text;
mod help;
mod label;
mod norwegian;
mod phrase;
mod phrasebook;
mod say;
mod verdict;
mod vouched;
mod word;

use clap::ValueEnum;
use control::reply::stock::StockState;
use control::reply::tenant::Found;
use control::{CardKind, CardState};
use jiff::civil::Weekday;

use crate::until::UntilError;

pub(crate) use about_approval::AboutApproval;
pub(crate) use about_backup::AboutBackup;
pub(crate) use about_charge::{AboutCharge, kroner};
pub(crate) use about_door::AboutDoor;
pub(crate) use about_life::AboutLife;
pub(crate) use about_pin::AboutPin;
pub(crate) use about_reader::AboutReader;
pub(crate) use about_review::AboutReview;
pub(crate) use about_tenant::AboutTenant;
pub(crate) use about_usage::AboutUsage;
pub(crate) use caption::Caption;
pub(crate) use form_text::FormText;
pub(crate) use label::Label;
pub(crate) use phrase::Phrase;
pub(crate) use say::Say;
pub(crate) use verdict::Verdict;
pub(crate) use vouched::Vouched;

/// A language of answers; Swedish and Danish read Norwegian until they have their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Lang {
    /// English.
    En,
    /// Norwegian bokmål.
    Nb,
    /// Swedish.
    Sv,
    /// Danish.
    Da,
}

impl Lang {
    /// The language of a POSIX locale such as `nb_NO.UTF-8`; English where there is none.
    pub(crate) fn of_locale(locale: &str) -> Self {
        match locale.split(['_', '.', '@']).next().unwrap_or_default() {
            "nb" | "no" | "nn" => Self::Nb,
            "sv" => Self::Sv,
            "da" => Self::Da,
            _ => Self::En,
        }
    }

    /// A sentence.
    pub(crate) fn say(self, what: &Say<'_>) -> String {
        match self {
            Self::En => english::say(what),
            Self::Nb | Self::Sv | Self::Da => norwegian::say(what),
        }
    }

    /// A line that the daemon or a library below us wrote in English: a refusal, a warning, what a rule saw.
    pub(crate) fn told(self, english: &str) -> String {
        match self {
            Self::En => english.to_owned(),
            Self::Nb | Self::Sv | Self::Da => phrasebook::norwegian(english),
        }
    }

    /// A word of the daemon's, such as a door's mode or a reason; one that is a name stays as it is.
    pub(crate) fn word(self, word: &str) -> String {
        let own = match self {
            Self::En => None,
            Self::Nb | Self::Sv | Self::Da => word::norwegian(word),
        };
        own.unwrap_or(word).to_owned()
    }

    /// Such words in a row.
    pub(crate) fn words<W: AsRef<str>>(self, words: &[W]) -> String {
        let words: Vec<String> = words.iter().map(|word| self.word(word.as_ref())).collect();
        words.join(", ")
    }

    /// A text of the help, by its English.
    pub(crate) fn help(self, english: &str) -> String {
        match self {
            Self::En => english.to_owned(),
            Self::Nb | Self::Sv | Self::Da => help::norwegian(english),
        }
    }

    /// A heading of the help, where this language has its own.
    pub(crate) fn heading(self, english: &str) -> Option<&'static str> {
        match self {
            Self::En => None,
            Self::Nb | Self::Sv | Self::Da => help::paragraph(english),
        }
    }

    /// Help as it is shown, with what clap writes around it.
    pub(crate) fn help_frame(self, shown: &str) -> String {
        match self {
            Self::En => shown.to_owned(),
            Self::Nb | Self::Sv | Self::Da => help::frame(shown),
        }
    }

    /// Whether a paragraph of the help is there in this language.
    #[cfg(test)]
    pub(crate) fn has_help(self, english: &str) -> bool {
        self == Self::En || help::paragraph(english).is_some()
    }

    /// The English of every paragraph that has another language.
    #[cfg(test)]
    pub(crate) fn help_keys() -> impl Iterator<Item = &'static str> {
        help::keys()
    }

    /// What is wrong with a command line; clap itself says it in English.
    pub(crate) fn usage(self, about: &AboutUsage<'_>) -> String {
        about.norwegian(&|english| self.told(english))
    }

    /// Kroner of so many øre: `400.00`, in Norwegian `400,00`.
    pub(crate) fn kroner(self, ore: i64) -> String {
        let english = kroner(ore);
        match self {
            Self::En => english,
            Self::Nb | Self::Sv | Self::Da => english.replace('.', ","),
        }
    }

    /// Seconds as people say them: `4 min`.
    pub(crate) fn age(self, seconds: u64) -> String {
        let (count, unit) = age::rounded(seconds);
        match self {
            Self::En => unit.english(count),
            Self::Nb | Self::Sv | Self::Da => unit.norwegian(count),
        }
    }

    /// How long ago something was; below zero it is still to come.
    pub(crate) fn ago(self, seconds: i64) -> String {
        match (self, u64::try_from(seconds)) {
            (Self::En, Ok(past)) => format!("{} ago", self.age(past)),
            (Self::En, Err(_)) => "ahead of this machine's clock".to_owned(),
            (_, Ok(past)) => format!("for {} siden", self.age(past)),
            (_, Err(_)) => "foran klokken på denne maskinen".to_owned(),
        }
    }

    /// How far a witness vouches for a log.
    pub(crate) fn vouched(self, word: &Vouched<'_>) -> String {
        match self {
            Self::En => word.english(),
            Self::Nb | Self::Sv | Self::Da => word.norwegian(),
        }
    }

    /// A heading or the name of a field.
    pub(crate) fn label(self, label: Label) -> &'static str {
        let (english, norwegian) = label.texts();
        match self {
            Self::En => english,
            Self::Nb | Self::Sv | Self::Da => norwegian,
        }
    }

    /// A caption or a sentence on a printed paper.
    pub(crate) fn caption(self, caption: Caption) -> &'static str {
        let (english, norwegian) = caption.texts();
        match self {
            Self::En => english,
            Self::Nb | Self::Sv | Self::Da => norwegian,
        }
    }

    /// A line of the form that a holder signs.
    pub(crate) fn form(self, line: FormText) -> &'static str {
        let (english, norwegian) = line.texts();
        match self {
            Self::En => english,
            Self::Nb | Self::Sv | Self::Da => norwegian,
        }
    }

    /// The language of what is written, as web pages name it.
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Nb | Self::Sv | Self::Da => "nb",
        }
    }

    /// Why a written time was not taken.
    pub(crate) fn time_error(self, error: &UntilError) -> String {
        match self {
            Self::En => error.to_string(),
            Self::Nb | Self::Sv | Self::Da => norwegian::time_error(error),
        }
    }

    /// A card's kind, as people at the desk call it.
    pub(crate) fn kind(self, kind: CardKind) -> &'static str {
        match self {
            Self::En => kind.as_str(),
            Self::Nb | Self::Sv | Self::Da => norwegian::kind(kind),
        }
    }

    /// A card's state, as people at the desk call it.
    pub(crate) fn state(self, state: CardState) -> &'static str {
        match self {
            Self::En => state.as_str(),
            Self::Nb | Self::Sv | Self::Da => norwegian::state(state),
        }
    }

    /// Where a card of the house is.
    pub(crate) fn stock(self, state: StockState) -> &'static str {
        match self {
            Self::En => state.as_str(),
            Self::Nb | Self::Sv | Self::Da => norwegian::stock(state),
        }
    }

    /// What a charge is for, by its name on the socket.
    pub(crate) fn charge(self, kind: &str, reverses: Option<&str>) -> String {
        match (self, kind, reverses) {
            (Self::En, _, None) => kind.to_owned(),
            (Self::En, _, Some(of)) => format!("{kind} of {of}"),
            (Self::Nb | Self::Sv | Self::Da, _, Some(of)) => format!("godskriving av {of}"),
            (Self::Nb | Self::Sv | Self::Da, "employee-card", None) => "ansattkort".to_owned(),
            (Self::Nb | Self::Sv | Self::Da, "lost-card", None) => "tapt kort".to_owned(),
            (Self::Nb | Self::Sv | Self::Da, _, None) => kind.to_owned(),
        }
    }

    /// Whom a row of a list of leavers means.
    pub(crate) fn found(self, found: Found) -> &'static str {
        let (english, norwegian) = about_tenant::found(found);
        match self {
            Self::En => english,
            Self::Nb | Self::Sv | Self::Da => norwegian,
        }
    }

    /// `yes` or `no`.
    pub(crate) fn yes_or_no(self, yes: bool) -> &'static str {
        match (self, yes) {
            (Self::En, true) => "yes",
            (Self::En, false) => "no",
            (Self::Nb | Self::Sv | Self::Da, true) => "ja",
            (Self::Nb | Self::Sv | Self::Da, false) => "nei",
        }
    }

    /// A day of the week, short.
    pub(crate) fn weekday(self, day: Weekday) -> &'static str {
        let (english, norwegian) = match day {
            Weekday::Monday => ("Mon", "man"),
            Weekday::Tuesday => ("Tue", "tir"),
            Weekday::Wednesday => ("Wed", "ons"),
            Weekday::Thursday => ("Thu", "tor"),
            Weekday::Friday => ("Fri", "fre"),
            Weekday::Saturday => ("Sat", "lør"),
            Weekday::Sunday => ("Sun", "søn"),
        };
        match self {
            Self::En => english,
            Self::Nb | Self::Sv | Self::Da => norwegian,
        }
    }

    /// Whether this answer to a yes-or-no question is a yes.
    pub(crate) fn is_yes(self, answer: &str) -> bool {
        ["y", "yes", "j", "ja"].contains(&answer.trim().to_lowercase().as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::until::Calendar;

    #[test]
    fn the_locale_chooses_and_the_neighbours_read_norwegian() {
        assert_eq!(Lang::of_locale("nb_NO.UTF-8"), Lang::Nb);
        assert_eq!(Lang::of_locale("C.UTF-8"), Lang::En);
        assert_eq!(Lang::of_locale(""), Lang::En);
        let label = Lang::of_locale("sv_SE").label(Label::Tenant);
        assert_eq!(label, Lang::Nb.label(Label::Tenant));
        assert_eq!(
            Lang::Da.say(&Say::Fixed(Phrase::Aborted)),
            Lang::Nb.say(&Say::Fixed(Phrase::Aborted))
        );
    }

    #[test]
    fn only_a_yes_is_a_yes() {
        assert!(Lang::Nb.is_yes("J") && Lang::En.is_yes(" yes\n"));
        assert!(!Lang::Nb.is_yes("") && !Lang::En.is_yes("n") && !Lang::En.is_yes("yess"));
    }

    #[test]
    fn a_time_not_taken_is_explained_in_norwegian_with_both_candidates() {
        let calendar = Calendar {
            now: "2026-11-22T08:00:00Z".parse().unwrap(),
            zone: jiff::tz::TimeZone::get("Europe/Oslo").unwrap(),
            working_day_ends: None,
        };
        for (text, said) in [
            ("snart", ["24.12.2026 15:00", "forstår ikke"]),
            ("24.12.2026", ["klokkeslett", "24.12.2026 16:00"]),
            (
                "29.3.2026 02:30",
                ["2026-03-29T01:30:00+01:00", "2026-03-29T03:30:00+02:00"],
            ),
            (
                "25.10.2026 02:30",
                ["2026-10-25T02:30:00+02:00", "2026-10-25T02:30:00+01:00"],
            ),
        ] {
            let error = Lang::Nb.time_error(&calendar.read(text).unwrap_err());
            assert!(said.iter().all(|part| error.contains(part)), "{error}");
        }
    }
}
