"""SIGTERM under load: what was accepted is answered, then the server ends well."""

from scenario import Scenario, main


class StopUnderLoad(Scenario):
    def test_sigterm_answers_what_was_accepted_and_exits_0(self):
        voters = self.vote(threads=16)
        voters.await_votes(300)
        code = self.server.terminate(20)
        self.say(f"it ended with {code} after {voters.acknowledged():,} acknowledged votes")
        self.assertEqual(code, 0)
        voters.interrupt()
        self.say(voters.check())  # before any retry: each recorded vote was answered
        self.server.start()
        self.settle(voters)


if __name__ == "__main__":
    main("faults.stop_under_load")
