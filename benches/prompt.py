#!/usr/bin/env python3
"""From Enter to the remote prompt by EC2 Instance Connect: the dashboard and `connect`, against mssh of PyPI, on the same simulated cloud.

    cargo build --release --locked
    python3 -m venv /some/where && /some/where/bin/pip install ec2instanceconnectcli setuptools
    benches/prompt.py /some/where/bin/mssh [--rounds 9]

All start the same OpenSSH. mssh and ec2dash are told the instance and nothing else of it: both ask EC2 where it is, push a key, and
start ssh. The first login of each, which meets the host's key, does not count. `ssh` alone, with a key that the host knows, is what nobody
can be faster than: it and the host's sshd are the same for all, and so is the shell there, which reads nobody's start files.
"""
import argparse
import os
import pathlib
import pty
import re
import select
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time

from common import EC2DASH, ROOT, cloud, load, need
from openssh import sshd
from terminal import Dashboard

WEB = "i-0123456789abcdef0"  # web-1 of the demo's fleet
ZONE = "ap-northeast-2a"
GROUP = 'name = "base"\ningress = ["tcp 22 from 10.200.0.0/16"]'
ADDRESS = "3.36.112.8"  # its public address
PROMPT = rb"ready> "


def wait(terminal, pattern, limit=30):
    seen, deadline = b"", time.monotonic() + limit
    while not re.search(pattern, seen):
        if time.monotonic() > deadline:
            sys.exit(f"{pattern} never came: {seen[-800:]!r}")
        if select.select([terminal], [], [], 0.01)[0]:
            try:
                seen += os.read(terminal, 1 << 16)
            except OSError:
                sys.exit(f"it ended: {seen[-800:]!r}")
    return time.monotonic()


def command(words, env):
    """Seconds from the start of a command in a terminal to the prompt."""
    begun = time.monotonic()
    pid, terminal = pty.fork()
    if pid == 0:
        os.execve(words[0], list(map(str, words)), env)
    took = wait(terminal, PROMPT) - begun
    os.kill(pid, signal.SIGHUP)
    os.close(terminal)
    os.waitpid(pid, 0)
    return took


def opened(env):
    """A dashboard with the cursor on the instance."""
    screen = Dashboard(env)
    screen.wait_for(rb"updated")
    os.write(screen.fd, b"/web-1\r")
    screen.quiet()
    return screen


def enter(screen):
    """Seconds from Enter on the chosen way in to the prompt."""
    os.write(screen.fd, b"\r")
    screen.quiet(0.3, 3)
    os.write(screen.fd, b"4")
    screen.quiet(0.3, 3)
    begun = time.monotonic()
    os.write(screen.fd, b"\r")
    took = wait(screen.fd, PROMPT) - begun
    os.write(screen.fd, b"\x04")
    screen.quiet(0.7, 5)
    return took


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("mssh", type=pathlib.Path)
    parser.add_argument("--rounds", type=int, default=9)
    options = parser.parse_args()
    need(EC2DASH, "cargo build --release --locked")
    need(options.mssh, "pip install ec2instanceconnectcli setuptools")
    version = subprocess.run([options.mssh.parent / "pip", "show", "ec2instanceconnectcli"], capture_output=True, text=True).stdout
    print(subprocess.run([EC2DASH, "--version"], capture_output=True, text=True).stdout.strip(), "| mssh", *re.findall(r"Version: (.*)", version), "| load", load(), flush=True)
    with tempfile.NamedTemporaryFile("w", suffix=".toml") as fleet:
        told = (ROOT / "assets/demo/fleet.toml").read_text()
        if ADDRESS not in told:
            sys.exit(f"{ADDRESS} is not in the fleet")
        if GROUP not in told:
            sys.exit("the group of the instance is not in the fleet")
        # The port of the sshd is any: what the group does not let in is blocked before it is tried.
        opened_up = told.replace(GROUP, GROUP.replace("tcp 22 from 10.200.0.0/16", "all from 0.0.0.0/0"))
        fleet.write(opened_up.replace(ADDRESS, "127.0.0.1"))
        fleet.flush()
        with cloud("--fleet", fleet.name) as env:
            times = measured(env, options)
    medians = {who: statistics.median(taken) for who, taken in times.items()}
    for who, median in medians.items():
        more = (median - medians["ssh"]) * 1000
        print(f"{who:10} {median:6.3f} s to the prompt, {median / medians['mssh']:.2f} of mssh, {more:4.0f} ms more than ssh alone", flush=True)
    print(f"Enter in the dashboard to the prompt, under half of mssh: {medians['dashboard'] < 0.5 * medians['mssh']}")


def measured(env, options):
    """Seconds to the prompt of each, round by round."""
    home = pathlib.Path(env["HOME"])
    # mssh takes no options for ssh, and ssh reads the home of the user database: a file of its own, by a program of its own, for all.
    (home / "ssh_config").write_text(f"Host *\n  StrictHostKeyChecking accept-new\n  UserKnownHostsFile {home}/known_hosts\n")
    wrapper = home / "bin/ssh"
    wrapper.parent.mkdir()
    real = shutil.which("ssh")
    wrapper.write_text(f'#!/bin/sh\ncase " $* " in *" -F "*) exec {real} "$@" ;; esac\nexec {real} -F {home}/ssh_config "$@"\n')
    wrapper.chmod(0o755)
    env["PATH"] = f"{wrapper.parent}:{env['PATH']}"
    user = subprocess.run(["id", "-un"], capture_output=True, text=True).stdout.strip()
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", home / "key"], check=True)
    keys = f"{shutil.which('curl')} -sf {env['AWS_ENDPOINT_URL']}/sim/keys/{WEB}/%u file://{home}/key.pub"
    settings = (f"AuthorizedKeysFile none\nAuthorizedKeysCommand {keys}\nAuthorizedKeysCommandUser {user}\n"
                f"ForceCommand printf 'ready> '; exec cat\nPrintMotd no\nPrintLastLog no\nSetEnv HOME={home}/bin")
    with sshd(home, settings) as port:
        config = home / "ec2dash.toml"
        config.write_text(f'[[rule]]\nmatch = {{ id = "{WEB}" }}\nport = {port}\nuser = "{user}"\n')
        config.chmod(0o600)
        env["EC2DASH_CONFIG"] = str(config)
        commands = {
            "mssh": [options.mssh, "-r", env["AWS_REGION"], "-p", port, f"{user}@{WEB}"],
            "mssh told": [options.mssh, "-t", WEB, "-z", ZONE, "-r", env["AWS_REGION"], "-p", port, f"{user}@127.0.0.1"],
            "connect": [EC2DASH, "connect", WEB, "--method", "eic"],
            "ssh": [wrapper, "-i", home / "key", "-o", "IdentitiesOnly=yes", "-p", port, f"{user}@127.0.0.1"],
        }
        screen = opened(env)
        enter(screen)
        for words in commands.values():
            command(words, env)
        times = {}
        for _ in range(options.rounds):
            for who, words in commands.items():
                times.setdefault(who, []).append(command(words, env))
            times.setdefault("dashboard", []).append(enter(screen))
        screen.end()
    return times


main()
