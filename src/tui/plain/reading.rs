//! What a dialog draws, read out: its lines without frame and marks, and its choices numbered.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::model::display_width;
use crate::tui::canvas::Canvas;
use crate::tui::draw::preview_on;
use crate::tui::keymap::Page;
use crate::tui::state::State;
use crate::tui::theme::Theme;
use crate::tui::world::World;

/// The screen that nobody sees: wide enough for every box, high enough for what they hold.
pub const SCREEN: (u16, u16) = (120, 240);

/// The topmost dialog.
pub struct Reading {
    /// Its lines.
    pub lines: Vec<String>,
    /// How many things it lets one choose from.
    pub choices: usize,
    /// Whether text is typed in it now.
    pub is_typed_in: bool,
}

/// Read the topmost dialog.
pub fn dialog(state: &State, theme: &Theme) -> Reading {
    let mut is_typed_in = false;
    let mut is_of_picker = false;
    let rows = drawn(SCREEN.1, theme, |canvas, area| {
        if let Some(overlay) = state.overlays.last() {
            is_typed_in = overlay.draw(canvas, area, &state.world).is_some();
            is_of_picker = overlay.page() == Page::Picker;
        }
    });
    let choices = choices(&rows);
    let mut number = 0;
    let mut lines = Vec::new();
    for (at, row) in rows.iter().enumerate() {
        let is_choice = choices.contains(&at);
        let pointed = row.text.trim_start().strip_prefix("> ");
        let mut text = spoken(pointed.unwrap_or(&row.text), &state.world);
        if text.is_empty() {
            continue;
        }
        if is_choice {
            number += 1;
            // The ways in bear their numbers already.
            let own = text.strip_prefix(&number.to_string()).map(str::trim_start).filter(|_| is_of_picker);
            text = format!("{number}. {}", own.unwrap_or(&text));
            if pointed.is_some() {
                text = state.world.say_with("plain-chosen", [("what", &text)]);
            }
        }
        lines.push(text);
    }
    Reading { lines, choices: choices.len(), is_typed_in }
}

/// What the dashboard tells of the row under the cursor, without its heading.
pub fn preview(state: &State, theme: &Theme) -> Vec<String> {
    let rows = drawn(5, theme, |canvas, area| preview_on(canvas, area, state));
    rows.iter().skip(1).map(|row| spoken(&row.text, &state.world)).filter(|text| !text.is_empty()).collect()
}

/// A line of a picture.
struct Row {
    text: String,
    /// Whether the upper or lower edge of a frame runs through it.
    is_edge: bool,
}

fn drawn(height: u16, theme: &Theme, draw: impl FnOnce(&mut Canvas<'_>, Rect)) -> Vec<Row> {
    let area = Rect::new(0, 0, SCREEN.0, height);
    let mut buffer = Buffer::empty(area);
    draw(&mut Canvas::new(&mut buffer, theme), area);
    (0..height).map(|y| row(&buffer, y)).collect()
}

fn row(buffer: &Buffer, y: u16) -> Row {
    let mut drawn = String::new();
    let mut x = 0;
    while let Some(cell) = buffer.cell((x, y)) {
        drawn.push_str(cell.symbol());
        x += u16::try_from(display_width(cell.symbol()).max(1)).unwrap_or(1);
    }
    // Lines, corners and blocks: frames, rules, and where in a list the screen is.
    let is_of_frame = |character: char| ('\u{2500}'..='\u{259f}').contains(&character);
    let is_edge = drawn.contains(['┌', '└', '╭', '╰']);
    Row { text: drawn.replace(is_of_frame, " "), is_edge }
}

/// Where the lines are that can be chosen: those around the one that is pointed at, up to a gap or the frame.
fn choices(rows: &[Row]) -> Vec<usize> {
    let Some(pointed) = rows.iter().position(|row| row.text.trim_start().starts_with("> ")) else { return Vec::new() };
    let is_one = |at: &usize| rows.get(*at).is_some_and(|row| !row.is_edge && !row.text.trim().is_empty());
    let before = (0..pointed).rev().take_while(is_one).count();
    let after = (pointed..rows.len()).take_while(is_one).count();
    (pointed - before..pointed + after).collect()
}

/// A line as one listens to it: marks as words, columns with a comma between.
fn spoken(line: &str, world: &World) -> String {
    let parts = line.split("  ").map(str::trim).filter(|part| !part.is_empty());
    let mut text = parts.collect::<Vec<_>>().join(", ");
    for (mark, key) in [('✓', "plain-works"), ('✗', "plain-fails"), ('●', ""), ('○', ""), ('◐', ""), ('◑', ""), ('×', "")]
    {
        if text.contains(mark) {
            let word = if key.is_empty() { String::new() } else { format!("{}: ", world.say(key)) };
            text = text.replace(&format!("{mark} "), &word).replace(mark, word.trim_end_matches(": "));
        }
    }
    text
}
