#!/usr/bin/env python3
"""Sends bytes both ways through a tunnel over bad data channels, and compares hashes.

Lost, repeated, reordered, damaged and delayed messages and lost acknowledgements in both directions, and a gateway that says goodbye every
few seconds, all at once. The simulated agent repairs as the real one does, only the oldest message and ten times a second; its gateway sends
a new connection what the last one lost.

    tests/faults/links.py [--up 64] [--down 64] [--seeds 10] [--first 1] [--binary target/debug/ec2dash]
"""
import argparse
import hashlib
import os
import pathlib
import random
import re
import socket
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
MIB = 1 << 20
FAULTS = ["drop:2%", "drop-acks:2%", "duplicate:5%", "reorder:16", "flip:1%", "delay:5ms"]


def serve(down, heard):
    """A service that reads to the end of what it is told, says `down`, and notes the hash of what it heard."""
    listener = socket.create_server(("127.0.0.1", 0))

    def one():
        peer, _ = listener.accept()
        length = int.from_bytes(peer.recv(8, socket.MSG_WAITALL), "big")
        writer = threading.Thread(target=peer.sendall, args=(down,))
        writer.start()
        digest = hashlib.sha256()
        while length:
            data = peer.recv(min(length, 1 << 16))
            if not data:
                break
            digest.update(data)
            length -= len(data)
        heard.append(digest.hexdigest())
        writer.join()
        peer.close()

    threading.Thread(target=one, daemon=True).start()
    return listener.getsockname()[1]


def memory(pid):
    return int(re.search(r"VmRSS:\s+(\d+)", pathlib.Path(f"/proc/{pid}/status").read_text())[1]) / 1024


def round_(binary, seed, up, down):
    random.seed(seed)
    up, down = random.randbytes(up * MIB), random.randbytes(down * MIB)
    with tempfile.TemporaryDirectory() as home:
        env = {"PATH": os.environ["PATH"], "HOME": home, "LANG": "C.UTF-8"}
        faults = [word for fault in FAULTS for word in ("--fault", f"ssmmessages:*={fault}:{seed}" if "%" in fault else f"ssmmessages:*={fault}")]
        faults += ["--fault", "ssmmessages:*=close:7s"]
        sim = subprocess.Popen([binary, "sim", *faults], stdout=subprocess.PIPE, text=True, env=env)
        tunnel = None
        try:
            for line in sim.stdout:
                name, value = line.removeprefix("export ").rstrip("\n").split("=", 1)
                env[name] = value
                if name == "EC2DASH_CONFIG":
                    break
            heard = []
            port = serve(down, heard)
            tunnel = subprocess.Popen([binary, "tunnel", "web-1", f"0:{port}"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=env)
            local = int(re.search(r"127\.0\.0\.1:(\d+)", tunnel.stdout.readline())[1])
            idle = memory(tunnel.pid)
            peer = socket.create_connection(("127.0.0.1", local))
            begun, sent = time.monotonic(), []

            def send():
                peer.sendall(len(up).to_bytes(8, "big") + up)
                sent.append(time.monotonic())

            writer = threading.Thread(target=send)
            writer.start()
            got, last, stall, most = bytearray(), time.monotonic(), 0.0, idle
            while len(got) < len(down):
                data = peer.recv(1 << 16)
                now = time.monotonic()
                stall, last = max(stall, now - last), now
                if not data:
                    break
                got += data
                most = max(most, memory(tunnel.pid))
            writer.join()
            while not heard:
                time.sleep(0.05)
                most = max(most, memory(tunnel.pid))
            took = time.monotonic() - begun
            is_equal = heard[0] == hashlib.sha256(up).hexdigest() and bytes(got) == down
            print(f"seed {seed}: equal {is_equal}, {took:.1f} s, longest pause down {stall:.1f} s, memory {idle:.0f} -> {most:.0f} MiB", flush=True)
            return is_equal and stall <= 5
        finally:
            for process in (tunnel, sim):
                if process:
                    process.terminate()
                    process.wait()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--up", type=int, default=64, help="MiB to the instance")
    parser.add_argument("--down", type=int, default=64, help="MiB from the instance")
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--first", type=int, default=1, help="the first seed")
    parser.add_argument("--binary", default=str(ROOT / "target/debug/ec2dash"))
    arguments = parser.parse_args()
    bad = [seed for seed in range(arguments.first, arguments.first + arguments.seeds) if not round_(arguments.binary, seed, arguments.up, arguments.down)]
    sys.exit(f"seeds {bad} failed" if bad else 0)


main()
