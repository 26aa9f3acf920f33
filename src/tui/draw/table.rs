//! The table: columns by priority and width, the rows around the cursor.

use ratatui::layout::Rect;
use ratatui::style::Modifier;

use super::body;
use crate::columns::{Column, Tone};
use crate::config::Ui;
use crate::model::{InstanceState, ProfileName, Region};
use crate::tui::age;
use crate::tui::canvas::{Canvas, piece, width};
use crate::tui::rows::{Group, Line, Shown};
use crate::tui::screen::{Head, Seen};
use crate::tui::state::State;
use crate::tui::theme::Role;
use crate::tui::trouble::TroubleKind;
use crate::tui::world::World;

/// Columns of the marks before the name.
const MARKS: u16 = 4;

/// Columns that fill a wide screen, the most wanted first.
const FURTHER: [Column; 9] = [
    Column::declared("instance_type"),
    Column::declared("az"),
    Column::declared("up"),
    Column::declared("platform"),
    Column::declared("key_name"),
    Column::declared("vpc"),
    Column::declared("subnet"),
    Column::declared("image"),
    Column::declared("launched"),
];
/// Those of them that are still of use when they are cut.
const FURTHER_CUT: [Column; 2] = [Column::declared("platform"), Column::declared("key_name")];

/// What the longest cells take: `◑ shutting-down`, `ssm-ssh!`.
const WHOLE: [(Column, u16); 2] = [(Column::STATE, 15), (Column::VIA, 8)];

/// How much of a row there is room for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// Every column that fits.
    Full,
    /// Name, state and way in.
    Small,
}

/// A column and its place.
struct Place<'w> {
    column: &'w Column,
    x: u16,
    width: u16,
}

/// Draw the heads and the rows around the cursor, or the text that stands for them.
pub fn draw(canvas: &mut Canvas<'_>, area: Rect, state: &State, extent: Extent) -> Seen {
    let world = &state.world;
    let room = usize::from(area.height.saturating_sub(1));
    if world.rows.count() == 0 {
        if !state.overlays.iter().any(|overlay| overlay.stands_for_rows()) {
            body::draw(canvas, area, state);
        }
        return Seen { rows: room, ..Seen::default() };
    }
    let columns = chosen(world, extent);
    let further = if extent == Extent::Full { further(world) } else { Vec::new() };
    let top = first_row(world.rows.at(), state.seen.top, room, world.rows.len());
    let edge = u16::from(world.rows.len() > room);
    let places = places(
        &columns,
        &further,
        Rect { width: area.width - edge, ..area },
        narrow(&Column::NAME) - edge,
        longest_profile(world),
    );
    heads(canvas, Rect { height: 1, ..area }, &places, world);
    // Below the bar of the cursor, which goes over the whole width.
    canvas.scroll_mark(scroll_edge(area), top, world.rows.len());
    let is_stale =
        world.trouble().is_some_and(|trouble| trouble.kind.lacks_credentials() || trouble.kind == TroubleKind::Unreachable);
    for (y, (at, line)) in (area.y + 1..area.bottom()).zip((top..).zip(world.rows.shown_from(top))) {
        let row = Rect { y, height: 1, ..area };
        let is_at_cursor = at == world.rows.at();
        let line = match line {
            Shown::Row(line) => line,
            Shown::Head(group) => {
                draw_head(canvas, row, group, is_at_cursor, world);
                continue;
            }
        };
        draw_row(canvas, row, &places, line, world);
        if is_stale || world.inventory.told(&line.instance.id).is_some() {
            canvas.lay(row, ratatui::style::Style::new().add_modifier(Modifier::DIM));
        }
        let is_selected = world.rows.is_marked(line);
        let marks = [(is_at_cursor, ">"), (is_selected, "*"), (world.rows.is_favourite(line), "★")];
        let marks: String = marks.into_iter().filter(|(is_so, _)| *is_so).map(|(_, mark)| mark).collect();
        canvas.put(area.x + 1, y, MARKS - 1, &marks, canvas.role(Role::Text));
        if is_selected {
            canvas.lay(row, ratatui::style::Style::new().add_modifier(Modifier::BOLD));
        }
        if is_at_cursor {
            canvas.lay(row, canvas.role(Role::Cursor));
        }
    }
    let head = |place: &Place<'_>| Head { column: place.column.clone(), x: place.x, width: place.width };
    Seen { rows: room, top, heads: places.iter().map(head).collect(), heads_at: area.y, ..Seen::default() }
}

/// `▾ payments  12`: what its rows have in common, and how many they are.
fn draw_head(canvas: &mut Canvas<'_>, line: Rect, group: &Group, is_at_cursor: bool, world: &World) {
    let mark = if group.is_folded { "▸" } else { "▾" };
    let name = if group.name.is_empty() { world.say("group-without") } else { group.name.clone() };
    let (shown, total) = (age::grouped(group.shown), age::grouped(group.total));
    let count =
        if group.shown == group.total { total } else { world.say_with("title-count", [("shown", &shown), ("total", &total)]) };
    let pointer = if is_at_cursor { ">" } else { " " };
    canvas.put(line.x + 1, line.y, 1, pointer, canvas.role(Role::Text));
    let room = line.right().saturating_sub(line.x + MARKS);
    let pieces =
        [piece(format!("{mark} {name}"), canvas.role(Role::Heading)), piece(format!("  {count}"), canvas.role(Role::Faint))];
    canvas.put_all(line.x + MARKS - 1, line.y, room, &pieces);
    if is_at_cursor {
        canvas.lay(line, canvas.role(Role::Cursor));
    }
}

/// The last column, below the heads.
fn scroll_edge(area: Rect) -> Rect {
    Rect { x: area.right().saturating_sub(1), y: area.y + 1, width: 1, height: area.height.saturating_sub(1) }
}

/// Scroll no further than the cursor needs.
fn first_row(at: usize, top: usize, room: usize, count: usize) -> usize {
    let lowest = (at + 1).saturating_sub(room.max(1));
    top.clamp(lowest, at.max(lowest)).min(count.saturating_sub(room.max(1)).max(lowest))
}

/// The columns of the settings; region and account come along when rows of several are shown.
fn chosen(world: &World, extent: Extent) -> Vec<Column> {
    if extent == Extent::Small {
        return vec![Column::NAME, Column::STATE, Column::VIA];
    }
    let mut columns = world.columns.clone();
    let mut at = columns.iter().position(|column| *column == Column::NAME).map_or(0, |at| at + 1);
    for column in telling(world) {
        if !columns.contains(&column) {
            columns.insert(at, column);
            at += 1;
        }
    }
    columns
}

/// What tells the rows of several places apart.
fn telling(world: &World) -> Vec<Column> {
    let here = &world.here;
    let mut telling = Vec::new();
    let regions = here.regions.iter().chain(here.beside.iter().flat_map(|beside| &beside.regions));
    let mut regions: Vec<&Region> = regions.collect();
    regions.sort_unstable();
    regions.dedup();
    if !here.beside.is_empty() {
        telling.extend([Column::ACCOUNT, Column::PROFILE]);
    }
    if regions.len() > 1 {
        telling.insert(telling.len().min(1), Column::REGION);
    }
    telling
}

/// The columns of the longest name and of the longest short form of one, where several profiles are listed.
fn longest_profile(world: &World) -> Option<(u16, u16)> {
    if world.here.beside.is_empty() {
        return None;
    }
    // In every frame, for every profile: nothing is made for it.
    let longest = |width: fn(&ProfileName) -> usize| world.profiles_here().map(width).max().unwrap_or(0);
    let columns = |longest: usize| u16::try_from(longest).unwrap_or(u16::MAX);
    Some((columns(longest(ProfileName::width)), columns(longest(ProfileName::short_width))))
}

/// What a wide screen shows beside the columns of somebody who has chosen none, the most wanted first.
fn further(world: &World) -> Vec<Column> {
    if world.columns != Ui::default().columns {
        return Vec::new();
    }
    FURTHER.to_vec()
}

/// Which columns fit, and where: first every one that fits by priority at its least width, then wider ones, then the name as far as
/// names need it, then further columns; the rest to the name. `least_name`: where the mark of scrolling takes a column, it takes it from
/// the name, so that no other one goes for it. `profiles`: the longest name of several profiles, whole and short; where there are several, what tells
/// accounts apart matters as much as the name.
fn places<'w>(
    columns: &'w [Column],
    further: &'w [Column],
    area: Rect,
    least_name: u16,
    profiles: Option<(u16, u16)>,
) -> Vec<Place<'w>> {
    let is_merged = profiles.is_some();
    let room = area.width.saturating_sub(MARKS);
    let mut by_priority: Vec<usize> = (0..columns.len()).collect();
    let rank = |column: &Column| match column {
        column if !is_merged => (column.rank(), 0),
        column if [Column::ACCOUNT, Column::REGION].contains(column) => (Column::NAME.rank(), 1),
        column if *column == Column::PROFILE => (Column::NAME.rank(), 2),
        column => (column.rank(), 0),
    };
    by_priority.sort_by_key(|at| columns.get(*at).map(rank));
    let mut widths: Vec<Option<u16>> = vec![None; columns.len()];
    let mut used = 0;
    for at in by_priority.iter().copied() {
        let Some((column, width)) = columns.get(at).zip(widths.get_mut(at)) else { continue };
        let narrow = if *column == Column::NAME { least_name } else { narrow(column) };
        let least = narrow.saturating_add(u16::from(used > 0));
        if least > room - used {
            // What matters less does not take the place of what matters more.
            break;
        }
        used += least;
        *width = Some(narrow);
    }
    for at in by_priority {
        let Some((column, Some(width))) = columns.get(at).zip(widths.get_mut(at)) else { continue };
        let more = match profiles {
            Some((whole, short)) if *column == Column::PROFILE => {
                let more = whole.min(wide(column)).saturating_sub(*width);
                // As far as they need it: whole, or as much of them as is shown without the rest.
                if more <= room - used { more } else { short.min(wide(column)).saturating_sub(*width).min(room - used) }
            }
            _ => wide(column).saturating_sub(*width),
        };
        if *column != Column::NAME && more <= room - used {
            used += more;
            *width += more;
        }
    }
    let has_all = widths.iter().all(Option::is_some);
    let names = columns.iter().position(|column| *column == Column::NAME);
    let own = names.and_then(|at| widths.get(at).copied().flatten()).unwrap_or(0);
    let mut kept = if names.is_some() { wide(&Column::NAME).saturating_sub(own) } else { 0 };
    // What is longer than its column is whole before anything is added.
    for (column, whole) in WHOLE {
        let width = columns.iter().position(|own| *own == column).and_then(|at| widths.get_mut(at)?.as_mut());
        let Some(width) = width.filter(|_| has_all) else { continue };
        let more = whole.saturating_sub(*width);
        if used + kept + more <= room {
            used += more;
            *width += more;
        }
    }
    for column in further.iter().filter(|column| has_all && !columns.contains(column)) {
        // A part of an id is none; a part of a platform or of a key's name says something.
        let is_cut_well = FURTHER_CUT.contains(column);
        let needed = if is_cut_well { narrow(column) } else { wide(column) }.saturating_add(1);
        if used.saturating_add(kept).saturating_add(needed) > room {
            break;
        }
        used += needed;
        widths.push(Some(needed - 1));
    }
    for (column, width) in further.iter().zip(widths.iter_mut().skip(columns.len())) {
        let Some(width) = width else { continue };
        kept = kept.min(room - used);
        let more = wide(column).saturating_sub(*width).min(room - used - kept);
        used += more;
        *width += more;
    }
    let mut x = area.x + MARKS;
    let mut places = Vec::new();
    for (column, width) in columns.iter().chain(further).zip(widths) {
        let Some(mut width) = width else { continue };
        if *column == Column::NAME {
            width += room.saturating_sub(used);
        }
        places.push(Place { column, x, width });
        x += width + 1;
    }
    places
}

fn narrow(column: &Column) -> u16 {
    u16::try_from(column.width().min).unwrap_or(u16::MAX)
}

fn wide(column: &Column) -> u16 {
    u16::try_from(column.width().max).unwrap_or(u16::MAX)
}

fn heads(canvas: &mut Canvas<'_>, line: Rect, places: &[Place<'_>], world: &World) {
    let sort = world.rows.sort();
    for place in places {
        let mut title = place.column.title(&world.text);
        let is_sorted = sort.column == *place.column && !world.rows.is_best_first();
        if is_sorted {
            title = format!("{title} {}", if sort.is_reversed { "▼" } else { "▲" });
        }
        canvas.put(place.x, line.y, place.width, &title, canvas.role(if is_sorted { Role::SortedHead } else { Role::Head }));
    }
}

fn draw_row(canvas: &mut Canvas<'_>, line: Rect, places: &[Place<'_>], row: &Line, world: &World) {
    let view = row.view(world.now, &world.text);
    let is_off = matches!(view.instance.state, InstanceState::Stopped | InstanceState::Terminated);
    for place in places {
        let cell = place.column.cell(&view);
        let full = canvas.drawn(&cell.text);
        let text =
            if width(&full) <= place.width { full.into_owned() } else { short(canvas, &cell.text, &cell.short, place.width) };
        canvas.put_toned(place.x, line.y, place.width, &text, if is_off { Tone::Faint } else { cell.tone });
    }
}

/// The short form, if it is one. A bare mark is that only where there is room for no more: elsewhere it would look like missing data,
/// and the text behind it is cut.
fn short(canvas: &Canvas<'_>, full: &str, short: &str, room: u16) -> String {
    let is_bare = canvas.width(short) <= 2 && room >= 6;
    let chosen = if short.is_empty() || is_bare { full } else { short };
    canvas.drawn(chosen).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_scrolls_no_further_than_the_cursor_needs() {
        for (at, top, room, count, expected) in [
            (0, 0, 10, 100, 0),
            (9, 0, 10, 100, 0),
            (10, 0, 10, 100, 1),
            (50, 60, 10, 100, 50),
            (99, 0, 10, 100, 90),
            (3, 5, 10, 4, 0),
            (0, 0, 0, 1, 0),
        ] {
            assert_eq!(first_row(at, top, room, count), expected, "{at} {top} {room} {count}");
        }
    }
}
