//! What the process exits with; documented in the manual.

use std::process::ExitCode;

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Done; a list with nothing in it is done, too.
    Done,
    /// Failed.
    Failed,
    /// Wrong use, a wrong setting, or no terminal for the dashboard.
    Usage,
    /// The target was not found, or it is several.
    NotFound,
    /// No credentials, or they have ended.
    Credentials,
    /// AWS said no.
    Denied,
    /// No way in works.
    NoWay,
    /// A session command failed before or beside the session.
    Session,
    /// What a session or a child said itself: the remote's code, or 128 and the number of the signal.
    Code(u8),
}

impl Exit {
    /// The number.
    pub fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Failed => 1,
            Self::Usage => 2,
            Self::NotFound => 3,
            Self::Credentials => 4,
            Self::Denied => 5,
            Self::NoWay => 6,
            Self::Session => 255,
            Self::Code(code) => code,
        }
    }

    /// The end of a process that signal `number` ended.
    pub fn of_signal(number: i32) -> Self {
        Self::Code(u8::try_from(number).map_or(u8::MAX, |number| 128_u8.saturating_add(number)))
    }

    /// The same end in a session command, where 1 and 3 to 6 may be the remote's own codes.
    #[must_use]
    pub fn in_session(self) -> Self {
        match self {
            Self::Failed | Self::NotFound | Self::Credentials | Self::Denied | Self::NoWay => Self::Session,
            other => other,
        }
    }

    /// What each number means, for the manual.
    pub const MEANINGS: [(&'static str, &'static str); 9] = [
        ("0", "done (a list with nothing in it, too)"),
        ("1", "failed"),
        ("2", "wrong use, a wrong setting, or no terminal for the dashboard"),
        ("3", "target not found or ambiguous"),
        ("4", "no credentials, or they have ended"),
        ("5", "denied by AWS"),
        ("6", "no way in works"),
        ("128+n", "ended by signal n"),
        (
            "255",
            "connect, ssh, proxy and exec: any failure of ours but wrong use. Every other code of connect, ssh and exec on one is the remote's; exec on many is 0 if all were, else 1. cp: there is no connection",
        ),
    ];
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn in_a_session_only_255_and_wrong_use_are_ours() {
        for exit in [Exit::Failed, Exit::NotFound, Exit::Credentials, Exit::Denied, Exit::NoWay] {
            assert_eq!(exit.in_session().code(), 255);
        }
        assert_eq!(Exit::Usage.in_session().code(), 2);
        assert_eq!(Exit::Code(3).in_session().code(), 3);
        assert_eq!(Exit::Done.in_session().code(), 0);
    }
}
