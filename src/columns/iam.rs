//! The column of the instance profile and its role.

use serde_json::{Value, json};

use super::cell::{Cell, LONGEST, Tone, View, unknown};
use super::entry::{Faces, Shows};
use super::key::Key;
use crate::model::{Iam, Untrusted};

/// What role the instance has, and whether it may register.
pub(super) const IAM: Shows = Shows::Faces(Faces {
    cell,
    value: |view| view.instance.iam().word().into(),
    json: |view| object(view.instance.iam()),
    key: Some(|view| Some(Key::Rank(rank(view.instance.iam().word())))),
});

fn cell(view: &View<'_>) -> Cell {
    let (symbol, words, tone) = match view.instance.iam() {
        Iam::None => ("–", view.text.say("iam-none"), Tone::Faint),
        Iam::Set { .. } => ("✓", view.text.say("iam-set"), Tone::Good),
        Iam::Ok { role, .. } => ("✓", role.shown_in(LONGEST), Tone::Good),
        Iam::NoSsm { .. } => ("!", view.text.say("iam-no-ssm"), Tone::Problem),
        Iam::NoRole { .. } => ("!", view.text.say("iam-no-role"), Tone::Problem),
        Iam::Unknown { denial, .. } => {
            return Cell { text: unknown(view, denial), short: "?".to_owned(), tone: Tone::Unknown };
        }
    };
    Cell { text: format!("{symbol} {words}"), short: symbol.to_owned(), tone }
}

fn object(iam: Iam<'_>) -> Value {
    match iam {
        Iam::None => json!({"status": "none", "profile": null, "role": null}),
        Iam::Set { profile } | Iam::NoRole { profile } => {
            json!({"status": iam.word(), "profile": profile.raw(), "role": null})
        }
        Iam::Ok { profile, role } | Iam::NoSsm { profile, role } => {
            json!({"status": iam.word(), "profile": profile.raw(), "role": role.raw()})
        }
        Iam::Unknown { profile, role, denial } => json!({
            "status": "unknown", "reason": denial.why.word(), "action": denial.action,
            "profile": profile.raw(), "role": role.map(Untrusted::raw),
        }),
    }
}

fn rank(word: &str) -> u8 {
    ["ok", "set", "no_ssm", "no_role", "none"].iter().position(|known| *known == word).map_or(u8::MAX, |at| at as u8)
}
