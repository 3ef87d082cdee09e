//! Kinds: names and codes that stay, written once.

/// An enum whose variants have a stable code and a stable kebab-case name.
macro_rules! kinds {
    ($(#[$about:meta])* $kind:ident { $($(#[$meaning:meta])* $name:ident = $code:literal, $text:literal;)* }) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $kind {
            $($(#[$meaning])* $name,)*
        }

        impl $kind {
            /// Every one, in the order of the codes.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The code in a record; stable.
            #[must_use]
            pub const fn code(self) -> u8 {
                match self {
                    $(Self::$name => $code,)*
                }
            }

            /// The one with this code.
            #[must_use]
            pub const fn from_code(code: u8) -> Option<Self> {
                match code {
                    $($code => Some(Self::$name),)*
                    _ => None,
                }
            }

            /// The name people and scripts see.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$name => $text,)*
                }
            }
        }
    };
}

pub(super) use kinds;

#[cfg(test)]
mod tests {
    use crate::event::{AdminVerb, Class, DoorKind, PassageKind, ReaderKind, SystemKind};

    macro_rules! assert_stable {
        ($($kind:ident),*) => {
            $(for kind in $kind::ALL {
                assert_eq!($kind::from_code(kind.code()), Some(*kind));
                assert!(kind.name().bytes().all(|octet| octet.is_ascii_lowercase() || octet == b'-'));
                assert_eq!($kind::ALL.iter().filter(|other| other.name() == kind.name()).count(), 1);
            }
            assert_eq!($kind::from_code(255), None);)*
        };
    }

    #[test]
    fn every_code_finds_its_kind_and_every_name_is_its_own() {
        assert_stable!(
            AdminVerb,
            Class,
            DoorKind,
            PassageKind,
            ReaderKind,
            SystemKind
        );
    }
}
