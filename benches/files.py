#!/usr/bin/env python3
"""`ec2dash cp` against scp, to the same sshd of this computer with the same key and in turn: one large file, and many small ones. And one
large file from an agent that sends 1,024 bytes a millisecond, as the real one does, by one session and by eight. And one through a session
against `cat` and sftp through one.

Both use OpenSSH's ssh for the way, so what differs is what goes over it. Each ratio is that of the medians of the rounds; 1 is as fast as scp.

    cargo build --release --locked --bin ec2dash
    benches/files.py [--mib 1024] [--files 10000] [--rounds 3] [large small paced session]
"""
import argparse
import itertools
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

from common import EC2DASH, cloud, load
from openssh import sshd

MIB = 1 << 20


def took(command, env, stdin=subprocess.DEVNULL):
    begun = time.monotonic()
    done = subprocess.run(list(map(str, command)), env=env, stdin=stdin, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    if done.returncode:
        sys.exit(f"{command} ended with {done.returncode}: {done.stderr.decode()}")
    return time.monotonic() - begun


def empty(path):
    shutil.rmtree(path, ignore_errors=True)
    path.mkdir()


def paced(mib, rounds):
    """The same file by one session and by eight, each with a pace of its own."""
    with cloud("--agent", "payload=1024,pace=1ms,reader=waits,start-pause=1s") as env, tempfile.TemporaryDirectory() as place:
        at = pathlib.Path(place)
        (at / "file").write_bytes(os.urandom(mib * MIB))
        took([EC2DASH, "cp", "-q", "-m", "ssh", at / "file", "web-1:"], env)
        times = {}
        for _ in range(rounds):
            for sessions in (1, 8):
                command = [EC2DASH, "cp", "-q", "-m", "ssm-ssh", "--sessions", sessions, "web-1:file", at / "back"]
                times.setdefault(sessions, []).append(took(command, env))
                if (at / "back").read_bytes() != (at / "file").read_bytes():
                    sys.exit("what came is not what was sent")
        one, eight = (statistics.median(times[sessions]) for sessions in (1, 8))
        print(f"paced  down  {mib} MiB  1 session {one:6.2f} s ({mib / one:.2f} MiB/s)  8 sessions {eight:6.2f} s  ratio {one / eight:5.2f}")


def session(mib, rounds):
    """One file through a session against the same bytes to and from `cat` through such a session, and by OpenSSH's sftp through one: where
    both ends share a computer, its processors are what the session has, and what a file costs beside the bytes is taken from them.

    Nothing has the name before: taking an old file's place is no carrying.
    """
    with cloud("--agent", "payload=32768") as env, tempfile.TemporaryDirectory() as place:
        at = pathlib.Path(place)
        file, back = at / "file", at / "back"
        file.write_bytes(os.urandom(mib * MIB))
        shell = [EC2DASH, "ssh", "web-1", "-m", "ssm-ssh", "--"]
        copy = [EC2DASH, "cp", "-q", "-m", "ssm-ssh"]
        sftp = ["sftp", "-q", "-b", at / "batch", "-D", " ".join(map(str, [*shell, "-s", "sftp"]))]
        took([*copy, file, "web-1:file"], env)
        for direction in ("up", "down"):
            is_up = direction == "up"
            (at / "batch").write_text(f"put {file} other\n" if is_up else f"get file {back}\n")
            ways = {
                "cp": [*copy, *((file, "web-1:other") if is_up else ("web-1:file", back))],
                "cat": [*shell, "cat > other" if is_up else "cat file"],
                "sftp": sftp,
            }
            times = {}
            for _ in range(rounds):
                for name, command in ways.items():
                    back.unlink(missing_ok=True)
                    took([*shell, "rm -f other"], env)
                    with open(file, "rb") as source:
                        times.setdefault(name, []).append(took(command, env, source if name == "cat" and is_up else subprocess.DEVNULL))
            cp, cat, theirs = (statistics.median(times[name]) for name in ways)
            print(f"ssm-ssh {direction:5} {mib} MiB  cp {cp:6.2f} s  cat through the session {cat:6.2f} s  ratio {cat / cp:5.2f}  "
                  f"sftp through it {theirs:6.2f} s  ratio {cat / theirs:5.2f}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mib", type=int, default=1024)
    parser.add_argument("--files", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--paced-mib", type=int, default=48)
    parser.add_argument("what", nargs="*", default=["large", "small", "paced", "session"])
    asked = parser.parse_args()
    print(subprocess.run([EC2DASH, "-V"], capture_output=True, text=True).stdout.strip(),
          subprocess.run(["ssh", "-V"], capture_output=True, text=True).stderr.strip(), f"load {load()}", sep=", ")
    if "paced" in asked.what:
        asked.what.remove("paced")
        paced(asked.paced_mib, asked.rounds)
    if "session" in asked.what:
        asked.what.remove("session")
        session(min(asked.mib, 256), asked.rounds)
    if not asked.what:
        return
    with tempfile.TemporaryDirectory() as place, cloud() as env:
        at = pathlib.Path(place)
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", at / "key"], check=True)
        with sshd(at, f"AuthorizedKeysFile {at}/key.pub\nSubsystem sftp internal-sftp") as port:
            user = subprocess.run(["id", "-un"], capture_output=True, text=True).stdout.strip()
            config = at / "ec2dash.toml"
            config.write_text(f'[[rule]]\nmatch = {{ name = "web-1" }}\naddress = "127.0.0.1"\nport = {port}\nuser = "{user}"\n'
                              f'key = "{at}/key"\n')
            config.chmod(0o600)
            env = dict(env, EC2DASH_CONFIG=str(config))
            ours = [EC2DASH, "cp", "-q", "-r", "-m", "ssh"]
            theirs = ["scp", "-q", "-r", "-P", port, "-i", at / "key", "-o", "IdentitiesOnly=yes", "-o", "StrictHostKeyChecking=no",
                      "-o", f"UserKnownHostsFile={at}/known"]
            source = at / "source"
            # Each copy has a place of its own: who makes files where as many were just removed waits for ext4, which gives no number anew that
            # was freed in the last five seconds and looks at each.
            targets = (at / f"target{number}" for number in itertools.count())
            for what in asked.what:
                empty(source)
                if what == "large":
                    with open(source / "file", "wb") as file:
                        for _ in range(asked.mib):
                            file.write(os.urandom(MIB))
                else:
                    for number in range(asked.files):
                        folder = source / f"{number // 100}"
                        folder.mkdir(exist_ok=True)
                        (folder / f"{number}").write_bytes(os.urandom(number % 4096))
                for direction in ("up", "down"):
                    times = {"ec2dash": [], "scp": []}
                    for _ in range(asked.rounds):
                        for name, command, host in (("ec2dash", ours, "web-1"), ("scp", theirs, f"{user}@127.0.0.1")):
                            target = next(targets)
                            empty(target)
                            ends = [source, f"{host}:{target}"] if direction == "up" else [f"{host}:{source}", target]
                            times[name].append(took([*command, *ends], env))
                    here, there = statistics.median(times["ec2dash"]), statistics.median(times["scp"])
                    size = f"{asked.mib} MiB" if what == "large" else f"{asked.files} files"
                    print(f"{what:6} {direction:5} {size:12} ec2dash {here:6.2f} s  scp {there:6.2f} s  ratio {there / here:5.2f}")


if __name__ == "__main__":
    main()
