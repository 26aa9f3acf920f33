//! Pages of the simulated cloud, as they come over the network, for both readers.

use std::sync::{Arc, Mutex};

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::context::AfterDeserializationInterceptorContextRef;
use aws_smithy_runtime_api::client::interceptors::{Intercept, dyn_dispatch_hint};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::ConfigBag;
use ec2dash_sim::{FleetSource, Options, Sim};

use super::both;

#[tokio::test]
async fn pages_of_the_simulated_cloud_make_the_same_rows() {
    let generated = |instances, seed| FleetSource::Generated { instances, regions: vec!["us-east-1".to_owned()], seed };
    for (fleet, regions) in [
        (FleetSource::Demo, &["ap-northeast-2", "us-east-1"][..]),
        (generated(1_100, 1), &["us-east-1"]),
        (generated(100, 2), &["us-east-1"]),
    ] {
        let sim = Sim::start(Options { fleet, ..Options::default() }).await.unwrap();
        let mut made = 0;
        for region in regions {
            for page in pages(&sim, region).await {
                made += both(&page).len();
            }
        }
        let own = |region: &str| regions.contains(&region);
        assert_eq!(made, sim.fleet().accounts[0].instances.iter().filter(|instance| own(&instance.region)).count());
    }
}

/// The answers of a list, as they came.
async fn pages(sim: &Sim, region: &str) -> Vec<Vec<u8>> {
    let heard = Heard::default();
    let client = client(sim, region, heard.clone());
    let mut token = None;
    loop {
        let told = client.describe_instances().max_results(1_000).set_next_token(token).send().await.unwrap();
        token = told.next_token;
        if token.is_none() {
            return std::mem::take(&mut *heard.0.lock().unwrap());
        }
    }
}

/// The SDK's client of a simulated cloud, with an interceptor more.
pub(in crate::aws) fn client(sim: &Sim, region: &str, own: impl Intercept + 'static) -> aws_sdk_ec2::Client {
    let variable = |name: &str| sim.environment().into_iter().find(|(own, _)| *own == name).map(|(_, value)| value);
    let (id, secret) = (variable("AWS_ACCESS_KEY_ID").unwrap(), variable("AWS_SECRET_ACCESS_KEY").unwrap());
    let keys = aws_sdk_ec2::config::Credentials::new(id, secret, variable("AWS_SESSION_TOKEN"), None, "test");
    let config = aws_sdk_ec2::Config::builder()
        .behavior_version_latest()
        .region(aws_sdk_ec2::config::Region::new(region.to_owned()))
        .endpoint_url(sim.endpoint())
        .credentials_provider(keys)
        .interceptor(own);
    aws_sdk_ec2::Client::from_conf(config.build())
}

/// Keeps each answer.
#[derive(Debug, Clone, Default)]
struct Heard(Arc<Mutex<Vec<Vec<u8>>>>);

#[dyn_dispatch_hint]
impl Intercept for Heard {
    fn name(&self) -> &'static str {
        "Heard"
    }

    fn read_after_deserialization(
        &self,
        context: &AfterDeserializationInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        _config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        self.0.lock().unwrap().push(context.response().body().bytes().unwrap().to_vec());
        Ok(())
    }
}
