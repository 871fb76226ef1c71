"""Systems that hang, crash, write nothing or a gigabyte: replaced, recorded, killed."""

from pathlib import Path
import shutil

from scenario import Scenario, main
from tests.instance.arenas import Guest, command_system, write_arena, write_tone
from tests.instance.processes import await_true

HANGS = """#!/bin/sh
trap '' TERM
(trap '' TERM; while :; do sleep 1; done) &
while :; do sleep 1; done
"""
CRASHES = "#!/bin/sh\nkill -SEGV $$\n"
WRITES_NOTHING = "#!/bin/sh\nexit 0\n"
WRITES_A_GIGABYTE = "#!/bin/sh\nexec head -c 1073741824 /dev/zero >\"$1\"\n"

# What agon.output says of each.
BAD = {"hangs": (HANGS, "timeout"), "crashes": (CRASHES, "system-failed"),
       "writes-nothing": (WRITES_NOTHING, "system-failed"),
       "writes-a-gigabyte": (WRITES_A_GIGABYTE, "system-failed")}


class BadSystems(Scenario):
    battles = 0
    arena = "trial"

    def prepare_arenas(self):
        bad = []
        for name, (script, _) in BAD.items():
            program = self.folder.write(name, script)
            program.chmod(0o755)
            bad.append(command_system(name, program, "{output_file}", timeout="1s"))
        tone = write_tone(self.folder.path / "tone.wav")
        good = [command_system(name, shutil.which("cp"), tone, "{output_file}") for name in ("good", "better")]
        return [write_arena(self.folder, good + bad), write_arena(self.folder, bad, "hopeless")]

    def attempts(self, slug):
        """Of each system that failed in the arena: the errors that were recorded."""
        rows = self.db.sql(f"""select distinct s.slug, o.error from agon.output o
            join agon.system s on s.arena_id = o.arena_id and s.id = o.system_id
            join agon.arena a on a.id = o.arena_id
            where a.slug = '{slug}' and o.status = 'failed' order by 1""")
        return dict(row.split("|") for row in rows.splitlines())

    def left_behind(self):
        """Processes of the systems that still run."""
        mark = str(self.folder.path)
        left = []
        for entry in Path("/proc").iterdir():
            if not entry.name.isdigit():
                continue
            try:
                words = (entry / "cmdline").read_bytes().split(b"\0")
            except OSError:
                continue
            if any(w.decode(errors="replace") == f"{mark}/{name}" for w in words for name in BAD):
                left.append(int(entry.name))
        return left

    def test_bad_systems_are_replaced_and_recorded(self):
        ready = 0
        for round_ in range(12):
            guest = Guest(self.server)
            view = guest.await_settled(guest.ask_for_battle(f"Sentence {round_}."))
            self.assertIn(view["state"], ("ready", "failed"))
            ready += view["state"] == "ready"
            seen = self.attempts("trial")
            if len(seen) == len(BAD) and ready:
                break
        self.say(f"{ready} of {round_ + 1} battles became ready; recorded: {seen}")
        self.assertGreater(ready, 0)
        self.assertEqual(seen, {name: error for name, (_, error) in BAD.items()})
        shown = self.db.sql("""select distinct s.slug from agon.output o join agon.system s
            on s.arena_id = o.arena_id and s.id = o.system_id where o.status = 'shown' order by 1""")
        self.assertEqual(shown.split(), ["better", "good"])
        self.clean_afterwards()

    def test_battle_of_bad_systems_alone_fails_and_keeps_its_prompt(self):
        guest = Guest(self.server, "hopeless")
        view = guest.await_settled(guest.ask_for_battle("Nobody speaks this."))
        self.say(f"the battle is {view['state']}: {view.get('failure')}")
        self.assertEqual((view["state"], view["prompt"]), ("failed", "Nobody speaks this."))
        self.assertRegex(view["failure"], r"^[A-Z].*\.$")
        kept = self.db.sql(f"select state, prompt from agon.battle where id = '{view['id']}'")
        self.assertEqual(kept, "failed|Nobody speaks this.")
        self.clean_afterwards()

    def clean_afterwards(self):
        await_true(lambda: not self.left_behind(), 5, "an end of the systems' processes")
        def files():
            return [p for p in self.server.scratch.rglob("*") if p.is_file()]
        await_true(lambda: not files(), 5, "an empty scratch folder")
        self.say("no process and no file of theirs is left")


if __name__ == "__main__":
    main("faults.bad_systems")
