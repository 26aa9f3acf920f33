//! Where a tunnel through an endpoint is opened, and the signed address that opens it (docs/instance-connect.md 4.2).

use std::error::Error as StdError;
use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use aws_credential_types::provider::ProvideCredentials;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SignatureLocation, SigningSettings, sign};
use aws_sigv4::sign::v4;
use hyper::Uri;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use rustls::ClientConfig;
use zeroize::Zeroizing;

use super::certificate::CertificateFlaw;
use super::endpoints::{Service, is_loopback};
use super::session::Session;
use super::{Cloud, Error, call, proxies};
use crate::model::{Endpoint, EndpointId, Partition, Region};

/// How long a signed address holds; it is signed right before it is dialled.
const SIGNED_FOR: Duration = Duration::from_secs(60);
/// Everything but the unreserved characters of RFC 3986.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
/// The label that stands in the name of every endpoint.
const LABEL: &str = "ec2-instance-connect-endpoint";

/// Why an endpoint's host is not used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UnsafeEndpoint {
    /// It is not the name of an endpoint of AWS's in this region: a signature would go elsewhere.
    #[error("the host name of the endpoint is not AWS's")]
    Elsewhere,
    /// FIPS is asked for, and it has no such host.
    #[error("the endpoint has no FIPS host name")]
    NoFips,
}

/// What is asked of an endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TunnelRequest {
    /// The address of the instance, or of what it is to lead to.
    pub address: IpAddr,
    /// 22 or 3389.
    pub port: u16,
    /// How long the tunnel may live, in whole seconds.
    pub limit: Duration,
}

/// A host that a signature may be sent to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndpointHost {
    /// As it stands in the address: with the port, where that is not 443.
    authority: String,
    is_secure: bool,
    id: EndpointId,
}

impl EndpointHost {
    /// The host alone, without the brackets of an IPv6 address.
    pub fn host(&self) -> &str {
        let host = match self.authority.rsplit_once(':') {
            Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
            _ => &self.authority,
        };
        host.trim_start_matches('[').trim_end_matches(']')
    }

    /// The port.
    pub fn port(&self) -> u16 {
        let port = self.authority.rsplit_once(':').and_then(|(_, port)| port.parse().ok());
        port.unwrap_or(if self.is_secure { 443 } else { 80 })
    }

    /// Whether it is spoken to under TLS.
    pub fn is_secure(&self) -> bool {
        self.is_secure
    }

    /// Whose it is.
    pub fn id(&self) -> &EndpointId {
        &self.id
    }
}

/// An address that opens a tunnel for a minute. Whoever has it can open one, so it is never shown.
#[derive(Clone)]
pub struct SignedTunnel(Zeroizing<String>);

impl SignedTunnel {
    /// The address, for the request only.
    pub fn uri(&self) -> Option<Uri> {
        self.0.parse().ok()
    }
}

impl fmt::Debug for SignedTunnel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SignedTunnel")
    }
}

/// What dialling endpoints needs of a profile and a region. Credentials are those of the moment.
#[derive(Clone)]
pub struct TunnelAccess {
    cloud: Cloud,
    session: Arc<Session>,
    region: Region,
}

impl Cloud {
    /// What dialling endpoints of a region needs.
    pub async fn tunnel_access(&self, region: &Region) -> Result<TunnelAccess, Error> {
        Ok(TunnelAccess { cloud: self.clone(), session: self.session().await?, region: region.clone() })
    }
}

impl TunnelAccess {
    /// Where to dial for an endpoint, if a signature may be sent there.
    pub fn host(&self, endpoint: &Endpoint) -> Result<EndpointHost, UnsafeEndpoint> {
        let here = self.session.endpoints.of(Service::Ec2).filter(|own| is_loopback(&host_of(&own.host)));
        checked(endpoint, &self.region, self.session.wants_fips(), here.map(|own| own.is_plain))
    }

    /// TLS as every other call of the profile has it.
    pub fn tls(&self) -> Result<Arc<ClientConfig>, Error> {
        self.session.http.tls()
    }

    /// The endpoint's certificate, if a connection failed for that.
    pub fn certificate_refused(&self, host: &EndpointHost, error: &(dyn StdError + 'static)) -> Option<Error> {
        let flaw = CertificateFlaw::of(error)?;
        Some(Error::Certificate { proxy: proxies::on_the_way_to(&host.authority), host: host.authority.clone(), flaw })
    }

    /// The address that opens this tunnel now.
    pub async fn signed(&self, host: &EndpointHost, request: &TunnelRequest) -> Result<SignedTunnel, Error> {
        tracing::debug!(action = call::OPEN_TUNNEL.action, host = host.host(), port = request.port, "call");
        let session = self.cloud.session().await?;
        self.cloud.ready(&session).await?;
        let credentials = session
            .keyring
            .provide_credentials()
            .await
            .map_err(|error| Error::Garbled { action: call::OPEN_TUNNEL.action, cause: error.to_string().into() })?;
        signed(host, request, &self.region, credentials, SystemTime::now())
    }
}

impl fmt::Debug for TunnelAccess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TunnelAccess").field("region", &self.region).finish_non_exhaustive()
    }
}

/// `here`: whether EC2 is on this computer, and in the clear.
fn checked(endpoint: &Endpoint, region: &Region, fips: bool, here: Option<bool>) -> Result<EndpointHost, UnsafeEndpoint> {
    let name = if fips { endpoint.fips_dns_name.as_ref() } else { Some(&endpoint.dns_name) };
    let name = name.map(crate::model::Untrusted::raw).filter(|name| !name.is_empty());
    let name = name.ok_or(if fips { UnsafeEndpoint::NoFips } else { UnsafeEndpoint::Elsewhere })?;
    let host = |is_secure| EndpointHost { authority: name.to_owned(), is_secure, id: endpoint.id.clone() };
    if let Some(is_plain) = here
        && is_loopback(&host_of(name))
        && name.parse::<hyper::http::uri::Authority>().is_ok_and(|authority| !authority.as_str().contains('@'))
    {
        return Ok(host(!is_plain));
    }
    if is_of_aws(name, &endpoint.id, region) { Ok(host(true)) } else { Err(UnsafeEndpoint::Elsewhere) }
}

/// `ID[.HEX][.fips].ec2-instance-connect-endpoint.REGION.SUFFIX`, in lower case.
fn is_of_aws(name: &str, id: &EndpointId, region: &Region) -> bool {
    let Some(rest) = name.strip_prefix(id.as_str()).and_then(|rest| rest.strip_prefix('.')) else { return false };
    let Some((between, domain)) = rest.split_once(LABEL) else { return false };
    let is_label =
        |label: &str| !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    let are_labels = between.is_empty() || between.strip_suffix('.').is_some_and(|labels| labels.split('.').all(is_label));
    let suffix =
        domain.strip_prefix('.').and_then(|domain| domain.strip_prefix(region.as_str())).and_then(|rest| rest.strip_prefix('.'));
    let own = Partition::of(region);
    are_labels && suffix.is_some_and(|suffix| suffix == own.suffix || own.dual_stack == Some(suffix))
}

/// The host of `host:port`.
fn host_of(authority: &str) -> String {
    match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host.to_owned(),
        _ => authority.to_owned(),
    }
}

/// The parameters stand in the order in which the AWS CLI writes them; the signature does not depend on it.
fn signed(
    host: &EndpointHost,
    request: &TunnelRequest,
    region: &Region,
    credentials: Credentials,
    now: SystemTime,
) -> Result<SignedTunnel, Error> {
    let garbled = |cause: String| Error::Garbled { action: call::OPEN_TUNNEL.action, cause: cause.into() };
    let address = request.address.to_string();
    let limit = request.limit.as_secs();
    let limit = if limit == 0 { String::new() } else { format!("&maxTunnelDuration={limit}") };
    let unsigned = format!(
        "https://{}/openTunnel?instanceConnectEndpointId={}&remotePort={}&privateIpAddress={}{limit}",
        host.authority,
        utf8_percent_encode(host.id.as_str(), RESERVED),
        request.port,
        utf8_percent_encode(&address, RESERVED),
    );
    let identity = credentials.into();
    let mut settings = SigningSettings::default();
    settings.signature_location = SignatureLocation::QueryParams;
    settings.expires_in = Some(SIGNED_FOR);
    let parameters = v4::SigningParams::builder()
        .identity(&identity)
        .region(region.as_str())
        .name("ec2-instance-connect")
        .time(now)
        .settings(settings)
        .build()
        .map_err(|error| garbled(error.to_string()))?
        .into();
    let signable = SignableRequest::new("GET", unsigned.as_str(), std::iter::empty(), SignableBody::Bytes(&[]));
    let signable = signable.map_err(|error| garbled(error.to_string()))?;
    let (signed, _) = sign(signable, &parameters).map_err(|error| garbled(error.to_string()))?.into_parts();
    let scheme = if host.is_secure { "wss" } else { "ws" };
    let mut url = Zeroizing::new(unsigned.replacen("https", scheme, 1));
    for (name, value) in signed.params() {
        url.push('&');
        url.push_str(name);
        url.push('=');
        url.push_str(&Zeroizing::new(utf8_percent_encode(value, RESERVED).to_string()));
    }
    Ok(SignedTunnel(url))
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    fn endpoint(dns_name: &str) -> Endpoint {
        crate::model::endpoint("eice-0123456789abcdef0", |own| own.dns_name = dns_name.into())
    }

    fn check(dns_name: &str, here: Option<bool>) -> Result<bool, UnsafeEndpoint> {
        checked(&endpoint(dns_name), &"us-west-2".parse().unwrap(), false, here).map(|host| host.is_secure())
    }

    const GOOD: &str = "eice-0123456789abcdef0.b1c2d3e4.ec2-instance-connect-endpoint.us-west-2.amazonaws.com";

    #[test]
    fn a_signature_goes_to_endpoints_of_the_region_and_nowhere_else() {
        for good in [
            GOOD,
            "eice-0123456789abcdef0.ec2-instance-connect-endpoint.us-west-2.amazonaws.com",
            "eice-0123456789abcdef0.b1c2d3e4.fips.ec2-instance-connect-endpoint.us-west-2.amazonaws.com",
            "eice-0123456789abcdef0.b1c2d3e4.ec2-instance-connect-endpoint.us-west-2.api.aws",
        ] {
            assert_eq!(check(good, None), Ok(true), "{good}");
        }
        for bad in [
            "",
            "evil.example",
            "x@evil",
            "a/b",
            "127.0.0.1:8080",
            &GOOD.to_uppercase(),
            &format!("{GOOD}."),
            &format!("{GOOD}:8443"),
            &format!("{GOOD}.evil.example"),
            &format!("{GOOD}/x"),
            &format!("x@{GOOD}"),
            &GOOD.replace("us-west-2", "us-east-1"),
            &GOOD.replace("amazonaws.com", "amazonaws.com.cn"),
            &GOOD.replace("eice-0123456789abcdef0", "eice-other"),
            &GOOD.replace("b1c2d3e4", "b1/d3e4"),
            &GOOD.replace("b1c2d3e4", "..."),
        ] {
            assert_eq!(check(bad, None), Err(UnsafeEndpoint::Elsewhere), "{bad}");
        }
    }

    #[test]
    fn a_cloud_on_this_computer_has_its_endpoints_here() {
        assert_eq!(check("127.0.0.1:8080", Some(true)), Ok(false));
        assert_eq!(check("127.0.0.1:8443", Some(false)), Ok(true), "no less than the calls have");
        assert_eq!(check("x@127.0.0.1:8080", Some(true)), Err(UnsafeEndpoint::Elsewhere));
        assert_eq!(check("10.0.0.1:8080", Some(true)), Err(UnsafeEndpoint::Elsewhere));
        assert_eq!(check(GOOD, Some(true)), Ok(true));
    }

    #[test]
    fn china_and_govcloud_have_names_of_their_own() {
        for (region, suffix) in [("cn-north-1", "amazonaws.com.cn"), ("us-gov-west-1", "amazonaws.com")] {
            let name = format!("eice-0123456789abcdef0.b1c2d3e4.ec2-instance-connect-endpoint.{region}.{suffix}");
            let found = checked(&endpoint(&name), &region.parse().unwrap(), false, None);

            assert_eq!(found.map(|host| host.host().to_owned()), Ok(name));
        }
        let name = "eice-0123456789abcdef0.b1c2d3e4.ec2-instance-connect-endpoint.cn-north-1.amazonaws.com";
        let found = checked(&endpoint(name), &"cn-north-1".parse().unwrap(), false, None);
        assert_eq!(found, Err(UnsafeEndpoint::Elsewhere));
    }

    #[test]
    fn without_a_fips_name_there_is_no_fips() {
        let region = "us-west-2".parse().unwrap();
        let mut own = endpoint(GOOD);
        assert_eq!(checked(&own, &region, true, None), Err(UnsafeEndpoint::NoFips));

        let fips = GOOD.replace(".ec2-instance", ".fips.ec2-instance");
        own.fips_dns_name = Some(fips.as_str().into());
        assert_eq!(checked(&own, &region, true, None).map(|host| host.host().to_owned()), Ok(fips));
        own.fips_dns_name = Some("".into());
        assert_eq!(checked(&own, &region, true, None), Err(UnsafeEndpoint::NoFips));
    }

    #[test]
    fn every_vector_of_the_aws_cli_is_signed_alike() {
        let all: Value = serde_json::from_str(include_str!("../../tests/vectors/eice-vectors.json")).unwrap();
        let vectors = all["vectors"].as_array().unwrap();
        assert_eq!(vectors.len(), 8);
        for vector in vectors {
            let (inputs, expected) = (&vector["inputs"], &vector["expected"]);
            let text = |name: &str| inputs[name].as_str().unwrap_or_default().to_owned();
            let region: Region = text("region").parse().unwrap();
            let dns_name = text("endpoint_dns_name");
            let own = Endpoint { id: text("endpoint_id").parse().unwrap(), ..endpoint(&dns_name) };
            let own = Endpoint { fips_dns_name: Some(dns_name.as_str().into()), ..own };
            let host = checked(&own, &region, dns_name.contains(".fips."), None).unwrap();
            let request = TunnelRequest {
                address: text("private_ip_address").parse().unwrap(),
                port: inputs["remote_port"].as_u64().unwrap().try_into().unwrap(),
                limit: Duration::from_secs(inputs["max_tunnel_duration"].as_u64().unwrap_or_default()),
            };
            let token = inputs["session_token"].as_str().map(str::to_owned);
            let credentials = Credentials::new(text("access_key_id"), text("secret_access_key"), token, None, "vector");
            let time = jiff::civil::DateTime::strptime("%Y%m%dT%H%M%SZ", text("time")).unwrap();
            let now = time.to_zoned(jiff::tz::TimeZone::UTC).unwrap().timestamp().into();

            let signed = signed(&host, &request, &region, credentials, now).unwrap();

            let parameters = |url: &str| {
                let (start, query) = url.split_once('?').unwrap();
                let mut all: Vec<String> = query.split('&').map(str::to_owned).collect();
                all.sort();
                (start.to_owned(), all)
            };
            let url = expected["url"].as_str().unwrap();
            assert_eq!(parameters(&signed.0), parameters(url), "{}", vector["name"]);
            assert!(signed.0.contains(expected["signature"].as_str().unwrap()));
            assert_eq!(format!("{signed:?}"), "SignedTunnel");
        }
    }
}
