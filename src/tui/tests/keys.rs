//! Keys go in, effects come out.

use jiff::Timestamp;

use super::world::{answer_message, blank, company, dangerous, enter, listed, now, opened, place, press, profiles, program};
use crate::access::Method;
use crate::model::{Answer, Generation, InstanceId, InstanceState, Place, Region};
use crate::tui::action::Action;
use crate::tui::effect::{Effect, Remembered};
use crate::tui::key::Key;
use crate::tui::message::{Message, Opened, SessionSummary};
use crate::tui::state::State;
use crate::tui::trouble::{Trouble, TroubleKind};
use crate::tui::world::Phase;

fn cursor(state: &State) -> String {
    state.world.current().map(|line| line.instance.id.to_string()).unwrap_or_default()
}

fn go_to(state: &mut State, id: &str) {
    state.world.rows.go_to_instance(&id.parse().unwrap());
}

fn later(seconds: i64) -> Timestamp {
    Timestamp::from_second(now().as_second() + seconds).unwrap()
}

fn trouble(kind: TroubleKind) -> Trouble {
    Trouble { code: "x", what: "x".into(), why: None, next: None, kind, retry_in: std::time::Duration::from_secs(5) }
}

fn generation_of(effects: &[Effect]) -> Generation {
    effects
        .iter()
        .find_map(|effect| match effect {
            Effect::Survey { generation, .. } | Effect::Open { generation, .. } => Some(*generation),
            _ => None,
        })
        .unwrap()
}

#[test]
fn web_enter_enter_enter_is_a_session_by_the_best_way() {
    let mut state = listed();
    press(&mut state, &["/"]);
    enter(&mut state, "web-1");
    press(&mut state, &["Enter"]);
    assert_eq!(state.overlays.len(), 0);

    let effects = press(&mut state, &["Enter", "Enter"]);

    let [Effect::Connect { plan }] = effects.as_slice() else { panic!("{effects:?}") };
    assert_eq!((plan.target.id.as_str(), plan.method), ("i-0123456789abcdef0", Method::Ssm));
    assert!(state.overlays.is_empty());
}

#[test]
fn c_connects_at_once_unless_the_account_asks() {
    let mut state = listed();
    go_to(&mut state, "i-0123456789abcdef0");
    assert!(matches!(press(&mut state, &["c"]).as_slice(), [Effect::Connect { .. }]));

    let mut state = dangerous();
    go_to(&mut state, "i-0123456789abcdef0");
    assert_eq!(press(&mut state, &["c"]), []);
    assert_eq!(press(&mut state, &["Enter"]), [], "Enter is no yes");
    assert!(state.overlays.is_empty());
    assert!(matches!(press(&mut state, &["c", "y"]).as_slice(), [Effect::Connect { .. }]));
}

#[test]
fn a_stopped_instance_is_not_connected_to_and_says_why() {
    let mut state = listed();
    go_to(&mut state, "i-0dd8f0011c2b3a495");

    assert_eq!(press(&mut state, &["c"]), []);

    assert_eq!(state.overlays.len(), 1);
    assert!(state.world.problems.last().unwrap().text.contains("stopped"), "{:?}", state.world.problems);
}

#[test]
fn another_way_than_the_best_can_be_chosen() {
    let mut state = listed();
    go_to(&mut state, "i-0123456789abcdef0");

    let effects = press(&mut state, &["Enter", "3", "Enter"]);

    let [Effect::Connect { plan }] = effects.as_slice() else { panic!("{effects:?}") };
    assert_eq!((plan.method, plan.best_of.as_ref()), (Method::Eic, None));
}

#[test]
fn another_user_is_typed_in_the_picker_and_checked() {
    let mut state = listed();
    go_to(&mut state, "i-0123456789abcdef0");
    press(&mut state, &["Enter", "u", "Ctrl-U"]);
    enter(&mut state, "-oProxyCommand=x");
    assert_eq!(press(&mut state, &["Enter", "Enter"]), []);
    press(&mut state, &["Ctrl-U"]);
    enter(&mut state, "deploy");

    let effects = press(&mut state, &["Enter", "Enter"]);

    let [Effect::Connect { plan }] = effects.as_slice() else { panic!("{effects:?}") };
    assert_eq!(plan.login.as_ref().unwrap().user.as_str(), "deploy");
}

#[test]
fn after_a_session_the_cursor_is_on_the_same_row_and_the_end_is_told() {
    let mut state = listed();
    go_to(&mut state, "i-0123456789abcdef0");
    press(&mut state, &["c"]);
    let end = SessionSummary { code: 3, way: None, lasted: std::time::Duration::from_secs(125), diagnosis: Vec::new() };

    state.handle(Message::SessionEnded { id: "i-0123456789abcdef0".parse().unwrap(), shown: "web-1".into(), result: Ok(end) });

    assert_eq!(cursor(&state), "i-0123456789abcdef0");
    assert_eq!(state.world.toast.as_ref().unwrap().text, "Session on web-1 ended: exit code 3 after 2 min.");
}

#[test]
fn a_failed_session_says_why_and_what_to_do_until_it_is_read() {
    let mut state = listed();
    let diagnosis = vec!["the host key is not the one seen before".to_owned(), "ec2dash known-hosts forget i-0".to_owned()];
    let end = SessionSummary { code: 255, way: None, lasted: std::time::Duration::from_secs(1), diagnosis };

    state.handle(Message::SessionEnded { id: "i-0123456789abcdef0".parse().unwrap(), shown: "web-1".into(), result: Ok(end) });

    assert_eq!(state.overlays.len(), 1);
    assert!(state.world.problems.last().unwrap().text.contains("forget"));
    press(&mut state, &["Enter"]);
    assert!(state.overlays.is_empty());
}

#[test]
fn the_cursor_stays_on_its_instance_through_sorting_filtering_and_a_refresh() {
    let mut state = listed();
    go_to(&mut state, "i-0fedcba9876543210");

    press(&mut state, &["S"]);
    assert_eq!(cursor(&state), "i-0fedcba9876543210");
    press(&mut state, &["/"]);
    enter(&mut state, "web");
    assert_eq!(cursor(&state), "i-0fedcba9876543210");
    press(&mut state, &["Enter", "Esc"]);
    let generation = generation_of(&state.refresh_by_itself());
    let mut rows = company();
    rows.remove(0);
    state.handle(answer_message(generation, Answer::Page(rows)));
    state.handle(answer_message(generation, Answer::Listed));

    assert_eq!(cursor(&state), "i-0fedcba9876543210");
    assert_eq!(state.world.rows.total(), 11);
}

#[test]
fn when_the_instance_under_the_cursor_goes_the_next_one_takes_its_place() {
    let mut state = listed();
    press(&mut state, &["j", "j"]);
    let gone: InstanceId = cursor(&state).parse().unwrap();
    press(&mut state, &["j"]);
    let next = cursor(&state);
    press(&mut state, &["k"]);
    let generation = generation_of(&state.refresh_by_itself());

    state.handle(answer_message(generation, Answer::Page(company().into_iter().filter(|row| row.id != gone).collect())));
    state.handle(answer_message(generation, Answer::Listed));

    assert_eq!(cursor(&state), next);
}

#[test]
fn escape_goes_back_one_step_and_never_quits() {
    let mut state = listed();
    press(&mut state, &["/"]);
    enter(&mut state, "web");
    press(&mut state, &["Enter", "i"]);

    assert_eq!(press(&mut state, &["Esc"]), []);
    assert!(state.overlays.is_empty());
    assert_eq!(state.filter_text, "web");
    assert_eq!(press(&mut state, &["Esc"]), []);
    assert_eq!(state.filter_text, "");
    assert_eq!(state.world.rows.count(), 12);
    assert_eq!(press(&mut state, &["Esc", "Esc"]), []);
    assert_eq!(press(&mut state, &["q"]), [Effect::Quit]);
}

#[test]
fn q_leaves_a_dialog_and_is_a_letter_in_a_field() {
    let mut state = listed();
    assert_eq!(press(&mut state, &["i", "q"]), []);
    assert!(state.overlays.is_empty());

    press(&mut state, &["/", "q"]);

    assert_eq!(state.filter_text, "q");
}

#[test]
fn ctrl_c_quits_only_twice_within_two_seconds() {
    let mut state = listed();
    assert_eq!(press(&mut state, &["Ctrl-C"]), []);
    state.set_now(later(3));
    assert_eq!(press(&mut state, &["Ctrl-C"]), []);
    state.set_now(later(4));
    assert_eq!(press(&mut state, &["Ctrl-C"]), [Effect::Quit]);

    let mut state = listed();
    assert_eq!(press(&mut state, &["Ctrl-C", "j", "Ctrl-C"]), [], "another key in between");
}

#[test]
fn ctrl_c_stops_what_is_waited_for() {
    let mut state = blank();
    opened(&mut state);

    assert_eq!(press(&mut state, &["Ctrl-C"]), [Effect::StopAsking]);
    assert!(!state.world.is_loading());
}

#[test]
fn a_paste_into_the_table_runs_nothing_and_one_into_the_filter_is_cut() {
    let mut state = listed();
    let before = cursor(&state);

    state.paste(&"jjjq\r".repeat(200_000));
    assert_eq!(cursor(&state), before);
    assert!(state.overlays.is_empty());

    press(&mut state, &["/"]);
    state.paste(&"w\u{1b}".repeat(500_000));
    assert_eq!(state.filter_text, "w".repeat(256));
}

#[test]
fn what_a_paste_does_not_bring_is_told_in_every_field() {
    for keys in [&["/"][..], &["r"], &["t"], &["x"]] {
        let mut state = listed();
        go_to(&mut state, "i-0123456789abcdef0");
        press(&mut state, keys);
        state.paste("80\n");
        assert_eq!(state.world.toast, None, "{keys:?}: one line is all of it");

        state.paste("80\n81\n");

        let told = state.world.toast.map(|toast| toast.text).unwrap_or_default();
        assert!(told.starts_with("Not all of the paste is in"), "{keys:?}: {told}");
    }
}

#[test]
fn a_filter_with_a_wrong_field_filters_nothing_and_is_not_kept() {
    let mut state = listed();
    press(&mut state, &["/"]);
    enter(&mut state, "stat:x");

    assert_eq!(state.world.rows.count(), 12);
    assert_eq!(state.filter_problem.as_deref(), Some("No field called stat. Did you mean state?"));
    press(&mut state, &["Enter"]);
    assert_eq!((state.filter_text.as_str(), &state.filter_problem), ("", &None));
}

#[test]
fn a_lone_jamo_is_its_key_and_a_syllable_is_told_once() {
    let mut state = listed();
    press(&mut state, &["ㅓ"]);
    assert_eq!(state.world.rows.at(), 1);

    state.press(Key::character('한'));
    assert!(state.world.toast.take().unwrap().text.starts_with("한글 입력"));
    state.press(Key::character('글'));
    assert_eq!(state.world.toast, None);

    press(&mut state, &["/", "ㅓ", "한"]);
    assert_eq!(state.filter_text, "ㅓ한");
}

#[test]
fn answers_of_a_place_that_was_left_are_never_shown() {
    let mut state = listed();
    let old = generation_of(&state.refresh_by_itself());
    let region: Region = "us-east-1".parse().unwrap();
    press(&mut state, &["r"]);
    enter(&mut state, "us-east");

    let effects = press(&mut state, &["Enter"]);

    assert!(effects.contains(&Effect::StopAsking));
    let there = Place { region, ..place() };
    assert!(matches!(effects.last(), Some(Effect::Survey { place, .. }) if *place == there));
    state.handle(answer_message(old, Answer::Page(company())));
    state.handle(Message::Surveyed { generation: old, place: place(), result: Err(trouble(TroubleKind::Other)) });
    assert_eq!(state.world.rows.total(), 0);
    assert_eq!(state.world.trouble(), None);
}

#[test]
fn going_away_and_back_does_not_revive_old_answers() {
    let mut state = listed();
    let old = generation_of(&state.refresh_by_itself());
    for region in ["us-east-1", "ap-northeast-2"] {
        press(&mut state, &["r"]);
        enter(&mut state, region);
        press(&mut state, &["Enter"]);
    }

    state.handle(answer_message(old, Answer::Page(company())));

    assert_eq!(state.world.rows.total(), 0);
}

#[test]
fn a_profile_with_a_program_is_asked_for_before_it_runs() {
    let mut state = listed();
    press(&mut state, &["p"]);
    enter(&mut state, "build");
    assert_eq!(press(&mut state, &["Enter"]), []);
    assert_eq!(press(&mut state, &["Esc"]), []);
    assert_eq!(state.world.here.profile.as_ref().unwrap().raw(), "prod-admin", "no changes nothing");

    press(&mut state, &["p"]);
    enter(&mut state, "build");
    let effects = press(&mut state, &["Enter", "Enter"]);

    assert!(matches!(effects.last(), Some(Effect::Open { profile: Some(profile), .. }) if profile.raw() == "prod-build"));
}

#[test]
fn a_way_that_does_not_apply_may_be_tried_where_the_command_line_tries_it() {
    let chosen = |id: &str, eic: &str| {
        let mut state = listed();
        press(&mut state, &["/"]);
        enter(&mut state, id);
        assert_eq!(press(&mut state, &["Enter", "Enter", eic, "Enter"]), [], "{id}");
        state
    };

    let mut without_public_address = chosen("i-07be1177aa09c3d45", "4");
    let screen = super::world::text(&mut without_public_address, (120, 32));
    assert!(screen.contains("eic to ") && screen.contains("Try anyway? y/N"), "{screen}");
    assert!(matches!(press(&mut without_public_address, &["y"]).as_slice(), [Effect::Connect { .. }]));
    let mut windows = chosen("i-0bb22cc33dd44ee55", "3");
    let screen = super::world::text(&mut windows, (120, 32));
    assert!(screen.contains("does not exist for Windows") && !screen.contains("Try anyway"), "{screen}");
}

#[test]
fn a_program_of_a_profile_below_is_asked_for_by_name_and_a_yes_is_for_the_very_program() {
    let mut state = blank();
    state.begin(false);
    let mut choices = profiles();
    choices[0].programs = vec![program("deploy"), program("prod-admin")];
    assert_eq!(state.handle(Message::Profiles(Ok(choices.clone()))), []);
    let screen = super::world::text(&mut state, (120, 32));
    assert!(screen.contains("through profile deploy from the"), "{screen}");

    let effects = press(&mut state, &["a"]);

    let [.., Effect::Open { programs, .. }, Effect::Remember(Remembered::Programs(kept))] = effects.as_slice() else {
        panic!("{effects:?}")
    };
    assert!(programs.cover(&choices[0].programs) && !programs.cover(&choices[1].programs));
    assert_eq!(*kept, choices[0].programs);
}

#[test]
fn programs_that_only_opening_found_are_asked_for_and_nothing_is_listed_before() {
    let mut state = blank();
    state.begin(false);
    let generation = generation_of(&state.handle(Message::Profiles(Ok(profiles()))));
    let programs = vec![program("prod-admin")];
    let profile = crate::model::ProfileName::new("prod-admin");
    let found = |generation| Message::ProgramsUnasked { generation, profile: profile.clone(), programs: programs.clone() };
    assert_eq!(state.handle(found(Generation(generation.0 + 7))), [], "an older asking");
    assert!(state.overlays.is_empty());

    assert_eq!(state.handle(found(generation)), []);

    assert!(matches!(state.world.here.phase, Phase::Asking(_)));
    let effects = press(&mut state, &["Enter"]);
    assert!(
        matches!(effects.as_slice(), [.., Effect::Open { programs: allowed, .. }] if allowed.cover(&programs)),
        "{effects:?}"
    );
}

#[test]
fn a_default_profile_with_a_program_is_asked_for_at_the_start() {
    let mut state = blank();
    state.begin(false);
    let mut choices = profiles();
    choices[0].programs = vec![program("prod-admin")];

    assert_eq!(state.handle(Message::Profiles(Ok(choices))), []);

    assert!(matches!(state.world.here.phase, Phase::Asking(_)));
    assert!(matches!(press(&mut state, &["Enter"]).last(), Some(Effect::Open { .. })));
}

#[test]
fn a_text_scrolls_to_its_last_page_and_at_once_back() {
    let mut state = listed();
    press(&mut state, &["i", "G"]);
    let at_end = super::world::text(&mut state, (80, 24));
    press(&mut state, &["j", "j", "PgDn"]);
    assert_eq!(super::world::text(&mut state, (80, 24)), at_end);

    press(&mut state, &["k"]);

    assert_ne!(super::world::text(&mut state, (80, 24)), at_end);
}

#[test]
fn without_a_default_profile_and_a_region_the_profiles_are_shown_first() {
    let nothing = |needs_no_profile| Opened { profile: None, region: None, endpoint: None, needs_no_profile };
    let started = |opened: Opened| {
        let mut state = blank();
        state.begin(true);
        let mut choices = profiles();
        choices.iter_mut().for_each(|choice| choice.is_default = false);
        let generation = generation_of(&state.handle(Message::Profiles(Ok(choices))));
        state.handle(Message::Opened { generation, result: Ok(opened) });
        state
    };

    let shown = super::world::text(&mut started(nothing(false)), (80, 24));
    assert!(shown.contains("Profile") && shown.contains("prod-legacy") && !shown.contains("Seoul"), "{shown}");
    assert!(shown.contains("There is no default profile"), "{shown}");

    let shown = super::world::text(&mut started(nothing(true)), (80, 24));
    assert!(shown.contains("Seoul") && shown.contains("No region is set."), "keys in the environment lack a region: {shown}");
}

#[test]
fn the_card_of_the_first_start_covers_no_error() {
    let trouble = |what: &str| crate::tui::trouble::Trouble {
        code: "x",
        what: what.to_owned(),
        why: Some("This is why.".to_owned()),
        next: Some("Do this.".to_owned()),
        kind: crate::tui::trouble::TroubleKind::Other,
        retry_in: std::time::Duration::ZERO,
    };
    let mut state = blank();
    state.begin(true);
    let generation = generation_of(&state.handle(Message::Profiles(Err(trouble("The files cannot be used.")))));
    assert_eq!(state.overlays.len(), 1, "the card");

    let effects = state.handle(Message::Opened { generation, result: Err(trouble("The files cannot be used.")) });

    let shown = super::world::text(&mut state, (80, 24));
    assert!(["The files cannot be used.", "This is why.", "Do this."].iter().all(|line| shown.contains(line)), "{shown}");
    assert_eq!(effects, [], "it was not seen, so it comes again");
}

#[test]
fn without_a_region_the_switcher_opens_and_the_choice_is_kept() {
    let mut state = blank();
    state.begin(false);
    let generation = generation_of(&state.handle(Message::Profiles(Ok(profiles()))));
    state.handle(Message::Opened {
        generation,
        result: Ok(Opened { profile: place().profile, region: None, endpoint: None, needs_no_profile: false }),
    });
    assert_eq!(state.overlays.len(), 1);
    enter(&mut state, "seoul");

    let effects = press(&mut state, &["Enter"]);

    let kept = Remembered::Region { profile: place().profile, region: place().region };
    assert!(effects.contains(&Effect::Remember(kept)));
    assert!(
        effects.iter().any(|effect| matches!(effect, Effect::Open { region: Some(region), .. } if *region == place().region))
    );
}

#[test]
fn a_refresh_by_hand_reads_the_credentials_again_and_one_by_itself_only_if_they_had_ended() {
    let mut state = listed();
    assert!(matches!(press(&mut state, &["R"]).as_slice(), [Effect::StopAsking, Effect::Open { .. }]));

    let mut state = listed();
    let generation = generation_of(&state.refresh_by_itself());
    state.handle(Message::Surveyed { generation, place: place(), result: Err(trouble(TroubleKind::Credentials)) });
    assert_eq!(state.world.rows.total(), 12, "old rows stay");
    state.set_now(state.next_refresh().unwrap());

    assert!(state.tick().iter().any(|effect| matches!(effect, Effect::Open { .. })));
}

#[test]
fn rows_are_asked_for_again_by_themselves_and_after_throttling_no_sooner_than_the_back_off() {
    let mut state = listed();
    assert_eq!(state.next_refresh(), Some(later(30 - 12)));
    state.set_now(later(18));
    let effects = state.tick();
    let generation = generation_of(&effects);
    assert_eq!(state.next_refresh(), None, "never two at once");

    state.handle(Message::Surveyed { generation, place: place(), result: Err(trouble(TroubleKind::Throttled)) });

    assert_eq!(state.next_refresh(), Some(later(18 + 5)));
}

#[test]
fn copying_says_what_was_copied_and_lets_no_control_character_through() {
    let mut state = listed();
    go_to(&mut state, "i-0dd44ee55ff667788");

    let effects = press(&mut state, &["y", "n"]);

    let [Effect::Copy { text }] = effects.as_slice() else { panic!("{effects:?}") };
    assert_eq!(text, "a]52;c;Y3Vybc");
    assert!(state.world.toast.as_ref().unwrap().text.contains("a]52;c;Y3Vybc"));
    assert_eq!(press(&mut state, &["y", "i"]), [Effect::Copy { text: "i-0dd44ee55ff667788".into() }]);
}

#[test]
fn the_copied_command_opens_the_same_session() {
    let mut state = listed();
    go_to(&mut state, "i-0123456789abcdef0");

    let effects = press(&mut state, &["y", "s"]);

    let command = "ec2dash connect i-0123456789abcdef0 --method ssm --profile prod-admin --region ap-northeast-2";
    assert_eq!(effects, [Effect::Copy { text: command.into() }]);
}

#[test]
fn a_new_key_pair_is_looked_for_once() {
    let mut state = blank();
    let generation = opened(&mut state);

    let first = state.handle(answer_message(generation, Answer::Page(company())));
    let second = state.handle(answer_message(generation, Answer::Page(company())));

    assert!(
        matches!(first.as_slice(), [Effect::LookLocally(look)] if look.key_names.contains("team-prod") && look.ssh.is_some())
    );
    assert_eq!(second, []);
}

#[test]
fn every_key_of_the_picker_and_the_others_pass_nothing_to_the_table() {
    for keys in [&["i"][..], &["Enter"], &["?"], &["s"], &["y"], &["!"], &["p"], &["r"]] {
        let mut state = listed();
        press(&mut state, keys);
        for action in [Action::Filter, Action::Refresh, Action::ReverseSort] {
            assert_eq!(state.act(action), [], "{keys:?} {action:?}");
        }
        assert!(state.filter_field.is_none());
    }
}

#[test]
fn ten_thousand_rows_are_sorted_filtered_and_kept_in_order() {
    let mut state = blank();
    let generation = opened(&mut state);
    let rows: Vec<_> = (0..10_000_u32)
        .map(|number| {
            let mut row = company().swap_remove(4);
            row.id = format!("i-{number:017x}").parse().unwrap();
            row.tags.insert("Name".into(), format!("web-{}", number.wrapping_mul(7919) % 10_000).into());
            row.state = if number % 3 == 0 { InstanceState::Stopped } else { InstanceState::Running };
            row
        })
        .collect();
    for page in rows.chunks(1_000) {
        state.handle(answer_message(generation, Answer::Page(page.to_vec())));
        while state.world.rows_lag {
            state.tick();
        }
    }

    let names: Vec<String> = state.world.rows.visible().take(12).map(|line| line.instance.name().unwrap().shown()).collect();
    assert_eq!(names, (0..12).map(|number| format!("web-{number}")).collect::<Vec<_>>());
    press(&mut state, &["/"]);
    enter(&mut state, "state:stopped");
    assert_eq!(state.world.rows.count(), 3_334);
    press(&mut state, &["Enter", "G"]);
    assert_eq!(state.world.rows.at(), 3_333);
}

#[test]
fn a_thousand_rows_come_in_parts_and_keys_are_taken_in_between() {
    let mut state = blank();
    let generation = opened(&mut state);
    let rows: Vec<_> =
        (0..1000).map(|at| (*crate::model::row(&format!("i-{at:017x}"), &format!("web-{:03}", 999 - at))).clone()).collect();
    let registered = rows.iter().map(|row| (row.id.clone(), crate::model::Ssm::unmanaged())).collect();

    state.handle(answer_message(generation, Answer::Page(rows)));
    let first = state.world.rows.total();
    assert!((1..1000).contains(&first), "{first} at once");
    press(&mut state, &["j"]);
    assert_eq!(state.world.rows.at(), 1);
    while state.world.rows_lag {
        assert_eq!(state.wake(), Some(now()));
        state.tick();
    }
    assert_eq!(state.world.rows.total(), 1000);

    state.handle(answer_message(generation, Answer::Ssm(registered)));
    assert!(state.world.rows_lag);
    assert_eq!(state.world.rows.total(), 1000);
    while state.world.rows_lag {
        state.tick();
    }
    let names: Vec<_> = state.world.rows.visible().map(|line| line.instance.name().unwrap().raw().to_owned()).collect();
    assert!(names.is_sorted());
    assert!(state.world.rows.visible().all(|line| line.instance.ssm.known().is_some()));
}
