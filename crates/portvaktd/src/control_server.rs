//! The control server: the Unix socket on which operators ask.
//!
//! It runs on a thread of its own, so that no flood of messages takes a turn from the lines. Who asks is known from the
//! peer's credentials; whoever has no role gets one and the same answer.

mod approver;
mod asker;
mod deferral;
#[cfg(test)]
mod front_desk;
mod link;
mod outlet;
mod policy;
mod scope;
mod session;

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::os::unix::fs::{FileTypeExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::net::{UnixListener, UnixStream};
use tokio::time::sleep;

pub(crate) use approver::may_approve;
pub(crate) use asker::{Asker, Leave};
pub(crate) use deferral::about;
pub(crate) use link::{Gone, Link};
pub(crate) use outlet::{Outlet, Stop, not_found};
pub(crate) use policy::of as policy_of;
pub(crate) use scope::Scope;

use crate::controller::Controller;
use crate::failure::Failure;
use crate::passwd;
pub(crate) use session::Session;

/// A bound socket; the file is gone when this is.
pub(crate) struct ControlServer {
    listener: std::os::unix::net::UnixListener,
    path: PathBuf,
}

impl ControlServer {
    /// Binds the socket, mode 0660. A file left by a daemon that was killed is replaced.
    ///
    /// # Errors
    /// [`Failure`] if somebody listens there, or the place cannot be used.
    pub(crate) fn bind(path: &Path) -> Result<Self, Failure> {
        let shown = path.display();
        let failed =
            |cause: io::Error| Failure::failed(format_args!("control socket {shown}"), cause);
        if let Some(folder) = path.parent().filter(|folder| !folder.exists()) {
            fs::create_dir(folder).map_err(failed)?;
        }
        if std::os::unix::net::UnixStream::connect(path).is_ok() {
            return Err(Failure::Failed(format!(
                "control socket {shown} is in use by another portvaktd; name another socket"
            )));
        }
        match fs::symlink_metadata(path) {
            Ok(found) if found.file_type().is_socket() => fs::remove_file(path).map_err(failed)?,
            Ok(_) => {
                return Err(Failure::Failed(format!(
                    "control socket {shown} is a file of another kind; name another socket"
                )));
            }
            Err(_) => {}
        }
        let listener = std::os::unix::net::UnixListener::bind(path).map_err(failed)?;
        let server = Self {
            listener,
            path: path.to_path_buf(),
        };
        server.listener.set_nonblocking(true).map_err(failed)?;
        give_to_group(path);
        fs::set_permissions(path, fs::Permissions::from_mode(SOCKET_MODE)).map_err(failed)?;
        Ok(server)
    }

    /// Serves until the runtime is dropped.
    pub(crate) async fn serve(self, controller: Arc<Controller>) -> io::Result<()> {
        let listener = UnixListener::from_std(self.listener.try_clone()?)?;
        let places = Arc::new(Places::default());
        loop {
            match listener.accept().await {
                Ok((stream, _)) => welcome(stream, &controller, &places),
                Err(cause) => {
                    // Out of descriptors: those who are connected go on, new ones wait.
                    tracing::warn!("control socket: {cause}");
                    sleep(Duration::from_millis(200)).await;
                }
            }
        }
    }
}

impl Drop for ControlServer {
    fn drop(&mut self) {
        fs::remove_file(&self.path).ok();
    }
}

/// Gives the socket to its group where there is one and the system lets us; under systemd it is there already.
fn give_to_group(path: &Path) {
    let Ok(Some(group)) = passwd::group_of(SOCKET_GROUP) else {
        return;
    };
    if let Err(cause) = std::os::unix::fs::chown(path, None, Some(group)) {
        tracing::warn!("the control socket cannot be given to the group {SOCKET_GROUP}: {cause}");
    }
}

/// Gives the connection a place and a task, or turns it away.
fn welcome(stream: UnixStream, controller: &Arc<Controller>, places: &Arc<Places>) {
    let Ok(uid) = stream.peer_cred().map(|credentials| credentials.uid()) else {
        return;
    };
    let roster = controller.roster();
    let is_known = roster.iter().any(|operator| operator.uid == uid);
    let Some(place) = Places::take(places, (uid, is_known)) else {
        return;
    };
    let session = Session::new(Link::new(stream), uid, Arc::clone(controller));
    tokio::spawn(async move {
        session.run().await;
        drop(place);
    });
}

/// The connections open now.
#[derive(Default)]
struct Places {
    taken: Mutex<Taken>,
}

/// How many each user has. Those who never were operators have places of their own, so that all of them together keep out no
/// operator.
#[derive(Default)]
struct Taken {
    operators: BTreeMap<u32, usize>,
    strangers: BTreeMap<u32, usize>,
}

impl Taken {
    /// The users of one sort, and the most that each and all of them may have.
    const fn of(&mut self, is_known: bool) -> (&mut BTreeMap<u32, usize>, usize, usize) {
        if is_known {
            let most = (CONNECTIONS_PER_USER_MAX, CONNECTIONS_MAX);
            (&mut self.operators, most.0, most.1)
        } else {
            let most = (STRANGER_CONNECTIONS_PER_USER_MAX, STRANGER_CONNECTIONS_MAX);
            (&mut self.strangers, most.0, most.1)
        }
    }
}

impl Places {
    /// A place for the user, unless they or all of their sort together have too many.
    fn take(places: &Arc<Self>, user: (u32, bool)) -> Option<Place> {
        let mut taken = places.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let (uid, is_known) = user;
        let (users, each_max, all_max) = taken.of(is_known);
        let all: usize = users.values().sum();
        let own = users.get(&uid).copied().unwrap_or_default();
        if all >= all_max || own >= each_max {
            return None;
        }
        users.insert(uid, own + 1);
        Some(Place {
            places: Arc::clone(places),
            user,
        })
    }
}

/// One connection's place; given back when dropped.
struct Place {
    places: Arc<Places>,
    user: (u32, bool),
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self
            .places
            .taken
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let (uid, is_known) = self.user;
        let (users, ..) = taken.of(is_known);
        if let Some(own) = users.get_mut(&uid) {
            *own = own.saturating_sub(1);
            if *own == 0 {
                users.remove(&uid);
            }
        }
    }
}

/// Its members may connect; what they may do, their roles decide.
const SOCKET_GROUP: &str = "portvakt";

/// The owner and the group may ask; who they are decides what they may.
const SOCKET_MODE: u32 = 0o660;

/// Connections of operators open at once.
const CONNECTIONS_MAX: usize = 128;

/// Connections of one user; a user who hoards them shuts out nobody else.
const CONNECTIONS_PER_USER_MAX: usize = 32;

/// Connections open at once of users who never were operators.
const STRANGER_CONNECTIONS_MAX: usize = 32;

/// Connections of one of them; one is enough to hear that they have no role.
const STRANGER_CONNECTIONS_PER_USER_MAX: usize = 8;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_who_hoards_connections_shuts_out_nobody_else() {
        let places = Arc::new(Places::default());
        let hoard: Vec<_> = (0..100)
            .map_while(|_| Places::take(&places, (1_000, true)))
            .collect();
        assert_eq!(hoard.len(), CONNECTIONS_PER_USER_MAX);
        assert!(Places::take(&places, (1_001, true)).is_some());
        drop(hoard);
        assert!(Places::take(&places, (1_000, true)).is_some());
        let taken = places.taken.lock().unwrap();
        assert!(taken.operators.is_empty() && taken.strangers.is_empty());
    }

    #[test]
    fn all_strangers_together_shut_out_no_operator() {
        let places = Arc::new(Places::default());
        let hoard: Vec<_> = (0..1_000)
            .filter_map(|uid| Places::take(&places, (uid % 100, false)))
            .collect();
        assert_eq!(hoard.len(), STRANGER_CONNECTIONS_MAX);
        let operators: Vec<_> = (0..CONNECTIONS_MAX)
            .filter_map(|uid| Places::take(&places, (u32::try_from(uid).unwrap(), true)))
            .collect();
        assert_eq!(operators.len(), CONNECTIONS_MAX);
    }

    #[test]
    fn a_socket_left_behind_is_replaced_and_a_live_one_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("run/control.sock");
        let server = ControlServer::bind(&path).unwrap();
        assert!(ControlServer::bind(&path).is_err());
        drop(server);
        assert!(!path.exists());
        drop(std::os::unix::net::UnixListener::bind(&path).unwrap());
        let server = ControlServer::bind(&path).unwrap();
        assert_eq!(
            fs::metadata(&path).unwrap().permissions().mode() & 0o777,
            SOCKET_MODE
        );
        drop(server);
        fs::write(&path, "a letter").unwrap();
        assert!(ControlServer::bind(&path).is_err());
        assert!(path.exists());
    }
}
