//! What is open when a sign-in ends waits for another one, and goes on with every byte kept.

use std::io::{Read as _, Write as _};

use super::*;
use crate::proxy::echo;
use crate::support::demo::LARGE;
use crate::support::pty::Terminal;

/// The first connection closes after two seconds, and then the credentials at hand are not taken.
const EXPIRES: [&str; 2] = ["ssmmessages:Down=close:2s@1", "ssm:ResumeSession=error:ExpiredTokenException@1"];
const WAITS: &str = "This waits until you sign in: ec2dash login --profile admin";

/// The screen without its line breaks.
fn flat(screen: &str) -> String {
    screen.replace('\n', "")
}

/// The first connection closes in the middle of what comes over it.
const MID_STREAM: [&str; 2] = ["ssmmessages:Down=close:300kB@1", EXPIRES[1]];

/// As much as does not fit into all buffers on the way; no two lines are the same.
fn numbered() -> Vec<u8> {
    (1..=300_000).flat_map(|number| format!("{number}\r\n").into_bytes()).collect()
}

/// As its namesake, off the runtime.
fn wait_for(is_so: impl Fn() -> bool) {
    tokio::runtime::Handle::current().block_on(crate::support::waiting::wait_for(is_so));
}

/// A tunnel to what sends everything back, and where it listens.
fn tunnel(corp: &Corp) -> (Terminal, String) {
    let forward = format!("0:{}", echo());
    let arguments = ["tunnel", "orders-1", &forward, "--profile", "admin"];
    let terminal = Terminal::start(ec2dash(), &arguments, &corp.environment(&[]), LARGE);
    let screen = terminal.wait_for(" -> ");
    let local = screen.lines().find_map(|line| line.split_once(" -> ")).unwrap().0.trim().to_owned();
    (terminal, local)
}

fn sign_in_again(corp: &Corp) {
    let login = corp.command(&["login", "--profile", "prod", "--no-browser"]).output().unwrap();
    assert!(login.status.success(), "{}", stderr(&login));
}

/// The credentials are refused first, and only later is it known that a sign-in is what they need.
#[tokio::test(flavor = "multi_thread")]
async fn a_shell_names_the_login_command_when_it_is_known_and_goes_on_with_every_byte() {
    let faults = [EXPIRES[0], "ssm:ResumeSession=error:ExpiredTokenException"];
    let corp = Corp::with_faults("approval=given,interval=1s", &faults).await;
    corp.sign_in("admin").await.unwrap();
    tokio::task::block_in_place(|| {
        let arguments = ["connect", "orders-1", "--method", "ssm", "--profile", "admin"];
        let mut terminal = Terminal::start(ec2dash(), &arguments, &corp.environment(&[]), LARGE);
        terminal.wait_for("$");
        terminal.wait_until("that they are not taken", |screen| flat(screen).contains("This waits for new ones."));
        corp.sim.revoke_sign_ins();
        terminal.wait_until("the login command", |screen| flat(screen).contains(WAITS));
        terminal.type_text("echo one-$((1 + 1))-three\r");
        corp.sim.set_faults(Vec::new());
        sign_in_again(&corp);

        terminal.wait_for("one-2-three");
        terminal.type_text("exit\r");
        assert_eq!(terminal.wait().code(), Some(0), "{}", terminal.shown());
    });
    assert_eq!(corp.calls("ssm:StartSession"), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tunnel_whose_sign_in_was_ended_goes_on_after_another_one() {
    let corp = Corp::with_faults("approval=given,interval=1s", &EXPIRES).await;
    corp.sign_in("admin").await.unwrap();
    tokio::task::block_in_place(|| {
        let (mut terminal, local) = tunnel(&corp);
        corp.sim.revoke_sign_ins();

        terminal.wait_until("the login command", |screen| flat(screen).contains(WAITS));
        sign_in_again(&corp);

        let mut stream = TcpStream::connect(local).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        stream.write_all(b"still there").unwrap();
        let mut back = [0; 11];
        stream.read_exact(&mut back).unwrap();
        assert_eq!(&back, b"still there");
        terminal.kill(rustix::process::Signal::TERM);
        assert_eq!(terminal.wait().code(), Some(143));
    });
    assert_eq!(corp.calls("ssm:StartSession"), 1);
}

/// Collects what comes, until somebody looks.
fn collected(mut from: impl std::io::Read + Send + 'static) -> std::sync::Arc<std::sync::Mutex<Vec<u8>>> {
    let all = std::sync::Arc::<std::sync::Mutex<Vec<u8>>>::default();
    let own = std::sync::Arc::clone(&all);
    std::thread::spawn(move || {
        let mut buffer = [0; 16 * 1024];
        while let Ok(count @ 1..) = from.read(&mut buffer) {
            own.lock().unwrap().extend_from_slice(&buffer[..count]);
        }
    });
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_shell_shows_while_its_sign_in_ends_comes_once_and_whole() {
    let corp = Corp::with_faults("approval=given,interval=1s", &MID_STREAM).await;
    corp.sign_in("admin").await.unwrap();
    let arguments = ["connect", "orders-1", "--method", "ssm", "--profile", "admin"];
    let mut command = corp.command(&arguments);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let (shown, told) = (collected(child.stdout.take().unwrap()), collected(child.stderr.take().unwrap()));
    let mut keys = child.stdin.take().unwrap();
    let text = |bytes: &std::sync::Mutex<Vec<u8>>| String::from_utf8_lossy(&bytes.lock().unwrap()).into_owned();
    crate::support::waiting::wait_for(|| text(&shown).contains('$')).await;
    corp.sim.revoke_sign_ins();
    keys.write_all(b"stty -echo; seq 1 300000; exit\n").unwrap();
    drop(keys);

    crate::support::waiting::wait_for(|| text(&told).contains(WAITS)).await;
    let before = shown.lock().unwrap().len();
    assert!(before < numbered().len(), "it is in the middle: {before}");
    sign_in_again(&corp);
    let code = tokio::task::spawn_blocking(move || child.wait().unwrap().code()).await.unwrap();

    assert_eq!(code, Some(0), "{}", text(&told));
    let all = shown.lock().unwrap().clone();
    let numbers = all.windows(3).position(|window| window == b"\n1\r").map(|at| at + 1).unwrap();
    let counted = &all[numbers..][..numbered().len().min(all.len() - numbers)];
    assert!(counted == numbered(), "{} of {} bytes", counted.len(), numbered().len());
    assert_eq!(text(&shown).matches("\n299999\r").count(), 1);
    assert!(!text(&shown).contains("[ec2dash]"), "what is read by a program has no words of ours in it");
    assert_eq!(corp.calls("ssm:StartSession"), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_goes_through_a_tunnel_while_its_sign_in_ends_comes_once_and_whole() {
    let corp = Corp::with_faults("approval=given,interval=1s", &MID_STREAM).await;
    corp.sign_in("admin").await.unwrap();
    tokio::task::block_in_place(|| {
        let (mut terminal, local) = tunnel(&corp);
        corp.sim.revoke_sign_ins();
        let stream = TcpStream::connect(local).unwrap();
        let back = collected(stream.try_clone().unwrap());
        let mut writing = stream.try_clone().unwrap();
        let writer = std::thread::spawn(move || writing.write_all(&numbered()).unwrap());

        terminal.wait_until("the login command", |screen| flat(screen).contains(WAITS));
        let before = back.lock().unwrap().len();
        assert!(before < numbered().len(), "it is in the middle: {before}");
        sign_in_again(&corp);

        writer.join().unwrap();
        wait_for(|| back.lock().unwrap().len() >= numbered().len());
        assert!(*back.lock().unwrap() == numbered());
        terminal.kill(rustix::process::Signal::TERM);
        assert_eq!(terminal.wait().code(), Some(143));
    });
    assert_eq!(corp.calls("ssm:StartSession"), 1);
}

/// Longer than another connection is tried for: the time counts from the sign-in on.
#[tokio::test(flavor = "multi_thread")]
async fn a_sign_in_is_waited_for_longer_than_a_network() {
    const RECONNECT: Duration = Duration::from_secs(1);
    let corp = Corp::with_faults("approval=given,interval=1s", &EXPIRES).await;
    corp.sign_in("admin").await.unwrap();
    fs::create_dir_all(corp.path(".config/ec2dash")).unwrap();
    fs::write(corp.path(".config/ec2dash/config.toml"), "[connect]\nreconnect = \"1s\"\n").unwrap();
    tokio::task::block_in_place(|| {
        let arguments = ["connect", "orders-1", "--method", "ssm", "--profile", "admin"];
        let mut terminal = Terminal::start(ec2dash(), &arguments, &corp.environment(&[]), LARGE);
        terminal.wait_for("$");
        corp.sim.revoke_sign_ins();
        terminal.wait_until("the login command", |screen| flat(screen).contains(WAITS));
        let tries = || corp.calls("GetRoleCredentials");
        let (then, told) = (tries(), std::time::Instant::now());
        wait_for(|| told.elapsed() > RECONNECT * 2 && tries() > then);
        assert!(!terminal.shown().contains("could not be resumed"), "{}", terminal.shown());
        sign_in_again(&corp);

        terminal.type_text("echo one-$((1 + 1))-three\r");
        terminal.wait_for("one-2-three");
        terminal.type_text("exit\r");
        assert_eq!(terminal.wait().code(), Some(0), "{}", terminal.shown());
    });
}

/// Of the sign-in that nobody renews it is said in time, once, and a program's picture is left alone.
#[tokio::test(flavor = "multi_thread")]
async fn a_shell_and_a_tunnel_say_that_the_sign_in_ends_before_it_does() {
    const ENDS: &str = " min; what is open waits then for another. Sign in before: ec2dash login --profile admin";
    let corp = Corp::new("approval=given,interval=1s,token=9m").await;
    corp.sign_in("prod").await.unwrap();
    corp.change_token(|token| {
        token.as_object_mut().unwrap().remove("refreshToken");
    });
    tokio::task::block_in_place(|| {
        let arguments = ["connect", "orders-1", "--method", "ssm", "--profile", "admin"];
        let mut shell = Terminal::start(ec2dash(), &arguments, &corp.environment(&[]), LARGE);
        shell.wait_until("the notice", |screen| flat(screen).contains(ENDS));
        shell.type_text("echo one-$((1 + 1))-three\r");
        let screen = shell.wait_for("one-2-three");
        assert_eq!(screen.matches("[ec2dash]").count(), 1, "{screen}");
        shell.type_text("exit\r");
        assert_eq!(shell.wait().code(), Some(0));

        let forward = format!("0:{}", echo());
        let mut tunnel =
            Terminal::start(ec2dash(), &["tunnel", "orders-1", &forward, "--profile", "admin"], &corp.environment(&[]), LARGE);
        tunnel.wait_until("the notice", |screen| flat(screen).contains(ENDS));
        tunnel.kill(rustix::process::Signal::TERM);
        assert_eq!(tunnel.wait().code(), Some(143));
    });
}

/// An editor draws on a screen of its own: the title says it first, and a line when the editor has gone.
#[tokio::test(flavor = "multi_thread")]
async fn the_picture_of_a_program_is_left_alone_by_what_is_said_of_a_sign_in() {
    let corp = Corp::new("approval=given,interval=1s").await;
    corp.sign_in("admin").await.unwrap();
    // On a busy computer the program's picture may come later than the time to say it: then once more with more time.
    let is_in_time = [4, 12, 30].into_iter().any(|seconds| tokio::task::block_in_place(|| beside_a_program(&corp, seconds)));
    assert!(is_in_time);
}

/// Whether the program had the screen before it was time to say that the sign-in ends, so many seconds from now.
fn beside_a_program(corp: &Corp, seconds: i64) -> bool {
    const SAID: &str = "[ec2dash] The sign-in ends in";
    let end = jiff::Timestamp::now() + jiff::SignedDuration::from_secs(10 * 60 + seconds);
    corp.change_token(|token| {
        token.as_object_mut().unwrap().remove("refreshToken");
        token["expiresAt"] = end.strftime("%Y-%m-%dT%H:%M:%SZ").to_string().into();
    });
    let arguments = ["connect", "orders-1", "--method", "ssm", "--profile", "admin"];
    let mut terminal = Terminal::start(ec2dash(), &arguments, &corp.environment(&[]), LARGE);
    terminal.wait_for("$");
    let program = "printf '\\033[?1049h\\033[2J\\033[Hall of it'; read answer; printf '\\033[?1049l'; echo back-$answer\r";
    terminal.type_text(program);
    terminal.wait_until("the other screen", |screen| screen.trim_end() == "all of it");
    let raw = || String::from_utf8_lossy(&terminal.raw()).into_owned();
    if raw().contains(SAID) {
        return false;
    }
    wait_for(|| raw().contains("orders-1: the sign-in ends soon"));
    assert_eq!(terminal.shown().trim_end(), "all of it");
    terminal.type_text("again\r");
    let screen = terminal.wait_for(SAID);
    assert!(screen.contains("back-again"), "{screen}");
    terminal.type_text("exit\r");
    assert_eq!(terminal.wait().code(), Some(0));
    true
}
