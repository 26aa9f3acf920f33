"""What the benchmarks of tunnels share: a service behind them, the bare relay, and how long bytes and keys take."""
import contextlib
import os
import pathlib
import re
import select
import socket
import statistics
import subprocess
import sys
import threading
import time

from common import EC2DASH

RELAY = pathlib.Path(os.environ.get("RELAY", EC2DASH.absolute().parent / "examples/relay"))
MIB = 1 << 20
PIECE = 256 * 1024
UP, DOWN, ECHO = b"U", b"D", b"E"


@contextlib.contextmanager
def service(port=0):
    """A TCP service, in a process of its own, that takes bytes, sends bytes or echoes them, as the first byte of a connection says; yields its port."""
    listener = socket.create_server(("127.0.0.1", port))
    child = os.fork()
    if child == 0:
        while True:
            peer, _ = listener.accept()
            threading.Thread(target=serve, args=(peer,), daemon=True).start()
    try:
        yield listener.getsockname()[1]
    finally:
        listener.close()
        os.kill(child, 15)
        os.waitpid(child, 0)


def serve(peer):
    peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    buffer = bytearray(PIECE)
    with contextlib.suppress(OSError):
        word = peer.recv(9, socket.MSG_WAITALL)
        length = int.from_bytes(word[1:], "big")
        if word[:1] == UP:
            take(peer, length, buffer)
            peer.sendall(b".")
        elif word[:1] == DOWN:
            give(peer, length)
        else:
            while count := peer.recv_into(buffer):
                peer.sendall(memoryview(buffer)[:count])
    peer.close()


def take(peer, length, buffer):
    while length:
        count = peer.recv_into(buffer, min(length, PIECE))
        if not count:
            raise ConnectionError("the connection ended early")
        length -= count


def give(peer, length):
    piece = os.urandom(PIECE)
    while length:
        count = min(length, PIECE)
        peer.sendall(memoryview(piece)[:count])
        length -= count


def dial(port, word, length=0):
    peer = socket.create_connection(("127.0.0.1", port))
    peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    peer.settimeout(600)
    peer.sendall(word + length.to_bytes(8, "big"))
    return peer


def seconds(port, word, length):
    """How long so many bytes take to the service (until it says that it has all) or from it."""
    peer = dial(port, word, 0 if word == ECHO else length)
    begun = time.monotonic()
    if word == UP:
        give(peer, length)
        take(peer, 1, bytearray(PIECE))
    else:
        take(peer, length, bytearray(PIECE))
    took = time.monotonic() - begun
    peer.close()
    return took


@contextlib.contextmanager
def relay(to, payload, manner="each", certificate=()):
    """The bare relay, over TLS where there is a certificate with its key; yields its port and the process on the client's side."""
    processes = []

    def start(*words):
        process = subprocess.Popen([RELAY, *map(str, (*words, *certificate))], stdout=subprocess.PIPE, text=True)
        processes.append(process)
        return int(process.stdout.readline())

    try:
        far = start("far", to, payload, "each" if manner == "paced" else manner)
        near = start("near", far, payload, manner)
        yield near, processes[-1].pid
    finally:
        end(*processes)


def end(*processes):
    for process in processes:
        process.terminate()
        process.wait()


def rate(mib, times):
    return mib / statistics.median(times)


def round_trip(out, back):
    time.sleep(0.005)  # a quick typist; back to back is no key echo
    begun = time.monotonic()
    os.write(out, b"x")
    if not select.select([back], [], [], 5)[0] or os.read(back, 1) != b"x":
        sys.exit("a key was not echoed")
    return time.monotonic() - begun


def read_until(terminal, pattern, limit=30):
    seen, deadline = b"", time.monotonic() + limit
    while not re.search(pattern, seen):
        if time.monotonic() > deadline:
            sys.exit(f"{pattern} never came: {seen[-500:]!r}")
        if select.select([terminal], [], [], 0.1)[0]:
            seen += os.read(terminal, 1 << 16)


def p95(times):
    """In milliseconds."""
    return sorted(times)[int(len(times) * 0.95)] * 1000
