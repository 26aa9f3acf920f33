//! What the user's own agent holds: it is asked for its list, and for nothing else.

use std::ffi::OsStr;
use std::io;
use std::time::Duration;

use ec2dash_keys::PublicKey;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::UnixStream;

use super::wire;
use crate::access::AgentKey;

/// How long is waited for an agent: one that asks its user first is not waited for.
const LIMIT: Duration = Duration::from_millis(700);
/// OpenSSH's own limit for a message of an agent.
const MESSAGE_LIMIT: usize = 256 * 1024;
/// Keys that are taken from a list.
const MOST: usize = 2_000;

const REQUEST_IDENTITIES: u8 = 11;
const IDENTITIES_ANSWER: u8 = 12;

/// The keys of the agent at this socket (`SSH_AUTH_SOCK`): none if there is no agent, if it does not answer in time, or answers nonsense.
pub async fn identities(socket: Option<&OsStr>) -> Vec<AgentKey> {
    let Some(socket) = socket.filter(|socket| !socket.is_empty()) else { return Vec::new() };
    match tokio::time::timeout(LIMIT, asked(socket)).await {
        Ok(Ok(answer)) => listed(&answer).unwrap_or_default(),
        Ok(Err(error)) => {
            tracing::debug!("the agent does not list its keys: {error}");
            Vec::new()
        }
        Err(_) => {
            tracing::debug!("the agent did not list its keys in time");
            Vec::new()
        }
    }
}

async fn asked(socket: &OsStr) -> io::Result<Vec<u8>> {
    let mut stream = UnixStream::connect(socket).await?;
    stream.write_all(&wire::string(&[REQUEST_IDENTITIES])).await?;
    let length = usize::try_from(stream.read_u32().await?).unwrap_or(usize::MAX);
    if !(1..=MESSAGE_LIMIT).contains(&length) {
        return Err(io::Error::new(io::ErrorKind::InvalidData, format!("a message of {length} bytes")));
    }
    let mut answer = vec![0; length];
    stream.read_exact(&mut answer).await?;
    Ok(answer)
}

/// The keys of an answer; none if it is no list.
fn listed(answer: &[u8]) -> Option<Vec<AgentKey>> {
    let mut rest = answer.strip_prefix(&[IDENTITIES_ANSWER])?;
    let count = u32::from_be_bytes(wire::take(&mut rest, 4)?.try_into().ok()?);
    let mut keys = Vec::new();
    for _ in 0..usize::try_from(count).ok()?.min(MOST) {
        let blob = wire::take_string(&mut rest)?;
        let comment = wire::take_string(&mut rest)?;
        let comment = String::from_utf8_lossy(comment).into_owned().into();
        keys.extend(PublicKey::from_blob(blob).map(|public| AgentKey { public, comment }));
    }
    Some(keys)
}

#[cfg(test)]
mod tests {
    use std::process::{Child, Command, Stdio};
    use std::time::Instant;

    use tokio::net::UnixListener;

    use super::*;

    struct SshAgent {
        folder: tempfile::TempDir,
        child: Child,
    }

    impl Drop for SshAgent {
        fn drop(&mut self) {
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }

    impl SshAgent {
        fn start() -> Self {
            let folder = tempfile::tempdir().unwrap();
            let socket = folder.path().join("agent");
            let child = Command::new("ssh-agent").args(["-D", "-a"]).arg(&socket).stdout(Stdio::null()).spawn().unwrap();
            let agent = Self { folder, child };
            while std::os::unix::net::UnixStream::connect(&socket).is_err() {
                std::thread::yield_now();
            }
            agent
        }

        fn socket(&self) -> std::path::PathBuf {
            self.folder.path().join("agent")
        }
    }

    #[tokio::test]
    async fn a_hundred_keys_of_a_real_agent_are_listed() {
        let agent = SshAgent::start();
        let mut lines = Vec::new();
        for number in 0..100 {
            let file = agent.folder.path().join(format!("key-{number}"));
            let made = Command::new("ssh-keygen")
                .args(["-q", "-t", "ed25519", "-N", "", "-C", &format!("key {number}"), "-f"])
                .arg(&file)
                .status();
            assert!(made.unwrap().success());
            let added = Command::new("ssh-add").arg("-q").arg(&file).env("SSH_AUTH_SOCK", agent.socket()).status();
            assert!(added.unwrap().success());
            lines.push(std::fs::read_to_string(file.with_extension("pub")).unwrap().trim().to_owned());
        }

        let keys = identities(Some(agent.socket().as_os_str())).await;

        let listed: Vec<String> = keys.iter().map(|key| format!("{} {}", key.public.line(), key.comment.raw())).collect();
        assert_eq!(listed, lines);
    }

    #[tokio::test]
    async fn an_agent_that_is_none_holds_nothing_and_nothing_up() {
        let folder = tempfile::tempdir().unwrap();
        let begun = Instant::now();
        assert_eq!(identities(None).await, []);
        for (name, file) in [("missing", None), ("file", Some("text"))] {
            let path = folder.path().join(name);
            if let Some(text) = file {
                std::fs::write(&path, text).unwrap();
            }
            assert_eq!(identities(Some(path.as_os_str())).await, [], "{name}");
        }
        let silent = folder.path().join("silent");
        let _listening = UnixListener::bind(&silent).unwrap();
        assert_eq!(identities(Some(silent.as_os_str())).await, [], "nobody takes the connection");
        assert!(begun.elapsed() >= LIMIT);

        for answer in [
            vec![0, 0, 0, 0],
            vec![0xff; 4],
            vec![0, 0, 0, 1, 5],
            vec![0, 0, 0, 5, 12, 0xff, 0xff, 0xff, 0xff],
            [vec![0, 0, 0, 13, 12, 0, 0, 0, 1], vec![0, 0, 0, 0], vec![0, 0, 0, 0]].concat(),
        ] {
            let socket = folder.path().join("odd");
            let _ = std::fs::remove_file(&socket);
            let listener = UnixListener::bind(&socket).unwrap();
            let answering = async {
                let (mut stream, _) = listener.accept().await.unwrap();
                let _ = stream.write_all(&answer).await;
                drop(stream);
            };
            let (keys, ()) = tokio::join!(identities(Some(socket.as_os_str())), answering);
            assert_eq!(keys, [], "{answer:?}");
        }
    }
}
