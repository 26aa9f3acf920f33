//! SSM, EC2 Instance Connect, IAM and STS as AWS's own SDK sees them, and their refusals.

use super::*;

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
async fn what_is_not_implemented_is_refused_in_the_form_of_its_service() {
    let sim = demo().await;

    let images = ec2_client(&sim).describe_volumes().send().await.unwrap_err();
    let sessions = aws_sdk_ssm::Client::new(&usual(&sim)).describe_maintenance_windows().send().await.unwrap_err();
    let roles = aws_sdk_iam::Client::new(&usual(&sim)).list_roles().send().await.unwrap_err();

    assert_eq!(refusal(images).0, "InvalidAction");
    assert_eq!(refusal(sessions).0, "UnknownOperationException");
    assert_eq!(refusal(roles).0, "InvalidAction");
    let unsigned = http(&sim, "/?Action=GetCallerIdentity&Version=2011-06-15").await;
    assert!(unsigned.starts_with("HTTP/1.1 403") && unsigned.contains("<Code>MissingAuthenticationToken</Code>"));
}
