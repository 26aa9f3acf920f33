//! `config`: where the file is, what is wrong with it, an example, the keys.

use std::fs::File;
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::sync::Arc;

use super::args::ConfigAction;
use super::invocation::Invocation;
use serde_json::json;

use super::profiles::write_list;
use super::{Exit, Failure, connect as connecting, target};
use crate::access::JumpHost;
use crate::config::{self, Applying, ConnectFlags, EXAMPLE, Rule};
use crate::model::{Instance, Untrusted};
use crate::tui::{self, Action, Keymap, Page};

/// `ec2dash config …`. The invocation has only the built-in settings: these commands must work whatever the file says.
pub async fn config(invocation: Invocation, action: &ConfigAction, out: &mut dyn Write) -> Result<Exit, Failure> {
    match action {
        ConfigAction::Path => path(&invocation, out),
        ConfigAction::Init => init(&invocation),
        ConfigAction::Keys => keys(&invocation, out),
        ConfigAction::Check { name: None, target: None } => check(&invocation, out),
        ConfigAction::Check { name: Some(target), .. } | ConfigAction::Check { target: Some(target), .. } => {
            check(&invocation, out)?;
            rules(&invocation.with_settings()?, target, out).await
        }
    }
}

fn no_home(invocation: &Invocation) -> Failure {
    invocation.failure("no-home", Exit::Failed, &[])
}

fn shown(path: &Path) -> String {
    Untrusted::from(path.to_string_lossy().into_owned()).shown()
}

fn path(invocation: &Invocation, out: &mut dyn Write) -> Result<Exit, Failure> {
    let path = invocation.config_path().ok_or_else(|| no_home(invocation))?;
    writeln!(out, "{}", shown(&path))?;
    Ok(Exit::Done)
}

fn init(invocation: &Invocation) -> Result<Exit, Failure> {
    let path = invocation.config_path().ok_or_else(|| no_home(invocation))?;
    write_example(&path).map_err(|error| {
        let values = [("path", shown(&path).into()), ("cause", error.to_string().into())];
        let code = if error.kind() == io::ErrorKind::AlreadyExists { "config-exists" } else { "config-unwritable" };
        invocation.failure(code, Exit::Failed, &values)
    })?;
    invocation.note(&invocation.text.say_with("note-config-written", &[("path", shown(&path).into())]));
    Ok(Exit::Done)
}

/// A file that is there stays as it is.
fn write_example(path: &Path) -> io::Result<()> {
    if let Some(directory) = path.parent().filter(|directory| !directory.as_os_str().is_empty() && !directory.is_dir()) {
        config::create(directory)?;
    }
    let mut file = File::options().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(EXAMPLE.as_bytes())?;
    file.sync_all()
}

fn check(invocation: &Invocation, out: &mut dyn Write) -> Result<Exit, Failure> {
    let loaded = invocation.load().map_err(|problems| {
        let mut failure = Failure::config(&problems, &invocation.text);
        let (_, keys) = Keymap::of(&problems.read, &invocation.text);
        failure.why.extend(keys.iter().map(|problem| problem.located(&invocation.text)));
        failure
    })?;
    let path = invocation.config_path().map(|path| shown(&path)).unwrap_or_default();
    for warning in &loaded.warnings {
        writeln!(out, "{path}: {}", warning.located(&invocation.text))?;
    }
    let theme_problems = loaded.theme_problems.as_ref().map(|problems| problems.lines(&invocation.text)).unwrap_or_default();
    for problem in &theme_problems {
        writeln!(out, "{problem}")?;
    }
    let (_, key_problems) = Keymap::of(&loaded, &invocation.text);
    for problem in &key_problems {
        writeln!(out, "{path}: {}", problem.located(&invocation.text))?;
    }
    let is_there = invocation.config_path().is_some_and(|path| path.exists());
    let key = if is_there { "config-checked" } else { "config-absent" };
    let values = [("path", path.into()), ("count", (loaded.warnings.len() + theme_problems.len() + key_problems.len()).into())];
    writeln!(out, "{}", invocation.text.say_with(key, &values))?;
    Ok(Exit::Done)
}

/// The keys of the dashboard, with the changes of the file.
fn keys(invocation: &Invocation, out: &mut dyn Write) -> Result<Exit, Failure> {
    let loaded = invocation.load().map_err(|problems| Failure::config(&problems, &invocation.text))?;
    let (keymap, _) = Keymap::new(&loaded.settings.keys);
    let object = |(page, action, keys): (Page, Action, &[tui::Key])| {
        let keys: Vec<String> = keys.iter().map(ToString::to_string).collect();
        let page: &str = page.into();
        json!({"command": action.name(), "keys": keys.join(" "), "where": page, "does": action.help(&invocation.text)})
    };
    let objects = keymap.all().map(object).collect();
    write_list(invocation, out, "keys", &["command", "keys", "where", "does"], objects)
}

/// The rules that decide how to get into one instance.
async fn rules(invocation: &Invocation, target: &str, out: &mut dyn Write) -> Result<Exit, Failure> {
    let (_, mut instance) = target::find(invocation, target).await?;
    let settings = &invocation.loaded.settings;
    let Applying { method, user, address, port, simulated, key, jump, tunnel_limit, shell } =
        config::applying(settings, &instance);
    let mut decided = false;
    let settings = [
        ("method", method),
        ("user", user),
        ("address", address),
        ("port", port),
        ("simulated", simulated),
        ("key", key),
        ("jump", jump),
        ("tunnel_limit", tunnel_limit),
        ("shell", shell),
    ];
    for (name, rule) in settings {
        if let Some(rule) = rule {
            decided = true;
            let values = [
                ("setting", name.into()),
                ("value", value(name, rule).into()),
                ("line", rule.line.to_string().into()),
                ("instance", instance.shown().into()),
            ];
            writeln!(out, "{}", invocation.text.say_with("config-rule-applies", &values))?;
        }
    }
    if jump.is_some() {
        writeln!(out, "{}", route(invocation, &mut instance).await?)?;
    }
    if !decided {
        writeln!(out, "{}", invocation.text.say_with("config-no-rule", &[("instance", instance.shown().into())]))?;
    }
    Ok(Exit::Done)
}

/// The jump hosts of its rule, and of theirs, the first to be logged in to first.
async fn route(invocation: &Invocation, instance: &mut Instance) -> Result<String, Failure> {
    let prepared = connecting::prepare(invocation, instance, &ConnectFlags::default()).await?;
    let by = |host: &Arc<JumpHost>| match host.way {
        Some((method, _)) => format!("{} ({})", host.instance.shown(), method.id()),
        None => host.instance.shown(),
    };
    let mut hosts: Vec<String> = prepared.options.jump.hosts().map(by).collect();
    hosts.reverse();
    let values = [("instance", instance.shown().into()), ("hosts", hosts.join(" → ").into())];
    Ok(invocation.text.say_with("config-jump-route", &values))
}

fn value(name: &str, rule: &Rule) -> String {
    let value = match name {
        "method" => rule.method.as_ref().map(|methods| methods.iter().map(|method| method.id()).collect::<Vec<_>>().join(", ")),
        "user" => rule.user.as_ref().map(ToString::to_string),
        "address" => rule.address.map(|address| match address {
            crate::access::AddressChoice::Auto => "auto".to_owned(),
            crate::access::AddressChoice::Public => "public".to_owned(),
            crate::access::AddressChoice::Private => "private".to_owned(),
            crate::access::AddressChoice::Ipv6 => "ipv6".to_owned(),
            crate::access::AddressChoice::Fixed(ip) => ip.to_string(),
        }),
        "port" => rule.port.map(|port| port.to_string()),
        "simulated" => rule.simulated.map(|place| place.to_string()),
        "key" => rule.key.as_ref().map(|key| key.to_string_lossy().into_owned()),
        "tunnel_limit" => rule.tunnel_limit.map(|limit| format!("{}s", limit.as_secs())),
        "shell" => rule.shell.as_ref().map(ToString::to_string),
        _ => rule.jump.clone(),
    };
    Untrusted::from(value.unwrap_or_default()).shown_in(100)
}
