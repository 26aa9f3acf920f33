#!/usr/bin/env python3
"""An instance that nobody may reach in a running moto_server, and what boto3 tells of its group, or of all that fixes change.

    moto_fixes.py http://127.0.0.1:5000 build
    moto_fixes.py http://127.0.0.1:5000 group sg-0123456789abcdef0
    moto_fixes.py http://127.0.0.1:5000 state vpc-0123456789abcdef0
"""
import json
import sys

import boto3

KEYS = {"aws_access_key_id": "testing", "aws_secret_access_key": "testing"}
# What moto makes up anew with each answer.
PASSING = {"ResponseMetadata", "LastModified", "UsageOperationUpdateTime"}


def main(endpoint, verb, about=None):
    made = {"endpoint_url": endpoint, "region_name": "us-east-1", **KEYS}
    ec2, iam = boto3.client("ec2", **made), boto3.client("iam", **made)
    told = {
        "build": lambda: build(ec2),
        "group": lambda: ec2.describe_security_groups(GroupIds=[about])["SecurityGroups"][0],
        "state": lambda: state(ec2, iam, about),
    }
    json.dump(told[verb](), sys.stdout, sort_keys=True, default=str)


def build(ec2):
    vpc = ec2.create_vpc(CidrBlock="10.20.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.20.1.0/24")["Subnet"]["SubnetId"]
    ec2.modify_subnet_attribute(SubnetId=subnet, MapPublicIpOnLaunch={"Value": True})
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    table = ec2.describe_route_tables(Filters=of(vpc))["RouteTables"][0]["RouteTableId"]
    ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway)
    bare = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    group = ec2.create_security_group(GroupName="office", Description="office", VpcId=vpc)["GroupId"]
    ssh = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": "198.51.100.0/24", "Description": "office"}]}
    ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[ssh])
    service = {"VpcEndpointType": "Interface", "ServiceName": "com.amazonaws.us-east-1.ssm", "PrivateDnsEnabled": False}
    endpoint = ec2.create_vpc_endpoint(VpcId=vpc, SubnetIds=[subnet], SecurityGroupIds=[group], **service)["VpcEndpoint"]["VpcEndpointId"]
    image = ec2.describe_images(Owners=["amazon"])["Images"][0]["ImageId"]
    interface = {"DeviceIndex": 0, "SubnetId": subnet, "AssociatePublicIpAddress": True, "Groups": [group]}
    launched = ec2.run_instances(ImageId=image, MinCount=1, MaxCount=1, InstanceType="t3.micro", NetworkInterfaces=[interface])["Instances"][0]
    ec2.modify_instance_metadata_options(InstanceId=launched["InstanceId"], HttpEndpoint="disabled", HttpTokens="optional")
    acl = ec2.describe_network_acls(Filters=of(vpc))["NetworkAcls"][0]["NetworkAclId"]
    eni = launched["NetworkInterfaces"][0]["NetworkInterfaceId"]
    made = {"instance": launched["InstanceId"], "group": group, "vpc": vpc, "subnet": subnet, "acl": acl, "endpoint": endpoint}
    return {**made, "table": bare, "gateway": gateway, "interface": eni}


def of(vpc):
    return [{"Name": "vpc-id", "Values": [vpc]}]


def state(ec2, iam, vpc):
    """All that fixes change, in an order of its own."""
    instances = [own for told in ec2.describe_instances(Filters=of(vpc))["Reservations"] for own in told["Instances"]]
    dns = ["enableDnsSupport", "enableDnsHostnames"]
    profiles = iam.list_instance_profiles()["InstanceProfiles"]
    roles = iam.list_roles()["Roles"]
    return lasting({
        "groups": by(ec2.describe_security_groups(Filters=of(vpc))["SecurityGroups"], "GroupId"),
        "acls": [{**own, "Entries": sorted(own["Entries"], key=lambda one: (one["Egress"], one["RuleNumber"]))} for own in by(ec2.describe_network_acls(Filters=of(vpc))["NetworkAcls"], "NetworkAclId")],
        "tables": by(ec2.describe_route_tables(Filters=of(vpc))["RouteTables"], "RouteTableId"),
        "endpoints": by(ec2.describe_vpc_endpoints(Filters=of(vpc))["VpcEndpoints"], "VpcEndpointId"),
        "dns": [ec2.describe_vpc_attribute(VpcId=vpc, Attribute=name) for name in dns],
        "instances": by(instances, "InstanceId"),
        "addresses": ec2.describe_addresses()["Addresses"],
        "associations": ec2.describe_iam_instance_profile_associations()["IamInstanceProfileAssociations"],
        "roles": [[role, iam.list_attached_role_policies(RoleName=role["RoleName"])["AttachedPolicies"]] for role in by(roles, "RoleName")],
        "profiles": by(profiles, "InstanceProfileName"),
    })


def by(rows, key):
    return sorted(rows, key=lambda row: row[key])


def lasting(value):
    if isinstance(value, dict):
        return {key: lasting(own) for key, own in value.items() if key not in PASSING}
    return [lasting(own) for own in value] if isinstance(value, list) else value


if __name__ == "__main__":
    main(*sys.argv[1:])
