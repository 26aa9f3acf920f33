//! An instance as a file keeps it: what AWS told, and no refusal, which is of its day.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::model::{
    Fact, Grant, Image, Instance, InstanceState, Os, Place, ProfileRole, SecurityGroup, Ssm, SsmStatus, Untrusted, WhenStopped,
};

/// One row.
#[derive(Serialize, Deserialize)]
pub(super) struct KeptRow {
    pub(super) id: String,
    account: Option<String>,
    state: String,
    state_reason: Option<String>,
    tags: BTreeMap<String, String>,
    instance_type: Option<String>,
    az: Option<String>,
    private_ip: Option<Ipv4Addr>,
    public_ip: Option<Ipv4Addr>,
    ipv6: Vec<Ipv6Addr>,
    further_ips: Vec<Ipv4Addr>,
    dns_names: Vec<String>,
    image: Option<String>,
    key_name: Option<String>,
    vpc: Option<String>,
    subnet: Option<String>,
    security_groups: Vec<(String, String)>,
    launched: Option<i64>,
    platform: Option<String>,
    os: String,
    metadata_enabled: Option<bool>,
    is_spot: bool,
    managed_by: Option<String>,
    elastic_ip: Option<bool>,
    ebs_root: Option<bool>,
    hibernation: Option<bool>,
    instance_profile: Option<String>,
    role: Option<KeptRole>,
    ssm: Option<KeptSsm>,
    /// Whether AWS was asked for the image's name; it may know none.
    image_is_known: bool,
    image_name: Option<KeptImage>,
}

#[derive(Serialize, Deserialize)]
struct KeptRole {
    role: Option<String>,
    /// What a role lacks is read anew.
    grants_sessions: bool,
}

#[derive(Serialize, Deserialize)]
struct KeptSsm {
    status: String,
    agent_version: Option<String>,
    last_ping: Option<i64>,
    platform_name: Option<String>,
    platform_version: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct KeptImage {
    name: String,
    owner: Option<String>,
    owner_alias: Option<String>,
}

impl KeptRow {
    /// The row to keep.
    pub(super) fn of(row: &Instance) -> Self {
        let text = |text: &Untrusted| text.raw().to_owned();
        let some = |value: &Option<Untrusted>| value.as_ref().map(text);
        let role = row
            .role
            .known()
            .map(|role| KeptRole { role: some(&role.role), grants_sessions: role.grant.known() == Some(&Grant::Sessions) });
        let ssm = row.ssm.known().map(|ssm| KeptSsm {
            status: ssm.status.word().to_owned(),
            agent_version: some(&ssm.agent_version),
            last_ping: ssm.last_ping.map(Timestamp::as_millisecond),
            platform_name: some(&ssm.platform_name),
            platform_version: some(&ssm.platform_version),
        });
        let image = |image: &Image| KeptImage {
            name: text(&image.name),
            owner: some(&image.owner),
            owner_alias: some(&image.owner_alias),
        };
        Self {
            id: row.id.to_string(),
            account: row.account.as_ref().map(ToString::to_string),
            state: row.state.word().to_owned(),
            state_reason: some(&row.state_reason),
            tags: row.tags.iter().map(|(key, value)| (text(key), text(value))).collect(),
            instance_type: some(&row.instance_type),
            az: some(&row.az),
            private_ip: row.private_ip,
            public_ip: row.public_ip,
            ipv6: row.ipv6.clone(),
            further_ips: row.further_ips.clone(),
            dns_names: row.dns_names.iter().map(text).collect(),
            image: some(&row.image),
            key_name: some(&row.key_name),
            vpc: some(&row.vpc),
            subnet: some(&row.subnet),
            security_groups: row.security_groups.iter().map(|group| (text(&group.id), text(&group.name))).collect(),
            launched: row.launched.map(Timestamp::as_millisecond),
            platform: some(&row.platform),
            os: row.os.word().to_owned(),
            metadata_enabled: row.metadata_enabled,
            is_spot: row.is_spot,
            managed_by: some(&row.managed_by),
            elastic_ip: row.when_stopped.elastic_ip,
            ebs_root: row.when_stopped.ebs_root,
            hibernation: row.when_stopped.hibernation,
            instance_profile: some(&row.instance_profile),
            role,
            ssm,
            image_is_known: row.image_name.known().is_some(),
            image_name: row.image_name.known().and_then(|known| known.as_ref().map(image)),
        }
    }

    /// The name, as its tag says.
    pub(super) fn name(&self) -> Option<&str> {
        self.tags.get("Name").map(String::as_str).filter(|name| !name.is_empty())
    }

    /// The row again; `None` if it cannot be one.
    pub(super) fn restored(self, place: &Arc<Place>) -> Option<Instance> {
        let some = |value: Option<String>| value.map(Untrusted::from);
        let os = [Os::Linux, Os::Windows, Os::MacOs].into_iter().find(|os| os.word() == self.os)?;
        let role = self.role.map(|kept| {
            // Unknown is not No: what is lacking is asked anew.
            let grant = if kept.grants_sessions { Fact::Known(Grant::Sessions) } else { Fact::Pending };
            ProfileRole { role: some(kept.role), grant, has_retired_policy: false }
        });
        let statuses = [SsmStatus::Online, SsmStatus::Lost, SsmStatus::Unmanaged, SsmStatus::Unknown];
        let ssm = match self.ssm {
            Some(kept) => Fact::Known(Ssm {
                status: statuses.into_iter().find(|status| status.word() == kept.status)?,
                agent_version: some(kept.agent_version),
                last_ping: time(kept.last_ping)?,
                platform_name: some(kept.platform_name),
                platform_version: some(kept.platform_version),
            }),
            None => Fact::Pending,
        };
        let image =
            |kept: KeptImage| Image { name: kept.name.into(), owner: some(kept.owner), owner_alias: some(kept.owner_alias) };
        let account = self.account.map(|account| account.parse().ok());
        Some(Instance {
            id: self.id.parse().ok()?,
            place: Arc::clone(place),
            account: match account {
                Some(account) => Some(account?),
                None => None,
            },
            state: InstanceState::from_word(&self.state),
            state_reason: some(self.state_reason),
            tags: self.tags.into_iter().map(|(key, value)| (key.into(), value.into())).collect(),
            instance_type: some(self.instance_type),
            az: some(self.az),
            private_ip: self.private_ip,
            public_ip: self.public_ip,
            ipv6: self.ipv6,
            further_ips: self.further_ips,
            interfaces: Vec::new(),
            dns_names: self.dns_names.into_iter().map(Untrusted::from).collect(),
            image: some(self.image),
            key_name: some(self.key_name),
            vpc: some(self.vpc),
            subnet: some(self.subnet),
            security_groups: self
                .security_groups
                .into_iter()
                .map(|(id, name)| SecurityGroup { id: id.into(), name: name.into() })
                .collect(),
            launched: time(self.launched)?,
            platform: some(self.platform),
            os,
            metadata_enabled: self.metadata_enabled,
            is_spot: self.is_spot,
            managed_by: some(self.managed_by),
            when_stopped: WhenStopped { elastic_ip: self.elastic_ip, ebs_root: self.ebs_root, hibernation: self.hibernation },
            instance_profile: some(self.instance_profile),
            role: role.map_or(Fact::Pending, Fact::Known),
            ssm,
            image_name: if self.image_is_known { Fact::Known(self.image_name.map(image)) } else { Fact::Pending },
            // It is asked for with the first page.
            network: Fact::Pending,
            key_pair: Fact::Pending,
            channel: Fact::Pending,
            serial: Default::default(),
            examination: None,
        })
    }
}

/// A time again; `None` for what is none.
fn time(kept: Option<i64>) -> Option<Option<Timestamp>> {
    kept.map(|kept| Timestamp::from_millisecond(kept).ok()).map_or(Some(None), |time| time.map(Some))
}
