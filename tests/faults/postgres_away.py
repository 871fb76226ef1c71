"""PostgreSQL stops and comes back under load: the server stays, says 503, and recovers."""

import signal

from scenario import Scenario, main
from tests.instance.processes import await_true


class PostgresAway(Scenario):
    def readyz(self):
        return self.server.ask("GET", "/readyz")[0]

    def outage(self, how):
        voters = self.vote()
        voters.await_votes(300)
        self.db.stop(how)
        self.say(f"PostgreSQL stopped after {voters.acknowledged():,} acknowledged votes")
        await_true(lambda: self.readyz() == 503, 10, "an unready /readyz")
        voters.await_answers(503, 16, seconds=20)
        self.assertEqual(self.server.ask("GET", "/healthz")[0], 200)
        self.assertTrue(self.server.child.running())
        self.say(f"/readyz and {voters.count(503)} votes were answered 503, /healthz 200")
        self.db.start()
        await_true(lambda: self.readyz() == 200, 20, "a ready /readyz")
        voters.await_votes(300)
        self.say("it recovered by itself")
        self.settle(voters)

    def test_fast_stop_and_start(self):
        self.outage(signal.SIGINT)

    def test_immediate_stop_and_crash_recovery(self):
        self.outage(signal.SIGQUIT)


if __name__ == "__main__":
    main("faults.postgres_away")
