//! Profiles and regions, to change to another one; listing them calls nothing and runs nothing.

use std::borrow::Cow;
use std::collections::BTreeSet;

use ratatui::layout::{Position, Rect};

use super::{Overlay, Reply, centred, first_shown, moved};
use crate::columns::Tone;
use crate::config::PlaceSet;
use crate::model::{ProfileName, Region, Untrusted, display_width};
use crate::tui::action::Action;
use crate::tui::canvas::{Canvas, cut, piece};
use crate::tui::field::Field;
use crate::tui::key::Key;
use crate::tui::overlays::Request;
use crate::tui::theme::Role;
use crate::tui::world::{Phase, ProfileChoice, RegionChoice, World};

/// Which list is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum List {
    Profiles,
    Regions,
}

/// Two lists with one search field.
#[derive(Debug)]
pub struct Switcher {
    list: List,
    field: Field,
    /// Whether the last key was typed into the search.
    is_typing: bool,
    at: usize,
    /// Profiles and regions that are marked, to be shown as one.
    profiles: BTreeSet<ProfileName>,
    regions: BTreeSet<Region>,
}

/// One entry of a list. A large company has thousands, and each key looks at all of them: what can be borrowed is.
struct Entry<'w> {
    name: Cow<'w, str>,
    middle: Cow<'w, str>,
    end: (Tone, Cow<'w, str>),
    choice: Choice<'w>,
    is_marked: bool,
}

/// What an entry stands for.
enum Choice<'w> {
    Set(&'w str),
    Profile(&'w ProfileName),
    Region(&'w Region),
    AllRegions,
}

impl Switcher {
    /// The profiles, the present one chosen.
    pub fn profiles(world: &World) -> Self {
        Self::on(List::Profiles, world)
    }

    /// The regions, the present one chosen.
    pub fn regions(world: &World) -> Self {
        Self::on(List::Regions, world)
    }

    fn on(list: List, world: &World) -> Self {
        Self { list, field: Field::default(), is_typing: false, at: 0, profiles: BTreeSet::new(), regions: BTreeSet::new() }
            .at_the_present(world)
    }

    fn at_the_present(mut self, world: &World) -> Self {
        let switcher = &mut self;
        switcher.at = switcher.entries(world).iter().position(|entry| entry.is_here(world)).unwrap_or(0);
        self
    }

    /// What the search leaves: every word of it is a part of the name or of what stands beside it.
    fn entries<'w>(&self, world: &'w World) -> Vec<Entry<'w>> {
        let sought = self.field.value().to_lowercase();
        let words: Vec<&str> = sought.split_whitespace().collect();
        let all = match self.list {
            List::Profiles => profiles(world),
            List::Regions => regions(world),
        };
        let fits = |entry: &Entry<'_>| words.iter().all(|word| holds(&entry.name, word) || holds(&entry.middle, word));
        let mut entries: Vec<Entry<'w>> = all.into_iter().filter(fits).collect();
        for entry in &mut entries {
            entry.is_marked = match &entry.choice {
                Choice::Profile(profile) => self.profiles.contains(*profile),
                Choice::Region(region) => self.regions.contains(*region),
                Choice::Set(_) | Choice::AllRegions => false,
            };
        }
        // What is called so comes before what is only described so.
        if !words.is_empty() {
            entries.sort_by_cached_key(|entry| !words.iter().all(|word| holds(&entry.name, word)));
        }
        entries
    }

    /// Whether a blank marks: after a word it is the blank before the next one, and where no word can follow, or the cursor was moved,
    /// it marks.
    fn marks_next(&self) -> bool {
        !self.is_typing || self.field.value().is_empty() || self.field.value().ends_with(' ')
    }

    /// Mark the entry, or take its mark away, and go on to the next.
    fn mark(&mut self, world: &World) {
        let entries = self.entries(world);
        let marked = match entries.get(self.at).map(|entry| &entry.choice) {
            Some(Choice::Profile(profile)) => toggle(&mut self.profiles, *profile),
            Some(Choice::Region(region)) => toggle(&mut self.regions, *region),
            Some(Choice::Set(_) | Choice::AllRegions) | None => false,
        };
        if marked && self.at + 1 < entries.len() {
            self.at += 1;
        }
    }

    fn use_it(&self, world: &World) -> Reply {
        let Some(entry) = self.entries(world).into_iter().nth(self.at) else { return Reply::Stay(Vec::new()) };
        if !self.profiles.is_empty() || !self.regions.is_empty() {
            let (profiles, regions) = (self.profiles.iter().cloned().collect(), self.regions.iter().cloned().collect());
            return Reply::Close(vec![Request::UsePlaces { profiles, regions }]);
        }
        Reply::Close(vec![match entry.choice {
            Choice::Set(name) => Request::UseSet(name.to_owned()),
            Choice::Profile(profile) => {
                Request::UseProfile { profile: profile.clone(), programs: Vec::new(), is_for_ever: false }
            }
            Choice::Region(region) => Request::UseRegion(region.clone()),
            Choice::AllRegions => Request::UseAllRegions,
        }])
    }
}

impl Overlay for Switcher {
    fn press(&mut self, key: Key, world: &World) -> Option<Reply> {
        if key == Key::character(' ') && self.marks_next() {
            self.mark(world);
            return Some(Reply::Stay(Vec::new()));
        }
        if self.field.press(key)? {
            (self.at, self.is_typing) = (0, true);
        }
        Some(Reply::Stay(Vec::new()))
    }

    fn paste(&mut self, text: &str, _world: &World) -> bool {
        (self.at, self.is_typing) = (0, true);
        self.field.paste(text)
    }

    fn act(&mut self, action: Action, world: &World) -> Reply {
        if let Some(to) = moved(action, self.at, self.entries(world).len(), 10) {
            (self.at, self.is_typing) = (to, false);
            return Reply::Stay(Vec::new());
        }
        match action {
            Action::ConnectMenu => self.use_it(world),
            Action::NextField | Action::PreviousField => {
                let other = if self.list == List::Profiles { List::Regions } else { List::Profiles };
                let (profiles, regions) = (std::mem::take(&mut self.profiles), std::mem::take(&mut self.regions));
                *self = Self { profiles, regions, ..Self::on(other, world) };
                Reply::Stay(Vec::new())
            }
            Action::Cancel => Reply::Close(Vec::new()),
            _ => Reply::Pass,
        }
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect, world: &World) -> Option<Position> {
        let entries = self.entries(world);
        let rows = entries.len().clamp(1, 16);
        let area = centred(area, 80, u16::try_from(rows + 4).unwrap_or(u16::MAX));
        let (title, aside, uses) = match self.list {
            List::Profiles => (world.say("switcher-profile"), "switcher-to-regions", "hint-use-profile"),
            List::Regions => (world.say("switcher-region"), "switcher-to-profiles", "hint-use"),
        };
        let tab = world.keymap.hint(Action::NextField);
        let marks = if self.marks_next() { "hint-mark" } else { "hint-mark-twice" };
        let hints = world.hints([(Action::ConnectMenu, uses), (Action::Cancel, "hint-cancel"), (Action::Select, marks)]);
        let inside = canvas.frame(area, &title, &world.say_if_whole(aside, [("key", &tab)]).unwrap_or_default(), &hints);
        let (sought, cursor) = self.field.view(inside.width.saturating_sub(1));
        canvas.put(inside.x, inside.y, inside.width, &sought, canvas.role(Role::Text));
        let list = Rect { y: inside.y + 2, height: inside.height.saturating_sub(2), ..inside };
        if entries.is_empty() {
            let key = if self.field.value().is_empty() { "switcher-none" } else { "switcher-nothing" };
            canvas.put(list.x, list.y, list.width, &world.say(key), canvas.role(Role::Faint));
        }
        let names = entries
            .iter()
            .map(|entry| display_width(&entry.name))
            .max()
            .unwrap_or(0)
            .clamp(12, usize::from(list.width / 2).max(24));
        let first = first_shown(self.at, entries.len(), usize::from(list.height));
        canvas.scroll_mark_beside(list, first, entries.len());
        for (y, (at, entry)) in (list.y..list.bottom()).zip(entries.iter().enumerate().skip(first)) {
            draw_entry(canvas, Rect { y, height: 1, ..list }, entry, names, at == self.at);
        }
        Some(Position::new(inside.x + cursor, inside.y))
    }
}

impl Entry<'_> {
    fn is_here(&self, world: &World) -> bool {
        match &self.choice {
            Choice::Set(name) => world.here.set.as_deref() == Some(*name),
            Choice::Profile(profile) => world.here.profile.as_ref() == Some(*profile),
            Choice::Region(region) => !world.here.all_regions && world.here.regions.first() == Some(*region),
            Choice::AllRegions => world.here.all_regions,
        }
    }
}

/// Whether a word, in small letters, is a part of a text.
fn holds(text: &str, word: &str) -> bool {
    if text.is_ascii() {
        return text.as_bytes().windows(word.len().max(1)).any(|part| part.eq_ignore_ascii_case(word.as_bytes()));
    }
    text.to_lowercase().contains(word)
}

fn profiles(world: &World) -> Vec<Entry<'_>> {
    fn entry(profile: &ProfileChoice) -> Entry<'_> {
        Entry {
            name: profile.name.shown_or_itself(),
            middle: match &profile.account {
                Some(account) => format!("{} · {account}", profile.kind).into(),
                None => profile.kind.as_str().into(),
            },
            end: (profile.standing.0, profile.standing.1.as_str().into()),
            choice: Choice::Profile(&profile.name),
            is_marked: false,
        }
    }
    sets(world).into_iter().chain(world.known_profiles().map(entry)).collect()
}

/// The sets of the settings, before everything else.
fn sets(world: &World) -> Vec<Entry<'_>> {
    fn entry<'w>((name, set): (&'w String, &PlaceSet)) -> Entry<'w> {
        let regions = set.regions.iter().map(ToString::to_string);
        let words: Vec<String> =
            set.profiles.iter().map(|own| Untrusted::from(own.as_str()).shown_in(40)).chain(regions).collect();
        Entry {
            name: format!("@{}", Untrusted::from(name.as_str()).shown_in(40)).into(),
            middle: words.join(" ").into(),
            end: (Tone::Plain, "".into()),
            choice: Choice::Set(name),
            is_marked: false,
        }
    }
    world.settings.places.iter().map(entry).collect()
}

fn toggle<T: Ord + Clone>(marked: &mut BTreeSet<T>, one: &T) -> bool {
    if !marked.remove(one) {
        marked.insert(one.clone());
    }
    true
}

/// The enabled ones first, the others marked. What AWS has not told is guessed by what every account has.
fn regions<'w>(world: &'w World) -> Vec<Entry<'w>> {
    let city = |region: &Region| world.regions.iter().find(|choice| choice.region == *region).map_or("", |choice| choice.city);
    let mut all: Vec<(&Region, &str, Option<&str>)> = if world.enabled.is_empty() {
        let mark = |choice: &RegionChoice| choice.is_opt_in.then_some("switcher-opt-in");
        world.regions.iter().map(|choice| (&choice.region, choice.city, mark(choice))).collect()
    } else {
        let mark = |is_enabled: bool| (!is_enabled).then_some("switcher-off");
        world.enabled.iter().map(|(region, is_enabled)| (region, city(region), mark(*is_enabled))).collect()
    };
    all.sort_by_key(|(_, _, mark)| mark.is_some());
    let entry = |(region, city, mark): (&'w Region, &'w str, Option<&str>)| {
        let count = world.counts.get(&(world.here.profile.clone(), region.clone()));
        let end = match (mark, count) {
            (Some(mark), _) => (Tone::Faint, world.say(mark).into()),
            (None, Some(count)) => (Tone::Plain, world.say_with("switcher-running", [("count", &count.to_string())]).into()),
            (None, None) => (Tone::Plain, "".into()),
        };
        Entry { name: region.as_str().into(), middle: city.into(), end, choice: Choice::Region(region), is_marked: false }
    };
    let mut entries: Vec<Entry<'w>> = all.into_iter().map(entry).collect();
    if world.here.phase != Phase::NoRegion {
        entries.push(Entry {
            name: world.say("switcher-all").into(),
            middle: world.say("switcher-all-why").into(),
            end: (Tone::Plain, "".into()),
            choice: Choice::AllRegions,
            is_marked: false,
        });
    }
    entries
}

fn draw_entry(canvas: &mut Canvas<'_>, line: Rect, entry: &Entry<'_>, names: usize, is_chosen: bool) {
    let pointer = match (is_chosen, entry.is_marked) {
        (_, true) => "*",
        (true, false) => ">",
        (false, false) => " ",
    };
    let style = canvas.role(Role::Text);
    let width = u16::try_from(names).unwrap_or(24);
    let name = cut(&entry.name, width, "…").into_owned();
    let padding = " ".repeat(names.saturating_sub(display_width(&name)));
    canvas.put_all(line.x, line.y, line.width, &[piece(format!("{pointer} {name}{padding}  "), style)]);
    let middle = line.x + 4 + width;
    let end_room = canvas.width(&entry.end.1);
    let room = line.right().saturating_sub(middle).saturating_sub(end_room + 1);
    canvas.put(middle, line.y, room, &entry.middle, style);
    let start = line.right().saturating_sub(end_room).max((middle + 28).min(line.right()));
    canvas.put_toned(start.min(line.right().saturating_sub(end_room)), line.y, end_room, &entry.end.1, entry.end.0);
    if is_chosen {
        canvas.lay(line, canvas.role(Role::Cursor));
    }
}
