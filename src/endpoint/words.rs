//! What a user reads of a tunnel: what happened, why, and what to do now.

use std::time::Duration;

use super::error::{TunnelEnd, TunnelError};
use crate::model::{EndpointId, Untrusted};
use crate::text::{Catalogue, Value};

/// Most columns of a text of the service in a sentence (docs/faults.md H20).
const QUOTED: usize = 400;

/// What a tunnel is about.
#[derive(Debug, Clone)]
pub struct About {
    /// The instance, as sentences name it.
    pub target: String,
    /// The port on it.
    pub port: u16,
    /// The endpoint.
    pub endpoint: EndpointId,
    /// The life that was asked for.
    pub limit: Duration,
}

/// What is said of a failure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// Stable and documented.
    pub code: &'static str,
    /// What happened, in one sentence.
    pub what: String,
    /// Why, the likeliest first.
    pub why: Vec<String>,
    /// What to do now.
    pub next: Vec<String>,
}

impl TunnelError {
    /// What is said of it.
    pub fn said(&self, about: &About, text: &Catalogue) -> Said {
        if let Self::Aws(error) = self {
            return Said {
                code: error.code(),
                what: error.what(text),
                why: error.why(text).into_iter().collect(),
                next: error.next(text).into_iter().collect(),
            };
        }
        let (host, cause, status) = match self {
            Self::Unreachable { host, cause } | Self::Proxy { host, cause } => (host.clone(), Some(cause), 0),
            Self::Timeout { host } => (host.clone(), None, 0),
            Self::Denied { status, words, .. } | Self::Full { status, words } => (String::new(), Some(words), *status),
            Self::Refused { host, status, words } | Self::Unwell { host, status, words } => (host.clone(), Some(words), *status),
            Self::Gone { words } | Self::Parameter { words } => (String::new(), Some(words), 0),
            Self::Unsafe(_) | Self::Aws(_) => (String::new(), None, 0),
        };
        let mut values = about.values();
        values.extend([
            ("host", host.into()),
            ("status", status.to_string().into()),
            ("words", text.cause(&quoted(cause)).into()),
        ]);
        said(self.code(), &values, text)
    }
}

impl TunnelEnd {
    /// What is said of it; none where it ended as it should.
    pub fn said(&self, about: &About, text: &Catalogue) -> Option<Said> {
        let (words, number) = match self {
            Self::Closed | Self::TimeOver => (None, String::new()),
            Self::NoTarget { words } => (Some(words), String::new()),
            Self::Ended { code, words } => (Some(words), code.to_string()),
            Self::Broken { cause } | Self::Protocol { cause } => (Some(cause), String::new()),
            Self::Silent { seconds } => (None, seconds.to_string()),
        };
        let mut values = about.values();
        values.extend([("words", quoted(words).into()), ("number", number.into())]);
        Some(said(self.code()?, &values, text))
    }
}

impl About {
    fn values(&self) -> Vec<(&'static str, Value)> {
        vec![
            ("target", self.target.clone().into()),
            ("port", self.port.to_string().into()),
            ("endpoint", self.endpoint.to_string().into()),
            ("limit", self.limit.as_secs().to_string().into()),
        ]
    }

    /// That its time is nearly over.
    pub fn ending(&self, left: Duration, text: &Catalogue) -> String {
        let mut values = self.values();
        let seconds = left.as_millis().div_ceil(1_000);
        values.push(("seconds", seconds.to_string().into()));
        text.say_with("endpoint-ending", &values)
    }
}

fn quoted(words: Option<&Untrusted>) -> String {
    words.map(|words| words.shown_in(QUOTED)).unwrap_or_default()
}

fn said(code: &'static str, values: &[(&'static str, Value)], text: &Catalogue) -> Said {
    let several = |part: &str| {
        let sentences = text.say_if_whole(&format!("over-{code}-{part}"), values).unwrap_or_default();
        sentences.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
    };
    Said { code, what: text.say_with(&format!("over-{code}"), values), why: several("why"), next: several("next") }
}
