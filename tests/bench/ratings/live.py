#!/usr/bin/env python3
"""How long a vote takes to reach whoever watches the board: from its acknowledgement, which comes
after its commit, to the event on the server's stream.

    cmake --preset release && ninja -C build/release agon
    tests/bench/ratings/live.py                          # 50 systems, 100,000 votes before
    tests/bench/ratings/live.py --systems 300 --keep     # goes on serving, to look at the page

One call starts a PostgreSQL, `agon serve` and `agon rate --watch` of its own on this machine, fills
in an arena whose boards are Bradley–Terry, Elo and style control, and prints a line per load.
"""

import argparse
import json
import random
import shutil
import socket
import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))
from tests.instance import processes  # noqa: E402
from tests.instance.arenas import command_system, write_arena  # noqa: E402
from tests.instance.battles import make_battles  # noqa: E402
from tests.instance.postgres import Postgres  # noqa: E402
from tests.instance.server import Server  # noqa: E402
from tests.instance.voters import Voters  # noqa: E402

ARENA = "trial"
PAGES = processes.ROOT / "web/dist"

# Systems are the better the lower their number, longer outputs win somewhat more often, and of
# ten votes one is a tie and one finds both bad.
STYLE = """
update agon.battle set style_set = 'audio/1',
  slot_style = array[2 + 8 * random(), -16 + random(), 2 + 8 * random(), -16 + random()],
  generation_seconds = array[0.2 + slot_system[1] % 17, 0.2 + slot_system[2] % 17],
  language = (array['en', 'en', 'de', 'fr', 'es'])[1 + floor(random() * 5)::int]
"""
CAST = """
insert into agon.judgment (arena_id, battle_id, participant_id, question, kind, winner,
  protocol_version, body, nonce, idempotency_key, answered_at)
select arena_id, id, participant_id, 'overall', 'comparison',
  case when dice < 0.1 then 2 when dice < 0.2 then 3
    when random() < 1 / (1 + exp((slot_system[1] - slot_system[2]) * 4.0 / {systems}
      - 0.5 * (slot_style[1] - slot_style[3]) / (slot_style[1] + slot_style[3]))) then 0 else 1 end,
  protocol_version, '{{}}', sha256(id::text::bytea), 'key-' || id, created_at
from (select *, random() as dice from agon.battle where state = 'ready' order by id limit {votes}) b
"""
OUTPUTS = """
insert into agon.output (arena_id, battle_id, slot, attempt, id, system_id, status,
  generation_seconds, seconds)
select arena_id, id, 0, 0, gen_random_uuid(), slot_system[1], 'shown', generation_seconds[1],
  slot_style[1] from agon.battle where id in (select battle_id from agon.judgment limit 30000)
"""


class Watcher(threading.Thread):
    """Keeps when each number of votes was first heard of on the arena's stream."""

    def __init__(self, port, method):
        super().__init__(daemon=True)
        self.method = method
        self.heard = []  # (moment, votes)
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self.socket.sendall(f"GET /api/v1/arenas/{ARENA}/events HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        self.start()

    def run(self):
        text = b""
        while True:
            try:
                got = self.socket.recv(65536)
            except OSError:
                return
            if not got:
                return
            now = time.monotonic()
            text += got
            *lines, text = text.split(b"\n")
            for line in lines:
                if not line.startswith(b"data: {"):
                    continue
                event = json.loads(line[6:])
                if event.get("method") == self.method and not event.get("segment"):
                    self.heard.append((now, event["votes"]))

    def votes(self):
        return self.heard[-1][1] if self.heard else 0


class Timed(Voters):
    """Voters who keep when each vote was acknowledged, and rest between votes."""

    def __init__(self, server, postgres, threads, rest):
        super().__init__(server, postgres, threads)
        rows = postgres.sql("select id, participant_id from agon.battle b where state = 'ready' and not exists"
                            " (select from agon.judgment j where j.battle_id = b.id) order by id").splitlines()
        self._left = iter([row.split("|") for row in rows])
        self.rest = rest
        self.moments = []

    def _settle(self, battle, sent):
        now = time.monotonic()
        over = super()._settle(battle, sent)
        if over:
            self.moments.append(now)
            time.sleep(random.uniform(0, 2 * self.rest))
        return over


def percentile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def measure(name, server, db, watcher, threads, rest, votes):
    before = watcher.votes()
    voters = Timed(server, db, threads, rest).start()
    voters.await_votes(votes, seconds=600)
    voters.finish()
    total = before + len(voters.moments)
    processes.await_true(lambda: watcher.votes() >= total, 60, "the board of all votes")
    heard = list(watcher.heard)
    waits, at = [], 0
    for number, moment in enumerate(sorted(voters.moments), before + 1):
        while heard[at][1] < number:
            at += 1
        waits.append(max(0.0, heard[at][0] - moment))
    took = max(voters.moments) - min(voters.moments)
    print(f"{name:24} {len(waits):7} votes {len(waits) / max(took, 1e-9):8.1f} /s   p50 {percentile(waits, .5):6.3f} s"
          f"   p99 {percentile(waits, .99):6.3f} s   longest {max(waits):6.3f} s", flush=True)


def main():
    flags = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    flags.add_argument("--systems", type=int, default=50)
    flags.add_argument("--votes", type=int, default=100_000, help="before the measurement")
    flags.add_argument("--probes", type=int, default=200, help="votes measured, one at a time")
    flags.add_argument("--load", type=int, default=5_000, help="votes measured under load; 0: none")
    flags.add_argument("--method", default="bradley_terry", help="whose board is watched")
    flags.add_argument("--boards", help="JSON for the arena file's `boards`")
    flags.add_argument("--keep", action="store_true", help="go on serving until Ctrl-C")
    settings = flags.parse_args()

    folder = processes.Folder(processes.unprivileged_user())
    ends = [folder.remove]
    try:
        db = Postgres(folder, on_start=ends.append)
        systems = [command_system(f"system-{i:03}", "/bin/true") for i in range(1, settings.systems + 1)]
        for system in systems:
            # Of a length that names of models have.
            system["name"] = f"Model {system['id'][-3:]} {random.choice(['Instruct', 'Chat 2025-04', 'Large Preview'])}"
        arena = Path(write_arena(folder, systems, slug=ARENA))
        if settings.boards:
            content = json.loads(arena.read_text())
            content["boards"] = json.loads(settings.boards)
            arena.write_text(json.dumps(content))
        pages = []
        if PAGES.exists():
            # The build may be in a folder that the servers' account cannot enter.
            shutil.copytree(PAGES, folder.path / "pages")
            pages = ["--pages", folder.path / "pages"]
        server = Server(folder, db.url, [arena], pages)
        ends.append(server.end)
        spare = settings.probes + 3 * settings.load + 2_000
        make_battles(db, ARENA, settings.votes + spare, people=500)
        db.sql(STYLE, seconds=600)
        db.sql(CAST.format(votes=settings.votes, systems=settings.systems), seconds=600)
        db.sql(OUTPUTS, seconds=600)
        db.sql("vacuum analyze", seconds=600)
        server.start()
        begun = time.monotonic()
        rate = server.spawn("rate", "rate", "--watch")
        ends.append(rate.kill)
        watcher = Watcher(server.port, settings.method)
        processes.await_true(lambda: watcher.votes() >= settings.votes, 120, "the first board")
        print(f"{settings.systems} systems, {settings.votes:,} votes: the first board after"
              f" {time.monotonic() - begun:.1f} s; watching {settings.method}", flush=True)
        if settings.probes:
            measure("one at a time", server, db, watcher, 1, 0.15, settings.probes)
        if settings.load:
            measure("8 voters without rest", server, db, watcher, 8, 0, settings.load)
        if settings.keep:
            print(f"{server.base}/board/{ARENA}  (Ctrl-C ends it)", flush=True)
            while rate.running():
                time.sleep(1)
    except KeyboardInterrupt:
        pass
    finally:
        for end in reversed(ends):
            end()


if __name__ == "__main__":
    main()
