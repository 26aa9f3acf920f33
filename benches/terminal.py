"""A dashboard in a pseudo-terminal, as somebody at a keyboard has it."""
import fcntl
import os
import pathlib
import pty
import re
import select
import signal
import struct
import sys
import termios
import time

from common import EC2DASH

CLOCK = os.sysconf("SC_CLK_TCK")


class Dashboard:
    def __init__(self, env, columns=120, rows=32, arguments=()):
        self.started = time.monotonic()
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.execve(EC2DASH, [str(EC2DASH), *arguments], env)
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.seen = b""

    def read(self, limit):
        """What arrives within `limit` seconds, empty if nothing does."""
        ready, _, _ = select.select([self.fd], [], [], limit)
        if not ready:
            return b""
        data = os.read(self.fd, 1 << 16)
        self.seen += data
        return data

    def wait_for(self, pattern, limit=30):
        deadline = time.monotonic() + limit
        while not re.search(pattern, self.seen):
            if time.monotonic() > deadline:
                sys.exit(f"{pattern} never came; last output: {self.seen[-800:]!r}")
            self.read(0.01)
        return time.monotonic()

    def quiet(self, gap=0.5, limit=30):
        deadline = time.monotonic() + limit
        while time.monotonic() < deadline and self.read(gap):
            pass

    def key_to_frame(self, key, shows):
        """Until the screen shows what the key does, and not only a spinner's next step: output in which `shows` finds it."""
        while self.read(0):
            pass
        sent, output = time.monotonic(), b""
        os.write(self.fd, key)
        while not shows(output):
            if time.monotonic() - sent > 5:
                sys.exit(f"{key!r} showed nothing: {output[-400:]!r}")
            output += self.read(1)
        return time.monotonic() - sent

    def type(self, letters):
        """Times of letters typed into the filter, each shown when the cursor stands behind it."""
        os.write(self.fd, b"/")
        self.quiet(0.02, 1)
        at, times = 0, []
        for letter in letters:
            columns = lambda output: [int(column) for column in re.findall(rb"\x1b\[2;(\d+)H", output)]
            before = at or max(columns(self.seen[-2000:]), default=0)
            times.append(self.key_to_frame(bytes([letter]), lambda output: max(columns(output), default=0) > before))
            at = before + 1
        return times

    def cpu(self):
        fields = pathlib.Path(f"/proc/{self.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / CLOCK

    def memory(self, what="VmHWM"):
        status = pathlib.Path(f"/proc/{self.pid}/status").read_text()
        return int(re.search(what + r":\s+(\d+)", status)[1]) / 1024

    def end(self):
        os.kill(self.pid, signal.SIGTERM)
        os.waitpid(self.pid, 0)
        os.close(self.fd)
