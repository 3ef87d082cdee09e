//! What is refused about cards: issuing, changing, losing, returning, the house's own, PINs, lists of them.

use super::lines;

lines! {
    // An issuance, and what it waits for.
    "no such issuance" => "ingen slik utstedelse";
    "not an issuance; wanted P- and six digits or letters, as in P-3F7K2Q" => "ikke en utstedelse; skriv P- og seks tall eller bokstaver, som i P-3F7K2Q";
    "the card was returned and its holder is forgotten" => "kortet er levert tilbake, og innehaveren er glemt";
    "the end of the issuance has passed" => "utstedelsen er utløpt";
    "the card is already blocked" => "kortet er allerede sperret";
    "the card is not blocked" => "kortet er ikke sperret";
    "the card is reported lost already" => "kortet er allerede meldt tapt";
    "the card is not reported lost" => "kortet er ikke meldt tapt";
    "the card was not returned" => "kortet er ikke levert tilbake";
    "no card is bound to the issuance, so none can be lost" => "ingen kort er knyttet til utstedelsen, så ingen kan være tapt";
    "it is reported lost; return it and issue another" => "det er meldt tapt; lever det tilbake og utsted et nytt";
    "the card is {~}; it cannot be {~}" => "kortet er {}; det kan ikke bli {}";
    "the holder must be told of the duty to return the card first" => "innehaveren må først gjøres kjent med returplikten";
    "a visitor's card must be presented at an enrolment reader" => "et besøkskort må vises ved en leser som registrerer kort";
    "the card is bound to another issuance; it must be returned first" => "kortet er knyttet til en annen utstedelse; det må leveres tilbake først";
    "{} records of the issuance are not in the log yet" => "{} poster om utstedelsen er ikke i loggen ennå";
    "no number is left for a further {~}" => "det er ingen numre igjen til flere: {}";
    "a {~} card needs an end; give --until" => "kortet ({}) må ha et utløp; gi --until";
    "the end {} is not after the beginning {}" => "slutten {} kommer ikke etter begynnelsen {}";
    "the holder cannot have signed later than now; give --signed as it was, or leave it out" => "innehaveren kan ikke ha undertegnet senere enn nå; gi --signed slik det var, eller utelat det";
    "an uncertain holder gets no card yet; issue without a card, and activate after card vouch" => "en innehaver du er usikker på, får ikke kort ennå; utsted uten kort, og aktiver etter card vouch";
    "give at least {} characters of the name" => "oppgi minst {} tegn av navnet";
    "if there is a paper form, it must be shredded too" => "finnes det et papirskjema, må det også makuleres";
    "the paper form must be shredded too; confirm it with --form-shredded" => "papirskjemaet må også makuleres; bekreft med --form-shredded";
    // Changing one.
    "nothing is to be changed; say what" => "ingenting skal endres; oppgi hva";
    "that goes beyond what was issued; somebody who may issue cards does it" => "det går ut over det som ble utstedt; det gjør en som kan utstede kort";
    "a card that was made live keeps its holder; return it and issue another" => "et kort som har vært aktivt, beholder innehaveren sin; lever det tilbake og utsted et nytt";
    "its holder went with a lost disk; register them anew as a whole: name, firm, mobile and who or what identified them" => "innehaveren gikk tapt med en disk; registrer alt på nytt samtidig: navn, firma, mobil og hvem eller hva som bekreftet identiteten";
    "who or what identified its holder is registered already, and stays as it is" => "hvem eller hva som bekreftet innehaverens identitet, er allerede registrert og blir som det er";
    "that is another tenant's; a card stays with the tenant it was issued for" => "det er en annen leietakers; et kort blir hos leietakeren det ble utstedt for";
    "a visitor's card always has an end" => "et besøkskort har alltid et utløp";
    "a forgotten card ends with the working day it begins in; give an earlier end, or issue another kind of card" => "et glemt-kort utløper når arbeidsdagen er slutt; oppgi et tidligere utløp, eller utsted en annen type kort";
    "no card is bound to it; activate it instead" => "ingen kort er knyttet til det; aktiver det i stedet";
    "it waits for the superior's word; enter that with card vouch" => "det venter på nærmeste leder; før inn svaret med card vouch";
    "nobody was unsure of its holder, so nothing is to be vouched for" => "ingen var usikker på innehaveren, så ingen trenger å gå god for noen";
    "only an employee's card replaces another" => "bare et ansattkort erstatter et annet";
    "only a new hire's card is replaced by an employee's" => "bare kortet til en nyansatt erstattes av et ansattkort";
    "one of the two cards is already linked to another" => "ett av de to kortene er allerede knyttet til et annet";
    "only a forgotten card stands in for another" => "bare et glemt-kort trer inn for et annet";
    "a card stands in for an employee's or a new hire's only" => "et kort trer bare inn for kortet til en ansatt eller en nyansatt";
    "the card that was left at home is of another tenant" => "kortet som ligger hjemme, er hos en annen leietaker";
    "another card stands in for it already; it must be returned first" => "et annet kort har allerede trådt inn for det; det må leveres tilbake først";
    "somebody reported it lost or found in the meantime; look at it again" => "noen meldte det tapt eller funnet i mellomtiden; se på det igjen";
    "a card was reported lost; see card list --state lost" => "et kort er meldt tapt; se card list --state lost";
    "there is no hold on it" => "det er ikke holdt tilbake";
    "the holder is forgotten when the hold ends, {~}" => "innehaveren blir glemt når tilbakeholdelsen er over, {}";
    "a hold ends in the future and {} at the latest, {} days after it began" => "en tilbakeholdelse slutter fram i tid og senest {}, {} dager etter at den begynte";
    // Plastic.
    "no card of the stock has this number" => "ingen av husets kort har dette nummeret";
    "not a card of the stock; wanted S- and its number, as in S-014" => "ikke et av husets kort; skriv S- og nummeret, som i S-014";
    "the card is in the stock already, as {}" => "kortet er allerede i beholdningen, som {}";
    "{} is lent to {}; card return takes it back first" => "{} er utlånt til {}; card return tar det tilbake først";
    "{} is blocked; card stock unblock {}" => "{} er sperret; card stock unblock {}";
    "{} was lost; once it is found: card stock found {}" => "{} er tapt; når det er funnet: card stock found {}";
    "the card is not lost, or somebody holds it: then the loss is of the issuance (card found)" => "kortet er ikke tapt, eller noen har det: da gjelder tapet utstedelsen (card found)";
    "which card: --present READER, --stock S-NUMBER, --number with --format, or --raw with --bits" => "hvilket kort: --present LESER, --stock S-NUMMER, --number med --format eller --raw med --bits";
    "a card number is FACILITY:NUMBER, as in 123:45678" => "et kortnummer er ANLEGG:NUMMER, som i 123:45678";
    "{} bits are {} hex digits, first bit first" => "{} biter er {} heksadesimale sifre, første bit først";
    "raw bits are pairs of hex digits" => "rå biter er par av heksadesimale sifre";
    "nothing was read at \"{}\" within the last minute; show the card and ask again" => "ingenting er lest ved «{}» det siste minuttet; vis kortet og spør igjen";
    "no card was presented at \"{}\" within {} s" => "ingen kort ble vist ved «{}» innen {} s";
    "the card presented at \"{}\" cannot be read there: {~}" => "kortet som ble vist ved «{}», kan ikke leses der: {}";
    "card format \"{}\" is not known; known are {}" => "kortformatet «{}» er ukjent; kjente er {}";
    "no format of this reader has so many bits" => "ingen av leserens formater har så mange biter";
    "a parity bit of the card is wrong" => "en paritetsbit på kortet er feil";
    "facility {} is over this format's {}" => "anlegg {} er over formatets {}";
    "the card number is over this format's {}" => "kortnummeret er over formatets {}";
    "a card of no bits" => "et kort uten biter";
    "a card of {} bits; at most {} are read" => "et kort på {} biter; høyst {} leses";
    "{} octets of card bits where the bit count needs {}" => "{} oktetter med biter der antallet biter krever {}";
    "a card in the hand" => "et kort i hånden";
    // PINs.
    "the card has no PIN" => "kortet har ingen PIN";
    "the duress PIN must be another than the PIN" => "PIN under tvang må være en annen enn PIN";
    "a PIN has digits only, as a keypad has" => "en PIN har bare sifre, som et tastatur har";
    "a PIN has {} to {} digits" => "en PIN har {} til {} sifre";
    "a PIN of equal digits, or of digits in a row, is tried first; choose another" => "en PIN av like sifre eller sifre på rad prøves først; velg en annen";
    "a PIN file has the PIN in one line, and a duress PIN in another if there is one" => "en PIN-fil har PIN på én linje, og PIN under tvang på en linje til om det er en";
    // What is written of a holder.
    "{~}: must not be empty" => "{}: kan ikke være tomt";
    "{~}: must be one line without characters that do not show" => "{}: må være én linje uten tegn som ikke vises";
    "{~}: {} octets, at most {}" => "{}: {} oktetter, høyst {}";
    // Imports.
    "the register changed since the difference was made; make it again" => "registeret er endret siden forskjellen ble laget; lag den på nytt";
    "the import has {} problems; nothing was imported" => "importen har {} feil; ingenting er importert";
    "more than {} rows in one import" => "mer enn {} rader i én import";
    "{} rows are more than the {} of one import; split the file" => "{} rader er mer enn {} i én import; del filen";
    "{} rows are more than the {} of one list; split the file" => "{} rader er mer enn {} i én liste; del filen";
    "more rows came than the {} announced; nothing was imported" => "det kom flere rader enn de {} som var meldt; ingenting er importert";
    "{} of {} rows came before something else; nothing was imported" => "{} av {} rader kom før noe annet; ingenting er importert";
    "somebody else's block" => "en annens sperre";
    "a change beyond what was issued" => "en endring ut over det som ble utstedt";
    "a find of what somebody else reported lost" => "et funn av det en annen meldte tapt";
    "undoing what somebody else issued, or what was issued another day," => "å angre det en annen har utstedt, eller som er utstedt en annen dag,";
    "reading the log by person" => "å lese loggen om enkeltpersoner";
}
