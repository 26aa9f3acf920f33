//! What starting, stopping or rebooting would do, and a yes to it.

use std::sync::Arc;

use ratatui::layout::{Position, Rect};

use super::{Overlay, Reply, centred, inside, scrolled};
use crate::model::{Instance, Power};
use crate::power::{calls, preview};
use crate::text::joined;
use crate::tui::action::Action;
use crate::tui::canvas::{Canvas, wrapped};
use crate::tui::keymap::Page;
use crate::tui::overlays::Request;
use crate::tui::power_run::PowerRequest;
use crate::tui::theme::Role;
use crate::tui::world::World;

const WIDEST: u16 = 100;

/// The calls, the instances, what it costs. It takes no yes before it has said all that it can find out.
#[derive(Debug)]
pub struct PowerQuestion {
    request: PowerRequest,
    top: usize,
}

impl PowerQuestion {
    /// A question about this.
    pub fn new(request: PowerRequest) -> Self {
        Self { request, top: 0 }
    }

    fn targets(&self, world: &World) -> Vec<Arc<Instance>> {
        self.request.ids.iter().filter_map(|id| world.inventory.row(id).cloned()).collect()
    }

    /// Whether AWS is still asked what a stop costs.
    fn is_asking(&self, world: &World) -> bool {
        self.request.power == Power::Stop && !self.targets(world).iter().all(|instance| world.power.has_asked_about(instance))
    }

    fn lines(&self, world: &World, room: u16) -> Vec<String> {
        let targets = self.targets(world);
        let calls = calls(self.request.power, &targets);
        let mut lines = preview::lines(self.request.power, &targets, &calls, &world.power.disks(), &world.text);
        if self.is_asking(world) {
            lines.push(world.say("power-asking"));
        }
        if self.request.then.is_some() {
            lines.push(world.say("power-then-connect"));
        }
        lines.iter().flat_map(|line| wrapped(line, room)).collect()
    }
}

impl Overlay for PowerQuestion {
    fn page(&self) -> Page {
        Page::Question
    }

    fn act(&mut self, action: Action, world: &World) -> Reply {
        let (width, height) = inside(world, WIDEST);
        if let Some(to) = scrolled(action, self.top, self.lines(world, width).len(), height) {
            self.top = to;
            return Reply::Stay(Vec::new());
        }
        match action {
            Action::Yes if self.is_asking(world) => Reply::Stay(Vec::new()),
            Action::Yes => Reply::Close(vec![Request::ChangePower(self.request.clone())]),
            Action::No | Action::ConnectMenu | Action::Cancel | Action::Quit | Action::Back => Reply::Close(Vec::new()),
            _ => Reply::Stay(Vec::new()),
        }
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect, world: &World) -> Option<Position> {
        let width = WIDEST.min(area.width);
        let lines = self.lines(world, width.saturating_sub(4));
        let count = self.request.ids.len();
        let title = world.text.say_with(&format!("power-title-{}", self.request.power.word()), &[("count", count.into())]);
        let area = centred(area, width, u16::try_from(lines.len() + 2).unwrap_or(u16::MAX));
        let yes = (!self.is_asking(world)).then_some((Action::Yes, "hint-yes"));
        let hints = world.hints([yes, Some((Action::No, "hint-no"))].into_iter().flatten());
        let inner = canvas.frame(area, &joined(" ", [title.as_str()]), "", &hints);
        canvas.lay(Rect { height: 1, ..area }, canvas.role(Role::Danger));
        let last = lines.len().saturating_sub(usize::from(inner.height));
        for (y, line) in (inner.y..inner.bottom()).zip(lines.iter().skip(self.top.min(last))) {
            canvas.put(inner.x, y, inner.width, line, canvas.role(Role::Text));
        }
        None
    }
}
