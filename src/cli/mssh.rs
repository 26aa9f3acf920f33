//! `mssh` and `msftp`: ssh and sftp with a key pushed by EC2 Instance Connect, in the words of AWS's programs of these names.

use std::ffi::OsString;
use std::net::IpAddr;
use std::sync::Arc;

use super::args::{Client, Foreign, Misused, Mssh};
use super::invocation::Invocation;
use super::sources::Source;
use super::{Exit, Failure, connect as connecting, show, target};
use crate::access::{self, AddressChoice, Channel, KeySource, Method};
use crate::aws::Cloud;
use crate::config::ConnectFlags;
use crate::connect::{Extras, SshProgram};
use crate::fleet::script;
use crate::model::{Instance, Place, Untrusted};

/// Most columns of what was typed, in a sentence.
const QUOTED: usize = 100;

/// `ec2dash mssh …`, `ec2dash msftp …`, and the program under these names.
pub async fn mssh(invocation: Invocation, client: Client, foreign: &Foreign) -> Result<Exit, Failure> {
    let asked = Mssh::read(client, &foreign.words).map_err(|misused| told(&invocation, client, &misused))?;
    let Found { cloud, mut instance, address, is_as_told } = found(&invocation, &asked).await?;
    if !is_as_told {
        show::ask_for_facts(&cloud, &mut instance).await;
    }
    let flags = ConnectFlags {
        methods: vec![pushing()],
        user: asked.user.clone(),
        identity: asked.identity.as_ref().map(std::path::absolute).transpose()?,
        port: asked.port,
        address,
        // Who it is would have to be asked.
        jump: is_as_told.then(|| "none".to_owned()),
        ..ConnectFlags::default()
    };
    let extras = Extras {
        ssh_arguments: asked.options.clone(),
        command: command(&asked.command),
        is_quiet: invocation.global.quiet,
        only_ssh: true,
        client: match client {
            Client::Ssh => SshProgram::Ssh,
            Client::Sftp => SshProgram::Sftp { path: asked.path.clone() },
        },
        is_taken_as_told: is_as_told,
        ..Extras::of(&flags, connecting::own_program(&invocation))
    };
    let prepared = connecting::prepare(&invocation, &mut instance, &flags).await?;
    let plan = connecting::plan(&invocation, &instance, &flags, &prepared, &extras)?;
    connecting::confirmed_all(&invocation, false, &plan)?;
    connecting::remember(&invocation, &instance);
    connecting::perform(&invocation, &plan, &cloud, None, None).await
}

/// The way in whose key is pushed and whose path is the network's.
fn pushing() -> Method {
    let is_it =
        |method: &&Method| method.channel() == Channel::Address && method.client() == access::Client::Ssh(KeySource::Pushed);
    *Method::ALL.iter().find(is_it).expect("EC2 Instance Connect is a way in")
}

/// One word is a line for the remote shell; several arrive there as they are.
fn command(words: &[OsString]) -> Vec<OsString> {
    match words {
        [] | [_] => words.to_vec(),
        words => {
            let words: Vec<String> = words.iter().map(|word| word.to_string_lossy().into_owned()).collect();
            vec![script(&words).into()]
        }
    }
}

/// The instance, and where it is reached.
struct Found {
    cloud: Cloud,
    instance: Instance,
    address: Option<AddressChoice>,
    /// Whether EC2 was not asked.
    is_as_told: bool,
}

async fn found(invocation: &Invocation, asked: &Mssh) -> Result<Found, Failure> {
    let Some(id) = &asked.id else {
        let (cloud, instance) = target::find(invocation, &asked.host).await?;
        let address = address_by(&asked.host, &instance);
        return Ok(Found { cloud, instance, address, is_as_told: false });
    };
    let is_same = asked.host.eq_ignore_ascii_case(id.as_str());
    let address = if is_same { None } else { Some(AddressChoice::Fixed(looked_up(invocation, &asked.host).await?)) };
    // Only a look at the instance tells whose account it is in.
    let asks_first = invocation.loaded.settings.accounts.values().any(|account| account.confirm);
    if address.is_some() && asked.zone.is_some() && !asks_first {
        let sources = invocation.sources().await?;
        if let [Source { cloud, region }] = sources.list.as_slice() {
            let place = Place { profile: cloud.profile().cloned(), region: region.clone() };
            let instance = Instance::untold(id.clone(), Arc::new(place));
            return Ok(Found { cloud: cloud.clone(), instance, address, is_as_told: true });
        }
    }
    let (cloud, instance) = target::find(invocation, id.as_str()).await?;
    Ok(Found { cloud, instance, address, is_as_told: false })
}

/// Which of its addresses an instance is reached at that was named by one, or by a name of it in DNS.
fn address_by(typed: &str, instance: &Instance) -> Option<AddressChoice> {
    if let Ok(address) = typed.parse::<IpAddr>() {
        return Some(AddressChoice::Fixed(address));
    }
    let typed = typed.strip_suffix('.').unwrap_or(typed);
    let is_own = instance.dns_names.iter().any(|name| name.raw().eq_ignore_ascii_case(typed));
    let is_inside = typed.to_ascii_lowercase().ends_with(".internal");
    is_own.then_some(if is_inside { AddressChoice::Private } else { AddressChoice::Public })
}

/// An address, or the first one that a name has here.
async fn looked_up(invocation: &Invocation, host: &str) -> Result<IpAddr, Failure> {
    if let Ok(address) = host.parse() {
        return Ok(address);
    }
    let failure = |cause: String| {
        let shown = |text: String| Untrusted::from(text).shown_in(QUOTED);
        let values = [("host", shown(host.to_owned()).into()), ("cause", shown(cause).into())];
        invocation.failure("mssh-host", Exit::Session, &values)
    };
    let mut found = tokio::net::lookup_host((host, 0)).await.map_err(|error| failure(error.to_string()))?;
    found.next().map(|address| address.ip()).ok_or_else(|| failure(invocation.text.say("mssh-no-address")))
}

fn told(invocation: &Invocation, client: Client, misused: &Misused) -> Failure {
    let program = ("program", client.name().into());
    let of = |code, name, word: &String| invocation.failure(code, Exit::Usage, &[program.clone(), (name, word.clone().into())]);
    match misused {
        Misused::NoTarget => invocation.failure("mssh-no-target", Exit::Usage, &[program]),
        Misused::Unknown(flag) => of("mssh-flag", "flag", flag),
        Misused::NoValue(flag) => of("mssh-no-value", "flag", flag),
        Misused::TooMuch(word) => of("mssh-too-much", "word", word),
        Misused::Value { flag, value } => {
            let values = [program, ("flag", flag.clone().into()), ("value", value.clone().into())];
            invocation.failure("mssh-value", Exit::Usage, &values)
        }
    }
}
