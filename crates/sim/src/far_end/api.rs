//! The calls of the SSM API that are about sessions.

use std::time::{Instant, SystemTime};

use serde_json::{Value, json};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::agents::FarEnd;
use super::document;
use super::document::{Document, Work};
use super::session::Start;
use super::table::{Record, SessionEnd};
use super::token::{Token, suffix};
use crate::asking::Asking;
use crate::fault::FaultKind;
use crate::fleet::{Instance, Ping, State};
use crate::json::Arguments;
use crate::refusal::Refusal;
use crate::service::Service;
use crate::sessions::Standing;
use ec2dash_ssm::Counters;

/// `SessionId` is at most 96 characters.
const LONGEST_ID: usize = 96;
const USUAL_PAGE: u64 = 50;
const MOST_PER_PAGE: u64 = 200;

/// Whether this call is answered here.
pub(crate) fn knows(action: &str) -> bool {
    matches!(
        action,
        "StartSession" | "ResumeSession" | "TerminateSession" | "DescribeSessions" | "GetConnectionStatus" | "GetDocument"
    )
}

/// The JSON that answers the call.
pub(crate) fn answer(asking: &Asking<'_>, arguments: &Arguments) -> Result<Vec<u8>, Refusal> {
    asking.world.far_end.answer(asking, arguments)
}

impl FarEnd {
    fn answer(&self, asking: &Asking<'_>, arguments: &Arguments) -> Result<Vec<u8>, Refusal> {
        let answer = match asking.action {
            "StartSession" => self.start_session(asking, arguments),
            "ResumeSession" => self.resume_session(asking, arguments),
            "TerminateSession" => self.terminate_session(asking, arguments),
            "GetDocument" => document::get(asking, arguments),
            "GetConnectionStatus" => connection_status(asking, arguments),
            _ => self.describe_sessions(asking, arguments),
        }?;
        Ok(answer.to_string().into_bytes())
    }

    fn start_session(&self, asking: &Asking<'_>, arguments: &Arguments) -> Result<Value, Refusal> {
        let target = required(arguments, "Target", 400)?;
        let reason = arguments.text("Reason").map(str::to_owned);
        if reason.as_ref().is_some_and(|reason| !(1..=256).contains(&reason.chars().count())) {
            return Err(invalid("reason", "Member must have length between 1 and 256"));
        }
        let document = document::chosen(asking, arguments)?;
        if asking.account.just_in_time.as_ref().is_some_and(|feature| feature.is_needed)
            && asking.standing != Standing::AccessToken
        {
            let resource = format!("arn:aws:ec2:{}:{}:instance/{target}", asking.region, asking.account.id);
            return Err(Refusal::denied(Service::Ssm, "ssm:StartSession", &asking.caller.arn, &resource));
        }
        let takes_sessions = |_: &&Instance| !asking.world.power.refuses_sessions(target);
        let instance = online(asking, target).filter(takes_sessions).ok_or_else(|| {
            let message = format!("{target} is not connected.");
            Refusal::new(400, "TargetNotConnected", message)
        })?;
        if instance.hybrid.is_some() && !asking.account.has_advanced_instances {
            let message = "Enable advanced-instances tier to use Session Manager with your on-premises instances";
            return Err(Refusal::new(400, "BadRequest", message));
        }
        let agent = instance.agent.as_ref().map(|agent| agent.version.clone()).unwrap_or_default();

        let id = session_id(asking);
        let document = if instance.is_windows() && matches!(document.work, Work::Words { .. }) {
            let words = "Unable to start command: exec: \"sh\": executable file not found in %PATH%";
            Document { work: Work::Refused(words.to_owned()), ..document }
        } else {
            document
        };
        let neighbour = match &document.work {
            Work::Port { host: Some(host), .. } => neighbour(asking, host).map(|neighbour| neighbour.id.clone()),
            _ => None,
        };
        let (instance, name) = (instance.id.clone(), instance.name().to_owned());
        let start = Start { id: id.clone(), instance, name, agent, document, neighbour };
        let (longest, name) = (start.document.longest, start.document.name.clone());
        let (plug, sockets) = mpsc::channel(1);
        let (stop, gone) = (CancellationToken::new(), CancellationToken::new());
        let token = Token::new(Instant::now());
        let cell = suffix();
        let answer = self.access(&id, &cell, &token);
        self.ground.table.add(Record {
            id,
            account: asking.account.id.clone(),
            region: asking.region.to_owned(),
            target: target.to_owned(),
            owner: asking.caller.arn.clone(),
            document: name,
            reason,
            started: asking.now,
            longest,
            is_connected: false,
            counters: Counters::default(),
            connections: 0,
            ended: None,
            token: Some(token),
            cell,
            sockets: plug,
            stop: stop.clone(),
            gone: gone.clone(),
        });
        self.spawn(start, sockets, stop, gone);
        Ok(answer)
    }

    fn resume_session(&self, asking: &Asking<'_>, arguments: &Arguments) -> Result<Value, Refusal> {
        let id = required(arguments, "SessionId", LONGEST_ID)?;
        self.own(asking, id, |record| match record.ended {
            None if asking.fault == Some(&FaultKind::NoToken) => Ok(json!({ "SessionId": id })),
            None => {
                if asking.fault == Some(&FaultKind::OtherUrl) {
                    record.cell = suffix();
                }
                let token = Token::new(Instant::now());
                let answer = self.access(id, &record.cell, &token);
                record.token = Some(token);
                Ok(answer)
            }
            // What the service says of a session that timed out: it is known, and there is no way in.
            Some((_, SessionEnd::TimedOut)) => Ok(json!({ "SessionId": id })),
            Some((_, SessionEnd::Terminated)) => Err(unknown(id)),
        })?
    }

    fn terminate_session(&self, asking: &Asking<'_>, arguments: &Arguments) -> Result<Value, Refusal> {
        let id = required(arguments, "SessionId", LONGEST_ID)?;
        self.own(asking, id, |record| {
            record.token = None;
            record.stop.cancel();
            record.ended.get_or_insert((asking.now, SessionEnd::Terminated));
        })?;
        Ok(json!({ "SessionId": id }))
    }

    fn describe_sessions(&self, asking: &Asking<'_>, arguments: &Arguments) -> Result<Value, Refusal> {
        let is_history = match arguments.text("State") {
            Some("Active") => false,
            Some("History") => true,
            _ => return Err(invalid("state", "Member must satisfy enum value set: [Active, History]")),
        };
        let size = arguments.number("MaxResults").unwrap_or(USUAL_PAGE);
        if !(1..=MOST_PER_PAGE).contains(&size) {
            return Err(invalid("maxResults", "Member must have value between 1 and 200"));
        }
        let filters = filters(arguments)?;
        let rows = self.ground.table.list(|record| {
            let is_wanted = record.account == asking.account.id
                && record.region == asking.region
                && record.ended.is_some() == is_history
                && filters.iter().all(|filter| filter.admits(record));
            is_wanted.then(|| row(record))
        });
        let size = usize::try_from(size).unwrap_or(usize::MAX);
        let page = asking
            .paging
            .cut(rows, size, arguments.text("NextToken"))
            .map_err(|_| Refusal::new(400, "InvalidNextToken", "The specified token is not valid."))?;
        let mut answer = json!({ "Sessions": page.items });
        if let Some(next) = page.next {
            answer["NextToken"] = Value::from(next);
        }
        Ok(answer)
    }

    /// A session of the caller's account and region.
    fn own<T>(&self, asking: &Asking<'_>, id: &str, use_it: impl FnOnce(&mut Record) -> T) -> Result<T, Refusal> {
        let own = self.ground.table.with(id, |record| {
            let is_own = record.account == asking.account.id && record.region == asking.region;
            is_own.then(|| use_it(record))
        });
        own.flatten().ok_or_else(|| unknown(id))
    }

    fn access(&self, id: &str, cell: &str, token: &Token) -> Value {
        json!({ "SessionId": id, "TokenValue": token.value(), "StreamUrl": self.stream_url(id, cell) })
    }
}

fn connection_status(asking: &Asking<'_>, arguments: &Arguments) -> Result<Value, Refusal> {
    let target = required(arguments, "Target", 400)?;
    let status = if online(asking, target).is_some() { "connected" } else { "notconnected" };
    Ok(json!({ "Target": target, "Status": status }))
}

/// The instance of this id whose agent answers.
fn online<'a>(asking: &Asking<'a>, target: &str) -> Option<&'a Instance> {
    let runs = |instance: &&Instance| matches!(instance.state, State::Running | State::Stopping | State::Pending);
    let instance = asking.nodes().find(|instance| instance.id == target).filter(runs)?;
    let agent = instance.agent.as_ref()?;
    (matches!(agent.ping, Ping::Online(_)) && agent.has_channel && knows_sessions(&agent.version)).then_some(instance)
}

/// The running instance that has this private address or name: what the agent's resolver and network find of the simulated world.
fn neighbour<'a>(asking: &Asking<'a>, host: &str) -> Option<&'a Instance> {
    let is_meant = |instance: &&Instance| {
        instance.private_ip.as_deref() == Some(host)
            || instance.private_name().is_some_and(|name| name.eq_ignore_ascii_case(host.trim_end_matches('.')))
    };
    asking.instances().filter(|instance| instance.state == State::Running).find(is_meant)
}

/// Older agents have no Session Manager (docs/access-rules.md 1.2.5).
fn knows_sessions(version: &str) -> bool {
    let parts: Vec<u32> = version.split('.').map(|part| part.parse().unwrap_or_default()).collect();
    parts >= vec![2, 3, 68, 0]
}

/// The user's or the role session's name, and what nobody can guess.
fn session_id(asking: &Asking<'_>) -> String {
    let name = asking.caller.arn.rsplit('/').next().unwrap_or_default();
    let suffix = suffix();
    let name: String = name.chars().filter(char::is_ascii_graphic).take(LONGEST_ID - suffix.len() - 1).collect();
    format!("{name}-{suffix}")
}

fn row(record: &Record) -> Value {
    let status = match (&record.ended, record.is_connected) {
        (Some(_), _) => "Terminated",
        (None, true) => "Connected",
        (None, false) => "Disconnected",
    };
    let mut row = json!({
        "SessionId": record.id,
        "Target": record.target,
        "Status": status,
        "StartDate": seconds(record.started),
        "DocumentName": record.document,
        "Owner": record.owner,
        "OutputUrl": {},
    });
    if let Some((ended, _)) = record.ended {
        row["EndDate"] = seconds(ended);
    }
    if let Some(reason) = &record.reason {
        row["Reason"] = Value::from(reason.as_str());
    }
    if let Some(longest) = record.longest {
        row["MaxSessionDuration"] = Value::from((longest.as_secs().div_ceil(60)).to_string());
    }
    row
}

/// One condition of `DescribeSessions`.
enum Filter {
    Is(&'static str, String),
    After(SystemTime),
    Before(SystemTime),
}

impl Filter {
    fn admits(&self, record: &Record) -> bool {
        match self {
            Self::After(time) => record.started > *time,
            Self::Before(time) => record.started < *time,
            Self::Is("AccessType", value) => value == "Standard",
            Self::Is(field, value) => row(record)[*field].as_str() == Some(value),
        }
    }
}

fn filters(arguments: &Arguments) -> Result<Vec<Filter>, Refusal> {
    let pairs = arguments.pairs("Filters", "key", "value");
    if pairs.len() > 6 {
        return Err(invalid("filters", "Member must have length less than or equal to 6"));
    }
    let time = |value: &str| {
        let time: Result<jiff::Timestamp, _> = value.parse();
        time.map(SystemTime::from).map_err(|_| Refusal::new(400, "InvalidFilterKey", format!("{value} is not a time.")))
    };
    pairs
        .into_iter()
        .map(|(key, value)| match key {
            "InvokedAfter" => time(value).map(Filter::After),
            "InvokedBefore" => time(value).map(Filter::Before),
            "Target" => Ok(Filter::Is("Target", value.to_owned())),
            "Owner" => Ok(Filter::Is("Owner", value.to_owned())),
            "Status" => Ok(Filter::Is("Status", value.to_owned())),
            "SessionId" => Ok(Filter::Is("SessionId", value.to_owned())),
            "AccessType" => Ok(Filter::Is("AccessType", value.to_owned())),
            _ => Err(Refusal::new(400, "InvalidFilterKey", format!("{key} is not a filter of DescribeSessions."))),
        })
        .collect()
}

fn seconds(time: SystemTime) -> Value {
    let since = time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    Value::from(since.as_secs_f64())
}

fn required<'a>(arguments: &'a Arguments, name: &str, most: usize) -> Result<&'a str, Refusal> {
    let member = || {
        let mut member = name.to_owned();
        member.replace_range(..1, &name[..1].to_ascii_lowercase());
        member
    };
    match arguments.text(name) {
        None => Err(invalid(&member(), "Member must not be null")),
        Some(value) if !(1..=most).contains(&value.chars().count()) => {
            Err(invalid(&member(), &format!("Member must have length between 1 and {most}")))
        }
        Some(value) => Ok(value),
    }
}

fn invalid(member: &str, constraint: &str) -> Refusal {
    let message = format!("1 validation error detected: Value at '{member}' failed to satisfy constraint: {constraint}");
    Refusal::new(400, "ValidationException", message)
}

fn unknown(id: &str) -> Refusal {
    Refusal::new(400, "DoesNotExistException", format!("Session {id} does not exist."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_agent_of_2018_knows_no_sessions() {
        assert!(["2.3.68.0", "2.3.700.0", "3.0.196.0", "10.0.0.0"].iter().all(|version| knows_sessions(version)));
        assert!(!knows_sessions("2.3.50.0") && !knows_sessions("2.2.900.0") && !knows_sessions(""));
    }
}
