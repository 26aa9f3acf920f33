#!/usr/bin/env python3
"""CPU seconds and memory of listing, against the AWS CLI and the same simulated cloud."""
import statistics
import subprocess

from common import AWS, EC2DASH, cloud, cost, load, need

ROUNDS = 5
INSTANCES = 10_000
MANY = 50_000

need(AWS, "./tests/run installs it")
print(subprocess.run([AWS, "--version"], capture_output=True, text=True).stdout.strip())
print(subprocess.run([EC2DASH, "--version"], capture_output=True, text=True).stdout.strip(), "| load", load())

COMMANDS = {
    "aws": [AWS, "ec2", "describe-instances", "--output", "json"],
    "listing": [EC2DASH, "ls", "-o", "json", "--columns", "id,name,state,private_ip,public_ip"],
    "all facts": [EC2DASH, "ls", "-o", "json"],
}


def measure(instances, names):
    """CPU seconds and memory of each command, by its name."""
    cpu = {name: [] for name in names}
    memory = {name: [] for name in names}
    with cloud("--instances", str(instances)) as env:
        for _ in range(ROUNDS):
            for name in names:
                output = f"{env['HOME']}/out"
                seconds, mebibytes = cost(COMMANDS[name], env, output)
                cpu[name].append(seconds)
                memory[name].append(mebibytes)
                pattern = '"InstanceId": "i-' if name == "aws" else '"id":"i-'
                found = int(subprocess.run(["grep", "-c", "-F", pattern, output], capture_output=True, text=True).stdout)
                assert found == instances, (name, found)
    return {name: statistics.median(values) for name, values in cpu.items()}, memory


medians, memory = measure(INSTANCES, COMMANDS)
for name in COMMANDS:
    print(f"{name:10} {medians[name]:7.3f} CPU s   {max(memory[name]):6.1f} MiB   1/{medians['aws'] / medians[name]:.1f} of the AWS CLI")
many, many_memory = measure(MANY, ["listing"])
print(f"listing of {MANY}: {many['listing']:.3f} CPU s   {max(many_memory['listing']):.1f} MiB")
print(f"listing uses at most 1/30 of the AWS CLI's CPU: {medians['listing'] * 30 <= medians['aws']}")
print(f"listing uses at most 60 MB: {max(memory['listing']) * 1.048576 <= 60}")
print(f"five times the instances use at most 7.5 times the CPU: {many['listing'] / medians['listing']:.1f} x")
print(f"all facts use at most twice listing's CPU: {medians['all facts'] / medians['listing']:.2f} x, memory {max(memory['all facts']) / max(memory['listing']):.2f} x")
