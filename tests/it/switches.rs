//! Quick switches of profile and region in the dashboard, while AWS answers as late as it likes.

use std::path::Path;
use std::time::Duration;

use ec2dash_sim::Fault;

use crate::proxy::Desk;
use crate::support::chance::Chance;
use crate::support::demo::LARGE;
use crate::support::pty::Terminal;
use crate::support::tools::ec2dash;

/// Two accounts in three regions: what is there, and nowhere else.
const PLACES: [(&str, &str, &[&str]); 6] = [
    ("haneul-prod", "ap-northeast-2", &["bastion", "build-mac"]),
    ("haneul-prod", "us-east-1", &["us-mirror", "us-web-1"]),
    ("haneul-prod", "eu-central-1", &["eu-vpn", "eu-web-1"]),
    ("haneul-dev", "ap-northeast-2", &["ci-runner-1", "staging-web-1"]),
    ("haneul-dev", "us-east-1", &[]),
    ("haneul-dev", "eu-central-1", &["eu-lab"]),
];
const BURSTS: usize = 5;
const SWITCHES: usize = 1_000;
const LATEST: u64 = 100;

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_quick_switches_with_late_answers_show_what_was_chosen_last_and_nothing_else() {
    let desk = Desk::new(&[]).await;
    let terminal = dashboard(&desk);
    let mut chance = Chance::of_seed(1);
    terminal.wait_for("any key goes on");
    terminal.type_text("j");
    terminal.wait_for("bastion");

    for burst in 0..BURSTS {
        let (profile, region, here) = chance.one_of(&PLACES);
        for _ in 0..SWITCHES / BURSTS / 2 - 1 {
            let (profile, region, _) = chance.one_of(&PLACES);
            desk.sim.set_faults(delays(chance.below(LATEST)));
            terminal.type_text(&format!("p{profile}\rr{region}\r"));
        }
        terminal.type_text(&format!("p{profile}\rr{region}\r"));

        let is_there = |screen: &str| {
            let title = screen.lines().next().unwrap_or_default();
            let is_listed =
                if here.is_empty() { screen.contains("No instances") } else { here.iter().all(|name| screen.contains(name)) };
            title.contains(profile) && title.contains(region) && is_listed
        };
        let elsewhere = PLACES.iter().filter(|(one, two, _)| (*one, *two) != (profile, region)).flat_map(|(_, _, names)| *names);
        let elsewhere: Vec<&str> = elsewhere.copied().collect();
        let is_right = |screen: &str| is_there(screen) && !elsewhere.iter().any(|name| screen.contains(name));
        // The same place may have been chosen on the way: then it is shown before the last keys have been heard. What an answer that
        // came too late shows stays.
        let stays = async {
            for _ in 0..20 {
                terminal.wait_until(&format!("burst {burst}: {profile} in {region}"), is_right);
                until_everything_is_answered(&desk).await;
                if is_right(&terminal.shown()) {
                    return true;
                }
            }
            false
        };
        assert!(stays.await, "burst {burst}: {profile} in {region}, and then\n{}", terminal.shown());
    }

    assert!(desk.calls("ec2:DescribeInstances") >= BURSTS);
    terminal.type_text("q");
    assert!(terminal.end().success());
}

fn delays(milliseconds: u64) -> Vec<Fault> {
    vec![format!("*:*=delay:{milliseconds}ms").parse().unwrap()]
}

/// No call is made any more, and the latest answer has had its time twice.
async fn until_everything_is_answered(desk: &Desk) {
    loop {
        let before = desk.sim.calls().len();
        tokio::time::sleep(Duration::from_millis(2 * LATEST)).await;
        if desk.sim.calls().len() == before {
            return;
        }
    }
}

fn dashboard(desk: &Desk) -> Terminal {
    let command = desk.command(&[]);
    let text = |value: &std::ffi::OsStr| value.to_str().unwrap().to_owned();
    let replaced = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_REGION", "AWS_DEFAULT_REGION"];
    let mut environment: Vec<_> = command.get_envs().filter_map(|(name, value)| Some((text(name), text(value?)))).collect();
    environment.retain(|(name, _)| !replaced.contains(&name.as_str()));
    let more = [("TERM", "xterm-256color"), ("AWS_PROFILE", "haneul-prod")];
    environment.extend(more.map(|(name, value)| (name.to_owned(), value.to_owned())));
    Terminal::start(Path::new(ec2dash()), &[], &environment, LARGE)
}
