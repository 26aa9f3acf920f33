//! All that a command said on one instance.

use ratatui::layout::{Position, Rect};

use super::reading::Reading;
use super::{Overlay, Reply, SaveOutput, inside};
use crate::fleet::{CommandText, Row};
use crate::tui::action::Action;
use crate::tui::canvas::{Canvas, wrapped};
use crate::tui::command_run::{output, standing};
use crate::tui::key::Key;
use crate::tui::keymap::Page;
use crate::tui::overlays::Request;
use crate::tui::theme::Role;
use crate::tui::world::World;

/// The file that is offered for one output.
const FILE: &str = "ec2dash-output.txt";

/// Lines to scroll in.
#[derive(Debug)]
pub struct CommandOutputText {
    title: String,
    lines: Vec<(String, Role)>,
    reading: Reading,
    /// As it is copied.
    text: String,
}

impl CommandOutputText {
    /// What is known of this row now, in lines as wide as the screen.
    pub fn new(row: &Row, world: &World) -> Self {
        let (room, _) = inside(world, u16::MAX);
        let (mark, word, _) = standing(row, &world.text);
        let mut lines = Vec::new();
        if let Some(ending) = row.ending() {
            let reason = ending.outcome.reason(&world.text);
            lines.extend(reason.iter().flat_map(|reason| wrapped(reason, room)).map(|line| (line, Role::Problem)));
            lines.extend(stream("stdout", &ending.stdout, Role::Text, world, room));
            lines.extend(stream("stderr", &ending.stderr, Role::Bad, world, room));
            if let Some(error) = &ending.untold {
                let untold = world.say_with("command-untold", [("what", &error.what(&world.text))]);
                lines.extend(wrapped(&untold, room).into_iter().map(|line| (line, Role::Problem)));
            }
        }
        if lines.is_empty() {
            // What has not ended may still say something.
            let said = if row.is_over() { world.say("command-says-nothing") } else { format!("{mark} {word}") };
            lines.push((said, Role::Faint));
        }
        let code = row.ending().and_then(|ending| ending.code).map(|code| format!(" {code}")).unwrap_or_default();
        let title = format!("{}  {mark} {word}{code}", row.instance.shown());
        Self { title, lines, reading: Reading::default(), text: output(row, &world.text) }
    }
}

impl Overlay for CommandOutputText {
    fn page(&self) -> Page {
        Page::Results
    }

    fn press(&mut self, key: Key, world: &World) -> Option<Reply> {
        let (_, height) = inside(world, u16::MAX);
        self.reading.press(key, || texts(&self.lines), height)
    }

    fn paste(&mut self, text: &str, world: &World) -> bool {
        let (_, height) = inside(world, u16::MAX);
        self.reading.paste(text, || texts(&self.lines), height)
    }

    fn act(&mut self, action: Action, world: &World) -> Reply {
        let (_, height) = inside(world, u16::MAX);
        if let Some(reply) = self.reading.act(action, || texts(&self.lines), height) {
            return reply;
        }
        match action {
            Action::CopyOutput => Reply::Stay(vec![Request::CopyLines { what: "copied-output", text: self.text.clone() }]),
            Action::WriteOutputs => Reply::Stay(vec![Request::Show(Box::new(SaveOutput::new(FILE, self.text.clone())))]),
            Action::Cancel | Action::Quit | Action::Back | Action::ConnectMenu => Reply::Close(Vec::new()),
            _ => Reply::Pass,
        }
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect, world: &World) -> Option<Position> {
        let hints = self.reading.hints(&world.hint(Action::Cancel, "hint-close"), || texts(&self.lines), world);
        let inside = canvas.frame(area, &self.title, "", &hints);
        let top = self.reading.top(self.lines.len(), usize::from(inside.height));
        for (y, (at, (line, role))) in (inside.y..inside.bottom()).zip(self.lines.iter().enumerate().skip(top)) {
            canvas.put(inside.x, y, inside.width, line, canvas.role(*role));
            self.reading.mark(canvas, Rect { y, height: 1, ..inside }, at, line);
        }
        self.reading.draw(canvas, area, self.lines.len())
    }
}

fn texts(lines: &[(String, Role)]) -> Vec<String> {
    lines.iter().map(|(line, _)| line.clone()).collect()
}

/// What was said on one stream, under its name, if anything was.
fn stream(name: &str, text: &CommandText, role: Role, world: &World, room: u16) -> Vec<(String, Role)> {
    if text.text.is_empty() && !text.is_cut {
        return Vec::new();
    }
    let head = std::iter::once((name.to_owned(), Role::Heading));
    let said = text.text.shown_lines().flat_map(|line| wrapped(&line, room.max(1))).map(|line| (line, role));
    let mut lines: Vec<(String, Role)> = head.chain(said).collect();
    if text.is_cut {
        lines.push((world.say("command-cut"), Role::Faint));
    }
    lines
}
