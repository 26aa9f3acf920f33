//! Hands calls of this program over to new panes, on a socket of ours.
//!
//! A multiplexer starts what runs in a pane with an environment of its own, and what it is told stands in the list of processes for everyone.
//! So it is told a socket and a number, and the call, with the dashboard's environment (its credentials, the demo's cloud), comes by the socket.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fs::{self, Permissions};
use std::io::{self, Read as _, Write as _};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixStream as Stream;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{UnixListener, UnixStream};
use tokio::task::JoinSet;
use tokio::time::timeout;
use zeroize::Zeroizing;

/// How long either side may take.
const LONGEST: Duration = Duration::from_secs(10);
/// Most bytes of a call: more than any system lets a program be started with.
const MOST: u64 = 8 << 20;
/// Most bytes of a number.
const NUMBER: u64 = 16;
/// Variables that tell of the terminal a program runs in: a pane has its own.
const OF_TERMINAL: [&str; 12] =
    ["TERM", "COLORTERM", "TMUX", "ZELLIJ", "WEZTERM", "KITTY", "ITERM", "GNOME_TERMINAL", "VTE", "WT_", "WINDOWID", "SHLVL"];

/// A call of this program.
#[derive(Clone, PartialEq, Eq)]
pub struct Handed {
    /// Its arguments.
    pub arguments: Vec<OsString>,
    /// Where it runs.
    pub directory: PathBuf,
    /// Its environment, but for what tells of the terminal.
    pub environment: Vec<(OsString, OsString)>,
}

impl std::fmt::Debug for Handed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The environment may hold credentials.
        f.debug_struct("Handed").field("arguments", &self.arguments).finish_non_exhaustive()
    }
}

type Calls = Arc<Mutex<BTreeMap<u32, Handed>>>;

/// Where calls are handed over. Dropping it takes those back that nobody came for.
#[derive(Debug)]
pub struct Counter {
    socket: PathBuf,
    calls: Calls,
    last: u32,
    _serving: JoinSet<()>,
}

impl Counter {
    /// One on a new socket in `directory`, which must be private.
    pub fn open(directory: &Path) -> io::Result<Self> {
        let socket = directory.join("panes");
        let listener = UnixListener::bind(&socket)?;
        fs::set_permissions(&socket, Permissions::from_mode(0o600))?;
        let calls = Calls::default();
        let mut serving = JoinSet::new();
        serving.spawn(serve(listener, Arc::clone(&calls)));
        Ok(Self { socket, calls, last: 0, _serving: serving })
    }

    /// Put a call there, and get what this program takes to fetch it and to become it.
    pub fn put(&mut self, call: Handed) -> [OsString; 3] {
        self.last += 1;
        locked(&self.calls).insert(self.last, call);
        [FLAG.into(), self.socket.clone().into(), self.last.to_string().into()]
    }
}

/// What a pane is started with before the socket and the number.
pub const FLAG: &str = "--pane";

/// Fetch a call; it is there for the first who comes.
pub fn take(socket: &Path, number: &OsStr) -> io::Result<Handed> {
    let mut stream = Stream::connect(socket)?;
    stream.set_read_timeout(Some(LONGEST))?;
    stream.set_write_timeout(Some(LONGEST))?;
    stream.write_all(&[number.as_bytes(), b"\n"].concat())?;
    let mut bytes = Zeroizing::new(Vec::new());
    stream.take(MOST).read_to_end(&mut bytes)?;
    read(&bytes).ok_or_else(|| io::ErrorKind::NotFound.into())
}

async fn serve(listener: UnixListener, calls: Calls) {
    let mut answering = JoinSet::new();
    loop {
        let Ok((stream, _)) = listener.accept().await else { return };
        while answering.try_join_next().is_some() {}
        answering.spawn(timeout(LONGEST, answer(stream, Arc::clone(&calls))));
    }
}

async fn answer(mut stream: UnixStream, calls: Calls) -> io::Result<()> {
    let mut line = String::new();
    BufReader::new((&mut stream).take(NUMBER)).read_line(&mut line).await?;
    let call = line.trim_end().parse::<u32>().ok().and_then(|number| locked(&calls).remove(&number));
    if let Some(call) = call {
        stream.write_all(&written(&call)).await?;
    }
    stream.shutdown().await
}

/// The number of arguments, the arguments, the directory, and the variables, each with a zero byte behind it: none of them can hold one.
fn written(call: &Handed) -> Zeroizing<Vec<u8>> {
    let mut bytes = Zeroizing::new(Vec::new());
    let mut push = |parts: &[&[u8]]| {
        parts.iter().for_each(|part| bytes.extend_from_slice(part));
        bytes.push(0);
    };
    push(&[call.arguments.len().to_string().as_bytes()]);
    call.arguments.iter().for_each(|word| push(&[word.as_bytes()]));
    push(&[call.directory.as_os_str().as_bytes()]);
    call.environment.iter().for_each(|(name, value)| push(&[name.as_bytes(), b"=", value.as_bytes()]));
    bytes
}

fn read(bytes: &[u8]) -> Option<Handed> {
    let (whole, rest) = bytes.split_at(bytes.iter().rposition(|byte| *byte == 0)?);
    let mut parts = (rest.len() == 1).then(|| whole.split(|byte| *byte == 0))?;
    let word = |part: &[u8]| OsString::from_vec(part.to_vec());
    let count: usize = std::str::from_utf8(parts.next()?).ok()?.parse().ok()?;
    let arguments: Vec<OsString> = parts.by_ref().take(count).map(word).collect();
    let directory = PathBuf::from(word(parts.next().filter(|_| arguments.len() == count)?));
    let variable = |part: &[u8]| {
        let at = part.iter().skip(1).position(|byte| *byte == b'=')? + 1;
        Some((word(&part[..at]), word(&part[at + 1..])))
    };
    Some(Handed { arguments, directory, environment: parts.filter_map(variable).collect() })
}

impl Handed {
    /// A call with the environment and directory of this process.
    pub fn from_here(arguments: Vec<OsString>) -> Self {
        let environment = std::env::vars_os().filter(|(name, _)| !is_of_terminal(name)).collect();
        Self { arguments, directory: std::env::current_dir().unwrap_or_else(|_| "/".into()), environment }
    }

    /// The environment with what the pane's own says of its terminal.
    pub fn environment_in(&self, own: impl IntoIterator<Item = (OsString, OsString)>) -> Vec<(OsString, OsString)> {
        let own = own.into_iter().filter(|(name, _)| is_of_terminal(name));
        self.environment.iter().cloned().chain(own).collect()
    }
}

fn is_of_terminal(name: &OsStr) -> bool {
    OF_TERMINAL.iter().any(|start| name.as_bytes().starts_with(start.as_bytes()))
}

fn locked(calls: &Calls) -> std::sync::MutexGuard<'_, BTreeMap<u32, Handed>> {
    calls.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call() -> Handed {
        let words = |words: &[&[u8]]| words.iter().map(|word| OsString::from_vec(word.to_vec())).collect::<Vec<_>>();
        Handed {
            arguments: words(&[b"connect", b"", b"a b\n\xff"]),
            directory: "/some where".into(),
            environment: vec![("A".into(), "x=y\n".into()), ("B".into(), OsString::new())],
        }
    }

    #[test]
    fn a_call_is_read_as_it_was_written_and_half_a_one_is_none() {
        let bytes = written(&call());
        assert_eq!(read(&bytes), Some(call()));
        for end in 0..bytes.len() {
            assert_ne!(read(&bytes[..end]), Some(call()), "{end}");
        }
        assert_eq!(read(b""), None);
        assert_eq!(read(b"9\0a\0"), None);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn each_call_is_handed_over_once() {
        let directory = tempfile::tempdir().unwrap();
        let mut counter = Counter::open(directory.path()).unwrap();
        let [flag, socket, number] = counter.put(call());
        assert_eq!(flag, FLAG);

        let taken = |number: OsString, socket: OsString| tokio::task::spawn_blocking(move || take(Path::new(&socket), &number));
        assert!(taken("7".into(), socket.clone()).await.unwrap().is_err(), "there is no such call");
        assert_eq!(taken(number.clone(), socket.clone()).await.unwrap().unwrap(), call());
        assert!(taken(number, socket.clone()).await.unwrap().is_err(), "it is gone");
        assert_eq!(fs::metadata(&socket).unwrap().permissions().mode() & 0o777, 0o600);
        drop(counter);
        assert!(taken("1".into(), socket).await.unwrap().is_err());
    }

    #[test]
    fn what_tells_of_the_terminal_is_the_panes_own() {
        let handed = Handed { environment: vec![("AWS_PROFILE".into(), "p".into())], ..call() };
        let own = [("TMUX_PANE", "%9"), ("AWS_PROFILE", "other"), ("TERM", "screen")].map(|(n, v)| (n.into(), v.into()));
        let expected = [("AWS_PROFILE", "p"), ("TMUX_PANE", "%9"), ("TERM", "screen")].map(|(n, v)| (n.into(), v.into()));
        assert_eq!(handed.environment_in(own), expected);
        let debug = format!("{:?}", Handed { environment: vec![("SECRET".into(), "s3cret".into())], ..call() });
        assert!(!debug.contains("s3cret"), "{debug}");
    }
}
