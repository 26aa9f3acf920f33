//! What is not AWS: `/sim/…`, where tests and people look behind the scene and decide what others would.

use std::time::SystemTime;

use percent_encoding::percent_decode_str;

use super::access_requests::Status;
use super::answer::Answer;
use super::mfa;
use super::origin::{is_for_us, is_from_us};
use super::request::Request;
use super::world::World;

/// The answer at this path, if it is one of these.
pub(super) fn answer(world: &World, request: &Request, now: SystemTime) -> Option<Answer> {
    let path = request.path.strip_prefix("/sim/")?;
    let decoded = percent_decode_str(path).decode_utf8_lossy();
    let (name, rest) = decoded.split_once('/').unwrap_or((&decoded, ""));
    if name != "keys" && !(is_for_us(request, &world.endpoint) && is_from_us(request, &world.endpoint)) {
        return Some(Answer::plain(403, "this is at another address\n".to_owned()));
    }
    Some(match (request.method.as_str(), name) {
        ("GET", "keys") => pushed_keys(world, rest),
        ("GET", "mfa") => mfa_device(world, rest, now),
        ("GET", "access-requests") => Answer::json(&world.access_requests.told(now)),
        ("POST", "access-requests") => decide(world, rest),
        ("POST", "revoke-sign-ins") => {
            world.identity_center.revoke_all();
            Answer::plain(200, String::new())
        }
        _ => Answer::plain(404, String::new()),
    })
}

/// `INSTANCE/USER`: what an `AuthorizedKeysCommand` may print.
fn pushed_keys(world: &World, rest: &str) -> Answer {
    let mut parts = rest.split('/');
    let (Some(instance), Some(user), None) = (parts.next(), parts.next(), parts.next()) else {
        return Answer::plain(404, String::new());
    };
    let keys = world.keys.active(instance, user);
    if keys.is_empty() {
        return Answer::plain(404, String::new());
    }
    Answer::plain(200, keys.iter().map(|key| format!("{key}\n")).collect())
}

/// `ID/approve`, or another word.
fn decide(world: &World, rest: &str) -> Answer {
    let (id, word) = rest.split_once('/').unwrap_or((rest, ""));
    let status = match word {
        "approve" => Status::Approved,
        "reject" => Status::Rejected,
        "revoke" => Status::Revoked,
        "expire" => Status::Expired,
        _ => return Answer::plain(404, "it is approve, reject, revoke or expire\n".to_owned()),
    };
    let is_known = world.access_requests.decide(id, status, &world.sessions);
    Answer::plain(if is_known { 200 } else { 404 }, String::new())
}

/// The serial number of a device: what it shows.
fn mfa_device(world: &World, serial: &str, now: SystemTime) -> Answer {
    match mfa::owner(&world.fleet(), serial) {
        Some(_) => Answer::json(&world.mfa.told(serial, now)),
        None => Answer::plain(404, String::new()),
    }
}
