#!/usr/bin/env python3
"""Ends the demo by every signal and by panics at random moments, and looks for what stays behind.

While it starts, in the dashboard, while connecting, in a session and with OpenSSH in the foreground: SIGTERM, SIGHUP, SIGINT, SIGQUIT, a panic
and SIGKILL. Afterwards no process, socket, key file, lock or directory of ours may be left (after SIGKILL: the next start clears it), and all
but SIGKILL leave the terminal as found and tell by the exit code what it was.

    tests/faults/leaving.py [--rounds 25] [--seed 1] [--at-once 8] [--phase session] [--way TERM] [--binary target/debug/ec2dash]
"""
import argparse
import concurrent.futures
import fcntl
import os
import pathlib
import pty
import random
import re
import select
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import time

import rig

MODES_OFF = {b"1049": b"l", b"1000": b"l", b"1002": b"l", b"1003": b"l", b"2004": b"l", b"25": b"h"}
WAYS = {"TERM": signal.SIGTERM, "HUP": signal.SIGHUP, "INT": signal.SIGINT, "QUIT": signal.SIGQUIT, "panic": None, "KILL": signal.SIGKILL}
PANICS = {"start": ["ui", "task", "draw"], "dashboard": ["ui", "task", "draw"], "connecting": ["task"], "session": ["session"], "ssh": ["session"]}
PHASES = list(PANICS)
WELCOME = b"Nothing here is on AWS"
GIVEN_UP = b"given up"


class Run:
    """The demo in a terminal of its own."""

    def __init__(self, binary, base, panic=None):
        self.base = base
        self.master, self.slave = pty.openpty()
        fcntl.ioctl(self.slave, termios.TIOCSWINSZ, struct.pack("HHHH", 32, 120, 0, 0))
        self.before = termios.tcgetattr(self.slave)
        env = environment(base) | {"TERM": "xterm-256color", "LANG": "C.UTF-8"}
        if panic:
            env["EC2DASH_TEST_PANIC"] = panic
        streams = {"stdin": self.slave, "stdout": self.slave, "stderr": self.slave}
        self.process = subprocess.Popen([binary, "--demo"], env=env, start_new_session=True, preexec_fn=self.take_terminal, **streams)
        self.seen = b""

    def take_terminal(self):
        for way in filter(None, WAYS.values()):
            if way != signal.SIGKILL:
                signal.signal(way, signal.SIG_DFL)
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)

    def pump(self, seconds):
        """Read what comes for so long, or until nothing has come for that long."""
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            if not select.select([self.master], [], [], left)[0]:
                return
            try:
                self.seen += os.read(self.master, rig.CHUNK)
            except OSError:
                return

    def wait_for(self, text, seconds=60):
        deadline = time.monotonic() + seconds
        while text not in self.seen:
            if time.monotonic() > deadline or self.has_ended():
                return False
            self.pump(0.02)
        return True

    def type(self, text):
        os.write(self.master, text)

    def has_ended(self):
        return self.process.poll() is not None

    def wait(self, seconds):
        deadline = time.monotonic() + seconds
        while not self.has_ended():
            if time.monotonic() > deadline:
                return False
            self.pump(0.02)
        self.pump(0.05)
        return True

    def processes(self):
        """Whatever runs with our directory in its environment, its arguments or under its feet."""
        found, mark = [], os.fsencode(self.base) + b"/"
        for entry in pathlib.Path("/proc").glob("[0-9]*"):
            try:
                about = (entry / "environ").read_bytes() + (entry / "cmdline").read_bytes() + os.fsencode(os.readlink(entry / "cwd"))
                state = (entry / "stat").read_text().rsplit(")", 1)[1].split()[0]
                if mark in about and state != "Z":
                    command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
                    found.append(f"{entry.name} {command}")
            except OSError:
                pass
        return found

    def terminal_faults(self):
        faults = []
        if termios.tcgetattr(self.slave) != self.before:
            faults.append("the terminal's settings changed")
        for mode, off in MODES_OFF.items():
            last = re.findall(rb"\x1b\[\?(?:\d+;)*" + mode + rb"(?:;\d+)*([hl])", self.seen)
            if last and last[-1] != off:
                faults.append(f"mode {mode.decode()} is left {'on' if last[-1] == b'h' else 'off'}")
        if self.seen.rfind(b"\x1b[>1u") > self.seen.rfind(b"\x1b[=0;1u"):
            faults.append("the keys of the kitty protocol are left on")
        return faults

    def close(self):
        if not self.has_ended():
            self.process.kill()
            self.wait(5)
        os.close(self.master)
        os.close(self.slave)


def environment(base):
    return {"PATH": os.environ["PATH"], "HOME": str(base / "home"), "TMPDIR": str(base / "tmp"), "XDG_RUNTIME_DIR": str(base / "run")}


def leftovers(base):
    """Files below our places; the directory for the runs of all is there to stay."""
    places = [path for place in ("home", "tmp", "run") for path in (base / place).rglob("*")]
    return sorted(str(path.relative_to(base)) for path in places if path != base / "run" / "ec2dash")


def one_round(binary, phase, way, seed):
    chance = random.Random(seed)
    panic = chance.choice(PANICS[phase]) if way == "panic" else None
    with tempfile.TemporaryDirectory(prefix="e2d-") as directory:
        base = pathlib.Path(directory)
        for name in ("home", "tmp", "run"):
            (base / name).mkdir(mode=0o700)
        run = Run(binary, base, panic)
        try:
            fault = reach(run, phase, chance)
            if fault and not panic:
                return fault
            if not run.has_ended() and WAYS[way]:
                run.process.send_signal(WAYS[way])
            if phase == "connecting" and way == "INT":
                give_up(run)
            return check(run, binary, way, phase)
        finally:
            run.close()


def reach(run, phase, chance):
    """A random moment of the phase; what kept it from coming, if anything."""
    if phase == "start":
        time.sleep(chance.random() * 0.3)
        return None
    if not run.wait_for(b"bastion"):
        return f"no rows: {run.seen[-300:]!r}"
    if phase == "dashboard":
        run.type(chance.choice([b"", b"?", b"/web", b"\r", b"P", b"jjj"]))
        run.pump(chance.random() * 0.5)
        return None
    run.type(b"/web-1\r")
    run.pump(0.2)
    run.type(b"\r")
    if not run.wait_for(b"eic"):
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
        subprocess.run([binary, "--demo", "ls", "-o", "ids"], env=environment(run.base), capture_output=True, check=True)
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
    while (run.processes() or leftovers(run.base)) and time.monotonic() < deadline:
        time.sleep(0.05)
    faults += [f"process stays: {line}" for line in run.processes()]
    faults += [f"file stays: {line}" for line in leftovers(run.base)]
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
