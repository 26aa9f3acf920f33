//! Internet gateways.

use super::scope::{OfVpc, Scope};
use crate::aws::calls::PAGE;
use crate::aws::{Cloud, Error, call, pages};
use crate::model::{Region, Untrusted};

pub(super) const ACTION: &str = call::DESCRIBE_INTERNET_GATEWAYS.action;

/// The state of an attachment that carries packets.
const AVAILABLE: &str = "available";

impl Cloud {
    /// The gateways that are attached and available, by id.
    pub(super) async fn gateways(&self, region: &Region, scope: Scope<'_>) -> Result<Vec<OfVpc<Untrusted>>, Error> {
        let told = pages::whole(ACTION, |token| async {
            let asked = self.ask(region, call::DESCRIBE_INTERNET_GATEWAYS, |clients| {
                let asked = clients.ec2.describe_internet_gateways().set_filters(scope.filters("attachment.vpc-id"));
                asked.max_results(PAGE).set_next_token(token).send()
            });
            let told = asked.await?;
            Ok((told.internet_gateways.unwrap_or_default(), told.next_token))
        });
        let mut all = Vec::new();
        for gateway in told.await? {
            let Some(id) = gateway.internet_gateway_id.map(Untrusted::from) else { continue };
            let owner = gateway.owner_id.map(Untrusted::from);
            for attached in gateway.attachments.unwrap_or_default() {
                let is_available = attached.state.is_some_and(|state| state.as_str() == AVAILABLE);
                if let Some(vpc) = attached.vpc_id.filter(|_| is_available) {
                    all.push(OfVpc { vpc: vpc.into(), owner: owner.clone(), own: id.clone() });
                }
            }
        }
        Ok(all)
    }
}
