//! The HTTP form of an answer.

use std::io;
use std::time::{Duration, SystemTime};

use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt as _, Full, StreamBody};
use hyper::body::{Bytes, Frame};
use hyper::header::{
    CACHE_CONTROL, CONNECTION, CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE, DATE, HeaderValue, LOCATION,
    REFERRER_POLICY,
};
use hyper::{Response, StatusCode};
use jiff::Timestamp;

use super::answer::Answer;
use super::identity_center::Page;

pub(super) type Body = UnsyncBoxBody<Bytes, io::Error>;

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

/// A page for a browser, which may lead it on to a program on this computer and nowhere else.
pub(super) fn page_response(page: Page) -> Response<Body> {
    const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self' http://127.0.0.1:* http://localhost:*; \
                          base-uri 'none'; frame-ancestors 'none'";
    let length = page.html.len();
    let mut response = Response::new(whole(page.html.into_bytes()));
    *response.status_mut() = StatusCode::from_u16(page.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(CONTENT_LENGTH, HeaderValue::from(length));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    // With no referrer at all a browser would not say where a form comes from, which is checked.
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    if let Some(location) = page.location.and_then(|location| HeaderValue::from_str(&location).ok()) {
        headers.insert(LOCATION, location);
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
