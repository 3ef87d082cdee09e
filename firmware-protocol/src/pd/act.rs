//! What a reader does with a command it has understood.

use super::prepared::Prepared;
use super::{Pd, PdEvent};
use crate::command::{KeySet, OutputAction, OutputControls};
use crate::reply::{NakCode, PdCap};
use crate::{Command, MessageError, Reply};

impl Pd {
    /// Does what the command asks, as far as the other end is trusted, and prepares the answer.
    pub(super) fn act(&mut self, command: Result<Command<'_>, MessageError>) -> Prepared {
        let command = match command {
            Ok(command) => command,
            Err(MessageError::Value { .. } | MessageError::Overrun { .. }) => {
                return Prepared::nak(NakCode::Unprocessable);
            }
            Err(
                MessageError::Length { .. }
                | MessageError::Count { .. }
                | MessageError::Room { .. },
            ) => {
                return Prepared::nak(NakCode::BadLength);
            }
        };
        if !self.trust().permits(&command) {
            return Prepared::nak(NakCode::SecurityRequired);
        }
        match command {
            Command::Poll => self.tell_news(),
            Command::Id => Prepared::reply(&Reply::PdId(self.config.id)),
            Command::Cap => self.tell_capabilities(),
            Command::LocalStatus => Prepared::reply(&self.status.tell_local()),
            Command::InputStatus => Prepared::reply(&self.status.tell_inputs()),
            Command::OutputStatus => Prepared::reply(&self.status.outputs()),
            Command::ReaderStatus => Prepared::reply(&self.status.head()),
            Command::Out(controls) => self.switch(controls),
            Command::Led(controls) => {
                self.order(controls.iter().map(PdEvent::Led), controls.count())
            }
            Command::Buzzer(control) => self.order(core::iter::once(PdEvent::Buzzer(control)), 1),
            Command::Text(text) => self.show(&text),
            Command::ComSet(settings) => self.prepare_move(settings),
            Command::KeySet(key_set) => self.take_key(key_set),
            Command::ReceiveSize(size) => self.limit_replies(size),
            Command::FileTransfer(message) => self.take_file(&message),
            Command::Manufacturer(message) => self.take_manufacturer(&message),
            Command::Abort => self.abort(),
            Command::KeepActive(keep) => self.order(core::iter::once(PdEvent::KeepActive(keep)), 1),
            // A handshake without its security block never gets here: nobody is trusted with it.
            Command::Challenge(_) | Command::ServerCryptogram(_) | Command::Unknown { .. } => {
                Prepared::nak(NakCode::UnknownCommand)
            }
        }
    }

    /// POLL: tamper and power first, then what people did, then inputs.
    fn tell_news(&mut self) -> Prepared {
        if self.status.local_is_news() {
            return Prepared::reply(&self.status.tell_local());
        }
        if self.trust().shows_cards()
            && let Some(presentation) = self.queue.pop()
        {
            return presentation.reply(self.config.id.vendor).map_or_else(
                |_| Prepared::nak(NakCode::Generic),
                |reply| Prepared::reply(&reply),
            );
        }
        if self.status.inputs_are_news() {
            return Prepared::reply(&self.status.tell_inputs());
        }
        Prepared::reply(&Reply::Ack)
    }

    fn tell_capabilities(&self) -> Prepared {
        PdCap::new(self.config.capabilities).map_or_else(
            |_| Prepared::nak(NakCode::Unprocessable),
            |all| Prepared::reply(&Reply::PdCap(all)),
        )
    }

    /// OUT: all of the outputs it names, or none.
    fn switch(&mut self, controls: OutputControls<'_>) -> Prepared {
        let possible = controls.iter().all(|control| {
            self.status.has_output(control.output)
                && !matches!(control.action, OutputAction::Unknown(_))
        });
        if !possible {
            return Prepared::nak(NakCode::Unprocessable);
        }
        self.order(controls.iter().map(PdEvent::Output), controls.count())
    }

    pub(super) fn order(
        &mut self,
        orders: impl Iterator<Item = PdEvent>,
        count: usize,
    ) -> Prepared {
        if self.events.orders(orders, count) {
            Prepared::reply(&Reply::Ack)
        } else {
            Prepared::nak(NakCode::Unprocessable)
        }
    }

    /// KEYSET: in force from the next handshake on; install mode is over.
    fn take_key(&mut self, KeySet { key }: KeySet) -> Prepared {
        let install_over = self.trust() == super::Trust::DefaultKey && !self.config.install_mode;
        if install_over {
            return Prepared::nak(NakCode::SecurityRequired);
        }
        if key.weakness().is_some() {
            return Prepared::nak(NakCode::Unprocessable);
        }
        self.config.key = Some(key.clone());
        self.config.install_mode = false;
        self.events.key(key);
        Prepared::reply(&Reply::Ack)
    }
}
