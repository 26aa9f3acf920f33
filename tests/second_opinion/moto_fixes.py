#!/usr/bin/env python3
"""An instance that nobody may reach in a running moto_server, and what boto3 tells of its group.

    moto_fixes.py http://127.0.0.1:5000 build
    moto_fixes.py http://127.0.0.1:5000 group sg-0123456789abcdef0
"""
import json
import sys

import boto3

KEYS = {"aws_access_key_id": "testing", "aws_secret_access_key": "testing"}


def main(endpoint, verb, group=None):
    ec2 = boto3.client("ec2", endpoint_url=endpoint, region_name="us-east-1", **KEYS)
    json.dump(build(ec2) if verb == "build" else ec2.describe_security_groups(GroupIds=[group])["SecurityGroups"][0], sys.stdout)


def build(ec2):
    vpc = ec2.create_vpc(CidrBlock="10.20.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.20.1.0/24")["Subnet"]["SubnetId"]
    ec2.modify_subnet_attribute(SubnetId=subnet, MapPublicIpOnLaunch={"Value": True})
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    table = ec2.describe_route_tables(Filters=[{"Name": "vpc-id", "Values": [vpc]}])["RouteTables"][0]["RouteTableId"]
    ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway)
    group = ec2.create_security_group(GroupName="office", Description="office", VpcId=vpc)["GroupId"]
    ssh = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": "198.51.100.0/24", "Description": "office"}]}
    ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[ssh])
    image = ec2.describe_images(Owners=["amazon"])["Images"][0]["ImageId"]
    interface = {"DeviceIndex": 0, "SubnetId": subnet, "AssociatePublicIpAddress": True, "Groups": [group]}
    launched = ec2.run_instances(ImageId=image, MinCount=1, MaxCount=1, InstanceType="t3.micro", NetworkInterfaces=[interface])
    return {"instance": launched["Instances"][0]["InstanceId"], "group": group}


if __name__ == "__main__":
    main(*sys.argv[1:])
