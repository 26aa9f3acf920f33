//! The line that is being typed, as far as it tells whether its user takes the target down.

use std::time::{Duration, Instant};

use zeroize::{Zeroize as _, Zeroizing};

/// More than any such command is long. What is typed may be a password: no more is kept, and that not for long.
const LONGEST: usize = 160;
/// A system that was told to go down does so within this time.
const GOES_DOWN_WITHIN: Duration = Duration::from_secs(60);
const COMMANDS: [&str; 6] = ["reboot", "shutdown", "poweroff", "halt", "kexec", "restart-computer"];

/// What was typed since the last line ended.
pub(super) struct TypedLine {
    line: Zeroizing<Vec<u8>>,
    took_down: Option<Instant>,
}

impl TypedLine {
    pub(super) fn new() -> Self {
        // As long as it ever gets: a longer one would leave a copy of the shorter.
        Self { line: Zeroizing::new(Vec::with_capacity(LONGEST)), took_down: None }
    }

    /// This was typed.
    pub(super) fn note(&mut self, typed: &[u8], now: Instant) {
        for byte in typed {
            match byte {
                b'\r' | b'\n' => {
                    if takes_down(&self.line) {
                        self.took_down = Some(now);
                    }
                    self.line.zeroize();
                }
                // Interrupt, kill a line.
                0x03 | 0x15 => self.line.zeroize(),
                0x08 | 0x7f => drop(self.line.pop()),
                byte if self.line.len() < LONGEST => self.line.push(*byte),
                _ => {}
            }
        }
    }

    /// Whether the target was told a while ago to go down.
    pub(super) fn takes_down(&self, now: Instant) -> bool {
        self.took_down.is_some_and(|at| now.saturating_duration_since(at) < GOES_DOWN_WITHIN)
    }
}

/// Whether a line has a command in it that ends the system. One that only names it costs a moment of waiting.
fn takes_down(line: &[u8]) -> bool {
    let mut words = line.split(|byte| byte.is_ascii_whitespace() || b";&|()".contains(byte)).map(|word| {
        let name = word.rsplit(|byte| *byte == b'/').next().unwrap_or(word);
        name.to_ascii_lowercase()
    });
    let mut is_init = false;
    words.any(|word| {
        let is_level = std::mem::replace(&mut is_init, word == b"init" || word == b"telinit") && (word == b"6" || word == b"0");
        is_level || COMMANDS.iter().any(|command| command.as_bytes() == word.as_slice())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_command_that_ends_the_system_takes_it_down() {
        for line in ["sudo reboot", "exec reboot", "/sbin/shutdown -r now", "systemctl reboot", "sudo init 6", "sync;reboot"] {
            assert!(takes_down(line.as_bytes()), "{line}");
        }
        assert!(takes_down(b"Restart-Computer -Force"));
        for line in ["", "exit", "logout", "less reboot.log", "init 3", "6", "rebooted"] {
            assert!(!takes_down(line.as_bytes()), "{line}");
        }
    }

    #[test]
    fn a_line_is_what_is_left_of_it_when_it_ends() {
        let now = Instant::now();
        let went_down = |typed: &[u8], after: u64| {
            let mut line = TypedLine::new();
            line.note(typed, now);
            line.takes_down(now + Duration::from_secs(after))
        };

        assert!(went_down(b"rebooo\x7f\x7fot\r", 1));
        // A password may follow.
        assert!(went_down(b"sudo reboot\rsecret\r", 1));
        assert!(!went_down(b"sudo reboot", 1));
        assert!(!went_down(b"sudo reboot\x03exit\r", 1));
        assert!(!went_down(b"sudo reboot\r", 60));
    }

    #[test]
    fn what_was_typed_is_kept_no_longer_than_its_line() {
        let mut line = TypedLine::new();
        line.note(&[b'x'; 4 * LONGEST], Instant::now());
        assert_eq!((line.line.len(), line.line.capacity()), (LONGEST, LONGEST));

        line.note(b"\r", Instant::now());

        assert!(line.line.is_empty());
    }
}
