//! `start`, `stop` and `reboot` on the command line against the simulated cloud.

use std::process::{Command, Output};
use std::time::Duration;

use ec2dash_sim::fleet::State;
use ec2dash_sim::{Fault, Options, PowerTimes, Sim};
use serde_json::Value;
use tempfile::TempDir;

use crate::support::pty::Terminal;
use crate::support::tools::ec2dash;

const STOPPED: &str = "i-0dd8f0011c2b3a495";
const WEB_1: &str = "i-0123456789abcdef0";

async fn cloud(faults: &[&str]) -> Sim {
    cloud_refusing_for(Duration::from_millis(50), faults).await
}

/// One whose agents refuse sessions for so long after they are online.
async fn cloud_refusing_for(refusing: Duration, faults: &[&str]) -> Sim {
    let moment = Duration::from_millis(50);
    let power = PowerTimes { starting: moment, stopping: moment, registering: moment, refusing };
    let faults = faults.iter().map(|fault| fault.parse::<Fault>().unwrap()).collect();
    Sim::start(Options { faults, power, ..Options::default() }).await.unwrap()
}

fn run(sim: &Sim, arguments: &[&str]) -> Output {
    let home = tempfile::tempdir().unwrap();
    let mut command = Command::new(ec2dash());
    command.env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default()).env("HOME", home.path());
    command.stdin(std::process::Stdio::null());
    command.env("LANG", "C.UTF-8").envs(sim.environment()).args(arguments).output().unwrap()
}

fn in_terminal(sim: &Sim, home: &TempDir, arguments: &[&str]) -> Terminal {
    let mut environment: Vec<(String, String)> =
        sim.environment().into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    environment.push(("HOME".to_owned(), home.path().display().to_string()));
    environment.push(("PATH".to_owned(), std::env::var("PATH").unwrap()));
    environment
        .extend([("TERM", "xterm-256color"), ("LANG", "C.UTF-8")].map(|(name, value)| (name.to_owned(), value.to_owned())));
    Terminal::start(ec2dash(), arguments, &environment, (100, 30))
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {}", text(&output.stderr)))
}

fn asked(sim: &Sim, action: &str) -> usize {
    sim.calls().iter().filter(|call| call.action == action).count()
}

fn state(sim: &Sim, id: &str) -> State {
    sim.fleet().instances().find(|instance| instance.id == id).unwrap().state
}

#[tokio::test(flavor = "multi_thread")]
async fn a_start_that_is_waited_for_ends_in_running() {
    let sim = cloud(&[]).await;

    let told = run(&sim, &["start", "batch-worker-1", "--yes", "--wait", "-o", "json"]);

    assert_eq!(told.status.code(), Some(0), "{}", text(&told.stderr));
    let result = &json(&told)["results"][0];
    assert_eq!((&result["id"], &result["previous"], &result["state"]), (&STOPPED.into(), &"stopped".into(), &"running".into()));
    assert_eq!(result["outcome"], "done");
    assert_eq!(state(&sim, STOPPED), State::Running);
    assert!(text(&told.stderr).contains(&format!("ec2:StartInstances {STOPPED}")), "{}", text(&told.stderr));
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_yes_nothing_is_asked_of_aws() {
    let sim = cloud(&[]).await;

    for (arguments, code) in
        [(vec!["stop", "web-1"], "power-no-yes"), (vec!["stop", "web-1", "--yes", "--read-only"], "power-read-only")]
    {
        let told = run(&sim, &arguments);

        assert_eq!(told.status.code(), Some(2), "{arguments:?}");
        assert!(text(&told.stderr).starts_with(&format!("error[{code}]")), "{}", text(&told.stderr));
    }
    assert_eq!(sim.calls().len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_says_the_call_and_what_is_lost_before_it_is_done() {
    let sim = cloud(&[]).await;
    sim.edit(|fleet| {
        let web = fleet.instance_mut("web-1").unwrap();
        web.instance_type = "m5d.large".to_owned();
        web.hibernates = true;
        web.tags.push(("aws:autoscaling:groupName".to_owned(), "web-asg".to_owned()));
    });

    let plan = run(&sim, &["stop", "web-1", "bastion", "--dry-run"]);

    let said = text(&plan.stdout);
    assert_eq!(plan.status.code(), Some(0), "{}", text(&plan.stderr));
    assert!(said.contains(&format!("ec2:StopInstances i-0c41d2a9be7730f12 {WEB_1}  (ap-northeast-2)\n")), "{said}");
    assert!(said.contains("210987654321"), "{said}");
    for part in ["Its public address", "instance store of m5d.large", "Auto Scaling group web-asg", "Hibernation is configured"] {
        assert_eq!(said.matches(part).count(), 1, "{part}: {said}");
    }
    assert!(!said.contains("43.201.7.19"), "an Elastic IP stays: {said}");
    assert!(said.contains("undo: ec2dash start i-0c41d2a9be7730f12 i-0123456789abcdef0"), "{said}");
    assert!(said.contains("allowed (dry run)"), "{said}");
    assert_eq!(state(&sim, WEB_1), State::Running);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_stop_costs_is_not_known_where_it_may_not_be_read() {
    let sim = cloud(&["ec2:DescribeInstanceTypes=deny", "ec2:StopInstances=deny"]).await;

    let plan = run(&sim, &["stop", "web-1", "--dry-run", "-o", "json"]);

    assert_eq!(plan.status.code(), Some(5), "{}", text(&plan.stderr));
    let plan = &json(&plan)["plan"];
    let codes: Vec<&str> =
        plan["instances"][0]["costs"].as_array().unwrap().iter().map(|cost| cost["code"].as_str().unwrap()).collect();
    assert!(codes.contains(&"instance-store-unknown"), "{codes:?}");
    assert_eq!((&plan["calls"][0]["allowed"], &plan["calls"][0]["reason"]["code"]), (&false.into(), &"access-denied".into()));
}

#[tokio::test(flavor = "multi_thread")]
async fn of_three_the_two_that_can_be_stopped_are() {
    let sim = cloud(&[]).await;
    sim.edit(|fleet| fleet.instance_mut("web-2").unwrap().state = State::Pending);

    let told = run(&sim, &["stop", "web-1", "web-2", "bastion", "--yes", "--wait", "-o", "json"]);

    assert_eq!(told.status.code(), Some(1), "{}", text(&told.stderr));
    let told = json(&told);
    let outcomes: Vec<(&str, &str)> = told["results"]
        .as_array()
        .unwrap()
        .iter()
        .map(|result| (result["name"].as_str().unwrap(), result["outcome"].as_str().unwrap()))
        .collect();
    assert_eq!(outcomes, [("bastion", "done"), ("web-1", "done"), ("web-2", "refused")]);
    assert_eq!(told["results"][2]["reason"]["code"], "instance-in-transition");
    assert!(told["results"][2]["reason"]["text"].as_str().unwrap().contains("between two states"));
    assert_eq!(told["summary"], serde_json::json!({"total": 3, "succeeded": 2, "failed": 1}));
    assert_eq!(asked(&sim, "ec2:StopInstances"), 4, "all in one call, then each alone");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_and_a_value_are_all_that_have_the_tag_as_with_tag() {
    let sim = cloud(&[]).await;
    let planned = |target: &str| -> Vec<String> {
        let plan = json(&run(&sim, &["reboot", target, "--dry-run", "-o", "json"]));
        let instances = plan["plan"]["instances"].as_array().unwrap_or_else(|| panic!("{plan}"));
        instances.iter().map(|instance| instance["id"].as_str().unwrap().to_owned()).collect()
    };

    let bare = planned("team=shop");

    assert!(bare.len() > 1 && bare.contains(&WEB_1.to_owned()), "{bare:?}");
    assert_eq!(bare, planned("tag:team=shop"));
    let name = ("Name".to_owned(), "team=shop".to_owned());
    sim.edit(|fleet| fleet.instance_mut("web-1").unwrap().tags = vec![name]);
    assert_eq!(planned("team=shop"), [WEB_1], "a name comes first");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_is_told_with_its_own_exit_code() {
    let cases = [
        ("ec2:StartInstances=deny", 5, "access-denied"),
        ("ec2:StartInstances=error:InsufficientInstanceCapacity", 1, "no-capacity"),
        ("ec2:StartInstances=error:InvalidInstanceID.NotFound", 3, "vanished"),
        ("ec2:StartInstances=throttle:100%", 1, "throttled"),
    ];
    for (fault, exit, code) in cases {
        let sim = cloud(&[fault]).await;

        let told = run(&sim, &["start", "batch-worker-1", "--yes", "-o", "json"]);

        assert_eq!(told.status.code(), Some(exit), "{fault}: {}", text(&told.stderr));
        assert_eq!(json(&told)["results"][0]["reason"]["code"], code, "{fault}");
        assert_eq!(state(&sim, STOPPED), State::Stopped, "{fault}");
    }
}

/// Why a start does not happen, and what one can do now: the permission, another type, a look at what is there.
const REFUSALS: [(&str, &[&str]); 3] = [
    ("ec2:StartInstances=deny", &["ec2:StartInstances is denied.", "to allow ec2:StartInstances"]),
    (
        "ec2:StartInstances=error:InsufficientInstanceCapacity",
        &["no room for an instance of this type", "modify-instance-attribute"],
    ),
    ("ec2:StartInstances=error:InvalidInstanceID.NotFound", &["no longer there"]),
];

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_start_says_why_and_what_to_do_now() {
    for (fault, words) in REFUSALS {
        let sim = cloud(&[fault]).await;

        let started = run(&sim, &["start", "batch-worker-1", "--yes"]);
        let home = tempfile::tempdir().unwrap();
        let mut connected = in_terminal(&sim, &home, &["connect", "batch-worker-1", "--start", "--yes", "-m", "ssm"]);
        connected.wait();
        connected.wait_for_the_rest();

        let started = text(&started.stdout) + &text(&started.stderr);
        let connected = connected.shown();
        for word in words {
            assert!(started.contains(word), "{fault}: {word}\n{started}");
            assert!(connected.replace('\n', "").contains(word), "{fault}: {word}\n{connected}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_start_that_the_dashboard_is_refused_is_told_there_with_what_to_do_now() {
    for (fault, words) in REFUSALS {
        let sim = cloud(&[fault]).await;
        let home = tempfile::tempdir().unwrap();
        let terminal = in_terminal(&sim, &home, &[]);
        crate::support::demo::put_card_away(&terminal);
        // The filter's own line holds the name, too: without rows there is nothing to start.
        terminal.wait_for("bastion");
        terminal.type_text("/batch-worker-1\r");
        terminal.wait_until("the row", |screen| screen.contains("batch-worker-1") && !screen.contains("bastion"));

        terminal.type_text(":");
        terminal.wait_for("─ Commands");
        terminal.type_text("start");
        terminal.wait_for("> start: ");
        terminal.type_text("\r");
        terminal.wait_for("ec2:StartInstances");
        terminal.type_text("y");

        terminal.wait_for("was not started");
        terminal.type_text("3");
        let told = terminal.wait_for("─ Problems");
        let told: Vec<&str> = told.split(|c: char| c.is_whitespace() || c == '│').filter(|word| !word.is_empty()).collect();
        let told = told.join(" ");
        assert!(words.iter().all(|word| told.contains(word)), "{fault}: {told}");
        terminal.type_text("\u{1b}");
        terminal.wait_until("the table", |screen| !screen.contains("─ Problems"));
        terminal.type_text("q");
        assert!(terminal.end().success());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_start_that_falls_back_is_not_taken_for_done() {
    let sim = cloud(&[]).await;
    let told = std::thread::scope(|scope| {
        let run = scope.spawn(|| run(&sim, &["start", "batch-worker-1", "--yes", "--wait", "-o", "json"]));
        while state(&sim, STOPPED) == State::Stopped {
            std::thread::sleep(Duration::from_millis(5));
        }
        sim.edit(|fleet| {
            let instance = fleet.instance_mut(STOPPED).unwrap();
            instance.state = State::Terminated;
            instance.state_reason = Some(("Server.InternalError".to_owned(), "the volume is locked".to_owned()));
        });
        run.join().unwrap()
    });

    assert_eq!(told.status.code(), Some(1), "{}", text(&told.stderr));
    let result = &json(&told)["results"][0];
    assert_eq!(result["outcome"], "elsewhere");
    assert!(result["reason"]["text"].as_str().unwrap().contains("the volume is locked"), "{result}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_there_already_is_not_asked_for() {
    let sim = cloud(&[]).await;

    let told = run(&sim, &["start", "web-1", "--yes", "-o", "json"]);

    assert_eq!(told.status.code(), Some(0), "{}", text(&told.stderr));
    assert_eq!(json(&told)["results"][0]["outcome"], "already");
    assert_eq!(asked(&sim, "ec2:StartInstances"), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_stopping_is_waited_for_and_then_started() {
    let sim = cloud(&[]).await;
    sim.edit(|fleet| fleet.instance_mut("web-1").unwrap().state = State::Stopping);
    let told = std::thread::scope(|scope| {
        let run = scope.spawn(|| run(&sim, &["start", "web-1", "--yes", "--wait", "-o", "json"]));
        // Only when it was seen on its way down by who waits, and not just by who looked for it.
        while asked(&sim, "ec2:DescribeInstances") < 3 && !run.is_finished() {
            std::thread::sleep(Duration::from_millis(5));
        }
        assert_eq!(asked(&sim, "ec2:StartInstances"), 0);
        sim.edit(|fleet| fleet.instance_mut("web-1").unwrap().state = State::Stopped);
        run.join().unwrap()
    });

    assert_eq!(told.status.code(), Some(0), "{}", text(&told.stderr));
    let said = text(&told.stderr);
    assert!(said.contains(&format!("ec2:StartInstances {WEB_1}")) && said.contains("waits until it is stopped"), "{said}");
    let result = &json(&told)["results"][0];
    assert_eq!(
        (&result["previous"], &result["state"], &result["outcome"]),
        (&"stopping".into(), &"running".into(), &"done".into())
    );
    assert_eq!((state(&sim, WEB_1), asked(&sim, "ec2:StartInstances")), (State::Running, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_stopping_and_ends_for_good_is_not_started() {
    let sim = cloud(&[]).await;
    sim.edit(|fleet| fleet.instance_mut("web-1").unwrap().state = State::Stopping);
    let told = std::thread::scope(|scope| {
        let run = scope.spawn(|| run(&sim, &["start", "web-1", "--yes", "-o", "json"]));
        while asked(&sim, "ec2:DescribeInstances") < 2 && !run.is_finished() {
            std::thread::sleep(Duration::from_millis(5));
        }
        sim.edit(|fleet| fleet.instance_mut("web-1").unwrap().state = State::Terminated);
        run.join().unwrap()
    });

    assert_eq!(told.status.code(), Some(1), "{}", text(&told.stderr));
    assert_eq!(json(&told)["results"][0]["outcome"], "elsewhere");
    assert_eq!(asked(&sim, "ec2:StartInstances"), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_way_that_aws_denies_leads_back_to_the_ways_with_the_next_one_chosen() {
    let sim = cloud(&["ssm:StartSession=deny"]).await;
    let home = tempfile::tempdir().unwrap();
    let mut terminal = in_terminal(&sim, &home, &[]);
    terminal.wait_for("any key goes on");
    terminal.type_text(" ");
    terminal.wait_for("bastion");

    terminal.type_text("/web-1\r");
    terminal.wait_for("1 of ");
    terminal.type_text("\r");
    terminal.wait_for("> 1 ssm      ✓");
    terminal.type_text("\r");
    let shown = terminal.wait_for("✗ ssm:StartSession");

    let line = |method: &str| shown.lines().find(|line| line.contains(method)).unwrap_or_default().to_owned();
    assert!(line("1 ssm ").contains("✗ ssm:StartSession"), "{shown}");
    assert!(line("3 eice").contains("> 3 eice"), "{shown}");
    terminal.type_text("\x1b");
    terminal.wait_until("the table again", |screen| !screen.contains("Connect to web-1"));
    terminal.type_text("q");
    assert_eq!(terminal.wait().code(), Some(0));
    terminal.assert_as_found();
}

#[tokio::test(flavor = "multi_thread")]
async fn connect_starts_a_stopped_instance_and_waits_until_it_takes_a_session() {
    let sim = cloud_refusing_for(Duration::from_secs(2), &[]).await;
    let home = tempfile::tempdir().unwrap();
    let mut terminal = in_terminal(&sim, &home, &["connect", "batch-worker-1", "--start", "-m", "ssm"]);

    let shown = terminal.wait_for("? y/N");
    assert!(shown.contains(&format!("ec2:StartInstances {STOPPED}")), "{shown}");
    assert_eq!(asked(&sim, "ec2:StartInstances"), 0);
    terminal.type_text("y\n");
    terminal.wait_for("does not take us yet");
    terminal.wait_for("$ ");

    terminal.type_text("exit 7\n");
    assert!(terminal.wait().success(), "a session has no exit code of its own");
    assert_eq!(state(&sim, STOPPED), State::Running);
    let sessions = sim.sessions();
    assert!(sessions.iter().all(|session| session.ended.is_some()), "{sessions:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn connecting_to_a_stopped_row_of_the_dashboard_ends_in_its_shell() {
    let sim = cloud(&[]).await;
    let home = tempfile::tempdir().unwrap();
    let mut terminal = in_terminal(&sim, &home, &[]);
    terminal.wait_for("any key goes on");
    terminal.type_text(" ");
    terminal.wait_for("batch-worker-1");

    terminal.type_text("/batch-worker-1\r");
    terminal.wait_for("1 of ");
    terminal.type_text("c");
    terminal.wait_for(&format!("ec2:StartInstances {STOPPED}"));
    terminal.type_text("y");
    terminal.wait_for("$ ");
    assert_eq!(state(&sim, STOPPED), State::Running);

    terminal.type_text("exit\n");
    terminal.wait_for("Session on batch-worker-1 ended");
    terminal.wait_for("● run");
    terminal.type_text("q");
    assert_eq!(terminal.wait().code(), Some(0));
    terminal.assert_as_found();
}

#[tokio::test(flavor = "multi_thread")]
async fn esc_stops_waiting_for_a_way_in_and_the_instance_goes_on() {
    let sim = cloud_refusing_for(Duration::from_secs(3600), &[]).await;
    let home = tempfile::tempdir().unwrap();
    let mut terminal = in_terminal(&sim, &home, &[]);
    terminal.wait_for("any key goes on");
    terminal.type_text(" ");
    terminal.wait_for("batch-worker-1");
    terminal.type_text("/batch-worker-1\r");
    terminal.wait_for("1 of ");
    terminal.type_text("c");
    terminal.wait_for(&format!("ec2:StartInstances {STOPPED}"));
    terminal.type_text("y");
    terminal.wait_for("does not take us yet");

    terminal.type_text("\x1b");

    terminal.wait_for("not waited for; it goes on");
    assert_eq!(state(&sim, STOPPED), State::Running);
    terminal.type_text("q");
    assert_eq!(terminal.wait().code(), Some(0));
    terminal.assert_as_found();
}

#[tokio::test(flavor = "multi_thread")]
async fn connect_starts_nothing_without_a_yes_or_where_it_is_read_only() {
    let sim = cloud(&[]).await;

    for (flags, code) in [(vec![], "power-no-yes"), (vec!["--yes", "--read-only"], "power-read-only")] {
        let told = run(&sim, &[&["connect", "batch-worker-1", "--start"], flags.as_slice()].concat());

        assert_eq!(told.status.code(), Some(2), "{}", text(&told.stderr));
        assert!(text(&told.stderr).contains(&format!("error[{code}]")), "{}", text(&told.stderr));
    }
    assert_eq!(asked(&sim, "ec2:StartInstances"), 0);
}
