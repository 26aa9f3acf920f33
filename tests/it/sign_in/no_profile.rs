//! What a sign-in gives without a profile: the list of it, places of it, and profiles made of it for other tools.

use super::*;
use crate::support::pty::Terminal;
use crate::support::tools::python_tool;

const PLACE: &str = "corp/444455556666/ReadOnly";

/// A home that has no profile, signed in to by the start URL alone.
async fn fresh(rules: &str, config: &str) -> Corp {
    let corp = Corp::new(rules).await;
    fs::write(corp.path(".aws/config"), config).unwrap();
    let login = ["login", "--start-url", START_URL, "--sso-region", "eu-central-1", "--no-browser"];
    let done = corp.run(&login).await;
    assert!(done.status.success(), "{}", stderr(&done));
    corp
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", stderr(output)))
}

fn names(listed: &Value) -> Vec<&str> {
    listed["profiles"].as_array().unwrap().iter().map(|own| own["name"].as_str().unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_account_and_role_is_listed_after_a_sign_in_by_the_start_url_alone() {
    let corp = fresh("approval=given,interval=0s", "").await;

    let listed = json(&corp.run(&["profiles", "--sso", "-o", "json"]).await);

    assert_eq!(listed["schema"], 1);
    assert_eq!(names(&listed).len(), corp.calls("GetRoleCredentials") + names(&listed).len(), "no credentials were asked for");
    let own = listed["profiles"].as_array().unwrap().iter().find(|own| own["name"] == PLACE).unwrap();
    let expected = serde_json::json!({
        "name": PLACE, "kind": "sso", "account": PRODUCTION, "account_name": "Corp Production", "role": "ReadOnly",
        "region": "eu-central-1", "sso_session": "corp",
    });
    assert_eq!(*own, expected);
    assert_eq!(fs::read_to_string(corp.path(".aws/config")).unwrap(), "", "nothing is written");
    let table = stdout(&corp.run(&["profiles", "--sso"]).await);
    assert!(table.lines().any(|line| line.starts_with(PLACE) && line.contains("Corp Production")), "{table}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role_of_a_session_is_a_place_as_a_profile_is() {
    let corp = fresh("approval=given,interval=0s", "").await;
    let region = ["--region", "ap-northeast-2"];

    let who = json(&corp.run(&["whoami", "--profile", PLACE, "-o", "json"]).await);
    assert_eq!((&who["account"], &who["profile"], &who["region"]), (&PRODUCTION.into(), &PLACE.into(), &"eu-central-1".into()));
    let rows = json(&corp.run(&[&["ls", "--profile", PLACE, "-o", "json"], &region[..]].concat()).await);
    let rows = rows["instances"].as_array().unwrap().clone();
    assert!(!rows.is_empty() && rows.iter().all(|row| row["profile"] == PLACE), "{rows:?}");

    let login = corp.run(&["login", "--profile", PLACE, "--no-browser"]).await;
    assert!(login.status.success() && stderr(&login).contains("SSO session \"corp\""), "{}", stderr(&login));
    let stranger = corp.run(&["whoami", "--profile", "corp/444455556666/Nobody"]).await;
    let said = stderr(&stranger);
    assert_eq!(stranger.status.code(), Some(5), "{said}");
    assert!(said.contains("no access to role Nobody in account 444455556666"), "{said}");
    let both = format!("{PLACE},corp/444455556666/Nobody");
    let merged = corp.run(&[&["ls", "--profile", &both, "-o", "json"], &region[..]].concat()).await;
    let (exit, merged) = (merged.status.code(), json(&merged));
    assert_eq!(
        (exit, merged["instances"].as_array().unwrap().len()),
        (Some(5), rows.len()),
        "an account that is gone takes nothing else"
    );
    assert!(merged["warnings"].to_string().contains("Nobody"), "{}", merged["warnings"]);
    let unknown = corp.run(&["whoami", "--profile", "other/444455556666/ReadOnly"]).await;
    assert!(stderr(&unknown).contains("There is no profile called other/444455556666/ReadOnly"), "{}", stderr(&unknown));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_that_vanishes_after_it_was_listed_is_named_and_takes_nothing_else() {
    const STAGING: &str = "555566667777";
    let corp = fresh("approval=given,interval=0s", "").await;
    let all = ["ls", "--profile", "corp/*/ReadOnly", "--region", "ap-northeast-2,eu-central-1", "-o", "json"];
    let accounts = |listed: &Value| -> Vec<String> {
        let rows = listed["instances"].as_array().unwrap().iter();
        let mut accounts: Vec<String> = rows.map(|row| row["account"].as_str().unwrap().to_owned()).collect();
        accounts.sort();
        accounts.dedup();
        accounts
    };
    let before = corp.run(&all).await;
    assert_eq!(before.status.code(), Some(0), "{}", stderr(&before));
    assert_eq!(accounts(&json(&before)), [PRODUCTION, STAGING], "those of hybrid nodes as well");

    // The portal goes on to list it, as it does for a while.
    corp.sim.edit(|fleet| {
        let assignments = &mut fleet.company.as_mut().unwrap().assignments;
        assignments.iter_mut().filter(|own| own.account == STAGING).for_each(|own| own.is_gone = true);
    });
    let after = corp.run(&all).await;
    let alone = corp.run(&["connect", "staging-orders", "--profile", &format!("corp/{STAGING}/ReadOnly"), "--dry-run"]).await;

    assert_eq!(after.status.code(), Some(5), "{}", stderr(&after));
    let listed = json(&after);
    assert_eq!(accounts(&listed), [PRODUCTION]);
    let warnings = listed["warnings"].as_array().unwrap();
    assert!(matches!(warnings.as_slice(), [one] if one["text"].to_string().contains(STAGING)), "{warnings:?}");
    let said = stderr(&alone);
    assert_eq!(alone.status.code(), Some(5), "{said}");
    assert!(said.contains(&format!("no access to role ReadOnly in account {STAGING}")), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pattern_takes_the_roles_that_it_fits_and_asks_nothing_of_the_others() {
    let corp = fresh("approval=given,interval=0s", "").await;

    let listed = corp.run(&["ls", "--profile", "corp/*/ReadOnly", "--region", "ap-northeast-2", "-o", "json"]).await;

    let listed = json(&listed);
    let of = |row: &Value| row["profile"].as_str().unwrap().to_owned();
    let profiles: Vec<String> = listed["instances"].as_array().unwrap().iter().map(of).collect();
    assert!(!profiles.is_empty() && profiles.iter().all(|own| own.starts_with("corp/") && own.ends_with("/ReadOnly")));
    let asked: Vec<String> = corp
        .sim
        .calls()
        .iter()
        .filter(|call| call.action.ends_with("GetRoleCredentials"))
        .map(|call| format!("{call:?}"))
        .collect();
    assert!(!asked.is_empty() && asked.len() <= 3, "{asked:?}");
    let none = corp.run(&["ls", "--profile", "corp/*/Nothing"]).await;
    assert_eq!(
        (none.status.code(), stderr(&none).contains("No profile fits corp/*/Nothing")),
        (Some(2), true),
        "{}",
        stderr(&none)
    );
    let section = "[places.read]\nprofiles = [\"corp/4444*/ReadOnly\"]\n";
    fs::create_dir_all(corp.path(".config/ec2dash")).unwrap();
    fs::write(corp.path(".config/ec2dash/config.toml"), section).unwrap();
    let of_set = json(&corp.run(&["ls", "--places", "read", "--region", "ap-northeast-2", "-o", "json"]).await);
    assert!(of_set["instances"].as_array().unwrap().iter().all(|row| row["profile"] == PLACE), "{of_set}");
    assert!(!of_set["instances"].as_array().unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn boto3_uses_the_profiles_that_are_appended_to_what_stood_there() {
    let before = "# mine\n[default]\nregion = us-east-1";
    let corp = fresh("approval=given,interval=0s", before).await;

    let refused = corp.run(&["profiles", "--sso", "--write"]).await;
    assert_eq!(refused.status.code(), Some(2), "{}", stderr(&refused));
    let written = corp.run(&["profiles", "--sso", "--write", "--yes", "--region", "ap-northeast-2"]).await;

    assert!(written.status.success(), "{}", stderr(&written));
    let after = fs::read_to_string(corp.path(".aws/config")).unwrap();
    assert_eq!(after, format!("{before}\n\n{}", stdout(&written)), "what is shown is what is appended");
    let who = format!(
        "import boto3; s=boto3.Session(profile_name='{PLACE}'); print(s.region_name, s.client('sts').get_caller_identity()['Account'])"
    );
    let mut python = Command::new(python_tool("python"));
    python.args(["-c", &who]).env_clear().envs(corp.environment(&[])).stdin(Stdio::null());
    let told = tokio::task::spawn_blocking(move || python.output().unwrap()).await.unwrap();
    assert_eq!(stdout(&told).trim(), format!("ap-northeast-2 {PRODUCTION}"), "{}", stderr(&told));
    let again = corp.run(&["profiles", "--sso", "--write", "--yes"]).await;
    assert!(again.status.success() && stdout(&again).is_empty(), "{}", stderr(&again));
    assert_eq!(fs::read_to_string(corp.path(".aws/config")).unwrap(), after);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_signed_in_nowhere_is_told_how_to_sign_in() {
    let corp = Corp::new("approval=given,interval=0s").await;

    let out = corp.run(&["profiles", "--sso", "-o", "json"]).await;
    assert_eq!(out.status.code(), Some(4), "{}", stderr(&out));
    assert!(stderr(&out).contains("ec2dash login --session corp"), "{}", stderr(&out));
    fs::write(corp.path(".aws/config"), "").unwrap();
    let nothing = corp.run(&["profiles", "--sso"]).await;
    assert!(stderr(&nothing).contains("ec2dash login --start-url"), "{}", stderr(&nothing));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_switcher_lists_the_roles_of_a_session_at_once_the_next_time_too() {
    let corp = fresh("approval=given,interval=0s", "").await;
    tokio::task::block_in_place(|| {
        let dashboard =
            || Terminal::start(ec2dash(), &["--profile", PLACE, "--region", "ap-northeast-2"], &corp.environment(&[]), (120, 32));
        let terminal = dashboard();
        terminal.wait_for("orders-1");
        terminal.type_text("p");
        let screen = terminal.wait_until("the places", |screen| screen.contains("corp/666677778888/ReadOnly"));
        assert!(
            screen.lines().any(|line| line.contains("> corp/444455556666/Admin") || line.contains("corp/444455556666/Admin  ")),
            "{screen}"
        );
        assert!(screen.contains("Corp Production") && screen.contains("listed "), "{screen}");
        terminal.type_text("6666777788");
        terminal.wait_for("> corp/666677778888/");
        terminal.type_text("\r");
        terminal.wait_until("its head", |screen| screen.lines().next().is_some_and(|line| line.contains("corp/666677778888/")));
        terminal.type_text("q");
        assert!(terminal.end().success());

        let asked = corp.calls("ListAccounts");
        let terminal = dashboard();
        terminal.wait_for("orders-1");
        terminal.type_text("p");
        terminal.wait_for("corp/666677778888/ReadOnly");
        assert_eq!(corp.calls("ListAccounts"), asked, "what was listed just now is not asked for again");
        terminal.type_text("\x1b");
        terminal.wait_until("the end of the dialog", |screen| !screen.contains("type to search"));
        terminal.type_text("q");
        assert!(terminal.end().success());
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn a_portal_that_asks_to_slow_down_is_asked_again_a_little_later() {
    let corp = Corp::with_faults("approval=given,interval=0s", &["sso:ListAccounts=error:TooManyRequestsException@1"]).await;
    corp.sign_in("prod").await.unwrap();

    let listed = json(&corp.run(&["profiles", "--sso", "-o", "json"]).await);

    assert!(names(&listed).contains(&PLACE));
    assert_eq!(corp.calls("ListAccounts"), 2);
}
