//! A sign-in that is under way, and what is told of it.

use jiff::{SignedDuration, Timestamp};

use super::trouble::Trouble;
use crate::model::{ProfileName, Region};

/// So long before its end it is said that a sign-in ends.
pub const SAID_BEFORE: SignedDuration = SignedDuration::from_mins(10);

/// What is signed in to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SignInTo {
    /// What a profile signs in with; `None` takes what the environment says.
    Profile(Option<ProfileName>),
    /// The SSO session of this name.
    Session(String),
    /// A company that no file names.
    StartUrl {
        /// Its start URL.
        start_url: String,
        /// Where its services are.
        region: Region,
    },
}

/// Somebody signs in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignInRun {
    /// Which one it is.
    pub number: u64,
    /// What is signed in to, once that is known.
    pub session: Option<String>,
    /// Where, once AWS has said it.
    pub page: Option<SignInShown>,
    /// What there is to say besides.
    pub remark: Option<String>,
    /// Whether the browser is still to be started: after the page's host was on the screen.
    pub opens: bool,
    /// Whether a place is to be chosen afterwards.
    pub is_by_start_url: bool,
}

impl SignInRun {
    /// Nothing is known yet.
    pub fn new(number: u64, to: &SignInTo) -> Self {
        let is_by_start_url = matches!(to, SignInTo::StartUrl { .. });
        Self { number, session: None, page: None, remark: None, opens: false, is_by_start_url }
    }
}

/// Where to sign in, fit for a screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignInShown {
    /// The whole link.
    pub link: String,
    /// The page, without what only a browser reads.
    pub page: String,
    /// What the page must show; none where the browser comes back by itself.
    pub code: Option<String>,
    /// When it is too late.
    pub until: Timestamp,
}

/// What happened to a sign-in.
#[derive(Debug, Clone, PartialEq)]
pub enum SignInUpdate {
    /// It is known what is signed in to.
    Begun {
        /// The session's name, or its start URL.
        session: String,
    },
    /// A page waits.
    Open(SignInShown),
    /// The start URL is one at the company's own domain.
    LeadsTo {
        /// Its host.
        from: String,
        /// The host of AWS that it leads to.
        to: String,
    },
    /// The browser cannot come back here: a code is compared.
    FellBack,
    /// Nobody has confirmed for a while.
    Lingering {
        /// The region, which may be wrong.
        region: String,
    },
    /// It is over.
    Ended(Result<(), Trouble>),
}

/// How long a sign-in holds that nobody will renew.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignInEnds {
    /// The session's name, or its start URL.
    pub session: String,
    /// The profile that begins with it.
    pub profile: Option<ProfileName>,
    /// When it ends.
    pub at: Timestamp,
}

impl SignInEnds {
    /// Whether it ends so soon that it is said.
    pub fn is_near(&self, now: Timestamp) -> bool {
        self.at > now && self.at.duration_since(now) <= SAID_BEFORE
    }
}
