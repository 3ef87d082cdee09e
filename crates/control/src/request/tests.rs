//! Every request as it stands on the wire.

use super::*;

/// Every request, as it stands on the wire. Never edited: added to.
const GOLDEN: &[&str] = &[
    r#"{"verb":"hello","version":1}"#,
    r#"{"verb":"status"}"#,
    r#"{"verb":"backup","act":"create","passphrase":"correct horse battery"}"#,
    r#"{"verb":"backup","act":"list"}"#,
    r#"{"verb":"backup","act":"shreds"}"#,
    r#"{"verb":"card-issue","kind":"supplier","name":"Kari Nordmann","firm":"Rør AS","mobile":"+47 900 00 000","contact":"Ola","tenant":"Kommunen","doors":["main"],"valid_until":"2026-11-23T15:00:00.000000Z","identified_by":"passport","card":{"present":{"reader":"main-in","wait_s":60}},"return_duty_told":true}"#,
    r#"{"verb":"card-issue","kind":"employee","name":"Kari Nordmann","firm":"Rør AS","mobile":"+47 900 00 000","contact":"Ola","tenant":"Kommunen","doors":[],"rights":[{"place":"yard","schedule":"office"}],"identified_by":"passport","return_duty_told":false}"#,
    r#"{"verb":"card-issue","kind":"forgotten","name":"Kari Nordmann","firm":"Rør AS","mobile":"+47 900 00 000","contact":"Ola","tenant":"Kommunen","doors":["main"],"instead_of":"P-3F7K2Q","valid_until":"2026-11-23T15:00:00.000000Z","identified_by":"passport","return_duty_told":false}"#,
    r#"{"verb":"card-issue","kind":"employee","name":"Kari Nordmann","firm":"Rør AS","mobile":"+47 900 00 000","contact":"Ola","tenant":"Kommunen","doors":["main"],"identified_by":"passport","return_duty_told":false,"uncertain":true,"replaces":"P-3F7K2Q"}"#,
    r#"{"verb":"card-issue","kind":"supplier","name":"Kari Nordmann","firm":"Rør AS","mobile":"+47 900 00 000","contact":"Ola","tenant":"Kommunen","doors":["main"],"valid_until":"2026-11-23T15:00:00.000000Z","identified_by":"passport","signed_at":"2026-11-22T08:14:03.123456Z","return_duty_told":false}"#,
    r#"{"verb":"card-activate","issuance":"P-3F7K2Q","card":{"credential":{"number":{"format":"H10301","facility":123,"number":45678}}},"return_duty_told":true}"#,
    r#"{"verb":"card-activate","issuance":"P-3F7K2Q","card":{"credential":{"raw":{"hex":"deadbe","bits":24}}},"return_duty_told":true}"#,
    r#"{"verb":"card-arrived","issuance":"P-3F7K2Q"}"#,
    r#"{"verb":"card-notify","issuance":"P-3F7K2Q"}"#,
    r#"{"verb":"card-block","issuance":"P-3F7K2Q","reason":"left at the gym"}"#,
    r#"{"verb":"card-unblock","issuance":"P-3F7K2Q","reason":"found"}"#,
    r#"{"verb":"card-lost","issuance":"P-3F7K2Q"}"#,
    r#"{"verb":"card-found","issuance":"P-3F7K2Q"}"#,
    r#"{"verb":"charge","act":"list","since":"2026-11-01T00:00:00.000000Z","until":"2026-12-01T00:00:00.000000Z"}"#,
    r#"{"verb":"charge","act":"export"}"#,
    r#"{"verb":"charge","act":"export","since":"2026-11-01T00:00:00.000000Z","again":true}"#,
    r#"{"verb":"card-return","issuance":"P-3F7K2Q","form_shredded":true}"#,
    r#"{"verb":"card-hold","issuance":"P-3F7K2Q","until":"2026-12-24T00:00:00.000000Z","reason":"case 2026-7"}"#,
    r#"{"verb":"card-hold-end","issuance":"P-3F7K2Q"}"#,
    r#"{"verb":"card-show","issuance":"P-3F7K2Q"}"#,
    r#"{"verb":"card-find","name":"Kari"}"#,
    r#"{"verb":"card-last-read","reader":"desk"}"#,
    r#"{"verb":"card-trace","card":{"present":{"reader":"desk","wait_s":60}}}"#,
    r#"{"verb":"card-activate","issuance":"P-3F7K2Q","card":{"stock":"S-014"},"return_duty_told":true}"#,
    r#"{"verb":"stock","act":"add","card":{"credential":{"number":{"format":"H10301","facility":123,"number":45678}}}}"#,
    r#"{"verb":"stock","act":"list"}"#,
    r#"{"verb":"stock","act":"block","stock":"S-014"}"#,
    r#"{"verb":"stock","act":"unblock","stock":"S-014"}"#,
    r#"{"verb":"stock","act":"found","stock":"S-014"}"#,
    r#"{"verb":"stock","act":"remove","stock":"S-014"}"#,
    r#"{"verb":"card-list","state":"active","kind":"new-hire","limit":10}"#,
    r#"{"verb":"card-list","due":{"between":{"from":"2026-11-23T00:00:00.000000Z","until":"2026-11-24T00:00:00.000000Z"}}}"#,
    r#"{"verb":"card-list","due":{"overdue":{}}}"#,
    r#"{"verb":"card-life","act":"change","issuance":"P-3F7K2Q","valid_from":"2026-11-23T00:00:00.000000Z","valid_until":"2026-12-24T14:00:00.000000Z","name":"Kari","firm":"F","mobile":"1","contact":"Ola","replaces":"P-3F7K2Q","card":{"present":{"reader":"main-in","wait_s":60}}}"#,
    r#"{"verb":"card-life","act":"change","issuance":"P-3F7K2Q","without_end":true}"#,
    r#"{"verb":"card-life","act":"change","issuance":"P-3F7K2Q","name":"Kari","firm":"F","mobile":"1","identified_by":"passport"}"#,
    r#"{"verb":"card-life","act":"undo","issuance":"P-3F7K2Q"}"#,
    r#"{"verb":"card-life","act":"vouch","issuance":"P-3F7K2Q","superior":"Siv","said":"yes, she begins today"}"#,
    r#"{"verb":"card-life","act":"form","issuance":"P-3F7K2Q"}"#,
    r#"{"verb":"card-import-begin","rows":1}"#,
    r#"{"verb":"card-import-rows","rows":[{"line":2,"card":{"number":{"format":"H10301","facility":1,"number":2}},"name":"Kari","firm":"F","mobile":"1","contact":"Ola","tenant":"T","doors":["main"],"kind":"employee"}]}"#,
    r#"{"verb":"card-import-end"}"#,
    r#"{"verb":"card-pin","act":"set","issuance":"P-3F7K2Q","pin":"159268","duress":"260415"}"#,
    r#"{"verb":"card-pin","act":"clear","issuance":"P-3F7K2Q"}"#,
    r#"{"verb":"right","act":"grant","issuance":"P-3F7K2Q","rights":[{"place":"main"},{"place":"yard","schedule":"office"}],"valid_until":"2026-12-24T00:00:00.000000Z","reason":"the boiler"}"#,
    r#"{"verb":"right","act":"revoke","issuance":"P-3F7K2Q","place":"yard","reason":"mended"}"#,
    r#"{"verb":"right","act":"list","issuance":"P-3F7K2Q"}"#,
    r#"{"verb":"integrity","act":"reconcile"}"#,
    r#"{"verb":"approval","act":"list"}"#,
    r#"{"verb":"approval","act":"show","approval":"A-12"}"#,
    r#"{"verb":"approval","act":"approve","approval":"B-3"}"#,
    r#"{"verb":"approval","act":"refuse","approval":"P-3F7K2Q","reason":"not ours"}"#,
    r#"{"verb":"review","act":"open","quarter":"2026-Q4"}"#,
    r#"{"verb":"review","act":"open"}"#,
    r#"{"verb":"review","act":"list"}"#,
    r#"{"verb":"review","act":"show"}"#,
    r#"{"verb":"review","act":"show","review":3,"undecided":true,"tenant":"Kommunen"}"#,
    r#"{"verb":"review","act":"decide","review":3,"decisions":[{"issuance":"P-3F7K2Q","verdict":"keep","reason":"needed"},{"issuance":"P-3F7K2Q","place":"yard","verdict":"revoke","reason":"mended"},{"issuance":"P-3F7K2Q","verdict":"change","until":"2026-12-24T00:00:00.000000Z","without":["yard"],"reason":"less"}]}"#,
    r#"{"verb":"review","act":"decide-many","review":3,"tenant":"Kommunen","kind":"new-hire","verdict":"keep","reason":"at work"}"#,
    r#"{"verb":"review","act":"sign","review":3}"#,
    r#"{"verb":"review","act":"recertify","tenant":"Kommunen","reason":"at work"}"#,
    r#"{"verb":"review","act":"report","review":3}"#,
    r#"{"verb":"schedule","act":"set","schedule":"office","zone":"Europe/Oslo","windows":["mon-fri 08:00-16:00"]}"#,
    r#"{"verb":"schedule","act":"remove","schedule":"office"}"#,
    r#"{"verb":"schedule","act":"list"}"#,
    r#"{"verb":"schedule","act":"show","schedule":"office"}"#,
    r#"{"verb":"holiday","act":"set","day":"12-25","kind":"holiday"}"#,
    r#"{"verb":"holiday","act":"remove","day":"2026-12-24"}"#,
    r#"{"verb":"holiday","act":"list"}"#,
    r#"{"verb":"door-list"}"#,
    r#"{"verb":"door-open","door":"main","reason":"delivery"}"#,
    r#"{"verb":"reader-list"}"#,
    r#"{"verb":"reader-show","reader":"main-in"}"#,
    r#"{"verb":"reader-set-key","reader":"main-in","key":"00112233445566778899aabbccddeeff"}"#,
    r#"{"verb":"reader-rotate-key","reader":"main-in"}"#,
    r#"{"verb":"reader-pair","reader":"main-in","for_s":300}"#,
    r#"{"verb":"reader-pair","reader":"main-in","for_s":300,"replace":true}"#,
    r#"{"verb":"reader-accept-swap","reader":"main-in"}"#,
    r#"{"verb":"reader-comset","reader":"main-in","address":3,"baud":115200}"#,
    r#"{"verb":"reader-firmware-begin","reader":"main-in","octets":4096}"#,
    r#"{"verb":"reader-firmware-part","octets":"AAEC"}"#,
    r#"{"verb":"reader-firmware-end"}"#,
    r#"{"verb":"reader-firmware-cancel","reader":"main-in"}"#,
    r#"{"verb":"reader-identify","line":"north","bauds":[9600,115200]}"#,
    r#"{"verb":"line-list"}"#,
    r#"{"verb":"tenant-add","tenant":"Kommunen"}"#,
    r#"{"verb":"tenant-list"}"#,
    r#"{"verb":"tenant-contact","tenant":"Kommunen","name":"Ola","mobile":"1"}"#,
    r#"{"verb":"tenant","act":"add","tenant":"Kommunen","responsible":"Ola","mobile":"1"}"#,
    r#"{"verb":"tenant","act":"responsible","tenant":"Kommunen","name":"Ola"}"#,
    r#"{"verb":"tenant","act":"responsible","tenant":"Kommunen","name":"Eva","mobile":"2"}"#,
    r#"{"verb":"tenant","act":"rule","tenant":"Kommunen","employee_cards_by_hr":true}"#,
    r#"{"verb":"tenant","act":"contact-leave","tenant":"Kommunen","name":"Ola"}"#,
    r#"{"verb":"tenant","act":"contact-leave","tenant":"Kommunen","name":"Ola","mobile":"1","followed_by":"Eva"}"#,
    r#"{"verb":"tenant","act":"leavers-begin","tenant":"Kommunen","rows":2}"#,
    r#"{"verb":"tenant","act":"leavers-rows","rows":[{"line":2,"name":"Kari"},{"line":3,"name":"Per","mobile":"3","firm":"F","ends":"2026-12-31T23:00:00.000000Z"}]}"#,
    r#"{"verb":"tenant","act":"leavers-end"}"#,
    r#"{"verb":"person","act":"leave","issuance":"P-3F7K2Q"}"#,
    r#"{"verb":"person","act":"leave","issuance":"P-3F7K2Q","others":["P-7M2XK4"]}"#,
    r#"{"verb":"person","act":"leave-operator","user":"rita"}"#,
    r#"{"verb":"person","act":"leave-operator","user":"rita","cards":["P-3F7K2Q"]}"#,
    r#"{"verb":"operator","act":"add","user":"rita","roles":["receptionist","hr"],"tenant":"Kommunen"}"#,
    r#"{"verb":"operator","act":"role","user":"rita","add":["technician"],"remove":["hr"]}"#,
    r#"{"verb":"operator","act":"training","user":"rita","until":"2027-11-22T00:00:00.000000Z"}"#,
    r#"{"verb":"operator","act":"delegate","user":"rita","role":"daily-manager","from":"2026-12-24T00:00:00.000000Z","until":"2026-12-27T00:00:00.000000Z"}"#,
    r#"{"verb":"operator","act":"end-delegation","user":"rita","role":"daily-manager"}"#,
    r#"{"verb":"operator","act":"remove","user":"rita"}"#,
    r#"{"verb":"operator","act":"list"}"#,
    r#"{"verb":"retention-show"}"#,
    r#"{"verb":"retention-set","class":"passage","keep":"90d"}"#,
    r#"{"verb":"log-show","door":"main","since":"2026-11-22T00:00:00.000000Z","class":"passage","denied":true}"#,
    r#"{"verb":"log-show","denied":false,"card":"P-3F7K2Q","case":"2026-7","proven":true}"#,
    r#"{"verb":"log-show","denied":false,"person":"Kari Nordmann","case":"2026-7"}"#,
    r#"{"verb":"log-follow","denied":false}"#,
    r#"{"verb":"log-status"}"#,
    r#"{"verb":"log-checkpoint","old":812}"#,
    r#"{"verb":"witness-list"}"#,
    r#"{"verb":"witness-push","checkpoint":"o\n9\nr\n\n— w s\n"}"#,
    r#"{"verb":"why","card":{"issuance":"P-3F7K2Q"},"door":"main"}"#,
    r#"{"verb":"house","act":"order-mode","doors":{"doors":["main"],"groups":["floor-2"]},"mode":"unlocked","until":"2026-11-22T16:00:00.000000Z"}"#,
    r#"{"verb":"house","act":"end-mode","doors":{"doors":["main"]}}"#,
    r#"{"verb":"house","act":"set-hours","doors":{"doors":["main"]},"hours":[{"schedule":"office","mode":"unlocked","after_first_card":true}]}"#,
    r#"{"verb":"house","act":"lock-down","doors":{}}"#,
    r#"{"verb":"house","act":"release","doors":{"groups":["floor-2"]}}"#,
    r#"{"verb":"house","act":"test-open","reader":"main-in"}"#,
    r#"{"verb":"house","act":"area-list"}"#,
    r#"{"verb":"house","act":"area-muster","area":"office"}"#,
    r#"{"verb":"house","act":"area-forgive-card","issuance":"P-3F7K2Q"}"#,
    r#"{"verb":"house","act":"area-forgive","area":"office"}"#,
    r#"{"verb":"house","act":"confirm-clock","now":"2026-11-22T16:00:00.000000Z"}"#,
    r#"{"verb":"house","act":"why-event","index":184467}"#,
    r#"{"verb":"why","card":{"credential":{"number":{"format":"H10301","facility":1,"number":2}}},"door":"main","at":"2026-11-22T00:00:00.000000Z"}"#,
];

#[test]
fn every_request_reads_and_writes_the_same_bytes() {
    for golden in GOLDEN {
        let request: Request = serde_json::from_str(golden).unwrap();
        assert_eq!(&serde_json::to_string(&request).unwrap(), golden);
    }
}

#[test]
fn an_unknown_field_is_refused_in_every_request() {
    for golden in GOLDEN {
        let body = golden.strip_suffix('}').unwrap();
        let text = format!("{body},\"note\":1}}");
        let error = serde_json::from_str::<Request>(&text)
            .unwrap_err()
            .to_string();
        assert!(error.contains("unknown field `note`"), "{text}: {error}");
    }
}

#[test]
fn an_unknown_field_is_refused_inside_and_around_a_request() {
    for text in [
        r#"{"id":1,"request":{"verb":"status"},"as":"root"}"#,
        r#"{"id":1,"request":{"verb":"why","card":{"credential":{"number":{"format":"H10301","facility":1,"number":2,"pin":3}}},"door":"main"}}"#,
        r#"{"id":1,"request":{"verb":"card-import-rows","rows":[{"line":2,"card":{"number":{"format":"H10301","facility":1,"number":2}},"name":"K","firm":"F","mobile":"1","contact":"O","tenant":"T","doors":[],"kind":"employee","born":"1990"}]}}"#,
    ] {
        let error = serde_json::from_str::<Envelope>(text)
            .unwrap_err()
            .to_string();
        assert!(error.contains("unknown field"), "{text}: {error}");
    }
}

#[test]
fn what_is_no_verb_and_no_object_is_refused_whatever_it_begins_with() {
    for (text, says) in [
        (r#"{"verb":"dance"}"#, "unknown variant `dance`"),
        (
            r#"{"verb":"reader-dance"}"#,
            "unknown variant `reader-dance`",
        ),
        (r#"{"verb":"reader"}"#, "unknown variant `reader`"),
        (
            r#"{"reader":"main-in","for_s":300}"#,
            "missing field `verb`",
        ),
        (
            r#"{"verb":"status","verb":"reader-list"}"#,
            "duplicate field `verb`",
        ),
        ("7", "invalid type"),
        (r#"{"verb":"house","act":7}"#, "invalid type"),
        (r#"{"verb":7}"#, "invalid type"),
        (
            r#"{"verb":"house","act":"release","doors":[]}"#,
            "invalid type",
        ),
    ] {
        let refused = serde_json::from_str::<Request>(text).unwrap_err();
        assert!(refused.to_string().contains(says), "{text}: {refused}");
    }
}

#[test]
fn debug_shows_nothing_private() {
    let shown: String = GOLDEN
        .iter()
        .map(|golden| format!("{:?}", serde_json::from_str::<Request>(golden).unwrap()))
        .collect();
    for secret in [
        "Kari", "Rør", "900", "Ola", "passport", "45678", "deadbe", "0011", "17,", "1592", "2604",
    ] {
        assert!(!shown.contains(secret), "{secret} in {shown}");
    }
}

#[test]
fn dry_run_is_left_out_unless_set() {
    let mut envelope: Envelope =
        serde_json::from_str(r#"{"id":1,"request":{"verb":"status"}}"#).unwrap();
    assert!(!envelope.dry_run && !envelope.request.changes());
    envelope.dry_run = true;
    let text = serde_json::to_string(&envelope).unwrap();
    assert!(text.contains("\"dry_run\":true"));
}
