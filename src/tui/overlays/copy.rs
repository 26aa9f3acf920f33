//! What to copy of one instance.

use ratatui::layout::{Position, Rect};

use super::{Overlay, Reply, centred};
use crate::columns::View;
use crate::model::InstanceId;
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
        Self { id }
    }

    fn request(&self, action: Action, world: &World) -> Option<Request> {
        let instance = world.inventory.row(&self.id)?;
        let (what, text) = match action {
            Action::CopyId => ("copied-id", Some(instance.id.to_string())),
            Action::CopyName => ("copied-name", instance.name().map(|name| name.raw().to_owned())),
            Action::CopyPrivateIp => ("copied-private-ip", instance.private_ip.map(|ip| ip.to_string())),
            Action::CopyPublicIp => ("copied-public-ip", instance.public_ip.map(|ip| ip.to_string())),
            Action::CopyArn => ("copied-arn", instance.arn()),
            Action::CopyConsole => ("copied-console", instance.console_link()),
            Action::CopyJson => {
                let view = View { instance, ways: &world.ways(instance), now: world.now, text: &world.text };
                ("copied-json", Some(json::line(&view)))
            }
            Action::CopyFix => {
                let ways = world.ways(instance);
                ("copied-fix", ways.causes().into_iter().find_map(|cause| cause.reason.remedy(&world.text)))
            }
            Action::CopySsh => return Some(Request::CopyCommand(ConnectRequest::best(self.id.clone()))),
            _ => return None,
        };
        Some(match text {
            Some(text) => Request::Copy { what, text },
            None => Request::Tell(world.say("nothing-to-copy")),
        })
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
        let inside = canvas.frame(area, &world.say("copy-title"), "", &world.hint(Action::Cancel, "hint-cancel"));
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
