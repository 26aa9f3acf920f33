//! The column of the registration with Systems Manager.

use serde_json::{Value, json};

use super::cell::{Cell, Tone, View, unknown};
use super::entry::{Faces, Shows};
use super::key::Key;
use crate::model::{Fact, Ssm, SsmStatus, Untrusted};
use crate::text::short_age;

/// Whether the agent answers, and since when not.
pub(super) const SSM: Shows = Shows::Faces(Faces {
    cell,
    value: |view| match &view.instance.ssm {
        Fact::Known(ssm) | Fact::Kept(ssm, _) => ssm.status.word().into(),
        Fact::Hidden(_) | Fact::Pending => "unknown".into(),
    },
    json: |view| object(&view.instance.ssm),
    key: Some(|view| rank(&view.instance.ssm).map(Key::Rank)),
});

fn cell(view: &View<'_>) -> Cell {
    let ssm = match &view.instance.ssm {
        Fact::Pending => return Cell::pending(),
        Fact::Hidden(denial) => return Cell::of(unknown(view, denial), Tone::Unknown),
        Fact::Known(ssm) | Fact::Kept(ssm, _) => ssm,
    };
    match ssm.status {
        SsmStatus::Online => Cell::of(format!("✓ {}", view.text.say("ssm-online")), Tone::Good),
        SsmStatus::Unknown => Cell::of(format!("? {}", view.text.say("ssm-unsaid")), Tone::Unknown),
        SsmStatus::Unmanaged => Cell::of(format!("– {}", view.text.say("ssm-none")), Tone::Faint),
        SsmStatus::Lost => {
            let lost = view.text.say("ssm-lost");
            match ssm.last_ping {
                Some(ping) => {
                    let age = short_age(view.now.as_second() - ping.as_second());
                    Cell { text: format!("✗ {lost} {age}"), short: format!("✗ {age}"), tone: Tone::Bad }
                }
                None => Cell::of(format!("✗ {lost}"), Tone::Bad),
            }
        }
    }
}

fn object(fact: &Fact<Ssm>) -> Value {
    match fact {
        Fact::Known(ssm) | Fact::Kept(ssm, _) if ssm.status != SsmStatus::Unknown => json!({
            "status": ssm.status.word(),
            "agent_version": ssm.agent_version.as_ref().map(Untrusted::raw),
            "last_ping": ssm.last_ping.map(|ping| ping.to_string()),
        }),
        Fact::Hidden(denial) => json!({
            "status": "unknown", "reason": denial.why.word(), "action": denial.action, "agent_version": null, "last_ping": null,
        }),
        // The answer came without it.
        Fact::Known(ssm) | Fact::Kept(ssm, _) => json!({
            "status": "unknown", "reason": "undecided", "action": "ssm:DescribeInstanceProperties",
            "agent_version": ssm.agent_version.as_ref().map(Untrusted::raw),
            "last_ping": ssm.last_ping.map(|ping| ping.to_string()),
        }),
        // The listing ended before the answer came.
        Fact::Pending => {
            json!({"status": "unknown", "reason": "failed", "action": null, "agent_version": null, "last_ping": null})
        }
    }
}

fn rank(ssm: &Fact<Ssm>) -> Option<u8> {
    match ssm {
        Fact::Known(ssm) | Fact::Kept(ssm, _) => Some(match ssm.status {
            SsmStatus::Online => 0,
            SsmStatus::Lost => 1,
            SsmStatus::Unmanaged => 2,
            SsmStatus::Unknown => 3,
        }),
        Fact::Hidden(_) => Some(3),
        Fact::Pending => None,
    }
}
