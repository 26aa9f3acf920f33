//! How a command there ended, as an exit code.

use russh::Sig;

use crate::builtin_ssh::trouble::FAILED;

/// How a program ends whose reader has gone.
pub(super) const NOBODY_READS: u8 = 128 + 13;

/// The code that a command left with.
pub(super) fn exit_code(status: u32) -> u8 {
    u8::try_from(status & 0xff).unwrap_or(FAILED)
}

/// 128 and the number of the signal that ended it.
pub(super) fn code_of(signal: &Sig) -> u8 {
    number(signal).map_or(FAILED, |own| 128 + own)
}

/// The number of a signal where all systems agree.
fn number(signal: &Sig) -> Option<u8> {
    Some(match signal {
        Sig::HUP => 1,
        Sig::INT => 2,
        Sig::QUIT => 3,
        Sig::ILL => 4,
        Sig::ABRT => 6,
        Sig::FPE => 8,
        Sig::KILL => 9,
        Sig::SEGV => 11,
        Sig::PIPE => 13,
        Sig::ALRM => 14,
        Sig::TERM => 15,
        Sig::USR1 | Sig::Custom(_) => return None,
    })
}
