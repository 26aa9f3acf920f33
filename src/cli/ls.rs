//! `ls`: the instances of the places asked for, in the form asked for.

use std::cmp::Reverse;
use std::io::Write;
use std::sync::Arc;

use futures_util::future::join_all;
use jiff::Timestamp;
use serde_json::Value;

use super::args::{Form, List};
use super::invocation::Invocation;
use super::listing::{self, Gaps, Missing};
use super::local;
use super::output::{Cell, Delimited, SCHEMA, Table, write_line};
use super::sources::Sources;
use super::warnings::{self, Accounts, Warning};
use super::{Exit, Failure};
use crate::access::{self, Local, Ways};
use crate::aws::{self, Cloud};
use crate::columns::{Column, Sort, UnknownColumn, View};
use crate::config::{self, ConnectFlags, Favourites};
use crate::model::{FactKinds, Filter, Instance, Untrusted};
use crate::text::shell_word;

/// `ec2dash ls`.
pub async fn ls(invocation: &Invocation, list: &List, out: &mut dyn Write) -> Result<Exit, Failure> {
    if list.list || list.host.is_some() {
        return Err(invocation.failure("list-of-ansible", Exit::Usage, &[]));
    }
    let mut listing = Listing::new(invocation, list)?;
    let sources = invocation.sources().await?;
    listing.local = if listing.needs_ways { Some(local::look(invocation, None).await) } else { None };

    let gaps = listing::gather(&sources, listing.facts(), |rows| listing.take(rows, out)).await?;
    let accounts = accounts(listing.accounts.clone(), &sources, &gaps).await;
    let warnings = warnings::of(&gaps, &accounts, &listing.filter, sources.is_merged(), &invocation.text);
    // An empty answer is one; no answer is none.
    let is_answered =
        listing.has_rows || gaps.unanswered < sources.list.len() + sources.failures.len() || sources.list.is_empty();
    if is_answered {
        // Those of the files were said when they were read.
        let clouds = sources.clouds();
        let flaws = clouds.first().map(aws::Cloud::flaws).unwrap_or_default();
        let of_files = warnings::of_files(flaws, &invocation.text);
        listing.end(&[warnings.clone(), of_files].concat(), out)?;
        out.flush()?;
    }

    // The one place that is missing is the error itself.
    let told = if sources.list.len() == 1 && !sources.is_merged() { gaps.failures.len() } else { 0 };
    // Where nothing is listed, nothing is missing from it.
    let of_answers = if is_answered { warnings.len() } else { gaps.failures.len() };
    for warning in warnings.iter().take(of_answers).skip(told) {
        warning.report(invocation);
    }
    outcome(invocation, &sources, &gaps).await
}

/// The account of each profile that something is missing of: from its rows, or from AWS.
pub async fn accounts(mut accounts: Accounts, sources: &Sources, gaps: &Gaps) -> Accounts {
    if !sources.is_merged() {
        return accounts;
    }
    let clouds = sources.clouds();
    let lacking = |cloud: &&Cloud| {
        let profile = cloud.profile();
        let has_gap = gaps.denials.keys().any(|(own, _)| own.as_ref() == profile)
            || gaps.failures.iter().any(|missing| missing.profile.as_ref() == profile && !missing.error.is_about_credentials());
        has_gap && !accounts.contains_key(&profile.cloned())
    };
    let asked: Vec<&Cloud> = clouds.iter().filter(lacking).collect();
    let told = join_all(asked.iter().map(|cloud| cloud.identity())).await;
    for (cloud, identity) in asked.iter().zip(told) {
        // Without an answer the warning names the profile alone.
        if let Ok(identity) = identity {
            accounts.insert(cloud.profile().cloned(), identity.account.to_string());
        }
    }
    accounts
}

/// What was listed is told; a place that is missing from it decides how the command ends, one that was denied before all others.
pub async fn outcome(invocation: &Invocation, sources: &Sources, gaps: &Gaps) -> Result<Exit, Failure> {
    let is_denied = |missing: &&Missing| matches!(missing.error, aws::Error::Denied { .. });
    let first = gaps.failures.iter().find(is_denied).or(gaps.failures.first());
    let Some(missing) = first else { return Ok(Exit::Done) };
    let cloud = sources.list.iter().map(|source| &source.cloud).find(|cloud| cloud.profile() == missing.profile.as_ref());
    let mut failure = match (&missing.error, cloud) {
        (error @ aws::Error::Denied { action: "ec2:DescribeInstances", .. }, Some(cloud)) => {
            denied(invocation, cloud, error).await
        }
        (error, _) => invocation.failed(error),
    };
    if sources.is_merged() {
        let place = warnings::place(missing.profile.as_ref(), missing.region.as_ref());
        let is_none = gaps.unanswered >= sources.list.len() + sources.failures.len();
        let key = if is_none { "ls-no-place" } else { "ls-place-missing" };
        failure.why.push(invocation.text.say_with(key, &[("place", place.into()), ("count", gaps.failures.len().into())]));
    } else if let Some(region) = missing.region.as_ref().filter(|_| sources.list.len() > 1) {
        let values = [("region", region.to_string().into()), ("count", gaps.unanswered.into())];
        let key = if gaps.unanswered == sources.list.len() { "ls-no-region" } else { "ls-region-missing" };
        failure.why.push(invocation.text.say_with(key, &values));
    }
    Err(failure)
}

/// Who may not list, as far as AWS tells.
async fn denied(invocation: &Invocation, cloud: &Cloud, error: &aws::Error) -> Failure {
    let mut failure = invocation.failed(error);
    if let Ok(identity) = cloud.identity().await {
        let values = [
            ("action", "ec2:DescribeInstances".into()),
            ("principal", identity.principal().shown_in(100).into()),
            ("account", identity.account.to_string().into()),
        ];
        failure.what = invocation.text.say_with("error-list-denied", &values);
    }
    failure
}

/// A row that waits, and how well the filter fits it.
struct Held {
    instance: Arc<Instance>,
    ways: Ways,
    fit: u32,
}

/// What is listed, and how.
struct Listing<'i> {
    invocation: &'i Invocation,
    form: Form,
    columns: Vec<Column>,
    /// Whether the columns were asked for by name.
    are_chosen: bool,
    filter: Filter,
    /// The only ones that are listed, if only they are asked for.
    favourites: Option<Favourites>,
    /// Whether the rows that fit best come first: nobody has asked for another order.
    is_best_first: bool,
    /// An argument of several words, which is one of the filter.
    quoted: Option<String>,
    sort: Option<Sort>,
    raw: bool,
    needs_ways: bool,
    /// What this computer has; `None` if nobody asks for ways in.
    local: Option<Local>,
    now: Timestamp,
    /// Rows that wait: for the widest cell, or for the order.
    held: Vec<Held>,
    accounts: Accounts,
    /// Whether anything is listed so far.
    has_rows: bool,
    has_begun: bool,
}

impl<'i> Listing<'i> {
    fn new(invocation: &'i Invocation, list: &List) -> Result<Self, Failure> {
        let form = invocation.form();
        let settings = &invocation.loaded.settings;
        let chosen = list.columns.as_ref().map(|names| columns(invocation, names)).transpose()?;
        let are_chosen = chosen.is_some();
        let columns = match (chosen, form) {
            (Some(columns), _) => columns,
            (None, Form::Wide | Form::Json | Form::Jsonl) => Column::all().collect(),
            (None, Form::Ids | Form::Ansible | Form::Cli | Form::Terraform | Form::Md | Form::Html) => vec![Column::ID],
            (None, Form::Table) => settings.ui.columns.clone(),
            // What programs read does not hang on how somebody likes their screen.
            (None, Form::Csv | Form::Tsv) => config::Settings::default().ui.columns,
        };
        let sort = match (&list.sort, form) {
            (Some(sort), _) => Some(Sort::parse(sort).map_err(|unknown| no_column(invocation, unknown))?),
            (None, Form::Table | Form::Wide) => Some(settings.ui.sort.clone()),
            (None, _) => None,
        };
        let filter = invocation.filter(&list.words)?;
        let quoted = list.words.iter().find(|word| word.contains(char::is_whitespace) && !word.contains('"'));
        let shows_ways =
            columns.iter().chain(sort.iter().map(|sort| &sort.column)).any(|column| column.facts() == FactKinds::ALL);
        Ok(Self {
            invocation,
            form,
            columns,
            are_chosen,
            needs_ways: shows_ways || filter.asks("via"),
            is_best_first: filter.ranks() && list.sort.is_none(),
            filter,
            favourites: list.favourites.then(|| invocation.favourites()),
            quoted: quoted.cloned(),
            sort,
            raw: list.csv_raw,
            local: None,
            now: Timestamp::now(),
            held: Vec::new(),
            accounts: Accounts::new(),
            has_rows: false,
            has_begun: false,
        })
    }

    /// The facts that columns, order and filter look at.
    fn facts(&self) -> FactKinds {
        let columns = self.columns.iter().chain(self.sort.iter().map(|sort| &sort.column));
        let shown = columns.map(Column::facts).fold(FactKinds::NONE, FactKinds::and);
        let asks = |field: &str| self.filter.asks(field) || self.needs_ways;
        let nodes = self.invocation.loaded.settings.hybrid;
        let asked = FactKinds {
            ssm: asks("ssm"),
            role: asks("iam"),
            image: asks("image"),
            key_pair: false,
            network: self.needs_ways || self.filter.asks("via"),
            paths: self.needs_ways || self.filter.asks("via"),
            nodes,
        };
        let all = shown.and(asked);
        FactKinds { nodes, paths: all.paths && self.invocation.loaded.settings.doctor.network, ..all }
    }

    /// What stands before the first row, once it is certain that there is an answer.
    fn begin(&mut self, out: &mut dyn Write) -> Result<(), Failure> {
        if std::mem::replace(&mut self.has_begun, true) {
            return Ok(());
        }
        match self.form {
            Form::Json => write!(out, "{{\"schema\":{SCHEMA},\"instances\":[")?,
            Form::Csv | Form::Tsv => self.delimited().write(out, &self.columns.iter().map(Column::name).collect::<Vec<_>>())?,
            Form::Table
            | Form::Wide
            | Form::Jsonl
            | Form::Ids
            | Form::Ansible
            | Form::Cli
            | Form::Terraform
            | Form::Md
            | Form::Html => {}
        }
        Ok(())
    }

    /// Take rows in; what need not wait is written.
    fn take(&mut self, rows: Vec<Arc<Instance>>, out: &mut dyn Write) -> Result<(), Failure> {
        let local = self.local.clone();
        for instance in rows {
            if self.favourites.as_ref().is_some_and(|favourites| !favourites.holds(&instance)) {
                continue;
            }
            if !self.accounts.contains_key(&instance.place.profile)
                && let Some(account) = &instance.account
            {
                self.accounts.insert(instance.place.profile.clone(), account.to_string());
            }
            let ways = local.as_ref().map(|local| self.ways(&instance, local)).unwrap_or_default();
            let via = ways.best.map(access::Method::id).unwrap_or_default();
            let Some(fit) = self.filter.score(&instance, via) else { continue };
            let is_first = !std::mem::replace(&mut self.has_rows, true);
            if self.sort.is_some() || self.is_best_first || matches!(self.form, Form::Table | Form::Wide) {
                self.held.push(Held { instance, ways, fit });
            } else {
                self.write_row(&instance, &ways, is_first, out)?;
            }
        }
        out.flush()?;
        Ok(())
    }

    fn ways(&self, instance: &Instance, local: &Local) -> Ways {
        let options = config::connect_options(&self.invocation.loaded.settings, instance, &ConnectFlags::default());
        access::ways(instance, &options, local, self.now)
    }

    fn end(&mut self, warnings: &[Warning], out: &mut dyn Write) -> Result<(), Failure> {
        self.begin(out)?;
        let mut held = std::mem::take(&mut self.held);
        if let Some(Sort { column, is_reversed }) = &self.sort {
            held.sort_by_cached_key(|row| column.sort_key(&self.view(&row.instance, &row.ways)));
            if *is_reversed {
                held.reverse();
            }
        }
        if self.is_best_first {
            held.sort_by_key(|row| Reverse(row.fit));
        }
        match self.form {
            Form::Table | Form::Wide => self.write_table(&held, out)?,
            _ => {
                for (number, row) in held.iter().enumerate() {
                    self.write_row(&row.instance, &row.ways, number == 0, out)?;
                }
            }
        }
        if held.is_empty() && self.form == Form::Table && self.invocation.terminal.stderr {
            self.invocation.note(&self.nothing());
        }
        if self.form == Form::Json {
            let warnings: Vec<Value> = warnings.iter().map(Warning::object).collect();
            write!(out, "{}],\"warnings\":", if self.has_rows { "\n" } else { "" })?;
            crate::columns::json::write_line(out, &warnings)?;
            writeln!(out, "}}")?;
        }
        Ok(())
    }

    /// Why there is no row, as far as that is known: who quotes several words has asked for one that holds blanks.
    fn nothing(&self) -> String {
        let text = &self.invocation.text;
        match &self.quoted {
            Some(word) => {
                let word = shell_word(&Untrusted::from(word.as_str()).shown_in(200));
                text.say_with("note-nothing-matches-word", &[("word", word.into())])
            }
            None if self.favourites.is_some() => text.say("note-no-favourites"),
            None => text.say(if self.filter.is_empty() { "note-no-instances" } else { "note-nothing-matches" }),
        }
    }

    fn view<'a>(&'a self, instance: &'a Instance, ways: &'a Ways) -> View<'a> {
        View { instance, ways, now: self.now, text: &self.invocation.text }
    }

    fn write_row(&mut self, instance: &Instance, ways: &Ways, is_first: bool, out: &mut dyn Write) -> Result<(), Failure> {
        self.begin(out)?;
        let view = self.view(instance, ways);
        match self.form {
            Form::Ids => writeln!(out, "{}", instance.id)?,
            Form::Jsonl => write_line(out, &self.object(&view))?,
            Form::Json => {
                writeln!(out, "{}", if is_first { "" } else { "," })?;
                crate::columns::json::write_line(out, &self.object(&view))?;
            }
            Form::Csv | Form::Tsv => {
                let cells: Vec<String> = self.columns.iter().map(|column| column.value(&view).raw().to_owned()).collect();
                self.delimited().write(out, &cells)?;
            }
            Form::Table | Form::Wide | Form::Ansible | Form::Cli | Form::Terraform | Form::Md | Form::Html => {}
        }
        Ok(())
    }

    fn object(&self, view: &View<'_>) -> Value {
        if self.are_chosen { view.object_of(&self.columns) } else { view.object() }
    }

    fn delimited(&self) -> Delimited {
        if self.form == Form::Csv { Delimited::Csv { raw: self.raw } } else { Delimited::Tsv }
    }

    fn write_table(&self, rows: &[Held], out: &mut dyn Write) -> Result<(), Failure> {
        let text = &self.invocation.text;
        let columns = self.columns_of_table(rows);
        let mut table = Table::new(columns.iter().map(|column| column.title(text)).collect());
        for Held { instance, ways, .. } in rows {
            let view = self.view(instance, ways);
            table.push(columns.iter().map(|column| Cell::of(column.cell(&view))).collect());
        }
        Ok(self.invocation.write_table(table, out)?)
    }

    /// The columns, and beside the name what tells rows of several places apart.
    fn columns_of_table(&self, rows: &[Held]) -> Vec<Column> {
        let mut columns = self.columns.clone();
        if self.are_chosen || self.form != Form::Table {
            return columns;
        }
        let Some(first) = rows.first().map(|row| &row.instance) else { return columns };
        let differ = |differs: fn(&Instance, &Instance) -> bool| rows.iter().any(|row| differs(first, &row.instance));
        let telling = [
            (Column::ACCOUNT, differ(|one, other| one.account != other.account)),
            (Column::REGION, differ(|one, other| one.place.region != other.place.region)),
            (Column::PROFILE, differ(|one, other| one.place.profile != other.place.profile)),
        ];
        let mut at = columns.iter().position(|column| *column == Column::NAME).map_or(0, |at| at + 1);
        for (column, differs) in telling {
            if differs && !columns.contains(&column) {
                columns.insert(at, column);
                at += 1;
            }
        }
        columns
    }
}

fn columns(invocation: &Invocation, names: &[String]) -> Result<Vec<Column>, Failure> {
    names.iter().map(|name| Column::parse(name.trim()).map_err(|unknown| no_column(invocation, unknown))).collect()
}

fn no_column(invocation: &Invocation, UnknownColumn { name, nearest }: UnknownColumn) -> Failure {
    let code = if nearest.is_some() { "column-near" } else { "column" };
    let all = Column::names().collect::<Vec<_>>().join(", ");
    let values = [("name", name.into()), ("nearest", nearest.unwrap_or_default().into()), ("all", all.into())];
    invocation.failure(code, Exit::Usage, &values)
}
