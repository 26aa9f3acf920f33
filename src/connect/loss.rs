//! How a shell was lost, and what a login means that fails after that.

use std::time::Duration;

use super::ssh_settings::read_by_ssh;
use super::{Ended, Error, NotIn, Plan, is_without_shell};
use crate::aws;
use crate::session::{Reason, SessionEnd};

/// How a shell was lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Loss {
    /// The service ended it while this computer slept for so long.
    Slept(Duration),
    /// Nothing came any more, or the target knows nothing of the connection.
    Broken,
    /// The target closed the connection, and the shell had not ended.
    Closed,
    /// The tunnel's time was over.
    TimeOver,
}

impl Loss {
    /// None of an end that somebody wanted: the shell's own, a signal, a `~.`.
    pub(super) fn of(ended: &Ended) -> Option<Self> {
        if ended.told_by.is_some() || ended.is_cut {
            return None;
        }
        if let Some(ending) = &ended.ending {
            return Self::of_session(ending, ended.is_unasked);
        }
        match code(ended) {
            Some("session-lost") => Some(Self::Broken),
            Some("session-closed") => Some(Self::Closed),
            Some("endpoint-time-over") => Some(Self::TimeOver),
            _ => None,
        }
    }
}

impl Loss {
    /// How a session of Session Manager was lost. The service keeps no code of a shell: one that closes while nobody did anything may have
    /// gone with its target.
    fn of_session(ending: &SessionEnd, is_unasked: bool) -> Option<Self> {
        if let Some(slept) = ending.slept_through() {
            return Some(Self::Slept(slept));
        }
        match &ending.reason {
            Reason::Rebooted => Some(Self::Broken),
            Reason::Closed { words, .. } if is_unasked && words.is_empty() && !ending.was_limited() => Some(Self::Closed),
            _ => None,
        }
    }
}

fn code(ended: &Ended) -> Option<&'static str> {
    ended.diagnosis.as_ref().map(|diagnosis| diagnosis.code)
}

/// Whether a login failed, in a target that is back, as it does where the system is not all up.
pub(super) fn is_too_early(outcome: &Result<Ended, Error>) -> bool {
    let ended = match outcome {
        Ok(ended) => ended,
        Err(error) => return may_pass(error),
    };
    let is_refused = match code(ended) {
        // Nor did who left a shell say anything.
        None => ended.not_in.is_some(),
        Some(code) => matches!(
            code,
            "closed-at-once"
                | "refused"
                | "no-route"
                | "silent-way"
                | "timed-out"
                | "eic-key-refused"
                | "session-closed"
                | "session-lost"
        ),
    };
    ended.code == 255 && ended.told_by.is_none() && ended.ending.is_none() && is_refused
}

/// Whether it says that a target that was back is away once more.
pub(super) fn is_away(outcome: &Result<Ended, Error>) -> bool {
    let ended = match outcome {
        Ok(ended) => ended,
        Err(error) => return matches!(error, Error::AddressGone),
    };
    let is_silent = match code(ended) {
        None => ended.not_in == Some(NotIn::Unreached),
        Some(code) => matches!(code, "closed-at-once" | "refused" | "no-route" | "silent-way" | "timed-out"),
    };
    ended.code == 255 && ended.told_by.is_none() && is_silent
}

/// Whether what kept a login from starting may be over soon: AWS takes its time to hear of a target that is up.
fn may_pass(error: &Error) -> bool {
    let of_aws = match error {
        Error::Aws(error) => Some(error),
        Error::Session(ending) if ending.is_about_trust() => return false,
        Error::Session(ending) => ending.reason.aws(),
        _ => return false,
    };
    of_aws.is_none_or(|error| {
        !error.lacks_credentials() && !matches!(error, aws::Error::Denied { .. } | aws::Error::NoSuchInstance)
    })
}

/// Whether what a plan runs is a shell also by the user's ssh_config, which may name a command: as OpenSSH itself reads it. What does not
/// tell is taken for none.
pub(super) async fn opens_shell(plan: &Plan) -> bool {
    match read_by_ssh(plan).await {
        None => true,
        Some(Ok(settings)) => !settings.split(|byte| *byte == b'\n').any(is_without_shell),
        Some(Err(error)) => {
            tracing::info!("whether ssh opens a shell is not known: {error}");
            false
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Diagnosis;
    use super::super::plan::tests::Making;
    use super::*;
    use crate::access::Method;
    use crate::model::InstanceState;

    fn ended(code: u8, diagnosis: Option<&'static str>) -> Ended {
        let plan = Making::by(Method::Eic).plan().unwrap();
        Ended {
            code,
            told_by: None,
            lasted: Duration::from_secs(60),
            diagnosis: diagnosis.map(|code| Diagnosis::named(code, &plan)),
            said: None,
            not_in: None,
            push_failure: None,
            ending: None,
            is_unasked: false,
            is_cut: false,
            recording_failure: None,
        }
    }

    #[test]
    fn what_our_proxy_said_of_the_way_is_why_it_was_lost_and_the_network_is_not_blamed() {
        let instance = Making::by(Method::Eic).plan().unwrap().target;
        let text = crate::text::Catalogue::english();
        let cause = |said: Option<&str>| {
            let said = said.and_then(crate::connect::OwnError::last_in);
            let ended = Ended { said, ..ended(255, Some("session-lost")) };
            assert_eq!(Loss::of(&ended), Some(Loss::Broken));
            ended.cause(&instance, jiff::Timestamp::UNIX_EPOCH, &text).unwrap()
        };

        let told = cause(Some("error[endpoint-ended]: the endpoint closed the tunnel (1001): gone\n"));

        assert_eq!((told.why, told.next), (vec!["the endpoint closed the tunnel (1001): gone".to_owned()], Vec::new()));
        assert!(cause(None).why[0].contains("NAT"));
    }

    #[test]
    fn only_a_shell_that_nobody_ended_is_lost() {
        assert_eq!(Loss::of(&ended(255, Some("session-lost"))), Some(Loss::Broken));
        assert_eq!(Loss::of(&ended(255, Some("session-closed"))), Some(Loss::Closed));
        for (code, diagnosis) in [(0, None), (255, None), (255, Some("host-key-changed")), (255, Some("eic-key-refused"))] {
            assert_eq!(Loss::of(&ended(code, diagnosis)), None, "{code} {diagnosis:?}");
        }
        assert_eq!(Loss::of(&Ended { told_by: Some(15), ..ended(255, Some("session-lost")) }), None);
    }

    #[test]
    fn a_login_that_fails_for_another_reason_than_the_hour_is_not_tried_again() {
        for early in ["closed-at-once", "eic-key-refused", "session-closed", "refused"] {
            assert!(is_too_early(&Ok(ended(255, Some(early)))), "{early}");
        }
        for not_in in [NotIn::Unreached, NotIn::Closed] {
            assert!(is_too_early(&Ok(Ended { not_in: Some(not_in), ..ended(255, None) })), "{not_in:?}");
        }
        for (code, diagnosis) in [(255, Some("host-key-changed")), (255, Some("key-too-open")), (1, None), (0, None)] {
            assert!(!is_too_early(&Ok(ended(code, diagnosis))), "{code} {diagnosis:?}");
        }
    }

    #[test]
    fn who_leaves_a_shell_with_ssh_s_own_code_was_not_too_early() {
        assert!(!is_too_early(&Ok(ended(255, None))));
        assert!(!is_away(&Ok(ended(255, None))));
    }

    #[test]
    fn a_target_that_does_not_answer_is_away_and_one_that_refuses_is_not() {
        for away in ["refused", "timed-out", "no-route"] {
            assert!(is_away(&Ok(ended(255, Some(away)))), "{away}");
        }
        assert!(is_away(&Ok(Ended { not_in: Some(NotIn::Unreached), ..ended(255, None) })));
        assert!(is_away(&Err(Error::AddressGone)));
        assert!(!is_away(&Ok(ended(255, Some("eic-key-refused")))));
        assert!(!is_away(&Ok(Ended { not_in: Some(NotIn::Closed), ..ended(255, None) })));
        assert!(!is_away(&Ok(Ended { told_by: Some(2), ..ended(255, Some("refused")) })));
    }

    #[test]
    fn what_aws_may_not_know_yet_is_asked_again_and_a_refusal_is_not() {
        let action = "ec2-instance-connect:SendSSHPublicKey";
        for (error, passes) in [
            (aws::Error::Throttled { action }.into(), true),
            (aws::Error::Service { action, aws_code: "EC2InstanceNotFoundException".into(), message: "".into() }.into(), true),
            (aws::Error::Denied { action, message: "".into() }.into(), false),
            (aws::Error::NoSuchInstance.into(), false),
            (aws::Error::NoCredentials.into(), false),
            (Error::NotRunning { state: InstanceState::Stopping }, false),
            (Error::AddressGone, false),
            (Error::SshMissing, false),
        ] {
            assert_eq!(is_too_early(&Err(error)), passes);
        }
    }

    #[tokio::test]
    async fn a_command_of_the_ssh_config_is_no_shell() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("config");
        std::fs::write(&file, "Host *\n  RemoteCommand ./migrate.sh\n").unwrap();
        let mut making = Making::by(Method::Eic);
        making.settings.use_ssh_config = false;
        let plain = making.plan().unwrap();
        making.settings.use_ssh_config = true;
        making.extras.ssh_arguments = vec!["-F".into(), file.into()];
        let with_command = making.plan().unwrap();

        assert!(with_command.is_shell);
        assert!(opens_shell(&plain).await);
        assert!(!opens_shell(&with_command).await);
    }
}
