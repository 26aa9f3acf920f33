//! All keys, from the list of actions and the keymap.

use ratatui::layout::{Position, Rect};

use super::{Overlay, Reply, centred, inside, scrolled};
use crate::tui::action::Action;
use crate::tui::canvas::Canvas;
use crate::tui::key::Key;
use crate::tui::keymap::Page;
use crate::tui::theme::Role;
use crate::tui::world::World;

/// The keys of a page, and how far they are scrolled.
#[derive(Debug)]
pub struct Help {
    page: Page,
    top: usize,
}

impl Default for Help {
    fn default() -> Self {
        Self::of(Page::Everywhere)
    }
}

impl Help {
    /// The keys of this page.
    pub fn of(page: Page) -> Self {
        Self { page, top: 0 }
    }
}

/// Widest the box gets; narrower, the groups stand one below the other.
const WIDEST: u16 = 80;
/// Actions that stand under each heading, in the order they are told.
const MOVE: [Action; 10] = [
    Action::Down,
    Action::Up,
    Action::First,
    Action::Last,
    Action::HalfPageDown,
    Action::HalfPageUp,
    Action::PageDown,
    Action::PageUp,
    Action::Open,
    Action::Back,
];
const LOOK: [Action; 11] = [
    Action::Instances,
    Action::Tunnels,
    Action::Filter,
    Action::Details,
    Action::Sort,
    Action::ReverseSort,
    Action::Profile,
    Action::Region,
    Action::Refresh,
    Action::Problems,
    Action::Help,
];
const DO: [Action; 13] = [
    Action::ConnectMenu,
    Action::Connect,
    Action::Copy,
    Action::Select,
    Action::SelectAll,
    Action::SelectRange,
    Action::Exec,
    Action::Tunnel,
    Action::Cancel,
    Action::Quit,
    Action::Interrupt,
    Action::Suspend,
    Action::Redraw,
];
/// Headings with their actions.
const GROUPS: [(&str, &[Action]); 3] = [("help-move", &MOVE), ("help-look", &LOOK), ("help-do", &DO)];
/// The same for the page of tunnels.
const OF_TUNNELS: [(&str, &[Action]); 3] = [
    ("help-move", &MOVE),
    ("help-look", &[Action::Instances, Action::Problems, Action::Help]),
    (
        "help-do",
        &[
            Action::EndTunnel,
            Action::CopyAddress,
            Action::Tunnel,
            Action::Cancel,
            Action::Quit,
            Action::Interrupt,
            Action::Suspend,
            Action::Redraw,
        ],
    ),
];

fn groups(page: Page) -> &'static [(&'static str, &'static [Action]); 3] {
    if page == Page::Tunnels { &OF_TUNNELS } else { &GROUPS }
}

impl Overlay for Help {
    fn act(&mut self, action: Action, world: &World) -> Reply {
        let (_, height) = inside(world, WIDEST);
        if let Some(to) = scrolled(action, self.top, lines(self.page, world, world.screen.0 < WIDEST).len(), height) {
            self.top = to;
            return Reply::Stay(Vec::new());
        }
        match action {
            Action::Cancel | Action::Quit | Action::Back | Action::Help | Action::ConnectMenu => Reply::Close(Vec::new()),
            _ => Reply::Pass,
        }
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect, world: &World) -> Option<Position> {
        let is_narrow = area.width < WIDEST;
        let lines = lines(self.page, world, is_narrow);
        let area = centred(area, WIDEST, u16::try_from(lines.len() + 2).unwrap_or(u16::MAX));
        let columns = columns(canvas, &lines);
        let inner = canvas.frame(
            area,
            &world.say(if self.page == Page::Tunnels { "help-title-tunnels" } else { "help-title" }),
            "",
            &world.hint(Action::Cancel, "hint-close"),
        );
        let top = self.top.min(lines.len().saturating_sub(usize::from(inner.height)));
        for (y, line) in (inner.y..inner.bottom()).zip(lines.iter().skip(top)) {
            draw_line(canvas, Rect { y, height: 1, ..inner }, line, &columns);
        }
        None
    }
}

/// One line of the help: pieces side by side.
enum Line {
    Heading(Vec<String>),
    Keys(Vec<Option<(String, String)>>),
    Text(String),
}

fn lines(page: Page, world: &World, is_narrow: bool) -> Vec<Line> {
    let mut lines = Vec::new();
    if is_narrow {
        for (heading, actions) in groups(page) {
            lines.push(Line::Heading(vec![world.say(heading)]));
            lines.extend(actions.iter().map(|action| Line::Keys(vec![entry(page, *action, world)])));
        }
    } else {
        lines.push(Line::Heading(groups(page).iter().map(|(heading, _)| world.say(heading)).collect()));
        let longest = groups(page).iter().map(|(_, actions)| actions.len()).max().unwrap_or(0);
        for at in 0..longest {
            lines.push(Line::Keys(
                groups(page).iter().map(|(_, actions)| actions.get(at).and_then(|action| entry(page, *action, world))).collect(),
            ));
        }
    }
    if page == Page::Everywhere {
        lines.push(Line::Text(String::new()));
        lines.extend(["help-marks-states", "help-marks-facts"].map(|key| Line::Text(world.say(key))));
    }
    lines
}

/// The keys of an action and what it does; nothing for one that the user left without a key.
fn entry(page: Page, action: Action, world: &World) -> Option<(String, String)> {
    let own = world.keymap.keys(page, action);
    let keys = if own.is_empty() { world.keymap.keys(Page::Everywhere, action) } else { own };
    let keys: Vec<String> = keys.iter().map(|key| short(*key)).collect();
    (!keys.is_empty()).then(|| (keys.join(" "), action.help(&world.text)))
}

fn short(key: Key) -> String {
    match key.to_string().as_str() {
        "Up" => "↑".to_owned(),
        "Down" => "↓".to_owned(),
        "Left" => "←".to_owned(),
        "Right" => "→".to_owned(),
        "Ctrl-R" => "^R".to_owned(),
        other => other.to_owned(),
    }
}

/// A column of keys and what they do: where it begins, and where its texts begin.
struct Place {
    x: u16,
    text: u16,
    end: u16,
}

/// Each column as wide as its longest entry, so that nothing is cut that need not be.
fn columns(canvas: &Canvas<'_>, lines: &[Line]) -> Vec<Place> {
    let mut places: Vec<Place> = Vec::new();
    let entries = |at: usize| {
        lines.iter().filter_map(move |line| match line {
            Line::Keys(entries) => entries.get(at)?.as_ref(),
            _ => None,
        })
    };
    let mut x = 0;
    while let Some(keys) = entries(places.len()).map(|(keys, _)| canvas.width(keys)).max() {
        let texts = entries(places.len()).map(|(_, text)| canvas.width(text)).max().unwrap_or(0);
        let text = x + keys + 2;
        let end = text + texts;
        places.push(Place { x, text, end });
        x = end + 2;
    }
    places
}

fn draw_line(canvas: &mut Canvas<'_>, line: Rect, what: &Line, columns: &[Place]) {
    let room = |from: u16, to: u16| to.min(line.width).saturating_sub(from);
    match what {
        Line::Heading(texts) => {
            for (text, place) in texts.iter().zip(columns) {
                canvas.put(line.x + place.x, line.y, room(place.x, line.width), text, canvas.role(Role::Heading));
            }
        }
        Line::Keys(entries) => {
            for (entry, place) in entries.iter().zip(columns) {
                let Some((keys, text)) = entry else { continue };
                canvas.put(line.x + place.x, line.y, room(place.x, place.text), keys, canvas.role(Role::Key));
                canvas.put(line.x + place.text, line.y, room(place.text, place.end), text, canvas.role(Role::Text));
            }
        }
        Line::Text(text) => {
            canvas.put(line.x, line.y, line.width, text, canvas.role(Role::Text));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_of_the_table_is_in_the_help() {
        let keymap = crate::tui::keymap::Keymap::default();
        for (page, action, _) in keymap.all().filter(|(page, ..)| *page == Page::Everywhere) {
            // Tab moves between the lists of a dialog, whose frame says so.
            let is_told = GROUPS.iter().any(|(_, actions)| actions.contains(&action));
            let is_of_dialogs = matches!(action, Action::NextField | Action::PreviousField);
            assert!(is_told || is_of_dialogs, "{page:?} {}", action.name());
        }
    }
}
