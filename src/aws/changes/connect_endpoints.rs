//! EC2 Instance Connect Endpoints: made, looked at, taken away.

use super::dry;
use crate::aws::calls::filter;
use crate::aws::{Cloud, Error, call};
use crate::model::{Region, ResourceId, Untrusted};

impl Cloud {
    /// Make one in a subnet, with this group. Its id; it takes minutes until it carries. `token`: a call that is made once more with it makes
    /// no second one.
    pub async fn create_connect_endpoint(
        &self,
        region: &Region,
        subnet: &ResourceId,
        group: &ResourceId,
        token: &str,
    ) -> Result<Option<String>, Error> {
        self.new_endpoint(region, subnet, Some((group, token)), false).await
    }

    /// Whether the caller may make one, by EC2's own `DryRun`: nothing is changed.
    pub async fn may_create_connect_endpoint(&self, region: &Region, subnet: &ResourceId) -> Result<(), Error> {
        dry(self.new_endpoint(region, subnet, None, true).await)
    }

    async fn new_endpoint(
        &self,
        region: &Region,
        subnet: &ResourceId,
        own: Option<(&ResourceId, &str)>,
        is_dry: bool,
    ) -> Result<Option<String>, Error> {
        let (group, token) = own.map(|(group, token)| (group.to_string(), token.to_owned())).unzip();
        let asked = self.ask(region, call::CREATE_INSTANCE_CONNECT_ENDPOINT, |clients| {
            let asked = clients.ec2.create_instance_connect_endpoint().subnet_id(subnet.as_str());
            let asked = asked.set_security_group_ids(group.map(|group| vec![group])).set_client_token(token);
            asked.preserve_client_ip(false).dry_run(is_dry).send()
        });
        Ok(asked.await?.instance_connect_endpoint.and_then(|own| own.instance_connect_endpoint_id))
    }

    /// The endpoint of a subnet that has this group: its id and AWS's word for its state. One that is gone is none.
    pub async fn connect_endpoint(
        &self,
        region: &Region,
        subnet: &ResourceId,
        group: &ResourceId,
    ) -> Result<Option<(String, Untrusted)>, Error> {
        let asked = self.ask(region, call::DESCRIBE_INSTANCE_CONNECT_ENDPOINTS, |clients| {
            clients.ec2.describe_instance_connect_endpoints().filters(filter("subnet-id", [subnet.as_str()])).send()
        });
        let told = asked.await?.instance_connect_endpoints.unwrap_or_default();
        let has = |groups: &Option<Vec<String>>| groups.iter().flatten().any(|own| own == group.as_str());
        let mut own = told.into_iter().filter(|own| has(&own.security_group_ids)).filter_map(|own| {
            let state = own.state.map(|state| Untrusted::from(state.as_str())).unwrap_or_default();
            Some((own.instance_connect_endpoint_id?, state))
        });
        Ok(own.find(|(_, state)| state.raw() != "delete-complete"))
    }

    /// Take one away; it takes minutes until it is gone.
    pub async fn delete_connect_endpoint(&self, region: &Region, endpoint: &str) -> Result<(), Error> {
        let asked = self.ask(region, call::DELETE_INSTANCE_CONNECT_ENDPOINT, |clients| {
            clients.ec2.delete_instance_connect_endpoint().instance_connect_endpoint_id(endpoint).send()
        });
        asked.await.map(drop)
    }
}
