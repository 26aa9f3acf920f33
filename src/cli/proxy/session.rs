//! `proxy` to a port of an instance by a session of Session Manager.

use std::convert::Infallible;
use std::future::pending;

use super::entrance::{Entrance, kept};
use super::stdout::stdout;
use crate::access::Method;
use crate::aws::Cloud;
use crate::cli::args::Proxy;
use crate::cli::holding::hold;
use crate::cli::invocation::Invocation;
use crate::cli::output::of_output;
use crate::cli::sources::Source;
use crate::cli::{Exit, Failure, connect as connecting, ended, target};
use crate::model::{Instance, InstanceId, Region, RunningKind, Target, Untrusted};
use crate::session::relay::{LONGEST_PAUSE, Relayed, is_single, relay, start};
use crate::session::{Hindrance, LinkState, Reason, Session, hindered};

/// Whom it leads to, with no more asked of AWS than that takes.
pub(super) struct Far {
    pub(super) cloud: Cloud,
    pub(super) region: Region,
    pub(super) id: InstanceId,
    pub(super) instance: Option<Instance>,
}

/// Stdout carries what comes from the port and nothing else.
pub(super) async fn relayed(invocation: &Invocation, asked: &Proxy) -> Result<Exit, Failure> {
    carried(invocation, asked.port, far(invocation, asked).await?, None).await
}

/// The same with an instance that is found already.
pub(super) async fn carried(
    invocation: &Invocation,
    port: u16,
    far: Far,
    mut entrance: Option<&mut Entrance<'_>>,
) -> Result<Exit, Failure> {
    let reconnect = invocation.loaded.settings.connect.reconnect;
    let started = start(&far.cloud, &far.region, &far.id, port, reconnect).await;
    let session = match started {
        Ok(session) => session,
        Err(ending) => {
            let Some(mut instance) = ended::described(&far.cloud, &far.region, &far.id, far.instance).await else {
                return Err(match ending.reason.aws() {
                    Some(error) => invocation.failed(error),
                    None => ended::over_at(invocation, &far.id, &ending),
                });
            };
            // Whose proxy it is.
            let by_ssh = Method::ALL.iter().copied().find(|method| method.is_by_session_manager() && method.runs_ssh());
            return Err(ended::not_begun(invocation, &far.cloud, &mut instance, by_ssh, &ending).await);
        }
    };
    if !is_single(&session) {
        let values = [("target", far.id.to_string().into())];
        return Err(invocation.failure("proxy-other-session", Exit::Session, &values));
    }
    if let Some(entrance) = &mut entrance {
        entrance.let_in().await?;
    }
    let name = far.instance.as_ref().and_then(Instance::name).cloned();
    let _held =
        hold(invocation, RunningKind::Proxy, name.unwrap_or_else(|| far.id.as_str().into()), "ssm-ssh", Some(String::new()));
    let (output, gone) = stdout()?;
    let relayed = tokio::select! {
        relayed = relay(&session, tokio::io::stdin(), output, gone, LONGEST_PAUSE) => relayed,
        never = told_of_hindrances(invocation, &session) => match never {},
        failure = kept(entrance) => return Err(failure),
    };
    told(invocation, port, far, &session, relayed).await
}

/// Say for each loss what keeps the session away.
async fn told_of_hindrances(invocation: &Invocation, session: &Session) -> Infallible {
    let mut link = session.link();
    let mut told = Hindrance::default();
    loop {
        let now = link.borrow_and_update().clone();
        match now.hindrance() {
            Some(error) if told.is_news(error) => invocation.note(&hindered(error, &invocation.text)),
            None if now == LinkState::Up => told.is_over(),
            _ => {}
        }
        if link.changed().await.is_err() {
            return pending().await;
        }
    }
}

/// An id in the one region that is asked for needs no listing, and so no right to list.
async fn far(invocation: &Invocation, asked: &Proxy) -> Result<Far, Failure> {
    let asks_first = invocation.loaded.settings.accounts.values().any(|account| account.confirm);
    if !asks_first && let Ok(Target::Id(id)) = asked.target.parse::<Target>() {
        let sources = invocation.sources().await?;
        if let [Source { cloud, region }] = sources.list.as_slice() {
            return Ok(Far { region: region.clone(), cloud: cloud.clone(), id, instance: None });
        }
    }
    let (cloud, instance) = target::find(invocation, &asked.target).await?;
    // Stdin is the other program's: nobody can be asked here.
    connecting::confirmed(invocation, asked.yes, &instance)?;
    Ok(Far { cloud, region: instance.place.region.clone(), id: instance.id.clone(), instance: Some(instance) })
}

async fn told(invocation: &Invocation, port: u16, far: Far, session: &Session, relayed: Relayed) -> Result<Exit, Failure> {
    if let Some(error) = relayed.output {
        // Nobody reads on: that is how ssh leaves.
        return Err(Failure::from(of_output(error)));
    }
    let ending = &relayed.ending;
    match &ending.reason {
        Reason::Left { undelivered: 0 } if relayed.was_silent => {
            let values = [("seconds", LONGEST_PAUSE.as_secs().to_string().into())];
            return Err(invocation.failure("proxy-silent", Exit::Session, &values));
        }
        Reason::Left { undelivered: 0 } => return Ok(Exit::Done),
        Reason::Left { undelivered } => {
            let values = [("bytes", undelivered.to_string().into())];
            return Err(invocation.failure("proxy-undelivered", Exit::Session, &values));
        }
        Reason::Closed { is_complete: true, words } if words.is_empty() && !was_refused(session, &relayed) => {
            return Ok(Exit::Done);
        }
        Reason::Closed { words, .. } if relayed.received == 0 && may_be_the_port(words) => {
            let name = far.instance.as_ref().map_or_else(|| far.id.to_string(), Instance::shown);
            let values = [("port", port.to_string().into()), ("target", name.into())];
            let mut failure = invocation.failure("port-not-accepted", Exit::Session, &values);
            failure.why.extend((!words.is_empty()).then(|| words.shown_in(400)));
            return Err(failure);
        }
        _ => {}
    }
    match ended::described(&far.cloud, &far.region, &far.id, far.instance).await {
        Some(instance) => Err(ended::over(invocation, &instance, ending)),
        None => Err(ended::over_at(invocation, &far.id, ending)),
    }
}

/// Other words of the service say what they mean.
fn may_be_the_port(words: &Untrusted) -> bool {
    words.is_empty() || words.raw().to_lowercase().contains("unable to connect to specified port")
}

/// The agent takes nothing before the port has taken the connection, so what it took proves that.
fn was_refused(session: &Session, relayed: &Relayed) -> bool {
    let was_taken = relayed.sent > 0 && session.counters().in_flight == 0;
    relayed.was_refused || (relayed.received == 0 && !was_taken)
}
