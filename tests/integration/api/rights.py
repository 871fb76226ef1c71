"""What people may do with what they gave, as they would: see, take along, withdraw, erase."""

import ctypes
import json
import os
import subprocess
import threading
import time
import uuid
from datetime import datetime, timezone

import contract
from tests.faults.scenario import Scenario, main
from tests.instance.arenas import Guest, command_system, write_arena, write_tone
from tests.instance.postgres import BIN
from tests.instance.processes import as_user, await_true, run

API = "/api/v1/my-data"


def unpacked(data):
    """What Zstandard has packed; small files alone."""
    library = ctypes.CDLL("libzstd.so.1")
    library.ZSTD_decompress.restype = ctypes.c_size_t
    room = ctypes.create_string_buffer(1 << 24)
    size = library.ZSTD_decompress(room, ctypes.c_size_t(len(room)), data, ctypes.c_size_t(len(data)))
    assert size <= len(room), "not Zstandard"
    return room.raw[:size]


class Rights(Scenario):
    battles = 0
    arena = "trial"

    def prepare_arenas(self):
        tone = write_tone(self.folder.path / "tone.wav", seconds=1)
        systems = [command_system(name, "cp", tone, "{output_file}") for name in ("north", "south")]
        path = write_arena(self.folder, systems)
        arena = json.loads(path.read_text())
        arena["gate"] = {"seconds": 0}
        arena["consent"]["purposes"].append({"id": "publish_text", "label": "My texts may be published."})
        arena["protocol"]["questions"].append({"id": "comment", "kind": "comment", "label": "Why?"})
        arena["release"] |= {"k": 1, "withdrawals": 2, "schedule": "never"}
        path.write_text(json.dumps(arena))
        return [path]

    # A person, on one device and on another

    def ask(self, method, path, body=None, cookie=None, token=None):
        headers = {**(cookie or {}), **({"Authorization": f"Bearer {token}"} if token else {})}
        status, answer, got = self.server.ask(method, path, body, headers)
        if path.startswith(API):
            contract.check_answer(method, path, status, answer, got)
        return status, answer, got

    def refused(self, status, problem, *asked, **named):
        got, answer, _ = self.ask(*asked, **named)
        self.assertEqual((got, answer.get("type")), (status, f"/problems/{problem}"), answer)

    def voter(self, votes=1, words="Nobody else says zebra crossing."):
        guest = Guest(self.server, self.arena)
        guest.battles = [self.vote(guest, words) for _ in range(votes)]
        guest.id = self.ask("GET", API, cookie=guest.cookie)[1]["participant"]["id"]
        return guest

    def vote(self, guest, words, winner="a"):
        battle = guest.ask_for_battle(words)
        self.assertEqual(guest.await_settled(battle)["state"], "ready")
        self.open_gate(guest, battle)
        status, answer, _ = self.server.ask(
            "POST", f"/api/v1/battles/{battle}/judgments",
            {"answers": [{"question": "overall", "value": winner}, {"question": "comment", "value": words}]},
            {"Idempotency-Key": str(uuid.uuid4()), **guest.cookie})
        self.assertEqual(status, 201, answer)
        return battle

    def open_gate(self, guest, battle):
        at = datetime.now(timezone.utc).isoformat().replace("+00:00", "Z")
        events = [{"sequence": n, "slot": slot, "kind": "play", "position": 0, "at": at} for n, slot in enumerate("ab")]
        status, gate, _ = self.server.ask("POST", f"/api/v1/battles/{battle}/exposures", {"events": events}, guest.cookie)
        self.assertTrue(status == 200 and gate["open"], gate)

    def link(self, guest=None, token=None):
        status, made, _ = self.ask("POST", f"{API}/link", cookie=guest and guest.cookie, token=token)
        self.assertEqual(status, 201)
        page, found = made["link"].split("#")
        self.assertEqual((page, len(found)), ("/my-data", 43))
        return found

    # Where traces could be

    def dump(self):
        """Every value of every table, as text."""
        text = run([f"{BIN}/pg_dump", "--data-only", "-h", self.db.sockets, "-U", "agon", "agon"])
        return "\n".join(line for line in text.splitlines() if "restrict" not in line)

    def media(self):
        return sorted(p.name for p in self.server.media.rglob("*") if p.is_file())

    def agon(self, *words, status=0):
        done = subprocess.run(as_user(self.folder.user) + [str(self.server.agon), *map(str, words)], cwd="/",
                              capture_output=True, text=True, timeout=60,
                              env={**os.environ, **self.server.env, "AGON_MEDIA_DIR": str(self.server.media),
                                   "AGON_RELEASES_DIR": str(self.server.releases)})
        self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        return done.stdout + done.stderr

    def board_votes(self):
        self.agon("rate")
        return self.ask("GET", f"/api/v1/arenas/{self.arena}/board")[1]["votes"]

    def published(self, folder):
        text = b"".join(unpacked(path.read_bytes()) for path in sorted(folder.glob("data/*.jsonl.zst")))
        return [json.loads(line) for line in text.splitlines()]

    def let_last_step_come(self):
        self.db.sql("update person.erasure set deleted_at = now() - interval '11 minutes'")
        await_true(lambda: self.db.number("select count(*) from person.erasure") == 0, 40, "the last step")

    # The whole way

    def test_somebody_sees_exports_withdraws_and_erases_what_they_gave(self):
        others = [self.voter() for _ in range(3)]
        me = self.voter(2, "My zebra is called Quagmire.")
        token = self.link(me)

        status, held, _ = self.ask("GET", API, token=token)
        self.assertEqual((status, held["shown_by"]), (200, "link"))
        self.assertEqual(held["counts"], {"battles": 2, "votes": 2, "votes_taken_back": 0, "other_judgments": 2,
                                          "outputs": 4, "files": 4, "exposures": 4})
        self.assertEqual(held["consents"][0]["purposes"], ["be_counted", "publish_text", "publish_votes", "take_part"])
        status, export, headers = self.ask("GET", f"{API}/export", token=token)
        self.assertEqual(status, 200)
        self.assertEqual(headers["Transfer-Encoding"], "chunked")
        self.assertIn("attachment", headers["Content-Disposition"])
        self.assertEqual([b["id"] for b in export["battles"]], me.battles)
        self.assertEqual({b["prompt"] for b in export["battles"]}, {"My zebra is called Quagmire."})
        self.assertEqual({o["system"] for b in export["battles"] for o in b["outputs"]}, {"north", "south"})
        self.assertEqual(self.server.ask("GET", export["battles"][0]["outputs"][0]["media"])[0], 200)
        self.say("seen and exported over the link alone")

        self.assertEqual(self.board_votes(), 5)
        self.agon("release", "build", "--partition", "first", "--seal")
        first = self.server.releases / "trial/first"
        self.assertIn("Quagmire", json.dumps(self.published(first)))
        self.assertEqual(self.ask("GET", API, token=token)[1]["sealed"],
                         [{"arena": "trial", "partition": "first", "votes": 2}])
        mine = self.vote(me, "Quagmire again.")
        self.vote(others[0], "Another day.")
        self.agon("release", "build", "--partition", "second")
        draft = self.server.releases / "trial/drafts/second"
        self.assertIn("Quagmire again", json.dumps(self.published(draft)))

        status, held, _ = self.ask("POST", f"{API}/withdrawal", {"purposes": ["publish_text"]}, token=token)
        self.assertEqual(held["consents"][0]["purposes"], ["be_counted", "publish_votes", "take_part"])
        self.agon("release", "build")
        self.assertNotIn("Quagmire", json.dumps(self.published(draft)))
        self.say("texts withdrawn: not in the open partition any more")

        files = len(self.media())
        status, erased, headers = self.ask("POST", f"{API}/erasure", {"erase": "everything"}, cookie=me.cookie)
        self.assertEqual((status, erased["complete"]), (200, True))
        self.assertEqual(erased["erased"], {"battles": 3, "votes": 3, "other_judgments": 3, "outputs": 6, "files": 6,
                                            "exposures": 6})
        self.assertIn("Max-Age=0", headers["Set-Cookie"])
        self.assertEqual(len(self.media()), files - 6)
        self.refused(401, "unauthenticated", "GET", API, token=token)
        self.refused(404, "not-found", "GET", API, cookie=me.cookie)
        self.refused(404, "not-found", "GET", f"/api/v1/battles/{mine}", cookie=me.cookie)
        self.let_last_step_come()
        dump = self.dump()
        for trace in (me.id, "Quagmire", mine, *me.battles):
            self.assertNotIn(trace, dump)
        self.assertIn(others[0].id, dump)
        self.assertEqual(self.board_votes(), 4)
        self.say("erased: no table names them, the files are gone, the board has four votes")

        # Sealed without another build: what was erased since the draft is not published.
        draft_votes = len([r for r in self.published(draft) if "winner" in r])
        self.agon("release", "seal")
        second = self.published(self.server.releases / "trial/second")
        self.assertLess(len([r for r in second if "winner" in r]), draft_votes)
        self.agon("release", "revise", "first", status=1)  # one person alone would be pointed at
        self.agon("admin", "erase", others[1].id)
        self.agon("release", "revise", "first")
        revised = self.server.releases / "trial/first.r1"
        self.assertFalse(first.exists())
        self.assertNotIn("Quagmire", json.dumps(self.published(revised)))
        self.agon("verify", revised)
        audit = self.db.sql("select actor, action, what, sum(rows) from agon.audit group by 1, 2, 3 order by 1, 2, 3")
        self.assertIn("participant|erase|vote|3", audit)
        self.assertIn("operator|erase|vote|1", audit)
        logs = "".join(p.read_text(errors="replace") for p in self.folder.path.glob("*.log"))
        for secret in (token, me.id, "Quagmire"):
            self.assertNotIn(secret, logs)
        self.say("sealed partitions followed; the audit counts, and no log names anybody")

        status, _, headers = self.server.ask(
            "POST", "/api/v1/arenas/trial/consent",
            {"text_sha256": export["consents"][0]["text_sha256"], "purposes": ["take_part", "be_counted"]}, me.cookie)
        self.assertEqual(status, 200)
        again = self.ask("GET", API, cookie={"Cookie": headers["Set-Cookie"].split(";")[0]})[1]
        self.assertNotEqual(again["participant"]["id"], me.id, "whoever was erased comes back as somebody new")

    # Hostile cases

    def test_links_that_are_wrong_old_revoked_or_somebody_elses(self):
        me, other = self.voter(), self.voter()
        self.refused(401, "unauthenticated", "GET", API)
        for wrong in ("", "x", "A" * 43, "A" * 5000, "é", f"{'A' * 42}=", str(uuid.uuid4())):
            status = self.server.ask("GET", API, headers={"Authorization": f"Bearer {wrong}".encode().decode("latin-1")})[0]
            self.assertEqual(status, 401, wrong)
            status = self.server.ask("GET", API, headers={"Authorization": f"Bearer {wrong}".encode().decode("latin-1"),
                                                          **me.cookie})[0]
            self.assertEqual(status, 401, "a wrong link is not made good by a cookie")
        first = self.link(me)
        second = self.link(token=first)
        self.refused(401, "unauthenticated", "GET", API, token=first)
        self.refused(401, "unauthenticated", "POST", f"{API}/erasure", {"erase": "everything"}, token=first)
        theirs = self.link(other)
        self.assertEqual(self.ask("GET", API, token=theirs, cookie=me.cookie)[1]["participant"]["id"], other.id)
        status, held, _ = self.ask("DELETE", f"{API}/link", cookie=me.cookie)
        self.assertEqual((status, "link_made_at" in held), (200, False))
        self.refused(401, "unauthenticated", "GET", API, token=second)
        self.assertEqual(self.db.number("select count(*) from person.capability"), 1)
        for token in (first, second, theirs):
            self.assertNotIn(token, self.dump(), "only hashes are kept")

    def test_bad_requests_change_nothing(self):
        me = self.voter()
        before = self.ask("GET", API, cookie=me.cookie)[1]
        for path, body in (("erasure", {}), ("erasure", {"erase": "all"}), ("erasure", {"erase": "everything", "x": 1}),
                           ("erasure", []), ("withdrawal", {"purposes": []}), ("withdrawal", {"purposes": ["be_counted"]}),
                           ("withdrawal", {"purposes": ["publish_votes"] * 3}), ("withdrawal", {"purposes": "publish_votes"})):
            self.refused(400, "invalid-input", "POST", f"{API}/{path}", body, cookie=me.cookie)
        self.refused(413, "payload-too-large", "POST", f"{API}/erasure", {"erase": "x" * 5000}, cookie=me.cookie)
        status = self.server.ask("POST", f"{API}/erasure", {"erase": "everything"},
                                 {**me.cookie, "Origin": "https://evil.example"})[0]
        self.assertEqual(status, 403)
        self.assertEqual(self.ask("GET", API, cookie=me.cookie)[1], before)

    def test_erasure_while_they_vote_leaves_nothing(self):
        me = self.voter()
        other = self.voter()
        battles = [me.ask_for_battle("In a hurry.") for _ in range(4)]
        unseen = me.ask_for_battle("Still in the making.")
        answers = []

        def guest_sees(battle):
            try:
                return me.await_settled(battle)["state"] == "ready"
            except AssertionError:  # gone before it was ready
                return False

        def hurry(battle):
            if guest_sees(battle):
                self.open_gate(me, battle)
            for _ in range(2000):
                status, _, _ = self.server.ask("POST", f"/api/v1/battles/{battle}/judgments",
                                               {"answers": [{"question": "overall", "value": "b"}]},
                                               {"Idempotency-Key": str(uuid.uuid4()), **me.cookie})
                answers.append(status)
                if status in (404, 500):
                    return
        threads = [threading.Thread(target=hurry, args=(b,)) for b in battles]
        for thread in threads:
            thread.start()
        await_true(lambda: 201 in answers, 60, "the first vote")
        me.ask_for_battle("Begun in the last moment.")
        # Two of them at once, as if somebody clicked twice.
        erasers = [threading.Thread(target=lambda: self.ask("POST", f"{API}/erasure", {"erase": "everything"},
                                                            cookie=me.cookie)) for _ in range(2)]
        for thread in erasers:
            thread.start()
        for thread in threads + erasers:
            thread.join(60)
        self.assertNotIn(500, answers)
        self.assertIn(404, answers)
        time.sleep(3)  # whatever was being generated has come to its end
        self.let_last_step_come()
        dump = self.dump()
        self.assertNotIn(me.id, dump)
        for battle in [*battles, unseen]:
            self.assertNotIn(battle, dump)
        self.assertEqual(self.board_votes(), 1)
        kept = self.db.sql("select media_name from agon.output where media_name is not null").split()
        self.assertEqual([m.split(".")[0] for m in self.media()], sorted(kept))
        self.assertEqual(self.ask("GET", API, cookie=other.cookie)[1]["counts"]["votes"], 1)

    def test_an_erasure_that_was_killed_goes_on_by_itself(self):
        me = self.voter(2)
        self.db.sql(f"insert into person.erasure (participant_id, asked_by) values ('{me.id}', 'operator')")
        self.server.kill()
        self.server.start()
        await_true(lambda: self.db.number("select count(*) from agon.battle") == 0, 40, "the rest of the erasure")
        await_true(lambda: not self.media(), 40, "the removal of files")
        self.let_last_step_come()
        self.assertNotIn(me.id, self.dump())

    # The operator

    def test_the_operator_exports_and_erases_by_id(self):
        me = self.voter(2)
        export = json.loads(self.agon("admin", "export", me.id))
        self.assertEqual([b["id"] for b in export["battles"]], me.battles)
        target = self.folder.make("exports") / "one.json"
        self.agon("admin", "export", me.id, "--output", target)
        self.assertEqual(len(json.loads(target.read_text())["battles"]), 2)
        nobody = str(uuid.uuid4())
        self.assertIn("Nothing is held", self.agon("admin", "erase", nobody, status=3))
        self.agon("admin", "export", nobody, status=3)
        self.assertNotEqual(subprocess.run([str(self.server.agon), "admin", "erase", "somebody"],
                                           capture_output=True, check=False).returncode, 0)
        before = self.dump()
        said = self.agon("admin", "erase", me.id, "--dry-run")
        self.assertIn("battles           2", said)
        self.assertIn("Nothing was changed", said)
        self.assertEqual(self.dump(), before)
        said = self.agon("admin", "erase", me.id)
        self.assertIn("Erased 2 battles, 2 votes, 2 other judgments, 4 outputs, 4 exposures, 4 files", said)
        self.assertEqual(self.media(), [])
        self.agon("admin", "erase", me.id, status=3)


if __name__ == "__main__":
    main("integration.rights")
