//! The pictures of `docs/pictures`: screens of the demo, drawn by the program. `UPDATE_PICTURES=1 ./tests/run pictures` draws them anew.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::mpsc;

use super::svg::{Terminal, svg};
use super::world::{answered, blank_with, enter, lines, picture, press};
use crate::aws::{Cloud, Environment, Options};
use crate::config::{Settings, ThemeName, Ui};
use crate::model::{
    AllowedPrograms, Answer, Fact, FactKinds, Generation, Identity, Instance, Place, ProfileName, Region, Ssm, SsmStatus,
};
use crate::session::tunnel::Traffic;
use crate::tui::effect::Effect;
use crate::tui::look::{Depth, Look};
use crate::tui::message::{Message, Opened};
use crate::tui::state::State;
use crate::tui::theme::Theme;
use crate::tui::tunnels::{Standing, TunnelUpdate};
use crate::tui::world::ProfileChoice;

const DARK: Terminal = Terminal { text: "#e6e9ee", ground: "#121418" };
const LIGHT: Terminal = Terminal { text: "#1b1f24", ground: "#ffffff" };
const SIZE: (u16, u16) = (120, 32);

/// The pictures: file, what is to be seen, theme, keys before.
const PICTURES: [(&str, &str, ThemeName, &[&str]); 6] = [
    ("instances-dark", "The table of instances", ThemeName::Dark, &[]),
    ("instances-light", "The table of instances in the light theme", ThemeName::Light, &[]),
    ("ways-in", "The ways into an instance, the best one chosen", ThemeName::Dark, &["Enter"]),
    ("details", "Everything about one instance", ThemeName::Light, &["i"]),
    ("help", "The keys", ThemeName::Dark, &["?"]),
    ("tunnels", "The page of tunnels", ThemeName::Dark, &["t"]),
];

#[tokio::test]
async fn the_pictures_are_what_the_program_draws() {
    let answers = demo().await;
    let mut stale = Vec::new();
    for (file, title, name, keys) in PICTURES {
        let mut state = listed(&answers, name);
        press(&mut state, &["Space", "j", "Space", "j"]);
        go_to(&mut state, "결제-api-2");
        press(&mut state, keys);
        if keys == ["t"] {
            open_tunnels(&mut state);
        }
        let look = Look { depth: Depth::True, ..Look::default() };
        let theme = Theme::new(&state.world.settings.ui, &look);
        let buffer = picture(&mut state, SIZE, &theme);
        let screen = lines(&buffer).join("\n");
        let terminal = if name == ThemeName::Light { LIGHT } else { DARK };
        let drawn = svg(&buffer, &terminal, title);
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("docs/pictures/{file}.svg"));
        if std::fs::read_to_string(&path).unwrap_or_default() == drawn {
            continue;
        }
        if std::env::var_os("UPDATE_PICTURES").is_some() {
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(&path, drawn).unwrap();
        } else {
            stale.push(format!("docs/pictures/{file}.svg is not what the program draws:\n{screen}"));
        }
    }
    assert!(stale.is_empty(), "{}\nUPDATE_PICTURES=1 ./tests/run pictures draws them anew", stale.join("\n\n"));
}

/// The time on every picture.
fn now() -> Timestamp {
    "2026-11-21T10:00:00Z".parse().unwrap()
}

fn place() -> Place {
    Place { profile: Some(ProfileName::new("haneul-prod")), region: "ap-northeast-2".parse().unwrap() }
}

/// What AWS answers for the demo's region, by the SDK from the simulated cloud, as if the fleet had been started at [`now`].
async fn demo() -> Vec<Answer> {
    let sim = ec2dash_sim::Sim::start(ec2dash_sim::Options::default()).await.unwrap();
    let started = Timestamp::now();
    let options = Options {
        profile: None,
        region: None,
        timeout: Duration::from_secs(60),
        version: "0",
        programs: AllowedPrograms::default(),
        roles: Default::default(),
        sessions: Default::default(),
    };
    let variables: BTreeMap<String, String> =
        sim.environment().into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    let cloud = Cloud::open_in(&options, Environment::new(variables)).await.unwrap();
    let region: Region = place().region;
    let (out, mut heard) = mpsc::channel(64);
    let listening = async {
        let mut answers = Vec::new();
        while let Some(answer) = heard.recv().await {
            answers.push(answer);
        }
        answers
    };
    let (outcome, mut answers) = tokio::join!(cloud.survey(&region, FactKinds::ALL, out), listening);
    outcome.unwrap();
    for answer in &mut answers {
        match answer {
            Answer::Page(rows) => rows.iter_mut().for_each(|row| set_back(row, started)),
            Answer::Ssm(registrations) => registrations.values_mut().for_each(|ssm| set_back_ping(ssm, started)),
            _ => {}
        }
    }
    // The same whichever answer came first.
    answers.sort_by_key(|answer| match answer {
        Answer::Page(_) => 0,
        Answer::Listed | Answer::SsmListed | Answer::ImagesListed => 2,
        _ => 1,
    });
    answers
}

fn set_back(row: &mut Instance, started: Timestamp) {
    row.place = Arc::new(place());
    row.launched = row.launched.map(|at| moved(at, started));
    if let Fact::Known(ssm) | Fact::Kept(ssm, _) = &mut row.ssm {
        set_back_ping(ssm, started);
    }
}

/// An agent that answers did so a moment ago; how long, is chance.
fn set_back_ping(ssm: &mut Ssm, started: Timestamp) {
    let recently = now() - jiff::SignedDuration::from_secs(40);
    ssm.last_ping = ssm.last_ping.map(|at| if ssm.status == SsmStatus::Online { recently } else { moved(at, started) });
}

/// In whole minutes: how long the start takes is chance.
fn moved(at: Timestamp, started: Timestamp) -> Timestamp {
    let age = started.as_second() - at.as_second();
    Timestamp::from_second(now().as_second() - (age + 30).div_euclid(60) * 60).unwrap()
}

/// The dashboard of the demo with these answers.
fn listed(answers: &[Answer], theme: ThemeName) -> State {
    let mut state = blank_with(Settings { ui: Ui { theme, ..Ui::default() }, ..Settings::default() });
    state.world.is_demo = true;
    state.set_now(now());
    let effects = state.begin(false);
    answered(&mut state, effects);
    let profile = ProfileChoice {
        name: ProfileName::new("haneul-prod"),
        kind: "access key".to_owned(),
        account: None,
        region: None,
        standing: Default::default(),
        programs: Vec::new(),
        is_default: true,
    };
    let effects = state.handle(Message::Profiles(Ok(vec![profile])));
    let Some(Effect::Open { generation, .. }) = effects.last() else { panic!("nothing is opened: {effects:?}") };
    let generation = *generation;
    let opened = Opened { profile: place().profile, region: Some(place().region), endpoint: None, needs_no_profile: false };
    let effects = state.handle(Message::Opened { generation, result: Ok(opened) });
    let identity = Identity {
        account: "210987654321".parse().unwrap(),
        arn: "arn:aws:iam::210987654321:user/jiwoo".into(),
        user_id: "AIDA".into(),
    };
    state.handle(Message::Identified { generation, result: Ok(identity) });
    let Some(Effect::Survey { generation, .. }) = effects.first() else { panic!("nothing is listed: {effects:?}") };
    let generation: Generation = *generation;
    for answer in answers {
        let effects = state.handle(Message::Answered { generation, place: place(), answer: answer.clone() });
        answered(&mut state, effects);
    }
    let effects = state.handle(Message::Surveyed { generation, place: place(), result: Ok(()) });
    answered(&mut state, effects);
    state.set_now(now() + jiff::SignedDuration::from_secs(12));
    state
}

fn go_to(state: &mut State, name: &str) {
    let row = state.world.inventory.rows().iter().find(|row| row.name().is_some_and(|own| own.raw() == name));
    let id = row.unwrap_or_else(|| panic!("no {name}")).id.clone();
    state.world.rows.go_to_instance(&id);
}

/// Two tunnels: one carries something, the far side of the other one refuses.
fn open_tunnels(state: &mut State) {
    press(state, &["Esc"]);
    for (name, port, local) in [("web-1", "5432", "127.0.0.1:15432"), ("win-ad-01", "3389", "127.0.0.1:13389")] {
        press(state, &["1"]);
        go_to(state, name);
        press(state, &["t"]);
        enter(state, port);
        let effects = press(state, &["Enter"]);
        let [Effect::OpenTunnel { number, .. }] = effects.as_slice() else { panic!("{name}: {effects:?}") };
        for update in [
            TunnelUpdate::Listening { local: vec![local.to_owned()], is_open_to_others: false },
            TunnelUpdate::Standing(Standing::Up),
            TunnelUpdate::Traffic(Traffic { sent: 48_213, received: 1_204_117, open: 2, connections: 9, ..Traffic::default() }),
        ] {
            state.handle(Message::Tunnel { number: *number, update });
        }
    }
    state.set_now(now() + jiff::SignedDuration::from_secs(760));
    press(state, &["2"]);
}
