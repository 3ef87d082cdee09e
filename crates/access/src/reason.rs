//! Reasons: the one word in every passage record that says why.

use serde::{Deserialize, Serialize};

macro_rules! reasons {
    ($($(#[$meaning:meta])* $name:ident = $code:literal, $text:literal;)*) => {
        /// Why a card was let in or not; names and codes are stable.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum Reason {
            $($(#[$meaning])* $name,)*
        }

        impl Reason {
            /// Every reason, in the order of the codes.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The code in a record; stable.
            #[must_use]
            pub const fn code(self) -> u8 {
                match self {
                    $(Self::$name => $code,)*
                }
            }

            /// The reason with this code.
            #[must_use]
            pub const fn from_code(code: u8) -> Option<Self> {
                match code {
                    $($code => Some(Self::$name),)*
                    _ => None,
                }
            }

            /// The reason of this name.
            #[must_use]
            pub fn from_name(name: &str) -> Option<Self> {
                match name {
                    $($text => Some(Self::$name),)*
                    _ => None,
                }
            }

            /// The name in an event.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $text,)*
                }
            }
        }
    };
}

reasons! {
    /// Every rule was content.
    Ok = 0, "ok";
    /// No card with this tag is known.
    UnknownCard = 1, "unknown-card";
    /// The card or the right does not hold yet.
    NotYetValid = 2, "not-yet-valid";
    /// The card or the right has ended.
    Expired = 3, "expired";
    /// The card is blocked.
    Blocked = 4, "blocked";
    /// The card was reported lost.
    Lost = 5, "lost";
    /// The card was taken back.
    Returned = 6, "returned";
    /// The card waits for an approval or for its holder.
    Pending = 7, "pending";
    /// The card has no right on this door.
    NoRight = 8, "no-right";
    /// The right does not hold at this hour.
    OutsideSchedule = 9, "outside-schedule";
    /// The right does not hold on this special day.
    Holiday = 10, "holiday";
    /// The door lets nobody in, or nobody knows this door.
    DoorLocked = 11, "door-locked";
    /// The house is locked down.
    Lockdown = 12, "lockdown";
    /// The card was last seen on the other side.
    Passback = 13, "passback";
    /// Another door of the same lock must close first.
    Interlock = 14, "interlock";
    /// The door wants a PIN besides the card.
    PinNeeded = 15, "pin-needed";
    /// The PIN was wrong.
    PinWrong = 16, "pin-wrong";
    /// The door wants another person's card as well.
    SecondPersonNeeded = 17, "second-person-needed";
    /// The visitor's host must show a card first.
    EscortNeeded = 18, "escort-needed";
    /// The bits are in no format this reader reads.
    WrongFormat = 19, "wrong-format";
    /// The bits are in the reader's format, but a parity bit is wrong.
    Parity = 20, "parity";
    /// The reader is not in Secure Channel.
    ReaderNotSecure = 21, "reader-not-secure";
    /// The record could not be made durable.
    LogNotDurable = 22, "log-not-durable";
    /// The controller does not know the time.
    ClockUnknown = 23, "clock-unknown";
    /// The reader kept this read while it was offline; it is too late to act on.
    Buffered = 24, "buffered";
    /// Too many wrong PINs; none is taken for a while.
    PinLocked = 25, "pin-locked";
    /// A PIN was typed without a card where one is wanted.
    CardNeeded = 26, "card-needed";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_codes_are_the_promised_ones() {
        let names: Vec<&str> = Reason::ALL.iter().map(|reason| reason.as_str()).collect();
        let promised = "ok unknown-card not-yet-valid expired blocked lost returned pending no-right outside-schedule holiday \
                        door-locked lockdown passback interlock pin-needed pin-wrong second-person-needed escort-needed \
                        wrong-format parity reader-not-secure log-not-durable clock-unknown buffered pin-locked card-needed";
        assert_eq!(names.join(" "), promised);
        for (at, reason) in Reason::ALL.iter().enumerate() {
            assert_eq!(usize::from(reason.code()), at);
            assert_eq!(Reason::from_code(reason.code()), Some(*reason));
            assert_eq!(Reason::from_name(reason.as_str()), Some(*reason));
        }
        assert_eq!(Reason::from_code(27), None);
    }
}
