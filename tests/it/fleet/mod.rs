//! A command on many simulated instances through Run Command: the binary, its streams, and what it leaves in the account.

mod leaving;
mod refusals;
mod results;

use std::collections::BTreeSet;
use std::io::Read as _;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use ec2dash_sim::fleet::{Agent, Ping, State};
use ec2dash_sim::{Fault, FleetSource, Options, Sim};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::printed::Printed;
use crate::support::pty::Terminal;
use crate::support::tools::{ec2dash, python_tool};

const PATIENCE: Duration = Duration::from_secs(60);

/// A simulated fleet and a home to call from.
struct Fleet {
    sim: Sim,
    home: TempDir,
}

impl Fleet {
    /// Instances that all run, with an agent that is online.
    async fn online(count: usize, faults: &[&str]) -> Self {
        let fleet = Self::of(count, faults).await;
        fleet.sim.edit(|fleet| {
            let all: Vec<_> = fleet.accounts.iter_mut().flat_map(|account| &mut account.instances).collect();
            for instance in all {
                instance.state = State::Running;
                instance.agent = Some(Agent {
                    has_channel: true,
                    ping: Ping::Online(Duration::from_secs(5)),
                    version: "3.3.1611.0".to_owned(),
                    platform: ["Linux", "Amazon Linux", "2023"].map(str::to_owned),
                });
            }
        });
        fleet
    }

    async fn of(count: usize, faults: &[&str]) -> Self {
        let faults = faults.iter().map(|fault| fault.parse::<Fault>().unwrap()).collect();
        let source = FleetSource::Generated { instances: count, regions: vec!["us-east-1".to_owned()], seed: 7 };
        let sim = Sim::start(Options { fleet: source, faults, ..Options::default() }).await.unwrap();
        Self { sim, home: tempfile::tempdir().unwrap() }
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(ec2dash());
        command.env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default()).env("HOME", self.home.path());
        command.env("LANG", "C.UTF-8").envs(self.sim.environment()).stdin(Stdio::null()).args(arguments);
        command
    }

    fn run(&self, arguments: &[&str]) -> Printed {
        Printed::of(self.command(arguments).output().unwrap())
    }

    fn ids(&self) -> Vec<String> {
        self.sim.fleet().instances().map(|instance| instance.id.clone()).collect()
    }

    fn count(&self, action: &str) -> usize {
        self.sim.calls().iter().filter(|call| call.action == action).count()
    }

    /// What AWS's own client says.
    fn boto3(&self, script: &str) -> Value {
        let mut command = Command::new(python_tool("python"));
        command.env_clear().env("HOME", self.home.path()).envs(self.sim.environment());
        let output = command.args(["-c", &format!("{BOTO3}\n{script}")]).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).unwrap()
    }
}

const BOTO3: &str = "import boto3, json, sys, time
ssm = boto3.client('ssm')
def say(value): json.dump(value, sys.stdout, default=str)
def wait(command, count):
    while True:
        pages = ssm.get_paginator('list_command_invocations').paginate(CommandId=command, Details=True)
        found = [one for page in pages for one in page['CommandInvocations']]
        if len(found) == count and all(one['Status'] not in ('Pending', 'InProgress', 'Cancelling') for one in found):
            return found
        time.sleep(0.2)
";

fn interrupt(child: &Child) {
    let pid = rustix::process::Pid::from_raw(child.id().cast_signed()).unwrap();
    let _ = rustix::process::kill_process(pid, rustix::process::Signal::INT);
}

#[track_caller]
fn end_of(child: &mut Child) -> Option<i32> {
    let begun = Instant::now();
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            return status.code();
        }
        if begun.elapsed() > PATIENCE {
            let _ = child.kill();
            panic!("the program did not end");
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[track_caller]
fn wait_until(what: &str, is_so: impl Fn() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < PATIENCE, "waited in vain: {what}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// Processes `sleep <number>` of this computer that have not ended.
fn running(number: &str) -> usize {
    let entries = std::fs::read_dir("/proc").unwrap().filter_map(Result::ok);
    let lines = entries.filter_map(|entry| std::fs::read(entry.path().join("cmdline")).ok());
    lines.filter(|line| line.as_slice() == [b"sleep\0", number.as_bytes(), b"\0"].concat()).count()
}
