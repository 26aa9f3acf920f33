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

fn sign_in_again(corp: &Corp) {
    let login = corp.command(&["login", "--profile", "prod", "--no-browser"]).output().unwrap();
    assert!(login.status.success(), "{}", stderr(&login));
}

/// The credentials are refused first, and only later is it known that a sign-in is what they need.
#[tokio::test(flavor = "multi_thread")]
async fn a_shell_names_the_login_command_when_it_is_known_and_goes_on_with_every_byte() {
    let expires = [EXPIRES[0].to_owned()].into_iter();
    let refused = (1..=5).map(|call| format!("ssm:ResumeSession=error:ExpiredTokenException@{call}"));
    let faults: Vec<String> = expires.chain(refused).collect();
    let faults: Vec<&str> = faults.iter().map(String::as_str).collect();
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
        let forward = format!("0:{}", echo());
        let arguments = ["tunnel", "orders-1", &forward, "--profile", "admin"];
        let mut terminal = Terminal::start(ec2dash(), &arguments, &corp.environment(&[]), LARGE);
        let screen = terminal.wait_for(" -> ");
        let local = screen.lines().find_map(|line| line.split_once(" -> ")).unwrap().0.to_owned();
        corp.sim.revoke_sign_ins();

        terminal.wait_until("the login command", |screen| flat(screen).contains(WAITS));
        sign_in_again(&corp);

        let mut stream = TcpStream::connect(local.trim()).unwrap();
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
