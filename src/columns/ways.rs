//! The columns of the ways in: the best one, and all of them.

use serde_json::{Value, json};

use super::cell::{Cell, Tone, View};
use super::entry::{Faces, Shows};
use super::key::Key;
use crate::access::{Mark, Method, Reason, Ways, mark};

/// The best way in.
pub(super) const BEST: Shows = Shows::Faces(Faces {
    cell: |view| best(view.ways),
    value: |view| view.ways.best.map(Method::id).unwrap_or_default().into(),
    json: |view| view.ways.best.map(Method::id).into(),
    key: Some(|view| rank(view).map(Key::Rank)),
});

/// Every way in with its mark.
pub(super) const ALL: Shows = Shows::Faces(Faces {
    cell: |view| marked(view.ways),
    value: |view| {
        let ways = view.ways.list.iter().map(|way| format!("{}={}", way.method.id(), way.verdict.word()));
        ways.collect::<Vec<_>>().join(" ").into()
    },
    json: objects,
    key: None,
});

/// The columns of a terminal that the best way in has at most, where nothing is left for the rest of it.
const WIDEST: usize = 7;

fn best(ways: &Ways) -> Cell {
    if ways.is_pending {
        return Cell::pending();
    }
    match ways.best.and_then(|best| ways.way(best)) {
        None => Cell::none(),
        Some(way) => match mark(way) {
            // Healthy is quiet, and there is no mark before it.
            Mark::Works => Cell::plain(way.method.id()),
            // Told without colour, too; where there is no room for it, the other views of the row have the mark.
            Mark::Problem => {
                let (id, text) = (way.method.id().to_owned(), format!("{}!", way.method.id()));
                Cell { short: if text.len() <= WIDEST { text.clone() } else { id }, text, tone: Tone::Problem }
            }
            Mark::Unknown | Mark::Blocked | Mark::NotApplicable => Cell::of("?", Tone::Unknown),
        },
    }
}

fn marked(ways: &Ways) -> Cell {
    let marked: Vec<String> = ways.list.iter().map(|way| format!("{} {}", mark(way).symbol(), way.method.id())).collect();
    if marked.is_empty() { Cell::none() } else { Cell::plain(marked.join("  ")) }
}

fn objects(view: &View<'_>) -> Value {
    let ways = view.ways.list.iter().map(|way| {
        let reasons: Vec<Value> = way.reasons.iter().map(|found| reason(found, view)).collect();
        json!({"method": way.method.id(), "verdict": way.verdict.word(), "reasons": reasons})
    });
    ways.collect()
}

fn reason(reason: &Reason, view: &View<'_>) -> Value {
    json!({
        "code": reason.code, "rule": reason.rule, "outcome": reason.outcome.word(),
        "text": reason.text(view.text), "remedy": reason.remedy(view.text).or_else(|| reason.remark(view.text)),
    })
}

fn rank(view: &View<'_>) -> Option<u8> {
    let way = view.ways.best.and_then(|best| view.ways.way(best))?;
    Some(if mark(way) == Mark::Unknown { u8::MAX } else { way.method as u8 })
}
