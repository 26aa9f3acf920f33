//! Fixes of the doctor on the command line: what is changed for real in the simulated cloud, written down, and taken back.

mod address;
mod agents;
mod connect_endpoints;
mod dashboard;
mod further;
mod keys;
mod moto;
mod moto_calls;
mod profiles;
mod ways_out;

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::process::Output;
use std::time::Duration;

use ec2dash_sim::fleet::{GroupRule, State};
use ec2dash_sim::{FleetSource, Options, PowerTimes, Sim};
use serde_json::Value;

use crate::proxy::Desk;
use crate::support::waiting::wait_for;

const WORLD: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/doctor/worlds.toml");
const OPEN: [&str; 5] = ["doctor", "office-1", "--from=203.0.113.9", "--fix", "FX-SG-MYIP"];
const AUTHORIZE: &str = "ec2:AuthorizeSecurityGroupIngress";

async fn desk(faults: &[&str]) -> Desk {
    desk_that_starts_in(Duration::from_millis(50), faults).await
}

/// The same where what starts, or is made, takes so long.
async fn desk_that_starts_in(starting: Duration, faults: &[&str]) -> Desk {
    let faults = faults.iter().map(|fault| fault.parse().unwrap()).collect();
    let moment = Duration::from_millis(50);
    let power = PowerTimes { starting, stopping: moment, registering: moment, refusing: moment };
    let sim = Sim::start(Options { fleet: FleetSource::File(WORLD.into()), faults, power, ..Options::default() }).await.unwrap();
    Desk { sim, home: tempfile::tempdir().unwrap() }
}

fn run(desk: &Desk, arguments: &[&str]) -> Output {
    desk.plain(arguments).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {}", text(&output.stderr)))
}

/// What the group of `office-1` lets in.
fn office(desk: &Desk) -> Vec<GroupRule> {
    let fleet = desk.sim.fleet();
    let mut groups = fleet.accounts.iter().flat_map(|account| &account.groups);
    groups.find(|group| group.name == "office").unwrap().ingress.clone()
}

fn edit_office(desk: &Desk, change: impl FnOnce(&mut Vec<GroupRule>)) {
    desk.sim.edit(|fleet| {
        let mut groups = fleet.accounts.iter_mut().flat_map(|account| &mut account.groups);
        change(&mut groups.find(|group| group.name == "office").unwrap().ingress);
    });
}

fn fixes(desk: &Desk) -> Vec<Value> {
    json(&run(desk, &["fixes", "-o", "json"]))["fixes"].as_array().unwrap().clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_group_is_opened_for_one_address_the_check_turns_green_and_undo_leaves_it_as_it_was() {
    let desk = desk(&[]).await;
    let before = office(&desk);

    let told = run(&desk, &[&OPEN[..], &["--yes"]].concat());

    assert_eq!(told.status.code(), Some(0), "{}", text(&told.stderr));
    let added: Vec<GroupRule> = office(&desk).into_iter().filter(|rule| !before.contains(rule)).collect();
    let [rule] = added.as_slice() else { panic!("{added:?}") };
    assert_eq!((rule.ports, format!("{:?}", rule.peer)), (Some((22, 22)), "Block(203.0.113.9/32)".to_owned()));
    assert!(rule.description.as_ref().unwrap().starts_with("ec2dash 20"), "{:?}", rule.description);
    let shown = text(&told.stderr);
    for part in
        ["1 ec2:AuthorizeSecurityGroupIngress sg-", "aws ec2 authorize-security-group-ingress", "revoke-security-group-ingress"]
    {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    assert!(text(&told.stdout).contains("The check is green now (eic, NET-1)"), "{}", text(&told.stdout));
    let known = fixes(&desk);
    assert_eq!((&known[0]["number"], &known[0]["standing"], &known[0]["fix"]), (&1.into(), &"in-force".into(), &OPEN[4].into()));
    assert!(known[0]["by"].as_str().unwrap().contains("jane"), "{known:?}");
    let file = desk.home.path().join(".local/state/ec2dash/fixes/1.json");
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);

    let undone = run(&desk, &["undo", "1", "--yes"]);

    assert_eq!(undone.status.code(), Some(0), "{}", text(&undone.stderr));
    assert_eq!(office(&desk), before);
    assert_eq!(fixes(&desk)[0]["standing"], "taken-back");
    let twice = run(&desk, &["undo", "1", "--yes"]);
    assert_eq!(twice.status.code(), Some(1));
    assert!(text(&twice.stderr).starts_with("error[undo-nothing]"), "{}", text(&twice.stderr));
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_asked_of_aws_where_nobody_can_say_yes_or_nothing_may_change() {
    let desk = desk(&[]).await;
    for (more, code) in [(vec![], "fix-no-yes"), (vec!["--yes", "--read-only"], "fix-read-only")] {
        let told = run(&desk, &[&OPEN[..], &more].concat());

        assert_eq!(told.status.code(), Some(2), "{more:?}");
        assert!(text(&told.stderr).starts_with(&format!("error[{code}]")), "{}", text(&told.stderr));
    }
    assert_eq!(desk.sim.calls().len(), 0);
    let before = office(&desk);
    let told = run(&desk, &[&OPEN[..], &["--dry-run", "--read-only", "-o", "json"]].concat());
    let plan = &json(&told)["plan"];
    assert_eq!(told.status.code(), Some(0), "{}", text(&told.stderr));
    assert_eq!(plan["calls"][0]["action"], AUTHORIZE);
    assert_eq!(plan["consequences"][0]["code"], "group-of-one");
    assert_eq!((office(&desk), fixes(&desk).len()), (before, 0), "a dry run changes nothing");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fix_that_nothing_asks_for_is_refused_in_words() {
    let desk = desk(&[]).await;
    for (arguments, code) in [
        (vec!["doctor", "office-1", "--fix", "FX-SG-MYIP", "--yes"], "fix-address-unknown"),
        (vec!["doctor", "office-1", "--from=203.0.113.9", "--fix", "fx-start", "--yes"], "fix-not-offered"),
        (vec!["doctor", "open-1", "--from=203.0.113.9", "--fix", "FX-SG-MYIP", "--yes"], "fix-not-offered"),
        (vec!["undo", "7", "--yes"], "undo-missing"),
    ] {
        let told = run(&desk, &arguments);

        assert_ne!(told.status.code(), Some(0), "{arguments:?}");
        assert!(text(&told.stderr).contains(&format!("error[{code}]")), "{arguments:?}: {}", text(&told.stderr));
    }
    assert_eq!(desk.calls(AUTHORIZE), 0);
    let unknown = run(&desk, &["doctor", "office-1", "--fix", "FX-NONE"]);
    assert!(text(&unknown.stderr).contains("FX-SG-MYIP"), "those that there are: {}", text(&unknown.stderr));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_caller_may_not_is_said_before_anything_is_changed() {
    let desk = desk(&[&format!("{AUTHORIZE}=deny")]).await;

    let told = run(&desk, &[&OPEN[..], &["--yes"]].concat());

    assert_eq!(told.status.code(), Some(5), "{}", text(&told.stderr));
    assert!(text(&told.stderr).contains(AUTHORIZE), "{}", text(&told.stderr));
    assert_eq!((fixes(&desk).len(), desk.calls(AUTHORIZE)), (0, 1), "only the dry run was asked");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_whose_answer_is_lost_is_looked_up() {
    // The first call is the dry run.
    let desk = desk(&[&format!("{AUTHORIZE}=cut@2")]).await;
    let before = office(&desk);

    let told = run(&desk, &[&OPEN[..], &["--yes"]].concat());

    assert_eq!(told.status.code(), Some(0), "{}", text(&told.stderr));
    let known = &fixes(&desk)[0];
    assert_eq!(known["standing"], "in-force", "{known}");
    assert!(known["steps"][0]["made"].as_str().unwrap().starts_with("sgr-"), "{known}");
    assert_eq!(run(&desk, &["undo", "1", "--yes"]).status.code(), Some(0));
    assert_eq!(office(&desk), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_that_is_killed_between_leaves_what_may_have_been_done_and_undo_looks_it_up() {
    for is_done in [false, true] {
        let desk = desk(&[&format!("{AUTHORIZE}=hang@2")]).await;
        let before = office(&desk);
        let mut child = desk.plain(&[&OPEN[..], &["--yes"]].concat()).spawn().unwrap();
        wait_for(|| desk.calls(AUTHORIZE) == 2).await;
        child.kill().unwrap();
        child.wait().unwrap();
        let known = fixes(&desk);
        assert_eq!((known.len(), &known[0]["standing"]), (1, &"unclear".into()), "{known:?}");
        if is_done {
            let file = fs::read_to_string(desk.home.path().join(".local/state/ec2dash/fixes/1.json")).unwrap();
            let record: Value = serde_json::from_str(&file).unwrap();
            let mut rule: GroupRule = "tcp 22 from 203.0.113.9/32".parse().unwrap();
            rule.description = Some(record["steps"][0]["change"]["description"].as_str().unwrap().to_owned());
            edit_office(&desk, |rules| rules.push(rule));
        }

        let undone = run(&desk, &["undo", "1", "--yes"]);

        assert_eq!(undone.status.code(), Some(0), "{}", text(&undone.stderr));
        assert_eq!(office(&desk), before, "{is_done}");
        let expected = if is_done { "taken-back" } else { "not-made" };
        assert_eq!(fixes(&desk)[0]["standing"], expected);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_somebody_else_has_changed_is_left_alone_and_shown() {
    let desk = desk(&[]).await;
    assert_eq!(run(&desk, &[&OPEN[..], &["--yes"]].concat()).status.code(), Some(0));
    edit_office(&desk, |rules| rules.last_mut().unwrap().description = Some("for the whole team".to_owned()));
    let changed = office(&desk);

    let told = run(&desk, &["undo", "1", "--yes"]);

    assert_eq!(told.status.code(), Some(1));
    let said = text(&told.stderr);
    assert!(said.contains("error[undo-changed]") && said.contains("(for the whole team)"), "{said}");
    assert_eq!((office(&desk), &fixes(&desk)[0]["standing"]), (changed, &"in-force".into()));

    edit_office(&desk, |rules| drop(rules.pop()));
    let told = run(&desk, &["undo", "1", "--yes"]);

    assert_eq!(told.status.code(), Some(0), "{}", text(&told.stderr));
    assert!(text(&told.stderr).contains("it is not there any more"), "{}", text(&told.stderr));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rule_that_somebody_has_made_anew_is_neither_taken_away_nor_passed_over() {
    let desk = desk(&[]).await;
    assert_eq!(run(&desk, &[&OPEN[..], &["--yes"]].concat()).status.code(), Some(0));
    edit_office(&desk, |rules| rules.last_mut().unwrap().id = None);
    let anew = office(&desk);

    let told = run(&desk, &["undo", "1", "--yes"]);

    assert_eq!(told.status.code(), Some(1), "{}", text(&told.stderr));
    assert!(text(&told.stderr).contains("tcp 22 from 203.0.113.9/32"), "{}", text(&told.stderr));
    assert_eq!((office(&desk), &fixes(&desk)[0]["standing"]), (anew, &"in-force".into()));

    edit_office(&desk, |rules| drop(rules.pop()));
    let told = run(&desk, &["undo", "1", "--yes"]);

    assert_eq!(told.status.code(), Some(0), "{}", text(&told.stderr));
    assert_eq!(fixes(&desk)[0]["standing"], "taken-back");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rule_of_somebody_else_that_lets_the_same_in_is_not_taken_away() {
    let desk = desk(&[]).await;
    let told = run(&desk, &[&OPEN[..], &["--yes"]].concat());
    assert_eq!(told.status.code(), Some(0));
    // As if the program was killed before it asked, and somebody else lets the same in.
    edit_office(&desk, |rules| rules.last_mut().unwrap().description = None);
    let file = desk.home.path().join(".local/state/ec2dash/fixes/1.json");
    let mut record: Value = serde_json::from_str(&fs::read_to_string(&file).unwrap()).unwrap();
    (record["steps"][0]["state"], record["steps"][0]["made"]) = ("asked".into(), Value::Null);
    fs::write(&file, record.to_string()).unwrap();

    let undone = run(&desk, &["undo", "1", "--yes"]);

    assert_eq!(undone.status.code(), Some(0), "{}", text(&undone.stderr));
    assert_eq!(office(&desk).len(), 2, "another's rule stays");
}

/// A profile may be called otherwise by then.
#[tokio::test(flavor = "multi_thread")]
async fn a_profile_that_is_named_takes_the_place_of_the_one_on_record() {
    let desk = desk(&[]).await;
    let before = office(&desk);
    assert_eq!(run(&desk, &[&OPEN[..], &["--yes"]].concat()).status.code(), Some(0));
    let file = desk.home.path().join(".local/state/ec2dash/fixes/1.json");
    let mut record: Value = serde_json::from_str(&fs::read_to_string(&file).unwrap()).unwrap();
    record["profile"] = "renamed-since".into();
    fs::write(&file, record.to_string()).unwrap();
    assert!(text(&run(&desk, &["undo", "1", "--yes"]).stderr).contains("renamed-since"));

    let undone = run(&desk, &["undo", "1", "--yes", "--profile", "prod"]);

    assert_eq!(undone.status.code(), Some(0), "{}", text(&undone.stderr));
    assert_eq!(office(&desk), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_instance_is_started_and_stopped_again() {
    let desk = desk(&[]).await;
    desk.sim.edit(|fleet| fleet.instance_mut("open-1").unwrap().state = State::Stopped);

    let told = run(&desk, &["doctor", "open-1", "--fix", "FX-START", "--yes", "-o", "json"]);

    assert_eq!(told.status.code(), Some(0), "{}", text(&told.stderr));
    let end = json(&told);
    assert_eq!((&end["mended"], &end["fix"]["standing"]), (&true.into(), &"in-force".into()));
    assert_eq!(desk.sim.fleet().instances().find(|own| own.name() == "open-1").unwrap().state, State::Running);
    assert_eq!(run(&desk, &["undo", "1", "--yes"]).status.code(), Some(0));
    assert_ne!(desk.sim.fleet().instances().find(|own| own.name() == "open-1").unwrap().state, State::Running);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_that_cannot_be_read_spoils_no_other() {
    let desk = desk(&[]).await;
    assert_eq!(run(&desk, &[&OPEN[..], &["--yes"]].concat()).status.code(), Some(0));
    let folder = desk.home.path().join(".local/state/ec2dash/fixes");
    fs::write(folder.join("2.json"), "{\"schema\": 1, \"number\":").unwrap();
    let stolen = fs::read_to_string(folder.join("1.json")).unwrap().replace("\"sg-", "\"--sg-");
    fs::write(folder.join("3.json"), stolen.replace("\"number\": 1", "\"number\": 3")).unwrap();

    let told = run(&desk, &["fixes", "-o", "json"]);

    assert_eq!(json(&told)["fixes"].as_array().unwrap().len(), 1);
    assert!(text(&told.stderr).contains("record 2") && text(&told.stderr).contains("record 3"), "{}", text(&told.stderr));
    assert_eq!(run(&desk, &["undo", "3", "--yes"]).status.code(), Some(1), "no id of a file becomes an option");
    assert_eq!(run(&desk, &["undo", "1", "--yes"]).status.code(), Some(0));
}
