//! What a verification of the log says.

/// A sentence about a log that was verified.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// The log is what was signed.
    Verified,
    /// The log is what was signed by a key nobody brought along.
    Consistent,
    /// The log is not what was signed; what follows says where.
    NotVerified,
    /// One record is in the log that was signed.
    RecordProven,
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
    /// No witness's key was brought along.
    NotWitnessed,
}

impl Verdict {
    /// English and Norwegian.
    pub(super) const fn texts(self) -> (&'static str, &'static str) {
        match self {
            Self::Verified => (
                "verified: nothing was changed, moved or left out",
                "verifisert: ingenting er endret, flyttet eller utelatt",
            ),
            Self::Consistent => (
                "consistent with itself; whose log it is, only a key given with --key tells",
                "stemmer med seg selv; hvems logg det er, viser bare en nøkkel gitt med --key",
            ),
            Self::NotVerified => ("NOT VERIFIED", "IKKE VERIFISERT"),
            Self::RecordProven => ("the record is in the log", "posten er i loggen"),
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
            Self::NotWitnessed => (
                "not anchored: no witness's key given with --witness-key",
                "ikke forankret: ingen vitnenøkkel gitt med --witness-key",
            ),
        }
    }
}
