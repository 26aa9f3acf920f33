//! How making, looking at and taking back a change end.

use crate::aws;
use crate::fixes::authorized_keys::Refusal;

/// How making a change ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::fixes) enum Made {
    /// It was made, and what was made has this id, where AWS told one.
    Done(Option<String>),
    /// It was so before.
    WasThere,
    /// It was not made: what is on the instance does not allow it.
    Refused(Refusal),
    /// It was sent, and what came of it is not known: why.
    Lost(aws::Error),
}

/// What is there now of a change that was made, or may have been.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::fixes) enum Found {
    /// It is there as it was made, under this id, where it has one.
    AsMade(Option<String>),
    /// It is not there.
    Nothing,
    /// Somebody has changed it since: what is there, for a screen.
    Changed(String),
}

impl Found {
    /// As it was made, or nothing.
    pub(super) fn of(is_there: bool) -> Self {
        if is_there { Self::AsMade(None) } else { Self::Nothing }
    }
}

/// Whether AWS refused with this code.
pub(super) fn is_code(error: &aws::Error, code: &str) -> bool {
    matches!(error, aws::Error::Service { aws_code, .. } if aws_code.raw() == code)
}
