"""Arenas whose systems are programs of the test."""

import json
import math
import struct
import uuid
import wave

from .processes import await_true


def write_tone(path, seconds=1.0, rate=16_000):
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(rate)
        out.writeframes(b"".join(struct.pack("<h", int(9000 * math.sin(i / 9)))
                                 for i in range(int(seconds * rate))))
    path.chmod(0o644)
    return path


def command_system(name, *argv, timeout="10s", **more):
    return {"id": name, "name": name.title(), "maker": "Test", "licence": "CC0-1.0", "languages": ["en"],
            "description": f"The system called {name}.", "weight": 1, "adapter": "command",
            "command": {"argv": [str(a) for a in argv], "output": "wav", "timeout": timeout,
                        "memory": "512MiB", "concurrency": 2, **more}}


def write_arena(folder, systems, slug="trial"):
    """An arena file; JSON is YAML, too."""
    purposes = [{"id": "take_part", "label": "I take part.", "required": True},
                {"id": "be_counted", "label": "My votes count.", "required": True},
                {"id": "publish_votes", "label": "My votes may be published."}]
    arena = {
        "id": slug, "title": "Trial", "description": "An arena of a test.", "modality": "audio",
        "prompt_label": "A sentence", "prompt_max": 300, "gate": {"seconds": 1, "fraction": 0.5},
        "sampling": {"policy": "weights"}, "battle_lifetime": "1h",
        "consent": {"title": "Terms", "text": "You take part in a test.", "purposes": purposes},
        "protocol": {"questions": [{"id": "overall", "kind": "comparison", "criterion": "overall",
                                    "label": "Which?"}]},
        "release": {"licence": "CC-BY-4.0", "cool_off_hours": 0, "release_outputs": True},
        "systems": systems, "prompts": ["One, two, three."]}
    return folder.write(f"{slug}.yaml", json.dumps(arena, indent=1))


class Guest:
    """Somebody who agreed to the terms, and asks for battles."""

    def __init__(self, server, slug="trial"):
        self.server, self.slug = server, slug
        terms = server.ask("GET", f"/api/v1/arenas/{slug}")[1]["consent"]
        status, answer, headers = server.ask(
            "POST", f"/api/v1/arenas/{slug}/consent",
            {"text_sha256": terms["sha256"], "purposes": [p["id"] for p in terms["purposes"]]})
        assert status == 200, answer
        self.cookie = {"Cookie": headers["Set-Cookie"].split(";")[0]}

    def ask_for_battle(self, prompt):
        status, battle, _ = self.server.ask("POST", f"/api/v1/arenas/{self.slug}/battles", {"prompt": prompt},
                                            {"Idempotency-Key": str(uuid.uuid4()), **self.cookie})
        assert status == 202, battle
        return battle["id"]

    def see(self, battle):
        status, view, _ = self.server.ask("GET", f"/api/v1/battles/{battle}", headers=self.cookie)
        assert status == 200, view
        return view

    def await_settled(self, battle, seconds=30):
        """The battle once it is ready or failed."""
        def settled():
            view = self.see(battle)
            return view if view["state"] not in ("admitted", "generating") else None
        return await_true(settled, seconds, f"an end of making battle {battle}")
