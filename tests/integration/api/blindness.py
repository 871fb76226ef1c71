"""An attacker who knows the API, has every pair of systems named to him, and only has to say
which is in slot A. Nothing but the sound itself may help him before the vote.

The systems all make the same sound of a prompt, and differ in all the rest: one is slow, one
writes its name into its files, one is faint between silences, one fails. So whatever tells one
slot from the other beyond chance is a leak, and nothing of it is a matter of taste.
"""

import hashlib
import http.client
import itertools
import json
import math
import random
import shutil
import struct
import sys
import threading
import time
import uuid

from tests.faults.scenario import Scenario, main
from tests.instance.arenas import command_system, write_arena

BATTLES = 120
# Of a fair coin, a z of 4.5 comes once in 150,000 times; a few hundred are thrown here.
SURE = 4.5
VOICE = r'''
import hashlib, math, struct, sys, time
kind, prompt, output = sys.argv[1:]
seed = int(hashlib.sha256(open(prompt, "rb").read()).hexdigest()[:8], 16)
hertz, seconds, rate = 200 + seed % 300, 1.2 + seed % 80 / 100, 24000
if kind == "broken":
    sys.stderr.write("I am broken.\n")
    sys.exit(3)
if kind == "slow":
    time.sleep(0.4)
loud, pad = {"quick": (0.4, 0), "slow": (0.4, 0), "tagged": (0.9, 500), "faint": (0.05, 17000)}[kind]
tone = [int(32767 * loud * math.sin(2 * math.pi * hertz * i / rate)) for i in range(int(seconds * rate))]
data = struct.pack("<%dh" % (len(tone) + 2 * pad), *([0] * pad + tone + [0] * pad))
chunks = b"fmt " + struct.pack("<IHHIIHH", 16, 1, 1, rate, rate * 2, 2, 16)
if kind == "tagged":
    info = b"INFOIART" + struct.pack("<I", 12) + b"I am tagged."
    chunks += b"LIST" + struct.pack("<I", len(info)) + info
chunks += b"data" + struct.pack("<I", len(data)) + data
open(output, "wb").write(b"RIFF" + struct.pack("<I", len(chunks) + 4) + b"WAVE" + chunks)
'''
KINDS = ("quick", "slow", "tagged", "faint", "broken")
PROMPTS = [f"Sentence number {n} of this test." for n in range(12)]
# What differs from answer to answer by chance or by the clock.
BY_CHANCE = ("date", "x-request-id", "etag", "content-length")


class Attacker:
    """One guest after the other, each from an address of its own."""

    def __init__(self, server, number):
        self.server, self.random = server, random.Random(number)
        self.address = f"10.{number // 250}.{number % 250}.7"
        self.cookie = {}
        terms = self.get("/api/v1/arenas/blind")[1]["consent"]
        _, _, headers = self.ask("POST", "/api/v1/arenas/blind/consent", {
            "text_sha256": terms["sha256"], "purposes": [p["id"] for p in terms["purposes"]]})
        self.cookie = {"Cookie": headers["Set-Cookie"].split(";")[0]}

    def ask(self, method, path, body=None, headers=None):
        return self.server.ask(method, path, body, {"X-Forwarded-For": self.address, **self.cookie, **(headers or {})},
                               seconds=120)

    def get(self, path, headers=None):
        return self.ask("GET", path, None, headers)

    def raw(self, path):
        """Bytes, headers in order, and seconds."""
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=60)
        begun = time.perf_counter()
        connection.request("GET", path, headers={"X-Forwarded-For": self.address, **self.cookie})
        answer = connection.getresponse()
        body = answer.read()
        seconds = time.perf_counter() - begun
        connection.close()
        return body, answer.getheaders(), seconds

    def events(self, battle):
        """The whole stream: a list of (seconds, event, data)."""
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=60)
        begun = time.perf_counter()
        connection.request("GET", f"/api/v1/battles/{battle}/events",
                           headers={"X-Forwarded-For": self.address, **self.cookie})
        stream, seen, name = connection.getresponse(), [], ""
        for line in stream:
            text = line.decode().rstrip("\n")
            if text.startswith("event: "):
                name = text[7:]
            if text.startswith("data: "):
                seen.append((time.perf_counter() - begun, name, json.loads(text[6:])))
        connection.close()
        return seen

    def battle(self):
        """Everything that can be seen of one battle before its vote."""
        prompt = self.random.choice(PROMPTS)
        status, made, headers = self.ask("POST", "/api/v1/arenas/blind/battles", {"prompt": prompt},
                                         {"Idempotency-Key": str(uuid.uuid4())})
        assert status == 202, made
        path = f"/api/v1/battles/{made['id']}"
        seen = {"id": made["id"], "prompt": prompt, "made": made, "headers": headers.items(),
                "events": self.events(made["id"]), "slots": [{}, {}]}
        seen["view"] = self.get(path)[1]
        if seen["view"]["state"] != "ready":
            return seen
        order = [0, 1]
        self.random.shuffle(order)
        for i in order:
            slot = seen["view"]["slots"][i]
            body, got, seconds = self.raw(slot["media"]["url"])
            seen["slots"][i] = {"body": body, "headers": got, "latency": seconds, "view": slot}
        seen["refused"] = [
            self.ask("POST", path + "/judgments", {"answers": [{"question": "overall", "value": "a"}]},
                     {"Idempotency-Key": str(uuid.uuid4())})[1],
            self.ask("POST", path + "/withdrawal", {})[1],
            self.ask("POST", path + "/exposures", {"events": [{"sequence": 0}]})[1],
            self.get(path + "/systems")[1], self.get("/media/" + "0" * 32)[1]]
        return seen


def samples(wav):
    return struct.unpack(f"<{(len(wav) - 44) // 2}h", wav[44:])


def number_of(text):
    return int(hashlib.sha256(text.encode()).hexdigest()[:12], 16) if not text.isalnum() else int(text, 36)


def features(index, slot):
    """Numbers by which a slot could be told from the other. Text counts as a number by its order."""
    sound, peaks = samples(slot["body"]), slot["view"]["peaks"]
    headers = {name.lower(): value for name, value in slot["headers"]}
    power = sum(s * s for s in sound) / len(sound)
    return {
        "slot": index,
        "name": number_of(slot["view"]["media"]["url"].rsplit("/", 1)[1]),
        "seconds": slot["view"]["seconds"],
        "bytes": len(slot["body"]),
        "etag": number_of(headers.get("etag", "").strip('"')),
        "etag text": int.from_bytes(headers.get("etag", "").encode()[:12].ljust(12), "big"),
        "hash": hashlib.sha256(slot["body"]).digest()[0],
        "latency": slot["latency"],
        "silence before": next(i for i, s in enumerate(sound) if abs(s) > 60),
        "silence after": next(i for i, s in enumerate(reversed(sound)) if abs(s) > 60),
        "level": round(10 * math.log10(power), 1),
        "noise": sum(abs(s) for s in sound[:1000]),
        "first peak": next(i for i, p in enumerate(peaks) if p > 20),
        "last peak": next(i for i, p in enumerate(reversed(peaks)) if p > 20),
        "mean peak": sum(peaks),
    }


class Blindness(Scenario):
    battles = 0
    arena = "blind"
    flags = ("--trusted-proxy", "127.0.0.1")

    def prepare_arenas(self):
        voice = self.folder.write("voice.py", VOICE)
        # The servers' account may not reach the interpreter that runs this.
        python = shutil.which("python3", path="/usr/bin:/bin") or sys.executable
        systems = [command_system(k, python, voice, k, "{prompt_file}", "{output_file}") for k in KINDS]
        systems[-1]["weight"] = 0.3
        return (write_arena(self.folder, systems, "blind"),)

    def collect(self, count, each=6):
        """Battles of several attackers at once."""
        seen, numbers, lock, broken = [], itertools.count(), threading.Lock(), []

        def attack():
            try:
                while len(seen) < count:
                    with lock:
                        attacker = Attacker(self.server, next(numbers))
                    for _ in range(each):
                        battle = attacker.battle()
                        with lock:
                            seen.append(battle)
            except Exception as e:  # pylint: disable=broad-except
                broken.append(e)

        threads = [threading.Thread(target=attack) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if broken:
            raise broken[0]
        self.say(f"{len(seen)} battles were made and looked at")
        return seen

    def truth(self):
        """What the attacker wants to know: battle → names of its systems, slot A first."""
        names = dict(row.split("|") for row in self.db.sql("select id, slug from agon.system").splitlines())
        rows = self.db.sql("select id, slot_system[1], slot_system[2] from agon.battle where state = 'ready'")
        return {b: (names[x], names[y]) for b, x, y in (row.split("|") for row in rows.splitlines())}

    def test_nothing_tells_the_slots_apart(self):
        seen = self.collect(BATTLES)
        truth = self.truth()
        ready = [s for s in seen if s["id"] in truth]
        self.assertGreater(len(ready), BATTLES * 0.9)
        self.check_texts(seen)
        self.check_streams(ready)
        self.check_files(ready, truth)
        self.check_features(ready, truth)

    def check_texts(self, seen):
        """No name, no error of a system, in anything that was told."""
        for s in seen:
            told = repr([s["headers"], s["events"], s["view"], s.get("refused"),
                         [slot.get("headers") for slot in s["slots"]]]).lower()
            for word in (*KINDS, "i am", "voice.py", "generation_seconds", "last-modified", "x-agon"):
                if word in ("slow", "quick"):  # also words of ours
                    word = f"'{word}'"
                self.assertNotIn(word, told)
            self.assertEqual([p["type"] for p in s.get("refused", [])][:2],
                             ["/problems/gate-not-met", "/problems/conflict"] if "refused" in s else [])

    def check_streams(self, ready):
        """Both slots come in one event; before it nothing tells how far either is."""
        kinds = set()
        for s in ready:
            for _, name, data in s["events"]:
                kinds.add((name, data["state"], len(data["slots"])))
        self.assertLessEqual(kinds, {("battle", "admitted", 0), ("battle", "generating", 0), ("battle", "ready", 2)})

    def check_files(self, ready, truth):
        """The same sound never comes in the same bytes; no header of a file differs but by chance."""
        bodies, lengths = [], {}
        for s in ready:
            for name, slot in zip(truth[s["id"]], s["slots"]):
                bodies.append(slot["body"])
                lengths.setdefault((s["prompt"], name), []).append(len(slot["body"]))
                self.assertEqual(slot["body"][12:16] + slot["body"][36:40], b"fmt data", "no other chunk")
                self.assertEqual(struct.unpack("<I", slot["body"][40:44])[0], len(slot["body"]) - 44)
        self.assertEqual(len(set(bodies)), len(bodies))
        again = [x for all_of in lengths.values() for x in all_of if len(all_of) > 1]
        different = sum(len(set(all_of)) for all_of in lengths.values() if len(all_of) > 1)
        self.assertGreater(different, 0.9 * len(again), "lengths come again")
        headers = {tuple((n, v) for n, v in slot["headers"] if n.lower() not in BY_CHANCE)
                   for s in ready for slot in s["slots"]}
        self.assertEqual(len(headers), 1, headers)
        shapes = {tuple(sorted(slot["view"])) + tuple(sorted(slot["view"]["media"])) + (slot["view"]["media"]["type"],)
                  for s in ready for slot in s["slots"]}
        self.assertEqual(len(shapes), 1, shapes)

    def check_features(self, ready, truth):
        """For each system and feature: does it lie above the other slot's more often than chance?"""
        worst = (0.0, "")
        for system in KINDS[:-1]:
            signs = {}
            for s in ready:
                pair = truth[s["id"]]
                if system not in pair:
                    continue
                own = pair.index(system)
                mine, other = features(own, s["slots"][own]), features(1 - own, s["slots"][1 - own])
                for name, value in mine.items():
                    signs.setdefault(name, []).append((value > other[name]) - (value < other[name]))
            for name, all_of in signs.items():
                decided = [x for x in all_of if x != 0]
                if len(decided) < 15:
                    continue
                z = abs(sum(decided)) / math.sqrt(len(decided))
                worst = max(worst, (z, f"{name} of {system}, {len(decided)} battles"))
        self.say(f"the best guess: z = {worst[0]:.1f} by {worst[1]}")
        self.assertLess(worst[0], SURE, worst[1])

    def test_no_page_moves_with_a_battle_before_its_vote(self):
        pages = ("/arenas", "/arenas/blind", "/arenas/blind/boards", "/arenas/blind/board",
                 "/arenas/blind/boards/bradley_terry", "/arenas/blind/boards/bradley_terry/plane",
                 "/arenas/blind/boards/elo/pairs", "/arenas/blind/releases")
        attacker = Attacker(self.server, 999)

        def look():
            self.server.command("rate", seconds=120)
            seen = {p: attacker.get("/api/v1" + p)[:2] for p in pages}
            for _, body in seen.values():
                body.pop("instance", None)  # of a refusal: the request's id
            return seen

        before = look()
        made = [attacker.battle() for _ in range(4)]
        self.assertEqual(look(), before)
        stranger = Attacker(self.server, 998)
        for s in made:
            for method, path, body in (("GET", "", None), ("GET", "/events", None),
                                       ("POST", "/judgments", {"answers": [{"question": "overall", "value": "a"}]}),
                                       ("POST", "/withdrawal", {})):
                status, answer, _ = stranger.ask(method, f"/api/v1/battles/{s['id']}{path}", body,
                                                 {"Idempotency-Key": str(uuid.uuid4())})
                self.assertEqual((status, answer["type"]), (404, "/problems/not-found"))


if __name__ == "__main__":
    main("integration.blindness")
