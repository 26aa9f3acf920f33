//! What to forward to one instance, while it is typed, or a saved tunnel to choose.

use ratatui::layout::{Position, Rect};

use super::{Overlay, Reply, centred, first_shown};
use crate::access::{Load, Mark, Method, mark};
use crate::config::SavedTunnel;
use crate::model::{Destination, Forward, Forwarding, Host, Instance, InstanceId, LookUp, Untrusted, display_width};
use crate::session::tunnel::{Bind, Led, Listen, place_of};
use crate::text::joined;
use crate::tui::action::Action;
use crate::tui::canvas::{Canvas, padded, piece, wrapped};
use crate::tui::field::Field;
use crate::tui::key::Key;
use crate::tui::overlays::Request;
use crate::tui::theme::Role;
use crate::tui::tunnels::{TunnelRequest, leads_to, shown_place};
use crate::tui::world::World;

/// Widest the box gets.
const WIDEST: u16 = 80;
/// Columns before a field.
const LABELS: u16 = 14;
/// Columns that names of saved tunnels are padded to at most.
const NAME: usize = 16;
/// Saved tunnels that are shown at a time.
const SAVED: usize = 6;
/// The fields, by the keys of their labels.
const FIELDS: [&str; 4] = ["tunnel-port", "tunnel-host", "tunnel-local", "tunnel-way"];
const PORT: usize = 0;
const HOST: usize = 1;
const LOCAL: usize = 2;
const WAY: usize = 3;

/// Four fields, and the saved tunnels below them.
#[derive(Debug)]
pub struct TunnelForm {
    id: InstanceId,
    fields: [Field; 4],
    /// Which field, or behind them which saved tunnel.
    at: usize,
    /// What is wrong, and in which line.
    problem: Option<(usize, String)>,
    /// The line that was asked for, until something else is typed.
    asked: Option<usize>,
}

/// What is asked for.
struct Typed {
    place: Listen,
    led: Led,
    by: Option<Method>,
}

/// A line of the box.
enum Line {
    Field(usize),
    Saved(usize),
    Text(String, Role),
}

impl TunnelForm {
    /// What to forward to this instance.
    pub fn new(id: InstanceId) -> Self {
        Self { id, fields: Default::default(), at: PORT, problem: None, asked: None }
    }

    /// What the fields say, or what is wrong with which.
    fn typed(&self, world: &World) -> Result<Typed, (usize, String)> {
        let (local, led) = self.forwarding(world)?;
        let by = self.way(&led, world).map_err(|text| (WAY, text))?;
        Ok(Typed { place: Listen::Tcp { bind: Bind::Loopback, port: local }, led, by })
    }

    fn forwarding(&self, world: &World) -> Result<(u16, Led), (usize, String)> {
        let [port, host, local, _] = self.fields.each_ref().map(|field| field.value().trim());
        // Who knows the words of the command line may type them.
        if port.contains([':', '/']) && host.is_empty() && local.is_empty() {
            let forwarding = port.parse().map_err(|_| (PORT, wrong("tunnel-not-a-forward", port, world)))?;
            return Ok(match forwarding {
                Forwarding::Port(forward) => (forward.local_port(), Led::Forward(forward.to)),
                Forwarding::Socket { local, to } => (local, Led::Socket(to)),
            });
        }
        let local = match local {
            "" => None,
            local => Some(local.parse().map_err(|_| (LOCAL, wrong("tunnel-not-a-local-port", local, world)))),
        };
        if port.starts_with('/') && host.is_empty() {
            let to = port.parse().map_err(|_| (PORT, wrong("tunnel-not-a-forward", port, world)))?;
            return Ok((local.transpose()?.unwrap_or(0), Led::Socket(to)));
        }
        let number = match port.parse::<u16>() {
            Ok(number) if number > 0 => number,
            _ if port.is_empty() => return Err((PORT, world.say("tunnel-no-port"))),
            _ => return Err((PORT, wrong("tunnel-not-a-port", port, world))),
        };
        let to = match host.parse::<Host>() {
            _ if host.is_empty() => Destination::Port(number),
            Ok(host) if host.is_forbidden() => return Err((HOST, wrong("tunnel-forbidden-host", host.as_str(), world))),
            Ok(host) => Destination::of(host, number),
            Err(_) => return Err((HOST, wrong("tunnel-not-a-host", host, world))),
        };
        let forward = Forward { local: local.transpose()?, to };
        Ok((forward.local_port(), Led::Forward(forward.to)))
    }

    /// The way that is named, if it leads there; or what is wrong with it.
    fn way(&self, led: &Led, world: &World) -> Result<Option<Method>, String> {
        let typed = self.fields.get(WAY).map(|field| field.value().trim()).unwrap_or_default();
        if typed.is_empty() {
            return Ok(None);
        }
        let leads_there = |method: &Method| method.runs_ssh() || (method.carries(Load::Tunnel) && !matches!(led, Led::Socket(_)));
        let named = typed.parse().ok().filter(leads_there);
        named.map(Some).ok_or_else(|| {
            let ways = Method::ALL.iter().filter(|method| leads_there(method)).map(|method| method.id()).collect::<Vec<_>>();
            let typed = Untrusted::from(typed).shown_in(40);
            world.say_with("tunnel-not-a-way", [("typed", &typed), ("ways", &ways.join(", "))])
        })
    }

    /// Whether what was asked for is still on its way to listen.
    fn is_under_way(&self, world: &World) -> bool {
        self.asked == Some(self.at) && world.tunnels.list().iter().any(|run| !run.is_listening)
    }

    fn open(&mut self, world: &World) -> Reply {
        if self.is_under_way(world) {
            return Reply::Stay(Vec::new());
        }
        let wanted = match self.at.checked_sub(FIELDS.len()) {
            None => self.typed(world).map(|typed| (self.id.clone(), typed)),
            Some(at) => chosen(at, world).map_err(|text| (self.at, text)),
        };
        let wanted = wanted.and_then(|(id, typed)| match &typed.led {
            Led::Forward(to) if to.is_forbidden() => Err((self.at, wrong("tunnel-forbidden-host", &to.to_string(), world))),
            _ => Ok((id, typed)),
        });
        match wanted {
            Ok((id, Typed { place, led, by })) => {
                self.problem = None;
                // What can still be wrong is the local port.
                self.at = self.at.max(LOCAL);
                self.asked = Some(self.at);
                let request = TunnelRequest { id, place, led, by, is_tried_anyway: false, is_confirmed: false };
                Reply::Stay(vec![Request::OpenTunnel(request)])
            }
            Err((at, text)) => {
                self.at = at;
                self.asked = None;
                self.problem = Some((at, text));
                Reply::Stay(Vec::new())
            }
        }
    }

    fn go_to(&mut self, at: usize, world: &World) -> Reply {
        let count = FIELDS.len() + world.settings.tunnels.len();
        self.at = at % count;
        Reply::Stay(Vec::new())
    }

    fn changed(&mut self) {
        self.problem = None;
        self.asked = None;
    }

    /// What is said under a line: what is wrong with it, or why it could not be had.
    fn complaint(&self, at: usize, world: &World) -> Option<String> {
        let own = self.problem.as_ref().filter(|(line, _)| *line == at).map(|(_, text)| text.clone());
        own.or_else(|| world.tunnels.refusal.clone().filter(|_| self.asked == Some(at)))
    }

    fn lines(&self, instance: &Instance, world: &World, room: u16) -> Vec<Line> {
        let mut lines = Vec::new();
        let complain = |lines: &mut Vec<Line>, at: usize| {
            let text = self.complaint(at, world).unwrap_or_default();
            let wrapped = wrapped(&text, room.saturating_sub(LABELS)).into_iter().filter(|line| !line.is_empty());
            lines.extend(wrapped.map(|line| Line::Text(format!("{}{line}", " ".repeat(usize::from(LABELS))), Role::Bad)));
        };
        for at in 0..FIELDS.len() {
            lines.push(Line::Field(at));
            complain(&mut lines, at);
        }
        lines.push(Line::Text(String::new(), Role::Text));
        let is_refused = (0..FIELDS.len()).any(|at| self.complaint(at, world).is_some());
        let outlook = if is_refused { world.say("tunnel-how") } else { self.outlook(instance, world) };
        lines.extend(wrapped(&outlook, room).into_iter().map(|line| Line::Text(line, Role::Faint)));
        lines.extend(
            self.obstacles(instance, world)
                .iter()
                .flat_map(|text| wrapped(text, room))
                .map(|line| Line::Text(line, Role::Problem)),
        );
        let count = world.settings.tunnels.len();
        if count > 0 {
            lines.push(Line::Text(String::new(), Role::Text));
            lines.push(Line::Text(world.say("tunnel-saved"), Role::Heading));
            let first = first_shown(self.at.saturating_sub(FIELDS.len()), count, SAVED);
            for at in first..count.min(first + SAVED) {
                lines.push(Line::Saved(at));
                complain(&mut lines, at + FIELDS.len());
            }
        }
        lines
    }

    /// What will be there when this is opened; before enough is typed, what this is for.
    fn outlook(&self, instance: &Instance, world: &World) -> String {
        let Ok(Typed { place, led, by }) = self.typed(world) else { return world.say("tunnel-how") };
        let to = leads_to(&led, &name(instance), &world.text);
        let way = match by.filter(|method| !method.carries(Load::Tunnel)) {
            Some(method) => method.id().to_owned(),
            None if matches!(led, Led::Socket(_)) => world.say("tunnel-way-ssh"),
            None => world.say("tunnel-way-session"),
        };
        match place {
            Listen::Tcp { port: 0, .. } => world.say_with("tunnel-will-lead-any", [("to", &to), ("way", &way)]),
            place => world.say_with("tunnel-will-lead", [("local", &shown_place(&place)), ("to", &to), ("way", &way)]),
        }
    }

    /// What is in the way of the way that is taken, and of where it is to lead.
    fn obstacles(&self, instance: &Instance, world: &World) -> Vec<String> {
        let ways = world.ways(instance);
        let typed = self.typed(world).ok();
        let way = match typed.as_ref().map(|typed| (typed.by, &typed.led)) {
            Some((Some(method), _)) => ways.way(method),
            Some((None, Led::Socket(_))) => None,
            _ => ways.carrying(Load::Tunnel),
        };
        let Some(way) = way else { return Vec::new() };
        let mark = mark(way);
        let own = (mark != Mark::Works).then(|| format!("{} {}: {}", mark.symbol(), way.method.id(), way.summary(&world.text)));
        let behind = typed.and_then(|typed| world.forwarded(instance, &typed.led, Some(way.method)).1.into_iter().next());
        let behind = behind.map(|reason| format!("{} {}", reason.outcome.mark().symbol(), reason.text(&world.text)));
        own.into_iter().chain(behind).collect()
    }

    /// What stands in an empty field: what is meant by leaving it so.
    fn placeholder(&self, at: usize, world: &World) -> String {
        match at {
            PORT => world.say("tunnel-port-empty"),
            HOST => world.say("tunnel-host-empty"),
            WAY => world.say("tunnel-way-empty"),
            _ => match self.forwarding(world) {
                Ok((0, _)) => world.say("tunnel-local-any"),
                Ok((port, _)) => port.to_string(),
                Err(_) => world.say("tunnel-local-empty"),
            },
        }
    }
}

impl Overlay for TunnelForm {
    fn awaits_tunnel(&self) -> bool {
        true
    }

    fn press(&mut self, key: Key, _world: &World) -> Option<Reply> {
        if self.fields.get_mut(self.at)?.press(key)? {
            self.changed();
        }
        Some(Reply::Stay(Vec::new()))
    }

    fn paste(&mut self, text: &str, _world: &World) -> bool {
        let Some(field) = self.fields.get_mut(self.at) else { return true };
        let is_whole = field.paste(text);
        self.changed();
        is_whole
    }

    fn act(&mut self, action: Action, world: &World) -> Reply {
        let last = FIELDS.len() + world.settings.tunnels.len() - 1;
        match action {
            Action::ConnectMenu => self.open(world),
            Action::NextField => self.go_to(self.at + 1, world),
            Action::PreviousField => self.go_to(self.at.checked_sub(1).unwrap_or(last), world),
            Action::Down => self.go_to((self.at + 1).min(last), world),
            Action::Up => self.go_to(self.at.saturating_sub(1), world),
            Action::Cancel => Reply::Close(Vec::new()),
            Action::Quit | Action::Back if self.at >= FIELDS.len() => Reply::Close(Vec::new()),
            _ => Reply::Stay(Vec::new()),
        }
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect, world: &World) -> Option<Position> {
        let width = WIDEST.min(area.width);
        let hints = [(Action::ConnectMenu, "hint-open"), (Action::NextField, "hint-next-field"), (Action::Cancel, "hint-cancel")];
        let hints = world.hints(hints);
        let Some(instance) = world.inventory.row(&self.id) else {
            let inside = canvas.frame(centred(area, width, 3), self.id.as_str(), "", &world.hint(Action::Cancel, "hint-cancel"));
            canvas.put(inside.x, inside.y, inside.width, &world.say("instance-left"), canvas.role(Role::Text));
            return None;
        };
        let lines = self.lines(instance, world, width.saturating_sub(4));
        let area = centred(area, width, u16::try_from(lines.len() + 2).unwrap_or(u16::MAX));
        let own = instance.name().map(|name| name.shown_in(40)).unwrap_or_default();
        let title = world.say_with("tunnel-title", [("instance", &joined("  ", [own.as_str(), instance.id.as_str()]))]);
        let inside = canvas.frame(area, &title, "", &hints);
        // On a small screen the line that is typed in stays in sight.
        let here = lines.iter().position(|line| {
            matches!(line, Line::Field(at) if *at == self.at) || matches!(line, Line::Saved(at) if at + FIELDS.len() == self.at)
        });
        let top = first_shown(here.unwrap_or(0), lines.len(), usize::from(inside.height));
        canvas.scroll_mark_beside(inside, top, lines.len());
        let mut cursor = None;
        for (y, line) in (inside.y..inside.bottom()).zip(lines.iter().skip(top)) {
            let place = Rect { y, height: 1, ..inside };
            match line {
                Line::Field(at) => cursor = self.draw_field(canvas, place, *at, world).or(cursor),
                Line::Saved(at) => self.draw_saved(canvas, place, *at, world),
                Line::Text(text, role) => {
                    canvas.put(place.x, y, place.width, text, canvas.role(*role));
                }
            }
        }
        cursor
    }
}

impl TunnelForm {
    fn draw_field(&self, canvas: &mut Canvas<'_>, line: Rect, at: usize, world: &World) -> Option<Position> {
        let is_here = at == self.at;
        let label = FIELDS.get(at).map(|key| world.say(key)).unwrap_or_default();
        let (pointer, role) = if is_here { (">", Role::Focus) } else { (" ", Role::Text) };
        canvas.put(line.x, line.y, LABELS, &format!("{pointer} {label}"), canvas.role(role));
        let (x, room) = (line.x + LABELS, line.width.saturating_sub(LABELS + 1));
        let (text, cursor) = self.fields.get(at)?.view(room);
        if text.is_empty() {
            canvas.put(x, line.y, room, &self.placeholder(at, world), canvas.role(Role::Faint));
        } else {
            canvas.put(x, line.y, room, &text, canvas.role(Role::Text));
        }
        is_here.then(|| Position::new(x + cursor, line.y))
    }

    fn draw_saved(&self, canvas: &mut Canvas<'_>, line: Rect, at: usize, world: &World) {
        let Some((name, saved)) = world.settings.tunnels.iter().nth(at) else { return };
        let is_here = at + FIELDS.len() == self.at;
        let (place, led) = place_of(saved);
        let to = leads_to(&led, &Untrusted::from(saved.typed.as_str()).shown_in(30), &world.text);
        let pointer = if is_here { ">" } else { " " };
        let local = match place {
            Listen::Tcp { bind: Bind::Loopback, port: 0 } => world.say("tunnel-saved-any"),
            place => shown_place(&place),
        };
        let wide = world.settings.tunnels.keys().map(|name| display_width(name)).max().unwrap_or(0).min(NAME);
        let pieces = [
            piece(format!("{pointer} @{} ", padded(name, wide)), canvas.role(Role::Key)),
            piece(world.say_with("tunnel-saved-line", [("local", &local), ("to", &to)]), canvas.role(Role::Text)),
        ];
        canvas.put_all(line.x, line.y, line.width, &pieces);
        if is_here {
            canvas.lay(line, canvas.role(Role::Cursor));
        }
    }
}

/// A saved tunnel, its instance looked up among the rows; or why there is none.
fn chosen(at: usize, world: &World) -> Result<(InstanceId, Typed), String> {
    let Some((_, saved)) = world.settings.tunnels.iter().nth(at) else { return Err(world.say("no-row")) };
    let SavedTunnel { target, typed, .. } = saved;
    let shown = Untrusted::from(typed.as_str()).shown_in(40);
    let (place, led) = place_of(saved);
    match target.look_up(world.inventory.rows()) {
        LookUp::Found(instance) => Ok((instance.id.clone(), Typed { place, led, by: None })),
        LookUp::Missing => Err(world.say_with("tunnel-target-missing", [("target", &shown)])),
        LookUp::Ambiguous(_) => Err(world.say_with("tunnel-target-ambiguous", [("target", &shown)])),
    }
}

fn wrong(key: &str, typed: &str, world: &World) -> String {
    world.say_with(key, [("typed", &Untrusted::from(typed).shown_in(40))])
}

fn name(instance: &Instance) -> String {
    instance.name().map_or_else(|| instance.id.to_string(), |name| name.shown_in(40))
}
