"""The disk of the media folder is full, or not writable: battles fail in plain words."""

import os
import shutil
import subprocess

from scenario import Scenario, main
from tests.instance.arenas import Guest, command_system, write_arena, write_tone


class MediaFull(Scenario):
    battles = 0
    arena = "trial"
    flags = ("--media-reserve", "0")

    def prepare_arenas(self):
        tone = write_tone(self.folder.path / "tone.wav")
        systems = [command_system(name, shutil.which("cp"), tone, "{output_file}") for name in ("one", "two")]
        return [write_arena(self.folder, systems)]

    def fails_and_recovers(self, break_it, mend_it):
        guest = Guest(self.server)
        self.assertEqual(guest.await_settled(guest.ask_for_battle("Before."))["state"], "ready")
        break_it()
        failed = guest.await_settled(guest.ask_for_battle("Meanwhile."))
        self.say(f"the battle is {failed['state']}: {failed.get('failure')}")
        self.assertEqual(failed["state"], "failed")
        self.assertEqual(failed["prompt"], "Meanwhile.")
        self.assertEqual(failed["slots"], [])
        for internal in (str(self.folder.path), "errno", "denied", "No space", "filesystem"):
            self.assertNotIn(internal, failed["failure"])
        self.assertRegex(failed["failure"], r"^[A-Z].*\.$")
        self.assertEqual(self.server.ask("GET", "/readyz")[0], 200)
        mend_it()
        self.assertEqual(guest.await_settled(guest.ask_for_battle("After."))["state"], "ready")
        parts = [p.name for p in self.server.media.rglob("*.part")]
        self.assertEqual(parts, [], "half a file was left behind")
        self.say("the next battle is ready, and no half file is left")

    def test_unwritable_media_folder_fails_the_battle_in_plain_words(self):
        folders = lambda: [self.server.media, *[p for p in self.server.media.rglob("*") if p.is_dir()]]  # noqa: E731
        def mode(bits):
            for path in folders():
                path.chmod(bits)
        self.addCleanup(mode, 0o700)
        self.fails_and_recovers(lambda: mode(0o500), lambda: mode(0o700))

    def test_full_disk_fails_the_battle_in_plain_words(self):
        media, owner = self.server.media, os.stat(self.server.media)
        mount = ["mount", "-t", "tmpfs", "-o",
                 f"size=4m,mode=700,uid={owner.st_uid},gid={owner.st_gid}", "tmpfs", str(media)]
        if subprocess.run(mount, capture_output=True, check=False).returncode != 0:
            self.skipTest("a disk of its own cannot be mounted here")
        self.addCleanup(subprocess.run, ["umount", "-l", str(media)], check=False)
        fill = media / "fill"
        def fill_up():
            with open(fill, "wb", buffering=0) as out:
                try:
                    while out.write(b"\0" * 4096):
                        pass
                except OSError:
                    pass
        self.fails_and_recovers(fill_up, fill.unlink)


class MediaNearlyFull(Scenario):
    """Outputs must not fill the disk on which the votes are kept."""

    battles = 1000
    flags = ("--media-reserve", str(1 << 30))  # MiB: more than any disk has

    def test_no_battles_are_made_and_votes_are_taken(self):
        guest = Guest(self.server, self.arena)
        status, problem, headers = self.server.ask(
            "POST", f"/api/v1/arenas/{self.arena}/battles", {"prompt": "Hello."},
            {"Idempotency-Key": "key-00001", **guest.cookie})
        self.assertEqual((status, problem["type"]), (503, "/problems/overloaded"))
        self.assertIn("Retry-After", headers)
        self.assertEqual(self.db.sql("select count(*) from agon.battle_request").strip(), "0")
        voters = self.vote(threads=2)
        voters.await_votes(50)
        self.settle(voters)


if __name__ == "__main__":
    main("faults.media_full")
