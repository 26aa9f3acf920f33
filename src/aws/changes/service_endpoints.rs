//! Endpoints of AWS's services: named, made, looked at, taken away.

use aws_sdk_ec2::types::VpcEndpointType;

use super::dry;
use crate::aws::calls::filter;
use crate::aws::{Cloud, Error, call, pages};
use crate::model::{Region, ResourceId, ServiceName, Untrusted};

impl Cloud {
    /// What AWS calls this service in this region, where it has endpoints: `ssm` is `com.amazonaws.eu-west-1.ssm`, and another in China.
    pub async fn name_of_service(&self, region: &Region, service: &str) -> Result<Option<ServiceName>, Error> {
        let end = format!(".{region}.{service}");
        let told = pages::whole(call::DESCRIBE_VPC_ENDPOINT_SERVICES.action, |token| async {
            let asked = self.ask(region, call::DESCRIBE_VPC_ENDPOINT_SERVICES, |clients| {
                let asked = clients.ec2.describe_vpc_endpoint_services().filters(filter("service-type", ["Interface"]));
                asked.set_next_token(token).send()
            });
            let told = asked.await?;
            Ok((told.service_names.unwrap_or_default(), told.next_token))
        });
        Ok(told.await?.into_iter().filter(|name| name.ends_with(&end)).find_map(|name| name.parse().ok()))
    }

    /// Make one in a subnet, with this group, to which the service's own name leads. Its id. `token`: a call that is made once more with it
    /// makes no second one.
    pub async fn create_service_endpoint(
        &self,
        region: &Region,
        (vpc, service, subnet): (&ResourceId, &ServiceName, &ResourceId),
        (group, token): (&ResourceId, &str),
    ) -> Result<Option<String>, Error> {
        self.new_service_endpoint(region, (vpc, service, subnet), Some((group, token)), false).await
    }

    /// Whether the caller may, by EC2's own `DryRun`: nothing is changed.
    pub async fn may_create_service_endpoint(
        &self,
        region: &Region,
        of: (&ResourceId, &ServiceName, &ResourceId),
    ) -> Result<(), Error> {
        dry(self.new_service_endpoint(region, of, None, true).await)
    }

    async fn new_service_endpoint(
        &self,
        region: &Region,
        (vpc, service, subnet): (&ResourceId, &ServiceName, &ResourceId),
        own: Option<(&ResourceId, &str)>,
        is_dry: bool,
    ) -> Result<Option<String>, Error> {
        let (group, token) = own.map(|(group, token)| (group.to_string(), token.to_owned())).unzip();
        let asked = self.ask(region, call::CREATE_VPC_ENDPOINT, |clients| {
            let asked = clients.ec2.create_vpc_endpoint().vpc_endpoint_type(VpcEndpointType::Interface);
            let asked = asked.vpc_id(vpc.as_str()).service_name(service.as_str()).subnet_ids(subnet.as_str());
            let asked = asked.set_security_group_ids(group.map(|group| vec![group])).set_client_token(token);
            asked.private_dns_enabled(true).dry_run(is_dry).send()
        });
        Ok(asked.await?.vpc_endpoint.and_then(|own| own.vpc_endpoint_id))
    }

    /// The endpoint of a service that has this group: its id and AWS's word for its state. One that is gone is none.
    pub async fn service_endpoint_of(
        &self,
        region: &Region,
        (vpc, service): (&ResourceId, &ServiceName),
        group: &ResourceId,
    ) -> Result<Option<(String, Untrusted)>, Error> {
        let filters = vec![filter("vpc-id", [vpc.as_str()]), filter("service-name", [service.as_str()])];
        let asked = self.ask(region, call::DESCRIBE_VPC_ENDPOINTS, |clients| {
            clients.ec2.describe_vpc_endpoints().set_filters(Some(filters)).send()
        });
        let told = asked.await?.vpc_endpoints.unwrap_or_default().into_iter();
        let mut own = told.filter_map(crate::aws::networks::vpc_endpoint);
        let found = own.find(|own| own.groups.iter().any(|id| id.raw() == group.as_str()) && own.state.raw() != "deleted");
        Ok(found.map(|own| (own.id.raw().to_owned(), own.state)))
    }

    /// Take one away; it takes minutes until it is gone.
    pub async fn delete_service_endpoint(&self, region: &Region, endpoint: &str) -> Result<(), Error> {
        let asked = self.ask(region, call::DELETE_VPC_ENDPOINTS, |clients| {
            clients.ec2.delete_vpc_endpoints().vpc_endpoint_ids(endpoint).send()
        });
        // What it could not do it says in a good answer.
        match asked.await?.unsuccessful.unwrap_or_default().into_iter().find_map(|own| own.error) {
            None => Ok(()),
            Some(error) => Err(Error::Garbled {
                action: call::DELETE_VPC_ENDPOINTS.action,
                cause: error.message.or(error.code).unwrap_or_default().into(),
            }),
        }
    }
}
