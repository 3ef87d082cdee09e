//! What the daemon refuses, in Norwegian: the lines that are met at a desk. Every other stays as the daemon wrote it.

/// A refusal of the daemon in Norwegian, if it is one that is met at a desk.
pub(super) fn norwegian(refusal: &str) -> Option<String> {
    if let Some((what, role)) = refusal.split_once(IS_NOT_FOR) {
        return Some(format!("{what} er ikke for rollen {role}"));
    }
    let known = KNOWN.iter().find(|(english, _)| *english == refusal);
    known.map(|(_, norwegian)| (*norwegian).to_owned())
}

const IS_NOT_FOR: &str = " is not for the role ";

/// The daemon's line, and the same in Norwegian.
const KNOWN: &[(&str, &str)] = &[
    ("no such issuance", "ingen slik utstedelse"),
    ("no such door", "ingen slik dør"),
    ("the card is already blocked", "kortet er allerede sperret"),
    ("the card is not blocked", "kortet er ikke sperret"),
    (
        "the card is reported lost already",
        "kortet er allerede meldt tapt",
    ),
    ("the card is not reported lost", "kortet er ikke meldt tapt"),
    (
        "no card is bound to the issuance, so none can be lost",
        "ingen kort er knyttet til utstedelsen, så ingen kan være tapt",
    ),
    (
        "it is reported lost; return it and issue another",
        "det er meldt tapt; returner det og utsted et nytt",
    ),
    (
        "the paper form must be shredded too; confirm it with --form-shredded",
        "papirskjemaet må også makuleres; bekreft med --form-shredded",
    ),
    (
        "the card was returned and its holder is forgotten",
        "kortet er levert tilbake og innehaveren er glemt",
    ),
    (
        "the tenant has no contact person of that name",
        "leietakeren har ingen kontaktperson med det navnet",
    ),
    (
        "the contact person has left; name another one",
        "kontaktpersonen har sluttet; oppgi en annen",
    ),
    (
        "the end of the issuance has passed",
        "utstedelsen er utløpt",
    ),
    (
        "nothing is to be changed; say what",
        "ingenting skal endres; oppgi hva",
    ),
    (
        "that goes beyond what was issued; somebody who may issue cards does it",
        "det går ut over det som ble utstedt; det gjør en som kan utstede kort",
    ),
    (
        "a card that was made live keeps its holder; return it and issue another",
        "et kort som har vært aktivt, beholder innehaveren sin; returner det og utsted et nytt",
    ),
    (
        "a visitor's card always has an end",
        "et besøkskort har alltid et utløp",
    ),
    (
        "it waits for the superior's word; enter that with card vouch",
        "det venter på nærmeste leder; før inn svaret med card vouch",
    ),
    (
        "the tenant's personnel office approves its employees' cards; issue without a card, and activate after the approval",
        "leietakerens personalkontor godkjenner de ansattes kort; utsted uten kort, og aktiver det når det er godkjent",
    ),
    (
        "the card waits for the approval of its tenant's personnel office",
        "kortet venter på godkjenning fra leietakerens personalkontor",
    ),
    (
        "nothing waits for approval under this number",
        "ingenting venter på godkjenning under dette nummeret",
    ),
    (
        "nobody approves what they asked for themselves",
        "ingen godkjenner det de selv har bedt om",
    ),
    (
        "nobody approved it in time; it must be asked for again",
        "ingen godkjente det i tide; det må bes om på nytt",
    ),
    (
        "you have no role here; ask the operations manager",
        "du har ingen rolle her; spør driftslederen",
    ),
    (
        "no card of the stock has this number",
        "ingen av husets kort har dette nummeret",
    ),
    ("the card has no PIN", "kortet har ingen PIN"),
    (
        "the card has no right there",
        "kortet har ingen rettighet der",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_refused_at_a_desk_is_said_in_norwegian_and_nothing_is_lost_of_the_rest() {
        assert_eq!(
            norwegian("card-issue is not for the role reception-staff"),
            Some("card-issue er ikke for rollen reception-staff".to_owned())
        );
        let blocked = norwegian("the card is already blocked");
        assert_eq!(blocked.as_deref(), Some("kortet er allerede sperret"));
        assert_eq!(norwegian("the disk is on fire"), None);
    }
}
