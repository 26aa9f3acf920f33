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
    /// Every instance of the subnets of a network ACL, by its id.
    WholeSubnets(String),
    /// Every instance with the role, by its name: those others that were read have the same instance profile.
    RoleShared(String, Vec<String>),
    /// All of the account, in this region.
    WholeRegion(String),
    /// The agent looks for its permissions anew only now and then.
    AgentLater,
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
            Self::WholeSubnets(_) => "whole-subnets",
            Self::RoleShared(..) => "role-shared",
            Self::WholeRegion(_) => "whole-region",
            Self::AgentLater => "agent-later",
        }
    }

    /// One sentence.
    pub fn text(&self, text: &Catalogue) -> String {
        let key = format!("mend-consequence-{}", self.code());
        match self {
            Self::GroupOfOne(what) | Self::GroupUnread(what) | Self::WholeSubnets(what) | Self::WholeRegion(what) => {
                text.say_with(&key, &[("group", what.clone().into())])
            }
            Self::GroupShared(group, others) | Self::RoleShared(group, others) => {
                let mut names: Vec<&str> = others.iter().take(MOST_NAMES).map(String::as_str).collect();
                if others.len() > MOST_NAMES {
                    names.push("…");
                }
                let values =
                    [("group", group.clone().into()), ("count", others.len().into()), ("names", names.join(", ").into())];
                text.say_with(&key, &values)
            }
            Self::UntilExit | Self::UntilUndo | Self::Billed | Self::AgentLater => text.say(&key),
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
            (Consequence::WholeSubnets("acl-0a".to_owned()), "acl-0a"),
            (Consequence::RoleShared("web-role".to_owned(), vec!["web-2".to_owned()]), "web-2"),
            (Consequence::RoleShared("web-role".to_owned(), Vec::new()), "web-role"),
            (Consequence::WholeRegion("eu-west-1".to_owned()), "eu-west-1"),
            (Consequence::AgentLater, ""),
        ] {
            assert!(text.has(&format!("mend-consequence-{}", consequence.code())), "{consequence:?}");
            assert!(consequence.text(&text).contains(part), "{}", consequence.text(&text));
        }
    }
}
