//! The agent against OpenSSH's own `ssh-add`, and against programs that come and go.

use std::path::Path;
use std::process::Stdio;

use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::process::Command;
use tokio::task::JoinHandle;

use super::super::client::{LentKey, borrow, status, stop};
use super::*;

const LONG: Duration = Duration::from_secs(3_600);

struct Rig {
    home: TempDir,
    place: AgentPlace,
    serving: JoinHandle<()>,
}

impl Rig {
    fn new(idle: Duration) -> Self {
        let home = tempfile::tempdir().unwrap();
        let place = AgentPlace::at(&home.path().join("agent")).unwrap();
        let agent = SharedAgent::begin(&place).unwrap().unwrap();
        Self { home, place, serving: tokio::spawn(agent.serve(idle)) }
    }

    async fn key(&self, id: &str) -> LentKey {
        borrow(&self.place, Path::new("/no/such/program"), &id.parse().unwrap()).await.unwrap()
    }

    async fn listed(&self, id: &str) -> String {
        let mut asking = Command::new("ssh-add");
        asking.arg("-L").env("SSH_AUTH_SOCK", self.place.socket(&id.parse().unwrap())).stdin(Stdio::null());
        String::from_utf8(asking.output().await.unwrap().stdout).unwrap().trim().to_owned()
    }

    async fn connections(&self) -> Vec<(String, usize)> {
        let status = status(&self.place).await.unwrap().unwrap();
        status.keys.into_iter().map(|held| (held.id, held.connections)).collect()
    }
}

const ONE: &str = "i-0123456789abcdef0";
const TWO: &str = "i-0a1b2c3d4e5f60718";

#[tokio::test]
async fn each_instance_has_a_key_of_its_own_which_goes_with_the_last_connection() {
    let rig = Rig::new(LONG);
    let (one, again, two) = (rig.key(ONE).await, rig.key(ONE).await, rig.key(TWO).await);
    assert_eq!(one.public_line(), again.public_line());
    assert_ne!(one.public_line(), two.public_line());
    assert_eq!(rig.connections().await, [(ONE.to_owned(), 2), (TWO.to_owned(), 1)]);
    let modes = [rig.place.control(), rig.place.socket(&ONE.parse().unwrap()), rig.place.directory().to_owned()]
        .map(|path| fs::metadata(path).unwrap().permissions().mode() & 0o777);
    assert_eq!(modes, [0o600, 0o600, 0o700]);

    drop(one);
    while rig.connections().await != [(ONE.to_owned(), 1), (TWO.to_owned(), 1)] {}
    drop(again);
    while rig.connections().await != [(TWO.to_owned(), 1)] {}

    assert!(!rig.place.socket(&ONE.parse().unwrap()).exists());
    let (first, next) = (two.public_line().to_owned(), rig.key(ONE).await);
    assert_ne!(next.public_line(), first);
}

#[tokio::test]
async fn ssh_sees_the_key_once_everybody_who_uses_it_is_ready() {
    let rig = Rig::new(LONG);
    let (mut one, mut other) = (rig.key(ONE).await, rig.key(ONE).await);
    let line = one.public_line().to_owned();

    let listing = rig.listed(ONE);
    let pushing = async {
        one.asked().await.unwrap();
        other.asked().await.unwrap();
        one.ready().await.unwrap();
        other.ready().await.unwrap();
    };
    let (listed, ()) = tokio::join!(listing, pushing);

    assert_eq!(listed, line);
}

#[tokio::test]
async fn a_program_that_leaves_while_it_is_asked_holds_nobody_up() {
    let rig = Rig::new(LONG);
    let (mut one, mut other) = (rig.key(ONE).await, rig.key(ONE).await);
    let line = one.public_line().to_owned();

    let leaving = async {
        one.asked().await.unwrap();
        drop(one);
        other.asked().await.unwrap();
        other.ready().await.unwrap();
    };
    let (listed, ()) = tokio::join!(rig.listed(ONE), leaving);

    assert_eq!(listed, line);
}

#[tokio::test]
async fn there_is_one_agent_in_a_place_and_the_next_one_takes_over_what_a_killed_one_left() {
    let rig = Rig::new(LONG);
    assert!(SharedAgent::begin(&rig.place).unwrap().is_none());
    let _key = rig.key(ONE).await;

    rig.serving.abort();
    let _ = rig.serving.await;
    fs::write(rig.place.control(), "").unwrap();
    fs::write(rig.place.socket(&TWO.parse().unwrap()), "").unwrap();
    fs::write(rig.place.directory().join("another's"), "").unwrap();

    let agent = SharedAgent::begin(&rig.place).unwrap().unwrap();
    assert!(!rig.place.socket(&TWO.parse().unwrap()).exists());
    assert!(rig.place.directory().join("another's").exists());
    drop(agent);
    assert!(!rig.place.control().exists());
}

#[tokio::test]
async fn it_ends_when_told_to_or_when_nobody_has_needed_it() {
    let rig = Rig::new(LONG);
    let mut key = rig.key(ONE).await;
    assert!(stop(&rig.place).await.unwrap());
    rig.serving.await.unwrap();
    assert!(key.asked().await.is_err());
    assert!(!stop(&rig.place).await.unwrap());
    assert_eq!(status(&rig.place).await.unwrap(), None);

    let rig = Rig::new(Duration::from_millis(50));
    rig.serving.await.unwrap();
    assert_eq!(fs::read_dir(rig.home.path().join("agent")).unwrap().count(), 1, "its lock file");
}

#[tokio::test]
async fn nonsense_ends_the_talk_and_nothing_else() {
    let rig = Rig::new(LONG);
    for nonsense in
        ["key ../../x\n".to_owned(), "\n".to_owned(), "x".repeat(LONGEST_LINE + 1), "key i-0123456789abcdef0\nwhat\n".to_owned()]
    {
        let mut stream = UnixStream::connect(rig.place.control()).await.unwrap();
        // It may hang up before it has all of it.
        let _ = stream.write_all(nonsense.as_bytes()).await;
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer).await;
        assert!(answer.is_empty() || answer.starts_with(b"ssh-ed25519 "), "{answer:?}");
    }
    while !rig.connections().await.is_empty() {}
}
