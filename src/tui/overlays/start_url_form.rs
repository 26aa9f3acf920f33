//! A company's start URL and its region, typed by whoever signs in there for the first time.

use ratatui::layout::{Position, Rect};

use super::{Overlay, Reply, Request, centred};
use crate::model::{Region, Untrusted};
use crate::tui::action::Action;
use crate::tui::canvas::{Canvas, wrapped};
use crate::tui::field::Field;
use crate::tui::key::Key;
use crate::tui::theme::Role;
use crate::tui::world::World;

/// Widest the box gets.
const WIDEST: u16 = 78;
/// Columns before a field.
const LABELS: u16 = 13;
/// The fields, by the keys of their labels and of what stands in them while they are empty.
const FIELDS: [(&str, &str); 2] = [("start-url-label", "start-url-empty"), ("start-url-region", "start-url-region-empty")];
const URL: usize = 0;
const REGION: usize = 1;

/// Two fields.
#[derive(Debug, Default)]
pub struct StartUrlForm {
    fields: [Field; FIELDS.len()],
    at: usize,
    /// What is wrong with a field.
    problem: Option<(usize, String)>,
}

impl StartUrlForm {
    /// Sign in with what is typed, go on to what is missing, or say what is wrong.
    fn sign_in(&mut self, world: &World) -> Reply {
        match self.typed(world) {
            Ok((start_url, region)) => {
                self.problem = None;
                Reply::Stay(vec![Request::SignInTo { start_url, region }])
            }
            Err((at, problem)) => {
                self.at = at;
                self.problem = problem.map(|problem| (at, problem));
                Reply::Stay(Vec::new())
            }
        }
    }

    /// What is typed; or what is missing, with a sentence where that was typed wrong.
    fn typed(&self, world: &World) -> Result<(String, Region), (usize, Option<String>)> {
        let [url, region] = self.fields.each_ref().map(|field| field.value().trim());
        let wrong = |key: &str, typed: &str| Some(world.say_with(key, [("typed", &Untrusted::from(typed).shown_in(40))]));
        if url.is_empty() {
            return Err((URL, None));
        }
        let start_url = whole(url, world.here.endpoint.as_deref()).ok_or_else(|| (URL, wrong("start-url-not-one", url)))?;
        match region {
            "" => told_region(&start_url, world).ok_or((REGION, None)),
            region => region.parse().map_err(|_| (REGION, wrong("start-url-not-a-region", region))),
        }
        .map(|region| (start_url, region))
    }
}

/// A start URL as it is typed, with or without its `https://`. `None`: it is none. A simulated company has its own at the `endpoint`.
fn whole(typed: &str, endpoint: Option<&str>) -> Option<String> {
    let url = if typed.contains("://") { typed.to_owned() } else { format!("https://{typed}") };
    let is_simulated = endpoint.is_some_and(|endpoint| url.strip_prefix(endpoint).is_some_and(|rest| rest.starts_with('/')));
    if is_simulated && url.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Some(url);
    }
    let host = url.strip_prefix("https://")?.split(['/', '?', '#']).next()?;
    let is_host = host.contains('.') && !host.contains('@') && !host.starts_with('.') && !host.ends_with('.');
    (is_host && url.bytes().all(|byte| byte.is_ascii_graphic())).then_some(url)
}

/// The region that newer start URLs name.
fn told_region(start_url: &str, world: &World) -> Option<Region> {
    let host = start_url.strip_prefix("https://")?.split(['/', '?', '#']).next()?;
    let known = |label: &str| world.regions.iter().map(|choice| &choice.region).find(|region| region.as_str() == label).cloned();
    host.split('.').find_map(known)
}

impl Overlay for StartUrlForm {
    fn press(&mut self, key: Key, _world: &World) -> Option<Reply> {
        if self.fields.get_mut(self.at)?.press(key)? {
            self.problem = None;
        }
        Some(Reply::Stay(Vec::new()))
    }

    fn paste(&mut self, text: &str, _world: &World) -> bool {
        self.problem = None;
        self.fields.get_mut(self.at).is_none_or(|field| field.paste(text))
    }

    fn act(&mut self, action: Action, world: &World) -> Reply {
        match action {
            Action::ConnectMenu => return self.sign_in(world),
            Action::NextField | Action::PreviousField => self.at = 1 - self.at.min(1),
            Action::Down => self.at = REGION,
            Action::Up => self.at = URL,
            Action::Cancel => return Reply::Close(Vec::new()),
            _ => {}
        }
        Reply::Stay(Vec::new())
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect, world: &World) -> Option<Position> {
        let width = WIDEST.min(area.width);
        let room = width.saturating_sub(4);
        let how = wrapped(&world.say("start-url-how"), room);
        let complaint = self.problem.as_ref().map(|(_, problem)| wrapped(problem, room)).unwrap_or_default();
        let height = FIELDS.len() + how.len() + complaint.len() + 3;
        let area = centred(area, width, u16::try_from(height).unwrap_or(u16::MAX));
        let hints =
            [(Action::ConnectMenu, "hint-sign-in"), (Action::NextField, "hint-next-field"), (Action::Cancel, "hint-cancel")];
        let inside = canvas.frame(area, &world.say("start-url-title"), "", &world.hints(hints));
        let mut cursor = None;
        let mut y = inside.y;
        for (at, (label, empty)) in FIELDS.iter().enumerate() {
            let (pointer, role) = if at == self.at { (">", Role::Focus) } else { (" ", Role::Text) };
            canvas.put(inside.x, y, LABELS, &format!("{pointer} {}", world.say(label)), canvas.role(role));
            let (x, room) = (inside.x + LABELS, inside.width.saturating_sub(LABELS + 1));
            let (text, column) = self.fields.get(at)?.view(room);
            match text.as_str() {
                "" => canvas.put(x, y, room, &world.say(empty), canvas.role(Role::Faint)),
                text => canvas.put(x, y, room, text, canvas.role(Role::Text)),
            };
            cursor = cursor.or((at == self.at).then(|| Position::new(x + column, y)));
            y += 1;
        }
        let below = complaint.iter().map(|line| (line, Role::Bad)).chain(how.iter().map(|line| (line, Role::Faint)));
        for (y, (line, role)) in (y + 1..inside.bottom()).zip(below) {
            canvas.put(inside.x, y, inside.width, line, canvas.role(role));
        }
        cursor
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_start_url_is_https_with_a_host_and_may_be_typed_without_its_scheme() {
        assert_eq!(whole("corp.awsapps.com/start", None).as_deref(), Some("https://corp.awsapps.com/start"));
        assert_eq!(whole("https://d-1.awsapps.com/start#/", None).as_deref(), Some("https://d-1.awsapps.com/start#/"));
        for wrong in [
            "corp",
            "http://corp.awsapps.com/start",
            "https://",
            "https://a@corp.example/",
            "file:///etc",
            "co rp.example",
            "corp.example/\u{1b}",
        ] {
            assert_eq!(whole(wrong, None), None, "{wrong:?}");
        }
        let simulated = Some("http://127.0.0.1:4566");
        assert_eq!(whole("http://127.0.0.1:4566/start", simulated).as_deref(), Some("http://127.0.0.1:4566/start"));
        for wrong in ["http://127.0.0.1:45661/start", "http://127.0.0.1:4566", "http://127.0.0.1/start"] {
            assert_eq!(whole(wrong, simulated), None, "{wrong:?}");
        }
    }
}
