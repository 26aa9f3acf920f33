//! A text of many lines while it is read: how far it is scrolled, and what is looked for in it.

use ratatui::layout::{Position, Rect};

use super::{Reply, scrolled};
use crate::model::Untrusted;
use crate::text::joined;
use crate::tui::action::Action;
use crate::tui::canvas::Canvas;
use crate::tui::field::Field;
use crate::tui::key::Key;
use crate::tui::theme::Role;
use crate::tui::world::World;

/// Where in a text somebody is.
#[derive(Debug, Default)]
pub struct Reading {
    top: usize,
    /// What is looked for, while it is typed.
    field: Option<Field>,
    /// What is looked for.
    wanted: String,
    /// Where the search began.
    from: usize,
    /// The line of the hit that was gone to last.
    hit: Option<usize>,
}

impl Reading {
    /// At the beginning of a text, with this to look for.
    pub fn again(&mut self) {
        *self = Self { wanted: std::mem::take(&mut self.wanted), ..Self::default() };
    }

    /// A key while the search is typed. `None`: it is looked up like any other.
    pub fn press(&mut self, key: Key, lines: impl FnOnce() -> Vec<String>, room: usize) -> Option<Reply> {
        let field = self.field.as_mut()?;
        if field.press(key)? {
            field.value().clone_into(&mut self.wanted);
            self.seek(&lines(), room);
        }
        Some(Reply::Stay(Vec::new()))
    }

    /// A pasted text while the search is typed. Whether all of it was taken.
    pub fn paste(&mut self, text: &str, lines: impl FnOnce() -> Vec<String>, room: usize) -> bool {
        let Some(field) = &mut self.field else { return true };
        let is_whole = field.paste(text);
        field.value().clone_into(&mut self.wanted);
        self.seek(&lines(), room);
        is_whole
    }

    /// What the action is to somebody who reads; `None`: nothing.
    pub fn act(&mut self, action: Action, lines: impl FnOnce() -> Vec<String>, room: usize) -> Option<Reply> {
        match action {
            Action::Filter => {
                self.field = Some(Field::default());
                self.wanted.clear();
                self.from = self.top;
                self.hit = None;
            }
            Action::ConnectMenu if self.field.is_some() => self.field = None,
            Action::Cancel if self.field.is_some() || !self.wanted.is_empty() => {
                self.field = None;
                self.wanted.clear();
                self.hit = None;
            }
            Action::NextHit => self.go_on(&lines(), room, true),
            Action::PreviousHit => self.go_on(&lines(), room, false),
            action => self.top = scrolled(action, self.top, lines().len(), room)?,
        }
        Some(Reply::Stay(Vec::new()))
    }

    /// The first line that is shown.
    pub fn top(&self, lines: usize, room: usize) -> usize {
        self.top.min(lines.saturating_sub(room))
    }

    /// What the lower edge says: what is looked for and how often it is there, then the keys.
    pub fn hints(&self, own: &str, lines: impl FnOnce() -> Vec<String>, world: &World) -> String {
        if self.field.is_none() && self.wanted.is_empty() {
            return joined("  ", [own, &world.hint(Action::Filter, "hint-search")]);
        }
        let wanted = Untrusted::from(self.wanted.as_str()).shown();
        let hits = self.hits(&lines());
        let at = self.hit.and_then(|hit| hits.iter().position(|line| *line == hit));
        let count = match (self.wanted.is_empty(), hits.len(), at) {
            (true, ..) => String::new(),
            (false, 0, _) => world.say("search-nothing"),
            (false, count, None) => world.text.say_with("search-count", &[("count", count.into())]),
            (false, count, Some(at)) => {
                world.say_with("search-at", [("at", &(at + 1).to_string()), ("count", &count.to_string())])
            }
        };
        let keys = if self.field.is_some() {
            world.hints([(Action::ConnectMenu, "hint-keep"), (Action::Cancel, "hint-clear")])
        } else {
            let steps = [(Action::NextHit, "hint-next-hit"), (Action::PreviousHit, "hint-previous-hit")];
            world.hints(steps.into_iter().chain([(Action::Cancel, "hint-clear")]))
        };
        joined("  ", [format!("/{wanted}").as_str(), &count, &keys])
    }

    /// Where in the text this is, on the right and on the lower edge of its frame; and where the terminal's cursor belongs.
    pub fn draw(&self, canvas: &mut Canvas<'_>, frame: Rect, lines: usize) -> Option<Position> {
        let room = usize::from(frame.height.saturating_sub(2));
        let bottom = frame.bottom().saturating_sub(1);
        let edge = Rect { x: frame.right().saturating_sub(1), y: frame.y + 1, width: 1, height: frame.height.saturating_sub(2) };
        canvas.scroll_mark(edge, self.top(lines, room), lines);
        if lines > room && room > 0 {
            let top = self.top(lines, room);
            let more = format!(" {}–{}/{lines} ", top + 1, top + room);
            let x = frame.right().saturating_sub(canvas.width(&more) + 2).max(frame.x);
            canvas.put(x, bottom, frame.right().saturating_sub(x), &more, canvas.role(Role::Frame));
        }
        let field = self.field.as_ref()?;
        let (_, at) = field.view(frame.width.saturating_sub(6));
        Some(Position::new(frame.x + 4 + at, bottom))
    }

    /// Make what is looked for stand out in a line that is drawn at `line`.
    pub fn mark(&self, canvas: &mut Canvas<'_>, line: Rect, number: usize, text: &str) {
        if self.wanted.is_empty() {
            return;
        }
        let is_here = self.hit == Some(number);
        for (from, to) in found(text, &self.wanted) {
            let width = |text: Option<&str>| canvas.width(text.unwrap_or_default());
            let (before, wide) = (width(text.get(..from)), width(text.get(from..to)));
            let area = Rect { x: line.x.saturating_add(before), width: wide, ..line }.intersection(line);
            let style = canvas.role(if is_here { Role::Cursor } else { Role::Heading });
            canvas.lay(area, style.add_modifier(ratatui::style::Modifier::UNDERLINED));
        }
    }

    fn hits(&self, lines: &[String]) -> Vec<usize> {
        if self.wanted.is_empty() {
            return Vec::new();
        }
        lines.iter().enumerate().filter(|(_, line)| found(line, &self.wanted).next().is_some()).map(|(at, _)| at).collect()
    }

    /// The first hit from where the search began, or the first of all.
    fn seek(&mut self, lines: &[String], room: usize) {
        let hits = self.hits(lines);
        self.hit = hits.iter().find(|line| **line >= self.from).or(hits.first()).copied();
        self.show(self.hit.unwrap_or(self.from), lines.len(), room);
    }

    /// The hit after the last one, or before it; round at the ends.
    fn go_on(&mut self, lines: &[String], room: usize, is_forward: bool) {
        let hits = self.hits(lines);
        let here = self.hit.unwrap_or(self.top);
        let next = if is_forward {
            hits.iter().find(|line| **line > here).or(hits.first())
        } else {
            hits.iter().rev().find(|line| **line < here).or(hits.last())
        };
        self.hit = next.copied();
        if let Some(hit) = self.hit {
            self.show(hit, lines.len(), room);
        }
    }

    /// Scroll no further than a line needs, and then a third of the screen more.
    fn show(&mut self, line: usize, lines: usize, room: usize) {
        let top = self.top(lines, room);
        if !(top..top + room.max(1)).contains(&line) {
            self.top = line.saturating_sub(room / 3);
        }
        self.top = self.top(lines, room);
    }
}

/// Where a text is in a line, from byte to byte. Its upper-case letters make case count.
fn found<'t>(line: &'t str, wanted: &'t str) -> impl Iterator<Item = (usize, usize)> + 't {
    let case_matters = wanted.chars().any(char::is_uppercase);
    let same = move |a: char, b: char| a == b || !case_matters && a.to_lowercase().eq(b.to_lowercase());
    let starts = line.char_indices().map(|(at, _)| at);
    starts.filter_map(move |from| {
        let rest = line.get(from..)?;
        let mut letters = rest.char_indices();
        for letter in wanted.chars() {
            letters.next().filter(|(_, own)| same(*own, letter))?;
        }
        Some((from, from + letters.next().map_or(rest.len(), |(at, _)| at)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn upper_case_in_what_is_looked_for_makes_case_count() {
        let places = |line, wanted| found(line, wanted).collect::<Vec<_>>();

        assert_eq!(places("Web web WEB", "web"), [(0, 3), (4, 7), (8, 11)]);
        assert_eq!(places("Web web WEB", "Web"), [(0, 3)]);
        assert_eq!(places("결제-api 결제", "결제"), [(0, 6), (11, 17)]);
        assert_eq!(places("web", "webs"), []);
    }
}
