//! `show`: everything about one instance, and every way into it with what is in the way.

use std::io::{self, Write};

use jiff::Timestamp;
use serde_json::{Value, json};

use super::args::Form;
use super::invocation::Invocation;
use super::local;
use super::output::{Delimited, SCHEMA, write_line, write_pretty};
use super::warnings::{self, Rest, Warning};
use super::{Exit, Failure, jump, target};
use crate::access::{self, FoundKey, KeyMatch, KeyNeed, Ways, mark};
pub use crate::aws::{ask_for_endpoint, ask_for_facts, ask_for_serial_console};
use crate::columns::{Column, View};
use crate::config::{self, ConnectFlags};
use crate::model::{Denial, Filter, Instance, Untrusted, Why};
use crate::text::{Catalogue, joined};

/// Columns of the label before a field.
const LABEL: usize = 16;

/// `ec2dash show TARGET`.
pub async fn show(invocation: &Invocation, typed: &str, out: &mut dyn Write) -> Result<Exit, Failure> {
    let (cloud, mut instance) = target::find(invocation, typed).await?;
    crate::aws::ask_for_all_facts(&cloud, &mut instance).await;
    ask_for_serial_console(&cloud, &mut instance).await;
    let mut options = config::connect_options(&invocation.loaded.settings, &instance, &ConnectFlags::default());
    let local = local::look(invocation, None).await;
    // What cannot be looked up is said as that.
    if let Ok(jump) = jump::resolved(invocation, &mut instance, &options, &ConnectFlags::default(), &local).await {
        options.jump = jump;
    }
    let now = Timestamp::now();
    let ways = access::ways(&instance, &options, &local, now);
    let view = View { instance: &instance, ways: &ways, now, text: &invocation.text };
    let warnings = missing(&instance, &invocation.text);
    // Those of the files were said when they were read.
    let of_files = warnings::of_files(cloud.flaws(), &invocation.text);
    match invocation.form() {
        Form::Json => {
            let key = key(&instance, &access::found_key(&instance, &options, &local));
            let jump = options.jump.hosts().map(|host| host.instance.id.as_str()).collect();
            write_pretty(out, &object(&view, key, jump, &[warnings.clone(), of_files].concat()))?;
        }
        Form::Jsonl => write_line(out, &view.object())?,
        Form::Ids => writeln!(out, "{}", instance.id)?,
        Form::Csv => write_record(Delimited::Csv { raw: false }, &view, out)?,
        Form::Tsv => write_record(Delimited::Tsv, &view, out)?,
        Form::Table | Form::Wide | Form::Ansible | Form::Cli | Form::Terraform | Form::Md | Form::Html => {
            let mut page = Vec::new();
            let (login, source) = access::login(&instance, &options);
            let login = format!("{login} {}", invocation.text.say(source.key()));
            let mut hosts: Vec<String> = options.jump.hosts().map(|host| host.instance.shown()).collect();
            hosts.reverse();
            let key = key_words(&access::found_key(&instance, &options, &local), &invocation.text);
            write_page(&view, &login, &key, &hosts.join(" → "), &mut page)?;
            invocation.write_page(&page, out)?;
        }
    }
    out.flush()?;
    for warning in &warnings {
        warning.report(invocation);
    }
    Ok(Exit::Done)
}

/// What AWS did not tell of it, each call once.
pub fn missing(instance: &Instance, text: &Catalogue) -> Vec<Warning> {
    let account = instance.account.as_ref().map(|account| account.as_str());
    let grant = instance.role.known().and_then(|role| role.grant.denial());
    let of_region = [
        instance.ssm.denial(),
        instance.image_name.denial(),
        instance.key_pair.denial(),
        instance.network.denial(),
        instance.channel.denial(),
        instance.serial.switch.denial(),
        instance.serial.of_type.denial(),
    ];
    let examined = instance.examination.iter().flat_map(|examined| examined.denials());
    let of_network = instance.network.known().into_iter().flat_map(|network| network.denials());
    let of_account = [instance.role.denial(), grant];
    let told = |denial: &&Denial| denial.why != Why::Undecided;
    let region = Some(&instance.place.region);
    let all = Filter::default();
    let regional: Vec<&Denial> = of_region.into_iter().flatten().chain(of_network).chain(examined).filter(told).collect();
    let global: Vec<&Denial> = of_account.into_iter().flatten().filter(told).collect();
    let rest = if regional.len() + global.len() == 1 { Rest::Complete } else { Rest::Open };
    let warning = |denial: &&Denial, region| warnings::of_denial(denial, account, region, &all, rest, text);
    regional.iter().map(|denial| warning(denial, region)).chain(global.iter().map(|denial| warning(denial, None))).collect()
}

/// The key of a login with a key pair; null if there is no pair and no file was asked for.
fn key(instance: &Instance, found: &FoundKey<'_>) -> Value {
    let pair = instance.key_name.as_ref().map(|name| name.raw());
    if pair.is_none() && found.file.is_none() {
        return Value::Null;
    }
    json!({
        "pair": pair,
        "file": found.file.map(|file| file.path.to_string_lossy()),
        "by": found.by.map(KeyMatch::word),
        "needs": found.needs().map(KeyNeed::word),
    })
}

fn object(view: &View<'_>, key: Value, jump: Vec<&str>, warnings: &[Warning]) -> Value {
    let warnings: Vec<Value> = warnings.iter().map(Warning::object).collect();
    json!({"schema": SCHEMA, "instance": view.object(), "key": key, "jump": jump, "warnings": warnings})
}

fn write_record(form: Delimited, view: &View<'_>, out: &mut dyn Write) -> io::Result<()> {
    form.write(out, &Column::names().map(str::to_owned).collect::<Vec<_>>())?;
    form.write(out, &Column::all().map(|column| column.value(view).raw().to_owned()).collect::<Vec<_>>())
}

/// The file that a login with a key pair takes, and why that one.
fn key_words(found: &FoundKey<'_>, text: &Catalogue) -> String {
    let file = found.file.map(|file| Untrusted::from(file.path.to_string_lossy().as_ref()).shown_in(200));
    let by = found.by.map(|by| text.say(&format!("show-key-{}", by.word().replace('_', "-"))));
    let needs = found.needs().map(|needs| text.say(&format!("show-key-needs-{}", needs.word())));
    joined(" · ", [file, by, needs].iter().flatten().map(String::as_str))
}

fn write_page(view: &View<'_>, login: &str, key: &str, jump: &str, out: &mut dyn Write) -> io::Result<()> {
    let text = view.text;
    for column in Column::all().filter(|column| *column != Column::TAGS && *column != Column::METHODS) {
        write_field(&column.title(text), &column.cell(view).text, out)?;
    }
    write_field(&text.say("show-login"), login, out)?;
    if !key.is_empty() {
        write_field(&text.say("show-key"), key, out)?;
    }
    if !jump.is_empty() {
        write_field(&text.say("show-jump"), jump, out)?;
    }
    if !view.instance.tags.is_empty() {
        writeln!(out, "\n{}", text.say("show-tags"))?;
        for (key, value) in view.instance.tags.iter() {
            writeln!(out, "  {}={}", key.shown(), value.shown())?;
        }
    }
    writeln!(out, "\n{}", text.say("show-methods"))?;
    write_ways(view.ways, text, out)
}

fn write_field(label: &str, value: &str, out: &mut dyn Write) -> io::Result<()> {
    let gap = LABEL.saturating_sub(crate::model::display_width(label)).max(1);
    writeln!(out, "{label}{:gap$}{value}", "")
}

/// Every way in with its mark and what it comes to, then each cause once with what mends it, and what was not checked.
pub fn write_ways(ways: &Ways, text: &Catalogue, out: &mut dyn Write) -> io::Result<()> {
    for way in &ways.list {
        let mut remarks = Vec::new();
        if ways.called_best() == Some(way.method) {
            remarks.push(text.say("show-best"));
        }
        if !way.method.can_be_opened() {
            remarks.push(text.say("show-later"));
        }
        let remarks = if remarks.is_empty() { String::new() } else { format!("  ({})", remarks.join(", ")) };
        let verdict = ways.verdict(way, text);
        let ready = if way.reasons.is_empty() { format!(": {}", way.summary(text)) } else { String::new() };
        writeln!(out, "  {} {:<8}{verdict}{ready}{remarks}", mark(way).symbol(), way.method.id())?;
    }
    for cause in ways.causes() {
        writeln!(out, "    {}", cause.text(text))?;
        let lines = cause.reason.remedy(text).into_iter().chain(cause.reason.remark(text));
        for (at, line) in lines.enumerate() {
            if at == 0 {
                writeln!(out, "      {}: {line}", text.say("message-next"))?
            } else {
                writeln!(out, "            {line}")?
            }
        }
    }
    let mut unchecked: Vec<String> = Vec::new();
    for key in ways.list.iter().filter(|way| way.verdict != access::Verdict::Blocked).flat_map(|way| way.method.unchecked()) {
        let said = text.say(key);
        if !unchecked.contains(&said) {
            unchecked.push(said);
        }
    }
    if !unchecked.is_empty() {
        writeln!(out, "    {}", text.say_with("show-unchecked", &[("what", unchecked.join(", ").into())]))?;
    }
    Ok(())
}
