//! An SSH agent on a socket of ours that holds one key, made for once or opened from a file, and does nothing but sign with it.
//!
//! draft-miller-ssh-agent: the list of keys and signatures are answered, all else is refused. ssh asks for the list
//! when it begins to log in, after every prompt that may have taken long: that is the moment to push the key again.

use std::fs::{self, Permissions};
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{UnixListener, UnixStream};
use tokio::task::JoinSet;

use super::key::{EphemeralKey, tag};
use super::opened_key::OpenedKey;
use super::wire;

/// A pushed key this old is pushed again before ssh may use it (docs/access-rules.md EIC-11).
pub const PUSH_AGAIN_AFTER: Duration = Duration::from_secs(45);

/// How long ssh waits for its answer while the key is pushed again; then it may try with the key as it is.
const LIST_LIMIT: Duration = Duration::from_secs(20);
/// OpenSSH's own limit for a message to an agent.
const MESSAGE_LIMIT: usize = 256 * 1024;
/// One ssh needs one connection; its children may have a few more.
const MOST_CLIENTS: usize = 16;

const FAILURE: u8 = 5;
const REQUEST_IDENTITIES: u8 = 11;
const IDENTITIES_ANSWER: u8 = 12;
const SIGN_REQUEST: u8 = 13;
const SIGN_RESPONSE: u8 = 14;

/// A running agent. Dropping it removes the socket and ends every conversation.
#[derive(Debug)]
pub struct Agent {
    socket: PathBuf,
    _serving: JoinSet<()>,
}

impl Agent {
    /// Where ssh finds it: `IdentityAgent`.
    pub fn socket(&self) -> &Path {
        &self.socket
    }
}

impl Drop for Agent {
    fn drop(&mut self) {
        // It goes with the directory otherwise.
        let _ = fs::remove_file(&self.socket);
    }
}

/// Serve `key` on a new socket in `directory`, which must be private.
///
/// Whenever ssh asks which keys there are, `on_list` runs first and the answer waits for it, up to a limit.
pub fn serve<F, W>(directory: &Path, key: impl Into<AgentsKey>, on_list: F) -> io::Result<Agent>
where
    F: Fn() -> W + Send + Sync + 'static,
    W: Future<Output = ()> + Send + 'static,
{
    let key = key.into();
    let socket = directory.join(format!("agent-{}", tag(key.blob())));
    serve_within(LIST_LIMIT, socket, key, on_list)
}

/// As [`serve`], on a socket of this name.
pub(super) fn serve_at<F, W>(socket: PathBuf, key: impl Into<AgentsKey>, on_list: F) -> io::Result<Agent>
where
    F: Fn() -> W + Send + Sync + 'static,
    W: Future<Output = ()> + Send + 'static,
{
    serve_within(LIST_LIMIT, socket, key.into(), on_list)
}

fn serve_within<F, W>(list_limit: Duration, socket: PathBuf, key: AgentsKey, on_list: F) -> io::Result<Agent>
where
    F: Fn() -> W + Send + Sync + 'static,
    W: Future<Output = ()> + Send + 'static,
{
    let listener = UnixListener::bind(&socket)?;
    let mut serving = JoinSet::new();
    serving.spawn(listen(listener, Arc::new(Holder { key, on_list, list_limit })));
    let agent = Agent { socket, _serving: serving };
    fs::set_permissions(agent.socket(), Permissions::from_mode(0o600))?;
    Ok(agent)
}

/// A key that our agent holds.
#[derive(Debug)]
pub enum AgentsKey {
    /// Made for one login.
    OneTime(EphemeralKey),
    /// Read from a file.
    Opened(Arc<OpenedKey>),
}

impl From<EphemeralKey> for AgentsKey {
    fn from(key: EphemeralKey) -> Self {
        Self::OneTime(key)
    }
}

impl From<Arc<OpenedKey>> for AgentsKey {
    fn from(key: Arc<OpenedKey>) -> Self {
        Self::Opened(key)
    }
}

impl AgentsKey {
    /// The public half as OpenSSH writes it, without a comment.
    pub fn public_line(&self) -> String {
        match self {
            Self::OneTime(key) => key.public_line().to_owned(),
            Self::Opened(key) => key.public().line(),
        }
    }

    fn blob(&self) -> &[u8] {
        match self {
            Self::OneTime(key) => key.blob(),
            Self::Opened(key) => key.public().blob(),
        }
    }

    fn sign(&self, data: &[u8], flags: u32) -> Option<Vec<u8>> {
        match self {
            Self::OneTime(key) => key.sign(data),
            Self::Opened(key) => key.sign(data, flags),
        }
    }
}

struct Holder<F> {
    key: AgentsKey,
    on_list: F,
    list_limit: Duration,
}

async fn listen<F, W>(listener: UnixListener, holder: Arc<Holder<F>>)
where
    F: Fn() -> W + Send + Sync + 'static,
    W: Future<Output = ()> + Send + 'static,
{
    let mut conversations = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept(), if conversations.len() < MOST_CLIENTS => match accepted {
                Ok((stream, _)) if is_ours(&stream) => {
                    let holder = Arc::clone(&holder);
                    conversations.spawn(async move {
                        if let Err(error) = converse(stream, &holder).await {
                            tracing::debug!("a conversation with ssh ended: {error}");
                        }
                    });
                }
                Ok(_) => tracing::warn!("another user tried our agent"),
                Err(error) => {
                    tracing::debug!("cannot take a connection to our agent: {error}");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
            },
            Some(_) = conversations.join_next() => {}
        }
    }
}

/// The directory is private; this is for a system that does not look at it when connecting.
pub(super) fn is_ours(stream: &UnixStream) -> bool {
    stream.peer_cred().is_ok_and(|peer| peer.uid() == rustix::process::geteuid().as_raw())
}

async fn converse<F, W>(mut stream: UnixStream, holder: &Holder<F>) -> io::Result<()>
where
    F: Fn() -> W,
    W: Future<Output = ()>,
{
    while let Some(request) = read(&mut stream).await? {
        if request.first() == Some(&REQUEST_IDENTITIES) {
            let pushing = (holder.on_list)();
            if tokio::time::timeout(holder.list_limit, pushing).await.is_err() {
                tracing::warn!("the key was not pushed again in time");
            }
        }
        stream.write_all(&wire::string(&answer(&request, &holder.key))).await?;
    }
    Ok(())
}

async fn read(stream: &mut UnixStream) -> io::Result<Option<Vec<u8>>> {
    let mut length = [0; 4];
    if stream.read(&mut length[..1]).await? == 0 {
        return Ok(None);
    }
    stream.read_exact(&mut length[1..]).await?;
    let length = usize::try_from(u32::from_be_bytes(length)).unwrap_or(usize::MAX);
    if !(1..=MESSAGE_LIMIT).contains(&length) {
        return Err(io::Error::new(io::ErrorKind::InvalidData, format!("a message of {length} bytes")));
    }
    let mut request = vec![0; length];
    stream.read_exact(&mut request).await?;
    Ok(Some(request))
}

fn answer(request: &[u8], key: &AgentsKey) -> Vec<u8> {
    match request {
        [REQUEST_IDENTITIES] => {
            let one = 1_u32.to_be_bytes();
            [[IDENTITIES_ANSWER].as_slice(), &one, &wire::string(key.blob()), &wire::string(b"")].concat()
        }
        [SIGN_REQUEST, rest @ ..] => match sign(rest, key) {
            Some(signature) => [[SIGN_RESPONSE].as_slice(), &wire::string(&signature)].concat(),
            None => vec![FAILURE],
        },
        // Also `session-bind@openssh.com`: ssh goes on without, and there is no other session to protect from.
        _ => vec![FAILURE],
    }
}

fn sign(mut rest: &[u8], key: &AgentsKey) -> Option<Vec<u8>> {
    let blob = wire::take_string(&mut rest)?;
    let data = wire::take_string(&mut rest)?;
    let flags = u32::from_be_bytes(wire::take(&mut rest, 4)?.try_into().ok()?);
    if blob != key.blob() || !rest.is_empty() {
        return None;
    }
    key.sign(data, flags)
}

#[cfg(test)]
mod tests {
    use std::process::Output;
    use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

    use std::time::Instant;

    use tempfile::TempDir;
    use tokio::process::Command;

    use super::*;

    #[tokio::test]
    async fn ssh_add_lists_the_one_key() {
        let rig = Rig::new();

        let listed = rig.ssh_add(&["-L"]).await;

        assert_eq!(String::from_utf8(listed.stdout).unwrap().trim_end(), rig.key.public_line());
    }

    #[tokio::test]
    async fn ssh_add_verifies_a_signature() {
        let rig = Rig::new();
        let public = rig.directory.path().join("key.pub");
        fs::write(&public, rig.key.public_line()).unwrap();

        let tested = rig.ssh_add(&["-T", public.to_str().unwrap()]).await;

        assert!(tested.status.success(), "{tested:?}");
    }

    #[tokio::test]
    async fn nothing_can_be_added_removed_or_locked() {
        let rig = Rig::new();
        let other = rig.directory.path().join("other");
        let made = Command::new("ssh-keygen").args(["-q", "-t", "ed25519", "-N", "", "-f"]).arg(&other).status().await.unwrap();
        assert!(made.success());

        for arguments in [&[other.to_str().unwrap()][..], &["-D"]] {
            assert!(!rig.ssh_add(arguments).await.status.success(), "{arguments:?}");
        }

        assert!(rig.ssh_add(&["-L"]).await.stdout.starts_with(rig.key.public_line().as_bytes()));
    }

    #[tokio::test]
    async fn the_list_waits_until_the_key_is_pushed_again() {
        let pushed = Arc::new(AtomicBool::new(false));
        let done = Arc::clone(&pushed);
        let rig = Rig::with(move || {
            let done = Arc::clone(&done);
            async move {
                tokio::time::sleep(Duration::from_millis(200)).await;
                done.store(true, Ordering::SeqCst);
            }
        });

        let listed = rig.ssh_add(&["-L"]).await;

        assert!(listed.status.success());
        assert!(pushed.load(Ordering::SeqCst));
    }

    #[tokio::test]
    async fn a_push_that_hangs_holds_the_list_up_for_a_limited_time() {
        let rig = Rig::within(Duration::from_millis(100), std::future::pending);
        let started = Instant::now();

        let reply = rig.ask(&[REQUEST_IDENTITIES]).await;

        assert_eq!(reply.first(), Some(&IDENTITIES_ANSWER));
        assert!(started.elapsed() >= Duration::from_millis(100));
    }

    #[tokio::test]
    async fn every_list_is_told_of_and_no_signature_is() {
        let asked = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&asked);
        let rig = Rig::with(move || {
            count.fetch_add(1, Ordering::SeqCst);
            std::future::ready(())
        });

        rig.ask(&[REQUEST_IDENTITIES]).await;
        rig.ask(&sign_request(rig.key.blob(), b"data", &[])).await;
        rig.ask(&[REQUEST_IDENTITIES]).await;

        assert_eq!(asked.load(Ordering::SeqCst), 2);
    }

    #[tokio::test]
    async fn malformed_and_foreign_requests_are_refused() {
        let rig = Rig::new();
        let blob = rig.key.blob();
        let other = EphemeralKey::generate().unwrap();
        let bind = [&[27][..], &wire::string(b"session-bind@openssh.com"), &wire::string(b"x")].concat();

        let requests = [
            vec![1],
            vec![REQUEST_IDENTITIES, 0],
            vec![SIGN_REQUEST],
            vec![SIGN_REQUEST, 0xff, 0xff, 0xff, 0xff],
            sign_request(blob, b"data", b"and more"),
            sign_request(other.blob(), b"data", b""),
            bind,
        ];

        for request in requests {
            assert_eq!(rig.ask(&request).await, [FAILURE], "{request:?}");
        }
        assert_eq!(rig.ask(&sign_request(blob, b"data", b"")).await.first(), Some(&SIGN_RESPONSE));
    }

    #[tokio::test]
    async fn a_message_beyond_the_limit_ends_the_conversation() {
        let rig = Rig::new();
        for length in [0_u32, 256 * 1024 + 1, u32::MAX] {
            let mut stream = UnixStream::connect(rig.agent.socket()).await.unwrap();

            stream.write_all(&length.to_be_bytes()).await.unwrap();

            assert_eq!(stream.read(&mut [0; 1]).await.unwrap(), 0, "{length}");
        }
    }

    #[tokio::test]
    async fn the_socket_is_ours_alone_and_goes_with_the_agent() {
        let rig = Rig::new();
        let socket = rig.agent.socket().to_owned();
        let mode = fs::metadata(&socket).unwrap().permissions().mode() & 0o777;

        drop(rig.agent);

        assert_eq!(mode, 0o600);
        assert!(!socket.exists());
    }

    #[tokio::test]
    async fn what_is_already_at_the_sockets_place_is_not_touched() {
        let directory = tempfile::tempdir().unwrap();
        let key = EphemeralKey::generate().unwrap();
        let place = directory.path().join(format!("agent-{}", tag(key.blob())));
        std::os::unix::fs::symlink("/nowhere", &place).unwrap();

        let error = serve(directory.path(), key, || std::future::ready(())).unwrap_err();

        assert_eq!(error.kind(), io::ErrorKind::AddrInUse);
        assert!(place.is_symlink());
    }

    #[tokio::test]
    async fn keys_opened_from_files_sign_with_every_hash_that_is_not_broken() {
        let vectors = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/keypairs");
        for vector in ["ed25519.v3.ppk", "ed25519.pkcs8.pem", "rsa2048.v2.ppk", "rsa2048-swapped.v3.ppk", "rsa4096.pkcs1.pem"] {
            let directory = tempfile::tempdir().unwrap();
            let bytes = fs::read(vectors.join(format!("TEST-ONLY-{vector}"))).unwrap();
            let key = Arc::new(OpenedKey::new(&ec2dash_keys::unlock(&bytes, None).unwrap()).unwrap());
            assert_eq!(format!("{key:?}"), "OpenedKey(***)");
            let line = key.public().line();
            let public = directory.path().join("key.pub");
            fs::write(&public, format!("{line}\n")).unwrap();
            let is_rsa = line.starts_with("ssh-rsa");
            let blob = key.public().blob().to_vec();
            let agent = serve(directory.path(), key, || std::future::ready(())).unwrap();
            let rig = Rig { directory, key: EphemeralKey::generate().unwrap(), agent };

            assert_eq!(String::from_utf8(rig.ssh_add(&["-L"]).await.stdout).unwrap().trim_end(), line);
            let (data, signed) = (rig.directory.path().join("data"), rig.directory.path().join("data.sig"));
            fs::write(&data, "data").unwrap();
            let mut signing = Command::new("ssh-keygen");
            signing
                .args(["-q", "-Y", "sign", "-n", "file", "-f"])
                .arg(&public)
                .arg(&data)
                .env("SSH_AUTH_SOCK", rig.agent.socket());
            assert!(signing.status().await.unwrap().success(), "{vector}");
            let mut checking = Command::new("ssh-keygen");
            checking.args(["-Y", "check-novalidate", "-n", "file", "-s"]).arg(&signed).stdin(fs::File::open(&data).unwrap());
            let checked = checking.output().await.unwrap();
            assert!(checked.status.success(), "{vector}: {checked:?}");
            for (flags, algorithm) in [(2_u32, "rsa-sha2-256"), (4, "rsa-sha2-512"), (6, "rsa-sha2-512")] {
                let request = [&[SIGN_REQUEST][..], &wire::string(&blob), &wire::string(b"data"), &flags.to_be_bytes()].concat();
                let reply = rig.ask(&request).await;
                let expected = if is_rsa { algorithm } else { "ssh-ed25519" };
                assert!(reply.windows(expected.len()).any(|part| part == expected.as_bytes()), "{vector} {flags}");
            }
            let with_sha1 = sign_request(&blob, b"data", b"");
            assert_eq!(rig.ask(&with_sha1).await == [FAILURE], is_rsa, "{vector}");
        }
    }

    struct Rig {
        directory: TempDir,
        key: EphemeralKey,
        agent: Agent,
    }

    impl Rig {
        fn new() -> Self {
            Self::with(|| std::future::ready(()))
        }

        fn with<F, W>(on_list: F) -> Self
        where
            F: Fn() -> W + Send + Sync + 'static,
            W: Future<Output = ()> + Send + 'static,
        {
            Self::within(LIST_LIMIT, on_list)
        }

        fn within<F, W>(list_limit: Duration, on_list: F) -> Self
        where
            F: Fn() -> W + Send + Sync + 'static,
            W: Future<Output = ()> + Send + 'static,
        {
            let directory = tempfile::tempdir().unwrap();
            let key = EphemeralKey::generate().unwrap();
            let agent = serve_within(list_limit, directory.path().join("agent-0"), key.clone().into(), on_list).unwrap();
            Self { directory, key, agent }
        }

        async fn ssh_add(&self, arguments: &[&str]) -> Output {
            Command::new("ssh-add").args(arguments).env("SSH_AUTH_SOCK", self.agent.socket()).output().await.unwrap()
        }

        async fn ask(&self, request: &[u8]) -> Vec<u8> {
            let mut stream = UnixStream::connect(self.agent.socket()).await.unwrap();
            stream.write_all(&wire::string(request)).await.unwrap();
            read(&mut stream).await.unwrap().unwrap()
        }
    }

    fn sign_request(blob: &[u8], data: &[u8], more: &[u8]) -> Vec<u8> {
        [&[SIGN_REQUEST][..], &wire::string(blob), &wire::string(data), &[0; 4], more].concat()
    }
}
