//! A region's instances and their facts, page by page.

use super::*;

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

#[tokio::test]
async fn names_of_images_are_asked_for_once_and_again_for_an_image_that_is_new() {
    let sim = demo(&[]).await;
    let cloud = cloud(&sim).await;
    let asked = || count(&sim, "ec2:DescribeInstanceImageMetadata");

    survey(&cloud, FactKinds::ALL).await.unwrap();
    let first = asked();
    let again = survey(&cloud, FactKinds::ALL).await.unwrap();
    assert_eq!(asked(), first);
    let name = |rows: &BTreeMap<String, Instance>| {
        rows.get("web-1").unwrap().image_name.known().unwrap().as_ref().map(|image| image.name.clone())
    };
    assert!(name(&again.rows()).unwrap().raw().starts_with("al2023-ami-"));

    let other = sim.fleet().instances().find(|own| own.name() == "erp-1").unwrap().image.clone();
    sim.edit(|fleet| {
        let new = "ami-0123456789abcdef0".to_owned();
        let image = fleet.images.iter().find(|image| image.id == other).unwrap().clone();
        fleet.images.push(ec2dash_sim::fleet::Image { id: new.clone(), name: "of-today".to_owned(), ..image });
        fleet.instance_mut("web-1").unwrap().image = new;
    });
    let changed = survey(&cloud, FactKinds::ALL).await.unwrap();

    assert!(asked() > first);
    assert_eq!(name(&changed.rows()).unwrap().raw(), "of-today");
}

#[tokio::test]
async fn each_key_pair_is_asked_for_once_and_its_public_key_is_told() {
    let sim = demo(&[]).await;
    let cloud = cloud(&sim).await;
    let asked = || count(&sim, "ec2:DescribeKeyPairs");

    let first = survey(&cloud, FactKinds::ALL).await.unwrap();
    let calls = asked();
    survey(&cloud, FactKinds::ALL).await.unwrap();

    assert!((1..=2).contains(&calls), "one call a page at most: {calls}");
    assert_eq!(asked(), calls);
    let rows = first.rows();
    let web = rows.get("web-1").unwrap();
    let pair = web.key_pair.known().unwrap().as_ref().unwrap();
    let name = web.key_name.as_ref().unwrap().raw();
    let expected =
        sim.fleet().accounts.iter().flat_map(|account| account.key_pairs.clone()).find(|own| own.name == name).unwrap();
    assert_eq!(pair.public, ec2dash_keys::PublicKey::from_line(&expected.public));
    assert_eq!(pair.fingerprint.unwrap().shown(), expected.fingerprint);
    assert!(rows.values().all(|row| row.key_name.is_none() || row.key_pair.known().is_some()));

    sim.edit(|fleet| fleet.instance_mut("web-1").unwrap().key_name = Some("deleted * since".to_owned()));
    let changed = survey(&cloud, FactKinds::ALL).await.unwrap();
    assert_eq!(changed.rows().get("web-1").unwrap().key_pair.known(), Some(&None));
}

#[tokio::test]
async fn each_denied_call_hides_its_own_fact_and_nothing_else() {
    let cases: [(&[&str], Hides); 12] = [
        (&["ec2:DescribeKeyPairs"], Hides::Pairs("ec2:DescribeKeyPairs")),
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
        let pairs = told(|row| row.key_pair.denial().map(|denial| (denial.why, denial.action)));
        let expected = match hides {
            Hides::Nothing => [None; 5],
            Hides::Ssm(action) => [Some(action), None, None, None, None],
            Hides::Role(action) => [None, Some(action), None, None, None],
            Hides::Grant(action) => [None, None, Some(action), None, None],
            Hides::Images(action) => [None, None, None, Some(action), None],
            Hides::Pairs(action) => [None, None, None, None, Some(action)],
        };
        let expected = expected.map(|action| action.into_iter().collect::<BTreeSet<_>>());
        assert_eq!([ssm, role, grant, images, pairs], expected, "{denied:?}");
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
