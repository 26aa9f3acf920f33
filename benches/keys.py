#!/usr/bin/env python3
"""What the search for private keys adds to `show`: 200 files of the common kinds in ~/.ssh and folders below, against an empty home.

    cargo build --release --locked
    benches/keys.py [--files 200] [--rounds 9]

Cold: the files of the system's cache are dropped before each round, which root alone can do; without it that line is left out.
"""
import argparse
import os
import pathlib
import statistics
import subprocess
import time

from common import EC2DASH, cloud, load, need

KINDS = (["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f"], ["ssh-keygen", "-q", "-t", "ecdsa", "-N", "", "-f"],
         ["ssh-keygen", "-q", "-t", "ed25519", "-N", "a passphrase", "-f"], ["openssl", "genrsa", "-traditional", "-out"],
         ["openssl", "genpkey", "-quiet", "-algorithm", "RSA", "-out"])
DROP = pathlib.Path("/proc/sys/vm/drop_caches")


def make(home, count):
    """So many key files, in ~/.ssh and in ten folders below; of RSA keys each is there eight times, as they take long to make."""
    ssh = home / ".ssh"
    for at in range(10):
        (ssh / f"team-{at}").mkdir(parents=True, mode=0o700, exist_ok=True)
    made = {}
    for at in range(count):
        kind = KINDS[at % len(KINDS)]
        path = (ssh if at % 2 else ssh / f"team-{at % 10}") / f"key-{at}"
        again = (at % len(KINDS), at // (8 * len(KINDS))) if kind[0] == "openssl" else None
        if again in made:
            path.write_bytes(made[again])
        else:
            subprocess.run([*kind, str(path)], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            if again:
                made[again] = path.read_bytes()
        path.chmod(0o600)


def seconds(env):
    begun = time.monotonic()
    subprocess.run([EC2DASH, "show", "web-1", "-o", "json"], env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
    return time.monotonic() - begun


def more(with_keys, without, rounds, before=lambda: None):
    """Milliseconds that the keys add, of the medians of the rounds, taken in turn."""
    times = ([], [])
    for _ in range(rounds):
        for env, taken in zip((with_keys, without), times):
            before()
            taken.append(seconds(env))
    return (statistics.median(times[0]) - statistics.median(times[1])) * 1000


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--files", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=9)
    options = parser.parse_args()
    need(EC2DASH, "cargo build --release --locked")
    print(subprocess.run([EC2DASH, "--version"], capture_output=True, text=True).stdout.strip(), "| load", load(), flush=True)
    with cloud() as env:
        homes = [pathlib.Path(env["HOME"]) / name for name in ("with", "without")]
        for home in homes:
            (home / ".ssh").mkdir(parents=True, mode=0o700)
        make(homes[0], options.files)
        with_keys, without = ({**env, "HOME": str(home)} for home in homes)
        warm = more(with_keys, without, options.rounds)
        print(f"{options.files} key files, warm: {warm:.0f} ms more (at most 100: {warm <= 100})", flush=True)
        if os.access(DROP, os.W_OK):
            cold = more(with_keys, without, 3, lambda: (os.sync(), DROP.write_text("3")))
            print(f"{options.files} key files, cold: {cold:.0f} ms more (at most 1000: {cold <= 1000})", flush=True)


main()
