//! The commands of the program against the simulated cloud: stdout, stderr and exit codes.

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
/// Everything of H1 to H5 that a tag can hold, a line end, quotes and a comma.
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

#[tokio::test(flavor = "multi_thread")]
async fn a_list_has_the_same_instances_in_every_form() {
    let desk = Desk::new(&[]).await;

    let told = |form: &str| desk.run(&["ls", "-o", form, "web", "state:running"]);
    let columns = "id,name,state,tags,iam,via";
    let objects = |form: &str| desk.run(&["ls", "-o", form, "web", "state:running", "--columns", columns]);
    let (json, jsonl, csv, tsv, ids, table) =
        (objects("json"), objects("jsonl"), told("csv"), told("tsv"), told("ids"), told("table"));

    let expected: BTreeSet<&str> = ids.lines().into_iter().collect();
    assert!(expected.len() >= 4, "{ids:?}");
    let of_json: Vec<Value> = json.json()["instances"].as_array().unwrap().clone();
    let id = |object: &Value| object["id"].as_str().unwrap().to_owned();
    assert_eq!(of_json.iter().map(id).collect::<BTreeSet<_>>(), expected.iter().map(|id| (*id).to_owned()).collect());
    let of_jsonl: Vec<Value> = jsonl.lines().iter().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(of_jsonl, of_json);
    let mut reader = csv::Reader::from_reader(csv.stdout.as_bytes());
    assert_eq!(
        reader.headers().unwrap().iter().collect::<Vec<_>>(),
        ["name", "id", "state", "private_ip", "public_ip", "ssm", "iam", "via"]
    );
    assert_eq!(reader.records().map(|record| record.unwrap()[1].to_owned()).collect::<BTreeSet<_>>().len(), expected.len());
    assert_eq!(tsv.lines().len(), expected.len() + 1);
    assert!(expected.iter().all(|id| table.stdout.contains(*id)), "{table:?}");
    for told in [json, jsonl, csv, tsv, ids, table] {
        assert_eq!((told.code, told.stderr.as_str()), (Some(0), ""));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn json_has_the_documented_shape() {
    let desk = Desk::new(&[]).await;

    let listed = desk.run(&["ls", "-o", "json"]).json();
    let shown = desk.run(&["show", "web-1", "-o", "json"]).json();

    assert_eq!((&listed["schema"], &listed["warnings"]), (&Value::from(1), &Value::from(Vec::<Value>::new())));
    let web = listed["instances"].as_array().unwrap().iter().find(|one| one["name"] == "web-1").unwrap();
    assert_eq!(web["iam"]["status"], "ok");
    assert_eq!(web["ssm"]["status"], "online");
    let methods: Vec<&Value> = web["methods"].as_array().unwrap().iter().map(|method| &method["method"]).collect();
    assert_eq!(methods, ["ssm", "ssm-ssh", "eic", "ssh"]);
    assert_eq!(&shown["instance"]["tags"], &web["tags"]);
    assert_eq!(&shown["instance"]["methods"], &web["methods"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_what_the_columns_need_is_asked_for() {
    let desk = Desk::new(&[]).await;

    let told = desk.run(&["ls", "-o", "json", "--columns", BARE]);

    assert_eq!(told.code, Some(0));
    assert_eq!(desk.actions(), BTreeSet::from(["ec2:DescribeInstances".to_owned()]));
    let keys: BTreeSet<String> = told.json()["instances"][0].as_object().unwrap().keys().cloned().collect();
    assert_eq!(keys, BARE.split(',').map(str::to_owned).collect());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_filter_and_an_order_fetch_what_they_look_at() {
    let desk = Desk::new(&[]).await;

    let online = desk.run(&["ls", "-o", "json", "--columns", "id", "ssm:online"]);
    let newest = desk.run(&["ls", "-o", "jsonl", "--columns", "launched", "--sort", "-launched"]);

    assert!(!online.json()["instances"].as_array().unwrap().is_empty());
    assert!(desk.actions().contains("ssm:DescribeInstanceProperties") && !desk.actions().contains("iam:GetInstanceProfile"));
    let dates: Vec<String> =
        newest.lines().iter().map(|line| serde_json::from_str::<Value>(line).unwrap()["launched"].to_string()).collect();
    assert!(dates.windows(2).all(|pair| pair[0] >= pair[1] || pair[1] == "null"), "{dates:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn several_regions_come_in_their_order() {
    let desk = Desk::new(&[]).await;

    let two = desk.run(&["ls", "--region", "us-east-1", "--region", "ap-northeast-2", "-o", "jsonl", "--columns", "region"]);
    let all = desk.run(&["ls", "--region", "all", "-o", "ids"]);

    let regions: Vec<Value> =
        two.lines().iter().map(|line| serde_json::from_str::<Value>(line).unwrap()["region"].clone()).collect();
    let first_of_seoul = regions.iter().position(|region| region == "ap-northeast-2").unwrap();
    assert!(first_of_seoul > 0 && regions[..first_of_seoul].iter().all(|region| region == "us-east-1"));
    assert!(all.lines().len() >= regions.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hostile_name_changes_nothing_but_its_own_cell() {
    let desk = Desk::new(&[]).await;
    desk.rename("plain");
    let before = desk.run(&["ls", "-o", "csv", "--columns", "id,state,name"]);
    desk.rename(HOSTILE);

    for arguments in [
        ["ls", "-o", "table"],
        ["ls", "-o", "wide"],
        ["ls", "-o", "tsv"],
        ["ls", "-o", "json"],
        ["ls", "-o", "jsonl"],
        ["show", "i-0123456789abcdef0", "-q"],
        ["connect", "i-0123456789abcdef0", "--dry-run"],
    ] {
        let told = desk.run(&arguments);
        assert_eq!(told.code, Some(0), "{arguments:?} {told:?}");
        assert_inert(&told.stdout, "\n\t");
        assert_inert(&told.stderr, "\n");
    }
    let csv = desk.run(&["ls", "-o", "csv", "--columns", "id,state,name"]);
    assert_inert(&csv.stdout, "\r\n\t");
    let rows = |text: &str| -> BTreeMap<String, (String, String)> {
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let record = |record: csv::StringRecord| (record[0].to_owned(), (record[1].to_owned(), record[2].to_owned()));
        reader.records().map(|one| record(one.unwrap())).collect()
    };
    let (mut before, mut after) = (rows(&before.stdout), rows(&csv.stdout));
    let (_, name) = after.remove("i-0123456789abcdef0").unwrap();
    before.remove("i-0123456789abcdef0");
    assert_eq!(before, after);
    assert!(name.contains("\"a\",b'결제") && name.contains("\r\n\t"), "{name:?}");
    let json = desk.run(&["ls", "-o", "json", "--columns", "id,name"]).json();
    let names: Vec<&Value> = json["instances"].as_array().unwrap().iter().map(|one| &one["name"]).collect();
    assert!(names.contains(&&Value::from(HOSTILE)), "{names:?}");
}

/// Nothing in it moves a cursor, turns text round or cannot be seen, but for `allowed`.
fn assert_inert(text: &str, allowed: &str) {
    let bad = text.chars().find(|character| ec2dash::model::is_hidden(*character) && !allowed.contains(*character));
    assert_eq!(bad, None, "{text:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_name_is_cut_for_people_and_whole_for_programs() {
    let desk = Desk::new(&[]).await;
    let long = "n".repeat(10_000);
    desk.rename(&long);

    let table = desk.run(&["ls"]);
    let json = desk.run(&["ls", "-o", "json", "--columns", "name"]);

    assert!(table.stdout.contains("nnn…") && !table.stdout.contains(&long));
    assert!(json.stdout.contains(&long));
}

#[tokio::test(flavor = "multi_thread")]
async fn each_call_denied_in_turn_leaves_the_rest_right_and_is_named() {
    for (action, column) in [
        ("ssm:*", "ssm"),
        ("iam:GetInstanceProfile", "iam"),
        ("iam:ListAttachedRolePolicies", "iam"),
        ("ec2:DescribeI*ma*", "image"),
    ] {
        let desk = Desk::new(&[&format!("{action}=deny")]).await;

        let told = desk.run(&["ls", "-o", "json"]);

        assert_eq!(told.code, Some(0), "{action}: {told:?}");
        let warnings = told.json()["warnings"].as_array().unwrap().clone();
        assert_eq!(warnings.len(), 1, "{action}: {warnings:?}");
        assert_eq!(warnings[0]["code"], "access-denied");
        let named = warnings[0]["action"].as_str().unwrap();
        assert!(told.stderr.contains(named) && told.stderr.starts_with("warning[access-denied]"), "{action}: {}", told.stderr);
        let web = told.json()["instances"].as_array().unwrap().iter().find(|one| one["name"] == "web-1").unwrap().clone();
        assert_eq!(web["private_ip"], "10.0.1.21");
        for other in ["ssm", "iam"] {
            let status = web[other]["status"].as_str().unwrap();
            assert_eq!(status == "unknown", other == column, "{action}: {other} {status}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_denied_list_exits_5_and_says_who_may_not_do_what() {
    let desk = Desk::new(&["ec2:DescribeInstances=deny"]).await;

    let listed = desk.run(&["ls"]);
    let connected = desk.run(&["connect", "web-1"]);

    assert_eq!(listed.code, Some(5));
    assert!(listed.stderr.contains("ec2:DescribeInstances is denied for user jiwoo in 210987654321"), "{}", listed.stderr);
    assert_eq!(connected.code, Some(255));
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_on_stdout_when_no_region_answers() {
    let desk = Desk::new(&["ec2:DescribeInstances=deny"]).await;

    for form in ["table", "wide", "json", "jsonl", "csv", "tsv", "ids"] {
        for regions in ["ap-northeast-2", "ap-northeast-2,us-east-1"] {
            let told = desk.run(&["ls", "-o", form, "--region", regions]);

            assert_eq!((told.code, told.stdout.as_str()), (Some(5), ""), "{form} {regions}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_answer_is_an_answer_in_every_form() {
    let desk = Desk::new(&[]).await;

    let told = |form: &str| desk.run(&["ls", "-o", form, "no-such-thing"]);

    assert_eq!(told("json").json()["instances"], Value::Array(Vec::new()));
    assert_eq!(told("csv").lines().len(), 1, "the head");
    assert_eq!(told("jsonl").stdout, "");
    assert_eq!(told("ids").code, Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_region_that_fails_is_named_and_the_others_are_told() {
    let desk = Desk::new(&["ec2:DescribeInstances=error:InternalError@1"]).await;

    let told = desk.run(&["ls", "--region", "ap-northeast-2,us-east-1,ap-east-1", "-o", "json", "--columns", "id"]);

    // The one that is not enabled for the account is missing, the others are there.
    assert_ne!(told.code, Some(0));
    assert!(!told.json()["instances"].as_array().unwrap().is_empty());
    assert_eq!(told.json()["warnings"][0]["region"], "ap-east-1", "{told:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn credentials_that_are_missing_or_wrong_exit_4() {
    let desk = Desk::new(&[]).await;
    let nobody = |command: &mut Command| {
        command.env_remove("AWS_ACCESS_KEY_ID").env_remove("AWS_SECRET_ACCESS_KEY");
        command.env("AWS_CONFIG_FILE", "/dev/null").env("AWS_SHARED_CREDENTIALS_FILE", "/dev/null");
    };

    let mut missing = desk.command(&["ls"]);
    nobody(&mut missing);
    let missing = Printed::of(missing.output().unwrap());
    let wrong = Printed::of(desk.command(&["ls"]).env("AWS_SECRET_ACCESS_KEY", "wrong").output().unwrap());
    let mut session = desk.command(&["connect", "web-1"]);
    nobody(&mut session);
    let session = Printed::of(session.output().unwrap());

    assert_eq!(missing.code, Some(4), "{missing:?}");
    assert!(missing.stderr.starts_with("error[no-credentials]: No AWS credentials found."), "{}", missing.stderr);
    assert_eq!(wrong.code, Some(4), "{wrong:?}");
    assert_eq!(session.code, Some(255));
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_region_the_ways_to_name_one_are_told() {
    let desk = Desk::new(&[]).await;
    let mut command = desk.command(&["ls"]);
    command.env_remove("AWS_REGION").env_remove("AWS_DEFAULT_REGION").env("AWS_CONFIG_FILE", "/dev/null");

    let told = Printed::of(command.output().unwrap());

    assert_eq!(told.code, Some(2), "{told:?}");
    assert!(told.stderr.contains("--region, AWS_REGION, or region in ~/.aws/config"), "{}", told.stderr);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_target_is_found_by_id_name_start_address_and_tag() {
    let desk = Desk::new(&[]).await;

    for target in [
        "i-0123456789abcdef0",
        "I-0123456789ABCDEF0",
        "i-0123456",
        "web-1",
        "WEB-1",
        "ip:3.36.112.8",
        "ip:10.0.1.21",
        "3.36.112.8",
        "10.0.1.21",
        "ip-10-0-1-21.ap-northeast-2.compute.internal",
        "ec2-3-36-112-8.ap-northeast-2.compute.amazonaws.com",
        "tag:Name=web-1",
    ] {
        let told = desk.run(&["show", target, "-o", "ids"]);
        assert_eq!((told.stdout.as_str(), told.code), ("i-0123456789abcdef0\n", Some(0)), "{target}: {told:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_command_takes_what_ssh_makes_of_a_name() {
    let desk = Desk::new(&[]).await;
    desk.rename("UPPER-Web");

    for target in ["upper-web", "10.0.1.21"] {
        let connected = desk.run(&["connect", target, "--dry-run", "-o", "json"]);
        assert_eq!(connected.json()["plan"]["target"], "i-0123456789abcdef0", "{target}: {connected:?}");
        let executed = desk.run(&["exec", target, "--", "echo it ran"]);
        assert_eq!((executed.stdout.as_str(), executed.code), ("it ran\n", Some(0)), "{target}: {executed:?}");
        let fleet = desk.run(&["exec", target, "batch-worker-1", "--dry-run", "--", "true"]);
        assert!(fleet.stdout.contains("UPPER-Web (i-0123456789abcdef0)"), "{target}: {fleet:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_elastic_ip_of_the_second_interface_is_the_instances_public_address() {
    let desk = Desk::new(&[]).await;
    desk.sim.edit(|fleet| {
        let all = fleet.accounts.iter_mut().flat_map(|account| &mut account.instances);
        for instance in all.filter(|instance| instance.id == "i-0123456789abcdef0") {
            let public_ip = instance.public_ip.take();
            instance.further_interfaces = vec![ec2dash_sim::Interface { private_ip: "10.0.9.9".to_owned(), public_ip }];
        }
    });

    let shown = desk.run(&["show", "3.36.112.8", "-o", "json"]).json();

    assert_eq!((&shown["instance"]["private_ip"], &shown["instance"]["public_ip"]), (&"10.0.1.21".into(), &"3.36.112.8".into()));
    let eic = shown["instance"]["methods"].as_array().unwrap().iter().find(|way| way["method"] == "eic").unwrap();
    assert_ne!(eic["verdict"], "not_applicable", "{eic}");
    assert_eq!(desk.run(&["show", "10.0.9.9", "-o", "ids"]).stdout, "i-0123456789abcdef0\n");
}

#[tokio::test(flavor = "multi_thread")]
async fn several_that_fit_are_told_and_none_is_taken() {
    let desk = Desk::new(&[]).await;

    let shown = desk.run(&["show", "tag:team=shop"]);
    let connected = desk.run(&["connect", "tag:team=shop"]);
    let missing = desk.run(&["show", "no-such"]);

    assert_eq!((shown.code, connected.code, missing.code), (Some(3), Some(255), Some(3)));
    assert!(shown.stderr.contains("i-0123456789abcdef0  web-1") && shown.stderr.contains("web-2"), "{}", shown.stderr);
    assert!(missing.stderr.contains("There is no instance called \"no-such\""));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_target_is_never_an_option() {
    let desk = Desk::new(&[]).await;

    for target in ["-oProxyCommand=touch pwned", "--help", "-l", "ssh://x", "$(touch pwned)", "`touch pwned`", ";touch pwned"] {
        let told = desk.run(&["connect", "--", target]);
        assert_eq!(told.code, Some(255), "{target}: {told:?}");
        assert!(told.stderr.contains("no instance called"), "{target}: {}", told.stderr);
    }
    let last = desk.run(&["connect", "-"]);
    assert!(last.stderr.contains("no last instance"), "{}", last.stderr);
    assert!(!desk.home.path().join("pwned").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn ssh_runs_a_command_and_passes_its_exit_code_on() {
    let desk = Desk::new(&[]).await;

    let pushed = desk.run(&["ssh", "web-1", "-m", "eic", "--", "echo $((6*7)); exit 3"]);
    let paired = desk.run(&["ssh", "web-1", "-m", "ssh", "--", "-T", "echo $((6*7)); exit 42"]);
    let again = desk.run(&["ssh", "-", "--", "true"]);

    assert_eq!((pushed.stdout.as_str(), pushed.code), ("42\n", Some(3)), "{pushed:?}");
    assert_eq!((paired.stdout.as_str(), paired.code), ("42\n", Some(42)), "{paired:?}");
    assert_eq!(again.code, Some(0), "{again:?}");
    let listed = desk.run(&["known-hosts", "list", "-o", "ids"]);
    assert_eq!(listed.stdout, "i-0123456789abcdef0\n");
    assert_eq!(desk.run(&["known-hosts", "forget", "i-0123456789abcdef0"]).code, Some(0));
    assert_eq!(desk.run(&["known-hosts", "list", "-o", "ids"]).stdout, "");
    assert_eq!(desk.run(&["known-hosts", "forget", "../x"]).code, Some(3));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_host_key_is_refused_and_the_remedy_is_named() {
    let desk = Desk::new(&[]).await;
    desk.run(&["ssh", "web-1", "--", "true"]);
    let known_hosts = desk.home.path().join(".local/state/ec2dash/known_hosts");
    let other = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJr6bSNFNPzTrUnQzVOqRJxW4lTDwqIvTVrGzG8nCjhm";
    fs::write(&known_hosts, format!("i-0123456789abcdef0 {other}\n")).unwrap();

    let told = desk.run(&["ssh", "web-1", "--", "true"]);

    assert_eq!(told.code, Some(255));
    assert!(told.stderr.contains("ec2dash known-hosts forget i-0123456789abcdef0"), "{}", told.stderr);
    assert!(told.stderr.matches("SHA256:").count() >= 2, "{}", told.stderr);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_only_reads_and_prints_the_plan() {
    let desk = Desk::new(&[]).await;

    let lines = desk.run(&["ssh", "web-1", "--dry-run"]);
    let json = desk.run(&["ssh", "web-1", "--method", "eic", "--dry-run", "-o", "json"]).json();
    let session = desk.run(&["connect", "web-1", "--dry-run"]);
    let stopped = desk.run(&["connect", "batch-worker-1", "--dry-run"]);

    assert_eq!(lines.code, Some(0));
    assert!(session.stdout.contains("method   ssm: best of ssm, ssm-ssh, eic, ssh"), "{}", session.stdout);
    assert!(session.stdout.contains("2 session   ssm:StartSession i-0123456789abcdef0"), "{}", session.stdout);
    assert!(
        lines.stdout.contains("method   ssm-ssh: best of ssm-ssh, eic, ssh") && lines.stdout.contains("ProxyCommand="),
        "{}",
        lines.stdout
    );
    let steps: Vec<&Value> = json["plan"]["steps"].as_array().unwrap().iter().map(|step| &step["step"]).collect();
    assert_eq!(steps, ["describe", "push-key", "exec"]);
    assert!(!desk.actions().contains("ec2-instance-connect:SendSSHPublicKey"));
    assert!(!desk.actions().contains("ssm:StartSession"));
    assert_eq!(stopped.code, Some(6), "{stopped:?}");
    assert!(stopped.stderr.contains("the instance is stopped"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dangerous_account_is_entered_only_after_a_yes() {
    let desk = Desk::new(&[]).await;
    let config = desk.sim.directory().join("config.toml");
    let rules = fs::read_to_string(&config).unwrap();
    fs::write(&config, format!("{rules}\n[accounts.210987654321]\nlabel = \"PROD\"\nconfirm = true\n")).unwrap();

    let refused = desk.run(&["ssh", "web-1", "--no-input", "--", "true"]);
    let confirmed = desk.run(&["ssh", "web-1", "--yes", "--", "true"]);

    assert_eq!(refused.code, Some(255), "{refused:?}");
    assert!(refused.stderr.contains("error[not-confirmed]") && refused.stderr.contains("210987654321"), "{}", refused.stderr);
    assert_eq!(confirmed.code, Some(0), "{confirmed:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_that_goes_away_ends_the_list_quietly() {
    let desk = Desk::new(&[]).await;
    let mut child = desk.command(&["ls", "-o", "wide"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();

    drop(child.stdout.take());
    let told = Printed::of(child.wait_with_output().unwrap());

    assert_eq!((told.code, told.stderr.as_str()), (Some(0), ""));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_config_names_every_line_and_nothing_runs() {
    let desk = Desk::new(&[]).await;
    let bad = desk.home.path().join("bad.toml");
    fs::write(&bad, "refesh = 3\n[ui]\ntheme = \"drak\"\n[connect]\norder = [\"ssn\"]\n").unwrap();
    fs::set_permissions(&bad, fs::Permissions::from_mode(0o600)).unwrap();

    let told = desk.run(&["ls", "--config", "bad.toml"]);
    fs::set_permissions(&bad, fs::Permissions::from_mode(0o666)).unwrap();
    let open = desk.run(&["ls", "--config", "bad.toml"]);

    assert_eq!(told.code, Some(2));
    assert!(told.stderr.contains("line 3, column 9: unknown theme \"drak\". Did you mean \"dark\"?"), "{}", told.stderr);
    assert!(told.stderr.contains("line 5, column 10: unknown method \"ssn\". Did you mean \"ssm\"?"), "{}", told.stderr);
    assert!(open.code == Some(2) && open.stderr.contains("chmod go-w"), "{open:?}");
    assert!(desk.sim.calls().is_empty());
}

#[test]
fn a_config_in_the_current_directory_is_never_read() {
    let home = tempfile::tempdir().unwrap();
    for name in ["config.toml", "ec2dash.toml", ".ec2dash.toml"] {
        fs::write(home.path().join(name), "nonsense = [").unwrap();
    }

    let told = Printed::of(program(home.path()).args(["config", "check"]).output().unwrap());

    assert_eq!(told.code, Some(0), "{told:?}");
    assert!(told.stdout.contains("all settings are the defaults"), "{told:?}");
}

#[test]
fn the_example_is_written_once_and_checks_out() {
    let home = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| Printed::of(program(home.path()).args(arguments).output().unwrap());

    assert_eq!(run(&["config", "init"]).code, Some(0));
    let path = home.path().join(".config/ec2dash/config.toml");
    assert_eq!(run(&["config", "path"]).stdout.trim(), path.to_str().unwrap());
    assert_eq!(fs::read_to_string(&path).unwrap(), include_str!("../../config.example.toml"));
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    let again = run(&["config", "init"]);
    assert_eq!(again.code, Some(1));
    assert!(again.stderr.contains("stays as it is"), "{again:?}");
    assert!(run(&["config", "check"]).stdout.contains("nothing wrong"));
    assert!(run(&["config", "keys", "-o", "json"]).json()["keys"].as_array().unwrap().len() > 10);
}

#[test]
fn what_this_version_lacks_says_so() {
    let home = tempfile::tempdir().unwrap();
    for arguments in [vec!["cp", "web:x", "."], vec!["doctor"], vec!["--plain"], vec!["ls", "--watch", "3"], vec!["login"]] {
        let told = Printed::of(program(home.path()).args(&arguments).output().unwrap());
        assert_eq!(told.code, Some(2), "{arguments:?}");
        assert!(told.stderr.contains("not in this version"), "{arguments:?}: {}", told.stderr);
    }
}

#[test]
fn without_a_terminal_the_dashboard_names_the_command_to_use() {
    let home = tempfile::tempdir().unwrap();

    let told = Printed::of(program(home.path()).output().unwrap());

    assert_eq!(told.code, Some(2));
    assert!(told.stderr.contains("No terminal here. Use `ec2dash ls`."), "{told:?}");
}

#[test]
fn listing_profiles_runs_no_program_and_calls_nothing() {
    let home = tempfile::tempdir().unwrap();
    let files = "[default]\nregion = us-east-1\n[profile build]\ncredential_process = touch pwned\n[profile corp]\nsso_session = corp\nsso_account_id = 123456789012\nsso_role_name = Admin\n[sso-session corp]\nsso_start_url = https://corp.awsapps.com/start\nsso_region = us-east-1\n";
    fs::create_dir(home.path().join(".aws")).unwrap();
    fs::write(home.path().join(".aws/config"), files).unwrap();

    let told = Printed::of(program(home.path()).args(["profiles", "-o", "json"]).output().unwrap());

    assert_eq!(told.code, Some(0), "{told:?}");
    let kinds: BTreeMap<String, String> = told.json()["profiles"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["name"].as_str().unwrap().to_owned(), one["kind"].as_str().unwrap().to_owned()))
        .collect();
    assert_eq!((kinds["build"].as_str(), kinds["corp"].as_str()), ("process", "sso"));
    assert!(!home.path().join("pwned").exists());
}

#[test]
fn what_a_credential_program_says_is_told_and_stands_in_no_log() {
    let home = tempfile::tempdir().unwrap();
    let files = "[profile card]\nregion = us-east-1\ncredential_process = sh -c 'echo bad PIN 271828 >&2; exit 3'\n";
    fs::create_dir(home.path().join(".aws")).unwrap();
    fs::write(home.path().join(".aws/config"), files).unwrap();
    let log = home.path().join("log");

    let told = Printed::of(
        program(home.path())
            .args(["whoami", "--profile", "card", "--allow-credential-process", "--log-file"])
            .arg(&log)
            .output()
            .unwrap(),
    );

    assert_eq!(told.code, Some(4), "{told:?}");
    assert!(told.stderr.contains("bad PIN 271828"), "{told:?}");
    let log = fs::read_to_string(log).unwrap();
    assert!(!log.is_empty() && !log.contains("271828"), "{log}");
}

#[test]
fn the_demo_needs_nothing_of_the_users_and_leaves_nothing() {
    let home = tempfile::tempdir().unwrap();
    let room = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| {
        let mut command = program(home.path());
        command.env("AWS_PROFILE", "no-such").env("EC2DASH_CONFIG", "/no/such").env("AWS_ENDPOINT_URL", "http://attacker");
        Printed::of(command.env("https_proxy", "http://127.0.0.1:1").env("TMPDIR", room.path()).args(arguments).output().unwrap())
    };

    let listed = run(&["--demo", "ls", "-o", "json"]);
    let session = run(&["--demo", "ssh", "web-1", "--", "echo $((6*7)); exit 3"]);

    assert_eq!(listed.code, Some(0), "{listed:?}");
    assert!(listed.json()["instances"].as_array().unwrap().len() > 20);
    assert_eq!((session.stdout.as_str(), session.code), ("42\n", Some(3)), "{session:?}");
    assert_eq!(fs::read_dir(home.path()).unwrap().count(), 0);
    assert_eq!(fs::read_dir(room.path()).unwrap().count(), 0);
}

#[test]
fn the_simulated_cloud_prints_its_environment_and_leaves_nothing_when_told_to_go() {
    use std::io::{BufRead as _, BufReader};

    let home = tempfile::tempdir().unwrap();
    let room = tempfile::tempdir().unwrap();
    let mut command = program(home.path());
    let mut child = command.env("TMPDIR", room.path()).args(["sim"]).stdout(Stdio::piped()).spawn().unwrap();
    let lines: Vec<String> = BufReader::new(child.stdout.take().unwrap()).lines().take(9).map(Result::unwrap).collect();

    let names: Vec<&str> = lines.iter().map(|line| line.strip_prefix("export ").unwrap().split_once('=').unwrap().0).collect();
    assert_eq!(names, SIM_VARIABLES);
    let pid = rustix::process::Pid::from_child(&child);
    rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert_eq!(fs::read_dir(room.path()).unwrap().count(), 0);
}
