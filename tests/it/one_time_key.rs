//! A one-time key from our agent, OpenSSH's client, and a simulated instance.

use std::process::{Output, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use ec2dash::model::InstanceId;
use ec2dash::ssh::agent::{self, Agent, PUSH_AGAIN_AFTER};
use ec2dash::ssh::{EphemeralKey, KnownHosts, Places, RunDirectory};
use ec2dash_sim::keys::KeyStore;
use ec2dash_sim::ssh::{Host, Servers, serve};
use tempfile::TempDir;
use tokio::process::Command;

const ID: &str = "i-0123456789abcdef0";

#[tokio::test]
async fn a_pushed_key_logs_in_and_the_users_own_agent_is_not_asked() {
    let rig = Rig::start().await;
    rig.push();

    let output = rig.ssh("echo $((6*7))").await;

    assert_eq!(String::from_utf8_lossy(&output.stdout), "42\n", "{output:?}");
}

#[tokio::test]
async fn without_a_push_the_key_opens_nothing() {
    let rig = Rig::start().await;

    let output = rig.ssh("true").await;

    assert_eq!(output.status.code(), Some(255));
    assert!(String::from_utf8_lossy(&output.stderr).contains("Permission denied (publickey)"), "{output:?}");
}

#[tokio::test]
async fn a_login_that_took_ninety_seconds_to_begin_works_as_the_key_is_pushed_again() {
    let rig = Rig::start().await;
    rig.push();

    rig.wait(Duration::from_secs(90)); // the user sat at a prompt
    let output = rig.ssh("echo in").await;

    assert_eq!(String::from_utf8_lossy(&output.stdout), "in\n", "{output:?}");
    assert_eq!(rig.pushes(), 2);
}

#[tokio::test]
async fn a_login_within_the_window_pushes_once() {
    let rig = Rig::start().await;
    rig.push();

    rig.wait(Duration::from_secs(30));
    rig.ssh("true").await;

    assert_eq!(rig.pushes(), 1);
}

#[tokio::test]
async fn no_private_key_is_written_for_a_session() {
    let rig = Rig::start().await;
    rig.push();

    let output = rig.ssh("echo done").await;

    assert_eq!(output.stdout, b"done\n");
    let files = std::fs::read_dir(rig.run.path()).unwrap().map(|entry| entry.unwrap().path());
    for file in files.filter(|path| path.is_file()) {
        assert!(!std::fs::read_to_string(&file).unwrap().contains("PRIVATE"), "{}", file.display());
    }
}

#[tokio::test]
async fn a_new_instance_at_an_old_address_is_no_warning_and_a_changed_key_is_refused_until_forgotten() {
    let mut rig = Rig::start().await;
    rig.push();
    assert!(rig.ssh("true").await.status.success());
    let first = rig.hosts.list().unwrap();

    rig.rebuild().await;
    rig.push();
    let changed = rig.ssh("true").await;
    let id: InstanceId = ID.parse().unwrap();
    let forgotten = rig.hosts.forget(&id).unwrap();
    let after = rig.ssh("true").await;

    assert_eq!(changed.status.code(), Some(255));
    assert!(String::from_utf8_lossy(&changed.stderr).contains("IDENTIFICATION HAS CHANGED"), "{changed:?}");
    assert_eq!(forgotten, 1);
    assert!(after.status.success(), "{after:?}");
    let second = rig.hosts.list().unwrap();
    assert_eq!([&first[0].id, &second[0].id], [&id, &id]);
    assert_ne!(first[0].fingerprint, second[0].fingerprint);
}

/// One instance, one login in preparation, and a clock for both.
struct Rig {
    servers: Servers,
    hosts: KnownHosts,
    run: RunDirectory,
    agent: Agent,
    public: std::path::PathBuf,
    line: String,
    cloud: Cloud,
    _root: TempDir,
}

#[derive(Clone)]
struct Cloud {
    keys: KeyStore,
    now: Arc<Mutex<Instant>>,
    pushes: Arc<Mutex<Vec<Instant>>>,
}

impl Cloud {
    fn push(&self, line: &str) {
        self.keys.push(ID, "ec2-user", line);
        self.pushes.lock().unwrap().push(*self.now.lock().unwrap());
    }

    fn push_again_if_old(&self, line: &str) {
        let now = *self.now.lock().unwrap();
        let last = self.pushes.lock().unwrap().last().copied();
        if last.is_some_and(|at| now - at > PUSH_AGAIN_AFTER) {
            self.push(line);
        }
    }
}

impl Rig {
    async fn start() -> Self {
        let root = tempfile::tempdir().unwrap();
        let now = Arc::new(Mutex::new(Instant::now()));
        let clock = Arc::clone(&now);
        let keys = KeyStore::with_clock(move || *clock.lock().unwrap());
        let cloud = Cloud { keys: keys.clone(), now, pushes: Arc::default() };
        let run = RunDirectory::create(&Places::from_environment(|name| (name == "XDG_RUNTIME_DIR").then(|| root.path().into())))
            .unwrap();
        let key = EphemeralKey::generate().unwrap();
        let line = key.public_line().to_owned();
        let public = run.write_public_key(key.public_line()).unwrap();
        let (asked, again) = (cloud.clone(), line.clone());
        let agent = agent::serve(run.path(), key, move || {
            asked.push_again_if_old(&again);
            std::future::ready(())
        })
        .unwrap();
        let hosts = KnownHosts::new(&root.path().join("state"));
        hosts.prepare().unwrap();
        let servers = instance(keys).await;
        Self { servers, hosts, run, agent, public, line, cloud, _root: root }
    }

    async fn rebuild(&mut self) {
        self.servers = instance(self.cloud.keys.clone()).await;
    }

    fn push(&self) {
        self.cloud.push(&self.line);
    }

    fn pushes(&self) -> usize {
        self.cloud.pushes.lock().unwrap().len()
    }

    fn wait(&self, time: Duration) {
        *self.cloud.now.lock().unwrap() += time;
    }

    async fn ssh(&self, line: &str) -> Output {
        let port = self.servers.port(ID).unwrap().to_string();
        let options = [
            format!("HostKeyAlias={ID}"),
            format!("UserKnownHostsFile={}", self.hosts.path().display()),
            format!("IdentityAgent={}", self.agent.socket().display()),
            format!("IdentityFile={}", self.public.display()),
            "IdentitiesOnly=yes".to_owned(),
            "StrictHostKeyChecking=accept-new".to_owned(),
            "HashKnownHosts=no".to_owned(),
            "ControlPath=none".to_owned(),
        ];
        let mut command = Command::new("ssh");
        command.args(["-F", "none", "-p", &port]).args(options.iter().map(|option| format!("-o{option}")));
        command.args(["--", "ec2-user@127.0.0.1", line]).env("SSH_AUTH_SOCK", "/nowhere").stdin(Stdio::null()).kill_on_drop(true);
        tokio::time::timeout(Duration::from_secs(30), command.output()).await.expect("ssh did not end").unwrap()
    }
}

async fn instance(keys: KeyStore) -> Servers {
    let host = Host {
        instance: ID.to_owned(),
        name: "web-1".to_owned(),
        users: vec!["ec2-user".to_owned()],
        authorized: Vec::new(),
        is_windows: false,
    };
    serve(vec![host], keys).await.unwrap()
}
