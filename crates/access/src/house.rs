//! House state: what is true of the doors at the moment of a decision.

use crate::id::DoorId;

/// How a door lets people in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DoorMode {
    /// No card opens it.
    Locked,
    /// A card with a right opens it.
    Card,
    /// It stands unlocked; cards are decided and recorded all the same.
    Unlocked,
}

impl DoorMode {
    /// The name in configuration and lists.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Locked => "locked",
            Self::Card => "card",
            Self::Unlocked => "unlocked",
        }
    }
}

/// The modes of the doors of the house; a door not named here lets nobody in.
#[derive(Clone, Debug, Default)]
pub struct HouseState {
    /// By door number; at most 65,536 of them.
    modes: Vec<Option<DoorMode>>,
}

impl HouseState {
    /// A house without doors.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets how a door lets people in.
    pub fn set_mode(&mut self, door: DoorId, mode: DoorMode) {
        let at = usize::from(door.get());
        if self.modes.len() <= at {
            self.modes.resize(at + 1, None);
        }
        if let Some(known) = self.modes.get_mut(at) {
            *known = Some(mode);
        }
    }

    /// How a door lets people in; `None` for a door that is not of this house.
    #[must_use]
    pub fn mode(&self, door: DoorId) -> Option<DoorMode> {
        self.modes.get(usize::from(door.get())).copied().flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_named_door_has_a_mode() {
        let mut house = HouseState::new();
        house.set_mode(DoorId::new(3), DoorMode::Card);
        house.set_mode(DoorId::new(u16::MAX), DoorMode::Unlocked);
        house.set_mode(DoorId::new(3), DoorMode::Locked);
        assert_eq!(house.mode(DoorId::new(3)), Some(DoorMode::Locked));
        assert_eq!(house.mode(DoorId::new(u16::MAX)), Some(DoorMode::Unlocked));
        assert_eq!(house.mode(DoorId::new(2)), None);
        assert_eq!(house.mode(DoorId::new(4)), None);
    }
}
