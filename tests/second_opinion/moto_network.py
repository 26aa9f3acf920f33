#!/usr/bin/env python3
"""Builds a VPC in a running moto_server and prints what boto3 then tells of it, in the shape that tests/it/moto_network.rs makes of ours.

    moto_network.py http://127.0.0.1:5000
"""
import ipaddress
import json
import sys

import boto3

KEYS = {"aws_access_key_id": "testing", "aws_secret_access_key": "testing"}
TARGETS = ["GatewayId", "NatGatewayId", "EgressOnlyInternetGatewayId", "NetworkInterfaceId", "VpcPeeringConnectionId", "TransitGatewayId"]


def main(endpoint):
    ec2 = boto3.client("ec2", endpoint_url=endpoint, region_name="us-east-1", **KEYS)
    vpc = ec2.create_vpc(CidrBlock="10.20.0.0/16", AmazonProvidedIpv6CidrBlock=True)["Vpc"]["VpcId"]
    public, private = (ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.20.{number}.0/24")["Subnet"]["SubnetId"] for number in (1, 2))
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    ec2.create_internet_gateway()
    main_table = ec2.describe_route_tables(Filters=[{"Name": "vpc-id", "Values": [vpc]}])["RouteTables"][0]["RouteTableId"]
    ec2.create_route(RouteTableId=main_table, DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway)
    ec2.create_route(RouteTableId=main_table, DestinationIpv6CidrBlock="::/0", GatewayId=gateway)
    address = ec2.allocate_address(Domain="vpc")["AllocationId"]
    nat = ec2.create_nat_gateway(SubnetId=public, AllocationId=address)["NatGateway"]["NatGatewayId"]
    table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", NatGatewayId=nat)
    ec2.associate_route_table(RouteTableId=table, SubnetId=private)
    other = ec2.create_vpc(CidrBlock="10.30.0.0/16")["Vpc"]["VpcId"]
    peering = ec2.create_vpc_peering_connection(VpcId=vpc, PeerVpcId=other)["VpcPeeringConnection"]["VpcPeeringConnectionId"]
    ec2.create_route(RouteTableId=table, DestinationCidrBlock="10.30.0.0/16", VpcPeeringConnectionId=peering)
    acl = ec2.create_network_acl(VpcId=vpc)["NetworkAcl"]["NetworkAclId"]
    entry = {"NetworkAclId": acl, "Egress": False, "RuleAction": "allow"}
    ec2.create_network_acl_entry(**entry, RuleNumber=100, Protocol="6", PortRange={"From": 22, "To": 22}, CidrBlock="0.0.0.0/0")
    ec2.create_network_acl_entry(**{**entry, "RuleAction": "deny"}, RuleNumber=90, Protocol="17", PortRange={"From": 53, "To": 53}, CidrBlock="10.0.0.0/8")
    ec2.create_network_acl_entry(**{**entry, "Egress": True}, RuleNumber=100, Protocol="-1", CidrBlock="0.0.0.0/0")
    associated = ec2.describe_network_acls(Filters=[{"Name": "association.subnet-id", "Values": [private]}])["NetworkAcls"][0]
    association = next(own for own in associated["Associations"] if own["SubnetId"] == private)
    ec2.replace_network_acl_association(AssociationId=association["NetworkAclAssociationId"], NetworkAclId=acl)
    blocks = ["198.51.100.0/24", "203.0.113.7/32"]
    made = {"PrefixListName": "office", "MaxEntries": 5, "AddressFamily": "IPv4", "Entries": [{"Cidr": block} for block in blocks]}
    list_id = ec2.create_managed_prefix_list(**made)["PrefixList"]["PrefixListId"]
    group = ec2.create_security_group(GroupName="own", Description="own", VpcId=vpc)["GroupId"]
    ssh = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22}
    peers = {"IpRanges": [{"CidrIp": "10.20.0.0/16"}], "UserIdGroupPairs": [{"GroupId": group}], "PrefixListIds": [{"PrefixListId": list_id}]}
    ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[{**ssh, **peers}, {"IpProtocol": "icmp", "FromPort": -1, "ToPort": -1, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}])
    image = ec2.describe_images(Owners=["amazon"])["Images"][0]["ImageId"]
    launched = ec2.run_instances(ImageId=image, MinCount=1, MaxCount=1, InstanceType="t3.micro", SubnetId=private, SecurityGroupIds=[group])
    json.dump(told(ec2, vpc, launched["Instances"][0]["InstanceId"], list_id), sys.stdout, sort_keys=True)


def told(ec2, vpc, instance, list_id):
    of_vpc = [{"Name": "vpc-id", "Values": [vpc]}]
    acls = ec2.describe_network_acls(Filters=of_vpc)["NetworkAcls"]
    tables = ec2.describe_route_tables(Filters=of_vpc)["RouteTables"]
    gateways = ec2.describe_internet_gateways(Filters=[{"Name": "attachment.vpc-id", "Values": [vpc]}])["InternetGateways"]
    subnets = ec2.describe_subnets(Filters=of_vpc)["Subnets"]
    groups = ec2.describe_security_groups(Filters=of_vpc)["SecurityGroups"]
    entries = ec2.get_managed_prefix_list_entries(PrefixListId=list_id)["Entries"]
    interface = ec2.describe_instances(InstanceIds=[instance])["Reservations"][0]["Instances"][0]["NetworkInterfaces"][0]
    return {
        "instance": instance,
        "interface": {
            "id": interface["NetworkInterfaceId"],
            "subnet": interface["SubnetId"],
            "groups": [group["GroupId"] for group in interface["Groups"]],
            "address": interface["PrivateIpAddresses"][0]["PrivateIpAddress"],
        },
        "acls": {acl["NetworkAclId"]: {"subnets": sorted(own["SubnetId"] for own in acl["Associations"]), "entries": [entry(own) for own in sorted(acl["Entries"], key=lambda own: (own["RuleNumber"], own["Egress"]))]} for acl in acls},
        "tables": {table["RouteTableId"]: {"main": any(own.get("Main") for own in table["Associations"]), "subnets": sorted(own["SubnetId"] for own in table["Associations"] if own.get("SubnetId")), "routes": [route(own) for own in table["Routes"]]} for table in tables},
        "gateways": [gateway["InternetGatewayId"] for gateway in gateways],
        "subnets": {subnet["SubnetId"]: [subnet["CidrBlock"]] for subnet in subnets},
        "groups": {group["GroupId"]: [permission(own) for own in group["IpPermissions"]] for group in groups},
        "list": {list_id: [entry["Cidr"] for entry in entries]},
    }


def entry(own):
    ports = own.get("PortRange", {})
    tcp = {"-1": "all", "6": f"{ports.get('From')}-{ports.get('To')}"}.get(own["Protocol"], "none")
    return [own["RuleNumber"], own["Egress"], own["RuleAction"] == "allow", tcp, own.get("CidrBlock") or own.get("Ipv6CidrBlock")]


def route(own):
    target = next(own[name] for name in TARGETS if own.get(name))
    # moto tells an IPv6 block with leading zeros; an address has one canonical text (RFC 5952).
    to = ipaddress.ip_network(own.get("DestinationCidrBlock") or own.get("DestinationIpv6CidrBlock"))
    return [str(to), target, own["State"] == "blackhole"]


def permission(own):
    tcp = {"-1": "all", "tcp": f"{own.get('FromPort')}-{own.get('ToPort')}"}.get(own["IpProtocol"], "none")
    peers = [[own["CidrIp"] for own in own["IpRanges"]], [own["GroupId"] for own in own["UserIdGroupPairs"]], [own["PrefixListId"] for own in own["PrefixListIds"]]]
    return [tcp, *peers]


if __name__ == "__main__":
    main(sys.argv[1])
