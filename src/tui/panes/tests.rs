//! Keys on two panes, and what is asked of the world for them.

use std::path::PathBuf;
use std::sync::Arc;

use ratatui::Terminal;
use ratatui::backend::TestBackend;

use super::*;
use crate::config::Settings;
use crate::tui::look::Look;
use crate::tui::theme::Theme;

fn panes() -> Panes {
    let mut panes = Panes::new(Arc::new(Catalogue::english()), "this computer", "web-1", false);
    panes.begin("/home/me".into(), "/home/ec2-user".into());
    let content = |names: &[(&str, Kind)]| {
        let mut content = Content::default();
        for (name, kind) in names {
            content.add(Entry { name: (*name).into(), kind: *kind, size: 1_234_567 });
        }
        Ok(content)
    };
    panes.listed(
        Edge::Left,
        "/home/me".into(),
        content(&[("notes.txt", Kind::File), ("src", Kind::Folder), ("app.tar", Kind::File)]),
    );
    let names = [("two\nlines", Kind::File), ("logs", Kind::Folder), ("notes.txt", Kind::File), ("current", Kind::Link)];
    panes.listed(Edge::Right, "/home/ec2-user".into(), content(&names));
    panes
}

fn press(panes: &mut Panes, keys: &str) -> Vec<PaneEffect> {
    let press = |word: &str| word.parse::<Key>().unwrap_or_else(|_| panic!("{word} is no key"));
    keys.split(' ').flat_map(|word| panes.press(press(word))).collect()
}

fn screen(panes: &Panes, size: (u16, u16)) -> String {
    let theme = Theme::new(&Settings::default().ui, &Look::of(|_| None, Some(false)));
    let mut terminal = Terminal::new(TestBackend::new(size.0, size.1)).unwrap();
    terminal.draw(|frame| draw(frame, panes, &theme)).unwrap();
    terminal.backend().to_string()
}

#[test]
fn folders_are_entered_and_left_with_the_cursor_where_it_was() {
    let mut panes = panes();

    assert_eq!(press(&mut panes, "Enter"), [PaneEffect::List(Edge::Right, "/home/ec2-user/logs".into())]);
    panes.listed(Edge::Right, "/home/ec2-user/logs".into(), Ok(Content::default()));
    assert_eq!(press(&mut panes, "h"), [PaneEffect::List(Edge::Right, "/home/ec2-user".into())]);
    // A file is no folder.
    assert_eq!(press(&mut panes, "Tab G Enter"), []);
}

#[test]
fn what_is_marked_is_copied_into_the_other_folder_and_what_is_there_is_asked_for() {
    let mut panes = panes();

    let asked = press(&mut panes, "Tab Ctrl-A c");
    assert_eq!(asked, []);
    assert!(screen(&panes, (100, 14)).contains("1 of 3"), "{}", screen(&panes, (100, 14)));
    assert_eq!(press(&mut panes, "n c"), []);
    let sources: Vec<PathBuf> = ["app.tar", "notes.txt", "src"].iter().map(|name| PathBuf::from("/home/me").join(name)).collect();
    let copy = PaneEffect::Copy { from: Edge::Left, sources, to: "/home/ec2-user".into() };
    assert_eq!(press(&mut panes, "y"), [copy]);
    assert!(panes.is_copying());

    // One at a time, and Esc stops it.
    assert_eq!(press(&mut panes, "c Esc"), [PaneEffect::Stop]);
    let again = panes.copied(Edge::Left, Tally { files_done: 3, bytes_done: 5_000, ..Tally::default() }, None);
    assert_eq!(again, [PaneEffect::List(Edge::Right, "/home/ec2-user".into())]);
    assert!(!panes.is_copying() && screen(&panes, (100, 14)).contains("5.0 KB"));
}

#[test]
fn nothing_is_copied_to_an_instance_in_read_only() {
    let mut panes = Panes { is_read_only: true, ..panes() };

    assert_eq!(press(&mut panes, "Tab c"), []);
    assert!(screen(&panes, (100, 14)).contains("read_only"));
    // From there it is only reading.
    assert_eq!(press(&mut panes, "Tab c").len(), 1);
}

#[test]
fn a_folder_that_cannot_be_read_is_told_and_the_old_one_stays() {
    let mut panes = panes();
    press(&mut panes, "Enter");

    panes.listed(Edge::Right, "/home/ec2-user/logs".into(), Err("permission denied".into()));

    let screen = screen(&panes, (100, 14));
    assert!(
        screen.contains("permission denied") && screen.contains("notes.txt") && screen.contains("/home/ec2-user"),
        "{screen}"
    );
}

#[test]
fn leaving_asks_only_while_something_is_copied() {
    let mut panes = panes();
    assert_eq!(press(&mut panes, "q"), [PaneEffect::Quit]);

    press(&mut panes, "c");
    assert_eq!(press(&mut panes, "q"), []);
    assert_eq!(press(&mut panes, "y"), [PaneEffect::Quit]);
}

#[test]
fn which_pane_has_the_focus_is_seen_without_colour_also_where_both_are_empty() {
    let mut panes = Panes::new(Arc::new(Catalogue::english()), "this computer", "web-1", false);
    panes.begin("/home/me".into(), "/home/ec2-user".into());
    let marks = |panes: &Panes| {
        let screen = screen(panes, (80, 10));
        let line = screen.lines().find(|line| line.contains(&panes.say("panes-loading", &[]))).unwrap().to_owned();
        (line.chars().take(40).any(|c| c == '>'), line.chars().skip(41).any(|c| c == '>'))
    };

    assert_eq!(marks(&panes), (false, true));
    press(&mut panes, "Tab");
    assert_eq!(marks(&panes), (true, false));
}

#[test]
fn what_stays_of_a_stopped_copy_has_room_at_eighty_columns() {
    let mut panes = panes();
    let part = ".a-file-with-a-name.tar.252f10c8-240cc023.ec2dash-part";
    let words = panes.say("panes-stopped-kept", &[("part", part.into())]);

    assert_eq!(panes.copied(Edge::Left, Tally::default(), Some(words)).len(), 1, "the other pane is read again");

    assert!(screen(&panes, (80, 24)).contains(part), "{}", screen(&panes, (80, 24)));
}

#[test]
fn a_question_mark_shows_every_key_and_nothing_else_happens_while_it_is_read() {
    let mut panes = panes();
    let mut keys = help::KEYS.iter().flat_map(|(keys, _)| keys.split(' '));
    assert!(keys.all(|key| key.parse::<Key>().is_ok()), "a key that nobody can press");

    assert_eq!(press(&mut panes, "? c Space R"), []);

    let all = screen(&panes, (80, 24));
    for (keys, words) in help::KEYS {
        assert!(all.contains(keys) && all.contains(&panes.say(words, &[])), "{keys}: {all}");
    }
    // Where there is no room for all it is moved.
    assert!(!screen(&panes, (60, 8)).contains("Ctrl-C"));
    press(&mut panes, "PgDn");
    assert!(screen(&panes, (60, 8)).contains("Ctrl-C"), "{}", screen(&panes, (60, 8)));
    assert_eq!(press(&mut panes, "q"), []);
    assert_eq!(press(&mut panes, "q"), [PaneEffect::Quit]);
}

#[test]
fn what_the_list_of_keys_names_does_something() {
    for key in help::KEYS.iter().flat_map(|(keys, _)| keys.split(' ')) {
        let mut panes = panes();
        // In the middle, on a link, which is marked.
        press(&mut panes, "j Space g j");
        let before = screen(&panes, (100, 24));

        let effects = press(&mut panes, key);

        assert!(!effects.is_empty() || screen(&panes, (100, 24)) != before, "{key}");
    }
}

#[test]
fn the_picture_is_whole_at_every_size() {
    let mut panes = panes();
    press(&mut panes, "j Space");

    insta::assert_snapshot!("panes_100x14", screen(&panes, (100, 14)));
    press(&mut panes, "?");
    insta::assert_snapshot!("panes_help_80x24", screen(&panes, (80, 24)));
    for size in [(120, 32), (80, 24), (60, 15), (40, 8), (39, 7), (1, 1)] {
        screen(&panes, size);
    }
}
