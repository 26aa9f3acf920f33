//! A screen as an SVG: its texts and its grounds, each where a terminal would draw it.

use std::fmt::Write as _;

use ratatui::buffer::{Buffer, Cell};
use ratatui::style::{Color, Modifier};

use crate::model::display_width;

/// What a column and a line take.
const CELL: (u16, u16) = (8, 17);
/// From the top of a line to the feet of its letters.
const FEET: u16 = 13;
/// Around the screen.
const MARGIN: u16 = 12;

/// Plain text and the ground of a terminal, as `#rrggbb`.
pub struct Terminal {
    pub text: &'static str,
    pub ground: &'static str,
}

/// Cells side by side that look alike.
#[derive(PartialEq)]
struct Style {
    ink: String,
    ground: Option<String>,
    is_bold: bool,
    is_dim: bool,
}

/// The picture of a screen, `title` for who cannot see it. Every text has the width of its cells, whatever font draws it.
pub fn svg(buffer: &Buffer, terminal: &Terminal, title: &str) -> String {
    let area = buffer.area;
    let (wide, high) = (area.width * CELL.0 + 2 * MARGIN, area.height * CELL.1 + 2 * MARGIN);
    let (mut grounds, mut texts) = (String::new(), String::new());
    for y in 0..area.height {
        let mut x = 0;
        while x < area.width {
            let style = style(&buffer[(x, y)], terminal);
            let from = x;
            let mut text = String::new();
            // What is two columns wide stands alone: fonts differ in how wide they draw it.
            let is_wide = display_width(buffer[(x, y)].symbol()) > 1;
            while x < area.width && self::style(&buffer[(x, y)], terminal) == style {
                let symbol = buffer[(x, y)].symbol();
                let columns = u16::try_from(display_width(symbol).max(1)).unwrap();
                if x > from && (is_wide || columns > 1) {
                    break;
                }
                text.push_str(symbol);
                x += columns;
            }
            if let Some(ground) = &style.ground {
                let (left, top, width, height) = (px(from), py(y), (x - from) * CELL.0, CELL.1);
                writeln!(grounds, r#"<rect x="{left}" y="{top}" width="{width}" height="{height}" fill="{ground}"/>"#).unwrap();
            }
            put(&mut texts, from, y, &text, &style);
        }
    }
    let Terminal { text, ground } = terminal;
    let title = escaped(title);
    format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}" width="{wide}" height="{high}" role="img" aria-label="{title}">
<title>{title}</title>
<style>text{{font:13.3px ui-monospace,"SF Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace;white-space:pre;fill:{text}}}.b{{font-weight:bold}}.d{{opacity:.6}}</style>
<rect width="{wide}" height="{high}" rx="8" fill="{ground}"/>
{grounds}{texts}</svg>
"#
    )
}

/// A text without the blanks around it; blanks of some length within it end a piece.
fn put(texts: &mut String, from: u16, y: u16, text: &str, style: &Style) {
    let mut x = from;
    for piece in text.split_inclusive("   ") {
        let columns = u16::try_from(display_width(piece)).unwrap();
        let drawn = piece.trim();
        if !drawn.is_empty() {
            let before = u16::try_from(display_width(piece) - display_width(piece.trim_start())).unwrap();
            let length = u16::try_from(display_width(drawn)).unwrap() * CELL.0;
            let class = [(style.is_bold, "b"), (style.is_dim, "d")].into_iter().filter(|(is_so, _)| *is_so).map(|(_, name)| name);
            let class = class.collect::<Vec<_>>().join(" ");
            let class = if class.is_empty() { class } else { format!(r#" class="{class}""#) };
            let fill = if style.ink.is_empty() { String::new() } else { format!(r#" style="fill:{}""#, style.ink) };
            writeln!(
                texts,
                r#"<text x="{}" y="{}" textLength="{length}" lengthAdjust="spacingAndGlyphs"{class}{fill}>{}</text>"#,
                px(x + before),
                py(y) + FEET,
                escaped(drawn)
            )
            .unwrap();
        }
        x += columns;
    }
}

fn style(cell: &Cell, terminal: &Terminal) -> Style {
    let is_reversed = cell.modifier.contains(Modifier::REVERSED);
    let (ink, ground) = (rgb(cell.fg), rgb(cell.bg));
    let (ink, ground) = if is_reversed {
        (Some(ground.unwrap_or(terminal.ground.to_owned())), Some(ink.unwrap_or(terminal.text.to_owned())))
    } else {
        (ink, ground)
    };
    Style {
        ink: ink.unwrap_or_default(),
        ground,
        is_bold: cell.modifier.contains(Modifier::BOLD),
        is_dim: cell.modifier.contains(Modifier::DIM),
    }
}

/// Themes with colours of their own say what these look like; the others are no subject for a picture.
fn rgb(colour: Color) -> Option<String> {
    match colour {
        Color::Reset => None,
        Color::Rgb(red, green, blue) => Some(format!("#{red:02x}{green:02x}{blue:02x}")),
        other => panic!("{other:?} looks different on every terminal"),
    }
}

fn px(x: u16) -> u16 {
    MARGIN + x * CELL.0
}

fn py(y: u16) -> u16 {
    MARGIN + y * CELL.1
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[test]
fn a_screen_is_texts_and_grounds_in_their_places() {
    use ratatui::style::Style;

    let mut buffer = Buffer::empty(ratatui::layout::Rect::new(0, 0, 12, 2));
    buffer.set_string(1, 0, "<a> 결제", Style::new().fg(Color::Rgb(1, 2, 3)).add_modifier(Modifier::BOLD));
    buffer.set_string(0, 1, "b", Style::new().bg(Color::Rgb(0xFF, 0, 0)));

    let picture = svg(&buffer, &Terminal { text: "#ffffff", ground: "#000000" }, "One & two");

    for part in [
        "<title>One &amp; two</title>",
        r#"<text x="20" y="25" textLength="24" lengthAdjust="spacingAndGlyphs" class="b" style="fill:#010203">&lt;a&gt;</text>"#,
        r#"<text x="52" y="25" textLength="16" lengthAdjust="spacingAndGlyphs" class="b" style="fill:#010203">결</text>"#,
        r##"<rect x="12" y="29" width="8" height="17" fill="#ff0000"/>"##,
        r#"<text x="12" y="42" textLength="8" lengthAdjust="spacingAndGlyphs">b</text>"#,
    ] {
        assert!(picture.contains(part), "{part}\n{picture}");
    }
}
