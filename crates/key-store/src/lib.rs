//! Keys that can be destroyed: fixed slots, overwritten in place.
