//! `doctor`: every way into one instance, with every rule that was looked at, the cause first.

mod address;
mod all;
mod computer;
mod fix;
mod object;
mod offers;
mod page;

use std::io::{self, Write};
use std::net::{IpAddr, Ipv4Addr, TcpListener};

use jiff::Timestamp;

use self::offers::Offers;
use super::args::{Doctor, Form};
use super::invocation::Invocation;
use super::output::{write_line, write_pretty};
use super::{Exit, Failure, forwarding, jump, local, show, target, warnings};
use crate::access;
use crate::aws::ask_for_everything;
use crate::columns::View;
use crate::config::{self, ConnectFlags, may_be_seen};
use crate::ssh::KnownHosts;
use crate::{fixes, probe};

/// `ec2dash doctor TARGET`, `ec2dash doctor --all [FILTER]`, and without either: of this computer.
pub async fn doctor(invocation: &Invocation, asked: &Doctor, out: &mut dyn Write) -> Result<Exit, Failure> {
    if let Some(twice) = told_twice(&asked.from) {
        return Err(invocation.failure("doctor-from-twice", Exit::Usage, &[("address", twice.to_string().into())]));
    }
    if let Some(nobodys) = asked.from.iter().find(|address| !may_be_seen(address)) {
        return Err(invocation.failure("doctor-from-nobody", Exit::Usage, &[("address", nobodys.to_string().into())]));
    }
    if asked.all {
        return all::all(invocation, asked, out).await;
    }
    if asked.target.is_empty() {
        return computer::computer(invocation, out).await;
    }
    let [target] = asked.target.as_slice() else {
        return Err(invocation.failure("doctor-one-target", Exit::Usage, &[]));
    };
    if !matches!(invocation.form(), Form::Table | Form::Wide | Form::Json | Form::Jsonl) {
        return Err(invocation.failure("doctor-form", Exit::Usage, &[]));
    }
    if asked.fix.is_some() {
        fix::may_begin(invocation, asked)?;
    }
    let (cloud, mut instance) = target::find(invocation, target).await?;
    ask_for_everything(&cloud, &mut instance).await;
    let identity = asked.identity.as_ref().map(std::path::absolute).transpose()?;
    let flags = ConnectFlags { identity, user: asked.user.clone(), ..ConnectFlags::default() };
    let mut options = config::connect_options(&invocation.loaded.settings, &instance, &flags);
    let mut local = local::look(invocation, flags.identity.as_deref()).await;
    local.sources = address::told(invocation, asked);
    local.host_keys = invocation.directories.state.as_deref().map(KnownHosts::origins_in).unwrap_or_default();
    // What cannot be looked up is said as that.
    if let Ok(jump) = jump::resolved(invocation, &mut instance, &options, &flags, &local).await {
        options.jump = jump;
    }
    if let Some(forward) = &asked.forward {
        let taken = is_taken(forward.local_port()).then(|| forward.local_port());
        options.forward = Some(forwarding::looked_up(&cloud, &mut instance, &forward.to, taken).await);
    }
    let now = Timestamp::now();
    let mut ways = access::examined(&instance, &options, &local, now);
    if local.sources.is_empty()
        && let Some(found) = address::found(invocation, &ways, &cloud).await
    {
        local.sources.push(found);
        ways = access::examined(&instance, &options, &local, now);
    }
    if asked.test {
        let (login, probes) = (access::login(&instance, &options).0, probe::probes(&instance, &options, &local));
        for probe in &probes {
            let what = probe.says(&instance, &invocation.text);
            invocation.note(&invocation.text.say_with("doctor-tests", &[("what", what.into())]));
        }
        probe::make(&cloud, &mut instance, &probes, login.as_str(), &invocation.text).await;
        ways = access::examined(&instance, &options, &local, Timestamp::now());
    }
    if let Some(id) = asked.fix {
        let found = fix::Found { cloud: &cloud, instance: &instance, ways: &ways, options: &options, local: &local };
        return fix::fix(invocation, id, asked, &found, out).await;
    }
    let view = View { instance: &instance, ways: &ways, now, text: &invocation.text };
    let warnings = show::missing(&instance, &invocation.text);
    let key = access::key_to_add(&instance, &options, &local);
    let offers = Offers::new(fixes::offered(&instance, &ways, None, key.as_ref(), now), &local.sources, asked);
    match invocation.form() {
        Form::Json | Form::Jsonl => {
            let of_files = warnings::of_files(cloud.flaws(), &invocation.text);
            let object = object::of(&view, &local.sources, &offers, &[warnings.clone(), of_files].concat());
            if invocation.form() == Form::Json { write_pretty(out, &object)? } else { write_line(out, &object)? }
        }
        _ => {
            let (login, _) = access::login(&instance, &options);
            let mut page = Vec::new();
            page::write(&view, login.as_str(), &offers, &mut page)?;
            invocation.write_page(&page, out)?;
        }
    }
    out.flush()?;
    for warning in &warnings {
        warning.report(invocation);
    }
    // What is not known is no way.
    let has_a_way = ways.called_best().is_some() || ways.last_resorts().next().is_some();
    Ok(if has_a_way { Exit::Done } else { Exit::NoWay })
}

/// Whether another program has a port of this computer; any free one (0) nobody has.
fn is_taken(port: u16) -> bool {
    port != 0 && TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_err_and(|error| error.kind() == io::ErrorKind::AddrInUse)
}

/// An address of a family that another one was told of.
fn told_twice(from: &[IpAddr]) -> Option<IpAddr> {
    let is_later =
        |(at, own): (usize, &IpAddr)| from.iter().take(at).any(|other| other.is_ipv4() == own.is_ipv4()).then_some(*own);
    from.iter().enumerate().find_map(is_later)
}
