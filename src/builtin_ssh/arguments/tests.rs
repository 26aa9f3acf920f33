//! What of a command line is understood, and what is refused.

use super::*;

fn read(line: &str) -> Result<Call, Unsupported> {
    Call::read(line.split_whitespace().map(OsString::from).collect())
}

fn refused(line: &str) -> String {
    read(line).unwrap_err().0
}

#[test]
fn the_first_of_an_option_counts_and_flags_are_options() {
    let call = read("-o Port=2222 -p 22 -o StrictHostKeyChecking=accept-new -o StrictHostKeyChecking=yes -- u@10.0.0.1").unwrap();

    assert_eq!((call.user.as_str(), call.host.as_str(), call.port), ("u", "10.0.0.1", 2222));
    assert_eq!(call.checking, Checking::AcceptNew);
    assert_eq!(read("-- u@h").unwrap().checking, Checking::Yes, "nothing is taken on trust without being told so");
}

#[test]
fn what_runs_there_is_told_by_flags_and_words() {
    for (line, work, terminal) in [
        ("-- u@h", Work::Shell, Terminal::Auto),
        ("-tt -- u@h", Work::Shell, Terminal::Force),
        ("-t -- u@h top -b", Work::Command(b"top -b".to_vec()), Terminal::Yes),
        ("-T -s -- u@h sftp", Work::Subsystem("sftp".to_owned()), Terminal::No),
        ("-N -- u@h", Work::Nothing, Terminal::Auto),
        ("-a -x -T -W [fd00::1]:22 -- u@h", Work::Stdio { host: "fd00::1".to_owned(), port: 22 }, Terminal::No),
    ] {
        let call = read(line).unwrap();
        assert_eq!((call.work, call.terminal), (work, terminal), "{line}");
    }
}

#[test]
fn forwardings_are_read_in_every_form_and_cleared() {
    let port = |host: &str, port| Near::Port { host: host.to_owned(), port };
    let to = |host: &str, port| Far::Port { host: host.to_owned(), port };
    for (line, from, led) in [
        ("-L 80:db:5432", port("localhost", 80), to("db", 5432)),
        ("-L [::1]:80:[fd00::1]:5432", port("::1", 80), to("fd00::1", 5432)),
        ("-L/tmp/s:db:5432", Near::Socket("/tmp/s".into()), to("db", 5432)),
        ("-L 2375:/var/run/docker.sock", port("localhost", 2375), Far::Socket("/var/run/docker.sock".to_owned())),
        ("-D 127.0.0.1:1080", port("127.0.0.1", 1080), Far::Asked),
    ] {
        let call = read(&format!("-N {line} -- u@h")).unwrap();
        assert_eq!(call.forwards, [Forward { from, to: led }], "{line}");
    }
    assert_eq!(read("-o ClearAllForwardings=yes -L 80:db:1 -- u@h").unwrap().forwards, []);
    for line in ["-L 80", "-L 0:db:1", "-L 80:db", "-L [::1:80:db:1", "-D x", "-W db"] {
        assert!(read(&format!("{line} -- u@h")).is_err(), "{line}");
    }
}

#[test]
fn paths_come_out_of_their_quotes() {
    let words = ["-o", "UserKnownHostsFile=\"/a b/known%%\" /c", "-o", "IdentityAgent=no", "--", "u@h"].map(OsString::from);

    let call = Call::read(words.into()).unwrap();

    assert_eq!(call.known_hosts, ["/a b/known%", "/c"].map(PathBuf::from));
    assert_eq!(call.agent, None);
}

#[test]
fn what_it_does_not_do_is_refused_and_named() {
    for (line, named) in [
        ("-v -- u@h", "-v"),
        ("-NC -- u@h", "-NC"),
        ("-R 80:x:80 -- u@h", "-R"),
        ("-o Ciphers=aes128-cbc -- u@h", "-o Ciphers=aes128-cbc"),
        ("-o HostName=evil -- u@h", "-o HostName=evil"),
        ("-F config -- u@h", "-F config"),
        ("-o Port=x -- u@h", "-o port=x"),
    ] {
        assert_eq!(refused(line), named);
    }
    assert!(unsupported(&["-N", "-L", "80:db:1"].map(OsString::from)).is_none());
    assert_eq!(unsupported(&["-X"].map(OsString::from)).unwrap().0, "-X");
    for line in ["", "-N", "-- host", "-- @h", "-- u@", "-o"] {
        assert!(read(line).is_err(), "{line}");
    }
}
