//! A link to sign in with: checked before anybody is asked to open it.

use std::fmt;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::model::Untrusted;

/// Longer than any link of a sign-in service.
const LONGEST: usize = 4_096;
/// What may stand in a link as it is, besides letters and digits; of the rest, nothing leads out of it.
const IN_LINKS: &[u8] = b"-._~:/?#[]@!$&'()*+,;=%";
/// What is not coded in a part of a query.
const UNCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A link that may be opened: `https`, or the address on this computer that the user set himself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignInLink {
    url: String,
    host: String,
}

/// Why a link is not opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum UnsafeLink {
    #[error("the link to sign in with is too long")]
    TooLong,
    #[error("the link to sign in with is none")]
    NoLink,
    #[error("the link to sign in with is not https")]
    NotHttps,
}

impl SignInLink {
    /// `plain`: the host and port that plain http is allowed to, which is on this computer.
    pub(super) fn checked(url: &str, plain: Option<&str>) -> Result<Self, UnsafeLink> {
        if url.len() > LONGEST {
            return Err(UnsafeLink::TooLong);
        }
        if !url.bytes().all(|byte| byte.is_ascii_alphanumeric() || IN_LINKS.contains(&byte)) {
            return Err(UnsafeLink::NoLink);
        }
        let uri: hyper::Uri = url.parse().map_err(|_| UnsafeLink::NoLink)?;
        let authority = uri.authority().ok_or(UnsafeLink::NoLink)?.as_str();
        // With a user name in it, an address can be read as another than it is.
        if authority.contains('@') {
            return Err(UnsafeLink::NoLink);
        }
        match uri.scheme_str() {
            Some("https") => {}
            Some("http") if plain == Some(authority) => {}
            _ => return Err(UnsafeLink::NotHttps),
        }
        Ok(Self { url: url.to_owned(), host: authority.to_owned() })
    }

    /// For a browser, as one argument.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Where it leads.
    pub fn host(&self) -> Untrusted {
        self.host.as_str().into()
    }
}

impl fmt::Display for SignInLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.url)
    }
}

/// `name=value&…` as the AWS CLI writes it.
pub(super) fn query(pairs: &[(&str, &str)]) -> String {
    let pairs = pairs.iter().map(|(name, value)| format!("{name}={}", utf8_percent_encode(value, UNCODED)));
    pairs.collect::<Vec<_>>().join("&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_https_is_opened_and_plain_http_where_the_user_set_it() {
        let plain = Some("127.0.0.1:4566");
        let good = ["https://device.sso.eu-central-1.amazonaws.com/?user_code=ABCD-EFGH", "http://127.0.0.1:4566/device#/x"];
        for good in good {
            assert_eq!(SignInLink::checked(good, plain).unwrap().url(), good);
        }
        let long = format!("https://x/{}", "x".repeat(1 << 20));
        for bad in [
            "javascript:alert(1)",
            "file:///etc/passwd",
            "http://device.sso.eu-central-1.amazonaws.com/",
            "http://127.0.0.1:80/",
            "https://aws.amazon.com@evil.example/",
            "https://x/\u{1b}[2J",
            "https://x/ y",
            "--version",
            "",
            &long,
        ] {
            assert!(SignInLink::checked(bad, plain).is_err(), "{bad:.40}");
        }
        assert!(SignInLink::checked("http://127.0.0.1:4566/", None).is_err());
        assert_eq!(SignInLink::checked(good[0], None).unwrap().host().raw(), "device.sso.eu-central-1.amazonaws.com");
    }
}
