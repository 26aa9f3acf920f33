//! Where the agent of a user listens: a socket for our own programs, and one for ssh for each instance.

use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

use crate::model::InstanceId;

/// A socket's path has at most this many bytes: macOS has room for 104 and a zero.
const SOCKET_PATH_LIMIT: usize = 103;
/// The longest name of ours in it.
const LONGEST_NAME: usize = "/mi-01234567890abcdef".len();

/// A directory of the user's, for the sockets of one agent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgentPlace {
    directory: PathBuf,
}

impl AgentPlace {
    /// In the state directory, which is the same for every program of the user; where that is too long for a socket, in the directory of
    /// `XDG_RUNTIME_DIR`, else below `/tmp`.
    pub fn of(state: Option<&Path>, runtime: Option<&Path>, user: u32) -> Self {
        let state = state.map(|state| state.join("agent"));
        let runtime = runtime.map(|runtime| runtime.join("ec2dash/shared-agent"));
        let fitting = [state, runtime].into_iter().flatten().find(|directory| is_fit(directory));
        Self { directory: fitting.unwrap_or_else(|| PathBuf::from(format!("/tmp/ec2dash-agent-{user}"))) }
    }

    /// The place in this directory.
    pub fn at(directory: &Path) -> Option<Self> {
        is_fit(directory).then(|| Self { directory: directory.to_owned() })
    }

    /// The place, and the instance that one of its sockets for ssh is for; none if it is no such socket.
    pub fn of_socket(socket: &Path) -> Option<(Self, InstanceId)> {
        let id = socket.file_name()?.to_str()?.parse().ok()?;
        Some((Self::at(socket.parent()?)?, id))
    }

    /// Where ssh finds the key of an instance: `IdentityAgent`.
    pub fn socket(&self, id: &InstanceId) -> PathBuf {
        self.directory.join(id.as_str())
    }

    pub(super) fn directory(&self) -> &Path {
        &self.directory
    }

    pub(super) fn control(&self) -> PathBuf {
        self.directory.join("control")
    }

    pub(super) fn lock(&self) -> PathBuf {
        self.directory.join("lock")
    }
}

/// Short enough for a socket, and nothing in it that ssh expands and that cannot be quoted.
fn is_fit(directory: &Path) -> bool {
    let bytes = directory.as_os_str().as_bytes();
    let is_expanded = bytes.windows(2).any(|two| two == b"${");
    directory.is_absolute() && !is_expanded && !bytes.contains(&b'\n') && bytes.len() + LONGEST_NAME <= SOCKET_PATH_LIMIT
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_place_is_taken_that_a_socket_fits_into() {
        let long = PathBuf::from(format!("/{}", "x".repeat(90)));
        let place = |state: Option<&Path>, runtime: Option<&Path>| AgentPlace::of(state, runtime, 1000).directory;

        assert_eq!(
            place(Some(Path::new("/home/jane/.local/state/ec2dash")), None),
            Path::new("/home/jane/.local/state/ec2dash/agent")
        );
        assert_eq!(place(Some(&long), Some(Path::new("/run/user/1000"))), Path::new("/run/user/1000/ec2dash/shared-agent"));
        assert_eq!(place(Some(Path::new("/x${HOME}")), Some(&long)), Path::new("/tmp/ec2dash-agent-1000"));
        assert_eq!(place(None, None), Path::new("/tmp/ec2dash-agent-1000"));
    }

    #[test]
    fn a_socket_tells_its_place_and_its_instance() {
        let place = AgentPlace::of(Some(Path::new("/s")), None, 0);
        let id: InstanceId = "i-0123456789abcdef0".parse().unwrap();

        assert_eq!(AgentPlace::of_socket(&place.socket(&id)), Some((place, id)));
        for other in ["/s/agent/control", "relative/i-0123456789abcdef0", "/s/agent/..", "/"] {
            assert_eq!(AgentPlace::of_socket(Path::new(other)), None, "{other}");
        }
    }
}
