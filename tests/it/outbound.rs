//! Through proxies of HTTP, HTTP under TLS and SOCKS5: every call and every channel, and what is said of those that let nothing through.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

use crate::proxy::{Desk, noise, server};
use crate::support::outbound_proxy::{Conduct, OutboundProxy, Speech, certificate};
use crate::support::tools::ClosedPort;

/// The database of the demo: its way in is the endpoint.
const DB: &str = "i-03b2c1d0e9f8a7b65";
const LOGIN: &str = "jane:correct-horse";

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn port(desk: &Desk) -> u16 {
    desk.sim.endpoint().rsplit_once(':').unwrap().1.trim_end_matches('/').parse().unwrap()
}

/// The cloud's authority in a file to which others are added.
fn bundle(desk: &Desk) -> PathBuf {
    let (_, theirs) = desk.sim.environment().into_iter().find(|(name, _)| *name == "AWS_CA_BUNDLE").unwrap();
    let ours = desk.home.path().join("bundle.pem");
    fs::copy(theirs, &ours).unwrap();
    ours
}

/// A command whose calls end at a closed port, unless something on the way leads them elsewhere.
fn astray(desk: &Desk, closed: &ClosedPort, arguments: &[&str]) -> Command {
    let config = fs::read_to_string(desk.sim.directory().join("aws-config")).unwrap();
    let own = desk.home.path().join("aws-config");
    let bare: String = config.lines().filter(|line| !line.starts_with("ca_bundle")).map(|line| format!("{line}\n")).collect();
    fs::write(&own, bare).unwrap();
    let mut command = desk.plain(arguments);
    command.env("AWS_CONFIG_FILE", own).env("AWS_ENDPOINT_URL", format!("https://127.0.0.1:{}", closed.number()));
    command
}

fn run(mut command: Command) -> (Output, String) {
    let output = command.output().unwrap();
    let said = text(&output.stderr);
    (output, said)
}

/// Each kind of proxy, with and without a login, that leads everything to the cloud.
async fn kinds(desk: &Desk, conduct: Conduct) -> Vec<(OutboundProxy, &'static str)> {
    let sealed = certificate("127.0.0.1", &bundle(desk));
    let mut kinds = Vec::new();
    for speech in [Speech::Http, Speech::Https(sealed), Speech::Socks] {
        for (login, said) in [(None, ""), (Some(LOGIN), "jane:correct-horse@")] {
            kinds.push((OutboundProxy::start(speech.clone(), login, conduct).await, said));
        }
    }
    kinds
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_and_data_channels_go_through_every_kind_of_proxy_and_bytes_come_whole() {
    let desk = Desk::over_tls(&[]).await;
    let closed = ClosedPort::new();
    let input = desk.home.path().join("bytes");
    let bytes = noise(300_000);
    fs::write(&input, &bytes).unwrap();
    for (proxy, login) in kinds(&desk, Conduct::LeadsTo(port(&desk))).await {
        for method in ["ssm-ssh", "eice"] {
            let target = if method == "eice" { DB } else { "web-1" };
            let before = proxy.asked().len();
            let mut command = astray(&desk, &closed, &["exec", target, "--method", method, "--", "cat; exit 7"]);
            command.env("AWS_CA_BUNDLE", desk.home.path().join("bundle.pem")).env("HTTPS_PROXY", proxy.url(login));
            command.stdin(fs::File::open(&input).unwrap());

            let (output, said) = run(command);

            assert_eq!(output.status.code(), Some(7), "{} {method}: {said}", proxy.url(login));
            assert!(output.stdout == bytes, "{} bytes came back", output.stdout.len());
            let asked = proxy.asked().split_off(before);
            let calls = format!("127.0.0.1:{}", closed.number());
            let (calls, channels): (Vec<_>, Vec<_>) = asked.into_iter().partition(|target| *target == calls);
            assert!(!calls.is_empty(), "no call went through {}", proxy.url(login));
            // A channel is elsewhere than the calls.
            assert_eq!(channels.len(), 1, "{}: {channels:?}", proxy.url(login));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_that_is_wanted_or_not_taken_is_told_and_never_shown() {
    let desk = Desk::over_tls(&[]).await;
    let closed = ClosedPort::new();
    let proxies = kinds(&desk, Conduct::LeadsTo(port(&desk))).await;
    for (proxy, _) in proxies.iter().filter(|(_, login)| !login.is_empty()) {
        for (login, cause) in
            [("", "it wants a user name and a password"), ("jane:canary@", "it does not take the user name and the password")]
        {
            let mut command = astray(&desk, &closed, &["whoami"]);
            command.env("AWS_CA_BUNDLE", desk.home.path().join("bundle.pem")).env("ALL_PROXY", proxy.url(login));

            let (output, said) = run(command);

            assert_eq!(output.status.code(), Some(1), "{said}");
            let expected = format!("The proxy {} does not connect to 127.0.0.1:{}: {cause}", proxy.authority(), closed.number());
            assert!(said.contains("error[proxy]") && said.contains(&expected), "{}: {said}", proxy.url(login));
            assert!(!said.contains("canary") && proxy.asked().is_empty(), "{said}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_that_refuses_says_why_in_words() {
    let desk = Desk::over_tls(&[]).await;
    let closed = ClosedPort::new();
    for (speech, status, reply, cause) in [
        (Speech::Http, 403, 0, "it refuses to (403 Not today)"),
        (Speech::Http, 502, 0, "it refuses to (502 Not today)"),
        (Speech::Socks, 0, 1, "it failed and does not say why"),
        (Speech::Socks, 0, 2, "it refuses to"),
        (Speech::Socks, 0, 3, "the network there cannot be reached"),
        (Speech::Socks, 0, 4, "the host cannot be reached from there"),
        (Speech::Socks, 0, 5, "the host refuses the connection"),
        (Speech::Socks, 0, 8, "it does not know this kind of address"),
        (Speech::Socks, 0, 99, "its answer is not one of a SOCKS5 proxy"),
    ] {
        let proxy = OutboundProxy::start(speech, None, Conduct::Refuses(status, reply)).await;
        let mut command = astray(&desk, &closed, &["whoami"]);
        command.env("AWS_CA_BUNDLE", bundle(&desk)).env("HTTPS_PROXY", proxy.url(""));

        let (output, said) = run(command);

        assert_eq!(output.status.code(), Some(1), "{said}");
        assert!(
            said.contains("error[proxy]") && said.lines().any(|line| line.ends_with(&format!(": {cause}"))),
            "{cause}: {said}"
        );
        assert!(!proxy.asked().is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_channel_that_a_proxy_refuses_is_told_where_calls_go_past_it() {
    let desk = Desk::over_tls(&[]).await;
    let cloud = port(&desk);
    let past = server(move |mut stream| {
        let mut there = std::net::TcpStream::connect(("127.0.0.1", cloud)).unwrap();
        let (mut from, mut back) = (there.try_clone().unwrap(), stream.try_clone().unwrap());
        std::thread::spawn(move || std::io::copy(&mut from, &mut back));
        let _ = std::io::copy(&mut stream, &mut there);
    });
    let unknown = certificate("127.0.0.1", &desk.home.path().join("unknown.pem"));
    for (speech, cause) in [
        (Speech::Socks, "it refuses to"),
        (Speech::Http, "it refuses to (403 Not today)"),
        (Speech::Https(unknown), "is signed by nobody whom this computer trusts"),
    ] {
        let proxy = OutboundProxy::start(speech, None, Conduct::Refuses(403, 2)).await;
        for (target, method) in [("web-1", "ssm-ssh"), (DB, "eice")] {
            let mut command = desk.plain(&["exec", target, "--method", method, "--", "true"]);
            command.env("AWS_ENDPOINT_URL", format!("https://127.0.0.1:{past}"));
            command.env("HTTPS_PROXY", proxy.url("")).env("NO_PROXY", format!("127.0.0.1:{past}"));

            let (output, said) = run(command);

            assert_eq!(output.status.code(), Some(255), "{said}");
            assert!(said.contains(&proxy.authority()) && said.contains(cause), "{method}: {said}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_certificate_of_the_proxy_itself_is_checked_and_named() {
    let desk = Desk::over_tls(&[]).await;
    let closed = ClosedPort::new();
    let bundle = bundle(&desk);
    let unknown = certificate("127.0.0.1", &desk.home.path().join("unknown.pem"));
    let elsewhere = certificate("elsewhere.example", &bundle);
    for (config, code, next) in [
        (unknown, "unknown-issuer", "It is that of the proxy itself."),
        (elsewhere, "certificate-wrong-name", "Name the proxy in HTTPS_PROXY (or ALL_PROXY) as its certificate does."),
    ] {
        let proxy = OutboundProxy::start(Speech::Https(config), None, Conduct::LeadsTo(port(&desk))).await;
        let mut command = astray(&desk, &closed, &["whoami"]);
        command.env("AWS_CA_BUNDLE", &bundle).env("HTTPS_PROXY", proxy.url(""));

        let (output, said) = run(command);

        assert_eq!(output.status.code(), Some(1), "{said}");
        assert!(said.contains(&format!("error[{code}]")) && said.contains(&proxy.authority()) && said.contains(next), "{said}");
        assert!(proxy.asked().is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_excepted_is_reached_without_the_proxy_by_calls_and_channels() {
    let desk = Desk::over_tls(&[]).await;
    for exceptions in ["127.0.0.1", "localhost, 127.0.0.0/8", "*"] {
        let proxy = OutboundProxy::start(Speech::Socks, None, Conduct::Refuses(0, 2)).await;
        let mut command = desk.plain(&["exec", "web-1", "--method", "ssm-ssh", "--", "echo out"]);
        command.env("HTTPS_PROXY", proxy.url("")).env("NO_PROXY", exceptions);

        let (output, said) = run(command);

        assert_eq!((output.status.code(), text(&output.stdout).as_str()), (Some(0), "out\n"), "{exceptions}: {said}");
        assert_eq!(proxy.asked(), Vec::<String>::new(), "{exceptions}");
    }
    // The port of the calls alone: a channel has another.
    let proxy = OutboundProxy::start(Speech::Socks, None, Conduct::Refuses(0, 2)).await;
    let mut command = desk.plain(&["exec", "web-1", "--method", "ssm-ssh", "--", "echo out"]);
    command.env("HTTPS_PROXY", proxy.url("")).env("NO_PROXY", format!("127.0.0.1:{}", port(&desk)));

    let (output, said) = run(command);

    assert_eq!(output.status.code(), Some(255), "{said}");
    assert!(said.contains("error[stream-proxy]") && !proxy.asked().is_empty(), "{said}");
    assert!(!proxy.asked().contains(&format!("127.0.0.1:{}", port(&desk))), "{:?}", proxy.asked());
}

#[tokio::test(flavor = "multi_thread")]
async fn names_are_looked_up_by_the_proxy_or_here_as_its_address_says() {
    let desk = Desk::over_tls(&[]).await;
    for (scheme, expected) in [("socks5h", "localhost:9"), ("socks5", "127.0.0.1:9")] {
        let proxy = OutboundProxy::start(Speech::Socks, None, Conduct::Refuses(0, 2)).await;
        let mut command = desk.plain(&["whoami"]);
        command.env("AWS_ENDPOINT_URL", "https://localhost:9");
        command.env("HTTPS_PROXY", format!("{scheme}://{}", proxy.authority()));

        let (_, said) = run(command);

        assert!(said.contains("error[proxy]"), "{said}");
        assert!(
            proxy.asked().iter().all(|asked| asked == expected) && !proxy.asked().is_empty(),
            "{scheme}: {:?}",
            proxy.asked()
        );
    }
}
