//! What EC2 checks of one instance, and what it plans to do to it.

use aws_sdk_ec2::types as ec2;
use jiff::Timestamp;

use super::call::{self, Call};
use super::{Cloud, failure};
use crate::model::{Fact, InstanceId, PlannedEvent, Region, StatusChecks, Untrusted};

/// How the description of an event begins that is over.
const OVER: [&str; 2] = ["[Completed]", "[Canceled]"];

impl Cloud {
    /// The status checks of an instance, whatever its state.
    pub(super) async fn status_checks(&self, region: &Region, id: &InstanceId) -> Fact<StatusChecks> {
        const CALL: Call = call::DESCRIBE_INSTANCE_STATUS;
        let asked = self.ask(region, CALL, |clients| {
            clients.ec2.describe_instance_status().instance_ids(id.as_str()).include_all_instances(true).send()
        });
        match asked.await {
            Ok(told) => {
                let own = told.instance_statuses.unwrap_or_default();
                let own = own.into_iter().find(|own| own.instance_id.as_deref() == Some(id.as_str()));
                Fact::Known(own.map(checks).unwrap_or_default())
            }
            Err(error) => Fact::Hidden(failure::denial(error, CALL.action)),
        }
    }
}

fn checks(told: ec2::InstanceStatus) -> StatusChecks {
    let word = |told: Option<ec2::InstanceStatusSummary>| {
        told.and_then(|told| told.status).map(|status| Untrusted::from(status.as_str())).unwrap_or_default()
    };
    let storage = told.attached_ebs_status.and_then(|told| told.status);
    StatusChecks {
        system: word(told.system_status),
        instance: word(told.instance_status),
        storage: storage.map(|status| Untrusted::from(status.as_str())),
        events: told.events.unwrap_or_default().into_iter().filter_map(planned).collect(),
    }
}

/// `None`: it is over, or nothing is said of it.
fn planned(told: ec2::InstanceStatusEvent) -> Option<PlannedEvent> {
    let description = told.description.unwrap_or_default();
    if OVER.iter().any(|over| description.starts_with(over)) {
        return None;
    }
    let not_before = told.not_before.and_then(|time| Timestamp::from_second(time.secs()).ok());
    Some(PlannedEvent { code: told.code?.as_str().into(), not_before })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_that_is_over_is_none() {
        let event = |description: &str| {
            let event = ec2::InstanceStatusEvent::builder().code(ec2::EventCode::SystemReboot).description(description);
            planned(event.not_before(aws_smithy_types::DateTime::from_secs(1_700_000_000)).build())
        };

        assert_eq!(event("[Completed] The instance was rebooted"), None);
        assert_eq!(event("[Canceled] The instance is to be rebooted"), None);
        let coming = event("The instance is to be rebooted").unwrap();
        assert_eq!((coming.code.raw(), coming.not_before), ("system-reboot", Timestamp::from_second(1_700_000_000).ok()));
    }
}
