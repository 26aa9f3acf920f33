//! A request that wants a WebSocket: what it is, and what comes out of it.

use hyper::body::{Bytes, Incoming};
use hyper::header::HeaderMap;
use hyper::upgrade::OnUpgrade;
use hyper::{Method, Request as HttpRequest};

use super::answer::Answer;
use super::far_end;
use super::request::Request;

/// What a request for a WebSocket holds.
pub(super) struct Upgrade {
    /// The headers that say yes.
    pub(super) accepted: HeaderMap,
    /// The connection, once that is said.
    pub(super) connection: OnUpgrade,
    /// The request itself.
    pub(super) request: Request,
}

impl Upgrade {
    /// Take it, or say what is wrong with it.
    pub(super) fn take(request: &mut HttpRequest<Incoming>) -> Result<Self, Answer> {
        let accepted = match far_end::accept(request.headers()) {
            Ok(accepted) if request.method() == Method::GET => accepted,
            Ok(_) => return Err(Answer::plain(405, String::new())),
            Err(problem) => return Err(Answer::plain(400, problem.to_owned())),
        };
        let connection = hyper::upgrade::on(&mut *request);
        let mut head = HttpRequest::new(());
        std::mem::swap(head.headers_mut(), request.headers_mut());
        (*head.method_mut(), *head.uri_mut()) = (request.method().clone(), request.uri().clone());
        Ok(Self { accepted, connection, request: Request::read(&head.into_parts().0, Bytes::new()) })
    }
}
