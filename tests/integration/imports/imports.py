"""agon import against a real database: real votes, twice, dry, killed and gone on with, and files
that were made to break it."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.faults.scenario import Scenario, main
from tests.instance.processes import ROOT, Failed, as_user, await_true, run

DATA = Path(os.environ.get("AGON_SHARED_DATA", ROOT / "../shared/data"))
STATUSES = ("imported", "known", "unjudged", "refused")


def lmsys_row(n, **more):
    turns = [{"role": "user", "content": f"Question {n}?"}, {"role": "assistant", "content": f"Answer {n}. " * 20}]
    return {"question_id": f"q{n}", "model_a": f"model-{n % 7}", "model_b": f"model-{7 + n % 5}",
            "winner": ("model_a", "model_b", "tie", "tie (bothbad)")[n % 4], "judge": f"arena_user_{n % 50}",
            "conversation_a": turns, "conversation_b": turns, "turn": 1, "anony": True, "language": "English",
            "tstamp": 1682351591.1322 + 3600 * n, **more}


class Imports(Scenario):
    battles = 0

    def put(self, name, text):
        if isinstance(text, bytes):
            path = self.folder.write(name, "")
            path.write_bytes(text)
            return path
        return self.folder.write(name, text)

    def importing(self, path, form, *flags, fails=False):
        """The counts, and what became of each row as (line, status, reason)."""
        rows = self.put("rows.jsonl", "")
        words = ["import", path, "--format", form, "--rows", rows, *flags]
        try:
            told = self.server.command(*words, seconds=300)
            self.assertFalse(fails, told)
        except Failed as refused:
            if not fails:
                raise
            return str(refused)
        seen = [json.loads(line) for line in rows.read_text().splitlines()]
        counts = {status: sum(r["status"] == status for r in seen) for status in STATUSES}
        self.assertIn(f"{counts['imported']} ", told)
        self.assertIn(f"{counts['known']} there already, {counts['unjudged']} without a vote, {counts['refused']} refused", told)
        return counts, seen

    def votes(self, slug):
        return self.db.number("select count(*) from agon.judgment j join agon.arena a on a.id = j.arena_id"
                              f" where j.winner is not null and a.slug = '{slug}'")

    def winners(self, slug):
        rows = self.db.sql("select j.winner, count(*) from agon.judgment j join agon.arena a on a.id = j.arena_id"
                           f" where j.winner is not null and a.slug = '{slug}' group by 1 order by 1")
        return {int(w): int(n) for w, n in (row.split("|") for row in rows.splitlines())}

    def test_rows_are_imported_once_with_what_they_say(self):
        path = self.put("arena.jsonl", "\n".join(json.dumps(lmsys_row(n)) for n in range(300)) + "\n")
        dry, _ = self.importing(path, "lmsys", "--dry-run", "--source", "arena")
        self.assertEqual(dry, {"imported": 300, "known": 0, "unjudged": 0, "refused": 0})
        self.assertEqual(self.db.number("select count(*) from agon.arena"), 1, "a dry run makes nothing")
        first, _ = self.importing(path, "lmsys", "--source", "arena")
        self.assertEqual(first, dry)
        for flags in ((), ("--dry-run",)):
            again, _ = self.importing(path, "lmsys", "--source", "arena", *flags)
            self.assertEqual(again, {"imported": 0, "known": 300, "unjudged": 0, "refused": 0})
        self.assertEqual(self.winners("imported-arena"), {0: 75, 1: 75, 2: 75, 3: 75})
        row = self.db.sql("select prompt, language, sampling_policy, sampling, created_at::date from agon.battle"
                          " where prompt = 'Question 3?'")
        self.assertEqual(row, 'Question 3?|en|imported|{"format":"lmsys","row":4,"source":"arena"}|2023-04-24')
        self.assertEqual(self.db.number("select count(*) from agon.output where text like 'Answer%'"), 600)
        everything = self.db.sql("select j.body, p.id from agon.judgment j, person.participant p")
        self.assertNotIn("arena_user", everything)
        self.assertEqual(self.db.number("select count(*) from person.participant"), 50)
        self.assertEqual(self.db.sql("select distinct array_to_string(purposes, ' ') from person.consent"),
                         "be_counted take_part")

    def test_the_board_is_that_of_the_votes_and_no_other_moves(self):
        path = self.put("pairs.csv", "left,right,winner\n" + "strong,weak,left\n" * 30 + "weak,strong,left\n" * 5)
        self.importing(path, "pairs", "--arena", "pairs")
        self.assertEqual(self.votes("pairs"), 35, "rows without keys are votes each")
        self.server.command("rate", seconds=120)
        def board():
            status, body, _ = self.server.ask("GET", "/api/v1/arenas/pairs/boards/bradley_terry")
            return body if status == 200 else None
        self.assertEqual(await_true(board, 20, "the new arena's board")["votes"], 35)
        self.assertEqual(self.votes("speech"), 0)
        for arena, is_open in (("pairs", False), ("speech", True)):
            self.assertEqual(self.server.ask("GET", f"/api/v1/arenas/{arena}")[1]["open"], is_open)
        status, speech, _ = self.server.ask("GET", "/api/v1/arenas/speech/boards/bradley_terry")
        self.assertTrue(status == 404 or speech["votes"] == 0)
        told = self.importing(path, "pairs", "--arena", "speech", fails=True)
        self.assertIn("where people vote", told)
        # Nothing of it can be asked for, and nothing of it is released.
        self.assertEqual(self.db.number("select count(*) from agon.system s join agon.arena a on a.id = s.arena_id"
                                        " where a.slug = 'pairs'"), 2)

    def test_music_arena_battle_files_come_from_their_folder(self):
        battles = self.folder.make("logs")
        for n in range(6):
            battle = {"uuid": f"b{n}", "prompt": {"prompt": f"Prompt {n}"} if n else None,
                      "prompt_detailed": {"overall_prompt": f"Prompt {n}", "instrumental": "true" if n % 2 else False},
                      "prompt_user": {"salted_ip": "x"}, "prompt_session": {"uuid": "s", "create_time": 1753718400},
                      "a_metadata": {"system_key": {"system_tag": "noise", "variant_tag": "loud"}, "duration": 3},
                      "b_metadata": {"system_key": {"system_tag": "sao", "variant_tag": "initial"}},
                      "vote": None if n == 5 else {
                          "preference": "A", "preference_time": 1753718460, "a_feedback": "Noisy" if n == 1 else None,
                          "a_listen_data": [["PLAY", 1753718400], ["PAUSE", 1753718405]],
                          "b_listen_data": [{"action": "PLAY", "time": 1753718406}, {"action": "STOP", "time": 1753718409}]},
                      "vote_user": None, "timings": []}
            path = battles / f"b{n}.json"
            path.write_text(json.dumps(battle, indent=2))
        (battles / "broken.json").write_text('{"uuid": "b9", ')
        self.folder._own(battles)
        counts, rows = self.importing(battles, "music-arena", "--source", "logs")
        self.assertEqual(counts, {"imported": 5, "known": 0, "unjudged": 1, "refused": 1})
        self.assertEqual([Path(r["file"]).name for r in rows if r["status"] == "refused"], ["broken.json"])
        self.assertEqual(self.db.sql("select distinct prompt_source, array_to_string(heard_seconds, ' ') from agon.battle"),
                         "typed|5 3")
        self.assertEqual(self.db.number("select count(*) from agon.judgment where body like '%Noisy%'"), 1)

    def test_a_killed_import_goes_on_where_it_ended(self):
        count = 20_000
        path = self.put("long.jsonl", "".join(json.dumps(lmsys_row(n, tstamp=1682351591 + n)) + "\n" for n in range(count)))
        words = as_user(self.server.user) + [str(self.server.agon), "import", str(path), "--format", "lmsys", "--source", "long"]
        kills = 0
        for least in (1000, 6000, 12_000):
            with subprocess.Popen(words, env={**os.environ, **self.server.env}, cwd="/", stdout=subprocess.DEVNULL,
                                  stderr=subprocess.DEVNULL) as child:
                while child.poll() is None and self.db.number("select count(*) from agon.battle") < least:
                    time.sleep(0.05)
                if child.poll() is None:
                    child.send_signal(signal.SIGKILL)
                    kills += 1
        self.assertGreater(kills, 0, "none was killed in time")
        there = self.db.number("select count(*) from agon.battle")
        self.assertEqual(there, self.votes("imported-long"), "a battle and its vote are written together")
        counts, _ = self.importing(path, "lmsys", "--source", "long")
        self.assertEqual(counts, {"imported": count - there, "known": there, "unjudged": 0, "refused": 0})
        self.assertEqual(self.votes("imported-long"), count)
        self.say(f"killed {kills} times, the last time at {there} of {count}")

    def test_hostile_files_are_refused_row_by_row(self):
        good = json.dumps(lmsys_row(1)).encode()
        lines = [good, b"", b"{", b'{"a":1,"a":2}', b"\xff\xfe\x00", b'{"winner":"tie","model_a":"\xc3\x28"}',
                 b'{"x":"' + b"y" * (10 << 20) + b'"}', b"[" * 100_000, b'{"model_a":"\\u0000","model_b":"b","winner":"tie"}',
                 json.dumps(lmsys_row(2, model_b="model-2")).encode(), json.dumps(lmsys_row(3, winner="'; drop table")).encode(),
                 json.dumps(lmsys_row(4, model_a="x" * 5000)).encode(), json.dumps(lmsys_row(5, tstamp=4e9)).encode(),
                 json.dumps(lmsys_row(6, model_a="</script>\u202e\x1b[31m'; --")).encode(),
                 json.dumps(lmsys_row(7, conversation_a="nonsense", language=["x"], judge={"a": 1})).encode(), good]
        path = self.put("hostile.jsonl", b"\n".join(lines))
        counts, rows = self.importing(path, "lmsys", "--source", "hostile")
        self.assertEqual(counts["imported"], 3, [r for r in rows])
        self.assertEqual(counts["known"], 1)
        refused = {r["line"]: r["reason"] for r in rows if r["status"] == "refused"}
        self.assertEqual(sorted(refused), [3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13], refused)
        self.assertEqual(refused[7], "is longer than 4 MiB")

    def test_memory_is_bounded(self):
        row = json.dumps(lmsys_row(0, conversation_a=[], conversation_b=[]))
        path = self.put("big.jsonl", "")
        with open(path, "w", encoding="utf-8") as out:
            for n in range(60_000):
                out.write(row.replace('"q0"', f'"q{n}"') + "\n")
            out.write('{"pad":"' + "x" * (64 << 20) + '"}\n')
        # A child begins with the peak of its parent, so the parent is a small one.
        measure = ("import resource, subprocess, sys; subprocess.run(sys.argv[1:], check=True);"
                   "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)")
        begun = time.monotonic()
        told = run([sys.executable, "-c", measure, self.server.agon, "import", path, "--format", "lmsys", "--dry-run"],
                   env=self.server.env, seconds=300)
        self.assertIn("60000 would be imported", told)
        peak = int(told.split()[-1]) >> 10
        self.say(f"{path.stat().st_size >> 20} MiB in {time.monotonic() - begun:.1f} s and {peak} MiB of memory")
        self.assertLess(peak, 80)

    def test_real_votes_give_the_outcomes_of_their_file(self):
        path = DATA / "votes/llmfao.csv"
        if not path.exists():
            self.skipTest(f"{path} is absent")
        copy = self.put("llmfao.csv", path.read_text(encoding="utf-8"))
        counts, _ = self.importing(copy, "pairs", "--licence", "CC-BY-4.0", "--consent", "votes")
        self.assertEqual((counts["imported"], counts["refused"]), (8931, 0), counts)
        lines = path.read_text(encoding="utf-8").splitlines()[1:]
        expected = {w: sum(f",{name}," in line for line in lines) for w, name in ((0, "left"), (1, "right"), (2, "tie"))}
        self.assertEqual(self.winners("imported-pairs-llmfao-csv"), {w: n for w, n in expected.items() if n})
        self.assertEqual(self.db.number("select count(*) from person.participant"), 124, "its workers")
        again, _ = self.importing(copy, "pairs", "--licence", "CC-BY-4.0", "--consent", "votes")
        self.assertEqual((again["imported"], again["known"]), (0, 8931))


if __name__ == "__main__":
    main("integration.imports")
