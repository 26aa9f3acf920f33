//! Calls that are denied, throttled or lost on the way.

use super::*;

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
    assert_eq!(
        reasons(&told),
        [json!("target-unknown-to-ssm"), json!("not-running"), json!("not-running"), Value::Null, Value::Null]
    );
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
