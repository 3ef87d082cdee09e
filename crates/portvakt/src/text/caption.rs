//! Captions and sentences of printed papers.

/// Captions with what they are, and their texts in English and Norwegian.
macro_rules! captions {
    ($($(#[$about:meta])* $name:ident = $english:literal, $norwegian:literal;)*) => {
        /// What stands on a paper beside its figures.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum Caption {
            $($(#[$about])* $name,)*
        }

        impl Caption {
            /// English and Norwegian.
            pub(super) const fn texts(self) -> (&'static str, &'static str) {
                match self {
                    $(Self::$name => ($english, $norwegian),)*
                }
            }
        }
    };
}

captions! {
    /// The title.
    ReviewTitle = "Review of cards and rights", "Gjennomgang av kort og rettigheter";
    /// How the paper is classified (M35).
    Classification = "Classification", "Gradering";
    /// Who owns what it says.
    InformationOwner = "Information owner", "Informasjonseier";
    /// The house.
    House = "House", "Hus";
    /// The quarter.
    Quarter = "Quarter", "Kvartal";
    /// The number of the review.
    Number = "Review", "Gjennomgang nr.";
    /// When it was opened.
    Opened = "Opened", "Åpnet";
    /// When it was signed.
    Signed = "Signed", "Signert";
    /// Between an instant and a person.
    By = "by", "av";
    /// Nobody signed it.
    NotSigned = "Not signed: what stands here may still be decided otherwise.", "Ikke signert: det som står her, kan ennå avgjøres annerledes.";
    /// What was in it at its opening.
    AtOpening = "At its opening", "Ved åpningen";
    /// Cards.
    Cards = "cards", "kort";
    /// Rights.
    Rights = "rights", "rettigheter";
    /// Cards that the signer had issued.
    Own = "Cards issued by the signer", "Kort utstedt av den som signerte";
    /// A section: the totals.
    Totals = "What was decided", "Hva som ble avgjort";
    /// A section: by tenant and kind.
    ByTenant = "By tenant and kind of card", "Etter leietaker og korttype";
    /// A section: single decisions.
    Single = "Single decisions, under pseudonyms", "Enkeltavgjørelser, under pseudonym";
    /// A section: the plot.
    Plot = "Cards out, at the end of each day", "Kort utlevert, ved slutten av hver dag";
    /// A section: what binds it.
    Proof = "What binds this review", "Hva som binder gjennomgangen";
    /// A column: the tenant.
    Tenant = "Tenant", "Leietaker";
    /// A column: the kind of card.
    Kind = "Kind", "Type";
    /// A column: cards.
    CardsColumn = "Cards", "Kort";
    /// A column: rights.
    RightsColumn = "Rights", "Rettigheter";
    /// A column: kept.
    Kept = "kept", "beholdt";
    /// A column: changed.
    Changed = "changed", "endret";
    /// A column: revoked.
    Revoked = "revoked", "trukket tilbake";
    /// A column: undecided.
    Undecided = "undecided", "ikke avgjort";
    /// A row of sums.
    Sum = "Sum", "Sum";
    /// A column: the pseudonym.
    Issuance = "Issuance", "Utstedelse";
    /// A column: the card.
    Card = "Card", "Kort";
    /// Cards that are not listed since there are many.
    NotListed = "not listed here; portvakt --json review show has each", "ikke listet her; portvakt --json review show viser hver av dem";
    /// Under the totals.
    TotalsNote = "A right is counted once a card and place. Counted when the review was signed.", "En rettighet telles én gang per kort og sted. Talt da gjennomgangen ble signert.";
    /// Under the totals of one that is open.
    OpenTotalsNote = "A right is counted once a card and place. Counted as this was printed.", "En rettighet telles én gang per kort og sted. Talt da dette ble skrevet ut.";
    /// Under the tables.
    TableNote = "Of cards that were returned since nothing is left to show (M19), so these figures may be lower than the signed ones.", "Av kort som er levert tilbake siden, er det ingenting igjen å vise (M19); tallene kan derfor være lavere enn de signerte.";
    /// Under the plot.
    PlotNote = "Cards issued and not yet returned, whether they open anything or not: blocked, ordered and expired ones are out too. Counted by the hour in which a card was issued or returned; that count names nobody and stays when holders are forgotten. Each kind has a scale of its own, from zero.", "Kort som er utstedt og ennå ikke levert tilbake, enten de åpner noe eller ikke: også sperrede, bestilte og utløpte er ute. Talt etter timen da et kort ble utstedt eller levert tilbake; tellingen nevner ingen og blir stående når innehavere glemmes. Hver type har sin egen skala, fra null.";
    /// A panel without cards.
    NoneOut = "none in this quarter", "ingen i dette kvartalet";
    /// The hash over the decisions.
    DecisionsHash = "Hash of all decisions", "Hash av alle avgjørelser";
    /// The hash of the review before.
    FormerHash = "Hash of the review before", "Hash av forrige gjennomgang";
    /// The hash of this review.
    Hash = "Hash of this review", "Hash av denne gjennomgangen";
    /// The log as it was.
    Log = "Log", "Logg";
    /// Records of the log.
    Records = "records, root", "poster, rot";
    /// There is none before.
    First = "none: this is the first", "ingen: dette er den første";
    /// Where the signature itself is.
    ProofNote = "The signature is the record review-signed in the log, sealed by the log's own checkpoint: portvakt log verify. How the hashes are made stands in docs/reviews.md.", "Signaturen er posten review-signed i loggen, forseglet av loggens eget sjekkpunkt: portvakt log verify. Hvordan hashene lages, står i docs/reviews.md.";
    /// A line to sign on.
    PaperSignature = "Seen (date, signature)", "Sett (dato, signatur)";
    /// No names.
    Pseudonymous = "Under pseudonyms: no holder is named here.", "Under pseudonym: ingen innehaver er nevnt her.";
}
