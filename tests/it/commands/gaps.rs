//! What is listed where AWS refuses or fails.

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn each_call_denied_in_turn_leaves_the_rest_right_and_is_named() {
    for (action, column) in [
        ("ssm:*", "ssm"),
        ("iam:GetInstanceProfile", "iam"),
        ("iam:ListAttachedRolePolicies", "iam"),
        ("ec2:DescribeI*ma*", "image"),
        ("ec2:DescribeKeyPairs", "key"),
    ] {
        let desk = Desk::new(&[&format!("{action}=deny")]).await;

        let told = desk.run(&["ls", "-o", "json"]);

        assert_eq!(told.code, Some(0), "{action}: {told:?}");
        let warnings = told.json()["warnings"].as_array().unwrap().clone();
        assert_eq!(warnings.len(), 1, "{action}: {warnings:?}");
        assert_eq!(warnings[0]["code"], "access-denied");
        let named = warnings[0]["action"].as_str().unwrap();
        assert!(told.stderr.contains(named) && told.stderr.starts_with("warning[access-denied]"), "{action}: {}", told.stderr);
        assert_eq!(told.stderr.contains(" shows ?"), column != "key", "a key is found by its file's name then: {}", told.stderr);
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
async fn nothing_is_called_complete_where_more_is_missing() {
    let one = Desk::new(&["iam:GetInstanceProfile=deny"]).await;
    let two = Desk::new(&["iam:GetInstanceProfile=deny", "ssm:*=deny"]).await;
    let total = Desk::new(&["iam:GetInstanceProfile=deny", "ec2:DescribeInstances=deny"]).await;

    let said = |desk: &Desk, region: &str| desk.run(&["ls", "--region", region]).stderr;

    assert!(said(&one, "ap-northeast-2").contains("The rest is complete."));
    assert!(!said(&two, "ap-northeast-2").contains("complete"));
    for region in ["ap-northeast-2", "ap-northeast-2,us-east-1"] {
        assert!(!said(&total, region).contains("complete"), "{region}");
    }
}
