//! VPC endpoints of AWS's services.

use aws_sdk_ec2::types as ec2;
use serde_json::Value;

use super::scope::Scope;
use crate::aws::calls::PAGE;
use crate::aws::{Cloud, Error, call, pages};
use crate::model::{Region, Untrusted, VpcEndpoint};

pub(super) const ACTION: &str = call::DESCRIBE_VPC_ENDPOINTS.action;

impl Cloud {
    pub(super) async fn vpc_endpoints(&self, region: &Region, scope: Scope<'_>) -> Result<Vec<VpcEndpoint>, Error> {
        let told = pages::whole(ACTION, |token| async {
            let asked = self.ask(region, call::DESCRIBE_VPC_ENDPOINTS, |clients| {
                let asked = clients.ec2.describe_vpc_endpoints().set_filters(scope.filters("vpc-id"));
                asked.max_results(PAGE).set_next_token(token).send()
            });
            let told = asked.await?;
            Ok((told.vpc_endpoints.unwrap_or_default(), told.next_token))
        });
        Ok(told.await?.into_iter().filter_map(endpoint).collect())
    }
}

/// `None` without an id.
pub(in crate::aws) fn endpoint(told: ec2::VpcEndpoint) -> Option<VpcEndpoint> {
    let kind = told.vpc_endpoint_type;
    Some(VpcEndpoint {
        id: told.vpc_endpoint_id?.into(),
        service: told.service_name.unwrap_or_default().into(),
        is_interface: kind.is_some_and(|kind| kind == ec2::VpcEndpointType::Interface),
        state: told.state.map(|state| Untrusted::from(state.as_str())).unwrap_or_default(),
        has_private_dns: told.private_dns_enabled == Some(true),
        groups: told.groups.unwrap_or_default().into_iter().filter_map(|group| group.group_id).map(Untrusted::from).collect(),
        subnets: told.subnet_ids.unwrap_or_default().into_iter().map(Untrusted::from).collect(),
        is_open: told.policy_document.filter(|text| !text.trim().is_empty()).map(|text| is_open(&text)),
    })
}

/// Whether a policy is what an endpoint has by default: everybody may do everything. One that does not read is another one.
fn is_open(document: &str) -> bool {
    let Ok(document) = serde_json::from_str::<Value>(document) else { return false };
    let statements = match &document["Statement"] {
        Value::Array(all) => all.iter().collect(),
        one => vec![one],
    };
    let is_everything = |value: &Value| match value {
        Value::String(text) => text == "*",
        Value::Array(all) => all.iter().any(|one| one == "*"),
        _ => false,
    };
    let is_everybody = |value: &Value| is_everything(value) || is_everything(&value["AWS"]);
    let lets_all = |own: &Value| {
        own["Effect"] == "Allow"
            && is_everybody(&own["Principal"])
            && is_everything(&own["Action"])
            && is_everything(&own["Resource"])
            && own["Condition"].as_object().is_none_or(serde_json::Map::is_empty)
    };
    statements.iter().any(|own| lets_all(own)) && statements.iter().all(|own| own["Effect"] == "Allow")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_policy_lets_everybody_do_everything_or_it_is_another_one() {
        for (document, expected) in [
            (r#"{"Statement":[{"Action":"*","Effect":"Allow","Principal":"*","Resource":"*"}]}"#, true),
            (r#"{"Statement":{"Action":["*"],"Effect":"Allow","Principal":{"AWS":"*"},"Resource":["*"]}}"#, true),
            (r#"{"Statement":[{"Action":"ssm:*","Effect":"Allow","Principal":"*","Resource":"*"}]}"#, false),
            (
                r#"{"Statement":[{"Action":"*","Effect":"Allow","Principal":"*","Resource":"*"},{"Action":"*","Effect":"Deny","Principal":"*","Resource":"*"}]}"#,
                false,
            ),
            (
                r#"{"Statement":[{"Action":"*","Effect":"Allow","Principal":"*","Resource":"*","Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-1"}}}]}"#,
                false,
            ),
            (r#"{"Statement":[{"NotAction":"iam:*","Effect":"Allow","Principal":"*","Resource":"*"}]}"#, false),
            ("{}", false),
            ("[", false),
        ] {
            assert_eq!(is_open(document), expected, "{document}");
        }
    }
}
