//! A start URL at a company's own domain: where it leads is asked once, over https, and no other host than one of AWS is taken from it.

use std::convert::Infallible;
use std::time::Duration;

use aws_smithy_async::rt::sleep::TokioSleep;
use aws_smithy_runtime::client::orchestrator::operation::Operation;
use aws_smithy_runtime_api::client::behavior_version::BehaviorVersion;
use aws_smithy_runtime_api::client::interceptors::context::{Error as ErasedError, Output};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse, OrchestratorError};
use aws_smithy_runtime_api::client::ser_de::DeserializeResponse;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::timeout::TimeoutConfig;

use super::link::SignInLink;
use crate::aws::Error;
use crate::aws::http::Http;
use crate::model::Untrusted;

/// Ends of the names of AWS's own hosts, in every partition.
const OF_AWS: [&str; 9] = [
    "awsapps.com",
    "awsapps.cn",
    "app.aws",
    "amazonaws.com",
    "amazonaws.com.cn",
    "amazonaws.eu",
    "amazonwebservices.com.cn",
    "amazonwebservices.eu",
    "aws.dev",
];
/// How long an answer is waited for.
const LONGEST: Duration = Duration::from_secs(10);
/// What a host answers that does not know the method.
const NOT_THIS_METHOD: [u16; 2] = [405, 501];

/// Whether a host is one of AWS, so that nothing need be asked.
pub(super) fn is_of_aws(host: &str) -> bool {
    let host = host.split(':').next().unwrap_or(host).to_ascii_lowercase();
    OF_AWS.iter().any(|end| host.strip_suffix(end).is_some_and(|before| before.ends_with('.')))
}

/// The start URL that one at a company's own domain leads to.
pub(super) async fn led_to(http: &Http, start_url: &str) -> Result<SignInLink, Error> {
    let mut answer = asked(http, start_url, "HEAD").await?;
    if NOT_THIS_METHOD.contains(&answer.status) {
        answer = asked(http, start_url, "GET").await?;
    }
    target(&answer).map_err(|to| Error::StartUrlAstray { start_url: start_url.into(), to })
}

/// What was answered, without the page.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Answer {
    status: u16,
    location: Option<String>,
}

/// Where an answer leads; else what it says, which is no portal.
fn target(answer: &Answer) -> Result<SignInLink, Option<Untrusted>> {
    let is_redirect = matches!(answer.status, 301 | 302 | 303 | 307 | 308);
    let location = answer.location.as_deref().filter(|_| is_redirect).ok_or(None)?;
    let astray = || Some(Untrusted::from(location));
    let link = SignInLink::checked(location, None).map_err(|_| astray())?;
    if is_of_aws(link.host().raw()) { Ok(link) } else { Err(astray()) }
}

/// One request. No redirect is followed, and no page is read.
async fn asked(http: &Http, url: &str, method: &'static str) -> Result<Answer, Error> {
    let rest = url.strip_prefix("https://").unwrap_or(url);
    let (host, path) = rest.find(['/', '?', '#']).map_or((rest, ""), |at| rest.split_at(at));
    let path = path.split('#').next().unwrap_or_default();
    let path = if path.starts_with('/') { path.to_owned() } else { format!("/{path}") };
    let ask = Operation::builder()
        .service_name("start-url")
        .operation_name(method)
        .behavior_version(BehaviorVersion::latest())
        .http_client(http.to(None))
        .endpoint_url(&format!("https://{host}"))
        .no_auth()
        .no_retry()
        .sleep_impl(TokioSleep::new())
        .timeout_config(TimeoutConfig::builder().operation_timeout(LONGEST).build())
        .serializer(move |()| {
            let mut request = HttpRequest::new(SdkBody::empty());
            request.set_method(method)?;
            request.set_uri(path.as_str())?;
            Ok(request)
        })
        .deserializer_impl::<Answer, Infallible>(Head)
        .build();
    ask.invoke(()).await.map_err(|error| {
        let mut cause: &dyn std::error::Error = &error;
        while let Some(source) = cause.source() {
            cause = source;
        }
        Error::Unreachable { host: host.to_owned(), cause: cause.to_string().into() }
    })
}

/// Reads the head of an answer and nothing else.
#[derive(Debug)]
struct Head;

impl DeserializeResponse for Head {
    fn deserialize_streaming(&self, response: &mut HttpResponse) -> Option<Result<Output, OrchestratorError<ErasedError>>> {
        Some(Ok(head(response)))
    }

    fn deserialize_nonstreaming(&self, response: &HttpResponse) -> Result<Output, OrchestratorError<ErasedError>> {
        Ok(head(response))
    }
}

fn head(response: &HttpResponse) -> Output {
    let location = response.headers().get("location").map(str::to_owned);
    Output::erase(Answer { status: response.status().as_u16(), location })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_of_aws_are_known_by_their_end_and_no_other_is_taken_for_one() {
        for host in
            ["corp.awsapps.com", "d-1.awsapps.com:443", "ssoins-1.portal.eu-central-1.app.aws", "identitycenter.amazonaws.com"]
        {
            assert!(is_of_aws(host), "{host}");
        }
        for host in ["awsapps.com.evil.example", "evilawsapps.com", "awsapps.com", "aws.corp.example", "", "127.0.0.1:4000"] {
            assert!(!is_of_aws(host), "{host}");
        }
    }

    #[test]
    fn only_a_redirect_to_aws_over_https_is_gone_after() {
        let to = |status, location: &str| target(&Answer { status, location: Some(location.to_owned()) });
        let portal = "https://ssoins-1.portal.eu-central-1.app.aws/start";

        assert_eq!(to(302, portal).unwrap().url(), portal);
        for (status, location) in [
            (200, portal),
            (302, "http://corp.awsapps.com/start"),
            (301, "https://evil.example/start"),
            (307, "https://corp.awsapps.com@evil.example/"),
            (302, "/start"),
            (302, "javascript:alert(1)"),
        ] {
            assert!(to(status, location).is_err(), "{status} {location}");
        }
        assert_eq!(target(&Answer { status: 404, location: None }), Err(None));
    }
}
