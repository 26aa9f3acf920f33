//! All keys, from the list of actions and the keymap.

use ratatui::layout::{Position, Rect};
use strum::IntoEnumIterator;

use super::reading::Reading;
use super::{Overlay, Reply, centred, inside};
use crate::columns::{Column, Tone};
use crate::tui::action::{Action, Group};
use crate::tui::canvas::{Canvas, padded, piece, width};
use crate::tui::key::Key;
use crate::tui::keymap::Page;
use crate::tui::theme::Role;
use crate::tui::world::World;

/// The keys of a page while they are read.
#[derive(Debug)]
pub struct Help {
    page: Page,
    reading: Reading,
}

impl Default for Help {
    fn default() -> Self {
        Self::of(Page::Everywhere)
    }
}

impl Help {
    /// The keys of this page.
    pub fn of(page: Page) -> Self {
        Self { page, reading: Reading::default() }
    }
}

/// Widest the box gets; narrower, the groups stand one below the other.
const WIDEST: u16 = 80;

impl Overlay for Help {
    fn press(&mut self, key: Key, world: &World) -> Option<Reply> {
        let (_, height) = inside(world, WIDEST);
        self.reading.press(key, || texts(self.page, world), height)
    }

    fn paste(&mut self, text: &str, world: &World) -> bool {
        let (_, height) = inside(world, WIDEST);
        self.reading.paste(text, || texts(self.page, world), height)
    }

    fn act(&mut self, action: Action, world: &World) -> Reply {
        let (_, height) = inside(world, WIDEST);
        if let Some(reply) = self.reading.act(action, || texts(self.page, world), height) {
            return reply;
        }
        match action {
            Action::Cancel | Action::Quit | Action::Back | Action::Help | Action::ConnectMenu => Reply::Close(Vec::new()),
            _ => Reply::Pass,
        }
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect, world: &World) -> Option<Position> {
        let lines = lines(self.page, world, area.width < WIDEST);
        let columns = columns(&lines);
        let texts = || lines.iter().map(|line| line.text(&columns)).collect::<Vec<_>>();
        let area = centred(area, WIDEST, u16::try_from(lines.len() + 2).unwrap_or(u16::MAX));
        let title = match self.page {
            Page::Everywhere => "help-title".to_owned(),
            page => format!("help-title-{}", page.name()),
        };
        let hints = self.reading.hints(&world.hint(Action::Cancel, "hint-close"), texts, world);
        let inner = canvas.frame(area, &world.say(&title), "", &hints);
        let top = self.reading.top(lines.len(), usize::from(inner.height));
        for (y, (at, line)) in (inner.y..inner.bottom()).zip(lines.iter().enumerate().skip(top)) {
            let area = Rect { y, height: 1, ..inner };
            draw_line(canvas, area, line, &columns);
            self.reading.mark(canvas, area, at, &line.text(&columns));
        }
        self.reading.draw(canvas, area, lines.len())
    }
}

fn texts(page: Page, world: &World) -> Vec<String> {
    let lines = lines(page, world, world.screen.0 < WIDEST);
    let columns = columns(&lines);
    lines.iter().map(|line| line.text(&columns)).collect()
}

/// One line of the help: pieces side by side.
enum Line {
    Heading(Vec<String>),
    Keys(Vec<Option<(String, String)>>),
    Text(String),
    /// What the looks of the column of the best way in mean.
    Ways(Vec<(String, Tone)>),
}

/// What is chosen by its number on the doctor's page, which no action stands for.
const DIGITS: &str = "1-9";

/// A way in as it looks there, and the word for it.
const WAYS: [(&str, Tone, &str); 4] = [
    ("eic", Tone::Plain, "help-via-works"),
    ("eic!", Tone::Problem, "help-via-problem"),
    ("?", Tone::Unknown, "help-via-unknown"),
    ("–", Tone::Faint, "help-via-none"),
];

impl Line {
    /// The line as it is read.
    fn text(&self, columns: &[Place]) -> String {
        let mut line = String::new();
        let mut put = |x: u16, text: &str| {
            line = padded(&line, usize::from(x));
            line.push_str(text);
        };
        match self {
            Self::Heading(texts) => texts.iter().zip(columns).for_each(|(text, place)| put(place.x, text)),
            Self::Keys(entries) => {
                for (entry, place) in entries.iter().zip(columns) {
                    let Some((keys, text)) = entry else { continue };
                    put(place.x, keys);
                    put(place.text, text);
                }
            }
            Self::Text(text) => put(0, text),
            Self::Ways(pieces) => put(0, &pieces.iter().map(|(text, _)| text.as_str()).collect::<String>()),
        }
        line
    }
}

fn lines(page: Page, world: &World, is_narrow: bool) -> Vec<Line> {
    let mut lines = Vec::new();
    let of_group = |group: Group| {
        let digits = (page == Page::Details && group == Group::Do).then(|| Some((DIGITS.to_owned(), world.say("help-digits"))));
        let keys = group.actions(page).map(|action| entry(page, action, world)).chain(digits);
        (world.say(&group.heading()), keys.collect::<Vec<_>>())
    };
    let groups: Vec<_> = Group::iter().map(of_group).collect();
    if is_narrow {
        for (heading, keys) in groups {
            lines.push(Line::Heading(vec![heading]));
            lines.extend(keys.into_iter().map(|keys| Line::Keys(vec![keys])));
        }
    } else {
        let longest = groups.iter().map(|(_, keys)| keys.len()).max().unwrap_or(0);
        let at = |at: usize| groups.iter().map(move |(_, keys)| keys.get(at).cloned().flatten());
        let rows: Vec<Line> = (0..longest).map(|line| Line::Keys(at(line).collect())).collect();
        lines.push(Line::Heading(groups.iter().map(|(heading, _)| heading.clone()).collect()));
        lines.extend(rows);
    }
    if page == Page::Everywhere {
        lines.push(Line::Text(String::new()));
        lines.extend(["help-marks-states", "help-marks-facts"].map(|key| Line::Text(world.say(key))));
        lines.push(ways(world));
        lines.extend(own(world));
    }
    lines
}

/// The user's own commands, those with a key.
fn own(world: &World) -> Vec<Line> {
    let keyed = world.settings.commands.iter().enumerate().filter_map(|(at, command)| {
        let key = world.keymap.own_key(at)?.to_string();
        Some(Line::Text(format!("{key:<10}{}", command.name)))
    });
    let lines: Vec<Line> = keyed.collect();
    let heading = (!lines.is_empty()).then(|| [Line::Text(String::new()), Line::Heading(vec![world.say("help-own")])]);
    heading.into_iter().flatten().chain(lines).collect()
}

/// What the looks of the column of the best way in mean.
fn ways(world: &World) -> Line {
    let mut pieces = vec![(padded(&Column::VIA.title(&world.text), 8), Tone::Plain)];
    for (way, tone, word) in WAYS {
        pieces.extend([(way.to_owned(), tone), (format!(" {}  ", world.say(word)), Tone::Plain)]);
    }
    Line::Ways(pieces)
}

/// The keys of an action and what it does; nothing for one that the user left without a key.
fn entry(page: Page, action: Action, world: &World) -> Option<(String, String)> {
    let own = world.keymap.keys(page, action);
    let keys = if own.is_empty() { world.keymap.keys(Page::Everywhere, action) } else { own };
    let is_one = keys.len() == 1;
    let keys: Vec<String> = keys.iter().map(|key| short(*key, is_one)).collect();
    (!keys.is_empty()).then(|| (keys.join(" "), action.help(&world.text)))
}

/// A key as the help writes it: where there are several, in few letters.
fn short(key: Key, is_alone: bool) -> String {
    match key.to_string().as_str() {
        "Up" => "↑".to_owned(),
        "Down" => "↓".to_owned(),
        "Left" => "←".to_owned(),
        "Right" => "→".to_owned(),
        name if !is_alone => name.replace("Ctrl-", "^"),
        name => name.to_owned(),
    }
}

/// A column of keys and what they do: where it begins, and where its texts begin.
struct Place {
    x: u16,
    text: u16,
    end: u16,
}

/// Each column as wide as its longest entry, so that nothing is cut that need not be.
fn columns(lines: &[Line]) -> Vec<Place> {
    let mut places: Vec<Place> = Vec::new();
    let entries = |at: usize| {
        lines.iter().filter_map(move |line| match line {
            Line::Keys(entries) => entries.get(at)?.as_ref(),
            _ => None,
        })
    };
    let mut x = 0;
    while let Some(keys) = entries(places.len()).map(|(keys, _)| width(keys)).max() {
        let texts = entries(places.len()).map(|(_, text)| width(text)).max().unwrap_or(0);
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
        Line::Ways(pieces) => {
            let pieces: Vec<_> = pieces.iter().map(|(text, tone)| piece(text.clone(), canvas.tone(*tone))).collect();
            canvas.put_all(line.x, line.y, line.width, &pieces);
        }
        Line::Text(text) => {
            canvas.put(line.x, line.y, line.width, text, canvas.role(Role::Text));
        }
    }
}
