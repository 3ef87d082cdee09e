//! May this card open this door now, and what follows; pure.
