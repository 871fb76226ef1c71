"""kill -9 of the rating job: the next one's boards are those of a full rebuild."""

import random
import subprocess
import time

from scenario import Scenario, main
from tests.instance.processes import Failed, as_user

BOARDS = ("select string_agg(method || ' ' || segment || ' ' || votes || ' ' || encode(inputs_sha256, 'hex') || ' ' || body,"
          " e'\\n' order by method, segment) from agon.board")
CAST_VOTES = """
insert into agon.judgment (arena_id, battle_id, participant_id, question, kind, winner,
  protocol_version, body, nonce, idempotency_key, answered_at)
select arena_id, id, participant_id, 'overall', 'comparison', (hashtext(id::text) & 3),
  protocol_version, '{}', sha256(id::text::bytea), 'key-' || id, now()
from agon.battle b where state = 'ready' and not exists
  (select from agon.judgment j where j.battle_id = b.id) order by id limit %d
"""


class RatingKilled(Scenario):
    battles = 60_000

    def hold_boards(self):
        """A transaction that lets the job count and store, but not publish its board."""
        words = ["psql", "-X", "-q", "-h", self.db.sockets, "-U", "agon", "-d", "agon"]
        holder = subprocess.Popen(as_user(None) + [str(w) for w in words], text=True,
                                  stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.addCleanup(holder.stdout.close)
        self.addCleanup(holder.wait)
        self.addCleanup(holder.kill)
        holder.stdin.write("begin; lock table agon.board in exclusive mode; select 'held';\n")
        holder.stdin.flush()
        while "held" not in (line := holder.stdout.readline()):
            if not line:
                raise Failed("the lock on agon.board was not had")
        return holder

    def kill_before_publishing(self):
        holder = self.hold_boards()
        job = self.server.spawn("rate", "rate")
        self.addCleanup(job.kill)
        waiting = ("select count(*) from pg_stat_activity where application_name = 'agon rate' "
                   "and wait_event_type = 'Lock'")
        limit = time.monotonic() + 30
        while self.db.number(waiting) == 0:
            if time.monotonic() > limit or not job.running():
                raise Failed(f"the job did not come to its board:\n{job.tail()}")
        job.kill()
        holder.stdin.close()
        holder.wait(10)

    def rate(self, *arguments):
        """One run; PostgreSQL lets go of the lock of a killed one when it sees its connection end."""
        for _ in range(200):
            try:
                return self.server.command("rate", *arguments, seconds=120)
            except Failed as refused:
                if "another rating job is running" not in str(refused):
                    raise
                time.sleep(0.1)
        raise Failed("the lock of a rating job that was killed is still held")

    def test_boards_after_kills_equal_a_full_rebuild(self):
        chance = random.Random(7)
        self.db.sql("update agon.battle set language = case abs(hashtext(id::text)) % 4 when 0 then 'de'"
                    " when 1 then 'fr' else 'en' end")
        self.db.sql(CAST_VOTES % 10_000)
        self.kill_before_publishing()
        self.say("killed between its tallies and its board")
        for _ in range(6):
            self.db.sql(CAST_VOTES % 5_000)
            job = self.server.spawn("rate", "rate", "--watch")
            self.addCleanup(job.kill)
            time.sleep(chance.uniform(0.05, 0.8))
            job.kill()
        progress = self.db.sql("select coalesce(max(votes), 0) from agon.rating_state")
        self.say(f"killed six times more; {int(progress):,} votes are counted so far")
        self.db.sql(CAST_VOTES % 5_000)
        self.rate()
        after_kills = self.db.sql(BOARDS)
        cast = self.db.number("select count(*) from agon.judgment")
        counted = self.db.sql("select distinct votes from agon.board where segment = ''")
        self.assertEqual(counted, str(cast), "not every vote is counted once")
        self.assertIn("language:fr", after_kills)
        by_language = self.db.sql("select sum(wins_a + wins_b + ties + both_bad) from agon.tally"
                                  " where segment like 'language:%'")
        self.assertEqual(by_language.strip(), str(cast), "not every vote is counted once in its segment")
        self.assertIn(f"{cast} votes counted afresh, 0 boards changed",
                      self.rate("--rebuild"))
        self.db.sql("delete from agon.board; delete from agon.board_current; delete from agon.tally;"
                    " delete from agon.rating_state")
        self.rate()
        rebuilt = self.db.sql(BOARDS)
        self.assertGreater(len(rebuilt), 1000)
        self.assertEqual(after_kills, rebuilt)
        self.say(f"{cast:,} votes counted once each; the boards are those of a rebuild, byte for byte")


if __name__ == "__main__":
    main("faults.rating_killed")
