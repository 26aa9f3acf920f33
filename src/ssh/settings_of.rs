//! What OpenSSH itself makes of a command line and of the ssh_config beside it (`ssh -G`).

use std::ffi::{OsStr, OsString};
use std::io;
use std::process::Stdio;
use std::time::Duration;

use tokio::process::Command;

/// A program of a `Match exec` may hang.
const ANSWER_LIMIT: Duration = Duration::from_secs(5);

/// The settings that `program` would have with these arguments, one a line as in ssh_config: `sessiontype default`. Nothing is connected to.
///
/// Errors: it cannot be started, does not answer in time, or does not take the arguments.
pub async fn settings_of(program: &OsStr, arguments: &[OsString]) -> io::Result<Vec<u8>> {
    let mut command = Command::new(program);
    command.arg("-G").args(arguments).stdin(Stdio::null()).stderr(Stdio::null()).kill_on_drop(true);
    let output = tokio::time::timeout(ANSWER_LIMIT, command.output()).await.map_err(|_| io::ErrorKind::TimedOut)??;
    if output.status.success() { Ok(output.stdout) } else { Err(io::Error::other("ssh -G failed")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn openssh_tells_what_the_file_and_the_arguments_come_to() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("config");
        std::fs::write(&file, "Host *\n  RemoteCommand ./migrate.sh\n").unwrap();
        let arguments = ["-F".into(), file.into(), "-o".into(), "SessionType=none".into(), "--".into(), "a@b".into()];

        let told = String::from_utf8(settings_of(OsStr::new("ssh"), &arguments).await.unwrap()).unwrap();

        assert!(told.lines().any(|line| line == "remotecommand ./migrate.sh"), "{told}");
        assert!(told.lines().any(|line| line == "sessiontype none"), "{told}");
    }

    #[tokio::test]
    async fn what_openssh_does_not_take_is_an_error() {
        assert!(settings_of(OsStr::new("ssh"), &["-o".into(), "NoSuchOption=1".into(), "a@b".into()]).await.is_err());
        assert!(settings_of(OsStr::new("/nowhere/ssh"), &[]).await.is_err());
    }
}
