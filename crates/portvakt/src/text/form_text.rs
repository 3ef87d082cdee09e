//! What stands printed on the form that a holder signs.

/// A line of the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FormText {
    /// Its title.
    Title,
    /// As long as the card.
    AsLongAsTheCard,
    /// At any hour.
    AnyHour,
    /// It has no end.
    NoEnd,
    /// The heading of the duties.
    Duties,
    /// The duty to return the card (M15).
    Return,
    /// What is done when it is lost.
    Lost,
    /// It is for one person.
    Personal,
    /// What is recorded, and for how long.
    Privacy,
    /// What the holder says by signing.
    Declaration,
    /// Where the holder signs.
    Signature,
    /// Where the date is written.
    Date,
    /// Where the card's return is signed for.
    Returned,
}

impl FormText {
    /// English and Norwegian.
    pub(super) const fn texts(self) -> (&'static str, &'static str) {
        match self {
            Self::Title => ("Access card: receipt", "Adgangskort: kvittering"),
            Self::AsLongAsTheCard => ("as long as the card", "så lenge kortet gjelder"),
            Self::AnyHour => ("at any hour", "hele døgnet"),
            Self::NoEnd => ("without end", "uten utløp"),
            Self::Duties => ("The holder knows", "Innehaveren er kjent med"),
            Self::Return => (
                "The card is returned to the reception when it is no longer needed, and at its end at the latest.",
                "Kortet leveres tilbake i resepsjonen når det ikke trengs lenger, og senest når det utløper.",
            ),
            Self::Lost => (
                "A lost card is reported to the reception at once. Replacing it is charged.",
                "Mistet kort meldes til resepsjonen straks. Erstatningen faktureres.",
            ),
            Self::Personal => (
                "The card is personal and is lent to nobody.",
                "Kortet er personlig og lånes ikke ut.",
            ),
            Self::Privacy => (
                "What stands on this form is used for access control only. When the card is returned it is erased, and this form is shredded.",
                "Opplysningene på skjemaet brukes bare til adgangskontroll. Når kortet er levert tilbake, slettes de, og skjemaet makuleres.",
            ),
            Self::Declaration => (
                "I have received the card and know the duty to return it.",
                "Jeg har mottatt kortet og er kjent med plikten til å levere det tilbake.",
            ),
            Self::Signature => ("Holder's signature", "Innehaverens underskrift"),
            Self::Date => ("Date", "Dato"),
            Self::Returned => (
                "Returned (date, reception)",
                "Levert tilbake (dato, resepsjonen)",
            ),
        }
    }
}
