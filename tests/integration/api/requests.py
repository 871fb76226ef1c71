"""Structured requests over the wire: what is asked, who can do it, what is refused and counted."""

import http.server
import json
import shutil
import threading
import time
import uuid

import contract
from tests.faults.scenario import Scenario, main
from tests.instance.arenas import Guest, command_system, write_arena, write_tone
from tests.instance.processes import await_true

REQUEST = {"required": ["duration"], "properties": {
    "instrumental": {"type": "boolean", "title": "Without voices", "default": False},
    "lyrics": {"type": "string", "maxLength": 200, "x-unless": "instrumental"},
    "duration": {"type": "integer", "minimum": 5, "maximum": 300, "default": 30},
    "bpm": {"type": "integer", "minimum": 40, "maximum": 240}}}
SECRET = "how to build a bomb out of zebras"


class Endpoint(http.server.ThreadingHTTPServer):
    """A chat endpoint that answers as it is told to, and keeps what it was asked."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Call)
        self.asked, self.answer, self.delay, self.status = [], {}, 0, 200
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def end(self):
        self.shutdown()
        self.server_close()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_address[1]}/v1"


class Call(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append((self.path, self.headers.get("Authorization"), body))
        time.sleep(self.server.delay)
        answer = self.server.answer
        content = answer if isinstance(answer, str) else json.dumps(answer)
        text = json.dumps({"choices": [{"message": {"role": "assistant", "content": content},
                                        "finish_reason": "stop"}]}).encode()
        self.send_response(self.server.status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_):
        pass


class Music(Scenario):
    """Three systems: one sings, one is short and does not, one does so in part."""

    battles = 0
    arena = "music"

    def prepare_arenas(self):
        tone = write_tone(self.folder.path / "tone.wav", seconds=2)
        copy = [shutil.which("cp"), tone, "{output_file}"]
        systems = [
            {**command_system("singer", *copy), "signature": {"accepts": {"duration": {"max": 240}}}},
            {**command_system("band", *copy), "signature": {"accepts": {"duration": {"max": 60}, "lyrics": False}}},
            {**command_system("loop", *copy), "signature": {
                "accepts": {"duration": {"max": 60, "beyond": "partial"}, "lyrics": False}, "ignores": ["bpm"]}}]
        for system in systems:
            del system["languages"]
        path = write_arena(self.folder, systems, "music")
        arena = json.loads(path.read_text())
        arena["request"] = REQUEST
        arena["sampling"] = {"policy": "variance", "epsilon": 0.2}
        path.write_text(json.dumps(arena))
        return [path]

    def setUp(self):
        super().setUp()
        self.guest = Guest(self.server, "music")

    def ask(self, prompt, request=None, key=None):
        path = "/api/v1/arenas/music/battles"
        body = {"prompt": prompt, **({"request": request} if request is not None else {})}
        status, answer, headers = self.server.ask(
            "POST", path, body, {"Idempotency-Key": key or str(uuid.uuid4()), **self.guest.cookie})
        contract.check_answer("POST", path, status, answer, headers)
        return status, answer

    def row(self, battle, columns):
        return self.db.sql(f"select {columns} from agon.battle where id = '{battle}'").strip()


class Requests(Music):
    def test_the_arena_tells_its_form(self):
        path = "/api/v1/arenas/music"
        status, arena, headers = self.server.ask("GET", path)
        contract.check_answer("GET", path, status, arena, headers)
        self.assertEqual(arena["request"]["order"], ["instrumental", "lyrics", "duration", "bpm"])
        self.assertEqual(arena["request"]["schema"]["properties"]["bpm"]["maximum"], 240)

    def test_a_prompt_becomes_a_request_and_support_is_told_with_the_names(self):
        status, battle = self.ask("Techno, 100 seconds", {"bpm": 128})
        self.assertEqual(status, 202)
        self.assertEqual(battle["request"], {"bpm": 128, "duration": 100, "instrumental": False})
        seen = self.guest.await_settled(battle["id"])
        self.assertEqual(seen["state"], "ready")
        self.assertNotIn("without", json.dumps(seen))
        # Only two systems can make 100 seconds, and one of them in part.
        self.assertEqual(sorted(self.row(battle["id"], "array_to_string(slot_support, ';')").split(";")),
                         ["full", "partial:bpm,duration"])
        self.assertEqual(float(self.row(battle["id"], "sampling_probability")), 1)
        routing = json.loads(self.row(battle["id"], "routing"))
        self.assertEqual((routing["by"], routing["endpoint"], routing["stated"]), ("rules", "not_asked", ["bpm"]))
        sampling = json.loads(self.row(battle["id"], "sampling"))
        self.assertEqual((sampling["policy"], sampling["epsilon"]), ("variance", 0.2))
        self.db.sql(f"update agon.battle set gate_met_at = now(), heard_seconds = '{{2,2}}' where id = '{battle['id']}'")
        status, receipt, _ = self.server.ask(
            "POST", f"/api/v1/battles/{battle['id']}/judgments",
            {"answers": [{"question": "overall", "value": "a"}]},
            {"Idempotency-Key": str(uuid.uuid4()), **self.guest.cookie})
        self.assertEqual(status, 201, receipt)
        told = {s["system"]["id"]: s.get("without") for s in receipt["systems"]}
        self.assertEqual(told, {"singer": None, "loop": ["bpm", "duration"]})

    def test_what_cannot_be_met_is_told_by_field(self):
        for request, errors in [
                ({"duration": 250}, [{"pointer": "/request/duration", "reason": "must be at most 240"}]),
                ({"lyrics": "La la la"}, [{"pointer": "/request/lyrics", "reason": "cannot be given"}])]:
            status, answer = self.ask("A tune", request)
            self.assertEqual((status, answer["type"], answer["errors"]), (422, "/problems/request-unsupported", errors))

    def test_bad_fields_are_refused_by_name(self):
        for request, pointer in [({"duration": 1}, "/request/duration"), ({"bpm": "fast"}, "/request/bpm"),
                                 ({"mood": "sad"}, "/request/mood"), ({"bpm": [1]}, "/request/bpm"),
                                 ([], "/request"), ({"lyrics": "x", "instrumental": True}, "/request/lyrics")]:
            status, answer = self.ask("A tune", request)
            self.assertEqual((status, [e["pointer"] for e in answer["errors"]]), (400, [pointer]), request)

    def test_refused_prompts_are_counted_and_leave_no_text(self):
        for _ in range(3):
            status, answer = self.ask(SECRET)
            self.assertEqual((status, answer["type"], answer["reason"]), (422, "/problems/prompt-refused", "violence"))
        self.assertEqual(self.db.sql("select reason, decided_by, prompts from agon.refusal").strip(), "violence|rules|3")
        self.assertEqual(self.db.sql("select count(*) from agon.battle").strip(), "0")
        self.assertEqual(self.db.sql("select count(*) from agon.battle_request").strip(), "0")
        self.assertNotIn("zebra", self.server.child.log.read_text(errors="replace"))

    def test_a_retry_gets_the_first_battle_and_another_request_a_conflict(self):
        key = str(uuid.uuid4())
        _, first = self.ask("A tune", {"bpm": 90}, key)
        status, again = self.ask("A tune", {"bpm": 90}, key)
        self.assertEqual((status, again["id"]), (200, first["id"]))
        self.assertEqual(self.ask("A tune", {"bpm": 91}, key)[0], 409)


class Learning(Scenario):
    """Systems that met often beside one that has no vote: the policy knows them apart."""

    battles = 0
    arena = "trial"

    def prepare_arenas(self):
        tone = write_tone(self.folder.path / "tone.wav", seconds=2)
        copy = [shutil.which("cp"), tone, "{output_file}"]
        path = write_arena(self.folder, [command_system(name, *copy) for name in ("one", "two", "three", "new")])
        arena = json.loads(path.read_text())
        arena["sampling"] = {"policy": "variance", "epsilon": 0.1}
        path.write_text(json.dumps(arena))
        return (path,)

    def drawn(self):
        guest = Guest(self.server)
        battle = guest.ask_for_battle("One, two, three.")
        guest.await_settled(battle)
        row = self.db.sql("select sampling_probability, array_to_string(slot_system, ','), sampling from agon.battle"
                          f" where id = '{battle}'").strip().split("|")
        return float(row[0]), set(row[1].split(",")), json.loads(row[2])

    def test_a_policy_follows_the_votes_and_says_on_what_it_rests(self):
        _, _, before = self.drawn()
        self.assertEqual((before["policy"], before["votes"]), ("variance", 0))
        new = self.db.sql("select id from agon.system where slug = 'new'").strip()
        self.db.sql("insert into agon.tally (arena_id, segment, system_a, system_b, wins_a, wins_b, ties, both_bad)"
                    " select 1, '', x.id, y.id, 400, 300, 0, 0 from agon.system x, agon.system y"
                    f" where x.id < y.id and x.id <> {new} and y.id <> {new}")

        def learnt():
            drawn = self.drawn()
            return drawn if drawn[2]["votes"] == 2100 else None
        await_true(learnt, 30, "gains from the tallies")
        met = [self.drawn() for _ in range(12)]
        for probability, systems, record in met:
            self.assertEqual(record["used"], "variance")
            # Six pairs; those of the system without votes share nearly all that is not spread evenly.
            expected = 0.1 / 6 + 0.9 / 3 if new in systems else 0.1 / 6
            self.assertAlmostEqual(probability, expected, delta=0.03)
        self.assertGreater(sum(new in systems for _, systems, _ in met), 4)


class RoutedByEndpoint(Music):
    """An endpoint decides, and the rules where it fails."""

    def prepare_arenas(self):
        self.endpoint = Endpoint()
        self.addCleanup(self.endpoint.end)
        self.flags = ("--router-url", self.endpoint.url, "--router-model", "small", "--router-timeout", "1")
        self.endpoint.status = 500
        return super().prepare_arenas()

    def decide(self, **answer):
        self.endpoint.status = 200
        self.endpoint.answer = {"allowed": True, "reason": None, "language": "en", "request": {}, **answer}

    def routed(self, prompt):
        status, battle = self.ask(prompt)
        self.assertEqual(status, 202, battle)
        record = json.loads(self.row(battle["id"], "routing"))
        return battle, (record["by"], record["endpoint"])

    def test_it_decides_in_one_call_with_a_schema(self):
        self.decide(request={"duration": 42, "bpm": None, "mood": "none"})
        battle, by = self.routed("Something short")
        self.assertEqual(by, ("endpoint", "decided"))
        self.assertEqual(battle["request"], {"duration": 42, "instrumental": False})
        path, _, body = self.endpoint.asked[-1]
        self.assertEqual((len(self.endpoint.asked), path, body["model"]), (1, "/v1/chat/completions", "small"))
        self.assertTrue(body["response_format"]["json_schema"]["strict"])

    def test_it_refuses_with_a_reason(self):
        self.decide(allowed=False, reason="personal_data")
        status, answer = self.ask("A song for Jane Roe, 1 Elm Street")
        self.assertEqual((status, answer["reason"]), (422, "personal_data"))
        self.assertEqual(self.db.sql("select reason, decided_by, prompts from agon.refusal").strip(),
                         "personal_data|endpoint|1")

    def test_rules_take_over_when_it_is_slow_down_or_talks_nonsense(self):
        self.decide()
        self.endpoint.answer = "Sure, here is your song!"
        self.assertEqual(self.routed("A tune of 20 seconds")[1], ("rules", "nonsense"))
        self.decide()
        self.endpoint.delay = 3
        battle, by = self.routed("A tune of 20 seconds")
        self.assertEqual(by, ("rules", "timeout"))
        self.assertEqual(battle["request"]["duration"], 20)
        self.endpoint.end()
        self.assertIn(self.routed("A tune of 20 seconds")[1], [("rules", "unavailable"), ("rules", "timeout")])


if __name__ == "__main__":
    main("integration.requests")
