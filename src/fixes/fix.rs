//! What mends one finding: the changes, and what to know of them.

use strum::{EnumIter, EnumString, IntoStaticStr};

use super::change::Change;
use super::consequence::Consequence;
use crate::access::{Method, Reason, Way, Ways};
use crate::model::{AccountId, Instance, InstanceId, Place, Untrusted};
use crate::text::{Catalogue, joined, shell_word};

/// The fixes of the catalogue (docs/access-rules.md 1.15) that are carried out here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumIter, EnumString, IntoStaticStr)]
#[strum(ascii_case_insensitive)]
pub enum FixId {
    /// A group lets this computer's address in.
    #[strum(serialize = "FX-SG-MYIP")]
    OpenToMe,
    /// The instance is started.
    #[strum(serialize = "FX-START")]
    Start,
}

impl FixId {
    /// The id of the catalogue.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// What mends one finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// Which of the catalogue.
    pub id: FixId,
    /// For which instance.
    pub instance: InstanceId,
    /// Its name.
    pub name: Option<Untrusted>,
    /// The instance's account, as far as it is known.
    pub account: Option<AccountId>,
    /// Where the calls are made, and with whose credentials.
    pub place: Place,
    /// The way in that it opens.
    pub method: Method,
    /// The rule that says no.
    pub rule: &'static str,
    /// What it says.
    pub code: &'static str,
    /// The calls, in this order.
    pub changes: Vec<Change>,
    /// What to know before a yes.
    pub consequences: Vec<Consequence>,
}

impl Fix {
    /// What it does, in one line.
    pub fn title(&self, text: &Catalogue) -> String {
        let key = format!("mend-title-{}", self.id.as_str().to_ascii_lowercase());
        let opening = self.changes.iter().find_map(|change| match change {
            Change::OpenGroup(opening) => Some(opening),
            Change::StartInstance { .. } => None,
        });
        let name = self.name.as_ref().map_or_else(|| self.instance.to_string(), |name| name.shown_in(40));
        let mut values = vec![("name", name.into())];
        if let Some(opening) = opening {
            values.extend([
                ("group", opening.group.to_string().into()),
                ("port", opening.port.to_string().into()),
                ("peer", opening.peer.text().into()),
            ]);
        }
        text.say_with(&key, &values)
    }

    /// The commands of the AWS CLI that do the same, one a line, each word quoted for a shell.
    pub fn commands(&self) -> Vec<String> {
        self.changes.iter().map(|change| line(change.command(), &self.place)).collect()
    }

    /// Those that take it back, the last change first.
    pub fn commands_back(&self) -> Vec<String> {
        self.changes.iter().rev().map(|change| line(change.command_back(), &self.place)).collect()
    }

    /// Whether it is for this finding.
    pub fn mends(&self, way: &Way, reason: &Reason) -> bool {
        self.method == way.method && self.rule == reason.rule && self.code == reason.code
    }

    /// Whether the rule that said no says so no more.
    pub fn is_mended(&self, ways: &Ways) -> bool {
        let own = |reason: &Reason| reason.rule == self.rule;
        ways.way(self.method).is_some_and(|way| !way.reasons.iter().any(own))
    }
}

/// A command line as a shell takes it.
fn line(words: Vec<String>, place: &Place) -> String {
    let words: Vec<String> = words.iter().map(|word| shell_word(word)).collect();
    format!("{} {}", joined(" ", words.iter().map(String::as_str)), crate::access::place_flags(place))
}

/// The instance as a screen names it.
pub(super) fn named(instance: &Instance) -> String {
    instance.name().map_or_else(|| instance.id.to_string(), |name| name.shown_in(40))
}
