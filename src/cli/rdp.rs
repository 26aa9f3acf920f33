//! `rdp`: a Windows desktop through a tunnel, shown by the program that this computer has for it.

mod carrier;

use std::ffi::OsString;
use std::io::Write;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use jiff::Timestamp;
use serde_json::json;
use tokio::process::Command;
use tokio::time::timeout;

use self::carrier::Carrier;
use super::args::{DesktopVia, Form, Rdp};
use super::holding::hold;
use super::invocation::Invocation;
use super::output::{SCHEMA, write_line, write_pretty};
use super::secret_file::SecretFile;
use super::{Exit, Failure, connect as connecting, show, target};
use crate::access::{self, Desktop, DesktopPath, Verdict};
use crate::aws::Cloud;
use crate::config::ConnectFlags;
use crate::connect::{DesktopAnswer, desktop_answer};
use crate::here::{DesktopClient, desktop_file};
use crate::model::{Instance, RunningKind, Thumbprint, Untrusted};
use crate::session::settled;
use crate::ssh::{RunDirectory, child};
use crate::terminal::LeavingSignals;
use crate::text::Value;

/// How long the desktop program may take to say what it takes.
const HELP_LIMIT: Duration = Duration::from_secs(3);
/// Who logs in if nobody says otherwise.
const USER: &str = "Administrator";

/// `ec2dash rdp TARGET`.
pub async fn rdp(invocation: &Invocation, asked: &Rdp, out: &mut dyn Write) -> Result<Exit, Failure> {
    let file = asked.file.as_deref().map(|path| SecretFile::agreed(invocation, path)).transpose()?;
    let mut signals = LeavingSignals::listen()?;
    let begun = async {
        let (cloud, mut instance) = target::find(invocation, &asked.target).await?;
        let path = path(invocation, asked, &cloud, &mut instance).await?;
        connecting::confirmed(invocation, asked.yes, &instance)?;
        connecting::remember(invocation, &instance);
        let carrier = Carrier::open(invocation, asked, &cloud, &mut instance, path).await?;
        let right = checked(invocation, &cloud, &instance, &carrier).await?;
        Ok::<_, Failure>((instance, carrier, right))
    };
    let begun = tokio::select! {
        begun = begun => begun,
        number = signals.next() => {
            settled().await;
            return Ok(Exit::of_signal(number));
        }
    };
    let (instance, mut carrier, right) = match begun {
        Ok(begun) => begun,
        Err(failure) => {
            settled().await;
            return Err(failure);
        }
    };
    let outcome = shown(invocation, asked, &instance, &mut carrier, right.as_deref(), file.as_ref(), &mut signals, out).await;
    carrier.end(invocation).await;
    settled().await;
    outcome
}

/// The path that is asked for, else the first of the best.
async fn path(invocation: &Invocation, asked: &Rdp, cloud: &Cloud, instance: &mut Instance) -> Result<DesktopPath, Failure> {
    show::ask_for_facts(cloud, instance).await;
    if let Some(id) = &asked.endpoint {
        show::ask_for_endpoint(cloud, instance, id).await;
    }
    let flags = ConnectFlags {
        endpoint: asked.endpoint.clone(),
        tunnel_limit: asked.tunnel_limit,
        address: asked.address,
        // Its paths pass none.
        jump: Some("none".to_owned()),
        ..ConnectFlags::default()
    };
    let prepared = connecting::prepare(invocation, instance, &flags).await?;
    let all = access::desktops(instance, &prepared.options, &prepared.local, Timestamp::now());
    let target = [("target", instance.shown().into()), ("id", instance.id.to_string().into())];
    let Some(best) = all.first() else { return Err(invocation.failure("rdp-not-windows", Exit::NoWay, &target)) };
    let wanted = match (asked.via, &asked.endpoint) {
        (DesktopVia::One(path), _) => Some(path),
        (DesktopVia::Auto, Some(_)) => Some(DesktopPath::Endpoint),
        (DesktopVia::Auto, None) => None,
    };
    let is_up = instance.state.may_be_up();
    match wanted {
        // Whoever names a path wants it tried.
        Some(path) if is_up => Ok(path),
        None if matches!(best.verdict, Verdict::Works | Verdict::Likely | Verdict::Unknown) => Ok(best.path),
        _ => {
            let failure = invocation.failure("rdp-no-way", Exit::NoWay, &target);
            Err(failure.because_of(all.iter().filter_map(|desktop| why(invocation, desktop)).collect()))
        }
    }
}

fn why(invocation: &Invocation, desktop: &Desktop) -> Option<String> {
    let reason = desktop.reasons.first()?.text(&invocation.text);
    let values = [("methods", desktop.path.id().into()), ("cause", reason.into())];
    Some(invocation.text.say_with("cause-of", &values))
}

/// The desktop is there, and shows the certificate that the console tells, as far as it tells one: that one by SHA-256.
async fn checked(
    invocation: &Invocation,
    cloud: &Cloud,
    instance: &Instance,
    carrier: &Carrier,
) -> Result<Option<String>, Failure> {
    let address = carrier.address();
    let region = &instance.place.region;
    let (answer, console) = tokio::join!(desktop_answer(address), cloud.console_output(region, &instance.id, false));
    let told = console.ok().flatten().and_then(|text| Thumbprint::of_console(&text));
    let values = |shown: String, told: String| -> Vec<(&'static str, Value)> {
        let name = instance.shown();
        vec![("target", name.into()), ("id", instance.id.to_string().into()), ("shown", shown.into()), ("told", told.into())]
    };
    let text = &invocation.text;
    match (answer, told) {
        (DesktopAnswer::Certificate(shown), Some(told)) if shown.thumbprint == told => {
            invocation.note(&text.say_with("rdp-certificate-right", &values(told.to_string(), told.to_string())));
            // A client that asks about it shows another hash of it.
            invocation.note(&text.say_with("rdp-certificate-sha256", &values(shown.sha256(), String::new())));
            return Ok(Some(shown.sha256()));
        }
        (DesktopAnswer::Certificate(shown), Some(told)) => {
            let values = values(shown.thumbprint.to_string(), told.to_string());
            return Err(invocation.failure("rdp-certificate-other", Exit::Failed, &values));
        }
        (DesktopAnswer::Certificate(shown), None) => {
            invocation.note(&text.say_with("rdp-certificate-untold", &values(shown.thumbprint.to_string(), String::new())));
            invocation.note(&text.say_with("rdp-certificate-sha256", &values(shown.sha256(), String::new())));
        }
        (DesktopAnswer::Unread(error), told) => {
            let cause = Untrusted::from(error.to_string()).shown_in(100);
            let key = if told.is_some() { "rdp-certificate-unread" } else { "rdp-certificate-unknown" };
            invocation.note(&text.say_with(key, &values(cause, told.map(|told| told.to_string()).unwrap_or_default())));
        }
        (DesktopAnswer::Nothing(error), _) => {
            let cause = Untrusted::from(error.to_string()).shown_in(100);
            return Err(invocation.failure("rdp-no-answer", Exit::Failed, &values(cause, String::new())));
        }
    }
    Ok(None)
}

/// Whether it takes the certificate that was checked, and asks nothing then.
async fn takes_fingerprint(client: &DesktopClient) -> bool {
    let Some([program, word]) = client.help_command() else { return false };
    let mut command = Command::new(program);
    command.arg(word).stdin(Stdio::null()).kill_on_drop(true);
    let told = timeout(HELP_LIMIT, command.output()).await;
    told.is_ok_and(|told| told.is_ok_and(|told| DesktopClient::takes_fingerprint(&String::from_utf8_lossy(&told.stdout))))
}

#[expect(clippy::too_many_arguments, reason = "it goes on where `rdp` has found out all of this")]
async fn shown(
    invocation: &Invocation,
    asked: &Rdp,
    instance: &Instance,
    carrier: &mut Carrier,
    right: Option<&str>,
    file: Option<&SecretFile>,
    signals: &mut LeavingSignals,
    out: &mut dyn Write,
) -> Result<Exit, Failure> {
    let address = carrier.shown();
    let user = asked.user.as_ref().map_or(USER, |user| user.as_str());
    let name = instance.name().cloned().unwrap_or_else(|| instance.id.as_str().into());
    let _held = hold(invocation, RunningKind::Tunnel, name, carrier.path().id(), Some(address.clone()));
    if let Some(file) = file {
        file.write(invocation, &desktop_file(&address, user))?;
    }
    let is_data = matches!(invocation.form(), Form::Json | Form::Jsonl);
    let client = DesktopClient::find(|name| invocation.environment.get(name).map(OsString::from));
    let client = client.filter(|_| !asked.print && file.is_none() && !is_data);
    let row = || json!({"instance": instance.id.as_str(), "address": address, "user": user, "via": carrier.path().id()});
    match invocation.form() {
        Form::Json => write_pretty(out, &json!({"schema": SCHEMA, "rdp": row()}))?,
        Form::Jsonl => write_line(out, &row())?,
        _ if client.is_none() => writeln!(out, "{address} {user}")?,
        _ => {}
    }
    out.flush()?;
    let values = [("address", address.clone().into()), ("user", user.to_owned().into()), ("id", instance.id.to_string().into())];
    invocation.note(&invocation.text.say_with("rdp-open", &values));
    let Some(client) = client else {
        if !asked.print && file.is_none() && !is_data {
            invocation.note(&invocation.text.say("rdp-no-client"));
        }
        return Ok(carrier.until_told(invocation, signals).await);
    };
    let directory = client.wants_file().then(|| RunDirectory::create(&connecting::places(invocation))).transpose()?;
    let path: Option<PathBuf> = directory.as_ref().map(|directory| directory.path().join("desktop.rdp"));
    if let Some(path) = &path {
        std::fs::write(path, desktop_file(&address, user))?;
    }
    let right = if right.is_some() && takes_fingerprint(&client).await { right } else { None };
    let words = client.command(&address, user, path.as_deref(), right);
    invocation.note(&invocation.text.say_with("rdp-client", &[("program", Untrusted::from(client.name()).shown_in(40).into())]));
    let Some((program, arguments)) = words.split_first() else { return Ok(Exit::Failed) };
    let mut command = Command::new(program);
    command.args(arguments);
    let ended = tokio::select! {
        ended = child::run_undisturbed(command) => ended?,
        () = carrier.over(invocation) => return Ok(Exit::Failed),
    };
    if client.stays() || !ended.status.success() {
        return Ok(Exit::Code(ended.code()));
    }
    Ok(carrier.until_told(invocation, signals).await)
}
