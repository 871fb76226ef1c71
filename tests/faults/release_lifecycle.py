"""A partition's life with the real binary: built, killed, built again, sealed, revised, retracted."""

import json
import os
import signal
import subprocess
import time
from pathlib import Path

from scenario import Scenario, main
from tests.instance import processes
from tests.instance.processes import Failed, as_user, await_true

CAST_VOTES = """
insert into agon.judgment (arena_id, battle_id, participant_id, question, kind, winner,
  protocol_version, body, nonce, idempotency_key, answered_at)
select arena_id, id, participant_id, 'overall', 'comparison', (hashtext(id::text) & 3),
  protocol_version, '{}', sha256(id::text::bytea), 'key-' || id, now()
from agon.battle b where state = 'ready' order by id
"""
DECLINE = """
insert into person.consent (arena_id, participant_id, given_at, text_sha256, purposes)
select arena_id, participant_id, clock_timestamp(), text_sha256, '{take_part,be_counted}'
from (select distinct on (participant_id) * from person.consent order by participant_id, given_at desc) c
where 'publish_votes' = any(purposes) order by participant_id limit %d
"""


def files_of(folder):
    return {str(p.relative_to(folder)): p.read_bytes() for p in Path(folder).rglob("*") if p.is_file()}


class ReleaseLifecycle(Scenario):
    battles = 3_000

    def agon(self, *words, fails=False):
        """Standard output and error of `agon release …` or `agon verify …`."""
        done = subprocess.run(as_user(self.folder.user) + [self.binary] + [str(w) for w in words],
                              capture_output=True, text=True, timeout=150, cwd=self.root.parent,
                              env={**os.environ, **self.settings})
        if (done.returncode != 0) != fails:
            raise Failed(f"agon {' '.join(map(str, words))}: {done.returncode}\n{done.stdout}{done.stderr}")
        return done.stdout + done.stderr

    def release(self, *words, fails=False):
        # PostgreSQL lets go of the lock of a killed run when it sees its connection end.
        for _ in range(100):
            said = self.agon("release", *words, fails=fails)
            if "Another release is running" not in said:
                return said
            time.sleep(0.1)
        raise Failed("the lock of a killed release was not let go")

    def spent(self):
        return self.db.sql("select count(*), coalesce(sum(rho), 0) from agon.privacy_spending")

    def test_a_partition_is_built_killed_sealed_revised_and_retracted(self):
        self.binary, self.root = self.server.agon, self.server.releases
        self.key = self.root.parent / "keys" / "release.key"
        self.folder.make("keys")
        self.settings = {"DATABASE_URL": self.db.url, "AGON_RELEASES_DIR": str(self.root)}
        self.db.sql(CAST_VOTES)
        said = self.agon("release", "keygen", "--key", self.key)
        public = said.split("Public key: ")[1].split()[0]
        self.assertEqual(self.key.stat().st_mode & 0o777, 0o600)
        self.agon("release", "keygen", "--key", self.key, fails=True)
        self.settings["AGON_RELEASE_KEY"] = str(self.key)

        report = self.release("build", "--partition", "2026-11", "--dry-run")
        self.assertIn("Can one person's vote be picked out?", report)
        self.assertEqual(files_of(self.root), {})
        self.assertEqual(self.spent(), "0|0")
        self.assertEqual(self.db.number("select count(*) from agon.release"), 0)
        self.say("a dry run told the report, wrote nothing and spent nothing")

        for delay in (0.15, 0.4, 0.8, 1.2):
            job = subprocess.Popen(as_user(self.folder.user) + [self.binary, "release", "build", "--partition", "2026-11"],
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                   env={**os.environ, **self.settings})
            time.sleep(delay)
            job.kill()
            job.wait()
            self.assertFalse((self.root / "speech/2026-11").exists(), "half published")
        self.release("build", "--partition", "2026-11")
        draft = self.root / "speech/drafts/2026-11"
        first = files_of(draft)
        self.assertEqual(self.spent(), "1|150000000")
        self.release("build")
        self.assertEqual(files_of(draft), first)
        self.assertEqual(self.spent(), "1|150000000")
        hidden = [p.name for p in (self.root / "speech/drafts").iterdir()]
        self.assertEqual(hidden, ["2026-11"])
        self.say("killed four times and built twice: the same bytes, paid for once, nothing left over")

        self.release("seal")
        sealed = self.root / "speech/2026-11"
        self.assertIn("holds: 3000 votes", self.agon("verify", "--public-key", public, sealed))
        self.assertEqual(self.db.number("select count(*) from agon.release where key is not null"), 0)
        if subprocess.run(["sh", "-c", "command -v minisign"], capture_output=True, check=False).returncode == 0:
            for name in ("SHA256SUMS", "manifest.json"):
                processes.run(["minisign", "-Vm", sealed / name, "-P", public])
            self.say("minisign verifies the sums and the manifest")
        processes.run(["sh", "-c", f"cd {sealed} && sha256sum -c SHA256SUMS"])
        listed = self.server.ask("GET", "/api/v1/arenas/speech/releases")[1]["releases"]
        self.assertEqual(listed[0]["public_key"], public)
        self.assertEqual(listed[0]["revision"], 0)

        self.release("revise", "2026-11", fails=True)
        self.db.sql(DECLINE % 4)
        self.assertIn("would point at them", self.release("revise", "2026-11", fails=True))
        self.db.sql(DECLINE % 2)
        self.release("revise", "2026-11")
        revised = self.root / "speech/2026-11.r1"
        self.assertFalse(sealed.exists())
        self.assertIn("revision 1 holds", self.agon("verify", "--public-key", public, revised))
        kept = self.db.number("select count(*) from agon.battle b where not exists (select from person.consent c"
                              " where c.participant_id = b.participant_id and not 'publish_votes' = any(c.purposes))")
        self.assertEqual(json.loads((revised / "manifest.json").read_text())["board"]["votes"], kept)
        self.assertLess(kept, 3000)
        self.assertEqual(self.spent(), "1|150000000")
        listed = self.server.ask("GET", "/api/v1/arenas/speech/releases")[1]["releases"]
        self.assertEqual((listed[0]["revision"], listed[0]["votes"]), (1, kept))
        status, _, _ = self.server.ask("GET", listed[0]["files"][0]["url"])
        self.assertEqual(status, 200)
        self.say(f"six people withdrew: a revision of {kept} votes took its place, at no further cost")

        url = listed[0]["files"][0]["url"]
        self.release("retract", "2026-11", "--reason", "A name was found in it.")
        self.assertEqual(list(files_of(self.root / "speech").keys()), ["2026-11/TOMBSTONE"])
        status, problem, _ = self.server.ask("GET", url)
        self.assertEqual(status, 404)
        self.assertIn("A name was found", problem["detail"])
        listed = self.server.ask("GET", "/api/v1/arenas/speech/releases")[1]["releases"]
        self.assertEqual((listed[0]["files"], listed[0]["retraction"]), ([], "A name was found in it."))
        self.say("retracted: the files are gone, the list says why")

    def test_the_schedule_seals_last_month_and_revises_it_once_whoever_watches(self):
        self.db.sql(CAST_VOTES.replace("now()\nfrom", "now() - interval '40 days'\nfrom"))
        self.server.env["AGON_RELEASES_DIR"] = str(self.server.releases)
        watchers = [self.server.spawn(f"watch{n}", "release", "--watch", "--every", "1") for n in range(2)]
        for watcher in watchers:
            self.addCleanup(watcher.kill)
        sealed = "select count(*) from agon.release where state = 'sealed'"
        try:
            await_true(lambda: self.db.number(sealed) == 1, 90, "the sealing of last month")
        except Failed as late:
            raise Failed("\n".join([str(late), *(w.tail() for w in watchers)])) from None
        self.assertEqual(self.db.sql("select partition, votes from agon.release"),
                         self.db.sql("select to_char(date_trunc('month', now() at time zone 'UTC') - interval '1 day',"
                                     " 'YYYY-MM'), 3000"))
        self.say("two watched, one sealed last month")
        self.db.sql(DECLINE % 6)
        await_true(lambda: self.db.number("select revision from agon.release") == 1, 90, "its revision")
        self.assertEqual(self.spent(), "1|150000000")
        for watcher in watchers:
            watcher.send(signal.SIGTERM)
        for watcher in watchers:
            watcher.wait(30)
        self.assertEqual(self.db.number("select count(*) from agon.release"), 1)
        self.say("six people withdrew, and it was revised; both stopped when told to")


if __name__ == "__main__":
    main("faults.release_lifecycle")
