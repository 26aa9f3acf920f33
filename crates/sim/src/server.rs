//! The HTTP server: from a connection to the answer of a call.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use http_body_util::{BodyExt as _, Limited};
use hyper::Response;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use uuid::Uuid;

use super::answer::Answer;
use super::api_call::{ApiCall, Input};
use super::asking::Asking;
use super::authentication::{Signer, authenticate};
use super::doors::Door;
use super::fault::FaultKind;
use super::page::Paging;
use super::refusal::Refusal;
use super::request::Request;
use super::response::{Body, page_response, response};
use super::service::Service;
use super::world::{World, lock};
use super::{data_channel, far_end, identity_center, services, switches, tunnel};

/// No call we serve is longer: SendSSHPublicKey takes 4 KB, 200 filter values a few more.
const LONGEST_BODY: usize = 1024 * 1024;

/// Serves connections until it is dropped.
pub(super) async fn serve(listener: TcpListener, door: Door, world: Arc<World>) {
    let mut connections = JoinSet::new();
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            // Out of file descriptors, most likely: others have to go first.
            tokio::time::sleep(Duration::from_millis(50)).await;
            continue;
        };
        while connections.try_join_next().is_some() {}
        let (door, world) = (door.clone(), Arc::clone(&world));
        connections.spawn(async move {
            let Some(stream) = door.admit(stream, &world).await else { return };
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
    if tunnel::is_tunnel(request.uri().path()) {
        return tunnel::answer(world, &mut request).await;
    }
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
    let request = Request::read(&parts, body);
    if let Some(answer) = switches::answer(world, &request, SystemTime::now()) {
        return response(answer, &request_id, SystemTime::now(), false);
    }
    if let Some(page) = identity_center::page(world, &request, SystemTime::now()) {
        return page_response(page);
    }
    let Some(call) = ApiCall::of(&request) else {
        let refusal = Refusal::new(404, "UnknownService", "The simulated cloud has no such service.");
        let answer = Answer::refused(Service::Iam, &refusal, &request_id);
        return response(answer, &request_id, SystemTime::now(), false);
    };
    perform(world, &request, &call, request_id).await
}

/// The answer with what goes wrong on purpose.
async fn perform(world: &World, request: &Request, call: &ApiCall, request_id: String) -> Response<Body> {
    let fault = lock(&world.faults).next(&call.full_action(), &world.callers(call));
    world.note(call);
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
        Some(FaultKind::Corrupt) => Answer::corrupt(call.service),
        _ => match answer(world, request, call, fault.as_ref(), &request_id, now) {
            Ok(body) => Answer::good(call.service, body),
            Err(refusal) => Answer::refused(call.service, &refusal, &request_id),
        },
    };
    response(answer, &request_id, now, fault == Some(FaultKind::Cut))
}

fn answer(
    world: &World,
    request: &Request,
    call: &ApiCall,
    fault: Option<&FaultKind>,
    request_id: &str,
    now: SystemTime,
) -> Result<Vec<u8>, Refusal> {
    let service = call.service;
    let fleet = world.fleet();
    let paging = match fault {
        Some(FaultKind::RepeatToken) => Paging::RepeatToken,
        Some(FaultKind::EmptyPage) => Paging::EmptyPage,
        _ => Paging::Sound,
    };
    if let Input::Unsigned(_) = &call.input {
        return match fault {
            Some(FaultKind::Deny) => Err(Refusal::denied(service, &call.full_action(), "", "")),
            Some(FaultKind::Throttle(_)) => Err(Refusal::throttled(service)),
            Some(FaultKind::Error(code)) => Err(Refusal::of_code(service, code)),
            _ => identity_center::answer(world, &fleet, call, paging, now),
        };
    }
    let Signer { account, caller, permissions, standing } = authenticate(&world.sessions, &fleet, request, call, now)?;
    let region = call.claim.as_ref().map(|claim| claim.region.as_str()).unwrap_or_default();

    match fault {
        Some(FaultKind::Throttle(_)) => return Err(Refusal::throttled(service)),
        Some(FaultKind::Error(code)) => return Err(Refusal::of_code(service, code)),
        _ => {}
    }
    let (action, resource) = (call.full_action(), services::resource(call, &account.id, region));
    // Everybody may ask who they are.
    let is_allowed = permissions.allow(&action, &resource) || action == "sts:GetCallerIdentity";
    if fault == Some(&FaultKind::Deny) || !is_allowed {
        return Err(Refusal::denied(service, &action, &caller.arn, &resource));
    }
    let asking = Asking {
        world,
        fleet: &fleet,
        account,
        caller: &caller,
        permissions: &permissions,
        standing,
        region,
        action: &call.action,
        now,
        request_id,
        paging,
        fault,
    };
    services::answer(&asking, call)
}
