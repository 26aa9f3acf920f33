//! The lines of the table as numbered sentences: rows, and the heads of groups.

use super::row;
use crate::tui::age;
use crate::tui::rows::{Group, Shown};
use crate::tui::world::World;

/// So many lines from this one on (the first if there are no more), and the line after them.
pub fn lines(from: usize, most: usize, world: &World) -> (Vec<String>, usize) {
    let rows = &world.rows;
    let (count, shown) = (rows.len(), rows.count());
    let from = if from >= count { 0 } else { from };
    let after = (from + most).min(count);
    let hidden = rows.total() - shown;
    let numbers = [from + 1, after, count, shown, hidden].map(|number| number.to_string());
    let [first, last, all, shown, hidden] = numbers.each_ref().map(String::as_str);
    let values = [("first", first), ("last", last), ("lines", all), ("shown", shown), ("total", shown), ("hidden", hidden)];
    let mut lines = match rows.grouped_by() {
        Some(column) => {
            let [first, last, all, shown, ..] = values;
            let group = column.title(&world.text);
            vec![world.say_with("plain-rows-grouped", [first, last, all, shown, ("group", &group)])]
        }
        None if rows.total() == rows.count() => vec![world.say_with("plain-rows", values)],
        None => vec![world.say_with("plain-rows-of", values)],
    };
    lines.extend(rows.shown_from(from).take(most).zip(from + 1..).map(|(shown, number)| sentence(number, shown, world)));
    if after < count {
        lines.push(world.say("plain-more"));
    }
    (lines, after)
}

/// The line of this number.
pub fn sentence(number: usize, shown: Shown<'_>, world: &World) -> String {
    match shown {
        Shown::Row(line) => row::sentence(number, line, world),
        Shown::Head(group) => head(number, group, world),
    }
}

fn head(number: usize, group: &Group, world: &World) -> String {
    let name = if group.name.is_empty() { world.say("group-without") } else { group.name.clone() };
    let count = age::grouped(group.shown);
    let key = if group.is_folded { "plain-group-folded" } else { "plain-group" };
    format!("{number}. {}", world.say_with(key, [("group", &name), ("count", &count)]))
}
