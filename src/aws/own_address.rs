//! This computer's address, as a page on the internet sees it: asked only after somebody said yes.

use std::convert::Infallible;
use std::net::IpAddr;
use std::time::Duration;

use aws_smithy_async::rt::sleep::TokioSleep;
use aws_smithy_runtime::client::orchestrator::operation::Operation;
use aws_smithy_runtime_api::client::behavior_version::BehaviorVersion;
use aws_smithy_runtime_api::client::interceptors::context::{Error as ErasedError, Output};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse, OrchestratorError};
use aws_smithy_runtime_api::client::ser_de::DeserializeResponse;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::timeout::TimeoutConfig;

use super::{Cloud, Error};
use crate::model::{AddressService, Untrusted};

/// How the question is called where an answer is no answer.
const ACTION: &str = "address";
/// How long an answer is waited for.
const LONGEST: Duration = Duration::from_secs(10);
/// An address and the end of its line are no longer.
const MOST_BYTES: usize = 128;

impl Cloud {
    /// The address from which `service` is asked: one line of plain text. The same proxies and certificates as for every call; of several
    /// ways out ssh may take another. No redirect is followed.
    ///
    /// Fails with [`Error::Unreachable`], or [`Error::Garbled`] where the answer is no address.
    pub async fn own_address(&self, service: &AddressService) -> Result<IpAddr, Error> {
        let session = self.session().await?;
        let path = service.path().to_owned();
        let ask = Operation::builder()
            .service_name("own-address")
            .operation_name("GET")
            .behavior_version(BehaviorVersion::latest())
            .http_client(session.http.way(service.is_plain()))
            .endpoint_url(service.base())
            .no_auth()
            .no_retry()
            .sleep_impl(TokioSleep::new())
            .timeout_config(TimeoutConfig::builder().operation_timeout(LONGEST).build())
            .serializer(move |()| {
                let mut request = HttpRequest::new(SdkBody::empty());
                request.set_method("GET")?;
                request.set_uri(path.as_str())?;
                Ok(request)
            })
            .deserializer_impl::<Answer, Infallible>(Page)
            .build();
        let answer = ask.invoke(()).await.map_err(|error| {
            let mut cause: &dyn std::error::Error = &error;
            while let Some(source) = cause.source() {
                cause = source;
            }
            Error::Unreachable { host: service.to_string(), cause: cause.to_string().into() }
        })?;
        read(&answer).map_err(|cause| Error::Garbled { action: ACTION, cause })
    }
}

/// What was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Answer {
    status: u16,
    body: Vec<u8>,
}

/// The address that an answer is; else what it is.
fn read(answer: &Answer) -> Result<IpAddr, Untrusted> {
    if answer.status != 200 {
        return Err(format!("HTTP {}", answer.status).into());
    }
    let start = answer.body.get(..MOST_BYTES.min(answer.body.len())).unwrap_or_default();
    let text = String::from_utf8_lossy(start);
    let address = text.trim().parse().ok().filter(|_| answer.body.len() <= MOST_BYTES);
    address.ok_or_else(|| Untrusted::from(text.into_owned()))
}

/// Reads an answer that is short.
#[derive(Debug)]
struct Page;

impl DeserializeResponse for Page {
    fn deserialize_streaming(&self, response: &mut HttpResponse) -> Option<Result<Output, OrchestratorError<ErasedError>>> {
        let length = response.headers().get("content-length").and_then(|length| length.parse::<usize>().ok());
        // Nobody waits for the whole of a page that cannot be an address.
        let is_short = length.is_some_and(|length| length <= MOST_BYTES);
        (!is_short).then(|| Ok(Output::erase(Answer { status: response.status().as_u16(), body: vec![b'?'; MOST_BYTES + 1] })))
    }

    fn deserialize_nonstreaming(&self, response: &HttpResponse) -> Result<Output, OrchestratorError<ErasedError>> {
        let body = response.body().bytes().unwrap_or_default().to_vec();
        Ok(Output::erase(Answer { status: response.status().as_u16(), body }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_one_line_and_nothing_else_is_one() {
        let of = |status, body: &[u8]| read(&Answer { status, body: body.to_vec() }).ok();

        assert_eq!(of(200, b"203.0.113.9\n"), "203.0.113.9".parse().ok());
        assert_eq!(of(200, b"2001:db8::9"), "2001:db8::9".parse().ok());
        let long = [&b"203.0.113.9"[..], &[b' '; 200]].concat();
        for (status, body) in
            [(200, &b"<html>203.0.113.9</html>"[..]), (403, b"203.0.113.9"), (200, b""), (200, b"203.0.113.9/8"), (200, &long)]
        {
            assert_eq!(of(status, body), None, "{status} {}", String::from_utf8_lossy(body));
        }
    }
}
