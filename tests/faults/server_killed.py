"""kill -9 of the server under load: what was acknowledged is in the table, once."""

from scenario import Scenario, main


class ServerKilled(Scenario):
    def test_no_acknowledged_vote_is_lost_or_doubled_by_kill_9(self):
        voters = self.vote()
        for _ in range(3):
            voters.await_votes(300)
            self.server.kill()
            self.say(f"killed after {voters.acknowledged():,} acknowledged votes")
            self.server.start()
        voters.await_votes(300)
        self.assertGreater(voters.count("broken"), 0, "no request was cut: the kill proved nothing")
        self.settle(voters)


if __name__ == "__main__":
    main("faults.server_killed")
