//! A line with the readers' own protocol machines on it, moved on by simulated time.

#[cfg(test)]
mod attacks;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod files;
#[cfg(test)]
mod locks;
#[cfg(test)]
mod orders;
#[cfg(test)]
mod pairing;
#[cfg(test)]
mod recovery;
#[cfg(test)]
mod rig;
#[cfg(test)]
mod service;
#[cfg(test)]
mod swaps;
