//! Signature version 4, from the side that checks it.

use std::time::{Duration, SystemTime};

use aws_sigv4::sign::v4::{calculate_signature, generate_signing_key};
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use sha2::{Digest as _, Sha256};

use super::request::Request;

/// How far the time of a request may be from ours (docs/access-rules.md 1.1, GEN-9).
const MOST_SKEW: Duration = Duration::from_secs(5 * 60);

/// Everything but the unreserved characters of RFC 3986.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
const RESERVED_IN_PATH: &AsciiSet = &RESERVED.remove(b'/');

/// What the `Authorization` header of a request claims.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Claim {
    pub(super) access_key: String,
    pub(super) date: String,
    pub(super) region: String,
    pub(super) service: String,
    signed_headers: Vec<String>,
    signature: String,
    /// Whether it stands in the address, with everything that belongs to it.
    is_in_query: bool,
}

/// Why a claim does not hold.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Flaw {
    /// Something that must be there is not; the text names it.
    Incomplete(&'static str),
    /// Signed too long ago or in the future; the text is AWS's.
    Time(String),
    /// Signed with another secret, or changed on the way.
    Mismatch,
}

impl Claim {
    /// Reads `AWS4-HMAC-SHA256 Credential=…, SignedHeaders=…, Signature=…`.
    pub(super) fn read(authorization: &str) -> Option<Self> {
        let parts = authorization.strip_prefix("AWS4-HMAC-SHA256")?;
        let part = |name: &str| {
            let of_name = |part: &str| Some(part.trim().strip_prefix(name)?.strip_prefix('=')?.to_owned());
            parts.split(',').find_map(of_name)
        };
        let credential = part("Credential")?;
        let mut scope = credential.rsplitn(5, '/');
        if scope.next()? != "aws4_request" {
            return None;
        }
        let service = scope.next()?.to_owned();
        let region = scope.next()?.to_owned();
        let date = scope.next()?.to_owned();
        let access_key = scope.next()?.to_owned();
        let signed_headers = part("SignedHeaders")?.split(';').map(str::to_ascii_lowercase).collect();
        Some(Self { access_key, date, region, service, signed_headers, signature: part("Signature")?, is_in_query: false })
    }

    /// Reads the `X-Amz-…` parameters of a signed address.
    pub(super) fn read_query(query: &str) -> Option<Self> {
        let algorithm = parameter(query, "X-Amz-Algorithm")?;
        let parts = ["Credential", "SignedHeaders", "Signature"].map(|name| parameter(query, &format!("X-Amz-{name}")));
        let [Some(credential), Some(headers), Some(signature)] = parts else { return None };
        let header = format!("{algorithm} Credential={credential}, SignedHeaders={headers}, Signature={signature}");
        Some(Self { is_in_query: true, ..Self::read(&header)? })
    }

    /// The token of temporary credentials that comes with it.
    pub(super) fn security_token(&self, request: &Request) -> Option<String> {
        if self.is_in_query {
            return parameter(&request.query, "X-Amz-Security-Token");
        }
        request.header("x-amz-security-token").map(str::to_owned)
    }

    /// Whether `secret` made this signature for `request`, and not too far from `now`.
    pub(super) fn check(&self, request: &Request, secret: &str, now: SystemTime) -> Result<(), Flaw> {
        let of_query = self.is_in_query.then(|| parameter(&request.query, "X-Amz-Date")).flatten();
        let signed_at = of_query.as_deref().or_else(|| request.header("x-amz-date"));
        let signed_at = signed_at.ok_or(Flaw::Incomplete("X-Amz-Date is missing"))?;
        let time = parsed(signed_at).ok_or(Flaw::Incomplete("X-Amz-Date must be in ISO8601 'basic format'"))?;
        if !signed_at.starts_with(&self.date) {
            return Err(Flaw::Incomplete("Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date"));
        }
        if !self.signed_headers.iter().any(|name| name == "host") {
            return Err(Flaw::Incomplete("'Host' must be a 'SignedHeader' in the AWS Authorization"));
        }
        match self.is_in_query {
            true => check_life(&request.query, signed_at, time, now)?,
            false => self.check_time(signed_at, time, now)?,
        }

        let canonical = self.canonical(request)?;
        let to_sign = format!(
            "AWS4-HMAC-SHA256\n{signed_at}\n{}/{}/{}/aws4_request\n{}",
            self.date,
            self.region,
            self.service,
            sha256(canonical.as_bytes())
        );
        let key = generate_signing_key(secret, time, &self.region, &self.service);
        if calculate_signature(key, to_sign.as_bytes()) != self.signature {
            return Err(Flaw::Mismatch);
        }
        Ok(())
    }

    fn check_time(&self, signed_at: &str, time: SystemTime, now: SystemTime) -> Result<(), Flaw> {
        let text = |time: SystemTime| basic(time);
        if time + MOST_SKEW < now {
            let oldest = now - MOST_SKEW;
            return Err(Flaw::Time(format!(
                "Signature expired: {signed_at} is now earlier than {} ({} - 5 min.)",
                text(oldest),
                text(now)
            )));
        }
        if now + MOST_SKEW < time {
            let latest = now + MOST_SKEW;
            return Err(Flaw::Time(format!(
                "Signature not yet current: {signed_at} is still later than {} ({} + 5 min.)",
                text(latest),
                text(now)
            )));
        }
        Ok(())
    }

    /// The canonical request: what both sides hash.
    fn canonical(&self, request: &Request) -> Result<String, Flaw> {
        let mut headers = String::new();
        for name in &self.signed_headers {
            let values = request.headers(name);
            if values.is_empty() {
                return Err(Flaw::Incomplete("a signed header is missing"));
            }
            let values: Vec<String> = values.into_iter().map(collapsed).collect();
            headers.push_str(&format!("{name}:{}\n", values.join(",")));
        }
        let payload = sha256(&request.body);
        if request.header("x-amz-content-sha256").is_some_and(|claimed| claimed != payload) {
            return Err(Flaw::Mismatch);
        }
        Ok(format!(
            "{}\n{}\n{}\n{headers}\n{}\n{payload}",
            request.method,
            utf8_percent_encode(&request.path, RESERVED_IN_PATH),
            canonical_query(&request.query),
            self.signed_headers.join(";"),
        ))
    }
}

/// A signed address holds for as long as it says, and a clock may be a little behind.
fn check_life(query: &str, signed_at: &str, time: SystemTime, now: SystemTime) -> Result<(), Flaw> {
    let seconds = parameter(query, "X-Amz-Expires").and_then(|seconds| seconds.parse().ok());
    let life = Duration::from_secs(seconds.ok_or(Flaw::Incomplete("X-Amz-Expires is missing"))?);
    if now > time + life {
        let (ended, now) = (basic(time + life), basic(now));
        return Err(Flaw::Time(format!("Signature expired: {ended} is now earlier than {now}")));
    }
    if now + life < time {
        return Err(Flaw::Time(format!("Signature not yet current: {signed_at} is still later than {}", basic(now + life))));
    }
    Ok(())
}

/// The first parameter of this name.
fn parameter(query: &str, name: &str) -> Option<String> {
    let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    let value = pairs.find(|(own, _)| *own == name)?.1;
    Some(percent_decode_str(value).decode_utf8_lossy().into_owned())
}

/// `20261121T100000Z`.
pub(super) fn basic(time: SystemTime) -> String {
    Timestamp::try_from(time).map(|time| time.strftime("%Y%m%dT%H%M%SZ").to_string()).unwrap_or_default()
}

fn parsed(basic: &str) -> Option<SystemTime> {
    let civil = DateTime::strptime("%Y%m%dT%H%M%SZ", basic).ok()?;
    Some(civil.to_zoned(TimeZone::UTC).ok()?.timestamp().into())
}

fn canonical_query(query: &str) -> String {
    let encoded = |text: &str| {
        let decoded = percent_decode_str(text).collect::<Vec<u8>>();
        percent_encoding::percent_encode(&decoded, RESERVED).to_string()
    };
    let mut pairs: Vec<(String, String)> = query
        .split('&')
        .filter(|pair| !pair.is_empty() && !pair.starts_with("X-Amz-Signature="))
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (encoded(name), encoded(value))
        })
        .collect();
    pairs.sort_unstable();
    let pairs: Vec<String> = pairs.into_iter().map(|(name, value)| format!("{name}={value}")).collect();
    pairs.join("&")
}

/// A header's value without outer space and with single inner spaces.
fn collapsed(value: &str) -> String {
    value.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ").trim().to_owned()
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of AWS's general reference: IAM ListUsers, signed on 2015-08-30 with the documented key.
    const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
    const AUTHORIZATION: &str = "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request, \
        SignedHeaders=content-type;host;x-amz-date, \
        Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7";

    fn documented() -> Request {
        Request {
            method: "GET".into(),
            path: "/".into(),
            query: "Action=ListUsers&Version=2010-05-08".into(),
            headers: vec![
                ("host".into(), "iam.amazonaws.com".into()),
                ("content-type".into(), "application/x-www-form-urlencoded; charset=utf-8".into()),
                ("x-amz-date".into(), "20150830T123600Z".into()),
            ],
            body: Vec::new().into(),
        }
    }

    fn at(basic: &str) -> SystemTime {
        parsed(basic).unwrap()
    }

    #[test]
    fn the_documented_signature_holds() {
        let claim = Claim::read(AUTHORIZATION).unwrap();

        assert_eq!((&*claim.region, &*claim.service), ("us-east-1", "iam"));
        assert_eq!(claim.check(&documented(), SECRET, at("20150830T123700Z")), Ok(()));
    }

    #[test]
    fn another_secret_body_query_or_signed_header_does_not_match() {
        let claim = Claim::read(AUTHORIZATION).unwrap();
        let now = at("20150830T123600Z");
        let changed = |change: fn(&mut Request)| {
            let mut request = documented();
            change(&mut request);
            claim.check(&request, SECRET, now)
        };

        assert_eq!(claim.check(&documented(), "another", now), Err(Flaw::Mismatch));
        assert_eq!(changed(|request| request.body = b"x".to_vec().into()), Err(Flaw::Mismatch));
        assert_eq!(changed(|request| request.query.push_str("&A=1")), Err(Flaw::Mismatch));
        assert_eq!(changed(|request| request.headers[0].1 = "other".into()), Err(Flaw::Mismatch));
        assert!(matches!(changed(|request| drop(request.headers.remove(1))), Err(Flaw::Incomplete(_))));
    }

    #[test]
    fn five_minutes_of_skew_are_borne_and_more_is_said_in_aws_words() {
        let claim = Claim::read(AUTHORIZATION).unwrap();
        let check = |now| claim.check(&documented(), SECRET, at(now));

        assert_eq!(check("20150830T124100Z"), Ok(()));
        assert_eq!(
            check("20150830T124600Z"),
            Err(Flaw::Time(
                "Signature expired: 20150830T123600Z is now earlier than 20150830T124100Z (20150830T124600Z - 5 min.)".into()
            ))
        );
        assert!(matches!(check("20150830T122600Z"), Err(Flaw::Time(text)) if text.starts_with("Signature not yet current")));
    }

    #[test]
    fn a_query_is_sorted_and_encoded_one_way() {
        assert_eq!(canonical_query("b=2&a=x%2fy&a=%7E&flag"), "a=x%2Fy&a=~&b=2&flag=");
    }

    #[test]
    fn what_is_not_a_claim_is_none() {
        for text in ["", "Bearer x", "AWS4-HMAC-SHA256 Credential=a/b/c", "AWS4-HMAC-SHA256 Credential=k/d/r/s/aws5_request"] {
            assert_eq!(Claim::read(text), None, "{text}");
        }
    }
}
