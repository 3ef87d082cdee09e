//! Stories of a whole site: real readers' machines on its lines, a real log on a disk in memory, simulated time.

#[cfg(test)]
mod cards;
#[cfg(test)]
mod desk;
#[cfg(test)]
mod doors;
#[cfg(test)]
mod inputs;
#[cfg(test)]
mod lines;
#[cfg(test)]
mod lockdown;
#[cfg(test)]
mod log_trouble;
#[cfg(test)]
mod modes;
#[cfg(test)]
mod people;
#[cfg(test)]
mod pins;
#[cfg(test)]
mod rig;
#[cfg(test)]
mod time;
#[cfg(test)]
mod wiegand;
