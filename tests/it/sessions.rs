//! Session Manager shells in a real terminal: on the demo, and on a gateway that fails when the test says so.

use std::path::Path;
use std::time::Duration;

use ec2dash_sim::{FleetSource, Options, Sim};
use rustix::process::Signal;
use sha2::{Digest, Sha256};

use crate::support::demo::{LARGE, environment, left_in, open_session, quit};
use crate::support::gateway::Gateway;
use crate::support::pty::Terminal;
use crate::support::tools::ec2dash;
use crate::support::waiting::{wait_for, wait_until_idle};

const WEB: &str = "i-0123456789abcdef0";

#[test]
fn enter_opens_a_shell_by_session_manager_and_exit_returns_to_the_row() {
    let home = tempfile::tempdir().unwrap();
    let terminal = Terminal::start(ec2dash(), &["--demo"], &environment(home.path(), &[]), LARGE);
    open_session(&terminal);

    terminal.type_text("echo $((6*7))\r");
    terminal.wait_for("\n42");
    terminal.type_text("clear; exit\r");
    let screen = terminal.wait_for("Session on web-1 ended");

    assert!(screen.lines().any(|line| line.starts_with(" >") && line.contains("web-1")), "{screen}");
    quit(terminal, &home);
}

#[test]
fn keys_sizes_and_signals_reach_the_remote() {
    let home = tempfile::tempdir().unwrap();
    let terminal = demo_shell(home.path());

    terminal.type_text("stty size\r");
    terminal.wait_for("\n32 120");
    for columns in (80..=119).rev() {
        terminal.resize(columns, 30);
    }
    // The remote hears of it a little later.
    terminal.type_text("clear; until [ \"$(stty size)\" = '30 80' ]; do sleep 0.02; done; echo now $((30*80))\r");
    terminal.wait_for("now 2400");
    terminal.type_text("echo begun $((1+1)); sleep 1000\r");
    terminal.wait_for("begun 2");
    terminal.type_text("\x03");
    terminal.type_text("echo still $((40+2))\r");
    terminal.wait_for("still 42");
    terminal.type_text("echo a~.x\r");
    terminal.wait_for("\na~.x");
    terminal.type_text("exit\r");

    assert_eq!(terminal.end().code(), Some(0));
}

#[test]
fn a_paste_of_a_mebibyte_arrives_whole() {
    let home = tempfile::tempdir().unwrap();
    let terminal = demo_shell(home.path());
    let paste: String =
        (0..1024 * 1024_u32).map(|at| char::from(b'a' + (at.wrapping_mul(2_654_435_761) >> 27) as u8 % 26)).collect();
    let hash: String = Sha256::digest(&paste).iter().map(|byte| format!("{byte:02x}")).collect();

    terminal.type_text("clear; stty raw -echo; echo ready; head -c 1048576 | sha256sum; stty sane\r");
    terminal.wait_until("ready", |screen| screen.contains("ready") && !screen.contains("echo"));
    terminal.type_text(&paste);

    terminal.wait_until("the hash of the paste", |screen| screen.replace('\n', "").contains(&hash));
    terminal.wait_for("$ ");
    terminal.type_text("exit\r");
    assert_eq!(terminal.end().code(), Some(0));
}

#[test]
fn a_signal_ends_the_session_with_the_terminal_as_found() {
    for (signal, number) in [(Signal::TERM, 15), (Signal::HUP, 1)] {
        let home = tempfile::tempdir().unwrap();
        let terminal = demo_shell(home.path());
        terminal
            .type_text("printf '\\033[?1000h\\033[?2004h\\033[?25l\\033[?1049h\\033[?1h\\033=\\033[>1u'; echo $((6*7)) set\r");
        terminal.wait_for("42 set");

        terminal.kill(signal);

        let mut terminal = terminal;
        assert_eq!(terminal.wait().code(), Some(128 + number));
        terminal.assert_as_found();
        assert_eq!(left_in(home.path()), Vec::<String>::new());
    }
}

#[test]
fn piped_lines_are_typed_and_everything_they_print_comes_back() {
    let home = tempfile::tempdir().unwrap();
    let mut command = std::process::Command::new(ec2dash());
    command.env_clear().envs(environment(home.path(), &[])).args(["--demo", "connect", "web-1", "-m", "ssm"]);
    let (reader, mut writer) = std::io::pipe().unwrap();
    let child = command.stdin(reader).stdout(std::process::Stdio::piped()).spawn().unwrap();
    drop(command);

    std::io::Write::write_all(&mut writer, b"echo $((6*7))\nseq 1 20000 | tail -1\nexit").unwrap();
    drop(writer);
    let output = child.wait_with_output().unwrap();

    let said = String::from_utf8_lossy(&output.stdout);
    assert!(said.contains("\n42\r") && said.contains("20000\r"), "{said}");
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn everything_arrives_at_a_reader_who_takes_his_time_and_waiting_costs_nothing() {
    let home = tempfile::tempdir().unwrap();
    let mut command = std::process::Command::new(ec2dash());
    command.env_clear().envs(environment(home.path(), &[])).args(["--demo", "connect", "web-1", "-m", "ssm"]);
    let (reader, mut writer) = std::io::pipe().unwrap();
    let (mut output, input) = std::io::pipe().unwrap();
    let mut child = command.stdin(reader).stdout(input).spawn().unwrap();
    drop(command);
    // More than pipe and program hold together, and its session is over meanwhile.
    std::io::Write::write_all(&mut writer, b"seq 1 300000\nexit\n").unwrap();
    drop(writer);

    wait_until_idle(child.id());
    let mut said = String::new();
    std::io::Read::read_to_string(&mut output, &mut said).unwrap();

    assert!(
        said.contains("\n299999\r\n300000\r\n"),
        "{} bytes, the last of them {:?}",
        said.len(),
        &said[said.len().saturating_sub(200)..]
    );
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[cfg(target_os = "linux")]
#[test]
fn output_that_cannot_be_written_is_no_good_end() {
    let home = tempfile::tempdir().unwrap();
    let mut command = std::process::Command::new(ec2dash());
    command.env_clear().envs(environment(home.path(), &[])).args(["--demo", "connect", "web-1", "-m", "ssm"]);
    let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
    let output = command.stdin(std::process::Stdio::null()).stdout(full).stderr(std::process::Stdio::piped()).spawn().unwrap();

    let output = output.wait_with_output().unwrap();

    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(255), "{told}");
    assert!(told.contains("error[session-not-shown]"), "{told}");
}

#[test]
fn tilde_dot_ends_a_session_whose_output_nobody_takes() {
    let home = tempfile::tempdir().unwrap();
    let line = format!("('{}' --demo connect web-1 -m ssm; echo left with $?. >&2) | sleep 1000", ec2dash().display());
    let terminal = Terminal::start("/bin/sh".as_ref(), &["-c", &line], &environment(home.path(), &[]), LARGE);
    terminal.wait_until_raw();
    terminal.type_text("yes\r");
    terminal.wait_until_keys_are_read();
    wait_until_idle(program_of(terminal.pid().as_raw_nonzero().get()));

    terminal.type_text("\r~.");

    terminal.wait_for("left with 0.");
    terminal.type_text("\x03");
}

#[tokio::test(flavor = "multi_thread")]
async fn tilde_dot_ends_a_stalled_session_at_any_moment() {
    let desk = Desk::new().await;
    let terminal = desk.shell();
    terminal.type_text("hello\r");
    terminal.wait_for("hello");
    desk.gateway.fault(|faults| faults.stalled = true);
    // More than any buffer on the way takes.
    terminal.type_text(&"x".repeat(300_000));

    terminal.type_text("\r~.");
    let status = terminal.end();

    assert_eq!(status.code(), Some(0));
    assert_eq!(desk.gateway.calls("terminatesession"), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn silence_is_told_in_the_title_and_a_lost_connection_in_one_line() {
    let desk = Desk::new().await;
    let terminal = desk.shell();
    desk.gateway.fault(|faults| faults.deaf_agent = true);
    terminal.type_text("hello?");
    wait_for_raw(&terminal, "\x1b]2;web-1: no answer for ").await;
    let shown = terminal.shown();
    assert!(!shown.contains("no answer"), "{shown}");

    desk.gateway.fault(|faults| {
        faults.resume_fails = true;
        faults.bye_after = Some(Duration::ZERO);
    });
    terminal.wait_for("[ec2dash] connection lost, resuming");
    desk.gateway.fault(|faults| {
        faults.deaf_agent = false;
        faults.resume_fails = false;
        faults.bye_after = None;
    });
    let screen = terminal.wait_for("[ec2dash] resumed");

    assert_eq!(screen.matches("connection lost").count(), 1, "{screen}");
    terminal.wait_for("hello?");
    wait_for(|| desk.gateway.sizes().iter().any(|size| size.rows == LARGE.1 - 1)).await;
    terminal.type_text("\r~?");
    terminal.wait_until("the list of keys, one below the other", |screen| {
        let lines: Vec<&str> = screen.lines().collect();
        lines.windows(4).any(|four| four.iter().zip(["~.", "~^Z", "~?", "~~"]).all(|(line, key)| line.starts_with(key)))
    });
    terminal.wait_for("end the session");
    terminal.type_text("~.");
    assert_eq!(terminal.end().code(), Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_end_that_is_not_normal_is_told_with_its_reason_and_exits_with_255() {
    for (change, words) in [
        (
            (|gateway: &Gateway| gateway.finish("Your session has been terminated: idle for 20 minutes\u{1b}[2J"))
                as fn(&Gateway),
            "ended by the service: Your session has been terminated: idle for 20 minutes·[2J",
        ),
        (
            |gateway| {
                gateway.fault(|faults| {
                    faults.resume_times_out = true;
                    faults.bye_after = Some(Duration::ZERO);
                });
            },
            "idle time-out or terminated elsewhere",
        ),
    ] {
        let desk = Desk::new().await;
        let mut terminal = desk.shell();

        change(&desk.gateway);
        let status = terminal.wait();
        let screen = terminal.wait_until("the reason", |screen| screen.replace('\n', "").contains(words));

        assert_eq!(status.code(), Some(255), "{screen}");
        terminal.assert_as_found();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_start_that_is_refused_falls_back_to_the_next_way_and_says_so() {
    let desk = Desk::new().await;
    desk.gateway.fault(|faults| faults.start_fails = Some(("TargetNotConnected", "i-0123456789abcdef0 is not connected.")));

    // The gateway lists no agents; the sim does, so the plan is made there.
    let terminal = desk.run(&["connect", "web-1", "--method", "ssm,eic"]);
    let screen = terminal.wait_for("Nothing here is on AWS");

    assert!(screen.contains("ssm did not work") && screen.contains("Trying eic"), "{screen}");
    terminal.type_text("exit 3\r");
    assert_eq!(terminal.end().code(), Some(3));

    let mut alone = desk.run(&["connect", "web-1", "--method", "ssm"]);
    assert_eq!(alone.wait().code(), Some(255));
    let screen = alone.wait_for("error[target-not-connected]");
    assert!(screen.contains("not connected to Session Manager"), "{screen}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_slept_through_the_services_limit_ends_in_words() {
    let desk = Desk::new().await;
    let mut terminal = desk.shell();
    terminal.kill(Signal::STOP);
    desk.gateway.fault(|faults| {
        faults.resume_times_out = true;
        faults.bye_after = Some(Duration::from_secs(1));
    });
    std::thread::sleep(Duration::from_secs(7));

    terminal.kill(Signal::CONT);

    assert_eq!(terminal.wait().code(), Some(255));
    terminal.wait_for("idle time-out or terminated elsewhere");
    terminal.assert_as_found();
}

/// The simulated cloud for everything but sessions, and a gateway for those.
pub struct Desk {
    sim: Sim,
    pub gateway: Gateway,
    pub home: tempfile::TempDir,
}

impl Desk {
    pub async fn new() -> Self {
        let sim = Sim::start(Options { fleet: FleetSource::Demo, ..Options::default() }).await.unwrap();
        let gateway = Gateway::start().await;
        gateway.lists(WEB);
        Self { sim, gateway, home: tempfile::tempdir().unwrap() }
    }

    pub fn run(&self, arguments: &[&str]) -> Terminal {
        let url = self.gateway.url();
        let mut all = environment(self.home.path(), &[("AWS_ENDPOINT_URL_SSM", &url), ("AWS_ENDPOINT_URL_KMS", &url)]);
        let of_sim = self.sim.environment().into_iter().filter(|(name, _)| all.iter().all(|(own, _)| own != name));
        let of_sim: Vec<(String, String)> = of_sim.map(|(name, value)| (name.to_string(), value.to_string())).collect();
        all.extend(of_sim);
        Terminal::start(ec2dash(), arguments, &all, LARGE)
    }

    fn shell(&self) -> Terminal {
        let terminal = self.run(&["connect", "web-1", "--method", "ssm"]);
        terminal.wait_for("$ ");
        terminal
    }
}

/// Our program below a shell.
fn program_of(shell: i32) -> u32 {
    let children = |parent: &str| {
        let listed = std::fs::read_to_string(format!("/proc/{parent}/task/{parent}/children")).unwrap_or_default();
        listed.split_whitespace().map(str::to_owned).collect::<Vec<_>>()
    };
    let below = children(&shell.to_string());
    let mut all = below.iter().flat_map(|child| children(child)).chain(below.iter().cloned());
    let is_ours = |id: &String| std::fs::read_link(format!("/proc/{id}/exe")).is_ok_and(|program| program == ec2dash());
    all.find(is_ours).unwrap().parse().unwrap()
}

fn demo_shell(home: &Path) -> Terminal {
    let terminal = Terminal::start(ec2dash(), &["--demo", "connect", "web-1", "-m", "ssm"], &environment(home, &[]), LARGE);
    terminal.wait_for("Nothing here is on AWS");
    terminal
}

async fn wait_for_raw(terminal: &Terminal, wanted: &str) {
    for _ in 0..1_000 {
        if String::from_utf8_lossy(&terminal.raw()).contains(wanted) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("waited for {wanted:?} in {:?}", String::from_utf8_lossy(&terminal.raw()));
}
