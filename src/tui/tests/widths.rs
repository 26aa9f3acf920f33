//! What a screen has room for: columns by priority, marks where there is more, boxes as large as their text.

use super::world::{answer_message, blank, blank_with, company, lines, listed, listed_in, opened, picture, press, shown};
use crate::columns::Column;
use crate::config::{Glyphs, Settings, Ui};
use crate::model::{Answer, Fact, Grant, InstanceState, ProfileRole};
use crate::tui::look::Look;
use crate::tui::overlays::Explanation;
use crate::tui::state::State;
use crate::tui::theme::Theme;

/// The line of the heads.
fn heads(state: &mut State, size: (u16, u16)) -> String {
    shown(state, size).lines().find(|line| line.trim_start().starts_with("NAME")).unwrap().to_owned()
}

fn change(state: &mut State, id: &str, change: impl FnOnce(&mut crate::model::Instance)) {
    let mut row = (**state.world.inventory.row(&id.parse().unwrap()).unwrap()).clone();
    change(&mut row);
    state.world.inventory.replace(row);
    state.world.update_rows();
}

const WEB_1: &str = "i-0123456789abcdef0";

#[test]
fn a_wide_screen_fills_with_further_columns_before_names_get_more_than_they_need() {
    let mut state = listed();
    let mut before = 0;
    for width in 60..=260 {
        let heads = heads(&mut state, (width, 32));
        let columns: Vec<&str> = heads.split("  ").map(str::trim).filter(|head| !head.is_empty()).collect();
        assert!(columns.len() >= before || width < 120, "{width}: {columns:?}");
        before = columns.len();
        if width > 70 {
            // NAME, its gap, then the next head.
            let name = heads.find(columns[1]).unwrap() - 6;
            let has_all = columns.contains(&"LAUNCHED");
            assert!(name <= 32 + 24 || has_all, "{width}: NAME has {name} columns: {heads}");
        }
    }

    let heads = heads(&mut state, (200, 50));
    for head in ["ID", "STATE", "PRIVATE IP", "PUBLIC IP", "SSM", "IAM", "VIA", "TYPE", "AZ", "UP", "PLATFORM", "KEY", "VPC"] {
        assert!(heads.contains(head), "{head}: {heads}");
    }
    assert!(heads.find("ID").unwrap() <= 4 + 33 + 2, "{heads}");
}

#[test]
fn columns_that_somebody_has_chosen_stay_alone() {
    let ui = Ui { columns: ["name", "state", "via"].map(|name| Column::parse(name).unwrap()).to_vec(), ..Ui::default() };
    let mut state = listed_in(blank_with(Settings { ui, ..Settings::default() }));

    let heads = heads(&mut state, (200, 50));

    assert!(!heads.contains("TYPE") && !heads.contains("AZ"), "{heads}");
}

#[test]
fn a_long_name_of_a_role_is_shortened_and_never_dropped_where_there_is_room() {
    let mut state = listed();
    change(&mut state, WEB_1, |row| {
        row.role = Fact::Known(ProfileRole {
            role: Some("ec2-production-web-role".into()),
            grant: Fact::Known(Grant::Sessions),
            has_retired_policy: false,
        });
    });

    assert!(shown(&mut state, (120, 32)).contains("✓ ec2-pro…"), "{}", shown(&mut state, (120, 32)));
    let narrow = shown(&mut state, (80, 24));
    assert!(narrow.lines().any(|line| line.contains("web-1 ") && line.contains("✓ online ✓   ")), "{narrow}");
}

#[test]
fn rows_that_do_not_fit_have_a_mark_at_the_right_edge_and_every_column_stays() {
    let mut state = listed();
    let marked = |state: &mut State, size| {
        let screen = shown(state, size);
        let rows: Vec<&str> = screen.lines().skip_while(|line| !line.trim_start().starts_with("NAME")).skip(1).collect();
        rows.iter().map(|line| line.ends_with('┃')).collect::<Vec<bool>>()
    };
    assert!(!marked(&mut state, (80, 24)).contains(&true));

    for size in [(120, 18), (80, 15), (60, 15), (40, 8)] {
        press(&mut state, &["g"]);
        assert!(marked(&mut state, size)[0], "{size:?}: {}", shown(&mut state, size));
        press(&mut state, &["G"]);
        shown(&mut state, size);
        let at_end = marked(&mut state, size);
        assert!(!at_end[0] && at_end.contains(&true), "{size:?}: {}", shown(&mut state, size));
    }
    assert!(heads(&mut state, (80, 15)).contains("IAM VIA"), "{}", heads(&mut state, (80, 15)));
}

#[test]
fn a_text_that_does_not_fit_scrolls_with_a_mark_and_a_short_one_has_a_small_box() {
    let mut state = listed();
    press(&mut state, &["g", "i"]);
    assert!(shown(&mut state, (80, 15)).contains('┃'));

    let mut state = listed();
    state.overlays.push(Box::new(Explanation::new("Title".to_owned(), vec!["A short sentence.".to_owned()])));
    let screen = shown(&mut state, (120, 32));
    let frame = screen.lines().find(|line| line.contains('┌')).unwrap();
    let from = frame.find('┌').unwrap();
    assert!(frame.chars().skip(from).take_while(|c| *c != '┐').count() < 30, "{screen}");
    assert!(!screen.contains('┃'));

    let long = (0..60).map(|line| format!("Line {line}.")).collect();
    state.overlays.push(Box::new(Explanation::new("Title".to_owned(), long)));
    assert!(!shown(&mut state, (80, 24)).contains("Line 59."));
    press(&mut state, &["G"]);
    let screen = shown(&mut state, (80, 24));
    assert!(screen.contains("Line 59.") && screen.contains('┃'), "{screen}");
}

#[test]
fn what_is_in_the_way_is_said_whole_in_the_preview() {
    let mut state = listed();
    state.world.rows.go_to_instance(&"i-07be1177aa09c3d45".parse().unwrap());
    let whole = shown(&mut state, (220, 40));
    let connect = whole.lines().find(|line| line.contains("Connect   ")).unwrap();
    let words: Vec<&str> = connect.split_whitespace().collect();

    for width in [90, 100, 120] {
        let screen = shown(&mut state, (width, 32));
        let preview: Vec<&str> = screen.lines().skip_while(|line| !line.contains("Connect   ")).take(4).collect();
        let text = preview.join(" ");
        let mut rest = text.split_whitespace();
        assert!(words.iter().all(|word| rest.any(|own| own == *word)), "{width}: {preview:#?}");
    }
}

#[test]
fn what_ssm_answers_before_the_first_page_is_no_part_of_nothing() {
    let mut state = blank();
    let generation = opened(&mut state);
    let registered = company().into_iter().filter_map(|row| Some((row.id.clone(), row.ssm.known()?.clone())));
    state.handle(answer_message(generation, Answer::Ssm(registered.collect())));

    let screen = shown(&mut state, (120, 32));
    assert!(screen.contains("SSM 7") && !screen.contains("7 of 0"), "{screen}");
}

#[test]
fn the_table_and_the_details_call_a_state_the_same() {
    for (own, word) in [(InstanceState::ShuttingDown, "shut"), (InstanceState::Stopping, "stopping")] {
        let mut state = listed();
        change(&mut state, WEB_1, |row| row.state = own);
        state.world.rows.go_to_instance(&WEB_1.parse().unwrap());
        let row = shown(&mut state, (120, 32)).lines().find(|line| line.contains(WEB_1)).unwrap().to_owned();
        assert!(row.contains(&format!("◑ {word}")), "{row}");
        press(&mut state, &["i"]);
        assert!(shown(&mut state, (120, 32)).contains(own.word()));
    }
}

#[test]
fn below_sixty_columns_there_are_name_state_and_way_and_one_bar() {
    let mut state = listed();
    for size in [(59, 14), (59, 30), (120, 14), (40, 8)] {
        let screen = shown(&mut state, size);
        let mut found = screen.lines();
        let head: Vec<&str> = found.next().unwrap().split_whitespace().collect();
        assert_eq!(head, ["NAME", "▲", "STATE", "VIA"], "{size:?}");
        assert!(screen.lines().last().unwrap().contains("12/12"), "{size:?}: {screen}");
    }
    assert!(shown(&mut state, (38, 7)).contains("Too small: 38×7. ec2dash needs 40×8."));
}

#[test]
fn every_screen_in_ascii_has_no_other_mark() {
    let ascii = Theme::new(&Ui { glyphs: Glyphs::Ascii, ..Ui::default() }, &Look::default());
    for keys in [&["?"][..], &["i"], &["d"], &["s"], &["Enter"], &["p"], &["t"], &["2"], &["3"], &["Ctrl-T"]] {
        let mut state = listed();
        press(&mut state, &["G", "k", "k"]);
        press(&mut state, keys);
        let screen = lines(&picture(&mut state, (80, 15), &ascii)).join("\n");
        assert!(screen.chars().all(|c| c.is_ascii() || ('가'..='힣').contains(&c)), "{keys:?}\n{screen}");
    }
}
