//! What the command line may ask the daemon.
