//! The HTTP server: from a connection to the answer of a call.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt as _, Full, Limited, StreamBody};
use hyper::body::{Bytes, Frame, Incoming};
use hyper::header::{CONNECTION, CONTENT_LENGTH, CONTENT_TYPE, DATE, HeaderValue};
use hyper::service::service_fn;
use hyper::{Method, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use jiff::Timestamp;
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use uuid::Uuid;

use super::answer::Answer;
use super::asking::Asking;
use super::data_channel;
use super::far_end::{self, FarEnd, Ground};
use super::fault::{FaultKind, FaultTable};
use super::fleet::{Account, Caller, Credentials, Fleet};
use super::json::Arguments;
use super::keys::KeyStore;
use super::kms::Kms;
use super::page::Paging;
use super::refusal::Refusal;
use super::request::{Asked, Input, Request};
use super::run_command::{self, Commands};
use super::service::Service;
use super::sessions::Sessions;
use super::signature::Flaw;
use super::{Call, ec2, eic, iam, ssm, sts};

/// No call we serve is longer: SendSSHPublicKey takes 4 KB, 200 filter values a few more.
const LONGEST_BODY: usize = 1024 * 1024;

/// Calls remembered for tests and benches.
const MOST_CALLS: usize = 100_000;

pub(super) type Body = UnsyncBoxBody<Bytes, io::Error>;

/// What all calls share.
#[derive(Debug)]
pub(super) struct World {
    fleet: Mutex<Arc<Fleet>>,
    pub(super) faults: Arc<Mutex<FaultTable>>,
    kms: Arc<Kms>,
    calls: Mutex<VecDeque<Call>>,
    pub(super) keys: KeyStore,
    sessions: Sessions,
    pub(super) far_end: FarEnd,
    pub(super) commands: Commands,
}

impl World {
    pub(super) fn new(fleet: Fleet, keys: KeyStore, far_end: FarEnd, ground: Ground) -> Self {
        Self {
            fleet: Mutex::new(Arc::new(fleet)),
            faults: ground.faults,
            kms: ground.kms,
            calls: Mutex::default(),
            keys,
            sessions: Sessions::default(),
            far_end,
            commands: Commands::default(),
        }
    }

    pub(super) fn fleet(&self) -> Arc<Fleet> {
        Arc::clone(&lock(&self.fleet))
    }

    pub(super) fn edit(&self, change: impl FnOnce(&mut Fleet)) {
        change(Arc::make_mut(&mut lock(&self.fleet)));
    }

    pub(super) fn set_faults(&self, faults: FaultTable) {
        *lock(&self.faults) = faults;
    }

    pub(super) fn calls(&self) -> Vec<Call> {
        lock(&self.calls).iter().cloned().collect()
    }

    fn note(&self, call: Call) {
        let mut calls = lock(&self.calls);
        if calls.len() >= MOST_CALLS {
            calls.pop_front();
        }
        calls.push_back(call);
    }
}

pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Serves connections until it is dropped.
pub(super) async fn serve(listener: TcpListener, world: Arc<World>) {
    let mut connections = JoinSet::new();
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            // Out of file descriptors, most likely: others have to go first.
            tokio::time::sleep(Duration::from_millis(50)).await;
            continue;
        };
        while connections.try_join_next().is_some() {}
        let world = Arc::clone(&world);
        connections.spawn(async move {
            let service = service_fn(move |request| {
                let world = Arc::clone(&world);
                async move { Ok::<_, Infallible>(respond(&world, request).await) }
            });
            let mut server = hyper::server::conn::http1::Builder::new();
            server.timer(TokioTimer::new()).auto_date_header(false);
            // A client that goes away, or that we cut off, ends its own connection and nothing else.
            let _ = server.serve_connection(TokioIo::new(stream), service).with_upgrades().await;
        });
    }
}

async fn respond(world: &World, mut request: hyper::Request<Incoming>) -> Response<Body> {
    if let Some(session) = far_end::session_of(request.uri().path()) {
        return data_channel::answer(world, session, &mut request).await;
    }
    let (parts, body) = request.into_parts();
    let request_id = Uuid::new_v4().to_string();
    let body = match Limited::new(body, LONGEST_BODY).collect().await {
        Ok(body) => body.to_bytes(),
        Err(_) => {
            let answer = Answer::plain(413, "the request is too long\n".to_owned());
            return response(answer, &request_id, SystemTime::now(), false);
        }
    };
    if parts.method == Method::GET && parts.uri.path().starts_with("/sim/keys/") {
        return response(pushed_keys(world, parts.uri.path()), &request_id, SystemTime::now(), false);
    }
    let request = Request::read(&parts, body);
    let Some(asked) = request.asked() else {
        let refusal = Refusal::new(404, "UnknownService", "The simulated cloud has no such service.");
        let answer = Answer::refused(Service::Iam, &refusal, &request_id);
        return response(answer, &request_id, SystemTime::now(), false);
    };
    perform(world, &request, &asked, request_id).await
}

/// The answer with what goes wrong on purpose.
async fn perform(world: &World, request: &Request, asked: &Asked, request_id: String) -> Response<Body> {
    let full_action = asked.full_action();
    let fault = lock(&world.faults).next(&full_action);
    note(world, asked, full_action);
    match fault {
        Some(FaultKind::Delay(delay)) => tokio::time::sleep(delay).await,
        Some(FaultKind::Hang) => std::future::pending().await,
        _ => {}
    }
    let mut now = SystemTime::now();
    if let Some(FaultKind::Clock(offset)) = fault {
        now = offset.shown(now);
    }
    let answer = match fault {
        Some(FaultKind::Html) => Answer::captive_portal(),
        Some(FaultKind::Corrupt) => Answer::corrupt(asked.service),
        _ => match answer(world, request, asked, fault.as_ref(), &request_id, now) {
            Ok(body) => Answer::good(asked.service, body),
            Err(refusal) => Answer::refused(asked.service, &refusal, &request_id),
        },
    };
    response(answer, &request_id, now, fault == Some(FaultKind::Cut))
}

pub(super) fn note(world: &World, asked: &Asked, action: String) {
    let claim = asked.claim.as_ref();
    let fleet = world.fleet();
    let account = claim.and_then(|claim| {
        let own = fleet.accounts.iter().find(|account| account.credentials.access_key == claim.access_key);
        let id = own.map(|account| account.id.clone());
        id.or_else(|| Some(world.sessions.of_key(&claim.access_key)?.account))
    });
    world.note(Call {
        action,
        region: claim.map(|claim| claim.region.clone()).unwrap_or_default(),
        account: account.unwrap_or_default(),
        at: SystemTime::now(),
    });
}

fn answer(
    world: &World,
    request: &Request,
    asked: &Asked,
    fault: Option<&FaultKind>,
    request_id: &str,
    now: SystemTime,
) -> Result<Vec<u8>, Refusal> {
    let service = asked.service;
    let fleet = world.fleet();
    let (account, caller) = authenticate(world, &fleet, request, asked, now)?;
    let region = asked.claim.as_ref().map(|claim| claim.region.as_str()).unwrap_or_default();

    match fault {
        Some(FaultKind::Deny) => {
            let resource = resource(asked, &account.id, region);
            return Err(Refusal::denied(service, &asked.full_action(), &caller.arn, &resource));
        }
        Some(FaultKind::Throttle(_)) => return Err(Refusal::throttled(service)),
        Some(FaultKind::Error(code)) => return Err(Refusal::of_code(service, code)),
        _ => {}
    }
    let asking = Asking {
        fleet: &fleet,
        account,
        caller: &caller,
        region,
        action: &asked.action,
        now,
        request_id,
        paging: match fault {
            Some(FaultKind::RepeatToken) => Paging::RepeatToken,
            Some(FaultKind::EmptyPage) => Paging::EmptyPage,
            _ => Paging::Sound,
        },
        fault,
        keys: &world.keys,
        sessions: &world.sessions,
        commands: &world.commands,
    };
    match (&asked.input, service) {
        (Input::Query(parameters), Service::Iam) => iam::answer(&asking, parameters),
        (Input::Query(parameters), Service::Sts) => sts::answer(&asking, parameters),
        (Input::Query(parameters), _) => ec2::answer(&asking, parameters),
        (Input::Json(body), Service::InstanceConnect) => eic::answer(&asking, &Arguments::read(body)?),
        (Input::Json(body), Service::Ssm) if far_end::knows(&asked.action) => {
            world.far_end.answer(&asking, &Arguments::read(body)?)
        }
        (Input::Json(body), Service::Ssm) if run_command::knows(&asked.action) => {
            run_command::answer(&asking, &Arguments::read(body)?)
        }
        (Input::Json(body), Service::Ssm) => ssm::answer(&asking, &Arguments::read(body)?),
        (Input::Json(body), Service::Kms) => world.kms.answer(&asking, &Arguments::read(body)?),
        (Input::Json(_), _) => Err(Refusal::unknown_action(service, &asked.action)),
    }
}

/// Who signed the request, if the signature is good and the region may be used.
pub(super) fn authenticate<'a>(
    world: &World,
    fleet: &'a Fleet,
    request: &Request,
    asked: &Asked,
    now: SystemTime,
) -> Result<(&'a Account, Caller), Refusal> {
    let service = asked.service;
    let claim = asked.claim.as_ref().ok_or_else(|| match request.header("authorization") {
        Some(_) => {
            Refusal::incomplete_signature(service, "Authorization header requires 'Credential', 'Signature' and 'SignedHeaders'.")
        }
        None => Refusal::unsigned(service),
    })?;
    let (account, caller, credentials) =
        caller(fleet, &world.sessions, &claim.access_key).ok_or_else(|| Refusal::unknown_credentials(service))?;
    if request.header("x-amz-security-token") != credentials.session_token.as_deref() {
        return Err(Refusal::unknown_credentials(service));
    }
    claim.check(request, &credentials.secret, now).map_err(|flaw| match flaw {
        Flaw::Incomplete(problem) => Refusal::incomplete_signature(service, problem),
        Flaw::Time(problem) => Refusal::wrong_time(service, problem),
        Flaw::Mismatch => Refusal::wrong_signature(service),
    })?;
    if credentials.expires.is_some_and(|expires| expires <= now) {
        return Err(Refusal::expired_token(service));
    }
    let is_enabled = fleet.is_enabled(&claim.region) || (service.is_global() && claim.region == "us-east-1");
    if !is_enabled {
        return Err(Refusal::unknown_credentials(service));
    }
    Ok((account, caller))
}

/// Whose access key this is.
fn caller<'a>(fleet: &'a Fleet, sessions: &Sessions, access_key: &str) -> Option<(&'a Account, Caller, Credentials)> {
    if let Some(account) = fleet.accounts.iter().find(|account| account.credentials.access_key == access_key) {
        return Some((account, account.caller.clone(), account.credentials.clone()));
    }
    let session = sessions.of_key(access_key)?;
    Some((fleet.account(&session.account)?, session.caller, session.credentials))
}

/// What the call is about, as the text of a denial names it.
fn resource(asked: &Asked, account: &str, region: &str) -> String {
    match (&asked.input, asked.service) {
        (Input::Query(parameters), Service::Iam) => iam::resource(account, parameters),
        (Input::Query(parameters), Service::Sts) => parameters.text("RoleArn").unwrap_or("*").to_owned(),
        (Input::Json(body), Service::InstanceConnect) => {
            let arguments = Arguments::read(body).ok();
            let id = arguments.as_ref().and_then(|arguments| arguments.text("InstanceId")).unwrap_or("*");
            format!("arn:aws:ec2:{region}:{account}:instance/{id}")
        }
        (Input::Json(body), Service::Ssm) => {
            let arguments = Arguments::read(body).ok();
            let named = |name| arguments.as_ref().and_then(|arguments: &Arguments| arguments.text(name));
            match (named("Target"), named("SessionId")) {
                (Some(id), _) => format!("arn:aws:ec2:{region}:{account}:instance/{id}"),
                (None, Some(id)) => format!("arn:aws:ssm:{region}:{account}:session/{id}"),
                (None, None) => format!("arn:aws:ssm:{region}:{account}:*"),
            }
        }
        _ => format!("arn:aws:{}:{region}:{account}:*", asked.service.name()),
    }
}

/// `/sim/keys/INSTANCE/USER`: what an `AuthorizedKeysCommand` may print.
fn pushed_keys(world: &World, path: &str) -> Answer {
    let decoded = percent_encoding::percent_decode_str(path).decode_utf8_lossy();
    let mut parts = decoded.trim_start_matches("/sim/keys/").split('/');
    let (Some(instance), Some(user), None) = (parts.next(), parts.next(), parts.next()) else {
        return Answer::plain(404, String::new());
    };
    let keys = world.keys.active(instance, user);
    if keys.is_empty() {
        return Answer::plain(404, String::new());
    }
    Answer::plain(200, keys.iter().map(|key| format!("{key}\n")).collect())
}

/// The HTTP form of an answer; cut, it promises all and sends half.
pub(super) fn response(answer: Answer, request_id: &str, now: SystemTime, is_cut: bool) -> Response<Body> {
    let length = answer.body.len();
    let mut response = Response::new(if is_cut { half(answer.body) } else { whole(answer.body) });
    *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(answer.content_type));
    headers.insert(CONTENT_LENGTH, HeaderValue::from(length));
    if let Ok(id) = HeaderValue::from_str(request_id) {
        headers.insert("x-amzn-requestid", id);
    }
    if let Some(error) = answer.error_type.and_then(|error| HeaderValue::from_str(&error).ok()) {
        headers.insert("x-amzn-errortype", error);
    }
    let date = Timestamp::try_from(now).map(|now| now.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string());
    if let Some(date) = date.ok().and_then(|date| HeaderValue::from_str(&date).ok()) {
        headers.insert(DATE, date);
    }
    if is_cut {
        headers.insert(CONNECTION, HeaderValue::from_static("close"));
    }
    response
}

pub(super) fn whole(body: Vec<u8>) -> Body {
    Full::new(Bytes::from(body)).map_err(|never| match never {}).boxed_unsync()
}

fn half(body: Vec<u8>) -> Body {
    let mut half = Bytes::from(body);
    half.truncate(half.len() / 2);
    let frames = futures_util::stream::unfold(Some(half), |state| async move {
        match state {
            Some(half) => Some((Ok(Frame::data(half)), None)),
            None => {
                // What was written must leave before the connection breaks.
                tokio::time::sleep(Duration::from_millis(20)).await;
                Some((Err(io::Error::from(io::ErrorKind::ConnectionAborted)), None))
            }
        }
    });
    StreamBody::new(frames).boxed_unsync()
}
