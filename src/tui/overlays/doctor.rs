//! Why each way into one instance works or does not: every rule that was looked at, and what mends it.

use std::sync::Arc;

use jiff::Timestamp;
use ratatui::layout::{Position, Rect};

use super::doctor_choice::{Choice, choices};
use super::reading::Reading;
use super::{Overlay, Picker, Question, Reply, Request, centred, inside};
use crate::access::{Mark, Reason, Way, Ways, login, mark};
use crate::columns::Tone;
use crate::model::{Instance, InstanceId};
use crate::probe::probes;
use crate::text::joined;
use crate::tui::action::Action;
use crate::tui::age;
use crate::tui::attempt::Attempt;
use crate::tui::canvas::{Canvas, width, wrapped};
use crate::tui::key::{Cap, Key};
use crate::tui::keymap::Page;
use crate::tui::lines::tone;
use crate::tui::mend_run::{MendRun, MendStage};
use crate::tui::world::World;

/// Columns before what was found, and before what mends it.
const FINDING: u16 = 4;
const FIX: u16 = 8;

/// What was found about one instance.
#[derive(Debug)]
pub struct Doctor {
    id: InstanceId,
    reading: Reading,
}

/// One line.
struct Row {
    text: String,
    tone: Tone,
}

impl Doctor {
    /// What is found about this instance.
    pub fn new(id: InstanceId) -> Self {
        Self { id, reading: Reading::default() }
    }

    fn rows(&self, world: &World, room: u16) -> Vec<Row> {
        let Some(instance) = world.examined(&self.id) else {
            return vec![Row { text: world.say("instance-left"), tone: Tone::Plain }];
        };
        let ways = world.examine(instance);
        let mut rows = Vec::new();
        let best = match ways.called_best() {
            Some(best) if best.runs_ssh() => {
                let (user, _) = login(instance, &world.connect_options(instance));
                world.say_with("doctor-page-best-as", [("method", best.id()), ("login", user.as_str())])
            }
            Some(best) => world.say_with("doctor-page-best", [("method", best.id())]),
            None => match joined(", ", ways.last_resorts().map(|method| method.id())) {
                none if none.is_empty() => world.say("doctor-no-best"),
                methods => world.say_with("doctor-last-resorts", [("methods", &methods)]),
            },
        };
        rows.extend(lines("", &best, Tone::Plain, room));
        let choices = choices(instance, &ways, world, None);
        for (at, choice) in choices.iter().enumerate() {
            let key = (at + 1).to_string();
            let line = match choice {
                Choice::Offer(fix) => world.say_with("mend-offer", [("key", &key), ("title", &fix.title(&world.text))]),
                Choice::FindAddress => {
                    let service = world.settings.doctor.address_service.to_string();
                    world.say_with("address-offer", [("key", &key), ("service", &service)])
                }
                // It is said beside the fix.
                Choice::TakeBack(_) => continue,
            };
            rows.extend(lines("", &line, Tone::Plain, room));
        }
        for run in world.mends.iter().filter(|run| run.is_shown_for(&self.id)) {
            rows.extend(run_rows(run, &choices, world, room));
        }
        let attempt = world.attempt.as_ref().filter(|attempt| attempt.id == self.id);
        let was_tried = |way: &&Way| attempt.is_some_and(|attempt| attempt.way.method == way.method);
        // What somebody asks about stands first, wherever else its place is.
        let tried = ways.list.iter().filter(was_tried);
        for way in tried.chain(ways.list.iter().filter(|way| !was_tried(way))) {
            rows.push(Row { text: String::new(), tone: Tone::Plain });
            rows.extend(way_rows(way, &ways, (attempt.filter(|_| was_tried(&way)), &choices), world, room));
        }
        rows
    }

    /// What a digit stands for.
    fn choose(&self, key: Key, world: &World) -> Option<Reply> {
        let Cap::Char(digit @ '1'..='9') = key.cap else { return None };
        if key.ctrl || key.alt {
            return None;
        }
        let instance = world.examined(&self.id)?;
        let others: Vec<Arc<Instance>> = world.inventory.rows().iter().filter(|row| row.vpc == instance.vpc).cloned().collect();
        let others = (!world.is_loading() && instance.vpc.is_some()).then_some(others.as_slice());
        let all = choices(instance, &world.examine(instance), world, others);
        let at = usize::try_from(digit.to_digit(10)?).ok()?;
        Some(Reply::Stay(all.into_iter().nth(at - 1).map(|choice| choice.request(world)).into_iter().collect()))
    }

    /// What tests would do, and whether to make them; none before everything is told.
    fn question(&self, world: &World) -> Option<Question> {
        world.examination(&self.id)?;
        let instance = world.examined(&self.id)?;
        let probes = probes(instance, &world.connect_options(instance), &world.local);
        let lines = probes.iter().map(|probe| format!("- {}", probe.says(instance, &world.text)));
        Some(Question::new(world.say("test-ways-title"), lines.collect(), Request::TestWays(self.id.clone())))
    }

    /// The first command that mends something, in the order in which it stands here.
    fn remedy(&self, world: &World) -> Option<String> {
        let ways = world.examine(world.examined(&self.id)?);
        ways.list.iter().flat_map(|way| &way.reasons).find_map(|reason| reason.remedy(&world.text))
    }
}

impl Overlay for Doctor {
    fn press(&mut self, key: Key, world: &World) -> Option<Reply> {
        let (width, height) = inside(world, u16::MAX);
        let rows = self.rows(world, width);
        self.reading.press(key, || texts(&rows), height).or_else(|| self.choose(key, world))
    }

    fn paste(&mut self, text: &str, world: &World) -> bool {
        let (width, height) = inside(world, u16::MAX);
        let rows = self.rows(world, width);
        self.reading.paste(text, || texts(&rows), height)
    }

    fn page(&self) -> Page {
        Page::Details
    }

    fn takes_digits(&self) -> bool {
        true
    }

    fn act(&mut self, action: Action, world: &World) -> Reply {
        let (width, height) = inside(world, u16::MAX);
        let rows = self.rows(world, width);
        if let Some(reply) = self.reading.act(action, || texts(&rows), height) {
            return reply;
        }
        match action {
            Action::ConnectMenu => Reply::Close(vec![Request::Show(Box::new(Picker::new(self.id.clone(), world)))]),
            Action::Refresh => Reply::Stay(vec![Request::Examine(self.id.clone())]),
            Action::TestWays => Reply::Stay(vec![match self.question(world) {
                Some(question) => Request::Show(Box::new(question)),
                None => Request::Tell(world.say("doctor-asking")),
            }]),
            Action::Copy => Reply::Stay(vec![match self.remedy(world) {
                Some(text) => Request::Copy { what: "copied-fix", text },
                None => Request::Tell(world.say("doctor-no-fix")),
            }]),
            Action::Cancel | Action::Quit | Action::Back | Action::Doctor => Reply::Close(Vec::new()),
            _ => Reply::Pass,
        }
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect, world: &World) -> Option<Position> {
        let name = world.inventory.row(&self.id).and_then(|row| row.name()).map(|name| name.shown_in(40)).unwrap_or_default();
        let title = format!("{name}  {}", self.id);
        let hints = [
            (Action::ConnectMenu, "hint-connect-menu"),
            (Action::Refresh, "hint-again"),
            (Action::TestWays, "hint-test-ways"),
            (Action::Copy, "hint-copy-fix"),
            (Action::Cancel, "hint-close"),
        ];
        let rows = self.rows(world, inside(world, u16::MAX).0);
        let hints = self.reading.hints(&world.hints(hints), || texts(&rows), world);
        let needed = rows.iter().map(|row| canvas.width(&row.text)).max().unwrap_or(0);
        let checked = checked(&self.id, world);
        let edges = canvas.width(title.trim_start()).saturating_add(canvas.width(&checked)).max(canvas.width(&hints));
        let wide = needed.max(edges.saturating_add(4)).saturating_add(4);
        let area = centred(area, wide, u16::try_from(rows.len() + 2).unwrap_or(u16::MAX));
        let inner = canvas.frame(area, title.trim_start(), &checked, &hints);
        let top = self.reading.top(rows.len(), usize::from(inner.height));
        for (y, (at, row)) in (inner.y..inner.bottom()).zip(rows.iter().enumerate().skip(top)) {
            canvas.put(inner.x, y, inner.width, &row.text, canvas.tone(row.tone));
            self.reading.mark(canvas, Rect { y, height: 1, ..inner }, at, &row.text);
        }
        self.reading.draw(canvas, area, rows.len())
    }
}

/// `checked 3 s ago`, or that AWS is still asked.
fn checked(id: &InstanceId, world: &World) -> String {
    match world.examination(id) {
        Some(told) => world.say_with("doctor-checked", [("age", &ago(told, world))]),
        None => world.say("doctor-asking"),
    }
}

fn ago(told: Timestamp, world: &World) -> String {
    age::ago(told, world.now, &world.text)
}

fn texts(rows: &[Row]) -> Vec<String> {
    rows.iter().map(|row| row.text.clone()).collect()
}

/// A fix that was carried out here, and how it stands.
fn run_rows(run: &MendRun, choices: &[Choice<'_>], world: &World, room: u16) -> Vec<Row> {
    let said = if run.said.is_empty() { world.say("mend-at-work") } else { run.said.clone() };
    let head = world.say_with("mend-run", [("title", run.fix.title(&world.text).as_str()), ("said", said.as_str())]);
    let at = choices.iter().position(|choice| matches!(choice, Choice::TakeBack(own) if own.number == run.number));
    let back = at.map(|at| world.say_with("mend-take-back", [("key", (at + 1).to_string().as_str())]));
    let tone = if run.stage == MendStage::Halted { Tone::Bad } else { Tone::Plain };
    let mut rows = lines("", &head, tone, room);
    if let Some(line) = back {
        rows.extend(lines(&" ".repeat(FINDING.into()), &line, Tone::Plain, room));
    }
    rows
}

/// What is said of a way. `attempt`: that it did not take us; what may be why stands before everything else.
fn way_rows(way: &Way, ways: &Ways, (attempt, choices): (Option<&Attempt>, &[Choice<'_>]), world: &World, room: u16) -> Vec<Row> {
    let (mark, text) = (mark(way), &world.text);
    let head = format!("{} {:<8}{}", mark.symbol(), way.method.id(), ways.verdict(way, text));
    let mut rows = lines("", &head, tone(mark), room);
    let mut reasons: Vec<&Reason> = way.reasons.iter().collect();
    if let Some(Attempt { way: failed, at, .. }) = attempt {
        let tried = world.say_with("doctor-tried", [("age", ago(*at, world).as_str()), ("what", &failed.what)]);
        let line = format!("{} {tried}", Mark::Blocked.symbol());
        rows.extend(lines(&" ".repeat(FINDING.into()), &line, tone(Mark::Blocked), room));
        reasons = way.explaining(&failed.code);
    }
    for reason in reasons {
        rows.extend(finding_rows(reason, world, room));
        let offer = |choice: &Choice<'_>| matches!(choice, Choice::Offer(fix) if fix.mends(way, reason));
        if let Some(at) = choices.iter().position(offer) {
            let key = (at + 1).to_string();
            rows.extend(lines(&" ".repeat(FIX.into()), &world.say_with("mend-offer-here", [("key", &key)]), Tone::Plain, room));
        }
    }
    // What is in order is one paragraph; of a way that has no meaning nothing is.
    if mark != Mark::NotApplicable {
        let passes = ways.new_passes(way).map(|pass| said(pass, world));
        for line in packed(passes, room.saturating_sub(FINDING)) {
            rows.extend(lines(&" ".repeat(FINDING.into()), &line, Tone::Faint, room));
        }
    }
    rows
}

fn finding_rows(reason: &Reason, world: &World, room: u16) -> Vec<Row> {
    let mut rows = lines(&" ".repeat(FINDING.into()), &said(reason, world), tone(reason.outcome.mark()), room);
    let fix = reason.remedy(&world.text).map(|fix| world.say_with("way-fix", [("fix", &fix)]));
    for line in fix.into_iter().chain(reason.remark(&world.text)) {
        rows.extend(lines(&" ".repeat(FIX.into()), &line, Tone::Plain, room));
    }
    rows
}

/// Texts side by side, as many in a line as fit.
fn packed(texts: impl Iterator<Item = String>, room: u16) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for text in texts {
        match all.last_mut().filter(|last| width(last).saturating_add(width(&text)).saturating_add(3) <= room) {
            Some(last) => *last = format!("{last}   {text}"),
            None => all.push(text),
        }
    }
    all
}

fn said(reason: &Reason, world: &World) -> String {
    format!("{} {}", reason.outcome.mark().symbol(), reason.text(&world.text))
}

/// A text in as many lines as it needs, each behind the same indentation.
fn lines(indent: &str, text: &str, tone: Tone, room: u16) -> Vec<Row> {
    let room = room.saturating_sub(width(indent)).max(8);
    let all = if width(text) <= room { vec![text.to_owned()] } else { wrapped(text, room) };
    all.into_iter().map(|line| Row { text: format!("{indent}{line}"), tone }).collect()
}
