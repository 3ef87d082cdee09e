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
    /// Is it really to be kept no longer?
    AskRetention,
    /// A time for which events are kept was set.
    RetentionSet,
    /// Is it really to stand open for anybody, without an end?
    AskUnlockedForGood,
    /// Is the review really to be signed?
    AskSignReview,
    /// Is the whole house to be released?
    AskReleaseHouse,
    /// Doors are locked down.
    LockedDown,
    /// A lockdown is over.
    LockdownReleased,
    /// A strike was tried.
    TestOpened,
    /// It was returned before.
    ReturnedBefore,
    /// Nothing fits.
    Empty,
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
            Self::AskRetention => (
                "what is older is overwritten within the hour and cannot be brought back; go on? [y/N] ",
                "det som er eldre, overskrives innen en time og kan ikke hentes tilbake; fortsette? [j/N] ",
            ),
            Self::RetentionSet => (
                "recorded and signed; what is older is overwritten within the hour",
                "loggført og signert; det som er eldre, overskrives innen en time",
            ),
            Self::AskUnlockedForGood => (
                "these doors stand open for anybody until it is taken back; go on? [y/N] ",
                "disse dørene står åpne for alle til det tas tilbake; fortsette? [j/N] ",
            ),
            Self::AskSignReview => (
                "what the review says is then decided for good; sign it? [y/N] ",
                "det gjennomgangen sier, er dermed endelig avgjort; signere? [j/N] ",
            ),
            Self::AskReleaseHouse => (
                "release the whole house? [y/N] ",
                "frigi hele huset? [j/N] ",
            ),
            Self::LockedDown => (
                "locked down; exit buttons go on letting people out",
                "låst ned; utgangsknapper slipper fortsatt folk ut",
            ),
            Self::LockdownReleased => ("released", "frigitt"),
            Self::TestOpened => (
                "opened once, and recorded as a test",
                "åpnet én gang, og loggført som prøve",
            ),
            Self::ReturnedBefore => ("it was returned before", "det var levert tilbake fra før"),
            Self::Empty => ("nothing found", "ingen treff"),
        }
    }
}
