#!/usr/bin/env python3
"""Gives the dashboard no rest: its terminal changes its size all the time on every screen, and its user the region while answers are late.

Sizes: nothing by nothing, one cell, far too many and all between, on each screen in each language; the last one is what is drawn in the end,
nothing is drawn beyond it, and the program finds its peace. Regions: after each burst of switches with answers that come later than the next
switch, the title and the rows are those of the region chosen last, and stay so.

    tests/faults/restless.py [--rounds 10000] [--switches 1000] [--seed 1] [--binary target/debug/ec2dash]
"""
import argparse
import contextlib
import fcntl
import pathlib
import random
import re
import struct
import sys
import tempfile
import termios
import time

import rig

LANGUAGES = ["en", "ko"]
ESCAPE, CTRL_L, CTRL_T = b"\x1b", b"\x0c", b"\x14"
# Keys that lead from the table to a screen, one write each.
SCREENS = {
    "table": [], "filter": [b"/", b"web"], "palette": [b":"], "palette, filtered": [b":", b"st"], "help": [b"?"], "details": [b"i"],
    "JSON": [b"i", b"J"], "sort": [b"s"], "columns": [b"w"], "groups": [b"v"], "themes": [CTRL_T], "profiles": [b"p"], "regions": [b"r"],
    "problems": [b"3"], "sessions": [b"2"], "ways in": [b"\r"], "copy": [b"y"], "command": [b"x", b"uptime"], "tunnel": [b"t"],
    "question": [b":", b"reboot\r"],
}
# What is there, and nowhere else.
REGIONS = {"ap-northeast-2": b"bastion", "us-east-1": b"us-web-1", "eu-central-1": b"eu-web-1"}
BURST = 100
LATE = ["ec2:*=delay:90ms", "ssm:*=delay:160ms", "iam:*=delay:40ms", "sts:*=delay:120ms"]


def resize(run, columns, rows):
    fcntl.ioctl(run.master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))


def a_size(chance, number):
    odd = [(0, 0), (1, 1), (500, 200), (2, 2), (chance.randrange(200), 1 + chance.randrange(3)), (1 + chance.randrange(3), chance.randrange(60))]
    # Every second one is of those that the dashboard draws all of.
    return odd[number // 2 % len(odd)] if number % 2 else (chance.randrange(40, 200), chance.randrange(8, 60))


def drawn_again(run):
    """A whole picture, as it was written."""
    run.pump(0.2)
    run.seen = b""
    run.type(CTRL_L)
    assert run.wait_for(b"\x1b["), "nothing is drawn"
    run.pump(0.3)
    return run.seen


def beyond(picture, columns, rows):
    """Where something was written that is not on the screen, and whether the last line was."""
    cells = [(int(row), int(column)) for row, column in re.findall(rb"\x1b\[(\d+);(\d+)H", picture)]
    outside = [cell for cell in cells if cell[0] > rows or cell[1] > columns]
    return outside[:3], any(row == rows for row, _ in cells)


def settles(run):
    """Whether it comes to use next to nothing of the processors."""
    def used():
        return sum(map(int, pathlib.Path(f"/proc/{run.process.pid}/stat").read_text().rsplit(")", 1)[1].split()[11:13]))

    for _ in range(60):
        before = used()
        run.pump(0.01)
        time.sleep(0.5)
        run.pump(0.01)
        if used() - before <= 10:
            return True
    return False


def sizes(options, language):
    chance = random.Random(f"{options.seed} {language}")
    each = -(-options.rounds // len(SCREENS) // len(LANGUAGES))
    with rig.terminal([options.binary, "--demo", "--lang", language]) as run:
        assert run.wait_for(b"bastion"), run.seen[-300:]
        run.pump(0.5)
        run.type(b" ")
        for screen, keys in SCREENS.items():
            for key in keys:
                run.pump(0.05)
                run.type(key)
            for number in range(each):
                resize(run, *a_size(chance, number))
                # Time for a picture of it now and then, of each kind in turn.
                run.pump(0.02 if number % 3 == 0 else 0)
            columns, rows = chance.choice([(120, 32), (80, 24), (133, 41)])
            resize(run, columns, rows)
            run.pump(0.1)
            if run.has_ended():
                return f"{language}, {screen}: ended with {run.process.returncode}: {run.seen[-600:]!r}"
            outside, is_full = beyond(drawn_again(run), columns, rows)
            if outside or not is_full:
                return f"{language}, {screen}, {columns} by {rows}: drawn outside {outside}, last line drawn: {is_full}"
            for _ in range(3):
                run.type(ESCAPE)
                run.pump(0.1)
        if not settles(run):
            return f"{language}: no peace"
        return leave(run, language)


def unless_it_died(look, *arguments):
    """What a look finds; a program that ended meanwhile is a finding, too."""
    try:
        return look(*arguments)
    except (AssertionError, OSError) as error:
        return f"it broke off: {error!r}"


def leave(run, what):
    run.type(b"q")
    if not run.wait(20):
        return f"{what}: does not end: {run.seen[-300:]!r}"
    faults = run.terminal_faults() + ([f"exit code {run.process.returncode}"] if run.process.returncode else [])
    return f"{what}: {'; '.join(faults)}" if faults else None


def switches(options):
    chance = random.Random(options.seed)
    words = [word for fault in LATE for word in ("--fault", fault)]
    with tempfile.TemporaryDirectory() as home, rig.cloud(options.binary, home, words) as env:
        more = {name: value for name, value in env.items() if name not in ("PATH", "HOME", "TMPDIR")}
        with rig.terminal([options.binary], more) as run:
            assert rig.reach_list(run), run.seen[-300:]
            run.pump(0.3)
            left = options.switches
            while left > 0:
                for _ in range(min(BURST, left)):
                    region = chance.choice(list(REGIONS))
                    run.type(b"r" + region.encode() + b"\r")
                    run.pump(chance.random() * 0.2)
                left -= BURST
                for moment in ("at once", "later"):
                    with contextlib.suppress(AssertionError):
                        rig.wait_for("the rows", lambda: REGIONS[region] in drawn_again(run), 30)
                    picture = drawn_again(run)
                    others = [name for name, row in REGIONS.items() if name != region and row in picture]
                    if REGIONS[region] not in picture or region.encode() not in picture or others:
                        return f"{region}, {moment}: rows of {others}, {picture[:3000]!r}"
                    time.sleep(1)
            return leave(run, "regions")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=10_000, help="sizes on all screens")
    parser.add_argument("--switches", type=int, default=1_000, help="of the region")
    parser.add_argument("--seed", type=int, default=1)
    rig.ask_for_program(parser)
    options = parser.parse_args()
    faults = []
    for what, fault in [*((f"sizes, {language}", unless_it_died(sizes, options, language)) for language in LANGUAGES), ("regions", unless_it_died(switches, options))]:
        print(f"{what}: {fault or 'clean'}", flush=True)
        faults += [fault] if fault else []
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
