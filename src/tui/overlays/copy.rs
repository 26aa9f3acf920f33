//! What to copy of an instance, or of all that are selected.

use ratatui::layout::{Position, Rect};

use super::{Overlay, Reply, centred};
use crate::columns::View;
use crate::model::{Instance, InstanceId};
use crate::text::shell_word;
use crate::tui::action::Action;
use crate::tui::canvas::{Canvas, piece};
use crate::tui::connect_request::ConnectRequest;
use crate::tui::json;
use crate::tui::keymap::Page;
use crate::tui::overlays::Request;
use crate::tui::theme::Role;
use crate::tui::world::World;

/// The parts of an instance that can be copied, each with its key.
#[derive(Debug)]
pub struct Copy {
    id: InstanceId,
    /// The rows that are selected, in the order of the table, if it is of these.
    selected: Vec<InstanceId>,
}

/// What can be copied, in the order it is listed.
const ITEMS: [Action; 9] = [
    Action::CopyId,
    Action::CopyName,
    Action::CopyPrivateIp,
    Action::CopyPublicIp,
    Action::CopySsh,
    Action::CopyJson,
    Action::CopyFix,
    Action::CopyArn,
    Action::CopyConsole,
];

impl Copy {
    /// What to copy of this instance.
    pub fn new(id: InstanceId) -> Self {
        Self { id, selected: Vec::new() }
    }

    /// The same of all rows that are selected; without any, of this one. A command and what mends are always of this one.
    pub fn of_rows(id: InstanceId, selected: Vec<InstanceId>) -> Self {
        Self { id, selected }
    }

    fn request(&self, action: Action, world: &World) -> Option<Request> {
        let what = match action {
            Action::CopySsh => return Some(Request::CopyCommand(ConnectRequest::best(self.id.clone()))),
            Action::CopyId => "copied-id",
            Action::CopyName => "copied-name",
            Action::CopyPrivateIp => "copied-private-ip",
            Action::CopyPublicIp => "copied-public-ip",
            Action::CopyArn => "copied-arn",
            Action::CopyConsole => "copied-console",
            Action::CopyJson => "copied-json",
            Action::CopyFix => "copied-fix",
            _ => return None,
        };
        let of = |id: &InstanceId| world.inventory.row(id).and_then(|instance| value(instance, action, world));
        let text = match self.selected.as_slice() {
            [] => of(&self.id),
            _ if action == Action::CopyFix => of(&self.id),
            selected => Some(joined(action, selected.iter().filter_map(of))).filter(|text| !text.is_empty()),
        };
        Some(match text {
            Some(text) => Request::Copy { what, text },
            None => Request::Tell(world.say("nothing-to-copy")),
        })
    }
}

fn value(instance: &Instance, action: Action, world: &World) -> Option<String> {
    match action {
        Action::CopyId => Some(instance.id.to_string()),
        Action::CopyName => instance.name().map(|name| name.raw().to_owned()),
        Action::CopyPrivateIp => instance.private_ip.map(|ip| ip.to_string()),
        Action::CopyPublicIp => instance.public_ip.map(|ip| ip.to_string()),
        Action::CopyArn => instance.arn(),
        Action::CopyConsole => instance.console_link(),
        Action::CopyJson => Some(json::line(&View { instance, ways: &world.ways(instance), now: world.now, text: &world.text })),
        Action::CopyFix => world.ways(instance).causes().into_iter().find_map(|cause| cause.reason.remedy(&world.text)),
        _ => None,
    }
}

/// On one line, as the words of a command line: a line end would run in a shell what stands before it.
fn joined(action: Action, values: impl Iterator<Item = String>) -> String {
    match action {
        Action::CopyJson => format!("[{}]", values.collect::<Vec<_>>().join(",")),
        Action::CopyName => values.map(|name| shell_word(&name)).collect::<Vec<_>>().join(" "),
        _ => values.collect::<Vec<_>>().join(" "),
    }
}

impl Overlay for Copy {
    fn page(&self) -> Page {
        Page::Copy
    }

    fn act(&mut self, action: Action, world: &World) -> Reply {
        match action {
            Action::Cancel | Action::Quit | Action::Back | Action::Copy => Reply::Close(Vec::new()),
            action => match self.request(action, world) {
                Some(request) => Reply::Close(vec![request]),
                None => Reply::Pass,
            },
        }
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect, world: &World) -> Option<Position> {
        let area = centred(area, 44, u16::try_from(ITEMS.len() + 2).unwrap_or(u16::MAX));
        let title = match self.selected.len() {
            0 => world.say("copy-title"),
            count => world.say_with("copy-title-many", [("count", &count.to_string())]),
        };
        let inside = canvas.frame(area, &title, "", &world.hint(Action::Cancel, "hint-cancel"));
        for (y, action) in (inside.y..inside.bottom()).zip(ITEMS) {
            let pieces = [
                piece(format!("{:<4}", world.keymap.hint(action)), canvas.role(Role::Key)),
                piece(action.help(&world.text), canvas.role(Role::Text)),
            ];
            canvas.put_all(inside.x, y, inside.width, &pieces);
        }
        None
    }
}
