//! What a command on many did, in a table and in JSON.

use super::*;

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
    // Over all of them: a call that a busy computer holds up comes closer to the next.
    let span = looks.last().unwrap().duration_since(*looks.first().unwrap()).unwrap();
    let most = 2.0 * span.as_secs_f64() + 2.0;
    assert!((looks.len() as f64) <= most, "{} looks within {span:?}", looks.len());
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

    assert_eq!(
        (told.code, told.stderr.as_str()),
        (Some(1), "ec2dash: 3 instances, by SSM Run Command: as root, without a login.\n")
    );
    let json = told.json();
    assert_eq!(json["summary"], json!({"total": 3, "succeeded": 1, "failed": 2, "not_done": 0, "not_sent": 0, "cancelled": 0}));
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
async fn as_many_as_usual_run_at_a_time_without_being_asked_for() {
    let fleet = Fleet::online(10, &[]).await;
    let marks = fleet.home.path().join("marks");
    std::fs::create_dir(&marks).unwrap();
    let script = format!(
        "cd {}; touch $AWS_SSM_INSTANCE_ID; for n in $(seq 100); do [ $(ls | wc -l) -lt 10 ] || exit 0; sleep 0.1; done; exit 9",
        marks.display()
    );

    let told = fleet.run(&["exec", "--filter", "id:i-", "--", &script]);

    assert_eq!(told.code, Some(0), "each waits for the nine others: {} {}", told.stdout, told.stderr);
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
