//! EC2 as AWS's own SDK sees it.

use super::*;

#[tokio::test]
async fn pages_together_are_the_whole_list() {
    let sim = demo().await;
    let client = ec2_client(&sim);

    let whole = client.describe_instances().send().await.unwrap();
    let mut pages = client.describe_instances().into_paginator().page_size(5).send();
    let mut paged = Vec::new();
    while let Some(page) = pages.next().await {
        let page = page.unwrap();
        let ids: Vec<String> =
            page.reservations().iter().flat_map(|r| r.instances()).map(|i| i.instance_id().unwrap().to_owned()).collect();
        assert!(ids.len() <= 5);
        paged.extend(ids);
    }

    let ids: Vec<String> =
        whole.reservations().iter().flat_map(|r| r.instances()).map(|i| i.instance_id().unwrap().to_owned()).collect();
    assert!(ids.len() > 30, "{}", ids.len());
    assert_eq!(paged, ids);
}

#[tokio::test]
async fn an_instance_carries_what_the_rules_read() {
    let sim = demo().await;

    let answer = ec2_client(&sim).describe_instances().instance_ids("i-0123456789abcdef0").send().await.unwrap();

    let reservation = &answer.reservations()[0];
    assert_eq!(reservation.owner_id(), Some("210987654321"));
    let instance = &reservation.instances()[0];
    assert_eq!(instance.state().unwrap().name().unwrap().as_str(), "running");
    assert_eq!(instance.private_ip_address(), Some("10.0.1.21"));
    assert_eq!(instance.public_ip_address(), Some("3.36.112.8"));
    assert_eq!(instance.key_name(), Some("team-prod"));
    assert_eq!(instance.placement().unwrap().availability_zone(), Some("ap-northeast-2a"));
    assert_eq!(instance.placement().unwrap().availability_zone_id(), Some("apne2-az1"));
    assert_eq!(instance.iam_instance_profile().unwrap().arn(), Some("arn:aws:iam::210987654321:instance-profile/web-profile"));
    assert!(instance.iam_instance_profile().unwrap().id().unwrap().starts_with("AIPA"));
    assert_eq!(instance.metadata_options().unwrap().http_endpoint().unwrap().as_str(), "enabled");
    assert_eq!(instance.metadata_options().unwrap().state().unwrap().as_str(), "applied");
    assert_eq!(instance.platform_details(), Some("Linux/UNIX"));
    assert_eq!(instance.architecture().unwrap().as_str(), "x86_64");
    assert_eq!(instance.security_groups().len(), 2);
    assert_eq!(instance.operator().unwrap().managed(), Some(false));
    let interface = &instance.network_interfaces()[0];
    assert_eq!(interface.association().unwrap().public_ip(), Some("3.36.112.8"));
    let tags: Vec<_> = instance.tags().iter().map(|tag| (tag.key().unwrap(), tag.value().unwrap())).collect();
    assert_eq!(tags, [("Name", "web-1"), ("env", "prod"), ("team", "shop")]);
    let up = SystemTime::now().duration_since(SystemTime::try_from(*instance.launch_time().unwrap()).unwrap()).unwrap();
    assert!((41 * 86_400..41 * 86_400 + 60).contains(&up.as_secs()));
}

#[tokio::test]
async fn filters_choose_and_names_in_any_script_arrive_whole() {
    let sim = demo().await;
    let filter = |name: &str, value: &str| Filter::builder().name(name).values(value).build();

    let answer = ec2_client(&sim)
        .describe_instances()
        .filters(filter("tag:Name", "결제-*"))
        .filters(filter("instance-state-name", "running"))
        .send()
        .await
        .unwrap();

    let names: Vec<_> = answer.reservations().iter().flat_map(|r| r.instances()).map(|i| i.tags()[0].value().unwrap()).collect();
    assert_eq!(names, ["결제-api-1", "결제-api-2"]);
}

#[tokio::test]
async fn a_tag_with_control_characters_arrives_whole() {
    let sim = demo().await;
    let name = "\u{1b}]52;c;x\u{7}<b>\n\r\t&amp; \u{202e}\u{9b}";
    sim.edit(|fleet| fleet.instance_mut("web-1").unwrap().tags[0].1 = name.to_owned());

    let answer = ec2_client(&sim).describe_instances().instance_ids("i-0123456789abcdef0").send().await.unwrap();

    assert_eq!(answer.reservations()[0].instances()[0].tags()[0].value(), Some(name));
}

#[tokio::test]
async fn ids_are_refused_as_ec2_refuses_them() {
    let sim = demo().await;
    let ask =
        |id: &'static str, size: Option<i32>| ec2_client(&sim).describe_instances().instance_ids(id).set_max_results(size).send();

    let (code, message, status) = refusal(ask("i-00000000000000000", None).await.unwrap_err());
    assert_eq!((&*code, status), ("InvalidInstanceID.NotFound", 400));
    assert_eq!(message, "The instance ID 'i-00000000000000000' does not exist");
    assert_eq!(refusal(ask("web-1", None).await.unwrap_err()).0, "InvalidInstanceID.Malformed");
    assert_eq!(refusal(ask("i-0123456789abcdef0", Some(5)).await.unwrap_err()).0, "InvalidParameterCombination");
    let too_small = ec2_client(&sim).describe_instances().max_results(4).send().await.unwrap_err();
    assert_eq!(refusal(too_small).0, "InvalidParameterValue");
}

#[tokio::test]
async fn a_region_that_is_not_enabled_is_refused_and_listed() {
    let sim = demo().await;
    let there = aws_sdk_ec2::Client::new(&sdk(&sim, "ap-east-1", keys_of(&sim)));

    assert_eq!(refusal(there.describe_instances().send().await.unwrap_err()).0, "AuthFailure");
    let enabled = ec2_client(&sim).describe_regions().send().await.unwrap();
    let all = ec2_client(&sim).describe_regions().all_regions(true).send().await.unwrap();
    assert!(enabled.regions().iter().all(|region| region.region_name() != Some("ap-east-1")));
    let off = all.regions().iter().find(|region| region.region_name() == Some("ap-east-1")).unwrap();
    assert_eq!(off.opt_in_status(), Some("not-opted-in"));
}

#[tokio::test]
async fn images_are_told_and_withdrawn_ones_only_beside_their_instances() {
    let sim = demo().await;
    let fleet = sim.fleet();
    let of = |name: &str| fleet.instances().find(|instance| instance.name() == name).unwrap();
    let (web, ledger) = (of("web-1"), of("ledger-1"));
    let by_ids = Filter::builder().name("image-id").values(&web.image).values(&ledger.image).build();

    let images = ec2_client(&sim).describe_images().filters(by_ids).send().await.unwrap();
    let metadata = ec2_client(&sim).describe_instance_image_metadata().instance_ids(&ledger.id).send().await.unwrap();

    assert_eq!(images.images().iter().map(|image| image.image_id().unwrap()).collect::<Vec<_>>(), [&web.image]);
    assert!(images.images()[0].name().unwrap().starts_with("al2023-ami-2023"));
    let image = metadata.instance_image_metadata()[0].image_metadata().unwrap();
    assert_eq!((image.name(), image.owner_id()), (Some("haneul-golden-al2023-2024.03"), Some("210987654321")));
    assert_eq!(
        refusal(ec2_client(&sim).describe_images().image_ids(&ledger.image).send().await.unwrap_err()).0,
        "InvalidAMIID.NotFound"
    );
}

#[tokio::test]
async fn key_pairs_are_told_with_the_public_key_of_the_file() {
    let sim = demo().await;

    let pairs = ec2_client(&sim).describe_key_pairs().include_public_key(true).send().await.unwrap();

    let pair = pairs.key_pairs().iter().find(|pair| pair.key_name() == Some("team-prod")).unwrap();
    let file = std::fs::read_to_string(sim.directory().join("keys/team-prod")).unwrap();
    let private = ssh_key::PrivateKey::from_openssh(file).unwrap();
    assert_eq!(pair.public_key(), Some(&*private.public_key().to_openssh().unwrap()));
    assert!(!sim.directory().join("keys/legacy-2019").exists());
}
