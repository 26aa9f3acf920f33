#!/usr/bin/env python3
"""Hands the terminal of the demo's dashboard to OpenSSH and takes it back, again and again.

Each time the session ends in one of three ways: by itself, with its ssh killed by SIGKILL, and with a remote program that leaves the mouse, the
alternate screen, the kitty protocol, a hidden cursor and a terminal without echo. Each time the dashboard must have the terminal back as it had
it, take keys, and hold no more descriptors and children than after the first; at the end the terminal is as it was found.

    tests/faults/handing.py [--rounds 100] [--at-once 4] [--binary target/debug/ec2dash]
"""
import argparse
import concurrent.futures
import contextlib
import os
import pathlib
import re
import signal
import sys
import termios

import rig

WELCOME = b"Nothing here is on AWS"
LEFT_ON = rb"\033[?1000h\033[?1002h\033[?1003h\033[?1006h\033[?1049h\033[?25l\033[>1u\033[?1h\033=\033(0"
WAYS = ["by itself", "killed", "left on"]


def one_dashboard(binary, number, rounds):
    """The faults of so many rounds on one dashboard."""
    with rig.terminal([binary, "--demo"]) as run:
        assert rig.reach_list(run), run.seen[-300:]
        run.type(b"/web-1\r")
        before = None
        for round_ in range(rounds):
            way = WAYS[(number + round_) % len(WAYS)]
            fault = hand_over(run, way)
            before = before or descriptors(run)
            if not fault and not settles(run, before):
                fault = f"descriptors {before}, then {descriptors(run)}; children {children(run.process.pid)}"
            if fault:
                return f"dashboard {number}, round {round_}, {way}: {fault}"
        run.type(b"q")
        if not run.wait(20):
            return f"dashboard {number} does not end: {run.seen[-300:]!r}"
        faults = run.terminal_faults() + [f"process stays: {line}" for line in run.processes()]
        faults += [f"file stays: {line}" for line in rig.leftovers(run.base)]
        if run.process.returncode:
            faults.append(f"exit code {run.process.returncode}")
        return "; ".join(faults)


def descriptors(run):
    return len(os.listdir(f"/proc/{run.process.pid}/fd"))


def settles(run, before):
    """Whether nobody is left of the session, and no descriptor but a few of connections to AWS that are kept for a while."""
    with contextlib.suppress(AssertionError):
        rig.wait_for("peace", lambda: run.pump(0.02) or not children(run.process.pid) and descriptors(run) < before + 10, 10)
        return True


def hand_over(run, way):
    run.seen = b""
    run.type(b"\r")
    if not run.wait_for(b"Connect to web-1"):
        return f"no ways in: {run.seen[-300:]!r}"
    run.type(b"3\r")
    if not run.wait_for(WELCOME):
        return f"no session: {run.seen[-600:]!r}"
    before = len(run.seen)
    if way == "killed":
        ssh = [child for child, command in children(run.process.pid) if command.startswith("ssh")]
        if len(ssh) != 1:
            return f"not one ssh: {ssh}"
        os.kill(ssh[0], signal.SIGKILL)
    elif way == "left on":
        run.type(b"stty raw -echo; printf '" + LEFT_ON + b"'; exit\r")
    else:
        run.type(b"exit\r")
    try:
        rig.wait_for("the dashboard", lambda: run.pump(0.02) or is_back(run.seen[before:]))
    except AssertionError:
        return f"no dashboard: {words_of(run.seen[before:])[-600:]!r}"
    return modes_of_dashboard(run, before)


def is_back(seen):
    """Whether the dashboard has the screen again, and has said what became of the session."""
    entered = seen.rfind(b"\x1b[?1049h\x1b[?2004h")
    return entered >= 0 and b"Sessiononweb-1" in words_of(seen[entered:])


def words_of(seen):
    """What was written, without spaces: a picture leaves out those that are there already."""
    return re.sub(rb"\x1b\[[0-9;?]*[A-Za-z]", b"", seen).replace(b" ", b"")


def modes_of_dashboard(run, since):
    """What is on while the dashboard has the terminal: raw, the alternate screen, marked pastes, no cursor, and nothing else."""
    seen, faults = run.seen[since:], []
    for mode, wanted in {b"1049": b"h", b"2004": b"h", b"25": b"l", b"1000": b"l", b"1002": b"l", b"1003": b"l", b"1006": b"l"}.items():
        last = re.findall(rb"\x1b\[\?(?:\d+;)*" + mode + rb"(?:;\d+)*([hl])", seen)
        if not last or last[-1] != wanted:
            faults.append(f"mode {mode.decode()}: {last}")
    if seen.rfind(b"\x1b[>1u") > seen.rfind(b"\x1b[=0;1u"):
        faults.append("the keys of the kitty protocol are left on")
    if seen.rfind(b"\x1b(0") > seen.rfind(b"\x1b(B"):
        faults.append("the character set of lines is left on")
    flags = termios.tcgetattr(run.slave)[3]
    if flags & (termios.ICANON | termios.ECHO | termios.ISIG):
        faults.append("the terminal is not raw")
    return "; ".join(faults)


def children(parent):
    """Its child processes and their command lines, dead ones that nobody waited for included."""
    found = []
    for entry in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            if int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1]) == parent:
                found.append((int(entry.name), (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")))
        except OSError:
            pass
    return found


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=100, help="of all dashboards")
    parser.add_argument("--at-once", type=int, default=4, help="so many dashboards")
    rig.ask_for_program(parser)
    options = parser.parse_args()
    each = -(-options.rounds // options.at_once)
    with concurrent.futures.ProcessPoolExecutor(options.at_once) as pool:
        asked = [pool.submit(one_dashboard, options.binary, number, each) for number in range(options.at_once)]
        faults = [fault for fault in (one.result() for one in asked) if fault]
    for fault in faults:
        print(f"  {fault}", flush=True)
    print(f"{each * options.at_once} times handed over by {options.at_once} dashboards: {'clean' if not faults else 'faults'}")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
