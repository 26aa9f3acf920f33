//! What AWS is asked for a port session.

use crate::aws::{SessionRequest, documents};
use crate::model::{Destination, InstanceId};

/// What to ask of `StartSession` for many connections to one place. Which local port we use is none of the far side's business.
pub(super) fn request(to: &Destination, target: InstanceId) -> SessionRequest {
    let one = |text: String| vec![text];
    let mut parameters =
        std::collections::BTreeMap::from([("portNumber", one(to.port().to_string())), ("localPortNumber", one("0".to_owned()))]);
    let document = match to {
        Destination::Port(_) => documents::PORT,
        Destination::Behind { host, .. } => {
            parameters.insert("host", one(host.as_str().to_owned()));
            documents::REMOTE_HOST
        }
    };
    SessionRequest { target, document: Some(document), parameters }
}

/// What to ask of `StartSession` for the one connection of a `ProxyCommand`.
pub(super) fn ssh_request(target: InstanceId, port: u16) -> SessionRequest {
    let parameters = [("portNumber", vec![port.to_string()])].into();
    SessionRequest { target, document: Some(documents::SSH), parameters }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_instance_itself_needs_no_document_for_hosts() {
        let id: InstanceId = "i-0123456789abcdef0".parse().unwrap();
        let of = |host: &str| request(&Destination::of(host.parse().unwrap(), 5432), id.clone());

        for host in ["localhost", "127.0.0.1", "[::1]"] {
            assert_eq!(of(host).document, Some(documents::PORT), "{host}");
        }
        let behind = of("db.internal");
        assert_eq!(behind.document, Some(documents::REMOTE_HOST));
        assert_eq!(behind.parameters["host"], ["db.internal"]);
        assert_eq!(behind.parameters["portNumber"], ["5432"]);
    }
}
