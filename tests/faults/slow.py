#!/usr/bin/env python3
"""Measures what waits behind what: a key beside an upload into a slow program, and bulk both ways over a link that loses messages.

The simulated agent works as the real one: while a program takes nothing it reads nothing, it sleeps a millisecond after each message, may have
a hundred thousand out, and repairs one message each tenth of a second.

    tests/faults/slow.py [--sink 300] [--keys 20] [--echo 40] [--drop 0.2%] [--binary target/debug/ec2dash] [--cloud target/debug/ec2dash] [key echo]
"""
import argparse
import contextlib
import hashlib
import os
import pathlib
import random
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
MIB = 1 << 20
AGENT = "pace=1ms,reader=waits"
LONGEST_KEY = 0.5
LONGEST_ECHO = 120


def serve(rate):
    """A service that takes bytes at a rate, or echoes them, as the first byte of a connection says; returns its port and what it took."""
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 16 * 1024)
    listener.bind(("127.0.0.1", 0))
    listener.listen(16)
    taken = [0]

    def one(peer):
        peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with contextlib.suppress(OSError):
            is_sink, begun, got = peer.recv(1) == b"S", time.monotonic(), 0
            while data := peer.recv(8192 if is_sink else 1 << 16):
                if not is_sink:
                    peer.sendall(data)
                    continue
                got += len(data)
                taken[0] = got
                time.sleep(max(0, begun + got / rate - time.monotonic()))
        peer.close()

    def accept():
        while True:
            peer, _ = listener.accept()
            threading.Thread(target=one, args=(peer,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    return listener.getsockname()[1], taken


@contextlib.contextmanager
def tunnel(options, port, agent, faults=()):
    """A tunnel to the port through a cloud of its own; yields its local port and its process, and tells what its log says at the end."""
    with tempfile.TemporaryDirectory() as home:
        env = {"PATH": os.environ["PATH"], "HOME": home, "LANG": "C.UTF-8"}
        words = [word for fault in faults for word in ("--fault", fault)]
        sim = subprocess.Popen([options.cloud, "sim", "--agent", agent, *words], stdout=subprocess.PIPE, text=True, env=env)
        log, process = pathlib.Path(home) / "log", None
        try:
            for line in sim.stdout:
                name, value = line.removeprefix("export ").rstrip("\n").split("=", 1)
                env[name] = value
                if name == "EC2DASH_CONFIG":
                    break
            command = [options.binary, "--log-file", str(log), "tunnel", "web-1", f"0:{port}"]
            process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=env)
            yield int(re.search(r"127\.0\.0\.1:(\d+)", process.stdout.readline())[1]), process
        finally:
            for one in (process, sim):
                if one:
                    one.terminate()
                    one.wait()
            if log.exists() and (found := re.search(r"messages: .*", log.read_text())):
                print(" ", found[0], flush=True)


def dial(port, word):
    peer = socket.create_connection(("127.0.0.1", port))
    peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    peer.sendall(word)
    return peer


def key(options):
    """How long a byte takes to come back on one connection while another uploads into a program that takes its time."""
    rate = options.sink * 1000
    port, taken = serve(rate)
    # Bulk goes as fast as the link takes it; only what comes back is paced.
    with tunnel(options, port, AGENT) as (local, process):
        bulk, typist = dial(local, b"S"), dial(local, b"E")
        typist.settimeout(60)
        typist.sendall(b"x")
        typist.recv(1)

        def upload():
            with contextlib.suppress(OSError):
                while True:
                    bulk.sendall(os.urandom(64 * 1024))

        threading.Thread(target=upload, daemon=True).start()
        begun = time.monotonic()
        times = []
        for _ in range(options.keys):
            time.sleep(0.5)
            typed = time.monotonic()
            typist.sendall(b"x")
            typist.recv(1)
            times.append(time.monotonic() - typed)
        kept = taken[0] / (time.monotonic() - begun) / rate
        bulk.close()
    longest = max(times)
    print(f"a key beside an upload into {options.sink} kB/s: median {statistics.median(times):.2f} s, longest {longest:.2f} s (at most {LONGEST_KEY}: {longest <= LONGEST_KEY}); the program was kept busy {kept:.0%}", flush=True)
    return longest <= LONGEST_KEY and kept >= 0.8


def echo(options):
    """How long so much takes there and back while messages are lost both ways."""
    port, _ = serve(1)
    random.seed(7)
    data = random.randbytes(options.echo * MIB)
    with tunnel(options, port, AGENT, [f"ssmmessages:*=drop:{options.drop}"]) as (local, process):
        peer = dial(local, b"E")
        peer.settimeout(600)
        threading.Thread(target=peer.sendall, args=(data,), daemon=True).start()
        begun = last = time.monotonic()
        digest, got, pause = hashlib.sha256(), 0, 0.0
        while got < len(data) and (piece := peer.recv(1 << 16)):
            digest.update(piece)
            got += len(piece)
            pause, last = max(pause, time.monotonic() - last), time.monotonic()
            if last - begun > options.limit:
                break
        took = time.monotonic() - begun
        peer.close()
    is_equal = got == len(data) and digest.digest() == hashlib.sha256(data).digest()
    print(f"{options.echo} MiB there and back with {options.drop} lost: whole {is_equal} ({got / MIB:.1f} MiB), {took:.0f} s (at most {LONGEST_ECHO}: {took <= LONGEST_ECHO}), longest pause {pause:.1f} s", flush=True)
    return is_equal and took <= LONGEST_ECHO


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--sink", type=int, default=300, help="what the slow program takes, in kB/s")
    parser.add_argument("--keys", type=int, default=20)
    parser.add_argument("--echo", type=int, default=40, help="MiB there and back")
    parser.add_argument("--drop", default="0.2%")
    parser.add_argument("--limit", type=int, default=300, help="seconds after which the echo is given up")
    parser.add_argument("--binary", default=str(ROOT / "target/debug/ec2dash"))
    parser.add_argument("--cloud", default=str(ROOT / "target/debug/ec2dash"), help="another ec2dash that plays the cloud")
    parser.add_argument("parts", nargs="*", default=["key", "echo"])
    options = parser.parse_args()
    good = [part(options) for name, part in (("key", key), ("echo", echo)) if name in options.parts]
    sys.exit(0 if all(good) else 1)


main()
