//! Where a command on many would run: nothing is sent on a list or a fact that is not known.

use std::process::{Command, Output};

use ec2dash_sim::{Fault, FleetSource, Options, Sim};

use crate::support::tools::ec2dash;

async fn cloud(fault: &str) -> Sim {
    let source = FleetSource::Generated { instances: 20, regions: vec!["us-east-1".to_owned()], seed: 7 };
    let faults: Vec<Fault> = if fault.is_empty() { Vec::new() } else { vec![fault.parse().unwrap()] };
    Sim::start(Options { fleet: source, faults, ..Options::default() }).await.unwrap()
}

fn run(sim: &Sim, variables: &[(&str, &str)], arguments: &[&str]) -> Output {
    let home = tempfile::tempdir().unwrap();
    let mut command = Command::new(ec2dash());
    command.env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default()).env("HOME", home.path());
    command.env("LANG", "C.UTF-8").envs(sim.environment()).envs(variables.iter().copied()).args(arguments).output().unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn sent(sim: &Sim) -> bool {
    sim.calls().iter().any(|call| call.action == "ssm:SendCommand")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_filter_that_asks_about_a_denied_fact_sends_nothing_and_names_the_permission() {
    let sim = cloud("ssm:DescribeInstance*=deny").await;

    for filter in ["ssm:online", "!ssm:lost", "via:ssm"] {
        let told = run(&sim, &[], &["exec", "--yes", "--filter", filter, "--", "uptime"]);

        let said = stderr(&told);
        assert!(said.contains("error[exec-fact-unknown]: The filter asks about ssm"), "{filter}: {said}");
        assert!(said.contains("ssm:DescribeInstance"), "{filter}: {said}");
        assert_eq!(told.status.code(), Some(255), "{filter}: {said}");
    }
    assert!(!sent(&sim));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_filter_that_asks_about_something_else_is_not_held_up_by_a_denied_fact() {
    let sim = cloud("ssm:DescribeInstance*=deny").await;

    let told = run(&sim, &[], &["exec", "--filter", "state:running", "--dry-run", "--", "uptime"]);

    assert!(told.status.success(), "{}", stderr(&told));
}

#[tokio::test(flavor = "multi_thread")]
async fn variables_neither_spoil_a_command_on_one_nor_make_it_one_on_many() {
    let sim = cloud("").await;
    let id = sim.fleet().instances().find(|instance| instance.agent.is_some()).unwrap().id.clone();
    let variables = [("EC2DASH_OUTPUT", "json"), ("EC2DASH_FILTER", "state:running")];

    let told = run(&sim, &variables, &["exec", &id, "-m", "ssm", "--", "echo one"]);

    assert_eq!((String::from_utf8_lossy(&told.stdout).as_ref(), told.status.code()), ("one\n", Some(0)), "{}", stderr(&told));
    assert!(!sent(&sim));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_of_no_region_at_all_does_not_speak_of_others_that_are_complete() {
    let sim = cloud("ec2:DescribeInstances=error:InternalError").await;

    let told = run(&sim, &[], &["ls", "--region", "us-east-1,eu-west-1"]);

    let said = stderr(&told);
    assert!(said.contains("None of the 2 regions could be listed"), "{said}");
    assert!(!said.contains("complete"), "{said}");
}
