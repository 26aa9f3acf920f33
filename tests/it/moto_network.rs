//! What a VPC lets through, against an EC2 that we did not write.

use ec2dash::model::{AclEntry, GroupRule, Network, Route, RouteTo, TcpPorts, Untrusted};
use serde_json::{Map, Value, json};

use crate::support::moto::Moto;

#[tokio::test]
async fn a_vpc_is_read_as_boto3_reads_it() {
    let moto = Moto::start();
    let mut expected = moto.boto3("moto_network.py", [""; 0]);
    let region = "us-east-1".parse().unwrap();
    let cloud = moto.cloud().await;
    let id = expected.as_object_mut().unwrap().remove("instance").unwrap();

    let instance = cloud.describe(&region, &id.as_str().unwrap().parse().unwrap()).await.unwrap();
    let network = cloud.network_of(&region, &instance).await.known().unwrap().clone();

    let [interface] = instance.interfaces.as_slice() else { panic!("{:?}", instance.interfaces) };
    let mut told = seen(&network);
    told["interface"] = json!({
        "id": interface.id.raw(),
        "subnet": interface.subnet.as_ref().map(Untrusted::raw),
        "groups": raw(&interface.groups),
        "address": interface.addresses[0].0.to_string(),
    });
    assert_eq!(told, expected);
    // moto does not know endpoints, and nothing else is hidden by that.
    let untold: Vec<&str> = network.denials().map(|denial| denial.action).collect();
    assert_eq!(untold, ["ec2:DescribeInstanceConnectEndpoints"]);
}

/// Our reading in the shape of the script.
fn seen(network: &Network) -> Value {
    let sorted = |ids: &[Untrusted]| {
        let mut ids = raw(ids);
        ids.sort();
        ids
    };
    let acls = network.acls.known().unwrap().iter().map(|acl| {
        let own = json!({"subnets": sorted(&acl.subnets), "entries": acl.entries.iter().map(entry).collect::<Vec<_>>()});
        (acl.id.raw().to_owned(), own)
    });
    let tables = network.route_tables.known().unwrap().iter().map(|table| {
        let routes: Vec<_> = table.routes.iter().map(route).collect();
        (table.id.raw().to_owned(), json!({"main": table.is_main, "subnets": sorted(&table.subnets), "routes": routes}))
    });
    let groups = network.groups.known().unwrap().iter();
    let groups = groups.map(|(id, own)| (id.raw().to_owned(), own.ingress.iter().map(rule).collect::<Value>()));
    let subnets = network.subnets.known().unwrap().iter();
    let lists = network.prefix_lists.iter().map(|(id, list)| (id.raw().to_owned(), texts(list.known().unwrap())));
    json!({
        "acls": acls.collect::<Map<_, _>>(),
        "tables": tables.collect::<Map<_, _>>(),
        "gateways": raw(network.internet_gateways.known().unwrap()),
        "subnets": subnets.map(|(id, own)| (id.raw().to_owned(), texts(&own.blocks))).collect::<Map<_, _>>(),
        "groups": groups.collect::<Map<_, _>>(),
        "list": lists.collect::<Map<_, _>>(),
    })
}

fn entry(own: &AclEntry) -> Value {
    json!([own.number, own.is_egress, own.allows, ports(own.ports), own.block.to_string()])
}

fn route(own: &Route) -> Value {
    let to = match &own.to {
        RouteTo::Block(block) => block.to_string(),
        RouteTo::List(id) => id.raw().to_owned(),
    };
    json!([to, own.target.id().map_or("local", Untrusted::raw), own.is_blackhole])
}

fn rule(own: &GroupRule) -> Value {
    json!([ports(own.ports), texts(&own.blocks), raw(&own.groups), raw(&own.prefix_lists)])
}

fn ports(ports: TcpPorts) -> String {
    match ports {
        TcpPorts::All => "all".to_owned(),
        TcpPorts::Range(first, last) => format!("{first}-{last}"),
        TcpPorts::None => "none".to_owned(),
    }
}

fn texts<T: ToString>(all: &[T]) -> Value {
    all.iter().map(ToString::to_string).collect()
}

fn raw(ids: &[Untrusted]) -> Vec<String> {
    ids.iter().map(|id| id.raw().to_owned()).collect()
}
