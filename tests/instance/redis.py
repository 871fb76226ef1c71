"""A private Redis on a socket."""

import signal

from .processes import Child, Failed, await_true, run


class Redis:
    def __init__(self, folder, on_start):
        self.folder = folder
        self.socket = folder.path / "redis.sock"
        self.child = None
        on_start(self.end)
        self.start()

    @property
    def url(self):
        return f"unix://{self.socket}"

    def start(self):
        self.child = Child(["redis-server", "--port", "0", "--unixsocket", self.socket, "--save", "",
                            "--dir", self.folder.path], self.folder.path / "redis.log",
                           self.folder.user)
        await_true(self.answers, 20, "the start of Redis")

    def answers(self):
        if not self.child.running():
            raise Failed(f"Redis ended:\n{self.child.tail()}")
        try:
            return run(["redis-cli", "-s", self.socket, "ping"]).strip() == "PONG"
        except Failed:
            return False

    def clients(self):
        return len(run(["redis-cli", "-s", self.socket, "client", "list"]).splitlines()) - 1

    def kill(self):
        self.child.send(signal.SIGKILL)
        self.child.wait(10)

    def end(self):
        if self.child is not None:
            self.child.kill()
