//! Keys that lead to another profile or region.

use super::*;
use crate::columns::Tone;
use crate::config::PlaceSet;
use crate::model::{Fact, Instance, Network, ProfileName};
use crate::tui::sign_in_run::SignInTo;
use crate::tui::world::ProfileChoice;

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
fn a_program_of_a_profile_below_is_asked_for_by_name_and_a_yes_is_for_the_very_program() {
    let mut state = blank();
    state.begin(false);
    let mut choices = profiles();
    choices[0].programs = vec![program("deploy"), program("prod-admin")];
    assert_eq!(state.handle(Message::Profiles(Ok(choices.clone()))), []);
    let screen = text(&mut state, (120, 32));
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
fn a_question_that_comes_up_over_the_list_takes_no_yes_that_was_meant_for_a_row() {
    let mut state = listed();
    let generation = generation_of(&press(&mut state, &["R"]));
    let profile = crate::model::ProfileName::new("prod-admin");
    state.handle(Message::ProgramsUnasked { generation, profile, programs: vec![program("prod-admin")] });

    assert_eq!(press(&mut state, &["Enter", "y", "a"]), []);
    assert!(!state.overlays.is_empty());

    state.set_now(now() + jiff::SignedDuration::from_secs(2));
    assert!(matches!(press(&mut state, &["Enter"]).last(), Some(Effect::Open { .. })));
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

    let shown = text(&mut started(nothing(false)), (80, 24));
    assert!(shown.contains("Profile") && shown.contains("prod-legacy") && !shown.contains("Seoul"), "{shown}");
    assert!(shown.contains("There is no default profile"), "{shown}");

    let shown = text(&mut started(nothing(true)), (80, 24));
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
        device: None,
        retry_in: std::time::Duration::ZERO,
    };
    let mut state = blank();
    state.begin(true);
    let generation = generation_of(&state.handle(Message::Profiles(Err(trouble("The files cannot be used.")))));
    assert_eq!(state.overlays.len(), 1, "the card");

    let effects = state.handle(Message::Opened { generation, result: Err(trouble("The files cannot be used.")) });

    let shown = text(&mut state, (80, 24));
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
fn regions_that_are_enabled_come_first_and_the_others_are_marked() {
    let mut state = listed();
    let effects = press(&mut state, &["r"]);
    let [Effect::ListRegions { generation, .. }] = effects.as_slice() else { panic!("{effects:?}") };
    let told = [("af-south-1", false), ("ap-northeast-2", true), ("eu-west-1", true), ("zz-new-1", true)];
    let told = told.map(|(name, is_enabled)| (name.parse().unwrap(), is_enabled)).to_vec();
    let rows = state.world.rows.total();

    assert_eq!(state.handle(Message::Regions { generation: *generation, result: Ok(told) }), []);

    let picture = text(&mut state, (80, 24));
    let at = |word: &str| picture.find(word).unwrap_or_else(|| panic!("{word} in\n{picture}"));
    assert!(at("eu-west-1") < at("zz-new-1") && at("zz-new-1") < at("af-south-1"), "{picture}");
    let off = picture.lines().find(|line| line.contains("af-south-1")).unwrap();
    assert!(off.contains("not enabled") && !picture.contains("us-east-1"), "{picture}");
    assert_eq!((state.world.rows.total(), press(&mut state, &["Esc", "r"])), (rows, Vec::new()), "asked once");
}

#[test]
fn rows_of_an_earlier_run_carry_their_age_in_words_until_aws_has_answered() {
    let mut state = blank();
    let generation = opened(&mut state);
    let told = later(-38 * 60);
    let recalled = crate::config::Recalled { rows: company(), told };

    state.handle(Message::Recalled { generation, place: place(), recalled });

    let before = text(&mut state, (120, 32));
    assert!(before.contains("bastion") && before.matches("38 min old").count() >= 2, "the head and the row: {before}");
    assert!(before.contains("from "), "{before}");
    state.handle(answer_message(generation, Answer::Page(company())));
    let after = text(&mut state, (120, 32));
    assert!(after.contains("bastion") && !after.contains(" old"), "{after}");
}

#[test]
fn a_list_that_is_whole_is_kept_and_not_again_before_it_has_changed_and_some_time_has_passed() {
    let mut state = blank();
    let generation = opened(&mut state);
    let listed = |state: &mut State, generation, rows: Vec<Instance>| {
        // As AWS tells them: what costs a call of its own comes apart.
        let bare = |row: Instance| Instance {
            ssm: Fact::Pending,
            role: Fact::Pending,
            image_name: Fact::Pending,
            network: Fact::Pending,
            ..row
        };
        let nothing = std::sync::Arc::new(Network { endpoints: Fact::Known(Vec::new()), ..Network::default() });
        for answer in [
            Answer::Page(rows.into_iter().map(bare).collect()),
            Answer::SsmListed,
            Answer::ImagesListed,
            Answer::Networks { of: Default::default(), others: nothing.clone() },
            Answer::Listed,
        ] {
            state.handle(answer_message(generation, answer));
        }
        state.handle(Message::Surveyed { generation, place: place(), result: Ok(()) })
    };
    let kept = |effects: &[Effect]| {
        effects.iter().find_map(|effect| match effect {
            Effect::Remember(Remembered::Rows { rows, .. }) => Some(rows.len()),
            _ => None,
        })
    };

    assert_eq!(kept(&listed(&mut state, generation, company())), Some(12));
    let generation = generation_of(&state.refresh_by_itself());
    assert_eq!(kept(&listed(&mut state, generation, company()[1..].to_vec())), None, "just now");
    state.set_now(later(6 * 60));
    let generation = generation_of(&state.refresh_by_itself());
    assert_eq!(kept(&listed(&mut state, generation, company()[1..].to_vec())), Some(11));
    state.set_now(later(60 * 60));
    let generation = generation_of(&state.refresh_by_itself());
    assert_eq!(kept(&listed(&mut state, generation, company()[1..].to_vec())), None, "nothing has changed");
}

#[test]
fn the_places_of_a_session_stand_below_the_profiles_and_are_used_as_they_are() {
    let mut state = listed();
    let place = |account: &str, name: &str| ProfileChoice {
        name: ProfileName::new(format!("corp/{account}/ReadOnly")),
        kind: name.to_owned(),
        account: None,
        region: None,
        standing: (Tone::Faint, "listed 38 min ago".to_owned()),
        programs: Vec::new(),
        is_default: false,
    };
    let places = vec![place("444455556666", "Corp Production"), place("555566667777", "Corp Staging")];
    let mut taken = place("1", "");
    taken.name = ProfileName::new("prod-legacy");
    assert_eq!(state.handle(Message::SessionPlaces([places, vec![taken]].concat())), []);

    assert!(press(&mut state, &["p"]).contains(&Effect::ListSessions));
    let screen = text(&mut state, (120, 32));
    let at = |text: &str| screen.find(text).unwrap_or_else(|| panic!("{text}: {screen}"));
    assert!(at("preprod") < at("corp/444455556666/ReadOnly") && at("Corp Production") < at("listed 38 min ago"), "{screen}");
    assert_eq!(screen.matches("prod-legacy").count(), 1, "a profile is called so");
    enter(&mut state, "staging");
    let effects = press(&mut state, &["Enter"]);

    let opened = |effect: &Effect| matches!(effect, Effect::Open { profile: Some(profile), .. } if profile.raw() == "corp/555566667777/ReadOnly");
    assert!(effects.iter().any(opened), "{effects:?}");
    state
        .world
        .settings
        .places
        .insert("read".to_owned(), PlaceSet { profiles: vec!["corp/*/ReadOnly".to_owned()], ..PlaceSet::default() });
    press(&mut state, &["p"]);
    enter(&mut state, "@read");
    press(&mut state, &["Enter"]);
    assert_eq!(state.world.here.beside.len(), 1, "both roles are here");
}

#[test]
fn a_profile_that_was_chosen_is_signed_in_to_at_once_if_that_is_what_it_lacks() {
    let mut state = listed();
    press(&mut state, &["p"]);
    enter(&mut state, "preprod");
    let generation = generation_of(&press(&mut state, &["Enter"]));
    let there = Place { profile: Some(ProfileName::new("preprod")), ..place() };
    let opened =
        Opened { profile: there.profile.clone(), region: Some(there.region.clone()), endpoint: None, needs_no_profile: false };
    let generation = generation_of(&state.handle(Message::Opened { generation, result: Ok(opened) }));
    let signed_out =
        |generation| Message::Surveyed { generation, place: there.clone(), result: Err(trouble(TroubleKind::SignIn)) };

    let effects = state.handle(signed_out(generation));

    assert!(
        matches!(effects.as_slice(), [Effect::SignIn { to: SignInTo::Profile(profile), .. }] if *profile == there.profile),
        "{effects:?}"
    );
    press(&mut state, &["Esc"]);
    let again = generation_of(&state.refresh_by_itself());
    assert_eq!(state.handle(signed_out(again)), [], "who has cancelled it is not asked again");
}

#[test]
fn where_no_region_is_set_the_profiles_are_named_that_have_one() {
    let mut state = blank();
    state.begin(false);
    let mut choices = profiles();
    for at in [1, 2] {
        choices[at].region = Some("us-east-1".parse().unwrap());
    }
    let generation = generation_of(&state.handle(Message::Profiles(Ok(choices))));
    let opened = Opened { profile: place().profile, region: None, endpoint: None, needs_no_profile: false };

    state.handle(Message::Opened { generation, result: Ok(opened) });

    let bar = "No region is set for profile prod-admin. Profiles that have one:";
    assert!(text(&mut state, (80, 24)).contains(bar));
    press(&mut state, &["Esc"]);
    let screen = text(&mut state, (80, 24));
    assert!(screen.contains("Profiles that have one: prod-build, prod-legacy."), "{screen}");
}

#[test]
fn a_blank_after_a_word_goes_on_searching_and_anywhere_else_it_marks() {
    let mut state = listed();
    press(&mut state, &["p"]);
    assert!(text(&mut state, (80, 24)).contains("Space mark"));
    enter(&mut state, "prod ad");
    let screen = text(&mut state, (80, 24));
    assert!(screen.contains("prod ad") && screen.contains("> prod-admin") && !screen.contains("prod-build"), "{screen}");
    assert!(screen.contains("Space twice marks") && !screen.contains('*'), "{screen}");

    press(&mut state, &["Space", "Space"]);

    assert!(text(&mut state, (80, 24)).contains("* prod-admin"), "the second one marks");
    press(&mut state, &["Ctrl-U"]);
    enter(&mut state, "legacy");
    press(&mut state, &["Down", "Space"]);
    assert!(text(&mut state, (80, 24)).contains("* prod-legacy"), "after the cursor was moved one does");
    let effects = press(&mut state, &["Enter"]);
    assert_eq!(effects.iter().filter(|effect| matches!(effect, Effect::Open { .. })).count(), 2, "{effects:?}");
}

#[test]
fn the_region_of_a_place_of_a_session_is_kept_though_its_portal_has_one() {
    let mut state = listed();
    let place = ProfileName::new("corp/444455556666/ReadOnly");
    for (profile, is_kept) in [(place, true), (ProfileName::new("prod-admin"), false)] {
        state.world.here.profile = Some(profile.clone());
        press(&mut state, &["r"]);
        enter(&mut state, "us-east");

        let effects = press(&mut state, &["Enter"]);

        let kept = Effect::Remember(Remembered::Region { profile: Some(profile), region: "us-east-1".parse().unwrap() });
        assert_eq!(effects.contains(&kept), is_kept, "{effects:?}");
    }
}

/// A start that knows no profile and no region, as far as AWS was asked who we are.
fn nothing_known() -> (State, Generation) {
    let mut state = blank();
    state.begin(true);
    let generation = generation_of(&state.handle(Message::Profiles(Ok(Vec::new()))));
    let opened = Opened { profile: None, region: None, endpoint: None, needs_no_profile: false };
    assert_eq!(state.handle(Message::Opened { generation, result: Ok(opened) }), []);
    (state, generation)
}

#[test]
fn where_nothing_is_known_one_card_shows_the_ways_on_and_takes_the_place_of_the_other() {
    let (mut state, generation) = nothing_known();
    let what = "behind ".repeat(15);
    let none = Trouble { code: "no-credentials", what, ..trouble(TroubleKind::Credentials) };

    state.handle(Message::Identified { generation, result: Err(none.clone()) });

    let screen = text(&mut state, (80, 24));
    assert!(screen.contains("> 1 sign in") && screen.contains("  2 profile") && !screen.contains("any key goes on"), "{screen}");
    for size in [(40, 8), (60, 15)] {
        let screen = text(&mut state, size);
        assert!(screen.contains("> 1 sign in") && screen.contains("  3 demo"), "the ways first of all: {screen}");
    }
    assert!(!text(&mut state, (120, 32)).contains("behind"), "what the card says stands nowhere else");
    let again = generation_of(&state.refresh_by_itself());
    let opened = Opened { profile: None, region: None, endpoint: None, needs_no_profile: false };
    press(&mut state, &["Down"]);
    state.handle(Message::Opened { generation: again, result: Ok(opened) });
    state.handle(Message::Identified { generation: again, result: Err(none) });
    assert!(text(&mut state, (80, 24)).contains("> 2 profile"), "it stays as it was while they are looked for once more");
    press(&mut state, &["1"]);
    enter(&mut state, "ssoins-1.portal.eu-west-1.app.aws");
    let effects = press(&mut state, &["Enter"]);
    let Some(Effect::SignIn { to: SignInTo::StartUrl { start_url, region }, .. }) = effects.first() else {
        panic!("{effects:?}")
    };
    assert_eq!((start_url.as_str(), region.as_str()), ("https://ssoins-1.portal.eu-west-1.app.aws", "eu-west-1"));
}

#[test]
fn credentials_that_need_no_profile_lead_to_the_regions() {
    let (mut state, generation) = nothing_known();
    let identity = crate::model::Identity {
        account: "123456789012".parse().unwrap(),
        arn: "arn:aws:sts::123456789012:assumed-role/host/i-0".into(),
        user_id: "AIDA".into(),
    };

    state.handle(Message::Identified { generation, result: Ok(identity) });

    let screen = text(&mut state, (80, 24));
    assert!(screen.contains("> ap-northeast-2") && !screen.contains("1 sign in"), "{screen}");
}
