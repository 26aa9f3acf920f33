//! Answers that are odd, late, refused or not of AWS.

use super::*;

#[tokio::test]
async fn a_list_that_leads_in_a_circle_ends_with_one_notice() {
    let sim = generated(1_200, &["ec2:DescribeInstances=repeat-token"]).await;

    let heard = survey(&cloud(&sim).await, FactKinds::NONE).await.unwrap();

    assert_eq!(heard.oddities, [Oddity { code: "repeated-page", action: "ec2:DescribeInstances" }]);
    assert!(count(&sim, "ec2:DescribeInstances") <= 3);
    let (_, listing) = heard.inventory.listings().next().unwrap();
    assert!(listing.is_loading, "half a list does not say that the other instances are gone");

    let sim =
        generated(230, &["ssm:DescribeInstanceProperties=repeat-token", "ssm:DescribeInstanceInformation=repeat-token"]).await;
    let heard = survey(&cloud(&sim).await, FactKinds::ALL).await.unwrap();
    assert!(heard.oddities.contains(&Oddity { code: "repeated-page", action: "ssm:DescribeInstanceInformation" }));
    let unmanaged =
        heard.inventory.rows().iter().filter(|row| row.ssm.known().is_some_and(|ssm| ssm.status == SsmStatus::Unmanaged));
    assert_eq!(unmanaged.count(), 0, "half a list does not say who is not in it");
}

#[tokio::test]
async fn a_list_of_commands_that_leads_in_a_circle_is_no_answer() {
    let sim = demo(&["ssm:ListCommands=repeat-token", "ssm:ListCommandInvocations=repeat-token"]).await;
    let (cloud, region) = (cloud(&sim).await, SEOUL.parse().unwrap());
    let instances = ["i-0123456789abcdef0".parse().unwrap()];
    let command = cloud.send_command(&region, &errand(&instances)).await.unwrap();

    let found = cloud.find_command(&region, "another", Timestamp::now() - jiff::SignedDuration::from_mins(5)).await;
    let invocations = cloud.command_invocations(&region, &command).await;

    assert!(matches!(found, Err(Error::Garbled { action: "ssm:ListCommands", .. })), "{found:?}");
    assert!(matches!(invocations, Err(Error::Garbled { action: "ssm:ListCommandInvocations", .. })), "{invocations:?}");
}

#[tokio::test]
async fn empty_pages_end_a_list_only_when_nothing_else_comes() {
    let sim = generated(1_200, &["ec2:DescribeInstances=empty-page@1"]).await;
    let heard = survey(&cloud(&sim).await, FactKinds::NONE).await.unwrap();
    assert_eq!((heard.inventory.rows().len(), heard.oddities.len()), (1_200, 0));

    let sim = generated(1_200, &["ec2:DescribeInstances=empty-page"]).await;
    let heard = survey(&cloud(&sim).await, FactKinds::NONE).await.unwrap();
    assert_eq!(heard.oddities, [Oddity { code: "repeated-page", action: "ec2:DescribeInstances" }]);
    assert!(count(&sim, "ec2:DescribeInstances") <= 4);
}

#[tokio::test]
async fn a_wrong_clock_is_measured_and_named() {
    for (offset, seconds) in [("+10m", 600), ("-10m", -600), ("+1d", 86_400), ("-1d", -86_400)] {
        let sim = demo(&[&format!("*=clock:{offset}")]).await;
        let cloud = cloud(&sim).await;
        let id: InstanceId = "i-0123456789abcdef0".parse().unwrap();
        let region: Region = SEOUL.parse().unwrap();

        let errors = [
            survey(&cloud, FactKinds::NONE).await.err(),
            cloud.identity().await.err(),
            cloud.push_key(&region, &id, "ec2-user", PUBLIC_KEY).await.err(),
        ];

        for error in errors {
            let Some(Error::ClockSkew { ahead: Some(ahead) }) = error else { panic!("{offset}: {error:?}") };
            assert!((ahead - seconds).abs() <= 5, "{offset}: {ahead}");
        }
    }
}

#[tokio::test]
async fn answers_that_are_not_of_aws_are_named_and_never_taken_for_a_list() {
    for fault in ["html", "cut", "corrupt"] {
        let sim = demo(&[&format!("*={fault}")]).await;
        let cloud = cloud(&sim).await;
        let region: Region = SEOUL.parse().unwrap();
        let id: InstanceId = "i-0123456789abcdef0".parse().unwrap();

        let errors = [
            survey(&cloud, FactKinds::NONE).await.err(),
            cloud.identity().await.err(),
            cloud.enabled_regions().await.err(),
            cloud.push_key(&region, &id, "ec2-user", PUBLIC_KEY).await.err(),
        ];
        for error in errors {
            assert!(matches!(error, Some(Error::Garbled { .. })), "{fault}: {error:?}");
        }

        sim.set_faults(vec![
            format!("ssm:*={fault}").parse().unwrap(),
            format!("iam:*={fault}").parse().unwrap(),
            format!("ec2:*Image*={fault}").parse().unwrap(),
        ]);
        let rows = survey(&cloud, FactKinds::ALL).await.unwrap().rows();
        let web = rows.get("web-1").unwrap();
        assert_eq!(web.ssm.denial().unwrap().why, Why::Failed, "{fault}");
        assert_eq!(web.role.denial().unwrap().why, Why::Failed, "{fault}");
        assert_eq!(web.image_name.denial().unwrap().why, Why::Failed, "{fault}");
    }
}

#[tokio::test]
async fn some_throttling_is_ridden_out_and_more_of_it_is_named() {
    let sim = generated(50, &["ec2:*=throttle:30%"]).await;
    let cloud = cloud(&sim).await;
    let mut whole = 0;
    for _ in 0..8 {
        match survey(&cloud, FactKinds::NONE).await {
            Ok(heard) => whole += usize::from(heard.inventory.rows().len() == 50),
            Err(error) => assert_eq!(error, Error::Throttled { action: "ec2:DescribeInstances" }),
        }
    }
    // Three attempts fail together once in forty times.
    assert!(whole >= 5, "{whole}");

    let sim = demo(&["*=throttle:100%"]).await;
    let cloud = self::cloud(&sim).await;
    assert_eq!(survey(&cloud, FactKinds::ALL).await.err(), Some(Error::Throttled { action: "ec2:DescribeInstances" }));
    assert_eq!(count(&sim, "ec2:DescribeInstances"), 3, "three attempts and no more");
}

#[tokio::test]
async fn a_throttled_fact_is_hidden_and_asked_for_again() {
    let sim = demo(&["iam:GetInstanceProfile=throttle:100%"]).await;
    let cloud = cloud(&sim).await;

    let rows = survey(&cloud, FactKinds::ALL).await.unwrap().rows();
    assert_eq!(rows.get("web-1").unwrap().role.denial().unwrap().why, Why::Throttled);

    // Every profile of the fleet would be three attempts; after a few refusals the rest is left for the next time.
    assert!(count(&sim, "iam:GetInstanceProfile") <= 12, "{}", count(&sim, "iam:GetInstanceProfile"));
    sim.set_faults(Vec::new());
    assert_eq!(survey(&cloud, FactKinds::ALL).await.unwrap().rows().get("web-1").unwrap().iam().word(), "ok");
}

#[tokio::test]
async fn no_call_waits_longer_than_its_limit() {
    let sim = demo(&["*=hang"]).await;
    let cloud = open(&sim, |options| options.timeout = Duration::from_millis(600)).await.unwrap();

    let asked = tokio::time::timeout(Duration::from_secs(30), survey(&cloud, FactKinds::ALL)).await;
    let error = asked.expect("it waits for ever").err();

    let Some(Error::Timeout { action: "ec2:DescribeInstances", after }) = error else { panic!("{error:?}") };
    assert!(after >= Duration::from_millis(600), "{after:?}");

    sim.set_faults(vec!["ssm:*=hang".parse().unwrap()]);
    let rows = survey(&cloud, FactKinds::ALL).await.unwrap().rows();
    assert_eq!(rows.get("web-1").unwrap().ssm.denial().unwrap().why, Why::Timeout);
}

#[tokio::test]
async fn wrong_keys_and_regions_that_are_off_are_told_apart() {
    let sim = demo(&[]).await;
    let mut variables = variables(&sim);
    variables.insert("AWS_SECRET_ACCESS_KEY".to_owned(), "wrong".to_owned());
    let cloud = Cloud::open_in(&options(), Environment::new(variables)).await.unwrap();

    let list = survey(&cloud, FactKinds::NONE).await.err();
    assert!(matches!(&list, Some(Error::InvalidCredentials { aws_code, .. }) if aws_code.raw() == "AuthFailure"), "{list:?}");
    let identity = cloud.identity().await.err();
    assert!(
        matches!(&identity, Some(Error::InvalidCredentials { aws_code, .. }) if aws_code.raw() == "SignatureDoesNotMatch"),
        "{identity:?}"
    );

    let wrong_there = survey_of(&cloud, "ap-east-1", FactKinds::NONE).await.err();
    assert!(
        matches!(&wrong_there, Some(Error::InvalidCredentials { aws_code, .. }) if aws_code.raw() == "SignatureDoesNotMatch"),
        "wrong keys are wrong in a region that may be off as well: {wrong_there:?}"
    );

    let off = survey_of(&self::cloud(&sim).await, "ap-east-1", FactKinds::NONE).await.err();
    assert_eq!(off, Some(Error::RegionOff { region: "ap-east-1".to_owned() }));

    let silent = demo(&["sts:GetCallerIdentity=error:InternalFailure"]).await;
    let unclear = survey_of(&self::cloud(&silent).await, "ap-east-1", FactKinds::NONE).await.err();
    assert_eq!(unclear, Some(Error::RegionOrKeys { region: "ap-east-1".to_owned(), aws_code: "AuthFailure".into() }));
}

#[tokio::test]
async fn a_host_that_refuses_is_named_with_its_port() {
    let closed = crate::support::tools::ClosedPort::new();
    let port = closed.number();
    let endpoint = format!("http://127.0.0.1:{port}");
    let keys = [("AWS_ENDPOINT_URL", endpoint.as_str()), ("AWS_ACCESS_KEY_ID", "A"), ("AWS_SECRET_ACCESS_KEY", "B")];
    let cloud = Cloud::open_in(&options(), Environment::new(keys)).await.unwrap();

    let error = cloud.identity().await.err();

    assert_eq!(error, Some(Error::Unreachable { host: format!("127.0.0.1:{port}"), cause: "connection refused".into() }));
}

#[tokio::test]
async fn a_name_that_does_not_exist_is_told() {
    let keys = [("AWS_ENDPOINT_URL", "https://nowhere.invalid"), ("AWS_ACCESS_KEY_ID", "A"), ("AWS_SECRET_ACCESS_KEY", "B")];
    let cloud = Cloud::open_in(&options(), Environment::new(keys)).await.unwrap();

    let error = cloud.identity().await.err();

    assert!(matches!(&error, Some(Error::Unreachable { host, .. }) if host == "nowhere.invalid"), "{error:?}");
}

#[tokio::test]
async fn a_call_made_once_may_take_all_of_its_time() {
    let sim = demo(&["ssm:SendCommand=delay:9s"]).await;
    let cloud = open(&sim, |options| options.timeout = Duration::from_secs(60)).await.unwrap();
    let instances = ["i-0123456789abcdef0".parse().unwrap()];

    let sent = cloud.send_command(&SEOUL.parse().unwrap(), &errand(&instances)).await;

    assert!(sent.is_ok(), "{sent:?}");
}

fn errand(instances: &[InstanceId]) -> Errand<'_> {
    Errand {
        instances,
        script: "true",
        comment: "c",
        concurrency: 1,
        stops_at_failure: false,
        timeout: Some(Duration::from_secs(1)),
    }
}
