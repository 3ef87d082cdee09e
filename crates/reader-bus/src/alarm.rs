//! What a reader, or somebody on its wires, did that a sound reader does not.

use std::fmt;

/// A breach of the rules of Secure Channel. Nothing of what caused it was acted on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Alarm {
    /// A card or keys came outside Secure Channel from a reader that has a key, or waits for one.
    CardInClear,
    /// A card or keys came with a MAC but not encrypted.
    CardNotEncrypted,
    /// A reply without a security block came in a session. The session was ended.
    ReplyInClear,
    /// The reader refused the challenge that begins Secure Channel.
    ChallengeRefused,
    /// The reader answered the challenge in a way that is none.
    HandshakeBroken,
    /// The reader answered with the default key that is printed in the standard.
    DefaultKey,
    /// The reader has another key.
    WrongKey,
    /// The reader says that it cannot do Secure Channel, but it has a key.
    SecureChannelDenied,
    /// Sessions were ended by wrong MACs or clear replies three times within a minute.
    SessionsFalling,
}

impl Alarm {
    /// The alarm's name, kebab-case.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::CardInClear => "card-in-clear",
            Self::CardNotEncrypted => "card-not-encrypted",
            Self::ReplyInClear => "reply-in-clear",
            Self::ChallengeRefused => "challenge-refused",
            Self::HandshakeBroken => "handshake-broken",
            Self::DefaultKey => "default-key",
            Self::WrongKey => "wrong-key",
            Self::SecureChannelDenied => "secure-channel-denied",
            Self::SessionsFalling => "sessions-falling",
        }
    }
}

impl fmt::Display for Alarm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
