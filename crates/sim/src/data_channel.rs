//! The upgrade to a data channel: who may open one, and what goes wrong with that on purpose.

use std::time::SystemTime;

use hyper::body::Incoming;
use hyper::{Response, StatusCode};
use uuid::Uuid;

use super::answer::Answer;
use super::api_call::ApiCall;
use super::authentication::authenticate;
use super::far_end;
use super::fault::FaultKind;
use super::refusal::Refusal;
use super::request::Request;
use super::response::{Body, response, whole};
use super::upgrade::Upgrade;
use super::world::{World, lock};

/// The answer to a client that wants a data channel; what is signed must be signed well.
pub(super) async fn answer(world: &World, session: String, request: &mut hyper::Request<Incoming>) -> Response<Body> {
    let request_id = Uuid::new_v4().to_string();
    let now = SystemTime::now();
    let Upgrade { accepted, connection, request: read } = match Upgrade::take(request) {
        Ok(upgrade) => upgrade,
        Err(answer) => return response(answer, &request_id, now, false),
    };
    let call = ApiCall::open_data_channel(&read);
    let fault = lock(&world.faults).next(&call.full_action(), &world.callers(&call));
    world.note(&call);
    match fault {
        Some(FaultKind::Delay(delay)) => tokio::time::sleep(delay).await,
        Some(FaultKind::Hang) => std::future::pending().await,
        _ => {}
    }
    if fault == Some(FaultKind::Html) {
        return response(Answer::captive_portal(), &request_id, now, false);
    }
    if let Err(refusal) = may_open(world, &read, &call, fault.as_ref(), &session, now) {
        let answer = Answer { status: refusal.status.max(403), ..Answer::refused(call.service, &refusal, &request_id) };
        return response(answer, &request_id, now, false);
    }
    world.far_end.open(session, far_end::cell_of(&read.query), connection);
    let mut response = Response::new(whole(Vec::new()));
    *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
    *response.headers_mut() = accepted;
    response
}

/// The token alone opens a data channel; who signs as well must be allowed to.
fn may_open(
    world: &World,
    request: &Request,
    call: &ApiCall,
    fault: Option<&FaultKind>,
    session: &str,
    now: SystemTime,
) -> Result<(), Refusal> {
    let fleet = world.fleet();
    let signer = match request.header("authorization") {
        None => None,
        Some(_) => Some(authenticate(&world.sessions, &fleet, request, call, now)?),
    };
    let service = call.service;
    match fault {
        Some(FaultKind::Deny) => {
            let (account, arn) = match &signer {
                Some(signer) => (signer.account.id.as_str(), signer.caller.arn.as_str()),
                None => ("", "anonymous"),
            };
            let region = call.claim.as_ref().map(|claim| claim.region.as_str()).unwrap_or_default();
            let resource = format!("arn:aws:ssm:{region}:{account}:session/{session}");
            Err(Refusal::denied(service, &call.full_action(), arn, &resource))
        }
        Some(FaultKind::Throttle(_)) => Err(Refusal { status: 429, ..Refusal::throttled(service) }),
        Some(FaultKind::Error(code)) => Err(Refusal::of_code(service, code)),
        Some(FaultKind::Cut | FaultKind::Corrupt) => Err(Refusal::of_code(service, "ServiceUnavailable")),
        _ => Ok(()),
    }
}
