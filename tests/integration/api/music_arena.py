"""Music Arena's gateway API over the wire: what its curl client and its front end do, in their
order, with their bodies, and with their demands on the answers; and what its lack of tokens must
not allow."""

import dataclasses
import http.client
import json
import shutil
import sys
import time
import urllib.request
import uuid
from typing import Any, Optional

import contract
from blindness import KINDS, SURE, VOICE, number_of, samples
from tests.faults.scenario import Scenario, main
from tests.instance.arenas import Guest, command_system, write_arena, write_tone

TERMS = "3858f62230ac3c915f300c664312c63f"
REQUEST = {"properties": {
    "instrumental": {"type": "boolean", "default": True},
    "lyrics": {"type": "string", "maxLength": 500, "x-unless": "instrumental"},
    "duration": {"type": "integer", "minimum": 1, "maximum": 60, "default": 5}}}
PROMPTS = ["A waltz for two flutes", "A café at dawn, instrumental"]


# Their data classes, as far as the front end builds them from answers: a member too many raises.
@dataclasses.dataclass
class SystemKey:
    system_tag: str
    variant_tag: str


@dataclasses.dataclass
class DetailedPrompt:
    overall_prompt: str
    instrumental: bool
    lyrics: Optional[str] = None
    duration: Optional[float] = None

    def __post_init__(self):
        assert not (self.instrumental and self.lyrics is not None)


@dataclasses.dataclass
class Metadata:
    system_key: Optional[Any] = None
    system_git_hash: Optional[str] = None
    system_time_queued: Optional[float] = None
    system_time_started: Optional[float] = None
    system_time_completed: Optional[float] = None
    gateway_time_started: Optional[float] = None
    gateway_time_completed: Optional[float] = None
    gateway_num_retries: Optional[int] = None
    size_bytes: Optional[int] = None
    lyrics: Optional[str] = None
    sample_rate: Optional[int] = None
    num_channels: Optional[int] = None
    duration: Optional[float] = None
    checksum: Optional[str] = None


@dataclasses.dataclass
class Battle:
    uuid: Optional[str] = None
    gateway_git_hash: Optional[str] = None
    prompt: Optional[Any] = None
    prompt_detailed: Optional[Any] = None
    prompt_user: Optional[Any] = None
    prompt_session: Optional[Any] = None
    prompt_prebaked: bool = False
    prompt_routed: bool = False
    a_audio_url: Optional[str] = None
    a_metadata: Optional[Any] = None
    b_audio_url: Optional[str] = None
    b_metadata: Optional[Any] = None
    vote: Optional[Any] = None
    vote_user: Optional[Any] = None
    vote_session: Optional[Any] = None
    timings: list = dataclasses.field(default_factory=list)


class FrontEnd:
    """One visitor of their page: the session, the salted address, and the calls in their order."""

    def __init__(self, server, address="d2f1", terms=TERMS):
        self.server = server
        self.session = {"deployment": None, "uuid": str(uuid.uuid4()), "create_time": time.time(),
                        "frontend_git_hash": "5f2d", "ack_tos": terms, "new_battle_times": [time.time()]}
        self.user = {"ip": None, "salted_ip": address, "fingerprint": None, "salted_fingerprint": None}

    def ask(self, method, path, body=None, headers=None):
        status, answer, got = self.server.ask(method, path, body, headers, seconds=60)
        contract.check_answer(method, path, status, answer, got)
        assert "Set-Cookie" not in got, "no session comes of their API"
        return status, answer

    def systems(self):
        status, answer = self.ask("GET", "/systems", headers={"User-Agent": "python-requests/2.32"})
        assert status == 200
        return [SystemKey(**key) for key in answer]

    def prebaked(self):
        status, answer = self.ask("GET", "/prebaked")
        assert status == 200
        return {checksum: DetailedPrompt(**prompt) for checksum, prompt in answer.items()}

    def post_battle(self, prompt=None, detailed=None, headers=None):
        return self.ask("POST", "/generate_battle", {
            "session": self.session, "user": self.user,
            "prompt": None if prompt is None else {"prompt": prompt},
            "prompt_detailed": None if detailed is None else dataclasses.asdict(detailed)}, headers)

    def generate(self, prompt=None, detailed=None):
        status, answer = self.post_battle(prompt, detailed)
        assert status == 200, (status, answer)
        battle = Battle(**answer)
        battle.a_metadata, battle.b_metadata = Metadata(**battle.a_metadata), Metadata(**battle.b_metadata)
        battle.prompt_detailed = DetailedPrompt(**battle.prompt_detailed)
        # What handle_generate() asserts and computes.
        assert battle.a_audio_url and battle.b_audio_url and battle.vote is None
        assert battle.a_metadata.system_key is None and battle.b_metadata.system_key is None
        if not battle.prompt_detailed.instrumental and battle.prompt_detailed.lyrics is None:
            assert isinstance("Lyrics: " + battle.a_metadata.lyrics + battle.b_metadata.lyrics, str)
        return battle

    def listen(self, seconds):
        """PLAY, TICKs and PAUSE of one player after the other, really waited for."""
        data = []
        for _ in "ab":
            begun = time.time()
            events = [["PLAY", begun]]
            while time.time() - begun < seconds:
                time.sleep(0.2)
                events.append(["TICK", time.time()])
            data.append(events + [["PAUSE", time.time()]])
        return data

    def post_vote(self, battle, preference, listened=((), ()), **feedback):
        return self.ask("POST", "/record_vote", {
            "session": self.session, "user": self.user, "battle_uuid": battle, "vote": {
                "a_listen_data": list(listened[0]), "b_listen_data": list(listened[1]),
                "preference": preference, "preference_time": time.time(), "feedback": None,
                "a_feedback": None, "b_feedback": None, "feedback_time": None, **feedback}})

    def vote(self, battle, preference, listened, **feedback):
        status, answer = self.post_vote(battle.uuid, preference, listened, **feedback)
        assert status == 200, (status, answer)
        sides = [Metadata(**answer["a_metadata"]), Metadata(**answer["b_metadata"])]
        for side, key in zip(sides, answer["system_keys"]):
            # What handle_vote_success() computes.
            assert side.duration / (side.system_time_completed - side.system_time_started) > 0
            assert side.system_time_started - side.system_time_queued >= 0
            assert SystemKey(**side.system_key) == SystemKey(**key)
        return answer


class Gateway(Scenario):
    battles = 0
    arena = "trial"
    gate = {"seconds": 1, "fraction": 1}
    questions = [{"id": "overall", "kind": "comparison", "criterion": "overall", "label": "Which?"},
                 {"id": "of-a", "kind": "comment", "target": "a", "label": "A?", "max_length": 500},
                 {"id": "of-b", "kind": "comment", "target": "b", "label": "B?", "max_length": 500},
                 {"id": "why", "kind": "comment", "label": "Why?", "max_length": 500}]
    flags = ("--music-arena", "trial", "--music-arena-terms", TERMS, "--trusted-proxy", "127.0.0.1",
             "--music-arena-front-end", "10.9.9.9", "--music-arena-system", "loud=noise:loud")

    def prepare_arenas(self):
        tone = write_tone(self.folder.path / "tone.wav", 3)
        self.folder._own(tone)
        systems = [command_system(name, "cp", tone, "{output_file}") for name in ("loud", "quiet", "other")]
        path = write_arena(self.folder, systems, self.arena)
        arena = json.loads(path.read_text())
        arena.update(request=REQUEST, gate=self.gate, prompts=PROMPTS, protocol={"questions": self.questions})
        path.write_text(json.dumps(arena))
        return [path]

    def page(self, **named):
        return FrontEnd(self.server, **named)

    def rows(self, sql):
        return self.db.sql(sql).splitlines()


class TheirFrontEnd(Gateway):
    def test_a_visit_from_the_terms_to_the_feedback(self):
        page = self.page()
        self.assertEqual({(k.system_tag, k.variant_tag) for k in page.systems()},
                         {("noise", "loud"), ("quiet", "initial"), ("other", "initial")})
        prompts = page.prebaked()
        self.assertEqual(sorted(p.overall_prompt for p in prompts.values()), sorted(PROMPTS))
        surprise = next(iter(prompts.values()))
        battle = page.generate(detailed=surprise)
        self.assertTrue(battle.prompt_prebaked)
        self.assertFalse(battle.prompt_routed)
        for url in (battle.a_audio_url, battle.b_audio_url):
            self.assertTrue(url.startswith(self.server.base + "/media/"), url)
            with urllib.request.urlopen(url, timeout=10) as audio:
                self.assertGreater(len(audio.read()), 10_000)

        status, answer = page.post_vote(battle.uuid, "A")
        self.assertEqual((status, set(answer)), (409, {"detail"}), "nothing was heard")
        listened = page.listen(1.2)
        answer = page.vote(battle, "B", listened)
        self.assertEqual(answer["winner"], answer["system_keys"][1])
        # The feedback comes as the whole vote once more, and once again when a button is pressed twice.
        said = {"a_feedback": "Too loud.", "b_feedback": "", "feedback": "The flutes."}
        for _ in range(2):
            self.assertEqual(page.vote(battle, "B", listened, **said), answer)
        status, refused = page.post_vote(battle.uuid, "A", listened)
        self.assertEqual((status, set(refused)), (409, {"detail"}), "one vote per battle, and it stays")

        self.assertEqual(self.rows("select question, winner from agon.judgment order by question"),
                         ["of-a|", "overall|1", "why|"])
        self.assertEqual(self.rows("select count(*) from agon.judgment where body like '%Too loud.%'"), ["1"])
        heard = self.db.sql("select heard_seconds[1] >= 1 and heard_seconds[2] >= 1 and gate_met_at is not null from agon.battle")
        self.assertEqual(heard, "t")
        names = self.db.sql("select string_agg(s.slug, '|' order by o.n) from agon.battle b, unnest(b.slot_system)"
                            " with ordinality o(id, n) join agon.system s on s.id = o.id").split("|")
        tags = {"noise": "loud"}
        self.assertEqual([tags.get(k["system_tag"], k["system_tag"]) for k in answer["system_keys"]], names)

    def test_a_typed_prompt_is_routed_and_asked_again_as_it_was_routed(self):
        page = self.page()
        battle = page.generate("A song of 12 seconds with lyrics about the sea")
        self.assertTrue(battle.prompt_routed)
        self.assertEqual(battle.prompt_detailed.duration, 12)
        again = page.generate(detailed=battle.prompt_detailed)
        self.assertEqual(again.prompt_detailed, battle.prompt_detailed)
        self.assertFalse(again.prompt_prebaked, "what a person typed is not the arena's own")

    def test_refusals_have_the_statuses_that_it_tells_apart(self):
        page = self.page()
        status, answer = page.post_battle("how to build a bomb out of zebras")
        self.assertEqual((status, answer), (406, {"detail": "illegal"}) if answer["detail"] == "illegal"
                         else (406, {"detail": "violence"}))
        self.assertNotIn("zebras", self.db.sql("select coalesce(string_agg(b::text, ''), '') from agon.battle b"))
        self.assertEqual(page.post_battle("x" * 2000)[0], 400)
        for session in ({**page.session, "ack_tos": None}, {**page.session, "uuid": None}, None):
            status, answer = page.ask("POST", "/generate_battle", {
                "session": session, "user": page.user, "prompt": {"prompt": "A waltz"}})
            self.assertEqual((status, list(answer)), (400, ["detail"]))
        status, _ = page.ask("POST", "/generate_battle", {
            "session": {**page.session, "ack_tos": False}, "user": page.user, "prompt": {"prompt": "A waltz"}})
        self.assertEqual(status, 403)
        self.assertEqual(page.post_vote(str(uuid.uuid4()), "A")[0], 404)
        self.assertEqual(page.post_vote("nonsense", "A")[0], 404)
        for path in ("/health", "/health_check"):
            self.assertEqual(page.ask("GET", path), (200, {"status": "ok"}))

    def test_terms_are_consent_and_only_those_that_say_so_publish(self):
        named, bare = self.page(), self.page(terms=True)
        mine, other = named.generate("One"), bare.generate("Two")
        purposes = dict(row.split("|") for row in self.rows("select id, array_to_string(purposes, ' ') from agon.battle"))
        self.assertEqual(purposes, {mine.uuid: "be_counted publish_votes take_part", other.uuid: "be_counted take_part"})
        named.generate("Three")
        self.assertEqual(self.db.number("select count(*) from person.consent"), 2, "each consent is kept once")


class TheirCurlClient(Gateway):
    # It claims two seconds of each side from before the battle was made.
    gate = {"seconds": 0}

    def curl(self, method, path, body=None):
        """Its requests, and how it reads the answers: jq's .[0] and .[1] of each system."""
        return self.server.ask(method, path, body, {"User-Agent": "curl/7.88.1", "Accept": "*/*"}, seconds=60)

    def test_its_four_steps(self):
        status, systems, _ = self.curl("GET", "/systems")
        self.assertEqual((status, sorted(f"{s[0]}:{s[1]}" for s in systems)),
                         (200, ["noise:loud", "other:initial", "quiet:initial"]))
        status, prompts, _ = self.curl("GET", "/prebaked")
        self.assertEqual((status, len(prompts), "detail" in prompts), (200, 2, False))
        session = {"uuid": str(uuid.uuid4()), "create_time": time.time(), "frontend_git_hash": "", "ack_tos": True}
        user = {"salted_ip": "5f4dcc3b", "salted_fingerprint": "1a1dc91c"}
        status, battle, _ = self.curl("POST", "/generate_battle", {
            "session": session, "user": user,
            "prompt": {"prompt": "Generate a relaxing ambient soundscape with soft piano"}})
        self.assertEqual(status, 200, battle)
        for url in (battle["a_audio_url"], battle["b_audio_url"]):
            with urllib.request.urlopen(url, timeout=10) as audio:
                self.assertGreater(len(audio.read()), 10_000)
        self.assertNotIn("system_tag", battle["a_metadata"])
        now = time.time()
        status, answer, _ = self.curl("POST", "/record_vote", {
            "session": {**session, "frontend_git_hash": "test-git-hash"}, "user": user,
            "battle_uuid": battle["uuid"], "vote": {
                "preference": "TIE", "preference_time": now,
                "a_listen_data": [["PLAY", now - 10], ["PAUSE", now - 8]],
                "b_listen_data": [["PLAY", now - 5], ["PAUSE", now - 3]],
                "a_feedback": "Sounds good", "b_feedback": "Also nice"}})
        self.assertEqual((status, answer["winner"], len(answer["system_keys"])), (200, None, 2), answer)
        self.assertEqual(self.rows("select question, winner from agon.judgment order by 1"),
                         ["of-a|", "of-b|", "overall|2"])


class WithoutTokens(Gateway):
    """What an API without tokens must not allow."""

    def test_nobody_votes_on_the_battle_of_another(self):
        page = self.page()
        battle = page.generate("A waltz")
        listened = page.listen(1.2)
        for change in ({"session": {**page.session, "uuid": str(uuid.uuid4())}},
                       {"user": {**page.user, "salted_ip": "other"}}):
            other = self.page()
            other.session, other.user = page.session, page.user
            other.__dict__.update(change)
            self.assertEqual(other.post_vote(battle.uuid, "A", listened), (404, {"detail": "Battle not found."}))
        # Nor by Agon's own API, nor theirs on a battle of Agon's own.
        guest = Guest(self.server)
        answers = {"answers": [{"question": "overall", "value": "a"}]}
        events = {"events": [{"sequence": 0, "slot": "a", "kind": "play", "position": 0, "at": "2026-01-01T00:00:00Z"}]}
        for method, path, body in (("GET", "", None), ("POST", "/judgments", answers), ("POST", "/exposures", events)):
            status, _, _ = self.server.ask(method, f"/api/v1/battles/{battle.uuid}{path}", body,
                                           {"Idempotency-Key": str(uuid.uuid4()), **guest.cookie})
            self.assertEqual(status, 404, path)
        own = guest.await_settled(guest.ask_for_battle("Mine"))
        self.assertEqual(page.post_vote(own["id"], "A", listened)[0], 404)
        self.assertEqual(self.db.number("select count(*) from agon.judgment"), 0)
        page.vote(battle, "A", listened)

    def test_a_page_of_another_site_cannot_call_it(self):
        page = self.page()
        body = {"session": page.session, "user": page.user, "prompt": {"prompt": "A waltz"}}
        for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
            status, answer, _ = self.server.ask("POST", "/generate_battle", body, headers)
            self.assertEqual((status, answer["type"]), (403, "/problems/cross-site-refused"))
        status, answer, _ = self.server.ask("POST", "/generate_battle", body, {"Content-Type": "text/plain"})
        self.assertEqual(status, 415)
        self.assertEqual(self.db.number("select count(*) from agon.battle"), 0)

    def test_a_cookie_means_nothing_to_it(self):
        guest = Guest(self.server)
        page = self.page()
        status, _ = page.post_battle("A waltz", headers=guest.cookie)
        self.assertEqual(status, 200)
        self.assertEqual(self.db.number("select count(distinct participant_id) from agon.battle"), 1)
        self.assertEqual(self.db.number("select count(*) from person.participant"), 2, "one of each way in")

    def test_hearing_cannot_be_claimed_faster_than_time_passes(self):
        page = self.page()
        battle = page.generate("A waltz")
        now = time.time()
        claimed = [[["PLAY", now - 60], ["PAUSE", now - 30]], [["PLAY", now - 30], ["PAUSE", now]]]
        status, answer = page.post_vote(battle.uuid, "A", claimed)
        self.assertEqual((status, list(answer)), (409, ["detail"]))
        self.assertNotIn("noise", json.dumps(answer))

    def test_invented_sessions_stay_within_the_limits_of_their_address(self):
        for address in ("10.1.1.1", "2001:db8:1:2::%x"):
            statuses = []
            for n in range(75):
                status, _ = self.page(address=f"invented-{n}").post_battle(
                    "x" * 400, headers={"X-Forwarded-For": address % n if "%" in address else address})
                statuses.append(status)
            self.assertEqual(set(statuses), {400, 429}, address)
        # A front end that the operator named is many people: its users have limits of their own.
        for n in range(75):
            status, _ = self.page(address=f"user-{n}").post_battle("x" * 400, headers={"X-Forwarded-For": "10.9.9.9"})
            self.assertEqual(status, 400)
        again = [self.page(address="one").post_battle("x" * 400, headers={"X-Forwarded-For": "10.9.9.9"})[0]
                 for _ in range(75)]
        self.assertIn(429, again)

    def test_nonsense_is_answered_and_nothing_more(self):
        page = self.page()
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=10)
        bodies = [b"", b"{", b"[]", b"null", b'{"session": ' * 40, b'{"a":1,"a":2}', b"\xff\xfe", b'{"session":{},"user":{}}',
                  json.dumps({"session": page.session, "user": [], "prompt": 3}).encode(), b"[" * 5000]
        for path in ("/generate_battle", "/record_vote"):
            for body in bodies:
                connection.request("POST", path, body, {"Content-Type": "application/json"})
                answer = connection.getresponse()
                text = answer.read()
                self.assertEqual((answer.status, list(json.loads(text))), (400, ["detail"]), (path, body[:30], text))
            connection.request("POST", path, b" " * 300_000, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            answer.read()
            self.assertEqual(answer.status, 413)
            connection.close()


class Blind(Scenario):
    """An attacker at this door: as blindness.py, with what this API tells."""

    battles = 0
    arena = "blind"
    flags = ("--music-arena", "blind", "--trusted-proxy", "127.0.0.1")
    count = 60

    def prepare_arenas(self):
        voice = self.folder.write("voice.py", VOICE)
        python = shutil.which("python3", path="/usr/bin:/bin") or sys.executable
        systems = [command_system(k, python, voice, k, "{prompt_file}", "{output_file}") for k in KINDS]
        systems[-1]["weight"] = 0.3
        return (write_arena(self.folder, systems, "blind"),)

    def look(self, number):
        """One battle: its answer, and both recordings as they come."""
        page = FrontEnd(self.server, address=f"user-{number}")
        status, answer = page.post_battle(f"Sentence number {number % 12} of this test.",
                                          headers={"X-Forwarded-For": f"10.3.{number // 200}.{number % 200}"})
        self.assertEqual(status, 200, answer)
        slots = []
        for side in "ab":
            with urllib.request.urlopen(answer[f"{side}_audio_url"], timeout=10) as audio:
                slots.append((audio.read(), dict(audio.headers.items()), answer[f"{side}_audio_url"]))
        refused = page.post_vote(answer["uuid"], "A")
        return answer, slots, refused

    def test_nothing_names_a_system_and_nothing_tells_the_sides_apart(self):
        names = dict(row.split("|") for row in self.db.sql("select id, slug from agon.system").splitlines())
        signs = {}
        shapes = set()
        for number in range(self.count):
            answer, slots, refused = self.look(number)
            told = json.dumps([answer, refused, [s[1:] for s in slots]]).lower()
            for word in (*KINDS, "i am", "voice.py", "last-modified"):
                self.assertNotIn(f'"{word}"' if word in ("slow", "quick") else word, told)
            self.assertEqual(answer["a_metadata"], answer["b_metadata"])
            self.assertEqual({v for v in answer["a_metadata"].values()}, {None} | ({""} & set(answer["a_metadata"].values())))
            self.assertEqual(refused[0], 409)
            for _, headers, _ in slots:
                shapes.add(tuple((n, v) for n, v in headers.items()
                                 if n.lower() not in ("date", "x-request-id", "etag", "content-length")))
            pair = self.db.sql(f"select slot_system[1], slot_system[2] from agon.battle where id = '{answer['uuid']}'").split("|")
            values = [{"name": number_of(url.rsplit("/", 1)[1]), "bytes": len(body),
                       "level": sum(s * s for s in samples(body)) // len(samples(body)) // 4000}
                      for body, _, url in slots]
            for own, system in enumerate(pair):
                for feature, value in values[own].items():
                    signs.setdefault((names[system], feature), []).append(
                        (value > values[1 - own][feature]) - (value < values[1 - own][feature]))
        self.assertEqual(len(shapes), 1, shapes)
        worst = max((abs(sum(all_of)) / max(1, sum(map(abs, all_of))) ** 0.5, key) for key, all_of in signs.items())
        self.say(f"the best guess: z = {worst[0]:.1f} by {worst[1]}")
        self.assertLess(worst[0], SURE)


if __name__ == "__main__":
    main("integration.music_arena")
