//! `proxy --user`: to sshd by the best way in, as `ec2dash ssh` takes it, for the blocks of `ssh-config`.

use super::entrance::Entrance;
use super::session::{self, Far};
use super::{address, endpoint, onward};
use crate::access::{Login, Reason};
use crate::cli::args::{MethodChoice, Onward, Proxy};
use crate::cli::invocation::Invocation;
use crate::cli::{Exit, Failure, connect as connecting, show, target, through};
use crate::config::{self, ConnectFlags};
use crate::connect::{Extras, SshPlace};
use crate::model::Instance;

/// EC2 is asked anew where and what the instance is.
pub(super) async fn relayed(invocation: &Invocation, asked: &Proxy, user: &Login) -> Result<Exit, Failure> {
    let (cloud, mut instance) = target::find(invocation, &asked.target).await?;
    // Stdin is the other program's: nobody can be asked here.
    connecting::confirmed(invocation, asked.yes, &instance)?;
    show::ask_for_facts(&cloud, &mut instance).await;
    if let Some(id) = &asked.endpoint {
        show::ask_for_endpoint(&cloud, &mut instance, id).await;
    }
    let flags = flags(invocation, asked, &instance, user);
    let extras = Extras { only_ssh: true, ..Extras::of(&flags, connecting::own_program(invocation)) };
    let prepared = connecting::prepare(invocation, &mut instance, &flags).await?;
    let plan = connecting::plan(invocation, &instance, &flags, &prepared, &extras)?;
    connecting::confirmed_all(invocation, asked.yes, &plan)?;
    let Some(login) = plan.login else { return Err(Failure::not_in_this_version(plan.method.id(), &invocation.text)) };
    tracing::info!("{}: by {}", instance.id, plan.method.id());
    if let Some(reason) = prepared.ways.way(plan.method).and_then(|way| way.reasons.iter().find(|reason| is_about_push(reason)))
        && asked.agent_socket.is_some()
    {
        // ssh says no more than that it was refused.
        invocation.note(&reason.text(&invocation.text));
    }
    let mut entrance = Entrance::new(invocation, asked, cloud.clone(), instance.clone(), login.user);
    entrance.check_host().await?;
    let (region, id) = (instance.place.region.clone(), instance.id.clone());
    match (login.place, login.jump) {
        (SshPlace::Address { address, .. }, Some(host)) => {
            entrance.let_in().await?;
            let to = Onward { host: address.into(), port: login.port };
            tokio::select! {
                led = onward::from_host(invocation, &host, asked.yes, &to) => led,
                failure = entrance.keep() => Err(failure),
            }
        }
        (SshPlace::Address { address, .. }, None) => {
            address::relayed(
                invocation,
                &instance,
                plan.method,
                login.simulated.unwrap_or_else(|| (address, login.port).into()),
                &mut entrance,
            )
            .await
        }
        (SshPlace::Proxy { .. }, _) => {
            session::carried(invocation, login.port, Far { cloud, region, id, instance: Some(instance) }, Some(&mut entrance))
                .await
        }
        (SshPlace::Endpoint { id: endpoint, address, limit }, _) => {
            let known = instance.endpoints().known().and_then(|all| all.iter().find(|own| own.id == endpoint));
            let endpoint = match known {
                Some(endpoint) => endpoint.clone(),
                None => return Err(through::no_such(invocation, endpoint.as_str())),
            };
            let far = through::Far { cloud, region, id, instance: Some(instance), endpoint, address, limit };
            endpoint::carried(invocation, login.port, far, Some(&mut entrance)).await
        }
    }
}

/// What is asked for besides the settings. A port that the rules name anyway is no wish: elsewhere than at an address it means another one.
fn flags(invocation: &Invocation, asked: &Proxy, instance: &Instance, user: &Login) -> ConnectFlags {
    let bare = config::connect_options(&invocation.loaded.settings, instance, &ConnectFlags::default());
    let methods = match asked.method {
        MethodChoice::One(method) => vec![method],
        MethodChoice::Auto => bare.preferred().filter(|method| method.takes_key(asked.agent_socket.is_some())).collect(),
    };
    ConnectFlags {
        methods,
        user: Some(user.clone()),
        identity: asked.identity.clone(),
        port: (asked.port != bare.port).then_some(asked.port),
        address: asked.address,
        endpoint: asked.endpoint.clone(),
        tunnel_limit: asked.tunnel_limit,
        jump: asked.jump.clone(),
        ..ConnectFlags::default()
    }
}

/// Whether it says that the image may take no key that is pushed.
fn is_about_push(reason: &Reason) -> bool {
    reason.code.starts_with("eic-package") || reason.code == "ssm-ssh-no-key"
}
