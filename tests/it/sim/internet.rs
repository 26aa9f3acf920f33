//! The internet in front of a simulated instance: who is let in by groups, ACLs and routes, and who gets no answer.

use std::io::{ErrorKind, Read as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use ec2dash_sim::fleet::{Account, State};

use crate::proxy::Desk;

/// What somebody does to an account.
type Change<'a> = Box<dyn Fn(&mut Account) + 'a>;

/// Where an instance's public address really is.
fn place(desk: &Desk, id: &str) -> SocketAddr {
    let config = std::fs::read_to_string(desk.sim.directory().join("config.toml")).unwrap();
    let config: toml::Table = config.parse().unwrap();
    let rules = config["rule"].as_array().unwrap();
    let rule = rules.iter().find(|rule| rule["match"].get("id").and_then(toml::Value::as_str) == Some(id)).unwrap();
    rule["simulated"].as_str().unwrap().parse().unwrap()
}

/// Whether sshd says something, rather than nothing.
fn answers(place: SocketAddr) -> bool {
    let mut stream = TcpStream::connect(place).unwrap();
    stream.set_read_timeout(Some(Duration::from_millis(700))).unwrap();
    let mut banner = [0; 4];
    match stream.read(&mut banner) {
        Ok(read) => banner[..read] == *b"SSH-",
        Err(error) if error.kind() == ErrorKind::WouldBlock => false,
        Err(error) => panic!("{error}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_is_answered_where_the_network_lets_it_through() {
    let desk = Desk::new(&[]).await;
    let fleet = desk.sim.fleet();
    let account = &fleet.accounts[0];
    let instance = account.instances.iter().find(|own| own.tags.iter().any(|(_, value)| value == "us-web-1")).unwrap();
    let (place, id) = (place(&desk, &instance.id), instance.id.clone());
    let (vpc, group) = (instance.vpc.clone().unwrap(), instance.security_groups[0].id.clone());
    assert!(answers(place));

    let changes: [(&str, Change<'_>); 5] = [
        ("no rule", Box::new(|own| own.groups.iter_mut().filter(|own| own.id == group).for_each(|own| own.ingress.clear()))),
        ("no way in by the ACL", Box::new(|own| acl_of(own, &vpc, "1 in deny tcp 22 from 203.0.113.0/24"))),
        ("no way out by the ACL", Box::new(|own| acl_of(own, &vpc, "1 out deny tcp 1024-65535 to 203.0.113.0/24"))),
        ("no route", Box::new(|own| own.vpcs.route_tables.iter_mut().for_each(|table| table.routes.clear()))),
        (
            "not running",
            Box::new(|own| {
                own.instances.iter_mut().filter(|own| own.id == id).for_each(|own| own.state = State::Stopped);
            }),
        ),
    ];
    for (what, change) in changes {
        let before = (*desk.sim.fleet()).clone();
        desk.sim.edit(|fleet| change(&mut fleet.accounts[0]));
        assert!(!answers(place), "{what}");
        desk.sim.edit(|fleet| *fleet = before);
        assert!(answers(place), "after: {what}");
    }
}

fn acl_of(account: &mut Account, vpc: &str, entry: &str) {
    let acls = account.vpcs.acls.iter_mut().filter(|acl| acl.vpc == vpc);
    acls.for_each(|acl| acl.entries.push(entry.parse().unwrap()));
}
