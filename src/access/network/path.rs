//! One connection from this computer, and what sentences about it name.

use std::net::IpAddr;

use ipnet::IpNet;

use crate::access::case::{Case, denial_values};
use crate::access::finding::Finding;
use crate::model::{Denial, Interface, Network, Untrusted};
use crate::text::shell_word;

/// A connection from this computer, as AWS sees it.
pub(super) struct Path<'a> {
    pub(super) case: &'a Case<'a>,
    pub(super) network: &'a Network,
    /// The interface that has the address.
    pub(super) interface: &'a Interface,
    /// Where it goes.
    pub(super) address: IpAddr,
    /// Whether it comes through the internet gateway.
    pub(super) is_public: bool,
    /// From where, if that was told.
    pub(super) source: Option<IpAddr>,
}

impl Path<'_> {
    /// A fact that was refused: required where the source of the connection is known, so that it would decide.
    pub(super) fn refused(&self, rule: &'static str, code: &'static str, denial: &Denial, is_required: bool) -> Option<Finding> {
        let [action, why] = denial_values(denial);
        let told = |finding: Finding| finding.with(action.0, action.1.clone()).with(why.0, why.1.clone());
        if is_required && self.source.is_some() && self.is_public {
            return Some(told(Finding::withholds(rule, code)));
        }
        self.case.told(|| told(Finding::unseen(rule, code)))
    }

    /// What is not known; required where the source of the connection is known, so that it would decide.
    pub(super) fn open_question(
        &self,
        rule: &'static str,
        code: &'static str,
        with: impl Fn(Finding) -> Finding,
    ) -> Option<Finding> {
        if self.source.is_some() && self.is_public {
            return Some(with(Finding::withholds(rule, code)));
        }
        self.case.told(|| with(Finding::unseen(rule, code)))
    }

    pub(super) fn subnet(&self) -> String {
        self.interface.subnet.as_ref().map_or_else(|| "–".to_owned(), |subnet| subnet.shown_in(40))
    }

    /// What every sentence about the connection may name.
    pub(super) fn said(&self, finding: Finding) -> Finding {
        let groups = &self.interface.groups;
        let finding = match self.source {
            Some(source) => with_source(finding, source, self.case.options.port),
            None => finding,
        };
        finding
            .with("port", self.case.options.port.to_string())
            .with("address", self.address.to_string())
            .with("groups", named(groups))
            .with("group", groups.first().map(word).unwrap_or_default())
            .with("id", self.case.instance.id.as_str())
            .with("place", self.case.place_flags())
    }
}

/// The source as a sentence names it, and as options of the AWS CLI do.
fn with_source(finding: Finding, source: IpAddr, port: u16) -> Finding {
    let block = IpNet::from(source);
    let (ranges, cidr, option) = match source {
        IpAddr::V4(_) => ("IpRanges", "CidrIp", "--cidr-block"),
        IpAddr::V6(_) => ("Ipv6Ranges", "CidrIpv6", "--ipv6-cidr-block"),
    };
    let permission = format!("IpProtocol=tcp,FromPort={port},ToPort={port},{ranges}=[{{{cidr}={block},Description=ec2dash}}]");
    finding.with("ip", source.to_string()).with("permission", shell_word(&permission)).with("block", format!("{option} {block}"))
}

/// Ids for a sentence.
fn named(ids: &[Untrusted]) -> String {
    if ids.is_empty() { "–".to_owned() } else { ids.iter().map(|id| id.shown_in(40)).collect::<Vec<_>>().join(", ") }
}

/// An id as one word of a command line.
pub(super) fn word(id: &Untrusted) -> String {
    shell_word(&id.shown_in(60))
}
