//! The real SDK against the simulated cloud: what is heard, and what each refusal comes to.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::{Duration, Instant};

use ec2dash::aws::{Cloud, Environment, Errand, Error, Options};
use ec2dash::model::{
    AllowedPrograms, Answer, Denial, Fact, FactKinds, Generation, Grant, Instance, InstanceId, Inventory, Oddity, Place, Region,
    SsmStatus, Target, Untrusted, Why,
};
use ec2dash_sim::{Fault, FleetSource, Sim};
use jiff::Timestamp;
use tokio::sync::mpsc;

const SEOUL: &str = "ap-northeast-2";
/// An ed25519 public key as long as the service demands.
const PUBLIC_KEY: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJr6bSNFNPzTrUnQzVOqRJxW4lTDwqIvTVrGzG8nCjhm";

#[tokio::test]
async fn a_survey_hears_every_fact_of_the_fleet() {
    let sim = demo(&[]).await;

    let heard = survey(&cloud(&sim).await, FactKinds::ALL).await.unwrap();

    let rows = heard.rows();
    assert!(rows.len() > 25, "{}", rows.len());
    assert_eq!(heard.oddities, []);
    let iam = |name: &str| rows.get(name).unwrap().iam().word();
    assert_eq!(iam("web-1"), "ok");
    assert_eq!(iam("결제-api-1"), "ok", "by a policy of the company's own");
    assert_eq!(iam("결제-api-2"), "no_ssm");
    assert!(rows.values().any(|row| row.iam().word() == "no_role"));
    assert!(rows.values().any(|row| row.iam().word() == "none"));
    let open: Vec<_> = rows.values().filter(|row| row.iam().word() == "unknown").collect();
    assert!(!open.is_empty());
    for row in open {
        let denial = row.role.known().unwrap().grant.denial().unwrap();
        assert_eq!((denial.why, denial.action), (Why::Undecided, "iam:SimulatePrincipalPolicy"));
    }
    let status: BTreeSet<&str> = rows.values().map(|row| row.ssm.known().unwrap().status.word()).collect();
    assert_eq!(status, BTreeSet::from(["lost", "none", "online"]));
    let web = rows.get("web-1").unwrap();
    assert_eq!(web.account.as_ref().unwrap().as_str().len(), 12);
    assert!(web.image_name.known().unwrap().as_ref().unwrap().name.raw().starts_with("al2023-ami-"));
    assert!(rows.values().all(|row| !row.image_name.is_pending()));
}

#[tokio::test]
async fn only_what_is_wanted_is_asked_for() {
    let sim = demo(&[]).await;

    survey(&cloud(&sim).await, FactKinds::NONE).await.unwrap();

    assert_eq!(actions(&sim), BTreeSet::from(["ec2:DescribeInstances".to_owned()]));
}

#[tokio::test]
async fn each_instance_profile_is_read_once_for_all_regions() {
    let sim = demo(&[]).await;
    let cloud = cloud(&sim).await;

    survey(&cloud, FactKinds::ALL).await.unwrap();
    let first = count(&sim, "iam:GetInstanceProfile");
    survey_of(&cloud, "us-east-1", FactKinds::ALL).await.unwrap();
    survey(&cloud, FactKinds::ALL).await.unwrap();

    let profiles: BTreeSet<Untrusted> =
        survey(&cloud, FactKinds::ALL).await.unwrap().rows().into_values().filter_map(|row| row.instance_profile).collect();
    assert_eq!(first, profiles.len());
    assert!(count(&sim, "iam:GetInstanceProfile") <= first + 2, "us-east-1 may have profiles of its own");
}

/// What a denied call hides, and by which action the user is told.
enum Hides {
    Nothing,
    Ssm(&'static str),
    Role(&'static str),
    Grant(&'static str),
    Images(&'static str),
}

#[tokio::test]
async fn each_denied_call_hides_its_own_fact_and_nothing_else() {
    let cases: [(&[&str], Hides); 11] = [
        (&["ssm:DescribeInstanceProperties"], Hides::Nothing),
        (&["ssm:DescribeInstanceInformation"], Hides::Nothing),
        (&["ssm:DescribeInstance*"], Hides::Ssm("ssm:DescribeInstanceInformation")),
        (&["iam:GetInstanceProfile"], Hides::Role("iam:GetInstanceProfile")),
        (&["iam:ListAttachedRolePolicies"], Hides::Grant("iam:ListAttachedRolePolicies")),
        (&["iam:ListRolePolicies"], Hides::Grant("iam:ListRolePolicies")),
        (&["iam:GetRolePolicy"], Hides::Grant("iam:GetRolePolicy")),
        (&["iam:GetPolicy"], Hides::Grant("iam:GetPolicy")),
        (&["iam:GetPolicyVersion"], Hides::Grant("iam:GetPolicyVersion")),
        (&["ec2:DescribeInstanceImageMetadata"], Hides::Nothing),
        (&["ec2:DescribeInstanceImageMetadata", "ec2:DescribeImages"], Hides::Images("ec2:DescribeImages")),
    ];
    for (denied, hides) in cases {
        let faults: Vec<String> = denied.iter().map(|action| format!("{action}=deny")).collect();
        let sim = demo(&faults.iter().map(String::as_str).collect::<Vec<_>>()).await;

        let heard = survey(&cloud(&sim).await, FactKinds::ALL).await.unwrap();

        let rows = heard.rows();
        assert!(rows.len() > 25, "{denied:?}");
        let told = |of: fn(&Instance) -> Option<(Why, &'static str)>| -> BTreeSet<&'static str> {
            let denials = rows.values().filter_map(of).filter(|(why, _)| *why != Why::Undecided);
            denials.inspect(|(why, action)| assert_eq!(*why, Why::AccessDenied, "{action}")).map(|(_, action)| action).collect()
        };
        let ssm = told(|row| row.ssm.denial().map(|denial| (denial.why, denial.action)));
        let role = told(|row| row.role.denial().map(|denial| (denial.why, denial.action)));
        let grant = told(|row| row.role.known()?.grant.denial().map(|denial| (denial.why, denial.action)));
        let images = told(|row| row.image_name.denial().map(|denial| (denial.why, denial.action)));
        let expected = match hides {
            Hides::Nothing => [None; 4],
            Hides::Ssm(action) => [Some(action), None, None, None],
            Hides::Role(action) => [None, Some(action), None, None],
            Hides::Grant(action) => [None, None, Some(action), None],
            Hides::Images(action) => [None, None, None, Some(action)],
        };
        let expected = expected.map(|action| action.into_iter().collect::<BTreeSet<_>>());
        assert_eq!([ssm, role, grant, images], expected, "{denied:?}");
        // What the names of policies settle needs no document.
        if !matches!(hides, Hides::Role(_) | Hides::Grant("iam:ListAttachedRolePolicies")) {
            assert_eq!(rows.get("web-1").unwrap().iam().word(), "ok", "{denied:?}");
        }
    }
}

#[tokio::test]
async fn a_throttled_call_is_told_under_its_own_name() {
    let sim = demo(&["ssm:DescribeInstanceProperties=throttle:100%", "ec2:DescribeInstanceImageMetadata=throttle:100%"]).await;

    let heard = survey(&cloud(&sim).await, FactKinds::ALL).await.unwrap();

    let rows = heard.rows();
    let told = |denial: Option<&Denial>| denial.map(|denial| (denial.why, denial.action));
    let web = rows.get("web-1").unwrap();
    assert_eq!(told(web.ssm.denial()), Some((Why::Throttled, "ssm:DescribeInstanceProperties")));
    assert_eq!(told(web.image_name.denial()), Some((Why::Throttled, "ec2:DescribeInstanceImageMetadata")));
    assert_eq!(count(&sim, "ssm:DescribeInstanceInformation"), 0);
}

#[tokio::test]
async fn a_denied_list_says_who_may_not_do_what() {
    let sim = demo(&["ec2:DescribeInstances=deny"]).await;

    let error = survey(&cloud(&sim).await, FactKinds::ALL).await.err();

    let Some(Error::Denied { action: "ec2:DescribeInstances", message }) = error else { panic!("{error:?}") };
    assert!(message.raw().contains("is not authorized to perform"), "{message:?}");
    for (action, name) in [("sts:GetCallerIdentity", "identity"), ("ec2:DescribeRegions", "regions")] {
        let sim = demo(&[&format!("{action}=deny")]).await;
        let cloud = cloud(&sim).await;
        let error = if name == "identity" { cloud.identity().await.err() } else { cloud.enabled_regions().await.err() };
        assert!(matches!(error, Some(Error::Denied { action: told, .. }) if told == action), "{error:?}");
    }
}

#[tokio::test]
async fn each_page_is_heard_before_the_next_is_answered() {
    let sim = generated(1_200, &["ec2:DescribeInstances=hang@2"]).await;
    let cloud = open(&sim, |options| options.timeout = Duration::from_secs(5)).await.unwrap();
    let (out, mut heard) = mpsc::channel(64);
    let region: Region = SEOUL.parse().unwrap();
    let survey = tokio::spawn(async move { cloud.survey(&region, FactKinds::NONE, out).await });

    let first = heard.recv().await;

    assert!(matches!(first, Some(Answer::Page(page)) if page.len() == 1_000));
    assert!(matches!(survey.await.unwrap(), Err(Error::Timeout { action: "ec2:DescribeInstances", .. })));
    assert_eq!(heard.recv().await, None, "half a list is not told as a whole one");
}

#[tokio::test]
async fn pages_add_up_to_the_whole_list() {
    let sim = generated(2_500, &[]).await;

    let heard = survey(&cloud(&sim).await, FactKinds::NONE).await.unwrap();

    assert_eq!(heard.inventory.rows().len(), 2_500);
    assert!(heard.inventory.listings().all(|(_, listing)| !listing.is_loading && listing.received == 2_500));
}

#[tokio::test]
async fn small_pages_of_registrations_add_up() {
    let sim = generated(230, &["ssm:DescribeInstanceProperties=deny"]).await;

    let heard = survey(&cloud(&sim).await, FactKinds::ALL).await.unwrap();

    let registered = sim.fleet().accounts[0].instances.iter().filter(|own| own.agent.is_some()).count();
    assert_eq!(count(&sim, "ssm:DescribeInstanceInformation"), registered.div_ceil(50));
    let known = heard.inventory.rows().iter().filter(|row| row.ssm.known().is_some_and(|ssm| ssm.status != SsmStatus::Unmanaged));
    assert!(known.count() > 50);
}

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

#[tokio::test]
async fn a_list_of_commands_that_leads_in_a_circle_is_no_answer() {
    let sim = demo(&["ssm:ListCommands=repeat-token", "ssm:ListCommandInvocations=repeat-token"]).await;
    let (cloud, region) = (cloud(&sim).await, SEOUL.parse().unwrap());
    let instances = ["i-0123456789abcdef0".parse().unwrap()];
    let errand = Errand {
        instances: &instances,
        script: "true",
        comment: "c",
        concurrency: 1,
        stops_at_failure: false,
        timeout: Some(Duration::from_secs(1)),
    };
    let command = cloud.send_command(&region, &errand).await.unwrap();

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
    let begun = Instant::now();

    let error = survey(&cloud, FactKinds::ALL).await.err();

    let Some(Error::Timeout { action: "ec2:DescribeInstances", after }) = error else { panic!("{error:?}") };
    assert!(after >= Duration::from_millis(600), "{after:?}");
    assert!(begun.elapsed() < Duration::from_secs(3));

    sim.set_faults(vec!["ssm:*=hang".parse().unwrap()]);
    let rows = survey(&cloud, FactKinds::ALL).await.unwrap().rows();
    assert_eq!(rows.get("web-1").unwrap().ssm.denial().unwrap().why, Why::Timeout);
}

#[tokio::test]
async fn a_call_made_once_may_take_all_of_its_time() {
    let sim = demo(&["ssm:SendCommand=delay:9s"]).await;
    let cloud = open(&sim, |options| options.timeout = Duration::from_secs(60)).await.unwrap();
    let instances = ["i-0123456789abcdef0".parse().unwrap()];
    let errand = Errand {
        instances: &instances,
        script: "true",
        comment: "c",
        concurrency: 1,
        stops_at_failure: false,
        timeout: Some(Duration::from_secs(1)),
    };

    let sent = cloud.send_command(&SEOUL.parse().unwrap(), &errand).await;

    assert!(sent.is_ok(), "{sent:?}");
}

#[tokio::test]
async fn a_dropped_survey_stops_asking() {
    let sim = generated(3_000, &["ec2:DescribeInstances=delay:300ms"]).await;
    let cloud = cloud(&sim).await;
    let (out, _heard) = mpsc::channel(64);
    let region: Region = SEOUL.parse().unwrap();

    let stopped = tokio::time::timeout(Duration::from_millis(400), cloud.survey(&region, FactKinds::NONE, out)).await;

    assert!(stopped.is_err());
    let calls = count(&sim, "ec2:DescribeInstances");
    tokio::time::sleep(Duration::from_millis(800)).await;
    assert_eq!(count(&sim, "ec2:DescribeInstances"), calls);
}

#[tokio::test]
async fn a_survey_nobody_hears_ends_by_itself() {
    let sim = generated(3_000, &[]).await;
    let (out, heard) = mpsc::channel(1);
    drop(heard);

    assert_eq!(cloud(&sim).await.survey(&SEOUL.parse().unwrap(), FactKinds::ALL, out).await, Ok(()));
    assert!(count(&sim, "ec2:DescribeInstances") <= 1);
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
async fn what_the_files_cannot_do_is_said_before_any_call() {
    let sim = demo(&[]).await;

    let unknown = open(&sim, |options| options.profile = Some("nobody".to_owned())).await.err();
    assert_eq!(unknown, Some(Error::NoProfile { profile: "nobody".into() }));
    let mfa = open(&sim, |options| options.profile = Some("haneul-breakglass".to_owned())).await.err();
    assert!(matches!(&mfa, Some(Error::MfaNeeded { device, .. }) if device.raw().contains(":mfa/")), "{mfa:?}");
    let mut variables = variables(&sim);
    variables.insert("AWS_ENDPOINT_URL".to_owned(), "http://attacker.example".to_owned());
    let plain = Cloud::open_in(&options(), Environment::new(variables)).await.err();
    assert_eq!(plain, Some(Error::PlainEndpoint { host: "attacker.example".to_owned() }));
    assert_eq!(sim.calls(), []);
}

#[tokio::test]
async fn no_credentials_anywhere_is_its_own_error() {
    let environment = Environment::new([("AWS_EC2_METADATA_DISABLED", "true"), ("AWS_REGION", SEOUL)]);
    let cloud = Cloud::open_in(&options(), environment).await.unwrap();

    assert_eq!(cloud.identity().await, Err(Error::NoCredentials));
    assert_eq!(cloud.expires().await, Err(Error::NoCredentials));
    assert_eq!(cloud.profile(), None);
}

#[tokio::test]
async fn a_chosen_profile_beats_keys_in_the_environment() {
    let sim = demo(&[]).await;

    let keys = cloud(&sim).await;
    let chosen = open(&sim, |options| options.profile = Some("haneul-dev".to_owned())).await.unwrap();

    assert_eq!(keys.profile(), None);
    assert_eq!(chosen.profile().unwrap().raw(), "haneul-dev");
    assert_ne!(keys.identity().await.unwrap().account, chosen.identity().await.unwrap().account);
    assert_eq!(chosen.custom_endpoint(), Some(sim.endpoint()));
    assert_eq!(chosen.expires().await, Ok(None));
}

#[tokio::test]
async fn a_role_is_taken_with_its_source_profile() {
    let sim = demo(&[]).await;
    let cloud = open(&sim, |options| options.profile = Some("haneul-audit".to_owned())).await.unwrap();

    let identity = cloud.identity().await.unwrap();

    assert_eq!(identity.principal().raw(), "role Auditor");
    assert!(cloud.expires().await.unwrap().is_some_and(|end| end > Timestamp::now()));

    let sim = demo(&["sts:AssumeRole=deny"]).await;
    let cloud = open(&sim, |options| options.profile = Some("haneul-audit".to_owned())).await.unwrap();
    let error = cloud.identity().await.err();
    assert!(matches!(error, Some(Error::Denied { action: "sts:AssumeRole", .. })), "{error:?}");
}

#[tokio::test]
async fn mended_files_are_noticed_without_a_restart() {
    let sim = demo(&[]).await;
    let home = tempfile::tempdir().unwrap();
    let variables = variables(&sim);
    let keys = |secret: &str| {
        format!("[default]\naws_access_key_id = {}\naws_secret_access_key = {secret}\n", variables["AWS_ACCESS_KEY_ID"])
    };
    write(home.path(), &keys("wrong"));
    let own = [("HOME", home.path().to_str().unwrap()), ("AWS_ENDPOINT_URL", sim.endpoint()), ("AWS_REGION", SEOUL)];
    let cloud = Cloud::open_in(&options(), Environment::new(own)).await.unwrap();
    assert!(matches!(cloud.identity().await, Err(Error::InvalidCredentials { .. })));

    write(home.path(), &keys(&variables["AWS_SECRET_ACCESS_KEY"]));

    assert!(cloud.identity().await.is_ok(), "a failure about credentials forgets them");
    write(home.path(), &keys("wrong again"));
    assert!(cloud.identity().await.is_ok(), "what works is kept");
    cloud.forget_credentials();
    assert!(matches!(cloud.identity().await, Err(Error::InvalidCredentials { .. })));
}

#[tokio::test]
async fn a_profile_that_has_gone_or_gone_bad_gives_way_to_no_other_credentials() {
    let sim = demo(&[]).await;
    let variables = variables(&sim);
    for named in [false, true] {
        let profile = if named { "prod" } else { "default" };
        let heading = format!("[{profile}]\n");
        let keys = format!("aws_secret_access_key = {}\n", variables["AWS_SECRET_ACCESS_KEY"]);
        let whole = format!("{heading}aws_access_key_id = {}\n{keys}", variables["AWS_ACCESS_KEY_ID"]);
        let cases = [
            (String::new(), "no-profile"),
            (format!("{whole}oops\n"), "bad-profile"),
            (format!("{heading}region = us-east-1\n"), "no-credentials"),
            (format!("{heading}{keys}"), "bad-aws-files"),
        ];
        for (left, code) in cases {
            let home = tempfile::tempdir().unwrap();
            write(home.path(), &whole);
            let own = [("HOME", home.path().to_str().unwrap()), ("AWS_ENDPOINT_URL", sim.endpoint()), ("AWS_REGION", SEOUL)];
            let own = own.into_iter().chain([("AWS_EC2_METADATA_DISABLED", "true")]);
            let options = Options { profile: named.then(|| profile.to_owned()), ..options() };
            let cloud = Cloud::open_in(&options, Environment::new(own)).await.unwrap();
            assert!(cloud.identity().await.is_ok());

            write(home.path(), &left);
            cloud.forget_credentials();

            let error = cloud.identity().await.unwrap_err();
            assert_eq!(error.code(), code, "{profile} {left:?}: {error}");
            write(home.path(), &whole);
            cloud.forget_credentials();
            assert!(cloud.identity().await.is_ok(), "it is used again when it is back");
        }
    }
}

#[tokio::test]
async fn a_credential_program_runs_when_it_is_needed_and_only_then() {
    let sim = demo(&[]).await;
    let home = tempfile::tempdir().unwrap();
    let variables = variables(&sim);
    let witness = home.path().join("ran");
    let program = home.path().join("program");
    let json = format!(
        r#"{{"Version":1,"AccessKeyId":"{}","SecretAccessKey":"{}"}}"#,
        variables["AWS_ACCESS_KEY_ID"], variables["AWS_SECRET_ACCESS_KEY"]
    );
    std::fs::write(&program, format!("echo ran >> {}; echo '{json}'\n", witness.display())).unwrap();
    let config = format!(
        "[profile good]\ncredential_process = sh {}\n[profile bad]\ncredential_process = sh -c 'echo no card >&2; exit 3'\n",
        program.display()
    );
    std::fs::create_dir_all(home.path().join(".aws")).unwrap();
    std::fs::write(home.path().join(".aws/config"), config).unwrap();
    let environment =
        Environment::new([("HOME", home.path().to_str().unwrap()), ("AWS_ENDPOINT_URL", sim.endpoint()), ("AWS_REGION", SEOUL)]);
    let unasked = Options { profile: Some("good".to_owned()), ..options() };
    let of = |profile: &str| Options { profile: Some(profile.to_owned()), programs: AllowedPrograms::All, ..options() };

    let refused = Cloud::open_in(&unasked, environment.clone()).await.err();
    assert!(matches!(refused, Some(Error::ProgramUnasked { .. })), "{refused:?}");
    let good = Cloud::open_in(&of("good"), environment.clone()).await.unwrap();
    assert!(!witness.exists());
    survey(&good, FactKinds::ALL).await.unwrap();
    good.identity().await.unwrap();
    assert_eq!(std::fs::read_to_string(&witness).unwrap(), "ran\n");

    let error = Cloud::open_in(&of("bad"), environment).await.unwrap().identity().await.err();
    let Some(Error::ProgramFailed { profile, message }) = error else { panic!("{error:?}") };
    assert_eq!(profile.raw(), "bad");
    assert!(message.told().raw().contains("exit status: 3") && message.told().raw().contains("no card"), "{message:?}");
}

#[tokio::test]
async fn credentials_of_a_program_that_have_ended_are_not_used() {
    let sim = demo(&[]).await;
    let home = tempfile::tempdir().unwrap();
    let variables = variables(&sim);
    let json = format!(
        r#"{{"Version":1,"AccessKeyId":"{}","SecretAccessKey":"{}","SessionToken":"x","Expiration":"2020-01-01T00:00:00Z"}}"#,
        variables["AWS_ACCESS_KEY_ID"], variables["AWS_SECRET_ACCESS_KEY"]
    );
    std::fs::create_dir_all(home.path().join(".aws")).unwrap();
    std::fs::write(home.path().join("keys"), json).unwrap();
    let config = format!("[profile late]\ncredential_process = cat {}\n", home.path().join("keys").display());
    std::fs::write(home.path().join(".aws/config"), config).unwrap();
    let environment =
        Environment::new([("HOME", home.path().to_str().unwrap()), ("AWS_ENDPOINT_URL", sim.endpoint()), ("AWS_REGION", SEOUL)]);
    let of_profile = Options { profile: Some("late".to_owned()), programs: AllowedPrograms::All, ..options() };

    let error = Cloud::open_in(&of_profile, environment).await.unwrap().identity().await.err();

    assert_eq!(error, Some(Error::Expired { profile: "late".into() }));
    assert!(sim.calls().is_empty(), "nothing was signed with them");
}

#[tokio::test]
async fn a_host_that_refuses_is_named_with_its_port() {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
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

// ---- what the tests share

/// What a survey told.
struct Survey {
    inventory: Inventory,
    oddities: Vec<Oddity>,
}

impl Survey {
    /// Rows by name, or by id.
    fn rows(&self) -> BTreeMap<String, Instance> {
        let name = |row: &Instance| row.name().map_or_else(|| row.id.to_string(), |name| name.raw().to_owned());
        self.inventory.rows().iter().map(|row| (name(row), (**row).clone())).collect()
    }
}

async fn demo(faults: &[&str]) -> Sim {
    start(FleetSource::Demo, faults).await
}

async fn generated(instances: usize, faults: &[&str]) -> Sim {
    start(FleetSource::Generated { instances, regions: vec![SEOUL.to_owned()], seed: 1 }, faults).await
}

async fn start(fleet: FleetSource, faults: &[&str]) -> Sim {
    let faults = faults.iter().map(|fault| fault.parse::<Fault>().unwrap()).collect();
    Sim::start(ec2dash_sim::Options { fleet, faults, ..ec2dash_sim::Options::default() }).await.unwrap()
}

fn options() -> Options {
    Options { profile: None, region: None, timeout: Duration::from_secs(15), version: "0", programs: AllowedPrograms::default() }
}

fn variables(sim: &Sim) -> BTreeMap<String, String> {
    sim.environment().into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

async fn open(sim: &Sim, change: impl FnOnce(&mut Options)) -> Result<Cloud, Error> {
    let mut options = options();
    change(&mut options);
    Cloud::open_in(&options, Environment::new(variables(sim))).await
}

async fn cloud(sim: &Sim) -> Cloud {
    open(sim, |_| ()).await.unwrap()
}

async fn survey(cloud: &Cloud, kinds: FactKinds) -> Result<Survey, Error> {
    survey_of(cloud, SEOUL, kinds).await
}

async fn survey_of(cloud: &Cloud, region: &str, kinds: FactKinds) -> Result<Survey, Error> {
    let region: Region = region.parse().unwrap();
    let place = Place { profile: cloud.profile().cloned(), region: region.clone() };
    let mut inventory = Inventory::default();
    inventory.begin(&place, Generation(1), Timestamp::UNIX_EPOCH);
    let mut oddities = Vec::new();
    let (out, mut heard) = mpsc::channel(64);
    let listening = async {
        while let Some(told) = heard.recv().await {
            match told {
                Answer::Odd(odd) => oddities.push(odd),
                answer => assert!(inventory.take_in(&place, Generation(1), answer, Timestamp::UNIX_EPOCH)),
            }
        }
    };
    let (outcome, ()) = tokio::join!(cloud.survey(&region, kinds, out), listening);
    outcome.map(|()| Survey { inventory, oddities })
}

fn actions(sim: &Sim) -> BTreeSet<String> {
    sim.calls().into_iter().map(|call| call.action).collect()
}

fn count(sim: &Sim, action: &str) -> usize {
    sim.calls().iter().filter(|call| call.action == action).count()
}

fn write(home: &Path, credentials: &str) {
    std::fs::create_dir_all(home.join(".aws")).unwrap();
    std::fs::write(home.join(".aws/credentials"), credentials).unwrap();
}
