//! All keys, from the list of actions and the keymap.

use ratatui::layout::{Position, Rect};
use strum::IntoEnumIterator;

use super::{Overlay, Reply, centred, inside, scrolled};
use crate::columns::{Column, Tone};
use crate::tui::action::{Action, Group};
use crate::tui::canvas::{Canvas, padded, piece};
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
        canvas.scroll_mark_beside(inner, top, lines.len());
        for (y, line) in (inner.y..inner.bottom()).zip(lines.iter().skip(top)) {
            draw_line(canvas, Rect { y, height: 1, ..inner }, line, &columns, world);
        }
        None
    }
}

/// One line of the help: pieces side by side.
enum Line {
    Heading(Vec<String>),
    Keys(Vec<Option<(String, String)>>),
    Text(String),
    /// What the looks of the column of the best way in mean.
    Ways,
}

/// A way in as it looks there, and the word for it.
const WAYS: [(&str, Tone, &str); 4] = [
    ("eic", Tone::Plain, "help-via-works"),
    ("eic!", Tone::Problem, "help-via-problem"),
    ("?", Tone::Unknown, "help-via-unknown"),
    ("–", Tone::Faint, "help-via-none"),
];

fn lines(page: Page, world: &World, is_narrow: bool) -> Vec<Line> {
    let mut lines = Vec::new();
    let groups: Vec<(String, Vec<Action>)> =
        Group::iter().map(|group| (world.say(&group.heading()), group.actions(page).collect())).collect();
    if is_narrow {
        for (heading, actions) in groups {
            lines.push(Line::Heading(vec![heading]));
            lines.extend(actions.iter().map(|action| Line::Keys(vec![entry(page, *action, world)])));
        }
    } else {
        let longest = groups.iter().map(|(_, actions)| actions.len()).max().unwrap_or(0);
        let at =
            |at: usize| groups.iter().map(move |(_, actions)| actions.get(at).and_then(|action| entry(page, *action, world)));
        let rows: Vec<Line> = (0..longest).map(|line| Line::Keys(at(line).collect())).collect();
        lines.push(Line::Heading(groups.iter().map(|(heading, _)| heading.clone()).collect()));
        lines.extend(rows);
    }
    if page == Page::Everywhere {
        lines.push(Line::Text(String::new()));
        lines.extend(["help-marks-states", "help-marks-facts"].map(|key| Line::Text(world.say(key))));
        lines.push(Line::Ways);
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

fn draw_line(canvas: &mut Canvas<'_>, line: Rect, what: &Line, columns: &[Place], world: &World) {
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
        Line::Ways => {
            let plain = canvas.role(Role::Text);
            let mut pieces = vec![piece(padded(&Column::VIA.title(&world.text), 8), plain)];
            for (way, tone, word) in WAYS {
                pieces.extend([piece(way, canvas.tone(tone)), piece(format!(" {}  ", world.say(word)), plain)]);
            }
            canvas.put_all(line.x, line.y, line.width, &pieces);
        }
        Line::Text(text) => {
            canvas.put(line.x, line.y, line.width, text, canvas.role(Role::Text));
        }
    }
}
