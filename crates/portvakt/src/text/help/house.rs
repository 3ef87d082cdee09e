//! The help about the house: areas, the clock, doors, schedules and special days, in Norwegian.

use super::helps;

helps! {
    // The whole command line.
    "Issue cards, open doors, read and verify the log of a portvakt controller" => "Utsted kort, åpne dører, les og verifiser loggen til en portvakt-styring";
    "Answers go to standard output, everything else to standard error. Exit codes: 0 done, 1 failed, 2 usage, 3 refused (role, rule, approval needed), 4 not found, 5 daemon not reachable, 6 verification failed." => "Svar går til standard ut, alt annet til standard feil. Avslutningskoder: 0 utført, 1 mislyktes, 2 feil bruk, 3 avvist (rolle, regel, trenger godkjenning), 4 finnes ikke, 5 tjenesten svarer ikke, 6 verifisering mislyktes.";
    "Options of every verb" => "Valg for alle kommandoer";
    "Print help (see more with '--help')" => "Vis hjelp (mer med '--help')";
    "Print help (see a summary with '-h')" => "Vis hjelp (kortere med '-h')";
    "Print version" => "Vis versjon";
    "Print this message or the help of the given subcommand(s)" => "Vis dette, eller hjelpen til en kommando";
    "Where the daemon listens" => "Hvor tjenesten lytter";
    "One JSON object a line, for scripts" => "Ett JSON-objekt per linje, for skript";
    "Language of answers [default: from the locale]" => "Språket i svarene: en, nb, sv eller da [ellers: fra miljøet]";
    "Say what would change, change nothing" => "Si hva som ville blitt endret, endre ingenting";
    "Be in doubt about a change of a card: it waits until another person approves it" => "Meld tvil om en endring av et kort: den venter til en annen godkjenner den";
    "Do not ask whether to go on" => "Ikke spør om det skal fortsettes";
    "Issue, activate, list, block and take back cards" => "Utsted, aktiver, list, sperr og ta tilbake kort";
    "What tenants owe for cards" => "Hva leietakere skylder for kort";
    "Grant, revoke and list rights" => "Gi, trekk tilbake og list rettigheter";
    "What waits for another person: see it, approve it, refuse it" => "Det som venter på en annen: se det, godkjenn det, avslå det";
    "Review cards and rights each quarter: open, decide, sign, print" => "Gå gjennom kort og rettigheter hvert kvartal: åpne, avgjør, signer, skriv ut";
    "At which hours rights and doors' modes hold" => "Når rettigheter og dørmodus gjelder";
    "Holidays and other special days" => "Helligdager og andre særskilte dager";
    "List doors, open one, set modes, lock the house down" => "List dører, åpne en, sett modus, lås huset ned";
    "List readers, look at one, give one its key" => "List lesere, vis én, gi en leser nøkkelen";
    "List the lines readers are on" => "List linjene leserne står på";
    "Who is in which area" => "Hvem som er i hvilket område";
    "The controller's clock" => "Styringens klokke";
    "Tenants and their contact persons" => "Leietakere og kontaktpersonene deres";
    "What ends when somebody leaves" => "Hva som tar slutt når noen slutter";
    "Operators: their roles, training and deputies" => "Operatører: roller, opplæring og stedfortredere";
    "Read, follow and verify the event log" => "Les, følg og verifiser hendelsesloggen";
    "For how long events are kept" => "Hvor lenge hendelser beholdes";
    "Make and list backups, while the doors are served" => "Lag og list sikkerhetskopier mens dørene betjenes";
    "Be a witness of a log, or have one vouch for it" => "Vær vitne for en logg, eller la et vitne gå god for den";
    "A simulated house with the real daemon; needs nothing" => "Et simulert hus med den virkelige tjenesten; trenger ingenting";
    "The controller's state in a few lines" => "Styringens tilstand på noen få linjer";
    "As metrics in the OpenMetrics text format, for a collector to pick up" => "Som måltall i tekstformatet OpenMetrics, til en innsamler";
    "Completions for a shell, on standard output" => "Fullføring for et skall, på standard ut";
    "The shell" => "Skallet";
    "Manual pages, that of the roles among them, written to a directory" => "Manualsider, blant dem en om rollene, skrevet til en mappe";
    "The directory, which must exist" => "Mappen, som må finnes";
    "How long people come and go; the story itself takes 16 s" => "Hvor lenge folk kommer og går; selve historien tar 16 s";
    // Areas and the clock.
    "Forget where a card is, or all cards in an area, so that they may enter anew" => "Glem hvor et kort er, eller alle kort i et område, så de kan gå inn på nytt";
    "The area's name" => "Områdets navn";
    "One card's issuance, P-…" => "Utstedelsen til ett kort, P-…";
    "Every area, and how many are in it as far as is known" => "Alle områder, og hvor mange som er i dem så langt det er kjent";
    "Who is in an area, or in any, under pseudonyms; for an evacuation" => "Hvem som er i et område, eller i noe, under pseudonym; for en evakuering";
    "That it was asked is logged with your name before the first line is shown." => "At det er spurt, loggføres med navnet ditt før første linje vises.";
    "The area's name [default: all of them]" => "Områdets navn [ellers: alle]";
    "Take the time of a clock that jumped ahead and is held" => "Godta tiden til en klokke som har hoppet fram og holdes tilbake";
    "While it is held, a card is let in only if it would be by the old time and the new. Write the time that a clock you trust shows, not this machine's; it must agree with the controller's within five minutes." => "Så lenge den holdes, slippes et kort inn bare om det ville blitt det etter både den gamle og den nye tiden. Skriv tiden som en klokke du stoler på, viser, ikke denne maskinens; den må stemme med styringens innen fem minutter.";
    "The time now" => "Klokkeslettet nå";
    // Doors.
    "Set which mode doors have at which hours, in place of what was set before" => "Sett hvilken modus dører har til hvilke tider, i stedet for det som var satt";
    "The first schedule that holds counts; outside all of them the doors do what their configuration says. With ,first-card the mode begins only once somebody of the house was let in within these hours." => "Den første tidsplanen som gjelder, teller; utenfor alle gjør dørene det konfigurasjonen sier. Med ,first-card begynner modusen først når noen fra huset er sluppet inn innenfor disse tidene.";
    "SCHEDULE=MODE or SCHEDULE=MODE,first-card; may be given several times" => "TIDSPLAN=MODUS eller TIDSPLAN=MODUS,first-card; kan gis flere ganger";
    "No hours at all" => "Ingen tider i det hele tatt";
    "Every door and how it stands" => "Alle dører og hvordan de står";
    "Lock doors down at once: no card opens them until they are released" => "Lås dører ned straks: ingen kort åpner dem før de frigis";
    "Without names it is the whole house. Exit buttons go on letting people out. It survives a restart." => "Uten navn gjelder det hele huset. Utgangsknapper slipper fortsatt folk ut. Det overlever en omstart.";
    "Have doors let people in another way, until a time or until it is taken back" => "La dører slippe inn på en annen måte, til et tidspunkt eller til det tas tilbake";
    "An order beats every schedule; a lockdown beats an order." => "En ordre går foran alle tidsplaner; en nedlåsing går foran en ordre.";
    "locked, card, card+pin, card-or-pin, unlocked; usual takes an order back" => "locked (låst), card (kort), card+pin, card-or-pin, unlocked (ulåst); usual tar en ordre tilbake";
    "Until just before when" => "Til rett før når";
    "Open a door once, for its usual time" => "Åpne en dør én gang, så lenge som vanlig";
    "The door's name" => "Dørens navn";
    "Why; it is logged with your name" => "Hvorfor; det loggføres med navnet ditt";
    "Names of doors" => "Navn på dører";
    "A group of doors, as the configuration has it; may be given several times" => "En dørgruppe fra konfigurasjonen; kan gis flere ganger";
    "End the lockdown of doors" => "Opphev nedlåsingen av dører";
    "Without names it is the whole house, and asks first." => "Uten navn gjelder det hele huset, og det spørres først.";
    "Each rule that opens a door to a card, or refuses it" => "Hver regel som åpner en dør for et kort, eller avviser det";
    "Exits with 0 whether the door would open or not." => "Avslutter med 0 enten døren ville åpnet eller ikke.";
    "The issuance, P-…, or a number with --format" => "Utstedelsen, P-…, eller et nummer med --format";
    "The instant it is decided for [default: now]" => "Tidspunktet det avgjøres for [ellers: nå]";
    "The place of a past event in the log, in place of card and door" => "Plassen i loggen til en tidligere hendelse, i stedet for kort og dør";
    // Hours and days.
    "Every holiday and other special day; those of every year last" => "Alle helligdager og andre særskilte dager; de årlige til slutt";
    "Make a date an ordinary day again" => "Gjør en dato til en vanlig dag igjen";
    "The date as it was set" => "Datoen slik den ble satt";
    "Make a date a holiday, or another special day" => "Gjør en dato til helligdag, eller en annen særskilt dag";
    "On such a day only windows of schedules hold that name its kind. A date with its year goes before the same date of every year." => "På en slik dag gjelder bare de tidsrommene i tidsplaner som nevner typen. En dato med årstall går foran samme dato hvert år.";
    "2026-12-24, or 12-25 for every year" => "2026-12-24, eller 12-25 for hvert år";
    "holiday, or special2 to special8, which mean what the house says" => "holiday (helligdag), eller special2 til special8, som betyr det huset bestemmer";
    "Every schedule" => "Alle tidsplaner";
    "Take a schedule away that no right and no door uses" => "Fjern en tidsplan som ingen rettighet og ingen dør bruker";
    "Its name" => "Navnet";
    "Make a schedule, or replace one whole" => "Lag en tidsplan, eller erstatt en hel";
    "A window is days and hours by the clock on the wall: mon-fri 08:00-16:00, sat,holiday 10:00-14:00, or daily 22:00-06:00+1 into the day after. On a holiday or another special day only windows hold that name its kind." => "Et tidsrom er dager og tider etter klokken på veggen: mon-fri 08:00-16:00, sat,holiday 10:00-14:00, eller daily 22:00-06:00+1 inn i neste dag. På helligdager og andre særskilte dager gjelder bare tidsrom som nevner typen.";
    // The full stop, which is one of them, is cut off by clap.
    "What it is called: letters, digits, -, _ or " => "Hva den heter: bokstaver, sifre, -, _ eller .";
    "When it holds" => "Når den gjelder";
    "Whose clocks count, as in Europe/Oslo [default: the site's]" => "Tidssonen som gjelder, som Europe/Oslo [ellers: husets]";
    "One schedule, a window a line" => "Én tidsplan, ett tidsrom per linje";
}
