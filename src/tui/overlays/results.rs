//! How far a command is on each instance, live.

use std::cell::RefCell;
use std::rc::Rc;

use ratatui::layout::{Position, Rect};
use ratatui::style::Style;

use super::{CommandOutputText, Overlay, Reply, SaveOutput, first_shown, moved};
use crate::columns::Tone;
use crate::fleet::{CommandEnd, Outcome, Row, Summary};
use crate::model::{InstanceId, Untrusted};
use crate::text::joined;
use crate::tui::action::Action;
use crate::tui::age;
use crate::tui::canvas::Canvas;
use crate::tui::command_run::{CommandRun, output, rank, standing, sums};
use crate::tui::field::Field;
use crate::tui::key::Key;
use crate::tui::keymap::Page;
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
/// The file that is offered for all outputs.
const FILE: &str = "ec2dash-output.txt";
/// Characters of a first line that are looked at.
const ENOUGH: usize = 1_000;

/// The table of results, with a cursor and what is sought in it.
#[derive(Debug, Default)]
pub struct Results {
    /// Where the cursor is; until somebody moves it, at the top.
    chosen: Option<InstanceId>,
    at: usize,
    field: Option<Field>,
    sought: String,
    /// The rows in their order, as of this state of the run: thousands may have said thousands of lines.
    order: RefCell<Option<(Stand, Rc<[usize]>)>>,
}

/// What the order of the rows hangs on.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Stand {
    number: u64,
    summary: Summary,
    sought: String,
}

impl Results {
    /// Places of the rows that hold what is sought, what went wrong first.
    fn order(&self, run: &CommandRun, world: &World) -> Rc<[usize]> {
        let stand = Stand { number: run.number, summary: run.progress.summary(), sought: self.sought.clone() };
        let mut kept = self.order.borrow_mut();
        if let Some((own, order)) = kept.as_ref()
            && *own == stand
        {
            return Rc::clone(order);
        }
        let sought = Untrusted::from(self.sought.as_str()).composed().to_lowercase();
        let words: Vec<&str> = sought.split_whitespace().collect();
        let rows = run.progress.rows();
        let mut order: Vec<usize> =
            (0..rows.len()).filter(|at| rows.get(*at).is_some_and(|row| holds(row, &words, world))).collect();
        order.sort_by_key(|at| rows.get(*at).map(rank));
        let order: Rc<[usize]> = order.into();
        *kept = Some((stand, Rc::clone(&order)));
        order
    }

    fn at(&self, run: &CommandRun, order: &[usize]) -> usize {
        let rows = run.progress.rows();
        let is_chosen = |place: &usize| rows.get(*place).map(|row| &row.instance.id) == self.chosen.as_ref();
        let chosen = self.chosen.as_ref().and_then(|_| order.iter().position(is_chosen));
        chosen.unwrap_or(self.at).min(order.len().saturating_sub(1))
    }

    fn seek(&mut self) {
        self.sought = self.field.as_ref().map(|field| field.value().to_owned()).unwrap_or_default();
    }
}

/// Whether each word is in the name, the id, the standing or the output of a row.
fn holds(row: &Row, words: &[&str], world: &World) -> bool {
    if words.is_empty() {
        return true;
    }
    let (_, standing, _) = standing(row, &world.text);
    let said = output(row, &world.text);
    let all = format!("{standing}\n{}\n{said}", row.instance.id).to_lowercase();
    words.iter().all(|word| all.contains(word))
}

impl Overlay for Results {
    fn has_heads(&self) -> bool {
        true
    }

    fn page(&self) -> Page {
        Page::Results
    }

    fn press(&mut self, key: Key, _world: &World) -> Option<Reply> {
        if self.field.as_mut()?.press(key)? {
            self.seek();
        }
        Some(Reply::Stay(Vec::new()))
    }

    fn paste(&mut self, text: &str, _world: &World) -> bool {
        let is_whole = self.field.as_mut().is_none_or(|field| field.paste(text));
        if self.field.is_some() {
            self.seek();
        }
        is_whole
    }

    fn act(&mut self, action: Action, world: &World) -> Reply {
        let Some(run) = &world.command else { return Reply::Close(Vec::new()) };
        let order = self.order(run, world);
        let row = |at: usize| order.get(at).and_then(|place| run.progress.rows().get(*place));
        let at = self.at(run, &order);
        let page = usize::from(world.screen.1.saturating_sub(5));
        if let Some(to) = moved(action, at, order.len(), page) {
            self.at = to;
            self.chosen = row(to).map(|row| row.instance.id.clone());
            return Reply::Stay(Vec::new());
        }
        let outputs =
            || -> String { order.iter().enumerate().filter_map(|(at, _)| row(at)).map(|row| output(row, &world.text)).collect() };
        match action {
            Action::Filter => self.field = Some(Field::holding(&self.sought)),
            Action::ConnectMenu if self.field.is_some() => self.field = None,
            Action::Cancel if self.field.is_some() || !self.sought.is_empty() => {
                self.field = None;
                self.sought.clear();
            }
            Action::ConnectMenu | Action::Open | Action::Details => {
                let shown = row(at).map(|row| Request::Show(Box::new(CommandOutputText::new(row, world))));
                return Reply::Stay(shown.into_iter().collect());
            }
            Action::CopyOutput => {
                let copy = |row: &Row| Request::CopyLines { what: "copied-output", text: output(row, &world.text) };
                return Reply::Stay(row(at).map(copy).into_iter().collect());
            }
            Action::CopyOutputs => {
                return Reply::Stay(vec![Request::CopyLines { what: "copied-outputs", text: outputs() }]);
            }
            Action::WriteOutputs => {
                let script: String =
                    Untrusted::from(run.script.as_str()).shown_lines().map(|line| format!("# $ {line}\n")).collect();
                let text = format!("{script}{}", outputs());
                return Reply::Stay(vec![Request::Show(Box::new(SaveOutput::new(FILE, text)))]);
            }
            Action::Cancel | Action::Quit | Action::Back => return Reply::Close(Vec::new()),
            _ => return Reply::Pass,
        }
        Reply::Stay(Vec::new())
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect, world: &World) -> Option<Position> {
        let run = world.command.as_ref()?;
        let order = self.order(run, world);
        let rows = run.progress.rows();
        let sums = sums_of(run, world);
        // How far it is matters more than the end of a long command.
        let room = area.width.saturating_sub(canvas.width(&sums) + EDGE);
        let title = Untrusted::from(run.shown()).shown_in(usize::from(room));
        let inside = canvas.frame(area, &title, &sums, &self.hints(run, world));
        let mut top = inside.y;
        let mut cursor = None;
        if self.field.is_some() || !self.sought.is_empty() {
            let (text, at) = match &self.field {
                Some(field) => field.view(inside.width.saturating_sub(2)),
                None => (Untrusted::from(self.sought.as_str()).shown_in(usize::from(inside.width)), 0),
            };
            let after = canvas.put(inside.x, top, 1, "/", canvas.role(Role::Focus));
            canvas.put(after, top, inside.width, &text, canvas.role(Role::Text));
            cursor = self.field.as_ref().map(|_| Position::new(after + at, top));
            top += 1;
        }
        let heads = ["name", "status", "exit", "time", "says"].map(|title| world.say(&format!("command-head-{title}")));
        let heading = canvas.role(Role::Head);
        line(canvas, Rect { y: top, height: 1, ..inside }, &heads.map(|head| (head, heading)));
        let room = usize::from(inside.bottom().saturating_sub(top + 1));
        let at = self.at(run, &order);
        let first = first_shown(at, order.len(), room);
        let list = Rect { y: top + 1, height: inside.bottom().saturating_sub(top + 1), ..inside };
        canvas.scroll_mark_beside(list, first, order.len());
        for (y, (number, place)) in (list.y..list.bottom()).zip(order.iter().enumerate().skip(first)) {
            let Some(row) = rows.get(*place) else { continue };
            let place = Rect { y, height: 1, ..inside };
            draw_row(canvas, place, row, world);
            if number == at {
                canvas.put(inside.x, y, 1, ">", canvas.role(Role::Text));
                canvas.lay(place, canvas.role(Role::Cursor));
            }
        }
        if order.is_empty() {
            canvas.put(inside.x + 2, top + 1, inside.width, &world.say("results-nothing"), canvas.role(Role::Faint));
        }
        cursor
    }
}

impl Results {
    fn hints(&self, run: &CommandRun, world: &World) -> String {
        if self.field.is_some() {
            return world.hints([(Action::ConnectMenu, "hint-keep"), (Action::Cancel, "hint-clear")]);
        }
        let own = |action: Action, word: &str| {
            let keys = world.keymap.keys(Page::Results, action);
            keys.first().map(|key| format!("{key} {}", world.say(word))).unwrap_or_default()
        };
        let hints = [
            hints(run, world),
            world.hint(Action::Filter, "hint-filter"),
            own(Action::CopyOutput, "hint-copy"),
            own(Action::CopyOutputs, "hint-copy-all"),
            own(Action::WriteOutputs, "hint-write"),
        ];
        joined("  ", hints.iter().map(String::as_str))
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

/// `12 of 200 · 3 of 200 failed · 8 s`.
fn sums_of(run: &CommandRun, world: &World) -> String {
    let mut parts = sums(run, &world.text);
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
