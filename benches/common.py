"""What the benchmarks share: the simulated cloud in another process, and the cost of a command."""
import contextlib
import os
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
EC2DASH = pathlib.Path(os.environ.get("EC2DASH", ROOT / "target/release/ec2dash"))
AWS = pathlib.Path(os.environ.get("EC2DASH_TEST_VENV", ROOT / "target/test-tools/venv")) / "bin/aws"

# As many as an account has that was made in the old days.
REGIONS = ["us-east-1", "us-east-2", "us-west-1", "us-west-2", "ca-central-1", "sa-east-1", "eu-west-1", "eu-west-2", "eu-west-3",
           "eu-central-1", "eu-north-1", "ap-south-1", "ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-southeast-1", "ap-southeast-2"]


def need(program, how):
    if not program.exists():
        sys.exit(f"missing {program}: {how}")


@contextlib.contextmanager
def cloud(*arguments):
    """`ec2dash sim` in another process; yields the environment it prints, in a home of its own."""
    need(EC2DASH, "cargo build --release --locked")
    with tempfile.TemporaryDirectory() as home:
        settle(pathlib.Path(home))
        base = {"PATH": os.environ["PATH"], "HOME": home, "LANG": "C.UTF-8", "TERM": "xterm-256color"}
        sim = subprocess.Popen([EC2DASH, "sim", *arguments], stdout=subprocess.PIPE, text=True, env=base)
        try:
            env = dict(base)
            for line in sim.stdout:
                name, value = line.removeprefix("export ").rstrip("\n").split("=", 1)
                env[name] = value
                if name == "EC2DASH_CONFIG":
                    break
            yield env
        finally:
            sim.terminate()
            sim.wait()


def settle(home):
    """A home where somebody has seen the card of the first start: the key that closes it does nothing else."""
    state = home / ".local/state/ec2dash"
    state.mkdir(parents=True)
    state.chmod(0o700)
    (state / "state.json").write_text('{"first_run_seen": true}')


def cost(command, env, output):
    """CPU seconds (user and system, with children) and peak memory in MiB of one command that writes to the file `output`.

    This process must stay small: what it holds when it forks counts for the child.
    """
    with open(output, "wb") as out:
        process = subprocess.Popen(list(map(str, command)), env=env, stdout=out, stderr=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{command} ended with {process.returncode}")
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def load():
    return " ".join(f"{value:.2f}" for value in os.getloadavg())
