//! One line, many readers, one question at a time; sans-IO.
