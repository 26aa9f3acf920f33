//! Which instance is meant, and what is done with it.

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn a_target_is_found_by_id_name_start_address_and_tag() {
    let desk = Desk::new(&[]).await;

    for target in [
        "i-0123456789abcdef0",
        "I-0123456789ABCDEF0",
        "i-0123456",
        "web-1",
        "WEB-1",
        "ip:3.36.112.8",
        "ip:10.0.1.21",
        "3.36.112.8",
        "10.0.1.21",
        "ip-10-0-1-21.ap-northeast-2.compute.internal",
        "ec2-3-36-112-8.ap-northeast-2.compute.amazonaws.com",
        "tag:Name=web-1",
    ] {
        let told = desk.run(&["show", target, "-o", "ids"]);
        assert_eq!((told.stdout.as_str(), told.code), ("i-0123456789abcdef0\n", Some(0)), "{target}: {told:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_command_takes_what_ssh_makes_of_a_name() {
    let desk = Desk::new(&[]).await;
    desk.rename("UPPER-Web");

    for target in ["upper-web", "10.0.1.21"] {
        let connected = desk.run(&["connect", target, "--dry-run", "-o", "json"]);
        assert_eq!(connected.json()["plan"]["target"], "i-0123456789abcdef0", "{target}: {connected:?}");
        let executed = desk.run(&["exec", target, "--", "echo it ran"]);
        assert_eq!((executed.stdout.as_str(), executed.code), ("it ran\n", Some(0)), "{target}: {executed:?}");
        let fleet = desk.run(&["exec", target, "batch-worker-1", "--dry-run", "--", "true"]);
        assert!(fleet.stdout.contains("UPPER-Web (i-0123456789abcdef0)"), "{target}: {fleet:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_elastic_ip_of_the_second_interface_is_the_instances_public_address() {
    let desk = Desk::new(&[]).await;
    desk.sim.edit(|fleet| {
        let all = fleet.accounts.iter_mut().flat_map(|account| &mut account.instances);
        for instance in all.filter(|instance| instance.id == "i-0123456789abcdef0") {
            let public_ip = instance.public_ip.take();
            instance.further_interfaces =
                vec![ec2dash_sim::Interface { private_ip: "10.0.9.9".to_owned(), public_ip, ..Default::default() }];
        }
    });

    let shown = desk.run(&["show", "3.36.112.8", "-o", "json"]).json();

    assert_eq!((&shown["instance"]["private_ip"], &shown["instance"]["public_ip"]), (&"10.0.1.21".into(), &"3.36.112.8".into()));
    let eic = shown["instance"]["methods"].as_array().unwrap().iter().find(|way| way["method"] == "eic").unwrap();
    assert_ne!(eic["verdict"], "not_applicable", "{eic}");
    assert_eq!(desk.run(&["show", "10.0.9.9", "-o", "ids"]).stdout, "i-0123456789abcdef0\n");
}

#[tokio::test(flavor = "multi_thread")]
async fn several_that_fit_are_told_and_none_is_taken() {
    let desk = Desk::new(&[]).await;

    let shown = desk.run(&["show", "tag:team=shop"]);
    let connected = desk.run(&["connect", "tag:team=shop"]);
    let missing = desk.run(&["show", "no-such"]);

    assert_eq!((shown.code, connected.code, missing.code), (Some(3), Some(255), Some(3)));
    assert!(shown.stderr.contains("i-0123456789abcdef0  web-1") && shown.stderr.contains("web-2"), "{}", shown.stderr);
    assert!(missing.stderr.contains("There is no instance called \"no-such\""));
}

#[tokio::test(flavor = "multi_thread")]
async fn that_hybrid_nodes_could_not_be_looked_through_is_told() {
    let desk = Desk::new(&["ssm:DescribeInstanceInformation=deny"]).await;

    let missing = desk.run(&["show", "press-4"]);

    assert_eq!(missing.code, Some(3), "{missing:?}");
    assert!(missing.stderr.contains("There is no instance called \"press-4\""), "{}", missing.stderr);
    assert!(missing.stderr.contains("may be a hybrid node"), "{}", missing.stderr);
    assert!(missing.stderr.contains("ssm:DescribeInstanceInformation"), "{}", missing.stderr);
    assert!(!desk.run(&["show", "i-0123456789abcdef9"]).stderr.contains("hybrid"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_target_is_never_an_option() {
    let desk = Desk::new(&[]).await;

    for target in ["-oProxyCommand=touch pwned", "--help", "-l", "ssh://x", "$(touch pwned)", "`touch pwned`", ";touch pwned"] {
        let told = desk.run(&["connect", "--", target]);
        assert_eq!(told.code, Some(255), "{target}: {told:?}");
        assert!(told.stderr.contains("no instance called"), "{target}: {}", told.stderr);
    }
    let last = desk.run(&["connect", "-"]);
    assert!(last.stderr.contains("no last instance"), "{}", last.stderr);
    assert!(!desk.home.path().join("pwned").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn ssh_runs_a_command_and_passes_its_exit_code_on() {
    let desk = Desk::new(&[]).await;

    let pushed = desk.run(&["ssh", "web-1", "-m", "eic", "--", "echo $((6*7)); exit 3"]);
    let paired = desk.run(&["ssh", "web-1", "-m", "ssh", "--", "-T", "echo $((6*7)); exit 42"]);
    let again = desk.run(&["ssh", "-", "--", "true"]);

    assert_eq!((pushed.stdout.as_str(), pushed.code), ("42\n", Some(3)), "{pushed:?}");
    assert_eq!((paired.stdout.as_str(), paired.code), ("42\n", Some(42)), "{paired:?}");
    assert_eq!(again.code, Some(0), "{again:?}");
    let listed = desk.run(&["known-hosts", "list", "-o", "ids"]);
    assert_eq!(listed.stdout, "i-0123456789abcdef0\n");
    assert_eq!(desk.run(&["known-hosts", "forget", "i-0123456789abcdef0"]).code, Some(0));
    assert_eq!(desk.run(&["known-hosts", "list", "-o", "ids"]).stdout, "");
    assert_eq!(desk.run(&["known-hosts", "forget", "../x"]).code, Some(3));
    desk.run(&["ssh", "web-1", "-m", "eic", "--", "true"]);
    let forgotten = desk.run(&["known-hosts", "forget", "web-1"]);
    assert!(forgotten.code == Some(0) && forgotten.stderr.contains("is checked like a first one"), "{forgotten:?}");
    assert_eq!(desk.run(&["known-hosts", "list", "-o", "ids"]).stdout, "");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_host_key_is_refused_and_the_remedy_is_named() {
    let desk = Desk::new(&[]).await;
    desk.run(&["ssh", "web-1", "--", "true"]);
    let known_hosts = desk.home.path().join(".local/state/ec2dash/known_hosts");
    let other = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJr6bSNFNPzTrUnQzVOqRJxW4lTDwqIvTVrGzG8nCjhm";
    fs::write(&known_hosts, format!("i-0123456789abcdef0 {other}\n")).unwrap();

    let told = desk.run(&["ssh", "web-1", "--", "true"]);

    assert_eq!(told.code, Some(255));
    assert!(told.stderr.contains("ec2dash known-hosts forget i-0123456789abcdef0"), "{}", told.stderr);
    assert!(told.stderr.matches("SHA256:").count() >= 2, "{}", told.stderr);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_only_reads_and_prints_the_plan() {
    let desk = Desk::new(&[]).await;

    let lines = desk.run(&["ssh", "web-1", "--dry-run"]);
    let json = desk.run(&["ssh", "web-1", "--method", "eic", "--dry-run", "-o", "json"]).json();
    let session = desk.run(&["connect", "web-1", "--dry-run"]);
    let stopped = desk.run(&["connect", "batch-worker-1", "--dry-run"]);

    assert_eq!(lines.code, Some(0));
    assert!(session.stdout.contains("method   ssm: best of ssm, ssm-ssh, eice, eic, ssh"), "{}", session.stdout);
    assert!(session.stdout.contains("2 session   ssm:StartSession i-0123456789abcdef0"), "{}", session.stdout);
    assert!(
        lines.stdout.contains("method   ssm-ssh: best of ssm-ssh, eice, eic, ssh") && lines.stdout.contains("ProxyCommand="),
        "{}",
        lines.stdout
    );
    let steps: Vec<&Value> = json["plan"]["steps"].as_array().unwrap().iter().map(|step| &step["step"]).collect();
    assert_eq!(steps, ["describe", "host-key", "push-key", "exec"]);
    assert!(!desk.actions().contains("ec2-instance-connect:SendSSHPublicKey"));
    assert!(!desk.actions().contains("ssm:StartSession"));
    assert_eq!(stopped.code, Some(6), "{stopped:?}");
    assert!(stopped.stderr.contains("the instance is stopped"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dangerous_account_is_entered_only_after_a_yes() {
    let desk = Desk::new(&[]).await;
    let config = desk.sim.directory().join("config.toml");
    let rules = fs::read_to_string(&config).unwrap();
    fs::write(&config, format!("{rules}\n[accounts.210987654321]\nlabel = \"PROD\"\nconfirm = true\n")).unwrap();

    let refused = desk.run(&["ssh", "web-1", "--no-input", "--", "true"]);
    let confirmed = desk.run(&["ssh", "web-1", "--yes", "--", "true"]);

    assert_eq!(refused.code, Some(255), "{refused:?}");
    assert!(refused.stderr.contains("error[not-confirmed]") && refused.stderr.contains("210987654321"), "{}", refused.stderr);
    assert_eq!(confirmed.code, Some(0), "{confirmed:?}");
}

/// Leave what the dashboard remembers of favourites.
fn remember(desk: &Desk, favourites: &str) {
    let state = desk.home.path().join(".local/state/ec2dash");
    std::fs::create_dir_all(&state).unwrap();
    std::fs::write(state.join("state.json"), format!("{{\"favourites\": {favourites}}}")).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_favourite_is_a_target_and_a_list_by_itself() {
    let desk = Desk::new(&[]).await;
    let marked = r#"{"i-0123456789abcdef0": {"name": "web-1", "region": "ap-northeast-2", "profile": null}}"#;
    remember(&desk, marked);
    let config = desk.home.path().join("config.toml");
    std::fs::write(&config, "favourites = [\"bastion\"]\n").unwrap();
    let run = |arguments: &[&str]| desk.run(&[&["--config", config.to_str().unwrap()], arguments].concat());

    let listed = run(&["ls", "--favourites", "-o", "csv", "--columns", "name", "--sort", "name"]);
    assert_eq!(listed.lines(), ["name", "bastion", "web-1"], "{listed:?}");
    for target in ["@web-1", "@i-0123", "@i-0123456789abcdef0"] {
        let told = run(&["show", target, "--region", "us-east-1", "-o", "ids"]);
        assert_eq!(told.stdout, "i-0123456789abcdef0\n", "{target} where it was, whatever region is listed: {told:?}");
    }
    let named = run(&["exec", "@bastion", "@web-1", "--dry-run", "--", "true"]);
    assert!(named.stdout.contains("web-1 (i-0123456789abcdef0)") && named.stdout.contains("bastion ("), "{named:?}");

    let missing = run(&["show", "@web-2"]);
    assert_eq!(missing.code, Some(3));
    assert!(missing.stderr.contains("No favourite is called \"web-2\"."), "{missing:?}");
    assert!(missing.stderr.contains("There are: @web-1 @bastion"), "{missing:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_favourites_of_one_name_are_told_apart_by_their_ids() {
    let desk = Desk::new(&[]).await;
    let of = |id: &str| format!(r#""{id}": {{"name": "web", "region": "ap-northeast-2"}}"#);
    remember(&desk, &format!("{{{}, {}}}", of("i-0123456789abcdef0"), of("i-0fedcba9876543210")));

    let told = desk.run(&["show", "@web"]);

    assert_eq!(told.code, Some(3));
    assert!(told.stderr.contains("Say which: @i-0123456789abcdef0 @i-0fedcba9876543210"), "{told:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_near_miss_is_told_with_the_nearest_and_the_form_that_would_have_matched() {
    let desk = Desk::new(&[]).await;
    for (typed, expected) in [
        ("web", ["web-1  i-0123456789abcdef0", "ec2dash ls name:web"]),
        ("db-replica", ["'db-replica (do not touch)'  i-", "ec2dash ls name:db-replica"]),
        ("i-0123", ["i-012345  web-1  i-0123456789abcdef0", "6 digits"]),
        ("wbe-1", ["web-1  i-0123456789abcdef0", "ec2dash ls"]),
        ("10.0.1.", ["web-1  i-0123456789abcdef0", "ec2dash ls ip:10.0.1."]),
        ("team=shpo", ["team=shop", "ec2dash ls team="]),
    ] {
        for command in [&["show"][..], &["connect"], &["proxy"], &["exec"], &["config", "check", "--target"]] {
            let rest: &[&str] = if command == ["exec"] { &["--", "true"] } else { &[] };
            let told = desk.run(&[command, &[typed], rest].concat());

            assert!(matches!(told.code, Some(3 | 255)), "{command:?} {typed}: {told:?}");
            for part in expected {
                assert!(told.stderr.contains(part), "{command:?} {typed}: {part} is not in\n{}", told.stderr);
            }
            assert!(told.stderr.lines().count() < 14, "{}", told.stderr);
        }
    }
    let nothing = desk.run(&["show", "no-such"]);
    assert!(
        !nothing.stderr.contains("nearest") && nothing.stderr.contains("See what is there: ec2dash ls"),
        "{}",
        nothing.stderr
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_and_a_value_are_a_tag_for_every_command() {
    let desk = Desk::new(&[]).await;

    let listed = desk.run(&["ls", "-o", "ids", "team=shop", "state:running|stopped"]);
    let planned = desk.run(&["exec", "team=shop", "--dry-run", "-o", "json", "--", "true"]);
    let shown = desk.run(&["show", "team=shop"]);
    let one = desk.run(&["show", "Name=web-1", "-o", "ids"]);

    let expected: BTreeSet<String> = listed.lines().iter().map(|id| (*id).to_owned()).collect();
    assert!(expected.len() > 1, "{listed:?}");
    let text = planned.stdout.clone();
    assert!(expected.iter().all(|id| text.contains(id.as_str())), "{planned:?}");
    assert!(shown.stderr.contains("instances are called \"team=shop\""), "{}", shown.stderr);
    assert_eq!(one.stdout, "i-0123456789abcdef0\n");

    desk.rename("team=shop");
    assert_eq!(desk.run(&["show", "team=shop", "-o", "ids"]).stdout, "i-0123456789abcdef0\n", "a name comes first");
    let ran = desk.run(&["exec", "team=shop", "--", "echo it ran"]);
    assert_eq!((ran.stdout.as_str(), ran.code), ("it ran\n", Some(0)), "{ran:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shell_without_a_terminal_is_refused_where_nothing_may_be_asked() {
    let desk = Desk::new(&[]).await;

    let told = desk.run(&["connect", "web-1", "--no-input"]);

    assert_eq!((told.code, told.stdout.as_str()), (Some(2), ""), "{told:?}");
    assert!(told.stderr.contains("ec2dash exec web-1 -- CMD"), "{}", told.stderr);
    assert_eq!(desk.actions(), BTreeSet::new());
    assert_eq!(desk.run(&["connect", "web-1", "--no-input", "--dry-run"]).code, Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stopped_instance_is_refused_alike_with_and_without_a_dry_run() {
    let desk = Desk::new(&[]).await;

    let connected = desk.run(&["connect", "batch-worker-1"]);
    let planned = desk.run(&["connect", "batch-worker-1", "--dry-run"]);
    let executed = desk.run(&["exec", "batch-worker-1", "--", "true"]);
    let planned_command = desk.run(&["exec", "batch-worker-1", "--dry-run", "--", "true"]);

    // A session command has one code for all failures of ours, and a plan is none.
    assert_eq!((connected.code, planned.code), (Some(255), Some(6)), "{connected:?} {planned:?}");
    assert_eq!((executed.code, planned_command.code), (Some(255), Some(6)), "{executed:?} {planned_command:?}");
    assert_eq!(connected.stderr, planned.stderr);
}

#[tokio::test(flavor = "multi_thread")]
async fn quiet_keeps_ssh_quiet_too_and_not_what_went_wrong() {
    let desk = Desk::new(&[]).await;

    let usual = desk.run(&["exec", "web-1", "--", "true"]);
    desk.run(&["known-hosts", "forget", "i-0123456789abcdef0"]);
    let quiet = desk.run(&["-q", "exec", "web-1", "--", "true"]);
    let failed = desk.run(&["-q", "ssh", "web-1", "-m", "ssh", "-u", "nobody-here", "--", "true"]);

    assert_eq!((usual.code, quiet.code), (Some(0), Some(0)), "{usual:?} {quiet:?}");
    assert!(usual.stderr.contains("Permanently added"), "{}", usual.stderr);
    assert_eq!(quiet.stderr, "");
    assert!(failed.code == Some(255) && failed.stderr.contains("error["), "{failed:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_config_tells_all_remarks_at_once_and_the_rules_of_an_instance_by_its_name() {
    let desk = Desk::new(&[]).await;
    let config = desk.home.path().join("odd.toml");
    let path = config.to_str().unwrap();
    fs::write(&config, "colour = 1\nrefresh = \"x\"\n[connect]\nport = 0\n[keys]\nconect = [\"c\"]\n").unwrap();

    let told = desk.run(&["--config", path, "config", "check"]);

    assert_eq!(told.code, Some(2), "{told:?}");
    for place in ["line 1", "line 2", "line 4", "line 6"] {
        assert!(told.stderr.contains(place), "{place}: {}", told.stderr);
    }
    fs::write(&config, "[[rule]]\nmatch = { name = \"web-*\" }\nport = 2222\n").unwrap();
    let by_name = desk.run(&["--config", path, "config", "check", "web-1"]);
    let by_flag = desk.run(&["--config", path, "config", "check", "--target", "web-1"]);
    assert!(by_name.stdout.contains("port = 2222"), "{by_name:?}");
    assert_eq!(by_name.stdout, by_flag.stdout);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_region_that_does_not_exist_is_not_called_off() {
    let desk = Desk::new(&[]).await;

    let unknown = desk.run(&["ls", "--region", "eu-wset-1"]);
    let off = desk.run(&["ls", "--region", "ap-east-1"]);

    assert_eq!(unknown.code, Some(2), "{unknown:?}");
    assert!(
        unknown.stderr.contains("no region called eu-wset-1") && unknown.stderr.contains("Did you mean eu-west-1?"),
        "{}",
        unknown.stderr
    );
    assert!(!unknown.stderr.contains("not enabled") && off.stderr.contains("ap-east-1 is not enabled"), "{}", off.stderr);
}
