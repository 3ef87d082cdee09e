//! Headings of tables and names of fields.

/// Labels with what they are, and their texts in English and Norwegian.
macro_rules! labels {
    ($($(#[$about:meta])* $name:ident = $english:literal, $norwegian:literal;)*) => {
        /// A heading, or the name of a field that is asked for.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum Label {
            $($(#[$about])* $name,)*
        }

        impl Label {
            /// English and Norwegian.
            pub(super) const fn texts(self) -> (&'static str, &'static str) {
                match self {
                    $(Self::$name => ($english, $norwegian),)*
                }
            }
        }
    };
}

labels! {
    /// A backup, by its name or folder.
    Backup = "backup", "sikkerhetskopi";
    /// Keys in a backup.
    Keys = "keys", "nøkler";
    /// One file.
    File = "file", "fil";
    /// How many files.
    Files = "files", "filer";
    /// How many octets.
    Octets = "octets", "oktetter";
    /// The pseudonym.
    Issuance = "issuance", "utstedelse";
    /// Why a card is held.
    Kind = "kind", "type";
    /// Where it stands.
    State = "state", "status";
    /// The tenant.
    Tenant = "tenant", "leietaker";
    /// Doors.
    Doors = "doors", "dører";
    /// First instant.
    From = "from", "fra";
    /// End instant.
    Until = "until", "til";
    /// A door or a group of doors.
    Place = "door or group", "dør eller gruppe";
    /// At which hours something holds.
    Schedule = "schedule", "tidsplan";
    /// Whether it does now.
    Holds = "holds now", "gjelder nå";
    /// Whose clocks count.
    Zone = "time zone", "tidssone";
    /// From when until when on which days.
    Windows = "hours", "tider";
    /// A review of cards and rights.
    Review = "review", "gjennomgang";
    /// Three months of a year.
    Quarter = "quarter", "kvartal";
    /// When something was opened, and by whom.
    Opened = "opened", "åpnet";
    /// Rights.
    Rights = "rights", "rettigheter";
    /// What was decided.
    Decided = "decided", "avgjort";
    /// What is still to be decided.
    Undecided = "undecided", "ikke avgjort";
    /// When something was signed; by whom, where that is said.
    Signed = "signed", "signert";
    /// How many of the cards the signer had issued.
    OwnIssued = "issued by the signer", "utstedt av den som signerer";
    /// A hash.
    Hash = "hash", "hash";
    /// The hash of the review before.
    FormerHash = "hash of the one before", "hash av forrige";
    /// It stays as it is.
    Kept = "kept", "beholdt";
    /// It is other than before.
    Changed = "changed", "endret";
    /// It was taken away.
    Revoked = "revoked", "trukket tilbake";
    /// Nobody justified it for a year.
    Lapsed = "lapsed", "utløpt begrunnelse";
    /// When it was justified last.
    Justified = "justified", "begrunnet";
    /// It belongs to the next one.
    NextReview = "next review", "neste gjennomgang";
    /// A date.
    Day = "day", "dag";
    /// A card of the house.
    Stock = "card", "kort";
    /// The number of a charge.
    Voucher = "voucher", "bilag";
    /// Kroner.
    Amount = "kroner", "kroner";
    /// When a charge was handed over.
    Exported = "exported", "eksportert";
    /// Since when a card is lost.
    LostSince = "lost since", "tapt siden";
    /// A person's name.
    Name = "name", "navn";
    /// A person's firm.
    Firm = "firm", "firma";
    /// A person's mobile.
    Mobile = "mobile", "mobil";
    /// The contact person.
    Contact = "contact", "kontaktperson";
    /// Whether a contact person is responsible for the tenant.
    Responsible = "responsible", "ansvarlig";
    /// Whether a card ends now.
    Ends = "ends now", "utløper nå";
    /// Whom a row of a list means.
    Means = "means", "gjelder";
    /// Who vouched for the holder, and how.
    VouchedBy = "vouched by", "gått god for av";
    /// Cards that ended and were not returned.
    Overdue = "overdue cards", "kort over tiden";
    /// Who identified the holder.
    IdentifiedBy = "identified by", "identifisert ved";
    /// A door.
    Door = "door", "dør";
    /// A door's mode.
    Mode = "mode", "modus";
    /// A door's class.
    Class = "class", "klasse";
    /// Readers that let in.
    Entry = "entry", "inngang";
    /// Where a door's mode comes from.
    By = "by", "etter";
    /// An area.
    Area = "area", "område";
    /// How many are in it.
    Inside = "inside", "inne";
    /// What happens to a card on the wrong side.
    Passback = "passback", "passback";
    /// Readers that lead into it.
    Into = "into", "inn";
    /// Readers that lead out of it.
    OutOf = "out of", "ut";
    /// What drives the strike.
    Strike = "strike", "sluttstykke";
    /// Whether it is open or ready.
    Now = "now", "nå";
    /// A reader.
    Reader = "reader", "leser";
    /// A line.
    Line = "line", "linje";
    /// An address on a line.
    Address = "address", "adresse";
    /// How a reader is secured.
    Security = "security", "sikring";
    /// Card formats.
    Formats = "formats", "formater";
    /// The tty.
    Device = "device", "enhet";
    /// The protocol.
    Protocol = "protocol", "protokoll";
    /// Bits per second.
    Baud = "baud", "baud";
    /// How many are online.
    Online = "online", "på nett";
    /// Octets of noise.
    Noise = "noise", "støy";
    /// Bad frames.
    BadFrames = "bad", "feil";
    /// Rows of the register.
    Rows = "rows", "rader";
    /// Rows that do not agree.
    Differences = "differences", "avvik";
    /// The first of them.
    First = "first", "første";
    /// An event.
    Event = "event", "hendelse";
    /// What should be there.
    Expected = "expected", "ventet";
    /// What is there.
    Found = "found", "funnet";
    /// How the register is.
    Register = "register", "register";
    /// What to look at.
    Warning = "warning", "advarsel";
    /// A rule.
    Rule = "rule", "regel";
    /// What a rule saw.
    Saw = "saw", "så";
    /// What a rule said.
    Verdict = "verdict", "utfall";
    /// A line of a file.
    FileLine = "line", "linje";
    /// A column of a file.
    Column = "column", "kolonne";
    /// What is wrong.
    Problem = "problem", "feil";
    /// Trust in a reader.
    Trust = "trust", "tillit";
    /// What a reader says it is.
    Identity = "identity", "identitet";
    /// Who was known before.
    KnownAs = "known as", "kjent som";
    /// Whether cards may be presented for activation.
    Enrol = "enrols cards", "registrerer kort";
    /// Questions asked.
    Polls = "polls", "spørringer";
    /// Questions asked again.
    Retries = "retries", "på nytt";
    /// Questions a second.
    PollsPerSecond = "polls/s", "spørringer/s";
    /// The longest reply lately.
    LongestReply = "longest reply", "lengste svartid";
    /// Questions no answer came to.
    LostReplies = "lost replies", "tapte svar";
    /// Sessions begun.
    Sessions = "sessions", "sesjoner";
    /// Reply, inter-character and turnaround times.
    Timing = "reply/gap/turn", "svar/pause/snu";
    /// Age of a session.
    Session = "session", "sesjon";
    /// The site.
    Site = "site", "sted";
    /// The clock.
    Clock = "clock", "klokke";
    /// Cards.
    Cards = "cards", "kort";
    /// Readers.
    Readers = "readers", "lesere";
    /// Lines.
    Lines = "lines", "linjer";
    /// The log.
    Log = "log", "logg";
    /// For how long something is kept.
    Keep = "kept for", "beholdes i";
    /// The most that may be set.
    AtMost = "at most", "høyst";
    /// The first record that says anything still.
    FirstKept = "from record", "fra post";
    /// How many events there are.
    Events = "events", "hendelser";
    /// A record of the log.
    Record = "record", "post";
    /// The log's identity.
    Origin = "origin", "opphav";
    /// The root of the log's tree.
    Root = "root", "rot";
    /// The verifier key.
    Verifier = "verifier key", "verifiseringsnøkkel";
    /// The verifier key of the first epoch.
    EpochVerifier = "epoch key", "epokenøkkel";
    /// Epochs of the log.
    Epochs = "epochs", "epoker";
    /// The newest checkpoint.
    Sealed = "sealed", "forseglet";
    /// Events after the newest checkpoint.
    Unsealed = "not yet sealed", "ennå uforseglet";
    /// A folder with the log as tiles.
    Tiles = "tiles", "fliser";
    /// The log before a restore, and how many of its records are known.
    GoesOnFrom = "goes on from", "fortsetter fra";
    /// A checkpoint kept from earlier.
    Anchor = "anchor", "anker";
    /// Somebody who vouches for how long a log was.
    Witness = "witness", "vitne";
    /// Where a server listens.
    Listens = "listens at", "lytter på";
    /// Where a witness is asked.
    Url = "url", "url";
    /// When something was.
    At = "at", "når";
    /// How many bits.
    Bits = "bits", "biter";
    /// Bits in hexadecimal.
    Raw = "raw", "rå";
    /// How long ago.
    Age = "age", "alder";
    /// Whether a card was shown just then.
    ShownLive = "shown just then", "vist akkurat da";
    /// The name of something that waits for approval.
    Approval = "waits as", "venter som";
    /// What was asked for.
    Change = "change", "endring";
    /// Who asked.
    AskedBy = "asked by", "bedt om av";
    /// Since when.
    Since = "since", "siden";
    /// Who may approve.
    Approvers = "may approve", "kan godkjenne";
    /// Why somebody is in doubt.
    Doubt = "doubt", "tvil";
    /// Whether a tenant's personnel office approves its employee cards.
    CardsByHr = "hr approves cards", "HR godkjenner kort";
    /// A card's number.
    Number = "number", "nummer";
    /// Whether the parity of a format holds.
    ParityHolds = "parity holds", "paritet stemmer";
    /// A user who operates the controller.
    Operator = "operator", "operatør";
    /// The number the system knows a user by.
    Uid = "uid", "uid";
    /// What somebody may do.
    Roles = "roles", "roller";
    /// Until when somebody counts as trained.
    TrainedUntil = "trained until", "opplært til";
    /// What somebody may do for a while in place of another.
    Delegated = "delegated", "delegert";
    /// Whether the reader reads a format.
    ReadHere = "read here", "leses her";
}
