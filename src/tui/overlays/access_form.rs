//! The field for the reason with which a denied session is asked for.

use ratatui::layout::{Position, Rect};

use super::{Overlay, Reply, Request, centred};
use crate::model::{AccessReason, InstanceId};
use crate::tui::action::Action;
use crate::tui::canvas::{Canvas, wrapped};
use crate::tui::field::Field;
use crate::tui::key::Key;
use crate::tui::theme::Role;
use crate::tui::world::World;

const WIDEST: u16 = 70;

/// Whoever decides reads what is typed here.
#[derive(Debug)]
pub struct AccessForm {
    id: InstanceId,
    reason: Field,
    /// Whether what was typed is no reason.
    is_wrong: bool,
}

impl AccessForm {
    /// For a session on this instance.
    pub fn new(id: InstanceId) -> Self {
        Self { id, reason: Field::default(), is_wrong: false }
    }
}

impl Overlay for AccessForm {
    fn press(&mut self, key: Key, _world: &World) -> Option<Reply> {
        let has_changed = self.reason.press(key)?;
        self.is_wrong &= !has_changed;
        Some(Reply::Stay(Vec::new()))
    }

    fn paste(&mut self, text: &str, _world: &World) -> bool {
        self.is_wrong = false;
        self.reason.paste(text)
    }

    fn act(&mut self, action: Action, _world: &World) -> Reply {
        match action {
            Action::ConnectMenu => match self.reason.value().parse::<AccessReason>() {
                Ok(reason) => Reply::Close(vec![Request::AskForAccess { id: self.id.clone(), reason: Some(reason) }]),
                Err(_) => {
                    self.is_wrong = true;
                    Reply::Stay(Vec::new())
                }
            },
            Action::Cancel => Reply::Close(Vec::new()),
            _ => Reply::Stay(Vec::new()),
        }
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect, world: &World) -> Option<Position> {
        let room = WIDEST.min(area.width).saturating_sub(4);
        let mut lines: Vec<_> = wrapped(&world.say("access-why"), room).into_iter().map(|line| (line, Role::Text)).collect();
        if self.is_wrong {
            lines.push((world.say("ask-access-reason-length"), Role::Bad));
        }
        let area = centred(area, WIDEST, u16::try_from(lines.len()).unwrap_or(u16::MAX).saturating_add(4));
        let name = world.inventory.row(&self.id).map_or_else(|| self.id.to_string(), |instance| instance.shown());
        let hints = world.hints([(Action::ConnectMenu, "hint-ask"), (Action::Cancel, "hint-cancel")]);
        let inner = canvas.frame(area, &world.say_with("access-title", [("name", &name)]), "", &hints);
        for (y, (line, role)) in (inner.y..inner.bottom()).zip(&lines) {
            canvas.put(inner.x, y, inner.width, line, canvas.role(*role));
        }
        let y = inner.bottom().saturating_sub(1);
        let after = canvas.put(inner.x, y, inner.width, &format!("{} ", world.say("access-reason")), canvas.role(Role::Focus));
        let (text, at) = self.reason.view(inner.right().saturating_sub(after));
        canvas.put(after, y, inner.right().saturating_sub(after), &text, canvas.role(Role::Text));
        Some(Position::new(after + at, y))
    }
}
