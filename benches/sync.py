#!/usr/bin/env python3
"""`ec2dash sync` against `rsync -a`, to the same sshd of this computer with the same key and in turn: a tree of small files into an empty
place, again when nothing has changed, and when one in a hundred has; and a large file of which a hundredth has changed.

Each ratio is that of the medians of the rounds; 1 is as fast as rsync. Over loopback bytes cost next to nothing: what rsync saves by sending
only what has changed of a file is told in bytes, which a slow way turns into time.

    cargo build --release --locked --bin ec2dash
    benches/sync.py [--mib 256] [--files 10000] [--rounds 3]
"""
import argparse
import os
import pathlib
import shutil
import statistics
import subprocess
import tempfile

from common import EC2DASH, cloud, load
from files import MIB, took
from openssh import sshd


def like(source, target):
    shutil.rmtree(target, ignore_errors=True)
    subprocess.run(["cp", "-a", source, target], check=True)


def written(path, size):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(os.urandom(size))


def changed(path, part):
    """Other bytes in the middle, and another time."""
    with open(path, "r+b") as file:
        file.seek(os.path.getsize(path) // 2)
        file.write(os.urandom(part))
    os.utime(path, (1, 1_700_000_000))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mib", type=int, default=256)
    parser.add_argument("--files", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    print(subprocess.run([EC2DASH, "-V"], capture_output=True, text=True).stdout.strip(),
          subprocess.run(["rsync", "--version"], capture_output=True, text=True).stdout.splitlines()[0], f"load {load()}", sep=", ")
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
            ssh = f"ssh -p {port} -i {at}/key -o IdentitiesOnly=yes -o StrictHostKeyChecking=no -o UserKnownHostsFile={at}/known -q"
            source, before, target = at / "source", at / "before", at / "target"
            commands = {"ec2dash": [EC2DASH, "sync", "-q", "-m", "ssh", source, f"web-1:{target}"],
                        "rsync": ["rsync", "-a", "-e", ssh, f"{source}/", f"{user}@127.0.0.1:{target}/"]}

            def compare(what):
                times = {name: [] for name in commands}
                for _ in range(asked.rounds):
                    for name, command in commands.items():
                        like(before, target)
                        times[name].append(took(command, env))
                        subprocess.run(["diff", "-r", source, target], check=True)
                ours, theirs = (statistics.median(times[name]) for name in commands)
                print(f"{what:34} ec2dash {ours:6.2f} s  rsync {theirs:6.2f} s  ratio {theirs / ours:5.2f}", flush=True)

            for number in range(asked.files):
                written(source / f"{number // 100}" / f"{number}", number % 4096)
            before.mkdir()
            compare(f"{asked.files} files, none there")
            like(source, before)
            compare(f"{asked.files} files, all there")
            for number in range(0, asked.files, 100):
                changed(source / f"{number // 100}" / f"{number}", 10)
            compare(f"{asked.files} files, a hundredth changed")
            shutil.rmtree(source)
            written(source / "file", asked.mib * MIB)
            like(source, before)
            changed(source / "file", asked.mib * MIB // 100)
            compare(f"{asked.mib} MiB, a hundredth changed")


if __name__ == "__main__":
    main()
