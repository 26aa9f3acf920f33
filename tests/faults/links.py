#!/usr/bin/env python3
"""Sends bytes both ways through a tunnel over bad data channels, and compares hashes.

Lost, repeated, reordered, damaged and delayed messages and lost acknowledgements in both directions, and a gateway that says goodbye every
few seconds, all at once. The simulated agent repairs as the real one does, only the oldest message and ten times a second; its gateway sends
a new connection what the last one lost.

    tests/faults/links.py [--up 64] [--down 64] [--seeds 10] [--first 1] [--binary target/debug/ec2dash]
"""
import argparse
import hashlib
import random
import socket
import sys
import threading
import time

import rig

FAULTS = ["drop:2%", "drop-acks:2%", "duplicate:5%", "reorder:16", "flip:1%", "delay:5ms"]
LONGEST_PAUSE = 5


def serve(down, heard):
    """A service that reads to the end of what it is told, says `down`, and notes the hash of what it heard."""
    def one(peer):
        length = int.from_bytes(peer.recv(8, socket.MSG_WAITALL), "big")
        writer = threading.Thread(target=peer.sendall, args=(down,))
        writer.start()
        digest = hashlib.sha256()
        while length and (data := peer.recv(min(length, rig.CHUNK))):
            digest.update(data)
            length -= len(data)
        heard.append(digest.hexdigest())
        writer.join()

    return rig.serve(one)


def round_(options, seed):
    chance = random.Random(seed)
    up, down = chance.randbytes(options.up * rig.MIB), chance.randbytes(options.down * rig.MIB)
    faults = [f"{fault}:{seed}" if "%" in fault else fault for fault in FAULTS] + ["close:7s"]
    heard = []
    port = serve(down, heard)
    words = [word for fault in faults for word in ("--fault", f"ssmmessages:*={fault}")]
    with rig.tunnel(options, port, words) as (local, process):
        most = idle = rig.resident(process.pid)
        peer = socket.create_connection(("127.0.0.1", local))
        begun = last = time.monotonic()
        writer = threading.Thread(target=peer.sendall, args=(len(up).to_bytes(8, "big") + up,))
        writer.start()
        got, pause = bytearray(), 0.0
        while len(got) < len(down) and (data := peer.recv(rig.CHUNK)):
            now = time.monotonic()
            pause, last = max(pause, now - last), now
            got += data
            most = max(most, rig.resident(process.pid))
        writer.join()
        rig.wait_for("the end of what was sent", lambda: heard, 600)
        took = time.monotonic() - begun
        most = max(most, rig.resident(process.pid))
    is_equal = heard[0] == hashlib.sha256(up).hexdigest() and bytes(got) == down
    print(f"seed {seed}: equal {is_equal}, {took:.1f} s, longest pause down {pause:.1f} s, memory {idle >> 10} -> {most >> 10} MiB", flush=True)
    return is_equal and pause <= LONGEST_PAUSE


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--up", type=int, default=64, help="MiB to the instance")
    parser.add_argument("--down", type=int, default=64, help="MiB from the instance")
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--first", type=int, default=1, help="the first seed")
    rig.ask_for_program(parser)
    options = parser.parse_args()
    bad = [seed for seed in range(options.first, options.first + options.seeds) if not round_(options, seed)]
    sys.exit(f"seeds {bad} failed" if bad else 0)


if __name__ == "__main__":
    main()
