"""Redis dies and comes back: voting and new battles go on."""

from scenario import Scenario, main
from tests.instance.redis import Redis


class RedisAway(Scenario):
    def redis_url(self):
        self.redis = Redis(self.folder, self.addCleanup)
        return self.redis.url

    def test_votes_go_on_without_redis(self):
        voters = self.vote()
        voters.await_votes(300)
        self.say(f"Redis has {self.redis.clients()} clients")
        self.redis.kill()
        self.say("Redis killed")
        voters.await_votes(500)
        self.assertEqual(self.server.ready(), True)
        self.redis.start()
        self.say("Redis is back")
        voters.await_votes(500)
        self.settle(voters)
        self.assertEqual(set(voters.answers), {201}, "an answer was not the plain 201")


if __name__ == "__main__":
    main("faults.redis_away")
