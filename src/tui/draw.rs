//! The state as a picture. Drawing changes nothing; what it learns it returns.

mod bars;
mod body;
mod preview;
mod table;
mod title;

pub use body::lines as instead_of_rows;
pub use preview::draw as preview_on;
use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::style::{Modifier, Style};

use super::canvas::Canvas;
use super::screen::{FULL, SMALL, Seen, TALL};
use super::state::State;
use super::theme::{Role, Theme};

/// Draw the whole screen.
pub fn draw(frame: &mut Frame<'_>, state: &State, theme: &Theme) -> Seen {
    let area = frame.area();
    let mut canvas = Canvas::new(frame.buffer_mut(), theme);
    let (seen, cursor) = draw_on(&mut canvas, area, state);
    canvas.lay_ground();
    let seen = Seen { screen: (area.width, area.height), ..seen };
    if let Some(position) = cursor.filter(|position| area.contains(*position)) {
        frame.set_cursor_position(position);
    }
    seen
}

fn draw_on(canvas: &mut Canvas<'_>, area: Rect, state: &State) -> (Seen, Option<Position>) {
    if area.width < SMALL.0 || area.height < SMALL.1 {
        too_small(canvas, area, state);
        return (Seen { rows: 1, top: state.seen.top, ..Seen::default() }, None);
    }
    let is_full = area.width >= FULL.0 && area.height >= FULL.1;
    canvas.focus(state.overlays.is_empty());
    let (seen, mut cursor) = if is_full { full(canvas, area, state) } else { small(canvas, area, state) };
    // The bars stay: a dialog stands between them.
    let inner = Rect { y: area.y + 1, height: area.height.saturating_sub(2), ..area };
    // A page of its own has all but the title, where there is one.
    let page = if is_full { Rect { y: area.y + 1, height: area.height - 1, ..area } } else { area };
    let message = Rect { y: area.bottom().saturating_sub(2), height: 1, ..area };
    let before = canvas.cells(message);
    for (at, overlay) in state.overlays.iter().enumerate() {
        canvas.focus(at + 1 == state.overlays.len());
        cursor = overlay.draw(canvas, if overlay.is_page() { page } else { inner }, &state.world);
    }
    if is_full && state.overlays.last().is_some_and(|overlay| !overlay.is_page()) {
        let hints = Rect { y: area.bottom() - 1, height: 1, ..area };
        if state.world.toast.is_some() && canvas.cells(message) != before {
            // What is said of a key that was just pressed is seen, under a dialog as well.
            canvas.wipe(hints);
            bars::message(canvas, hints, state);
        } else {
            // They stay where they are, and the topmost dialog's frame says what its own keys are.
            canvas.lay(hints, Style::new().add_modifier(Modifier::DIM));
        }
    }
    (seen, cursor)
}

fn full(canvas: &mut Canvas<'_>, area: Rect, state: &State) -> (Seen, Option<Position>) {
    let is_tall = area.height >= TALL;
    let line = |y: u16| Rect { y, height: 1, ..area };
    title::draw(canvas, line(area.y), state);
    let cursor = bars::filter_line(canvas, line(area.y + 1), state);
    let mut top = area.y + 2;
    if is_tall {
        canvas.rule(area.x, top, area.width);
        top += 1;
    }
    let hints = area.bottom() - 1;
    bars::hints(canvas, line(hints), state);
    bars::message(canvas, line(hints - 1), state);
    let mut bottom = hints - 1;
    if is_tall {
        bottom -= 1;
        canvas.rule(area.x, bottom, area.width);
    }
    let preview = Rect { y: bottom - if is_tall { 5 } else { 2 }, height: if is_tall { 5 } else { 2 }, ..area };
    preview::draw(canvas, preview, state);
    let banner = bars::banner(&state.world, area.width - 2);
    let below = preview.y - u16::try_from(banner.len()).unwrap_or(0);
    for (y, text) in (below..preview.y).zip(&banner) {
        canvas.put(area.x + 1, y, area.width - 2, text, canvas.role(Role::Problem));
    }
    let table = Rect { y: top, height: below - top, ..area };
    let seen = table::draw(canvas, table, state, table::Extent::Full);
    if let Some(problem) = &state.filter_problem {
        let under = line(area.y + 2);
        canvas.wipe(under);
        canvas.put(1, under.y, area.width - 2, problem, canvas.role(Role::Bad));
    }
    (seen, cursor)
}

fn small(canvas: &mut Canvas<'_>, area: Rect, state: &State) -> (Seen, Option<Position>) {
    let bar = Rect { y: area.bottom() - 1, height: 1, ..area };
    let table = Rect { height: area.height - 1, ..area };
    let seen = table::draw(canvas, table, state, table::Extent::Small);
    (seen, bars::only_bar(canvas, bar, state))
}

fn too_small(canvas: &mut Canvas<'_>, area: Rect, state: &State) {
    let size = format!("{}×{}", area.width, area.height);
    let text = state.world.say_with("too-small", [("size", &size), ("least", &format!("{}×{}", SMALL.0, SMALL.1))]);
    canvas.put(area.x, area.y + area.height / 2, area.width, &text, canvas.role(Role::Text));
}
