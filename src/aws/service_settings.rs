//! What an account has set for all of its nodes of a region.

use super::call::{self, Call};
use super::{Cloud, Error, failure};
use crate::model::{Fact, Region, Untrusted};

/// Default Host Management: the role that instances get which have none.
const HOST_MANAGEMENT: &str = "/ssm/managed-instance/default-ec2-instance-management-role";
/// What is paid for machines outside EC2.
const TIER: &str = "/ssm/managed-instance/activation-tier";

impl Cloud {
    /// The role of Default Host Management; `Known(None)`: it is off.
    pub(super) async fn host_management(&self, region: &Region) -> Fact<Option<Untrusted>> {
        // Where it is off AWS names no role, but a word of its own: roles have a path (docs/access-rules.md 7, 3).
        self.service_setting(region, HOST_MANAGEMENT).await.map(|value| value.raw().contains('/').then_some(value))
    }

    /// Whether the account pays for sessions on machines outside EC2.
    pub(super) async fn has_advanced_instances(&self, region: &Region) -> Fact<bool> {
        self.service_setting(region, TIER).await.map(|value| value.raw() == "advanced")
    }

    async fn service_setting(&self, region: &Region, id: &'static str) -> Fact<Untrusted> {
        const CALL: Call = call::GET_SERVICE_SETTING;
        let asked = self.ask(region, CALL, |clients| clients.ssm.get_service_setting().setting_id(id).send());
        let told = match asked.await {
            Ok(told) => told.service_setting.and_then(|setting| setting.setting_value),
            Err(error) => return Fact::Hidden(failure::denial(error, CALL.action)),
        };
        match told {
            Some(value) => Fact::Known(value.into()),
            None => {
                let error = Error::Garbled { action: CALL.action, cause: "no value in it".into() };
                Fact::Hidden(failure::denial(error, CALL.action))
            }
        }
    }
}
