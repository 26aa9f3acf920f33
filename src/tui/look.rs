//! What the terminal can show: colours, how many, and marks beyond ASCII; decided from the environment.

use crate::config::{Ambiguous, Glyphs, ThemeName, Ui};

/// How many colours the terminal has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Depth {
    /// The 16 of the terminal's own palette.
    #[default]
    Sixteen,
    /// 256.
    Many,
    /// 24 bits.
    True,
}

/// What the terminal can show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    /// Whether colours are wanted at all.
    pub colour: bool,
    /// How many there are.
    pub depth: Depth,
    /// Whether characters beyond ASCII can be drawn, each as wide as it says.
    pub unicode: bool,
}

impl Default for Look {
    fn default() -> Self {
        Self { colour: true, depth: Depth::Sixteen, unicode: true }
    }
}

impl Look {
    /// What the environment says, looked up by name. `colour` is the answer of `--color`: `None` leaves it to `NO_COLOR` and `TERM`.
    pub fn of(variable: impl Fn(&str) -> Option<String>, colour: Option<bool>) -> Self {
        let set = |name: &str| variable(name).filter(|value| !value.is_empty());
        let term = set("TERM").unwrap_or_default();
        let depth = match set("COLORTERM").as_deref() {
            Some("truecolor" | "24bit") => Depth::True,
            _ if term.contains("256color") => Depth::Many,
            _ => Depth::Sixteen,
        };
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(set).unwrap_or_default().to_ascii_lowercase();
        let is_utf8 = locale.contains("utf-8") || locale.contains("utf8");
        let wants_ascii = set("EC2DASH_ASCII").is_some_and(|value| value != "0");
        Self {
            colour: colour.unwrap_or_else(|| set("NO_COLOR").is_none() && term != "dumb"),
            depth,
            unicode: is_utf8 && term != "linux" && !wants_ascii,
        }
    }

    /// Whether marks and frames beyond ASCII are drawn, settings included.
    pub fn draws_unicode(&self, ui: &Ui) -> bool {
        match (ui.glyphs, ui.ambiguous_width) {
            (Glyphs::Ascii, _) | (Glyphs::Auto, Ambiguous::Two) => false,
            (Glyphs::Unicode, _) => true,
            (Glyphs::Auto, Ambiguous::One) => self.unicode,
        }
    }

    /// The theme that is drawn, settings included.
    pub fn theme(&self, ui: &Ui) -> ThemeName {
        if self.colour { ui.theme } else { ThemeName::Mono }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn look(pairs: &[(&str, &str)]) -> Look {
        Look::of(|name| pairs.iter().find(|(own, _)| *own == name).map(|(_, value)| (*value).to_owned()), None)
    }

    #[test]
    fn the_environment_decides_colours_and_marks() {
        let plain = look(&[("LANG", "ko_KR.UTF-8"), ("TERM", "xterm-256color")]);
        assert_eq!(plain, Look { colour: true, depth: Depth::Many, unicode: true });

        assert_eq!(look(&[("COLORTERM", "truecolor")]).depth, Depth::True);
        assert!(!look(&[("NO_COLOR", "1")]).colour);
        assert!(look(&[("NO_COLOR", "")]).colour);
        assert!(!look(&[("TERM", "dumb")]).colour);
        for ascii in [("LANG", "C"), ("LANG", "ko_KR.EUC-KR"), ("X", "")] {
            assert!(!look(&[ascii]).unicode, "{ascii:?}");
        }
        assert!(!look(&[("LANG", "C.UTF-8"), ("TERM", "linux")]).unicode);
        assert!(!look(&[("LANG", "C.UTF-8"), ("EC2DASH_ASCII", "1")]).unicode);
        assert!(!look(&[("LC_ALL", "C"), ("LANG", "en_US.UTF-8")]).unicode);
    }

    #[test]
    fn a_terminal_that_draws_marks_two_wide_gets_ascii() {
        let ui = Ui { ambiguous_width: Ambiguous::Two, ..Ui::default() };

        assert!(!Look::default().draws_unicode(&ui));
        assert_eq!(Look { colour: false, ..Look::default() }.theme(&ui), ThemeName::Mono);
    }
}
