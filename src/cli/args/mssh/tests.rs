//! The rows of docs/instance-connect.md, section 2, that are about the command line.

use super::*;

fn words(line: &[&str]) -> Vec<OsString> {
    line.iter().map(OsString::from).collect()
}

fn mssh(line: &[&str]) -> Mssh {
    Mssh::read(Client::Ssh, &words(line)).unwrap()
}

fn msftp(line: &[&str]) -> Mssh {
    Mssh::read(Client::Sftp, &words(line)).unwrap()
}

fn of(host: &str) -> Mssh {
    Mssh { host: host.to_owned(), ..Mssh::default() }
}

const ID: &str = "i-0123456789abcdef0";

#[test]
fn their_own_flags_stand_before_the_target_short_long_and_abbreviated() {
    let wanted = Mssh {
        profile: Some("prod".to_owned()),
        region: Some(RegionChoice::One("us-east-1".parse().unwrap())),
        zone: Some("us-east-1a".to_owned()),
        id: Some(ID.parse().unwrap()),
        is_verbose: true,
        ..of("10.0.1.5")
    };
    for line in [
        &["-u", "prod", "-r", "us-east-1", "-z", "us-east-1a", "-t", ID, "-d", "10.0.1.5"][..],
        &["-uprod", "-rus-east-1", "-zus-east-1a", "-dt", "I-0123456789ABCDEF0", "10.0.1.5"],
        &["--profile", "prod", "--region=us-east-1", "--zone", "us-east-1a", "--instance_id", ID, "--debug", "10.0.1.5"],
        &["--prof=prod", "--reg", "us-east-1", "--z=us-east-1a", "--instance-id", ID, "--d", "--", "10.0.1.5"],
    ] {
        assert_eq!(mssh(line), wanted, "{line:?}");
    }
}

#[test]
fn the_user_is_that_of_the_target_else_that_of_the_flag_joined_or_not() {
    let user = |name: &str| Some(name.parse().unwrap());
    assert_eq!(mssh(&["ubuntu@web-1"]), Mssh { user: user("ubuntu"), ..of("web-1") });
    assert_eq!(mssh(&["-l", "admin", ID]), Mssh { user: user("admin"), ..of(ID) });
    assert_eq!(mssh(&["-ladmin", ID]), Mssh { user: user("admin"), ..of(ID) });
    assert_eq!(mssh(&["-l", "admin", "Ubuntu@web-1"]), Mssh { user: user("Ubuntu"), ..of("web-1") });
    assert_eq!(mssh(&["web-1", "-l", "admin", "id"]).user, user("admin"));
    // The last one parts them: one of a directory has its domain behind an `@`.
    assert_eq!(mssh(&["jane@corp.example@web-1"]), Mssh { user: user("jane@corp.example"), ..of("web-1") });
    assert_eq!(mssh(&["-l", "jane@corp.example", ID]).user, user("jane@corp.example"));
    let sftp = msftp(&["jane@corp.example@web-1:a@b"]);
    assert_eq!((sftp.user, sftp.host.as_str(), sftp.path), (user("jane@corp.example"), "web-1", Some("a@b".into())));
    for odd in ["a@@web-1", "@web-1", "a@b@"] {
        let refused = Err(Misused::Value { flag: "TARGET".to_owned(), value: odd.to_owned() });
        assert_eq!(Mssh::read(Client::Ssh, &words(&[odd])), refused);
    }
}

#[test]
fn every_form_of_a_target_is_taken() {
    for target in [ID, "web-1", "10.0.1.5", "2001:db8::7", "ip-10-0-1-5.ec2.internal", "ec2-3-36-112-8.compute.amazonaws.com"] {
        assert_eq!(mssh(&[target]), of(target));
    }
    assert_eq!(mssh(&["ec2-user@[2001:db8::7]"]).host, "2001:db8::7");
}

#[test]
fn other_flags_are_sshs_with_its_arity() {
    let wanted = Mssh { options: words(&["-A", "-v", "-N", "-L", "8080:x:80", "-o", "LogLevel=DEBUG"]), ..of(ID) };
    for line in [
        &["-A", "-v", "-N", "-L", "8080:x:80", "-o", "LogLevel=DEBUG", ID][..],
        &["-AvNL8080:x:80", "-oLogLevel=DEBUG", ID],
        &["-AvNL", "8080:x:80", ID, "-o", "LogLevel=DEBUG"],
    ] {
        assert_eq!(mssh(line), wanted, "{line:?}");
    }
    // A flag without a value does not swallow the target.
    assert_eq!(mssh(&["-A", ID, "ls"]), Mssh { options: words(&["-A"]), command: words(&["ls"]), ..of(ID) });
}

#[test]
fn the_port_is_ours_however_it_is_said() {
    for line in [&["-p", "2222", ID][..], &["-p2222", ID], &["-o", "Port=2222", ID], &["-oport 2222", ID], &["-vp", "2222", ID]] {
        assert_eq!(mssh(line).port, Some(2222), "{line:?}");
    }
    assert_eq!(mssh(&["-p", "22", "-o", "Port=2222", ID]).port, Some(22), "of two ssh takes the first");
    assert_eq!(mssh(&["-o", "PortX=1", ID]).port, None);
    assert_eq!(msftp(&["-P", "2222", ID]).port, Some(2222));
    assert_eq!(
        Mssh::read(Client::Ssh, &words(&["-p", "0", ID])),
        Err(Misused::Value { flag: "-p".to_owned(), value: "0".to_owned() }),
    );
}

#[test]
fn a_key_that_is_named_is_the_one_that_is_used() {
    assert_eq!(mssh(&["-i", "~/k.pem", ID]).identity, Some("~/k.pem".into()));
    assert_eq!(mssh(&["-ik.pem", ID]).identity, Some("k.pem".into()));
    let two = mssh(&["-i", "one", "-i", "two", ID]);
    assert_eq!((two.identity, two.options), (Some("one".into()), words(&["-i", "two"])));
}

#[test]
fn nothing_behind_the_target_is_theirs() {
    assert_eq!(mssh(&[ID, "uname", "-r"]).command, words(&["uname", "-r"]));
    assert_eq!(mssh(&[ID, "ls", "-d", "x"]), Mssh { command: words(&["ls", "-d", "x"]), ..of(ID) });
    assert_eq!(mssh(&[ID, "--", "-z", "a b"]).command, words(&["-z", "a b"]));
    // There, -t is ssh's.
    assert_eq!(mssh(&[ID, "-t", "top"]), Mssh { options: words(&["-t"]), command: words(&["top"]), ..of(ID) });
}

#[test]
fn msftp_has_a_path_behind_the_first_colon() {
    let path = |path: &str| Some(path.into());
    for (target, host, wanted) in [
        ("i-0123456789abcdef0:/var/log", ID, path("/var/log")),
        ("ec2-user@web-1:a:b@c", "web-1", path("a:b@c")),
        ("web-1:", "web-1", None),
        ("web-1", "web-1", None),
        ("2001:db8::7", "2001:db8::7", None),
        ("ec2-user@[2001:db8::7]:x", "2001:db8::7", path("x")),
    ] {
        let read = msftp(&["-b", "batch", "-rus-east-1", target]);
        assert_eq!((read.host.as_str(), read.path), (host, wanted), "{target}");
    }
    assert_eq!(msftp(&["-pCb", "batch", "-l", "800", "web-1"]).options, words(&["-p", "-C", "-b", "batch", "-l", "800"]));
    assert_eq!(Mssh::read(Client::Sftp, &words(&["web-1", "x"])), Err(Misused::TooMuch("x".to_owned())));
}

#[test]
fn what_is_none_of_theirs_is_told() {
    let wrong = |line: &[&str]| Mssh::read(Client::Ssh, &words(line)).unwrap_err();
    assert_eq!(wrong(&[]), Misused::NoTarget);
    assert_eq!(wrong(&["-v", "--"]), Misused::NoTarget);
    assert_eq!(wrong(&["--nothing", ID]), Misused::Unknown("--nothing".to_owned()));
    assert_eq!(wrong(&["-h", ID]), Misused::Unknown("-h".to_owned()));
    assert_eq!(wrong(&["-t"]), Misused::NoValue("-t".to_owned()));
    assert_eq!(wrong(&["--region", "mars", ID]), Misused::Value { flag: "--region".to_owned(), value: "mars".to_owned() });
    assert_eq!(wrong(&["-t", "web-1", ID]), Misused::Value { flag: "-t".to_owned(), value: "web-1".to_owned() });
    assert_eq!(wrong(&["ubuntu@"]), Misused::Value { flag: "TARGET".to_owned(), value: "ubuntu@".to_owned() });
}

#[test]
fn their_names_are_a_command_of_ours() {
    let takes_value = |word: &OsStr| word == "--lang";
    let ours = |line: &[&str]| as_ours(words(line), takes_value);
    assert_eq!(ours(&["/usr/local/bin/mssh", "-t", "x"]), words(&["ec2dash", "mssh", "--", "-t", "x"]));
    assert_eq!(ours(&["msftp", "web-1:"]), words(&["ec2dash", "msftp", "--", "web-1:"]));
    assert_eq!(ours(&["ec2dash", "mssh", "-v", "x"]), words(&["ec2dash", "mssh", "--", "-v", "x"]));
    assert_eq!(
        ours(&["ec2dash", "--demo", "--lang", "ko", "mssh", "-v"]),
        words(&["ec2dash", "--demo", "--lang", "ko", "mssh", "--", "-v"]),
    );
    assert_eq!(ours(&["mssh", "--help"]), words(&["ec2dash", "mssh", "--help"]));
    for other in [&["ec2dash", "ls", "mssh"][..], &["ec2dash"], &["ec2dash", "--", "mssh"], &["ec2dash", "--lang", "mssh"]] {
        assert_eq!(ours(other), words(other));
    }
}
