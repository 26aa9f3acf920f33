//! What comes from a script: lines of base64, and behind the mark what it says by itself.

use std::collections::VecDeque;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::said::Said;

/// Bytes of a line at most: the longest is what tar complained of.
const LONGEST: usize = 64 * 1024;

/// What comes from there is not what our script says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Malformed;

/// What is heard of a script.
#[derive(Debug, PartialEq, Eq)]
pub enum Heard {
    /// Bytes of the stream.
    Data(Vec<u8>),
    /// Something else.
    Said(Said),
}

/// Takes it apart.
pub(super) struct Lines {
    mark: Vec<u8>,
    held: Vec<u8>,
    /// Before its first word the script may have been talked over: by the start-up of a shell, by a banner.
    has_begun: bool,
}

impl Lines {
    pub(super) fn behind(mark: &str) -> Self {
        Self { mark: format!("{mark}:").into_bytes(), held: Vec::new(), has_begun: false }
    }

    /// What these bytes make whole.
    pub(super) fn take(&mut self, bytes: &[u8], heard: &mut VecDeque<Heard>) -> Result<(), Malformed> {
        self.held.extend_from_slice(bytes);
        let mut from = 0;
        let mut data = Vec::new();
        while let Some(length) = self.held.get(from..).and_then(|rest| rest.iter().position(|byte| *byte == b'\n')) {
            let line = self.held.get(from..from + length).unwrap_or_default().trim_ascii_end();
            from += length + 1;
            // What stands before the mark in its line is nobody's: a line that a program left open.
            let said = line.windows(self.mark.len()).position(|window| window == self.mark).map(|at| at + self.mark.len());
            if let Some(said) = said.and_then(|at| line.get(at..)) {
                if !data.is_empty() {
                    heard.push_back(Heard::Data(std::mem::take(&mut data)));
                }
                heard.push_back(Heard::Said(Said::parse(said).ok_or(Malformed)?));
                self.has_begun = true;
            } else if self.has_begun {
                STANDARD.decode_vec(line, &mut data).map_err(|_| Malformed)?;
            }
        }
        if !data.is_empty() {
            heard.push_back(Heard::Data(data));
        }
        self.held.drain(..from);
        if self.held.len() > LONGEST {
            return Err(Malformed);
        }
        Ok(())
    }
}
