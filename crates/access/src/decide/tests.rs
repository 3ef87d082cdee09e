//! Tests of decisions: the order of the rules, and when all of them hold.

use proptest::prelude::*;

use super::*;
use crate::{
    AllowlistBuilder, CardEntry, DoorMode, IssuanceId, KeySlot, Right, Standing, Validity, explain,
};

const MAIN: DoorId = DoorId::new(1);
const READER: ReaderId = ReaderId::new(7);
const TAG: CardTag = CardTag::new([5; 16]);
const HOLDER: Holder = Holder {
    issuance: IssuanceId::from_random(42),
    slot: KeySlot::new(3),
};

fn at(micros: i64) -> UtcMicros {
    UtcMicros::from_micros(micros)
}

fn span(from: i64, until: Option<i64>) -> Validity {
    Validity::new(at(from), until.map(at)).unwrap()
}

fn list(standing: Standing, valid: Validity, rights: &[(DoorId, Validity)]) -> Allowlist {
    let rights = rights
        .iter()
        .map(|(door, valid)| Right::on(*door, *valid))
        .collect();
    let mut builder = AllowlistBuilder::default();
    builder
        .add(CardEntry {
            rights,
            ..CardEntry::new(TAG, HOLDER, standing, valid)
        })
        .unwrap();
    builder.finish(Generation::new(9)).unwrap()
}

fn house(mode: Option<DoorMode>) -> HouseState {
    let mut house = HouseState::new();
    mode.into_iter().for_each(|mode| house.set_mode(MAIN, mode));
    house
}

fn reason(list: &Allowlist, house: &HouseState, now: i64) -> Reason {
    let request = Request::card(TAG, MAIN, READER);
    match decide(list, house, &request, at(now)) {
        Decision::Allow(_) => Reason::Ok,
        Decision::Deny(denial) => denial.reason(),
    }
}

#[test]
fn a_grant_says_who_where_and_by_which_generation() {
    let list = list(Standing::Active, span(0, None), &[(MAIN, span(0, None))]);
    let request = Request::card(TAG, MAIN, READER);
    let granted = Grant {
        holder: HOLDER,
        door: MAIN,
        reader: READER,
        generation: Generation::new(9),
        remarks: Remarks::default(),
    };
    assert_eq!(
        decide(&list, &house(Some(DoorMode::Card)), &request, at(1)),
        Decision::Allow(granted)
    );
    let stranger = Request {
        tag: CardTag::new([6; 16]),
        ..request
    };
    let Decision::Deny(denial) = decide(&list, &house(Some(DoorMode::Card)), &stranger, at(1))
    else {
        panic!("let in")
    };
    assert_eq!(
        (denial.reason(), denial.holder(), denial.generation()),
        (Reason::UnknownCard, None, Generation::new(9))
    );
}

#[test]
fn m08_a_card_is_refused_from_exactly_its_end() {
    let card = list(
        Standing::Active,
        span(1_000, Some(2_000)),
        &[(MAIN, span(0, None))],
    );
    let right = list(
        Standing::Active,
        span(0, None),
        &[(MAIN, span(1_000, Some(2_000)))],
    );
    for list in [card, right] {
        let said: Vec<Reason> = [999, 1_000, 1_001, 1_999, 2_000, 2_001]
            .map(|now| reason(&list, &house(Some(DoorMode::Card)), now))
            .into();
        let (early, late) = (Reason::NotYetValid, Reason::Expired);
        assert_eq!(
            said,
            [early, Reason::Ok, Reason::Ok, Reason::Ok, late, late]
        );
    }
}

#[test]
fn rules_speak_in_order() {
    let all_wrong = list(Standing::Lost, span(10, None), &[]);
    assert_eq!(reason(&all_wrong, &house(None), 5), Reason::Lost);
    assert_eq!(
        reason(
            &list(Standing::Active, span(10, None), &[]),
            &house(None),
            5
        ),
        Reason::NotYetValid
    );
    assert_eq!(
        reason(&list(Standing::Active, span(0, None), &[]), &house(None), 5),
        Reason::NoRight
    );
    let right = [(MAIN, span(0, None))];
    assert_eq!(
        reason(
            &list(Standing::Active, span(0, None), &right),
            &house(None),
            5
        ),
        Reason::DoorLocked
    );
}

#[test]
fn m23_a_new_person_opens_no_door() {
    let list = list(Standing::Active, span(0, None), &[]);
    assert_eq!(
        reason(&list, &house(Some(DoorMode::Unlocked)), 5),
        Reason::NoRight
    );
}

#[test]
fn one_right_of_several_is_enough() {
    let rights = [
        (MAIN, span(0, Some(10))),
        (DoorId::new(2), span(0, None)),
        (MAIN, span(20, Some(30))),
    ];
    let list = list(Standing::Active, span(0, None), &rights);
    let said = [5, 10, 19, 20, 30].map(|now| reason(&list, &house(Some(DoorMode::Card)), now));
    assert_eq!(
        said,
        [
            Reason::Ok,
            Reason::NotYetValid,
            Reason::NotYetValid,
            Reason::Ok,
            Reason::Expired
        ]
    );
}

prop_compose! {
    fn any_span()(from in 0_i64..20, length in proptest::option::of(1_i64..20)) -> Validity {
        span(from, length.map(|length| from + length))
    }
}

fn any_standing() -> impl Strategy<Value = Standing> {
    use Standing::{Active, Blocked, Lost, Pending, Returned};
    prop_oneof![4 => Just(Active), 1 => Just(Pending), 1 => Just(Blocked), 1 => Just(Lost), 1 => Just(Returned)]
}

fn any_mode() -> impl Strategy<Value = Option<DoorMode>> {
    proptest::option::weighted(
        0.8,
        prop_oneof![
            Just(DoorMode::Locked),
            Just(DoorMode::Card),
            Just(DoorMode::Unlocked)
        ],
    )
}

proptest! {
    /// Half-open spans, spelt out a second time.
    #[test]
    fn a_card_gets_in_exactly_when_everything_holds(
        standing in any_standing(),
        valid in any_span(),
        rights in proptest::collection::vec((0_u16..3, any_span()), 0..4),
        mode in any_mode(),
        known: bool,
        now in 0_i64..40,
    ) {
        let holds = |span: &Validity| span.from().micros() <= now && span.until().is_none_or(|until| now < until.micros());
        let rights: Vec<(DoorId, Validity)> = rights.iter().map(|(door, span)| (DoorId::new(*door), *span)).collect();
        let right = rights.iter().any(|(door, span)| *door == MAIN && holds(span));
        let unlocked = matches!(mode, Some(DoorMode::Card | DoorMode::Unlocked));
        let expected = known && standing == Standing::Active && holds(&valid) && right && unlocked;

        let list = list(standing, valid, &rights);
        let tag = if known { TAG } else { CardTag::new([6; 16]) };
        let request = Request::card(tag, MAIN, READER);
        let decision = decide(&list, &house(mode), &request, at(now));
        let (allowed, reason) = match &decision {
            Decision::Allow(_) => (true, Reason::Ok),
            Decision::Deny(denial) => (false, denial.reason()),
        };
        prop_assert_eq!(allowed, expected);
        prop_assert_eq!(allowed, reason == Reason::Ok);

        let trace = explain(&list, &house(mode), &request, at(now));
        prop_assert_eq!(trace.reason, reason);
        prop_assert_eq!(trace.steps.len(), if known { 1 + RULES.len() } else { 1 });
    }
}
