//! How much is done for a frame and for an answer: counted, not timed.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::world::{answer_message, answered, blank, company, enter, opened, place, press, text};
use crate::model::{Answer, Fact, Generation, Grant, Image, Instance, InstanceState, ProfileRole, Ssm, SsmStatus};
use crate::tui::effect::Effect;
use crate::tui::message::Message;
use crate::tui::state::State;

const MANY: u32 = 20_000;

/// Rows of a large account; each has a profile and an image of many.
fn rows(count: u32) -> Vec<Instance> {
    let row = |number: u32| {
        let mut row = company().swap_remove(4);
        row.id = format!("i-{number:017x}").parse().unwrap();
        row.tags.insert("Name".into(), format!("web-{}", number.wrapping_mul(7_919) % count).into());
        row.ssm = crate::model::Fact::Pending;
        row.role = crate::model::Fact::Pending;
        row.instance_profile = Some(format!("profile-{}", number % 200).into());
        row.image = Some(format!("ami-{}", number % 50).into());
        row.key_name = Some(format!("pair-{}", number % 20).into());
        row
    };
    (0..count).map(row).collect()
}

fn listed(count: u32) -> (State, Generation) {
    let mut state = blank();
    let generation = opened(&mut state);
    for page in rows(count).chunks(1_000) {
        let effects = state.handle(answer_message(generation, Answer::Page(page.to_vec())));
        answered(&mut state, effects);
        settle(&mut state);
    }
    (state, generation)
}

fn settle(state: &mut State) {
    while state.world.rows_lag {
        state.tick();
    }
}

/// Lines that were looked at and rows that were judged in the meantime.
fn work(state: &mut State, act: impl FnOnce(&mut State)) -> (u64, u64) {
    let before = (state.world.rows.work.seen.get(), state.world.rows.work.judged);
    act(state);
    (state.world.rows.work.seen.get() - before.0, state.world.rows.work.judged - before.1)
}

#[test]
fn every_row_is_judged_once_when_it_comes() {
    let mut state = blank();
    let generation = opened(&mut state);

    let (_, judged) = work(&mut state, |state| {
        for page in rows(MANY).chunks(1_000) {
            // The looks for keys are left unanswered: an answer is about every row.
            state.handle(answer_message(generation, Answer::Page(page.to_vec())));
            settle(state);
        }
    });

    assert_eq!(state.world.rows.total(), MANY as usize);
    assert_eq!(judged, u64::from(MANY));
    let names: Vec<_> = state.world.rows.visible().map(|line| line.instance.name().unwrap().raw().len()).collect();
    assert_eq!(names.len(), MANY as usize);
    assert!(names.is_sorted(), "web-2 before web-10");
}

#[test]
fn an_agent_that_is_heard_again_has_no_row_judged_and_loses_no_other_news() {
    let (mut state, generation) = listed(1_000);
    let ids: Vec<_> = rows(1_000).iter().map(|row| row.id.clone()).collect();
    let heard = |state: &mut State, second: i64, status: SsmStatus| {
        let ssm = || Ssm { status, last_ping: Timestamp::from_second(second).ok(), ..Ssm::unmanaged() };
        let told: BTreeMap<_, _> = ids.iter().rev().take(50).map(|id| (id.clone(), ssm())).collect();
        state.handle(answer_message(generation, Answer::Ssm(told)));
    };
    let pings = |state: &State| {
        let lines = state.world.rows.visible().filter_map(|line| line.instance.ssm.known());
        lines.filter_map(|ssm| ssm.last_ping).map(Timestamp::as_second).collect::<Vec<_>>()
    };
    heard(&mut state, 1, SsmStatus::Online);

    let (_, judged) = work(&mut state, |state| heard(state, 2, SsmStatus::Online));
    assert_eq!((judged, pings(&state)), (0, vec![2; 50]));
    let (_, judged) = work(&mut state, |state| heard(state, 3, SsmStatus::Lost));
    assert_eq!((judged, pings(&state)), (50, vec![3; 50]));

    // More than are judged in one go, and those that wait are heard meanwhile.
    heard(&mut state, 4, SsmStatus::Online);
    let stopped = |mut row: Instance| {
        row.state = InstanceState::Stopped;
        row
    };
    let (_, judged) = work(&mut state, |state| {
        state.handle(answer_message(generation, Answer::Page(rows(1_000).into_iter().map(stopped).collect())));
        heard(state, 5, SsmStatus::Online);
        settle(state);
    });
    assert_eq!((judged, pings(&state)), (1_000, vec![5; 50]));
    assert!(state.world.rows.visible().all(|line| line.ways.best.is_none()));
}

#[test]
fn a_frame_looks_at_the_rows_on_the_screen_also_when_all_are_selected() {
    let (mut state, _) = listed(MANY);
    press(&mut state, &["Ctrl-A", "G"]);
    assert_eq!(state.world.rows.marked_count(), MANY as usize);

    let (seen, judged) = work(&mut state, |state| {
        press(state, &["k"]);
        text(state, (120, 32));
    });

    assert!((1..200).contains(&seen), "{seen} lines for a screen of 32");
    assert_eq!(judged, 0);
}

#[test]
fn a_frame_of_the_command_dialog_does_not_ask_every_selected_row() {
    let (mut state, _) = listed(MANY);
    press(&mut state, &["Ctrl-A", "x"]);
    let first = text(&mut state, (120, 32));
    assert!(first.contains("20000"), "{first}");

    let (seen, judged) = work(&mut state, |state| {
        enter(state, "uptime");
        text(state, (120, 32));
    });

    assert!(seen < 400, "{seen} lines for a screen of 32");
    assert_eq!(judged, 0);
}

#[test]
fn a_key_in_the_filter_line_looks_at_the_rows_that_are_left() {
    let (mut state, _) = listed(MANY);
    let filtered = |state: &mut State, typed: &str| {
        let before = state.world.rows.work.filtered;
        enter(state, typed);
        (state.world.rows.work.filtered - before, state.world.rows.count() as u64)
    };
    press(&mut state, &["/"]);

    let (mut looked_at, mut left) = filtered(&mut state, "w");
    assert_eq!(looked_at, u64::from(MANY));
    for key in ["e", "b", "-", "1", "9", "9", "9", " ", "s"] {
        let before = left;
        (looked_at, left) = filtered(&mut state, key);
        assert!(looked_at <= before, "{key}: {looked_at} rows for {before}");
    }
    let (looked_at, _) = filtered(&mut state, "tate:run");
    assert!(looked_at <= 8 * 20 + u64::from(MANY), "{looked_at}");
    press(&mut state, &["Ctrl-U"]);
    assert_eq!(state.world.rows.count(), MANY as usize);
}

#[test]
fn an_answer_about_some_rows_is_work_for_those() {
    let (mut state, generation) = listed(MANY);
    let online = Ssm { status: SsmStatus::Online, ..Ssm::unmanaged() };
    let some: BTreeMap<_, _> = rows(MANY).into_iter().take(50).map(|row| (row.id, online.clone())).collect();

    let (seen, judged) = work(&mut state, |state| {
        state.handle(answer_message(generation, Answer::Ssm(some)));
        settle(state);
    });

    assert_eq!(judged, 50);
    assert!(seen < 20, "{seen} lines");
    let role = crate::model::ProfileRole { role: None, grant: crate::model::Fact::Pending, has_retired_policy: false };
    let role = Answer::Role { profile: "profile-7".into(), role: crate::model::Fact::Known(role) };
    let (_, judged) = work(&mut state, |state| {
        state.handle(answer_message(generation, role));
        settle(state);
    });
    assert_eq!(judged, u64::from(MANY) / 200);
}

#[test]
fn the_same_answers_again_are_no_work() {
    let (mut state, generation) = listed(2_000);

    let (_, judged) = work(&mut state, |state| {
        for page in rows(2_000).chunks(1_000) {
            state.handle(answer_message(generation, Answer::Page(page.to_vec())));
        }
        state.handle(answer_message(generation, Answer::Listed));
        settle(state);
    });

    assert_eq!(judged, 0);
}

#[test]
fn rows_that_go_take_their_marks_along_and_the_cursor_stays() {
    let (mut state, generation) = listed(1_000);
    press(&mut state, &["Ctrl-A"]);
    state.world.rows.go_to(500);
    let cursor = state.world.rows.current().unwrap().instance.id.clone();
    let survey = state.refresh_by_itself();
    assert_eq!(survey, [], "still loading");
    state.handle(answer_message(generation, Answer::Listed));
    state.handle(answer_message(generation, Answer::SsmListed));
    let effects = state.refresh_by_itself();
    let Some(crate::tui::effect::Effect::Survey { generation, .. }) = effects.first() else { panic!("{effects:?}") };

    let left: Vec<_> = rows(1_000).into_iter().filter(|row| row.id == cursor || row.id.as_str().ends_with('0')).collect();
    let count = left.len();
    state.handle(answer_message(*generation, Answer::Page(left)));
    state.handle(answer_message(*generation, Answer::Listed));
    settle(&mut state);

    assert_eq!((state.world.rows.total(), state.world.rows.count(), state.world.rows.marked_count()), (count, count, count));
    assert_eq!(state.world.rows.current().unwrap().instance.id, cursor);
}

/// Everything of a list that is asked for again, with these rows; how often it was news.
fn refresh(state: &mut State, rows: &[Instance]) -> usize {
    let effects = state.refresh_by_itself();
    let Some(Effect::Survey { generation, .. }) = effects.first() else { panic!("{effects:?}") };
    let online = Ssm { status: SsmStatus::Online, ..Ssm::unmanaged() };
    let pages = rows.chunks(1_000).map(|page| Answer::Page(page.to_vec()));
    let registrations =
        rows.chunks(1_000).map(|page| Answer::Ssm(page.iter().map(|row| (row.id.clone(), online.clone())).collect()));
    let roles = (0..200).map(|number| {
        let role = ProfileRole {
            role: Some(format!("role-{number}").into()),
            grant: Fact::Known(Grant::Sessions),
            has_retired_policy: false,
        };
        Answer::Role { profile: format!("profile-{number}").into(), role: Fact::Known(role) }
    });
    let image = |number: u32| (format!("ami-{number}").into(), Image { name: "al2023".into(), owner: None, owner_alias: None });
    let images = Answer::Images((0..50).map(image).collect());
    let mut news = 0;
    for answer in pages.chain(registrations).chain(roles).chain([images, Answer::ImagesListed, Answer::SsmListed, Answer::Listed])
    {
        state.handle(answer_message(*generation, answer));
        news += usize::from(state.is_news);
        settle(state);
    }
    state.handle(Message::Surveyed { generation: *generation, place: place(), result: Ok(()) });
    news
}

/// A list that has been read to its end twice.
fn refreshed(rows: &[Instance]) -> State {
    let (mut state, generation) = listed(0);
    for answer in [Answer::Listed, Answer::SsmListed] {
        state.handle(answer_message(generation, answer));
    }
    state.handle(Message::Surveyed { generation, place: place(), result: Ok(()) });
    refresh(&mut state, rows);
    refresh(&mut state, rows);
    state
}

#[test]
fn a_refresh_that_changes_nothing_is_no_work_and_draws_nothing_but_that_it_is_over() {
    let rows = rows(5_000);
    let mut state = refreshed(&rows);
    let shown = text(&mut state, (120, 32));
    let mut news = 0;

    let (seen, judged) = work(&mut state, |state| news = refresh(state, &rows));

    assert_eq!((seen, judged), (0, 0));
    assert_eq!(news, 2, "that the registrations and the instances were read to the end");
    assert_eq!(text(&mut state, (120, 32)), shown);
}

#[test]
fn a_refresh_that_changes_one_row_in_a_hundred_is_work_for_those() {
    let mut rows = rows(5_000);
    let mut state = refreshed(&rows);
    for row in rows.iter_mut().step_by(100) {
        row.state = InstanceState::Stopped;
    }

    let (seen, judged) = work(&mut state, |state| {
        refresh(state, &rows);
    });

    assert_eq!(judged, 50);
    assert!(seen < 200, "{seen} lines");
}

#[test]
fn an_answer_that_comes_too_late_is_no_news() {
    let (mut state, generation) = listed(10);
    press(&mut state, &["Esc"]);

    state.handle(answer_message(generation, Answer::Page(rows(20))));

    assert!(!state.is_news);
    assert_eq!(state.world.rows.total(), 10);
}

#[test]
fn a_favourite_is_work_for_its_own_row() {
    let (mut state, _) = listed(2_000);
    state.world.rows.go_to(500);

    let (seen, judged) = work(&mut state, |state| {
        press(state, &["f"]);
        text(state, (120, 32));
    });

    assert_eq!(judged, 0);
    assert!(seen < 200, "{seen} lines for a screen of 32");
}

#[test]
fn groups_are_work_for_what_has_changed_and_for_what_is_shown() {
    let (mut state, generation) = listed(2_000);
    let by_profile = crate::columns::Column::parse("az").unwrap();
    let text_of = std::sync::Arc::clone(&state.world.text);
    state.world.rows.group_by(Some(by_profile), state.world.now, &text_of);
    let online = Ssm { status: SsmStatus::Online, ..Ssm::unmanaged() };
    let some: BTreeMap<_, _> = rows(2_000).into_iter().take(50).map(|row| (row.id, online.clone())).collect();

    let (seen, judged) = work(&mut state, |state| {
        press(state, &["G", "k"]);
        text(state, (120, 32));
    });
    assert!((1..200).contains(&seen), "{seen} lines for a screen of 32");
    assert_eq!(judged, 0);

    let (seen, judged) = work(&mut state, |state| {
        state.handle(answer_message(generation, Answer::Ssm(some)));
        settle(state);
    });
    assert_eq!(judged, 50);
    assert!(seen < 20, "{seen} lines");
}
