//! The help about operators, tenants, who leaves, and reviews, in Norwegian.

use super::helps;

helps! {
    // Operators.
    "Make a user of this system an operator" => "Gjør en bruker på dette systemet til operatør";
    "The user needs an account, in the group portvakt. Another manager approves it. Nobody issues cards before training is recorded, with operator training." => "Brukeren må ha en konto, i gruppen portvakt. En annen leder godkjenner det. Ingen utsteder kort før opplæring er registrert, med operator training.";
    "The user name" => "Brukernavnet";
    "What they may do: portvakt-roles(7) has the table" => "Hva vedkommende kan gjøre: tabellen står i portvakt-roles(7)";
    "The tenant of an hr role" => "Leietakeren til en hr-rolle";
    "Name a deputy for a role of your own, for a time" => "Pek ut en stedfortreder for en av dine roller, for en tid";
    "It begins and ends by itself, after 90 days at most, and the deputy acts under their own name. A date alone is meant whole. Another manager approves it." => "Det begynner og slutter av seg selv, etter høyst 90 dager, og stedfortrederen handler under eget navn. En dato alene gjelder hele dagen. En annen leder godkjenner det.";
    "The deputy's user name" => "Stedfortrederens brukernavn";
    "The role, one that you hold yourself; with --end only that one ends" => "Rollen, en du selv har; med --end avsluttes bare den";
    "From when on [default: now]" => "Fra når [ellers: nå]";
    "End what is delegated to them before its time" => "Avslutt det som er delegert til vedkommende, før tiden";
    "Who operates the controller, and as what" => "Hvem som betjener styringen, og som hva";
    "Delegations are shown with who gave them, until they end." => "Delegeringer vises med hvem som ga dem, til de slutter.";
    "Take everything away by which somebody is an operator" => "Ta bort alt det som gjør noen til operatør";
    "Roles, training and delegations end at once, in an open session too; what they did stays under their name. Another manager approves it." => "Roller, opplæring og delegeringer slutter straks, også i en åpen økt; det de har gjort, står under navnet deres. En annen leder godkjenner det.";
    "Give an operator roles, or take some away" => "Gi en operatør roller, eller ta noen bort";
    "It counts from their next request on. Another manager approves it; nobody changes their own. What they had delegated by a role that goes, goes with it." => "Det gjelder fra neste forespørsel. En annen leder godkjenner det; ingen endrer sine egne. Det de har delegert av en rolle som går bort, går bort med den.";
    "Roles they get" => "Roller som gis";
    "Roles they lose" => "Roller som tas bort";
    "The tenant of an hr role they get" => "Leietakeren til en hr-rolle som gis";
    "Record until when an operator counts as trained" => "Registrer til når en operatør regnes som opplært";
    "Without training nobody issues a card or traces a person, whatever their role. A date alone counts as trained through that day. Another manager approves it; nobody records their own." => "Uten opplæring utsteder ingen kort eller sporer noen, uansett rolle. En dato alene gjelder ut den dagen. En annen leder godkjenner det; ingen registrerer sin egen.";
    "The last day, or an instant; one that has passed ends it" => "Siste dag, eller et tidspunkt; et som er passert, avslutter den";
    // Who leaves.
    "Somebody leaves: their cards, PINs and rights as an operator end in one step" => "Noen slutter: kort, PIN og rettigheter som operatør tar slutt i ett steg";
    "What they have is shown first: the card and what is linked with it, such as one that stands in for it; and other cards of the same tenant, name and mobile, which end only with --with-others. What ended is due back: card return forgets the holder." => "Det vedkommende har, vises først: kortet og det som hører til, som et som trer inn for det; og andre kort med samme leietaker, navn og mobil, som bare tar slutt med --with-others. Det som tok slutt, skal leveres tilbake: card return glemmer innehaveren.";
    "With --operator an operator leaves: every role, training and delegation of theirs ends, and the cards that are named as theirs. Another manager has to approve it." => "Med --operator slutter en operatør: alle roller, opplæring og delegeringer tar slutt, og kortene som oppgis som deres. En annen leder må godkjenne det.";
    "Any card of theirs, P-…; with --operator any number" => "Et hvilket som helst av kortene deres, P-…; med --operator så mange som helst";
    "End also the other cards of the same name and mobile" => "Avslutt også de andre kortene med samme navn og mobil";
    "The operator who leaves, by user name" => "Operatøren som slutter, med brukernavn";
    // Tenants.
    "A new tenant, with the contact person who is responsible for it" => "En ny leietaker, med kontaktpersonen som er ansvarlig for den";
    "Without one nothing is issued for the tenant; the first contact person it is given by tenant contact is responsible then." => "Uten en slik utstedes ingenting for leietakeren; den første kontaktpersonen den får med tenant contact, blir da ansvarlig.";
    "Who is responsible for it, by name" => "Hvem som er ansvarlig for den, med navn";
    "Their mobile" => "Mobilnummeret";
    "A new contact person, who answers for the tenant's visitors" => "En ny kontaktperson, som svarer for leietakerens besøkende";
    "One of them is responsible for the tenant itself: the first one, until --responsible names another one, whether new or known." => "En av dem er ansvarlig for selve leietakeren: den første, til --responsible peker ut en annen, ny eller kjent.";
    "The tenant's name" => "Leietakerens navn";
    "The contact's name" => "Kontaktpersonens navn";
    "The contact's mobile; not needed of a known one" => "Kontaktpersonens mobilnummer; trengs ikke for en kjent";
    "Let them be responsible for the tenant" => "La vedkommende være ansvarlig for leietakeren";
    "A contact person leaves: the cards bound to them are suspended" => "En kontaktperson slutter: kortene knyttet til vedkommende sperres";
    "The cards are shown first. Each is refused at every door until it is bound to another contact person and unblocked. Who was responsible for the tenant is followed by --followed-by; without one nothing is issued for the tenant until somebody is." => "Kortene vises først. Hvert av dem avvises ved alle dører til det er knyttet til en annen kontaktperson og sperren er opphevet. Den som var ansvarlig for leietakeren, etterfølges av --followed-by; uten en slik utstedes ingenting for leietakeren før noen er det.";
    "Their mobile, where several have the name" => "Mobilnummeret, om flere har navnet";
    "Who is responsible for the tenant after them" => "Hvem som er ansvarlig for leietakeren etterpå";
    "A tenant's list of who leaves, from a CSV file, all or nothing" => "En leietakers liste over dem som slutter, fra en CSV-fil, alt eller ingenting";
    "Columns: name; mobile, firm and last_day where wanted. Any other column is refused. What is found is shown first, by line and pseudonym. A row means everything that one person of that name holds; a row that means nobody, or may mean several, is left alone. Cards end with the last day, without one at once and their PINs with them; contact persons leave." => "Kolonner: name; mobile, firm og last_day ved behov. Alle andre kolonner avvises. Det som finnes, vises først, med linje og pseudonym. En rad gjelder alt det én person med det navnet har; en rad som ikke gjelder noen, eller kan gjelde flere, røres ikke. Kort tar slutt med siste dag, uten dag straks og med PIN; kontaktpersoner slutter.";
    "Every tenant with its contact persons" => "Alle leietakere med kontaktpersonene sine";
    "What holds for a tenant's cards" => "Hva som gjelder for en leietakers kort";
    "With --employee-cards-by-hr yes an employee card of the tenant, issued or imported, opens nothing until somebody with the role hr of the tenant approves it." => "Med --employee-cards-by-hr yes åpner et av leietakerens ansattkort, utstedt eller importert, ingenting før noen med rollen hr hos leietakeren godkjenner det.";
    "Whether its employee cards wait for its personnel office" => "Om ansattkortene venter på personalkontoret";
    // Reviews.
    "Decide items of a review: keep, change or revoke" => "Avgjør punkter i en gjennomgang: behold, endre eller trekk tilbake";
    "Of a card alone it decides the card and what of its rights is undecided; with a place its rights there. What is revoked is carried out at once: the card is blocked, the right taken away. A change names an earlier end (--until) or places that are taken away (--without); what would widen is issuing. Rights that are lapsed are named one by one. Many are decided alike by --tenant, --kind or --all, or one a row in a CSV file with the columns issuance, verdict and reason, and place, until and without (separated by semicolons) where wanted. What is stored stays, whenever that is interrupted." => "For et kort alene avgjøres kortet og de av rettighetene som ikke er avgjort; med et sted rettighetene der. Det som trekkes tilbake, utføres straks: kortet sperres, rettigheten tas bort. En endring oppgir et tidligere utløp (--until) eller steder som tas bort (--without); det som ville utvide, er å utstede. Rettigheter med utløpt begrunnelse nevnes én for én. Mange avgjøres likt med --tenant, --kind eller --all, eller én per rad i en CSV-fil med kolonnene issuance, verdict og reason, og place, until og without (skilt med semikolon) ved behov. Det som er lagret, står, uansett når det avbrytes.";
    "The review" => "Gjennomgangen";
    "The card, P-…" => "Kortet, P-…";
    "Its rights on this door or group only" => "Bare rettighetene til denne døren eller gruppen";
    "It stays as it is" => "Det blir som det er";
    "It stays, with an earlier end or fewer rights" => "Det blir, med tidligere utløp eller færre rettigheter";
    "It is taken away, at once" => "Det tas bort, straks";
    "Of a change: the earlier end" => "Ved endring: det tidligere utløpet";
    "Of a change: a place that is taken away from the card; repeat it, or separate them with commas" => "Ved endring: et sted som tas bort fra kortet; gjenta valget, eller skill dem med komma";
    "Every undecided card of this tenant" => "Alle uavgjorte kort hos denne leietakeren";
    "Every undecided card of this kind" => "Alle uavgjorte kort av denne typen";
    "Every undecided card" => "Alle uavgjorte kort";
    "Decisions in this CSV file, or - for standard input" => "Avgjørelser i denne CSV-filen, eller - for standard inn";
    "Why; it is recorded" => "Hvorfor; det loggføres";
    "Every review, oldest first" => "Alle gjennomganger, eldste først";
    "What is still undecided of the open one is counted where that is quick, in a house of up to 20,000 cards; show --undecided lists it in any." => "Det som ennå ikke er avgjort i den åpne, telles der det går fort, i hus med inntil 20 000 kort; show --undecided lister det i alle.";
    "Open the review of a quarter: every card and every right as they stand" => "Åpne gjennomgangen av et kvartal: hvert kort og hver rettighet slik de står";
    "One is open at a time. What is issued or granted later is in the next one; a card that is returned meanwhile leaves it. Only the operations manager opens, decides and signs." => "Én er åpen om gangen. Det som utstedes eller gis senere, er med i den neste; et kort som leveres tilbake imens, går ut. Bare driftslederen åpner, avgjør og signerer.";
    "Which quarter [default: the one that ended, if it has no signed review; or else this one]" => "Hvilket kvartal [ellers: det som er slutt, om det ikke har en signert gjennomgang; ellers dette]";
    "Record that all a tenant's people hold is justified anew" => "Registrer at alt det en leietakers folk har, er begrunnet på nytt";
    "A right that was granted over a year ago, and whose tenant was not recertified since, is lapsed: right list says so, and the next review decides it by itself. No door closes by that alone." => "En rettighet som ble gitt for over et år siden, og der leietakeren ikke er bekreftet siden, har utløpt begrunnelse: right list sier det, og neste gjennomgang avgjør den for seg. Ingen dør stenges av det alene.";
    "The tenant" => "Leietakeren";
    "Print a review as one HTML file, under pseudonyms" => "Skriv ut en gjennomgang som én HTML-fil, under pseudonym";
    "Counts, decisions by tenant and kind, the cards that were out over the quarter, who signed when, and the hashes. The file needs nothing beside it and holds no script; print it from any browser. In head and foot stand classification and information owner, from [site] of the configuration or to be written by hand. That it was printed is logged." => "Antall, avgjørelser etter leietaker og type, kortene som var ute gjennom kvartalet, hvem som signerte når, og hashene. Filen trenger ingenting ved siden av seg og har ikke noe skript; skriv den ut fra en hvilken som helst nettleser. I topp og bunn står gradering og informasjonseier, fra [site] i konfigurasjonen eller til å fylle ut for hånd. At den er skrevet ut, loggføres.";
    "The review [default: the open one, or else the newest]" => "Gjennomgangen [ellers: den åpne, eller den nyeste]";
    "The cards of a review with their rights, under pseudonyms" => "Kortene i en gjennomgang med rettighetene sine, under pseudonym";
    "To decide no name is needed; card show tells one, and that is logged. Behind a right stands what was decided of it, or that it is lapsed (nobody justified it for a year) or for the next review (granted after this one was opened). A card of which something was recorded since is marked as changed." => "For å avgjøre trengs ikke noe navn; card show viser ett, og det loggføres. Bak en rettighet står det hva som er avgjort om den, eller at begrunnelsen er utløpt (ingen har begrunnet den på et år) eller at den hører til neste gjennomgang (gitt etter at denne ble åpnet). Et kort det er ført noe om siden, er merket som endret.";
    "Only cards of which something is undecided" => "Bare kort der noe ikke er avgjort";
    "Only cards of this tenant" => "Bare kort hos denne leietakeren";
    "Sign a review, once nothing in it is undecided" => "Signer en gjennomgang når alt i den er avgjort";
    "What it says is then decided. The record in the log holds how much was decided which way, a hash over every decision, the hash of the review before and the root of the log; it says also how many of the cards the signer had issued." => "Det den sier, er da avgjort. Posten i loggen har hvor mye som ble avgjort hvordan, en hash over alle avgjørelser, hashen av forrige gjennomgang og roten til loggen; den sier også hvor mange av kortene den som signerte, hadde utstedt.";
}
