"""The writer does not come forward: its queue fills, is refused beyond, and drains."""

import asyncio
import json
import signal
from collections import Counter

from scenario import Scenario, main
from tests.instance.battles import session_cookie
from tests.instance.processes import await_true

CROWD = 5_200  # more than the writer's batches and queues hold together
LANES = 2  # the writer's sessions; the second begins when the first has enough to do
MEMORY = 400 * 1024  # kB, with all connections of the crowd open


class QueueFull(Scenario):
    battles = 8_000
    flags = ("--max-connections", "6000")

    async def one_vote(self, battle, owner, gate):
        """Status, whether Retry-After came, and the receipt."""
        body = json.dumps({"answers": [{"question": "overall", "value": "a"}]})
        head = (f"POST /api/v1/battles/{battle}/judgments HTTP/1.1\r\nHost: localhost\r\n"
                f"Content-Type: application/json\r\nIdempotency-Key: key-{battle}\r\nCookie: "
                f"{session_cookie(self.server.secret, owner)}\r\nConnection: close\r\n"
                f"Content-Length: {len(body)}\r\n\r\n{body}")
        async with gate:  # so that the listen queue does not overflow
            reader, writer = await asyncio.open_connection("127.0.0.1", self.server.port)
        try:
            writer.write(head.encode())
            answer = await asyncio.wait_for(reader.read(), 30)
        finally:
            writer.close()
        top, _, text = answer.partition(b"\r\n\r\n")
        return int(top.split()[1]), b"\r\nRetry-After: " in top, json.loads(text)

    async def crowd(self, rows):
        gate = asyncio.Semaphore(200)
        return await asyncio.gather(*(self.one_vote(*row, gate) for row in rows))

    def start_all_lanes(self, rows):
        """Votes in crowds until every lane has its session; how many votes that took."""
        sessions = "select count(*) from pg_stat_activity where application_name = 'agon writer'"
        for begin in range(0, len(rows), 200):
            if self.db.number(sessions) == LANES:
                return begin
            answers = asyncio.run(self.crowd(rows[begin:begin + 200]))
            self.assertEqual({status for status, _, _ in answers}, {201})
        self.fail(f"the writer never had {LANES} sessions")

    def test_full_queue_is_refused_with_503_and_drains(self):
        rows = [r.split("|") for r in self.db.sql(
            "select id, participant_id from agon.battle order by id").splitlines()]
        rows, spare = rows[:CROWD], rows[CROWD:]
        first = asyncio.run(self.crowd(rows[:1]))
        self.assertEqual(first[0][0], 201)
        warmed = self.start_all_lanes(spare)
        self.db.signal_backends("agon writer", signal.SIGSTOP)
        self.addCleanup(self.db.signal_backends, "agon writer", signal.SIGCONT)
        self.say("the writer's session is paused")
        answers = asyncio.run(self.crowd(rows[1:]))
        seen = Counter((status, body.get("type", "").rsplit("/", 1)[-1]) for status, _, body in answers)
        self.say(f"{len(answers):,} votes at once were answered {dict(seen)}")
        self.assertEqual({status for status, _, _ in answers}, {503})
        self.assertTrue(all(retry for _, retry, _ in answers), "a 503 came without Retry-After")
        self.assertGreater(seen[(503, "overloaded")], 0, "the queue never refused: it has no bound")
        self.assertGreater(seen[(503, "unavailable")], 0, "nothing waited in the queue")
        peak = self.server.child.status("VmHWM")
        self.say(f"the server's memory reached {peak / 1024:.0f} MB")
        self.assertLess(peak, MEMORY)
        self.db.signal_backends("agon writer", signal.SIGCONT)
        await_true(lambda: asyncio.run(self.crowd(rows[:1]))[0][0] == 200, 20, "a recovery")
        # The retries: what was written meanwhile although nobody was told is settled, too.
        for begin in range(1, len(rows), 500):
            again = asyncio.run(self.crowd(rows[begin:begin + 500]))
            self.assertLessEqual({status for status, _, _ in again}, {200, 201})
        self.assertEqual(self.db.number("select count(*) from agon.judgment"),
                         len(rows) + warmed)
        self.say(f"all {len(rows):,} votes are in the table once after their retries")


if __name__ == "__main__":
    main("faults.queue_full")
