//! The simulated cloud as AWS's own SDK sees it.

use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use aws_sdk_ec2::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_ec2::types::Filter;
use aws_types::SdkConfig;
use aws_types::region::Region;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::*;

async fn demo() -> Sim {
    Sim::start(Options::default()).await.unwrap()
}

async fn demo_with(faults: &[&str]) -> Sim {
    let faults = faults.iter().map(|fault| fault.parse().unwrap()).collect();
    Sim::start(Options { faults, ..Options::default() }).await.unwrap()
}

fn keys_of(sim: &Sim) -> Credentials {
    let fleet = sim.fleet();
    let keys = &fleet.accounts[0].credentials;
    Credentials::new(&keys.access_key, &keys.secret, None, None, "test")
}

fn sdk(sim: &Sim, region: &str, credentials: Credentials) -> SdkConfig {
    SdkConfig::builder()
        .behavior_version(aws_config::BehaviorVersion::v2026_01_12())
        .endpoint_url(sim.endpoint())
        .region(Region::new(region.to_owned()))
        .http_client(aws_smithy_http_client::Builder::new().build_http())
        .credentials_provider(aws_credential_types::provider::SharedCredentialsProvider::new(credentials))
        .retry_config(aws_config::retry::RetryConfig::disabled())
        .sleep_impl(aws_smithy_async::rt::sleep::SharedAsyncSleep::new(aws_smithy_async::rt::sleep::TokioSleep::new()))
        .build()
}

fn usual(sim: &Sim) -> SdkConfig {
    sdk(sim, "ap-northeast-2", keys_of(sim))
}

fn ec2(sim: &Sim) -> aws_sdk_ec2::Client {
    aws_sdk_ec2::Client::new(&usual(sim))
}

/// Code, message and HTTP status of a refusal.
fn refusal<E: ProvideErrorMetadata + std::fmt::Debug>(
    error: SdkError<E, aws_smithy_runtime_api::client::orchestrator::HttpResponse>,
) -> (String, String, u16) {
    let status = error.raw_response().map_or(0, |response| response.status().as_u16());
    (error.code().unwrap_or("none").to_owned(), error.message().unwrap_or_default().to_owned(), status)
}

#[tokio::test]
async fn pages_together_are_the_whole_list() {
    let sim = demo().await;
    let client = ec2(&sim);

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

    let answer = ec2(&sim).describe_instances().instance_ids("i-0123456789abcdef0").send().await.unwrap();

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

    let answer = ec2(&sim)
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

    let answer = ec2(&sim).describe_instances().instance_ids("i-0123456789abcdef0").send().await.unwrap();

    assert_eq!(answer.reservations()[0].instances()[0].tags()[0].value(), Some(name));
}

#[tokio::test]
async fn ids_are_refused_as_ec2_refuses_them() {
    let sim = demo().await;
    let ask = |id: &'static str, size: Option<i32>| ec2(&sim).describe_instances().instance_ids(id).set_max_results(size).send();

    let (code, message, status) = refusal(ask("i-00000000000000000", None).await.unwrap_err());
    assert_eq!((&*code, status), ("InvalidInstanceID.NotFound", 400));
    assert_eq!(message, "The instance ID 'i-00000000000000000' does not exist");
    assert_eq!(refusal(ask("web-1", None).await.unwrap_err()).0, "InvalidInstanceID.Malformed");
    assert_eq!(refusal(ask("i-0123456789abcdef0", Some(5)).await.unwrap_err()).0, "InvalidParameterCombination");
    let too_small = ec2(&sim).describe_instances().max_results(4).send().await.unwrap_err();
    assert_eq!(refusal(too_small).0, "InvalidParameterValue");
}

#[tokio::test]
async fn wrong_credentials_are_refused_in_the_words_of_each_service() {
    let sim = demo().await;
    let right = keys_of(&sim);
    let config = |id: &str, secret: &str, token: Option<&str>| {
        sdk(&sim, "ap-northeast-2", Credentials::new(id, secret, token.map(str::to_owned), None, "test"))
    };
    let wrong_secret = config(right.access_key_id(), "wrong", None);
    let unknown_key = config("AKIASIMNOBODY", "wrong", None);
    let foreign_token = config(right.access_key_id(), right.secret_access_key(), Some("token"));
    let sts = |config: &SdkConfig| aws_sdk_sts::Client::new(config).get_caller_identity().send();
    let ssm = |config: &SdkConfig| aws_sdk_ssm::Client::new(config).describe_instance_information().send();
    let regions = |config: &SdkConfig| aws_sdk_ec2::Client::new(config).describe_regions().send();

    assert_eq!(refusal(regions(&wrong_secret).await.unwrap_err()).0, "AuthFailure");
    let (code, message, status) = refusal(sts(&wrong_secret).await.unwrap_err());
    assert_eq!((&*code, status), ("SignatureDoesNotMatch", 403));
    assert!(message.starts_with("The request signature we calculated does not match"));
    assert_eq!(refusal(ssm(&wrong_secret).await.unwrap_err()).0, "InvalidSignatureException");

    let (code, message, status) = refusal(regions(&unknown_key).await.unwrap_err());
    assert_eq!((&*code, &*message, status), ("AuthFailure", "AWS was not able to validate the provided access credentials", 401));
    assert_eq!(refusal(sts(&unknown_key).await.unwrap_err()).0, "InvalidClientTokenId");
    assert_eq!(refusal(ssm(&unknown_key).await.unwrap_err()).0, "UnrecognizedClientException");
    assert_eq!(refusal(sts(&foreign_token).await.unwrap_err()).0, "InvalidClientTokenId");
}

#[tokio::test]
async fn a_region_that_is_not_enabled_is_refused_and_listed() {
    let sim = demo().await;
    let there = aws_sdk_ec2::Client::new(&sdk(&sim, "ap-east-1", keys_of(&sim)));

    assert_eq!(refusal(there.describe_instances().send().await.unwrap_err()).0, "AuthFailure");
    let enabled = ec2(&sim).describe_regions().send().await.unwrap();
    let all = ec2(&sim).describe_regions().all_regions(true).send().await.unwrap();
    assert!(enabled.regions().iter().all(|region| region.region_name() != Some("ap-east-1")));
    let off = all.regions().iter().find(|region| region.region_name() == Some("ap-east-1")).unwrap();
    assert_eq!(off.opt_in_status(), Some("not-opted-in"));
}

#[tokio::test]
async fn an_expired_session_is_told_as_expired() {
    let sim = demo().await;
    sim.edit(|fleet| {
        let keys = &mut fleet.accounts[0].credentials;
        keys.session_token = Some("token".to_owned());
        keys.expires = Some(SystemTime::now() - Duration::from_secs(1));
    });
    let keys = keys_of(&sim);
    let with_token = Credentials::new(keys.access_key_id(), keys.secret_access_key(), Some("token".to_owned()), None, "test");
    let config = sdk(&sim, "ap-northeast-2", with_token);

    let regions = aws_sdk_ec2::Client::new(&config).describe_regions().send().await.unwrap_err();
    let agents = aws_sdk_ssm::Client::new(&config).describe_instance_information().send().await.unwrap_err();

    assert_eq!(refusal(regions).0, "ExpiredToken");
    assert_eq!(refusal(agents).0, "ExpiredTokenException");
}

#[tokio::test]
async fn agents_are_listed_by_both_calls_without_what_is_stopped() {
    let sim = demo().await;
    let client = aws_sdk_ssm::Client::new(&usual(&sim));

    let mut pages = client.describe_instance_information().into_paginator().page_size(5).send();
    let mut listed = Vec::new();
    while let Some(page) = pages.next().await {
        listed.extend(page.unwrap().instance_information_list.unwrap_or_default());
    }
    let properties = client.describe_instance_properties().max_results(1000).send().await.unwrap();

    assert_eq!(properties.instance_properties().len(), listed.len());
    let of = |id: &str| listed.iter().find(|agent| agent.instance_id() == Some(id));
    let web = of("i-0123456789abcdef0").unwrap();
    assert_eq!(web.ping_status().unwrap().as_str(), "Online");
    assert_eq!(web.platform_name(), Some("Amazon Linux"));
    assert_eq!(of("i-07be1177aa09c3d45").unwrap().ping_status().unwrap().as_str(), "ConnectionLost");
    assert!(of("i-0dd8f0011c2b3a495").is_none());
    assert_eq!(
        refusal(client.describe_instance_information().max_results(51).send().await.unwrap_err()).0,
        "ValidationException"
    );
}

#[tokio::test]
async fn a_pushed_key_is_offered_to_that_user_and_over_http() {
    let sim = demo().await;
    let client = aws_sdk_ec2instanceconnect::Client::new(&usual(&sim));
    let key = sim.fleet().accounts[0].key_pairs[0].public.clone();
    let push = |id: &str| client.send_ssh_public_key().instance_id(id).instance_os_user("ec2-user").ssh_public_key(&key).send();

    assert!(push("i-0123456789abcdef0").await.unwrap().success());

    assert_eq!(sim.keys().active("i-0123456789abcdef0", "ec2-user"), [key.as_str()]);
    assert!(http(&sim, "/sim/keys/i-0123456789abcdef0/ec2-user").await.ends_with(&format!("\r\n\r\n{key}\n")));
    assert!(http(&sim, "/sim/keys/i-0123456789abcdef0/root").await.starts_with("HTTP/1.1 404"));
    assert_eq!(refusal(push("i-0dd8f0011c2b3a495").await.unwrap_err()).0, "EC2InstanceStateInvalidException");
    assert_eq!(refusal(push("i-00000000000000000").await.unwrap_err()).0, "EC2InstanceNotFoundException");
    assert_eq!(refusal(push("nonsense-id").await.unwrap_err()).0, "InvalidArgsException");
}

#[tokio::test]
async fn an_instance_that_cannot_ask_for_keys_never_offers_one() {
    let sim = demo().await;
    let client = aws_sdk_ec2instanceconnect::Client::new(&usual(&sim));
    let key = sim.fleet().accounts[0].key_pairs[0].public.clone();
    for name in ["vault-1", "edge-1"] {
        let id = sim.fleet().instances().find(|instance| instance.name() == name).unwrap().id.clone();

        let answer = client.send_ssh_public_key().instance_id(&id).instance_os_user("ec2-user").ssh_public_key(&key).send();

        assert!(answer.await.unwrap().success());
        assert!(sim.keys().active(&id, "ec2-user").is_empty(), "{name}");
    }
}

#[tokio::test]
async fn roles_and_their_policies_are_told() {
    let sim = demo().await;
    let client = aws_sdk_iam::Client::new(&sdk(&sim, "us-east-1", keys_of(&sim)));

    let profile = client.get_instance_profile().instance_profile_name("etl-profile").send().await.unwrap();
    let role = profile.instance_profile().unwrap().roles()[0].role_name().to_owned();
    let attached = client.list_attached_role_policies().role_name(&role).send().await.unwrap();
    let inline = client.list_role_policies().role_name(&role).send().await.unwrap();
    let document = client.get_role_policy().role_name(&role).policy_name(&inline.policy_names()[0]).send().await.unwrap();

    assert_eq!(role, "etl-role");
    assert_eq!(attached.attached_policies()[0].policy_arn(), Some("arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"));
    let decoded = percent_encoding::percent_decode_str(document.policy_document()).decode_utf8().unwrap();
    assert!(document.policy_document().starts_with("%7B") && decoded.contains("ssmmessages:OpenDataChannel"));
    let own = "arn:aws:iam::210987654321:policy/haneul-session-access";
    let version = client.get_policy().policy_arn(own).send().await.unwrap();
    let version = version.policy().unwrap().default_version_id().unwrap().to_owned();
    let document = client.get_policy_version().policy_arn(own).version_id(version).send().await.unwrap();
    assert!(document.policy_version().unwrap().document().unwrap().contains("ssmmessages"));
    let empty = client.get_instance_profile().instance_profile_name("search-profile").send().await.unwrap();
    assert!(empty.instance_profile().unwrap().roles().is_empty());
    let missing = client.get_instance_profile().instance_profile_name("none").send().await.unwrap_err();
    assert_eq!(refusal(missing).0, "NoSuchEntity");
}

#[tokio::test]
async fn iam_lists_are_cut_by_marker() {
    let sim = demo().await;
    let client = aws_sdk_iam::Client::new(&sdk(&sim, "us-east-1", keys_of(&sim)));

    let first = client.list_attached_role_policies().role_name("web-role").max_items(1).send().await.unwrap();
    let marker = first.marker().unwrap();
    let second = client.list_attached_role_policies().role_name("web-role").max_items(1).marker(marker).send().await.unwrap();

    assert!(first.is_truncated() && !second.is_truncated());
    assert_ne!(first.attached_policies(), second.attached_policies());
}

#[tokio::test]
async fn images_are_told_and_withdrawn_ones_only_beside_their_instances() {
    let sim = demo().await;
    let fleet = sim.fleet();
    let of = |name: &str| fleet.instances().find(|instance| instance.name() == name).unwrap();
    let (web, ledger) = (of("web-1"), of("ledger-1"));
    let by_ids = Filter::builder().name("image-id").values(&web.image).values(&ledger.image).build();

    let images = ec2(&sim).describe_images().filters(by_ids).send().await.unwrap();
    let metadata = ec2(&sim).describe_instance_image_metadata().instance_ids(&ledger.id).send().await.unwrap();

    assert_eq!(images.images().iter().map(|image| image.image_id().unwrap()).collect::<Vec<_>>(), [&web.image]);
    assert!(images.images()[0].name().unwrap().starts_with("al2023-ami-2023"));
    let image = metadata.instance_image_metadata()[0].image_metadata().unwrap();
    assert_eq!((image.name(), image.owner_id()), (Some("haneul-golden-al2023-2024.03"), Some("210987654321")));
    assert_eq!(
        refusal(ec2(&sim).describe_images().image_ids(&ledger.image).send().await.unwrap_err()).0,
        "InvalidAMIID.NotFound"
    );
}

#[tokio::test]
async fn key_pairs_are_told_with_the_public_key_of_the_file() {
    let sim = demo().await;

    let pairs = ec2(&sim).describe_key_pairs().include_public_key(true).send().await.unwrap();

    let pair = pairs.key_pairs().iter().find(|pair| pair.key_name() == Some("team-prod")).unwrap();
    let file = std::fs::read_to_string(sim.directory().join("keys/team-prod")).unwrap();
    let private = ssh_key::PrivateKey::from_openssh(file).unwrap();
    assert_eq!(pair.public_key(), Some(&*private.public_key().to_openssh().unwrap()));
    assert!(!sim.directory().join("keys/legacy-2019").exists());
}

#[tokio::test]
async fn identity_and_roles_come_from_sts() {
    let sim = demo().await;
    let client = aws_sdk_sts::Client::new(&usual(&sim));

    let me = client.get_caller_identity().send().await.unwrap();
    let assumed = client.assume_role().role_arn("arn:aws:iam::210987654321:role/Auditor").role_session_name("test");
    let credentials = assumed.send().await.unwrap().credentials.unwrap();
    let temporary = Credentials::new(
        credentials.access_key_id(),
        credentials.secret_access_key(),
        Some(credentials.session_token().to_owned()),
        None,
        "test",
    );
    let other = aws_sdk_sts::Client::new(&sdk(&sim, "us-east-1", temporary));

    assert_eq!((me.account(), me.arn()), (Some("210987654321"), Some("arn:aws:iam::210987654321:user/jiwoo")));
    let arn = other.get_caller_identity().send().await.unwrap().arn.unwrap();
    assert_eq!(arn, "arn:aws:sts::210987654321:assumed-role/Auditor/test");
    let refused = |role: &str| {
        let arn = format!("arn:aws:iam::210987654321:role/{role}");
        client.assume_role().role_arn(arn).role_session_name("test").send()
    };
    assert_eq!(refusal(refused("web-role").await.unwrap_err()).0, "AccessDenied");
    assert_eq!(refusal(refused("BreakGlass").await.unwrap_err()).0, "AccessDenied");
}

#[tokio::test]
async fn a_denial_names_caller_and_action_of_every_service() {
    let sim = demo_with(&["*=deny"]).await;
    let config = usual(&sim);

    let (code, message, status) = refusal(ec2(&sim).describe_instances().send().await.unwrap_err());
    assert_eq!((&*code, status), ("UnauthorizedOperation", 403));
    assert!(message.contains("User: arn:aws:iam::210987654321:user/jiwoo is not authorized to perform: ec2:DescribeInstances"));
    let ssm = aws_sdk_ssm::Client::new(&config).describe_instance_properties().send().await.unwrap_err();
    assert_eq!(refusal(ssm).0, "AccessDeniedException");
    let iam = aws_sdk_iam::Client::new(&config).get_instance_profile().instance_profile_name("web-profile");
    let (code, message, _) = refusal(iam.send().await.unwrap_err());
    assert_eq!(code, "AccessDenied");
    assert!(message.contains("iam:GetInstanceProfile on resource: instance profile web-profile"), "{message}");
}

#[tokio::test]
async fn faults_throttle_delay_and_count_calls() {
    let sim = demo_with(&["ec2:DescribeInstances=throttle@1", "ec2:DescribeInstances=delay:200ms@2"]).await;

    let first = refusal(ec2(&sim).describe_instances().send().await.unwrap_err());
    let asked = std::time::Instant::now();
    ec2(&sim).describe_instances().send().await.unwrap();

    assert_eq!((first.0.as_str(), first.2), ("RequestLimitExceeded", 503));
    assert!(asked.elapsed() >= Duration::from_millis(200));
    let actions: Vec<String> = sim.calls().into_iter().map(|call| call.action).collect();
    assert_eq!(actions, ["ec2:DescribeInstances", "ec2:DescribeInstances"]);
    assert_eq!((&*sim.calls()[0].account, &*sim.calls()[0].region), ("210987654321", "ap-northeast-2"));
}

#[tokio::test]
async fn an_answer_can_be_cut_corrupt_or_somebody_elses_page() {
    for kind in ["cut", "corrupt", "html"] {
        let sim = demo_with(&[&format!("*={kind}")]).await;

        let regions = ec2(&sim).describe_regions().send().await.unwrap_err();
        let agents = aws_sdk_ssm::Client::new(&usual(&sim)).describe_instance_information().send().await.unwrap_err();

        assert!(regions.code().is_none(), "{kind}: {regions:?}");
        assert!(agents.code().is_none(), "{kind}: {agents:?}");
    }
}

#[tokio::test]
async fn a_cut_answer_brings_half_of_what_it_promises() {
    let sim = demo_with(&["*=cut"]).await;

    let answer = http(&sim, "/?Action=DescribeRegions&Version=2016-11-15").await;

    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let promised: usize = head.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap().parse().unwrap();
    assert_eq!(body.len(), promised / 2);
}

#[tokio::test]
async fn a_hanging_call_is_never_answered_and_holds_up_nobody() {
    let sim = demo_with(&["ec2:DescribeRegions=hang"]).await;
    let client = ec2(&sim);

    let hanging = tokio::time::timeout(Duration::from_millis(300), client.describe_regions().send());
    let (hanging, other) = tokio::join!(hanging, client.describe_key_pairs().send());

    assert!(hanging.is_err() && other.is_ok());
    tokio::time::timeout(Duration::from_secs(5), sim.stop()).await.unwrap();
}

#[tokio::test]
async fn a_wrong_clock_shows_in_the_date_and_the_refusal() {
    let sim = demo_with(&["*=clock:+10m"]).await;

    let error = aws_sdk_sts::Client::new(&usual(&sim)).get_caller_identity().send().await.unwrap_err();

    let date = error.raw_response().unwrap().headers().get("date").unwrap().to_owned();
    let shown = jiff::fmt::rfc2822::parse(&date).unwrap().timestamp();
    let ahead = shown.as_second() - jiff::Timestamp::now().as_second();
    assert!((598..=601).contains(&ahead), "{ahead}");
    let (code, message, _) = refusal(error);
    assert_eq!(code, "SignatureDoesNotMatch");
    assert!(message.starts_with("Signature expired: "), "{message}");
    let regions = ec2(&sim).describe_regions().send().await.unwrap_err();
    assert_eq!(refusal(regions).0, "RequestExpired");
}

#[tokio::test]
async fn page_faults_repeat_a_token_or_send_an_empty_page() {
    let sim = demo_with(&["ec2:DescribeInstances=empty-page@1", "ec2:DescribeInstances=repeat-token"]).await;
    let ask = |token: Option<String>| ec2(&sim).describe_instances().max_results(5).set_next_token(token).send();

    let empty = ask(None).await.unwrap();
    let first = ask(empty.next_token.clone()).await.unwrap();
    let second = ask(first.next_token.clone()).await.unwrap();

    assert!(empty.reservations().is_empty() && empty.next_token.is_some());
    assert!(!first.reservations().is_empty());
    assert_eq!(first.next_token, second.next_token);
}

#[tokio::test]
async fn what_is_not_implemented_is_refused_in_the_form_of_its_service() {
    let sim = demo().await;

    let images = ec2(&sim).describe_volumes().send().await.unwrap_err();
    let sessions = aws_sdk_ssm::Client::new(&usual(&sim)).get_service_setting().setting_id("x").send().await.unwrap_err();
    let roles = aws_sdk_iam::Client::new(&usual(&sim)).list_roles().send().await.unwrap_err();

    assert_eq!(refusal(images).0, "InvalidAction");
    assert_eq!(refusal(sessions).0, "UnknownOperationException");
    assert_eq!(refusal(roles).0, "InvalidAction");
    let unsigned = http(&sim, "/?Action=GetCallerIdentity&Version=2011-06-15").await;
    assert!(unsigned.starts_with("HTTP/1.1 403") && unsigned.contains("<Code>MissingAuthenticationToken</Code>"));
}

#[tokio::test]
async fn a_generated_fleet_is_paged_by_a_thousand() {
    let source = FleetSource::Generated { instances: 2500, regions: vec!["eu-west-1".to_owned()], seed: 1 };
    let sim = Sim::start(Options { fleet: source, ..Options::default() }).await.unwrap();
    let client = aws_sdk_ec2::Client::new(&sdk(&sim, "eu-west-1", keys_of(&sim)));

    let mut pages = client.describe_instances().into_paginator().page_size(1000).send();
    let mut sizes = Vec::new();
    while let Some(page) = pages.next().await {
        sizes.push(page.unwrap().reservations().iter().map(|r| r.instances().len()).sum::<usize>());
    }

    assert_eq!(sizes, [1000, 1000, 500]);
    let config = std::fs::read_to_string(sim.directory().join("config.toml")).unwrap();
    let port = sim.ssh_port("*").unwrap();
    assert!(config.contains(&format!("match = {{ name = \"*\" }}\naddress = \"127.0.0.1\"\nport = {port}\n")));
}

#[tokio::test]
async fn the_directory_serves_the_sdk_and_goes_with_the_simulation() {
    let parent = tempfile::tempdir().unwrap();
    let options = Options { directory: Some(parent.path().to_path_buf()), ..Options::default() };
    let sim = Sim::start(options).await.unwrap();
    let read = |name: &str| std::fs::read_to_string(sim.directory().join(name)).unwrap();

    let config = read("aws-config");
    assert!(config.starts_with("[default]\nregion = ap-northeast-2\n"));
    assert!(config.contains("[profile haneul-dev]") && config.contains("source_profile = haneul-prod"));
    assert!(read("aws-credentials").contains("[haneul-dev]\naws_access_key_id = AKIASIM"));
    let keys = sim.directory().join("keys/team-prod").display().to_string();
    let port = sim.ssh_port("i-0123456789abcdef0").unwrap();
    let rule = format!(
        "[[rule]]\nmatch = {{ id = \"i-0123456789abcdef0\" }}\naddress = \"127.0.0.1\"\nport = {port}\nkey = \"{keys}\"\n"
    );
    assert!(read("config.toml").contains(&rule), "{}", read("config.toml"));
    assert!(!read("config.toml").contains("i-0bb22cc33dd44ee55"), "Windows has no SSH server");
    let names: Vec<&str> = sim.environment().iter().map(|(name, _)| *name).collect();
    assert_eq!(
        names,
        [
            "AWS_ENDPOINT_URL",
            "AWS_REGION",
            "AWS_DEFAULT_REGION",
            "AWS_ACCESS_KEY_ID",
            "AWS_SECRET_ACCESS_KEY",
            "AWS_EC2_METADATA_DISABLED",
            "AWS_CONFIG_FILE",
            "AWS_SHARED_CREDENTIALS_FILE",
            "EC2DASH_CONFIG"
        ]
    );
    sim.stop().await;
    assert_eq!(std::fs::read_dir(parent.path()).unwrap().count(), 0);
}

/// What an unsigned `GET` brings, as far as it comes.
async fn http(sim: &Sim, path: &str) -> String {
    let address = sim.endpoint().trim_start_matches("http://");
    let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    // A cut connection ends in an error; what came before it counts.
    let _ = stream.read_to_end(&mut answer).await;
    String::from_utf8_lossy(&answer).into_owned()
}
