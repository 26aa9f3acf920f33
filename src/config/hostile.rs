//! Where a fuzzer throws text at the configuration file; it panics when a promise is broken.

use std::path::Path;
use std::sync::LazyLock;

use crate::config::{parse, parse_theme};
use crate::model::is_hidden;
use crate::text::{Catalogue, Language};

static ENGLISH: LazyLock<Catalogue> = LazyLock::new(|| Catalogue::new(Language::ENGLISH));

/// Any text as a configuration file, and as one of a theme: it is settings or problems, each at a place of the text and in words fit for a screen.
pub fn config(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let mut findings = match parse(&text, Some(Path::new("/home/jane"))) {
        Ok(loaded) => loaded.warnings,
        Err(refused) => {
            assert!(!refused.findings.is_empty(), "refused without a reason");
            refused.findings
        }
    };
    let (theme, of_theme) = parse_theme(&text);
    assert!(theme.is_some() || !of_theme.is_empty(), "refused without a reason");
    findings.extend(of_theme);
    let lines = text.split('\n').count();
    for finding in findings {
        assert!(finding.line <= lines, "line {} of {lines}", finding.line);
        let said = finding.located(&ENGLISH);
        assert!(!said.is_empty() && !said.chars().any(|c| c != '\n' && is_hidden(c)), "{said:?}");
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn any_text_is_settings_or_problems_told_by_their_place() {
        crate::inputs::throw(concat!(env!("CARGO_MANIFEST_DIR"), "/fuzz/corpus/config"), super::config);
    }
}
