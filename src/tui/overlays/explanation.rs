//! Something that takes more than a line to say: what happened, why, what to do.

use ratatui::layout::{Position, Rect};

use super::{Overlay, Reply, Request, fitting, inside, scrolled};
use crate::model::InstanceId;
use crate::tui::action::Action;
use crate::tui::canvas::{Canvas, width, wrapped};
use crate::tui::keymap::Page;
use crate::tui::theme::Role;
use crate::tui::world::World;

/// Sentences to read, and nothing to decide.
#[derive(Debug)]
pub struct Explanation {
    title: String,
    lines: Vec<String>,
    top: usize,
    other_host_key: Option<InstanceId>,
    about: Option<InstanceId>,
}

/// The box is as wide as its text, up to here.
const WIDEST: u16 = 80;

impl Explanation {
    /// These sentences under this title, both fit for a screen.
    pub fn new(title: String, lines: Vec<String>) -> Self {
        Self { title, lines, top: 0, other_host_key: None, about: None }
    }

    /// The same, of a host that showed another key than the one kept of this instance: the way on is offered.
    #[must_use]
    pub fn of_other_host_key(self, id: InstanceId) -> Self {
        Self { other_host_key: Some(id), ..self }
    }

    /// The same, of something that did not work with this instance: the doctor tells more.
    #[must_use]
    pub fn about(self, id: InstanceId) -> Self {
        Self { about: Some(id), ..self }
    }

    /// The widest the box gets. A link is to stay in one piece, where there is room.
    fn widest(&self) -> u16 {
        let longest = self.lines.iter().flat_map(|line| line.split(' ')).map(width).max().unwrap_or(0);
        longest.saturating_add(4).max(WIDEST)
    }

    fn lines(&self, room: u16) -> Vec<String> {
        self.lines.iter().flat_map(|line| wrapped(line, room)).collect()
    }
}

impl Overlay for Explanation {
    fn page(&self) -> Page {
        if self.other_host_key.is_some() { Page::Refused } else { Page::Everywhere }
    }

    fn act(&mut self, action: Action, world: &World) -> Reply {
        let (room, height) = inside(world, self.widest());
        if let Some(to) = scrolled(action, self.top, self.lines(room).len(), height) {
            self.top = to;
            return Reply::Stay(Vec::new());
        }
        match action {
            Action::Doctor => match self.about.take() {
                Some(id) => Reply::Close(vec![Request::OpenDoctor(id)]),
                None => Reply::Pass,
            },
            Action::ReplaceHostKey => Reply::Close(self.other_host_key.take().map(Request::AskHostKeys).into_iter().collect()),
            Action::Cancel | Action::Quit | Action::Back | Action::ConnectMenu => Reply::Close(Vec::new()),
            _ => Reply::Pass,
        }
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect, world: &World) -> Option<Position> {
        let widest = self.widest().min(area.width);
        let lines = self.lines(widest.saturating_sub(4));
        let way_on = self.other_host_key.as_ref().map(|_| (Action::ReplaceHostKey, "hint-replace-host-key"));
        let doctor = self.about.as_ref().map(|_| (Action::Doctor, "hint-doctor"));
        let hints = world.hints(way_on.into_iter().chain(doctor).chain([(Action::Cancel, "hint-close")]));
        let area = fitting(canvas, area, widest, [&self.title, &hints], lines.iter().map(String::as_str));
        let inside = canvas.frame(area, &self.title, "", &hints);
        let top = self.top.min(lines.len().saturating_sub(usize::from(inside.height)));
        for (y, line) in (inside.y..inside.bottom()).zip(lines.iter().skip(top)) {
            canvas.put(inside.x, y, inside.width, line, canvas.role(Role::Text));
        }
        canvas.scroll_mark_beside(inside, top, lines.len());
        None
    }
}
