//! The lines around the table: the filter, what goes on, what to press.

use ratatui::layout::{Position, Rect};

use super::title;
use crate::columns::Tone;
use crate::model::{Listing, Place};
use crate::text::joined;
use crate::tui::action::{Action, Need};
use crate::tui::age;
use crate::tui::canvas::{Canvas, Piece, piece, wrapped};
use crate::tui::lines::{gap_line, tabs};
use crate::tui::state::{SLOW_AFTER, State};
use crate::tui::theme::Role;
use crate::tui::trouble::TroubleKind;
use crate::tui::world::{Phase, World};

/// Columns that a filter is to have at least.
const FILTER: u16 = 24;
/// Most lines of [`banner`].
const BANNER: usize = 4;

/// The line with the page, the filter and the sort.
pub fn filter_line(canvas: &mut Canvas<'_>, line: Rect, state: &State) -> Option<Position> {
    let world = &state.world;
    let sort = world.rows.sort();
    let arrow = if sort.is_reversed { "▼" } else { "▲" };
    let sorted = if world.rows.is_best_first() {
        world.say("sorted-by-fit")
    } else {
        world.say_with("sorted-by", [("column", &sort.column.title(&world.text)), ("arrow", arrow)])
    };
    let grouped = world.rows.grouped_by().map(|column| world.say_with("grouped-by", [("column", &column.title(&world.text))]));
    let aside = [world.tunnels.count(&world.text), grouped, Some(sorted)].into_iter().flatten().collect::<Vec<_>>().join(" · ");
    let end = canvas.put_right(line.x, line.right() - 1, line.y, &aside, canvas.role(Role::Faint));
    let tabs = tabs(canvas, Action::Instances, world);
    // In the demo the title says that it is one; who and where stands here.
    let place = if world.is_demo { title::place(world, line.width < title::WIDE) } else { Vec::new() };
    let where_alone = place.last().cloned().unwrap_or_default();
    let place = place.join(" · ");
    // What is typed has the line while there is no room for all.
    let typed = if state.filter_field.is_some() || !state.filter_text.is_empty() { FILTER } else { 0 };
    let wide: u16 = tabs.iter().map(|piece| canvas.width(&piece.text)).sum();
    let room = end.saturating_sub(line.x + 1 + wide + 2 + typed);
    let fitting = [&place, &where_alone].into_iter().find(|place| place.is_empty() || canvas.width(place) + 2 <= room);
    let (tabs, place) = match fitting {
        Some(place) if line.x + 1 + wide + 2 + typed <= end => (tabs, place),
        _ => (tabs.into_iter().take(1).collect(), &place),
    };
    let mut x = canvas.put_all(line.x + 1, line.y, end.saturating_sub(line.x + 1), &tabs) + 2;
    if !place.is_empty() {
        x = canvas.put(x, line.y, end.saturating_sub(x + 2), place, canvas.role(Role::Text)) + 2;
    }
    if world.rows.shows_only_favourites() {
        x = canvas.put(x, line.y, end.saturating_sub(x + 2), &world.say("only-favourites"), canvas.role(Role::Text)) + 2;
    }
    let room = end.saturating_sub(x + 2);
    if let Some(field) = &state.filter_field {
        let (text, at) = field.view(room.saturating_sub(1));
        canvas.put(x, line.y, 1, "/", canvas.role(Role::Focus));
        canvas.put(x + 1, line.y, room, &text, canvas.role(Role::Text));
        return Some(Position::new(x + 1 + at, line.y));
    }
    if !state.filter_text.is_empty() {
        let text = crate::model::Untrusted::from(state.filter_text.as_str()).shown_in(usize::from(room.saturating_sub(1)));
        canvas.put(x, line.y, room, &format!("/{text}"), canvas.role(Role::Text));
    }
    None
}

/// What goes on, or what went wrong: the most important thing of all.
pub fn message(canvas: &mut Canvas<'_>, line: Rect, state: &State) {
    let world = &state.world;
    let pieces = message_pieces(canvas, state, true);
    let needed: u16 = pieces.iter().map(|piece| canvas.width(&piece.text)).sum();
    let aside = world.hint(Action::Problems, "hint-problems");
    let is_cut = needed > line.width.saturating_sub(2) && world.toast.is_some() && !world.problems.is_empty();
    let room = line.width.saturating_sub(if is_cut { canvas.width(&aside) + 4 } else { 2 });
    let after = canvas.put_all(line.x + 1, line.y, room, &pieces);
    if is_cut || (world.toast.is_none() && !world.gaps.is_empty() && !world.is_loading()) {
        canvas.put_right(after + 2, line.right() - 1, line.y, &aside, canvas.role(Role::Faint));
    }
}

fn message_pieces(canvas: &Canvas<'_>, state: &State, with_gaps: bool) -> Vec<Piece> {
    let world = &state.world;
    if let Some(toast) = &world.toast {
        return vec![piece(toast.text.clone(), canvas.tone(toast.tone))];
    }
    let missing = match &world.here.phase {
        Phase::NoProfile => Some(world.say("body-no-profile")),
        Phase::NoRegion => Some(joined(" ", world.no_region().collect::<Vec<_>>().iter().map(String::as_str))),
        _ => None,
    };
    if let Some(missing) = missing {
        return vec![piece(missing, canvas.tone(Tone::Problem))];
    }
    if let Some(text) = throttled_line(state) {
        return vec![piece(text, canvas.tone(Tone::Problem))];
    }
    if let Some(text) = loading_line(world) {
        return vec![piece(format!("{} {text}", spinner(canvas, world)), canvas.role(Role::Text))];
    }
    if let Some(text) = sign_in_ends(world) {
        return vec![piece(text, canvas.tone(Tone::Problem))];
    }
    match world.gaps.first() {
        Some(gap) if with_gaps => vec![piece(format!("! {}", gap_line(gap, world)), canvas.tone(Tone::Problem))],
        _ => Vec::new(),
    }
}

/// The sign-in ends soon, and nobody will renew it.
fn sign_in_ends(world: &World) -> Option<String> {
    let ends = world.sign_in_ends.as_ref().filter(|ends| ends.is_near(world.now))?;
    let left = age::span(ends.at.as_second() - world.now.as_second(), &world.text);
    let what = world.say_with("sign-in-ends", [("session", &ends.session), ("left", &left)]);
    let next = world.sign_in_offer();
    Some(joined(" ", [what.as_str(), next.as_deref().unwrap_or_default()]))
}

/// AWS asks to slow down: how old the rows are, and when it is asked again.
fn throttled_line(state: &State) -> Option<String> {
    let world = &state.world;
    let due = state.next_refresh().filter(|_| world.trouble().is_some_and(|trouble| trouble.kind == TroubleKind::Throttled))?;
    let next = age::span((due.as_second() - world.now.as_second()).max(0), &world.text);
    let Some(updated) = world.updated() else { return Some(world.say_with("bar-throttled-first", [("next", &next)])) };
    let age = age::span(age::seconds(updated, world.now), &world.text);
    Some(world.say_with("bar-throttled", [("age", &age), ("next", &next)]))
}

/// What is said below old rows when AWS does not answer any more: what happened, how old they are, what to do.
pub fn banner(world: &World, room: u16) -> Vec<String> {
    let Some(trouble) = world.trouble().filter(|trouble| trouble.kind != TroubleKind::Throttled) else { return Vec::new() };
    if world.rows.total() == 0 || world.is_loading() {
        return Vec::new();
    }
    let mut lines = vec![format!("! {}", trouble.what)];
    if let Some(updated) = world.updated() {
        let time = updated.to_zoned(world.zone.clone()).strftime("%H:%M").to_string();
        let age = age::span(age::seconds(updated, world.now), &world.text);
        let key = world.keymap.hint(Action::Refresh);
        let old = world.say_with("banner-old", [("time", &time), ("age", &age)]);
        let next = world.say_if_whole("banner-next", [("key", &key)]);
        lines.push(joined(" ", [old.as_str(), next.as_deref().unwrap_or_default()]));
    }
    lines.extend(world.next(trouble).filter(|_| trouble.kind != TroubleKind::Unreachable));
    lines.iter().flat_map(|line| wrapped(line, room)).take(BANNER).collect()
}

/// What is said when the first answer takes long, and the keys for it.
pub(super) fn slow(region: &str, seconds: i64, world: &World) -> String {
    let waited = age::span(seconds, &world.text);
    let [stop, again] = [Action::Cancel, Action::Refresh].map(|action| world.keymap.hint(action));
    let waiting = world.say_with("slow", [("region", region), ("waited", &waited)]);
    let keys = world.say_if_whole("slow-keys", [("stop", &stop), ("again", &again)]);
    joined(" ", [waiting.as_str(), keys.as_deref().unwrap_or_default()])
}

/// What is being read, and how far that is.
fn loading_line(world: &World) -> Option<String> {
    if world.here.phase == Phase::Opening {
        return Some(world.finding().unwrap_or_else(|| world.say("bar-opening")));
    }
    let loading: Vec<(&Place, &Listing)> =
        world.inventory.listings().filter(|(_, listing)| listing.is_loading || listing.ssm_is_loading).collect();
    let (place, listing) = loading.first()?;
    let seconds = age::seconds(listing.begun, world.now);
    let listed: usize = loading.iter().map(|(_, listing)| listing.received).sum();
    let managed: usize = loading.iter().map(|(_, listing)| listing.ssm_received).sum();
    let (heard, ssm) = (age::grouped(listed), age::grouped(managed));
    let region = match loading.len() {
        1 => place.region.to_string(),
        several => world.say_with("title-regions", [("count", &several.to_string())]),
    };
    if listing.received == 0 && seconds > SLOW_AFTER && world.rows.count() > 0 {
        return Some(slow(&region, seconds, world));
    }
    let key = if listing.received == 0 { "bar-loading-nothing-yet" } else { "bar-loading" };
    let mut text = world.say_with(key, [("region", &region), ("instances", &heard)]);
    if managed > 0 {
        // SSM also manages what is no instance, and may answer before the first page of instances: then there is no total yet.
        let key = if managed > listed { "bar-loading-ssm-so-far" } else { "bar-loading-ssm" };
        text = format!("{text}, {}", world.say_with(key, [("count", &ssm), ("total", &heard)]));
    }
    if seconds > 0 {
        text = format!("{text} ({})", age::span(seconds, &world.text));
    }
    Some(text)
}

fn spinner(canvas: &Canvas<'_>, world: &World) -> char {
    let frames = if canvas.drawn("◐") == "◐" { ['◐', '◓', '◑', '◒'] } else { ['-', '\\', '|', '/'] };
    let at = if world.settings.ui.motion { usize::try_from(world.now.as_millisecond() / 125).unwrap_or(0) } else { 0 };
    frames[at % frames.len()]
}

/// What to press.
pub fn hints(canvas: &mut Canvas<'_>, line: Rect, state: &State) {
    let world = &state.world;
    let mut shown: Vec<(Action, String)> = if state.filter_field.is_some() {
        vec![(Action::ConnectMenu, "hint-keep".to_owned()), (Action::Cancel, "hint-clear".to_owned())]
    } else {
        let does_something = |action: &Action| match action.needs() {
            None => true,
            Some(Need::Row) => world.current().is_some(),
            Some(Need::Tunnel) => !world.tunnels.list().is_empty(),
        };
        Action::in_bar().into_iter().filter(does_something).map(|action| (action, action.hint())).collect()
    };
    // Without it nobody would know how to go on selecting text.
    let mouse = if world.mouse { world.say("mouse-selects") } else { String::new() };
    let end = canvas.put_right(line.x, line.right().saturating_sub(1), line.y, &mouse, canvas.role(Role::Faint));
    let line = Rect { width: if world.mouse { end.saturating_sub(line.x + 1) } else { line.width }, ..line };
    let needed = |shown: &[(Action, String)]| -> u16 {
        shown.iter().map(|(action, word)| canvas.width(&world.hint(*action, word)) + 2).sum()
    };
    while needed(&shown) > line.width.saturating_sub(1) && shown.len() > 1 {
        // There the others are found: they stay when there is no room for all.
        let drop = shown.iter().rposition(|(action, _)| !matches!(action, Action::Palette | Action::Help)).unwrap_or(0);
        shown.remove(drop);
    }
    let mut x = line.x + 1;
    for (action, word) in shown {
        let key = world.keymap.hint(action);
        if key.is_empty() {
            continue;
        }
        x = canvas.put(x, line.y, line.right().saturating_sub(x), &key, canvas.role(Role::Key));
        x = canvas.put(x + 1, line.y, line.right().saturating_sub(x + 1), &world.say(&word), canvas.role(Role::Faint)) + 2;
    }
}

/// The one bar of a small screen: what goes on, or whose rows these are.
pub fn only_bar(canvas: &mut Canvas<'_>, line: Rect, state: &State) -> Option<Position> {
    if let Some(field) = &state.filter_field {
        let (text, at) = field.view(line.width.saturating_sub(3));
        canvas.put_all(
            line.x + 1,
            line.y,
            line.width,
            &[piece("/", canvas.role(Role::Focus)), piece(text, canvas.role(Role::Text))],
        );
        return Some(Position::new(line.x + 2 + at, line.y));
    }
    let world = &state.world;
    let pieces = match &state.filter_problem {
        Some(problem) => vec![piece(problem.clone(), canvas.role(Role::Bad))],
        // What is missing is told on larger screens; here it would cover whose rows these are for good.
        None => message_pieces(canvas, state, false),
    };
    if !pieces.is_empty() {
        canvas.put_all(line.x + 1, line.y, line.width.saturating_sub(2), &pieces);
        return None;
    }
    let is_dangerous = world.is_in_asking_account();
    let style = canvas.role(if is_dangerous { Role::Danger } else { Role::Title });
    canvas.lay(line, style);
    let start = canvas.put_right(line.x + 10, line.right() - 1, line.y, &title::counts(world, false), style);
    let mut parts = Vec::new();
    if world.is_demo {
        parts.push(world.say("demo-word"));
    }
    parts.extend(title::place(world, true));
    canvas.put(line.x + 1, line.y, start.saturating_sub(line.x + 2), &parts.join(" · "), style);
    None
}
