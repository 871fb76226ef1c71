"""Child processes that never outlive the test, and the folder they work in."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


class Failed(Exception):
    """Something did not come up or did not end; the message is for people."""


def unprivileged_user():
    """The name of the account for servers: PostgreSQL refuses root. None: ourselves."""
    return "postgres" if os.geteuid() == 0 else None


def as_user(user, death_signal="KILL"):
    """The words before a command that runs it as `user` and ends it when we die."""
    words = ["setpriv", f"--pdeathsig={death_signal}"]
    if user:
        words += [f"--reuid={user}", f"--regid={user}", "--init-groups"]
    return words + ["--"]


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def await_true(condition, seconds, what):
    """Asks until `condition` holds; raises Failed naming `what` after `seconds`."""
    limit = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > limit:
            raise Failed(f"{what} did not happen within {seconds} s")
        time.sleep(0.02)


class Folder:
    """A folder under /tmp that the servers' account owns; removed at the end."""

    def __init__(self, user):
        self.path = Path(tempfile.mkdtemp(prefix="agon-instance-", dir="/tmp"))
        self.user = user
        self._own(self.path)
        self.path.chmod(0o700)

    def make(self, name):
        path = self.path / name
        path.mkdir(parents=True)
        self._own(path)
        return path

    def write(self, name, text):
        path = self.path / name
        path.write_text(text)
        self._own(path)
        return path

    def _own(self, path):
        if self.user:
            account = pwd.getpwnam(self.user)
            os.chown(path, account.pw_uid, account.pw_gid)

    def remove(self):
        shutil.rmtree(self.path, ignore_errors=True)


class Child:
    """A process with its output in a log file."""

    def __init__(self, argv, log, user=None, env=None, death_signal="KILL"):
        self.log = Path(log)
        with open(self.log, "ab") as out:
            self.process = subprocess.Popen(
                as_user(user, death_signal) + [str(a) for a in argv],
                stdin=subprocess.DEVNULL, stdout=out, stderr=out, cwd="/",
                env={**os.environ, **(env or {})}, start_new_session=True)

    @property
    def pid(self):
        return self.process.pid

    def running(self):
        return self.process.poll() is None

    def send(self, number):
        self.process.send_signal(number)

    def wait(self, seconds):
        """The exit code, or minus the signal; Failed if it is still there afterwards."""
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            raise Failed(f"process {self.pid} ({self.log.stem}) still runs after {seconds} s") from None

    def kill(self):
        if self.running():
            self.send(signal.SIGKILL)
        return self.process.wait()

    def status(self, field):
        """A number of /proc/PID/status, such as VmHWM in kB."""
        for line in Path(f"/proc/{self.pid}/status").read_text().splitlines():
            if line.startswith(field + ":"):
                return int(line.split()[1])
        raise Failed(f"/proc tells no {field}")

    def tail(self, lines=15):
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])


def run(argv, user=None, env=None, seconds=60, stdin=None):
    """Runs a command to its end and gives what it printed; Failed with its words otherwise."""
    done = subprocess.run(as_user(user) + [str(a) for a in argv], cwd="/", input=stdin, text=True,
                          capture_output=True, timeout=seconds, env={**os.environ, **(env or {})})
    if done.returncode != 0:
        raise Failed(f"{Path(argv[0]).name} failed ({done.returncode}): {(done.stderr or done.stdout).strip()}")
    return done.stdout


def raise_on_signals():
    """SIGTERM and SIGHUP end the program like Ctrl-C: what `finally` says is done."""
    def stop(number, _frame):
        raise KeyboardInterrupt(signal.Signals(number).name)
    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGHUP, stop)
