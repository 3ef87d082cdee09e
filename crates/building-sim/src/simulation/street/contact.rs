//! Contact: what tells whether a door's leaf stands open: an input of its reader, or of its Modbus unit.

use access::DoorId;
use reader_bus::Uptime;

use super::Street;
use crate::simulation::board::Board;

/// What tells whether a leaf stands open.
#[derive(Clone, Copy, Debug)]
pub(in crate::simulation) struct Contact {
    /// Whether faults strike its line.
    pub(in crate::simulation) is_struck: bool,
    /// Since when the leaf stands open.
    pub(in crate::simulation) opened_at: Option<Uptime>,
    /// When the leaf or the button moved last.
    pub(in crate::simulation) moved_at: Option<Uptime>,
}

impl Street {
    /// The Modbus unit of this door.
    pub(in crate::simulation) fn board_of(&mut self, door: DoorId) -> Option<&mut Board> {
        let mut boards = self.wires.iter_mut().filter_map(|wire| wire.board.as_mut());
        boards.find(|board| board.door == door)
    }

    /// The contact of a door, if it has one.
    pub(in crate::simulation) fn contact(&self, door: DoorId) -> Option<Contact> {
        let of_board = self.wires.iter().find_map(|wire| {
            let board = wire.board.as_ref().filter(|board| board.door == door)?;
            Some((wire, board.opened_at, board.moved_at))
        });
        let of_seat = || {
            let mut wired = self.wires.iter().filter(|wire| !wire.wiegand);
            wired.find_map(|wire| {
                let mut seats = wire.seats.iter();
                let seat = seats.find(|seat| seat.reader.get() == door.get())?;
                Some((wire, seat.opened_at, seat.moved_at))
            })
        };
        let (wire, opened_at, moved_at) = of_board.or_else(of_seat)?;
        Some(Contact {
            is_struck: wire.is_struck,
            opened_at,
            moved_at,
        })
    }
}
