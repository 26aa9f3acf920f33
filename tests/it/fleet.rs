//! A command on many simulated instances through Run Command: the binary, its streams, and what it leaves in the account.

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

#[tokio::test(flavor = "multi_thread")]
async fn two_hundred_instances_answer_in_one_table_and_one_that_fails_is_exit_1() {
    let fleet = Fleet::online(200, &[]).await;
    let ids = fleet.ids();
    let script = format!("echo \"hello from $AWS_SSM_INSTANCE_ID\"; [ \"$AWS_SSM_INSTANCE_ID\" != {} ] || exit 3", ids[77]);

    let told = fleet.run(&["exec", "--filter", "state:running", "--prefix", "--", &script]);

    assert_eq!(told.code, Some(1), "{}", told.stderr);
    assert_eq!(told.stdout.lines().count(), 200);
    let lines: BTreeSet<&str> = told.stdout.lines().collect();
    for instance in fleet.sim.fleet().instances() {
        assert!(lines.contains(format!("{}: hello from {}", instance.name(), instance.id).as_str()), "{}", instance.id);
    }
    let rows: Vec<&str> = told.stderr.lines().filter(|line| line.contains("i-") && line.contains(" s ")).collect();
    assert_eq!(rows.len(), 200, "{}", told.stderr);
    let failed: Vec<&&str> = rows.iter().filter(|row| row.contains("✗ failed")).collect();
    assert!(failed.len() == 1 && failed[0].contains(&ids[77]) && failed[0].contains(" 3 "), "{failed:?}");
    assert_eq!(fleet.count("ssm:SendCommand"), 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn however_many_commands_are_followed_aws_is_asked_twice_a_second_at_most() {
    let fleet = Fleet::online(120, &[]).await;

    let told = fleet.run(&["exec", "--filter", "state:running", "--parallel", "120", "--yes", "--", "sleep 2"]);

    assert_eq!(told.code, Some(0), "{}", told.stderr);
    let calls = fleet.sim.calls();
    let looks: Vec<_> = calls.iter().filter(|call| call.action == "ssm:ListCommandInvocations").map(|call| call.at).collect();
    assert!(fleet.count("ssm:SendCommand") >= 3 && looks.len() >= 6, "{} looks", looks.len());
    for three in looks.windows(3) {
        let apart = three[2].duration_since(three[0]).unwrap_or_default();
        assert!(apart > Duration::from_millis(800), "three looks within {apart:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn json_tells_each_instance_with_its_streams_and_its_code() {
    let fleet = Fleet::online(3, &[]).await;
    let ids = fleet.ids();
    let script = format!("printf 'out\\n'; echo err >&2; [ $AWS_SSM_INSTANCE_ID = {} ] && exit 0; exit 42", ids[0]);
    let mut arguments = vec!["exec", "-o", "json"];
    arguments.extend(ids.iter().map(String::as_str));
    arguments.extend(["--", &script]);

    let told = fleet.run(&arguments);

    assert_eq!((told.code, told.stderr.as_str()), (Some(1), ""));
    let json = told.json();
    assert_eq!(json["summary"], json!({"total": 3, "succeeded": 1, "failed": 2, "not_done": 0}));
    for result in json["results"].as_array().unwrap() {
        let is_first = result["id"] == ids[0].as_str();
        assert_eq!(result["status"], if is_first { "success" } else { "failed" });
        assert_eq!(result["exit_code"], if is_first { 0 } else { 42 });
        assert_eq!(result["stdout"], "out\n");
        assert!(result["stderr"].as_str().unwrap().starts_with("err\n"), "{result}");
        assert_eq!((&result["stdout_cut"], &result["reason"]), (&json!(false), &Value::Null));
        assert_eq!(result["command_id"], json["commands"][0]["id"]);
    }
    let all_well = fleet.run(&["exec", &ids[0], &ids[1], "-o", "jsonl", "--", "echo", "a  b;", "$HOME"]);
    assert_eq!(all_well.code, Some(0));
    for line in all_well.stdout.lines() {
        assert_eq!(serde_json::from_str::<Value>(line).unwrap()["stdout"], "a  b; $HOME\n");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn ctrl_c_cancels_the_command_in_the_account_and_leaves_nothing_running() {
    let fleet = Fleet::online(60, &[]).await;
    let mut child =
        fleet.command(&["exec", "--filter", "state:running", "--", "sleep 86423"]).stderr(Stdio::piped()).spawn().unwrap();
    wait_until("programs run", || running("86423") > 0);

    interrupt(&child);

    let code = end_of(&mut child);
    let mut stderr = String::new();
    child.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
    assert_eq!(code, Some(130), "{stderr}");
    assert!(stderr.contains("cancelled on 50 instances"), "{stderr}");
    assert_eq!((fleet.count("ssm:SendCommand"), fleet.count("ssm:CancelCommand")), (1, 1));
    wait_until("programs end", || running("86423") == 0);
    let states = fleet.boto3("say([c['Status'] for c in ssm.list_commands()['Commands']])");
    assert_eq!(states, json!(["Cancelled"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn hostile_output_changes_nothing_but_its_own_cell() {
    let fleet = Fleet::online(2, &[]).await;
    let ids = fleet.ids();
    let hostile = format!(
        "[ $AWS_SSM_INSTANCE_ID = {} ] || {{ echo fine; exit 0; }}; printf '\\033]52;c;Y3Vy\\007\\033[2J\\r\\n'; head -c 1000000 /dev/zero | tr '\\0' 'x'",
        ids[0]
    );

    let told = fleet.run(&["exec", &ids[0], &ids[1], "--prefix", "--", &hostile]);
    let json = fleet.run(&["exec", &ids[0], &ids[1], "-o", "json", "--", &hostile]).json();

    assert_eq!(told.code, Some(0), "{}", told.stderr);
    for stream in [&told.stdout, &told.stderr] {
        assert!(!stream.chars().any(|c| c.is_control() && c != '\n'), "{stream:.300}");
    }
    assert!(told.stderr.lines().all(|line| line.chars().count() < 200), "{}", told.stderr);
    assert!(told.stdout.lines().any(|line| line.ends_with(": fine")));
    let results = json["results"].as_array().unwrap();
    let big = results.iter().find(|result| result["id"] == ids[0].as_str()).unwrap();
    assert!(big["stdout"].as_str().unwrap().starts_with("\u{1b}]52;c;Y3Vy\u{7}\u{1b}[2J\r\n"));
    assert_eq!((big["stdout"].as_str().unwrap().len(), &big["stdout_cut"]), (24_000, &json!(true)));
    assert_eq!(results.iter().find(|result| result["id"] == ids[1].as_str()).unwrap()["stdout"], "fine\n");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_answer_to_the_sending_is_looked_up_and_nothing_is_sent_twice() {
    let fleet = Fleet::online(2, &["ssm:SendCommand=cut@1"]).await;
    let marks = fleet.home.path().join("marks");
    let script = format!("echo x >> {}", marks.display());

    let told = fleet.run(&["exec", "--filter", "state:running", "--", &script]);

    assert_eq!(told.code, Some(0), "{told:?}");
    assert_eq!(fleet.count("ssm:SendCommand"), 1);
    assert_eq!(std::fs::read_to_string(marks).unwrap(), "x\nx\n");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_throttled_sending_was_refused_and_is_sent_again() {
    let fleet = Fleet::online(2, &["ssm:SendCommand=throttle:100%@1"]).await;

    let told = fleet.run(&["exec", "--filter", "state:running", "-o", "ids", "--", "true"]);

    assert_eq!((told.code, told.stdout.lines().count()), (Some(0), 2), "{told:?}");
    assert_eq!(fleet.count("ssm:SendCommand"), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn throttled_questions_are_asked_again_until_they_are_answered() {
    let fleet = Fleet::online(4, &["ssm:ListCommandInvocations=throttle:60%", "ssm:GetCommandInvocation=throttle:60%"]).await;

    let told = fleet.run(&["exec", "--filter", "id:i-", "-o", "json", "--", "echo out; exit 4"]);

    let results = told.json()["results"].as_array().unwrap().clone();
    assert!(results.iter().all(|row| row["status"] == "failed" && row["exit_code"] == 4), "{results:?}");
    for row in &results {
        let streams = (row["stdout"].as_str().unwrap(), row["stderr"].as_str().unwrap());
        assert_eq!(streams, ("out\n", "failed to run commands: exit status 4"), "{row}");
        assert_eq!(row["untold"], Value::Null, "{row}");
    }
    assert_eq!(fleet.count("ssm:SendCommand"), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn output_that_may_not_be_asked_for_is_what_the_list_tells_and_the_permission_is_named() {
    let fleet = Fleet::online(2, &["ssm:GetCommandInvocation=deny"]).await;
    let arguments = |form| {
        ["exec", "-q", "--filter", "id:i-", "-o", form, "--", "echo out; echo err >&2; head -c 2000 /dev/zero | tr '\\0' 'x'"]
    };

    let told = fleet.run(&arguments("json"));
    let table = fleet.run(&arguments("csv"));

    for row in told.json()["results"].as_array().unwrap() {
        assert!(row["stdout"].as_str().unwrap().starts_with("out\nxxx"), "{row}");
        assert_eq!((&row["stderr"], &row["untold"]["code"]), (&json!("err\n"), &json!("access-denied")), "{row}");
    }
    assert_eq!(told.stderr.matches("ssm:GetCommandInvocation").count(), 1, "{}", told.stderr);
    assert!(table.stdout.starts_with("id,name,region,status,exit_code,seconds,stdout,stdout_cut,stderr,stderr_cut,reason"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancelling_that_is_refused_is_told_and_tried_again() {
    let fleet = Fleet::online(2, &["ssm:CancelCommand=deny"]).await;
    let arguments = ["exec", "-q", "--filter", "id:i-", "--", "sleep 86427"];
    let mut child = fleet.command(&arguments).stderr(Stdio::piped()).spawn().unwrap();
    wait_until("programs run", || running("86427") >= 2);

    interrupt(&child);
    wait_until("it is refused", || fleet.count("ssm:CancelCommand") > 0);
    std::thread::sleep(Duration::from_secs(1));
    fleet.sim.set_faults(Vec::new());

    let code = end_of(&mut child);
    let mut stderr = String::new();
    child.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
    assert_eq!((code, running("86427")), (Some(130), 0), "{stderr}");
    assert!(stderr.contains("is not cancelled and goes on") && stderr.contains("ssm:CancelCommand"), "{stderr}");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_leaves_while_it_is_sent_is_told_how_to_find_it() {
    let fleet = Fleet::online(2, &["ssm:SendCommand=delay:8s"]).await;
    let mut child = fleet.command(&["exec", "--filter", "id:i-", "--", "true"]).stderr(Stdio::piped()).spawn().unwrap();
    wait_until("it is being sent", || fleet.count("ssm:SendCommand") > 0);

    interrupt(&child);
    std::thread::sleep(Duration::from_millis(500));
    interrupt(&child);

    let code = end_of(&mut child);
    let mut stderr = String::new();
    child.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
    assert_eq!(code, Some(130), "{stderr}");
    let comment =
        stderr.split("Comment=='").nth(1).and_then(|rest| rest.split('\'').next()).unwrap_or_else(|| panic!("{stderr}"));
    assert!(comment.starts_with("ec2dash ") && comment.len() == "ec2dash ".len() + 36, "{comment}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_get_it_is_told_with_the_reason_and_the_others_get_it() {
    let fleet = Fleet::online(5, &[]).await;
    let ids = fleet.ids();
    fleet.sim.edit(|fleet| {
        fleet.instance_mut(&ids[0]).unwrap().agent = None;
        fleet.instance_mut(&ids[1]).unwrap().state = State::Stopped;
        let lost = fleet.instance_mut(&ids[2]).unwrap().agent.as_mut().unwrap();
        lost.ping = Ping::Lost(std::time::SystemTime::now() - Duration::from_secs(7_200));
    });
    let reasons = |told: &Printed| {
        let results = told.json()["results"].as_array().unwrap().clone();
        let code = |id: &String| results.iter().find(|row| row["id"] == id.as_str()).unwrap()["reason"]["code"].clone();
        ids.iter().map(code).collect::<Vec<_>>()
    };

    let told = fleet.run(&["exec", "--filter", "id:i-", "-o", "json", "--", "true"]);

    assert_eq!(told.code, Some(1));
    assert_eq!(reasons(&told), [json!("not-registered"), json!("not-running"), json!("agent-silent"), Value::Null, Value::Null]);

    // Not allowed to look, we leave it to AWS to say; the refused are left out and nobody gets it twice.
    fleet.sim.set_faults(vec!["ssm:DescribeInstance*=deny".parse().unwrap()]);
    fleet.sim.edit(|fleet| fleet.instance_mut(&ids[2]).unwrap().state = State::Stopping);
    let told = fleet.run(&["exec", "--filter", "id:i-", "-o", "json", "--", "true"]);
    assert_eq!(reasons(&told), [json!("aws-error"), json!("not-running"), json!("not-running"), Value::Null, Value::Null]);
}

#[tokio::test(flavor = "multi_thread")]
async fn it_runs_no_longer_than_it_may_and_nowhere_after_a_failure_if_so_wished() {
    let fleet = Fleet::online(60, &[]).await;
    let ids = fleet.ids();

    let late = fleet.run(&["exec", &ids[0], &ids[1], "--timeout", "1", "-o", "json", "--", "echo begun; sleep 86424"]).json();
    let told = fleet.run(&["exec", "--filter", "id:i-", "--fail-fast", "--parallel", "1", "-o", "json", "--", "exit 7"]).json();

    for result in late["results"].as_array().unwrap() {
        assert_eq!((&result["status"], &result["stdout"]), (&json!("timed_out"), &json!("begun\n")));
    }
    assert_eq!(running("86424"), 0);
    let limits = fleet.boto3("say([c['TimeoutSeconds'] for c in ssm.list_commands()['Commands']])");
    assert!(limits.as_array().unwrap().contains(&json!(30)), "a command that may run a second lies in wait no hour: {limits}");
    let words: Vec<&str> = told["results"].as_array().unwrap().iter().map(|row| row["status"].as_str().unwrap()).collect();
    let count = |word: &str| words.iter().filter(|own| **own == word).count();
    assert_eq!((count("failed"), count("terminated"), count("not_sent")), (1, 49, 10), "{words:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_more_than_asked_for_run_at_a_time_and_one_that_hangs_holds_back_nobody() {
    let fleet = Fleet::online(110, &[]).await;
    let mut names: Vec<(String, String)> =
        fleet.sim.fleet().instances().map(|instance| (instance.name().to_owned(), instance.id.clone())).collect();
    names.sort();
    let slow = &names[0].1;
    let marks = fleet.home.path().join("marks");
    std::fs::create_dir(&marks).unwrap();
    let script = format!(
        "cd {}; touch $AWS_SSM_INSTANCE_ID; [ $AWS_SSM_INSTANCE_ID != {slow} ] || sleep 8; ls | wc -l; rm $AWS_SSM_INSTANCE_ID",
        marks.display()
    );

    let told = fleet.run(&["exec", "--filter", "id:i-", "--parallel", "4", "-o", "jsonl", "--", &script]);

    let results: Vec<Value> = told.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((told.code, results.len()), (Some(0), 110), "{}", told.stderr);
    assert_eq!(results.last().unwrap()["id"], slow.as_str(), "all others had ended before");
    let at_once = results.iter().map(|result| result["stdout"].as_str().unwrap().trim().parse::<usize>().unwrap());
    assert!((2..=4).contains(&at_once.max().unwrap()));
}

#[tokio::test(flavor = "multi_thread")]
async fn each_denied_call_is_named_and_what_may_have_run_is_not_called_failed() {
    let fleet = Fleet::online(2, &["ssm:SendCommand=deny"]).await;
    let run = || fleet.run(&["exec", "--filter", "id:i-", "-o", "json", "--", "true"]).json()["results"][0].clone();

    let refused = run();
    fleet.sim.set_faults(vec!["ssm:ListCommandInvocations=deny".parse().unwrap()]);
    let unseen = run();

    assert_eq!((&refused["status"], &refused["reason"]["code"]), (&json!("not_sent"), &json!("access-denied")));
    assert!(refused["reason"]["text"].as_str().unwrap().contains("ssm:SendCommand"));
    assert_eq!(unseen["status"], "unknown");
    assert!(unseen["reason"]["text"].as_str().unwrap().contains("ssm:ListCommandInvocations"));
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_uses_are_told_before_anything_is_sent() {
    let fleet = Fleet::online(2, &[]).await;
    let ids = fleet.ids();
    let code = |arguments: &[&str]| fleet.run(arguments).code;

    assert_eq!(code(&["exec", "--method", "ssh", &ids[0], &ids[1], "--", "true"]), Some(2), "Run Command has no login");
    assert_eq!(code(&["exec", "--", "true"]), Some(2));
    assert_eq!(code(&["exec", &ids[0], &ids[1]]), Some(2));
    assert_eq!(code(&["exec", "--read-only", &ids[0], &ids[1], "--", "true"]), Some(2));
    assert_eq!(code(&["exec", &ids[0], "no-such-name", "--", "true"]), Some(255));
    let plan = fleet.run(&["exec", &ids[0], &ids[1], "--dry-run", "--", "a b", "c"]);
    assert!(plan.code == Some(0) && plan.stdout.contains("'a b' c") && plan.stdout.contains(&ids[1]), "{plan:?}");
    assert_eq!(fleet.count("ssm:SendCommand"), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn neither_the_command_nor_its_output_is_written_down() {
    let fleet = Fleet::online(2, &[]).await;
    let log = fleet.home.path().join("log");

    let told = fleet.run(&[
        "exec",
        "--filter",
        "id:i-",
        "-vv",
        "--log-file",
        log.to_str().unwrap(),
        "-o",
        "json",
        "--",
        "echo pass$((1))word",
    ]);

    let written = std::fs::read_to_string(log).unwrap() + &told.stderr;
    assert!(told.stdout.contains("pass1word") && written.contains("ssm:SendCommand"), "{written}");
    assert!(!written.contains("pass1word") && !written.contains("pass$(("), "{written}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_that_goes_away_ends_the_command_in_the_account() {
    let fleet = Fleet::online(20, &[]).await;
    let arguments = ["exec", "--filter", "id:i-", "--parallel", "1", "--", "echo x; sleep 0.3"];
    let mut child = fleet.command(&arguments).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();

    drop(child.stdout.take());

    assert_eq!(end_of(&mut child), Some(0), "as for any command whose reader has gone");
    assert_eq!(fleet.count("ssm:CancelCommand"), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_of_the_dashboard_goes_on_while_a_shell_is_open() {
    let fleet = Fleet::online(200, &[]).await;
    let home = fleet.home.path().display().to_string();
    let path = std::env::var("PATH").unwrap();
    let own = [("PATH", path.as_str()), ("HOME", &home), ("TMPDIR", &home), ("TERM", "xterm-256color"), ("LANG", "C.UTF-8")];
    let mut environment: Vec<(String, String)> = own.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
    environment.extend(fleet.sim.environment().into_iter().map(|(name, value)| (name.to_owned(), value)));
    let terminal = Terminal::start(ec2dash(), &[], &environment, (120, 40));
    let name = fleet.sim.fleet().instances().map(|instance| instance.name().to_owned()).min().unwrap();
    terminal.wait_for("200 of 200");
    terminal.wait_for(&name);

    terminal.type_text("\u{1}x");
    terminal.wait_for("Run on 200");
    terminal.type_text("sleep 0.1; echo ok\r");
    terminal.wait_until("it runs", |screen| screen.contains("◐") && !screen.contains("sort NAME"));
    terminal.type_text("\u{1b}");
    terminal.wait_for("sort NAME");
    terminal.type_text("\r");
    terminal.wait_for("1 ssm");
    terminal.type_text("1\r");
    terminal.wait_for("Nothing here is on AWS");
    let states = || fleet.boto3("say([c['Status'] for c in ssm.list_commands()['Commands']])");
    wait_until("all are done", || states() == json!(["Success", "Success", "Success", "Success"]));

    terminal.type_text("exit\r");
    terminal.wait_for("Session on");
    // What the command ended with is told while it runs and in its results; the session's end may have come after it.
    terminal.type_text("x");
    // While its last word is under way, x shows the results at once.
    let shown =
        terminal.wait_until("the field or the results", |screen| !screen.contains("sort NAME") || screen.contains("Run on 200"));
    if shown.contains("Run on 200") {
        terminal.type_text("\t");
    }
    terminal.wait_until("the results", |screen| {
        !screen.contains("sort NAME") && screen.matches("200 of 200").count() == 2 && !screen.contains("◐")
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn boto3_gets_right_answers() {
    let fleet = Fleet::online(60, &[]).await;
    let ids = fleet.ids();
    let first = &ids[0];

    let told = fleet.boto3(&format!(
        "ids = {ids}
sent = ssm.send_command(InstanceIds=ids[:50], DocumentName='AWS-RunShellScript', Comment='c',
    Parameters={{'commands': ['echo out', 'echo err >&2', '[ $AWS_SSM_INSTANCE_ID != {first} ] || exit 5']}}, MaxConcurrency='50%', MaxErrors='100%')['Command']
found = wait(sent['CommandId'], 50)
mine = [one for one in found if one['InstanceId'] == '{first}'][0]
whole = ssm.get_command_invocation(CommandId=sent['CommandId'], InstanceId='{first}')
listed = ssm.list_commands(CommandId=sent['CommandId'])['Commands'][0]
refusals = []
def refused(call):
    try: call()
    except ssm.exceptions.ClientError as error: refusals.append(error.response['Error']['Code'])
refused(lambda: ssm.send_command(InstanceIds=['i-0123456789abcdef9'], DocumentName='AWS-RunShellScript', Parameters={{'commands': ['x']}}))
refused(lambda: ssm.send_command(InstanceIds=ids[:1], DocumentName='AWS-Nothing', Parameters={{'commands': ['x']}}))
refused(lambda: ssm.send_command(InstanceIds=ids[:1] * 2, DocumentName='AWS-RunShellScript', Parameters={{'commands': ['x']}}))
refused(lambda: ssm.get_command_invocation(CommandId=sent['CommandId'], InstanceId=ids[55]))
tagged = ssm.send_command(Targets=[{{'Key': 'tag:index', 'Values': ['3', '4']}}], DocumentName='AWS-RunShellScript', Parameters={{'commands': ['true']}})['Command']
say([mine['Status'], mine['CommandPlugins'][0]['Output'], mine['CommandPlugins'][0]['ResponseCode'], whole['StandardOutputContent'],
    whole['StandardErrorContent'], whole['ResponseCode'], listed['CompletedCount'], listed['ErrorCount'], listed['StatusDetails'], refusals,
    len(wait(tagged['CommandId'], 2))])",
        ids = json!(ids),
    ));

    let stderr = "err\nfailed to run commands: exit status 5";
    assert_eq!(
        told,
        json!([
            "Failed",
            format!("out\n\n----------ERROR-------\n{stderr}"),
            5,
            "out\n",
            stderr,
            5,
            50,
            1,
            "Incomplete",
            ["InvalidInstanceId", "InvalidDocument", "DuplicateInstanceId", "InvocationDoesNotExist"],
            2
        ])
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_runs_on_when_the_cloud_is_gone() {
    let fleet = Fleet::online(2, &[]).await;
    let ids = fleet.ids();
    let mut child = fleet.command(&["exec", &ids[0], &ids[1], "--", "sleep 86425"]).stderr(Stdio::piped()).spawn().unwrap();
    wait_until("programs run", || running("86425") >= 2);

    drop(fleet.sim);

    wait_until("programs end", || running("86425") == 0);
    // Nobody is there to confirm the cancelling: the second one leaves without waiting.
    interrupt(&child);
    std::thread::sleep(Duration::from_secs(1));
    interrupt(&child);
    let code = end_of(&mut child);
    let mut stderr = String::new();
    child.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
    assert_eq!(code, Some(130), "{stderr}");
    assert!(stderr.contains("left without waiting; these commands go on in the account"), "{stderr}");
}

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
