"""What the fault scripts share: the program, a simulated cloud, a tunnel through it, and services to reach."""
import contextlib
import os
import pathlib
import re
import socket
import subprocess
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = ROOT / os.environ.get("CARGO_TARGET_DIR", "target") / "debug/ec2dash"
MIB = 1 << 20
CHUNK = 1 << 16


def ask_for_program(parser, name="--binary", help="the program under test"):
    """Let the user name another build."""
    parser.add_argument(name, type=pathlib.Path, default=PROGRAM, help=help)


@contextlib.contextmanager
def cloud(program, home, words=()):
    """`ec2dash sim` for as long as the block runs; the environment that leads other programs to it."""
    env = {"PATH": os.environ["PATH"], "HOME": str(home), "TMPDIR": str(home), "LANG": "C.UTF-8"}
    sim = subprocess.Popen([program, "sim", *words], env=env, stdout=subprocess.PIPE, text=True)
    try:
        for line in sim.stdout:
            name, value = line.removeprefix("export ").rstrip("\n").split("=", 1)
            env[name] = value
            if name == "EC2DASH_CONFIG":
                break
        yield env
    finally:
        end(sim)


@contextlib.contextmanager
def tunnel(options, port, cloud_words=(), words=()):
    """A tunnel to the port through a cloud of its own; its local port, its process and a directory that goes with it."""
    with tempfile.TemporaryDirectory() as home, cloud(getattr(options, "cloud", options.binary), home, cloud_words) as env:
        log = pathlib.Path(home) / "log"
        command = [options.binary, "--log-file", log, *words, "tunnel", "web-1", f"0:{port}"]
        process = subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        try:
            yield local_port(process), process
        finally:
            end(process)
            if log.exists() and (found := re.search(r"messages: .*", log.read_text())):
                print(" ", found[0], flush=True)


def local_port(process):
    """The port that a tunnel says it listens on."""
    return int(re.search(r"127\.0\.0\.1:(\d+)", process.stdout.readline())[1])


def end(process):
    process.terminate()
    process.wait()


def serve(handle, receive_buffer=None):
    """A service on loopback that handles each connection in a thread; its port."""
    listener = socket.socket()
    if receive_buffer:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
    listener.bind(("127.0.0.1", 0))
    listener.listen(64)

    def one(peer):
        with peer, contextlib.suppress(OSError):
            handle(peer)

    def accept():
        while True:
            threading.Thread(target=one, args=(listener.accept()[0],), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    return listener.getsockname()[1]


def echo(peer):
    """Send back what it gets."""
    while piece := peer.recv(CHUNK):
        peer.sendall(piece)


def resident(process_id):
    """Resident memory in KiB."""
    return int(re.search(r"VmRSS:\s+(\d+)", pathlib.Path(f"/proc/{process_id}/status").read_text())[1])


def wait_for(what, is_so, seconds=30):
    """Wait until it is so."""
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, f"waited {seconds} s in vain: {what}"
        time.sleep(0.02)
