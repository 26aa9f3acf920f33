//! What is known of the row under the cursor, below the table.

use ratatui::layout::Rect;

use crate::access::{Mark, Way, mark};
use crate::model::{Iam, Instance, Untrusted};
use crate::text::joined;
use crate::tui::action::Action;
use crate::tui::age;
use crate::tui::canvas::{Canvas, Piece, padded, piece, wrapped};
use crate::tui::lines::tone;
use crate::tui::rows::Group;
use crate::tui::state::State;
use crate::tui::theme::Role;
use crate::tui::world::World;

/// Columns of the labels.
const LABEL: usize = 10;

/// Draw the heading and as many lines as there is room for: four, or one.
pub fn draw(canvas: &mut Canvas<'_>, area: Rect, state: &State) {
    let world = &state.world;
    let is_tall = area.height > 2;
    canvas.rule(area.x, area.y, area.width);
    if let Some(group) = world.rows.current_head() {
        return head(canvas, area, group, world);
    }
    let Some(line) = world.current() else { return };
    let instance = &*line.instance;
    heading(canvas, area, instance, is_tall, world);
    if is_tall {
        let mut rows = vec![facts(instance, world)];
        // What does not fit any more is the end: the tags, then the role. What is wrong with a way is said whole.
        rows.extend(connect_lines(canvas, instance, world, area.width.saturating_sub(3)));
        rows.extend([iam(canvas, instance, world), tags(canvas, instance, world)]);
        for (y, pieces) in (area.y + 1..area.bottom()).zip(rows) {
            canvas.put_all(area.x + 2, y, area.width.saturating_sub(3), &pieces);
        }
        return;
    }
    let style = canvas.role(Role::Text);
    let mut pieces = vec![piece(format!("{} · {}", instance.id, short_facts(instance)), style), piece("   ", style)];
    for (at, (mark, text)) in said_of_ways(instance, world, false).into_iter().enumerate() {
        let gap = if at == 0 { "" } else { "   " };
        pieces.extend([piece(format!("{gap}{} ", mark.symbol()), canvas.tone(tone(mark))), piece(text, style)]);
    }
    canvas.put_all(area.x + 1, area.y + 1, area.width.saturating_sub(2), &pieces);
}

/// How many rows a group has, and what the keys do to them.
fn head(canvas: &mut Canvas<'_>, area: Rect, group: &Group, world: &World) {
    let count = world.text.say_with("group-count", &[("count", group.total.into()), ("shown", group.shown.into())]);
    let keys = [Action::ConnectMenu, Action::Select].map(|action| world.keymap.hint(action));
    let keys = world.say_if_whole("group-keys", [("fold", &keys[0]), ("select", &keys[1])]);
    let text = joined("  ", [count.as_str(), keys.as_deref().unwrap_or_default()]);
    canvas.put(area.x + 2, area.y + 1, area.width.saturating_sub(3), &text, canvas.role(Role::Text));
}

fn heading(canvas: &mut Canvas<'_>, area: Rect, instance: &Instance, is_tall: bool, world: &World) {
    let name = instance.name().map(|name| name.shown_in(usize::from(area.width / 2)));
    let text = match (name, is_tall) {
        (Some(name), true) => format!(" {name}  {} ", instance.id),
        (Some(name), false) => format!(" {name} "),
        (None, _) => format!(" {} ", instance.id),
    };
    let text = match world.inventory.told(&instance.id) {
        Some(told) => format!("{text} {} ", world.old(told, true)),
        None => text,
    };
    let x = area.x + if is_tall { 3 } else { 1 };
    canvas.put(x, area.y, area.width.saturating_sub(6), &text, canvas.role(Role::Heading));
}

/// `c6i.large · 2a · Amazon Linux 2023 · up 41 days · key team-prod · vpc-0aa1 / subnet-0bb2 · sg web, base`.
fn facts(instance: &Instance, world: &World) -> Vec<Piece> {
    let shown = |text: &Option<Untrusted>| text.as_ref().map(|text| text.shown_in(60));
    let mut parts: Vec<String> = Vec::new();
    parts.extend(shown(&instance.instance_type));
    parts.extend(zone(instance));
    parts.extend(platform(instance));
    parts.extend(instance.up(world.now).map(|seconds| up(seconds, world)));
    parts.extend(shown(&instance.key_name).map(|key| world.say_with("preview-key", [("key", &key)])));
    let network = [shown(&instance.vpc), shown(&instance.subnet)];
    parts.extend(Some(network.into_iter().flatten().collect::<Vec<_>>().join(" / ")).filter(|network| !network.is_empty()));
    let groups: Vec<String> = instance.security_groups.iter().map(|group| group.name.shown_in(40)).collect();
    parts.extend((!groups.is_empty()).then(|| world.say_with("preview-groups", [("groups", &groups.join(", "))])));
    vec![piece(parts.join(" · "), ratatui::style::Style::new())]
}

fn short_facts(instance: &Instance) -> String {
    let parts = [instance.instance_type.as_ref().map(|text| text.shown_in(20)), zone(instance)];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// `2a` of `ap-northeast-2a`.
fn zone(instance: &Instance) -> Option<String> {
    let az = instance.az.as_ref()?.shown_in(30);
    Some(az.rsplit('-').next().unwrap_or(&az).to_owned())
}

fn platform(instance: &Instance) -> Option<String> {
    let told = instance.ssm.known().and_then(|ssm| {
        let name = ssm.platform_name.as_ref()?.shown_in(40);
        let version = ssm.platform_version.as_ref().map(|version| version.shown_in(20)).unwrap_or_default();
        Some(format!("{name} {version}").trim_end().to_owned())
    });
    told.or_else(|| instance.platform.as_ref().map(|platform| platform.shown_in(40)))
}

fn up(seconds: i64, world: &World) -> String {
    let span = age::span(seconds, &world.text);
    world.say_with("preview-up", [("span", &span)])
}

/// The ways in side by side as long as they fit, then in the next line.
fn connect_lines(canvas: &Canvas<'_>, instance: &Instance, world: &World, room: u16) -> Vec<Vec<Piece>> {
    let style = canvas.role(Role::Text);
    let mut lines = vec![vec![piece(label(world, "preview-connect"), canvas.role(Role::Faint))]];
    let indent = u16::try_from(LABEL).unwrap_or(0);
    let mut used = indent;
    for (mark, text) in said_of_ways(instance, world, true) {
        let symbol = format!("{} ", mark.symbol());
        let needed = canvas.width(&symbol) + canvas.width(&text);
        let is_first = used == indent;
        if !is_first && used + 3 + needed > room {
            lines.push(vec![piece(" ".repeat(LABEL), style)]);
            used = indent;
        } else if !is_first {
            lines.last_mut().into_iter().for_each(|line| line.push(piece("   ", style)));
            used += 3;
        }
        let mut texts = wrapped(&text, room.saturating_sub(indent + canvas.width(&symbol)).max(8)).into_iter();
        let first = texts.next().unwrap_or_default();
        used += canvas.width(&symbol) + canvas.width(&first);
        let pieces = [piece(symbol, canvas.tone(tone(mark))), piece(first, style)];
        lines.last_mut().into_iter().for_each(|line| line.extend(pieces.clone()));
        for rest in texts {
            used = indent + 2 + canvas.width(&rest);
            lines.push(vec![piece(format!("{}{rest}", " ".repeat(LABEL + 2)), style)]);
        }
    }
    lines
}

/// The mark of each way and what is in the way of those that do not work, the best one first. What is said of several is said once.
fn said_of_ways(instance: &Instance, world: &World, is_tall: bool) -> Vec<(Mark, String)> {
    let ways = world.ways(instance);
    let mut list: Vec<_> = ways.list.iter().collect();
    list.sort_by_key(|way| (ways.best != Some(way.method), !way.method.can_be_opened()));
    let said = |way: &Way| {
        let mark = mark(way);
        let is_best = ways.best == Some(way.method);
        let mut text = way.method.id().to_owned();
        if ways.called_best() == Some(way.method) && is_tall {
            text = format!("{text} ({})", world.say("word-best"));
        }
        let mut said = Vec::new();
        let has_room = is_tall || !is_best;
        if has_room && mark != Mark::Works {
            said.push(way.summary(&world.text));
        }
        if !way.method.can_be_opened() {
            said.push(world.say("not-in-this-version"));
        }
        (mark, text, said.join(" · "))
    };
    let mut told: Vec<(Mark, String, String)> = Vec::new();
    for (mark, name, said) in list.into_iter().map(said) {
        match told.iter_mut().find(|(other, _, cause)| *other == mark && !cause.is_empty() && *cause == said) {
            Some((_, names, _)) => *names = format!("{names}, {name}"),
            None => told.push((mark, name, said)),
        }
    }
    let line =
        |(mark, names, said): (Mark, String, String)| (mark, if said.is_empty() { names } else { format!("{names}: {said}") });
    told.into_iter().map(line).collect()
}

fn iam(canvas: &Canvas<'_>, instance: &Instance, world: &World) -> Vec<Piece> {
    let one = |key, name: &Untrusted| world.say_with(key, [("name", &name.shown_in(40))]);
    let text = match instance.iam() {
        Iam::None => world.say("preview-iam-none"),
        Iam::Set { profile } => one("preview-iam-set", profile),
        Iam::Ok { role, .. } => one("preview-iam-ok", role),
        Iam::NoSsm { role, .. } => one("preview-iam-no-ssm", role),
        Iam::NoRole { profile } => one("preview-iam-no-role", profile),
        Iam::Unknown { profile, role, denial } => {
            let key = format!("hidden-{}", denial.why.word().replace('_', "-"));
            format!("{}: {}", role.unwrap_or(profile).shown_in(40), world.say_with(&key, [("action", denial.action)]))
        }
    };
    vec![piece(label(world, "preview-iam"), canvas.role(Role::Faint)), piece(text, canvas.role(Role::Text))]
}

fn tags(canvas: &Canvas<'_>, instance: &Instance, world: &World) -> Vec<Piece> {
    let own = instance.tags.iter().filter(|(key, _)| key.raw() != "Name" && !key.raw().starts_with("aws:"));
    // More than the line holds is cut anyway.
    let tags: Vec<String> = own.take(20).map(|(key, value)| format!("{}={}", key.shown_in(40), value.shown_in(60))).collect();
    vec![piece(label(world, "preview-tags"), canvas.role(Role::Faint)), piece(tags.join("  "), canvas.role(Role::Text))]
}

fn label(world: &World, key: &str) -> String {
    padded(&world.say(key), LABEL)
}
