//! What is seen of this computer, and when it is looked at again.

use super::world::{blank, company, listed, text};
use crate::access::{KeyFile, KeyProblem, Keyring, Local, Method, SshClient};
use crate::model::Generation;
use crate::tui::connect_request::ConnectRequest;
use crate::tui::effect::Effect;
use crate::tui::key::Key;
use crate::tui::looks::Look;
use crate::tui::message::{Message, SessionSummary};
use crate::tui::state::State;

fn look_in(effects: &[Effect]) -> Option<Look> {
    effects.iter().find_map(|effect| match effect {
        Effect::LookLocally(look) | Effect::LookAndConnect { look, .. } => Some(*look),
        _ => None,
    })
}

fn pressed(state: &mut State, key: &str) -> Vec<Effect> {
    state.press(key.parse::<Key>().unwrap())
}

fn seen(generation: Generation, problem: Option<KeyProblem>) -> Message {
    let key = KeyFile { path: "/home/jane/.ssh/team-prod.pem".into(), problem, ..KeyFile::default() };
    let local = Local { keys: Keyring::new(vec![key], Vec::new(), []).into(), ..Local::default() };
    Message::Local { generation, local }
}

fn problem(state: &State) -> Option<KeyProblem> {
    let instance = company().swap_remove(4);
    state.world.local.keys.key_of(&instance, None).file.and_then(|key| key.problem)
}

#[test]
fn it_is_looked_at_whole_by_r_by_the_picker_before_connecting_and_after_a_session() {
    let end = SessionSummary {
        code: 0,
        way: None,
        lasted: std::time::Duration::ZERO,
        diagnosis: Vec::new(),
        has_other_host_key: false,
    };
    let ended = Message::SessionEnded {
        id: "i-0123456789abcdef0".parse().unwrap(),
        shown: "web-1".to_owned(),
        failed: None,
        result: Ok(end),
    };
    type Way<'a> = &'a dyn Fn(&mut State) -> Vec<Effect>;
    let ways: [Way<'_>; 4] =
        [&|state| pressed(state, "R"), &|state| pressed(state, "Enter"), &|state| pressed(state, "c"), &|state| {
            state.handle(ended.clone())
        }];
    for (at, way) in ways.into_iter().enumerate() {
        let mut state = listed();

        let look = look_in(&way(&mut state));

        assert!(look.is_some(), "no look by way {at}");
    }
}

/// After a yes, and before the way is planned; a way that takes no file asks nothing.
#[test]
fn a_key_that_others_may_read_is_made_the_users_alone_after_a_yes() {
    let mut state = listed();
    let look = look_in(&pressed(&mut state, "R")).unwrap();
    state.handle(seen(look.generation, Some(KeyProblem::TooOpen)));
    let id = company().swap_remove(4).id.clone();
    let ssh = ConnectRequest { method: Some(Method::Ssh), ..ConnectRequest::best(id) };
    let eic = ConnectRequest { method: Some(Method::Eic), ..ssh.clone() };

    state.handle(Message::LookedAround(Box::new(eic)));
    assert!(!text(&mut state, (120, 32)).contains("chmod 600"));
    assert_eq!(state.handle(Message::LookedAround(Box::new(ssh.clone()))), []);
    let screen = text(&mut state, (120, 32));
    assert!(screen.contains("Others may read the key /home/jane/.ssh/team-prod.pem") && screen.contains("y/N"), "{screen}");

    assert_eq!(pressed(&mut state, "n"), [], "nothing is changed, and nothing begins");
    assert_eq!(state.handle(Message::LookedAround(Box::new(ssh.clone()))), []);
    let effects = pressed(&mut state, "y");

    let [Effect::LookAndConnect { mends: Some(path), request, .. }] = effects.as_slice() else { panic!("{effects:?}") };
    assert_eq!((path.to_str().unwrap(), &**request), ("/home/jane/.ssh/team-prod.pem", &ssh));
}

#[test]
fn a_key_that_was_mended_counts_when_the_picker_opens() {
    let mut state = listed();
    let look = look_in(&pressed(&mut state, "R")).unwrap();
    state.handle(seen(look.generation, Some(KeyProblem::TooOpen)));
    assert_eq!(problem(&state), Some(KeyProblem::TooOpen));

    let look = look_in(&pressed(&mut state, "Enter")).unwrap();
    state.handle(seen(look.generation, None));

    assert_eq!(problem(&state), None);
}

#[test]
fn an_older_look_does_not_take_the_place_of_a_newer_one() {
    let mut state = listed();
    let older = look_in(&pressed(&mut state, "R")).unwrap();
    let newer = look_in(&pressed(&mut state, "c")).unwrap();

    state.handle(seen(newer.generation, None));
    state.handle(seen(older.generation, Some(KeyProblem::TooOpen)));

    assert_eq!(problem(&state), None);
}

#[test]
fn a_connection_goes_by_what_is_seen_just_before() {
    let mut state = listed();
    state.world.rows.go_to_instance(&"i-0123456789abcdef0".parse().unwrap());
    let effects = pressed(&mut state, "c");
    let [Effect::LookAndConnect { look, request, .. }] = effects.as_slice() else { panic!("{effects:?}") };
    let local = Local { ssh: SshClient::Foreign, ..state.world.local.clone() };

    state.handle(Message::Local { generation: look.generation, local });
    let effects = state.handle(Message::LookedAround(request.clone()));

    let [Effect::Connect { plan }] = effects.as_slice() else { panic!("{effects:?}") };
    assert_eq!(plan.method.id(), "ssm", "the only way without an ssh that will do");
}

#[test]
fn many_wishes_to_look_are_one_look_after_the_one_under_way() {
    let mut state = blank();
    let begun = state.begin(false);
    let first = look_in(&begun).unwrap();
    for _ in 0..50 {
        assert_eq!(look_in(&pressed(&mut state, "R")), None);
    }

    let next = look_in(&state.handle(seen(first.generation, None))).unwrap();
    let last = look_in(&state.handle(seen(next.generation, None)));

    assert!(next.generation > first.generation);
    assert_eq!(last, None);
}
