#!/usr/bin/env python3
"""Measures what waits behind what: a key beside an upload into a slow program, and bulk both ways over a link that loses messages.

The simulated agent works as the real one: while a program takes nothing it reads nothing, it sleeps a millisecond after each message, may have
a hundred thousand out, and repairs one message each tenth of a second.

    tests/faults/slow.py [--sink 300] [--keys 20] [--longest-key 0.5] [--echo 40] [--drop 0.2%]
                         [--binary target/debug/ec2dash] [--cloud target/debug/ec2dash] [key echo]
"""
import argparse
import contextlib
import hashlib
import os
import random
import socket
import statistics
import sys
import threading
import time

import rig

AGENT = ["--agent", "pace=1ms,reader=waits"]
LONGEST_ECHO = 120


def serve(rate):
    """A service that takes bytes at a rate, or echoes them, as the first byte of a connection says; its port, and what it took."""
    taken = [0]

    def one(peer):
        peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if peer.recv(1) != b"S":
            return rig.echo(peer)
        begun = time.monotonic()
        while data := peer.recv(8192):
            taken[0] += len(data)
            time.sleep(max(0, begun + taken[0] / rate - time.monotonic()))

    return rig.serve(one, receive_buffer=16 * 1024), taken


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
    with rig.tunnel(options, port, AGENT) as (local, _):
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
    print(f"a key beside an upload into {options.sink} kB/s: median {statistics.median(times):.2f} s, longest {longest:.2f} s (at most {options.longest_key}: {longest <= options.longest_key}); the program was kept busy {kept:.0%}", flush=True)
    return longest <= options.longest_key and kept >= 0.8


def echo(options):
    """How long so much takes there and back while messages are lost both ways."""
    port, _ = serve(1)
    data = random.Random(7).randbytes(options.echo * rig.MIB)
    with rig.tunnel(options, port, [*AGENT, "--fault", f"ssmmessages:*=drop:{options.drop}"]) as (local, _):
        peer = dial(local, b"E")
        peer.settimeout(600)
        threading.Thread(target=peer.sendall, args=(data,), daemon=True).start()
        begun = last = time.monotonic()
        digest, got, pause = hashlib.sha256(), 0, 0.0
        while got < len(data) and (piece := peer.recv(rig.CHUNK)):
            digest.update(piece)
            got += len(piece)
            pause, last = max(pause, time.monotonic() - last), time.monotonic()
            if last - begun > options.limit:
                break
        took = time.monotonic() - begun
        peer.close()
    is_equal = got == len(data) and digest.digest() == hashlib.sha256(data).digest()
    print(f"{options.echo} MiB there and back with {options.drop} lost: whole {is_equal} ({got / rig.MIB:.1f} MiB), {took:.0f} s (at most {LONGEST_ECHO}: {took <= LONGEST_ECHO}), longest pause {pause:.1f} s", flush=True)
    return is_equal and took <= LONGEST_ECHO


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--sink", type=int, default=300, help="what the slow program takes, in kB/s")
    parser.add_argument("--keys", type=int, default=20)
    parser.add_argument("--longest-key", type=float, default=0.5, help="seconds; more for a busy computer")
    parser.add_argument("--echo", type=int, default=40, help="MiB there and back")
    parser.add_argument("--drop", default="0.2%")
    parser.add_argument("--limit", type=int, default=300, help="seconds after which the echo is given up")
    rig.ask_for_program(parser)
    rig.ask_for_program(parser, "--cloud", "another ec2dash that plays the cloud")
    parser.add_argument("parts", nargs="*", default=["key", "echo"])
    options = parser.parse_args()
    good = [part(options) for name, part in (("key", key), ("echo", echo)) if name in options.parts]
    sys.exit(0 if all(good) else 1)


if __name__ == "__main__":
    main()
