#!/usr/bin/env python3
"""First frame, rows of page 1, key to frame during a refresh, and CPU when idle, seen from a pseudo-terminal."""
import fcntl
import os
import pathlib
import pty
import re
import select
import signal
import statistics
import struct
import subprocess
import sys
import termios
import time

from common import EC2DASH, cloud, load

CLOCK = os.sysconf("SC_CLK_TCK")


class Dashboard:
    def __init__(self, env, columns=120, rows=32, arguments=()):
        self.started = time.monotonic()
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.execve(EC2DASH, [str(EC2DASH), *arguments], env)
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.seen = b""

    def read(self, limit):
        """What arrives within `limit` seconds, empty if nothing does."""
        ready, _, _ = select.select([self.fd], [], [], limit)
        if not ready:
            return b""
        data = os.read(self.fd, 1 << 16)
        self.seen += data
        return data

    def wait_for(self, pattern, limit=30):
        deadline = time.monotonic() + limit
        while not re.search(pattern, self.seen):
            if time.monotonic() > deadline:
                sys.exit(f"{pattern} never came; last output: {self.seen[-800:]!r}")
            self.read(0.01)
        return time.monotonic()

    def quiet(self, gap=0.5, limit=30):
        deadline = time.monotonic() + limit
        while time.monotonic() < deadline and self.read(gap):
            pass

    def key_to_frame(self, key, shows):
        """Until the screen shows what the key does, and not only a spinner's next step: output in which `shows` finds it."""
        while self.read(0):
            pass
        sent, output = time.monotonic(), b""
        os.write(self.fd, key)
        while not shows(output):
            if time.monotonic() - sent > 5:
                sys.exit(f"{key!r} showed nothing: {output[-400:]!r}")
            output += self.read(1)
        return time.monotonic() - sent

    def type(self, letters):
        """Times of letters typed into the filter, each shown when the cursor stands behind it."""
        os.write(self.fd, b"/")
        self.quiet(0.02, 1)
        at, times = 0, []
        for letter in letters:
            columns = lambda output: [int(column) for column in re.findall(rb"\x1b\[2;(\d+)H", output)]
            before = at or max(columns(self.seen[-2000:]), default=0)
            times.append(self.key_to_frame(bytes([letter]), lambda output: max(columns(output), default=0) > before))
            at = before + 1
        return times

    def cpu(self):
        fields = pathlib.Path(f"/proc/{self.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / CLOCK

    def memory(self, what="VmHWM"):
        status = pathlib.Path(f"/proc/{self.pid}/status").read_text()
        return int(re.search(what + r":\s+(\d+)", status)[1]) / 1024

    def end(self):
        os.kill(self.pid, signal.SIGTERM)
        os.waitpid(self.pid, 0)
        os.close(self.fd)


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
REGIONS = ["us-east-1", "us-east-2", "us-west-1", "us-west-2", "ca-central-1", "sa-east-1", "eu-west-1", "eu-west-2", "eu-west-3",
           "eu-central-1", "eu-north-1", "ap-south-1", "ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-southeast-1", "ap-southeast-2"]
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
