//! Where a data channel may be opened, and what proves there who we are.

use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;
use std::time::SystemTime;

use aws_credential_types::provider::ProvideCredentials;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4;
use hyper::Uri;
use rustls::ClientConfig;
use zeroize::Zeroizing;

use super::certificate::CertificateFlaw;
use super::endpoints::{Endpoint, Service, is_loopback};
use super::session::Session;
use super::{Cloud, Error, call, proxies};
use crate::model::{Partition, Region};

const HOSTS: [&str; 2] = ["ssmmessages", "ssmmessages-fips"];
/// Parameters that say that an address is signed already.
const PRESIGNED: [&str; 7] = [
    "x-amz-algorithm",
    "x-amz-credential",
    "x-amz-date",
    "x-amz-expires",
    "x-amz-signedheaders",
    "x-amz-signature",
    "x-amz-security-token",
];

/// Why a stream's address is not used: the token would go where it must not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UnsafeStream {
    /// It does not read as an address.
    #[error("the address of the data channel does not read")]
    Unreadable,
    /// It is in the clear, or another protocol.
    #[error("the address of the data channel is not encrypted")]
    Clear,
    /// It is not a host of AWS's for data channels in this region.
    #[error("the address of the data channel is not AWS's")]
    Elsewhere,
}

/// An address that a token may be sent to. Its query opens the session, so it is never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct StreamUrl {
    url: Zeroizing<String>,
    uri: Uri,
    is_secure: bool,
}

impl StreamUrl {
    /// The whole address, for the request only.
    pub fn uri(&self) -> &Uri {
        &self.uri
    }

    /// Whether it is encrypted.
    pub fn is_secure(&self) -> bool {
        self.is_secure
    }

    /// The host, without the brackets of an IPv6 address.
    pub fn host(&self) -> &str {
        self.uri.host().unwrap_or_default().trim_start_matches('[').trim_end_matches(']')
    }

    /// The port.
    pub fn port(&self) -> u16 {
        self.uri.port_u16().unwrap_or(if self.is_secure { 443 } else { 80 })
    }

    /// The same with `https` or `http`, as signatures and proxies want it.
    pub fn as_http(&self) -> Zeroizing<String> {
        let (scheme, rest) = (if self.is_secure { "https" } else { "http" }, self.url.split_once("://"));
        Zeroizing::new(format!("{scheme}://{}", rest.map_or("", |(_, rest)| rest)))
    }

    fn is_presigned(&self) -> bool {
        let query = self.uri.query().unwrap_or_default();
        form_urlencoded::parse(query.as_bytes()).any(|(name, _)| PRESIGNED.contains(&name.to_ascii_lowercase().as_str()))
    }
}

impl fmt::Debug for StreamUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}{}", self.host(), self.port(), self.uri.path())
    }
}

/// What dialling a data channel needs of a profile and a region. Credentials are those of the moment.
#[derive(Clone)]
pub struct StreamAccess {
    session: Arc<Session>,
    region: Region,
}

impl Cloud {
    /// What dialling data channels of a region needs.
    pub async fn stream_access(&self, region: &Region) -> Result<StreamAccess, Error> {
        Ok(StreamAccess { session: self.session().await?, region: region.clone() })
    }
}

impl StreamAccess {
    /// The address to dial for a `StreamUrl`, if a token may be sent there.
    pub fn address(&self, url: &str) -> Result<StreamUrl, UnsafeStream> {
        let endpoints = &self.session.endpoints;
        let here = endpoints.of(Service::Ssm).filter(|own| is_loopback(host_of(&own.host)));
        checked(url, &self.region, endpoints.of(Service::Messages), here)
    }

    /// TLS as every other call of the profile has it.
    pub fn tls(&self) -> Result<Arc<ClientConfig>, Error> {
        self.session.http.tls()
    }

    /// The gateway's certificate, if a connection failed for that.
    pub fn certificate_refused(&self, url: &StreamUrl, error: &(dyn StdError + 'static)) -> Option<Error> {
        let flaw = CertificateFlaw::of(error)?;
        let host = match (url.host(), url.port()) {
            (host, 443) => host.to_owned(),
            (host, port) if host.contains(':') => format!("[{host}]:{port}"),
            (host, port) => format!("{host}:{port}"),
        };
        Some(Error::Certificate { proxy: proxies::on_the_way_to(&host), host, flaw })
    }

    /// Headers that say who we are. `None` when the address is signed already or there are no credentials to sign with: the token
    /// alone may do.
    pub async fn signature(&self, url: &StreamUrl) -> Option<Vec<(String, Zeroizing<String>)>> {
        tracing::debug!(action = call::OPEN_DATA_CHANNEL.action, host = url.host(), "call");
        if url.is_presigned() {
            return None;
        }
        let credentials = match self.session.keyring.provide_credentials().await {
            Ok(credentials) => credentials,
            Err(error) => {
                tracing::debug!("the upgrade is not signed: {error}");
                return None;
            }
        };
        let identity = credentials.into();
        let parameters = v4::SigningParams::builder()
            .identity(&identity)
            .region(self.region.as_str())
            .name("ssmmessages")
            .time(SystemTime::now())
            .settings(SigningSettings::default())
            .build()
            .ok()?
            .into();
        let address = url.as_http();
        let request = SignableRequest::new("GET", address.as_str(), std::iter::empty(), SignableBody::Bytes(&[])).ok()?;
        let (signed, _) = sign(request, &parameters).ok()?.into_parts();
        Some(signed.headers().map(|(name, value)| (name.to_owned(), Zeroizing::new(value.to_owned()))).collect())
    }
}

impl fmt::Debug for StreamAccess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StreamAccess").field("region", &self.region).finish_non_exhaustive()
    }
}

/// `here` is where calls of Systems Manager go, if that is on this computer.
fn checked(url: &str, region: &Region, custom: Option<&Endpoint>, here: Option<&Endpoint>) -> Result<StreamUrl, UnsafeStream> {
    let uri: Uri = url.parse().map_err(|_| UnsafeStream::Unreadable)?;
    let authority = uri.authority().ok_or(UnsafeStream::Unreadable)?;
    // With a user name in it, an address can be read as another than it is.
    if authority.as_str().contains('@') {
        return Err(UnsafeStream::Unreadable);
    }
    let is_secure = match uri.scheme_str() {
        Some("wss") => true,
        Some("ws") => false,
        _ => return Err(UnsafeStream::Clear),
    };
    if let Some(custom) = custom {
        let scheme = if custom.is_plain { "ws" } else { "wss" };
        let path = uri.path_and_query().map_or("/", |path| path.as_str());
        return address(format!("{scheme}://{}{path}", custom.host), !custom.is_plain);
    }
    // What a cloud on this computer says over TLS is not answered in the clear.
    if here.is_some_and(|here| is_secure || here.is_plain) && is_loopback(authority.host()) {
        return address(url.to_owned(), is_secure);
    }
    if !is_secure {
        return Err(UnsafeStream::Clear);
    }
    let is_usual_port = uri.port_u16().is_none_or(|port| port == 443);
    if is_usual_port && is_of_aws(authority.host(), region) {
        address(url.to_owned(), true)
    } else {
        Err(UnsafeStream::Elsewhere)
    }
}

fn address(url: String, is_secure: bool) -> Result<StreamUrl, UnsafeStream> {
    let uri = url.parse().map_err(|_| UnsafeStream::Unreadable)?;
    Ok(StreamUrl { url: Zeroizing::new(url), uri, is_secure })
}

fn is_of_aws(host: &str, region: &Region) -> bool {
    let host = host.to_ascii_lowercase();
    HOSTS
        .iter()
        .filter_map(|own| host.strip_prefix(own)?.strip_prefix('.'))
        .any(|rest| rest.strip_prefix(region.as_str()).and_then(|rest| rest.strip_prefix('.')).is_some_and(Partition::has_suffix))
}

/// The host of `host:port`.
fn host_of(authority: &str) -> &str {
    match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
        _ => authority,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str =
        "wss://ssmmessages.us-east-1.amazonaws.com/v1/data-channel/jane-0?role=publish_subscribe&cell-number=canary";

    fn check(url: &str, custom: Option<&Endpoint>, here: Option<&Endpoint>) -> Result<StreamUrl, UnsafeStream> {
        checked(url, &"us-east-1".parse().unwrap(), custom, here)
    }

    fn here(is_plain: bool) -> Endpoint {
        let scheme = if is_plain { "http" } else { "https" };
        Endpoint { url: format!("{scheme}://127.0.0.1:8080"), host: "127.0.0.1:8080".to_owned(), is_plain }
    }

    #[test]
    fn a_token_goes_to_aws_in_the_sessions_region_and_nowhere_else() {
        assert!(check(GOOD, None, None).is_ok());
        assert!(check("wss://ssmmessages-fips.us-east-1.amazonaws.com:443/x", None, None).is_ok());
        for (bad, why) in [
            ("ws://ssmmessages.us-east-1.amazonaws.com/x", UnsafeStream::Clear),
            ("https://ssmmessages.us-east-1.amazonaws.com/x", UnsafeStream::Clear),
            ("wss://ssmmessages.eu-west-1.amazonaws.com/x", UnsafeStream::Elsewhere),
            ("wss://ssmmessages.us-east-1.amazonaws.com:8443/x", UnsafeStream::Elsewhere),
            ("wss://ssmmessages.us-east-1.amazonaws.com.evil.example/x", UnsafeStream::Elsewhere),
            ("wss://evil.us-east-1.amazonaws.com/x", UnsafeStream::Elsewhere),
            ("wss://ssmmessagesx.us-east-1.amazonaws.com/x", UnsafeStream::Elsewhere),
            ("wss://jane@ssmmessages.us-east-1.amazonaws.com/x", UnsafeStream::Unreadable),
            ("wss://127.0.0.1:8080/x", UnsafeStream::Elsewhere),
            ("ws://127.0.0.1:8080/x", UnsafeStream::Clear),
            ("no address", UnsafeStream::Unreadable),
        ] {
            assert_eq!(check(bad, None, None), Err(why), "{bad}");
        }
    }

    #[test]
    fn in_the_clear_only_to_this_computer_and_only_from_a_cloud_that_is_on_it() {
        let (plain, tls) = (here(true), here(false));
        for plain_or_not in [&plain, &tls] {
            assert!(check("wss://127.0.0.1:8443/x", None, Some(plain_or_not)).is_ok());
            assert_eq!(check("ws://10.0.0.1:8080/x", None, Some(plain_or_not)), Err(UnsafeStream::Clear));
            assert_eq!(check("wss://evil.example/x", None, Some(plain_or_not)), Err(UnsafeStream::Elsewhere));
        }
        for url in ["ws://127.0.0.1:8080/x", "ws://[::1]:8080/x"] {
            assert!(check(url, None, Some(&plain)).is_ok());
            assert_eq!(check(url, None, Some(&tls)), Err(UnsafeStream::Clear), "less than the calls have");
        }
    }

    #[test]
    fn a_configured_host_takes_the_place_of_aws_and_nothing_else_changes() {
        let custom = Endpoint { url: "https://vpce.example".to_owned(), host: "vpce.example".to_owned(), is_plain: false };

        let url = check(GOOD, Some(&custom), None).unwrap();

        assert_eq!(url.uri().to_string(), GOOD.replace("ssmmessages.us-east-1.amazonaws.com", "vpce.example"));
        assert_eq!((url.host(), url.port()), ("vpce.example", 443));
    }

    #[test]
    fn debug_shows_no_query() {
        let shown = format!("{:?}", check(GOOD, None, None).unwrap());

        assert_eq!(shown, "ssmmessages.us-east-1.amazonaws.com:443/v1/data-channel/jane-0");
    }

    #[test]
    fn what_is_presigned_is_not_signed_again() {
        assert!(!check(GOOD, None, None).unwrap().is_presigned());
        assert!(check(&format!("{GOOD}&X-Amz-Signature=x"), None, None).unwrap().is_presigned());
    }
}
