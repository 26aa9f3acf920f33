//! A table for people: columns as wide as their widest cell, colours only where they are wanted.

use std::io::{self, Write};

use crate::columns::{self, Tone};
use crate::model::{Untrusted, display_width};
use crate::tui::ascii;

/// No cell is wider: a name may have ten kilobytes.
const WIDEST: usize = 60;
const GAP: usize = 2;

/// One cell, fit for a screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    text: String,
    tone: Tone,
}

impl Cell {
    /// A cell of a text that has passed the gate already.
    pub fn new(shown: impl Into<String>, tone: Tone) -> Self {
        let text: String = shown.into();
        let text = if display_width(&text) > WIDEST { Untrusted::from(text).shown_in(WIDEST) } else { text };
        Self { text, tone }
    }

    /// A cell without a meaning of its own.
    pub fn plain(shown: impl Into<String>) -> Self {
        Self::new(shown, Tone::Plain)
    }

    /// A cell of a column.
    pub fn of(cell: columns::Cell) -> Self {
        Self::new(cell.text, cell.tone)
    }

    /// A cell of foreign text.
    pub fn foreign(text: &Untrusted) -> Self {
        Self { text: text.shown_in(WIDEST), tone: Tone::Plain }
    }
}

/// Rows under a head.
#[derive(Debug, Clone, Default)]
pub struct Table {
    head: Vec<String>,
    rows: Vec<Vec<Cell>>,
}

impl Table {
    /// An empty one.
    pub fn new(head: Vec<String>) -> Self {
        Self { head, rows: Vec::new() }
    }

    /// One more row.
    pub fn push(&mut self, row: Vec<Cell>) {
        self.rows.push(row);
    }

    /// The same with marks in their ASCII form.
    #[must_use]
    pub fn in_ascii(mut self) -> Self {
        for cell in self.rows.iter_mut().flatten() {
            cell.text = ascii(&cell.text).into_owned();
        }
        self
    }

    /// Write it. Lines are cut at `width` columns, if there is a limit.
    pub fn write(&self, out: &mut dyn Write, width: Option<usize>, colour: bool) -> io::Result<()> {
        let widths = self.widths();
        let head: Vec<Cell> = self.head.iter().map(|title| Cell::plain(title.clone())).collect();
        for row in std::iter::once(&head).chain(&self.rows) {
            write_row(out, row, &widths, width.unwrap_or(usize::MAX), colour)?;
        }
        Ok(())
    }

    fn widths(&self) -> Vec<usize> {
        let mut widths: Vec<usize> = self.head.iter().map(|title| display_width(title)).collect();
        for row in &self.rows {
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = (*width).max(display_width(&cell.text));
            }
        }
        widths
    }
}

fn write_row(out: &mut dyn Write, row: &[Cell], widths: &[usize], limit: usize, colour: bool) -> io::Result<()> {
    let mut written = 0;
    let mut owed = 0;
    for (cell, width) in row.iter().zip(widths) {
        // Spaces are written only before something, so that no line ends in them.
        if written + owed >= limit {
            break;
        }
        let room = limit - written - owed;
        let cut =
            if display_width(&cell.text) > room { Untrusted::from(cell.text.as_str()).shown_in(room) } else { cell.text.clone() };
        if !cut.is_empty() {
            write!(out, "{:owed$}", "")?;
            written += owed;
            owed = 0;
            write_cell(out, &cut, cell.tone, colour)?;
        }
        let wide = display_width(&cut);
        written += wide;
        owed += width.saturating_sub(wide) + GAP;
    }
    writeln!(out)
}

fn write_cell(out: &mut dyn Write, text: &str, tone: Tone, colour: bool) -> io::Result<()> {
    let code = match tone {
        _ if !colour => None,
        Tone::Plain => None,
        Tone::Good => Some("32"),
        Tone::Problem => Some("33"),
        Tone::Bad => Some("1;31"),
        Tone::Unknown => Some("36"),
        Tone::Faint => Some("2"),
    };
    match code {
        Some(code) => write!(out, "\x1b[{code}m{text}\x1b[0m"),
        None => write!(out, "{text}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        let mut table = Table::new(["NAME", "STATE", "IP"].map(str::to_owned).to_vec());
        table.push(vec![Cell::plain("결제-api-1"), Cell::new("● running", Tone::Good), Cell::plain("10.0.3.14")]);
        table.push(vec![Cell::plain("web"), Cell::new("○ stopped", Tone::Faint), Cell::plain("")]);
        table
    }

    fn written(width: Option<usize>, colour: bool) -> String {
        let mut bytes = Vec::new();
        table().write(&mut bytes, width, colour).unwrap();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn columns_are_straight_by_display_width_and_lines_end_in_no_space() {
        assert_eq!(written(None, false), "NAME        STATE      IP\n결제-api-1  ● running  10.0.3.14\nweb         ○ stopped\n");
    }

    #[test]
    fn lines_are_cut_at_the_terminals_width() {
        assert!(written(Some(20), false).lines().all(|line| display_width(line) <= 20));
        assert!(written(Some(20), false).contains("● runni…"), "{}", written(Some(20), false));
    }

    #[test]
    fn colours_are_only_there_if_they_are_wanted() {
        assert!(written(None, true).contains("\x1b[32m● running\x1b[0m"));
        assert!(!written(None, false).contains('\x1b'));
    }

    #[test]
    fn a_long_name_is_cut() {
        assert_eq!(display_width(&Cell::foreign(&"x".repeat(10_000).into()).text), WIDEST);
    }
}
