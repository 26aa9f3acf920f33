//! What AWS is asked for a port session.

use crate::aws::SessionRequest;
use crate::model::{Destination, InstanceId};

/// Bytes to a port without any notion of a connection's kind: for `ProxyCommand`.
pub(crate) const SSH_DOCUMENT: &str = "AWS-StartSSHSession";
const PORT_DOCUMENT: &str = "AWS-StartPortForwardingSession";
const HOST_DOCUMENT: &str = "AWS-StartPortForwardingSessionToRemoteHost";

/// What to ask of `StartSession` for many connections to one place. Which local port we use is none of the far side's business.
pub(super) fn request(to: &Destination, target: InstanceId) -> SessionRequest {
    let one = |text: String| vec![text];
    let mut parameters =
        std::collections::BTreeMap::from([("portNumber", one(to.port().to_string())), ("localPortNumber", one("0".to_owned()))]);
    let document = match to {
        Destination::Port(_) => PORT_DOCUMENT,
        Destination::Behind { host, .. } => {
            parameters.insert("host", one(host.as_str().to_owned()));
            HOST_DOCUMENT
        }
    };
    SessionRequest { target, document: Some(document), parameters }
}

/// What to ask of `StartSession` for the one connection of a `ProxyCommand`.
pub(super) fn ssh_request(target: InstanceId, port: u16) -> SessionRequest {
    let parameters = [("portNumber", vec![port.to_string()])].into();
    SessionRequest { target, document: Some(SSH_DOCUMENT), parameters }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_instance_itself_needs_no_document_for_hosts() {
        let id: InstanceId = "i-0123456789abcdef0".parse().unwrap();
        let of = |host: &str| request(&Destination::of(host.parse().unwrap(), 5432), id.clone());

        for host in ["localhost", "127.0.0.1", "[::1]"] {
            assert_eq!(of(host).document, Some(PORT_DOCUMENT), "{host}");
        }
        let behind = of("db.internal");
        assert_eq!(behind.document, Some(HOST_DOCUMENT));
        assert_eq!(behind.parameters["host"], ["db.internal"]);
        assert_eq!(behind.parameters["portNumber"], ["5432"]);
    }
}
