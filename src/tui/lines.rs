//! What pages and dialogs show in the same way.

use ratatui::layout::Rect;

use super::action::Action;
use super::age;
use super::canvas::{Canvas, Piece, piece};
use super::keymap::Page;
use super::theme::Role;
use super::world::{Gap, World};
use crate::access::Mark;
use crate::columns::Tone;

/// What was said last, if it is still to be seen. Whether it is.
pub fn message_line(canvas: &mut Canvas<'_>, line: Rect, world: &World) -> bool {
    let Some(toast) = &world.toast else { return false };
    canvas.put(line.x + 1, line.y, line.width.saturating_sub(2), &toast.text, canvas.tone(toast.tone));
    true
}

/// The three pages with their keys, the one that is shown in brackets: what it is and where the others are.
pub fn tabs(canvas: &Canvas<'_>, shown: Action, world: &World) -> Vec<Piece> {
    let pages = [
        (Action::Instances, "page-instances", "1"),
        (Action::Tunnels, "page-tunnels", "2"),
        (Action::Problems, "page-problems", "3"),
    ];
    let tab = |(at, (action, word, digit)): (usize, (Action, &str, &str))| {
        let bound = world.keymap.keys(Page::Everywhere, action).iter().map(ToString::to_string);
        let key = bound.clone().find(|key| key == digit).or_else(|| bound.clone().next()).unwrap_or_default();
        let text = format!("{key} {}", world.say(word)).trim_start().to_owned();
        let gap = if at == 0 { "" } else { "  " };
        match action == shown {
            true => piece(format!("{gap}[{text}]"), canvas.role(Role::Heading)),
            false => piece(format!("{gap}{text}"), canvas.role(Role::Faint)),
        }
    };
    pages.into_iter().enumerate().map(tab).collect()
}

/// `iam:GetInstanceProfile is denied. IAM shows ?. The rest is complete.`
pub fn gap_line(gap: &Gap, world: &World) -> String {
    let key = format!("gap-{}", gap.why.word().replace('_', "-"));
    let what = world.say_with(&key, [("action", gap.action)]);
    let shown = match gap.told {
        Some(told) => {
            world.say_with(&format!("{}-kept", gap.column), [("age", &age::span(age::seconds(told, world.now), &world.text))])
        }
        None => world.say(gap.column),
    };
    format!("{what} {shown}")
}

/// How a mark of a way looks.
pub fn tone(mark: Mark) -> Tone {
    match mark {
        Mark::Works => Tone::Good,
        Mark::Problem => Tone::Problem,
        Mark::Unknown => Tone::Unknown,
        Mark::Blocked => Tone::Bad,
        Mark::NotApplicable => Tone::Faint,
    }
}
