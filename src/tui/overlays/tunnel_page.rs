//! Page 2: the tunnels of this dashboard, live, and what other ec2dash processes of this user hold open.

use ratatui::layout::{Position, Rect};

use super::{Help, Overlay, Question, Reply, TunnelDetails, TunnelForm, first_shown, moved};
use crate::columns::Tone;
use crate::model::{Running, RunningKind};
use crate::session::tunnel::Led;
use crate::text::{joined, size};
use crate::tui::action::Action;
use crate::tui::age;
use crate::tui::canvas::{Canvas, piece, width, wrapped};
use crate::tui::keymap::Page;
use crate::tui::lines::{message_line, tabs};
use crate::tui::overlays::Request;
use crate::tui::screen::{FULL, TALL};
use crate::tui::theme::Role;
use crate::tui::tunnels::{TunnelRun, leads_to};
use crate::tui::world::World;

/// Columns before the first cell.
const MARKS: u16 = 3;
/// The columns: key of the title, least width.
const COLUMNS: [(&str, u16); 7] =
    [("kind", 6), ("target", 8), ("method", 6), ("from", 15), ("since", 6), ("traffic", 7), ("state", 5)];
const TARGET: usize = 1;
const FROM: usize = 3;
const STATE: usize = 6;
/// The columns of a small screen.
const SMALL: [usize; 3] = [TARGET, FROM, STATE];

/// The list, with a cursor.
#[derive(Debug, Default)]
pub struct TunnelPage {
    /// What is under the cursor, while it is there.
    spot: Option<Spot>,
    /// Where the cursor was.
    at: usize,
}

/// A line of the list, whatever stands above it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Spot {
    /// A tunnel of this dashboard.
    Own(u64),
    /// What another process holds: its number, and that of the thing.
    Other(u32, u64),
}

/// What a line is about.
#[derive(Debug, Clone, Copy)]
enum Item<'w> {
    Own(&'w TunnelRun),
    Other(&'w Running),
}

impl Item<'_> {
    fn spot(self) -> Spot {
        match self {
            Self::Own(run) => Spot::Own(run.number),
            Self::Other(running) => Spot::Other(running.process, running.number),
        }
    }
}

/// Our tunnels, then what others hold.
fn items(world: &World) -> Vec<Item<'_>> {
    // What a process holds that carries one of ours is that one.
    let is_ours = |process| world.tunnels.list().iter().filter_map(|run| run.program?.process).any(|own| own == process);
    let others = world.running.iter().filter(|running| !is_ours(running.process));
    world.tunnels.list().iter().map(Item::Own).chain(others.map(Item::Other)).collect()
}

impl TunnelPage {
    /// The list, with the cursor on this tunnel.
    pub fn at(number: u64) -> Self {
        Self { spot: Some(Spot::Own(number)), at: usize::MAX }
    }

    /// Where the cursor is: on what it was on, or where that was.
    fn place(&self, world: &World) -> usize {
        let items = items(world);
        let place = items.iter().position(|item| Some(item.spot()) == self.spot);
        place.unwrap_or_else(|| self.at.min(items.len().saturating_sub(1)))
    }

    fn chosen<'w>(&self, world: &'w World) -> Option<Item<'w>> {
        items(world).get(self.place(world)).copied()
    }
}

impl Overlay for TunnelPage {
    fn page(&self) -> Page {
        Page::Tunnels
    }

    fn is_page(&self) -> bool {
        true
    }

    fn has_heads(&self) -> bool {
        true
    }

    fn act(&mut self, action: Action, world: &World) -> Reply {
        let items = items(world);
        let page = usize::from(world.screen.1.saturating_sub(6));
        if let Some(to) = moved(action, self.place(world), items.len(), page) {
            self.at = to;
            self.spot = items.get(to).map(|item| item.spot());
            return Reply::Stay(Vec::new());
        }
        let chosen = self.chosen(world);
        // So that the cursor stays when its line goes.
        self.at = self.place(world);
        self.spot = chosen.map(Item::spot);
        let run = match chosen {
            Some(Item::Own(run)) => Some(run),
            _ => None,
        };
        let on_run = |request: fn(&TunnelRun) -> Request| Reply::Stay(run.map(request).into_iter().collect());
        match action {
            Action::ConnectMenu | Action::Open | Action::Details => {
                on_run(|run| Request::Show(Box::new(TunnelDetails::new(run.number))))
            }
            Action::EndTunnel => match chosen {
                Some(Item::Other(running)) => Reply::Stay(vec![end_of_other(running, world)]),
                _ => on_run(|run| Request::EndTunnel { number: run.number, is_confirmed: false }),
            },
            Action::CopyAddress => on_run(|run| Request::Copy { what: "copied-address", text: run.local().to_owned() }),
            Action::Tunnel => {
                let id = run.map(|run| run.instance.id.clone()).or_else(|| Some(world.current()?.instance.id.clone()));
                Reply::Stay(id.map(|id| Request::Show(Box::new(TunnelForm::new(id)))).into_iter().collect())
            }
            Action::Problems => Reply::Close(vec![Request::Act(Action::Problems)]),
            Action::Help => Reply::Stay(vec![Request::Show(Box::new(Help::of(Page::Tunnels)))]),
            Action::Cancel | Action::Quit | Action::Back | Action::Instances => Reply::Close(Vec::new()),
            _ => Reply::Pass,
        }
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect, world: &World) -> Option<Position> {
        canvas.wipe(area);
        // Down to the last line: so large is the screen.
        let (columns, rows) = (area.right(), area.bottom());
        if columns < FULL.0 || rows < FULL.1 {
            let bar = Rect { y: area.bottom() - 1, height: 1, ..area };
            self.table(canvas, Rect { height: area.height - 1, ..area }, world, &SMALL);
            if !message_line(canvas, bar, world) {
                hints(canvas, bar, world);
            }
            return None;
        }
        canvas.put_all(area.x + 1, area.y, area.width.saturating_sub(2), &tabs(canvas, Action::Tunnels, world));
        let is_tall = rows >= TALL;
        let mut top = area.y + 1;
        if is_tall {
            canvas.rule(area.x, top, area.width);
            top += 1;
        }
        // A rule, two lines, another rule on a tall screen, what was said last, what to press.
        let below = area.bottom() - if is_tall { 6 } else { 5 };
        if !items(world).is_empty() {
            canvas.rule(area.x, below, area.width);
        }
        self.table(canvas, Rect { y: top, height: below - top, ..area }, world, &[0, 1, 2, 3, 4, 5, 6]);
        self.preview(canvas, Rect { y: below + 1, height: 2, ..area }, world);
        if is_tall {
            canvas.rule(area.x, below + 3, area.width);
        }
        message_line(canvas, Rect { y: area.bottom() - 2, height: 1, ..area }, world);
        hints(canvas, Rect { y: area.bottom() - 1, height: 1, ..area }, world);
        None
    }
}

impl TunnelPage {
    fn table(&self, canvas: &mut Canvas<'_>, area: Rect, world: &World, shown: &[usize]) {
        let list = items(world);
        if list.is_empty() {
            return nothing(canvas, area, world);
        }
        let cells = |item: &Item<'_>| match item {
            Item::Own(run) => cells(run, world),
            Item::Other(running) => other_cells(running, world),
        };
        let texts: Vec<Vec<(String, Tone)>> = list.iter().map(cells).collect();
        let room = usize::from(area.height.saturating_sub(1));
        let top = first_shown(self.place(world), list.len(), room);
        let mark = u16::from(list.len() > room);
        let places = places(Rect { width: area.width.saturating_sub(mark), ..area }, shown, &texts);
        canvas.scroll_mark(
            Rect { x: area.right().saturating_sub(1), y: area.y + 1, width: 1, height: area.height.saturating_sub(1) },
            top,
            list.len(),
        );
        for (at, (x, wide)) in shown.iter().zip(&places) {
            let Some((key, _)) = COLUMNS.get(*at) else { continue };
            let title = world.say(&format!("tunnels-head-{key}"));
            canvas.put(area.x + x, area.y, *wide, &title, canvas.role(Role::Head));
        }
        let here = self.place(world);
        for (y, (row, cells)) in (area.y + 1..area.bottom()).zip(texts.iter().enumerate().skip(top)) {
            for (at, (x, wide)) in shown.iter().zip(&places) {
                let Some((text, tone)) = cells.get(*at) else { continue };
                canvas.put_toned(area.x + x, y, *wide, text, *tone);
            }
            if row == here {
                canvas.put(area.x + 1, y, 1, ">", canvas.role(Role::Text));
                canvas.lay(Rect { y, height: 1, ..area }, canvas.role(Role::Cursor));
            }
        }
    }

    /// Where the chosen one leads, and what happened in it last.
    fn preview(&self, canvas: &mut Canvas<'_>, area: Rect, world: &World) {
        let run = match self.chosen(world) {
            Some(Item::Own(run)) => run,
            Some(Item::Other(running)) => {
                let process = running.process.to_string();
                let key = if running.is_of_dashboard { "running-dashboard" } else { "running-process" };
                let said = world.say_with(key, [("process", &process)]);
                canvas.put(area.x + 1, area.y, area.width.saturating_sub(2), &said, canvas.role(Role::Text));
                return;
            }
            None => return,
        };
        let room = area.width.saturating_sub(2);
        let to = leads_to(&run.led, &run.name(), &world.text);
        let traffic = &run.traffic;
        let values =
            [("open", traffic.open.into()), ("connections", traffic.connections.into()), ("refused", traffic.refused.into())];
        let leads = world.say_with("tunnel-leads", [("local", run.local()), ("to", &to)]);
        canvas.put(area.x + 1, area.y, room, &leads, canvas.role(Role::Text));
        let connections = world.text.say_with("tunnel-connections", &values);
        let connections = world.say_with("tunnel-connections-line", [("what", &connections)]);
        let mut second = Vec::new();
        if run.program.is_none() {
            second.push(piece(connections, canvas.role(Role::Faint)));
        }
        if let Some((at, last)) = run.events.last() {
            let time = at.to_zoned(world.zone.clone()).strftime("%H:%M:%S").to_string();
            second.push(piece(format!("   {time} {last}"), canvas.role(Role::Problem)));
        }
        canvas.put_all(area.x + 1, area.y + 1, room, &second);
    }
}

/// What another process holds is ended by asking that process, after a yes; a dashboard holds more than that.
fn end_of_other(running: &Running, world: &World) -> Request {
    let process = running.process.to_string();
    if running.is_of_dashboard {
        return Request::Tell(world.say_with("running-dashboard", [("process", &process)]));
    }
    let target = running.target.shown_in(60);
    let values = [("kind", world.say(kind_key(running))), ("target", target), ("process", process)];
    let values: Vec<_> = values.into_iter().map(|(name, value)| (name, value.into())).collect();
    let lines = vec![world.text.say_with("running-end-what", &values), world.say("running-end-question")];
    Request::Show(Box::new(Question::new(world.say("running-end-title"), lines, Request::EndRunning(running.clone()))))
}

fn kind_key(running: &Running) -> &'static str {
    match running.kind {
        RunningKind::Shell => "running-shell",
        RunningKind::Tunnel => "tunnels-kind-forward",
        RunningKind::Proxy => "running-proxy",
    }
}

/// The same of what another process holds: it keeps its traffic to itself.
fn other_cells(running: &Running, world: &World) -> Vec<(String, Tone)> {
    let process = world.say_with("running-pid", [("process", &running.process.to_string())]);
    let from = joined(", ", [running.from.shown_in(40).as_str(), &process]);
    let plain = |text: String| (text, Tone::Plain);
    vec![
        plain(world.say(kind_key(running))),
        plain(running.target.shown_in(40)),
        plain(running.method.shown_in(10)),
        plain(from),
        plain(age::span(age::seconds(running.began, world.now), &world.text)),
        ("–".to_owned(), Tone::Faint),
        (world.say("running-up"), Tone::Good),
    ]
}

/// One cell for each of the columns.
fn cells(run: &TunnelRun, world: &World) -> Vec<(String, Tone)> {
    let plain = Tone::Plain;
    let (kind, target) = match &run.led {
        Led::Socks => ("tunnels-kind-socks", run.name()),
        led => ("tunnels-kind-forward", format!("{} {led}", run.name())),
    };
    let traffic = match run.program {
        // It keeps it to itself.
        Some(_) => ("–".to_owned(), Tone::Faint),
        None => (size(run.traffic.sent.saturating_add(run.traffic.received)), plain),
    };
    let (state, tone) = run.cell(world.now, &world.text);
    vec![
        (world.say(kind), plain),
        (target, plain),
        (run.method().to_owned(), plain),
        (run.local().to_owned(), plain),
        (age::span(age::seconds(run.began, world.now), &world.text), plain),
        traffic,
        (state, tone),
    ]
}

/// Where each of the shown columns begins, and how wide it is: as wide as it must be where there is room.
fn places(area: Rect, shown: &[usize], texts: &[Vec<(String, Tone)>]) -> Vec<(u16, u16)> {
    let needed = |at: usize| texts.iter().filter_map(|cells| cells.get(at)).map(|(text, _)| width(text)).max().unwrap_or(0);
    let mut widths: Vec<u16> = shown.iter().map(|at| COLUMNS.get(*at).map_or(0, |(_, wide)| *wide)).collect();
    let gaps = u16::try_from(shown.len().saturating_sub(1)).unwrap_or(0);
    let taken = MARKS + widths.iter().sum::<u16>();
    let all: u16 = shown.iter().map(|at| needed(*at).max(COLUMNS.get(*at).map_or(0, |(_, wide)| *wide))).sum();
    let gap = if MARKS + all + 2 * gaps <= area.width { 2 } else { 1 };
    let mut room = area.width.saturating_sub(taken + gap * gaps);
    // How it stands is short and matters most; then which instance it is.
    let by_need = [STATE, TARGET, FROM].into_iter().filter_map(|at| Some((at, shown.iter().position(|own| *own == at)?)));
    for (at, place) in by_need {
        let Some(wide) = widths.get_mut(place) else { continue };
        let more = needed(at).saturating_sub(*wide).min(room);
        *wide += more;
        room -= more;
    }
    let mut x = MARKS;
    let mut places = Vec::new();
    for wide in widths {
        places.push((x, wide));
        x += wide + gap;
    }
    places
}

/// What this page is for, and how to get something onto it.
fn nothing(canvas: &mut Canvas<'_>, area: Rect, world: &World) {
    let keys = [world.keymap.hint(Action::Instances), world.keymap.hint(Action::Tunnel)];
    let mut lines = vec![world.say("tunnels-none")];
    lines.extend(world.say_if_whole("tunnels-none-how", [("instances", &keys[0]), ("tunnel", &keys[1])]));
    lines.push(world.say("tunnels-none-others"));
    if !world.settings.tunnels.is_empty() {
        lines.push(world.text.say_with("tunnels-none-saved", &[("count", world.settings.tunnels.len().into())]));
    }
    let lines: Vec<String> = lines.iter().flat_map(|line| wrapped(line, area.width.saturating_sub(4))).collect();
    let top = area.y + area.height.saturating_sub(u16::try_from(lines.len()).unwrap_or(u16::MAX)) / 2;
    for (y, line) in (top..area.bottom()).zip(&lines) {
        let x = area.x + area.width.saturating_sub(canvas.width(line)) / 2;
        canvas.put(x, y, area.right().saturating_sub(x), line, canvas.role(Role::Text));
    }
}

fn hints(canvas: &mut Canvas<'_>, line: Rect, world: &World) {
    let of_row =
        [(Action::ConnectMenu, "hint-details"), (Action::EndTunnel, "hint-end"), (Action::CopyAddress, "hint-copy-address")];
    let another = [(Action::Tunnel, "hint-tunnel")];
    let always = [(Action::Cancel, "hint-back"), (Action::Help, "hint-help")];
    let has_tunnel = !world.tunnels.list().is_empty();
    let has_row = has_tunnel || !world.running.is_empty();
    let has_instance = has_tunnel || world.current().is_some();
    let does_something = |(action, _): &&(Action, &str)| has_tunnel || has_row && *action == Action::EndTunnel;
    let shown = of_row.iter().filter(does_something).chain(another.iter().filter(|_| has_instance)).chain(&always);
    let mut x = line.x + 1;
    for (action, word) in shown {
        let (key, word) = (world.keymap.hint(*action), world.say(word));
        if key.is_empty() || x + canvas.width(&key) + 1 + canvas.width(&word) > line.right() {
            continue;
        }
        x = canvas.put(x, line.y, line.right().saturating_sub(x), &key, canvas.role(Role::Key));
        x = canvas.put(x + 1, line.y, line.right().saturating_sub(x + 1), &word, canvas.role(Role::Faint)) + 2;
    }
}
