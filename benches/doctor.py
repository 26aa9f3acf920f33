#!/usr/bin/env python3
"""What the doctor costs: rounds of calls when nothing is known, and calls and CPU of a report of many instances.

    cargo build --release --locked
    benches/doctor.py [--instances 10000]

Rounds: `doctor TARGET` is run against a simulated cloud that answers at once, and against one that answers each call after a second. What
it takes longer, in seconds, is how many calls it waits for one after the other; one of them finds the target. Calls: `doctor --all` and
`ls` of so many instances, counted by the log. What judging costs besides is in verdicts.rs.
"""
import argparse
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

from common import EC2DASH, cloud, cost, load

DELAY = 1.0


def wall(command, env):
    begun = time.monotonic()
    done = subprocess.run(list(map(str, command)), env=env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    if done.returncode not in (0, 6):
        sys.exit(f"{command} ended with {done.returncode}: {done.stderr.decode()[-400:]}")
    return time.monotonic() - begun


def rounds(times):
    command = [EC2DASH, "doctor", "web-1", "--from", "203.0.113.9", "-o", "json"]
    with cloud() as env:
        wall(command, env)
        at_once = statistics.median(wall(command, env) for _ in range(times))
    with cloud("--fault", f"*=delay:{DELAY:g}s") as env:
        wall(command, env)
        late = statistics.median(wall(command, env) for _ in range(times))
    waited = (late - at_once) / DELAY
    print(f"doctor TARGET  {at_once:.3f} s, and {late:.3f} s where each call takes {DELAY:g} s: {waited:.1f} rounds, one of them finds the target")


def calls(log):
    return sum(1 for line in pathlib.Path(log).read_text().splitlines() if " call" in line or '"call"' in line)


def reports(count):
    with cloud("--instances", str(count)) as env, tempfile.TemporaryDirectory() as own:
        told = {}
        for name, words in {"ls": ["ls", "-o", "ids"], "doctor --all": ["doctor", "--all", "-o", "json"]}.items():
            log = pathlib.Path(own) / f"{name.split()[0]}.log"
            seconds, memory = cost([EC2DASH, "--log-file", log, "-vv", *words], env, pathlib.Path(own) / "out")
            told[name] = (calls(log), seconds, memory)
        more = told["doctor --all"][0] - told["ls"][0]
        for name, (number, seconds, memory) in told.items():
            print(f"{name:13}  {count} instances: {number} calls, {seconds:.2f} s of CPU, {memory:.0f} MiB")
        print(f"doctor --all makes {more} calls besides those of ls (at most 40)")


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--instances", type=int, default=10_000)
    arguments.add_argument("--rounds", type=int, default=3)
    chosen = arguments.parse_args()
    print(f"load {load()}")
    rounds(chosen.rounds)
    reports(chosen.instances)


main()
