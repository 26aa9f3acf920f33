//! What is wrong with a certificate that is not taken.

use std::error::Error;
use std::io;

use jiff::Timestamp;
use rustls::CertificateError;
use rustls::pki_types::UnixTime;

use crate::model::Untrusted;

/// Longest text kept of what a certificate says.
const LONGEST_TEXT: usize = 500;

/// Why a server's certificate is not taken. No setting takes it all the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CertificateFlaw {
    /// It is signed by nobody whom we trust.
    UnknownIssuer,
    /// Its time is over, or this computer's clock is wrong.
    Expired(Option<Moments>),
    /// Its time has not begun, or this computer's clock is wrong.
    NotYetValid(Option<Moments>),
    /// It is for other hosts.
    OtherName {
        /// Those it is for, if it says so.
        names: Option<Untrusted>,
    },
    /// Anything else.
    Refused {
        /// What the TLS library says.
        cause: Untrusted,
    },
}

/// The two times that do not agree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moments {
    /// When the certificate begins or ends.
    pub edge: Timestamp,
    /// What this computer's clock said.
    pub clock: Timestamp,
}

impl CertificateFlaw {
    /// What a failed connection says of the certificate, if it failed for that.
    pub(super) fn of(error: &(dyn Error + 'static)) -> Option<Self> {
        let causes = std::iter::successors(Some(error), |&error| inner(error));
        causes.filter_map(|cause| cause.downcast_ref::<rustls::Error>()).find_map(|error| match error {
            rustls::Error::InvalidCertificate(flaw) => Some(Self::from(flaw)),
            _ => None,
        })
    }

    /// Stable and documented.
    pub(super) fn code(&self) -> &'static str {
        match self {
            Self::UnknownIssuer => "unknown-issuer",
            Self::Expired(_) => "certificate-expired",
            Self::NotYetValid(_) => "certificate-not-yet-valid",
            Self::OtherName { .. } => "certificate-wrong-name",
            Self::Refused { .. } => "certificate-refused",
        }
    }
}

impl From<&CertificateError> for CertificateFlaw {
    fn from(error: &CertificateError) -> Self {
        match error {
            CertificateError::UnknownIssuer => Self::UnknownIssuer,
            CertificateError::Expired => Self::Expired(None),
            CertificateError::ExpiredContext { time, not_after } => Self::Expired(moments(*not_after, *time)),
            CertificateError::NotValidYet => Self::NotYetValid(None),
            CertificateError::NotValidYetContext { time, not_before } => Self::NotYetValid(moments(*not_before, *time)),
            CertificateError::NotValidForName => Self::OtherName { names: None },
            CertificateError::NotValidForNameContext { presented, .. } => {
                let names: Vec<&str> = presented.iter().map(|name| bare(name)).collect();
                Self::OtherName { names: (!names.is_empty()).then(|| kept(&names.join(", "))) }
            }
            error => Self::Refused { cause: kept(&error.to_string()) },
        }
    }
}

/// An I/O error carries another one that it does not name as its source.
fn inner<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a (dyn Error + 'static)> {
    match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
        Some(inner) => Some(inner),
        None => error.source(),
    }
}

fn moments(edge: UnixTime, clock: UnixTime) -> Option<Moments> {
    let timestamp = |time: UnixTime| Timestamp::from_second(i64::try_from(time.as_secs()).ok()?).ok();
    Some(Moments { edge: timestamp(edge)?, clock: timestamp(clock)? })
}

/// `DnsName("web.example")` is how the library writes a name.
fn bare(name: &str) -> &str {
    let inside = name.split_once('(').and_then(|(_, rest)| rest.strip_suffix(')'));
    inside.unwrap_or(name).trim_matches('"')
}

fn kept(text: &str) -> Untrusted {
    Untrusted::from(text.chars().take(LONGEST_TEXT).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(flaw: CertificateError) -> Option<CertificateFlaw> {
        let error = rustls::Error::InvalidCertificate(flaw);
        // As hyper-rustls nests it.
        CertificateFlaw::of(&io::Error::other(io::Error::new(io::ErrorKind::InvalidData, error)))
    }

    #[test]
    fn a_flaw_is_found_however_deep_and_told_with_what_it_says() {
        let presented = vec!["DnsName(\"web.example\")".to_owned(), "IpAddress(10.0.0.1)".to_owned()];
        let expected = "127.0.0.1".try_into().unwrap();
        let time = |seconds| UnixTime::since_unix_epoch(std::time::Duration::from_secs(seconds));

        let other = of(CertificateError::NotValidForNameContext { expected, presented });
        let expired = of(CertificateError::ExpiredContext { time: time(20), not_after: time(10) });

        assert_eq!(other, Some(CertificateFlaw::OtherName { names: Some("web.example, 10.0.0.1".into()) }));
        let second = |second| Timestamp::from_second(second).unwrap();
        assert_eq!(expired, Some(CertificateFlaw::Expired(Some(Moments { edge: second(10), clock: second(20) }))));
        assert_eq!(of(CertificateError::UnknownIssuer), Some(CertificateFlaw::UnknownIssuer));
        assert_eq!(of(CertificateError::Revoked).unwrap().code(), "certificate-refused");
        assert_eq!(CertificateFlaw::of(&io::Error::other("certificate")), None);
    }
}
