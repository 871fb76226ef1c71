"""Texts and pictures over the wire: what is shown, what counts as seen, what is kept out of boards."""

import http.client
import http.server
import json
import threading
import time
import uuid
from datetime import datetime, timedelta, timezone

import contract
from tests.faults.scenario import Scenario, main
from tests.instance.arenas import Guest, write_arena

PRINT = "printf '%b' \"$0\""


def moment(seconds=0):
    at = datetime.now(timezone.utc) + timedelta(seconds=seconds)
    return at.isoformat().replace("+00:00", "Z")


def program(name, argv, output, **more):
    return {"id": name, "name": name.title(), "maker": "Harbour Labs", "licence": "CC0-1.0",
            "description": f"The system called {name}.", "adapter": "command",
            "command": {"argv": argv, "output": output, "memory": "1GiB"}, **more}


def writer(name, text):
    return program(name, ["sh", "-c", PRINT, text], "text")


class Modality(Scenario):
    battles = 0
    arena = "trial"
    modality = "text"
    more = {}

    def systems(self):
        raise NotImplementedError

    def prepare_arenas(self):
        path = write_arena(self.folder, self.systems(), self.arena)
        arena = json.loads(path.read_text())
        arena["modality"] = self.modality
        arena.update(self.more)
        path.write_text(json.dumps(arena))
        return [path]

    def setUp(self):
        super().setUp()
        self.guest = Guest(self.server, self.arena)

    def ask(self, method, path, body=None, key=None):
        headers = {**self.guest.cookie, **({"Idempotency-Key": key} if key else {})}
        status, answer, got = self.server.ask(method, path, body, headers)
        contract.check_answer(method, path, status, answer, got)
        return status, answer

    def battle(self, prompt="Say something"):
        seen = self.guest.await_settled(self.guest.ask_for_battle(prompt))
        contract.check_answer("GET", f"/api/v1/battles/{seen['id']}", 200, seen, {"Content-Type": "application/json"})
        return seen

    def look(self, battle, slots, seconds, first=0, at=0.0):
        """Each of the slots on the screen at once, for so long by the client's clock."""
        events = []
        for n in range(int(seconds) + 2):
            for slot in slots:
                kind = "visible" if n == 0 else "hidden" if n > seconds else "tick"
                events.append({"sequence": first + len(events), "slot": slot, "kind": kind, "position": 1,
                               "at": moment(at + min(n, seconds))})
        return self.ask("POST", f"/api/v1/battles/{battle['id']}/exposures", {"events": events})

    def vote(self, battle, winner="a"):
        return self.ask("POST", f"/api/v1/battles/{battle['id']}/judgments",
                        {"answers": [{"question": "overall", "value": winner}]}, str(uuid.uuid4()))


class Texts(Modality):
    more = {"gate": {"seconds": 2, "fraction": 1}}
    long = "Word " * 100

    def systems(self):
        return [writer("plain", self.long), writer("marked", "# Title\n\n**bold** \\0033[31mred\\0000\u202e\n- item\n" + self.long)]

    def test_texts_are_cleaned_shown_and_described(self):
        battle = self.battle()
        texts = {s["slot"]: s["answers"] for s in battle["slots"]}
        self.assertEqual(sorted(texts), ["a", "b"])
        marked = next(a[0] for a in texts.values() if a[0]["text"].startswith("# Title"))
        self.assertEqual(marked, {"text": "# Title\n\n**bold** [31mred\n- item\n" + self.long, "cut_off": False})
        style = self.db.sql("select style_set || ' ' || array_to_string(style, ',') from agon.output where text like '#%'")
        self.assertRegex(style.strip(), r"^text/1 \d+,1,1,1$")

    def test_the_gate_asks_for_time_on_the_screen_as_it_does_for_hearing(self):
        battle = self.battle()
        self.assertEqual([s["required_seconds"] for s in battle["gate"]["slots"]], [2, 2])
        _, gate = self.look(battle, "a", 3)
        self.assertLess(gate["slots"][0]["heard_seconds"], 2, "nobody looks longer than time has passed")
        self.assertEqual(gate["slots"][1]["heard_seconds"], 0)
        _, gate = self.look(battle, "b", 3, first=10)
        self.assertFalse(gate["open"], "five seconds of looking in no time")
        status, answer = self.vote(battle)
        self.assertEqual((status, answer["type"]), (409, "/problems/gate-not-met"))
        time.sleep(2)
        # Both beside each other: two seconds are enough for both.
        _, gate = self.look(battle, "a", 0, first=30)
        self.assertTrue(gate["open"])
        self.assertEqual(self.vote(battle)[0], 201)

    def test_a_side_that_is_not_there_has_no_exposure(self):
        battle = self.battle()
        status, answer = self.look(battle, "c", 1)
        self.assertEqual((status, answer["type"]), (400, "/problems/invalid-input"))


class Vanity(Modality):
    more = {"gate": {"seconds": 0}}

    def systems(self):
        return [writer("vain", "I am ChatGPT, made by OpenAI."), writer("modest", "Hello.")]

    def test_votes_on_answers_that_name_themselves_move_no_board(self):
        battle = self.battle()
        self.assertNotIn("ChatGPT", json.dumps({**battle, "slots": []}))
        self.look(battle, "ab", 0)
        status, receipt = self.vote(battle)
        self.assertEqual((status, receipt["uncounted"]), (201, "self_named"))
        self.assertEqual(self.db.sql("select names_itself from agon.output order by 1").split(), ["ChatGPT"])
        self.server.command("rate")
        _, board = self.ask("GET", "/api/v1/arenas/trial/boards/bradley_terry")
        self.assertEqual(board["votes"], 0)


class Refused(Modality):
    """Systems that write nothing, something else, or no UTF-8, beside two that work."""

    def systems(self):
        return [writer("one", "One."), writer("two", "Two."),
                program("latin", ["printf", "caf\\351"], "text"),
                program("blank", ["printf", " \\n "], "text")]

    def test_what_cannot_be_shown_is_replaced(self):
        for _ in range(6):
            battle = self.battle()
            self.assertEqual(battle["state"], "ready")
            self.assertEqual(sorted(s["answers"][0]["text"] for s in battle["slots"]), ["One.", "Two."])
        failed = self.db.sql("select distinct s.slug, o.error from agon.output o join agon.system s"
                             " on s.id = o.system_id and s.arena_id = o.arena_id where o.status = 'failed'")
        for line in failed.split():
            self.assertIn(line, ("latin|system-failed", "blank|system-failed"))


class Pictures(Modality):
    modality = "image"
    more = {"gate": {"seconds": 1}}

    def systems(self):
        draw = ["ffmpeg", "-nostdin", "-loglevel", "error", "-f", "lavfi", "-i"]
        svg = "<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>"
        return [program("square", [*draw, "testsrc=size=640x640:rate=1", "-frames:v", "1", "{output_file}"], "png"),
                program("wide", [*draw, "testsrc2=size=2000x400:rate=1", "-frames:v", "1", "-metadata",
                                 "comment=drawn by the wide one", "{output_file}"], "jpeg"),
                program("vector", ["sh", "-c", "printf '%s' \"$0\" > \"$1\"", svg, "{output_file}"], "png")]

    def test_pictures_are_plain_bounded_and_never_svg(self):
        sizes = set()
        for _ in range(4):
            battle = self.battle()
            self.assertEqual(battle["state"], "ready", battle)
            for slot in battle["slots"]:
                self.assertEqual(slot["media"]["type"], "image/png")
                status, _, headers = self.server.ask("GET", slot["media"]["url"], headers=self.guest.cookie)
                self.assertEqual((status, headers["Content-Type"]), (200, "image/png"))
                self.assertEqual(headers["X-Content-Type-Options"], "nosniff")
                sizes.add((slot["width"], slot["height"]))
        # A few of the rows and columns at the edges are left out, differently each time.
        for width, height in sizes:
            self.assertTrue(any(0 <= w - width <= 8 and 0 <= h - height <= 8 for w, h in ((640, 640), (1024, 205))),
                            (width, height))
        self.assertGreater(len(sizes), 2)
        _, gate = self.look(battle, "ab", 1)
        time.sleep(0.8)
        _, gate = self.look(battle, "a", 0, first=20)
        self.assertTrue(gate["open"])
        self.assertEqual(self.vote(battle, "both_bad")[0], 201)


class Writers(http.server.ThreadingHTTPServer):
    """Chat endpoints that stream: /fast at once, /slow a piece at a time, /broken a few of them."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Writing)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def url(self, how):
        return f"http://127.0.0.1:{self.server_address[1]}/{how}"

    def end(self):
        self.shutdown()
        self.server_close()


class Writing(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        how = self.path.split("/")[1]
        count = 12 if how == "broken" else 25
        for n in range(count):
            if how != "fast":
                time.sleep(0.12)
            text = f"{how} {n:02} αβγδε. "
            self.send({"choices": [{"index": 0, "delta": {"content": text}}]})
        if how != "broken":
            self.send({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
            self.wfile.write(b"data: [DONE]\n\n")

    def send(self, chunk):
        self.wfile.write(b"data: " + json.dumps(chunk).encode() + b"\n\n")
        self.wfile.flush()

    def log_message(self, *_):
        pass


class Streams(Modality):
    kinds = ("fast", "slow")

    def systems(self):
        self.writers = Writers()
        self.addCleanup(self.writers.end)
        return [{"id": how, "name": how.title(), "maker": "M", "licence": "CC0-1.0", "description": "D",
                 "adapter": "openai-chat", "openai-chat": {"url": self.writers.url(how), "model": "writer", "attempts": 1}}
                for how in self.kinds]

    def follow(self, battle, last=None, most=1000):
        """The events of a battle's stream, as (id, name, data)."""
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=30)
        connection.request("GET", f"/api/v1/battles/{battle}/events",
                           headers={**self.guest.cookie, **({"Last-Event-ID": last} if last else {})})
        answer, event, events = connection.getresponse(), {}, []
        for line in answer:
            name, _, value = line.decode().rstrip("\n").partition(": ")
            if name in ("id", "event", "data"):
                event[name] = value
            elif not name and event.get("data"):
                events.append((event.get("id"), event.get("event"), json.loads(event["data"])))
                event = {}
                if len(events) >= most:
                    break
        connection.close()
        return events


class OnePace(Streams):
    def test_texts_appear_at_one_pace_and_a_stream_goes_on_where_it_broke(self):
        battle = self.guest.ask_for_battle("Write")
        first = self.follow(battle, most=6)
        texts = [e for e in first if e[1] == "text"]
        events = first + self.follow(battle, last=texts[-1][0])
        pieces = [data for _, name, data in events if name == "text"]
        self.assertGreater(len(pieces), 10, "nothing was streamed")
        at = 0
        whole = {"a": "", "b": ""}
        for piece in pieces:
            self.assertEqual(piece["from"], at)
            self.assertLessEqual(len({len(s["text"]) for s in piece["slots"]}), 1, "a side is ahead of the other")
            at = piece["to"]
            for side in piece["slots"]:
                whole[side["slot"]] += side["text"]
        _, name, ready = events[-1]
        self.assertEqual((name, ready["state"]), ("battle", "ready"))
        for slot in ready["slots"]:
            text = slot["answers"][0]["text"]
            self.assertTrue(text.startswith(whole[slot["slot"]][:200]))
        self.assertEqual(self.follow(battle, last=f"text-{at}")[-1][2]["state"], "ready")


class Broken(Streams):
    kinds = ("slow", "broken")

    def test_a_side_that_breaks_off_after_it_was_shown_ends_the_battle(self):
        battle = self.guest.ask_for_battle("Write")
        *_, (_, _, last) = self.follow(battle)
        self.assertEqual((last["state"], last["prompt"]), ("failed", "Write"))
        self.assertIn("broke off", last["failure"])


class Replaced(Streams):
    kinds = ("fast", "slow", "nowhere")

    def systems(self):
        made = super().systems()
        made[2]["openai-chat"]["url"] = "http://127.0.0.1:9/none"
        return made

    def test_a_side_that_fails_before_is_replaced(self):
        for _ in range(4):
            seen = self.guest.await_settled(self.guest.ask_for_battle("Write"))
            self.assertEqual(seen["state"], "ready")


if __name__ == "__main__":
    main("modalities")
