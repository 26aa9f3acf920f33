//! What mends one finding: the changes, and what to know of them.

use std::time::Duration;

use strum::{EnumIter, EnumString, IntoStaticStr};

use super::called::Called;
use super::change::Change;
use super::consequence::Consequence;
use crate::access::{Method, Reason, Way, Ways};
use crate::model::{AccountId, Instance, InstanceId, Place, Untrusted};
use crate::text::Catalogue;

/// The finding of a tunnel that leads to another instance: what mends it is about that one.
const FORWARD: &str = "forward-group-closed";

/// The fixes of the catalogue (docs/access-rules.md 1.15) that are carried out here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumIter, EnumString, IntoStaticStr)]
#[strum(ascii_case_insensitive)]
pub enum FixId {
    /// A group lets this computer's address in.
    #[strum(serialize = "FX-SG-MYIP")]
    OpenToMe,
    /// The same, where that address is one of IPv6.
    #[strum(serialize = "FX-SG-MYIP6")]
    OpenToMe6,
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
    /// The instance gets an instance profile for its agent; where the account has none that fits, it is made with its role.
    #[strum(serialize = "FX-PROFILE")]
    Profile,
    /// An EC2 Instance Connect Endpoint is made, with a group of its own.
    #[strum(serialize = "FX-EICE-CREATE")]
    ConnectEndpoint,
    /// The instance gets an Elastic IP address.
    #[strum(serialize = "FX-EIP")]
    ElasticAddress,
    /// A route table leads to the internet.
    #[strum(serialize = "FX-ROUTE-IGW")]
    InternetRoute,
    /// The VPC gets the endpoints of Systems Manager that it lacks.
    #[strum(serialize = "FX-VPCE")]
    ServiceEndpoints,
    /// The agent is updated.
    #[strum(serialize = "FX-SSM-UPDATE")]
    UpdateAgent,
    /// The metadata service of the instance is turned on.
    #[strum(serialize = "FX-IMDS")]
    Metadata,
    /// The instance's group lets its agent out.
    #[strum(serialize = "FX-SG-EGRESS443")]
    OpenAgentOut,
    /// The group of a service's endpoint lets the instance in.
    #[strum(serialize = "FX-SG-VPCE")]
    OpenServiceEndpoint,
    /// A network ACL lets the agent out, and the replies to it in.
    #[strum(serialize = "FX-NACL-EGRESS")]
    OpenAclAgent,
    /// The service's own name leads to its endpoint.
    #[strum(serialize = "FX-VPCE-DNS")]
    EndpointName,
    /// A key of this computer is let in as the login user.
    #[strum(serialize = "FX-KEY-ADD")]
    AddKey,
    /// The VPC's resolver knows the names of endpoints.
    #[strum(serialize = "FX-VPC-DNS")]
    VpcDns,
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
        let key = match self.code {
            FORWARD => "mend-title-forward".to_owned(),
            _ => format!("mend-title-{}", self.id.as_str().to_ascii_lowercase()),
        };
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
            Some(Change::CreateRole { role, .. }) => values.push(("profile", role.to_string().into())),
            Some(Change::AttachProfile { profile, .. }) => values.push(("profile", profile.to_string().into())),
            Some(Change::CreateProfile { profile, .. } | Change::PutRole { profile, .. }) => {
                values.push(("profile", profile.to_string().into()));
            }
            Some(Change::AddRoute { table, block, gateway }) => values.extend([
                ("table", table.to_string().into()),
                ("peer", block.to_string().into()),
                ("gateway", gateway.to_string().into()),
            ]),
            Some(Change::CreateGroup { vpc, .. }) => values.push(("vpc", vpc.to_string().into())),
            Some(Change::SwitchVpcDnsOn { vpc, .. }) => values.push(("vpc", vpc.to_string().into())),
            Some(Change::AddKey { user, .. }) => values.push(("user", user.to_string().into())),
            Some(Change::NameEndpoint { endpoint }) => values.push(("endpoint", endpoint.to_string().into())),
            _ => {}
        }
        text.say_with(&key, &values)
    }

    /// Whether it lets this computer's address in, which may be another tomorrow.
    pub fn is_for_this_computer(&self) -> bool {
        matches!(self.id, FixId::OpenToMe | FixId::OpenToMe6 | FixId::OpenAclIn | FixId::OpenAclOut)
    }

    /// What is still said of what it mends.
    pub fn left<'w>(&self, ways: &'w Ways) -> Option<&'w Reason> {
        let further = match self.id {
            // What a profile is for is that the agent registers, and what an endpoint is for that it carries.
            FixId::Profile => ["SSM-1", "SSM-2"].as_slice(),
            FixId::ConnectEndpoint => ["EICE-2"].as_slice(),
            _ => [].as_slice(),
        };
        let way = ways.way(self.method)?;
        let mut said = way.reasons.iter().filter(|reason| reason.rule == self.rule || further.contains(&reason.rule));
        // A note is among what holds, for it changes no verdict.
        said.next().or_else(|| way.passes.iter().find(|note| note.code == self.code))
    }

    /// How long its check may take to turn green.
    pub fn longest_wait(&self) -> Duration {
        match self.id {
            // An agent without permissions asks again within half an hour.
            FixId::Profile => Duration::from_secs(31 * 60),
            FixId::ConnectEndpoint | FixId::ServiceEndpoints | FixId::UpdateAgent => Duration::from_secs(10 * 60),
            _ => Duration::from_secs(120),
        }
    }

    /// How long it is until the check is asked again, once it was waited so long: the longer it takes, the less often.
    pub fn pause(waited: Duration) -> Duration {
        (waited / 10).clamp(Duration::from_secs(2), Duration::from_secs(20))
    }

    /// The commands of the AWS CLI that do the same, one a line, each word quoted for a shell.
    pub fn commands(&self) -> Vec<String> {
        let lines = self.changes.iter().enumerate().map(|(at, change)| {
            let line = line(&change.forth(), &self.place);
            match change.id_told() {
                Some(query) => format!("step_{}=$({line} --query {query} --output text)", at + 1),
                None => line,
            }
        });
        lines.collect()
    }

    /// Those that take it back, the last change first.
    pub fn commands_back(&self) -> Vec<String> {
        self.changes.iter().rev().filter_map(|change| Some(line(&change.back()?, &self.place))).collect()
    }

    /// Whether it is for this finding.
    pub fn mends(&self, way: &Way, reason: &Reason) -> bool {
        self.method == way.method && self.rule == reason.rule && self.code == reason.code
    }
}

/// A command line as a shell takes it. What it asks first is asked at the same place.
fn line(called: &Called, place: &Place) -> String {
    let place = crate::access::place_flags(place);
    let command = called.command().replace(" --output text)", &format!(" --output text {place})"));
    format!("{command} {place}")
}

/// The instance as a screen names it.
pub(super) fn named(instance: &Instance) -> String {
    instance.name().map_or_else(|| instance.id.to_string(), |name| name.shown_in(40))
}
