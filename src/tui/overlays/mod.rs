//! Dialogs over the table: a stack, the topmost first.

mod access_form;
mod awaiting_access;
mod column_menu;
mod command_line;
mod command_others;
mod command_output;
mod copy;
mod details;
mod doctor;
mod doctor_choice;
mod explanation;
mod first_ways;
mod fix_preview;
mod group_menu;
mod help;
mod mfa_field;
mod overlay;
mod palette;
mod picker;
mod power_question;
mod problems;
mod question;
mod reading;
mod results;
mod save_output;
mod signing_in;
mod sort;
mod start_url_form;
mod starting;
mod switcher;
mod theme_menu;
mod tunnel_details;
mod tunnel_form;
mod tunnel_page;
mod welcome;

use ratatui::layout::Rect;

pub use access_form::AccessForm;
pub use awaiting_access::AwaitingAccess;
pub use column_menu::ColumnMenu;
pub use command_line::CommandLine;
pub use command_others::CommandOthers;
pub use command_output::CommandOutputText;
pub use copy::Copy;
pub use details::Details;
pub use doctor::Doctor;
pub use explanation::Explanation;
pub use first_ways::FirstWays;
pub use fix_preview::FixPreview;
pub use group_menu::GroupMenu;
pub use help::Help;
pub use mfa_field::MfaField;
pub use overlay::{Overlay, Reply, Request};
pub use palette::Palette;
pub use picker::{Picker, RefusedWay};
pub use power_question::PowerQuestion;
pub use problems::Problems;
pub use question::Question;
pub use results::Results;
pub use save_output::SaveOutput;
pub use signing_in::SigningIn;
pub use sort::SortMenu;
pub use start_url_form::StartUrlForm;
pub use starting::Starting;
pub use switcher::Switcher;
pub use theme_menu::ThemeMenu;
pub use tunnel_details::TunnelDetails;
pub use tunnel_form::TunnelForm;
pub use tunnel_page::TunnelPage;
pub use welcome::Welcome;

use super::action::Action;
use super::canvas::Canvas;
use super::world::World;

/// A box of this size in the middle of `area`, no larger than it.
fn centred(area: Rect, width: u16, height: u16) -> Rect {
    let width = width.min(area.width);
    let height = height.min(area.height);
    Rect { x: area.x + (area.width - width) / 2, y: area.y + (area.height - height) / 2, width, height }
}

/// A box in the middle of `area` as wide and as high as its lines, its title and its hints need, no wider than `widest`.
fn fitting<'t>(
    canvas: &Canvas<'_>,
    area: Rect,
    widest: u16,
    edges: [&str; 2],
    lines: impl ExactSizeIterator<Item = &'t str>,
) -> Rect {
    let height = u16::try_from(lines.len() + 2).unwrap_or(u16::MAX);
    let inner = lines.map(|line| canvas.width(line)).max().unwrap_or(0);
    // A frame keeps two blanks and two dashes beside each.
    let edges = edges.map(|text| canvas.width(text).saturating_add(4)).into_iter().max().unwrap_or(0);
    centred(area, inner.max(edges).saturating_add(4).min(widest), height)
}

/// Columns and lines inside a dialog of at most `widest` columns that is as high as the screen lets it be.
fn inside(world: &World, widest: u16) -> (u16, usize) {
    // Two bars stay, and a frame takes one cell on each side and a blank beside it.
    (world.screen.0.min(widest).saturating_sub(4), usize::from(world.screen.1.saturating_sub(4)))
}

/// How far a text of so many lines is scrolled after an action, if it scrolls: never past its last page.
fn scrolled(action: Action, top: usize, lines: usize, room: usize) -> Option<usize> {
    let last = lines.saturating_sub(room);
    moved(action, top.min(last), lines, room).map(|to| to.min(last))
}

/// Where in a list the cursor is after an action, if it moves it.
fn moved(action: Action, at: usize, count: usize, page: usize) -> Option<usize> {
    let last = count.saturating_sub(1);
    let to = match action {
        Action::Down => at + 1,
        Action::Up => at.saturating_sub(1),
        Action::First => 0,
        Action::Last => last,
        Action::PageDown => at + page.max(1),
        Action::PageUp => at.saturating_sub(page.max(1)),
        Action::HalfPageDown => at + (page / 2).max(1),
        Action::HalfPageUp => at.saturating_sub((page / 2).max(1)),
        _ => return None,
    };
    Some(to.min(last))
}

/// The first line to show so that line `at` is among `room` lines.
fn first_shown(at: usize, count: usize, room: usize) -> usize {
    at.saturating_sub(room / 2).min(count.saturating_sub(room))
}
