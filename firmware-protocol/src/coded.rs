//! One-octet codes of the standard: names for the known ones, and the octet itself for the rest.

/// Declares an enum of one-octet codes; a code without a name is kept in `Unknown`.
macro_rules! coded {
    ($(#[$doc:meta])* pub enum $name:ident { $($(#[$about:meta])* $variant:ident = $code:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $name {
            $($(#[$about])* $variant,)+
            /// A code this version has no name for, kept as it came.
            Unknown(u8),
        }

        impl $name {
            /// The value behind the wire's octet; never fails.
            #[must_use]
            pub const fn from_code(code: u8) -> Self {
                match code {
                    $($code => Self::$variant,)+
                    other => Self::Unknown(other),
                }
            }

            /// The octet on the wire.
            #[must_use]
            pub const fn code(self) -> u8 {
                match self {
                    $(Self::$variant => $code,)+
                    Self::Unknown(other) => other,
                }
            }
        }
    };
}

pub(crate) use coded;
