//! The policy: which act of the role table each request is. One table; what it does not know cannot be asked.

#[cfg(test)]
pub(super) mod matrix;

use access::role::Act;
use control::Request;
use control::request::approval::ApprovalRequest;
use control::request::backup::BackupRequest;
use control::request::charge::ChargeRequest;
use control::request::house::HouseRequest;
use control::request::integrity::IntegrityRequest;
use control::request::life::LifeRequest;
use control::request::operator::OperatorRequest;
use control::request::person::PersonRequest;
use control::request::pin::PinRequest;
use control::request::reader::ReaderRequest;
use control::request::review::ReviewRequest;
use control::request::right::RightRequest;
use control::request::schedule::{HolidayRequest, ScheduleRequest};
use control::request::stock::StockRequest;
use control::request::tenant::TenantRequest;

/// The name a request has in the log, and the act its asker needs.
pub(crate) fn of(request: &Request) -> (&'static str, Act) {
    match request {
        Request::Hello { .. } => ("hello", Act::ReadStatus),
        Request::Status {} => ("status", Act::ReadStatus),
        Request::CardIssue(_) => ("card-issue", Act::IssueCard),
        Request::CardActivate(_) => ("card-activate", Act::IssueCard),
        Request::CardArrived { .. } => ("card-arrived", Act::IssueCard),
        Request::CardNotify { .. } => ("card-notify", Act::IssueCard),
        Request::CardBlock(_) => ("card-block", Act::ChangeCard),
        Request::CardUnblock(_) => ("card-unblock", Act::ChangeCard),
        Request::CardLost { .. } => ("card-lost", Act::ChangeCard),
        Request::CardFound { .. } => ("card-found", Act::ChangeCard),
        Request::CardReturn(_) => ("card-return", Act::ChangeCard),
        Request::CardHold(_) => ("card-hold", Act::ManageCases),
        Request::CardHoldEnd { .. } => ("card-hold-end", Act::ManageCases),
        Request::CardShow { .. } => ("card-show", Act::ReadHolder),
        Request::CardFind { .. } => ("card-find", Act::ReadHolder),
        Request::CardLastRead { .. } => ("card-last-read", Act::IssueCard),
        Request::CardTrace { .. } => ("card-trace", Act::IssueCard),
        Request::CardList(_) => ("card-list", Act::ListCards),
        Request::CardImportBegin { .. }
        | Request::CardImportRows { .. }
        | Request::CardImportEnd {} => ("card-import", Act::IssueCard),
        Request::Stock(wish) => of_stock(wish),
        Request::Charge(wish) => of_charge(wish),
        Request::CardLife(wish) => of_life(wish),
        Request::CardPin(wish) => of_pin(wish),
        Request::Backup(wish) => of_backup(wish),
        Request::Integrity(wish) => of_integrity(wish),
        Request::Right(wish) => of_right(wish),
        Request::Approval(wish) => of_approval(wish),
        Request::Review(wish) => of_review(wish),
        Request::Schedule(wish) => of_schedule(wish),
        Request::Holiday(wish) => of_holiday(wish),
        Request::DoorList {} => ("door-list", Act::ReadStatus),
        Request::DoorOpen { .. } => ("door-open", Act::OpenDoor),
        Request::Reader(wish) => of_reader(wish),
        Request::LineList {} => ("line-list", Act::ReadStatus),
        Request::TenantAdd { .. } => ("tenant-add", Act::ManageTenants),
        // It names contact persons, who are needed for the act at hand.
        Request::TenantList {} => ("tenant-list", Act::ReadHolder),
        Request::TenantContact(_) => ("tenant-contact", Act::ManageTenants),
        Request::Tenant(wish) => of_tenant(wish),
        Request::Person(wish) => of_person(wish),
        Request::Operator(wish) => of_operator(wish),
        Request::RetentionShow {} => ("retention-show", Act::ReadStatus),
        Request::RetentionSet { .. } => ("retention-set", Act::ManageCases),
        Request::LogShow(_) => ("log-show", Act::ReadLog),
        Request::LogFollow(_) => ("log-follow", Act::ReadLog),
        Request::LogStatus {} => ("log-status", Act::ReadStatus),
        Request::LogCheckpoint { .. } => ("log-checkpoint", Act::ReadStatus),
        Request::WitnessList {} => ("witness-list", Act::ReadStatus),
        // Nobody can push what log and witness did not both sign, and nothing older than what is there.
        Request::WitnessPush { .. } => ("witness-push", Act::ReadStatus),
        Request::House(wish) => of_house(wish),
        Request::Why { .. } => ("why", Act::ReadLog),
    }
}

fn of_house(wish: &HouseRequest) -> (&'static str, Act) {
    match wish {
        HouseRequest::OrderMode { .. } => ("door-mode", Act::SetDoorMode),
        HouseRequest::EndMode { .. } => ("door-mode-end", Act::SetDoorMode),
        HouseRequest::SetHours { .. } => ("door-hours", Act::SetDoorMode),
        HouseRequest::LockDown { .. } => ("door-lockdown", Act::Lockdown),
        HouseRequest::Release { .. } => ("door-release", Act::SetDoorMode),
        HouseRequest::TestOpen { .. } => ("reader-test-open", Act::Commission),
        HouseRequest::AreaList {} => ("area-list", Act::ReadStatus),
        HouseRequest::AreaMuster { .. } => ("area-muster", Act::ListCards),
        // The card may enter where it might not; of a whole area, the rule is set aside as by a door's mode.
        HouseRequest::AreaForgiveCard { .. } => ("area-forgive-card", Act::WidenCard),
        HouseRequest::AreaForgive { .. } => ("area-forgive", Act::SetDoorMode),
        HouseRequest::ConfirmClock { .. } => ("clock-confirm", Act::SetDoorMode),
        HouseRequest::WhyEvent { .. } => ("why-event", Act::ReadLog),
    }
}

fn of_reader(wish: &ReaderRequest) -> (&'static str, Act) {
    match wish {
        ReaderRequest::List {} => ("reader-list", Act::ReadStatus),
        ReaderRequest::Show { .. } => ("reader-show", Act::ReadStatus),
        ReaderRequest::SetKey { .. } => ("reader-set-key", Act::Commission),
        ReaderRequest::RotateKey { .. } => ("reader-rotate-key", Act::Commission),
        ReaderRequest::Pair(_) => ("reader-pair", Act::Commission),
        ReaderRequest::AcceptSwap { .. } => ("reader-accept-swap", Act::Commission),
        ReaderRequest::Comset(_) => ("reader-comset", Act::Commission),
        ReaderRequest::FirmwareBegin(_)
        | ReaderRequest::FirmwarePart { .. }
        | ReaderRequest::FirmwareEnd {} => ("reader-firmware", Act::Commission),
        ReaderRequest::FirmwareCancel { .. } => ("reader-firmware-cancel", Act::Commission),
        ReaderRequest::Identify(_) => ("reader-identify", Act::Commission),
    }
}

/// What goes beyond what was issued needs more, which is asked once the issuance is known.
fn of_life(wish: &LifeRequest) -> (&'static str, Act) {
    match wish {
        LifeRequest::Change(_) => ("card-change", Act::ChangeCard),
        LifeRequest::Undo { .. } => ("card-undo", Act::ChangeCard),
        LifeRequest::Vouch { .. } => ("card-vouch", Act::IssueCard),
        LifeRequest::Form { .. } => ("card-form", Act::ReadHolder),
    }
}

fn of_operator(wish: &OperatorRequest) -> (&'static str, Act) {
    match wish {
        OperatorRequest::Add { .. } => ("operator-add", Act::ManageOperators),
        OperatorRequest::Role { .. } => ("operator-role", Act::ManageOperators),
        OperatorRequest::Training { .. } => ("operator-training", Act::ManageOperators),
        OperatorRequest::Delegate { .. } => ("operator-delegate", Act::ManageOperators),
        OperatorRequest::EndDelegation { .. } => ("operator-delegate-end", Act::ManageOperators),
        OperatorRequest::Remove { .. } => ("operator-remove", Act::ManageOperators),
        OperatorRequest::List {} => ("operator-list", Act::ReadStatus),
    }
}

fn of_pin(wish: &PinRequest) -> (&'static str, Act) {
    match wish {
        PinRequest::Set { .. } => ("card-pin-set", Act::IssueCard),
        PinRequest::Clear { .. } => ("card-pin-clear", Act::ChangeCard),
    }
}

/// An export hands names over: it is for those who may register them, whose acts made the charges.
fn of_charge(wish: &ChargeRequest) -> (&'static str, Act) {
    match wish {
        ChargeRequest::List { .. } => ("charge-list", Act::ListCards),
        ChargeRequest::Export { .. } => ("charge-export", Act::IssueCard),
    }
}

fn of_backup(wish: &BackupRequest) -> (&'static str, Act) {
    match wish {
        BackupRequest::Create { .. } => ("backup-create", Act::ManageBackups),
        BackupRequest::List {} => ("backup-list", Act::ManageBackups),
        BackupRequest::Shreds {} => ("backup-shreds", Act::ManageBackups),
    }
}

fn of_integrity(wish: &IntegrityRequest) -> (&'static str, Act) {
    match wish {
        IntegrityRequest::Reconcile {} => ("log-reconcile", Act::ReadLogByPerson),
    }
}

/// Taking a card into the stock is making it ready to be issued; who does that also takes it out.
fn of_stock(wish: &StockRequest) -> (&'static str, Act) {
    match wish {
        StockRequest::Add { .. } => ("card-stock-add", Act::IssueCard),
        StockRequest::Remove { .. } => ("card-stock-remove", Act::IssueCard),
        StockRequest::List {} => ("card-stock-list", Act::ListCards),
        StockRequest::Block { .. } => ("card-stock-block", Act::ChangeCard),
        StockRequest::Unblock { .. } => ("card-stock-unblock", Act::ChangeCard),
        StockRequest::Found { .. } => ("card-stock-found", Act::ChangeCard),
    }
}

fn of_right(wish: &RightRequest) -> (&'static str, Act) {
    match wish {
        RightRequest::Grant(_) => ("right-grant", Act::WidenCard),
        RightRequest::Revoke { .. } => ("right-revoke", Act::ChangeCard),
        RightRequest::List { .. } => ("right-list", Act::ListCards),
    }
}

/// Which of what waits is theirs to approve or see is told by what waits, so the verb asks that.
fn of_approval(wish: &ApprovalRequest) -> (&'static str, Act) {
    match wish {
        ApprovalRequest::List {} => ("approval-list", Act::ListCards),
        ApprovalRequest::Show { .. } => ("approval-show", Act::AttendApproval),
        ApprovalRequest::Approve { .. } => ("approval-approve", Act::Approve),
        ApprovalRequest::Refuse { .. } => ("approval-refuse", Act::AttendApproval),
    }
}

fn of_review(wish: &ReviewRequest) -> (&'static str, Act) {
    match wish {
        ReviewRequest::Open { .. } => ("review-open", Act::DecideReview),
        // Under pseudonyms, and without a reason: what every role may read in the log.
        ReviewRequest::List {} => ("review-list", Act::ReadLog),
        ReviewRequest::Show(_) => ("review-show", Act::ReadLog),
        ReviewRequest::Report { .. } => ("review-report", Act::ReadLog),
        ReviewRequest::Decide { .. } | ReviewRequest::DecideMany(_) => {
            ("review-decide", Act::DecideReview)
        }
        ReviewRequest::Sign { .. } => ("review-sign", Act::SignReview),
        ReviewRequest::Recertify { .. } => ("review-recertify", Act::DecideReview),
    }
}

fn of_schedule(wish: &ScheduleRequest) -> (&'static str, Act) {
    match wish {
        ScheduleRequest::Set { .. } => ("schedule-set", Act::ManageTenants),
        ScheduleRequest::Remove { .. } => ("schedule-remove", Act::ManageTenants),
        ScheduleRequest::List {} => ("schedule-list", Act::ReadStatus),
        ScheduleRequest::Show { .. } => ("schedule-show", Act::ReadStatus),
    }
}

fn of_person(wish: &PersonRequest) -> (&'static str, Act) {
    match wish {
        // It ends cards, as a return does, and asks holders' names for it.
        PersonRequest::Leave { .. } => ("person-leave", Act::ChangeCard),
        PersonRequest::LeaveOperator { .. } => ("person-leave-operator", Act::ManageOperators),
    }
}

fn of_tenant(wish: &TenantRequest) -> (&'static str, Act) {
    match wish {
        TenantRequest::Add { .. } => ("tenant-add", Act::ManageTenants),
        TenantRequest::Rule { .. } => ("tenant-rule", Act::ManageTenants),
        TenantRequest::Responsible { .. } => ("tenant-contact", Act::ManageTenants),
        TenantRequest::ContactLeave { .. } => ("tenant-contact-leave", Act::ManageTenants),
        TenantRequest::LeaversBegin { .. }
        | TenantRequest::LeaversRows { .. }
        | TenantRequest::LeaversEnd {} => ("tenant-leavers", Act::ManageTenants),
    }
}

fn of_holiday(wish: &HolidayRequest) -> (&'static str, Act) {
    match wish {
        HolidayRequest::Set { .. } => ("holiday-set", Act::ManageTenants),
        HolidayRequest::Remove { .. } => ("holiday-remove", Act::ManageTenants),
        HolidayRequest::List {} => ("holiday-list", Act::ReadStatus),
    }
}

#[cfg(test)]
mod tests {
    use access::role::{Permission, Role, permission};

    use super::*;

    #[test]
    fn m03_reception_staff_set_no_pin_and_give_no_right_and_no_hours() {
        for (wanted, may) in [
            (
                r#"{"verb":"card-pin","act":"set","issuance":"P-3F7K2Q","pin":"159268"}"#,
                false,
            ),
            (
                r#"{"verb":"card-pin","act":"clear","issuance":"P-3F7K2Q"}"#,
                true,
            ),
            (
                r#"{"verb":"right","act":"grant","issuance":"P-3F7K2Q","rights":[],"reason":"r"}"#,
                false,
            ),
            (
                r#"{"verb":"right","act":"revoke","issuance":"P-3F7K2Q","place":"p","reason":"r"}"#,
                true,
            ),
            (
                r#"{"verb":"schedule","act":"set","schedule":"s","windows":[]}"#,
                false,
            ),
            (r#"{"verb":"holiday","act":"remove","day":"12-25"}"#, false),
            (r#"{"verb":"card-lost","issuance":"P-3F7K2Q"}"#, true),
            (r#"{"verb":"card-found","issuance":"P-3F7K2Q"}"#, true),
            (r#"{"verb":"card-trace","card":{"stock":"S-014"}}"#, false),
            (
                r#"{"verb":"stock","act":"add","card":{"stock":"S-014"}}"#,
                false,
            ),
            (r#"{"verb":"stock","act":"block","stock":"S-014"}"#, true),
            (r#"{"verb":"charge","act":"list"}"#, true),
            (r#"{"verb":"charge","act":"export"}"#, false),
            (
                r#"{"verb":"card-life","act":"vouch","issuance":"P-3F7K2Q","superior":"S"}"#,
                false,
            ),
            (
                r#"{"verb":"card-life","act":"change","issuance":"P-3F7K2Q","firm":"F"}"#,
                true,
            ),
        ] {
            let (verb, act) = of(&serde_json::from_str(wanted).unwrap());
            let given = permission(&[Role::ReceptionStaff], act) == Permission::May;
            assert_eq!(given, may, "{verb}");
            assert_eq!(permission(&[Role::Technician], act), Permission::May);
            assert_eq!(permission(&[Role::OperationsManager], act), Permission::May);
        }
    }

    #[test]
    fn only_technicians_touch_readers_keys() {
        for wanted in [
            r#"{"verb":"reader-set-key","reader":"r","key":"00112233445566778899aabbccddeeff"}"#,
            r#"{"verb":"reader-rotate-key","reader":"r"}"#,
            r#"{"verb":"reader-pair","reader":"r","for_s":300}"#,
            r#"{"verb":"reader-accept-swap","reader":"r"}"#,
        ] {
            let (verb, act) = of(&serde_json::from_str(wanted).unwrap());
            for role in Role::ALL {
                let may = permission(&[role], act) == Permission::May;
                assert_eq!(may, role == Role::Technician, "{verb} {role}");
            }
        }
    }
}
