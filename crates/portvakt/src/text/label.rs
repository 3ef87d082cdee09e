//! Headings of tables and names of fields.

/// A heading, or the name of a field that is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Label {
    /// The pseudonym.
    Issuance,
    /// Why a card is held.
    Kind,
    /// Where it stands.
    State,
    /// The tenant.
    Tenant,
    /// Doors.
    Doors,
    /// First instant.
    From,
    /// End instant.
    Until,
    /// A person's name.
    Name,
    /// A person's firm.
    Firm,
    /// A person's mobile.
    Mobile,
    /// The contact person.
    Contact,
    /// Who identified the holder.
    IdentifiedBy,
    /// A door.
    Door,
    /// A door's mode.
    Mode,
    /// A door's class.
    Class,
    /// Readers that let in.
    Entry,
    /// What drives the strike.
    Strike,
    /// Whether it is open or ready.
    Now,
    /// A reader.
    Reader,
    /// A line.
    Line,
    /// An address on a line.
    Address,
    /// How a reader is secured.
    Security,
    /// Card formats.
    Formats,
    /// The tty.
    Device,
    /// The protocol.
    Protocol,
    /// Bits per second.
    Baud,
    /// How many are online.
    Online,
    /// Octets of noise.
    Noise,
    /// Bad frames.
    BadFrames,
    /// What to look at.
    Warning,
    /// A rule.
    Rule,
    /// What a rule saw.
    Saw,
    /// What a rule said.
    Verdict,
    /// A line of a file.
    FileLine,
    /// A column of a file.
    Column,
    /// What is wrong.
    Problem,
    /// Trust in a reader.
    Trust,
    /// What a reader says it is.
    Identity,
    /// Whether cards may be presented for activation.
    Enrol,
    /// Questions asked.
    Polls,
    /// Questions asked again.
    Retries,
    /// Age of a session.
    Session,
    /// The site.
    Site,
    /// The clock.
    Clock,
    /// Cards.
    Cards,
    /// Readers.
    Readers,
    /// Lines.
    Lines,
    /// The log.
    Log,
    /// How many events there are.
    Events,
    /// The log's identity.
    Origin,
    /// The root of the log's tree.
    Root,
    /// The verifier key.
    Verifier,
    /// The newest checkpoint.
    Sealed,
    /// Events after the newest checkpoint.
    Unsealed,
    /// A checkpoint kept from earlier.
    Anchor,
}

impl Label {
    /// English and Norwegian.
    pub(super) const fn texts(self) -> (&'static str, &'static str) {
        match self {
            Self::Issuance => ("issuance", "utstedelse"),
            Self::Kind => ("kind", "type"),
            Self::State => ("state", "status"),
            Self::Tenant => ("tenant", "leietaker"),
            Self::Doors => ("doors", "dører"),
            Self::From => ("from", "fra"),
            Self::Until => ("until", "til"),
            Self::Name => ("name", "navn"),
            Self::Firm => ("firm", "firma"),
            Self::Mobile => ("mobile", "mobil"),
            Self::Contact => ("contact", "kontaktperson"),
            Self::IdentifiedBy => ("identified by", "identifisert ved"),
            Self::Door => ("door", "dør"),
            Self::Mode => ("mode", "modus"),
            Self::Class => ("class", "klasse"),
            Self::Entry => ("entry", "inngang"),
            Self::Strike => ("strike", "sluttstykke"),
            Self::Now => ("now", "nå"),
            Self::Reader => ("reader", "leser"),
            Self::Line => ("line", "linje"),
            Self::Address => ("address", "adresse"),
            Self::Security => ("security", "sikring"),
            Self::Formats => ("formats", "formater"),
            Self::Device => ("device", "enhet"),
            Self::Protocol => ("protocol", "protokoll"),
            Self::Baud => ("baud", "baud"),
            Self::Online => ("online", "på nett"),
            Self::Noise => ("noise", "støy"),
            Self::BadFrames => ("bad frames", "feilrammer"),
            Self::Warning => ("warning", "advarsel"),
            Self::Rule => ("rule", "regel"),
            Self::Saw => ("saw", "så"),
            Self::Verdict => ("verdict", "utfall"),
            Self::FileLine => ("line", "linje"),
            Self::Column => ("column", "kolonne"),
            Self::Problem => ("problem", "feil"),
            Self::Trust => ("trust", "tillit"),
            Self::Identity => ("identity", "identitet"),
            Self::Enrol => ("enrols cards", "registrerer kort"),
            Self::Retries => ("asked again", "spurt på nytt"),
            Self::Polls => ("polls", "spørringer"),
            Self::Session => ("session", "sesjon"),
            Self::Site => ("site", "sted"),
            Self::Clock => ("clock", "klokke"),
            Self::Cards => ("cards", "kort"),
            Self::Readers => ("readers", "lesere"),
            Self::Lines => ("lines", "linjer"),
            Self::Log => ("log", "logg"),
            Self::Events => ("events", "hendelser"),
            Self::Origin => ("origin", "opphav"),
            Self::Root => ("root", "rot"),
            Self::Verifier => ("verifier key", "verifiseringsnøkkel"),
            Self::Unsealed => ("not yet sealed", "ennå uforseglet"),
            Self::Anchor => ("anchor", "anker"),
            Self::Sealed => ("sealed", "forseglet"),
        }
    }
}
