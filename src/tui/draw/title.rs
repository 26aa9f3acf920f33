//! The bar at the top: whose rows these are, how many, how old.

use ratatui::layout::Rect;

use crate::model::Untrusted;
use crate::tui::age;
use crate::tui::canvas::Canvas;
use crate::tui::state::State;
use crate::tui::theme::Role;
use crate::tui::world::World;

/// From this width words are written out.
pub const WIDE: u16 = 100;

/// Draw the title bar.
pub fn draw(canvas: &mut Canvas<'_>, line: Rect, state: &State) {
    let world = &state.world;
    let is_dangerous = world.is_in_asking_account();
    let style = canvas.role(if is_dangerous { Role::Danger } else { Role::Title });
    canvas.lay(line, style);
    let right = if state.overlays.iter().any(|overlay| overlay.is_page()) {
        world.tunnels.count(&world.text).unwrap_or_default()
    } else {
        counts(world, line.width >= WIDE)
    };
    let aside = if is_dangerous { style } else { canvas.role(Role::Faint) };
    let start = canvas.put_right(line.x + 10, line.right() - 1, line.y, &right, aside);
    let room = start.saturating_sub(line.x + 2);
    let left = [false, true].map(|short| identity(world, short || line.width < WIDE));
    let fitting = left.iter().find(|text| canvas.width(text) <= room).or(left.last());
    canvas.put(line.x, line.y, room, fitting.map_or("", String::as_str), style);
}

/// ` ec2dash  prod-admin · 123456789012 · ap-northeast-2`.
fn identity(world: &World, is_short: bool) -> String {
    let mut parts = Vec::new();
    if world.is_demo {
        parts.push(world.say("demo-mark"));
    }
    parts.extend(world.account_settings().and_then(|account| account.label.clone()));
    // In the demo there is no room beside what must be said of it: the place stands in the line below.
    if !world.is_demo {
        parts.extend(place(world, is_short));
    }
    if let Some(endpoint) = world.here.endpoint.as_ref().filter(|_| !world.is_demo) {
        parts.push(world.say_with("endpoint-mark", [("endpoint", endpoint)]));
    }
    format!(" ec2dash  {}", parts.join(" · "))
}

/// Profile, account and region.
pub fn place(world: &World, is_short: bool) -> Vec<String> {
    let here = &world.here;
    let mut parts = Vec::new();
    if !here.beside.is_empty() {
        parts.extend(here.set.as_ref().map(|name| format!("@{}", Untrusted::from(name.as_str()).shown_in(40))));
        let profiles = world.profiles_here().count().to_string();
        parts.extend((!is_short && here.set.is_none()).then(|| world.say_with("title-profiles", [("count", &profiles)])));
        parts.push(world.say_with("title-places", [("count", &world.places().to_string())]));
        return parts;
    }
    parts.extend(here.profile.as_ref().map(crate::model::ProfileName::shown));
    if !is_short {
        parts.extend(here.identity.as_ref().map(|identity| identity.account.to_string()));
    }
    match here.regions.as_slice() {
        [] => {}
        [region] => parts.push(region.to_string()),
        several => parts.push(world.say_with("title-regions", [("count", &several.len().to_string())])),
    }
    parts
}

/// `10 of 187 · updated 12 s ago`, or `10/187 · 12 s ago`.
pub fn counts(world: &World, is_wide: bool) -> String {
    let shown = age::grouped(world.rows.count());
    let total = age::grouped(world.rows.total());
    let key = if is_wide { "title-count" } else { "title-count-short" };
    let mut text = world.say_with(key, [("shown", &shown), ("total", &total)]);
    let selected = world.rows.marked_count();
    if selected > 0 {
        let key = if is_wide { "title-selected" } else { "title-selected-short" };
        text = format!("{text} · {}", world.say_with(key, [("count", &age::grouped(selected))]));
    }
    if let Some(old) = world.inventory.oldest().map(|told| world.old(told, is_wide)) {
        text = format!("{text} · {old}");
    } else if let Some(updated) = world.updated() {
        let ago = age::ago(updated, world.now, &world.text);
        let updated = if is_wide { world.say_with("title-updated", [("ago", &ago)]) } else { ago };
        text = format!("{text} · {updated}");
    }
    text
}
