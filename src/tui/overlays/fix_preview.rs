//! What a fix would change: the calls, the same for the AWS CLI, whom it affects, what it costs, how it is taken back.

use ratatui::layout::{Position, Rect};

use super::{Overlay, Question, Reply, Request, centred, inside, scrolled};
use crate::fixes::{Fix, preview};
use crate::tui::action::Action;
use crate::tui::canvas::{Canvas, wrapped};
use crate::tui::keymap::Page;
use crate::tui::theme::Role;
use crate::tui::world::World;

const WIDEST: u16 = 110;

/// A fix before a yes. With `read_only` it is shown and copied, and nothing else.
#[derive(Debug)]
pub struct FixPreview {
    fix: Fix,
    top: usize,
}

impl FixPreview {
    /// Of this fix.
    pub fn new(fix: Fix) -> Self {
        Self { fix, top: 0 }
    }

    fn lines(&self, world: &World, room: u16) -> Vec<String> {
        let mut lines = preview::lines(&self.fix, &world.text);
        if !world.settings.may_mend() {
            lines.push(world.say("error-fix-read-only"));
        }
        lines.iter().flat_map(|line| wrapped(line, room)).collect()
    }
}

impl Overlay for FixPreview {
    fn page(&self) -> Page {
        Page::Details
    }

    fn act(&mut self, action: Action, world: &World) -> Reply {
        let (width, height) = inside(world, WIDEST);
        if let Some(to) = scrolled(action, self.top, self.lines(world, width).len(), height) {
            self.top = to;
            return Reply::Stay(Vec::new());
        }
        match action {
            Action::ConnectMenu if !world.settings.may_mend() => {
                Reply::Stay(vec![Request::Tell(world.say("error-fix-read-only"))])
            }
            Action::ConnectMenu => {
                let lines = self.fix.changes.iter().map(|change| format!("{}  ({})", change.shown(), self.fix.place.region));
                let question =
                    Question::new(self.fix.title(&world.text), lines.collect(), Request::Mend(Box::new(self.fix.clone())));
                Reply::Close(vec![Request::Show(Box::new(question.of_danger()))])
            }
            Action::Copy => Reply::Stay(vec![Request::CopyLines { what: "copied-fix", text: self.fix.commands().join("\n") }]),
            Action::Cancel | Action::Quit | Action::Back => Reply::Close(Vec::new()),
            _ => Reply::Stay(Vec::new()),
        }
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect, world: &World) -> Option<Position> {
        let width = WIDEST.min(area.width);
        let lines = self.lines(world, width.saturating_sub(4));
        let mend = world.settings.may_mend().then_some((Action::ConnectMenu, "hint-mend"));
        let rest = [Some((Action::Copy, "hint-copy-fix")), Some((Action::Cancel, "hint-close"))];
        let hints = world.hints([mend].into_iter().chain(rest).flatten());
        let area = centred(area, width, u16::try_from(lines.len() + 2).unwrap_or(u16::MAX));
        let inner = canvas.frame(area, self.fix.id.as_str(), "", &hints);
        let last = lines.len().saturating_sub(usize::from(inner.height));
        for (y, line) in (inner.y..inner.bottom()).zip(lines.iter().skip(self.top.min(last))) {
            canvas.put(inner.x, y, inner.width, line, canvas.role(Role::Text));
        }
        None
    }
}
