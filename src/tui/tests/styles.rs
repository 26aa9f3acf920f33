//! How what is on the screen looks: the bar of the cursor, what is quiet, what has the focus.

use ratatui::buffer::Buffer;
use ratatui::style::{Color, Modifier, Style};

use super::world::{lines, listed, picture, plain, press};
use crate::config::{ThemeName, Ui};
use crate::tui::effect::Effect;
use crate::tui::look::{Depth, Look};
use crate::tui::overlays::{Question, Request};
use crate::tui::state::State;
use crate::tui::theme::Theme;

const USUAL: (u16, u16) = (80, 24);
const THEMES: [ThemeName; 7] = [
    ThemeName::Auto,
    ThemeName::Dark,
    ThemeName::Light,
    ThemeName::ColorblindDark,
    ThemeName::ColorblindLight,
    ThemeName::HighContrast,
    ThemeName::Mono,
];
const DEPTHS: [Depth; 3] = [Depth::Sixteen, Depth::Many, Depth::True];

fn theme(theme: ThemeName, depth: Depth) -> Theme {
    Theme::new(&Ui { theme, ..Ui::default() }, &Look { depth, ..Look::default() })
}

/// The style of the first cell of `text` in the first line that holds it.
fn style_of(buffer: &Buffer, text: &str) -> Style {
    let found = lines(buffer).iter().enumerate().find_map(|(y, line)| {
        let before = line.get(..line.find(text)?)?;
        Some((u16::try_from(crate::model::display_width(before)).unwrap(), u16::try_from(y).unwrap()))
    });
    buffer[found.unwrap_or_else(|| panic!("no {text:?} in {:#?}", lines(buffer)))].style()
}

/// The styles of the cells of the line that holds the cursor's mark.
fn cursor_row(buffer: &Buffer) -> Vec<Style> {
    let y = lines(buffer).iter().position(|line| line.starts_with(" >") || line.starts_with("│ >")).unwrap();
    (0..buffer.area.width).map(|x| buffer[(x, u16::try_from(y).unwrap())].style()).collect()
}

fn on_row(name: &str) -> State {
    let mut state = listed();
    press(&mut state, &["g"]);
    for _ in 0..20 {
        if state.world.current().unwrap().instance.name().is_some_and(|own| own.raw() == name) {
            return state;
        }
        press(&mut state, &["j"]);
    }
    panic!("no row {name}")
}

fn has(style: Style, modifier: Modifier) -> bool {
    style.add_modifier.contains(modifier)
}

#[test]
fn the_cursor_row_is_one_bar_over_the_whole_width_without_other_tones() {
    for name in ["bastion", "batch-worker-1", "결제-api-2"] {
        for (theme_name, depth) in THEMES.iter().flat_map(|theme| DEPTHS.map(|depth| (*theme, depth))) {
            let mut state = on_row(name);
            press(&mut state, &["Space", "k"]);
            press(&mut state, &["j"]);
            let row = cursor_row(&picture(&mut state, USUAL, &theme(theme_name, depth)));

            let first = row[0];
            let is_reversed = matches!(theme_name, ThemeName::Auto | ThemeName::Mono) || depth == Depth::Sixteen;
            for (x, style) in row.iter().enumerate() {
                let at = format!("{theme_name:?} {depth:?} {name} column {x}: {style:?}");
                assert_eq!(style.bg, first.bg, "{at}");
                assert!(!has(*style, Modifier::DIM), "{at}");
                if is_reversed {
                    assert_eq!(*style, first, "{at}");
                    assert!(has(*style, Modifier::REVERSED), "{at}");
                } else {
                    assert!(style.fg != Some(Color::Reset) && style.bg != Some(Color::Reset), "{at}");
                    assert!(!has(*style, Modifier::REVERSED), "{at}");
                }
            }
        }
    }
}

#[test]
fn in_a_dialog_the_chosen_line_is_such_a_bar() {
    for keys in [vec!["Enter"], vec!["s"], vec!["p"]] {
        let mut state = on_row("bastion");
        press(&mut state, &keys);
        let buffer = picture(&mut state, USUAL, &plain());

        let y = lines(&buffer).iter().position(|line| line.contains("│ > ")).unwrap();
        let inside = |x: &u16| has(buffer[(*x, u16::try_from(y).unwrap())].style(), Modifier::REVERSED);
        let bar: Vec<u16> = (0..80).filter(inside).collect();
        assert!(bar.len() > 20, "{keys:?}: {bar:?}");
        let styles: Vec<Style> = bar.iter().map(|x| buffer[(*x, u16::try_from(y).unwrap())].style()).collect();
        assert!(styles.iter().all(|style| *style == styles[0] && style.fg == Some(Color::Reset)), "{keys:?}: {styles:?}");
    }
}

#[test]
fn healthy_is_quiet_and_trouble_stands_out() {
    let mut state = on_row("결제-api-1");
    let buffer = picture(&mut state, USUAL, &plain());

    assert_eq!(style_of(&buffer, "● run").fg, Some(Color::Green));
    assert_eq!(style_of(&buffer, "run ").fg, Some(Color::Reset));
    assert_eq!(style_of(&buffer, "online").fg, Some(Color::Reset));
    let lost = style_of(&buffer, "✗ 2d");
    assert_eq!((lost.fg, has(lost, Modifier::BOLD)), (Some(Color::Red), true));
}

#[test]
fn rows_that_are_off_are_dim_over_their_whole_width() {
    let mut state = on_row("bastion");
    let buffer = picture(&mut state, USUAL, &plain());

    let y = lines(&buffer).iter().position(|line| line.contains("batch-worker-1")).unwrap();
    for (x, text) in lines(&buffer)[y].chars().enumerate().filter(|(_, text)| *text != ' ') {
        let style = buffer[(u16::try_from(x).unwrap(), u16::try_from(y).unwrap())].style();
        assert!(has(style, Modifier::DIM) && style.fg == Some(Color::Reset), "{text} at {x}: {style:?}");
    }
}

#[test]
fn frames_and_words_of_hints_are_dim_and_keys_are_not() {
    let mut state = on_row("bastion");
    let buffer = picture(&mut state, USUAL, &plain());
    assert!(has(style_of(&buffer, "───"), Modifier::DIM));
    assert!(has(style_of(&buffer, "STATE"), Modifier::DIM));
    let sorted = style_of(&buffer, "NAME ▲      ");
    assert!(has(sorted, Modifier::BOLD) && !has(sorted, Modifier::DIM));
    assert!(has(style_of(&buffer, "Enter connect"), Modifier::BOLD));
    assert!(has(style_of(&buffer, "connect  "), Modifier::DIM));

    press(&mut state, &["Enter"]);
    let buffer = picture(&mut state, USUAL, &plain());
    assert!(has(style_of(&buffer, "┌─"), Modifier::DIM));
    assert!(has(style_of(&buffer, "Esc cancel"), Modifier::BOLD) && !has(style_of(&buffer, "Esc cancel"), Modifier::DIM));
    assert!(has(style_of(&buffer, "cancel"), Modifier::DIM));
}

#[test]
fn only_what_has_the_focus_has_the_accent() {
    let accent = |style: Style| style.fg == Some(Color::Magenta);
    let mut state = on_row("bastion");
    press(&mut state, &["Enter"]);
    assert!(accent(style_of(&picture(&mut state, USUAL, &plain()), "Connect to bastion")));

    // The same dialog below a question.
    let question = Question::new("Sure".to_owned(), vec!["One line.".to_owned()], Request::Quit);
    state.overlays.push(Box::new(question));
    let buffer = picture(&mut state, USUAL, &plain());
    assert!(accent(style_of(&buffer, "Sure")));
    assert!(!accent(style_of(&buffer, "Connect to bastion")));

    let mut state = on_row("bastion");
    press(&mut state, &["/", "w"]);
    assert!(accent(style_of(&picture(&mut state, USUAL, &plain()), "/w")));
}

#[test]
fn high_contrast_paints_its_own_ground_everywhere() {
    let mut state = on_row("bastion");
    press(&mut state, &["Enter"]);
    let buffer = picture(&mut state, USUAL, &theme(ThemeName::HighContrast, Depth::True));

    assert!(buffer.content().iter().all(|cell| cell.bg != Color::Reset && cell.fg != Color::Reset));
}

#[test]
fn the_menu_of_themes_shows_each_at_once_and_goes_back() {
    let mut state = on_row("bastion");
    press(&mut state, &["Ctrl-T"]);
    assert!(lines(&picture(&mut state, USUAL, &plain())).join("\n").contains("> auto"));

    assert_eq!(press(&mut state, &["j"]), [Effect::UseTheme("dark".to_owned())]);
    assert_eq!(press(&mut state, &["G"]), [Effect::UseTheme("sea".to_owned())]);
    assert_eq!(press(&mut state, &["Esc"]), [Effect::UseTheme("auto".to_owned())]);

    press(&mut state, &["Ctrl-T", "j"]);
    assert_eq!(press(&mut state, &["Enter"]), []);
    assert!(state.overlays.is_empty());
}
