//! How far a command is on each instance, live.

use ratatui::layout::{Position, Rect};
use ratatui::style::Style;

use super::{CommandOutputText, Overlay, Reply, first_shown, moved};
use crate::columns::Tone;
use crate::fleet::{CommandEnd, Outcome, Row};
use crate::model::Untrusted;
use crate::text::joined;
use crate::tui::action::Action;
use crate::tui::age;
use crate::tui::canvas::Canvas;
use crate::tui::command_run::{CommandRun, standing};
use crate::tui::overlays::Request;
use crate::tui::theme::Role;
use crate::tui::world::World;

/// Columns of a row: a pointer, the name, how far, the exit code, the time; what it says takes the rest.
const NAME: u16 = 20;
const STANDING: u16 = 15;
const CODE: u16 = 4;
const TIME: u16 = 8;
/// Columns of the upper edge that neither the command nor the sums have.
const EDGE: u16 = 10;
/// Characters of a first line that are looked at.
const ENOUGH: usize = 1_000;

/// The table of results, with a cursor.
#[derive(Debug, Default)]
pub struct Results {
    at: usize,
}

impl Overlay for Results {
    fn has_heads(&self) -> bool {
        true
    }

    fn act(&mut self, action: Action, world: &World) -> Reply {
        let Some(run) = &world.command else { return Reply::Close(Vec::new()) };
        let rows = run.progress.rows();
        let page = usize::from(world.screen.1.saturating_sub(5));
        if let Some(to) = moved(action, self.at, rows.len(), page) {
            self.at = to;
            return Reply::Stay(Vec::new());
        }
        match action {
            Action::ConnectMenu | Action::Open | Action::Details => match rows.get(self.at) {
                Some(row) => Reply::Stay(vec![Request::Show(Box::new(CommandOutputText::new(row, world)))]),
                None => Reply::Stay(Vec::new()),
            },
            Action::Cancel | Action::Quit | Action::Back => Reply::Close(Vec::new()),
            _ => Reply::Pass,
        }
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect, world: &World) -> Option<Position> {
        let run = world.command.as_ref()?;
        let rows = run.progress.rows();
        let sums = sums(run, world);
        // How far it is matters more than the end of a long command.
        let room = area.width.saturating_sub(canvas.width(&sums) + EDGE);
        let title = Untrusted::from(run.shown.as_str()).shown_in(usize::from(room));
        let inside = canvas.frame(area, &title, &sums, &hints(run, world));
        let heads = ["name", "status", "exit", "time", "says"].map(|title| world.say(&format!("command-head-{title}")));
        let heading = canvas.role(Role::Head);
        line(canvas, Rect { height: 1, ..inside }, &heads.map(|head| (head, heading)));
        let room = usize::from(inside.height.saturating_sub(1));
        let top = first_shown(self.at, rows.len(), room);
        canvas.scroll_mark_beside(Rect { y: inside.y + 1, height: inside.height.saturating_sub(1), ..inside }, top, rows.len());
        for (y, (at, row)) in (inside.y + 1..inside.bottom()).zip(rows.iter().enumerate().skip(top)) {
            let place = Rect { y, height: 1, ..inside };
            draw_row(canvas, place, row, world);
            if at == self.at {
                canvas.put(inside.x, y, 1, ">", canvas.role(Role::Text));
                canvas.lay(place, canvas.role(Role::Cursor));
            }
        }
        None
    }
}

fn hints(run: &CommandRun, world: &World) -> String {
    let mut hints = vec![world.hint(Action::ConnectMenu, "hint-output")];
    if run.is_under_way() && !run.is_stopping {
        hints.push(world.hint(Action::Interrupt, "hint-cancel-command"));
    }
    let close = if run.is_under_way() { "hint-close-goes-on" } else { "hint-close" };
    hints.push(world.hint(Action::Cancel, close));
    joined("  ", hints.iter().map(String::as_str))
}

/// `12 of 200 · 3 failed · 8 s`.
fn sums(run: &CommandRun, world: &World) -> String {
    let summary = run.progress.summary();
    let (ended, total) = (age::grouped(summary.ended()), age::grouped(summary.total));
    let mut parts = vec![world.say_with("title-count", [("shown", &ended), ("total", &total)])];
    if summary.failed > 0 {
        parts.push(world.say_with("command-failed", [("count", &age::grouped(summary.failed))]));
    }
    if summary.not_done > 0 {
        parts.push(world.say_with("command-not-done", [("count", &age::grouped(summary.not_done))]));
    }
    if run.is_under_way() && run.is_stopping {
        parts.push(world.say("command-cancelling"));
    } else if let Some(error) = run.progress.uncancelled.as_ref().filter(|_| run.is_under_way()) {
        parts.push(world.say_with("command-not-cancelled", [("what", &error.what(&world.text))]));
    } else if let Some(trouble) = &run.progress.trouble {
        parts.push(trouble.what(&world.text));
    }
    let until = run.ended.unwrap_or(world.now);
    parts.push(age::span((until.as_second() - run.began.as_second()).max(0), &world.text));
    parts.join(" · ")
}

fn draw_row(canvas: &mut Canvas<'_>, place: Rect, row: &Row, world: &World) {
    let (mark, word, tone) = standing(row, &world.text);
    let plain = canvas.role(Role::Text);
    let name = row.instance.name().map_or_else(|| row.instance.id.to_string(), |name| name.shown_in(usize::from(NAME)));
    let ending = row.ending();
    let code = ending.and_then(|ending| ending.code).map(|code| code.to_string()).unwrap_or_default();
    let time = ending.and_then(|ending| ending.lasted).map(|lasted| format!("{:.1} s", lasted.as_secs_f64()));
    let (says, role) = ending.map(|ending| says(ending, world)).unwrap_or_default();
    let tones = [plain, canvas.tone(tone), plain, canvas.role(Role::Faint), canvas.tone(role)];
    let never_ran = code.is_empty() && time.is_none();
    let aside = if never_ran { String::new() } else { says.clone() };
    let texts = [name, format!("{mark} {word}"), code, time.unwrap_or_default(), aside];
    let mut pieces = texts.into_iter().zip(tones);
    line(canvas, place, &std::array::from_fn(|_| pieces.next().unwrap_or_default()));
    if never_ran {
        // Without a code and a time the reason has their room, too.
        let x = place.x + 2 + NAME + 1 + STANDING + 1;
        canvas.put(x, place.y, place.right().saturating_sub(x), &says, canvas.tone(role));
    }
}

/// The five cells of a line, each cut at its width.
fn line(canvas: &mut Canvas<'_>, place: Rect, cells: &[(String, Style); 5]) {
    let mut x = place.x + 2;
    for ((text, style), width) in cells.iter().zip([NAME, STANDING, CODE, TIME, u16::MAX]) {
        let room = width.min(place.right().saturating_sub(x));
        canvas.put(x, place.y, room, text, *style);
        x = x.saturating_add(room).saturating_add(1);
    }
}

/// Why there was no program, or the first line with something in it: of stderr where it failed.
fn says(ending: &CommandEnd, world: &World) -> (String, Tone) {
    if let Some(reason) = ending.outcome.reason(&world.text) {
        return (reason, Tone::Faint);
    }
    let (first, second) = match ending.outcome == Outcome::Success {
        true => (&ending.stdout, &ending.stderr),
        false => (&ending.stderr, &ending.stdout),
    };
    let mut lines = first.text.raw().lines().chain(second.text.raw().lines());
    let line: String = lines.find(|line| !line.trim().is_empty()).unwrap_or_default().chars().take(ENOUGH).collect();
    (Untrusted::from(line).shown_lines().next().unwrap_or_default(), Tone::Plain)
}
