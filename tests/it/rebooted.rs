//! A shell whose target reboots, stops, or only ends it.

use std::time::Duration;

use ec2dash_sim::{FleetSource, Habits, Options, PowerTimes, Sim};
use tempfile::TempDir;

use crate::support::demo::{LARGE, environment};
use crate::support::pty::Terminal;
use crate::support::tools::ec2dash;

/// A simulated cloud whose reboots take this long, and an empty home.
struct Desk {
    sim: Sim,
    home: TempDir,
}

impl Desk {
    async fn new() -> Self {
        Self::with(Duration::from_secs(3), Habits::default()).await
    }

    /// Whose reboots take this long, and whose agents have these habits.
    async fn with(registering: Duration, agents: Habits) -> Self {
        let moment = Duration::from_millis(200);
        let power = PowerTimes { starting: moment, stopping: moment, registering, refusing: moment };
        let options = Options { fleet: FleetSource::Demo, power, agents, tells_host_keys: true, ..Options::default() };
        let sim = Sim::start(options);
        Self { sim: sim.await.unwrap(), home: tempfile::tempdir().unwrap() }
    }

    /// A shell of web-1 by this way, with a word typed into it.
    fn shell(&self, settings: &str, method: &str) -> Terminal {
        let terminal = self.start(settings, &["connect", "web-1", "--method", method]);
        terminal.wait_until_raw();
        terminal.type_text("echo fir''st\r");
        terminal.wait_for("first");
        terminal
    }

    fn start(&self, settings: &str, arguments: &[&str]) -> Terminal {
        Terminal::start(ec2dash(), arguments, &self.environment(settings), LARGE)
    }

    /// The simulated cloud's own settings, which tell where its instances are, with these among them.
    fn environment(&self, settings: &str) -> Vec<(String, String)> {
        let variables = self.sim.environment();
        let (_, theirs) = variables.iter().find(|(name, _)| *name == "EC2DASH_CONFIG").unwrap();
        let config = self.home.path().join("reboot.toml");
        let merged = std::fs::read_to_string(theirs).unwrap().replace("[connect]\n", &format!("[connect]\n{settings}"));
        std::fs::write(&config, merged).unwrap();
        let config = config.display().to_string();
        let mut own: Vec<(&str, &str)> = variables.iter().map(|(name, value)| (*name, value.as_str())).collect();
        own.retain(|(name, _)| *name != "EC2DASH_CONFIG");
        own.push(("EC2DASH_CONFIG", &config));
        environment(self.home.path(), &own)
    }

    /// By another program of the same cloud.
    fn power(&self, what: &str) {
        let mut command = std::process::Command::new(ec2dash());
        command.args([what, "web-1", "--yes"]).args((what == "stop").then_some("--wait")).env_clear().envs(self.environment(""));
        let output = command.output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shell_whose_target_reboots_begins_anew_when_it_is_back() {
    let desk = Desk::new().await;
    // Whoever leaves it soon is out, also by the code of an ssh that failed there.
    for (method, code) in [("eic", 255), ("eice", 4), ("ssm-ssh", 255)] {
        let terminal = desk.shell("", method);

        desk.power("reboot");

        // An end of the connection while a key is on its way looks like a broken one.
        terminal.wait_for("Ctrl-C ends the waiting");
        terminal.wait_for("A new session begins.");
        terminal.wait_until_raw();
        terminal.type_text("echo sec''ond\r");
        terminal.wait_for("second");
        terminal.type_text(&format!("exit {code}\r"));
        assert_eq!(terminal.end().code(), Some(code), "{method}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_closes_with_its_target_begins_anew_when_that_is_back() {
    let desk = Desk::new().await;
    let terminal = desk.shell("", "ssm");
    // Whoever has just typed something may have ended it: what it says counts.
    terminal.type_text(": sudo reboot\r");

    desk.power("reboot");

    terminal.wait_for("If it reboots, a new session begins");
    terminal.wait_for("A new session begins.");
    terminal.wait_until_raw();
    terminal.type_text("echo sec''ond\r");
    terminal.wait_for("second");
    terminal.type_text("exit\r");
    assert_eq!(terminal.end().code(), Some(0));
    assert_eq!(desk.live_sessions(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_a_reboot_leaves_without_a_word_begins_anew() {
    let silent = Habits { reboots_silently: true, ..Habits::default() };
    let desk = Desk::with(Duration::from_secs(9), silent).await;
    let terminal = desk.shell("", "ssm");

    desk.power("reboot");

    terminal.wait_for("is not connected to Session Manager any more");
    terminal.wait_for("A new session begins.");
    terminal.wait_until_raw();
    terminal.type_text("echo sec''ond\r");
    terminal.wait_for("second");
    terminal.type_text("exit\r");
    assert_eq!(terminal.end().code(), Some(0));
    assert_eq!(desk.live_sessions(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_without_a_target_is_left_by_its_own_key() {
    let silent = Habits { reboots_silently: true, ..Habits::default() };
    let desk = Desk::with(Duration::from_secs(3_600), silent).await;
    let mut terminal = desk.shell("", "ssm");
    desk.power("reboot");
    terminal.wait_for("is not connected to Session Manager any more");

    terminal.type_text("\r~.");

    assert_eq!(terminal.wait().code(), Some(0), "{}", terminal.shown());
    assert_eq!(desk.calls("StartSession"), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_its_user_ends_or_whose_target_stays_up_stays_ended() {
    let desk = Desk::new().await;
    for (typed, is_watched) in [("exit\r", false), ("\u{4}", false), ("sleep 4; : reboot; exit\r", true)] {
        let mut terminal = desk.shell("", "ssm");

        terminal.type_text(typed);

        assert_eq!(terminal.wait().code(), Some(0), "{}", terminal.shown());
        assert_eq!(terminal.shown().contains("did not reboot"), is_watched, "{}", terminal.shown());
        assert!(!terminal.shown().contains("session begins."), "{}", terminal.shown());
    }
    assert_eq!(desk.calls("StartSession"), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_is_recorded_or_shall_not_come_back_does_not() {
    let home = tempfile::tempdir().unwrap();
    let cast = home.path().join("session.cast").display().to_string();
    let connect = ["connect", "web-1", "--method", "ssm"];
    let cases = [("reconnect = \"0s\"\n", connect.to_vec()), ("", [connect.as_slice(), &["--record", &cast]].concat())];
    for (settings, arguments) in cases {
        let desk = Desk::new().await;
        let mut terminal = desk.start(settings, &arguments);
        terminal.wait_until_raw();
        terminal.type_text("echo fir''st; : reboot\r");
        terminal.wait_for("first");

        desk.power("reboot");

        terminal.wait();
        assert!(!terminal.shown().contains("new session begins"), "{arguments:?}: {}", terminal.shown());
        assert_eq!(desk.calls("StartSession"), 1, "{arguments:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn waiting_for_a_target_ends_by_a_key_and_begins_nothing() {
    let desk = Desk::new().await;
    let mut terminal = desk.shell("", "eic");
    desk.power("reboot");
    terminal.wait_for("Ctrl-C ends the waiting");
    let pushes = desk.pushes();

    terminal.type_text("\u{3}");

    assert_eq!(terminal.wait().code(), Some(130), "{}", terminal.shown());
    assert_eq!(desk.pushes(), pushes);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_target_that_stops_is_not_waited_for() {
    let desk = Desk::new().await;
    let mut terminal = desk.shell("", "eic");

    desk.power("stop");

    terminal.wait_for("there is nothing to wait for");
    assert_eq!(terminal.wait().code(), Some(255), "{}", terminal.shown());
    assert_eq!(desk.pushes(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shell_that_its_user_ends_and_one_with_a_code_of_255_stay_ended() {
    let desk = Desk::new().await;
    for (typed, code) in [("exit\r", 0), ("exit 255\r", 255)] {
        let mut terminal = desk.shell("", "eic");

        terminal.type_text(typed);

        assert_eq!(terminal.wait().code(), Some(code), "{}", terminal.shown());
        assert!(!terminal.shown().contains("begins"), "{}", terminal.shown());
    }
    assert_eq!(desk.pushes(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_and_whoever_wants_nothing_to_come_back_get_nothing() {
    let home = tempfile::tempdir().unwrap();
    let config = home.path().join("config");
    std::fs::write(&config, "RemoteCommand echo first; read line\n").unwrap();
    let config = config.display().to_string();
    let cases: [(&str, &[&str]); 5] = [
        ("reconnect = \"0s\"\n", &["connect", "web-1", "--method", "eic"]),
        ("", &["ssh", "web-1", "--method", "eic", "--", "-t", "echo first; read line"]),
        ("", &["ssh", "web-1", "--method", "eic", "--", "-t", "-o", "RemoteCommand=echo first; read line"]),
        ("", &["ssh", "web-1", "--method", "eic", "--", "-t", "-F", &config]),
        ("", &["exec", "web-1", "--method", "eic", "--", "echo first; read line"]),
    ];
    for (settings, arguments) in cases {
        let desk = Desk::new().await;
        let mut terminal = desk.start(settings, arguments);
        if arguments[0] == "connect" {
            terminal.wait_until_raw();
            terminal.type_text("echo fir''st\r");
        }
        terminal.wait_for("first");

        desk.power("reboot");

        assert_eq!(terminal.wait().code(), Some(255), "{arguments:?}: {}", terminal.shown());
        assert!(!terminal.shown().contains("ends the waiting"), "{arguments:?}: {}", terminal.shown());
        assert_eq!(desk.pushes(), 1, "{arguments:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn after_the_time_of_a_tunnel_a_new_session_begins_by_enter_alone() {
    let desk = Desk::new().await;
    let mut terminal = desk.start("", &["connect", "web-1", "--method", "eice", "--tunnel-limit", "5s"]);
    terminal.wait_until_raw();
    terminal.type_text("echo fir''st\r");
    terminal.wait_for("first");

    terminal.wait_for("Enter begins a new session, Ctrl-C ends.");
    assert_eq!(desk.calls("OpenTunnel"), 1);
    terminal.type_text("\r");
    terminal.wait_until_raw();
    terminal.type_text("echo sec''ond\r");
    terminal.wait_for("second");
    terminal.wait_until("the end of the second", |screen| screen.matches("Ctrl-C ends.").count() == 2);
    terminal.type_text("\u{3}");

    assert_eq!(terminal.wait().code(), Some(130), "{}", terminal.shown());
    assert_eq!(desk.calls("OpenTunnel"), 2);
}

impl Desk {
    fn pushes(&self) -> usize {
        self.calls("SendSSHPublicKey")
    }

    fn live_sessions(&self) -> usize {
        self.sim.sessions().iter().filter(|session| session.ended.is_none()).count()
    }

    fn calls(&self, action: &str) -> usize {
        self.sim.calls().iter().filter(|call| call.action.ends_with(action)).count()
    }
}
