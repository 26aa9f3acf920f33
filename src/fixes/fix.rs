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
    /// The instance's group lets an endpoint's group in.
    #[strum(serialize = "FX-SG-EICE")]
    OpenToEndpoint,
    /// An endpoint's group lets out to the instance's group.
    #[strum(serialize = "FX-EICE-EGRESS")]
    OpenEndpointOut,
    /// The instance's group lets a jump host's group in.
    #[strum(serialize = "FX-SG-REF")]
    OpenToJumpHost,
    /// A network ACL lets this computer's address in.
    #[strum(serialize = "FX-NACL-IN")]
    OpenAclIn,
    /// A network ACL lets the replies to it out.
    #[strum(serialize = "FX-NACL-EPH")]
    OpenAclOut,
    /// The role gets AWS's policy for the agent.
    #[strum(serialize = "FX-ROLE-ATTACH")]
    AttachPolicy,
    /// The account lets serial consoles be used.
    #[strum(serialize = "FX-SER-ON")]
    SerialConsole,
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
        let name = self.name.as_ref().map_or_else(|| self.instance.to_string(), |name| name.shown_in(40));
        let mut values = vec![("name", name.into()), ("region", self.place.region.to_string().into())];
        match self.changes.first() {
            Some(Change::OpenGroup(opening)) => values.extend([
                ("group", opening.group.to_string().into()),
                ("port", opening.port.to_string().into()),
                ("peer", opening.peer.text().into()),
            ]),
            Some(Change::OpenAcl(opening)) => values.extend([
                ("acl", opening.acl.to_string().into()),
                ("port", opening.first.to_string().into()),
                ("peer", opening.block.to_string().into()),
            ]),
            Some(Change::AttachPolicy { role, .. }) => values.push(("role", role.to_string().into())),
            Some(Change::StartInstance { .. } | Change::EnableSerialConsole) | None => {}
        }
        text.say_with(&key, &values)
    }

    /// Whether it lets this computer's address in, which may be another tomorrow.
    pub fn is_for_this_computer(&self) -> bool {
        matches!(self.id, FixId::OpenToMe | FixId::OpenAclIn | FixId::OpenAclOut)
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
