//! `proxy --method eice`: a port of an instance through an EC2 Instance Connect Endpoint.

use std::time::Duration;

use super::entrance::{Entrance, kept};
use super::stdout::stdout;
use crate::access::ENDPOINT_PORTS;
use crate::aws::TunnelRequest;
use crate::cli::args::Proxy;
use crate::cli::holding::hold;
use crate::cli::invocation::Invocation;
use crate::cli::output::of_output;
use crate::cli::through::{Far, Wanted, found};
use crate::cli::{Exit, Failure};
use crate::endpoint::{self, About, TunnelEnd};
use crate::model::{Instance, RunningKind, Untrusted};

/// How long a server that speaks first may take for its first word: an endpoint finds out within seconds that nobody listens.
const FIRST_WORD: Duration = Duration::from_secs(20);
/// The port at which the server speaks first.
const SSH: u16 = 22;

/// Stdout carries what comes from the port and nothing else.
pub(super) async fn relayed(invocation: &Invocation, asked: &Proxy) -> Result<Exit, Failure> {
    if !ENDPOINT_PORTS.contains(&asked.port) {
        let values = [("port", asked.port.to_string().into())];
        return Err(invocation.failure("endpoint-port", Exit::Usage, &values));
    }
    let wanted = Wanted {
        target: &asked.target,
        yes: asked.yes,
        endpoint: &asked.endpoint,
        address: asked.address,
        limit: asked.tunnel_limit,
    };
    let far = found(invocation, &wanted).await?;
    carried(invocation, asked.port, far, None).await
}

/// The same with an endpoint that is chosen already.
pub(super) async fn carried(
    invocation: &Invocation,
    port: u16,
    far: Far,
    mut entrance: Option<&mut Entrance<'_>>,
) -> Result<Exit, Failure> {
    let about = About { target: far.shown(), port, endpoint: far.endpoint.id.clone(), limit: far.limit };
    let access = far.cloud.tunnel_access(&far.region).await.map_err(|error| invocation.failed(&error))?;
    let not_opened = |error: endpoint::TunnelError| Failure::tunnel(error.said(&about, &invocation.text), Exit::Session);
    let host = access.host(&far.endpoint).map_err(|error| not_opened(error.into()))?;
    let request = TunnelRequest { address: far.address, port, limit: far.limit };
    let tunnel = endpoint::open(&access, &host, &request).await.map_err(not_opened)?;
    if let Some(entrance) = &mut entrance {
        entrance.let_in().await?;
    }
    let name = far.instance.as_ref().and_then(Instance::name).cloned().unwrap_or_else(|| far.id.as_str().into());
    let _held = hold(invocation, RunningKind::Proxy, name, "eice", Some(String::new()));
    let (output, gone) = stdout()?;
    let first_word = (port == SSH).then_some(FIRST_WORD);
    let notice = |left: Duration| invocation.note(&about.ending(left, &invocation.text));
    let relayed = tokio::select! {
        relayed = endpoint::relay(tunnel, tokio::io::stdin(), output, gone, first_word, Duration::ZERO, notice) => relayed,
        failure = kept(entrance) => return Err(failure),
    };
    if let Some(error) = relayed.output {
        // Nobody reads on: that is how ssh leaves.
        return Err(of_output(error).into());
    }
    match relayed.end.said(&about, &invocation.text) {
        None => Ok(Exit::Done),
        Some(mut said) => {
            if let (TunnelEnd::NoTarget { .. } | TunnelEnd::Ended { .. }, Some(id)) = (&relayed.end, relayed.request_id) {
                said.why.push(invocation.text.say_with("endpoint-request", &[("id", Untrusted::from(id).shown_in(80).into())]));
            }
            Err(Failure::tunnel(said, Exit::Session))
        }
    }
}
