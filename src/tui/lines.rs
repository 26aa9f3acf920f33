//! What pages and dialogs show in the same way.

use ratatui::layout::Rect;

use super::age;
use super::canvas::Canvas;
use super::world::{Gap, World};
use crate::access::Mark;
use crate::columns::Tone;

/// What was said last, if it is still to be seen. Whether it is.
pub fn message_line(canvas: &mut Canvas<'_>, line: Rect, world: &World) -> bool {
    let Some(toast) = &world.toast else { return false };
    canvas.put(line.x + 1, line.y, line.width.saturating_sub(2), &toast.text, canvas.tone(toast.tone));
    true
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
