//! A small company in one region, as AWS would tell of it.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;

use crate::access::Local;
use crate::columns::{Column, Sort, Tone};
use crate::config::{Accounts, Settings};
use crate::connect::OwnProgram;
use crate::model::{
    AllowedPrograms, Answer, CredentialProgram, Denial, Fact, Generation, Grant, Identity, Instance, InstanceState, Inventory,
    Os, Place, ProfileName, ProfileRole, Ssm, SsmStatus, Why, display_width, row,
};
use crate::text::Catalogue;
use crate::tui::draw::draw;
use crate::tui::effect::Effect;
use crate::tui::key::Key;
use crate::tui::keymap::Keymap;
use crate::tui::look::Look;
use crate::tui::message::{Message, Opened};
use crate::tui::power_run::PowerRuns;
use crate::tui::rows::Rows;
use crate::tui::state::State;
use crate::tui::theme::Theme;
use crate::tui::tunnels::Tunnels;
use crate::tui::world::{Here, ProfileChoice, RegionChoice, World, themes};

/// The time on every screen.
pub fn now() -> Timestamp {
    "2026-11-21T10:00:12Z".parse().unwrap()
}

/// What a way to AWS is opened with where nobody said anything.
pub fn options() -> crate::aws::Options {
    crate::aws::Options {
        profile: None,
        region: None,
        timeout: std::time::Duration::from_secs(15),
        version: "0",
        programs: AllowedPrograms::default(),
        roles: Default::default(),
        sessions: Default::default(),
    }
}

/// Where everything is listed.
pub fn place() -> Place {
    Place { profile: Some(ProfileName::new("prod-admin")), region: "ap-northeast-2".parse().unwrap() }
}

/// A dashboard that knows nothing yet.
pub fn blank() -> State {
    blank_with(Settings { keys: BTreeMap::new(), ..Settings::default() })
}

/// The same with these settings.
pub fn blank_with(settings: Settings) -> State {
    let (keymap, _) = Keymap::new(&settings.keys).0.with_own(&settings.commands);
    let region = |name: &str, city| RegionChoice { region: name.parse().unwrap(), city, is_opt_in: false };
    let world = World {
        text: Arc::new(Catalogue::english()),
        keymap,
        columns: settings.ui.columns.clone(),
        themes: themes(vec!["sea".to_owned()]),
        now: now(),
        zone: TimeZone::UTC,
        is_demo: false,
        own: OwnProgram::default(),
        around: BTreeMap::new(),
        here: Here::default(),
        inventory: Inventory::default(),
        rows: Rows::new(Sort { column: Column::NAME, is_reversed: false }),
        rows_lag: false,
        rows_show: 0,
        local: Local { has_ipv6: Some(false), routes: Some(Vec::new()), ..Local::default() },
        profiles: Vec::new(),
        session_places: Vec::new(),
        regions: vec![region("ap-northeast-2", "Seoul"), region("us-east-1", "N. Virginia"), region("eu-west-1", "Ireland")],
        enabled: BTreeMap::new(),
        counts: BTreeMap::new(),
        command: None,
        mends: Vec::new(),
        found_source: None,
        power: PowerRuns::default(),
        access: None,
        sign_in: None,
        sign_in_ends: None,
        examination: None,
        attempt: None,
        tunnels: Tunnels::default(),
        mouse: false,
        running: Vec::new(),
        recent: Vec::new(),
        gaps: Vec::new(),
        problems: Vec::new(),
        toast: None,
        screen: (80, 24),
        settings,
    };
    State::new(world, Vec::new(), None, AllowedPrograms::default())
}

/// A dashboard with the company's instances, all of them read twelve seconds ago.
pub fn listed() -> State {
    listed_in(blank())
}

/// The same, in an account that asks before connecting.
pub fn dangerous() -> State {
    let account = Accounts { label: Some("PROD".to_owned()), confirm: true };
    let accounts = [("123456789012".parse().unwrap(), account)].into();
    listed_in(blank_with(Settings { accounts, ..Settings::default() }))
}

/// Open the profile and hear all instances.
pub fn listed_in(mut state: State) -> State {
    let generation = opened(&mut state);
    let registered = company().into_iter().filter_map(|row| Some((row.id.clone(), row.ssm.known()?.clone())));
    let effects = state.handle(answer_message(generation, Answer::Page(company())));
    answered(&mut state, effects);
    state.handle(answer_message(generation, Answer::Ssm(registered.collect())));
    state.handle(answer_message(generation, Answer::SsmListed));
    state.handle(answer_message(generation, Answer::ImagesListed));
    state.set_now("2026-11-21T10:00:00Z".parse().unwrap());
    state.handle(answer_message(generation, Answer::Listed));
    state.handle(Message::Surveyed { generation, place: place(), result: Ok(()) });
    state.set_now(now());
    state
}

/// Read the profiles and open the default one: the generation of its first listing.
pub fn opened(state: &mut State) -> Generation {
    let effects = state.begin(false);
    answered(state, effects);
    let effects = state.handle(Message::Profiles(Ok(profiles())));
    let Some(Effect::Open { generation, .. }) = effects.last() else { panic!("nothing is opened: {effects:?}") };
    let generation = *generation;
    let opened = Opened { profile: place().profile, region: Some(place().region), endpoint: None, needs_no_profile: false };
    let effects = state.handle(Message::Opened { generation, result: Ok(opened) });
    let identity = Identity {
        account: "123456789012".parse().unwrap(),
        arn: "arn:aws:iam::123456789012:user/jane".into(),
        user_id: "AIDA".into(),
    };
    state.handle(Message::Identified { generation, result: Ok(identity) });
    let Some(Effect::Survey { generation, .. }) = effects.first() else { panic!("nothing is listed: {effects:?}") };
    *generation
}

/// An answer about the place.
pub fn answer_message(generation: Generation, answer: Answer) -> Message {
    Message::Answered { generation, place: place(), answer }
}

/// Type keys by their names, on a computer that stays what it is.
pub fn press(state: &mut State, keys: &[&str]) -> Vec<Effect> {
    let press = |key: &&str| {
        let effects = state.press(key.parse::<Key>().unwrap());
        answered(state, effects)
    };
    keys.iter().flat_map(press).collect()
}

/// Answer every look at this computer; the other effects, and those that the answers led to.
pub fn answered(state: &mut State, effects: Vec<Effect>) -> Vec<Effect> {
    let mut others = Vec::new();
    let mut queue: std::collections::VecDeque<Effect> = effects.into();
    while let Some(effect) = queue.pop_front() {
        let (look, request) = match effect {
            Effect::LookLocally(look) => (look, None),
            Effect::LookAndConnect { look, request, .. } => (look, Some(request)),
            other => {
                others.push(other);
                continue;
            }
        };
        let local = state.world.local.clone();
        queue.extend(state.handle(Message::Local { generation: look.generation, local }));
        queue.extend(request.into_iter().flat_map(|request| state.handle(Message::LookedAround(request))));
    }
    others
}

/// Type a text.
pub fn enter(state: &mut State, text: &str) -> Vec<Effect> {
    text.chars().flat_map(|character| state.press(Key::character(character))).collect()
}

/// The lines of a screen; each must be exactly as wide as the screen.
pub fn lines(buffer: &Buffer) -> Vec<String> {
    let area = buffer.area;
    (0..area.height)
        .map(|y| {
            let mut line = String::new();
            let mut x = 0;
            while x < area.width {
                let symbol = buffer[(x, y)].symbol();
                line.push_str(symbol);
                x += u16::try_from(display_width(symbol).max(1)).unwrap();
            }
            assert_eq!(display_width(&line), usize::from(area.width), "line {y}: {line}");
            line
        })
        .collect()
}

/// What is on the screen.
pub fn shown(state: &mut State, size: (u16, u16)) -> String {
    lines(&picture(state, size, &plain())).join("\n")
}

/// The screen of this size.
pub fn picture(state: &mut State, size: (u16, u16), theme: &Theme) -> Buffer {
    let mut terminal = Terminal::new(TestBackend::new(size.0, size.1)).unwrap();
    let mut seen = crate::tui::screen::Seen::default();
    terminal.draw(|frame| seen = draw(frame, state, theme)).unwrap();
    state.saw(seen);
    terminal.backend().buffer().clone()
}

/// What is written on a screen of this size.
pub fn text(state: &mut State, size: (u16, u16)) -> String {
    let buffer = picture(state, size, &plain());
    buffer.content().iter().map(ratatui::buffer::Cell::symbol).collect()
}

/// The usual theme.
pub fn plain() -> Theme {
    Theme::new(&Settings::default().ui, &Look::default())
}

/// The profiles of the files.
pub fn profiles() -> Vec<ProfileChoice> {
    let profile = |name: &str, kind: &str, standing: (Tone, &str)| ProfileChoice {
        name: ProfileName::new(name),
        kind: kind.to_owned(),
        account: None,
        region: None,
        standing: (standing.0, standing.1.to_owned()),
        programs: Vec::new(),
        is_default: name == "prod-admin",
    };
    let mut all = vec![
        profile("prod-admin", "SSO corp", (Tone::Good, "✓ signed in, 6 h left")),
        profile("prod-build", "runs a program: /opt/creds", (Tone::Unknown, "? runs only when chosen")),
        profile("prod-legacy", "access key", (Tone::Plain, "")),
        profile("preprod", "role via prod-admin", (Tone::Bad, "✗ sign-in ended 14 min ago")),
    ];
    all[0].account = Some("123456789012".parse().unwrap());
    all[1].programs = vec![program("prod-build")];
    all
}

/// The program in the section of a profile.
pub fn program(profile: &str) -> CredentialProgram {
    CredentialProgram { profile: ProfileName::new(profile), line: "/opt/creds".into(), mark: format!("mark of {profile}") }
}

/// One case of everything the table can say.
pub fn company() -> Vec<Instance> {
    let mut rows = vec![
        instance("i-0c41d2a9be7730f12", "bastion", "10.0.0.10", Some("43.201.7.19")),
        instance("i-0dd8f0011c2b3a495", "batch-worker-1", "10.0.4.20", None),
        instance("i-0f3344556677889aa", "build-mac", "10.0.4.31", None),
        instance("i-03b2c1d0e9f8a7b65", "db-replica (do not touch, ask the data team first)", "10.0.5.9", None),
        instance("i-0123456789abcdef0", "web-1", "10.0.1.21", Some("3.36.112.8")),
        instance("i-0fedcba9876543210", "web-2", "10.0.1.22", Some("3.36.112.9")),
        instance("i-0aa11bb22cc33dd44", "web-10", "10.0.1.23", None),
        instance("i-0bb22cc33dd44ee55", "win-ad-01", "10.0.6.4", Some("3.36.112.77")),
        instance("i-0a9912cd34ef56ab7", "결제-api-1", "10.0.3.14", Some("3.36.112.60")),
        instance("i-07be1177aa09c3d45", "결제-api-2", "10.0.3.15", None),
        instance("i-0cc33dd44ee55ff66", "", "10.0.9.1", None),
        instance("i-0dd44ee55ff667788", "a\u{1b}]52;c;Y3Vy\u{7}\nb\u{202e}c", "10.0.9.2", Some("3.36.112.99")),
    ];
    rows[1].state = InstanceState::Stopped;
    rows[1].instance_profile = Some("batch".into());
    rows[2].state = InstanceState::Pending;
    rows[3].instance_profile = Some("db-profile".into());
    rows[3].role = denied("iam:GetInstanceProfile");
    rows[6].state = InstanceState::Stopping;
    rows[7].os = Os::Windows;
    rows[7].platform = Some("Windows".into());
    for at in [0, 4, 5, 7, 8] {
        rows[at].ssm = Fact::Known(Ssm {
            status: SsmStatus::Online,
            agent_version: Some("3.3.1611.0".into()),
            last_ping: Some(now()),
            platform_name: Some("Amazon Linux".into()),
            platform_version: Some("2023".into()),
        });
        rows[at].instance_profile = Some("web-profile".into());
        rows[at].role = Fact::Known(ProfileRole {
            role: Some("web-role".into()),
            grant: Fact::Known(Grant::Sessions),
            has_retired_policy: false,
        });
    }
    for at in [6, 9] {
        let last_ping = Some("2026-11-19T09:00:00Z".parse().unwrap());
        rows[at].ssm = Fact::Known(Ssm { status: SsmStatus::Lost, last_ping, ..Ssm::unmanaged() });
        rows[at].instance_profile = Some("pay-profile".into());
        rows[at].role = Fact::Known(ProfileRole {
            role: Some("pay-role".into()),
            grant: Fact::Known(Grant::Lacks(vec!["ssm:UpdateInstanceInformation"])),
            has_retired_policy: false,
        });
    }
    rows
}

fn instance(id: &str, name: &str, private_ip: &str, public_ip: Option<&str>) -> Instance {
    let mut instance = (*row(id, name)).clone();
    instance.place = Arc::new(place());
    instance.private_ip = private_ip.parse().ok();
    instance.public_ip = public_ip.and_then(|ip| ip.parse().ok());
    instance.ipv6 = Vec::new();
    instance.tags = [("Name".into(), name.into()), ("env".into(), "prod".into()), ("team".into(), "payments".into())].into();
    instance
}

fn denied<T>(action: &'static str) -> Fact<T> {
    Fact::Hidden(Denial { why: Why::AccessDenied, action, message: None })
}
