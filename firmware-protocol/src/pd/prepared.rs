//! A reply made ready to be sent, in clear or sealed.

use zeroize::Zeroize;

use crate::Reply;
use crate::reply::{Nak, NakCode};

/// A reply's code and data octets; wiped when dropped, for they may be a card.
pub(super) struct Prepared {
    code: u8,
    data: [u8; DATA_LEN_MAX],
    len: usize,
}

impl Prepared {
    /// The reply as octets; one that is too long becomes a refusal.
    pub(super) fn reply(reply: &Reply<'_>) -> Self {
        let mut prepared = Self {
            code: reply.code(),
            data: [0; DATA_LEN_MAX],
            // Until it is known how many are used, all are wiped.
            len: DATA_LEN_MAX,
        };
        match reply.encode(&mut prepared.data) {
            Ok(len) => {
                prepared.len = len;
                prepared
            }
            Err(_) => Self::nak(NakCode::Unprocessable),
        }
    }

    pub(super) fn nak(code: NakCode) -> Self {
        let mut data = [0; DATA_LEN_MAX];
        let [first, ..] = &mut data;
        *first = code.code();
        Self {
            code: Reply::Nak(Nak { code }).code(),
            data,
            len: 1,
        }
    }

    pub(super) const fn code(&self) -> u8 {
        self.code
    }

    pub(super) fn data(&self) -> &[u8] {
        self.data.get(..self.len).unwrap_or_default()
    }
}

impl Drop for Prepared {
    fn drop(&mut self) {
        let used = self.data.get_mut(..self.len);
        used.unwrap_or_default().zeroize();
    }
}

/// Sealed, this is 222 octets with everything around it: within `REPLY_LEN_MAX`.
const DATA_LEN_MAX: usize = 192;
