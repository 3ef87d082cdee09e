//! A fresh key for a reader: drawn from the system, durable beside the one it has, and only then on its way.

use std::fmt;

use access::ReaderId;
use key_store::KeyError;
use reader_bus::{BusError, Order, Scbk, Uptime};
use site::SiteError;

use crate::bench::GivenOrder;
use crate::desk::Desk;
use crate::entropy::OsEntropy;

/// Why no key is on its way.
#[derive(Debug)]
pub(crate) enum NoFreshKey {
    /// The reader is carrying out another order, or its last one is not in the key store yet.
    Busy,
    /// The key store.
    Keys(KeyError),
    /// The reader's line did not take the order.
    Site(SiteError),
    /// The daemon is stopping.
    Stopping,
}

impl Desk {
    /// Draws a key and has the reader told it by the order that `order` makes of it. The key lies in the key store before it
    /// can leave; if the line refuses it is destroyed again.
    ///
    /// # Errors
    /// [`NoFreshKey`]; the reader keeps its key then.
    pub(crate) fn send_fresh_key(
        &mut self,
        reader: ReaderId,
        order: impl FnOnce(Scbk, Uptime) -> Order + Send + 'static,
    ) -> Result<GivenOrder, NoFreshKey> {
        // On this thread one key is drawn after another: none is ever destroyed that a reader may be told.
        let busy = self
            .site
            .ask_blocking(move |bench, _| bench.is_busy(reader))
            .map_err(|_| NoFreshKey::Stopping)?;
        if busy {
            return Err(NoFreshKey::Busy);
        }
        let key = self
            .keys
            .draw_next_reader_key(reader.get(), &mut OsEntropy)
            .map_err(NoFreshKey::Keys)?;
        let key = Scbk::new(*key);
        let given = self
            .site
            .ask_blocking(move |bench, now| bench.order(reader, order(key, now.up)))
            .map_err(|_| NoFreshKey::Stopping)?;
        given.map_err(
            |cause| match self.keys.forget_next_reader_key(reader.get()) {
                Ok(()) => NoFreshKey::Site(cause),
                Err(cause) => NoFreshKey::Keys(cause),
            },
        )
    }
}

impl fmt::Display for NoFreshKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Keys(cause) => write!(f, "the key store: {cause}"),
            // Names are the caller's to say; the line knows numbers only.
            Self::Site(SiteError::Order {
                error: BusError::LineDown,
                ..
            }) => f.write_str("its line is down"),
            Self::Site(SiteError::Order {
                error: BusError::NotInService { .. },
                ..
            }) => f.write_str("it is not in service"),
            Self::Busy
            | Self::Site(SiteError::Order {
                error: BusError::OrderUnderWay { .. },
                ..
            }) => f.write_str("it is still carrying out another order"),
            Self::Site(cause) => cause.fmt(f),
            Self::Stopping => f.write_str("the daemon is stopping"),
        }
    }
}
