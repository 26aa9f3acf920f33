#!/usr/bin/env python3
"""Ends the demo by every signal and by panics at random moments, and looks for what stays behind.

While it starts, in the dashboard, while connecting, in a session and with OpenSSH in the foreground: SIGTERM, SIGHUP, SIGINT, SIGQUIT, a panic
and SIGKILL. Afterwards no process, socket, key file, lock or directory of ours may be left (after SIGKILL: the next start clears it), and all
but SIGKILL leave the terminal as found and tell by the exit code what it was.

    tests/faults/leaving.py [--rounds 25] [--seed 1] [--at-once 8] [--phase session] [--way TERM] [--binary target/debug/ec2dash]
"""
import argparse
import concurrent.futures
import os
import random
import signal
import subprocess
import sys
import time

import rig

WAYS = {"TERM": signal.SIGTERM, "HUP": signal.SIGHUP, "INT": signal.SIGINT, "QUIT": signal.SIGQUIT, "panic": None, "KILL": signal.SIGKILL}
PANICS = {"start": ["ui", "task", "draw"], "dashboard": ["ui", "task", "draw"], "connecting": ["task"], "session": ["session"], "ssh": ["session"]}
PHASES = list(PANICS)
WELCOME = b"Nothing here is on AWS"
GIVEN_UP = b"given up"


def one_round(binary, phase, way, seed):
    chance = random.Random(seed)
    panic = chance.choice(PANICS[phase]) if way == "panic" else None
    with rig.terminal([binary, "--demo"], {"EC2DASH_TEST_PANIC": panic} if panic else {}) as run:
        fault = reach(run, phase, chance)
        if fault and not panic:
            return fault
        if not run.has_ended() and WAYS[way]:
            run.process.send_signal(WAYS[way])
        if phase == "connecting" and way == "INT":
            give_up(run)
        return check(run, binary, way, phase)


def reach(run, phase, chance):
    """A random moment of the phase; what kept it from coming, if anything."""
    if phase == "start":
        time.sleep(chance.random() * 0.3)
        return None
    if not rig.reach_list(run):
        return f"no rows: {run.seen[-300:]!r}"
    if phase == "dashboard":
        run.type(chance.choice([b"", b"?", b"/web", b"\r", b"P", b"jjj"]))
        run.pump(chance.random() * 0.5)
        return None
    run.type(b"/web-1\r")
    run.pump(0.2)
    run.type(b"\r")
    if not run.wait_for(b"Connect to web-1"):
        return f"no ways in: {run.seen[-300:]!r}"
    by_ssh = phase == "ssh" or phase == "connecting" and chance.random() < 0.5
    run.type(b"3\r" if by_ssh else b"1\r")
    if phase == "connecting":
        run.pump(chance.random() * 0.4)
    elif not run.wait_for(WELCOME):
        return f"no session: {run.seen[-600:]!r}"
    else:
        run.pump(chance.random() * 0.3)
    return None


def give_up(run):
    """Ctrl-C while a session begins is about the session alone; the next is about the dashboard."""
    deadline = time.monotonic() + 20
    while not run.has_ended() and time.monotonic() < deadline:
        run.pump(0.02)
        if GIVEN_UP in run.seen:
            run.process.send_signal(signal.SIGINT)
            return


def check(run, binary, way, phase):
    if not run.wait(20):
        return f"still running; {run.seen[-300:]!r}"
    faults = []
    if way == "KILL":
        # Two minutes later: what was just being made is left alone for one.
        for path in (path for place in ("tmp", "run") for path in (run.base / place).rglob("*") if path.is_dir()):
            os.utime(path, (time.time() - 120,) * 2)
        subprocess.run([binary, "--demo", "ls", "-o", "ids"], env=rig.places(run.base), capture_output=True, check=True)
    else:
        faults += run.terminal_faults()
        code = run.process.returncode
        expected = {101} if way == "panic" else {128 + WAYS[way]}
        if phase == "start" and way != "panic":
            # Before anything is there to be put away, the system ends us.
            expected.add(-WAYS[way])
        if code not in expected:
            faults.append(f"exit code {code} instead of {expected}")
    deadline = time.monotonic() + 5
    while (run.processes() or rig.leftovers(run.base)) and time.monotonic() < deadline:
        time.sleep(0.05)
    faults += [f"process stays: {line}" for line in run.processes()]
    faults += [f"file stays: {line}" for line in rig.leftovers(run.base)]
    return "; ".join(faults)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=25, help="of each phase and way")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--at-once", type=int, default=8)
    parser.add_argument("--phase", choices=PHASES, action="append")
    parser.add_argument("--way", choices=WAYS, action="append")
    rig.ask_for_program(parser)
    options = parser.parse_args()
    bad = 0
    with concurrent.futures.ProcessPoolExecutor(options.at_once) as pool:
        asked = {}
        for phase in options.phase or PHASES:
            for way in options.way or WAYS:
                seeds = [f"{options.seed} {phase} {way} {number}" for number in range(options.rounds)]
                asked[phase, way] = [pool.submit(one_round, options.binary, phase, way, seed) for seed in seeds]
        for (phase, way), rounds in asked.items():
            faults = [round_.result() for round_ in rounds]
            for number, fault in enumerate(faults):
                if fault:
                    print(f"  {phase} {way} round {number} (seed {options.seed}): {fault}", flush=True)
            print(f"{phase:10} {way:5} {faults.count('') + faults.count(None)} of {options.rounds} clean", flush=True)
            bad += len(list(filter(None, faults)))
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
