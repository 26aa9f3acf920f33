//! What a yes is asked for, in lines: the calls, the instances, what it costs and how to undo it.

use std::sync::Arc;

use super::cost::{Disks, costs};
use super::order::PowerCall;
use crate::model::{Instance, InstanceId, Power, Standing};
use crate::text::Catalogue;

/// All of it, a line each.
pub fn lines(power: Power, targets: &[Arc<Instance>], calls: &[PowerCall], disks: &Disks, text: &Catalogue) -> Vec<String> {
    let mut lines: Vec<String> = calls.iter().map(|call| format!("{}  ({})", call.shown(), call.place.region)).collect();
    for instance in targets {
        let state = instance.state.word();
        let account = instance.account.as_ref().map_or_else(|| "?".to_owned(), ToString::to_string);
        lines.push(format!("  {}  {state}  {account}  {}", instance.shown(), instance.place.region));
        let values = [("state", state.into())];
        match power.standing(instance) {
            Standing::Already => lines.push(format!("    – {}", text.say_with("power-why-already", &values))),
            Standing::Unfit => lines.push(format!("    – {}", text.say_with("power-why-unfit", &values))),
            Standing::ToDo => {
                lines.extend(costs(power, instance, disks).iter().map(|cost| format!("    ! {}", cost.text(text))));
            }
        }
    }
    lines.extend(undo(power, calls).map(|command| format!("{} {command}", text.say("power-undo"))));
    lines
}

/// The command that takes it back; a reboot needs none.
pub fn undo(power: Power, calls: &[PowerCall]) -> Option<String> {
    let back = match power {
        Power::Start => Power::Stop,
        Power::Stop => Power::Start,
        Power::Reboot => return None,
    };
    let ids: Vec<&str> = calls.iter().flat_map(|call| &call.ids).map(InstanceId::as_str).collect();
    (!ids.is_empty()).then(|| format!("ec2dash {} {}", back.word(), ids.join(" ")))
}
