//! `StartInstances`, `StopInstances` and `RebootInstances`.

use std::time::SystemTime;

use crate::answer::ec2_result;
use crate::asking::Asking;
use crate::fleet::{Instance, State};
use crate::query::Parameters;
use crate::refusal::Refusal;

use super::dry_run::refuse_dry;
use super::instance::check_ids;

/// One instance before and after the call.
struct Changed {
    id: String,
    before: State,
    after: State,
}

pub(super) fn start(asking: &Asking<'_>, parameters: &Parameters) -> Result<Vec<u8>, Refusal> {
    let changed = change(asking, parameters, |instance, now| {
        if instance.state == State::Stopped {
            asking.world.power.start(instance, now);
        }
    })?;
    Ok(states(asking, &changed))
}

pub(super) fn stop(asking: &Asking<'_>, parameters: &Parameters) -> Result<Vec<u8>, Refusal> {
    let changed = change(asking, parameters, |instance, now| {
        if instance.state == State::Running {
            asking.world.power.stop(instance, now);
        }
    })?;
    Ok(states(asking, &changed))
}

pub(super) fn reboot(asking: &Asking<'_>, parameters: &Parameters) -> Result<Vec<u8>, Refusal> {
    change(asking, parameters, |instance, now| {
        let away = asking.world.power.reboot(instance, now);
        asking.world.outages.begin(&instance.id, away);
        asking.world.far_end.instance_reboots(&instance.id);
    })?;
    Ok(ec2_result(asking.action, asking.request_id, |xml| xml.flag("return", true)))
}

/// All of them or none: one that cannot be changed refuses the whole call.
fn change(
    asking: &Asking<'_>,
    parameters: &Parameters,
    mut change: impl FnMut(&mut Instance, SystemTime),
) -> Result<Vec<Changed>, Refusal> {
    let ids = parameters.list("InstanceId");
    if ids.is_empty() {
        return Err(Refusal::new(400, "MissingParameter", "The request must contain the parameter instancesSet"));
    }
    check_ids(asking, &ids)?;
    for instance in asking.instances().filter(|instance| ids.contains(&instance.id.as_str())) {
        refuse_unfit(asking.action, instance)?;
    }
    refuse_dry(parameters)?;
    let mut changed = Vec::new();
    asking.world.edit(|fleet| {
        for id in ids {
            let Some(instance) = fleet.instance_mut(id) else { continue };
            let before = instance.state;
            change(instance, asking.now);
            changed.push(Changed { id: id.to_owned(), before, after: instance.state });
        }
    });
    Ok(changed)
}

fn refuse_unfit(action: &str, instance: &Instance) -> Result<(), Refusal> {
    let is_spot = instance.lifecycle.as_deref() == Some("spot");
    let (verb, fits) = match action {
        "StartInstances" => ("started", matches!(instance.state, State::Stopped | State::Pending | State::Running)),
        "StopInstances" => ("stopped", matches!(instance.state, State::Running | State::Stopping | State::Stopped)),
        _ => ("rebooted", instance.state == State::Running),
    };
    if !fits {
        let message = format!("The instance '{}' is not in a state from which it can be {verb}.", instance.id);
        return Err(Refusal::new(400, "IncorrectInstanceState", message));
    }
    if is_spot && action == "StopInstances" {
        let message = "You can't stop the Spot Instance '".to_owned() + &instance.id;
        let message = format!("{message}' because it is associated with a one-time Spot Instance request.");
        return Err(Refusal::new(400, "UnsupportedOperation", message));
    }
    Ok(())
}

fn states(asking: &Asking<'_>, changed: &[Changed]) -> Vec<u8> {
    ec2_result(asking.action, asking.request_id, |xml| {
        xml.items("instancesSet", changed, |xml, changed| {
            xml.text("instanceId", &changed.id);
            for (name, state) in [("currentState", changed.after), ("previousState", changed.before)] {
                let (code, word) = state.code();
                xml.within(name, |xml| {
                    xml.number("code", code);
                    xml.text("name", word);
                });
            }
        });
    })
}
