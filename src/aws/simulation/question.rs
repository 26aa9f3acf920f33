//! What is asked of a simulation: which actions on which things, and what a request would tell of itself.

use std::collections::BTreeSet;

use aws_sdk_iam::types::{ContextEntry, ContextKeyTypeEnum};

use super::result::{ACCESS_CHECK, Simulated, decision};
use crate::aws::documents;
use crate::aws::principal::Principal;
use crate::model::{Decision, Instance, Partition, Permission, Permissions, Region};

/// Tags that are told of an instance; it has at most 50.
const TAGS: usize = 50;
/// Seconds of the tunnels that are asked for where nobody wishes for another limit, and of those that any policy takes that takes some.
const LONGEST: &str = "3600";
const SHORT: &str = "60";

/// The same actions on the same things.
pub(super) struct Question {
    pub(super) actions: Vec<&'static str>,
    pub(super) resources: Vec<String>,
    pub(super) context: Vec<ContextEntry>,
}

/// Everything that is asked: each permission, and the actions on resources that it takes.
pub(super) struct Asked {
    permissions: Vec<(Permission, Vec<(&'static str, String)>)>,
    instance: String,
    /// What the tag of its sessions says of whoever began them.
    caller: Option<String>,
}

impl Asked {
    pub(super) fn of(region: &Region, instance: &Instance, principal: &Principal) -> Self {
        let partition = Partition::of(region).id;
        let account = instance.account.as_ref().map(|own| own.as_str().to_owned()).unwrap_or_default();
        let id = instance.id.as_str();
        let is_hybrid = instance.id.is_hybrid();
        let of_ec2 = |kind: &str, id: &str| format!("arn:{partition}:ec2:{region}:{account}:{kind}/{id}");
        let of_ssm = |rest: &str| format!("arn:{partition}:ssm:{region}:{account}:{rest}");
        // A document of AWS's own belongs to no account.
        let of_aws = |name: &str| format!("arn:{partition}:ssm:{region}::document/{name}");
        let node = if is_hybrid { of_ssm(&format!("managed-instance/{id}")) } else { of_ec2("instance", id) };
        let on_node = |permission: Permission| (permission, vec![(permission.action(), node.clone())]);
        let by_document = |permission: Permission, document: String| {
            (permission, vec![(permission.action(), node.clone()), (permission.action(), document)])
        };
        let preferences = of_ssm(&format!("document/{}", documents::PREFERENCES));
        let mut permissions = vec![
            on_node(Permission::Shell),
            (Permission::ShellDocument, vec![(Permission::ShellDocument.action(), preferences)]),
            by_document(Permission::SshSession, of_aws(documents::SSH)),
            by_document(Permission::PortSession, of_aws(documents::PORT)),
        ];
        if !is_hybrid {
            permissions.extend([Permission::PushKey, Permission::SerialConsole, Permission::Password].map(on_node));
            let endpoints = instance.network.known().and_then(|network| network.endpoints.known()).into_iter().flatten();
            let usable = endpoints.filter(|endpoint| endpoint.state.may_carry());
            let tunnels: Vec<_> =
                usable.map(|own| (Permission::Tunnel.action(), of_ec2("instance-connect-endpoint", own.id.as_str()))).collect();
            permissions.extend((!tunnels.is_empty()).then_some((Permission::Tunnel, tunnels)));
        }
        if let Some(name) = principal.session_name() {
            let session = of_ssm(&format!("session/{name}-0123456789abcdef0"));
            let both = ["ssm:ResumeSession", Permission::OwnSessions.action()].map(|action| (action, session.clone()));
            permissions.push((Permission::OwnSessions, both.into()));
        }
        let examined = instance.examination.as_ref();
        let preferences = examined.and_then(|examined| examined.preferences.known());
        // By an alias nothing is told of a key.
        if let Some(key) = preferences.and_then(|own| own.key.as_ref()).filter(|key| key.raw().contains(":key/")) {
            permissions.push((Permission::DataKey, vec![(Permission::DataKey.action(), key.raw().to_owned())]));
        }
        let caller = examined.and_then(|examined| examined.caller.known()).map(|caller| caller.user_id.raw().to_owned());
        Self { permissions, instance: node, caller }
    }

    /// The same answer to everything that tells of a way in.
    pub(super) fn all(&self, decision: &Decision) -> Permissions {
        let told = self.permissions.iter().filter(|(permission, _)| *permission != Permission::ShellDocument);
        told.map(|(permission, _)| (*permission, decision.clone())).collect()
    }

    /// What is asked about the instance, with its tags.
    pub(super) fn of_instance(&self, instance: &Instance, user: &str) -> Question {
        let mut context: Vec<ContextEntry> = entry("ec2:osuser", user, ContextKeyTypeEnum::String).into_iter().collect();
        for (key, value) in instance.tags.iter().take(TAGS) {
            let names = ["aws:ResourceTag", "ec2:ResourceTag", "ssm:resourceTag"].map(|kind| format!("{kind}/{}", key.raw()));
            context.extend(names.iter().filter_map(|name| entry(name, value.raw(), ContextKeyTypeEnum::String)));
        }
        self.question(|resource| resource == self.instance, context)
    }

    /// What is asked about documents, endpoints, sessions and keys. None of them has the instance's tags.
    pub(super) fn of_the_rest(&self, instance: &Instance) -> Question {
        self.question(|resource| resource != self.instance, self.of_a_tunnel(instance, LONGEST))
    }

    /// What is asked about a tunnel that lasts for a minute.
    pub(super) fn of_a_short_tunnel(&self, instance: &Instance) -> Question {
        let resources: Vec<String> = self.tunnels().map(|(_, resource)| resource.clone()).collect();
        Question { actions: vec![Permission::Tunnel.action()], resources, context: self.of_a_tunnel(instance, SHORT) }
    }

    /// What the results say of tunnels; one endpoint is enough.
    pub(super) fn tunnel(&self, results: &[Simulated]) -> Option<Decision> {
        self.tunnels().map(|(action, resource)| decision(results, action, resource)).min()
    }

    fn tunnels(&self) -> impl Iterator<Item = &(&'static str, String)> {
        self.permissions.iter().filter(|(permission, _)| *permission == Permission::Tunnel).flat_map(|(_, pairs)| pairs)
    }

    fn of_a_tunnel(&self, instance: &Instance, seconds: &str) -> Vec<ContextEntry> {
        let address = instance.private_ip.map(|ip| ip.to_string()).unwrap_or_default();
        let own = "ssm:resourceTag/aws:ssmmessages:session-id";
        let context = [
            entry("ec2-instance-connect:remotePort", "22", ContextKeyTypeEnum::Numeric),
            entry("ec2-instance-connect:maxTunnelDuration", seconds, ContextKeyTypeEnum::Numeric),
            entry("ec2-instance-connect:privateIpAddress", &address, ContextKeyTypeEnum::Ip),
            self.caller.as_ref().and_then(|caller| entry(own, caller, ContextKeyTypeEnum::String)),
        ];
        context.into_iter().flatten().collect()
    }

    /// What the results say of each permission.
    pub(super) fn decided(&self, results: &[Simulated]) -> Permissions {
        let looks_at_documents = results.iter().any(|result| result.names_key(ACCESS_CHECK));
        let told =
            self.permissions.iter().filter(|(permission, _)| *permission != Permission::ShellDocument || looks_at_documents);
        let decided = told.map(|(permission, pairs)| {
            let all = pairs.iter().map(|(action, resource)| decision(results, action, resource));
            // One endpoint is enough.
            let decided = if *permission == Permission::Tunnel { all.min() } else { all.max() };
            (*permission, decided.unwrap_or(Decision::Unclear(Vec::new())))
        });
        decided.collect()
    }

    fn question(&self, is_asked: impl Fn(&str) -> bool, context: Vec<ContextEntry>) -> Question {
        let pairs = || self.permissions.iter().flat_map(|(_, pairs)| pairs).filter(|(_, resource)| is_asked(resource));
        let actions: BTreeSet<&'static str> = pairs().map(|(action, _)| *action).collect();
        let resources: BTreeSet<&String> = pairs().map(|(_, resource)| resource).collect();
        Question { actions: actions.into_iter().collect(), resources: resources.into_iter().cloned().collect(), context }
    }
}

/// `None` where there is nothing to tell.
fn entry(name: &str, value: &str, kind: ContextKeyTypeEnum) -> Option<ContextEntry> {
    let is_told = !value.is_empty();
    is_told.then(|| ContextEntry::builder().context_key_name(name).context_key_values(value).context_key_type(kind).build())
}
