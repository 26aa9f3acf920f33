//! The signals of SSH and those of this computer.

use std::process::ExitStatus;

/// The exit code, or the name SSH has for the signal that ended the program.
pub(crate) fn ending(status: ExitStatus) -> Result<u32, russh::Sig> {
    use std::os::unix::process::ExitStatusExt;

    match (status.code(), status.signal()) {
        (Some(code), _) => Ok(code.cast_unsigned()),
        (None, Some(signal)) => Err(signal_name(signal)),
        (None, None) => Ok(255),
    }
}

/// The signal a client names.
pub(crate) fn signal_named(signal: &russh::Sig) -> Option<rustix::process::Signal> {
    use russh::Sig;
    use rustix::process::Signal;

    Some(match signal {
        Sig::ABRT => Signal::ABORT,
        Sig::ALRM => Signal::ALARM,
        Sig::FPE => Signal::FPE,
        Sig::HUP => Signal::HUP,
        Sig::ILL => Signal::ILL,
        Sig::INT => Signal::INT,
        Sig::KILL => Signal::KILL,
        Sig::PIPE => Signal::PIPE,
        Sig::QUIT => Signal::QUIT,
        Sig::SEGV => Signal::SEGV,
        Sig::TERM => Signal::TERM,
        Sig::USR1 => Signal::USR1,
        Sig::Custom(name) if name == "USR2" => Signal::USR2,
        Sig::Custom(_) => return None,
    })
}

fn signal_name(number: i32) -> russh::Sig {
    use russh::Sig;

    let known = [
        Sig::ABRT,
        Sig::ALRM,
        Sig::FPE,
        Sig::HUP,
        Sig::ILL,
        Sig::INT,
        Sig::KILL,
        Sig::PIPE,
        Sig::QUIT,
        Sig::SEGV,
        Sig::TERM,
        Sig::USR1,
        Sig::Custom("USR2".to_owned()),
    ];
    known
        .into_iter()
        .find(|name| signal_named(name).is_some_and(|signal| signal.as_raw() == number))
        .unwrap_or_else(|| Sig::Custom("SIG@openssh.com".to_owned())) // sshd's word for a signal without a name
}

#[cfg(test)]
mod tests {
    use std::os::unix::process::ExitStatusExt;

    use super::*;

    #[test]
    fn an_end_by_signal_has_the_name_ssh_has_for_it() {
        let told = |raw| format!("{:?}", ending(ExitStatus::from_raw(raw)));

        assert_eq!(told(3 << 8), "Ok(3)");
        assert_eq!(told(255 << 8), "Ok(255)");
        assert_eq!(told(15), "Err(TERM)");
        assert_eq!(told(9), "Err(KILL)");
        assert_eq!(told(31), "Err(Custom(\"SIG@openssh.com\"))");
    }
}
