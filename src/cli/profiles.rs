//! `profiles`, `regions` and `whoami`: where one could look, and as whom.

use std::io::Write;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::args::Form;
use super::invocation::Invocation;
use super::output::{Cell, Delimited, SCHEMA, Table, write_line, write_pretty};
use super::{Exit, Failure};
use crate::aws::{self, Profile, SignIn};
use crate::model::{Untrusted, display_width};
use crate::text::Catalogue;

/// `ec2dash profiles`: reads the AWS files; calls nothing and runs no program.
pub async fn profiles(invocation: &Invocation, out: &mut dyn Write) -> Result<Exit, Failure> {
    let profiles = aws::profiles().await.map_err(|error| invocation.failed(&error))?;
    invocation.tell_flaws(&profiles.flaws);
    let objects = profiles.list.iter().map(|profile| profile_object(profile, &invocation.text)).collect();
    let keys = ["name", "kind", "account", "region", "sso_session", "problem"];
    let is_for_people = matches!(invocation.form(), Form::Table | Form::Wide);
    let has_problems = profiles.list.iter().any(|profile| profile.problem.is_some());
    // What programs read keeps its columns.
    let shown = if is_for_people && has_problems { keys.len() } else { keys.len() - 1 };
    write_list(invocation, out, "profiles", keys.get(..shown).unwrap_or(&keys), objects)
}

fn profile_object(profile: &Profile, text: &Catalogue) -> Value {
    json!({
        "name": profile.name.raw(),
        "kind": profile.kind.word(),
        "account": profile.account.as_ref().map(|account| account.as_str()),
        "account_name": null,
        "role": profile.role.as_ref().map(Untrusted::raw),
        "region": profile.region.as_ref().map(|region| region.as_str()),
        "sso_session": profile.sso_session.as_ref().map(Untrusted::raw),
        "problem": profile.problem.as_ref().map(|problem| problem.in_short(text)),
    })
}

/// `ec2dash regions`: those enabled for the account.
pub async fn regions(invocation: &Invocation, out: &mut dyn Write) -> Result<Exit, Failure> {
    let cloud = invocation.open().await?;
    let regions = cloud.enabled_regions().await.map_err(|error| invocation.failed(&error))?;
    let enabled = regions.iter().filter(|region| region.is_enabled());
    let objects =
        enabled.map(|region| json!({"name": region.name.as_str(), "opt_in_status": region.opt_in_status.raw()})).collect();
    write_list(invocation, out, "regions", &["name", "opt_in_status"], objects)
}

/// `ec2dash whoami`.
pub async fn whoami(invocation: &Invocation, out: &mut dyn Write) -> Result<Exit, Failure> {
    let cloud = invocation.open().await?;
    let identity = cloud.identity().await.map_err(|error| invocation.failed(&error))?;
    let expires = cloud.expires().await.map_err(|error| invocation.failed(&error))?;
    let object = json!({
        "schema": SCHEMA,
        "account": identity.account.as_str(),
        "arn": identity.arn.raw(),
        "user_id": identity.user_id.raw(),
        "profile": cloud.profile().map(|profile| profile.raw()),
        "region": cloud.region().map(|region| region.as_str()),
        "expires": expires.map(|expires| expires.to_string()),
    });
    match invocation.form() {
        Form::Json => write_pretty(out, &object)?,
        Form::Jsonl => write_line(out, &object)?,
        Form::Ids => writeln!(out, "{}", identity.account)?,
        Form::Table
        | Form::Wide
        | Form::Ansible
        | Form::Cli
        | Form::Terraform
        | Form::Md
        | Form::Html
        | Form::Csv
        | Form::Tsv => {
            let keys = ["account", "arn", "user_id", "profile", "region", "expires"];
            if let Some(form) = delimited(invocation.form()) {
                form.write(out, &keys.map(str::to_owned))?;
                form.write(out, &keys.map(|key| plain(&object, key)))?;
            } else {
                for key in keys {
                    let mut value = Untrusted::from(plain(&object, key)).shown();
                    if let Some(expires) = expires.filter(|_| key == "expires") {
                        value = with_time_left(expires, &invocation.text);
                    }
                    let label = invocation.text.say(&format!("whoami-{key}"));
                    let gap = 10_usize.saturating_sub(display_width(&label)).max(1);
                    writeln!(out, "{label}{:gap$}{}", "", if value.is_empty() { "–" } else { &value })?;
                }
                if let Some((session, standing)) = cloud.sign_in().await {
                    let label = invocation.text.say("whoami-sign-in");
                    let gap = 10_usize.saturating_sub(display_width(&label)).max(1);
                    let session = session.shown().shown_in(60);
                    writeln!(out, "{label}{:gap$}{}", "", standing_of(&session, standing, &invocation.text))?;
                }
            }
        }
    }
    Ok(Exit::Done)
}

/// A time, and how long it is until then.
fn with_time_left(time: Timestamp, text: &Catalogue) -> String {
    let left = text.span(time.as_second() - Timestamp::now().as_second());
    text.say_with("whoami-left", &[("time", time.to_string().into()), ("left", left.into())])
}

/// How long a sign-in holds.
fn standing_of(session: &str, standing: SignIn, text: &Catalogue) -> String {
    let until = match standing {
        SignIn::Valid { until } | SignIn::Ended { at: until } => with_time_left(until, text),
        SignIn::Renews | SignIn::None | SignIn::NotNeeded => text.say("whoami-renews"),
    };
    format!("{session}, {until}")
}

/// A list of flat objects in the form asked for.
pub fn write_list(
    invocation: &Invocation,
    out: &mut dyn Write,
    name: &str,
    keys: &[&str],
    objects: Vec<Value>,
) -> Result<Exit, Failure> {
    match invocation.form() {
        Form::Json => write_pretty(out, &json!({"schema": SCHEMA, name: objects}))?,
        Form::Jsonl => {
            for object in &objects {
                write_line(out, object)?;
            }
        }
        Form::Ids => {
            for object in &objects {
                writeln!(out, "{}", Untrusted::from(plain(object, keys.first().copied().unwrap_or_default())).shown())?;
            }
        }
        form @ (Form::Csv | Form::Tsv) => {
            let form = delimited(form).unwrap_or(Delimited::Tsv);
            form.write(out, &keys.iter().map(|key| (*key).to_owned()).collect::<Vec<_>>())?;
            for object in &objects {
                form.write(out, &keys.iter().map(|key| plain(object, key)).collect::<Vec<_>>())?;
            }
        }
        Form::Table | Form::Wide | Form::Ansible | Form::Cli | Form::Terraform | Form::Md | Form::Html => {
            let mut table = Table::new(keys.iter().map(|key| key.replace('_', " ").to_uppercase()).collect());
            for object in &objects {
                let cell = |key: &&str| {
                    let value = plain(object, key);
                    if value.is_empty() { Cell::plain("–") } else { Cell::foreign(&value.into()) }
                };
                table.push(keys.iter().map(cell).collect());
            }
            invocation.write_table(table, out)?;
        }
    }
    Ok(Exit::Done)
}

fn delimited(form: Form) -> Option<Delimited> {
    match form {
        Form::Csv => Some(Delimited::Csv { raw: false }),
        Form::Tsv => Some(Delimited::Tsv),
        Form::Table
        | Form::Wide
        | Form::Ansible
        | Form::Cli
        | Form::Terraform
        | Form::Md
        | Form::Html
        | Form::Json
        | Form::Jsonl
        | Form::Ids => None,
    }
}

fn plain(object: &Value, key: &str) -> String {
    match object.get(key) {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Null) | None => String::new(),
        Some(other) => other.to_string(),
    }
}
