#!/usr/bin/env python3
"""CPU seconds and memory of listing, against the AWS CLI and the same simulated cloud."""
import statistics
import subprocess

from common import AWS, EC2DASH, cloud, cost, load, need

ROUNDS = 5
INSTANCES = 10_000

need(AWS, "./tests/run installs it")
print(subprocess.run([AWS, "--version"], capture_output=True, text=True).stdout.strip())
print(subprocess.run([EC2DASH, "--version"], capture_output=True, text=True).stdout.strip(), "| load", load())

with cloud("--instances", str(INSTANCES)) as env:
    commands = {
        "aws": [AWS, "ec2", "describe-instances", "--output", "json"],
        "listing": [EC2DASH, "ls", "-o", "json", "--columns", "id,name,state,private_ip,public_ip"],
        "all facts": [EC2DASH, "ls", "-o", "json"],
    }
    cpu = {name: [] for name in commands}
    memory = {name: [] for name in commands}
    for _ in range(ROUNDS):
        for name, command in commands.items():
            output = f"{env['HOME']}/out"
            seconds, mebibytes = cost(command, env, output)
            cpu[name].append(seconds)
            memory[name].append(mebibytes)
            pattern = '"InstanceId": "i-' if name == "aws" else '"id":"i-'
            found = int(subprocess.run(["grep", "-c", "-F", pattern, output], capture_output=True, text=True).stdout)
            assert found == INSTANCES, (name, found)

medians = {name: statistics.median(values) for name, values in cpu.items()}
for name in commands:
    print(f"{name:10} {medians[name]:7.3f} CPU s   {max(memory[name]):6.1f} MiB   1/{medians['aws'] / medians[name]:.1f} of the AWS CLI")
print(f"listing uses at most 1/10 of the AWS CLI's CPU: {medians['listing'] * 10 <= medians['aws']}")
print(f"listing uses at most 100 MB: {max(memory['listing']) * 1.048576 <= 100}")
print(f"all facts use at most twice listing's CPU: {medians['all facts'] / medians['listing']:.2f} x, memory {max(memory['all facts']) / max(memory['listing']):.2f} x")
