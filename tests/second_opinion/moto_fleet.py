#!/usr/bin/env python3
"""Fills a running moto_server with 60 instances in two regions and prints what boto3 then lists, in the shape of `ec2dash ls -o json`.

    moto_fleet.py http://127.0.0.1:5000 FOLDER

The private keys that moto makes go into FOLDER, one for each region.
"""
import json
import sys

import boto3

REGIONS = ["ap-northeast-2", "us-east-1"]
KEYS = {"aws_access_key_id": "testing", "aws_secret_access_key": "testing"}
NAMES = ["web", "결제-api", "batch, \"quoted\"", "x=y", "name with  spaces"]


def main(endpoint, keys):
    iam = boto3.client("iam", endpoint_url=endpoint, region_name="us-east-1", **KEYS)
    trust = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}]}
    for profile in ("web-profile", "db-profile"):
        iam.create_instance_profile(InstanceProfileName=profile)
        iam.create_role(RoleName=f"{profile}-role", AssumeRolePolicyDocument=json.dumps(trust))
        iam.add_role_to_instance_profile(InstanceProfileName=profile, RoleName=f"{profile}-role")
    expected = []
    for region in REGIONS:
        ec2 = boto3.client("ec2", endpoint_url=endpoint, region_name=region, **KEYS)
        pair = ec2.create_key_pair(KeyName="team-prod")
        with open(f"{keys}/{region}", "w") as file:
            file.write(pair["KeyMaterial"])
        image = ec2.describe_images(Owners=["amazon"])["Images"][0]["ImageId"]
        ids = []
        for number in range(30):
            request = {"ImageId": image, "MinCount": 1, "MaxCount": 1, "InstanceType": "t3.micro"}
            tags = [{"Key": "Name", "Value": f"{NAMES[number % len(NAMES)]}-{number}"}, {"Key": "env", "Value": "prod" if number % 2 else "dev"}, {"Key": "empty", "Value": ""}]
            if number % 7:
                request["TagSpecifications"] = [{"ResourceType": "instance", "Tags": tags}]
            if number % 3 == 0:
                request["KeyName"] = "team-prod"
            if number % 4 == 0:
                request["IamInstanceProfile"] = {"Name": "web-profile" if number % 8 else "db-profile"}
            ids.append(ec2.run_instances(**request)["Instances"][0]["InstanceId"])
        ec2.stop_instances(InstanceIds=ids[3:9])
        ec2.terminate_instances(InstanceIds=ids[9:13])
        for page in ec2.get_paginator("describe_instances").paginate():
            for reservation in page["Reservations"]:
                expected += [row(instance) for instance in reservation["Instances"]]
    expected.sort(key=lambda instance: instance["id"])
    json.dump(expected, sys.stdout, ensure_ascii=False, sort_keys=True)


def row(instance):
    profile = instance.get("IamInstanceProfile", {}).get("Arn")
    return {
        "id": instance["InstanceId"],
        "state": instance["State"]["Name"],
        "private_ip": instance.get("PrivateIpAddress") or None,
        "public_ip": instance.get("PublicIpAddress") or None,
        "key_name": instance.get("KeyName") or None,
        "iam_profile": profile.rsplit("/", 1)[1] if profile else None,
        "tags": {tag["Key"]: tag["Value"] for tag in instance.get("Tags", [])},
    }


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
