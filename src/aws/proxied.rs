//! Calls of AWS through a proxy. The SDK's own client knows proxies of HTTP alone, and tells one refusal from another by no type.

use std::error::Error as StdError;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, SharedHttpClient, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::retry::ErrorKind;
use hyper::Uri;
use hyper_util::client::legacy::{Client, Error as ClientError};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tower_service::Service;

use super::locked::locked;
use crate::outbound::{Proxies, Server, Unconnected, Wire, connected};

/// A client for calls that leave this computer, each through the proxy on its way if there is one.
pub(super) fn client(proxies: Proxies, tls: Arc<ClientConfig>) -> SharedHttpClient {
    let way = Way { proxies: Arc::new(proxies), tls, longest: None };
    // Connections are shared by all that wait as long for one.
    let made = Mutex::new(Vec::<((Option<Duration>, Option<Duration>), SharedHttpConnector)>::new());
    http_client_fn(move |settings, _| {
        let key = (settings.connect_timeout(), settings.read_timeout());
        let mut made = locked(&made);
        if let Some((_, connector)) = made.iter().find(|(own, _)| *own == key) {
            return connector.clone();
        }
        let way = Way { longest: key.0, ..way.clone() };
        let client = Client::builder(TokioExecutor::new()).pool_timer(TokioTimer::new()).build(way);
        let connector = SharedHttpConnector::new(Proxied { client, longest_answer: key.1 });
        made.push((key, connector.clone()));
        connector
    })
}

/// Sends requests over connections that it keeps.
#[derive(Debug)]
struct Proxied {
    client: Client<Way, SdkBody>,
    longest_answer: Option<Duration>,
}

impl HttpConnector for Proxied {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let request = match request.try_into_http1x() {
            Ok(request) => request,
            Err(error) => return HttpConnectorFuture::ready(Err(ConnectorError::user(error.into()))),
        };
        let answer = self.client.request(request);
        let longest = self.longest_answer;
        HttpConnectorFuture::new(async move {
            let answer = match longest {
                Some(longest) => timeout(longest, answer).await.map_err(|late| ConnectorError::timeout(late.into()))?,
                None => answer.await,
            };
            let answer = answer.map_err(failed)?;
            HttpResponse::try_from(answer.map(SdkBody::from_body_1_x)).map_err(|error| ConnectorError::other(error.into(), None))
        })
    }
}

/// As the SDK sorts what it is to try again; a proxy that refuses for good is asked once.
fn failed(error: ClientError) -> ConnectorError {
    let causes = || std::iter::successors(Some(&error as &(dyn StdError + 'static)), |&error| error.source());
    let unconnected = causes().find_map(|cause| cause.downcast_ref::<Unconnected>());
    if matches!(unconnected, Some(Unconnected::Proxy { may_pass: false, .. })) {
        return ConnectorError::other(error.into(), None);
    }
    let is_cut = causes().filter_map(|cause| cause.downcast_ref::<hyper::Error>()).any(hyper::Error::is_incomplete_message);
    if is_cut {
        return ConnectorError::other(error.into(), Some(ErrorKind::TransientError));
    }
    ConnectorError::io(error.into())
}

/// How a connection is made.
#[derive(Debug, Clone)]
struct Way {
    proxies: Arc<Proxies>,
    tls: Arc<ClientConfig>,
    /// For TCP, the proxy and TLS together.
    longest: Option<Duration>,
}

impl Way {
    async fn connection(self, to: Uri) -> Result<Box<dyn Wire>, BoxError> {
        let host = to.host().ok_or("an address without a host")?;
        let host = host.trim_start_matches('[').trim_end_matches(']');
        // What is called in the clear is on this computer or on its link: credentials of a container, metadata of an instance.
        if to.scheme_str() != Some("https") {
            return Ok(connected(Server { host, port: to.port_u16().unwrap_or(80) }, None).await?);
        }
        let server = Server { host, port: to.port_u16().unwrap_or(443) };
        let proxy = self.proxies.on_the_way_to(server).map(|proxy| (proxy, &self.tls));
        let stream = connected(server, proxy).await?;
        let name = ServerName::try_from(host.to_owned())?;
        Ok(Box::new(TlsConnector::from(Arc::clone(&self.tls)).connect(name, stream).await?))
    }
}

impl Service<Uri> for Way {
    type Response = TokioIo<Box<dyn Wire>>;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, BoxError>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, to: Uri) -> Self::Future {
        let way = self.clone();
        Box::pin(async move {
            let longest = way.longest;
            let connection = way.connection(to);
            let connection = match longest {
                Some(longest) => timeout(longest, connection).await.map_err(|_| NotInTime)?,
                None => connection.await,
            };
            connection.map(TokioIo::new)
        })
    }
}

/// No connection in the time that the SDK's settings leave for one.
#[derive(Debug, thiserror::Error)]
#[error("no connection in time")]
pub(super) struct NotInTime;
