"""OpenSSH's server on a port of loopback, for the benchmarks that log in."""
import contextlib
import os
import pathlib
import shutil
import socket
import subprocess
import time

from common import need


@contextlib.contextmanager
def sshd(at, settings):
    """One with a host key of its own in the folder `at`, and these lines in its configuration; yields the port."""
    program = pathlib.Path(shutil.which("sshd", path=os.environ["PATH"] + ":/usr/sbin") or "sshd")
    need(program, "apt-get install openssh-server")
    os.makedirs("/run/sshd", exist_ok=True)
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", at / "host_key"], check=True)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    (at / "sshd_config").write_text(
        f"Port {port}\nListenAddress 127.0.0.1\nHostKey {at}/host_key\nPidFile none\nUsePAM no\nStrictModes no\nPermitRootLogin yes\n"
        f"MaxStartups 100\n{settings}\n")
    server = subprocess.Popen([program, "-D", "-f", at / "sshd_config", "-E", at / "log"])
    try:
        for _ in range(100):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
                break
            time.sleep(0.05)
        yield port
    finally:
        server.terminate()
        server.wait()
