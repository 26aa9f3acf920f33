//! What a server says that answers an upgrade with something else than a WebSocket.

use serde_json::Value;
use tokio_tungstenite::tungstenite::http::StatusCode;

use crate::model::Untrusted;

/// Longest text that is kept.
const LONGEST: usize = 500;
/// Longest code that is kept.
const LONGEST_CODE: usize = 80;

/// The reason in an answer's body: the message of a JSON error, the title of a page, else the text itself; without a body, what the
/// status means.
pub fn reason(status: StatusCode, body: &[u8]) -> Untrusted {
    let body = String::from_utf8_lossy(body);
    let body = body.trim();
    let told = match body.chars().next() {
        Some('{') => message(body),
        Some('<') => title(body),
        _ => Some(body.to_owned()),
    };
    let told = told.filter(|told| !told.trim().is_empty());
    let told = told.unwrap_or_else(|| status.canonical_reason().unwrap_or("no reason given").to_owned());
    Untrusted::from(told.trim().chars().take(LONGEST).collect::<String>())
}

/// The code of a JSON error (`ErrorCode`, as endpoints say it, or `__type` as other services do), fit for comparing.
pub fn error_code(body: &[u8]) -> Option<String> {
    let error: Value = serde_json::from_slice(body).ok()?;
    let code = ["ErrorCode", "errorCode", "code", "__type"].into_iter().find_map(|name| error.get(name)?.as_str())?;
    let code = code.rsplit('#').next().unwrap_or(code);
    Some(code.chars().filter(char::is_ascii_alphanumeric).take(LONGEST_CODE).collect())
}

fn message(body: &str) -> Option<String> {
    let error: Value = serde_json::from_str(body).ok()?;
    let message = error.get("message").or_else(|| error.get("Message"))?;
    message.as_str().map(str::to_owned)
}

fn title(page: &str) -> Option<String> {
    // Lower case in ASCII alone keeps every place.
    let lower = page.to_ascii_lowercase();
    let (_, from) = page.split_at(lower.find("<title>")? + "<title>".len());
    let end = lower.get(page.len() - from.len()..)?.find("</title>")?;
    from.get(..end).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_code_of_an_error_is_a_plain_word() {
        let code = |body: &str| error_code(body.as_bytes());

        assert_eq!(code(r#"{"ErrorCode":"InvalidParameter","Message":"x"}"#).as_deref(), Some("InvalidParameter"));
        assert_eq!(code(r#"{"__type":"com.amazon#AccessDenied\u001b[2J"}"#).as_deref(), Some("AccessDenied2J"));
        assert_eq!(code(r#"{"ErrorCode":7}"#), None);
        assert_eq!(code("<html>"), None);
    }

    #[test]
    fn the_reason_is_found_in_whatever_comes() {
        let long = "x".repeat(10_000);
        let cases: [(u16, &str, &str); 9] = [
            (403, r#"{"__type":"AccessDeniedException","message":"User: x is not authorized"}"#, "User: x is not authorized"),
            (403, r#"{"Message":"no"}"#, "no"),
            (403, r#"{"message":7}"#, "Forbidden"),
            (200, "<!DOCTYPE html>\n<html><head><TITLE>Airport 공항</Title></head><body>", "Airport 공항"),
            (200, "<html>no title", "OK"),
            (302, "", "Found"),
            (500, " sorry\n", "sorry"),
            (799, "", "no reason given"),
            (500, &long, &long[..LONGEST]),
        ];
        for (status, body, reason_) in cases {
            assert_eq!(reason(StatusCode::from_u16(status).unwrap(), body.as_bytes()).raw(), reason_, "{status} {body:.40}");
        }
        assert_eq!(reason(StatusCode::OK, b"\xff\x1b[2J").shown(), "\u{fffd}·[2J");
    }
}
