//! Stories of a whole site: real readers' machines on its lines, a real log on a disk in memory, simulated time.

#[cfg(test)]
mod cards;
#[cfg(test)]
mod desk;
#[cfg(test)]
mod doors;
#[cfg(test)]
mod lines;
#[cfg(test)]
mod log_trouble;
#[cfg(test)]
mod rig;
#[cfg(test)]
mod time;
