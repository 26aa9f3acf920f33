//! Who leaves a command, and what becomes of it in the account.

use super::*;
use crate::support::demo::put_card_away;

#[tokio::test(flavor = "multi_thread")]
async fn ctrl_c_cancels_the_command_in_the_account_and_leaves_nothing_running() {
    let fleet = Fleet::online(60, &[]).await;
    let mut child =
        fleet.command(&["exec", "--filter", "state:running", "--", "sleep 86423"]).stderr(Stdio::piped()).spawn().unwrap();
    wait_until("programs run", || running("86423") > 0);

    interrupt(&child);

    let code = end_of(&mut child);
    let mut stderr = String::new();
    child.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
    assert_eq!(code, Some(130), "{stderr}");
    assert!(stderr.contains("cancelled on 50 instances"), "{stderr}");
    assert_eq!((fleet.count("ssm:SendCommand"), fleet.count("ssm:CancelCommand")), (1, 1));
    wait_until("programs end", || running("86423") == 0);
    let states = fleet.boto3("say([c['Status'] for c in ssm.list_commands()['Commands']])");
    assert_eq!(states, json!(["Cancelled"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancelling_that_is_refused_is_told_and_tried_again() {
    let fleet = Fleet::online(2, &["ssm:CancelCommand=deny"]).await;
    let arguments = ["exec", "-q", "--filter", "id:i-", "--", "sleep 86427"];
    let mut child = fleet.command(&arguments).stderr(Stdio::piped()).spawn().unwrap();
    wait_until("programs run", || running("86427") >= 2);

    interrupt(&child);
    wait_until("it is refused", || fleet.count("ssm:CancelCommand") > 0);
    fleet.sim.set_faults(Vec::new());

    let code = end_of(&mut child);
    let mut stderr = String::new();
    child.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
    assert_eq!((code, running("86427")), (Some(130), 0), "{stderr}");
    assert!(stderr.contains("is not cancelled and goes on") && stderr.contains("ssm:CancelCommand"), "{stderr}");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_leaves_while_it_is_sent_is_told_how_to_find_it() {
    let fleet = Fleet::online(2, &["ssm:SendCommand=delay:8s"]).await;
    let mut child = fleet.command(&["exec", "--filter", "id:i-", "--", "true"]).stderr(Stdio::piped()).spawn().unwrap();
    wait_until("it is being sent", || fleet.count("ssm:SendCommand") > 0);

    interrupt(&child);
    std::thread::sleep(Duration::from_millis(500));
    interrupt(&child);

    let code = end_of(&mut child);
    let mut stderr = String::new();
    child.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
    assert_eq!(code, Some(130), "{stderr}");
    let comment =
        stderr.split("Comment=='").nth(1).and_then(|rest| rest.split('\'').next()).unwrap_or_else(|| panic!("{stderr}"));
    assert!(comment.starts_with("ec2dash ") && comment.len() == "ec2dash ".len() + 36, "{comment}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_that_goes_away_ends_the_command_in_the_account() {
    let fleet = Fleet::online(20, &[]).await;
    let arguments = ["exec", "--filter", "id:i-", "--parallel", "1", "--", "echo x; sleep 0.3"];
    let mut child = fleet.command(&arguments).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();

    drop(child.stdout.take());

    assert_eq!(end_of(&mut child), Some(0), "as for any command whose reader has gone");
    assert_eq!(fleet.count("ssm:CancelCommand"), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_of_the_dashboard_goes_on_while_a_shell_is_open() {
    let fleet = Fleet::online(200, &[]).await;
    let home = fleet.home.path().display().to_string();
    let path = std::env::var("PATH").unwrap();
    let own = [("PATH", path.as_str()), ("HOME", &home), ("TMPDIR", &home), ("TERM", "xterm-256color"), ("LANG", "C.UTF-8")];
    let mut environment: Vec<(String, String)> = own.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
    environment.extend(fleet.sim.environment().into_iter().map(|(name, value)| (name.to_owned(), value)));
    let terminal = Terminal::start(ec2dash(), &[], &environment, (120, 40));
    let name = fleet.sim.fleet().instances().map(|instance| instance.name().to_owned()).min().unwrap();
    put_card_away(&terminal);
    terminal.wait_for("200 of 200");
    terminal.wait_for(&name);

    terminal.type_text("\u{1}x");
    terminal.wait_for("Run on 200");
    terminal.type_text("sleep 0.5; echo ok\r");
    terminal.wait_until("it runs", |screen| screen.contains("◐") && !screen.contains("sort NAME"));
    terminal.type_text("\u{1b}");
    terminal.wait_for("sort NAME");
    terminal.type_text("\r");
    terminal.wait_for("1 ssm");
    terminal.type_text("1\r");
    terminal.wait_for("Nothing here is on AWS");
    let states = || fleet.boto3("say([c['Status'] for c in ssm.list_commands()['Commands']])");
    wait_until("all are done", || states() == json!(["Success", "Success", "Success", "Success"]));

    terminal.type_text("exit\r");
    terminal.wait_for("Session on");
    // What the command ended with is told while it runs and in its results; the session's end may have come after it.
    terminal.type_text("x");
    // While its last word is under way, x shows the results at once.
    let shown =
        terminal.wait_until("the field or the results", |screen| !screen.contains("sort NAME") || screen.contains("Run on 200"));
    if shown.contains("Run on 200") {
        terminal.type_text("\t");
    }
    terminal.wait_until("the results", |screen| {
        !screen.contains("sort NAME") && screen.matches("200 of 200").count() == 2 && !screen.contains("◐")
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_runs_on_when_the_cloud_is_gone() {
    let fleet = Fleet::online(2, &[]).await;
    let ids = fleet.ids();
    let mut child = fleet.command(&["exec", &ids[0], &ids[1], "--", "sleep 86425"]).stderr(Stdio::piped()).spawn().unwrap();
    wait_until("programs run", || running("86425") >= 2);

    drop(fleet.sim);

    wait_until("programs end", || running("86425") == 0);
    // Nobody is there to confirm the cancelling: the second one leaves without waiting.
    interrupt(&child);
    std::thread::sleep(Duration::from_secs(1));
    interrupt(&child);
    let code = end_of(&mut child);
    let mut stderr = String::new();
    child.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
    assert_eq!(code, Some(130), "{stderr}");
    assert!(stderr.contains("left without waiting; these commands go on in the account"), "{stderr}");
}
