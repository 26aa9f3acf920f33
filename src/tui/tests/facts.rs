//! What the screen says of facts that AWS tells once and not again.

use super::world::{answer_message, listed, now, place, press, text};
use crate::access::Method;
use crate::model::{Answer, Denial, Fact, Generation, InstanceId, Why};
use crate::tui::effect::Effect;
use crate::tui::message::{Message, Opened};
use crate::tui::state::State;
use crate::tui::trouble::{Trouble, TroubleKind};

/// Press `R`, and let the profile be opened again: the generation of the new listing.
fn refreshed(state: &mut State) -> Generation {
    let effects = press(state, &["R"]);
    let opening = effects.iter().find_map(|effect| match effect {
        Effect::Open { generation, .. } => Some(*generation),
        _ => None,
    });
    let opened = Opened { profile: place().profile, region: Some(place().region), endpoint: None, needs_no_profile: false };
    let effects = state.handle(Message::Opened { generation: opening.unwrap(), result: Ok(opened) });
    let Some(Effect::Survey { generation, .. }) = effects.first() else { panic!("nothing is listed: {effects:?}") };
    *generation
}

fn refused<T>(why: Why, action: &'static str) -> Fact<T> {
    Fact::Hidden(Denial { why, action, message: None })
}

fn best(state: &State, id: &str) -> Option<Method> {
    let id: InstanceId = id.parse().unwrap();
    state.world.rows.visible().find(|line| line.instance.id == id).unwrap().ways.best
}

#[test]
fn a_throttled_refresh_leaves_the_rows_and_the_way_in_and_says_how_old_they_are() {
    let mut state = listed();
    let before = text(&mut state, (160, 32));
    let ways: Vec<_> = state.world.rows.visible().map(|line| line.ways.best).collect();
    state.set_now(now().checked_add(jiff::SignedDuration::from_mins(3)).unwrap());
    let generation = refreshed(&mut state);
    let denial = Denial { why: Why::Throttled, action: "ssm:DescribeInstanceProperties", message: None };

    state.handle(answer_message(generation, Answer::SsmHidden(denial)));
    let role = refused(Why::Throttled, "iam:GetInstanceProfile");
    state.handle(answer_message(generation, Answer::Role { profile: "web-profile".into(), role }));
    state.handle(answer_message(generation, Answer::ImagesListed));
    state.handle(Message::Surveyed { generation, place: place(), result: Ok(()) });

    let after = text(&mut state, (160, 32));
    let count = |screen: &str, word: &str| screen.matches(word).count();
    for word in ["✓ online", "✗ lost", "– none", "✓ web-role"] {
        assert_eq!(count(&after, word), count(&before, word), "{word}");
    }
    assert!(count(&after, "✓ online") > 0);
    assert_eq!(state.world.rows.visible().map(|line| line.ways.best).collect::<Vec<_>>(), ways);
    press(&mut state, &["!"]);
    let problems = text(&mut state, (160, 32));
    assert!(problems.contains("ssm:DescribeInstanceProperties is throttled. SSM shows what was known 3 min ago."), "{problems}");
    assert!(problems.contains("iam:GetInstanceProfile is throttled. IAM shows what was known 3 min ago."), "{problems}");
}

#[test]
fn a_listing_that_fails_leaves_nothing_pending() {
    let mut state = super::world::blank();
    let generation = super::world::opened(&mut state);
    let trouble = Trouble {
        code: "throttled",
        what: "AWS asks to slow down.".to_owned(),
        why: None,
        next: None,
        kind: TroubleKind::Throttled,
        device: None,
        retry_in: std::time::Duration::from_secs(2),
    };

    state.handle(answer_message(generation, Answer::Page(super::world::company())));
    assert!(state.world.rows.visible().any(|line| line.instance.ssm.is_pending()));
    state.handle(Message::Surveyed { generation, place: place(), result: Err(trouble) });

    assert!(state.world.rows.visible().all(|line| !line.instance.ssm.is_pending()));
    assert!(text(&mut state, (120, 32)).contains("? unasked"));
    assert_eq!(best(&state, "i-0123456789abcdef0"), Some(Method::Ssm));
}
