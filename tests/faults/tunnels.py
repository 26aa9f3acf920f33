#!/usr/bin/env python3
"""Port sessions for longer than the tests take: copies of 200 MB, and 1,000 connections one after another.

    tests/faults/tunnels.py [--mebibytes 200] [--connections 1000]

Starts `ec2dash sim` and OpenSSH's sshd, both on loopback, and copies a file of noise by scp, sftp, rsync (if it is installed) and
`ssh -L` through `ProxyCommand ec2dash proxy %h`. Every copy must have the same hash, descriptors and memory of a tunnel must not grow, and
no session may stay behind. Needs `cargo build`, openssh-client, openssh-server.
"""

import argparse
import hashlib
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = ROOT / "target/debug/ec2dash"
INSTANCE = "i-0123456789abcdef0"


def main():
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--mebibytes", type=int, default=200)
    asked.add_argument("--connections", type=int, default=1000)
    asked = asked.parse_args()
    with tempfile.TemporaryDirectory() as place:
        desk = Desk(pathlib.Path(place))
        try:
            copies(desk, asked.mebibytes)
            connections(desk, asked.connections)
        finally:
            desk.stop()
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
        if not shutil.which(command[0]):
            print(f"{way}: {command[0]} is not installed")
            continue
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
    echo, near = Echo(), free_port()
    ssh = subprocess.Popen(
        ["ssh", "-F", str(desk.ssh_config()), "-N", "-L", f"127.0.0.1:{near}:127.0.0.1:{echo.port}", INSTANCE], env=desk.environment)
    try:
        wait_for_port(near)
        begun = time.monotonic()
        assert through(near, source) == wanted, "ssh -L changed the bytes"
        print(f"ssh -L: {2 * mebibytes / (time.monotonic() - begun):.0f} MiB/s")
    finally:
        ssh.terminate()
        ssh.wait()


def connections(desk, count):
    echo = Echo()
    tunnel = subprocess.Popen(
        [str(PROGRAM), "tunnel", INSTANCE, f"0:{echo.port}"], env=desk.environment, stdout=subprocess.PIPE, text=True)
    port = int(tunnel.stdout.readline().split(" -> ")[0].rsplit(":", 1)[1])
    before = None
    for number in range(count):
        with socket.create_connection(("127.0.0.1", port)) as connection:
            word = f"number {number}".encode()
            connection.sendall(word)
            heard = b""
            while len(heard) < len(word):
                heard += connection.recv(100)
            assert heard == word, heard
        if number == count // 10:
            before = usage(tunnel.pid)
    time.sleep(4)
    after = usage(tunnel.pid)
    tunnel.send_signal(signal.SIGINT)
    tunnel.wait()
    print(f"{count} connections: descriptors {before[0]} then {after[0]}, {before[1]} KiB then {after[1]} KiB")
    assert after[0] <= before[0] + 2, "descriptors stay open"
    assert after[1] <= before[1] * 1.2 + 4096, "memory grows"


def usage(pid):
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    resident = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return len(os.listdir(f"/proc/{pid}/fd")), int(resident.split()[1])


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
    deadline = time.monotonic() + 30
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            assert time.monotonic() < deadline, f"nothing listens on {port}"
            time.sleep(0.05)


class Echo:
    """Sends back what it gets."""

    def __init__(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            connection, _ = self.listener.accept()
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection):
        with connection:
            while piece := connection.recv(1 << 16):
                connection.sendall(piece)


class Desk:
    """A simulated cloud, an sshd, and a user with a key."""

    def __init__(self, place):
        self.place = place
        self.key = place / "key"
        for key in [self.key, place / "host"]:
            subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True)
        self.environment = {"PATH": os.environ["PATH"], "HOME": str(place), "TMPDIR": str(place), "LANG": "C.UTF-8"}
        self.sim = subprocess.Popen([str(PROGRAM), "sim"], env=self.environment, stdout=subprocess.PIPE, text=True)
        for line in self.sim.stdout:
            name, value = line.removeprefix("export ").rstrip("\n").split("=", 1)
            self.environment[name] = value
            if name == "EC2DASH_CONFIG":
                break
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
            f"Host i-*\n  ProxyCommand {PROGRAM} proxy %h --port %p\n  Port {self.port}\n  IdentityFile {self.key}\n"
            "  IdentitiesOnly yes\n  UserKnownHostsFile /dev/null\n  StrictHostKeyChecking no\n  LogLevel ERROR\n")
        path.chmod(0o600)
        return path

    def stop(self):
        for process in [self.sshd, self.sim]:
            process.terminate()
            process.wait()


if __name__ == "__main__":
    sys.exit(main())
