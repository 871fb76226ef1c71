"""The real `agon`: migrate, apply, serve, rate; and the questions a test asks it."""

import json
import os
import shutil
import signal
import urllib.error
import urllib.request
from pathlib import Path

from .processes import ROOT, Child, Failed, await_true, free_port, run


def binary():
    """AGON_BINARY, or what the release preset builds."""
    path = Path(os.environ.get("AGON_BINARY", ROOT / "build/release/services/agon"))
    if not path.exists():
        raise Failed(f"{path} is not built: cmake --preset release && ninja -C build/release agon")
    return path


class Server:
    """`agon serve` on a free loopback port, which it keeps when it is started again."""

    def __init__(self, folder, database_url, arenas, flags=(), redis_url=None):
        self.folder = folder
        self.user = folder.user
        # The build may be in a folder that the servers' account cannot enter.
        self.agon = folder.path / "agon"
        if not self.agon.exists():
            shutil.copy(binary(), self.agon)
            self.agon.chmod(0o755)
        self.env = {"DATABASE_URL": database_url, "AGON_LOG_LEVEL": "info"}
        self.secret = os.urandom(32)
        self.secret_file = folder.write("secret", self.secret.hex() + "\n")
        self.media = folder.make("media")
        self.scratch = folder.make("scratch")
        self.releases = folder.make("releases")
        self.flags = list(flags) + (["--redis", redis_url] if redis_url else [])
        self.port = free_port()
        self.child = None
        self.command("admin", "migrate")
        for arena in arenas:
            copy = folder.write(Path(arena).name, Path(arena).read_text(encoding="utf-8"))
            self.command("admin", "apply", copy)

    @property
    def base(self):
        return f"http://127.0.0.1:{self.port}"

    def command(self, *words, seconds=60):
        return run([self.agon, *words], user=self.user, env=self.env, seconds=seconds)

    def spawn(self, name, *words):
        return Child([self.agon, *words], self.folder.path / f"{name}.log", self.user, self.env)

    def start(self):
        self.child = self.spawn(
            "serve", "serve", "--port", self.port, "--secret-file", self.secret_file,
            "--media", self.media, "--releases", self.releases, "--scratch", self.scratch, *self.flags)
        await_true(self.ready, 30, "the start of agon serve")

    def ready(self):
        if not self.child.running():
            raise Failed(f"agon serve ended:\n{self.child.tail()}")
        try:
            return self.ask("GET", "/readyz", seconds=5)[0] == 200
        except OSError:
            return False

    def ask(self, method, path, body=None, headers=None, seconds=15):
        """Status, parsed body and headers of one request on a connection of its own."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.base + path, data=data, method=method,
                                         headers={"Content-Type": "application/json", **(headers or {})})
        try:
            answer = urllib.request.urlopen(request, timeout=seconds)
        except urllib.error.HTTPError as refused:
            answer = refused
        with answer:
            text = answer.read()
            try:
                parsed = json.loads(text)
            except ValueError:
                parsed = text.decode(errors="replace")
            return answer.status, parsed, answer.headers

    def kill(self):
        self.child.kill()

    def terminate(self, seconds):
        """SIGTERM, and its exit code."""
        self.child.send(signal.SIGTERM)
        return self.child.wait(seconds)

    def end(self):
        if self.child is not None:
            self.child.kill()
