//! Text onto the screen's cells: cut by display width, never past its place, in ASCII marks where asked.

use std::borrow::Cow;

use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Rect;
use ratatui::style::Style;
use unicode_segmentation::UnicodeSegmentation;

use super::glyphs;
use super::theme::{Role, Theme};
use crate::columns::Tone;
use crate::model::display_width;

/// The cells of one frame and how roles look on them. Every text must be fit for a screen already.
pub struct Canvas<'a> {
    buffer: &'a mut Buffer,
    theme: &'a Theme,
    /// Whether what is drawn now takes the keys.
    has_focus: bool,
    /// What the edges of frames say, whole, and in which line.
    edges: Vec<(u16, String)>,
}

/// A piece of a line with its style.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// What is said.
    pub text: String,
    /// How it looks.
    pub style: Style,
}

impl<'a> Canvas<'a> {
    /// A canvas over a frame's cells.
    pub fn new(buffer: &'a mut Buffer, theme: &'a Theme) -> Self {
        Self { buffer, theme, has_focus: true, edges: Vec::new() }
    }

    /// Say whether what is drawn from now on takes the keys.
    pub fn focus(&mut self, has_focus: bool) {
        self.has_focus = has_focus;
    }

    /// What the edges of the frames say, each with its line: on the screen it may be cut.
    pub fn edges(self) -> Vec<(u16, String)> {
        self.edges
    }

    /// How a part of the screen looks. What does not take the keys has no accent.
    pub fn role(&self, role: Role) -> Style {
        match role {
            Role::Focus if !self.has_focus => self.theme.role(Role::Heading),
            role => self.theme.role(role),
        }
    }

    /// How a cell of this tone looks.
    pub fn tone(&self, tone: Tone) -> Style {
        self.theme.tone(tone)
    }

    /// The text as this screen can draw it: in ASCII marks where asked. Measure this, not the original.
    pub fn drawn<'t>(&self, text: &'t str) -> Cow<'t, str> {
        if self.theme.unicode { Cow::Borrowed(text) } else { glyphs::ascii(text) }
    }

    /// Columns that a text takes on this screen.
    pub fn width(&self, text: &str) -> u16 {
        width(&self.drawn(text))
    }

    /// Write `text` at `x`,`y`, at most `room` columns, cut with `…`. Returns the column after it.
    pub fn put(&mut self, x: u16, y: u16, room: u16, text: &str, style: Style) -> u16 {
        let area = self.buffer.area;
        if y < area.top() || y >= area.bottom() || x < area.left() || x >= area.right() {
            return x;
        }
        let room = room.min(area.right() - x);
        let drawn = self.drawn(text);
        let fitting = cut(&drawn, room, if self.theme.unicode { "…" } else { "~" });
        // What lay here before must not shine through: a heading over a dim line is not dim.
        let (after, _) = self.buffer.set_stringn(x, y, &*fitting, usize::from(room), Style::reset().patch(style));
        after
    }

    /// Write pieces one after the other within `room` columns.
    pub fn put_all(&mut self, x: u16, y: u16, room: u16, pieces: &[Piece]) -> u16 {
        let end = x.saturating_add(room);
        let mut at = x;
        for piece in pieces {
            if at >= end {
                break;
            }
            let is_cut = self.width(&piece.text) > end - at;
            at = self.put(at, y, end - at, &piece.text, piece.style);
            // Before a wide letter that had no room a column may be left: nothing more belongs there.
            if is_cut {
                break;
            }
        }
        at
    }

    /// Write a text with its tone. Healthy is quiet: of what is good only the mark before it has its colour.
    pub fn put_toned(&mut self, x: u16, y: u16, room: u16, text: &str, tone: Tone) -> u16 {
        let style = self.tone(tone);
        match text.split_once(' ').filter(|_| tone == Tone::Good) {
            Some((mark, rest)) => {
                let rest = piece(format!(" {rest}"), self.role(Role::Text));
                self.put_all(x, y, room, &[piece(mark, style), rest])
            }
            None => self.put(x, y, room, text, style),
        }
    }

    /// Write hints, as `World::hints` joins them: two blanks apart, the key of each before its first blank. The words are faint.
    pub fn put_hints(&mut self, x: u16, y: u16, room: u16, hints: &str) -> u16 {
        let (key, words) = (self.role(Role::Key), self.role(Role::Faint));
        let mut pieces = Vec::new();
        for (at, hint) in hints.split("  ").enumerate() {
            let gap = if at == 0 { "" } else { "  " };
            match hint.split_once(' ') {
                Some((own, rest)) => pieces.extend([piece(format!("{gap}{own}"), key), piece(format!(" {rest}"), words)]),
                None => pieces.push(piece(format!("{gap}{hint}"), words)),
            }
        }
        self.put_all(x, y, room, &pieces)
    }

    /// Write `text` so that it ends before `end`, if it fits after `from`. Returns where it begins, or `end`.
    pub fn put_right(&mut self, from: u16, end: u16, y: u16, text: &str, style: Style) -> u16 {
        let wide = self.width(text);
        let Some(x) = end.checked_sub(wide).filter(|x| *x >= from) else { return end };
        self.put(x, y, wide, text, style);
        x
    }

    /// A line across.
    pub fn rule(&mut self, x: u16, y: u16, room: u16) {
        let style = self.role(Role::Frame);
        let line = "─".repeat(usize::from(room));
        self.put(x, y, room, &line, style);
    }

    /// Where in a list of `total` lines the screen is, whose first line here is `first`: a mark on `edge`, a column as high as what is
    /// shown. Nothing where all of it is shown.
    pub fn scroll_mark(&mut self, edge: Rect, first: usize, total: usize) {
        let shown = usize::from(edge.height);
        let Some(hidden) = total.checked_sub(shown).filter(|hidden| *hidden > 0 && shown > 0) else { return };
        let long = (shown * shown / total).max(1);
        let room = shown - long;
        // At the very edges only where nothing lies beyond them.
        let from = match first.min(hidden) {
            0 => 0,
            first if first == hidden => room,
            first => (first * room / hidden).clamp(1.min(room), room.saturating_sub(1).max(1.min(room))),
        };
        let style = self.role(Role::Frame);
        for y in (edge.top()..edge.bottom()).skip(from).take(long) {
            self.put(edge.x, y, 1, "┃", style);
        }
    }

    /// The same on the right edge of the frame around `inside`.
    pub fn scroll_mark_beside(&mut self, inside: Rect, first: usize, total: usize) {
        self.scroll_mark(Rect { x: inside.right() + 1, width: 1, ..inside }, first, total);
    }

    /// What stands somewhere now.
    pub fn cells(&self, area: Rect) -> Vec<Cell> {
        area.intersection(self.buffer.area).positions().filter_map(|position| self.buffer.cell(position).cloned()).collect()
    }

    /// Empty an area.
    pub fn wipe(&mut self, area: Rect) {
        let area = area.intersection(self.buffer.area);
        for y in area.top()..area.bottom() {
            self.put_blank(area.x, y, area.width);
        }
        self.buffer.set_style(area, Style::reset());
    }

    /// Lay a style over an area. Plain text on a ground that is laid takes the theme's colour for it: the terminal's own is made for
    /// another ground.
    pub fn lay(&mut self, area: Rect, style: Style) {
        let area = area.intersection(self.buffer.area);
        self.buffer.set_style(area, style);
        let is_ground = style.bg.is_some() && style.bg != Style::reset().bg;
        if let Some(text) = self.theme.text_on_ground().filter(|_| is_ground) {
            self.restyle(area, has_no_ink, |cell| cell.fg = text);
        }
    }

    /// The ground below everything that has none yet, if the theme paints one. The last thing to be drawn.
    pub fn lay_ground(&mut self) {
        let (text, ground) = self.theme.paint();
        let all = self.buffer.area;
        if let Some(text) = text {
            self.restyle(all, has_no_ink, |cell| cell.fg = text);
        }
        if let Some(ground) = ground {
            self.restyle(all, |cell| Some(cell.bg) == Style::reset().bg, |cell| cell.bg = ground);
        }
    }

    fn restyle(&mut self, area: Rect, which: impl Fn(&Cell) -> bool, how: impl Fn(&mut Cell)) {
        for position in area.positions() {
            if let Some(cell) = self.buffer.cell_mut(position).filter(|cell| which(cell)) {
                how(cell);
            }
        }
    }

    /// A frame with a title in its upper edge, hints in its lower one, and nothing inside. Returns the inside.
    pub fn frame(&mut self, area: Rect, title: &str, aside: &str, hints: &str) -> Rect {
        let area = area.intersection(self.buffer.area);
        self.mend_left_edge(area);
        self.wipe(area);
        if area.width < 4 || area.height < 3 {
            return Rect::default();
        }
        let (style, heading) = (self.role(Role::Frame), self.role(Role::Focus));
        let (left, right, bottom) = (area.left(), area.right() - 1, area.bottom() - 1);
        self.rule(left, area.top(), area.width);
        self.rule(left, bottom, area.width);
        for (x, y, corner) in [(left, area.top(), "┌"), (right, area.top(), "┐"), (left, bottom, "└"), (right, bottom, "┘")]
        {
            self.put(x, y, 1, corner, style);
        }
        for y in area.top() + 1..bottom {
            self.put(left, y, 1, "│", style);
            self.put(right, y, 1, "│", style);
        }
        self.edges.extend([(area.top(), format!("{title}  {aside}")), (bottom, hints.to_owned())]);
        let room = area.width.saturating_sub(6);
        let after = self.put_edge(left + 2, area.top(), room, title, heading);
        if !aside.is_empty() {
            self.put_right(after + 2, right - 1, area.top(), &format!(" {aside} "), style);
        }
        if !hints.is_empty() {
            let wide = self.width(hints).min(room.saturating_sub(2));
            let after = self.put_hints(left + 3, bottom, wide, hints);
            for x in [left + 2, after] {
                self.put(x, bottom, 1, " ", style);
            }
        }
        Rect { x: left + 2, y: area.top() + 1, width: area.width - 4, height: area.height - 2 }
    }

    fn put_edge(&mut self, x: u16, y: u16, room: u16, text: &str, style: Style) -> u16 {
        if text.is_empty() {
            return x;
        }
        let wide = self.width(text).min(room.saturating_sub(2));
        let after = self.put(x + 1, y, wide, text, style);
        self.put(x, y, 1, " ", style);
        self.put(after, y, 1, " ", style)
    }

    /// A wide character half covered by a frame must go as a whole, or the line would be a column short.
    fn mend_left_edge(&mut self, area: Rect) {
        let Some(x) = area.left().checked_sub(1) else { return };
        for y in area.top()..area.bottom() {
            if let Some(cell) = self.buffer.cell_mut((x, y))
                && display_width(cell.symbol()) > 1
            {
                cell.set_symbol(" ");
            }
        }
    }

    fn put_blank(&mut self, x: u16, y: u16, room: u16) {
        for x in x..x.saturating_add(room) {
            if let Some(cell) = self.buffer.cell_mut((x, y)) {
                cell.reset();
            }
        }
    }
}

/// Whether a cell is drawn in the terminal's own colour for text.
fn has_no_ink(cell: &Cell) -> bool {
    Some(cell.fg) == Style::reset().fg
}

/// A piece of a line.
pub fn piece(text: impl Into<String>, style: Style) -> Piece {
    Piece { text: text.into(), style }
}

/// Columns that a text takes.
pub fn width(text: &str) -> u16 {
    u16::try_from(display_width(text)).unwrap_or(u16::MAX)
}

/// At most `room` columns, cut with `ellipsis`, never splitting what a terminal draws as one.
pub fn cut<'t>(text: &'t str, room: u16, ellipsis: &str) -> Cow<'t, str> {
    if width(text) <= room {
        return Cow::Borrowed(text);
    }
    let Some(keep) = room.checked_sub(width(ellipsis)) else { return Cow::Borrowed("") };
    let mut kept = String::new();
    let mut wide = 0;
    for cluster in text.graphemes(true) {
        wide += width(cluster);
        if wide > keep {
            break;
        }
        kept.push_str(cluster);
    }
    kept.push_str(ellipsis);
    Cow::Owned(kept)
}

/// The text in lines of at most `room` columns, broken at spaces where there are any.
pub fn wrapped(text: &str, room: u16) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split(' ') {
        let gap = u16::from(!line.is_empty());
        if width(&line) + gap + width(word) > room && !line.is_empty() {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        for cluster in word.graphemes(true) {
            if width(&line) + width(cluster) > room && !line.is_empty() {
                lines.push(std::mem::take(&mut line));
            }
            line.push_str(cluster);
        }
    }
    lines.push(line);
    lines
}

/// A text padded with spaces to at least `columns`.
pub fn padded(text: &str, columns: usize) -> String {
    format!("{text}{}", " ".repeat(columns.saturating_sub(display_width(text))))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::config::Ui;
    use crate::tui::look::Look;

    #[test]
    fn a_check_mark_takes_two_columns_in_ascii_and_is_measured_so() {
        let theme = Theme::new(&Ui::default(), &Look { unicode: false, ..Look::default() });
        let mut buffer = Buffer::empty(Rect::new(0, 0, 12, 1));
        let mut canvas = Canvas::new(&mut buffer, &theme);

        assert_eq!(canvas.width("✓ online"), 9);
        canvas.put(0, 0, 8, "✓ online", Style::new());

        assert_eq!(buffer, Buffer::with_lines(["ok onli~    "]));
    }

    #[test]
    fn a_line_is_cut_once() {
        let theme = Theme::new(&Ui::default(), &Look::default());
        let mut buffer = Buffer::empty(Rect::new(0, 0, 8, 1));

        let pieces = ["에이전트 무응답", "   ", "✓ ssh"].map(|text| piece(text.to_owned(), Style::new()));
        Canvas::new(&mut buffer, &theme).put_all(0, 0, 8, &pieces);

        assert_eq!(buffer, Buffer::with_lines(["에이전… "]));
    }

    #[test]
    fn the_scroll_mark_is_at_an_edge_only_where_nothing_lies_beyond() {
        let theme = Theme::new(&Ui::default(), &Look::default());
        let marked = |first, height, total| {
            let mut buffer = Buffer::empty(Rect::new(0, 0, 1, height));
            Canvas::new(&mut buffer, &theme).scroll_mark(Rect::new(0, 0, 1, height), first, total);
            buffer.content().iter().map(|cell| if cell.symbol() == "┃" { '#' } else { '.' }).collect::<String>()
        };

        for (first, height, total, expected) in [
            (0, 8, 8, "........"),
            (0, 8, 0, "........"),
            (0, 8, 16, "####...."),
            (1, 8, 16, ".####..."),
            (4, 8, 16, "..####.."),
            (7, 8, 16, "...####."),
            (8, 8, 16, "....####"),
            (99, 8, 16, "....####"),
            (1, 4, 50_000, ".#.."),
            (49_995, 4, 50_000, "..#."),
            (49_996, 4, 50_000, "...#"),
            (1, 1, 3, "#"),
            (1, 0, 3, ""),
            (1, 2, 4, ".#"),
        ] {
            assert_eq!(marked(first, height, total), expected, "{first} {height} {total}");
        }
    }

    proptest! {
        #[test]
        fn a_cut_text_is_never_too_wide(text in "\\PC{0,40}", room in 0_u16..20) {
            prop_assert!(width(&cut(&text, room, "…")) <= room);
        }

        #[test]
        fn wrapped_lines_fit(text in "[a-z가-힣 ]{0,60}", room in 2_u16..20) {
            for line in wrapped(&text, room) {
                prop_assert!(width(&line) <= room);
            }
        }
    }
}
