#!/usr/bin/env python3
"""First frame, rows of page 1, key to frame during a refresh, and CPU when idle, seen from a pseudo-terminal."""
import os
import pathlib
import re
import statistics
import subprocess
import time

from common import EC2DASH, REGIONS, cloud, load
from terminal import Dashboard


def percentile(values, share):
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


print("load", load())
with cloud("--instances", "10000") as env:
    first = []
    for _ in range(5):
        dashboard = Dashboard(env)
        first.append(dashboard.wait_for(rb"ec2dash") - dashboard.started)
        dashboard.end()
    print(f"first frame: best of 5 {min(first) * 1000:.0f} ms, all {[round(value * 1000) for value in first]} (at most 100: {min(first) <= 0.1})")

    dashboard = Dashboard(env)
    dashboard.quiet(2, 60)
    os.write(dashboard.fd, b" ")
    dashboard.quiet(1)
    times = []
    for round_ in range(12):
        os.write(dashboard.fd, b"R")  # a refresh is running while the keys are typed
        time.sleep(0.05)
        # The heading of the preview, which names the instance.
        times += [dashboard.key_to_frame(b"j", re.compile(rb"\x1b\[25;").search) for _ in range(15)]
        times += dashboard.type(b"web-1")
        os.write(dashboard.fd, b"\x1b")
        dashboard.quiet(0.3, 2)
    print(f"key to frame at 10,000 rows during a refresh: median {statistics.median(times) * 1000:.1f} ms, p95 {percentile(times, 0.95) * 1000:.1f} ms, worst {max(times) * 1000:.1f} ms over {len(times)} keys (at most 16 at p95: {percentile(times, 0.95) <= 0.016})")
    print(f"memory with 10,000 rows: {dashboard.memory():.0f} MiB")
    dashboard.end()

# As many rows as an account of many regions has: a refresh changes nothing, and keys go on.
for regions, faults in ((REGIONS[13:14], ()), (REGIONS, ("--fault", "ec2:Describe*=delay:20ms", "--fault", "ssm:Describe*=delay:20ms"))):
    with cloud("--instances", "50000", "--regions", ",".join(regions), *faults) as env:
        config = pathlib.Path(env["HOME"]) / "config.toml"
        config.write_text("refresh = 0\n")
        config.chmod(0o600)
        env = {**env, "EC2DASH_CONFIG": str(config)}
        where = ("--region", "all") if len(regions) > 1 else ()
        begun = time.monotonic()
        listed = subprocess.run([EC2DASH, "ls", *where, "--columns", "id", "-o", "tsv"], env=env, stdout=subprocess.PIPE, check=True)
        pages = time.monotonic() - begun
        dashboard = Dashboard(env, arguments=where)
        first = dashboard.wait_for(rb"i-[0-9a-f]{17}", 60) - dashboard.started
        whole = dashboard.wait_for(rb"updated", 120) - dashboard.started
        dashboard.quiet(0.7, 60)  # the age in the head changes every second
        name = f"50,000 rows in {len(regions)} region{'s' * (len(regions) > 1)}"
        print(f"{name}: {listed.stdout.count(b'i-'):,} listed by `ls` in {pages:.2f} s; first rows after {first:.2f} s, all after {whole:.2f} s ({whole / pages:.2f} x `ls`, at most 1.3: {whole <= 1.3 * pages})")
        os.write(dashboard.fd, b" ")
        dashboard.quiet(0.5, 2)
        times, costs_of_refresh = [], []
        for round_ in range(6):
            before = dashboard.cpu()
            os.write(dashboard.fd, b"R")
            time.sleep(0.05)
            times += [dashboard.key_to_frame(b"j", re.compile(rb"\x1b\[25;").search) for _ in range(15)]
            times += dashboard.type(b"web-1")
            os.write(dashboard.fd, b"\x1b")
            dashboard.quiet(0.7, 30)
            costs_of_refresh.append(dashboard.cpu() - before)
        print(f"{name}: key to frame during a refresh: median {statistics.median(times) * 1000:.1f} ms, p95 {percentile(times, 0.95) * 1000:.1f} ms, worst {max(times) * 1000:.1f} ms over {len(times)} keys (at most 16 at p95: {percentile(times, 0.95) <= 0.016})")
        print(f"{name}: a refresh {min(costs_of_refresh):.1f} to {max(costs_of_refresh):.1f} s CPU with 20 keys; memory at most {dashboard.memory():.0f} MiB, now {dashboard.memory('VmRSS'):.0f} (at most 250 MB: {dashboard.memory() <= 238})")
        dashboard.end()

# A frame follows the screen: what a key costs in CPU does not grow with the rows, nor with those that are selected.
costs = {}
for count in (10_000, 50_000):
    with cloud("--instances", str(count)) as env:
        config = pathlib.Path(env["HOME"]) / "config.toml"
        config.write_text("refresh = 0\n")
        config.chmod(0o600)
        dashboard = Dashboard({**env, "EC2DASH_CONFIG": str(config)})
        dashboard.wait_for(rb"updated", 300)
        dashboard.quiet(3, 120)
        listed = dashboard.cpu()
        for case, before in (("a key", b""), ("a key, all selected", b"\x01"), ("a letter of a command for all", b"x")):
            if before:
                os.write(dashboard.fd, before)
                dashboard.quiet(1, 60)
            begun = dashboard.cpu()
            for _ in range(100):
                os.write(dashboard.fd, b"j")
                dashboard.quiet(0.02, 0.1)
            costs[count, case] = (dashboard.cpu() - begun) * 10
            print(f"{count:,} rows, {case}: {costs[count, case]:.1f} ms CPU")
        print(f"{count:,} rows: {listed:.1f} s CPU until all are listed")
        dashboard.end()
for case in ("a key", "a key, all selected", "a letter of a command for all"):
    print(f"{case}, 50,000 rows against 10,000: {costs[50_000, case] / max(costs[10_000, case], 0.1):.1f}")

with cloud("--instances", "200") as env:
    config = pathlib.Path(env["HOME"]) / "config.toml"
    config.write_text("refresh = 0\n")
    config.chmod(0o600)
    dashboard = Dashboard({**env, "EC2DASH_CONFIG": str(config)})
    dashboard.quiet(3, 30)
    before = dashboard.cpu()
    time.sleep(10)
    print(f"CPU when nothing changes: {dashboard.cpu() - before:.2f} s in 10 s")
    dashboard.end()

with cloud("--instances", "2000", "--fault", "ec2:DescribeInstances=delay:5s@2") as env:
    dashboard = Dashboard(env)
    rows = dashboard.wait_for(rb"i-[0-9a-f]{17}") - dashboard.started
    print(f"rows of page 1 on screen after {rows:.2f} s while page 2 is answered after 5 s: {rows < 5}")
    dashboard.end()
