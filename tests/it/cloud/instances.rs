//! What is asked of one instance, or of the account.

use super::*;

#[tokio::test]
async fn targets_are_found_by_aws_itself() {
    let sim = demo(&[]).await;
    let cloud = cloud(&sim).await;
    let region: Region = SEOUL.parse().unwrap();
    let web = sim.fleet().accounts[0].instances.iter().find(|own| own.name() == "web-1").unwrap().clone();
    let targets = [
        web.id.clone(),
        web.id.to_uppercase(),
        web.id[..10].to_owned(),
        "web-1".to_owned(),
        "tag:Name=web-1".to_owned(),
        format!("ip:{}", web.private_ip.clone().unwrap()),
        format!("ip:{}", web.public_ip.clone().unwrap()),
    ];
    for target in targets {
        let found = cloud.find(&region, &target.parse::<Target>().unwrap()).await.unwrap();
        assert!(found.iter().any(|row| row.id.as_str() == web.id), "{target}");
    }
    assert_eq!(cloud.find(&region, &"web*".parse().unwrap()).await.unwrap(), [], "a star in a name is a star");
    let id: InstanceId = web.id.parse().unwrap();
    let row = cloud.describe(&region, &id).await.unwrap();
    assert_eq!(row.name().unwrap().raw(), "web-1");
    assert!(matches!(cloud.ssm_of(&region, &id).await, Fact::Known(ssm) if ssm.status == SsmStatus::Online));
    assert!(matches!(cloud.image_of(&region, &row).await, Fact::Known(Some(_))));
    let role = cloud.role_of(&region, row.instance_profile.as_ref().unwrap()).await;
    assert!(matches!(role, Fact::Known(role) if role.grant == Fact::Known(Grant::Sessions)));
    assert_eq!(cloud.describe(&region, &"i-0ffffffffffffffff".parse().unwrap()).await, Err(Error::NoSuchInstance));
}

#[tokio::test]
async fn empty_pages_do_not_say_that_an_instance_is_not_registered() {
    for faults in [
        &["ssm:DescribeInstanceInformation=empty-page"][..],
        &["ssm:DescribeInstanceInformation=deny", "ssm:DescribeInstanceProperties=empty-page"],
    ] {
        let sim = demo(faults).await;
        let cloud = cloud(&sim).await;
        let id: InstanceId =
            sim.fleet().accounts[0].instances.iter().find(|own| own.name() == "web-1").unwrap().id.parse().unwrap();

        let ssm = cloud.ssm_of(&SEOUL.parse().unwrap(), &id).await;

        assert!(matches!(&ssm, Fact::Hidden(denial) if denial.why == ec2dash::model::Why::Failed), "{faults:?}: {ssm:?}");
    }
}

#[tokio::test]
async fn a_stopped_instance_is_seen_stopped_when_described_again() {
    let sim = demo(&[]).await;
    let cloud = cloud(&sim).await;
    let region: Region = SEOUL.parse().unwrap();
    let id = sim.fleet().accounts[0].instances.iter().find(|own| own.name() == "web-1").unwrap().id.clone();

    sim.edit(|fleet| {
        let own = fleet.accounts[0].instances.iter_mut().find(|own| own.name() == "web-1").unwrap();
        own.state = ec2dash_sim::fleet::State::Stopped;
    });

    let row = cloud.describe(&region, &id.parse().unwrap()).await.unwrap();
    assert_eq!(row.state.word(), "stopped");
}

#[tokio::test]
async fn a_key_is_pushed_once_and_again_only_when_aws_was_busy() {
    let sim = demo(&["ec2-instance-connect:SendSSHPublicKey=throttle:100%@1"]).await;
    let cloud = cloud(&sim).await;
    let region: Region = SEOUL.parse().unwrap();
    let id: InstanceId = sim.fleet().accounts[0].instances.iter().find(|own| own.name() == "web-1").unwrap().id.parse().unwrap();

    cloud.push_key(&region, &id, "ec2-user", PUBLIC_KEY).await.unwrap();

    assert_eq!(count(&sim, "ec2-instance-connect:SendSSHPublicKey"), 2);
    assert_eq!(sim.keys().active(id.as_str(), "ec2-user").len(), 1);

    sim.set_faults(vec!["ec2-instance-connect:*=error:ServiceException".parse().unwrap()]);
    let error = cloud.push_key(&region, &id, "ec2-user", PUBLIC_KEY).await.err();
    assert!(matches!(&error, Some(Error::Service { aws_code, .. }) if aws_code.raw() == "ServiceException"), "{error:?}");
    assert_eq!(count(&sim, "ec2-instance-connect:SendSSHPublicKey"), 3);

    sim.set_faults(Vec::new());
    let nobody = "i-0ffffffffffffffff".parse().unwrap();
    assert_eq!(cloud.push_key(&region, &nobody, "ec2-user", PUBLIC_KEY).await, Err(Error::NoSuchInstance));
    sim.set_faults(vec!["ec2-instance-connect:*=deny".parse().unwrap()]);
    let denied = cloud.push_key(&region, &id, "ec2-user", PUBLIC_KEY).await.err();
    assert!(matches!(denied, Some(Error::Denied { action: "ec2-instance-connect:SendSSHPublicKey", .. })), "{denied:?}");
}

#[tokio::test]
async fn regions_come_with_whether_they_are_on() {
    let sim = demo(&[]).await;

    let regions = cloud(&sim).await.enabled_regions().await.unwrap();

    let status = |name: &str| regions.iter().find(|own| own.name.as_str() == name).unwrap().opt_in_status.raw().to_owned();
    assert_eq!(status(SEOUL), "opt-in-not-required");
    assert_eq!(status("ap-east-1"), "not-opted-in");
}

#[tokio::test]
async fn an_instance_that_half_a_list_does_not_hold_is_not_said_to_be_missing() {
    for fault in ["repeat-token", "empty-page"] {
        let sim = demo(&[&format!("ec2:DescribeInstances={fault}")]).await;
        let (cloud, region) = (cloud(&sim).await, SEOUL.parse().unwrap());

        let found = cloud.find(&region, &"web-1".parse().unwrap()).await;
        let in_any_case = cloud.find_in_any_case(&region, &"WEB-1".into()).await;
        let described = cloud.describe(&region, &"i-0123456789abcdef0".parse().unwrap()).await;

        for error in [found.err(), in_any_case.err(), described.err()] {
            assert!(matches!(error, Some(Error::Garbled { action: "ec2:DescribeInstances", .. })), "{fault}: {error:?}");
        }
    }
}
