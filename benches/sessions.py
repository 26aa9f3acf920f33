#!/usr/bin/env python3
"""Sessions of Session Manager against a bare WebSocket relay on loopback: tunnels both ways, key echo, memory, CPU, resends.

The relay (relay.rs) does what cannot be left out, one message at a time: TCP, binary messages of the same payload, TCP. It is on both sides,
as ec2dash and the simulated agent are; the two run in turn between the same two processes, and each rate is the median of the rounds.

    cargo build --release --locked --bin ec2dash --example relay
    benches/sessions.py [--mib 256] [--flow 1024] [--rounds 3] [--keys 500] [upload download echo flow]
"""
import argparse
import fcntl
import os
import pathlib
import pty
import re
import statistics
import struct
import subprocess
import termios
import time

from common import EC2DASH, cloud, load, need
from streams import DOWN, ECHO, MIB, RELAY, UP, dial, end, p95, rate, read_until, relay, round_trip, seconds, service

CLOCK = os.sysconf("SC_CLK_TCK")
PAYLOAD = 1024  # of ec2dash, and of an agent
LARGE = 32 * 1024


# --- what is compared


class Tunnel:
    """A tunnel of ec2dash: its port, its process, and when it is over what its log says of resends."""

    def __init__(self, env, to):
        self.log = pathlib.Path(env["HOME"]) / f"tunnel-{time.monotonic_ns()}.log"
        command = [EC2DASH, "--log-file", str(self.log), "tunnel", "web-1", f"0:{to}"]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=env)
        self.port = int(re.search(r"127\.0\.0\.1:(\d+)", self.process.stdout.readline())[1])
        self.pid = self.process.pid
        self.told = "resends not told"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        end(self.process)
        if found := re.search(r"sent \d+, resent (\d+), received \d+, duplicates (\d+)", self.log.read_text()):
            resent, twice = map(int, found.groups())
            self.told = f"resent {resent}, received twice {twice} (neither: {not resent + twice})"


def cpu(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / CLOCK


def memory(pid, name):
    return int(re.search(rf"{name}:\s+(\d+)", pathlib.Path(f"/proc/{pid}/status").read_text())[1]) / 1024


def forget_peak(pid):
    pathlib.Path(f"/proc/{pid}/clear_refs").write_text("5")


# --- the parts


def compare(name, word, payload, options, habits=()):
    """The rate of a tunnel beside the bare relay's, and for information beside one that lets messages leave together."""
    bytes_ = options.mib * MIB
    with service() as to, relay(to, payload) as (bare, _), relay(to, payload, "together") as (gathering, _), cloud(*habits) as env:
        with Tunnel(env, to) as ours:
            ports = {"relay": bare, "gathering": gathering, "ec2dash": ours.port}
            times = {who: [] for who in ports}
            for _ in range(options.rounds):
                for who, port in ports.items():
                    times[who].append(seconds(port, word, bytes_))
    rates = {who: rate(options.mib, taken) for who, taken in times.items()}
    ratio = rates["ec2dash"] / rates["relay"]
    print(f"{name}, payload {payload:,}: ec2dash {rates['ec2dash']:.0f} MiB/s, relay {rates['relay']:.0f}: {ratio:.2f} of it (at least 0.5: {ratio >= 0.5}); of a relay that gathers messages ({rates['gathering']:.0f}): {rates['ec2dash'] / rates['gathering']:.2f}; {ours.told}", flush=True)
    return rates["ec2dash"]


def pace(options, ours):
    with service() as to, relay(to, PAYLOAD, "paced") as (paced, _):
        mib = 4
        slow = rate(mib, [seconds(paced, UP, mib * MIB) for _ in range(options.rounds)])
    print(f"upload at the reference's pace (1,024 bytes, then 1 ms): {slow:.2f} MiB/s; ec2dash {ours / slow:.0f} times that (at least 60: {ours >= 60 * slow})", flush=True)


def flow(options):
    """Memory and CPU of the process on this side while much flows, each way."""
    mib = options.flow
    with service() as to, relay(to, PAYLOAD) as (bare, near), cloud() as env:
        with Tunnel(env, to) as ours:
            seconds(ours.port, UP, MIB)
            time.sleep(1)
            for name, word in (("up", UP), ("down", DOWN)):
                forget_peak(ours.pid)
                idle, before = memory(ours.pid, "VmRSS"), (cpu(ours.pid), cpu(near))
                seconds(ours.port, word, mib * MIB)
                more = memory(ours.pid, "VmHWM") - idle
                seconds(bare, word, mib * MIB)
                spent, by_relay = cpu(ours.pid) - before[0], cpu(near) - before[1]
                ratio = spent / max(by_relay, 1 / CLOCK)
                print(f"{mib} MiB {name}: at most {more:.1f} MiB above idle ({idle:.1f}) (at most 32: {more <= 32}); CPU {spent / mib * 1000:.2f} ms/MiB, relay {by_relay / mib * 1000:.2f}, {ratio:.2f} times (at most 2: {ratio <= 2})", flush=True)
    print(f"over {2 * mib} MiB: {ours.told}", flush=True)


def echo(options):
    """A key to `cat` behind a session's terminal and back, against a byte to an echoing port through the bare relay."""
    with service() as to, relay(to, PAYLOAD) as (bare, _):
        peer = dial(bare, ECHO)
        relayed = [round_trip(peer.fileno(), peer.fileno()) for _ in range(options.keys)]
        peer.close()
    with cloud() as env:
        pid, terminal = pty.fork()
        if pid == 0:
            os.execve(EC2DASH, [str(EC2DASH), "connect", "web-1", "-m", "ssm"], env)
        fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        read_until(terminal, rb"[$#] ")
        os.write(terminal, b"stty raw -echo; echo re''ady; exec cat\r")
        read_until(terminal, rb"ready\s+")
        time.sleep(0.5)
        typed = [round_trip(terminal, terminal) for _ in range(options.keys)]
        os.kill(pid, 15)
        os.waitpid(pid, 0)
        os.close(terminal)
    more = p95(typed) - p95(relayed)
    print(f"key echo over {options.keys} keys: relay p95 {p95(relayed):.2f} ms, ec2dash p95 {p95(typed):.2f} ms (median {statistics.median(typed) * 1000:.2f}), adds {more:.2f} ms (at most 1: {more <= 1})", flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--mib", type=int, default=256, help="MiB of each transfer")
    parser.add_argument("--flow", type=int, default=1024, help="MiB while memory and CPU are watched, each way")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--keys", type=int, default=500)
    parser.add_argument("parts", nargs="*", default=["upload", "download", "echo", "flow"])
    options = parser.parse_args()
    need(EC2DASH, "cargo build --release --locked")
    need(RELAY, "cargo build --release --locked --example relay")
    print(subprocess.run([EC2DASH, "--version"], capture_output=True, text=True).stdout.strip(), "| load", load(), flush=True)
    if "upload" in options.parts:
        pace(options, compare("upload", UP, PAYLOAD, options))
    if "download" in options.parts:
        compare("download", DOWN, PAYLOAD, options)
        compare("download", DOWN, LARGE, options, ["--agent", f"payload={LARGE}"])
    if "echo" in options.parts:
        echo(options)
    if "flow" in options.parts:
        flow(options)


main()
