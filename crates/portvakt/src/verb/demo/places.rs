//! Where everything of one demo lies.

use std::fs::DirBuilder;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use crate::failure::Failure;

/// The folder of one demo and what is in it. It stays when the demo is over.
#[derive(Clone, Debug)]
pub(super) struct Places {
    folder: PathBuf,
    socket: PathBuf,
}

impl Places {
    /// Makes a new folder under the system's temporary one, for this user only.
    pub(super) fn make() -> Result<Self, Failure> {
        let mut random = [0; 4];
        getrandom::fill(&mut random).map_err(Failure::failed)?;
        let name = format!("portvakt-demo-{:08x}", u32::from_be_bytes(random));
        let folder = std::env::temp_dir().join(name);
        DirBuilder::new()
            .mode(0o700)
            .create(&folder)
            .map_err(|error| Failure::failed(format_args!("{}: {error}", folder.display())))?;
        let socket = folder.join("control.sock");
        Ok(Self { folder, socket })
    }

    /// The folder itself.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// The daemon's control socket.
    pub(super) fn socket(&self) -> &Path {
        &self.socket
    }

    /// The configuration.
    pub(super) fn config(&self) -> PathBuf {
        self.folder.join("portvakt.toml")
    }

    /// Register, keys and log.
    pub(super) fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    /// The log within.
    pub(super) fn log(&self) -> PathBuf {
        self.data().join("log")
    }

    /// Removes the folder: nothing in it is worth looking at.
    pub(super) fn clear_away(&self) {
        // What cannot be removed stays, and the failure that led here is told anyway.
        std::fs::remove_dir_all(&self.folder).ok();
    }

    /// What the daemon said.
    pub(super) fn journal(&self) -> PathBuf {
        self.folder.join("portvaktd.log")
    }
}
