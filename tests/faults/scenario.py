"""What every fault test starts from: an instance of its own, with battles to vote on."""

import os
import signal
import sys
import time
import unittest
from pathlib import Path
from xml.sax.saxutils import quoteattr

from tests.instance import processes
from tests.instance.battles import make_battles
from tests.instance.postgres import Postgres
from tests.instance.server import Server
from tests.instance.voters import Voters

SPEECH = processes.ROOT / "arenas/speech.yaml"


class Scenario(unittest.TestCase):
    """One PostgreSQL, one `agon serve` and one folder for each test; all gone afterwards."""

    arenas = (SPEECH,)
    arena = "speech"
    battles = 20_000  # more than any test here can vote on
    flags = ()

    def setUp(self):
        print(f"\n{self.id().split('.')[-1].replace('_', ' ')}:", flush=True)
        self.begun = time.monotonic()
        self.folder = processes.Folder(processes.unprivileged_user())
        self.addCleanup(self.folder.remove)
        self.db = Postgres(self.folder, on_start=self.addCleanup)
        self.server = Server(self.folder, self.db.url, self.prepare_arenas(), self.flags,
                             self.redis_url())
        self.addCleanup(self.server.end)
        if self.battles:
            make_battles(self.db, self.arena, self.battles, people=500)
        self.server.start()
        self.say(f"serving, {self.battles:,} battles wait for their votes")

    def prepare_arenas(self):
        return self.arenas

    def redis_url(self):
        return None

    def say(self, text):
        print(f"  {time.monotonic() - self.begun:5.1f} s  {text}", flush=True)

    def vote(self, threads=8):
        voters = Voters(self.server, self.db, threads).start()
        self.addCleanup(voters.interrupt)
        return voters

    def settle(self, voters):
        """Ends the load and proves that nothing was lost or doubled."""
        voters.finish()
        self.say(voters.check())
        voters.check_retries()
        self.say("retries of the last votes got the first receipts")

    def explain(self):
        """Printed when a test fails, before its folder goes."""
        for child in (self.server.child, self.db.child):
            if child is not None:
                print(f"  the end of {child.log.name}:\n{child.tail()}", flush=True)


class Recorder(unittest.TextTestResult):
    """Keeps the time of each test, for the report. A signal ends the run, but cleanly."""

    def __init__(self, *args, **named):
        super().__init__(*args, **named)
        self.cases = {}
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self.interrupt)

    def interrupt(self, number, _frame):
        self.stop()
        raise processes.Failed(f"interrupted by {signal.Signals(number).name}")

    def startTest(self, test):
        super().startTest(test)
        self.cases[test.id()] = time.monotonic()

    def stopTest(self, test):
        super().stopTest(test)
        self.cases[test.id()] = time.monotonic() - self.cases[test.id()]

    def addFailure(self, test, err):
        super().addFailure(test, err)
        test.explain()

    def addError(self, test, err):
        super().addError(test, err)
        if hasattr(test, "server"):
            test.explain()

    def write(self, folder, name):
        """GoogleTest's XML, which ./agon test counts: GTEST_OUTPUT=xml:FOLDER/ asks for it."""
        bad = {t.id(): text for t, text in self.failures + self.errors}
        skipped = {t.id(): why for t, why in self.skipped}
        lines = [f'<testsuites tests="{len(self.cases)}" failures="{len(bad)}" disabled="0" errors="0">',
                 f'<testsuite name={quoteattr(name)} tests="{len(self.cases)}">']
        for case, seconds in self.cases.items():
            inner = ""
            if case in bad:
                inner = f"<failure message={quoteattr(bad[case])}/>"
            elif case in skipped:
                inner = f"<skipped message={quoteattr(skipped[case])}/>"
            lines.append(f'<testcase name={quoteattr(case.split(".")[-1])} time="{seconds:.3f}">{inner}</testcase>')
        Path(folder, f"{name}.xml").write_text("\n".join([*lines, "</testsuite></testsuites>\n"]))


def main(name):
    """Runs the tests of the program that is started; for the end of each file."""
    suite = unittest.defaultTestLoader.loadTestsFromModule(sys.modules["__main__"])
    result = unittest.TextTestRunner(stream=sys.stdout, verbosity=0, resultclass=Recorder).run(suite)
    output = os.environ.get("GTEST_OUTPUT", "")
    if output.startswith("xml:") and output.endswith("/"):
        result.write(output[4:], name)
    sys.exit(not result.wasSuccessful())
