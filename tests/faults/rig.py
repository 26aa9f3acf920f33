"""What the fault scripts share: the program in a terminal, a simulated cloud, a tunnel through it, and services to reach."""
import contextlib
import fcntl
import os
import pathlib
import pty
import re
import select
import signal
import socket
import struct
import subprocess
import tempfile
import termios
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = ROOT / os.environ.get("CARGO_TARGET_DIR", "target") / "debug/ec2dash"
MIB = 1 << 20
CHUNK = 1 << 16
PLACES = ("home", "tmp", "run")
MODES_OFF = {b"1049": b"l", b"1000": b"l", b"1002": b"l", b"1003": b"l", b"2004": b"l", b"25": b"h"}


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


@contextlib.contextmanager
def terminal(command, more=None):
    """A program in a terminal of its own, with a home of its own."""
    with tempfile.TemporaryDirectory(prefix="e2d-") as directory:
        base = pathlib.Path(directory)
        for name in PLACES:
            (base / name).mkdir(mode=0o700)
        run = Terminal(command, base, more or {})
        try:
            yield run
        finally:
            run.close()


def reach_list(run):
    """The demo's list, without the card of the first start: the key that closes it does nothing else. Whether it came."""
    if not (run.wait_for(b"bastion") and run.wait_for(b"goes")):
        return False
    run.type(b" ")
    return True


class Terminal:
    """What a program shows on a terminal of 120 by 32, and what is typed there."""

    def __init__(self, command, base, more):
        self.base = base
        self.master, self.slave = pty.openpty()
        fcntl.ioctl(self.slave, termios.TIOCSWINSZ, struct.pack("HHHH", 32, 120, 0, 0))
        self.before = termios.tcgetattr(self.slave)
        env = places(base) | {"TERM": "xterm-256color", "LANG": "C.UTF-8"} | more
        streams = {"stdin": self.slave, "stdout": self.slave, "stderr": self.slave}
        self.process = subprocess.Popen(command, env=env, start_new_session=True, preexec_fn=self.take_terminal, **streams)
        self.seen = b""

    def take_terminal(self):
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT):
            signal.signal(number, signal.SIG_DFL)
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)

    def pump(self, seconds):
        """Read what comes for so long, or until nothing has come for that long."""
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            if not select.select([self.master], [], [], left)[0]:
                return
            try:
                self.seen += os.read(self.master, CHUNK)
            except OSError:
                return

    def wait_for(self, text, seconds=60):
        deadline = time.monotonic() + seconds
        while text not in self.seen:
            if time.monotonic() > deadline or self.has_ended():
                return False
            self.pump(0.02)
        return True

    def type(self, text):
        os.write(self.master, text)

    def has_ended(self):
        return self.process.poll() is not None

    def wait(self, seconds):
        deadline = time.monotonic() + seconds
        while not self.has_ended():
            if time.monotonic() > deadline:
                return False
            self.pump(0.02)
        self.pump(0.05)
        return True

    def processes(self):
        """Whatever runs with our directory in its environment, its arguments or under its feet."""
        found, mark = [], os.fsencode(self.base) + b"/"
        for entry in pathlib.Path("/proc").glob("[0-9]*"):
            try:
                about = (entry / "environ").read_bytes() + (entry / "cmdline").read_bytes() + os.fsencode(os.readlink(entry / "cwd"))
                state = (entry / "stat").read_text().rsplit(")", 1)[1].split()[0]
                if mark in about and state != "Z":
                    command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
                    found.append(f"{entry.name} {command}")
            except OSError:
                pass
        return found

    def terminal_faults(self):
        faults = []
        if termios.tcgetattr(self.slave) != self.before:
            faults.append("the terminal's settings changed")
        for mode, off in MODES_OFF.items():
            last = re.findall(rb"\x1b\[\?(?:\d+;)*" + mode + rb"(?:;\d+)*([hl])", self.seen)
            if last and last[-1] != off:
                faults.append(f"mode {mode.decode()} is left {'on' if last[-1] == b'h' else 'off'}")
        if self.seen.rfind(b"\x1b[>1u") > self.seen.rfind(b"\x1b[=0;1u"):
            faults.append("the keys of the kitty protocol are left on")
        return faults

    def close(self):
        if not self.has_ended():
            self.process.kill()
            self.wait(5)
        os.close(self.master)
        os.close(self.slave)


def places(base):
    return {"PATH": os.environ["PATH"], "HOME": str(base / "home"), "TMPDIR": str(base / "tmp"), "XDG_RUNTIME_DIR": str(base / "run")}


def leftovers(base):
    """Files below our places; the directory for the runs of all is there to stay."""
    places = [path for place in PLACES for path in (base / place).rglob("*")]
    return sorted(str(path.relative_to(base)) for path in places if path != base / "run" / "ec2dash")
