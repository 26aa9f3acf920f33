//! What OpenSSH makes of the command line.

use super::*;

/// What OpenSSH itself makes of a command line, option by option in lower case.
fn as_ssh_reads(arguments: &[OsString]) -> Vec<String> {
    let output = Command::new("ssh").arg("-G").args(arguments).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).lines().map(str::to_owned).collect()
}

/// A path wherever one is wanted.
fn filled(blank: Blank, path: &str) -> Option<Vec<PathBuf>> {
    Some(vec![match blank {
        Blank::HostKeyChecking => "accept-new".into(),
        Blank::HostKeyCommand => "none".into(),
        _ => path.into(),
    }])
}

#[test]
fn openssh_reads_back_every_path_as_it_is() {
    for path in ["/plain/k", "/a b/k", "/per%cent/%h", "/it's/k", "/say \"x\"/k", "/back\\slash/k", "/#hash/k", "/한글/k"] {
        let mut making = Making::by(Method::Ssh);
        making.settings.use_ssh_config = false;
        let plan = making.plan().unwrap();
        let Some(Step::Exec { arguments, .. }) = plan.steps.last() else { panic!() };
        let argv: Vec<OsString> = arguments.iter().filter_map(|argument| argument.filled(&|blank| filled(blank, path))).collect();

        let read = as_ssh_reads(&argv);

        assert!(read.contains(&format!("userknownhostsfile {path}")), "{path}: {read:?}");
        assert!(read.contains(&format!("hostkeyalias {ID}")));
        assert!(read.contains(&"identitiesonly yes".to_owned()));
    }
}

#[test]
fn openssh_reads_back_what_is_filled_in() {
    let mut making = Making::by(Method::Eic);
    making.settings.use_ssh_config = false;
    let plan = making.plan().unwrap();
    let Some(Step::Exec { arguments, .. }) = plan.steps.last() else { panic!() };
    let fill = |blank: Blank| match blank {
        Blank::AgentSocket => Some(vec!["/run/a b/agent".into()]),
        Blank::PublicKey => Some(vec!["/run/a b/key.pub".into()]),
        Blank::KnownHosts => Some(vec!["/run/x/known_hosts".into(), "/state/known hosts".into()]),
        Blank::HostKeyChecking => Some(vec!["yes".into()]),
        Blank::HostKeyCommand => Some(vec!["\"/opt/ec2 dash\" \"/run/a%%b\" %H %t %K".into()]),
        Blank::UserAgent => None,
    };
    let argv: Vec<OsString> = arguments.iter().map(|argument| argument.filled(&fill).unwrap()).collect();

    let read = as_ssh_reads(&argv);

    for line in [
        "identityagent /run/a b/agent",
        "identityfile /run/a b/key.pub",
        "userknownhostsfile /run/x/known_hosts /state/known hosts",
        "user ec2-user",
        "hostname 3.36.112.8",
        "port 22",
        "forwardagent no",
        "passwordauthentication no",
        "stricthostkeychecking true",
        "knownhostscommand \"/opt/ec2 dash\" \"/run/a%%b\" %H %t %K",
    ] {
        assert!(read.contains(&line.to_owned()), "{line}: {read:?}");
    }
}

#[test]
fn ours_win_over_the_users_arguments_and_their_jump_stays() {
    let mut making = Making::by(Method::Eic);
    making.settings.use_ssh_config = false;
    making.extras.ssh_arguments = ["-o", "HostKeyAlias=evil", "-o", "ProxyJump=bastion"].map(OsString::from).to_vec();
    let plan = making.plan().unwrap();
    let Some(Step::Exec { arguments, .. }) = plan.steps.last() else { panic!() };
    let argv: Vec<OsString> = arguments.iter().filter_map(|argument| argument.filled(&|blank| filled(blank, "/x"))).collect();

    let read = as_ssh_reads(&argv);

    assert!(read.contains(&format!("hostkeyalias {ID}")));
    assert!(read.contains(&"proxyjump bastion".to_owned()), "{read:?}");
}

/// The table of all options: name in lower case, and who decides it.
fn table() -> Vec<(String, &'static str)> {
    let lines = include_str!("../ssh_options.txt").lines().filter(|line| !line.starts_with('#'));
    lines
        .map(|line| {
            let [name, whose, why] = line.split(" | ").collect::<Vec<_>>()[..] else { panic!("{line}") };
            assert!(!why.is_empty() && ["ours", "command", "key", "session", "user"].contains(&whose), "{line}");
            (name.to_lowercase(), whose)
        })
        .collect()
}

/// The options of a command line in lower case, those that stand in it by other means included.
fn options_of(making: &Making) -> BTreeSet<String> {
    let argv = making.argv();
    let named = argv.windows(2).filter(|pair| pair[0] == "-o").filter_map(|pair| pair[1].split_once('='));
    named.map(|(name, _)| name.to_lowercase()).chain(["port".to_owned(), "user".to_owned()]).collect()
}

#[test]
fn every_option_of_ssh_is_in_the_table_and_ours_are_on_the_command_line() {
    let table = table();
    let whose = |asked: &[&str]| -> BTreeSet<String> {
        table.iter().filter(|(_, whose)| asked.contains(whose)).map(|(name, _)| name.clone()).collect()
    };

    let mut with_key_file = Making::by(Method::Ssh);
    assert_eq!(options_of(&with_key_file), whose(&["ours"]));
    assert_eq!(options_of(&Making::by(Method::Eic)), whose(&["ours", "key"]));
    with_key_file.extras.command = vec!["ls".into()];
    assert_eq!(options_of(&with_key_file), whose(&["ours", "command"]));
    let by_session = options_of(&by_session(Method::SsmSsh));
    assert!(whose(&["ours"]).is_subset(&by_session) && by_session.contains("proxycommand"), "{by_session:?}");

    let known = whose(&["ours", "command", "key", "session", "user"]);
    // The names of the other GSSAPI options are a patch of some distributions.
    let here = as_ssh_reads(&["-F".into(), "none".into(), "host".into()]);
    let here = here.iter().filter_map(|line| line.split(' ').next()).map(str::to_lowercase);
    let missing: Vec<String> = here.filter(|name| !known.contains(name) && !name.starts_with("gssapi")).collect();
    assert_eq!(missing, Vec::<String>::new());
}

#[test]
fn an_older_ssh_gets_no_option_that_it_does_not_know() {
    let options = |major, minor| {
        let mut making = Making::by(Method::Eic);
        making.local.ssh = SshClient::Usable(crate::access::SshVersion { major, minor });
        options_of(&making)
    };
    let later = |options: &BTreeSet<String>| {
        ["knownhostscommand", "sessiontype", "stdinnull", "forkafterauthentication"].map(|name| options.contains(name))
    };

    assert_eq!(later(&options(8, 4)), [false; 4]);
    assert_eq!(later(&options(8, 6)), [true, false, false, false]);
    assert_eq!(later(&options(10, 0)), [true; 4]);
}

#[test]
fn a_hostile_ssh_config_changes_nothing_that_is_ours() {
    let directory = tempfile::tempdir().unwrap();
    let config = directory.path().join("config");
    std::fs::write(&config, include_str!("../hostile_ssh_config.txt")).unwrap();
    let mut making = Making::by(Method::Ssh);
    making.extras.command = vec!["ls".into()];
    let read = |before: &[OsString], making: &Making| {
        let plan = making.plan().unwrap();
        let Some(Step::Exec { arguments, .. }) = plan.steps.last() else { panic!() };
        let fill = |blank: Blank| filled(blank, "/x");
        let argv = arguments.iter().filter_map(|argument| argument.filled(&fill));
        as_ssh_reads(&before.iter().cloned().chain(argv).collect::<Vec<_>>())
    };

    let hostile = read(&["-F".into(), config.into()], &making);
    making.settings.use_ssh_config = false;
    let alone = read(&[], &making);

    let ours: Vec<String> =
        table().into_iter().filter(|(_, whose)| matches!(*whose, "ours" | "command")).map(|(name, _)| name).collect();
    let of = |lines: &[String]| -> Vec<String> {
        let is_ours =
            |line: &&String| ours.iter().any(|name| line.split(' ').next() == Some(name)) && !line.starts_with("identityfile");
        lines.iter().filter(is_ours).cloned().collect()
    };
    assert_eq!(of(&hostile), of(&alone));
    assert!(of(&alone).len() > 20, "{alone:?}");
}
