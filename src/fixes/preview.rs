//! What a yes is asked for, in lines: the calls, the same for the AWS CLI, whom it affects, what it costs, how it is taken back.

use super::fix::Fix;
use crate::text::Catalogue;

/// All of it, a line each.
pub fn lines(fix: &Fix, text: &Catalogue) -> Vec<String> {
    let mut lines = vec![fix.title(text)];
    for (at, change) in fix.changes.iter().enumerate() {
        lines.push(format!("{} {}  ({})", at + 1, change.shown(), fix.place.region));
    }
    // What to know comes before lines that may be long.
    lines.extend(fix.consequences.iter().map(|consequence| format!("! {}", consequence.text(text))));
    lines.extend(fix.commands().iter().map(|command| format!("  {command}")));
    let back = fix.commands_back();
    lines.push(text.say(if back.is_empty() { "mend-no-way-back" } else { "mend-back" }));
    lines.extend(back.iter().map(|command| format!("  {command}")));
    lines
}
