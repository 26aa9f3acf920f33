//! `proxy`: a port of an instance on stdin and stdout, for ssh's `ProxyCommand`.

mod address;
mod best;
mod endpoint;
mod entrance;
mod session;
mod stdout;

pub use self::entrance::host_refused;
use super::args::{MethodChoice, Proxy};
use super::invocation::Invocation;
use super::{Exit, Failure};
use crate::access::Channel;
use crate::session::settled;
use crate::terminal::LeavingSignals;

/// `ec2dash proxy TARGET`. Stdout carries what comes from the port and nothing else.
pub async fn proxy(invocation: &Invocation, asked: &Proxy) -> Result<Exit, Failure> {
    let by_endpoint = match asked.method {
        MethodChoice::Auto => asked.endpoint.is_some(),
        // Whom it logs in decides the rest.
        MethodChoice::One(_) if asked.user.is_some() => false,
        MethodChoice::One(method) if method.channel() == Channel::Address => {
            return Err(Failure::not_in_this_version(&format!("proxy --method {}", method.id()), &invocation.text));
        }
        MethodChoice::One(method) => method.channel() == Channel::Endpoint,
    };
    let mut signals = LeavingSignals::listen()?;
    let outcome = tokio::select! {
        outcome = chosen(invocation, asked, by_endpoint) => outcome,
        // Dropping the session ends it at once.
        number = signals.next() => Ok(Exit::of_signal(number)),
    };
    settled().await;
    outcome
}

async fn chosen(invocation: &Invocation, asked: &Proxy, by_endpoint: bool) -> Result<Exit, Failure> {
    if let Some(user) = &asked.user {
        return best::relayed(invocation, asked, user).await;
    }
    if by_endpoint {
        return endpoint::relayed(invocation, asked).await;
    }
    session::relayed(invocation, asked).await
}
