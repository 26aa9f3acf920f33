//! Whom a fix affects besides the instance, and what it costs: to be known before a yes.

use crate::text::Catalogue;

/// Most names in a sentence.
const MOST_NAMES: usize = 5;

/// One thing to know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Consequence {
    /// Nothing else that was read has the group.
    GroupOfOne(String),
    /// Other instances have the group: the group's id, and their names.
    GroupShared(String, Vec<String>),
    /// Who else has the group is not known.
    GroupUnread(String),
    /// It is taken back when the program that makes it ends.
    UntilExit,
    /// It stays until it is taken back.
    UntilUndo,
    /// The instance is paid for while it runs.
    Billed,
}

impl Consequence {
    /// Stable: `code` in JSON, and the end of the sentence's key.
    pub fn code(&self) -> &'static str {
        match self {
            Self::GroupOfOne(_) => "group-of-one",
            Self::GroupShared(..) => "group-shared",
            Self::GroupUnread(_) => "group-unread",
            Self::UntilExit => "until-exit",
            Self::UntilUndo => "until-undo",
            Self::Billed => "billed",
        }
    }

    /// One sentence.
    pub fn text(&self, text: &Catalogue) -> String {
        let key = format!("mend-consequence-{}", self.code());
        match self {
            Self::GroupOfOne(group) | Self::GroupUnread(group) => text.say_with(&key, &[("group", group.clone().into())]),
            Self::GroupShared(group, others) => {
                let mut names: Vec<&str> = others.iter().take(MOST_NAMES).map(String::as_str).collect();
                if others.len() > MOST_NAMES {
                    names.push("…");
                }
                let values =
                    [("group", group.clone().into()), ("count", others.len().into()), ("names", names.join(", ").into())];
                text.say_with(&key, &values)
            }
            Self::UntilExit | Self::UntilUndo | Self::Billed => text.say(&key),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_consequence_has_its_sentence() {
        let text = Catalogue::english();
        let group = || "sg-0a".to_owned();
        let names: Vec<String> = (1..=7).map(|at| format!("web-{at}")).collect();
        for (consequence, part) in [
            (Consequence::GroupOfOne(group()), "sg-0a"),
            (Consequence::GroupShared(group(), names), "web-1, web-2, web-3, web-4, web-5, …"),
            (Consequence::GroupUnread(group()), "sg-0a"),
            (Consequence::UntilExit, ""),
            (Consequence::UntilUndo, "taken back"),
            (Consequence::Billed, ""),
        ] {
            assert!(text.has(&format!("mend-consequence-{}", consequence.code())), "{consequence:?}");
            assert!(consequence.text(&text).contains(part), "{}", consequence.text(&text));
        }
    }
}
