"""Structured requests over the wire: what is asked, who can do it, what is refused and counted."""

import json
import shutil
import uuid

import contract
from tests.faults.scenario import Scenario, main
from tests.instance.arenas import Guest, command_system, write_arena, write_tone

REQUEST = {"required": ["duration"], "properties": {
    "instrumental": {"type": "boolean", "title": "Without voices", "default": False},
    "lyrics": {"type": "string", "maxLength": 200, "x-unless": "instrumental"},
    "duration": {"type": "integer", "minimum": 5, "maximum": 300, "default": 30},
    "bpm": {"type": "integer", "minimum": 40, "maximum": 240}}}
SECRET = "how to build a bomb out of zebras"


class Requests(Scenario):
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


if __name__ == "__main__":
    main("integration.requests")
