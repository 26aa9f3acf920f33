//! The commands of the program against the simulated cloud: stdout, stderr and exit codes.

mod alone;
mod gaps;
mod listing;
mod places;
mod targets;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Stdio};

use ec2dash_sim::{Fault, FleetSource, Options, Sim};
use serde_json::Value;
use tempfile::TempDir;

use crate::support::printed::Printed;
use crate::support::tools::SIM_VARIABLES;

const BARE: &str = "id,name,state,private_ip,public_ip";
/// Everything of H1 to H5 (docs/faults.md) that a tag can hold, a line end, quotes and a comma.
const HOSTILE: &str =
    "x\u{1b}]52;c;Y3Vy\u{7}\u{9b}2J\u{7f}\r\n\t\u{2028}\u{85}\u{202e}\u{200b}\u{feff}\u{e0041}\u{3164}\"a\",b'결제";

/// A simulated cloud, an empty home, and the program between them.
struct Desk {
    sim: Sim,
    home: TempDir,
}

impl Desk {
    async fn new(faults: &[&str]) -> Self {
        let faults = faults.iter().map(|fault| fault.parse::<Fault>().unwrap()).collect();
        let sim = Sim::start(Options { fleet: FleetSource::Demo, faults, ..Options::default() }).await.unwrap();
        Self { sim, home: tempfile::tempdir().unwrap() }
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = program(self.home.path());
        command.envs(self.sim.environment()).args(arguments);
        command
    }

    fn run(&self, arguments: &[&str]) -> Printed {
        Printed::of(self.command(arguments).output().unwrap())
    }

    /// Rename `web-1` to something else.
    fn rename(&self, name: &str) {
        self.sim.edit(|fleet| {
            let all = fleet.accounts.iter_mut().flat_map(|account| &mut account.instances);
            for instance in all.filter(|instance| instance.id == "i-0123456789abcdef0") {
                instance.tags.retain(|(key, _)| key != "Name");
                instance.tags.push(("Name".to_owned(), name.to_owned()));
            }
        });
    }

    fn actions(&self) -> BTreeSet<String> {
        self.sim.calls().into_iter().map(|call| call.action).collect()
    }
}

/// The program in an environment of its own.
fn program(home: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ec2dash"));
    command.env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default()).env("HOME", home);
    command.env("LANG", "C.UTF-8").env("AWS_EC2_METADATA_DISABLED", "true").stdin(Stdio::null()).current_dir(home);
    command
}

/// Nothing in it moves a cursor, turns text round or cannot be seen, but for `allowed`.
fn assert_inert(text: &str, allowed: &str) {
    let bad = text.chars().find(|character| ec2dash::model::is_hidden(*character) && !allowed.contains(*character));
    assert_eq!(bad, None, "{text:?}");
}
