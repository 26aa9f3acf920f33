//! Machines outside EC2 that the simulated Systems Manager knows, and sessions that somebody has to ask for.

use aws_credential_types::Credentials;
use aws_sdk_ssm::types::{AccessRequestStatus, InstanceInformationStringFilter, ResourceType, Target};
use aws_types::SdkConfig;

use super::sign_in::{Program, company, credentials, send};
use super::{demo, refusal, sdk, usual};
use ec2dash_sim::Sim;
use ec2dash_sim::fleet::JustInTime;

const PRODUCTION: &str = "444455556666";
const STAGING: &str = "555566667777";
const DATA: &str = "666677778888";

fn id(sim: &Sim, name: &str) -> String {
    sim.fleet().instances().find(|node| node.name() == name).unwrap().id.clone()
}

/// The credentials of a role of the company.
async fn signed_in(sim: &Sim, account: &str, role: &str) -> Credentials {
    let (_, tokens) = Program::signed_in(sim).await;
    credentials(sim, tokens["accessToken"].as_str().unwrap(), account, role).await
}

fn ssm(config: &SdkConfig) -> aws_sdk_ssm::Client {
    aws_sdk_ssm::Client::new(config)
}

#[tokio::test]
async fn hybrid_nodes_are_told_by_systems_manager_and_unknown_to_ec2() {
    let sim = company("interval=0s").await;
    let config = sdk(&sim, "us-east-1", signed_in(&sim, DATA, "ReadOnly").await);
    let only = InstanceInformationStringFilter::builder().key("ResourceType").values("ManagedInstance").build().unwrap();

    let told = ssm(&config).describe_instance_information().filters(only).send().await.unwrap();

    let nodes = told.instance_information_list();
    let names: Vec<_> = nodes.iter().map(|node| node.name().unwrap()).collect();
    assert_eq!(names, ["factory-gateway", "factory-press"]);
    let gateway = &nodes[0];
    assert!(gateway.instance_id().unwrap().starts_with("mi-0") && gateway.instance_id().unwrap().len() == 20);
    assert_eq!(gateway.resource_type(), Some(&ResourceType::ManagedInstance));
    assert_eq!((gateway.computer_name(), gateway.ip_address()), (Some("gw-01.factory.corp.example"), Some("192.168.20.5")));
    assert_eq!((gateway.iam_role(), gateway.activation_id().unwrap().len()), (Some("SSMServiceRole"), 36));
    assert!(gateway.registration_date().is_some());
    let properties = ssm(&config).describe_instance_properties().send().await.unwrap();
    let node = properties.instance_properties().iter().find(|row| row.name() == Some("factory-gateway")).unwrap();
    assert_eq!((node.resource_type(), node.instance_state(), node.instance_type()), (Some("ManagedInstance"), None, None));
    let unknown =
        aws_sdk_ec2::Client::new(&config).describe_instances().instance_ids(gateway.instance_id().unwrap()).send().await;
    assert!(refusal(unknown.unwrap_err()).0.starts_with("InvalidInstanceID"));
}

#[tokio::test]
async fn a_session_on_a_hybrid_node_needs_the_tier_that_is_paid_for() {
    let sim = company("interval=0s").await;
    let data = ssm(&sdk(&sim, "us-east-1", signed_in(&sim, DATA, "Admin").await));
    let staging = ssm(&sdk(&sim, "eu-central-1", signed_in(&sim, STAGING, "Admin").await));

    let refused = staging.start_session().target(id(&sim, "lab-pi")).send().await.unwrap_err();

    let (code, message, _) = refusal(refused);
    assert_eq!(code, "BadRequest");
    assert_eq!(message, "Enable advanced-instances tier to use Session Manager with your on-premises instances");
    assert!(data.start_session().target(id(&sim, "factory-gateway")).send().await.is_ok());
    let silent = data.start_session().target(id(&sim, "factory-press")).send().await.unwrap_err();
    assert_eq!(refusal(silent).0, "TargetNotConnected");
}

fn on(instance: &str) -> Target {
    Target::builder().key("InstanceIds").values(instance).build()
}

/// What was granted.
async fn granted(client: &aws_sdk_ssm::Client, request: &str) -> (AccessRequestStatus, Option<Credentials>) {
    let told = client.get_access_token().access_request_id(request).send().await.unwrap();
    let keys = told.credentials.map(|keys| {
        Credentials::new(keys.access_key_id, keys.secret_access_key, Some(keys.session_token), None, "access request")
    });
    (told.access_request_status.unwrap(), keys)
}

#[tokio::test]
async fn who_may_not_start_a_session_asks_for_it_and_gets_that_one_and_no_other() {
    let sim = company("interval=0s").await;
    sim.edit(|fleet| {
        let production = fleet.accounts.iter_mut().find(|account| account.id == PRODUCTION).unwrap();
        production.just_in_time = Some(JustInTime::default());
    });
    let config = |keys| sdk(&sim, "ap-northeast-2", keys);
    let reader = ssm(&config(signed_in(&sim, PRODUCTION, "ReadOnly").await));
    let (target, other) = (id(&sim, "orders-1"), id(&sim, "orders-2"));
    assert_eq!(refusal(reader.start_session().target(&target).send().await.unwrap_err()).0, "AccessDeniedException");
    let asked = reader.start_access_request().reason("disk is full").targets(on(&target)).send().await.unwrap();
    let request = asked.access_request_id().unwrap();
    assert!(request.starts_with("oi-") && request.len() == 15);
    assert_eq!(granted(&reader, request).await, (AccessRequestStatus::Pending, None));
    let listed = send(&sim, "GET", "/sim/access-requests", &[], "").await.json();
    assert_eq!((&listed[0]["id"], &listed[0]["reason"]), (&request.into(), &"disk is full".into()));

    let decide = |word: &'static str| send_decision(&sim, request, word);
    assert_eq!(decide("approve").await, 200);

    let (status, keys) = granted(&reader, request).await;
    assert_eq!(status, AccessRequestStatus::Approved);
    let given = ssm(&config(keys.unwrap()));
    assert!(given.start_session().target(&target).send().await.is_ok());
    assert_eq!(refusal(given.start_session().target(&other).send().await.unwrap_err()).0, "AccessDeniedException");
    assert_eq!(refusal(given.describe_instance_information().send().await.unwrap_err()).0, "AccessDeniedException");
    assert_eq!(decide("revoke").await, 200);
    assert_eq!(granted(&reader, request).await, (AccessRequestStatus::Revoked, None));
    assert_eq!(refusal(given.start_session().target(&target).send().await.unwrap_err()).0, "UnrecognizedClientException");
    for (word, status) in [("reject", AccessRequestStatus::Rejected), ("expire", AccessRequestStatus::Expired)] {
        decide(word).await;
        assert_eq!(granted(&reader, request).await, (status, None));
    }
}

async fn send_decision(sim: &Sim, request: &str, word: &str) -> u16 {
    send(sim, "POST", &format!("/sim/access-requests/{request}/{word}"), &[], "").await.status
}

#[tokio::test]
async fn an_account_may_want_every_session_asked_for_and_grant_it_by_itself() {
    let sim = demo().await;
    let client = ssm(&usual(&sim));
    let target = id(&sim, "web-1");
    let ask = || client.start_access_request().reason("release").targets(on(&target)).send();
    assert_eq!(refusal(ask().await.unwrap_err()).0, "ResourceNotFoundException");
    sim.edit(|fleet| {
        fleet.accounts[0].just_in_time = Some(JustInTime { is_needed: true, approved_after: Some(std::time::Duration::ZERO) });
    });

    let refused = client.start_session().target(&target).send().await.unwrap_err();

    let (code, message, _) = refusal(refused);
    assert!(code == "AccessDeniedException" && message.contains("ssm:StartSession"), "{code} {message}");
    let request = ask().await.unwrap().access_request_id.unwrap();
    let (status, keys) = granted(&client, &request).await;
    assert_eq!(status, AccessRequestStatus::Approved);
    assert!(ssm(&sdk(&sim, "ap-northeast-2", keys.unwrap())).start_session().target(&target).send().await.is_ok());
    let nowhere = client.start_access_request().reason("release").targets(on("i-00000000000000000")).send().await;
    assert_eq!(refusal(nowhere.unwrap_err()).0, "ResourceNotFoundException");
    assert_eq!(
        refusal(client.get_access_token().access_request_id("oi-000000000000").send().await.unwrap_err()).0,
        "ResourceNotFoundException"
    );
}
