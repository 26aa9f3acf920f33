//! The report in words, in the order in which it is read; what it looks like is somebody else's.

use super::facts::{Group, Lacks, Logging, Report, Row, Told};
use super::gather::SHARED;
use crate::access::Reason;
use crate::text::{Catalogue, Value, joined};

/// A report in words. All of it is fit for a screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Its title.
    pub title: String,
    /// Where and when.
    pub about: String,
    /// How many of what.
    pub tally: Vec<(String, usize)>,
    /// The parts.
    pub sections: Vec<Section>,
    /// What stands over the columns of rows.
    pub heads: [String; 4],
    /// What could not be read, in sentences.
    pub gaps: Vec<String>,
    /// What stands over them.
    pub gaps_title: String,
    /// What stands before a fix.
    pub fix: String,
    /// What stands over the rows where they can be folded away.
    pub who: String,
}

/// A part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// For links to it.
    pub id: &'static str,
    /// Its title.
    pub title: String,
    /// What it is about; where there is nothing, that.
    pub about: String,
    /// What was found, the most important first.
    pub blocks: Vec<Block>,
}

/// Instances with the same in common.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// How many, or which key.
    pub title: String,
    /// What they have in common, line by line.
    pub lines: Vec<String>,
    /// What mends it, for the first of them.
    pub fixes: Vec<Fix>,
    /// Who: name, id, place, state.
    pub rows: Vec<[String; 4]>,
}

/// A line about what mends something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fix {
    /// What to do, mostly a command.
    Remedy(String),
    /// What is to be known of it.
    Remark(String),
}

/// Put a report into words. `gaps`: what could not be read; `from`: where it is seen from.
pub fn page(report: &Report, from: &[String], gaps: Vec<String>, text: &Catalogue) -> Page {
    let count = report.totals.all;
    let places = report.places.iter().map(|place| place.to_string()).collect::<Vec<_>>();
    let time = report.at.strftime("%Y-%m-%d %H:%M UTC").to_string();
    let seen = (!from.is_empty()).then(|| text.say_with("report-from", &[("address", from.join(", ").into())]));
    let about = places.iter().map(String::as_str).chain([time.as_str()]).chain(seen.as_deref());
    Page {
        title: text.say_with("report-title", &[("count", count.into())]),
        about: joined(" · ", about),
        tally: tally(report, text),
        sections: sections(report, text),
        heads: ["report-name", "report-id", "report-place", "report-state"].map(|key| text.say(key)),
        gaps,
        gaps_title: text.say("report-gaps"),
        fix: text.say("doctor-fix"),
        who: text.say("report-who"),
    }
}

fn tally(report: &Report, text: &Catalogue) -> Vec<(String, usize)> {
    let totals = &report.totals;
    let by = |(method, count): &(crate::access::Method, usize)| {
        (text.say_with("report-tally-best", &[("method", method.id().into())]), *count)
    };
    let others = [
        ("report-tally-last-resort", totals.last_resort),
        ("report-tally-unreachable", totals.unreachable),
        ("report-tally-unknown", totals.unknown),
        ("report-tally-down", totals.down),
    ];
    let others = others.into_iter().filter(|(_, count)| *count > 0).map(|(key, count)| (text.say(key), count));
    totals.reached.iter().map(by).chain(others).collect()
}

fn sections(report: &Report, text: &Catalogue) -> Vec<Section> {
    let groups = |groups: &[Group]| groups.iter().map(|group| block_of(group, text)).collect::<Vec<_>>();
    let exposed = report.exposed.iter().map(|own| Block {
        title: instances(own.rows.len(), text),
        lines: vec![own.reason.text(text)],
        fixes: fixes(&own.reason, text),
        rows: rows(&own.rows, text),
    });
    let keys = report.keys.iter().map(|key| Block {
        title: text.say_with("report-key", &[("key", key.name.shown_in(60).into()), ("place", key.place.to_string().into())]),
        lines: vec![instances(key.rows.len(), text)],
        fixes: Vec::new(),
        rows: rows(&key.rows, text),
    });
    let agents = report.agents.iter().map(|own| {
        let key = match own.lacks {
            Lacks::Sessions => "report-agent-sessions",
            Lacks::Commands => "report-agent-commands",
        };
        let line = text.say_with(key, &[("version", own.version.shown_in(30).into())]);
        Block { title: instances(own.rows.len(), text), lines: vec![line], fixes: Vec::new(), rows: rows(&own.rows, text) }
    });
    let logging = report.logging.iter().map(|(place, logging)| Block {
        title: place.to_string(),
        lines: vec![logged(logging, text)],
        fixes: Vec::new(),
        rows: Vec::new(),
    });
    let last_resort = groups(&report.last_resort);
    let all = [
        Some(section("unreachable", groups(&report.unreachable), report, text)),
        (!last_resort.is_empty()).then(|| section("last-resort", last_resort, report, text)),
        Some(section("unknown", groups(&report.unknown), report, text)),
        Some(section("down", groups(&report.down), report, text)),
        Some(section("exposed", exposed.collect(), report, text)),
        Some(section("keys", keys.collect(), report, text)),
        Some(section("agents", agents.collect(), report, text)),
        Some(section("logging", logging.collect(), report, text)),
    ];
    all.into_iter().flatten().collect()
}

fn section(id: &'static str, blocks: Vec<Block>, report: &Report, text: &Catalogue) -> Section {
    let about = match (blocks.is_empty(), report.totals.all) {
        // What holds for all of none says nothing.
        (true, 0) => "report-no-instance".to_owned(),
        (true, _) => format!("report-{id}-none"),
        (false, _) => format!("report-{id}-about"),
    };
    let about = text.say_with(&about, &[("least", SHARED.into())]);
    Section { id, title: text.say(&format!("report-{id}")), about, blocks }
}

fn block_of(group: &Group, text: &Catalogue) -> Block {
    Block {
        title: instances(group.rows.len(), text),
        lines: group.causes.iter().map(|told| cause(told, text)).collect(),
        fixes: {
            let mut all: Vec<Fix> = Vec::new();
            for line in group.causes.iter().flat_map(|told| fixes(&told.reason, text)) {
                if !all.contains(&line) {
                    all.push(line);
                }
            }
            all
        },
        rows: rows(&group.rows, text),
    }
}

fn cause(told: &Told, text: &Catalogue) -> String {
    let methods = told.methods.iter().map(|method| method.id()).collect::<Vec<_>>().join(", ");
    let line = text.say_with("cause-of", &[("methods", methods.into()), ("cause", told.reason.text(text).into())]);
    if told.is_same { line } else { text.say_with("report-example", &[("cause", line.into())]) }
}

fn fixes(reason: &Reason, text: &Catalogue) -> Vec<Fix> {
    reason.remedy(text).map(Fix::Remedy).into_iter().chain(reason.remark(text).map(Fix::Remark)).collect()
}

fn rows(rows: &[Row], text: &Catalogue) -> Vec<[String; 4]> {
    let row = |row: &Row| {
        let name = row.name.as_ref().map(|name| name.shown_in(60)).unwrap_or_default();
        let place = match &row.account {
            Some(account) => format!("{} · {account}", row.place),
            None => row.place.to_string(),
        };
        [name, row.id.to_string(), place, text.say(&format!("state-{}", row.state.word()))]
    };
    rows.iter().map(row).collect()
}

fn instances(count: usize, text: &Catalogue) -> String {
    text.say_with("report-instances", &[("count", count.into())])
}

fn logged(logging: &Logging, text: &Catalogue) -> String {
    let (key, values): (&str, Vec<(&'static str, Value)>) = match logging {
        Logging::Kept { s3: true, cloudwatch: true } => ("report-logged-both", Vec::new()),
        Logging::Kept { s3: true, .. } => ("report-logged-s3", Vec::new()),
        Logging::Kept { .. } => ("report-logged-cloudwatch", Vec::new()),
        Logging::Off => ("report-logged-nowhere", Vec::new()),
        Logging::Unknown(why) => ("report-logged-unknown", vec![("why", why.clone().into())]),
    };
    text.say_with(key, &values)
}
