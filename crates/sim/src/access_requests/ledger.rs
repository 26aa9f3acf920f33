//! The requests for sessions, what was decided about them, and the credentials that came of it.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use serde_json::{Value, json};
use strum::IntoStaticStr;

use crate::fleet::{Caller, Credentials, Permissions};
use crate::identity::{random_session_credentials, random_text};
use crate::refusal::Refusal;
use crate::sessions::{Session, Sessions, Standing};

/// The oldest are forgotten first.
const MOST: usize = 1_000;

/// What has become of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr)]
pub(crate) enum Status {
    Pending,
    Approved,
    Rejected,
    Revoked,
    Expired,
}

/// Who asks for what.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    pub(super) account: String,
    pub(super) region: String,
    pub(super) caller: Caller,
    pub(super) reason: String,
    pub(super) instances: Vec<String>,
    /// When it is granted by itself.
    pub(super) approved_at: Option<SystemTime>,
}

#[derive(Debug)]
struct Request {
    id: String,
    asked: Asked,
    status: Status,
    granted: Option<Credentials>,
}

/// All of them.
#[derive(Debug, Default)]
pub(crate) struct AccessRequests(Mutex<VecDeque<Request>>);

impl AccessRequests {
    /// Keeps a new one, and gives it an id.
    pub(super) fn add(&self, asked: Asked) -> String {
        let id = random_text("oi-", 6);
        let mut all = self.all();
        if all.len() >= MOST {
            all.pop_front();
        }
        all.push_back(Request { id: id.clone(), asked, status: Status::Pending, granted: None });
        id
    }

    /// What has become of a request, with the credentials if it was granted; only whoever asked may know.
    pub(super) fn outcome(
        &self,
        id: &str,
        is_own: impl Fn(&Asked) -> bool,
        caller: &Caller,
        sessions: &Sessions,
        lasts: Duration,
        now: SystemTime,
    ) -> Result<Option<(Status, Option<Credentials>)>, Refusal> {
        let mut all = self.all();
        let Some(request) = all.iter_mut().find(|request| request.id == id && is_own(&request.asked)) else { return Ok(None) };
        if request.asked.caller != *caller {
            return Err(Refusal::new(400, "AccessDeniedException", "Only the requester can get the access token"));
        }
        request.settle(now);
        if request.status == Status::Approved && request.granted.is_none() {
            request.granted = Some(grant(&request.asked, sessions, lasts, now));
        }
        let granted = request.granted.clone().filter(|_| request.status == Status::Approved);
        Ok(Some((request.status, granted)))
    }

    /// What an approver decides; false if there is no such request.
    pub(crate) fn decide(&self, id: &str, status: Status, sessions: &Sessions) -> bool {
        let mut all = self.all();
        let Some(request) = all.iter_mut().find(|request| request.id == id) else { return false };
        request.status = status;
        request.asked.approved_at = None;
        if let Some(granted) = request.granted.take_if(|_| status != Status::Approved) {
            sessions.end(&granted.access_key);
        }
        true
    }

    /// What an approver sees, oldest first.
    pub(crate) fn told(&self, now: SystemTime) -> Value {
        let mut all = self.all();
        all.iter_mut().for_each(|request| request.settle(now));
        let row = |request: &Request| {
            let status: &str = request.status.into();
            json!({
                "id": request.id,
                "account": request.asked.account,
                "region": request.asked.region,
                "requester": request.asked.caller.arn,
                "reason": request.asked.reason,
                "instances": request.asked.instances,
                "status": status,
            })
        };
        Value::from(all.iter().map(row).collect::<Vec<_>>())
    }

    fn all(&self) -> MutexGuard<'_, VecDeque<Request>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Request {
    /// What happens by itself: a policy approves, and what was granted ends.
    fn settle(&mut self, now: SystemTime) {
        if self.status == Status::Pending && self.asked.approved_at.is_some_and(|at| at <= now) {
            self.status = Status::Approved;
        }
        let has_ended = self.granted.as_ref().and_then(|granted| granted.expires).is_some_and(|ends| ends <= now);
        if self.status == Status::Approved && has_ended {
            self.status = Status::Expired;
        }
    }
}

/// Credentials for sessions on these nodes and nothing else.
fn grant(asked: &Asked, sessions: &Sessions, lasts: Duration, now: SystemTime) -> Credentials {
    let credentials = random_session_credentials(now + lasts);
    let (region, account) = (&asked.region, &asked.account);
    let nodes = asked.instances.iter().map(|id| format!("arn:aws:ec2:{region}:{account}:instance/{id}"));
    let on_nodes = nodes.map(|node| Permissions::on(&node, ["ssm:StartSession"]));
    let own =
        Permissions::on(&format!("arn:aws:ssm:{region}:{account}:session/*"), ["ssm:ResumeSession", "ssm:TerminateSession"]);
    sessions.add(Session {
        account: account.clone(),
        caller: asked.caller.clone(),
        credentials: credentials.clone(),
        permissions: on_nodes.fold(own, Permissions::and),
        standing: Standing::AccessToken,
    });
    credentials
}
