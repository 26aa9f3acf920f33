//! The command to run on the selected instances, while it is typed.

use ratatui::layout::{Position, Rect};

use super::{Overlay, Reply, centred};
use crate::fleet::{Outcome, unsent};
use crate::model::{Instance, InstanceId};
use crate::text::joined;
use crate::tui::action::Action;
use crate::tui::canvas::{Canvas, wrapped};
use crate::tui::command_run::CommandRequest;
use crate::tui::field::Field;
use crate::tui::key::Key;
use crate::tui::overlays::Wish;
use crate::tui::theme::Role;
use crate::tui::world::World;

/// Most characters of a command.
const LONGEST: usize = 8_192;
/// Widest the box gets.
const WIDEST: u16 = 80;
/// Most lines of names, and of those that cannot get it.
const NAMED: usize = 3;

/// A field for a command, and where it will run.
#[derive(Debug)]
pub struct CommandLine {
    ids: Vec<InstanceId>,
    field: Field,
}

impl CommandLine {
    /// A command for these instances.
    pub fn new(ids: Vec<InstanceId>) -> Self {
        Self { ids, field: Field::of_at_most(LONGEST) }
    }

    /// Where it will run, and where not and why.
    fn lines(&self, world: &World, room: u16) -> Vec<(String, Role)> {
        let rows: Vec<&Instance> = self.ids.iter().filter_map(|id| world.inventory.row(id)).map(|row| &**row).collect();
        let names: Vec<String> = rows.iter().filter(|row| unsent(row).is_none()).map(|row| name(row)).collect();
        let mut lines = limited(&names.join(", "), room, Role::Text);
        let refused: Vec<String> = rows
            .iter()
            .filter_map(|row| {
                let why = Outcome::Unsent(unsent(row)?).reason(&world.text)?;
                Some(world.say_with("command-not-sent", [("name", &name(row)), ("why", &why)]))
            })
            .collect();
        for (number, line) in refused.iter().enumerate() {
            if number == NAMED {
                let more = (refused.len() - NAMED).to_string();
                lines.push((world.say_with("command-not-sent-more", [("count", &more)]), Role::Problem));
                break;
            }
            lines.extend(limited(line, room, Role::Problem));
        }
        lines.extend(wrapped(&world.say("command-how"), room).into_iter().map(|line| (line, Role::Faint)));
        lines
    }
}

impl Overlay for CommandLine {
    fn press(&mut self, key: Key, _world: &World) -> Option<Reply> {
        self.field.press(key).map(|_| Reply::Stay(Vec::new()))
    }

    fn paste(&mut self, text: &str, _world: &World) {
        self.field.paste(text);
    }

    fn act(&mut self, action: Action, world: &World) -> Reply {
        match action {
            Action::ConnectMenu if self.field.value().trim().is_empty() => Reply::Stay(Vec::new()),
            // A line without its end is another command.
            Action::ConnectMenu if self.field.has_dropped() => {
                Reply::Stay(vec![Wish::Tell(world.say_with("command-dropped", [("most", &LONGEST.to_string())]))])
            }
            Action::ConnectMenu => {
                let script = self.field.value().to_owned();
                Reply::Stay(vec![Wish::RunCommand(CommandRequest { ids: self.ids.clone(), script, is_confirmed: false })])
            }
            Action::NextField if world.command.is_some() => Reply::Close(vec![Wish::Show(Box::<super::Results>::default())]),
            Action::Cancel => Reply::Close(Vec::new()),
            _ => Reply::Stay(Vec::new()),
        }
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect, world: &World) -> Option<Position> {
        let width = WIDEST.min(area.width);
        let lines = self.lines(world, width.saturating_sub(4));
        let area = centred(area, width, u16::try_from(lines.len() + 4).unwrap_or(u16::MAX));
        let title = match self.ids.as_slice() {
            [id] => {
                let name = world.inventory.row(id).and_then(|row| row.name()).map(|name| name.shown_in(40)).unwrap_or_default();
                world.say_with("command-title-one", [("instance", &joined("  ", [name.as_str(), id.as_str()]))])
            }
            ids => world.say_with("command-title", [("count", &ids.len().to_string())]),
        };
        let mut hints = vec![world.hint(Action::ConnectMenu, "hint-run")];
        hints.extend(world.command.as_ref().map(|_| world.hint(Action::NextField, "hint-last-results")));
        hints.push(world.hint(Action::Cancel, "hint-cancel"));
        let inside = canvas.frame(area, &title, "", &hints.join("  "));
        let (text, at) = self.field.view(inside.width.saturating_sub(3));
        let after = canvas.put(inside.x, inside.y, inside.width, "$ ", canvas.role(Role::Heading));
        canvas.put(after, inside.y, inside.right().saturating_sub(after), &text, canvas.role(Role::Text));
        for (y, (line, role)) in (inside.y + 2..inside.bottom()).zip(&lines) {
            canvas.put(inside.x, y, inside.width, line, canvas.role(*role));
        }
        Some(Position::new(after + at, inside.y))
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
