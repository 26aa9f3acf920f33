#!/usr/bin/env python3
"""Port sessions for longer than the tests take: copies of 200 MB, and 1,000 connections one after another.

    tests/faults/tunnels.py [--mebibytes 200] [--connections 1000] [--binary target/debug/ec2dash]

Starts `ec2dash sim` and OpenSSH's sshd, both on loopback, and copies a file of noise by scp, sftp, rsync and
`ssh -L` through `ProxyCommand ec2dash proxy %h`. Every copy must have the same hash, descriptors and memory of a tunnel must not grow, and
no session may stay behind. Needs `cargo build` and what `./tests/run` installs.
"""

import argparse
import hashlib
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time

import rig

INSTANCE = "i-0123456789abcdef0"


def main():
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--mebibytes", type=int, default=200)
    asked.add_argument("--connections", type=int, default=1000)
    rig.ask_for_program(asked)
    asked = asked.parse_args()
    with tempfile.TemporaryDirectory() as place, rig.cloud(asked.binary, place) as environment:
        desk = Desk(asked.binary, pathlib.Path(place), environment)
        try:
            copies(desk, asked.mebibytes)
            connections(desk, asked.connections)
        finally:
            rig.end(desk.sshd)
    print("all equal")


def copies(desk, mebibytes):
    source = desk.place / "noise"
    with source.open("wb") as file:
        for _ in range(mebibytes):
            file.write(os.urandom(1 << 20))
    wanted = digest(source)
    config = desk.ssh_config()
    target = f"{INSTANCE}:{desk.place}"
    ways = {
        "scp up": ["scp", "-F", config, source, f"{target}/scp-up"],
        "scp down": ["scp", "-F", config, f"{INSTANCE}:{source}", desk.place / "scp-down"],
        "rsync up": ["rsync", "-e", f"ssh -F {config}", source, f"{target}/rsync-up"],
        "rsync down": ["rsync", "-e", f"ssh -F {config}", f"{INSTANCE}:{source}", desk.place / "rsync-down"],
    }
    for way, command in ways.items():
        assert shutil.which(command[0]), f"{command[0]} is missing: ./tests/run installs it"
        begun = time.monotonic()
        subprocess.run([str(word) for word in command], env=desk.environment, check=True)
        told(way, desk.place / way.replace(" ", "-"), wanted, mebibytes, begun)
    batch = desk.place / "batch"
    batch.write_text(f"put {source} {desk.place}/sftp-up\nget {source} {desk.place}/sftp-down\n")
    begun = time.monotonic()
    subprocess.run(["sftp", "-q", "-F", str(config), "-b", str(batch), INSTANCE], env=desk.environment, check=True, stdout=subprocess.DEVNULL)
    for name in ["sftp-up", "sftp-down"]:
        told(name, desk.place / name, wanted, 2 * mebibytes, begun)
    forwarded(desk, source, wanted, mebibytes)


def forwarded(desk, source, wanted, mebibytes):
    """Both ways at once through `ssh -L`."""
    echo, near = rig.serve(rig.echo), free_port()
    ssh = subprocess.Popen(
        ["ssh", "-F", str(desk.ssh_config()), "-N", "-L", f"127.0.0.1:{near}:127.0.0.1:{echo}", INSTANCE], env=desk.environment)
    try:
        wait_for_port(near)
        begun = time.monotonic()
        assert through(near, source) == wanted, "ssh -L changed the bytes"
        print(f"ssh -L: {2 * mebibytes / (time.monotonic() - begun):.0f} MiB/s")
    finally:
        ssh.terminate()
        ssh.wait()


def connections(desk, count):
    echo = rig.serve(rig.echo)
    command = [desk.program, "tunnel", INSTANCE, f"0:{echo}"]
    tunnel = subprocess.Popen(command, env=desk.environment, stdout=subprocess.PIPE, text=True)
    try:
        port = rig.local_port(tunnel)
        for number in range(count):
            told_back(port, f"number {number}".encode())
            if number == count // 10:
                before = usage(tunnel.pid)
        rig.wait_for("the descriptors of closed connections", lambda: usage(tunnel.pid)[0] <= before[0] + 2)
        after = usage(tunnel.pid)
    finally:
        tunnel.send_signal(signal.SIGINT)
        tunnel.wait()
    print(f"{count} connections: descriptors {before[0]} then {after[0]}, {before[1]} KiB then {after[1]} KiB")
    assert after[1] <= before[1] * 1.2 + 4096, "memory grows"


def told_back(port, word):
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(word)
        heard = connection.recv(len(word), socket.MSG_WAITALL)
        assert heard == word, heard


def usage(pid):
    return len(os.listdir(f"/proc/{pid}/fd")), rig.resident(pid)


def told(way, path, wanted, mebibytes, begun):
    assert digest(path) == wanted, f"{way}: another hash"
    print(f"{way}: {mebibytes / (time.monotonic() - begun):.0f} MiB/s")
    path.unlink()


def digest(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def through(port, source):
    connection = socket.create_connection(("127.0.0.1", port))
    size = source.stat().st_size

    def send():
        with source.open("rb") as file:
            connection.sendfile(file)

    sender = threading.Thread(target=send)
    sender.start()
    heard, count = hashlib.sha256(), 0
    while count < size:
        piece = connection.recv(1 << 16)
        assert piece, f"it ended after {count} bytes"
        heard.update(piece)
        count += len(piece)
    sender.join()
    connection.close()
    return heard.hexdigest()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for_port(port):
    def listens():
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0

    rig.wait_for(f"a listener on {port}", listens)


class Desk:
    """A simulated cloud, an sshd, and a user with a key."""

    def __init__(self, program, place, environment):
        self.program, self.place, self.environment = program, place, environment
        self.key = place / "key"
        for key in [self.key, place / "host"]:
            subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True)
        self.port = free_port()
        settings = place / "sshd_config"
        settings.write_text(
            f"Port {self.port}\nListenAddress 127.0.0.1\nHostKey {place}/host\nPidFile none\nUsePAM no\nStrictModes no\n"
            f"AuthorizedKeysFile {self.key}.pub\nPasswordAuthentication no\nPermitRootLogin yes\nSubsystem sftp internal-sftp\n")
        os.makedirs("/run/sshd", exist_ok=True)
        sshd = shutil.which("sshd") or "/usr/sbin/sshd"
        self.sshd = subprocess.Popen([sshd, "-D", "-f", str(settings)], stderr=subprocess.DEVNULL)
        wait_for_port(self.port)

    def ssh_config(self):
        path = self.place / "ssh_config"
        path.write_text(
            f"Host i-*\n  ProxyCommand {self.program} proxy %h --port %p\n  Port {self.port}\n  IdentityFile {self.key}\n"
            "  IdentitiesOnly yes\n  UserKnownHostsFile /dev/null\n  StrictHostKeyChecking no\n  LogLevel ERROR\n")
        path.chmod(0o600)
        return path


if __name__ == "__main__":
    main()
