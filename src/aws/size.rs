//! Refusing an answer that does not end: the SDK keeps all of it before it reads.

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::context::BeforeDeserializationInterceptorContextMut;
use aws_smithy_runtime_api::client::interceptors::{Intercept, dyn_dispatch_hint};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::config_bag::ConfigBag;
use http_body_util::{BodyExt, LengthLimitError, Limited};

/// Largest answer taken. A page of a thousand instances, each with fifty tags of the greatest length, has 90 MB.
pub(super) const LARGEST: usize = 256 << 20;

/// The answer is larger than any of AWS.
#[derive(Debug, thiserror::Error)]
#[error("the answer does not end")]
pub(super) struct TooLarge;

/// Counts the bytes of an answer as they come.
#[derive(Debug, Clone, Copy)]
pub(super) struct Size {
    /// Most bytes of an answer.
    pub(super) most: usize,
}

impl Default for Size {
    fn default() -> Self {
        Self { most: LARGEST }
    }
}

#[dyn_dispatch_hint]
impl Intercept for Size {
    fn name(&self) -> &'static str {
        "Size"
    }

    fn modify_before_deserialization(
        &self,
        context: &mut BeforeDeserializationInterceptorContextMut<'_>,
        _components: &RuntimeComponents,
        _config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let body = std::mem::replace(context.response_mut().body_mut(), SdkBody::taken());
        *context.response_mut().body_mut() = limited(body, self.most);
        Ok(())
    }
}

/// A body that fails with [`TooLarge`] after `most` bytes; what else fails in it fails as it would.
fn limited(body: SdkBody, most: usize) -> SdkBody {
    SdkBody::from_body_1_x(
        Limited::new(body, most).map_err(|error| if error.is::<LengthLimitError>() { TooLarge.into() } else { error }),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_body_ends_with_an_error_where_it_gets_too_large_and_not_before() {
        let body = |length| limited(SdkBody::from(vec![b'x'; length]), 10);

        assert_eq!(body(10).collect().await.unwrap().to_bytes().len(), 10);
        assert!(body(11).collect().await.unwrap_err().is::<TooLarge>());
    }

    #[tokio::test]
    async fn what_breaks_a_body_stays_what_it_was() {
        let broken = http_body_util::StreamBody::new(futures_util::stream::iter([Err(std::io::Error::from(
            std::io::ErrorKind::ConnectionReset,
        ))]));

        let error = limited(SdkBody::from_body_1_x(broken), 10).collect().await.unwrap_err();

        assert_eq!(error.downcast_ref::<std::io::Error>().unwrap().kind(), std::io::ErrorKind::ConnectionReset);
    }

    #[cfg(feature = "demo")]
    #[tokio::test]
    async fn an_answer_that_is_too_large_is_said_to_be_that() {
        let sim = ec2dash_sim::Sim::start(ec2dash_sim::Options::default()).await.unwrap();
        let client = super::super::oracle::client(&sim, "us-east-1", Size { most: 1_000 });

        let error = client.describe_instances().send().await.unwrap_err();

        let said = aws_smithy_types::error::display::DisplayErrorContext(&error).to_string();
        assert!(said.contains("the answer does not end"), "{said}");
    }
}
