//! How far the clock of this computer is from that of AWS, by the `Date` of an answer.

use std::sync::{Arc, Mutex};
use std::time::SystemTime;

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::context::BeforeDeserializationInterceptorContextRef;
use aws_smithy_runtime_api::client::interceptors::{Intercept, dyn_dispatch_hint};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::ConfigBag;

use super::failure::ahead;
use super::locked::locked;

/// Looks at the clock when an answer to one call comes.
#[derive(Debug, Clone, Default)]
pub(super) struct Clock(Arc<Mutex<Option<i64>>>);

impl Clock {
    /// Seconds that our clock is ahead, if an answer with a date came.
    pub(super) fn ahead(&self) -> Option<i64> {
        *locked(&self.0)
    }
}

#[dyn_dispatch_hint]
impl Intercept for Clock {
    fn name(&self) -> &'static str {
        "Clock"
    }

    fn read_before_deserialization(
        &self,
        context: &BeforeDeserializationInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        _config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        *locked(&self.0) = ahead(context.response(), SystemTime::now()).map(|ahead| -ahead);
        Ok(())
    }
}
