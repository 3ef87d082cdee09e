//! Sentences that are always the same.

/// A sentence about nothing in particular.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Phrase {
    /// Nothing was changed because of `--dry-run`.
    NothingChanged,
    /// It is done.
    Done,
    /// The operator said no.
    Aborted,
    /// Off a terminal nobody can be asked.
    CannotAsk,
    /// Was the holder told to return the card (M15)?
    AskReturnDuty,
    /// Was the paper form shredded (M19)?
    AskFormShredded,
    /// The answer was no, and without a yes there is no activation.
    ReturnDutyNotTold,
    /// Nothing fits.
    Empty,
    /// The log is what was signed.
    LogVerified,
    /// The log is what was signed by a key nobody brought along.
    LogConsistent,
    /// The log is not what was signed; what follows says where.
    LogNotVerified,
    /// The key was brought along.
    KeyPinned,
    /// The key was taken from the log itself.
    KeyNotPinned,
    /// The key of epoch 0 was not brought along.
    EpochNotPinned,
    /// The log has no epochs.
    NoEpochs,
    /// An earlier checkpoint was brought along, and the log extends it.
    Anchored,
    /// No earlier checkpoint was brought along.
    NotAnchored,
}

impl Phrase {
    /// English and Norwegian.
    pub(super) const fn texts(self) -> (&'static str, &'static str) {
        match self {
            Self::NothingChanged => (
                "dry run: nothing was changed",
                "prøvekjøring: ingenting er endret",
            ),
            Self::Done => ("done", "utført"),
            Self::Aborted => (
                "not done, nothing was changed",
                "ikke utført, ingenting er endret",
            ),
            Self::CannotAsk => (
                "this asks before it goes on; off a terminal give --yes",
                "dette må bekreftes; uten terminal: gi --yes",
            ),
            Self::AskReturnDuty => (
                "was the holder told to return the card? [y/N] ",
                "er innehaveren gjort kjent med at kortet skal leveres tilbake? [j/N] ",
            ),
            Self::AskFormShredded => (
                "was the paper form shredded? [y/N] ",
                "er papirskjemaet makulert? [j/N] ",
            ),
            Self::ReturnDutyNotTold => (
                "a card is activated only when its holder was told to return it (--return-duty-told)",
                "et kort aktiveres bare når innehaveren er gjort kjent med returplikten (--return-duty-told)",
            ),
            Self::Empty => ("nothing found", "ingen treff"),
            Self::LogVerified => (
                "verified: nothing was changed, moved or left out",
                "verifisert: ingenting er endret, flyttet eller utelatt",
            ),
            Self::LogConsistent => (
                "consistent with itself; whose log it is, only a key given with --key tells",
                "stemmer med seg selv; hvems logg det er, viser bare en nøkkel gitt med --key",
            ),
            Self::LogNotVerified => ("NOT VERIFIED", "IKKE VERIFISERT"),
            Self::KeyPinned => (
                "pinned: the key given with --key",
                "låst: nøkkelen gitt med --key",
            ),
            Self::KeyNotPinned => (
                "NOT PINNED: the log's own key; give the one you noted with --key",
                "IKKE LÅST: loggens egen nøkkel; gi den du noterte, med --key",
            ),
            Self::EpochNotPinned => (
                "NOT PINNED: give the second key that init printed with --key",
                "IKKE LÅST: gi den andre nøkkelen som init skrev, med --key",
            ),
            Self::NoEpochs => ("none: not sealed", "ingen: ikke forseglet"),
            Self::Anchored => (
                "the log extends the checkpoint given with --anchor",
                "loggen bygger videre på sjekkpunktet gitt med --anchor",
            ),
            Self::NotAnchored => (
                "none: a tail cut off before this checkpoint would not show",
                "intet: en avkuttet hale før dette sjekkpunktet ville ikke vises",
            ),
        }
    }
}
