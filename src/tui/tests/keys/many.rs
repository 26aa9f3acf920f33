//! Several profiles and regions shown as one list.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::*;
use crate::config::PlaceSet;
use crate::model::{Identity, Instance, ProfileName};

fn at(profile: &str, region: &str) -> Place {
    Place { profile: Some(ProfileName::new(profile)), region: region.parse().unwrap() }
}

fn opened_profile(profile: &str) -> Opened {
    let Place { profile, region } = at(profile, "ap-northeast-2");
    Opened { profile, region: Some(region), endpoint: None, needs_no_profile: false }
}

/// The generations of what is opened, by profile.
fn opening(effects: &[Effect]) -> BTreeMap<String, Generation> {
    let opened = effects.iter().filter_map(|effect| match effect {
        Effect::Open { generation, profile: Some(profile), .. } => Some((profile.raw().to_owned(), *generation)),
        _ => None,
    });
    opened.collect()
}

/// The generations of what is listed, by place.
fn surveyed(effects: &[Effect]) -> BTreeMap<Place, Generation> {
    let listed = effects.iter().filter_map(|effect| match effect {
        Effect::Survey { generation, place, .. } => Some((place.clone(), *generation)),
        _ => None,
    });
    listed.collect()
}

/// Two profiles are marked and opened; the listings that are asked for.
fn marked() -> (State, BTreeMap<Place, Generation>) {
    let mut state = listed();
    press(&mut state, &["p"]);
    // prod-admin, prod-build, prod-legacy, preprod: a mark goes on to the next.
    press(&mut state, &["Space", "Down", "Space"]);
    let effects = press(&mut state, &["Enter"]);
    let opening = opening(&effects);
    assert_eq!(opening.keys().collect::<Vec<_>>(), ["prod-admin", "prod-legacy"], "{effects:?}");
    let mut asked = BTreeMap::new();
    for (profile, generation) in opening {
        let effects = state.handle(Message::Opened { generation, result: Ok(opened_profile(&profile)) });
        asked.extend(surveyed(&effects));
        let account = if profile == "prod-admin" { "123456789012" } else { "210987654321" };
        let identity = Identity { account: account.parse().unwrap(), arn: "arn".into(), user_id: "X".into() };
        state.handle(Message::Identified { generation, result: Ok(identity) });
    }
    (state, asked)
}

fn rows_of(place: &Place, ids: &[&str]) -> Answer {
    let row = |id: &&str| Instance {
        id: id.parse().unwrap(),
        place: Arc::new(place.clone()),
        account: None,
        ..company().swap_remove(4)
    };
    Answer::Page(ids.iter().map(row).collect())
}

fn answer(state: &mut State, place: &Place, generation: Generation, ids: &[&str]) {
    for answer in [rows_of(place, ids), Answer::SsmListed, Answer::ImagesListed, Answer::Listed] {
        state.handle(Message::Answered { generation, place: place.clone(), answer });
    }
    state.handle(Message::Surveyed { generation, place: place.clone(), result: Ok(()) });
}

#[test]
fn marked_profiles_are_one_list_and_the_head_says_how_many_places() {
    let (mut state, asked) = marked();
    assert_eq!(
        asked.keys().cloned().collect::<Vec<_>>(),
        [at("prod-admin", "ap-northeast-2"), at("prod-legacy", "ap-northeast-2")]
    );

    for (number, (place, generation)) in asked.iter().enumerate() {
        answer(&mut state, place, *generation, &[&format!("i-0aaaaaaaaaaaaaaa{number}")]);
    }

    assert_eq!(state.world.rows.total(), 2);
    let picture = text(&mut state, (120, 32));
    assert!(["2 places", "ACCOUNT", "PROFILE", "prod-le"].iter().all(|word| picture.contains(word)), "{picture}");
}

#[test]
fn each_place_fails_on_its_own_and_is_one_line_of_the_problems() {
    let (mut state, asked) = marked();
    let [(good, fine), (bad, failing)] = asked.into_iter().collect::<Vec<_>>().try_into().unwrap();

    answer(&mut state, &good, fine, &["i-0aaaaaaaaaaaaaaa1"]);
    let trouble = Trouble { what: "ec2:DescribeInstances is denied.".into(), ..trouble(TroubleKind::Other) };
    state.handle(Message::Surveyed { generation: failing, place: bad.clone(), result: Err(trouble) });

    assert_eq!(state.world.rows.total(), 1);
    assert_eq!(state.world.trouble(), None, "the others are fine");
    press(&mut state, &["3"]);
    let picture = text(&mut state, (120, 32));
    assert!(picture.contains("! prod-legacy ap-northeast-2: ec2:DescribeInstances is denied."), "{picture}");
    assert!(!picture.contains("! prod-admin"), "{picture}");
}

#[test]
fn what_fails_again_and_again_is_said_once_until_it_is_over() {
    let (mut state, mut asked) = marked();
    let fail = |state: &mut State, asked: &BTreeMap<Place, Generation>, what: &str| {
        for (place, generation) in asked {
            let trouble = Trouble { what: format!("{place} {what}"), ..trouble(TroubleKind::Other) };
            state.handle(Message::Surveyed { generation: *generation, place: place.clone(), result: Err(trouble) });
        }
    };
    let mut time = 0;
    let mut again = |state: &mut State| {
        time += 400;
        state.set_now(later(time));
        let asked = surveyed(&state.tick());
        assert_eq!(asked.len(), 2);
        asked
    };
    for _ in 0..5 {
        fail(&mut state, &asked, "asks to slow down.");
        asked = again(&mut state);
    }
    assert_eq!(state.world.problems.len(), 2, "{:?}", state.world.problems);

    fail(&mut state, &asked, "is denied.");
    assert_eq!(state.world.problems.len(), 4, "{:?}", state.world.problems);
    for (place, generation) in &again(&mut state) {
        answer(&mut state, place, *generation, &[]);
    }
    asked = again(&mut state);
    fail(&mut state, &asked, "is denied.");
    assert_eq!(state.world.problems.len(), 6, "it was over, and is there again: {:?}", state.world.problems);
}

#[test]
fn a_profile_that_cannot_be_opened_leaves_the_others() {
    let mut state = listed();
    press(&mut state, &["p", "Space", "Down", "Space"]);
    let effects = press(&mut state, &["Enter"]);
    let opening = opening(&effects);
    let last = opening.len() - 1;
    let mut places = 0;

    for (number, (profile, generation)) in opening.into_iter().enumerate() {
        let result = if number == last { Err(trouble(TroubleKind::Credentials)) } else { Ok(opened_profile(&profile)) };
        places += surveyed(&state.handle(Message::Opened { generation, result })).len();
    }

    assert_eq!(places, 1);
    assert_eq!(state.world.places_in_trouble().count(), 1);
    assert_eq!(state.world.here.phase, Phase::Open);
}

#[test]
fn what_is_not_on_the_screen_is_asked_ten_times_seldomer_and_not_all_at_once() {
    let (mut state, asked) = marked();
    let places: Vec<Place> = asked.keys().cloned().collect();
    // The second place has no row, so none is on the screen.
    answer(&mut state, &places[0], asked[&places[0]], &["i-0aaaaaaaaaaaaaaa1"]);
    text(&mut state, (120, 32));
    answer(&mut state, &places[0], asked[&places[0]], &[]);
    answer(&mut state, &places[1], asked[&places[1]], &[]);
    let seconds = |due: Timestamp| due.as_second() - now().as_second();

    let first = seconds(state.next_refresh().unwrap());
    assert!((24..=36).contains(&first), "{first}");
    state.set_now(later(first + 1));
    let again = surveyed(&state.tick());
    assert_eq!(again.keys().collect::<Vec<_>>(), [&places[0]], "the one that is seen");
    let second = seconds(state.next_refresh().unwrap());
    assert!((240..=360).contains(&second), "{second}");
}

#[test]
fn marked_regions_are_listed_together_with_the_profile_that_is_here() {
    let mut state = listed();
    press(&mut state, &["r", "Home", "Space", "Space"]);

    let effects = press(&mut state, &["Enter"]);

    let asked = surveyed(&effects);
    assert_eq!(asked.len(), 2, "{effects:?}");
    assert!(asked.keys().all(|place| place.profile == super::place().profile));
    assert_eq!(state.world.here.regions.len(), 2);
}

#[test]
fn sets_of_the_settings_stand_first_and_open_what_they_name() {
    let set = PlaceSet {
        profiles: vec!["prod-*".to_owned()],
        regions: vec!["us-east-1".parse().unwrap(), "eu-west-1".parse().unwrap()],
        all_regions: false,
    };
    let places = [("prod".to_owned(), set)].into();
    let mut state = listed_in(blank_with(Settings { places, ..Settings::default() }));
    press(&mut state, &["p"]);
    let picture = text(&mut state, (120, 32));
    assert!(picture.find("@prod").unwrap() < picture.find("prod-legacy").unwrap(), "{picture}");
    enter(&mut state, "@prod");

    let effects = press(&mut state, &["Enter"]);

    let opening = opening(&effects);
    assert_eq!(opening.keys().collect::<Vec<_>>(), ["prod-admin", "prod-build", "prod-legacy"]);
    let result = Ok(opened_profile("prod-legacy"));
    let asked = surveyed(&state.handle(Message::Opened { generation: opening["prod-legacy"], result }));
    assert_eq!(asked.keys().cloned().collect::<Vec<_>>(), [at("prod-legacy", "eu-west-1"), at("prod-legacy", "us-east-1")]);
    assert!(text(&mut state, (120, 32)).contains("@prod"), "the head");
}

#[test]
fn answers_of_profiles_that_were_left_are_never_shown() {
    let (mut state, asked) = marked();
    press(&mut state, &["p"]);
    enter(&mut state, "legacy");
    press(&mut state, &["Enter"]);

    for (place, generation) in &asked {
        answer(&mut state, place, *generation, &["i-0aaaaaaaaaaaaaaa1"]);
    }

    assert_eq!(state.world.rows.total(), 0);
    assert!(state.world.here.beside.is_empty());
}

fn given(account: &str, role: &str) -> crate::tui::world::ProfileChoice {
    crate::tui::world::ProfileChoice {
        name: ProfileName::new(format!("corp/{account}/{role}")),
        kind: "Corp".to_owned(),
        account: None,
        region: None,
        standing: Default::default(),
        programs: Vec::new(),
        is_default: false,
    }
}

/// A start with a pattern, and what it fits first.
fn sought() -> (State, BTreeMap<String, Generation>) {
    let mut state = blank();
    state.world.here.sought = vec!["corp/*/ReadOnly".to_owned()];
    let effects = state.begin(false);
    assert!(effects.contains(&Effect::FindPlaces { patterns: vec!["corp/*/ReadOnly".to_owned()] }), "{effects:?}");
    assert_eq!(state.handle(Message::Profiles(Ok(profiles()))), [], "nothing else is opened");
    assert!(text(&mut state, (80, 24)).contains("looking for the places that corp/*/ReadOnly fits"));
    let places = vec![given("1", "Admin"), given("1", "ReadOnly")];
    let first = opening(&state.handle(Message::SessionPlaces(places)));
    (state, first)
}

#[test]
fn what_a_pattern_fits_is_listed_as_it_is_found_and_nothing_of_it_is_opened_twice() {
    let (mut state, first) = sought();
    assert_eq!(first.keys().collect::<Vec<_>>(), ["corp/1/ReadOnly"]);

    let places = vec![given("1", "Admin"), given("1", "ReadOnly"), given("2", "ReadOnly"), given("3", "ReadOnly")];
    let effects = state.handle(Message::SessionPlaces(places.clone()));

    assert_eq!(opening(&effects).keys().collect::<Vec<_>>(), ["corp/2/ReadOnly", "corp/3/ReadOnly"]);
    assert!(!effects.contains(&Effect::StopAsking), "what is asked already goes on");
    assert_eq!(state.handle(Message::SessionPlaces(places)), []);
    assert!(text(&mut state, (80, 24)).contains("3 places"));
    state.handle(Message::PlacesFound { patterns: vec!["corp/*/ReadOnly".to_owned()], result: Ok(()) });
    assert_eq!(state.handle(Message::SessionPlaces(vec![given("4", "ReadOnly")])), [], "it was looked for to the end");
}

#[test]
fn where_another_place_is_chosen_meanwhile_nothing_more_is_found() {
    let (mut state, _) = sought();
    press(&mut state, &["p"]);
    enter(&mut state, "legacy");
    press(&mut state, &["Enter"]);

    assert_eq!(state.handle(Message::SessionPlaces(vec![given("2", "ReadOnly")])), []);
}

#[test]
fn an_instance_that_two_profiles_list_is_one_row_and_the_picker_takes_the_other_one() {
    let (mut state, asked) = marked();
    for (place, generation) in &asked {
        answer(&mut state, place, *generation, &["i-0123456789abcdef0"]);
    }
    assert_eq!(state.world.rows.total(), 1);
    press(&mut state, &["Enter"]);
    let screen = text(&mut state, (80, 24));
    assert!(screen.contains("prod-admin ap-northeast-2") && screen.contains("p takes prod-legacy instead"), "{screen}");

    press(&mut state, &["p"]);

    let screen = text(&mut state, (80, 24));
    assert!(screen.contains("prod-legacy ap-northeast-2") && screen.contains("p takes prod-admin instead"), "{screen}");
    let row = state.world.inventory.row(&"i-0123456789abcdef0".parse().unwrap()).unwrap();
    assert_eq!(*row.place, at("prod-legacy", "ap-northeast-2"), "what is done now is done with its credentials");
    press(&mut state, &["Esc"]);
    assert!(text(&mut state, (120, 32)).contains("prod-legacy"));
}

#[test]
fn names_of_profiles_are_whole_where_there_is_room_and_roles_where_there_is_little() {
    let (mut state, asked) = marked();
    for (place, generation) in &asked {
        let id =
            if place.profile.as_ref().unwrap().raw() == "prod-admin" { "i-0123456789abcdef0" } else { "i-0fedcba9876543210" };
        answer(&mut state, place, *generation, &[id]);
    }
    let screen = text(&mut state, (120, 32));
    assert!(screen.contains("prod-admin") && screen.contains("prod-legacy"), "{screen}");
    assert!(text(&mut state, (80, 24)).contains("prod-ad"), "by priority");
    let long = at("corp/444455556666/ReadOnly", "ap-northeast-2");
    state.world.here.beside[0].profile = long.profile.clone().unwrap();
    state.world.inventory.begin(&long, Generation(99), now());
    state.handle(Message::Answered {
        generation: Generation(99),
        place: long.clone(),
        answer: rows_of(&long, &["i-0aa11bb22cc33dd44"]),
    });

    let [small, large] = [(80, 24), (160, 32)].map(|size| text(&mut state, size));

    assert!(small.contains(" ReadOnly ") && !small.contains("corp/44"), "{small}");
    assert!(large.contains("corp/444455556666/ReadOnly"), "{large}");
}
