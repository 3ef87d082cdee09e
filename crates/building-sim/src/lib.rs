//! A simulated building: readers, lines, disk, clocks, people.
