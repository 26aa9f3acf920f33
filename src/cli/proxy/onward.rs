//! A proxy by way of ssh: to a port that the sshd of an instance reaches, which is how a jump host is gone through.

use std::ffi::OsString;
use std::time::Duration;

use crate::access::{self, Channel, JumpHost};
use crate::aws::Cloud;
use crate::cli::args::{MethodChoice, Onward, Proxy};
use crate::cli::connect as connecting;
use crate::cli::holding::hold;
use crate::cli::invocation::Invocation;
use crate::cli::signals::{Guarded, guarded};
use crate::cli::{Exit, Failure, show, target};
use crate::config::ConnectFlags;
use crate::connect::{self, ConnectEvent, Extras};
use crate::model::{Instance, RunningKind};
use crate::session::settled;

/// How long ssh may take to end after a signal asked for it.
const GRACE: Duration = Duration::from_secs(3);

/// `proxy TARGET --to HOST:PORT`: logs in to the instance, and leads on from there.
pub(super) async fn led_on(invocation: &Invocation, asked: &Proxy, to: &Onward) -> Result<Exit, Failure> {
    let (cloud, instance) = target::find(invocation, &asked.target).await?;
    let flags = ConnectFlags {
        methods: methods(asked),
        endpoint: asked.endpoint.clone(),
        address: asked.address,
        tunnel_limit: asked.tunnel_limit,
        jump: asked.jump.clone(),
        ..ConnectFlags::default()
    };
    from(invocation, cloud, instance, &flags, asked.yes, to).await
}

/// `proxy TARGET --method ssh`: to its own port, from its jump host.
pub(super) async fn through_jump(invocation: &Invocation, asked: &Proxy) -> Result<Exit, Failure> {
    let (_, mut instance) = target::find(invocation, &asked.target).await?;
    let flags = ConnectFlags {
        methods: methods(asked),
        address: asked.address,
        port: Some(asked.port),
        jump: asked.jump.clone(),
        ..ConnectFlags::default()
    };
    let prepared = connecting::prepare(invocation, &mut instance, &flags).await?;
    let Some(host) = prepared.options.jump.host() else {
        return Err(invocation.failure("proxy-no-jump", Exit::Usage, &[("target", instance.shown().into())]));
    };
    connecting::confirmed(invocation, asked.yes, &instance)?;
    let Some((address, _)) = access::address(&instance, &prepared.options, &prepared.local) else {
        return Err(invocation.failure("proxy-no-address", Exit::NoWay, &[("target", instance.shown().into())]));
    };
    let to = Onward { host: address.into(), port: asked.port };
    from_host(invocation, host, asked.yes, &to).await
}

/// From a jump host that was found already, by its own rule.
pub(super) async fn from_host(invocation: &Invocation, host: &JumpHost, yes: bool, to: &Onward) -> Result<Exit, Failure> {
    let known = invocation.sources().await?.clouds();
    let cloud = known.known(&host.instance.place).map_err(|error| invocation.failed(&error))?.clone();
    from(invocation, cloud, host.instance.clone(), &ConnectFlags::default(), yes, to).await
}

/// The ways to come to an instance; an address alone says nothing of how its jump host is come to.
fn methods(asked: &Proxy) -> Vec<access::Method> {
    match asked.method {
        MethodChoice::Auto => asked.endpoint.iter().filter_map(|_| access::Method::coming_by(Channel::Endpoint)).collect(),
        MethodChoice::One(method) => vec![method],
    }
}

/// A login to `instance` that runs nothing there and forwards no agent: OpenSSH's `-W`. Stdout carries what comes from the port alone.
async fn from(
    invocation: &Invocation,
    cloud: Cloud,
    mut instance: Instance,
    flags: &ConnectFlags,
    yes: bool,
    to: &Onward,
) -> Result<Exit, Failure> {
    show::ask_for_facts(&cloud, &mut instance).await;
    if let Some(id) = &flags.endpoint {
        show::ask_for_endpoint(&cloud, &mut instance, id).await;
    }
    let mut arguments: Vec<OsString> = ["-a", "-x", "-T", "-o", "ClearAllForwardings=yes", "-W"].map(OsString::from).into();
    arguments.push(to.to_string().into());
    let own = Extras::of(flags, connecting::own_program(invocation));
    let extras = Extras { ssh_arguments: arguments, is_quiet: true, only_ssh: true, ..own };
    let prepared = connecting::prepare(invocation, &mut instance, flags).await?;
    let plan = connecting::plan(invocation, &instance, flags, &prepared, &extras)?;
    connecting::confirmed_all(invocation, yes, &plan)?;
    let name = instance.name().cloned().unwrap_or_else(|| instance.id.as_str().into());
    let _held = hold(invocation, RunningKind::Proxy, name, plan.method.id(), Some(String::new()));
    let surroundings = connecting::surroundings(invocation);
    let mut on_event = |event: ConnectEvent| {
        // Whoever goes through it says so.
        if event != ConnectEvent::BuiltInClient {
            invocation.note(&event.words(&plan.target, &invocation.text));
        }
    };
    let outcome = guarded(GRACE, connect::run(&plan, &cloud, &surroundings, &mut on_event)).await;
    settled().await;
    match outcome? {
        Guarded::Told(number) => Ok(Exit::of_signal(number)),
        Guarded::Done(Err(error)) => {
            let failure = connecting::not_started(invocation, &plan, &error);
            Err(Failure { exit: failure.exit.in_session(), ..failure })
        }
        Guarded::Done(Ok(ended)) => match ended.told_by {
            Some(number) => Ok(Exit::of_signal(number)),
            None => {
                connecting::explain(invocation, &plan, &ended);
                Ok(Exit::Code(ended.code))
            }
        },
    }
}
