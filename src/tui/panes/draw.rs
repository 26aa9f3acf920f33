//! Both panes as a picture.

use ratatui::Frame;
use ratatui::layout::Rect;

use super::{Edge, Pane, Panes};
use crate::columns::Tone;
use crate::files::shown;
use crate::model::display_width;
use crate::text::size;
use crate::tui::canvas::{Canvas, cut};
use crate::tui::theme::{Role, Theme};

/// Less than this shows no panes.
const LEAST: (u16, u16) = (40, 8);

/// The keys that are told, and the words for what they do.
const HINTS: [(&str, &str); 8] = [
    ("Tab", "panes-hint-other"),
    ("Enter", "panes-hint-open"),
    ("h", "panes-hint-up"),
    ("Space", "panes-hint-mark"),
    ("c", "panes-hint-copy"),
    ("Esc", "panes-hint-stop"),
    ("?", "hint-help"),
    ("q", "panes-hint-leave"),
];

/// Draw the whole screen.
pub fn draw(frame: &mut Frame<'_>, panes: &Panes, theme: &Theme) {
    let area = frame.area();
    let mut canvas = Canvas::new(frame.buffer_mut(), theme);
    if area.width < LEAST.0 || area.height < LEAST.1 {
        let values =
            [("size", format!("{}×{}", area.width, area.height).into()), ("least", format!("{}×{}", LEAST.0, LEAST.1).into())];
        let text = panes.say("too-small", &values);
        canvas.put(area.x, area.y + area.height / 2, area.width, &text, canvas.role(Role::Text));
        canvas.lay_ground();
        return;
    }
    let half = area.width / 2;
    let height = area.height - 2;
    pane(&mut canvas, Rect { width: half, height, ..area }, panes, Edge::Left);
    pane(&mut canvas, Rect { x: area.x + half, width: area.width - half, height, ..area }, panes, Edge::Right);
    let hints = HINTS.map(|(key, word)| format!("{key} {}", panes.say(word, &[]))).join("  ");
    message(&mut canvas, Rect { y: area.bottom() - 2, height: 1, ..area }, panes);
    canvas.put_hints(area.x + 1, area.bottom() - 1, area.width - 2, &hints);
    if let Some(help) = &panes.help {
        help.draw(&mut canvas, area, &panes.text);
    }
    canvas.lay_ground();
}

fn pane(canvas: &mut Canvas<'_>, area: Rect, panes: &Panes, edge: Edge) {
    let pane: &Pane = panes.pane(edge);
    let is_active = panes.active == edge;
    canvas.focus(is_active && panes.question.is_none() && panes.help.is_none());
    let room = area.width.saturating_sub(10);
    let path = shown(&pane.path).shown();
    let own = u16::try_from(display_width(&pane.head)).unwrap_or(u16::MAX);
    // Of a long path its end says where we are.
    let title = format!("{}  {}", pane.head, last_of(&path, room.saturating_sub(own.saturating_add(2))));
    let count = match pane.marked.len() {
        0 => String::new(),
        count => panes.say("panes-marked", &[("count", count.to_string().into())]),
    };
    let inside = canvas.frame(area, cut(&title, room, "…").trim_end(), &count, "");
    let rows = usize::from(inside.height);
    let top = pane.cursor.saturating_sub(rows / 2).min(pane.entries.len().saturating_sub(rows));
    if pane.entries.is_empty() {
        let key = if pane.is_waiting { "panes-loading" } else { "panes-empty" };
        let mark = if is_active { "> " } else { "  " };
        canvas.put(inside.x, inside.y, 2, mark, canvas.role(Role::Text));
        canvas.put(inside.x + 3, inside.y, inside.width.saturating_sub(3), &panes.say(key, &[]), canvas.role(Role::Faint));
    }
    for (at, (y, entry)) in (inside.y..inside.bottom()).zip(pane.entries.iter().skip(top)).enumerate() {
        let is_cursor = top + at == pane.cursor;
        let mark = match (is_cursor && is_active, pane.marked.contains(&entry.name)) {
            (true, true) => ">*",
            (true, false) => "> ",
            (false, true) => " *",
            (false, false) => "  ",
        };
        let amount = if entry.kind == crate::files::Kind::File { size(entry.size) } else { String::new() };
        let end = inside.right().saturating_sub(1);
        let style = canvas.role(Role::Text);
        canvas.put(inside.x, y, 2, mark, style);
        let from = canvas.put(inside.x + 3, y, inside.width.saturating_sub(15), &entry.shown(), style);
        canvas.put_right(from.min(end), end, y, &amount, canvas.role(Role::Faint));
        if is_cursor && is_active {
            canvas.lay(Rect { y, height: 1, ..inside }, canvas.role(Role::Cursor));
        }
    }
    canvas.scroll_mark_beside(inside, top, pane.entries.len());
}

fn message(canvas: &mut Canvas<'_>, line: Rect, panes: &Panes) {
    let (x, room) = (line.x + 1, line.width.saturating_sub(2));
    if let Some(question) = &panes.question {
        canvas.put(x, line.y, room, &question.sentence, canvas.role(Role::Focus));
        return;
    }
    if let Some((tally, pace)) = &panes.copying {
        let percent = tally.bytes_done.saturating_mul(100).checked_div(tally.bytes).unwrap_or(0).min(100);
        let values = [
            ("percent", percent.to_string().into()),
            ("done", size(tally.bytes_done).into()),
            ("all", size(tally.bytes).into()),
            ("rate", size(pace.map_or(0, |pace| pace.rate)).into()),
            ("files", tally.files_done.to_string().into()),
            ("of", tally.files.to_string().into()),
        ];
        canvas.put(x, line.y, room, &panes.say("copy-progress", &values), canvas.role(Role::Text));
        return;
    }
    if let Some((words, is_wrong)) = &panes.said {
        canvas.put_toned(x, line.y, room, words, if *is_wrong { Tone::Bad } else { Tone::Good });
    }
}

/// The last of a text that has room in so many columns.
fn last_of(text: &str, room: u16) -> String {
    if display_width(text) <= usize::from(room) {
        return text.to_owned();
    }
    let mut kept = String::new();
    for letter in text.chars().rev() {
        let longer = format!("{letter}{kept}");
        if display_width(&longer) + 1 > usize::from(room) {
            break;
        }
        kept = longer;
    }
    format!("…{kept}")
}
