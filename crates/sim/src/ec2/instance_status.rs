//! `DescribeInstanceStatus`: what EC2 checks of instances, and what it plans to do to them.

use crate::answer::ec2_result;
use crate::asking::{Asking, written};
use crate::fleet::{Checks, Instance, State};
use crate::query::Parameters;
use crate::refusal::Refusal;
use crate::xml::Xml;

use super::listed::{self, Kind};

const INSTANCES: Kind = Kind { word: "InstanceId", code: "InvalidInstanceID.NotFound", noun: "instance", most: 1_000 };

pub(super) fn describe(asking: &Asking<'_>, parameters: &Parameters) -> Result<Vec<u8>, Refusal> {
    let tells_all = parameters.text("IncludeAllInstances") == Some("true");
    let own = asking.instances().collect();
    let holds = |instance: &Instance| tells_all || instance.state == State::Running;
    let page = listed::page(asking, parameters, &INSTANCES, own, |instance| &instance.id, holds)?;
    Ok(ec2_result(asking.action, asking.request_id, |xml| {
        xml.items("instanceStatusSet", page.items, write);
        xml.maybe("nextToken", page.next.as_deref());
    }))
}

fn write(xml: &mut Xml, instance: &Instance) {
    let (code, state) = instance.state.code();
    let passed = Checks { system: "ok".to_owned(), instance: "ok".to_owned(), events: Vec::new() };
    let checks = instance.checks.as_ref().unwrap_or(&passed);
    // Of what does not run nothing is checked.
    let word = |own: &str| if instance.state == State::Running { own.to_owned() } else { "not-applicable".to_owned() };
    xml.text("instanceId", &instance.id);
    xml.text("availabilityZone", &instance.zone);
    xml.items("eventsSet", &checks.events, |xml, (code, not_before)| {
        xml.text("code", code);
        xml.text("description", "The instance is running on degraded hardware");
        xml.text("notBefore", &written(*not_before));
    });
    xml.within("instanceState", |xml| {
        xml.number("code", i64::from(code));
        xml.text("name", state);
    });
    xml.within("systemStatus", |xml| xml.text("status", &word(&checks.system)));
    xml.within("instanceStatus", |xml| xml.text("status", &word(&checks.instance)));
}
