//! Makes the tests, those that wait for an answer side by side.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::kind::Probe;
use crate::aws::{Cloud, Error, SessionRequest, TunnelRequest, ask_for_permissions};
use crate::endpoint::{self, About, Denied, TunnelError};
use crate::model::{Endpoint, Instance, NoAnswer, Probed, Probes, Untrusted};
use crate::session::{Reason, Session, SessionOptions};
use crate::text::Catalogue;

/// For a connection to be made (docs/access-rules.md SSH-12), and then for a first word.
const CONNECTS: Duration = Duration::from_secs(3);
const SPEAKS: Duration = Duration::from_secs(5);
/// For a first word through an endpoint, which answers before it has connected.
const SPEAKS_THROUGH: Duration = Duration::from_secs(15);
/// For a session to begin, and to end.
const BEGINS: Duration = Duration::from_secs(20);
const ENDS: Duration = Duration::from_secs(5);
/// How long a tunnel is asked for.
const TUNNEL_LIFE: Duration = Duration::from_secs(60);
/// Longest first words that are kept (RFC 4253, 4.2).
const LONGEST_BANNER: usize = 255;

/// Make these tests of an instance that was examined; what came of them stands in its examination. `login`: who logs in to it.
pub async fn make(cloud: &Cloud, instance: &mut Instance, probes: &[Probe], login: &str, text: &Catalogue) {
    if probes.contains(&Probe::Permissions) {
        Box::pin(ask_for_permissions(cloud, instance, login)).await;
    }
    let Some(examined) = instance.examination.clone() else { return };
    let told: &Instance = instance;
    let banner = async {
        for probe in probes {
            if let Probe::Banner { place, .. } = probe {
                return Some(banner(*place, text).await);
            }
        }
        None
    };
    let tunnel = async {
        for probe in probes {
            if let Probe::Tunnel { endpoint, address, port } = probe {
                return Some(tunnel(cloud, told, endpoint, (*address, *port), text).await);
            }
        }
        None
    };
    let session = async { if probes.contains(&Probe::Session) { Some(session(cloud, told, text).await) } else { None } };
    let (banner, tunnel, session) = tokio::join!(banner, Box::pin(tunnel), Box::pin(session));
    let made = Probes { made: Some(Timestamp::now()), banner, tunnel, session };
    let mut examined = (*examined).clone();
    examined.probes = made;
    instance.examination = Some(Arc::new(examined));
}

/// What answers at an address.
async fn banner(place: SocketAddr, text: &Catalogue) -> Probed {
    let failed = |code: &'static str, cause: &str| {
        let (address, port) = (place.ip().to_string(), place.port().to_string());
        let values = [("address", address.into()), ("port", port.into()), ("cause", cause.to_owned().into())];
        Probed::Failed { why: NoAnswer::Other, what: text.say_with(code, &values) }
    };
    let mut stream = match timeout(CONNECTS, TcpStream::connect(place)).await {
        Err(_) => return failed("probe-no-answer", ""),
        Ok(Err(error)) if error.kind() == io::ErrorKind::ConnectionRefused => return failed("probe-refused", ""),
        Ok(Err(error)) => return failed("probe-unreachable", &Untrusted::from(error.to_string()).shown_in(120)),
        Ok(Ok(stream)) => stream,
    };
    let mut line = Vec::new();
    let first_line = async {
        while line.len() < LONGEST_BANNER && line.last() != Some(&b'\n') {
            line.push(stream.read_u8().await?);
        }
        io::Result::Ok(())
    };
    let came = timeout(SPEAKS, first_line).await;
    match (came, line.is_empty()) {
        (_, false) => Probed::Answered(Untrusted::from(String::from_utf8_lossy(&line).trim_end())),
        (Err(_), true) => failed("probe-silent", ""),
        (Ok(_), true) => failed("probe-closed", ""),
    }
}

/// Whether something answers through an endpoint.
async fn tunnel(cloud: &Cloud, instance: &Instance, endpoint: &Endpoint, to: (IpAddr, u16), text: &Catalogue) -> Probed {
    let about = About { target: instance.shown(), port: to.1, endpoint: endpoint.id.clone(), limit: TUNNEL_LIFE };
    let opened = async {
        let access = cloud.tunnel_access(&instance.place.region).await?;
        let host = access.host(endpoint)?;
        endpoint::open(&access, &host, &TunnelRequest { address: to.0, port: to.1, limit: TUNNEL_LIFE }).await
    };
    let tunnel = match opened.await {
        Ok(tunnel) => tunnel,
        Err(error) => {
            let is_denied = matches!(error, TunnelError::Denied { denied: Denied::Permission, .. });
            let why = if is_denied { NoAnswer::Denied } else { NoAnswer::Other };
            return Probed::Failed { why, what: TunnelError::said(&error, &about, text).what };
        }
    };
    if endpoint::speaks(tunnel, SPEAKS_THROUGH).await {
        return Probed::Answered(Untrusted::default());
    }
    let values = [("address", to.0.to_string().into()), ("port", to.1.to_string().into())];
    Probed::Failed { why: NoAnswer::Other, what: text.say_with("probe-tunnel-silent", &values) }
}

/// Whether Session Manager begins a session; it is ended at once.
async fn session(cloud: &Cloud, instance: &Instance, text: &Catalogue) -> Probed {
    let options = SessionOptions::on_terminal(instance.place.region.clone(), SessionRequest::shell(instance.id.clone()));
    match timeout(BEGINS, Session::start(cloud, options)).await {
        Ok(Ok(session)) => {
            session.end_at_once();
            let _ = timeout(ENDS, session.ended()).await;
            Probed::Answered(Untrusted::default())
        }
        Ok(Err(end)) => {
            let why = match &end.reason {
                Reason::NotStarted(Error::Denied { .. }) => NoAnswer::Denied,
                Reason::NotStarted(Error::NotConnected { .. }) => NoAnswer::NotConnected,
                _ => NoAnswer::Other,
            };
            Probed::Failed { why, what: end.what(instance, text) }
        }
        Err(_) => Probed::Failed {
            why: NoAnswer::Other,
            what: text.say_with("probe-session-silent", &[("seconds", BEGINS.as_secs().to_string().into())]),
        },
    }
}
