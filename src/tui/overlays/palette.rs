//! Everything that can be done, found by a few letters of its name.

use nucleo_matcher::pattern::{AtomKind, CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};
use ratatui::layout::{Position, Rect};
use strum::IntoEnumIterator;

use super::{Overlay, Reply, Request, centred, first_shown, moved};
use crate::columns::Column;
use crate::model::{Instance, InstanceId, Untrusted};
use crate::tui::action::Action;
use crate::tui::canvas::{Canvas, cut, piece};
use crate::tui::field::Field;
use crate::tui::key::Key;
use crate::tui::keymap::Page;
use crate::tui::theme::Role;
use crate::tui::world::World;

/// Widest the box gets.
const WIDEST: u16 = 80;
/// Most lines of the list.
const LINES: usize = 14;
/// Most instances among what was found: who wants more types more.
const MOST_INSTANCES: usize = 50;
/// What a name that is typed whole counts more than one that only begins so.
const WHOLE: u32 = 10_000;
/// Columns of the keys at the end of a line.
const KEYS: u16 = 12;

/// What is chosen from.
pub struct Palette {
    field: Field,
    entries: Vec<Entry>,
    found: Vec<Entry>,
    at: usize,
}

/// Something that can be done.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Entry {
    /// What it is found by and completed to: `sort by TYPE`.
    name: String,
    /// What it does, beside the name.
    about: String,
    /// The keys that do the same.
    keys: String,
    choice: Choice,
}

/// What an entry does.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Choice {
    Act(Vec<Action>),
    SortBy(Column),
    Theme(String),
    Filter(String),
    GoTo(InstanceId),
    Own(usize),
}

impl Palette {
    /// Everything, what was done last first.
    pub fn new(world: &World) -> Self {
        let all = actions(world).chain(own(world)).chain(filters(world)).chain(sorts(world)).chain(themes(world));
        let mut entries: Vec<Entry> = all.collect();
        let recent = |entry: &Entry| world.recent.iter().position(|name| *name == entry.name).unwrap_or(usize::MAX);
        entries.sort_by_key(recent);
        Self { field: Field::default(), found: entries.clone(), entries, at: 0 }
    }

    /// Bring what was found up to what is typed: the best first, of equal ones what was done last.
    fn find(&mut self, world: &World) {
        self.at = 0;
        let typed = self.field.value().trim();
        if typed.is_empty() {
            self.found = self.entries.clone();
            return;
        }
        let mut finder = Finder::of(typed);
        let mut found: Vec<(u32, Entry)> = Vec::new();
        for entry in &self.entries {
            let whole = if entry.name == typed { WHOLE } else { 0 };
            let by_name = finder.score(&entry.name).map(|score| score * 2 + whole);
            let score = by_name.or_else(|| finder.score(&format!("{} {}", entry.name, entry.about)));
            found.extend(score.map(|score| (score, entry.clone())));
        }
        let mut instances: Vec<(u32, &Instance)> = Vec::new();
        // One Latin letter is in nearly every name.
        let rows = if typed.len() > 1 { world.inventory.rows() } else { &[] };
        for instance in rows {
            let by_name = instance.name().and_then(|name| finder.score(name.raw()));
            let score = by_name.max(finder.score(instance.id.as_str()));
            instances.extend(score.map(|score| (score, &**instance)));
        }
        instances.sort_by(|(one, a), (other, b)| other.cmp(one).then_with(|| (a.name(), &a.id).cmp(&(b.name(), &b.id))));
        let go_to = |(score, instance): (u32, &Instance)| (score, go_to(instance, world));
        found.extend(instances.into_iter().take(MOST_INSTANCES).map(go_to));
        // What is equal stays in its order.
        found.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
        self.found = found.into_iter().map(|(_, entry)| entry).collect();
    }
}

impl Overlay for Palette {
    fn press(&mut self, key: Key, world: &World) -> Option<Reply> {
        if self.field.press(key)? {
            self.find(world);
        }
        Some(Reply::Stay(Vec::new()))
    }

    fn paste(&mut self, text: &str, world: &World) -> bool {
        let is_whole = self.field.paste(text);
        self.find(world);
        is_whole
    }

    fn act(&mut self, action: Action, world: &World) -> Reply {
        if let Some(to) = moved(action, self.at, self.found.len(), LINES) {
            self.at = to;
            return Reply::Stay(Vec::new());
        }
        match (action, self.found.get(self.at)) {
            (Action::ConnectMenu, Some(entry)) => {
                let request = match entry.choice.clone() {
                    Choice::Act(actions) => Request::Run(actions),
                    Choice::SortBy(column) => Request::SortBy(column),
                    Choice::Theme(theme) => Request::UseTheme(theme),
                    Choice::Filter(line) => Request::FilterBy(line),
                    Choice::GoTo(id) => Request::GoTo(id),
                    Choice::Own(at) => Request::RunOwn(at),
                };
                Reply::Close(vec![Request::NoteRecent(entry.name.clone()), request])
            }
            (Action::NextField, Some(entry)) => {
                self.field = Field::holding(&entry.name);
                self.find(world);
                Reply::Stay(Vec::new())
            }
            (Action::Cancel | Action::Palette, _) => Reply::Close(Vec::new()),
            _ => Reply::Stay(Vec::new()),
        }
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect, world: &World) -> Option<Position> {
        let height = u16::try_from(self.found.len().clamp(1, LINES) + 4).unwrap_or(u16::MAX);
        let mut place = centred(area, WIDEST, u16::try_from(LINES + 4).unwrap_or(u16::MAX));
        // Its upper edge stays where it is while the list gets shorter.
        place.height = place.height.min(height);
        let hints = [(Action::ConnectMenu, "hint-run"), (Action::NextField, "hint-complete"), (Action::Cancel, "hint-close")];
        let inside = canvas.frame(place, &world.say("palette-title"), "", &world.hints(hints));
        let (typed, cursor) = self.field.view(inside.width.saturating_sub(3));
        let field = [piece(": ", canvas.role(Role::Focus)), piece(typed, canvas.role(Role::Text))];
        canvas.put_all(inside.x, inside.y, inside.width, &field);
        let list = Rect { y: inside.y + 2, height: inside.height.saturating_sub(2), ..inside };
        if self.found.is_empty() {
            canvas.put(list.x, list.y, list.width, &world.say("palette-nothing"), canvas.role(Role::Faint));
        }
        let first = first_shown(self.at, self.found.len(), usize::from(list.height));
        canvas.scroll_mark_beside(list, first, self.found.len());
        for (y, (at, entry)) in (list.y..list.bottom()).zip(self.found.iter().enumerate().skip(first)) {
            draw_entry(canvas, Rect { y, height: 1, ..list }, entry, at == self.at);
        }
        Some(Position::new(inside.x + 2 + cursor, inside.y))
    }
}

fn draw_entry(canvas: &mut Canvas<'_>, line: Rect, entry: &Entry, is_chosen: bool) {
    let keys = line.right().saturating_sub(KEYS.min(line.width));
    let pointer = if is_chosen { "> " } else { "  " };
    let after = canvas.put(line.x, line.y, keys - line.x, &format!("{pointer}{}", entry.name), canvas.role(Role::Text));
    if !entry.about.is_empty() {
        let room = keys.saturating_sub(after + 1);
        let about = cut(&entry.about, room.saturating_sub(2), "…");
        canvas.put(after, line.y, room, &format!(": {about}"), canvas.role(Role::Faint));
    }
    canvas.put(keys, line.y, KEYS, &entry.keys, canvas.role(Role::Key));
    if is_chosen {
        canvas.lay(line, canvas.role(Role::Cursor));
    }
}

/// What the keys of the table do, and what its menu of copying does.
fn actions(world: &World) -> impl Iterator<Item = Entry> + '_ {
    Action::iter().filter_map(|action| {
        let actions = if action.is_of_table() {
            vec![action]
        } else if action.default_keys(Page::Copy).next().is_some() {
            vec![Action::Copy, action]
        } else {
            return None;
        };
        let keys: Vec<String> = actions.iter().map(|action| world.keymap.hint(*action)).collect();
        let keys = if keys.iter().all(|key| !key.is_empty()) { keys.join(" ") } else { String::new() };
        Some(Entry { name: action.name().to_owned(), about: action.help(&world.text), keys, choice: Choice::Act(actions) })
    })
}

fn sorts(world: &World) -> impl Iterator<Item = Entry> + '_ {
    let others = Column::all().filter(|column| !world.columns.contains(column));
    world.columns.iter().cloned().chain(others).map(|column| Entry {
        name: world.say_with("palette-sort", [("column", &column.title(&world.text))]),
        about: String::new(),
        keys: String::new(),
        choice: Choice::SortBy(column),
    })
}

/// The user's own commands.
fn own(world: &World) -> impl Iterator<Item = Entry> + '_ {
    world.settings.commands.iter().enumerate().map(|(at, command)| Entry {
        name: command.name.clone(),
        about: world.say("palette-own"),
        keys: world.keymap.own_key(at).map(|key| key.to_string()).unwrap_or_default(),
        choice: Choice::Own(at),
    })
}

/// The filters of the settings.
fn filters(world: &World) -> impl Iterator<Item = Entry> + '_ {
    world.settings.filters.iter().map(|(name, filter)| Entry {
        name: format!("@{}", Untrusted::from(name.as_str()).shown_in(40)),
        about: Untrusted::from(filter.as_str()).shown_in(100),
        keys: String::new(),
        choice: Choice::Filter(format!("@{name}")),
    })
}

fn themes(world: &World) -> impl Iterator<Item = Entry> + '_ {
    world.themes.iter().map(|name| Entry {
        name: world.say_with("palette-theme", [("theme", name)]),
        about: String::new(),
        keys: String::new(),
        choice: Choice::Theme(name.clone()),
    })
}

fn go_to(instance: &Instance, world: &World) -> Entry {
    let id = instance.id.to_string();
    let (name, about) = match instance.name().map(Untrusted::shown).filter(|name| !name.is_empty()) {
        Some(name) => (cut(&name, WIDEST / 2, "…").into_owned(), format!("{} {id}", world.say("palette-go-to"))),
        None => (id, world.say("palette-go-to")),
    };
    Entry { name, about, keys: String::new(), choice: Choice::GoTo(instance.id.clone()) }
}

/// How well texts fit what was typed.
struct Finder {
    pattern: Pattern,
    matcher: Matcher,
    characters: Vec<char>,
}

impl Finder {
    fn of(typed: &str) -> Self {
        let pattern = Pattern::new(typed, CaseMatching::Smart, Normalization::Smart, AtomKind::Fuzzy);
        Self { pattern, matcher: Matcher::new(Config::DEFAULT), characters: Vec::new() }
    }

    fn score(&mut self, text: &str) -> Option<u32> {
        self.pattern.score(Utf32Str::new(text, &mut self.characters), &mut self.matcher)
    }
}
