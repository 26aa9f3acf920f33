//! `doctor --all`: what many instances have in common, as a report.

use std::collections::BTreeSet;
use std::io::Write;
use std::sync::Arc;

use futures_util::{StreamExt as _, stream};
use jiff::Timestamp;

use crate::access::{self, Local, Method};
use crate::aws::{self, Cloud};
use crate::cli::args::{Doctor, Form};
use crate::cli::invocation::Invocation;
use crate::cli::output::{SCHEMA, write_line, write_pretty};
use crate::cli::sources::Sources;
use crate::cli::warnings::{self, Accounts, Warning};
use crate::cli::{Exit, Failure, listing, local, ls};
use crate::config::{self, ConnectFlags};
use crate::model::{FactKinds, Filter, Instance, Place};
use crate::report::{self, Gatherer, Logging, Report};

/// Accounts and regions whose preferences are asked for at the same time.
const AT_ONCE: usize = 20;

/// `ec2dash doctor --all [FILTER]`.
pub async fn all(invocation: &Invocation, asked: &Doctor, out: &mut dyn Write) -> Result<Exit, Failure> {
    if !matches!(invocation.form(), Form::Table | Form::Wide | Form::Json | Form::Jsonl | Form::Md | Form::Html) {
        return Err(invocation.failure("report-form", Exit::Usage, &[]));
    }
    let filter = invocation.filter(&asked.target)?;
    let sources = invocation.sources().await?;
    let mut local = local::look(invocation, None).await;
    local.sources.clone_from(&asked.from);
    let settings = &invocation.loaded.settings;
    let kinds = FactKinds { key_pair: false, nodes: settings.hybrid, paths: settings.doctor.network, ..FactKinds::ALL };
    let mut taken =
        Taken { invocation, local, filter, now: Timestamp::now(), gatherer: Gatherer::default(), seen: Seen::default() };
    let gaps = listing::gather(&sources, kinds, |rows| {
        rows.iter().for_each(|instance| taken.take(instance));
        Ok(())
    })
    .await?;
    let is_answered = gaps.unanswered < sources.list.len() + sources.failures.len() || sources.list.is_empty();
    if !is_answered {
        return ls::outcome(invocation, &sources, &gaps).await;
    }
    let logging = logging(invocation, &sources, &taken.seen.places).await;
    let accounts = ls::accounts(std::mem::take(&mut taken.seen.accounts), &sources, &gaps).await;
    let mut warnings = warnings::of(&gaps, &accounts, &taken.filter, sources.is_merged(), &invocation.text);
    let clouds = sources.clouds();
    let flaws = clouds.first().map(aws::Cloud::flaws).unwrap_or_default();
    warnings.extend(warnings::of_files(flaws, &invocation.text));
    let report = taken.gatherer.report(taken.now, logging);
    write(invocation, &report, asked, &warnings, out)?;
    out.flush()?;
    if invocation.form() != Form::Table && invocation.form() != Form::Wide {
        warnings.iter().for_each(|warning| warning.report(invocation));
    }
    ls::outcome(invocation, &sources, &gaps).await
}

/// What has come so far.
struct Taken<'i> {
    invocation: &'i Invocation,
    local: Local,
    filter: Filter,
    now: Timestamp,
    gatherer: Gatherer,
    seen: Seen,
}

/// Where something was listed, and whose it is.
#[derive(Default)]
struct Seen {
    places: BTreeSet<Arc<Place>>,
    accounts: Accounts,
}

impl Taken<'_> {
    fn take(&mut self, instance: &Instance) {
        if !self.seen.accounts.contains_key(&instance.place.profile)
            && let Some(account) = &instance.account
        {
            self.seen.accounts.insert(instance.place.profile.clone(), account.to_string());
        }
        let options = config::connect_options(&self.invocation.loaded.settings, instance, &ConnectFlags::default());
        let ways = access::examined(instance, &options, &self.local, self.now);
        let via = ways.best.map(Method::id).unwrap_or_default();
        if self.filter.score(instance, via).is_some() {
            self.seen.places.insert(Arc::clone(&instance.place));
            self.gatherer.take(instance, &ways);
        }
    }
}

/// What each account says of the logs of its sessions where it has instances.
async fn logging(invocation: &Invocation, sources: &Sources, places: &BTreeSet<Arc<Place>>) -> Vec<(Arc<Place>, Logging)> {
    let asked = sources.list.iter().filter_map(|source| {
        let place =
            places.iter().find(|place| place.profile.as_ref() == source.cloud.profile() && place.region == source.region)?;
        Some((source.cloud.clone(), Arc::clone(place)))
    });
    let ask = async |(cloud, place): (Cloud, Arc<Place>)| {
        let logging = match cloud.session_preferences(&place.region).await {
            Ok(told) if told.bucket.is_some() || told.log_group.is_some() => {
                Logging::Kept { s3: told.bucket.is_some(), cloudwatch: told.log_group.is_some() }
            }
            Ok(_) => Logging::Off,
            Err(error) => Logging::Unknown(error.what(&invocation.text)),
        };
        (place, logging)
    };
    stream::iter(asked).map(ask).buffered(AT_ONCE).collect().await
}

fn write(
    invocation: &Invocation,
    report: &Report,
    asked: &Doctor,
    warnings: &[Warning],
    out: &mut dyn Write,
) -> Result<(), Failure> {
    let text = &invocation.text;
    let from: Vec<String> = asked.from.iter().map(ToString::to_string).collect();
    let page = || report::page(report, &from, warnings.iter().map(|warning| warning.text().to_owned()).collect(), text);
    match invocation.form() {
        Form::Json | Form::Jsonl => {
            let mut object = report::object(report, &from, text);
            object["schema"] = SCHEMA.into();
            object["warnings"] = warnings.iter().map(Warning::object).collect();
            if invocation.form() == Form::Json { write_pretty(out, &object)? } else { write_line(out, &object)? }
        }
        Form::Md => out.write_all(report::markdown(&page()).as_bytes())?,
        Form::Html => out.write_all(report::html(&page(), text.language().tag()).as_bytes())?,
        _ => {
            let more = |count: usize| text.say_with("report-more", &[("count", count.into())]);
            invocation.write_page(report::plain(&page(), more).as_bytes(), out)?;
        }
    }
    Ok(())
}
