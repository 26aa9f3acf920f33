#!/usr/bin/env python3
"""Ends the demo by every signal and by panics at random moments, and looks for what stays behind.

In the dashboard, while connecting and in a session: SIGTERM, SIGHUP, SIGINT, a panic and SIGKILL. Afterwards no process, socket, key file or
directory of ours may be left (after SIGKILL: the next start clears it), and all but SIGKILL leave the terminal as found.

    tests/faults/leaving.py [--rounds 25] [--seed 1] [--binary target/debug/ec2dash]
"""
import argparse
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
import uuid
import fcntl

ROOT = pathlib.Path(__file__).resolve().parents[2]
MODES_OFF = {b"1049": b"l", b"1000": b"l", b"1002": b"l", b"1003": b"l", b"2004": b"l", b"25": b"h"}
WAYS = {"TERM": signal.SIGTERM, "HUP": signal.SIGHUP, "INT": signal.SIGINT, "panic": None, "KILL": signal.SIGKILL}
PHASES = ["dashboard", "connecting", "session"]
PANICS = {"dashboard": ["ui", "task", "draw"], "connecting": ["task"], "session": ["session"]}


class Run:
    def __init__(self, binary, base, panic=None):
        self.mark = uuid.uuid4().hex
        env = {
            "PATH": os.environ["PATH"], "HOME": str(base / "home"), "TMPDIR": str(base / "tmp"), "XDG_RUNTIME_DIR": str(base / "run"),
            "TERM": "xterm-256color", "LANG": "C.UTF-8", "EC2DASH_TEST_MARK": self.mark,
        }
        if panic:
            env["EC2DASH_TEST_PANIC"] = panic
        self.master, self.slave = pty.openpty()
        fcntl.ioctl(self.slave, termios.TIOCSWINSZ, struct.pack("HHHH", 32, 120, 0, 0))
        self.before = termios.tcgetattr(self.slave)
        self.pid = os.fork()
        if self.pid == 0:
            os.setsid()
            fcntl.ioctl(self.slave, termios.TIOCSCTTY, 0)
            for number in (0, 1, 2):
                os.dup2(self.slave, number)
            os.execve(binary, [str(binary), "--demo"], env)
        self.seen = b""
        self.status = None

    def pump(self, seconds):
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            ready, _, _ = select.select([self.master], [], [], left)
            if not ready:
                return
            try:
                self.seen += os.read(self.master, 1 << 16)
            except OSError:
                return

    def wait_for(self, text, seconds=40):
        deadline = time.monotonic() + seconds
        while text not in self.seen:
            if time.monotonic() > deadline or self.ended():
                return False
            self.pump(0.02)
        return True

    def type(self, text):
        os.write(self.master, text)

    def ended(self):
        if self.status is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.status = os.waitstatus_to_exitcode(status)
        return self.status is not None

    def wait(self, seconds):
        deadline = time.monotonic() + seconds
        while not self.ended():
            if time.monotonic() > deadline:
                return False
            self.pump(0.02)
        self.pump(0.2)
        return True

    def processes(self):
        found = []
        for entry in pathlib.Path("/proc").glob("[0-9]*"):
            try:
                if int(entry.name) != os.getpid() and self.mark.encode() in (entry / "environ").read_bytes():
                    command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
                    state = (entry / "stat").read_text().rsplit(")", 1)[1].split()[0]
                    if state != "Z":
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
        return faults

    def close(self):
        os.close(self.master)
        os.close(self.slave)


def leftovers(base):
    return sorted(str(path.relative_to(base)) for place in ("tmp", "run") for path in (base / place).rglob("*") if path.name != "ec2dash")


def one_round(binary, base, phase, way, chance):
    panic = chance.choice(PANICS[phase]) if way == "panic" else None
    run = Run(binary, base, panic)
    try:
        if phase == "dashboard":
            time.sleep(chance.random() * 0.05)
            run.pump(chance.random() * 1.5)
        else:
            if not run.wait_for(b"bastion"):
                return f"no rows: {run.seen[-300:]!r}" if not panic else check(run, base, way, binary)
            run.pump(0.3)
            run.type(b" ")
            run.type(b"/web-1\r")
            run.pump(0.3)
            run.type(b"\r")
            run.pump(0.2)
            run.type(b"\r")
            if phase == "connecting":
                run.pump(chance.random() * 0.4)
            elif not panic and not run.wait_for(b"Nothing here is on AWS"):
                return f"no session: {run.seen[-600:]!r}"
            else:
                run.pump(chance.random() * 0.5)
        if not run.ended() and WAYS[way]:
            os.kill(run.pid, WAYS[way])
        return check(run, base, way, binary)
    finally:
        if not run.ended():
            os.kill(run.pid, signal.SIGKILL)
            run.wait(5)
        run.close()


def check(run, base, way, binary):
    if not run.wait(15):
        return f"still running; {run.seen[-300:]!r}"
    faults = []
    if way == "KILL":
        env = {"PATH": os.environ["PATH"], "HOME": str(base / "home"), "TMPDIR": str(base / "tmp"), "XDG_RUNTIME_DIR": str(base / "run")}
        subprocess.run([binary, "--demo", "ls", "-o", "ids"], env=env, capture_output=True, check=True)
    else:
        faults += run.terminal_faults()
        expected = {101} if way == "panic" else {128 + WAYS[way]}
        if run.status not in expected:
            faults.append(f"exit code {run.status} instead of {expected}")
    deadline = time.monotonic() + 5
    while (run.processes() or leftovers(base)) and time.monotonic() < deadline:
        time.sleep(0.05)
    faults += [f"process stays: {line}" for line in run.processes()]
    faults += [f"file stays: {line}" for line in leftovers(base)]
    return "; ".join(faults)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=25)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--binary", type=pathlib.Path, default=ROOT / "target/debug/ec2dash")
    parser.add_argument("--phase", choices=PHASES, action="append")
    parser.add_argument("--way", choices=WAYS, action="append")
    options = parser.parse_args()
    chance = random.Random(options.seed)
    bad = 0
    for phase in options.phase or PHASES:
        for way in options.way or WAYS:
            good = 0
            for number in range(options.rounds):
                with tempfile.TemporaryDirectory(prefix="e2d-") as directory:
                    base = pathlib.Path(directory)
                    for name in ("home", "tmp", "run"):
                        (base / name).mkdir(mode=0o700)
                    fault = one_round(options.binary, base, phase, way, chance)
                if fault:
                    bad += 1
                    print(f"  {phase} {way} round {number} (seed {options.seed}): {fault}", flush=True)
                else:
                    good += 1
            print(f"{phase:10} {way:5} {good} of {options.rounds} clean", flush=True)
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
