"""The API as its clients meet it: the whole way, and what bad input gets."""

import csv
import io
import shutil
import socket
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone
from pathlib import Path

import contract
from tests.faults.scenario import Scenario, main
from tests.instance.arenas import command_system, write_arena
from tests.instance.battles import make_battles, session_cookie
from tests.instance.processes import await_true

CAST_VOTES = """
insert into agon.judgment (arena_id, battle_id, participant_id, question, kind, winner,
  protocol_version, body, nonce, idempotency_key, answered_at)
select arena_id, id, participant_id, 'overall', 'comparison', (hashtext(id::text) & 3),
  protocol_version, '{}', sha256(id::text::bytea), 'key-' || id, now()
from agon.battle b where state = 'ready' and not exists
  (select from agon.judgment j where j.battle_id = b.id) order by id limit %d
"""
PURPOSES = ["take_part", "be_counted", "publish_votes", "publish_text"]


def moment(seconds=0):
    at = datetime.now(timezone.utc) + timedelta(seconds=seconds)
    return at.isoformat().replace("+00:00", "Z")


class Api(Scenario):
    battles = 200

    def ask(self, method, path, body=None, cookie=None, key=None):
        headers = {}
        if cookie:
            headers["Cookie"] = cookie
        if key:
            headers["Idempotency-Key"] = key
        status, answer, got = self.server.ask(method, "/api/v1" + path, body, headers)
        contract.check_answer(method, "/api/v1" + path, status, answer, got)
        return status, answer, got

    def refused(self, status, problem, method, path, body=None, cookie=None, key=None):
        got, answer, _ = self.ask(method, path, body, cookie, key)
        self.assertEqual((got, answer.get("type")), (status, f"/problems/{problem}"), answer)
        return answer

    def consent(self, purposes=None):
        _, arena, _ = self.ask("GET", "/arenas/speech")
        status, session, headers = self.ask(
            "POST", "/arenas/speech/consent",
            {"text_sha256": arena["consent"]["sha256"], "purposes": purposes or PURPOSES})
        self.assertEqual(status, 200)
        self.assertTrue(session["consents"][0]["current"])
        cookie = headers["Set-Cookie"]
        for word in ("__Host-", "HttpOnly", "Secure", "SameSite=Lax", "Path=/"):
            self.assertIn(word, cookie)
        return cookie.split(";")[0]

    def ready_battle(self, cookie, prompt):
        status, battle, _ = self.ask("POST", "/arenas/speech/battles", {"prompt": prompt}, cookie,
                                     str(uuid.uuid4()))
        self.assertEqual(status, 202)
        until = time.monotonic() + 60
        while battle["state"] in ("admitted", "generating") and time.monotonic() < until:
            time.sleep(0.1)
            _, battle, _ = self.ask("GET", f"/battles/{battle['id']}", cookie=cookie)
        self.assertEqual(battle["state"], "ready", battle)
        return battle

    def prepared(self, other_than=None):
        """A battle in the database that was heard, and the session of its owner."""
        rows = self.db.sql("select id, participant_id from agon.battle where not exists (select from "
                           "agon.judgment j where j.battle_id = battle.id) limit 2").split()
        found = [(battle, session_cookie(self.server.secret, who)) for battle, who in (r.split("|") for r in rows)]
        return next(f for f in found if f[1] != other_than)

    # The whole way

    def test_from_consent_to_the_reveal(self):
        cookie = self.consent()
        battle = self.ready_battle(cookie, "It rained on the 3rd of May, on the 4th, and for all of the long week "
                                           "that came after it, until nobody asked for the weather any more.")
        self.assertNotIn("receipt", battle)
        path = f"/battles/{battle['id']}"
        vote = {"answers": [{"question": "overall", "value": "b"}]}
        self.refused(409, "gate-not-met", "POST", path + "/judgments", vote, cookie, "key-00001")
        self.hear(battle, cookie)
        vote["answers"].append({"question": "comment", "value": "B is clearer."})
        vote |= {"shown_at": moment(-9), "answered_at": moment(), "active_seconds": 8.5}
        status, receipt, _ = self.ask("POST", path + "/judgments", vote, cookie, "key-00001")
        self.assertEqual((status, receipt["winner"]), (201, "b"))
        heard = f"select heard_seconds, gate_met_at from agon.battle where id = '{battle['id']}'"
        before = self.db.sql(heard)
        late = [{"sequence": 900 + i, "slot": "a", "kind": kind, "position": position, "at": moment(position)}
                for i, (kind, position) in enumerate((("play", 0.0), ("ended", battle["slots"][0]["seconds"])))]
        _, gate, _ = self.ask("POST", path + "/exposures", {"events": late}, cookie)
        self.assertTrue(gate["open"])
        self.assertEqual(self.db.sql(heard), before, "what is heard after the reveal is kept, and counts for nothing")
        self.assertEqual(self.db.sql("select count(*) from agon.exposure where sequence >= 900").strip(), "2")
        status, again, _ = self.ask("POST", path + "/judgments", vote, cookie, "key-00001")
        self.assertEqual((status, again["recorded_at"]), (200, receipt["recorded_at"]))
        self.refused(409, "already-judged", "POST", path + "/judgments", vote, cookie, "key-00002")
        _, revealed, _ = self.ask("GET", path, cookie=cookie)
        self.assertEqual((revealed["state"], revealed["receipt"]["winner"]), ("revealed", "b"))
        self.assertEqual(len({s["system"]["id"] for s in receipt["systems"]}), 2)

    def hear(self, battle, cookie):
        """Plays both sides, in real time as far as the server can know."""
        events, at, begun = [], 0.0, time.monotonic()
        for slot in battle["slots"]:
            end = min(slot["seconds"], 4.5)
            for kind, position in (("play", 0.0), ("pause", end)):
                events.append({"sequence": len(events), "slot": slot["slot"], "kind": kind,
                               "position": position, "at": moment(at + position)})
            at += end
        path = f"/battles/{battle['id']}/exposures"
        _, gate, _ = self.ask("POST", path, {"events": events}, cookie)
        self.assertFalse(gate["open"], "nobody hears nine seconds in none")
        while not gate["open"] and time.monotonic() < begun + at + 3:
            time.sleep(0.3)
            _, gate, _ = self.ask("POST", path, {"events": events}, cookie)
        self.assertTrue(gate["open"], gate)

    def test_nothing_tells_the_systems_before_the_vote(self):
        cookie = self.consent()
        battle = self.ready_battle(cookie, "Who am I?")
        slugs = self.db.sql("select slug from agon.system").split()
        media = [self.server.ask("GET", s["media"]["url"]) for s in battle["slots"]]
        seen = repr(battle) + "".join(repr(headers.items()) + repr(body[:4000]) for _, body, headers in media)
        for slug in slugs:
            self.assertNotIn(slug, seen)
        for word in ("espeak", "flite", "festival", "LIST", "INFO", "Lavf"):
            self.assertNotIn(word.lower(), seen.lower())
        for slot, (_, _, headers) in zip(battle["slots"], media):  # when it was made tells the fast one
            self.assertNotIn("last-modified", [name.lower() for name in dict(headers.items())])
            status, _, _ = self.server.ask("GET", slot["media"]["url"],
                                           headers={"If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT"})
            self.assertEqual(status, 200)

    def test_what_can_be_read_without_a_session(self):
        for path in ("/arenas", "/arenas/speech", "/arenas/speech/prompts/random", "/session",
                     "/arenas/speech/board", "/arenas/speech/board?method=elo",
                     "/arenas/speech/releases"):
            self.assertEqual(self.ask("GET", path)[0], 200, path)
        self.refused(404, "not-found", "GET", "/arenas/none")
        self.refused(400, "invalid-input", "GET", "/arenas/speech/board?method=none")

    # Boards

    def cast_and_rate(self, votes):
        """Votes on prepared battles, some in German, and the boards that follow."""
        self.db.sql("update agon.battle set language = 'de' where hashtext(id::text) % 3 = 0")
        self.db.sql(CAST_VOTES % votes)
        return self.server.command("rate", seconds=120)

    def csv(self, path):
        status, body, headers = self.server.ask("GET", "/api/v1/arenas/speech/boards" + path)
        contract.check_answer("GET", "/api/v1/arenas/speech/boards" + path.split("?")[0], status, body, headers)
        self.assertIn("attachment", headers["Content-Disposition"])
        text = body.decode() if isinstance(body, bytes) else body
        return list(csv.DictReader(io.StringIO(text, newline="")))

    def test_boards_before_and_after_votes(self):
        at = "/arenas/speech/boards"
        _, listed, _ = self.ask("GET", at)
        self.assertEqual([(b["method"], b["votes"], b["segments"]) for b in listed["boards"]],
                         [("bradley_terry", 0, []), ("elo", 0, []), ("contextual", 0, [])])
        _, board, _ = self.ask("GET", at + "/bradley_terry")
        self.assertEqual({e["status"] for e in board["entries"]}, {"no_votes"})
        for below in ("/bradley_terry/pairs", "/elo/plane", "/elo/robustness", "/davidson",
                      "/bradley_terry?segment=language:en", "/elo?segment=language:en",
                      "/bradley_terry?segment=day:2026-01-01", "/bradley_terry?segment=language:..%2f"):
            self.refused(404, "not-found", "GET", at + below)
        self.cast_and_rate(150)
        _, listed, _ = self.ask("GET", at)
        first = listed["boards"][0]
        self.assertEqual((first["votes"], first["version"]), (150, 1))
        languages = {s["value"]: s["votes"] for s in first["segments"] if s["dimension"] == "language"}
        self.assertEqual(set(languages), {"de", "en"})
        self.assertEqual(sum(languages.values()), 150)
        _, german, headers = self.ask("GET", at + "/bradley_terry?segment=language:de")
        self.assertEqual((german["segment"], german["votes"]), ("language:de", languages["de"]))
        status, _, _ = self.server.ask("GET", "/api/v1" + at + "/bradley_terry?segment=language:de", None,
                                       {"If-None-Match": headers["ETag"]})
        self.assertEqual(status, 304)

    def test_what_follows_from_a_board(self):
        self.cast_and_rate(200)
        at = "/arenas/speech/boards/bradley_terry"
        _, board, _ = self.ask("GET", at)
        _, pairs, _ = self.ask("GET", at + "/pairs")
        self.assertEqual(sum(p["votes"] for p in pairs["pairs"]), 200)
        self.assertEqual(pairs["systems"], [e["system"] for e in board["entries"]])
        for p in pairs["pairs"]:
            first, second = (board["entries"][p[side]].get("score") for side in "ab")
            if first is not None and second is not None:
                self.assertAlmostEqual(p["predicted"], 1 / (1 + 10 ** ((second - first) / 400)), places=4)
        _, elo, _ = self.ask("GET", "/arenas/speech/boards/elo/pairs")
        self.assertEqual(sum(p["both_bad"] for p in elo["pairs"]), sum(p["both_bad"] for p in pairs["pairs"]))
        _, difference, _ = self.ask("GET", at + "/difference?segment=language:en")
        self.assertGreater(len(difference["entries"]), 2)
        self.assertAlmostEqual(sum(e["difference"] for e in difference["entries"]), 0, delta=0.01)
        for e in difference["entries"]:
            self.assertLess(e["lower"], e["difference"])
        self.refused(400, "invalid-input", "GET", at + "/difference")
        _, robust, _ = self.ask("GET", at + "/robustness")
        rated = sum(e["status"] == "rated" for e in board["entries"])
        self.assertEqual(len(robust["margins"]), rated - 1)
        self.assertEqual(len(robust["unrated"]), len(board["entries"]) - rated)
        self.db.sql("insert into agon.output (arena_id, battle_id, slot, attempt, id, system_id, status,"
                    " generation_seconds, seconds) select arena_id, id, 0, 0, gen_random_uuid(), slot_system[1],"
                    " 'shown', 0.1 * slot_system[1], 2 from agon.battle where slot_system[1] < 4")
        self.server.command("rate", seconds=120)
        _, plane, _ = self.ask("GET", at + "/plane")
        self.assertEqual(len(plane["entries"]), 3)
        fastest = min(plane["entries"], key=lambda e: e["generation_seconds"])
        for e in (plane["entries"][0], fastest):
            self.assertIn("generation_seconds", e["front"], "the best and the fastest are on the front")
        for what in ("", "/pairs", "/history", "/plane", "/difference?segment=language:en"):
            rows = self.csv("/bradley_terry" + what + ("&" if "?" in what else "?") + "format=csv")
            self.assertGreater(len(rows), 1, what)
        self.refused(400, "invalid-input", "GET", at + "?format=xml")

    def test_style_control_is_a_board_beside(self):
        self.db.sql("update agon.battle set style_set = 'audio/1', slot_style = array[slot_system[1],"
                    " -16 - random(), slot_system[2], -16]")
        self.cast_and_rate(200)
        at = "/arenas/speech/boards/contextual"
        _, board, _ = self.ask("GET", at)
        self.assertEqual(board["votes"], 200)
        self.assertEqual([p["name"] for p in board["parameters"]], ["seconds", "loudness_lufs", "side"])
        for p in board["parameters"]:
            self.assertLess(p["lower"], p["upper"])
        _, listed, _ = self.ask("GET", "/arenas/speech/boards")
        styled = next(b for b in listed["boards"] if b["method"] == "contextual")
        self.assertEqual((styled["features"], styled["side_bias"]), (["seconds", "loudness_lufs"], True))
        self.assertEqual(styled["card"]["parameters"], ["seconds", "loudness_lufs", "side"])
        _, difference, _ = self.ask("GET", at + "/difference")
        self.assertNotIn("segment", difference)
        self.assertAlmostEqual(sum(e["difference"] for e in difference["entries"]), 0, delta=0.01)
        _, plain, _ = self.ask("GET", "/arenas/speech/boards/bradley_terry")
        self.assertNotEqual([e.get("score") for e in plain["entries"]], [e.get("score") for e in board["entries"]])
        _, robust, _ = self.ask("GET", at + "/robustness")
        self.assertEqual(robust["margins"], [])
        self.ask("GET", at + "/pairs")
        self.assertIn("0 boards changed", self.server.command("rate", "--rebuild"))

    def test_weights_are_stated_and_a_rebuild_gives_the_same_bytes(self):
        arena = Path(self.server.folder.path / "speech.yaml").read_text(encoding="utf-8")
        weighted = arena.replace(
            "  - method: bradley-terry\n",
            "  - method: bradley-terry\n    weights: {inverse_propensity: {}, participant_cap: {most: 5},"
            " prompts: {similarity: 0.8}}\n")
        self.assertNotEqual(weighted, arena)
        self.cast_and_rate(150)
        at = "/arenas/speech/boards/bradley_terry"
        _, plain, _ = self.ask("GET", at)
        self.server.command("admin", "apply", self.server.folder.write("weighted.yaml", weighted))
        self.server.command("rate")
        _, board, _ = self.ask("GET", at)
        self.assertEqual(board["votes"], plain["votes"])
        self.assertNotEqual(board["inputs_sha256"], plain["inputs_sha256"])
        stated = board["settings"]["weights"]
        self.assertEqual((stated["inverse_propensity"], stated["participant_cap"]), (10, 5))
        self.assertLessEqual(stated["effective_votes"], 150)
        self.cast_and_rate(30)
        self.assertIn("0 boards changed", self.server.command("rate", "--rebuild"))
        _, pairs, _ = self.ask("GET", at + "/pairs")
        self.assertEqual(sum(p["votes"] for p in pairs["pairs"]), 180)

    def test_boards_of_the_past(self):
        self.cast_and_rate(60)
        # As if that had been eight hours ago: the history takes one board in four hours.
        self.db.sql("update agon.board set hour = hour - interval '8 h', computed_at = computed_at - interval '8 h'")
        self.db.sql("update agon.board_current set hour = hour - interval '8 h',"
                    " computed_at = computed_at - interval '8 h'")
        self.cast_and_rate(60)
        at = "/arenas/speech/boards/bradley_terry"
        _, versions, _ = self.ask("GET", at + "/versions?limit=1")
        self.assertEqual(versions["versions"][0]["votes"], 120)
        _, older, _ = self.ask("GET", at + "/versions?limit=1&cursor=" + versions["next"])
        self.assertEqual(older["versions"][0]["votes"], 60)
        _, past, _ = self.ask("GET", at + "?at=" + older["versions"][0]["computed_at"][:-5] + ".999Z")
        self.assertEqual((past["votes"], past["version"]), (60, 1))
        _, now, _ = self.ask("GET", at + "?at=" + moment()[:10])
        self.assertEqual(now["votes"], 120)
        self.refused(404, "not-found", "GET", at + "?at=2020-01-01")
        _, history, _ = self.ask("GET", at + "/history")
        self.assertEqual([b["votes"] for b in history["boards"]], [60, 120])
        self.assertEqual([p["board"] for p in history["systems"][0]["points"]], [0, 1])
        _, recent, _ = self.ask("GET", at + "/history?from=" + moment(-1800))
        self.assertEqual(len(recent["boards"]), 1)
        for query in ("/versions?limit=0", "/versions?cursor=x", "/history?from=yesterday", "?at=2026-13-01",
                      "/history?from=2026-02-02&to=2026-02-01", "?at=0000-01-01", "?at=1969-12-31",
                      "?at=9999-01-01", "?at=9999-12-31T23:59:59%2B23:59", "/history?from=0001-01-01",
                      "/history?to=9999-12-31", "/history?from=-001-01-01"):
            self.refused(400, "invalid-input", "GET", at + query)
        for query in ("?at=9998-12-31", "/history?from=1970-01-01&to=9998-12-31T23:59:59.999999Z"):
            self.assertEqual(self.ask("GET", at + query)[0], 200, query)

    def events_of(self, query="", last=None, seconds=2):
        """What a stream of boards sends at once: ids and events."""
        ask = f"GET /api/v1/arenas/speech/events{query} HTTP/1.1\r\nHost: localhost\r\n"
        ask += f"Last-Event-ID: {last}\r\n" if last else ""
        text, until = b"", time.monotonic() + seconds
        with socket.create_connection(("127.0.0.1", self.server.port), timeout=0.3) as s:
            s.sendall((ask + "\r\n").encode())
            while time.monotonic() < until:
                try:
                    text += s.recv(65536)
                except TimeoutError:
                    pass
        lines = text.decode().splitlines()
        return ([x[4:] for x in lines if x.startswith("id: ")], [x[6:] for x in lines if x.startswith("data: ")])

    def test_events_tell_of_the_arenas_own_boards_alone(self):
        self.cast_and_rate(50)
        await_true(lambda: len(self.events_of()[1]) == 3, 20, "hearing of all boards")
        # Another board is stored, as one that has left the file would be.
        self.db.sql("insert into agon.board select arena_id, 'davidson', '', hour, 1, computed_at, 9, inputs_sha256,"
                    " body from agon.board limit 1; insert into agon.board_current select arena_id, 'davidson', '', 1,"
                    " hour, computed_at, 9 from agon.board_current limit 1;"
                    " notify agon_board, '{\"arena\":1,\"method\":\"davidson\",\"version\":1,\"votes\":9}';")
        time.sleep(1)
        forged = ",".join(f"x{i}=1" for i in range(900)) + ",davidson=0,elo@language:en=1,bradley_terry=0"
        ids, events = self.events_of(last=forged)
        self.assertEqual(len(events), 3, events)
        self.assertNotIn("davidson", "".join(events))
        self.assertLess(max(map(len, ids)), 100, "what a client claims to have seen is not sent back")
        self.assertEqual(self.events_of(last=ids[-1])[1], [], "what was seen is not sent again")
        self.refused(400, "invalid-input", "GET", "/arenas/speech/events?segment=" + "x" * 200)

    def test_a_rebuild_and_a_quarantine(self):
        self.cast_and_rate(200)
        self.assertIn("200 votes counted afresh, 0 boards changed", self.server.command("rate", "--rebuild"))
        self.db.sql("insert into agon.quarantine (arena_id, participant_id, reason)"
                    " select 1, participant_id, 'a test' from agon.judgment limit 1")
        self.server.command("rate")
        at = "/arenas/speech/boards"
        _, listed, _ = self.ask("GET", at)
        self.assertTrue(listed["quarantine"])
        self.assertLess(listed["boards"][0]["votes"], 200)
        _, beside, _ = self.ask("GET", at + "/bradley_terry?segment=quarantine:included")
        self.assertEqual(beside["votes"], 200)
        self.ask("GET", at + "/bradley_terry/difference?segment=quarantine:included")
        self.db.sql("update agon.quarantine set lifted_at = now()")
        self.server.command("rate")
        _, listed, _ = self.ask("GET", at)
        self.assertFalse(listed["quarantine"])
        self.assertEqual(listed["boards"][0]["votes"], 200)
        self.refused(404, "not-found", "GET", at + "/bradley_terry?segment=quarantine:included")

    def test_a_vote_that_is_taken_back_leaves_the_board(self):
        self.cast_and_rate(150)
        at = "/arenas/speech/boards/bradley_terry"
        _, before, _ = self.ask("GET", at)
        battle, owner = self.prepared()
        path = f"/battles/{battle}"
        self.refused(409, "conflict", "POST", path + "/withdrawal", {}, owner)
        vote = {"answers": [{"question": "overall", "value": "a"}]}
        _, receipt, _ = self.ask("POST", path + "/judgments", vote, owner, "key-00001")
        self.assertGreater(receipt["withdrawable_until"], moment())
        self.assertIn("1 new votes", self.server.command("rate"))
        _, with_it, _ = self.ask("GET", at)
        self.assertEqual(with_it["votes"], 151)
        self.refused(404, "not-found", "POST", path + "/withdrawal", {}, self.consent())
        self.refused(401, "unauthenticated", "POST", path + "/withdrawal", {})
        status, taken, _ = self.ask("POST", path + "/withdrawal", {}, owner)
        self.assertEqual((status, taken["winner"]), (200, "a"))
        self.assertNotIn("withdrawable_until", taken)
        _, again, _ = self.ask("POST", path + "/withdrawal", None, owner)
        self.assertEqual(again["withdrawn_at"], taken["withdrawn_at"])
        _, seen, _ = self.ask("GET", path, cookie=owner)
        self.assertEqual(seen["receipt"]["withdrawn_at"], taken["withdrawn_at"])
        self.refused(409, "already-judged", "POST", path + "/judgments", vote, owner, "key-00002")
        comment = {"answers": [{"question": "comment", "value": "Late."}]}
        self.refused(409, "conflict", "POST", path + "/judgments", comment, owner, "key-00003")
        self.server.command("rate")
        _, without, _ = self.ask("GET", at)
        self.assertEqual([{**e, "rank": 0} for e in without["entries"]], [{**e, "rank": 0} for e in before["entries"]])
        self.assertEqual(without["votes"], 150)
        self.assertIn("150 votes counted afresh, 0 boards changed", self.server.command("rate", "--rebuild"))
        self.assertEqual(self.db.sql("select count(*) from agon.judgment").strip(), "151", "nothing was deleted")

    # Who may do what

    def test_another_session_a_forged_one_and_none_get_nothing(self):
        battle, owner = self.prepared()
        vote = {"answers": [{"question": "overall", "value": "a"}]}
        stranger = self.consent()
        for path, body in (("", None), ("/judgments", vote)):
            method = "POST" if body else "GET"
            self.refused(404, "not-found", method, f"/battles/{battle}{path}", body, stranger, "key-00001")
            self.refused(401, "unauthenticated", method, f"/battles/{battle}{path}", body, None, "key-00001")
            self.refused(401, "unauthenticated", method, f"/battles/{battle}{path}", body, owner[:-3] + "AAA",
                         "key-00001")
        self.assertEqual(self.ask("POST", f"/battles/{battle}/judgments", vote, owner, "key-00001")[0], 201)

    def test_no_battle_without_the_current_consent(self):
        prompt = {"prompt": "Hello."}
        self.refused(401, "unauthenticated", "POST", "/arenas/speech/battles", prompt, None, "key-00001")
        self.refused(403, "consent-outdated", "POST", "/arenas/speech/consent",
                     {"text_sha256": "0" * 64, "purposes": PURPOSES})
        _, arena, _ = self.ask("GET", "/arenas/speech")
        sha = arena["consent"]["sha256"]
        for purposes in ([], ["take_part"], ["publish_votes"], ["everything"], PURPOSES * 3, "take_part"):
            self.refused(400, "invalid-input", "POST", "/arenas/speech/consent",
                         {"text_sha256": sha, "purposes": purposes})
        someone = session_cookie(self.server.secret, str(uuid.uuid4()))
        self.refused(403, "consent-required", "POST", "/arenas/speech/battles", prompt, someone, "key-00001")

    def test_an_expired_battle_takes_no_vote_but_answers_a_retry(self):
        vote = {"answers": [{"question": "overall", "value": "tie"}]}
        judged, owner = self.prepared()
        self.ask("POST", f"/battles/{judged}/judgments", vote, owner, "key-00001")
        other, other_owner = self.prepared()
        self.db.sql("update agon.battle set expires_at = now() - interval '1 s'")
        self.refused(410, "battle-expired", "POST", f"/battles/{other}/judgments", vote, other_owner, "key-00001")
        self.assertEqual(self.ask("POST", f"/battles/{judged}/judgments", vote, owner, "key-00001")[0], 200)
        self.refused(410, "battle-expired", "POST", f"/battles/{other}/exposures",
                     {"events": [{"sequence": 0, "slot": "a", "kind": "play", "position": 0, "at": moment()}]},
                     other_owner)

    # Bad input: a clear error that names the field, and nothing lost

    def test_bad_judgments_name_their_fields(self):
        battle, owner = self.prepared()
        path = f"/battles/{battle}/judgments"
        for answers, pointer in (
                ([], "/answers"),
                ([{"question": "overall", "value": "c"}], "/answers/0/value"),
                ([{"question": "overall", "value": 1}], "/answers/0/value"),
                ([{"question": "mood", "value": "a"}], "/answers/0/question"),
                ([{"question": "overall", "value": "a"}] * 2, "/answers/1/question"),
                ([{"question": "overall", "value": "a"}, {"question": "comment", "value": "x" * 3000}],
                 "/answers/1/value"),
                ([{"question": "overall", "value": "a", "more": 1}], "/answers/0/more"),
                (["overall"], "/answers/0")):
            problem = self.refused(400, "invalid-input", "POST", path, {"answers": answers}, owner, "key-00001")
            self.assertIn(pointer, [e["pointer"] for e in problem["errors"]], problem)
        good = {"answers": [{"question": "overall", "value": "a"}]}
        for key in (None, "short", "x" * 65, "with space in it"):
            self.refused(400, "invalid-input", "POST", path, good, owner, key)
        for extra in ({"active_seconds": -1}, {"shown_at": "yesterday"}, {"surprise": True}):
            self.refused(400, "invalid-input", "POST", path, good | extra, owner, "key-00001")
        self.assertEqual(self.ask("POST", path, good, owner, "key-00001")[0], 201, "nothing was lost")

    def test_bad_exposures_are_refused_and_repeats_ignored(self):
        battle, owner = self.prepared()
        path = f"/battles/{battle}/exposures"
        good = {"sequence": 0, "slot": "a", "kind": "play", "position": 0, "at": moment()}
        for change in ({"slot": "c"}, {"kind": "hum"}, {"position": -1}, {"position": 1e9}, {"at": "now"},
                       {"sequence": -1}, {"sequence": 1.5}, {"more": 1}, {"sequence": None}, {"position": None}):
            self.refused(400, "invalid-input", "POST", path, {"events": [good | change]}, owner)
        self.refused(400, "invalid-input", "POST", path, {"events": [good] * 201}, owner)
        for _ in range(2):
            self.assertEqual(self.ask("POST", path, {"events": [good, good]}, owner)[0], 200)
        self.assertEqual(self.db.sql(f"select count(*) from agon.exposure where battle_id = '{battle}'").strip(), "1")

    def test_one_session_cannot_keep_the_store_busy_with_exposures(self):
        battle, owner = self.prepared()
        good = {"sequence": 0, "slot": "a", "kind": "play", "position": 0, "at": moment()}
        answers = []
        while len(answers) < 1000 and 429 not in answers:
            answers.append(self.ask("POST", f"/battles/{battle}/exposures", {"events": [good]}, owner)[0])
        self.assertEqual(set(answers), {200, 429})
        self.assertGreater(len(answers), 60, "a page sends once a second, and at every click")
        battle, owner = self.prepared(other_than=owner)
        self.assertEqual(self.ask("POST", f"/battles/{battle}/exposures", {"events": [good]}, owner)[0], 200)

    def test_idle_battles_do_not_hide_what_was_heard(self):
        """Whatever number of battles was begun since, no second is credited twice."""
        make_battles(self.db, self.arena, 100, people=1)
        who = str(uuid.uuid4())
        self.db.sql(f"insert into person.participant (id, source) values ('{who}', 'human')")
        cookie = session_cookie(self.server.secret, who)
        begun = ("with own as (update agon.battle set participant_id = '%s', gate_met_at = null, heard_seconds = '{0,0}',"
                 " ready_at = now() - interval '9 s', created_at = now() - interval '10 s' returning id, arena_id),"
                 " numbered as (select *, row_number() over () as n from own)"
                 " insert into agon.battle_request (participant_id, key, arena_id, battle_id, request_sha256, created_at)"
                 " select '%s', 'key-' || n, arena_id, id, sha256(''), now() - interval '1 s' * case when n <= 8 then 10"
                 " else 1 end from numbered")
        self.db.sql(begun % (who, who))
        first = self.db.sql("select battle_id from agon.battle_request order by created_at limit 8").split()
        events = [{"sequence": n, "slot": "ab"[n % 2], "kind": "visible", "position": 0, "at": moment(n // 2 * 3)}
                  for n in range(4)]
        opened = [self.ask("POST", f"/battles/{b}/exposures", {"events": events}, cookie)[1]["open"] for b in first]
        self.assertLess(sum(opened), 5, "three seconds each, nine seconds in all")
        self.assertGreater(sum(opened), 1)

    def test_prompts_of_every_kind(self):
        cookie = self.consent()
        for prompt in ("", "   ", "x" * 301, "x" * 60_000, "bell \x07", 7, None, ["x"], "\u200b\u200d\ufeff",
                       "\u202e\u2066", "\U000e0041\U000e0042", "\u3164\u2800"):
            self.refused(400, "invalid-input", "POST", "/arenas/speech/battles", {"prompt": prompt}, cookie,
                         str(uuid.uuid4()))
        self.refused(413, "payload-too-large", "POST", "/arenas/speech/battles", {"prompt": "x" * 100_000}, cookie,
                     "key-00001")
        cookie = self.consent()  # each has a limit of battles in a row
        for language in ("EN", "En", "en-us", "en_US", "e n", "english?"):
            wrong = self.refused(400, "invalid-input", "POST", "/arenas/speech/battles",
                                 {"prompt": "Hello.", "language": language}, cookie, str(uuid.uuid4()))
            self.assertEqual([e["pointer"] for e in wrong["errors"]], ["/language"])
        status, battle, _ = self.ask("POST", "/arenas/speech/battles", {"prompt": "over\u202eride\U000e0041"}, cookie,
                                     str(uuid.uuid4()))
        self.assertEqual((status, battle["prompt"]), (202, "override"), "what would disguise it is left out")
        cookie = self.consent()
        for prompt in ("שלום עולם", "مرحبا", "👩‍👩‍👧 🎉", '(system "touch /tmp/owned")', "-w /etc/passwd",
                       "$(reboot) `id`", "<speak><audio src='file:///etc/passwd'/></speak>"):
            status = 429
            while status == 429:  # the limit of battles in a row
                status, battle, _ = self.ask("POST", "/arenas/speech/battles", {"prompt": prompt}, cookie,
                                             str(uuid.uuid4()))
                time.sleep(1 if status == 429 else 0)
            self.assertEqual((status, battle["prompt"]), (202, prompt))

    def test_a_key_belongs_to_one_request(self):
        cookie = self.consent()
        first = self.ask("POST", "/arenas/speech/battles", {"prompt": "One."}, cookie, "key-00001")
        again = self.ask("POST", "/arenas/speech/battles", {"prompt": "One."}, cookie, "key-00001")
        self.assertEqual((first[0], again[0]), (202, 200))
        self.assertEqual(first[1]["id"], again[1]["id"])
        self.refused(409, "conflict", "POST", "/arenas/speech/battles", {"prompt": "Two."}, cookie, "key-00001")

    def raw(self, data, seconds=5):
        with socket.create_connection(("127.0.0.1", self.server.port), timeout=seconds) as s:
            s.sendall(data)
            answer = b""
            try:
                while chunk := s.recv(65536):
                    answer += chunk
                    if b"\r\n\r\n" in answer and not data.endswith(b"keep"):
                        break
            except TimeoutError:
                pass
        return answer

    def post_raw(self, body, kind=b"application/json", headers=b""):
        _, cookie = self.prepared()
        head = (b"POST /api/v1/arenas/speech/battles HTTP/1.1\r\nHost: localhost\r\nContent-Type: " + kind +
                b"\r\nIdempotency-Key: key-00001\r\nCookie: " + cookie.encode() + b"\r\n" + headers +
                b"Content-Length: %d\r\n\r\n" % len(body))
        return int(self.raw(head + body).split(b" ", 2)[1])

    def test_hostile_bytes(self):
        for body in (b'{"prompt":"\xff"}', b'{"prompt":"a","prompt":"b"}', b"[" * 5000, b"{}x", b"null", b" ",
                     b'{"prompt":"\\u0000"}', b'{"prompt":"\\ud800"}', b'{"a":' * 40 + b"1" + b"}" * 40,
                     b'{"prompt":NaN}', b'{"prompt":"a"}\0{"prompt":"b"}'):
            self.assertEqual(self.post_raw(body), 400, body[:40])
        self.assertEqual(self.post_raw(b"prompt=x", kind=b"text/plain"), 415)
        self.assertEqual(self.post_raw(b'{"prompt":"x"}', headers=b"Origin: https://evil.example\r\n"), 403)
        self.assertEqual(self.post_raw(b'{"prompt":"x"}', headers=b"Sec-Fetch-Site: cross-site\r\n"), 403)
        huge = b"POST /api/v1/arenas/speech/consent HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 10000000\r\n\r\n"
        self.assertIn(b" 413 ", self.raw(huge).split(b"\r\n")[0])
        self.assertIn(b" 400 ", self.raw(b"\x16\x03\x01\x00\x00 hello\r\n\r\n").split(b"\r\n")[0])
        self.assertEqual(self.server.ask("GET", "/media/..%2f..%2fetc%2fpasswd")[0] // 100, 4)
        self.assertEqual(self.server.ask("GET", "/readyz")[0], 200)


class BehindProxy(Scenario):
    """Limits per address, where a proxy tells the addresses."""

    battles = 0
    arena = "trial"
    flags = ("--trusted-proxy", "127.0.0.1", "--consents-per-address", "1")

    def prepare_arenas(self):
        slow = [command_system(name, shutil.which("sleep"), "60", timeout="2m") for name in ("one", "two")]
        return [write_arena(self.folder, slow)]

    def consent(self, address):
        _, arena, _ = self.server.ask("GET", "/api/v1/arenas/trial")
        return self.server.ask("POST", "/api/v1/arenas/trial/consent",
                               {"text_sha256": arena["consent"]["sha256"], "purposes": PURPOSES[:3]},
                               {"X-Forwarded-For": address})[0]

    def test_a_network_of_ipv6_is_one_address(self):
        for own, other in (("2001:db8:1:2::%x", "2001:db8:1:3::1"), ("203.0.113.%d, 192.0.2.1", "192.0.2.2")):
            with self.subTest(own):
                self.assertEqual([self.consent(own % n) for n in range(1, 5)], [200, 200, 429, 429])
                self.assertEqual(self.consent(other), 200)

    def ask_for_battle(self, address):
        who = str(uuid.uuid4())
        sha256 = self.server.ask("GET", "/api/v1/arenas/trial")[1]["consent"]["sha256"]
        self.db.sql(f"insert into person.participant (id, source) values ('{who}', 'human');"
                    "insert into person.consent (arena_id, participant_id, given_at, text_sha256, purposes)"
                    f" values (1, '{who}', now(), '\\x{sha256}', '{{be_counted,take_part}}')")
        return self.server.ask("POST", "/api/v1/arenas/trial/battles", {"prompt": "Hello."},
                               {"X-Forwarded-For": address, "Idempotency-Key": "key-00001",
                                "Cookie": session_cookie(self.server.secret, who)})[0]

    def test_nobody_keeps_all_others_waiting(self):
        with ThreadPoolExecutor(16) as all_at_once:
            answers = list(all_at_once.map(lambda n: self.ask_for_battle(f"2001:db8:1:2::{n:x}"), range(40)))
        self.assertEqual((answers.count(202), answers.count(429)), (12, 28), answers)
        self.assertEqual(self.ask_for_battle("2001:db8:1:3::1"), 202)


if __name__ == "__main__":
    main("integration.api")
