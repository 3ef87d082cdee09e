//! The words that answers are made of, in Norwegian: modes, states, reasons, rules, roles. JSON keeps the identifiers.

use super::event_word;

/// The Norwegian word for an identifier; nothing where it is a name, such as a door's.
pub(super) fn norwegian(word: &str) -> Option<&'static str> {
    let known = WORDS.iter().find(|(identifier, _)| *identifier == word);
    known
        .map(|(_, norwegian)| *norwegian)
        .or_else(|| event_word::norwegian(word))
}

/// Words by their identifier.
macro_rules! words {
    ($($identifier:literal => $norwegian:literal;)*) => {
        pub(super) const WORDS: &[(&str, &str)] = &[$(($identifier, $norwegian),)*];
    };
}

words! {
    // How a door lets people in, and by whose word.
    "locked" => "låst";
    "card" => "kort";
    "card+pin" => "kort og PIN";
    "card-or-pin" => "kort eller PIN";
    "unlocked" => "ulåst";
    "configuration" => "konfigurasjon";
    "order" => "ordre";
    "standard" => "standard";
    "strict" => "streng";
    "first-card" => "første kort";
    "ready" => "klar";
    "not ready" => "ikke klar";
    "open" => "åpen";
    "closed" => "lukket";
    // Lines and readers.
    "up" => "oppe";
    "down" => "nede";
    "online" => "på nett";
    "offline" => "ikke på nett";
    "line-down" => "linjen nede";
    "no-key" => "uten nøkkel";
    "swapped" => "byttet";
    "pairing" => "pares";
    "clear" => "klartekst";
    "secure" => "sikret";
    "keyed" => "har nøkkel";
    "default-key" => "standardnøkkel";
    "controlled" => "kontrollert";
    "limited" => "begrenset";
    "exclusion" => "sperreområde";
    "low" => "lav";
    "high" => "høy";
    "tamper" => "sabotasje";
    "durable" => "på disk";
    "NOT REACHING THE DISK" => "NÅR IKKE DISKEN";
    "never" => "aldri";
    "late" => "i ettertid";
    "erased" => "slettet";
    // Clocks and the register.
    "synchronised" => "synkronisert";
    "unsynchronised" => "usynkronisert";
    "held" => "holdt tilbake";
    "unknown" => "ukjent";
    "usable" => "brukbart";
    "unusable" => "ubrukelig";
    "behind" => "gammel kopi";
    // Passback.
    "off" => "av";
    "soft" => "myk";
    "hard" => "hard";
    // What a rule says.
    "pass" => "godtatt";
    "ok" => "ok";
    "unknown-card" => "ukjent kort";
    "not-yet-valid" => "gjelder ikke ennå";
    "expired" => "utløpt";
    "blocked" => "sperret";
    "lost" => "tapt";
    "returned" => "levert tilbake";
    "pending" => "venter";
    "no-right" => "ingen rettighet";
    "outside-schedule" => "utenfor tidsplan";
    "holiday" => "helligdag";
    "door-locked" => "døren er låst";
    "lockdown" => "nedlåsing";
    "passback" => "passback";
    "interlock" => "sluse";
    "pin-needed" => "PIN kreves";
    "pin-wrong" => "feil PIN";
    "second-person-needed" => "en person til kreves";
    "escort-needed" => "følge kreves";
    "wrong-format" => "feil format";
    "parity" => "paritetsfeil";
    "reader-not-secure" => "leseren er ikke sikret";
    "log-not-durable" => "loggen er ikke lagret";
    "clock-unknown" => "ukjent klokkeslett";
    "buffered" => "lest mens leseren var borte";
    "pin-locked" => "PIN er låst";
    "card-needed" => "kort kreves";
    // Rules.
    "known" => "kjent";
    "standing" => "status";
    "validity" => "gyldighet";
    "right" => "rettighet";
    "door-mode" => "modus";
    "reader-trust" => "lesertillit";
    "reader-passback" => "leserpassback";
    "pin" => "PIN";
    "escort" => "følge";
    "persons" => "flere personer";
    // Where a card stands.
    "ordered" => "bestilt";
    "arrived" => "ankommet";
    "notified" => "varslet";
    "issued" => "utstedt";
    "active" => "aktivt";
    "marked as arrived" => "meldt ankommet";
    "marked as notified" => "meldt varslet";
    "activated" => "aktivert";
    "withdrawn" => "trukket tilbake";
    // Kinds of cards and of special days.
    "employee" => "ansatt";
    "forgotten" => "glemt kort";
    "new-hire" => "nyansatt";
    "supplier" => "leverandør";
    // Classes of events.
    "passage" => "passasje";
    "door" => "dør";
    "reader" => "leser";
    "administration" => "administrasjon";
    "reading" => "innsyn";
    "system" => "system";
    // What a review decides.
    "keep" => "behold";
    "change" => "endre";
    "revoke" => "trekk tilbake";
    // Roles.
    "daily-manager" => "daglig leder";
    "operations-manager" => "driftsleder";
    "receptionist" => "resepsjonist";
    "technician" => "driftstekniker";
    "reception-staff" => "resepsjonsmedarbeider";
    "hr" => "HR";
    "auditor" => "revisor";
    // What is not there, or cannot be written.
    "area" => "område";
    "line" => "linje";
    "group" => "gruppe";
    "schedule" => "tidsplan";
    "operator" => "operatør";
    "tenant" => "leietaker";
    "contact" => "kontaktperson";
    "contact person" => "kontaktperson";
    "card format" => "kortformat";
    "door or group of doors" => "dør eller dørgruppe";
    "door group" => "dørgruppe";
    "enrolment reader" => "leser som registrerer kort";
    "name" => "navn";
    "firm" => "firma";
    "mobile" => "mobil";
    "identified-by" => "identifisert ved";
    "reason" => "grunn";
    "superior" => "nærmeste leder";
    "said" => "svar";
    "doubt" => "tvil";
    "PIN" => "PIN";
    "card number" => "kortnummer";
    "card of the stock" => "kort i beholdningen";
    "charge" => "gebyr";
    "field to be sealed" => "felt som skal forsegles";
    "holder" => "innehaver";
    "issuance" => "utstedelse";
    "word of a superior" => "svar fra en leder";
}
