//! How a session came to its end, or why it never began.

use std::time::Duration;

use super::link_error::LinkError;
use crate::aws;
use crate::model::Untrusted;
use ec2dash_ssm::{End, Failure};

/// How a session came to its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionEnd {
    /// Why.
    pub reason: Reason,
    /// The session's id, if there was one.
    pub session: Option<String>,
    /// How long it lasted, from its first word.
    pub lasted: Duration,
    /// How long nothing had been typed or resized, which is what the service's idle limit counts.
    pub quiet: Option<Duration>,
    /// For how long this computer slept, or this program stood still, just before the end.
    pub gap: Option<Duration>,
    /// Minutes without input after which the account's preferences end a session, if they are known and say so.
    pub idle_limit: Option<u32>,
    /// Minutes after which the account's preferences end every session, if they are known and say so.
    pub longest: Option<u32>,
}

/// Why a session is over, told apart by what a user can do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// `StartSession` failed.
    NotStarted(aws::Error),
    /// The data channel could not be opened.
    NotLinked(LinkError),
    /// The gateway took the connection and dropped it at once, twice, with a new session each.
    NotOpened,
    /// The far side closed it: the shell ended, or the service says why in its words.
    Closed {
        /// Why; empty at a normal end.
        words: Untrusted,
        /// Whether everything that was announced has come.
        is_complete: bool,
    },
    /// We left it.
    Left {
        /// Bytes that nobody acknowledged in time.
        undelivered: usize,
    },
    /// It cannot go on.
    Failed {
        /// What went wrong.
        failure: Failure,
        /// Why KMS gave no key, if that is it.
        key: Option<aws::Error>,
    },
    /// The connection broke, and the service resumes it no more: idle too long, or ended elsewhere.
    TimedOut,
    /// The connection broke, and the session has been terminated meanwhile.
    Terminated,
    /// The connection broke, and the caller may not resume the session: no waiting mends that.
    ResumeDenied {
        /// AWS's refusal.
        error: aws::Error,
        /// The resource that a policy for this caller's own sessions names: `arn:aws:ssm:*:*:session/jane-*`.
        resource: String,
    },
    /// The target went away, and what came back does not know the session.
    Rebooted,
    /// The target went away and was waited for in vain.
    NotBack {
        /// For how long.
        waited: Duration,
    },
    /// The connection broke and did not come back.
    NotResumed {
        /// Why the last try failed.
        last: Option<LinkError>,
        /// For how long it was tried.
        tried: Duration,
    },
}

impl SessionEnd {
    /// Whether the far side could not prove what it must, or something changed what was sent: no reason to go on by another way without
    /// being asked.
    pub fn is_about_trust(&self) -> bool {
        matches!(
            &self.reason,
            Reason::Failed {
                failure: Failure::WrongKey | Failure::ChallengeSkipped | Failure::ClearText | Failure::Integrity { .. },
                ..
            }
        )
    }

    /// Whether nothing was typed for as long as the account's preferences allow.
    fn was_idle_too_long(&self) -> bool {
        let minutes = self.quiet.map(|quiet| quiet.as_secs() / 60);
        matches!((minutes, self.idle_limit), (Some(minutes), Some(limit)) if minutes >= u64::from(limit))
    }

    /// Whether a limit of the account's preferences was reached, at which the service ends a session without a word.
    pub fn was_limited(&self) -> bool {
        self.was_idle_too_long() || self.longest.is_some_and(|minutes| self.lasted.as_secs() / 60 + 1 >= u64::from(minutes))
    }

    /// How long this computer slept, where the service ended the session meanwhile: nobody wanted that, and a new one is what was wanted.
    pub fn slept_through(&self) -> Option<Duration> {
        match &self.reason {
            Reason::TimedOut => self.gap,
            Reason::Closed { words, .. } if !words.raw().trim().is_empty() => self.gap,
            _ => None,
        }
    }

    /// The exit code: 0 at an end that somebody wanted, 255 when the session was lost. A shell's own code does not come back.
    pub fn code(&self) -> u8 {
        match &self.reason {
            Reason::Left { .. } => 0,
            Reason::Closed { words, is_complete: true } if words.is_empty() && !self.was_idle_too_long() => 0,
            _ => 255,
        }
    }
}

impl Reason {
    /// Stable and documented: the key of the sentence in the catalogue.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotStarted(error) => error.code(),
            Self::NotLinked(error) => error.code(),
            Self::NotOpened => "stream-not-opened",
            Self::Closed { is_complete: false, .. } => "session-cut-short",
            Self::Closed { words, .. } if words.raw().trim().is_empty() => "session-closed",
            Self::Closed { .. } => "session-ended-by-service",
            Self::Left { .. } => "session-left",
            Self::Failed { failure, .. } => failure.code(),
            Self::TimedOut => "session-timed-out",
            Self::Terminated => "session-terminated",
            Self::ResumeDenied { .. } => "session-resume-denied",
            Self::Rebooted => "session-rebooted",
            Self::NotBack { .. } => "session-target-away",
            Self::NotResumed { .. } => "session-not-resumed",
        }
    }

    /// The failed call of AWS's, if that is why.
    pub fn aws(&self) -> Option<&aws::Error> {
        match self {
            Self::NotStarted(error)
            | Self::NotLinked(LinkError::Aws(error))
            | Self::Failed { key: Some(error), .. }
            | Self::ResumeDenied { error, .. } => Some(error),
            _ => None,
        }
    }

    /// Whether the session is still there in the account, for us to terminate.
    pub(super) fn leaves_a_session(&self) -> bool {
        match self {
            Self::NotLinked(_)
            | Self::NotOpened
            | Self::Left { .. }
            | Self::Failed { .. }
            | Self::ResumeDenied { .. }
            | Self::Rebooted
            | Self::NotBack { .. }
            | Self::NotResumed { .. } => true,
            Self::NotStarted(_) | Self::Closed { .. } | Self::TimedOut | Self::Terminated => false,
        }
    }

    pub(super) fn of_channel(end: End, key: Option<aws::Error>) -> Self {
        match end {
            End::Closed { output, is_complete } => Self::Closed { words: Untrusted::from(output.into_string()), is_complete },
            End::Left { undelivered } => Self::Left { undelivered },
            End::Failed(failure) => Self::Failed { failure, key },
        }
    }
}
