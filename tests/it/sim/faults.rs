//! What goes wrong on purpose, as AWS's own SDK sees it.

use super::*;

#[tokio::test]
async fn a_denial_names_caller_and_action_of_every_service() {
    let sim = demo_with(&["*=deny"]).await;
    let config = usual(&sim);

    let (code, message, status) = refusal(ec2_client(&sim).describe_instances().send().await.unwrap_err());
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

    let first = refusal(ec2_client(&sim).describe_instances().send().await.unwrap_err());
    let asked = std::time::Instant::now();
    ec2_client(&sim).describe_instances().send().await.unwrap();

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

        let regions = ec2_client(&sim).describe_regions().send().await.unwrap_err();
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
    let client = ec2_client(&sim);

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
    let regions = ec2_client(&sim).describe_regions().send().await.unwrap_err();
    assert_eq!(refusal(regions).0, "RequestExpired");
}

#[tokio::test]
async fn page_faults_repeat_a_token_or_send_an_empty_page() {
    let sim = demo_with(&["ec2:DescribeInstances=empty-page@1", "ec2:DescribeInstances=repeat-token"]).await;
    let ask = |token: Option<String>| ec2_client(&sim).describe_instances().max_results(5).set_next_token(token).send();

    let empty = ask(None).await.unwrap();
    let first = ask(empty.next_token.clone()).await.unwrap();
    let second = ask(first.next_token.clone()).await.unwrap();

    assert!(empty.reservations().is_empty() && empty.next_token.is_some());
    assert!(!first.reservations().is_empty());
    assert_eq!(first.next_token, second.next_token);
}
