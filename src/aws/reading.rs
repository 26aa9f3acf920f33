//! Takes the reading of a list of instances out of the SDK's hands, and nothing else: who signs, sends, waits and repeats is the SDK.

use std::sync::{Arc, Mutex};

use aws_sdk_ec2::operation::describe_instances::{DescribeInstances, DescribeInstancesOutput};
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::context::{BeforeSerializationInterceptorContextRef, Error, Output};
use aws_smithy_runtime_api::client::interceptors::{Intercept, dyn_dispatch_hint};
use aws_smithy_runtime_api::client::orchestrator::{HttpResponse, OrchestratorError};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_runtime_api::client::runtime_plugin::RuntimePlugin;
use aws_smithy_runtime_api::client::ser_de::{DeserializeResponse, SharedResponseDeserializer};
use aws_smithy_types::config_bag::{ConfigBag, FrozenLayer};

use super::locked::locked;
use super::page::{self, Page, Unread};
use crate::model::Place;

/// The reading of one call's answer. Its rows stay here; what the SDK gets is an emptied page with their token.
#[derive(Debug, Clone)]
pub(super) struct Reading {
    place: Arc<Place>,
    page: Arc<Mutex<Option<Page>>>,
}

impl Reading {
    /// Read the rows of `place`.
    pub(super) fn of(place: &Arc<Place>) -> Self {
        Self { place: Arc::clone(place), page: Arc::default() }
    }

    /// What was read of the answer; `None` if it was left to the SDK.
    pub(super) fn take(&self) -> Option<Page> {
        locked(&self.page).take()
    }
}

#[dyn_dispatch_hint]
impl Intercept for Reading {
    fn name(&self) -> &'static str {
        "Reading"
    }

    fn read_before_serialization(
        &self,
        _context: &BeforeSerializationInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let sdk = DescribeInstances::new().config();
        // Without a reader of its own to fall back to, the SDK reads all.
        if let Some(sdk) = sdk.filter(|layer| layer.load::<SharedResponseDeserializer>().is_some()) {
            let reader = Reader { reading: self.clone(), sdk };
            config.interceptor_state().store_put(SharedResponseDeserializer::new(reader));
        }
        Ok(())
    }
}

/// Reads what it knows for a list of instances, and leaves everything else, errors above all, to the SDK.
#[derive(Debug)]
struct Reader {
    reading: Reading,
    /// What the SDK puts into the operation, its own reader among it.
    sdk: FrozenLayer,
}

impl DeserializeResponse for Reader {
    fn deserialize_nonstreaming_with_config(
        &self,
        response: &HttpResponse,
        config: &ConfigBag,
    ) -> Result<Output, OrchestratorError<Error>> {
        // That of an earlier attempt.
        locked(&self.reading.page).take();
        let body = response.body().bytes().filter(|_| response.status().is_success());
        match body.map(|body| page::read(body, &self.reading.place)) {
            Some(Ok(page)) => {
                let emptied = DescribeInstancesOutput::builder().set_next_token(page.token.clone()).build();
                *locked(&self.reading.page) = Some(page);
                Ok(Output::erase(emptied))
            }
            Some(Err(error @ Unread::TooMuch)) => Err(OrchestratorError::other(error)),
            None | Some(Err(Unread::NotAList)) => {
                let reader = self.sdk.load::<SharedResponseDeserializer>().expect("looked for before the call");
                reader.deserialize_nonstreaming_with_config(response, config)
            }
        }
    }
}

#[cfg(test)]
#[cfg(feature = "demo")]
mod tests {
    use aws_smithy_types::error::metadata::ProvideErrorMetadata;
    use ec2dash_sim::{FleetSource, Options, Sim};

    use super::super::oracle::client;
    use super::*;

    const REGION: &str = "us-east-1";

    async fn sim(fault: &str) -> Sim {
        let fleet = FleetSource::Generated { instances: 30, regions: vec![REGION.to_owned()], seed: 1 };
        let faults = Some(fault).filter(|fault| !fault.is_empty()).map(|fault| fault.parse().unwrap());
        Sim::start(Options { fleet, faults: faults.into_iter().collect(), ..Options::default() }).await.unwrap()
    }

    fn reading() -> Reading {
        Reading::of(&Arc::new(Place { profile: None, region: REGION.parse().unwrap() }))
    }

    #[tokio::test]
    async fn the_rows_come_from_our_reader_and_the_sdk_gets_their_token_alone() {
        for fault in ["", "ec2:DescribeInstances=error:RequestLimitExceeded@1"] {
            let (sim, reading) = (sim(fault).await, reading());
            let client = client(&sim, REGION, reading.clone());

            let told = client.describe_instances().max_results(20).send().await.unwrap();

            let page = reading.take().unwrap();
            assert_eq!((page.rows.len(), page.odd, told.reservations().len()), (20, 0, 0));
            assert!(page.token.is_some());
            assert_eq!(page.token, told.next_token);
            assert_eq!(reading.take(), None);
        }
    }

    #[tokio::test]
    async fn a_refusal_is_the_sdks_to_tell() {
        let (sim, reading) = (sim("ec2:DescribeInstances=deny").await, reading());
        let client = client(&sim, REGION, reading.clone());

        let refused = client.describe_instances().send().await.unwrap_err();

        assert_eq!(refused.code(), Some("UnauthorizedOperation"));
        assert_eq!(reading.take(), None);
    }
}
