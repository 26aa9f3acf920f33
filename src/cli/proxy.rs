//! `proxy`: a port of an instance on stdin and stdout, for ssh's `ProxyCommand`.

mod address;
mod best;
mod endpoint;
mod entrance;
mod onward;
mod session;
mod stdout;

pub use self::entrance::host_refused;
use super::args::{MethodChoice, Proxy};
use super::invocation::Invocation;
use super::{Exit, Failure};
use crate::access::{Channel, Jump, Load};
use crate::session::settled;
use crate::terminal::LeavingSignals;

/// `ec2dash proxy TARGET`. Stdout carries what comes from the port and nothing else.
pub async fn proxy(invocation: &Invocation, asked: &Proxy) -> Result<Exit, Failure> {
    if let Some(to) = &asked.to {
        return onward::led_on(invocation, asked, to).await;
    }
    let by_endpoint = match asked.method {
        MethodChoice::Auto if asked.user.is_none() && Jump::named(asked.jump.as_deref()) != Jump::None => {
            return onward::through_jump(invocation, asked).await;
        }
        MethodChoice::Auto => asked.endpoint.is_some(),
        MethodChoice::One(method) if !method.runs_ssh() && !method.carries(Load::Tunnel) => {
            return Err(invocation.failure("method-no-tunnel", Exit::Usage, &[("method", method.id().into())]));
        }
        // Whom it logs in decides the rest.
        MethodChoice::One(_) if asked.user.is_some() => false,
        MethodChoice::One(method) if method.channel() == Channel::Address => {
            return onward::through_jump(invocation, asked).await;
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
