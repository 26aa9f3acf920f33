//! What a dialog draws, read out: its lines without frame and marks, and its choices numbered.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Modifier;

use crate::model::display_width;
use crate::tui::canvas::Canvas;
use crate::tui::draw::preview_on;
use crate::tui::keymap::Page;
use crate::tui::state::State;
use crate::tui::theme::{Role, Theme};
use crate::tui::world::World;

/// The screen that nobody sees: wide enough for every box, high enough for what they hold.
pub const SCREEN: (u16, u16) = (160, 240);
/// What is below the table: as wide as its sentences are long.
const PREVIEW: (u16, u16) = (600, 5);

/// The topmost dialog.
pub struct Reading {
    /// Its lines.
    pub lines: Vec<String>,
    /// Those of them that can be chosen.
    pub choices: Vec<String>,
    /// The one of these that is pointed at, from 0.
    pub pointed: usize,
    /// The lines that hold what is looked for.
    pub hits: Vec<String>,
    /// The hit that was gone to last.
    pub hit: Option<String>,
    /// Whether text is typed in it now.
    pub is_typed_in: bool,
    /// Its keys.
    pub page: Page,
    /// Whether it is a page of its own.
    pub is_page: bool,
}

/// Read the topmost dialog.
pub fn dialog(state: &State, theme: &Theme) -> Reading {
    let mut cursor = None;
    let rows = drawn(SCREEN, theme, |canvas, area| {
        cursor = state.overlays.last().and_then(|overlay| overlay.draw(canvas, area, &state.world));
    });
    let page = state.overlays.last().map_or(Page::Everywhere, |overlay| overlay.page());
    let is_page = state.overlays.last().is_some_and(|overlay| overlay.is_page());
    let pointed = rows.iter().position(|row| row.pointer().is_some());
    // Fields among which one is typed in are filled one after the other, not chosen from.
    let is_form = cursor.zip(pointed).is_some_and(|(cursor, pointed)| usize::from(cursor.y) == pointed);
    let mut numbered = if is_form { Vec::new() } else { choices(&rows) };
    if state.overlays.last().is_some_and(|overlay| overlay.has_heads()) && !numbered.is_empty() {
        numbered.remove(0);
    }
    if page == Page::Picker {
        // The ways in bear their numbers already; what was said of an attempt stands below them without a gap.
        let mut count = 0;
        numbered.retain(|at| {
            let text = rows.get(*at).map_or("", |row| row.text.trim_start());
            let is_way = text.strip_prefix("> ").unwrap_or(text).starts_with(&format!("{} ", count + 1));
            count += usize::from(is_way);
            is_way
        });
    }
    let mut reading = Reading {
        lines: Vec::new(),
        choices: Vec::new(),
        pointed: 0,
        hits: Vec::new(),
        hit: None,
        is_typed_in: cursor.is_some(),
        page,
        is_page,
    };
    for (at, row) in rows.iter().enumerate() {
        let is_pointed = pointed == Some(at);
        let without_pointer = row.text.trim_start().strip_prefix("> ").filter(|_| is_pointed);
        let mut text = spoken(without_pointer.unwrap_or(&row.text), &state.world);
        if is_page && at == 0 {
            text = shown_tab(&text);
        }
        if text.is_empty() {
            continue;
        }
        if numbered.contains(&at) {
            let number = reading.choices.len() + 1;
            let own = text.strip_prefix(&number.to_string()).map(str::trim_start).filter(|_| page == Page::Picker);
            text = format!("{number}. {}", own.unwrap_or(&text));
            if is_pointed {
                reading.pointed = number - 1;
                text = state.world.say_with("plain-chosen", [("what", &text)]);
            }
            reading.choices.push(text.clone());
        } else if is_pointed {
            text = state.world.say_with("plain-chosen", [("what", &text)]);
        }
        reading.hits.extend(row.is_hit.then(|| text.clone()));
        if row.is_last_hit {
            reading.hit = Some(text.clone());
        }
        reading.lines.push(text);
    }
    reading
}

/// What the dashboard tells of the row under the cursor, without its heading.
pub fn preview(state: &State, theme: &Theme) -> Vec<String> {
    let rows = drawn(PREVIEW, theme, |canvas, area| preview_on(canvas, area, state));
    rows.iter().skip(1).map(|row| spoken(&row.text, &state.world)).filter(|text| !text.is_empty()).collect()
}

/// A line of a picture.
struct Row {
    text: String,
    /// Whether the upper or lower edge of a frame runs through it.
    is_edge: bool,
    /// Whether what is looked for is in it, and whether it is the hit that was gone to last.
    is_hit: bool,
    is_last_hit: bool,
}

impl Row {
    /// Where the mark stands that points at it.
    fn pointer(&self) -> Option<usize> {
        let at = self.text.len() - self.text.trim_start().len();
        self.text.trim_start().starts_with("> ").then_some(at)
    }
}

fn drawn((width, height): (u16, u16), theme: &Theme, draw: impl FnOnce(&mut Canvas<'_>, Rect)) -> Vec<Row> {
    let area = Rect::new(0, 0, width, height);
    let mut buffer = Buffer::empty(area);
    let mut canvas = Canvas::new(&mut buffer, theme);
    draw(&mut canvas, area);
    let edges = canvas.edges();
    let mut rows: Vec<Row> = (0..height).map(|y| row(&buffer, y, theme)).collect();
    for (y, said) in edges {
        if let Some(row) = rows.get_mut(usize::from(y)) {
            row.text = said;
        }
    }
    rows
}

fn row(buffer: &Buffer, y: u16, theme: &Theme) -> Row {
    let mut drawn = String::new();
    let (mut is_hit, mut is_last_hit) = (false, false);
    let last_hit = theme.role(Role::Cursor);
    let mut x = 0;
    while let Some(cell) = buffer.cell((x, y)) {
        drawn.push_str(cell.symbol());
        if cell.modifier.contains(Modifier::UNDERLINED) {
            is_hit = true;
            is_last_hit |= cell.modifier.contains(last_hit.add_modifier) && last_hit.bg.is_none_or(|ground| cell.bg == ground);
        }
        x += u16::try_from(display_width(cell.symbol()).max(1)).unwrap_or(1);
    }
    // Lines, corners and blocks: frames, rules, and where in a list the screen is.
    let is_of_frame = |character: char| ('\u{2500}'..='\u{259f}').contains(&character);
    let is_edge = drawn.contains(['┌', '└', '╭', '╰']);
    Row { text: drawn.replace(is_of_frame, " "), is_edge, is_hit, is_last_hit }
}

/// Where the lines are that can be chosen: those around the one that is pointed at, up to a gap, the frame, or a heading, which begins
/// where the mark of the others stands.
fn choices(rows: &[Row]) -> Vec<usize> {
    let pointed = rows.iter().enumerate().find_map(|(at, row)| Some((at, row.pointer()?)));
    let Some((pointed, mark)) = pointed else { return Vec::new() };
    let is_one = |at: &usize| {
        let has_room_for_mark = |row: &Row| matches!(row.text.as_bytes().get(mark), Some(b' ' | b'>'));
        rows.get(*at).is_some_and(|row| !row.is_edge && !row.text.trim().is_empty() && has_room_for_mark(row))
    };
    let before = (0..pointed).rev().take_while(is_one).count();
    let after = (pointed..rows.len()).take_while(is_one).count();
    (pointed - before..pointed + after).collect()
}

/// The name of the page among those of all: `[2 Sessions]`.
fn shown_tab(tabs: &str) -> String {
    let shown = tabs.split_once('[').and_then(|(_, rest)| rest.split_once(']')).map_or(tabs, |(shown, _)| shown);
    shown.trim_start_matches(|character: char| character.is_ascii_digit()).trim().to_owned()
}

/// A line as one listens to it: marks as words, columns with a comma between.
fn spoken(line: &str, world: &World) -> String {
    let mut text = String::new();
    for part in line.split("  ").map(str::trim).filter(|part| !part.is_empty()) {
        let has_mark = text.is_empty() || text.ends_with([',', '.', ':', ';']);
        let gap = if text.is_empty() { "" } else { " " };
        text = format!("{text}{}{gap}{part}", if has_mark { "" } else { "," });
    }
    for (mark, key) in [('✓', "plain-works"), ('✗', "plain-fails"), ('●', ""), ('○', ""), ('◐', ""), ('◑', ""), ('×', "")]
    {
        if text.contains(mark) {
            let word = if key.is_empty() { String::new() } else { format!("{}: ", world.say(key)) };
            text = text.replace(&format!("{mark} "), &word).replace(mark, word.trim_end_matches(": "));
        }
    }
    text
}
