//! One row of the table as a sentence: `7. web-1, running, private 10.0.1.21, SSM online, connect by ssm.`

use crate::access::{Mark, mark};
use crate::columns::{Cell, Column};
use crate::text::joined;
use crate::tui::rows::Line;
use crate::tui::world::World;

const PUBLIC: Column = Column::declared("public_ip");
const SSM: Column = Column::declared("ssm");

/// What a sentence says anyway, and what is left to the details.
const TOLD: [&str; 9] = ["name", "id", "state", "private_ip", "public_ip", "ssm", "iam", "via", "region"];

/// The row of this number.
pub fn sentence(number: usize, line: &Line, world: &World) -> String {
    let view = line.view(world.now, &world.text);
    let told = |column: &Column| word(&column.cell(&view));
    let named = |key: &str, name: &'static str, column: &Column| told(column).map(|value| world.say_with(key, [(name, &value)]));
    let name = line.instance.name().map_or_else(|| line.instance.id.to_string(), |name| name.shown());
    let best = line.ways.best.and_then(|best| line.ways.way(best)).filter(|_| !line.ways.is_pending);
    let way = match best {
        Some(best) => Some(world.say_with(key_of_way(mark(best)), [("method", best.method.id())])),
        None => told(&Column::VIA).is_some().then(|| world.say("plain-no-way")).or_else(|| no_way(line, world)),
    };
    let region = (world.here.regions.len() > 1).then(|| line.instance.place.region.to_string());
    let others = world.columns.iter().filter(|column| !TOLD.contains(&column.name().as_str()));
    let others = others.filter_map(|column| Some(joined(" ", [column.title(&world.text).as_str(), &told(column)?])));
    let selected = world.rows.is_marked(line).then(|| world.say("plain-selected"));
    let facts = [
        Some(name),
        region,
        told(&Column::STATE),
        address(line, world),
        named("plain-public", "ip", &PUBLIC),
        named("plain-ssm", "word", &SSM),
        way,
        world.inventory.told(&line.instance.id).map(|told| world.old(told, true)),
    ];
    format!("{number}. {}.", facts.into_iter().flatten().chain(others).chain(selected).collect::<Vec<_>>().join(", "))
}

/// How the best way is told: as the table marks it.
fn key_of_way(mark: Mark) -> &'static str {
    match mark {
        Mark::Works => "plain-via",
        Mark::Problem => "plain-via-problem",
        Mark::Unknown | Mark::Blocked | Mark::NotApplicable => "plain-via-unknown",
    }
}

/// The address inside, whole: one cut in the middle is for a column.
fn address(line: &Line, world: &World) -> Option<String> {
    let instance = &line.instance;
    let address = instance.private_ip.map(|ip| ip.to_string()).or_else(|| instance.ipv6.first().map(ToString::to_string))?;
    Some(world.say_with("plain-private", [("ip", &address)]))
}

/// Nothing is said while an answer is still to come that may change it.
fn no_way(line: &Line, world: &World) -> Option<String> {
    (!line.ways.is_pending).then(|| world.say("plain-no-way"))
}

/// What a cell says without its mark; nothing for a dash, or while it is still to come.
fn word(cell: &Cell) -> Option<String> {
    match cell.text.as_str() {
        "–" | "…" => None,
        text => match text.split_once(' ') {
            Some((mark, word)) if !mark.chars().any(char::is_alphanumeric) => Some(word.to_owned()),
            _ => Some(text.to_owned()),
        },
    }
}
