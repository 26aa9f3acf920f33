#!/usr/bin/env python3
"""Sessions of Session Manager against a bare WebSocket relay on loopback: tunnels both ways, key echo, memory, CPU, resends.

The relay (relay.rs) does what cannot be left out, one message at a time: TCP, binary messages of the same payload, TCP. It is on both sides,
as ec2dash and the simulated agent are; the two run in turn between the same two processes, and each rate is the median of the rounds.

    cargo build --release --locked --bin ec2dash --example relay
    benches/sessions.py [--mib 256] [--flow 1024] [--rounds 3] [--keys 500] [upload download echo flow]
"""
import argparse
import contextlib
import fcntl
import os
import pathlib
import pty
import re
import select
import socket
import statistics
import struct
import subprocess
import sys
import termios
import threading
import time

from common import EC2DASH, cloud, load, need

RELAY = pathlib.Path(os.environ.get("RELAY", EC2DASH.absolute().parent / "examples/relay"))
CLOCK = os.sysconf("SC_CLK_TCK")
MIB = 1 << 20
PIECE = 256 * 1024
PAYLOAD = 1024  # of ec2dash, and of an agent
LARGE = 32 * 1024
UP, DOWN, ECHO = b"U", b"D", b"E"


# --- the service behind every relay, in a process of its own


@contextlib.contextmanager
def service():
    """A TCP service that takes bytes, sends bytes or echoes them, as the first byte of a connection says; yields its port."""
    listener = socket.create_server(("127.0.0.1", 0))
    child = os.fork()
    if child == 0:
        while True:
            peer, _ = listener.accept()
            threading.Thread(target=serve, args=(peer,), daemon=True).start()
    try:
        yield listener.getsockname()[1]
    finally:
        listener.close()
        os.kill(child, 15)
        os.waitpid(child, 0)


def serve(peer):
    peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    buffer = bytearray(PIECE)
    with contextlib.suppress(OSError):
        word = peer.recv(9, socket.MSG_WAITALL)
        length = int.from_bytes(word[1:], "big")
        if word[:1] == UP:
            take(peer, length, buffer)
            peer.sendall(b".")
        elif word[:1] == DOWN:
            give(peer, length)
        else:
            while count := peer.recv_into(buffer):
                peer.sendall(memoryview(buffer)[:count])
    peer.close()


def take(peer, length, buffer):
    while length:
        count = peer.recv_into(buffer, min(length, PIECE))
        if not count:
            raise ConnectionError("the connection ended early")
        length -= count


def give(peer, length):
    piece = os.urandom(PIECE)
    while length:
        count = min(length, PIECE)
        peer.sendall(memoryview(piece)[:count])
        length -= count


def dial(port, word, length=0):
    peer = socket.create_connection(("127.0.0.1", port))
    peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    peer.settimeout(600)
    peer.sendall(word + length.to_bytes(8, "big"))
    return peer


def seconds(port, word, length):
    """How long so many bytes take to the service (until it says that it has all) or from it."""
    peer = dial(port, word, 0 if word == ECHO else length)
    begun = time.monotonic()
    if word == UP:
        give(peer, length)
        take(peer, 1, bytearray(PIECE))
    else:
        take(peer, length, bytearray(PIECE))
    took = time.monotonic() - begun
    peer.close()
    return took


# --- what is compared


@contextlib.contextmanager
def relay(to, payload, manner="each"):
    """The bare relay; yields its port and the process on the client's side."""
    processes = []

    def start(*words):
        process = subprocess.Popen([RELAY, *map(str, words)], stdout=subprocess.PIPE, text=True)
        processes.append(process)
        return int(process.stdout.readline())

    try:
        far = start("far", to, payload, "each" if manner == "paced" else manner)
        near = start("near", far, payload, manner)
        yield near, processes[-1].pid
    finally:
        end(*processes)


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


def end(*processes):
    for process in processes:
        process.terminate()
        process.wait()


def cpu(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / CLOCK


def memory(pid, name):
    return int(re.search(rf"{name}:\s+(\d+)", pathlib.Path(f"/proc/{pid}/status").read_text())[1]) / 1024


def forget_peak(pid):
    pathlib.Path(f"/proc/{pid}/clear_refs").write_text("5")


def rate(mib, times):
    return mib / statistics.median(times)


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
    p95 = lambda times: sorted(times)[int(len(times) * 0.95)] * 1000
    more = p95(typed) - p95(relayed)
    print(f"key echo over {options.keys} keys: relay p95 {p95(relayed):.2f} ms, ec2dash p95 {p95(typed):.2f} ms (median {statistics.median(typed) * 1000:.2f}), adds {more:.2f} ms (at most 1: {more <= 1})", flush=True)


def round_trip(out, back):
    time.sleep(0.005)  # a quick typist; back to back is no key echo
    begun = time.monotonic()
    os.write(out, b"x")
    if not select.select([back], [], [], 5)[0] or os.read(back, 1) != b"x":
        sys.exit("a key was not echoed")
    return time.monotonic() - begun


def read_until(terminal, pattern, limit=30):
    seen, deadline = b"", time.monotonic() + limit
    while not re.search(pattern, seen):
        if time.monotonic() > deadline:
            sys.exit(f"{pattern} never came: {seen[-500:]!r}")
        if select.select([terminal], [], [], 0.1)[0]:
            seen += os.read(terminal, 1 << 16)


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
