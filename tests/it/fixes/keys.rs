//! A key of this computer is let in by Run Command: ssh gets in with it, and after `undo` the file is as it was, and ssh is refused.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use ec2dash_sim::fleet::State;
use ec2dash_sim::{FleetSource, Options, Sim};

use super::{fixes, json, run, text};
use crate::proxy::{Desk, WEB};

const ADD: [&str; 5] = ["doctor", "web-1", "--fix", "FX-KEY-ADD", "--yes"];
const SEND: &str = "ssm:SendCommand";

/// A cloud where `web-1` was launched without a key pair, and a computer with a key of its user's own.
async fn desk(faults: &[&str]) -> Desk {
    let home = tempfile::tempdir().unwrap();
    let demo = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/assets/demo/fleet.toml")).unwrap();
    let (before, of_web) = demo.split_once("name = \"web-1\"\n").unwrap();
    let fleet = home.path().join("fleet.toml");
    fs::write(&fleet, format!("{before}name = \"web-1\"\n{}", of_web.replacen("key = \"team-prod\"\n", "", 1))).unwrap();
    let faults = faults.iter().map(|fault| fault.parse().unwrap()).collect();
    let options = Options { fleet: FleetSource::File(fleet), faults, tells_host_keys: true, ..Options::default() };
    let desk = Desk { sim: Sim::start(options).await.unwrap(), home };
    make_key(&desk, "id_ed25519");
    desk
}

fn make_key(desk: &Desk, name: &str) -> PathBuf {
    let folder = desk.home.path().join(".ssh");
    fs::create_dir_all(&folder).unwrap();
    let path = folder.join(name);
    let made = Command::new("ssh-keygen").args(["-q", "-t", "ed25519", "-N", "", "-C", "me", "-f"]).arg(&path).status();
    assert!(made.unwrap().success());
    path
}

/// The home of `ec2-user` on `web-1`.
fn home(desk: &Desk) -> PathBuf {
    desk.sim.directory().join("homes").join(format!("{WEB}-ec2-user"))
}

fn file(desk: &Desk) -> PathBuf {
    home(desk).join(".ssh/authorized_keys")
}

fn put(desk: &Desk, contents: &str) {
    fs::create_dir_all(home(desk).join(".ssh")).unwrap();
    fs::write(file(desk), contents).unwrap();
}

/// With the configuration of the simulated cloud: its instances are reached.
fn ec2dash(desk: &Desk, arguments: &[&str]) -> std::process::Output {
    desk.command(arguments).output().unwrap()
}

fn by_ssh(desk: &Desk) -> (Option<i32>, String) {
    let output = ec2dash(desk, &["exec", "web-1", "--method", "ssh", "--", "echo in; exit 3"]);
    (output.status.code(), text(&output.stdout))
}

#[tokio::test(flavor = "multi_thread")]
async fn ssh_gets_in_with_a_key_that_was_let_in_and_after_undo_no_more() {
    for before in [Some("# mine\nssh-ed25519 AAAA broken"), Some(""), None] {
        let desk = desk(&[]).await;
        if let Some(before) = before {
            put(&desk, before);
        }
        assert_ne!(by_ssh(&desk).0, Some(3), "the instance knows no key of ours");

        let told = ec2dash(&desk, &ADD);

        let said = text(&told.stderr);
        assert_eq!(told.status.code(), Some(0), "{said}{}", text(&told.stdout));
        for part in [
            "let a key of yours in as ec2-user on web-1",
            "1 ssm:SendCommand i-0123456789abcdef0 AWS-RunShellScript: ssh-ed25519 …",
            "aws ssm send-command --document-name AWS-RunShellScript --instance-ids i-0123456789abcdef0",
            "/.ssh/id_ed25519 gets in as ec2-user",
            "may do anything on the instance",
            "to take it back:",
        ] {
            assert!(said.contains(part), "{part}: {said}");
        }
        assert!(!said.contains("PRIVATE KEY"), "{said}");
        assert!(text(&told.stdout).contains("The check is green now (ssh, SSH-2)"), "{}", text(&told.stdout));
        let public = fs::read_to_string(desk.home.path().join(".ssh/id_ed25519.pub")).unwrap();
        let public = public.strip_suffix(" me\n").unwrap();
        let now = fs::read_to_string(file(&desk)).unwrap();
        let line = now.lines().last().unwrap();
        assert!(line.strip_prefix(public).is_some_and(|rest| rest.starts_with(" ec2dash-20")), "{line}");
        assert_eq!(by_ssh(&desk), (Some(3), "in\n".to_owned()));
        let object = json(&ec2dash(&desk, &["show", "web-1", "-o", "json"]));
        assert!(object.to_string().contains(r#""by":"added""#), "{object}");

        let undone = ec2dash(&desk, &["undo", "1", "--yes"]);

        assert_eq!(undone.status.code(), Some(0), "{}", text(&undone.stderr));
        assert_eq!(fs::read_to_string(file(&desk)).ok().as_deref(), before);
        assert_eq!(home(&desk).join(".ssh").exists(), before.is_some());
        assert_ne!(by_ssh(&desk).0, Some(3), "taken back");
        assert_eq!(fixes(&desk)[0]["standing"], "taken-back");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_that_somebody_has_edited_stays_and_is_shown() {
    let desk = desk(&[]).await;
    assert_eq!(ec2dash(&desk, &ADD).status.code(), Some(0));
    let edited = format!("from=\"10.0.0.0/8\" {}", fs::read_to_string(file(&desk)).unwrap());
    fs::write(file(&desk), &edited).unwrap();

    let told = ec2dash(&desk, &["undo", "1", "--yes"]);

    let said = text(&told.stderr);
    assert_eq!(told.status.code(), Some(1), "{said}");
    assert!(said.contains("error[undo-changed]") && said.contains("from=\"10.0.0.0/8\" ssh-ed25519"), "{said}");
    assert_eq!(fs::read_to_string(file(&desk)).unwrap(), edited);
    fs::write(file(&desk), "").unwrap();
    let told = ec2dash(&desk, &["undo", "1", "--yes"]);
    assert_eq!(told.status.code(), Some(0), "{}", text(&told.stderr));
    assert!(text(&told.stderr).contains("it is not there any more"), "{}", text(&told.stderr));
}

#[tokio::test(flavor = "multi_thread")]
async fn of_an_instance_that_takes_no_command_the_line_stays_on_record_until_it_does() {
    let desk = desk(&[]).await;
    assert_eq!(ec2dash(&desk, &ADD).status.code(), Some(0));
    desk.sim.edit(|fleet| fleet.instance_mut("web-1").unwrap().state = State::Stopped);

    let told = ec2dash(&desk, &["undo", "1", "--yes"]);

    let said = text(&told.stderr);
    assert_eq!(told.status.code(), Some(1), "{said}");
    assert!(said.contains("error[command-not-taken]") && said.contains("Undeliverable"), "{said}");
    assert_eq!(fixes(&desk)[0]["standing"], "in-force");
    desk.sim.edit(|fleet| fleet.instance_mut("web-1").unwrap().state = State::Running);
    assert_eq!(ec2dash(&desk, &["undo", "1", "--yes"]).status.code(), Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_whose_answer_is_lost_is_followed_and_adds_one_line() {
    let desk = desk(&[&format!("{SEND}=cut@1")]).await;
    put(&desk, "");

    let told = ec2dash(&desk, &ADD);

    assert_eq!(told.status.code(), Some(0), "{}", text(&told.stderr));
    assert_eq!((desk.calls(SEND), &fixes(&desk)[0]["standing"]), (1, &"in-force".into()));
    assert_eq!(fs::read_to_string(file(&desk)).unwrap().lines().count(), 1);
    assert_eq!(ec2dash(&desk, &["undo", "1", "--yes"]).status.code(), Some(0));
    assert_eq!(fs::read_to_string(file(&desk)).unwrap(), "");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_whose_end_nobody_may_read_stays_unknown_and_is_taken_back_when_it_can_be_looked_for() {
    for (fault, exit) in [(vec!["ssm:ListCommandInvocations=deny"], 5), (vec!["ssm:SendCommand=cut", "ssm:ListCommands=deny"], 5)]
    {
        let desk = desk(&fault).await;
        put(&desk, "# mine\n");

        let told = ec2dash(&desk, &ADD);

        let said = text(&told.stderr);
        assert_eq!(told.status.code(), Some(exit), "{said}");
        assert!(said.contains("ssm:ListCommand") && said.contains("ec2dash undo 1"), "{said}");
        assert_eq!(fixes(&desk)[0]["standing"], "unclear", "{fault:?}");
        desk.sim.set_faults(Vec::new());
        assert_eq!(fs::read_to_string(file(&desk)).unwrap().lines().count(), 2);

        let undone = ec2dash(&desk, &["undo", "1", "--yes"]);

        assert_eq!(undone.status.code(), Some(0), "{}", text(&undone.stderr));
        assert_eq!(fs::read_to_string(file(&desk)).unwrap(), "# mine\n");
        assert_eq!(fixes(&desk)[0]["standing"], "taken-back");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_of_somebody_elses_is_counted_on_until_undo_finds_it_gone() {
    let desk = desk(&[]).await;
    let public = fs::read_to_string(desk.home.path().join(".ssh/id_ed25519.pub")).unwrap();
    put(&desk, &public);
    let told = ec2dash(&desk, &ADD);
    assert_eq!(told.status.code(), Some(0), "{}", text(&told.stderr));
    assert!(text(&told.stderr).contains("it was so before"), "{}", text(&told.stderr));

    let told = ec2dash(&desk, &["undo", "1", "--yes"]);
    assert!(text(&told.stderr).contains("error[undo-nothing]"), "{}", text(&told.stderr));
    assert_eq!(fs::read_to_string(file(&desk)).unwrap(), public);
    let again = ec2dash(&desk, &ADD);
    assert!(text(&again.stderr).contains("error[fix-no"), "it is counted on: {}", text(&again.stderr));

    put(&desk, "");
    let told = ec2dash(&desk, &["undo", "1", "--yes"]);
    assert_eq!(told.status.code(), Some(0), "{}", text(&told.stderr));
    assert!(text(&told.stderr).contains("it is not there any more"), "{}", text(&told.stderr));
    assert_eq!(ec2dash(&desk, &ADD).status.code(), Some(0), "it is offered again");
    assert_eq!(by_ssh(&desk), (Some(3), "in\n".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn with_its_user_a_line_has_gone_and_undo_ends() {
    let desk = desk(&[]).await;
    assert_eq!(ec2dash(&desk, &ADD).status.code(), Some(0));
    let record = desk.home.path().join(".local/state/ec2dash/fixes/1.json");
    let whole = fs::read_to_string(&record).unwrap();
    fs::write(&record, whole.replace("\"ec2-user\"", "\"bob\"")).unwrap();

    let told = ec2dash(&desk, &["undo", "1", "--yes"]);

    assert_eq!(told.status.code(), Some(0), "{}", text(&told.stderr));
    assert!(text(&told.stderr).contains("it is not there any more"), "{}", text(&told.stderr));
    assert!(text(&ec2dash(&desk, &["undo", "1", "--yes"]).stderr).contains("error[undo-nothing]"));
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_call_that_cannot_be_tried_nobody_says_that_aws_would_do_it() {
    let desk = desk(&[]).await;

    let planned = run(&desk, &["doctor", "web-1", "--fix", "FX-KEY-ADD", "--dry-run"]);

    let said = text(&planned.stderr);
    assert_eq!((planned.status.code(), desk.calls(SEND)), (Some(0), 0), "{said}");
    assert!(said.contains("cannot be tried without doing it") && !said.contains("AWS would do it (dry run)"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_of_the_user_leads_where_the_user_may_write() {
    let desk = desk(&[]).await;
    let elsewhere = desk.home.path().join("elsewhere");
    fs::create_dir_all(&elsewhere).unwrap();
    fs::create_dir_all(home(&desk)).unwrap();
    std::os::unix::fs::symlink(&elsewhere, home(&desk).join(".ssh")).unwrap();

    assert_eq!(ec2dash(&desk, &ADD).status.code(), Some(0));
    assert_eq!(by_ssh(&desk), (Some(3), "in\n".to_owned()));
    assert_eq!(ec2dash(&desk, &["undo", "1", "--yes"]).status.code(), Some(0));
    assert_eq!(fs::read_dir(&elsewhere).unwrap().count(), 0);
    assert!(fs::symlink_metadata(home(&desk).join(".ssh")).unwrap().is_symlink());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_key_that_is_named_is_let_in_and_taken_from_then_on_without_being_named() {
    let desk = desk(&[]).await;
    let other = make_key(&desk, "work");

    let page = text(&ec2dash(&desk, &["doctor", "web-1", "--identity", other.to_str().unwrap()]).stdout);
    let line = page.lines().find(|line| line.contains("--fix FX-KEY-ADD"));
    assert!(page.contains("nothing tells that the instance takes"), "{page}");
    assert!(line.is_some_and(|line| line.contains(&format!(" --identity {} ", other.display()))), "{page}");
    let told = ec2dash(&desk, &[&ADD[..], &["--identity", other.to_str().unwrap()]].concat());

    assert_eq!(told.status.code(), Some(0), "{}", text(&told.stderr));
    assert!(text(&told.stdout).contains("The check is green now (ssh, SSH-1)"), "{}", text(&told.stdout));
    let public = fs::read_to_string(desk.home.path().join(".ssh/work.pub")).unwrap();
    assert!(fs::read_to_string(file(&desk)).unwrap().starts_with(public.strip_suffix(" me\n").unwrap()));
    assert_eq!(by_ssh(&desk), (Some(3), "in\n".to_owned()));
    let again = ec2dash(&desk, &[&ADD[..], &["--identity", other.to_str().unwrap()]].concat());
    assert!(text(&again.stderr).contains("error[fix-not-offered]") || text(&again.stderr).contains("error[fix-none]"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_done_is_said_and_changes_nothing() {
    for (arguments, code, exit) in [
        (vec!["--yes", "--user", "bob"], "fix-key-no-user", 1),
        (vec!["--yes", "--user", "x;id"], "", 2),
        (vec!["--yes", "--user", "bob@corp.example"], "fix-no", 1),
        (vec!["--yes", "--read-only"], "fix-read-only", 2),
        (vec!["--yes", "--identity", "/nowhere/key"], "fix-no-key", 1),
    ] {
        let desk = desk(&[]).await;
        put(&desk, "# mine\n");

        let told = ec2dash(&desk, &[&["doctor", "web-1", "--fix", "FX-KEY-ADD"], arguments.as_slice()].concat());

        let said = text(&told.stderr);
        assert_eq!(told.status.code(), Some(exit), "{arguments:?}: {said}");
        assert!(code.is_empty() || said.contains(&format!("error[{code}")), "{arguments:?}: {said}");
        assert_eq!(fs::read_to_string(file(&desk)).unwrap(), "# mine\n");
        assert_eq!(desk.calls(SEND), usize::from(code == "fix-key-no-user"), "{arguments:?}");
    }
    let desk = desk(&[&format!("{SEND}=deny")]).await;
    let told = ec2dash(&desk, &ADD);
    assert_eq!(told.status.code(), Some(5), "{}", text(&told.stderr));
    assert!(text(&told.stderr).contains(SEND), "{}", text(&told.stderr));
    assert!(!file(&desk).exists());
    fs::remove_dir_all(desk.home.path().join(".ssh")).unwrap();
    let told = ec2dash(&desk, &ADD);
    assert!(text(&told.stderr).contains("error[fix-no-key]"), "{}", text(&told.stderr));
    let planned = run(&desk, &["doctor", "web-1", "--fix", "FX-KEY-ADD", "--dry-run"]);
    assert_ne!(planned.status.code(), Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edited_journal_brings_no_word_into_a_shell() {
    let desk = desk(&[]).await;
    assert_eq!(ec2dash(&desk, &ADD).status.code(), Some(0));
    let record = desk.home.path().join(".local/state/ec2dash/fixes/1.json");
    let whole = fs::read_to_string(&record).unwrap();
    for (own, foreign) in
        [("\"ec2-user\"", "\"x;touch /tmp/y\""), ("ec2dash-20", "ec2dash-'$(id)'20"), ("\"ssh-ed25519", "\"$(id) ssh-ed25519")]
    {
        fs::write(&record, whole.replace(own, foreign)).unwrap();
        assert_ne!(fs::read_to_string(&record).unwrap(), whole);
        let sent = desk.calls(SEND);

        let told = ec2dash(&desk, &["undo", "1", "--yes"]);

        assert_eq!((told.status.code(), desk.calls(SEND)), (Some(1), sent), "{foreign}: {}", text(&told.stderr));
    }
}
