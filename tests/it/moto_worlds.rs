//! What the doctor says of worlds in an EC2 that we did not write, and of the same where one read after the other is denied.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::process::{Command, Output};
use std::sync::Mutex;
use std::thread;

use serde::Deserialize;
use serde_json::Value;

use crate::support::moto::{Moto, second_opinion};
use crate::support::tools::ec2dash;

/// Where the worlds see us come from.
const FROM: &str = "203.0.113.9";
/// The program waits for moto, which answers one after the other.
const AT_ONCE: usize = 4;
/// The worlds in which reads are denied: between them everything that is read decides something.
const DENIED_IN: [&str; 6] =
    ["nobody", "list-of-others", "acl-denies-first", "no-way-back", "gateway-detached", "role-without-sessions"];
/// What a denied read leaves open, where it decides: the action, the world, the way, and its verdict and findings there.
const LEFT_OPEN: [(&str, &str, &str, &str); 8] = [
    ("ec2:DescribeSecurityGroups", "nobody", "eic", "unknown; NET-1 unknown"),
    ("ec2:GetManagedPrefixListEntries", "list-of-others", "eic", "unknown; NET-2 unknown"),
    ("ec2:DescribeNetworkAcls", "acl-denies-first", "eic", "likely; NET-6 unknown"),
    ("ec2:DescribeRouteTables", "no-way-back", "eic", "unknown; NET-8 unknown"),
    ("ec2:DescribeInternetGateways", "gateway-detached", "eic", "likely; NET-8 pass"),
    ("ec2:DescribeInstanceTypes", "nobody", "serial", "unknown; SER-2 unknown"),
    ("ec2:DescribeInstanceStatus", "role-without-sessions", "eic", "likely; GEN-5 unknown"),
    ("ec2:DescribeRegions", "role-without-sessions", "eic", "likely; GEN-2 unknown"),
];

#[derive(Debug, Deserialize)]
struct Worlds {
    world: Vec<World>,
}

#[derive(Debug, Deserialize)]
struct World {
    name: String,
    eic: String,
    ssh: Option<String>,
}

/// What the builder of the worlds prints.
#[derive(Debug, Deserialize)]
struct Built {
    instances: BTreeMap<String, String>,
    keys: BTreeMap<String, (String, String)>,
}

struct Desk {
    moto: Moto,
    home: tempfile::TempDir,
    built: Built,
}

impl Desk {
    fn new(actions: &[String]) -> Self {
        let moto = Moto::start();
        let home = tempfile::tempdir().unwrap();
        std::fs::create_dir(home.path().join(".ssh")).unwrap();
        let words = [second_opinion("worlds.toml").into(), home.path().join(".ssh/team.pem").into_os_string()];
        let built = moto.boto3("worlds.py", words.into_iter().chain(actions.iter().map(OsString::from)));
        Self { moto, home, built: serde_json::from_value(built).unwrap() }
    }

    /// The doctor of a world, by somebody who may do everything but `denied`.
    fn doctor(&self, world: &str, denied: &str) -> Output {
        let (id, secret) = &self.built.keys[denied];
        Command::new(ec2dash())
            .args(["doctor", &self.built.instances[world], "--from", FROM, "-o", "json"])
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap())
            .env("HOME", self.home.path())
            .env("AWS_ENDPOINT_URL", &self.moto.endpoint)
            .env("AWS_REGION", "us-east-1")
            .envs([("AWS_ACCESS_KEY_ID", id), ("AWS_SECRET_ACCESS_KEY", secret)])
            .env("AWS_EC2_METADATA_DISABLED", "true")
            .output()
            .unwrap()
    }

    fn told(&self, world: &str, denied: &str) -> Told {
        let output = self.doctor(world, denied);
        let object = serde_json::from_slice(&output.stdout);
        Told(object.unwrap_or_else(|_| panic!("{world} without {denied}: {}", String::from_utf8_lossy(&output.stderr))))
    }
}

struct Told(Value);

impl Told {
    fn way(&self, method: &str) -> &Value {
        self.0["methods"].as_array().unwrap().iter().find(|way| way["method"] == method).unwrap()
    }

    /// The findings of a way as `RULE outcome`.
    fn findings(&self, method: &str) -> Vec<String> {
        let all = self.way(method)["findings"].as_array().unwrap().iter();
        all.map(|own| format!("{} {}", own["rule"].as_str().unwrap(), own["outcome"].as_str().unwrap())).collect()
    }

    /// What is not as `expected` says: a verdict, then findings that must be there.
    fn flaw(&self, method: &str, expected: &str) -> Option<String> {
        let mut words = expected.split("; ");
        let (verdict, findings) = (&self.way(method)["verdict"], self.findings(method));
        let is_right = words.next().is_some_and(|own| verdict == own) && words.all(|own| findings.iter().any(|one| one == own));
        (!is_right).then(|| format!("{method}: expected {expected}, told {verdict}: {findings:?}"))
    }

    /// Everything that is said to be in the way for certain.
    fn failed(&self) -> BTreeSet<String> {
        let ways = self.0["methods"].as_array().unwrap().iter();
        let of_way = |way: &Value| {
            let method = way["method"].as_str().unwrap().to_owned();
            let failed = way["findings"].as_array().unwrap().iter().filter(|own| own["outcome"] == "fail");
            failed.map(move |own| format!("{method} {} {}", own["rule"], own["code"])).collect::<Vec<_>>()
        };
        ways.flat_map(of_way).collect()
    }

    fn names(&self, action: &str) -> bool {
        self.0["warnings"].as_array().unwrap().iter().any(|own| own["action"] == action)
    }
}

/// Every action that the program reads with, as it says itself.
fn reads() -> Vec<String> {
    let output = Command::new(ec2dash()).args(["policy", "read"]).output().unwrap();
    let policy: Value = serde_json::from_slice(&output.stdout).unwrap();
    let of_statement = |own: &Value| match &own["Action"] {
        Value::Array(all) => all.iter().map(|action| action.as_str().unwrap().to_owned()).collect(),
        one => vec![one.as_str().unwrap().to_owned()],
    };
    policy["Statement"].as_array().unwrap().iter().flat_map(of_statement).collect()
}

/// Do `work` for each of these, some at once; what it has to say of them.
fn at_once<T: Sync>(all: &[T], work: impl Fn(&T) -> Vec<String> + Sync) -> Vec<String> {
    let (next, said) = (Mutex::new(all.iter()), Mutex::new(Vec::new()));
    let one = || {
        loop {
            let Some(item) = next.lock().unwrap().next() else { return };
            let found = work(item);
            said.lock().unwrap().extend(found);
        }
    };
    thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(one);
        }
    });
    said.into_inner().unwrap()
}

#[test]
fn worlds_that_we_did_not_write_are_judged_by_the_rules_and_a_denied_read_closes_nothing() {
    let worlds: Worlds = toml::from_str(&std::fs::read_to_string(second_opinion("worlds.toml")).unwrap()).unwrap();
    assert!(worlds.world.len() >= 50);
    let reads = reads();
    let desk = Desk::new(&reads);

    let flaws = at_once(&worlds.world, |world| {
        let told = desk.told(&world.name, "");
        let eic = told.flaw("eic", &world.eic);
        let ssh = world.ssh.as_ref().and_then(|expected| told.flaw("ssh", expected));
        eic.into_iter().chain(ssh).map(|flaw| format!("{}: {flaw}", world.name)).collect()
    });
    assert!(flaws.is_empty(), "{}", flaws.join("\n"));

    let whole: BTreeMap<&str, Told> = DENIED_IN.into_iter().map(|world| (world, desk.told(world, ""))).collect();
    let denials: Vec<(&str, &str)> =
        DENIED_IN.into_iter().flat_map(|world| reads.iter().map(move |own| (world, own.as_str()))).collect();
    let flaws = at_once(&denials, |(world, action)| {
        // Without the instance there is nothing to say, but why.
        if *action == "ec2:DescribeInstances" {
            let said = String::from_utf8(desk.doctor(world, action).stderr).unwrap();
            return if said.contains(action) { vec![] } else { vec![format!("{world} without {action}: {said}")] };
        }
        // What moto does not know is denied already.
        if whole[world].names(action) {
            return vec![];
        }
        let told = desk.told(world, action);
        let added: Vec<String> = told.failed().difference(&whole[world].failed()).cloned().collect();
        let mut flaws = if added.is_empty() { vec![] } else { vec![format!("{world} without {action}: {added:?}")] };
        for (_, _, method, expected) in LEFT_OPEN.iter().filter(|own| own.0 == *action && own.1 == *world) {
            flaws.extend(told.flaw(method, expected).map(|flaw| format!("{world} without {action}: {flaw}")));
            flaws.extend(
                (!told.names(action)).then(|| format!("{world} without {action}: it is not named: {}", told.0["warnings"])),
            );
        }
        flaws
    });
    assert!(flaws.is_empty(), "{}", flaws.join("\n"));
}
