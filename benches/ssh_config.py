#!/usr/bin/env python3
"""Seconds of `ssh-config` for 10,000 instances, against a list of the same, and what its file costs ssh."""
import pathlib
import statistics
import subprocess
import time

from common import EC2DASH, cloud, load

ROUNDS = 5
INSTANCES = 10_000

print(subprocess.run([EC2DASH, "--version"], capture_output=True, text=True).stdout.strip(), "| load", load())


def seconds(command, env):
    """Seconds of one command by the clock; what it prints is read and dropped."""
    begun = time.monotonic()
    subprocess.run(list(map(str, command)), env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
    return time.monotonic() - begun


with cloud("--instances", str(INSTANCES)) as env:
    hosts = pathlib.Path(env["HOME"]) / "hosts"
    commands = {
        "ls": [EC2DASH, "ls", "-o", "json", "--columns", "id,name,state"],
        "written": [EC2DASH, "ssh-config", "--write", hosts],
        "checked": [EC2DASH, "ssh-config", "--write", hosts, "--check"],
        "ssh -G": ["ssh", "-F", hosts, "-G", "no-such-host"],
        "ssh -G alone": ["ssh", "-F", "none", "-G", "no-such-host"],
    }
    medians = {}
    for name, command in commands.items():
        rounds = []
        for _ in range(ROUNDS):
            if name == "written":
                hosts.unlink(missing_ok=True)
            rounds.append(seconds(command, env))
        medians[name] = statistics.median(rounds)
        print(f"{name:13} {medians[name]:6.3f} s")
    blocks = sum(line.startswith("Host ") for line in hosts.open())
    print(f"{blocks} blocks of {INSTANCES} instances, {hosts.stat().st_size / 1e6:.1f} MB; the others are not running")
    print(f"ssh-config for {INSTANCES} instances takes under 1 s: {medians['written'] < 1}, {medians['written'] / medians['ls']:.2f} x ls")
