//! What was typed and cannot be taken: options, files of rows, times.

use super::lines;

lines! {
    "the terminal was closed while an answer was due" => "terminalen ble lukket mens et svar var ventet";
    "line {}: {~}" => "linje {}: {}";
    "column {}: {~}" => "kolonne {}: {}";
    // Files of rows.
    "{} is longer than {} octets; split it" => "{} er lengre enn {} oktetter; del den";
    "has {} fields, the heading has {}" => "har {} felt, overskriften har {}";
    "is not UTF-8" => "er ikke UTF-8";
    "is not CSV" => "er ikke CSV";
    "is empty" => "er tom";
    "is not a count of bits" => "er ikke et antall biter";
    "is not a date; write 2026-12-31 or 31.12.2026" => "er ikke en dato; skriv 2026-12-31 eller 31.12.2026";
    "more than {} rows; split the file" => "mer enn {} rader; del filen";
    "column {} may not be in a list of leavers; only {}" => "kolonnen {} kan ikke være i en liste over dem som slutter; bare {}";
    "column {} may not be recorded; only {}" => "kolonnen {} kan ikke registreres; bare {}";
    "column {} stands twice" => "kolonnen {} står to ganger";
    "columns missing: {}" => "manglende kolonner: {}";
    "needs the columns number and format, or raw and bits" => "trenger kolonnene number og format, eller raw og bits";
    "more than {} decisions in one file; split it" => "mer enn {} avgjørelser i én fil; del den";
    "column {} is unknown or stands twice; columns are {}" => "kolonnen {} er ukjent eller står to ganger; kolonner er {}";
    "the column {} is missing" => "kolonnen {} mangler";
    "issuance: {~}" => "utstedelse: {}";
    "until: {~}" => "til: {}";
    "verdict {} is none; verdicts are keep, change and revoke" => "utfallet {} finnes ikke; utfall er keep, change og revoke";
    // Options.
    "{} is not a time such as 20s or 2m" => "{} er ikke en tid som 20s eller 2m";
    "write a door or a group, or one @ a schedule, as in cellar@office" => "skriv en dør eller gruppe, eller en slik @ en tidsplan, som i kjeller@kontor";
    "write SCHEDULE=MODE, as in office=unlocked" => "skriv TIDSPLAN=MODUS, som i kontor=unlocked";
    "\"{}\" is unknown; write first-card" => "«{}» er ukjent; skriv first-card";
    "unknown kind {}, one of {}" => "ukjent type {}, velg en av {}";
    "unknown state {}, one of {}" => "ukjent status {}, velg en av {}";
    "not an RFC 3339 instant" => "ikke en tid etter RFC 3339";
    "invalid digit found in string" => "ikke et helt tall";
    "cannot parse integer from empty string" => "tallet mangler";
    "number too large to fit in target type" => "tallet er for stort";
    "invalid socket address syntax" => "ikke en adresse som 127.0.0.1:8080";
    // The demo.
    "portvaktd init: {}" => "portvaktd init: {}";
    "portvaktd did not stop within 10 s of SIGTERM" => "portvaktd stoppet ikke innen 10 s etter SIGTERM";
    "portvaktd ended with {}; see {}" => "portvaktd avsluttet med {}; se {}";
    "{} cannot be started: {~}; build it with cargo build" => "{} kan ikke startes: {}; bygg den med cargo build";
    "user {} has no name in /etc/passwd" => "bruker {} har ikke noe navn i /etc/passwd";
    "portvaktd did not answer within 10 s of its start" => "portvaktd svarte ikke innen 10 s etter start";
    "the readers were not in Secure Channel within 10 s" => "leserne var ikke i Secure Channel innen 10 s";
    "the demo should have shown, and did not: {}" => "demoen skulle vist dette, og gjorde det ikke: {}";
}
