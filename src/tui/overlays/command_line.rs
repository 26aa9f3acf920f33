//! The command to run on the selected instances, while it is typed.

use std::cell::RefCell;
use std::sync::Arc;

use ratatui::layout::{Position, Rect};

use super::{Overlay, Reply, centred, first_shown};
use crate::fleet::{Outcome, Unsent, unsent};
use crate::model::{Instance, InstanceId};
use crate::text::joined;
use crate::tui::action::Action;
use crate::tui::canvas::{Canvas, wrapped};
use crate::tui::command_run::CommandRequest;
use crate::tui::earlier::Earlier;
use crate::tui::field::Field;
use crate::tui::key::Key;
use crate::tui::overlays::Request;
use crate::tui::theme::Role;
use crate::tui::world::World;

/// Most characters of a command.
const LONGEST: usize = 8_192;
/// Widest the box gets.
const WIDEST: u16 = 80;
/// Most lines of names, and of those that cannot get it.
const NAMED: usize = 3;
/// More names than there is room for: each takes three columns at least.
const NAMES_AT_MOST: usize = 100;

/// Most lines of a command that are shown at a time.
const SHOWN: usize = 8;

/// A field for a command, and where it will run.
#[derive(Debug)]
pub struct CommandLine {
    ids: Vec<InstanceId>,
    field: Field,
    earlier: Earlier,
    /// Where it will run, as of these changes of the inventory: thousands may be selected, and a frame has no time to ask each.
    targets: RefCell<Option<(u64, Targets)>>,
}

/// Where a command will run, as far as there is room to say it.
#[derive(Debug, Default)]
struct Targets {
    /// Names of those that get it; of the first ones only.
    names: Vec<String>,
    /// The first of those that do not get it, and why.
    refused: Vec<(String, Unsent)>,
    /// How many do not get it.
    refusals: usize,
}

impl CommandLine {
    /// A command for these instances; earlier ones are brought back by `Up`.
    pub fn new(ids: Vec<InstanceId>, earlier: Earlier) -> Self {
        Self { ids, field: Field::of_lines(LONGEST), earlier, targets: RefCell::new(None) }
    }

    /// How many do not get it.
    fn refusals(&self, world: &World) -> usize {
        self.lines(world, WIDEST);
        self.targets.borrow().as_ref().map_or(0, |(_, targets)| targets.refusals)
    }

    /// Those that do not get it, each with the reason.
    fn others(&self, world: &World) -> Vec<String> {
        let line = |row: &Arc<Instance>| {
            let why = Outcome::Unsent(unsent(row)?).reason(&world.text)?;
            Some(format!("{}  {}  {why}", name(row), row.id))
        };
        self.ids.iter().filter_map(|id| world.inventory.row(id)).filter_map(line).collect()
    }

    fn recall(&mut self, action: Action) -> Reply {
        let line = match action {
            Action::Up => self.earlier.before(self.field.value()),
            _ => self.earlier.after(self.field.value()),
        };
        if let Some(line) = line.map(str::to_owned) {
            self.field.put(&line);
        }
        Reply::Stay(Vec::new())
    }

    /// Where it will run, and where not and why.
    fn lines(&self, world: &World, room: u16) -> Vec<(String, Role)> {
        let mut targets = self.targets.borrow_mut();
        let is_current = targets.as_ref().is_some_and(|(changes, _)| *changes == world.inventory.changes());
        if !is_current {
            *targets = Some((world.inventory.changes(), self.targets(world)));
        }
        let Some((_, targets)) = targets.as_ref() else { return Vec::new() };
        let mut lines = limited(&targets.names.join(", "), room, Role::Text);
        for (name, why) in &targets.refused {
            let Some(why) = Outcome::Unsent(why.clone()).reason(&world.text) else { continue };
            lines.extend(limited(&world.say_with("command-not-sent", [("name", name), ("why", &why)]), room, Role::Problem));
        }
        if targets.refusals > NAMED {
            let more = (targets.refusals - NAMED).to_string();
            lines.push((world.say_with("command-not-sent-more", [("count", &more)]), Role::Problem));
        }
        if self.field.has_dropped() {
            let dropped = world.say_with("command-dropped", [("most", &LONGEST.to_string())]);
            lines.extend(wrapped(&dropped, room).into_iter().map(|line| (line, Role::Problem)));
        }
        lines.extend(wrapped(&world.say("command-how"), room).into_iter().map(|line| (line, Role::Faint)));
        lines
    }

    fn targets(&self, world: &World) -> Targets {
        let mut targets = Targets::default();
        for row in self.ids.iter().filter_map(|id| world.inventory.row(id)) {
            match unsent(row) {
                None if targets.names.len() < NAMES_AT_MOST => targets.names.push(name(row)),
                None => {}
                Some(why) => {
                    if targets.refused.len() < NAMED {
                        targets.refused.push((name(row), why));
                    }
                    targets.refusals += 1;
                }
            }
        }
        targets
    }
}

impl Overlay for CommandLine {
    fn press(&mut self, key: Key, _world: &World) -> Option<Reply> {
        self.field.press(key).map(|_| Reply::Stay(Vec::new()))
    }

    fn paste(&mut self, text: &str, _world: &World) -> bool {
        // What is not in it is told in the dialog, for as long as it is so.
        let _is_whole = self.field.paste(text);
        true
    }

    fn act(&mut self, action: Action, world: &World) -> Reply {
        match action {
            Action::ConnectMenu if self.field.value().trim().is_empty() => Reply::Stay(Vec::new()),
            Action::ConnectMenu if self.refusals(world) == self.ids.len() => {
                Reply::Stay(vec![Request::Tell(world.say("command-nobody"))])
            }
            // A line without its end is another command.
            Action::ConnectMenu if self.field.has_dropped() => {
                Reply::Stay(vec![Request::Tell(world.say_with("command-dropped", [("most", &LONGEST.to_string())]))])
            }
            Action::ConnectMenu => {
                let script = self.field.value().to_owned();
                Reply::Stay(vec![Request::RunCommand(CommandRequest { ids: self.ids.clone(), script, is_confirmed: false })])
            }
            Action::NextField if world.command.is_some() => Reply::Close(vec![Request::Show(Box::<super::Results>::default())]),
            Action::PreviousField if self.refusals(world) > 0 => {
                Reply::Stay(vec![Request::Show(Box::new(super::CommandOthers::new(self.others(world))))])
            }
            Action::Up | Action::Down => self.recall(action),
            Action::Cancel => Reply::Close(Vec::new()),
            _ => Reply::Stay(Vec::new()),
        }
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect, world: &World) -> Option<Position> {
        let width = WIDEST.min(area.width);
        let lines = self.lines(world, width.saturating_sub(4));
        let (typed, line, column) = self.field.lines();
        let shown = typed.len().min(SHOWN);
        let area = centred(area, width, u16::try_from(lines.len() + shown + 3).unwrap_or(u16::MAX));
        let refusals = self.refusals(world);
        let total = self.ids.len().to_string();
        let title = match self.ids.as_slice() {
            [id] => {
                let name = world.inventory.row(id).and_then(|row| row.name()).map(|name| name.shown_in(40)).unwrap_or_default();
                world.say_with("command-title-one", [("instance", &joined("  ", [name.as_str(), id.as_str()]))])
            }
            _ if refusals > 0 => {
                let count = (self.ids.len() - refusals).to_string();
                world.say_with("command-title-some", [("count", &count), ("total", &total)])
            }
            _ => world.say_with("command-title", [("count", &total)]),
        };
        let mut hints = vec![world.hint(Action::ConnectMenu, "hint-run")];
        hints.extend(world.command.as_ref().map(|_| world.hint(Action::NextField, "hint-last-results")));
        if refusals > 0 && self.ids.len() > 1 {
            hints.push(world.hint(Action::PreviousField, "hint-others"));
        }
        hints.push(world.hint(Action::Cancel, "hint-cancel"));
        let aside =
            if typed.len() > 1 { world.say_with("command-lines", [("count", &typed.len().to_string())]) } else { String::new() };
        let inside = canvas.frame(area, &title, &aside, &joined("  ", hints.iter().map(String::as_str)));
        let room = inside.width.saturating_sub(3);
        let first = first_shown(line, typed.len(), shown);
        let mut cursor = Position::new(inside.x + 2, inside.y);
        for (y, (at, text)) in (inside.y..).zip(typed.iter().enumerate().skip(first).take(shown)) {
            let after = canvas.put(inside.x, y, inside.width, if at == 0 { "$ " } else { "> " }, canvas.role(Role::Focus));
            let is_here = at == line;
            // A single line moves under the cursor; of several only the one with the cursor does not end in a cut.
            let (text, x) = if typed.len() == 1 { self.field.view(room) } else { (text.clone(), column.min(room)) };
            canvas.put(after, y, room, &text, canvas.role(Role::Text));
            if is_here {
                cursor = Position::new(after + x, y);
            }
        }
        let below = inside.y + u16::try_from(shown).unwrap_or(u16::MAX) + 1;
        for (y, (line, role)) in (below..inside.bottom()).zip(&lines) {
            canvas.put(inside.x, y, inside.width, line, canvas.role(*role));
        }
        Some(cursor)
    }
}

fn name(row: &Instance) -> String {
    row.name().map_or_else(|| row.id.to_string(), |name| name.shown_in(40))
}

/// A text in a few lines; what is left out shows as `…`.
fn limited(text: &str, room: u16, role: Role) -> Vec<(String, Role)> {
    let all = wrapped(text, room);
    let is_cut = all.len() > NAMED;
    let mut lines: Vec<(String, Role)> =
        all.into_iter().take(NAMED).filter(|line| !line.is_empty()).map(|line| (line, role)).collect();
    if let Some((last, _)) = lines.last_mut().filter(|_| is_cut) {
        last.push_str(" …");
    }
    lines
}
