#!/usr/bin/env python3
"""Builds the worlds of worlds.toml in a running moto_server, turns its IAM on, and prints the instances and keys.

    worlds.py http://127.0.0.1:5000 worlds.toml KEY_FILE ACTION…

Writes the private key of the worlds' key pair to KEY_FILE. Prints `{"instances": {world: id}, "keys": {"": [id, secret], action: [id, secret]}}`: with the keys of an action everything may be done but
that.
"""
import json
import os
import sys
import tomllib
import urllib.request

import boto3

KEYS = {"aws_access_key_id": "testing", "aws_secret_access_key": "testing"}


def client(service, endpoint):
    return boto3.client(service, endpoint_url=endpoint, region_name="us-east-1", **KEYS)


class Builder:
    def __init__(self, endpoint, key_file):
        self.ec2 = client("ec2", endpoint)
        self.iam = client("iam", endpoint)
        images = self.ec2.describe_images(Owners=["amazon"])["Images"]
        self.linux = next(own["ImageId"] for own in images if own.get("Platform") != "windows" and "amzn" in own["Name"])
        self.windows = next(own["ImageId"] for own in images if own.get("Platform") == "windows")
        with open(os.open(key_file, os.O_WRONLY | os.O_CREAT, 0o600), "w") as own:
            own.write(self.ec2.create_key_pair(KeyName="team")["KeyMaterial"])

    def profile(self, name):
        trust = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "ec2.amazonaws.com"}}]}
        document = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}
        self.iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust))
        own = self.iam.create_policy(PolicyName=name, PolicyDocument=json.dumps(document))["Policy"]["Arn"]
        self.iam.attach_role_policy(RoleName=name, PolicyArn=own)
        self.iam.put_role_policy(RoleName=name, PolicyName="own", PolicyDocument=json.dumps(document))
        self.iam.create_instance_profile(InstanceProfileName=name)
        self.iam.add_role_to_instance_profile(InstanceProfileName=name, RoleName=name)
        return name

    def group(self, vpc, name, rules, other=None, lists=None):
        group = self.ec2.create_security_group(GroupName=name, Description=name, VpcId=vpc)["GroupId"]
        for rule in rules:
            self.allow(group, rule, other, lists)
        return group

    def allow(self, group, rule, other=None, lists=None):
        protocol, first, last, peer = rule
        permission = {"IpProtocol": protocol}
        if protocol != "-1":
            permission |= {"FromPort": first, "ToPort": last}
        if peer in ("self", "other"):
            permission["UserIdGroupPairs"] = [{"GroupId": group if peer == "self" else other}]
        elif peer == "list":
            permission["PrefixListIds"] = [{"PrefixListId": lists}]
        elif ":" in peer:
            permission["Ipv6Ranges"] = [{"CidrIpv6": peer}]
        else:
            permission["IpRanges"] = [{"CidrIp": peer}]
        self.ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[permission])

    def prefix_list(self, world):
        blocks = world.get("list", [])
        if "long_list" in world:
            blocks = [f"198.18.{number // 250}.{number % 250}/32" for number in range(999)] + [world["long_list"]]
        if not blocks:
            return None
        made = {"PrefixListName": world["name"], "MaxEntries": len(blocks), "AddressFamily": "IPv4"}
        return self.ec2.create_managed_prefix_list(**made, Entries=[{"Cidr": own} for own in blocks])["PrefixList"]["PrefixListId"]

    def acl(self, vpc, subnet, entries):
        acl = self.ec2.create_network_acl(VpcId=vpc)["NetworkAcl"]["NetworkAclId"]
        for way, number, protocol, first, last, block, action in entries:
            entry = {"NetworkAclId": acl, "Egress": way == "out", "RuleNumber": number, "Protocol": protocol, "CidrBlock": block, "RuleAction": action}
            if protocol != "-1":
                entry["PortRange"] = {"From": first, "To": last}
            self.ec2.create_network_acl_entry(**entry)
        told = self.ec2.describe_network_acls(Filters=[{"Name": "association.subnet-id", "Values": [subnet]}])["NetworkAcls"][0]
        association = next(own for own in told["Associations"] if own["SubnetId"] == subnet)
        self.ec2.replace_network_acl_association(AssociationId=association["NetworkAclAssociationId"], NetworkAclId=acl)

    def target(self, kind, vpc, subnet, gateway):
        if kind == "igw":
            return {"GatewayId": gateway}
        if kind == "nat":
            address = self.ec2.allocate_address(Domain="vpc")["AllocationId"]
            return {"NatGatewayId": self.ec2.create_nat_gateway(SubnetId=subnet, AllocationId=address)["NatGateway"]["NatGatewayId"]}
        if kind == "eni":
            return {"NetworkInterfaceId": self.ec2.create_network_interface(SubnetId=subnet)["NetworkInterface"]["NetworkInterfaceId"]}
        if kind == "peering":
            other = self.ec2.create_vpc(CidrBlock="10.99.0.0/16")["Vpc"]["VpcId"]
            made = self.ec2.create_vpc_peering_connection(VpcId=vpc, PeerVpcId=other)["VpcPeeringConnection"]["VpcPeeringConnectionId"]
            self.ec2.accept_vpc_peering_connection(VpcPeeringConnectionId=made)
            return {"VpcPeeringConnectionId": made}
        if kind == "vgw":
            made = self.ec2.create_vpn_gateway(Type="ipsec.1")["VpnGateway"]["VpnGatewayId"]
            self.ec2.attach_vpn_gateway(VpcId=vpc, VpnGatewayId=made)
            return {"GatewayId": made}
        sys.exit(f"no target {kind}")

    def routes(self, table, routes, vpc, subnet, gateway):
        for block, kind in routes:
            self.ec2.create_route(RouteTableId=table, DestinationCidrBlock=block, **self.target(kind, vpc, subnet, gateway))

    def build(self, world):
        ec2, name = self.ec2, world["name"]
        vpc = ec2.create_vpc(CidrBlock="10.20.0.0/16")["Vpc"]["VpcId"]
        subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.20.1.0/24")["Subnet"]["SubnetId"]
        edge = ec2.create_subnet(VpcId=vpc, CidrBlock="10.20.2.0/24")["Subnet"]["SubnetId"]
        gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
        ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
        main = ec2.describe_route_tables(Filters=[{"Name": "vpc-id", "Values": [vpc]}])["RouteTables"][0]["RouteTableId"]
        if "main" in world:
            self.routes(main, world["main"], vpc, edge, gateway)
        else:
            table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
            self.routes(table, world.get("routes", [["0.0.0.0/0", "igw"]]), vpc, edge, gateway)
            ec2.associate_route_table(RouteTableId=table, SubnetId=subnet)
        if "acl" in world:
            self.acl(vpc, subnet, world["acl"])
        other = self.group(vpc, "other", [])
        lists = self.prefix_list(world)
        groups = [self.group(vpc, "own", world.get("in", []), other, lists)]
        # moto, as AWS unasked, takes 60 rules of a group and five groups of an interface.
        for number in range(world.get("more_rules", 0) // 50):
            blocks = [{"CidrIp": f"198.18.{number}.{own}/32"} for own in range(50)]
            more = self.group(vpc, f"more-{number}", [])
            ec2.authorize_security_group_ingress(GroupId=more, IpPermissions=[{"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": blocks}])
            groups.append(more)
        if world.get("circle"):
            self.allow(other, ["tcp", 22, 22, "other"], groups[0])
        if world.get("no_egress"):
            out = {"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
            ec2.revoke_security_group_egress(GroupId=groups[0], IpPermissions=[out])
        if "groups" in world:
            groups.append(self.group(vpc, "second", world["groups"], other, lists))
        interface = {"DeviceIndex": 0, "SubnetId": subnet, "Groups": groups, "AssociatePublicIpAddress": world.get("public", True)}
        image = self.windows if world.get("windows") else self.linux
        key = {"KeyName": "team"} if world.get("key") else {}
        tags = [{"ResourceType": "instance", "Tags": [{"Key": "Name", "Value": name}]}]
        if world.get("profile"):
            key["IamInstanceProfile"] = {"Name": self.profile(name)}
        launched = ec2.run_instances(ImageId=image, MinCount=1, MaxCount=1, InstanceType="t3.micro", NetworkInterfaces=[interface], TagSpecifications=tags, **key)
        instance = launched["Instances"][0]["InstanceId"]
        if world.get("elastic"):
            address = ec2.allocate_address(Domain="vpc")["AllocationId"]
            ec2.associate_address(AllocationId=address, InstanceId=instance)
        if "second" in world:
            group = self.group(vpc, "of-the-second", world["second"]["in"])
            made = ec2.create_network_interface(SubnetId=subnet, Groups=[group])["NetworkInterface"]["NetworkInterfaceId"]
            ec2.attach_network_interface(NetworkInterfaceId=made, InstanceId=instance, DeviceIndex=1)
            address = ec2.allocate_address(Domain="vpc")["AllocationId"]
            ec2.associate_address(AllocationId=address, NetworkInterfaceId=made)
        if world.get("detached"):
            ec2.detach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
        if world.get("state") == "stopped":
            ec2.stop_instances(InstanceIds=[instance])
        if world.get("state") == "terminated":
            ec2.terminate_instances(InstanceIds=[instance])
        return instance


def keys_without(iam, action):
    """Keys of a user who may do everything but this."""
    name = "all" if not action else action.replace(":", ".")
    allow = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    deny = {"Effect": "Deny", "Action": action, "Resource": "*"}
    document = {"Version": "2012-10-17", "Statement": [allow, deny] if action else [allow]}
    iam.create_user(UserName=name)
    iam.put_user_policy(UserName=name, PolicyName="own", PolicyDocument=json.dumps(document))
    made = iam.create_access_key(UserName=name)["AccessKey"]
    return [made["AccessKeyId"], made["SecretAccessKey"]]


def main(endpoint, file, key_file, *actions):
    with open(file, "rb") as own:
        worlds = tomllib.load(own)["world"]
    builder = Builder(endpoint, key_file)
    instances = {world["name"]: builder.build(world) for world in worlds}
    keys = {action: keys_without(builder.iam, action) for action in ["", *actions]}
    request = urllib.request.Request(f"{endpoint}/moto-api/reset-auth", data=b"0", headers={"Content-Type": "text/plain"})
    urllib.request.urlopen(request).read()
    json.dump({"instances": instances, "keys": keys}, sys.stdout)


main(*sys.argv[1:])
