//! SQLite: people, cards, rights, operators; builds the allowlist.
