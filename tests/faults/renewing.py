#!/usr/bin/env python3
"""Lets two programs renew the same sign-in at the same moment, again and again.

The simulated company voids a refresh token with its first use, so that the slower of two loses where nobody takes care. After each round both
must have succeeded, the token must be a newer one, whole, and readable by its owner alone, and nobody may have left a file beside it.

    tests/faults/renewing.py [--rounds 100] [--binary target/debug/ec2dash]
"""
import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

import rig

PROFILES = ("corp-prod-readonly", "corp-staging-readonly")
PAST = "2020-01-01T00:00:00Z"


def signed_in(binary, env):
    """The file of the token."""
    login = [binary, "login", "--profile", PROFILES[0], "--no-browser"]
    subprocess.run(login, env=env, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return tokens(env)[0]


def tokens(env):
    cache = pathlib.Path(env["HOME"]) / ".aws/sso/cache"
    return [file for file in cache.glob("*.json") if "accessToken" in json.loads(file.read_text())]


def expire(file):
    """As if the token had ended; who renews it writes another one."""
    token = json.loads(file.read_text())
    token["expiresAt"] = PAST
    file.write_text(json.dumps(token))
    return token


def both(binary, env):
    """What two programs at once end with, and what they said."""
    command = lambda profile: [binary, "whoami", "--profile", profile]
    pipes = dict(stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    programs = [subprocess.Popen(command(profile), env=env, **pipes) for profile in PROFILES]
    return [(program.communicate()[0], program.returncode) for program in programs]


def one_round(binary, env, file):
    """The faults of one round."""
    before = expire(file)
    for said, code in both(binary, env):
        if code != 0:
            yield f"exit {code}: {said.strip()[-300:]}"
    after = json.loads(file.read_text())
    if after["accessToken"] == before["accessToken"] or after["expiresAt"] == PAST:
        yield "the token was not renewed"
    if (mode := file.stat().st_mode & 0o777) != 0o600:
        yield f"the token has mode {mode:o}"
    if left := [other.name for other in file.parent.iterdir() if "tmp" in other.name]:
        yield f"left behind: {left}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    rig.ask_for_program(parser)
    parser.add_argument("--rounds", type=int, default=100)
    options = parser.parse_args()
    faults = []
    words = ["--sign-in", "approval=given,interval=1s,token=1h,limit=none"]
    with tempfile.TemporaryDirectory() as home, rig.cloud(options.binary, home, words) as env:
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            env.pop(name, None)
        file = signed_in(options.binary, env)
        for number in range(options.rounds):
            faults += [f"round {number}: {fault}" for fault in one_round(options.binary, env, file)]
    for fault in faults:
        print(fault)
    print(f"{options.rounds} rounds of two programs, {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
