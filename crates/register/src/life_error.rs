//! Life errors: what may not happen to an issuance between its registration and its return.

use std::fmt;

/// What is wrong with a change of an issuance, or with what it waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LifeError {
    /// Nothing is to be different.
    NothingToChange,
    /// It goes beyond what was issued, which is issuing.
    BeyondTemplate,
    /// A card that was made live keeps its holder.
    HolderFixed,
    /// The holder went with a lost disk, and is registered anew as a whole.
    HolderUnknown,
    /// Who identified the holder is written down already.
    HolderKnown,
    /// The contact person, or the card to be replaced, is another tenant's.
    OtherTenant,
    /// A visitor's card without an end (M8).
    EndNeeded,
    /// A forgotten card that would open past the end of the working day (M9).
    BeyondTheDay,
    /// Another plastic for an issuance that has none.
    NotActive,
    /// Another plastic for one that is reported lost.
    Lost,
    /// Its superior was not heard yet (M13).
    NotVouched,
    /// Nobody was unsure of the holder.
    NotUnsure,
    /// Only an employee's card replaces another.
    NotAnEmployees,
    /// Only a new hire's card is replaced.
    NotANewHires,
    /// One of the two is linked already.
    ReplacedTwice,
}

impl fmt::Display for LifeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NothingToChange => "nothing is to be changed; say what",
            Self::BeyondTemplate => {
                "that goes beyond what was issued; somebody who may issue cards does it"
            }
            Self::HolderFixed => {
                "a card that was made live keeps its holder; return it and issue another"
            }
            Self::HolderUnknown => {
                "its holder went with a lost disk; register them anew as a whole: name, firm, mobile and who or what identified them"
            }
            Self::HolderKnown => {
                "who or what identified its holder is registered already, and stays as it is"
            }
            Self::OtherTenant => {
                "that is another tenant's; a card stays with the tenant it was issued for"
            }
            Self::EndNeeded => "a visitor's card always has an end",
            Self::BeyondTheDay => {
                "a forgotten card ends with the working day it begins in; give an earlier end, or issue another kind of card"
            }
            Self::NotActive => "no card is bound to it; activate it instead",
            Self::Lost => "it is reported lost; return it and issue another",
            Self::NotVouched => "it waits for the superior's word; enter that with card vouch",
            Self::NotUnsure => "nobody was unsure of its holder, so nothing is to be vouched for",
            Self::NotAnEmployees => "only an employee's card replaces another",
            Self::NotANewHires => "only a new hire's card is replaced by an employee's",
            Self::ReplacedTwice => "one of the two cards is already linked to another",
        })
    }
}

impl std::error::Error for LifeError {}
