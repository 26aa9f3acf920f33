#!/usr/bin/env python3
"""Tunnels through an EC2 Instance Connect Endpoint against a bare WebSocket relay over TLS, on loopback: both ways, and key echo.

The relay (relay.rs) does what cannot be left out, a message of the same size at a time: TCP, binary messages over TLS, TCP. It is on both
sides, as ec2dash and the simulated endpoint are; the two run in turn, and each rate is the median of the rounds.

    cargo build --release --locked --bin ec2dash --example relay
    benches/endpoints.py [--mib 256] [--rounds 3] [--keys 500]

It needs openssl, and port 3389 of this computer: that is where the simulated endpoint leads to.
"""
import argparse
import pathlib
import re
import statistics
import subprocess

from common import EC2DASH, cloud, load, need
from streams import DOWN, ECHO, MIB, RELAY, UP, dial, end, p95, rate, relay, round_trip, seconds, service

WINDOWS = "i-0bb22cc33dd44ee55"  # win-ad-01 of the demo's fleet
DESKTOP = 3389
FRAME = 32 * 1024  # of ec2dash, and of an endpoint


class Tunnel:
    """`ec2dash tunnel` through an endpoint: its port, and its process."""

    def __init__(self, env):
        command = [EC2DASH, "tunnel", WINDOWS, f"0:{DESKTOP}", "--method", "eice"]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=env)
        self.port = int(re.search(r"127\.0\.0\.1:(\d+)", self.process.stdout.readline())[1])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        end(self.process)


def certificate(home):
    """A certificate of this computer by itself, and its key."""
    cert, key = pathlib.Path(home) / "relay.crt", pathlib.Path(home) / "relay.key"
    request = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "1",
               "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-addext", "basicConstraints=critical,CA:FALSE", "-keyout", key, "-out", cert]
    subprocess.run(list(map(str, request)), check=True, stderr=subprocess.DEVNULL)
    return cert, key


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--mib", type=int, default=256, help="MiB of each transfer")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--keys", type=int, default=500)
    options = parser.parse_args()
    need(EC2DASH, "cargo build --release --locked")
    need(RELAY, "cargo build --release --locked --example relay")
    print(subprocess.run([EC2DASH, "--version"], capture_output=True, text=True).stdout.strip(), "| load", load(), flush=True)
    with cloud("--tls") as env, service(DESKTOP) as to:
        with relay(to, FRAME, "each", certificate(env["HOME"])) as (bare, _), Tunnel(env) as ours:
            ports = {"relay": bare, "ec2dash": ours.port}
            for name, word in (("upload", UP), ("download", DOWN)):
                times = {who: [] for who in ports}
                for _ in range(options.rounds):
                    for who, port in ports.items():
                        times[who].append(seconds(port, word, options.mib * MIB))
                rates = {who: rate(options.mib, taken) for who, taken in times.items()}
                ratio = rates["ec2dash"] / rates["relay"]
                print(f"{name}: ec2dash {rates['ec2dash']:.0f} MiB/s, relay over TLS {rates['relay']:.0f}: {ratio:.2f} of it (at least 0.8: {ratio >= 0.8})", flush=True)
            echoed = {}
            for who, port in ports.items():
                peer = dial(port, ECHO)
                echoed[who] = [round_trip(peer.fileno(), peer.fileno()) for _ in range(options.keys)]
                peer.close()
    more = p95(echoed["ec2dash"]) - p95(echoed["relay"])
    print(f"key echo over {options.keys} keys: relay p95 {p95(echoed['relay']):.2f} ms, ec2dash p95 {p95(echoed['ec2dash']):.2f} ms (median {statistics.median(echoed['ec2dash']) * 1000:.2f}), adds {more:.2f} ms (at most 1: {more <= 1})", flush=True)


main()
