//! Lines that were typed before, brought back one after the other.

/// Most lines that are kept.
pub const MOST: usize = 50;

/// Lines that were typed before, the latest last, and which of them is shown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Earlier {
    lines: Vec<String>,
    shown: Option<usize>,
}

impl Earlier {
    /// These, the latest last.
    pub fn of(lines: Vec<String>) -> Self {
        let too_many = lines.len().saturating_sub(MOST);
        Self { lines: lines.into_iter().skip(too_many).collect(), shown: None }
    }

    /// The latest is this one now. Whether that is news.
    pub fn add(&mut self, line: &str) -> bool {
        self.shown = None;
        if line.trim().is_empty() || self.lines.last().is_some_and(|last| last == line) {
            return false;
        }
        keep(&mut self.lines, line);
        true
    }

    /// The one before what the field holds; `None` if it holds something of its own, or there is none before.
    pub fn before(&mut self, held: &str) -> Option<&str> {
        let at = if self.holds(held) { self.shown } else { Some(self.lines.len()).filter(|_| held.is_empty()) }?;
        let before = at.checked_sub(1)?;
        self.shown = Some(before);
        self.lines.get(before).map(String::as_str)
    }

    /// The one after what the field holds, or nothing after the latest; `None` if it holds something of its own.
    pub fn after(&mut self, held: &str) -> Option<&str> {
        let at = self.shown.filter(|_| self.holds(held))?;
        self.shown = Some(at + 1).filter(|after| *after < self.lines.len());
        Some(self.shown.and_then(|shown| self.lines.get(shown)).map_or("", String::as_str))
    }

    fn holds(&self, held: &str) -> bool {
        self.shown.and_then(|shown| self.lines.get(shown)).is_some_and(|line| line == held)
    }
}

/// Put a line at the end of such a list, where it stands once.
pub fn keep(lines: &mut Vec<String>, line: &str) {
    lines.retain(|own| own != line);
    lines.push(line.to_owned());
    let too_many = lines.len().saturating_sub(MOST);
    lines.drain(..too_many);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn up_goes_back_and_down_comes_again_to_the_empty_line() {
        let mut earlier = Earlier::of(vec!["a".to_owned(), "b".to_owned()]);

        assert_eq!(earlier.after(""), None);
        assert_eq!(earlier.before(""), Some("b"));
        assert_eq!(earlier.before("b"), Some("a"));
        assert_eq!(earlier.before("a"), None);
        assert_eq!(earlier.after("a"), Some("b"));
        assert_eq!(earlier.after("b"), Some(""));
        assert_eq!(earlier.before(""), Some("b"));
        assert_eq!(earlier.before("bc"), None, "what was changed is a line of its own");
        assert_eq!(earlier.after("bc"), None);
    }

    #[test]
    fn each_is_kept_once_and_only_so_many() {
        let mut earlier = Earlier::default();
        for number in 0..80 {
            assert!(earlier.add(&number.to_string()));
        }
        assert!(earlier.add("50") && !earlier.add("50") && !earlier.add(" "));

        assert_eq!((earlier.lines.len(), earlier.lines.last().map(String::as_str)), (MOST, Some("50")));
        assert_eq!(earlier.lines.iter().filter(|line| *line == "50").count(), 1);
    }
}
