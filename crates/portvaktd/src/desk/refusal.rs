//! Refusal: what an operator is told when the register refuses.

use control::{Code, Refusal};
use register::{
    ApprovalError, HoldError, HoursError, LifeError, OperatorError, RegisterError, ReviewError,
    RightError, StandInError, StockError, TenantError,
};

/// What an operator is told when the register refuses.
pub(crate) fn refusal(cause: &RegisterError) -> Refusal {
    Refusal::new(code(cause), cause)
}

fn code(cause: &RegisterError) -> Code {
    use {
        HoursError as H, RegisterError as E, RightError as R, StandInError as S, TenantError as T,
    };
    match cause {
        E::Life(cause) => of_life(*cause),
        E::Stock(cause) => of_stock(*cause),
        E::Review(cause) => of_review(cause),
        E::NoSuchOperator
        | E::NoSuchTenant
        | E::NoSuchContact
        | E::NoSuchIssuance
        | E::NoSuchDoor
        | E::Right(R::NoSuchGroup | R::NotThere)
        | E::NoPin
        | E::Hours(H::NoSuchSchedule | H::NoSuchDay { .. } | H::NoOrder)
        | E::Forgotten => Code::NotFound,
        E::Text(_)
        | E::Right(R::None | R::TooMany { .. } | R::Twice)
        | E::StandIn(S::NotForgotten)
        | E::Tenant(T::FollowsItself)
        | E::DuressIsPin
        | E::Hours(
            H::Schedule(_) | H::Name | H::NoDoors | H::TooManyHours { .. } | H::OrderEnded,
        )
        | E::Validity(_)
        | E::Hold(HoldError::Length { .. })
        | E::TooManyRows { .. } => Code::Usage,
        E::Approval(cause) => of_approval(cause),
        E::Operator(cause) => of_operator(*cause),
        E::TenantExists
        | E::ContactAmbiguous
        | E::ContactInactive
        | E::Tenant(T::NoResponsible | T::NotTheirs)
        | E::Ended
        | E::Transition { .. }
        | E::AlreadyBlocked
        | E::Hours(H::ScheduleInUse { .. })
        | E::NotBlocked
        | E::Lost(_)
        | E::NotReturned
        | E::Hold(HoldError::Held { .. } | HoldError::NotHeld)
        | E::StandIn(S::NotAnEmployees | S::OtherTenant | S::Twice)
        | E::ReturnDutyNotTold
        | E::InPersonNeeded
        | E::CardBound { .. }
        | E::RecordsPending { .. }
        | E::PlanStale
        | E::ImportProblems { .. } => Code::Refused,
        E::Storage(_)
        | E::Keys(_)
        | E::Unsealable { .. }
        | E::NumbersExhausted { .. }
        | E::Allowlist(_) => Code::Failed,
    }
}

fn of_approval(cause: &ApprovalError) -> Code {
    use ApprovalError as A;
    match cause {
        A::NotWaiting => Code::NotFound,
        A::TooLong { .. } => Code::Usage,
        A::TooMany { .. }
        | A::Expired
        | A::Own
        | A::OtherRequester
        | A::AwaitsTenant
        | A::NotAtOnce => Code::Refused,
    }
}

fn of_life(cause: LifeError) -> Code {
    use LifeError as L;
    match cause {
        L::NothingToChange | L::EndNeeded | L::NotAnEmployees => Code::Usage,
        L::BeyondTemplate
        | L::HolderFixed
        | L::OtherTenant
        | L::NotActive
        | L::Lost
        | L::NotVouched
        | L::NotUnsure
        | L::NotANewHires
        | L::HolderUnknown
        | L::HolderKnown
        | L::BeyondTheDay
        | L::ReplacedTwice => Code::Refused,
    }
}

fn of_operator(cause: OperatorError) -> Code {
    use OperatorError as O;
    match cause {
        O::NoDelegation => Code::NotFound,
        O::NoRole
        | O::HrWithoutTenant
        | O::TenantWithoutHr
        | O::NoChange
        | O::DelegationEnded
        | O::DelegationTooLong => Code::Usage,
        O::Exists
        | O::NotTheFirst
        | O::Own
        | O::Held { .. }
        | O::NotHeld { .. }
        | O::LastApprover
        | O::NotTheirs { .. }
        | O::DelegationOverlaps
        | O::TooManyDelegations => Code::Refused,
    }
}

const fn of_stock(cause: StockError) -> Code {
    match cause {
        StockError::NoSuch => Code::NotFound,
        StockError::Known { .. }
        | StockError::AlreadyBlocked
        | StockError::NotBlocked
        | StockError::Blocked { .. }
        | StockError::Lost { .. }
        | StockError::Lent { .. }
        | StockError::NotLost => Code::Refused,
    }
}

fn of_review(cause: &ReviewError) -> Code {
    use ReviewError as V;
    match cause {
        V::NoSuchReview | V::None => Code::NotFound,
        V::NothingNarrower | V::NotEarlier { .. } | V::EndPassed | V::BeforeBeginning => {
            Code::Usage
        }
        V::Open { .. }
        | V::Signed
        | V::QuarterDone { .. }
        | V::QuarterAhead { .. }
        | V::BeforeTheHouse { .. }
        | V::NotInReview
        | V::Undecided { .. } => Code::Refused,
    }
}
