//! The names of events in Norwegian, as a log is read at a desk. JSON and the log itself keep the identifiers.

/// The Norwegian name of an event.
pub(super) fn norwegian(event: &str) -> Option<&'static str> {
    let known = EVENTS.iter().find(|(identifier, _)| *identifier == event);
    known.map(|(_, norwegian)| *norwegian)
}

/// Events by their identifier.
macro_rules! events {
    ($($identifier:literal => $norwegian:literal;)*) => {
        pub(super) const EVENTS: &[(&str, &str)] = &[$(($identifier, $norwegian),)*];
    };
}

events! {
    "access-granted" => "sluppet inn";
    "access-denied" => "nektet adgang";
    "access-buffered" => "lest i ettertid";
    "reader-online" => "leser på nett";
    "reader-offline" => "leser borte";
    "reader-tamper" => "leser åpnet";
    "reader-tamper-cleared" => "leser lukket igjen";
    "reader-swapped" => "leser byttet";
    "security-alarm" => "sikkerhetsalarm";
    "reader-power-failure" => "leser uten strøm";
    "reader-power-restored" => "leser med strøm";
    "reader-key-changed" => "lesernøkkel byttet";
    "reader-key-kept" => "lesernøkkel beholdt";
    "reader-paired" => "leser paret";
    "pairing-closed" => "paring avsluttet";
    "reader-order-failed" => "leserordre mislyktes";
    "reader-keys-buffered" => "taster i ettertid";
    "reader-firmware-changed" => "ny fastvare i leser";
    "reader-readdressed" => "ny leseradresse";
    "reader-file-taken" => "leser tok fil";
    "card-issued" => "kort utstedt";
    "card-arrived" => "kort ankommet";
    "card-notified" => "kort varslet";
    "card-activated" => "kort aktivert";
    "card-blocked" => "kort sperret";
    "card-unblocked" => "sperre opphevet";
    "card-returned" => "kort levert";
    "card-imported" => "kort importert";
    "shred-done" => "makulert";
    "operator-added" => "ny operatør";
    "tenant-added" => "ny leietaker";
    "contact-added" => "ny kontaktperson";
    "contact-left" => "kontakt sluttet";
    "reader-key-set" => "lesernøkkel satt";
    "refused" => "avvist";
    "reader-key-rotation" => "nøkkelbytte beordret";
    "pairing-opened" => "paring åpnet";
    "reader-swap-accepted" => "byttet leser godtatt";
    "reader-readdressing" => "ny adresse beordret";
    "reader-file-sent" => "fil sendt til leser";
    "reader-file-cancelled" => "fil til leser stanset";
    "line-survey" => "linje undersøkt";
    "retention-set" => "lagringstid satt";
    "register-restated" => "register gjengitt";
    "shred-held" => "makulering utsatt";
    "hold-ended" => "utsettelse over";
    "right-granted" => "rettighet gitt";
    "right-revoked" => "rettighet trukket";
    "pin-set" => "PIN satt";
    "pin-cleared" => "PIN fjernet";
    "schedule-set" => "tidsplan satt";
    "schedule-removed" => "tidsplan fjernet";
    "holiday-set" => "særskilt dag satt";
    "holiday-removed" => "særskilt dag fjernet";
    "door-mode-set" => "dørmodus beordret";
    "door-mode-ended" => "dørmodus opphevet";
    "door-hours-set" => "dørtider satt";
    "doors-locked-down" => "dører låst ned";
    "doors-released" => "dører frigitt";
    "clock-confirmed" => "klokke bekreftet";
    "area-forgiven" => "område nullstilt";
    "operator-roles-set" => "roller endret";
    "operator-removed" => "operatør fjernet";
    "training-recorded" => "opplæring registrert";
    "delegation-given" => "rolle delegert";
    "delegation-ended" => "delegering avsluttet";
    "change-pending" => "endring venter";
    "change-approved" => "endring godkjent";
    "change-refused" => "endring avslått";
    "change-expired" => "endring utløpt";
    "card-approved" => "kort godkjent";
    "card-vouched" => "gått god for";
    "card-lost" => "kort tapt";
    "card-found" => "kort funnet";
    "card-changed" => "kort endret";
    "card-expired" => "kort utløpt";
    "charge-made" => "gebyr ført";
    "charge-reversed" => "gebyr godskrevet";
    "charges-exported" => "gebyrer eksportert";
    "stock-added" => "kort i beholdning";
    "stock-removed" => "kort ut av beholdning";
    "person-left" => "person sluttet";
    "tenant-changed" => "leietaker endret";
    "leavers-imported" => "sluttliste tatt inn";
    "review-opened" => "gjennomgang åpnet";
    "review-decided" => "gjennomgang avgjort";
    "review-signed" => "gjennomgang signert";
    "tenant-recertified" => "leietaker bekreftet";
    "backup-created" => "sikkerhetskopi laget";
    "reconciled" => "avstemt";
    "form-printed" => "skjema skrevet ut";
    "door-opened" => "dør åpnet";
    "door-unlocked" => "dør låst opp";
    "door-forced" => "dør brutt opp";
    "door-held" => "dør holdt åpen";
    "door-closed" => "dør lukket";
    "no-entry" => "gikk ikke inn";
    "exit-button" => "utgangsknapp";
    "unlock-dropped" => "åpning forkastet";
    "unlock-failed" => "åpning mislyktes";
    "door-mode-changed" => "dørmodus endret";
    "duress" => "tvang";
    "passback-noted" => "passback notert";
    "lost-card-used" => "tapt kort brukt";
    "two-cards-in-use" => "to kort i bruk";
    "door-test-opened" => "dør prøveåpnet";
    "lock-failed" => "låsing mislyktes";
    "initialised" => "satt opp";
    "started" => "startet";
    "stopped" => "stoppet";
    "log-recovered" => "logg gjenopprettet";
    "log-gap" => "hull i loggen";
    "configuration-loaded" => "konfigurasjon lest";
    "clock-held" => "klokke holdt tilbake";
    "line-up" => "linje oppe";
    "line-down" => "linje nede";
    "segment-deleted" => "segment slettet";
    "segment-indexed" => "segment indeksert";
    "disk-full" => "disk full";
    "restored" => "gjenopprettet";
    "locked-down" => "låst ned";
    "lockdown-released" => "nedlåsing opphevet";
    "review-overdue" => "gjennomgang forfalt";
    "register-differs" => "register avviker";
    "register-unusable" => "register ubrukelig";
    "tenant-without-contact" => "leietaker uten kontakt";
    "log-read" => "logg lest";
}
