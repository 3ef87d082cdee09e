//! What the rules of a door saw, and what would let the card in: `why`.

use super::lines;

lines! {
    "the card of {}" => "kortet til {}";
    "a card of the house that was lost" => "et av husets kort, som er tapt";
    "a card of the house that nobody holds" => "et av husets kort, som ingen har";
    "no card with this number" => "ingen kort med dette nummeret";
    "a card with this number is issued" => "et kort med dette nummeret utstedes";
    "issuance {} has no card that any door knows" => "utstedelsen {} har ikke noe kort som dørene kjenner";
    // Where the card stands.
    "the card is {~}" => "kortet er {}";
    "the card is activated" => "kortet aktiveres";
    "the block is lifted (card unblock)" => "sperren oppheves (card unblock)";
    "the card is found (card found)" => "kortet blir funnet (card found)";
    "another card is issued" => "et annet kort utstedes";
    // When it holds.
    "the card holds {~}; it is {~}" => "kortet gjelder {}; nå er det {}";
    "always" => "alltid";
    "until {#}" => "til {}";
    "from {#} until {#}" => "fra {} til {}";
    "from {#} without end" => "fra {} uten utløp";
    "it is {#}" => "det er blitt {}";
    "the card is extended, or another is issued" => "kortet forlenges, eller et annet utstedes";
    // What it opens.
    "none of the card's {} rights is on this door" => "ingen av kortets {} rettigheter gjelder denne døren";
    "the right on this door" => "rettigheten til denne døren";
    "the right on {~}" => "rettigheten til {}";
    "{~} holds {~} in the hours of {~}: {~}; it is {~}" => "{} gjelder {} innenfor {}: {}; nå er det {}";
    "{~} holds {~} in the hours of {~}: {~}" => "{} gjelder {} innenfor {}: {}";
    "{~} holds {~}; it is {~}" => "{} gjelder {}; nå er det {}";
    "{~}, where it is {~}" => "{}, der klokken nå er {}";
    "which is not there" => "som ikke finnes";
    "no time that a calendar has" => "en tid ingen kalender har";
    "the schedule's hours have come, or the card has a right with other hours (right grant)" => "tidsplanens tider begynner, eller kortet får en rettighet med andre tider (right grant)";
    "the right's time has come" => "rettigheten begynner å gjelde";
    "the card is given a right on this door (right grant)" => "kortet får en rettighet til denne døren (right grant)";
    "door \"{}\"" => "døren «{}»";
    "door group \"{}\"" => "dørgruppen «{}»";
    "area \"{}\"" => "området «{}»";
    "schedule \"{}\"" => "tidsplanen «{}»";
    "schedule {}" => "tidsplan {}";
    "schedule {}, which is not there" => "tidsplan {}, som ikke finnes";
    // The house and the door.
    "the door is locked down" => "døren er låst ned";
    "no lockdown" => "ingen nedlåsing";
    "the lockdown is released (door release)" => "nedlåsingen oppheves (door release)";
    "the door is in mode {~} by its configuration" => "døren har modusen {} etter konfigurasjonen";
    "the door is in mode {~} by an operator's order until {}" => "døren har modusen {} etter en operatørs ordre til {}";
    "the door is in mode {~} by an operator's order" => "døren har modusen {} etter en operatørs ordre";
    "the door is in mode {~} by {~}" => "døren har modusen {} etter {}";
    "the door is in mode {~} until the first card in the hours of {~}" => "døren har modusen {} til det første kortet innenfor {}";
    "this is no door of the house" => "dette er ingen av husets dører";
    "the door is given another mode (door mode)" => "døren får en annen modus (door mode)";
    "the door is in the configuration" => "døren står i konfigurasjonen";
    // The reader.
    "the reader's wires can be imitated; the door's level is {~}" => "leserens ledninger kan etterlignes; dørens nivå er {}";
    "the reader is in Secure Channel; the door's level is {~}" => "leseren er i Secure Channel; dørens nivå er {}";
    "the card is shown at an OSDP reader with a key" => "kortet vises ved en OSDP-leser med nøkkel";
    "this door has no such rule" => "døren har ingen slik regel";
    "not let in at this reader within {} s" => "ikke sluppet inn ved denne leseren innen {} s";
    "let in at this reader just now; again from {#}" => "nettopp sluppet inn ved denne leseren; igjen fra {}";
    "it is {#}, or the card is forgiven (area forgive)" => "det er blitt {}, eller kortet nullstilles (area forgive)";
    // Where the card is.
    "the card is inside already" => "kortet er allerede inne";
    "the card leaves an area that it is not in" => "kortet forlater et område det ikke er i";
    "the card entered this area just now" => "kortet gikk nettopp inn i dette området";
    "where the card is, is not known" => "hvor kortet er, er ikke kjent";
    "the card has been outside since {}" => "kortet har vært ute siden {}";
    "the card has been in {~} since {}" => "kortet har vært i {} siden {}";
    "the card has been in {~} since {}; {~}" => "kortet har vært i {} siden {}; {}";
    "the card has been outside since {}; {~}" => "kortet har vært ute siden {}; {}";
    "{~}, which is only noted" => "{}, noe som bare noteres";
    "the card is shown on the other side, or is forgiven (area forgive)" => "kortet vises på den andre siden, eller nullstilles (area forgive)";
    // Interlocks.
    "{~} of the same lock is open or released" => "{} i samme sluse er åpen eller frigitt";
    "this door is in no lock" => "døren er ikke i noen sluse";
    "the other doors of the lock are shut" => "de andre dørene i slusen er lukket";
    "{~} is shut" => "{} er lukket";
    // PINs.
    "no PIN was typed" => "ingen PIN er tastet";
    "the PIN is right" => "PIN er riktig";
    "the PIN is wrong" => "PIN er feil";
    "a PIN was typed, and no card shown" => "PIN er tastet, og ingen kort vist";
    "this door asks for no PIN" => "døren krever ingen PIN";
    "{~}; after too many wrong ones none is taken until {}" => "{}; etter for mange feil tas ingen imot før {}";
    "the card is shown" => "kortet vises";
    "it is {#}, and the PIN is typed" => "det er blitt {}, og PIN tastes";
    "the PIN is typed behind the card" => "PIN tastes etter kortet";
    // Others.
    "visitors need no escort here" => "besøkende trenger ikke følge her";
    "this is no visitor's card" => "dette er ikke et besøkskort";
    "a host was let in here within {} s" => "en vert er sluppet inn her innen {} s";
    "no host was let in here within {} s" => "ingen vert er sluppet inn her innen {} s";
    "the host shows a card here first" => "verten viser kort her først";
    "one person is enough here" => "én person er nok her";
    "{} persons within {} s are wanted; {} still missing besides this card's" => "{} personer innen {} s kreves; {} mangler i tillegg til dette kortets";
    "{} more show their cards here in time" => "{} til viser kortene sine her i tide";
    // A day of the week before a date.
    "Mon {#}" => "man {}";
    "Tue {#}" => "tir {}";
    "Wed {#}" => "ons {}";
    "Thu {#}" => "tor {}";
    "Fri {#}" => "fre {}";
    "Sat {#}" => "lør {}";
    "Sun {#}" => "søn {}";
    // Behind the days: of two lines that say as much the later one counts.
    "{~}, a {~}" => "{}, {}";
    // When it was asked.
    "{}, generation {}, clock {~}" => "{}, generasjon {}, klokken er {}";
    // Past events.
    "{~}Who was where, what was typed, and lockdowns are not of that moment but of now." => "{}Hvem som var hvor, hva som ble tastet, og nedlåsing er ikke fra det øyeblikket, men fra nå.";
    "generation {} is known no more; generation {} was asked instead. " => "Generasjon {} er ikke lenger kjent; generasjon {} er spurt i stedet. ";
    "the card of this event is on the list no more" => "kortet i denne hendelsen er ikke lenger på listen";
    "the log has {} events; {} is not among them" => "loggen har {} hendelser; {} er ikke blant dem";
    "event {} is of no known card at a door, or its holder is forgotten" => "hendelse {} gjelder ikke et kjent kort ved en dør, eller innehaveren er glemt";
    "which card at which door, or --event INDEX" => "hvilket kort ved hvilken dør, eller --event NUMMER";
    "which card: an issuance as in P-3F7K2Q, or a number with --format" => "hvilket kort: en utstedelse som i P-3F7K2Q, eller et nummer med --format";
}
