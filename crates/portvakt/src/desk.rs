//! What a verb works with: the options, standard output, a voice.

use control::reply::approval::Pending;
use control::{Private, Reply, Request, Row};

use crate::ask;
use crate::daemon::Daemon;
use crate::failure::Failure;
use crate::global::Global;
use crate::output::Output;
use crate::sheet::Sheet;
use crate::text::{AboutApproval, Label, Lang, Phrase, Say};

/// The desk one command is served at.
pub(crate) struct Desk {
    /// Options of every verb.
    pub(crate) global: Global,
    /// The language of answers.
    pub(crate) lang: Lang,
    /// Where answers go.
    pub(crate) out: Output,
    /// The whole command line, for completions and manual pages.
    pub(crate) command: fn() -> clap::Command,
}

impl Desk {
    /// A desk with these options; the language from them or the locale.
    pub(crate) fn new(global: Global, command: fn() -> clap::Command) -> Self {
        let lang = global.lang.unwrap_or_else(lang_of_environment);
        let out = Output::standard(global.json);
        Self {
            global,
            lang,
            out,
            command,
        }
    }

    /// Connects to the daemon.
    ///
    /// # Errors
    /// [`Failure`] with exit code 5 if it is not reachable, 3 if it does not know us.
    pub(crate) fn connect(&self) -> Result<Daemon, Failure> {
        let mut daemon = Daemon::connect(&self.global.socket, self.global.dry_run, self.lang)?;
        let doubt = self.global.doubt.as_deref().map(Private::new);
        daemon.client().doubt(doubt);
        Ok(daemon)
    }

    /// Says that what was asked waits for another person.
    ///
    /// # Errors
    /// [`Failure`] as the output has it.
    pub(crate) fn kept(&mut self, pending: &Pending, until: &str) -> Result<(), Failure> {
        if self.out.is_json() {
            return self.out.json(pending);
        }
        let approval = &pending.approval.to_string();
        let say = Say::AboutApproval(AboutApproval::Pending { approval, until });
        self.out.line(&self.lang.say(&say))
    }

    /// Says a sentence on standard error.
    pub(crate) fn say(&self, what: &Say<'_>) {
        eprintln!("{}", self.lang.say(what));
    }

    /// After a change: says that it was none, under `--dry-run`.
    pub(crate) fn say_if_dry(&self) {
        if self.global.dry_run {
            self.say(&Say::Fixed(Phrase::NothingChanged));
        }
    }

    /// One field of an answer: its name, then its value, aligned with its neighbours.
    ///
    /// # Errors
    /// [`Failure`] if it cannot be written.
    pub(crate) fn field(&mut self, label: Label, value: &str) -> Result<(), Failure> {
        self.out.field(self.lang.label(label), value)
    }

    /// Fields whose names are the daemon's own, aligned with their neighbours.
    ///
    /// # Errors
    /// [`Failure`] if they cannot be written.
    pub(crate) fn fields<'a>(
        &mut self,
        mut fields: impl Iterator<Item = (String, &'a str)>,
    ) -> Result<(), Failure> {
        fields.try_for_each(|(name, value)| self.out.field(&name, value))
    }

    /// Asks for a stream and shows it: JSON a line, or a table `place` fills. A row
    /// `place` does not know (gives `false`) was not asked for.
    ///
    /// # Errors
    /// [`Failure`] as the daemon or the output has it.
    pub(crate) fn list(
        &mut self,
        request: Request,
        mut sheet: Sheet,
        place: &dyn Fn(&Daemon, &Row, &mut Sheet) -> bool,
    ) -> Result<(), Failure> {
        let mut daemon = self.connect()?;
        let out = &mut self.out;
        let rows = daemon.rows(request, &mut |daemon, row| {
            if out.is_json() {
                return out.row(&row);
            }
            if !place(daemon, &row, &mut sheet) {
                return Err(Failure::failed(
                    "the daemon sent a row that was not asked for",
                ));
            }
            if sheet.is_full() {
                out.sheet(&sheet)?;
                sheet.clear();
            }
            Ok(())
        })?;
        self.out.sheet(&sheet)?;
        if rows == 0 {
            self.say(&Say::Fixed(Phrase::Empty));
        }
        Ok(())
    }

    /// Asks for a change that leaves nothing to show but that it was done.
    ///
    /// # Errors
    /// [`Failure`] as the daemon or the output has it.
    pub(crate) fn change(&mut self, request: Request, done: &Say<'_>) -> Result<(), Failure> {
        let reply = self.connect()?.ask(request)?;
        let Reply::Done { warning } = &reply else {
            return Err(Failure::unexpected(&reply));
        };
        self.done(warning.as_deref(), done)
    }

    /// Says that a change was made, or would be.
    ///
    /// # Errors
    /// [`Failure`] as the output has it.
    pub(crate) fn done(&mut self, warning: Option<&str>, done: &Say<'_>) -> Result<(), Failure> {
        if self.out.is_json() {
            let dry_run = self.global.dry_run;
            self.out
                .json(&serde_json::json!({ "done": !dry_run, "warning": warning }))?;
        } else if !self.global.dry_run {
            self.out.line(&self.lang.say(done))?;
        }
        if let Some(warning) = warning {
            eprintln!("portvakt: {}", self.lang.told(warning));
        }
        self.say_if_dry();
        Ok(())
    }

    /// Asks for a field by its name, until the answer is not empty.
    ///
    /// # Errors
    /// [`Failure`] if the terminal is gone.
    pub(crate) fn ask_field(&self, label: Label, hint: &str) -> Result<String, Failure> {
        let name = self.lang.label(label);
        let question = if hint.is_empty() {
            format!("{name}: ")
        } else {
            format!("{name} ({hint}): ")
        };
        loop {
            let answer = ask::ask(&question)?;
            if !answer.is_empty() {
                return Ok(answer);
            }
        }
    }

    /// Asks a yes-or-no question; anything but a yes is a no.
    ///
    /// # Errors
    /// [`Failure`] if the terminal is gone.
    pub(crate) fn ask_yes(&self, question: &Say<'_>) -> Result<bool, Failure> {
        let answer = ask::ask(&self.lang.say(question))?;
        Ok(self.lang.is_yes(&answer))
    }

    /// Goes on only with a yes: `--yes`, or one typed at the terminal.
    ///
    /// # Errors
    /// [`Failure`]: exit code 2 where nobody can be asked, 1 after a no.
    pub(crate) fn confirm(&self, question: &Say<'_>) -> Result<(), Failure> {
        if self.global.yes {
            return Ok(());
        }
        if !ask::can_ask() {
            return Err(Failure::usage(
                self.lang.say(&Say::Fixed(Phrase::CannotAsk)),
            ));
        }
        if self.ask_yes(question)? {
            return Ok(());
        }
        Err(Failure::failed(self.lang.say(&Say::Fixed(Phrase::Aborted))))
    }
}

/// The language that the locale names.
pub(crate) fn lang_of_environment() -> Lang {
    let locale = ["LC_ALL", "LC_MESSAGES", "LANG"]
        .into_iter()
        .find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()));
    Lang::of_locale(&locale.unwrap_or_default())
}
