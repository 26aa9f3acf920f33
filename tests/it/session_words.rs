//! What a user reads when a session of Session Manager waits, does not begin, or ends by a limit.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use ec2dash_sim::{Fault, FleetSource, Options, Preferences, Sim};

use crate::proxy::{WEB, echo, server};
use crate::sessions::Desk;
use crate::support::demo::{LARGE, environment};
use crate::support::pty::Terminal;
use crate::support::tools::ec2dash;

/// The first connection closes after two seconds, and then the credentials at hand are not taken.
const EXPIRES: [&str; 2] = ["ssmmessages:Down=close:2s@1", "ssm:ResumeSession=error:ExpiredTokenException@1"];
const LOGIN: &str = "This waits until you sign in: ec2dash login --profile corp";

/// A simulated cloud, and AWS files of our own whose profile `corp` is signed in or not.
struct Corp {
    sim: Sim,
    home: tempfile::TempDir,
    files: PathBuf,
}

impl Corp {
    async fn new(faults: &[&str]) -> Self {
        let faults = faults.iter().map(|fault| fault.parse::<Fault>().unwrap()).collect();
        let sim = Sim::start(Options { fleet: FleetSource::Demo, faults, ..Options::default() }).await.unwrap();
        let home = tempfile::tempdir().unwrap();
        let files = home.path().join("aws-config");
        let corp = Self { sim, home, files };
        corp.sign_in();
        corp
    }

    fn variable(&self, wanted: &str) -> String {
        let all = self.sim.environment();
        all.into_iter().find(|(name, _)| *name == wanted).unwrap().1
    }

    fn sign_in(&self) {
        let (key, secret) = (self.variable("AWS_ACCESS_KEY_ID"), self.variable("AWS_SECRET_ACCESS_KEY"));
        let region = self.variable("AWS_REGION");
        let profile = format!("[profile corp]\nregion = {region}\naws_access_key_id = {key}\naws_secret_access_key = {secret}\n");
        std::fs::write(&self.files, profile).unwrap();
    }

    /// As when the sign-in has ended: the profile has a way to credentials, and no token to go it with.
    fn sign_out(&self) {
        let region = self.variable("AWS_REGION");
        let profile = format!(
            "[profile corp]\nregion = {region}\nsso_session = haneul\nsso_account_id = 111122223333\nsso_role_name = Dev\n\
             [sso-session haneul]\nsso_region = {region}\nsso_start_url = https://haneul.awsapps.com/start\n"
        );
        std::fs::write(&self.files, profile).unwrap();
    }

    fn environment(&self) -> Vec<(String, String)> {
        let (endpoint, files) = (self.variable("AWS_ENDPOINT_URL"), self.files.display().to_string());
        environment(self.home.path(), &[("AWS_ENDPOINT_URL", &endpoint), ("AWS_CONFIG_FILE", &files), ("AWS_PROFILE", "corp")])
    }

    fn run(&self, arguments: &[&str]) -> Terminal {
        Terminal::start(ec2dash(), arguments, &self.environment(), LARGE)
    }

    fn calls(&self, action: &str) -> usize {
        self.sim.calls().iter().filter(|call| call.action == action).count()
    }
}

/// The screen without its line breaks.
fn flat(screen: &str) -> String {
    screen.replace('\n', "")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shell_whose_credentials_ended_names_the_login_and_goes_on_after_it() {
    let corp = Corp::new(&EXPIRES).await;
    let terminal = corp.run(&["connect", "web-1", "-m", "ssm"]);
    terminal.wait_for("$ ");
    corp.sign_out();

    let screen = terminal.wait_until("the login command", |screen| flat(screen).contains(LOGIN));

    assert!(flat(&screen).contains("[ec2dash] Not signed in to SSO session \"haneul\"."), "{screen}");
    std::thread::sleep(Duration::from_secs(3));
    assert_eq!(flat(&terminal.shown()).matches("ec2dash login").count(), 1, "{}", terminal.shown());
    corp.sign_in();
    terminal.wait_for("[ec2dash] resumed");
    terminal.type_text("echo $((6*7)) on\r");
    terminal.wait_for("\n42 on");
    terminal.type_text("exit\r");
    assert_eq!(terminal.end().code(), Some(0));
    assert_eq!(corp.calls("ssm:StartSession"), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn credentials_that_are_only_due_to_be_renewed_are_nobody_s_business() {
    let corp = Corp::new(&EXPIRES).await;
    let terminal = corp.run(&["connect", "web-1", "-m", "ssm"]);
    terminal.wait_for("$ ");
    let begun = Instant::now();
    while corp.calls("ssm:ResumeSession") < 2 {
        assert!(begun.elapsed() < Duration::from_secs(30), "it was not resumed");
        std::thread::sleep(Duration::from_millis(20));
    }

    terminal.type_text("echo $((6*7)) on\r");
    let screen = terminal.wait_for("\n42 on");

    assert!(!screen.contains("[ec2dash]"), "{screen}");
    terminal.type_text("exit\r");
    assert_eq!(terminal.end().code(), Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_waits_for_a_sign_in_beyond_its_time_for_networks_can_be_left() {
    let corp = Corp::new(&EXPIRES).await;
    let config = corp.home.path().join("config.toml");
    std::fs::write(&config, "[connect]\nreconnect = \"3s\"\n").unwrap();
    let mut terminal = corp.run(&["--config", config.to_str().unwrap(), "connect", "web-1", "-m", "ssm"]);
    terminal.wait_for("$ ");
    corp.sign_out();

    terminal.wait_until("the login command", |screen| flat(screen).contains(LOGIN));
    terminal.type_text("\r~.");

    assert_eq!(terminal.wait().code(), Some(0), "{}", terminal.shown());
    assert!(!terminal.shown().contains("session-not-resumed"), "{}", terminal.shown());
    terminal.assert_as_found();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tunnel_whose_credentials_ended_names_the_login_and_goes_on_after_it() {
    let corp = Corp::new(&EXPIRES).await;
    let forward = format!("0:{}", echo());
    let mut terminal = corp.run(&["tunnel", "web-1", &forward]);
    let screen = terminal.wait_for(" -> ");
    let line = screen.lines().find(|line| line.contains(" -> ")).unwrap();
    let local = line.split(" -> ").next().unwrap().to_owned();
    corp.sign_out();

    terminal.wait_until("the login command", |screen| flat(screen).contains(LOGIN));
    corp.sign_in();

    let mut stream = TcpStream::connect(local).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    stream.write_all(b"still there").unwrap();
    let mut back = [0; 11];
    stream.read_exact(&mut back).unwrap();
    assert_eq!(&back, b"still there");
    assert_eq!(flat(&terminal.shown()).matches("ec2dash login").count(), 1, "{}", terminal.shown());
    terminal.kill(rustix::process::Signal::TERM);
    assert_eq!(terminal.wait().code(), Some(143));
    assert_eq!(corp.calls("ssm:StartSession"), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_whose_credentials_ended_names_the_login_on_stderr_alone() {
    let corp = Corp::new(&EXPIRES).await;
    let mut command = Command::new(ec2dash());
    command.env_clear().envs(corp.environment()).args(["proxy", WEB, "--port", &echo().to_string()]);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let (mut input, mut output) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
    let mut words = BufReader::new(child.stderr.take().unwrap());
    let mut back = [0; 6];
    input.write_all(b"before").unwrap();
    output.read_exact(&mut back).unwrap();
    assert_eq!(&back, b"before");
    corp.sign_out();

    let mut line = String::new();
    words.read_line(&mut line).unwrap();
    corp.sign_in();
    input.write_all(b"after!").unwrap();
    output.read_exact(&mut back).unwrap();
    drop(input);

    assert!(line.trim_end().ends_with(LOGIN), "{line}");
    assert_eq!(&back, b"after!");
    let mut rest = Vec::new();
    output.read_to_end(&mut rest).unwrap();
    // The echo never closes its end, and that is said.
    assert_eq!(child.wait().unwrap().code(), Some(255));
    assert_eq!(rest, b"");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upgrade_that_is_answered_with_something_else_ends_in_words_within_ten_seconds() {
    let cases: [(&str, Vec<u8>, &[&str]); 10] = [
        (
            "401",
            http("401 Unauthorized", "", "who are you?"),
            &["refuses the data channel with HTTP 401", "who are you?", "OpenDataChannel"],
        ),
        (
            "403",
            http("403 Forbidden", "", r#"{"message":"User: jane is not authorized\u001b[2J"}"#),
            &["HTTP 403: User: jane is not authorized·[2J"],
        ),
        ("404", http("404 Not Found", "", ""), &["HTTP 404: Not Found"]),
        ("500", http("500 Internal Server Error", "", "sorry"), &["HTTP 500: sorry"]),
        ("302", http("302 Found", "Location: http://127.0.0.1:9/\r\n", ""), &["HTTP 302: Found", "a proxy or a portal"]),
        (
            "page",
            http("200 OK", "Content-Type: text/html\r\n", "<html><title>Airport Wi-Fi</title><script>x</script>"),
            &["HTTP 200: Airport Wi-Fi"],
        ),
        ("nothing", Vec::new(), &["the data channel cannot be opened"]),
        ("no headers", b"hello\r\n\r\n".to_vec(), &["the data channel cannot be opened"]),
        ("20 MB", [b"HTTP/1.1 101 X\r\nX: ".to_vec(), vec![b'x'; 20_000_000]].concat(), &["the data channel cannot be opened"]),
        ("slow", b"HTTP/1.1 101 Switching Protocols\r\n".to_vec(), &["did not answer in time"]),
    ];
    let mut tasks = tokio::task::JoinSet::new();
    for (name, answer, words) in cases {
        tasks.spawn(async move {
            let desk = Desk::new().await;
            let port = server(move |stream| reply(stream, &answer, name == "slow"));
            desk.gateway.fault(|faults| faults.stream_url = Some(format!("ws://127.0.0.1:{port}")));
            let begun = Instant::now();
            let mut terminal = desk.run(&["connect", "web-1", "-m", "ssm"]);
            let code = tokio::task::block_in_place(|| terminal.wait().code());

            // All of the slow answer takes longer than that.
            assert!(begun.elapsed() < Duration::from_secs(30), "{name}: {:?}", begun.elapsed());
            let screen = terminal.wait_for("next:");
            assert_eq!(code, Some(255), "{name}: {screen}");
            for word in words {
                let said = screen.split_whitespace().collect::<Vec<_>>().join(" ");
                assert!(said.contains(word), "{name}: no {word:?} in\n{screen}");
            }
            assert_eq!(desk.gateway.calls("terminatesession"), 1, "{name}");
        });
    }
    while let Some(done) = tasks.join_next().await {
        done.unwrap();
    }
}

fn http(status: &str, headers: &str, body: &str) -> Vec<u8> {
    format!("HTTP/1.1 {status}\r\n{headers}Content-Length: {}\r\n\r\n{body}", body.len()).into_bytes()
}

/// Read a request, and answer it at once or a byte a second.
fn reply(mut stream: TcpStream, answer: &[u8], is_slow: bool) {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).is_ok_and(|count| count == 1) {
        head.push(byte[0]);
    }
    let pieces = if is_slow { answer.chunks(1) } else { answer.chunks(answer.len().max(1)) };
    for piece in pieces {
        if stream.write_all(piece).is_err() {
            return;
        }
        std::thread::sleep(Duration::from_secs(u64::from(is_slow)));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cloud_that_denies_the_data_channel_and_a_portal_before_it_are_told_apart() {
    for (fault, words) in [
        ("ssmmessages:OpenDataChannel=deny", "is not authorized to perform: ssmmessages:OpenDataChannel"),
        ("ssmmessages:OpenDataChannel=html", "HTTP 200: Welcome to Airport Wi-Fi"),
    ] {
        let corp = Corp::new(&[fault]).await;
        let mut terminal = corp.run(&["connect", "web-1", "-m", "ssm"]);

        assert_eq!(terminal.wait().code(), Some(255));

        let screen = terminal.wait_for("next:");
        let said = screen.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(said.contains(words), "{screen}");
        assert_eq!(corp.calls("ssm:TerminateSession"), 1);
    }
}

/// A minute is the shortest that an account can say.
#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_lasted_as_long_as_the_account_lets_it_says_so_at_its_end() {
    let corp = Corp::new(&[]).await;
    let minute = Preferences { longest: Some(Duration::from_secs(60)), ..Preferences::default() };
    corp.sim.edit(|fleet| fleet.accounts[0].session_preferences = Some(minute));
    let mut terminal = corp.run(&["connect", "web-1", "-m", "ssm"]);
    terminal.wait_for("it ends after 1 min");
    terminal.wait_for("$ ");

    assert_eq!(terminal.wait_for_end(Duration::from_secs(180)).code(), Some(0));

    let screen = terminal.wait_for("the account's preferences end every session after 1 min");
    assert!(screen.contains("the session on web-1"), "{screen}");
    terminal.assert_as_found();
}
