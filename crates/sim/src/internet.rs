//! The internet in front of a simulated instance: a port of this computer that leads to its sshd where groups, ACLs and routes let the
//! caller's address through. What is not let through gets no answer, as on AWS.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use super::fleet::{Account, Fleet, Instance, State};
use super::network;
use super::vpc::{NetworkAcl, Protocol, RouteTo, Vpcs};
use super::world::World;

const SSH: u16 = 22;
/// A port from which a connection comes, and to which its reply goes.
const EPHEMERAL: u16 = 50_000;
/// Longest that a caller is left without an answer: about as long as a system tries to connect.
const PATIENCE: Duration = Duration::from_secs(130);

/// Serve what comes to this port for `instance`.
pub(super) async fn serve(listener: TcpListener, instance: String, world: Arc<World>) {
    let mut connections = JoinSet::new();
    while let Ok((caller, _)) = listener.accept().await {
        let port = lets_through(&world.fleet(), &instance).then(|| world.far_end.ssh_port(&instance)).flatten();
        connections.spawn(carried(caller, port));
        while connections.try_join_next().is_some() {}
    }
}

async fn carried(mut caller: TcpStream, port: Option<u16>) {
    let Some(port) = port else {
        let mut unread = [0; 1024];
        let silence = async { while caller.read(&mut unread).await.is_ok_and(|read| read > 0) {} };
        // Whoever still waits then is cut off.
        let _ = tokio::time::timeout(PATIENCE, silence).await;
        return;
    };
    if let Ok(mut there) = TcpStream::connect(("127.0.0.1", port)).await {
        // An error of either side is the end of both.
        let _ = copy_bidirectional(&mut caller, &mut there).await;
    }
}

/// Whether a packet from the instance's caller comes to its sshd, and the reply back.
fn lets_through(fleet: &Fleet, id: &str) -> bool {
    let in_account = |account: &'_ Account| account.instances.iter().any(|instance| instance.id == id);
    let Some(account) = fleet.accounts.iter().find(|account| in_account(account)) else { return false };
    let Some(instance) = account.instances.iter().find(|instance| instance.id == id) else { return false };
    let Some(caller) = instance.caller else { return false };
    let groups: Vec<&String> = instance.security_groups.iter().map(|group| &group.id).collect();
    let rules = account.groups.iter().filter(|group| groups.contains(&&group.id)).flat_map(|group| &group.ingress);
    let is_up = instance.state == State::Running && (instance.public_ip.is_some() || !instance.ipv6.is_empty());
    is_up && network::lets(rules, SSH, Some(caller), &[]) && account.vpcs.lets_through(instance, caller)
}

impl Vpcs {
    /// Whether ACLs and routes let a packet from this address in, and the reply out.
    fn lets_through(&self, instance: &Instance, caller: IpAddr) -> bool {
        let (Some(vpc), Some(subnet)) = (&instance.vpc, &instance.subnet) else { return false };
        let acls = || self.acls.iter().filter(|acl| acl.vpc == *vpc && acl.region == instance.region);
        let acl = acls().find(|acl| acl.subnets.contains(subnet)).or_else(|| acls().find(|acl| acl.is_default));
        let acl_lets = acl.is_none_or(|acl| acl.lets(SSH, caller, false) && acl.lets(EPHEMERAL, caller, true));
        acl_lets && self.leads_out(instance, vpc, subnet, caller)
    }

    /// Whether the longest prefix leads the reply through a gateway that is attached.
    fn leads_out(&self, instance: &Instance, vpc: &str, subnet: &String, caller: IpAddr) -> bool {
        let tables = || self.route_tables.iter().filter(|table| table.vpc == vpc && table.region == instance.region);
        let Some(table) = tables().find(|table| table.subnets.contains(subnet)).or_else(|| tables().find(|table| table.is_main))
        else {
            return false;
        };
        let leading = table.routes.iter().filter_map(|route| match &route.to {
            RouteTo::Block(block) if block.contains(&caller) => Some((block.prefix_len(), route)),
            _ => None,
        });
        let is_attached = |id: &str| {
            self.gateways
                .iter()
                .any(|gateway| gateway.id == id && gateway.vpc.as_deref() == Some(vpc) && gateway.state == "available")
        };
        leading.max_by_key(|(length, _)| *length).is_some_and(|(_, route)| !route.is_blackhole && is_attached(&route.target))
    }
}

impl NetworkAcl {
    /// Whether the first entry that is about this packet lets it through.
    pub(super) fn lets(&self, port: u16, other: IpAddr, is_egress: bool) -> bool {
        let is_about = |protocol: Protocol| match protocol {
            Protocol::All => true,
            Protocol::Tcp(first, last) => (first..=last).contains(&port),
            Protocol::Udp(..) | Protocol::Icmp => false,
        };
        let entries = self.entries.iter().filter(|entry| entry.is_egress == is_egress);
        let about = entries.filter(|entry| is_about(entry.protocol) && entry.block.contains(&other));
        about.min_by_key(|entry| entry.number).is_some_and(|entry| entry.allows)
    }
}
