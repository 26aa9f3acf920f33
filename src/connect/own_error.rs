//! What this program says of its own failure on stderr, read where ssh or a dashboard has run it once more.

use crate::model::Untrusted;

/// Most columns of a line of it.
const LONGEST_LINE: usize = 200;
/// Most lines below the first.
const MOST_LINES: usize = 12;

/// A failure in our words: `error[code]: what`, and what stands below it. All of it is fit for a screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnError {
    /// Stable and documented.
    pub code: String,
    /// What happened.
    pub what: String,
    /// Why, and what to do, each line with its label where it has one.
    pub rest: Vec<String>,
}

impl OwnError {
    /// The last one in a text, in any language.
    pub fn last_in(said: &str) -> Option<Self> {
        let lines: Vec<&str> = said.lines().collect();
        let (at, (code, what)) = lines.iter().enumerate().rev().find_map(|(at, line)| Some((at, parts(line)?)))?;
        let shown = |line: &str| Untrusted::from(line.trim()).shown_in(LONGEST_LINE);
        let below = lines.iter().skip(at + 1).take_while(|line| line.starts_with("  ")).take(MOST_LINES);
        Some(Self { code: code.to_owned(), what: shown(what), rest: below.map(|line| shown(line)).collect() })
    }

    /// All of it, without the code.
    pub fn lines(self) -> impl Iterator<Item = String> {
        std::iter::once(self.what).chain(self.rest)
    }
}

/// Code and words of `error[code]: words`, in any language.
pub(super) fn parts(line: &str) -> Option<(&str, &str)> {
    let (head, words) = line.split_once("]: ")?;
    let (_, code) = head.split_once('[')?;
    let is_code = !code.is_empty() && code.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
    is_code.then_some((code, words))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_error_is_read_with_what_stands_below_it_and_nothing_else() {
        let said = "custom endpoint\nerror[endpoint-full]: first\n오류[endpoint-no-target]: \u{1b}[2Jno answer\r\n  이유: closed\n        and\n\
                    Connection closed by UNKNOWN port 65535\n";

        let error = OwnError::last_in(said).unwrap();

        assert_eq!(error.code, "endpoint-no-target");
        assert!(error.what.ends_with("no answer") && !error.what.contains('\u{1b}'), "{error:?}");
        assert_eq!(error.rest, ["이유: closed", "and"]);
        for other in ["", "ssh: [x]", "error[]: x", "error[Not A Code]: x", "Connection closed"] {
            assert_eq!(OwnError::last_in(other), None, "{other}");
        }
    }

    #[test]
    fn no_more_is_kept_of_it_than_a_screen_shows() {
        let said = format!("error[x]: {}\n{}", "a".repeat(5_000), "  b\n".repeat(100));

        let error = OwnError::last_in(&said).unwrap();

        assert!(error.what.len() <= LONGEST_LINE * 4, "{}", error.what.len());
        assert_eq!(error.rest.len(), MOST_LINES);
    }
}
