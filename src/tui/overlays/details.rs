//! Everything that is known of one instance.

use jiff::Timestamp;
use ratatui::layout::{Position, Rect};

use super::reading::Reading;
use super::{Overlay, Reply, centred, inside};
use crate::access::{Ways, login, mark};
use crate::columns::{Tone, View};
use crate::model::{Fact, Iam, Instance, InstanceId, Refusal, Ssm, SsmStatus, Untrusted};
use crate::tui::action::Action;
use crate::tui::age;
use crate::tui::canvas::{Canvas, padded, width, wrapped};
use crate::tui::key::Key;
use crate::tui::keymap::Page;
use crate::tui::lines::tone;
use crate::tui::theme::Role;
use crate::tui::world::World;

/// Columns of the names of fields.
const LABELS: u16 = 17;

/// All fields of one instance, or the same as JSON.
#[derive(Debug)]
pub struct Details {
    id: InstanceId,
    is_json: bool,
    reading: Reading,
}

/// One line: a label or nothing, and a text.
struct Row {
    label: String,
    text: String,
    tone: Tone,
}

impl Row {
    /// The line as it is read.
    fn line(&self, labels: u16) -> String {
        format!("{}{}", padded(&self.label, usize::from(labels)), self.text)
    }
}

impl Details {
    /// Everything known of this instance.
    pub fn new(id: InstanceId) -> Self {
        Self { id, is_json: false, reading: Reading::default() }
    }

    /// Columns before the texts.
    fn labels(&self) -> u16 {
        if self.is_json { 0 } else { LABELS }
    }

    fn rows(&self, world: &World, room: u16) -> Vec<Row> {
        let Some(instance) = world.inventory.row(&self.id) else {
            return vec![Row { label: String::new(), text: world.say("instance-left"), tone: Tone::Plain }];
        };
        let ways = world.ways(instance);
        if self.is_json {
            let view = View { instance, ways: &ways, now: world.now, text: &world.text };
            let json = crate::tui::json::pretty(&view);
            return json.lines().flat_map(|line| wrapped_row(String::new(), line, Tone::Plain, room)).collect();
        }
        let mut rows = Vec::new();
        for (label, text) in fields(instance, world) {
            rows.extend(wrapped_row(world.say(label), &text, Tone::Plain, room.saturating_sub(LABELS)));
        }
        rows.push(gap());
        rows.extend(way_rows(&ways, world, room));
        rows.push(gap());
        rows.extend(tag_rows(instance, world, room));
        rows
    }
}

impl Overlay for Details {
    fn press(&mut self, key: Key, world: &World) -> Option<Reply> {
        let (width, height) = inside(world, u16::MAX);
        let (rows, labels) = (self.rows(world, width), self.labels());
        self.reading.press(key, || texts(&rows, labels), height)
    }

    fn paste(&mut self, text: &str, world: &World) -> bool {
        let (width, height) = inside(world, u16::MAX);
        let (rows, labels) = (self.rows(world, width), self.labels());
        self.reading.paste(text, || texts(&rows, labels), height)
    }

    fn page(&self) -> Page {
        Page::Details
    }

    fn act(&mut self, action: Action, world: &World) -> Reply {
        let (width, height) = inside(world, u16::MAX);
        let (rows, labels) = (self.rows(world, width), self.labels());
        if let Some(reply) = self.reading.act(action, || texts(&rows, labels), height) {
            return reply;
        }
        match action {
            Action::Json => {
                self.is_json = !self.is_json;
                self.reading.again();
                Reply::Stay(Vec::new())
            }
            Action::ConnectMenu => {
                Reply::Close(vec![crate::tui::overlays::Request::Show(Box::new(super::Picker::new(self.id.clone(), world)))])
            }
            Action::Tunnel => {
                Reply::Close(vec![crate::tui::overlays::Request::Show(Box::new(super::TunnelForm::new(self.id.clone())))])
            }
            Action::Copy => Reply::Stay(vec![crate::tui::overlays::Request::Show(Box::new(super::Copy::new(self.id.clone())))]),
            Action::Cancel | Action::Quit | Action::Back | Action::Details => Reply::Close(Vec::new()),
            _ => Reply::Pass,
        }
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect, world: &World) -> Option<Position> {
        let name = world.inventory.row(&self.id).and_then(|row| row.name()).map(|name| name.shown_in(40)).unwrap_or_default();
        let title = format!("{name}  {}", self.id);
        let json = if self.is_json { "hint-fields" } else { "hint-json" };
        let hints = [
            (Action::ConnectMenu, "hint-connect-menu"),
            (Action::Tunnel, "hint-tunnel"),
            (Action::Json, json),
            (Action::Copy, "hint-copy"),
            (Action::Cancel, "hint-close"),
        ];
        let (rows, labels) = (self.rows(world, inside(world, u16::MAX).0), self.labels());
        let title = title.trim_start();
        let hints = self.reading.hints(&world.hints(hints), || texts(&rows, labels), world);
        let needed = rows.iter().map(|row| labels.saturating_add(canvas.width(&row.text))).max().unwrap_or(0);
        let edges = canvas.width(title).max(canvas.width(&hints)).saturating_add(2);
        let area = centred(area, needed.max(edges).saturating_add(4), u16::try_from(rows.len() + 2).unwrap_or(u16::MAX));
        let inner = canvas.frame(area, title, "", &hints);
        let top = self.reading.top(rows.len(), usize::from(inner.height));
        for (y, (at, row)) in (inner.y..inner.bottom()).zip(rows.iter().enumerate().skip(top)) {
            canvas.put(inner.x, y, labels, &row.label, canvas.role(Role::Faint));
            canvas.put(inner.x + labels, y, inner.width.saturating_sub(labels), &row.text, canvas.tone(row.tone));
            self.reading.mark(canvas, Rect { y, height: 1, ..inner }, at, &row.line(labels));
        }
        self.reading.draw(canvas, area, rows.len())
    }
}

fn texts(rows: &[Row], labels: u16) -> Vec<String> {
    rows.iter().map(|row| row.line(labels)).collect()
}

/// Every field in the order in which people ask for them.
fn fields(instance: &Instance, world: &World) -> Vec<(&'static str, String)> {
    let shown = |text: &Option<Untrusted>| text.as_ref().map_or_else(|| "–".to_owned(), Untrusted::shown);
    let ip = |ip: Option<String>| ip.unwrap_or_else(|| "–".to_owned());
    let groups: Vec<String> =
        instance.security_groups.iter().map(|group| format!("{} ({})", group.id.shown(), group.name.shown())).collect();
    let (user, source) = login(instance, &world.connect_options(instance));
    let mut fields = vec![
        ("field-state", state(instance, world)),
        ("field-private-ip", ip(instance.private_ip.map(|ip| ip.to_string()))),
        ("field-public-ip", ip(instance.public_ip.map(|ip| ip.to_string()))),
        ("field-ipv6", if instance.ipv6.is_empty() { "–".to_owned() } else { join(&instance.ipv6) }),
        ("field-type", shown(&instance.instance_type)),
        ("field-az", shown(&instance.az)),
        ("field-region", instance.place.region.to_string()),
        ("field-account", instance.account.as_ref().map_or_else(|| "–".to_owned(), ToString::to_string)),
        ("field-profile", instance.place.profile.as_ref().map_or_else(|| "–".to_owned(), crate::model::ProfileName::shown)),
        ("field-platform", shown(&instance.platform)),
        ("field-image", image(instance, world)),
        ("field-user", world.say_with("picker-user-value", [("user", user.as_str()), ("source", &world.say(source.key()))])),
        ("field-key", shown(&instance.key_name)),
        ("field-vpc", shown(&instance.vpc)),
        ("field-subnet", shown(&instance.subnet)),
        ("field-groups", if groups.is_empty() { "–".to_owned() } else { groups.join(", ") }),
        ("field-launched", instance.launched.map_or_else(|| "–".to_owned(), |at| moment(at, world))),
        ("field-iam", iam(instance, world)),
        ("field-ssm", ssm(instance, world)),
    ];
    if instance.is_spot {
        fields.push(("field-spot", world.say("word-yes")));
    }
    if let Some(service) = &instance.managed_by {
        fields.push(("field-managed-by", service.shown()));
    }
    if instance.metadata_enabled == Some(false) {
        fields.push(("field-metadata", world.say("word-off")));
    }
    fields
}

fn state(instance: &Instance, world: &World) -> String {
    let word = world.say(&format!("state-{}", instance.state.word()));
    match &instance.state_reason {
        Some(reason) => format!("{word} ({})", reason.shown_in(200)),
        None => word,
    }
}

fn image(instance: &Instance, world: &World) -> String {
    let id = instance.image.as_ref().map_or_else(|| "–".to_owned(), Untrusted::shown);
    match &instance.image_name {
        Fact::Known(Some(image)) | Fact::Kept(Some(image), _) => format!("{id} ({})", image.name.shown()),
        Fact::Hidden(denial) => format!("{id} ({})", hidden(denial, world)),
        Fact::Known(None) | Fact::Kept(None, _) | Fact::Pending => id,
    }
}

fn iam(instance: &Instance, world: &World) -> String {
    let one = |key, profile: &Untrusted, role: &Untrusted| {
        world.say_with(key, [("profile", &profile.shown_in(64)), ("role", &role.shown_in(64))])
    };
    let words = match instance.iam() {
        Iam::None => world.say("details-iam-none"),
        Iam::Set { profile } => world.say_with("details-iam-set", [("profile", &profile.shown_in(64))]),
        Iam::NoRole { profile } => world.say_with("details-iam-no-role", [("profile", &profile.shown_in(64))]),
        Iam::Ok { profile, role } => one("details-iam-ok", profile, role),
        Iam::NoSsm { profile, role } => one("details-iam-no-ssm", profile, role),
        Iam::Unknown { profile, role, denial } => {
            let role = role.map(|role| format!(" · {}", role.shown_in(64))).unwrap_or_default();
            format!("{}{role} · {}", profile.shown_in(64), hidden(denial, world))
        }
    };
    let grant = instance.role.known().and_then(|role| role.grant.refusal());
    words + &grant.or(instance.role.refusal()).map(|refusal| kept(refusal, world)).unwrap_or_default()
}

fn ssm(instance: &Instance, world: &World) -> String {
    match &instance.ssm {
        Fact::Pending => "…".to_owned(),
        Fact::Hidden(denial) => hidden(denial, world),
        Fact::Known(ssm) | Fact::Kept(ssm, _) => {
            let Ssm { status, agent_version, last_ping, platform_name, platform_version } = ssm;
            let word = if *status == SsmStatus::Unknown { "unsaid" } else { status.word() };
            let mut parts = vec![world.say(&format!("ssm-{word}"))];
            parts.extend(
                agent_version.as_ref().map(|version| world.say_with("details-ssm-agent", [("version", &version.shown_in(40))])),
            );
            parts.extend(last_ping.map(|at| world.say_with("details-ssm-heard", [("when", &moment(at, world))])));
            let platform =
                platform_name.iter().chain(platform_version).map(|text| text.shown_in(60)).collect::<Vec<_>>().join(" ");
            parts.extend((!platform.is_empty()).then_some(platform));
            parts.join(" · ") + &instance.ssm.refusal().map(|refusal| kept(refusal, world)).unwrap_or_default()
        }
    }
}

/// ` · told 14:02:11 (3 min ago), since then ssm:DescribeInstanceProperties is throttled`.
fn kept(refusal: &Refusal, world: &World) -> String {
    let key = format!("hidden-{}", refusal.denial.why.word().replace('_', "-"));
    let why = world.say_with(&key, [("action", refusal.denial.action)]);
    format!(" · {}", world.say_with("details-kept", [("when", &moment(refusal.told, world)), ("why", &why)]))
}

/// `? iam:GetInstanceProfile is denied`.
fn hidden(denial: &crate::model::Denial, world: &World) -> String {
    let key = format!("hidden-{}", denial.why.word().replace('_', "-"));
    format!("? {}", world.say_with(&key, [("action", denial.action)]))
}

fn way_rows(ways: &Ways, world: &World, room: u16) -> Vec<Row> {
    let mut rows = Vec::new();
    for way in &ways.list {
        let mark = mark(way);
        let best = if ways.called_best() == Some(way.method) { format!(" ({})", world.say("word-best")) } else { String::new() };
        let label = format!("{} {}{best}", mark.symbol(), way.method.id());
        let mut texts = vec![(ways.verdict(way, &world.text), tone(mark))];
        if way.reasons.is_empty() {
            texts.push((way.summary(&world.text), tone(mark)));
        }
        if !way.method.can_be_opened() {
            texts.push((world.say("not-in-this-version"), Tone::Faint));
        }
        let (said, tone) = (texts.iter().map(|(text, _)| text.as_str()).collect::<Vec<_>>().join(": "), tone(mark));
        rows.extend(wrapped_row(label, &said, tone, room.saturating_sub(LABELS)));
    }
    for (at, cause) in ways.causes().into_iter().enumerate() {
        let label = if at == 0 { world.say("field-causes") } else { String::new() };
        rows.extend(wrapped_row(label, &cause.text(&world.text), Tone::Plain, room.saturating_sub(LABELS)));
        let next = cause.reason.remedy(&world.text).map(|fix| world.say_with("way-fix", [("fix", &fix)]));
        for line in next.into_iter().chain(cause.reason.remark(&world.text)) {
            rows.extend(wrapped_row(String::new(), &line, Tone::Faint, room.saturating_sub(LABELS)));
        }
    }
    rows
}

fn tag_rows(instance: &Instance, world: &World, room: u16) -> Vec<Row> {
    let mut rows = Vec::new();
    for (at, (key, value)) in instance.tags.iter().enumerate() {
        let label = if at == 0 { world.say("field-tags") } else { String::new() };
        rows.extend(wrapped_row(label, &format!("{}={}", key.shown(), value.shown()), Tone::Plain, room.saturating_sub(LABELS)));
    }
    rows
}

fn wrapped_row(label: String, text: &str, tone: Tone, room: u16) -> Vec<Row> {
    let mut label = Some(label);
    let lines = if width(text) <= room { vec![text.to_owned()] } else { wrapped(text, room.max(8)) };
    lines.into_iter().map(|text| Row { label: label.take().unwrap_or_default(), text, tone }).collect()
}

fn gap() -> Row {
    Row { label: String::new(), text: String::new(), tone: Tone::Plain }
}

/// The moment in the zone of the user, and how long ago that is.
fn moment(at: Timestamp, world: &World) -> String {
    let local = at.to_zoned(world.zone.clone()).strftime("%Y-%m-%d %H:%M:%S");
    format!("{local} ({})", age::ago(at, world.now, &world.text))
}

fn join<T: ToString>(items: &[T]) -> String {
    items.iter().map(T::to_string).collect::<Vec<_>>().join(", ")
}
