//! A sign-in that waits for somebody at a browser.

use ratatui::layout::{Position, Rect};

use super::{Overlay, Reply, Request, centred};
use crate::tui::action::Action;
use crate::tui::age;
use crate::tui::canvas::{Canvas, wrapped};
use crate::tui::theme::Role;
use crate::tui::world::World;

const WIDEST: u16 = 78;

/// Shows where to sign in and what to compare; closing it ends the sign-in.
#[derive(Debug)]
pub struct SigningIn;

impl Overlay for SigningIn {
    fn is_moot(&self, world: &World) -> bool {
        world.sign_in.is_none()
    }

    fn act(&mut self, action: Action, world: &World) -> Reply {
        let link = world.sign_in.as_ref().and_then(|run| run.page.as_ref()).map(|page| page.link.clone());
        match (action, link) {
            (Action::Copy, Some(text)) => Reply::Stay(vec![Request::Copy { what: "copied-link", text }]),
            (Action::Cancel | Action::Quit | Action::Back | Action::No, _) => Reply::Close(vec![Request::CancelSignIn]),
            _ => Reply::Stay(Vec::new()),
        }
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect, world: &World) -> Option<Position> {
        let room = WIDEST.min(area.width).saturating_sub(4);
        let lines: Vec<(String, Role)> = lines(world)
            .into_iter()
            .flat_map(|(line, role)| {
                let whole = if line.is_empty() { vec![String::new()] } else { wrapped(&line, room) };
                whole.into_iter().map(move |line| (line, role))
            })
            .collect();
        let area = centred(area, WIDEST, u16::try_from(lines.len()).unwrap_or(u16::MAX).saturating_add(2));
        let run = world.sign_in.as_ref();
        let session = run.and_then(|run| run.session.clone());
        let title = match &session {
            Some(session) => world.say_with("sign-in-title", [("session", session)]),
            None => world.say("sign-in-title-unknown"),
        };
        let inner = canvas.frame(area, &title, "", &world.hint(Action::Cancel, "hint-cancel"));
        for (y, (line, role)) in (inner.y..inner.bottom()).zip(&lines) {
            canvas.put(inner.x, y, inner.width, line, canvas.role(*role));
        }
        None
    }
}

/// What is said, in the order in which it matters.
fn lines(world: &World) -> Vec<(String, Role)> {
    let Some(run) = &world.sign_in else { return Vec::new() };
    let Some(page) = &run.page else { return vec![(world.say("sign-in-asking"), Role::Text)] };
    let mut lines = match &page.code {
        Some(code) => vec![
            (world.say_with("sign-in-open", [("page", &page.page), ("code", code)]), Role::Text),
            (String::new(), Role::Text),
            (code.clone(), Role::Focus),
            (String::new(), Role::Text),
        ],
        None => vec![(world.say_with("sign-in-open-here", [("page", &page.page)]), Role::Text), (String::new(), Role::Text)],
    };
    lines.extend(run.remark.clone().map(|remark| (remark, Role::Text)));
    let left = age::span(page.until.as_second() - world.now.as_second(), &world.text);
    let keys = [Action::Copy, Action::Cancel].map(|action| world.keymap.hint(action));
    let waiting = world.say_with("sign-in-waiting", [("left", &left)]);
    let copies = world.say_if_whole("sign-in-copies", [("key", &keys[0])]).unwrap_or_default();
    let cancels = world.say_if_whole("sign-in-cancels", [("key", &keys[1])]).unwrap_or_default();
    lines.push((crate::text::joined(" ", [waiting.as_str(), copies.as_str(), cancels.as_str()]), Role::Faint));
    lines
}
