//! Whom a fix affects besides the instance, and what it costs: to be known before a yes.

use crate::model::Untrusted;
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
    /// All of a VPC, by its id: so many instances of it are known, where they were read.
    WholeVpc(String, Option<usize>),
    /// Sessions that are open on the instance end.
    EndsSessions,
    /// A public address is paid for by the hour.
    AddressBilled,
    /// The address that it has now goes, and does not come back.
    AddressGoes(String),
    /// All subnets that go by a route table: its id, and theirs.
    RouteOf(String, Vec<String>),
    /// What has a public address there can be reached as far as groups and ACLs let it.
    OpensSubnets,
    /// So many endpoints are paid for by the hour, each in one availability zone.
    EndpointsBilled(usize),
    /// An EC2 Instance Connect Endpoint is made in this subnet.
    EndpointMade(String),
    /// An instance profile that is there has the agent's permissions and no others: its name.
    ProfileFits(String),
    /// A role and an instance profile are made: their name.
    ProfileMade(String),
    /// Whether an instance profile that fits is there may not be read.
    ProfilesUnread,
    /// The metadata service answers only whoever has a token.
    TokensOnly,
    /// All of the account, in this region.
    WholeRegion(String),
    /// Whoever has a key gets in as this user; the file of its private half, if not the user's agent holds it.
    KeyOpens(String, Option<String>),
    /// Run Command runs a script as root.
    RunsAsRoot,
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
            Self::WholeVpc(..) => "whole-vpc",
            Self::EndsSessions => "ends-sessions",
            Self::AddressBilled => "address-billed",
            Self::AddressGoes(_) => "address-goes",
            Self::RouteOf(..) => "route-of",
            Self::OpensSubnets => "opens-subnets",
            Self::EndpointsBilled(_) => "endpoints-billed",
            Self::EndpointMade(_) => "endpoint-made",
            Self::ProfileFits(_) => "profile-fits",
            Self::ProfileMade(_) => "profile-made",
            Self::ProfilesUnread => "profiles-unread",
            Self::TokensOnly => "tokens-only",
            Self::WholeRegion(_) => "whole-region",
            Self::KeyOpens(..) => "key-opens",
            Self::RunsAsRoot => "runs-as-root",
            Self::AgentLater => "agent-later",
        }
    }

    /// One sentence.
    pub fn text(&self, text: &Catalogue) -> String {
        let key = format!("mend-consequence-{}", self.code());
        match self {
            Self::AddressGoes(what)
            | Self::EndpointMade(what)
            | Self::ProfileFits(what)
            | Self::ProfileMade(what)
            | Self::GroupOfOne(what)
            | Self::GroupUnread(what)
            | Self::WholeSubnets(what)
            | Self::WholeRegion(what) => text.say_with(&key, &[("group", what.clone().into())]),
            Self::EndpointsBilled(count) => text.say_with(&key, &[("count", (*count).into())]),
            Self::GroupShared(group, others) | Self::RoleShared(group, others) | Self::RouteOf(group, others) => {
                let mut names: Vec<&str> = others.iter().take(MOST_NAMES).map(String::as_str).collect();
                if others.len() > MOST_NAMES {
                    names.push("…");
                }
                let values =
                    [("group", group.clone().into()), ("count", others.len().into()), ("names", names.join(", ").into())];
                text.say_with(&key, &values)
            }
            Self::WholeVpc(vpc, known) => {
                let values = [("group", vpc.clone().into()), ("count", known.unwrap_or_default().into())];
                text.say_with(&key, &values)
            }
            Self::KeyOpens(user, file) => {
                let file =
                    file.as_deref().map_or_else(|| text.say("mend-key-of-agent"), |file| Untrusted::from(file).shown_in(200));
                text.say_with(&key, &[("user", user.clone().into()), ("key", file.into())])
            }
            Self::RunsAsRoot
            | Self::UntilExit
            | Self::UntilUndo
            | Self::Billed
            | Self::AgentLater
            | Self::TokensOnly
            | Self::ProfilesUnread
            | Self::AddressBilled
            | Self::EndsSessions
            | Self::OpensSubnets => text.say(&key),
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
            (Consequence::RunsAsRoot, "root"),
            (Consequence::KeyOpens("ubuntu".to_owned(), Some("/home/k/.ssh/id_rsa".to_owned())), "/home/k/.ssh/id_rsa"),
            (Consequence::KeyOpens("ubuntu".to_owned(), None), "agent"),
            (Consequence::UntilUndo, "taken back"),
            (Consequence::Billed, ""),
            (Consequence::WholeSubnets("acl-0a".to_owned()), "acl-0a"),
            (Consequence::RoleShared("web-role".to_owned(), vec!["web-2".to_owned()]), "web-2"),
            (Consequence::RoleShared("web-role".to_owned(), Vec::new()), "web-role"),
            (Consequence::WholeRegion("eu-west-1".to_owned()), "eu-west-1"),
            (Consequence::AgentLater, ""),
            (Consequence::TokensOnly, "IMDSv2"),
            (Consequence::EndpointMade("subnet-0a".to_owned()), "subnet-0a"),
            (Consequence::AddressBilled, "hour"),
            (Consequence::EndsSessions, ""),
            (Consequence::AddressGoes("3.36.0.10".to_owned()), "3.36.0.10"),
            (Consequence::RouteOf("rtb-0a".to_owned(), vec!["subnet-0a".to_owned()]), "subnet-0a"),
            (Consequence::OpensSubnets, ""),
            (Consequence::EndpointsBilled(2), "2"),
            (Consequence::ProfilesUnread, ""),
            (Consequence::ProfileFits("agents".to_owned()), "agents"),
            (Consequence::ProfileMade("ec2dash-ssm-1".to_owned()), "ec2dash-ssm-1"),
            (Consequence::WholeVpc("vpc-0a".to_owned(), Some(3)), "vpc-0a"),
            (Consequence::WholeVpc("vpc-0a".to_owned(), None), "vpc-0a"),
        ] {
            assert!(text.has(&format!("mend-consequence-{}", consequence.code())), "{consequence:?}");
            assert!(consequence.text(&text).contains(part), "{}", consequence.text(&text));
        }
    }
}
