//! Several places at once: profiles of several accounts, regions of all of them.

use super::*;

const BOTH: &str = "haneul-prod,haneul-dev";

/// The instances of a listing by name, with the profile that lists each.
fn rows(told: &Printed) -> BTreeSet<(String, String, String)> {
    let all = told.json()["instances"].as_array().unwrap().clone();
    let text = |row: &Value, key: &str| row[key].as_str().unwrap_or_default().to_owned();
    all.iter().map(|row| (text(row, "name"), text(row, "profile"), text(row, "account"))).collect()
}

fn warnings(told: &Printed) -> Vec<Value> {
    told.json()["warnings"].as_array().unwrap().clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn several_profiles_are_one_list_and_each_row_names_its_own() {
    let desk = Desk::new(&[]).await;

    let told = desk.run(&["ls", "-o", "json", "--profile", BOTH]);
    let each = ["haneul-prod", "haneul-dev"].map(|profile| rows(&desk.run(&["ls", "-o", "json", "--profile", profile])));
    let repeated = desk.run(&["ls", "-o", "json", "--profile", "haneul-prod", "--profile", "haneul-dev"]);
    let globbed = desk.run(&["ls", "-o", "json", "--profile", "haneul-*d*v,haneul-pr*"]);

    assert_eq!(told.code, Some(0), "{told:?}");
    assert_eq!(rows(&told), each[0].union(&each[1]).cloned().collect());
    assert!(!each[0].is_empty() && !each[1].is_empty());
    assert_eq!(rows(&repeated), rows(&told));
    assert_eq!(rows(&globbed), rows(&told));
    assert_eq!(warnings(&told), Vec::<Value>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_table_says_what_tells_the_rows_apart_and_no_more() {
    let desk = Desk::new(&[]).await;
    let head = |arguments: &[&str]| desk.run(arguments).lines()[0].to_owned();

    let one = head(&["ls"]);
    let regions = head(&["ls", "--region", "ap-northeast-2,us-east-1"]);
    let accounts = head(&["ls", "--profile", BOTH]);

    assert!(!one.contains("REGION") && !one.contains("ACCOUNT") && !one.contains("PROFILE"), "{one}");
    assert!(regions.contains("REGION") && !regions.contains("ACCOUNT") && !regions.contains("PROFILE"), "{regions}");
    assert!(!accounts.contains("REGION") && accounts.contains("ACCOUNT") && accounts.contains("PROFILE"), "{accounts}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_instance_of_two_profiles_is_listed_once_with_the_one_that_may_read_more() {
    for (denied, lists) in [("Auditor/ssm:*", "haneul-prod"), ("jiwoo/ssm:*", "haneul-audit")] {
        let desk = Desk::new(&[&format!("{denied}=deny")]).await;

        for order in ["haneul-prod,haneul-audit", "haneul-audit,haneul-prod"] {
            let told = desk.run(&["ls", "-o", "json", "--profile", order]);

            let profiles: BTreeSet<String> = rows(&told).into_iter().map(|(_, profile, _)| profile).collect();
            let ids = told.json()["instances"].as_array().unwrap().iter().map(|row| row["id"].to_string()).collect::<Vec<_>>();
            assert_eq!(profiles, [lists.to_owned()].into(), "{denied} {order}");
            assert_eq!(ids.len(), ids.iter().collect::<BTreeSet<_>>().len());
            // What the other may not read is missing nowhere.
            assert_eq!(warnings(&told), Vec::<Value>::new());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_denied_account_is_one_line_of_all_its_regions_and_the_others_are_listed() {
    let desk = Desk::new(&["334455667788/ec2:DescribeInstances=deny"]).await;

    let told = desk.run(&["ls", "-o", "json", "--profile", BOTH, "--region", "all"]);

    assert_eq!(told.code, Some(5), "{told:?}");
    assert!(rows(&told).iter().all(|(_, profile, _)| profile == "haneul-prod") && !rows(&told).is_empty());
    let warnings = warnings(&told);
    assert_eq!(warnings.len(), 1, "{warnings:?}");
    assert_eq!(warnings[0]["code"], "access-denied");
    assert_eq!(warnings[0]["account"], "334455667788");
    assert_eq!(warnings[0]["region"], Value::Null);
    assert!(warnings[0]["text"].as_str().unwrap().starts_with("haneul-dev"), "{warnings:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_denied_region_names_its_account_and_a_region_that_is_off_is_no_gap() {
    let desk = Desk::new(&["us-east-1/ec2:DescribeInstances=deny"]).await;

    let told = desk.run(&[
        "ls",
        "-o",
        "json",
        "--profile",
        "haneul-dev",
        "--profile",
        "haneul-prod",
        "--region",
        "us-east-1,ap-northeast-2,ap-east-1",
    ]);

    let named: Vec<_> = warnings(&told).iter().map(|one| (one["account"].to_string(), one["region"].to_string())).collect();
    assert_eq!(told.code, Some(5), "{told:?}");
    assert_eq!(
        named,
        [("\"334455667788\"", "\"us-east-1\""), ("\"210987654321\"", "\"us-east-1\"")]
            .map(|(one, other)| (one.to_owned(), other.to_owned()))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn regions_are_asked_once_an_account_and_only_enabled_ones_are_listed() {
    let desk = Desk::new(&[]).await;

    let told = desk.run(&["ls", "-o", "ids", "--profile", BOTH, "--region", "all"]);

    let calls = desk.sim.calls();
    let of = |action: &str| calls.iter().filter(|call| call.action == action).collect::<Vec<_>>();
    assert_eq!(told.code, Some(0), "{told:?}");
    assert_eq!(of("ec2:DescribeRegions").len(), 2);
    assert!(of("ec2:DescribeInstances").iter().all(|call| call.region != "ap-east-1"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_profile_that_cannot_be_used_is_one_line_and_all_of_them_are_the_failure() {
    let desk = Desk::new(&[]).await;

    let told = desk.run(&["ls", "-o", "json", "--profile", "haneul-dev,haneul-nix"]);
    let nothing = desk.run(&["ls", "--profile", "nix-a,nix-b"]);
    let unfitting = desk.run(&["ls", "--profile", "nix-*"]);
    let one = desk.run(&["whoami", "--profile", BOTH]);

    assert_eq!(told.code, Some(2), "{told:?}");
    assert!(!rows(&told).is_empty());
    let codes: Vec<_> = warnings(&told).iter().map(|one| one["code"].clone()).collect();
    assert_eq!(codes, ["no-profile"]);
    assert_eq!((nothing.code, nothing.stdout.as_str()), (Some(2), ""));
    assert!(unfitting.code == Some(2) && unfitting.stderr.contains("No profile fits nix-*"), "{unfitting:?}");
    assert!(one.code == Some(2) && one.stderr.contains("one profile"), "{one:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn places_have_names_in_the_configuration_file() {
    let desk = Desk::new(&[]).await;
    let config = desk.home.path().join("config.toml");
    let sets =
        "[places.both]\nprofiles = [\"haneul-*\"]\nregions = [\"ap-northeast-2\"]\n[places.dev]\nprofiles = [\"haneul-dev\"]\n";
    fs::write(&config, sets).unwrap();
    fs::set_permissions(&config, fs::Permissions::from_mode(0o600)).unwrap();
    let run = |arguments: &[&str]| {
        let mut command = desk.command(arguments);
        // Keys of the environment would be another profile's.
        command.env("EC2DASH_CONFIG", &config).env_remove("AWS_REGION").env_remove("AWS_DEFAULT_REGION");
        Printed::of(command.output().unwrap())
    };

    let dev = run(&["ls", "-o", "json", "--places", "dev"]);
    let unknown = run(&["ls", "--places", "boht"]);
    let beside = run(&["ls", "--places", "dev", "--region", "eu-central-1", "-o", "json"]);

    assert_eq!(dev.code, Some(0), "{dev:?}");
    assert!(rows(&dev).iter().all(|(_, profile, _)| profile == "haneul-dev") && !rows(&dev).is_empty());
    assert!(unknown.code == Some(2) && unknown.stderr.contains("Did you mean \"both\"?"), "{unknown:?}");
    assert!(rows(&beside).iter().any(|(name, ..)| name == "eu-lab"), "{beside:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_target_is_found_in_all_places_and_used_with_the_credentials_of_its_own() {
    let desk = Desk::new(&[]).await;

    let planned = desk.run(&["connect", "ci-runner-1", "--dry-run", "--profile", BOTH]);
    let stopped = desk.run(&["stop", "staging-web-1", "web-1", "--dry-run", "-o", "json", "--profile", BOTH]);
    let missing = desk.run(&["show", "no-such-thing", "--profile", BOTH]);

    assert!(planned.code == Some(0) && planned.stdout.contains("334455667788"), "{planned:?}");
    let allowed =
        stopped.json()["plan"]["calls"].as_array().unwrap().iter().map(|call| call["allowed"].clone()).collect::<Vec<_>>();
    assert_eq!(allowed, [Value::Bool(true), Value::Bool(true)], "{stopped:?}");
    let asked: BTreeSet<String> =
        desk.sim.calls().into_iter().filter(|call| call.action == "ec2:StopInstances").map(|call| call.account).collect();
    assert_eq!(asked, ["210987654321".to_owned(), "334455667788".to_owned()].into());
    assert!(missing.code == Some(3) && missing.stderr.contains("haneul-dev ap-northeast-2"), "{missing:?}");
}
