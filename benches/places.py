#!/usr/bin/env python3
"""A company's accounts in every region as one list: first rows, all places, memory, a refresh at rest, and a start with what is kept."""
import datetime
import os
import pathlib
import re
import subprocess
import sys
import time

from common import EC2DASH, REGIONS, cloud, load
from terminal import Dashboard

ACCOUNTS, INSTANCES, LATENCY = 20, 50_000, 0.040
PLACES = ACCOUNTS * len(REGIONS)
# What we allow ourselves at a portal: ten calls a second after the first five; in all, 48 requests are under way.
PORTAL, BURST, IN_FLIGHT = 10, 5, 48
TIME = re.compile(r"^(\S+Z?)\s")


ALL = ("--profile", "corp/*/ReadOnly", "--region", "all")


def calls(log, action):
    """When a call was made, in seconds of the clock."""
    lines = [line for line in log.read_text().splitlines() if f'action="{action}"' in line and " call " in line]
    return [seconds(line) for line in lines]


def seconds(line):
    return datetime.datetime.fromisoformat(TIME.match(line)[1].replace("Z", "+00:00")).timestamp()


def settled(dashboard):
    """When the last thing was drawn before half a second of quiet: what still loads turns its wheel faster."""
    last = time.monotonic()
    while dashboard.read(0.5):
        last = time.monotonic()
    return last


def sign_in(env):
    env = {name: value for name, value in env.items() if not name.startswith(("AWS_ACCESS", "AWS_SECRET", "AWS_SESSION", "AWS_PROFILE"))}
    subprocess.run([EC2DASH, "login", "--session", "corp", "--no-browser"], env=env, stderr=subprocess.DEVNULL, check=True)
    return env


def company(*faults):
    faults = [word for fault in faults for word in ("--fault", fault)]
    return cloud("--instances", str(INSTANCES), "--regions", ",".join(REGIONS), "--accounts", str(ACCOUNTS),
                 "--sign-in", "approval=given,limit=20", *faults)


def everywhere():
    """All accounts in all regions: until all have answered, then at rest for more than the time in which each is asked again."""
    with company(f"*:*=delay:{LATENCY * 1000:.0f}ms") as env:
        env = sign_in(env)
        log = pathlib.Path(env["HOME"]) / "log"
        dashboard = Dashboard(env, arguments=(*ALL, "--no-cache", "-vv", "--log-file", str(log)))
        rows = dashboard.wait_for(rb"i-[0-9a-f]{17}|running", 120)
        clock = time.time() - (time.monotonic() - rows)
        credentials = calls(log, "sso:GetRoleCredentials")
        print(f"{PLACES} places: first rows {clock - credentials[0] - LATENCY:.3f} s after the first credentials, "
              f"{(clock - credentials[0] - LATENCY) / LATENCY:.1f} round trips of {LATENCY * 1000:.0f} ms (at most 3: {clock - credentials[0] <= 4 * LATENCY})")
        while len(calls(log, "ec2:DescribeInstances")) < PLACES:
            dashboard.read(0.2)
        whole = settled(dashboard) - dashboard.started
        portal = sum(len(calls(log, f"sso:{action}")) for action in ("ListAccounts", "ListAccountRoles", "GetRoleCredentials"))
        others = len([line for line in log.read_text().splitlines() if " call " in line]) - portal
        limits = max(portal - BURST, 0) / PORTAL + others * LATENCY / IN_FLIGHT
        print(f"{PLACES} places, {INSTANCES:,} instances: all answered after {whole:.2f} s; {portal} calls of the portal and {others} others "
              f"are {limits:.2f} s within the limits: {whole / limits:.2f} x (at most 1.5: {whole <= 1.5 * limits})")
        print(f"memory at most {dashboard.memory():.0f} MiB (at most 300 MB: {dashboard.memory() <= 286})")

        dashboard.quiet(1.5, 60)
        used, began = [dashboard.cpu()], time.monotonic()
        before = len(calls(log, "ec2:DescribeInstances"))
        for _ in range(330):
            dashboard.quiet(1, 1)
            used.append(dashboard.cpu())
        asked = len(calls(log, "ec2:DescribeInstances")) - before
        spent = [after - earlier for earlier, after in zip(used, used[1:])]
        lasted = time.monotonic() - began
        print(f"{PLACES} places at rest for {lasted:.0f} s: {sum(spent) / lasted:.1%} of a core on average (at most 2 %: {sum(spent) <= 0.02 * lasted}), "
              f"{asked} places asked again, at most {max(spent):.2f} s CPU in one second")
        dashboard.end()


def throttled():
    """What is refused for a while is asked again later and later."""
    with company("700000000003/ec2:DescribeInstances=throttle:100%") as env:
        env = sign_in(env)
        log = pathlib.Path(env["HOME"]) / "log"
        dashboard = Dashboard(env, arguments=("--profile", "corp/700000000003/ReadOnly", "--region", "us-east-1", "--no-cache", "-vv", "--log-file", str(log)))
        dashboard.quiet(60, 60)
        times = calls(log, "ec2:DescribeInstances")
        pauses = [later - earlier for earlier, later in zip(times, times[1:])]
        print(f"a place that is throttled: {len(times)} tries in a minute, pauses {[round(pause, 1) for pause in pauses]} (never under 1.5 s: {min(pauses) >= 1.5})")
        dashboard.end()


def kept():
    """Begun with what the last run was told: usable before AWS has said anything."""
    with cloud("--instances", "10000", "--fault", "*:*=delay:400ms") as env:
        dashboard = Dashboard(env)
        dashboard.wait_for(rb"updated", 120)
        kept = pathlib.Path(env["HOME"]) / ".cache/ec2dash/inventory"
        while not any(kept.iterdir() if kept.exists() else ()):
            dashboard.quiet(0.2, 1)
        dashboard.quiet(2, 20)
        dashboard.end()
        first, filtered = [], []
        for _ in range(7):
            dashboard = Dashboard(env)
            first.append(dashboard.wait_for(rb"min old|s old|from \d\d:\d\d") - dashboard.started)
            dashboard.end()
            dashboard = Dashboard(env)
            # Typed ahead, as fast hands do; unfiltered, other names come first.
            os.write(dashboard.fd, b"/batch-1")
            filtered.append(dashboard.wait_for(rb"batch-1\d") - dashboard.started)
            dashboard.end()
        for name, times in (("rows of the last run", first), ("with a filter typed at once", filtered)):
            print(f"10,000 kept instances, {name}: best of {len(times)} {min(times) * 1000:.0f} ms, all {[round(value * 1000) for value in times]} (at most 150: {min(times) <= 0.150})")


PARTS = {"everywhere": everywhere, "throttled": throttled, "kept": kept}
print(subprocess.run([EC2DASH, "--version"], capture_output=True, text=True).stdout.strip(), "| load", load())
for name in sys.argv[1:] or PARTS:
    PARTS[name]()
