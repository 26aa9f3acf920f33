//! Starting, stopping and rebooting as AWS's own SDK sees it.

use aws_sdk_ec2::types::{Instance, InstanceStateName};
use ec2dash_sim::PowerTimes;

use super::*;
use crate::support::waiting::eventually;

const STOPPED: &str = "i-0dd8f0011c2b3a495";
const RUNNING: &str = "i-0123456789abcdef0";
const WITH_ELASTIC_IP: &str = "i-0c41d2a9be7730f12";

async fn quick() -> Sim {
    let moment = Duration::from_millis(60);
    let power = PowerTimes { starting: moment, stopping: moment, registering: moment, refusing: moment * 3 };
    Sim::start(Options { power, ..Options::default() }).await.unwrap()
}

async fn described(client: &aws_sdk_ec2::Client, id: &str) -> Instance {
    let answer = client.describe_instances().instance_ids(id).send().await.unwrap();
    answer.reservations()[0].instances()[0].clone()
}

async fn until(client: &aws_sdk_ec2::Client, id: &str, state: &InstanceStateName) -> Instance {
    eventually(async || Some(described(client, id).await).filter(|own| own.state().unwrap().name() == Some(state))).await
}

#[tokio::test]
async fn a_started_instance_is_pending_then_runs_then_takes_sessions() {
    let sim = quick().await;
    let client = ec2_client(&sim);
    let ssm = aws_sdk_ssm::Client::new(&usual(&sim));

    let answer = client.start_instances().instance_ids(STOPPED).send().await.unwrap();

    let change = &answer.starting_instances()[0];
    assert_eq!(change.previous_state().unwrap().name(), Some(&InstanceStateName::Stopped));
    assert_eq!(change.current_state().unwrap().name(), Some(&InstanceStateName::Pending));
    until(&client, STOPPED, &InstanceStateName::Running).await;
    let only = aws_sdk_ssm::types::InstanceInformationStringFilter::builder().key("InstanceIds").values(STOPPED).build().unwrap();
    eventually(async || {
        let told = ssm.describe_instance_information().filters(only.clone()).send().await.unwrap();
        told.instance_information_list().first()?.ping_status().filter(|status| status.as_str() == "Online").cloned()
    })
    .await;
    // Online, and refused all the same.
    let refused = refusal(ssm.start_session().target(STOPPED).send().await.unwrap_err());
    assert_eq!(refused.0, "TargetNotConnected");
    eventually(async || ssm.start_session().target(STOPPED).send().await.ok()).await;
}

#[tokio::test]
async fn a_stop_takes_the_public_address_unless_it_is_elastic_and_a_start_brings_another() {
    let sim = quick().await;
    let client = ec2_client(&sim);
    let before = described(&client, RUNNING).await.public_ip_address().unwrap().to_owned();

    client.stop_instances().instance_ids(RUNNING).instance_ids(WITH_ELASTIC_IP).send().await.unwrap();

    assert_eq!(until(&client, RUNNING, &InstanceStateName::Stopped).await.public_ip_address(), None);
    let elastic = until(&client, WITH_ELASTIC_IP, &InstanceStateName::Stopped).await;
    assert_eq!(elastic.public_ip_address(), Some("43.201.7.19"));
    client.start_instances().instance_ids(RUNNING).send().await.unwrap();
    let after = until(&client, RUNNING, &InstanceStateName::Running).await;
    assert!(after.public_ip_address().is_some_and(|address| address != before));
}

#[tokio::test]
async fn one_that_cannot_be_stopped_refuses_the_whole_call_and_a_dry_run_changes_nothing() {
    let sim = quick().await;
    let client = ec2_client(&sim);
    sim.edit(|fleet| fleet.instance_mut("web-2").unwrap().state = ec2dash_sim::fleet::State::Pending);
    let pending = sim.fleet().instances().find(|own| own.name() == "web-2").unwrap().id.clone();

    let refused = client.stop_instances().instance_ids(RUNNING).instance_ids(&pending).send().await.unwrap_err();
    let tried = client.stop_instances().instance_ids(RUNNING).dry_run(true).send().await.unwrap_err();

    let (code, message, _) = refusal(refused);
    assert_eq!(code, "IncorrectInstanceState");
    assert!(message.contains(&pending), "{message}");
    let (code, _, status) = refusal(tried);
    assert_eq!((code.as_str(), status), ("DryRunOperation", 412));
    assert_eq!(described(&client, RUNNING).await.state().unwrap().name(), Some(&InstanceStateName::Running));
}
