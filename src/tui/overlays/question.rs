//! A question to be answered with yes or no.

use jiff::{SignedDuration, Timestamp};
use ratatui::layout::{Position, Rect};

use super::{Overlay, Reply, fitting};
use crate::tui::action::Action;
use crate::tui::canvas::{Canvas, wrapped};
use crate::tui::keymap::Page;
use crate::tui::overlays::Request;
use crate::tui::theme::Role;
use crate::tui::world::World;

/// How long a question that came up by itself takes no yes: the keys of this time were pressed for what stood there before.
const UNSEEN: SignedDuration = SignedDuration::from_secs(1);

/// A question, and what is done after a yes.
pub struct Question {
    title: String,
    lines: Vec<String>,
    yes: Option<Request>,
    other: Option<(Action, &'static str, Request)>,
    enter_is_yes: bool,
    is_dangerous: bool,
    is_about_loading: bool,
    /// When it came up, if nobody asked for it.
    unasked: Option<Timestamp>,
}

impl Question {
    /// A question whose answer is no unless the user says yes.
    pub fn new(title: String, lines: Vec<String>, yes: Request) -> Self {
        Self {
            title,
            lines,
            yes: Some(yes),
            other: None,
            enter_is_yes: false,
            is_dangerous: false,
            is_about_loading: false,
            unasked: None,
        }
    }

    /// The same, with `Enter` as a yes.
    #[must_use]
    pub fn with_enter_as_yes(self) -> Self {
        Self { enter_is_yes: true, ..self }
    }

    /// The same, with a yes that is not asked for again.
    #[must_use]
    pub fn with_always(self, always: Request) -> Self {
        self.with_other(Action::Always, "hint-always", always)
    }

    /// The same, with another yes: its key, the key of its word, and what is done after it.
    #[must_use]
    pub fn with_other(self, key: Action, word: &'static str, request: Request) -> Self {
        Self { other: Some((key, word, request)), ..self }
    }

    /// The same, its title in the colours of danger.
    #[must_use]
    pub fn of_danger(self) -> Self {
        Self { is_dangerous: true, ..self }
    }

    /// The same, which nobody needs to answer any more when everything is there.
    #[must_use]
    pub fn while_loading(self) -> Self {
        Self { is_about_loading: true, ..self }
    }

    /// The same, come up by itself: nobody pressed a key for it.
    #[must_use]
    pub fn unasked(self, now: Timestamp) -> Self {
        Self { unasked: Some(now), ..self }
    }
}

impl Overlay for Question {
    fn page(&self) -> Page {
        Page::Question
    }

    fn is_moot(&self, world: &World) -> bool {
        self.is_about_loading && !world.is_loading()
    }

    fn asks_to_quit(&self) -> bool {
        matches!(self.yes, Some(Request::Quit))
    }

    fn act(&mut self, action: Action, world: &World) -> Reply {
        let is_unseen = self.unasked.is_some_and(|since| world.now.duration_since(since) < UNSEEN);
        match action {
            Action::Yes | Action::Always | Action::Together | Action::ConnectMenu if is_unseen => Reply::Stay(Vec::new()),
            Action::Yes => Reply::Close(self.yes.take().into_iter().collect()),
            action if self.other.as_ref().is_some_and(|(own, ..)| *own == action) => {
                Reply::Close(self.other.take().map(|(.., request)| request).into_iter().collect())
            }
            Action::ConnectMenu if self.enter_is_yes => Reply::Close(self.yes.take().into_iter().collect()),
            Action::No | Action::ConnectMenu | Action::Cancel | Action::Quit | Action::Back => Reply::Close(Vec::new()),
            _ => Reply::Stay(Vec::new()),
        }
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect, world: &World) -> Option<Position> {
        let width = 80.min(area.width);
        let lines: Vec<String> = self.lines.iter().flat_map(|line| wrapped(line, width.saturating_sub(4))).collect();
        let (yes, no) = if self.enter_is_yes { (Action::ConnectMenu, Action::Cancel) } else { (Action::Yes, Action::No) };
        let other = self.other.as_ref().map(|(key, word, _)| (*key, *word));
        let hints = world.hints([Some((yes, "hint-yes")), other, Some((no, "hint-no"))].into_iter().flatten());
        let area = fitting(canvas, area, width, [&self.title, &hints], lines.iter().map(String::as_str));
        let inside = canvas.frame(area, &self.title, "", &hints);
        if self.is_dangerous {
            canvas.lay(Rect { height: 1, ..area }, canvas.role(Role::Danger));
        }
        for (y, line) in (inside.y..inside.bottom()).zip(&lines) {
            canvas.put(inside.x, y, inside.width, line, canvas.role(Role::Text));
        }
        None
    }
}
