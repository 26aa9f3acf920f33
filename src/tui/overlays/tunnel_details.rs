//! Everything that is known of one tunnel.

use ratatui::layout::{Position, Rect};

use super::reading::Reading;
use super::{Overlay, Reply, inside};
use crate::columns::Tone;
use crate::model::ProfileName;
use crate::text::{joined, size};
use crate::tui::action::Action;
use crate::tui::age;
use crate::tui::canvas::{Canvas, padded, wrapped};
use crate::tui::key::Key;
use crate::tui::keymap::Page;
use crate::tui::overlays::Request;
use crate::tui::theme::Role;
use crate::tui::tunnels::{TunnelRun, leads_to};
use crate::tui::world::World;

/// Columns of the names of fields.
const LABELS: u16 = 13;

/// One tunnel, and how far its lines are scrolled.
#[derive(Debug)]
pub struct TunnelDetails {
    number: u64,
    reading: Reading,
}

/// A label or nothing, a text, and how it is meant.
type Row = (String, String, Tone);

impl TunnelDetails {
    /// All of this tunnel.
    pub fn new(number: u64) -> Self {
        Self { number, reading: Reading::default() }
    }

    fn rows(&self, world: &World, room: u16) -> Vec<Row> {
        match world.tunnels.run(self.number) {
            Some(run) => rows(run, world, room),
            None => vec![(String::new(), world.say("tunnel-is-over"), Tone::Plain)],
        }
    }
}

impl Overlay for TunnelDetails {
    fn press(&mut self, key: Key, world: &World) -> Option<Reply> {
        let (width, height) = inside(world, u16::MAX);
        let rows = self.rows(world, width);
        self.reading.press(key, || texts(&rows), height)
    }

    fn paste(&mut self, text: &str, world: &World) -> bool {
        let (width, height) = inside(world, u16::MAX);
        let rows = self.rows(world, width);
        self.reading.paste(text, || texts(&rows), height)
    }

    fn page(&self) -> Page {
        Page::Tunnels
    }

    fn act(&mut self, action: Action, world: &World) -> Reply {
        let (width, height) = inside(world, u16::MAX);
        let rows = self.rows(world, width);
        if let Some(reply) = self.reading.act(action, || texts(&rows), height) {
            return reply;
        }
        match action {
            Action::EndTunnel => Reply::Close(vec![Request::EndTunnel { number: self.number, is_confirmed: false }]),
            Action::CopyAddress => match world.tunnels.run(self.number) {
                Some(run) => Reply::Close(vec![Request::Copy { what: "copied-address", text: run.local().to_owned() }]),
                None => Reply::Stay(Vec::new()),
            },
            Action::Cancel | Action::Quit | Action::Back | Action::Details | Action::ConnectMenu => Reply::Close(Vec::new()),
            _ => Reply::Pass,
        }
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect, world: &World) -> Option<Position> {
        let mut hints = Vec::new();
        if world.tunnels.run(self.number).is_some() {
            hints.extend([world.hint(Action::EndTunnel, "hint-end"), world.hint(Action::CopyAddress, "hint-copy-address")]);
        }
        hints.push(world.hint(Action::Cancel, "hint-close"));
        let title = world.tunnels.run(self.number).map(|run| format!("{}  {}", run.local(), run.name())).unwrap_or_default();
        let rows = self.rows(world, inside(world, u16::MAX).0);
        let hints = joined("  ", hints.iter().map(String::as_str));
        let inner = canvas.frame(area, &title, "", &self.reading.hints(&hints, || texts(&rows), world));
        let top = self.reading.top(rows.len(), usize::from(inner.height));
        for (y, (at, row)) in (inner.y..inner.bottom()).zip(rows.iter().enumerate().skip(top)) {
            let (label, text, tone) = row;
            canvas.put(inner.x, y, LABELS, label, canvas.role(Role::Faint));
            canvas.put(inner.x + LABELS, y, inner.width.saturating_sub(LABELS), text, canvas.tone(*tone));
            self.reading.mark(canvas, Rect { y, height: 1, ..inner }, at, &line(row));
        }
        self.reading.draw(canvas, area, rows.len())
    }
}

fn texts(rows: &[Row]) -> Vec<String> {
    rows.iter().map(line).collect()
}

fn line((label, text, _): &Row) -> String {
    format!("{}{text}", padded(label, usize::from(LABELS)))
}

fn rows(run: &TunnelRun, world: &World, room: u16) -> Vec<Row> {
    let plain = |key: &str, text: String| (world.say(key), text, Tone::Plain);
    let (state, tone) = run.cell(world.now, &world.text);
    let instance = &run.instance;
    let account = instance.account.as_ref().map(ToString::to_string);
    let profile = instance.place.profile.as_ref().map(ProfileName::shown);
    let place = [account, Some(instance.place.region.to_string()), profile].into_iter().flatten().collect::<Vec<_>>();
    let traffic = &run.traffic;
    let values =
        [("open", traffic.open.into()), ("connections", traffic.connections.into()), ("refused", traffic.refused.into())];
    let began = run.began.to_zoned(world.zone.clone()).strftime("%Y-%m-%d %H:%M:%S");
    let method = match run.program {
        Some(_) => run.method().to_owned(),
        None => world.say("tunnel-method"),
    };
    let fields = [
        (world.say("tunnel-field-state"), state, tone),
        plain("tunnel-field-local", run.local.join(", ")),
        plain("tunnel-field-to", leads_to(&run.led, &run.name(), &world.text)),
        plain("tunnel-field-target", instance.shown()),
        plain("tunnel-field-place", place.join(" · ")),
        plain("tunnel-field-method", method),
        plain("tunnel-field-since", format!("{began} ({})", age::ago(run.began, world.now, &world.text))),
    ];
    let counted = [
        plain("tunnel-field-connections", world.text.say_with("tunnel-connections", &values)),
        plain(
            "tunnel-field-traffic",
            world.say_with("tunnel-traffic", [("sent", &size(traffic.sent)), ("received", &size(traffic.received))]),
        ),
    ];
    // What another process carries, it does not count for us.
    let fields = fields.into_iter().chain(counted.into_iter().filter(|_| run.program.is_none()));
    let room = room.saturating_sub(LABELS).max(8);
    let mut rows: Vec<Row> = fields.flat_map(|field| lines(field, room)).collect();
    let events = run.events.iter().rev().map(|(at, text)| {
        let time = at.to_zoned(world.zone.clone()).strftime("%H:%M:%S").to_string();
        (time, text.clone(), Tone::Plain)
    });
    rows.extend((!run.events.is_empty()).then(|| (String::new(), String::new(), Tone::Plain)));
    rows.extend(events.flat_map(|row| lines(row, room)));
    rows
}

fn lines((label, text, tone): Row, room: u16) -> Vec<Row> {
    let mut label = Some(label);
    wrapped(&text, room).into_iter().map(|line| (label.take().unwrap_or_default(), line, tone)).collect()
}
