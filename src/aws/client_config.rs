//! The settings of clients: what of the SDK's we, the files and the environment decide.

use std::time::Duration;

use aws_config::identity::IdentityCache;
use aws_config::profile::ProfileSet;
use aws_config::provider_config::ProviderConfig;
use aws_config::{AppName, BehaviorVersion, SdkConfig};
use aws_runtime::env_config::EnvConfigValue;
use aws_smithy_async::rt::sleep::TokioSleep;
use aws_smithy_async::time::SystemTimeSource;
use aws_smithy_types::retry::RetryConfig;
use aws_smithy_types::timeout::TimeoutConfig;

use super::Environment;
use super::endpoints::{Endpoints, Service};
use super::http::{Bundle, Http};
use super::options::Options;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// How long an attempt may take at least, where there is so much time: an answer that is still on its way should not be given up.
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(8);
const ATTEMPTS: u32 = 3;

/// From the settings of all: the way out, and the address if the user set one.
pub(super) fn at(
    config: &SdkConfig,
    endpoints: &Endpoints,
    http: &Http,
    region: &aws_config::Region,
    service: Service,
) -> SdkConfig {
    let mut config = config.to_builder().region(region.clone());
    config.set_http_client(Some(http.to(endpoints.of(service))));
    if let Some(endpoint) = endpoints.of(service) {
        // The SDK refuses a custom address together with a rule for its own.
        config.set_endpoint_url(Some(endpoint.url.clone())).set_use_fips(None).set_use_dual_stack(None);
    }
    // Whether commercial regions have such hosts for signing in is not known; in GovCloud the plain ones are what FIPS asks for.
    if matches!(service, Service::Sso | Service::SsoOidc) {
        config.set_use_fips(None);
    }
    config.build()
}

/// The certificates to trust: `AWS_CA_BUNDLE`, profile.
pub(super) fn bundle(environment: &Environment, sections: &ProfileSet) -> Option<Bundle> {
    let variable = environment.get("AWS_CA_BUNDLE");
    let path = variable.or(sections.get("ca_bundle"))?.into();
    Some(Bundle { path, is_of_variable: variable.is_some() })
}

/// The settings of a call that is made once, and may take all of its time for that.
pub(super) fn once(whole: Duration) -> (RetryConfig, TimeoutConfig) {
    (RetryConfig::standard().with_max_attempts(1), timeouts(whole, 1))
}

/// The limits of a call that may be tried so many times.
fn timeouts(whole: Duration, attempts: u32) -> TimeoutConfig {
    let attempt = if attempts == 1 { whole } else { (whole / attempts).max(ATTEMPT_TIMEOUT).min(whole) };
    TimeoutConfig::builder()
        .connect_timeout(CONNECT_TIMEOUT.min(whole))
        .operation_attempt_timeout(attempt)
        .operation_timeout(whole)
        .build()
}

/// What of the SDK's settings we, the files and the environment decide.
pub(super) struct Settings {
    timeout: TimeoutConfig,
    retry: RetryConfig,
    is_fips: bool,
    is_dual_stack: bool,
}

impl Settings {
    pub(super) fn new(options: &Options, environment: &Environment, sections: &ProfileSet) -> Self {
        let env = environment.for_sdk();
        let is_on = |variable: &str, key: &str| {
            let value =
                EnvConfigValue::new().env(variable).profile(key).load(&env, Some(sections)).map(|(value, _)| value.into_owned());
            value.is_some_and(|value| value.eq_ignore_ascii_case("true"))
        };
        Self {
            timeout: timeouts(options.timeout, ATTEMPTS),
            // Never adaptive: against steady throttling it stretched four attempts over 44 s where standard took 5.
            retry: RetryConfig::standard().with_max_attempts(ATTEMPTS),
            is_fips: is_on("AWS_USE_FIPS_ENDPOINT", "use_fips_endpoint"),
            is_dual_stack: is_on("AWS_USE_DUALSTACK_ENDPOINT", "use_dualstack_endpoint"),
        }
    }

    /// For the SDK's credential chain.
    pub(super) fn of_chain(&self) -> ProviderConfig {
        ProviderConfig::without_region()
            .with_behavior_version(Some(BehaviorVersion::v2026_01_12()))
            .with_retry_config(self.retry.clone())
            .with_timeout_config(self.timeout.clone())
            .with_use_fips(self.is_fips.then_some(true))
            .with_use_dual_stack(self.is_dual_stack.then_some(true))
    }

    /// For our own clients, without credentials.
    pub(super) fn of_clients(self, version: &str) -> SdkConfig {
        let mut config = SdkConfig::builder()
            // Pinned: a new SDK must not change defaults behind our back.
            .behavior_version(BehaviorVersion::v2026_01_12())
            // The keyring is the one cache.
            .identity_cache(IdentityCache::no_cache())
            .retry_config(self.retry)
            .timeout_config(self.timeout)
            .sleep_impl(TokioSleep::new())
            .time_source(SystemTimeSource::new())
            // A wrong clock is told, not papered over: it breaks TLS, SSO and pushed keys as well, and EC2's own code for it
            // (RequestExpired) is not one that the SDK corrects.
            .disable_clock_skew_correction(true)
            .use_fips(self.is_fips)
            .use_dual_stack(self.is_dual_stack);
        config.set_app_name(AppName::new(format!("ec2dash-{version}")).or_else(|_| AppName::new("ec2dash")).ok());
        config.build()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_attempt_may_take_its_share_of_the_whole_and_a_call_made_once_all_of_it() {
        let attempt =
            |whole, attempts| timeouts(Duration::from_secs(whole), attempts).operation_attempt_timeout().unwrap().as_secs();

        let told =
            [(60, ATTEMPTS), (15, ATTEMPTS), (3, ATTEMPTS), (60, 1), (15, 1)].map(|(whole, attempts)| attempt(whole, attempts));

        assert_eq!(told, [20, 8, 3, 60, 15]);
    }
}
