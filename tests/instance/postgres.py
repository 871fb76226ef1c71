"""A private PostgreSQL 15 with the settings of docker/launcher/postgres.sh: all durable."""

import os
import re
import signal

from .processes import ROOT, Child, Failed, await_true, run

BIN = "/usr/lib/postgresql/15/bin"


def launcher_settings(sockets):
    """What ./agon writes into agon.conf, from the same function."""
    script = 'source "$1"; sockets=$2; postgres_settings'
    text = run(["bash", "-c", script, "bash", ROOT / "docker/launcher/postgres.sh", sockets])
    for needed in ("fsync = on", "synchronous_commit = on", "full_page_writes = on"):
        if needed not in text:
            raise Failed(f"the launcher's settings lack {needed!r}")
    return text


class Postgres:
    def __init__(self, folder, settings=(), on_start=None):
        """`settings`: lines over the launcher's. `on_start` is told how to end it before it starts."""
        self.folder = folder
        self.user = folder.user
        self.sockets = folder.make("sockets")
        self.data = folder.path / "postgres"
        self.log = folder.path / "postgres.log"
        self.child = None
        run([f"{BIN}/initdb", f"--pgdata={self.data}", "--username=agon", "--auth=trust",
             "--encoding=UTF8", "--locale=C.UTF-8", "--data-checksums"], user=self.user)
        folder.write("postgres/agon.conf", launcher_settings(self.sockets) + "\n".join(settings) + "\n")
        with open(self.data / "postgresql.conf", "a", encoding="utf-8") as conf:
            conf.write("include 'agon.conf'\n")
        if on_start:
            on_start(self.end)
        self.start()
        self.sql("create database agon", database="postgres")

    @property
    def url(self):
        return f"host={self.sockets} user=agon dbname=agon"

    def start(self):
        self.child = Child([f"{BIN}/postgres", "-D", self.data], self.log, self.user, death_signal="QUIT")
        await_true(self.answers, 60, "the start of PostgreSQL")

    def answers(self):
        if not self.child.running():
            raise Failed(f"PostgreSQL ended:\n{self.child.tail()}")
        ready = [f"{BIN}/pg_isready", "-q", "-h", self.sockets, "-U", "agon", "-d", "postgres"]
        try:
            run(ready)
            return True
        except Failed:
            return False

    def stop(self, how=signal.SIGINT):
        """SIGINT: fast, sessions are ended; SIGQUIT: immediate, as if it had crashed."""
        self.child.send(how)
        self.child.wait(60)

    def sql(self, text, database="agon", seconds=120):
        """The rows, without decoration, fields apart by |."""
        return run(["psql", "-X", "-qAt", "-h", self.sockets, "-U", "agon", "-d", database,
                    "-v", "ON_ERROR_STOP=1", "-f", "-"], stdin=text, seconds=seconds).strip()

    def number(self, text):
        return int(self.sql(text))

    def backends(self, application):
        """Process ids of the sessions of one part of the program, such as 'agon writer'."""
        rows = self.sql("select pid from pg_stat_activity where application_name = "
                        f"'{application}'")
        return [int(row) for row in rows.splitlines()]

    def signal_backends(self, application, number):
        for pid in self.backends(application):
            os.kill(pid, number)

    def end(self):
        """For cleaning up: stops it by whatever means are needed."""
        if self.child is None or not self.child.running():
            return
        for pid in re.findall(r"\d+", run(["pgrep", "-P", str(self.child.pid)], seconds=5) or ""):
            try:
                os.kill(int(pid), signal.SIGCONT)
            except ProcessLookupError:
                pass
        self.child.send(signal.SIGQUIT)
        try:
            self.child.wait(10)
        except Failed:
            self.child.kill()
