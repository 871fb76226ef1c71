"""./agon where something is in its way: one clear sentence, and nothing begun."""

import os
import socket
import subprocess
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
PARTS = ROOT / "docker/launcher"


class Launcher(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory(prefix="agon_launcher_")
        self.addCleanup(self.folder.cleanup)
        self.state = Path(self.folder.name) / "var"

    def agon(self, *words):
        done = subprocess.run([ROOT / "agon", *words], capture_output=True, text=True, timeout=60,
                              stdin=subprocess.DEVNULL,
                              env={"PATH": os.environ["PATH"], "AGON_VAR": str(self.state)})
        return done.returncode, done.stdout, done.stderr

    def refused(self, sentence, *words):
        code, out, err = self.agon(*words)
        self.assertEqual((code, out), (1, ""))
        self.assertRegex(err, f"^agon: {sentence}\n$")
        self.assertFalse(self.state.exists())

    def bash(self, script, *words, user=(), path=None):
        """A script that has the launcher's parts, in a checkout of its own."""
        sources = "".join(f"source {PARTS}/{part}.sh\n"
                          for part in ("say", "packages", "ports", "process", "build"))
        done = subprocess.run([*user, "/bin/bash", "-Eeuc", f"root=$1\n{sources}shift\n{script}", "bash",
                               self.folder.name, *words], capture_output=True, text=True, timeout=60,
                              stdin=subprocess.DEVNULL, env={"PATH": path or os.environ["PATH"]})
        return done.returncode, done.stdout, done.stderr

    def test_words_that_it_does_not_know_are_named(self):
        self.refused("There is no command 'serv'; ./agon --help lists them.", "serv")
        self.refused("up knows --port N, --detach and --database-only, not '--prot'; .*", "up", "--prot")
        self.refused("logs knows serve, rate, release, postgres, redis and -f, not 'web'.", "logs", "web")
        self.refused("There is no instance yet; start with ./agon up.", "release", "list")

    def test_a_port_is_a_number_that_users_may_have(self):
        for words in (["--port"], ["--port="], ["--port", ""], ["--port", "x"], ["--port", "65536"]):
            with self.subTest(words=words):
                self.refused("--port takes a number from 1 to 65535.*", "up", *words)

    def test_a_port_in_use_is_told_with_its_holder_and_a_free_one(self):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            port = taken.getsockname()[1]
            self.refused(rf"Port {port} is in use by python3\S* \(process {os.getpid()}\); "
                         r"choose another: ./agon up --port \d+", "up", "--detach", "--port", str(port))

    def test_what_does_not_run_is_told_and_stopped_without_complaint(self):
        self.assertEqual(self.agon("status"), (3, "Agon is not running.\n", ""))
        self.assertEqual(self.agon("down"), (0, "Agon is not running.\n", ""))

    def test_a_full_disk_is_told_before_a_step_and_after_it(self):
        code, _, err = self.bash('require_disk / 999999999 "the database"')
        self.assertEqual(code, 1)
        self.assertRegex(err, r"^agon: The disk of / is nearly full: the database needs about 999999999 MB, "
                              r"\d+ MB are free.\n$")
        log = Path(self.folder.name) / "log"
        log.write_text("ld: error: cannot write: No space left on device\n")
        code, _, err = self.bash('step_begin build; step_fail "The build failed." "$1"', str(log))
        self.assertEqual((code, err), (1, "agon: The build failed. The disk is full.\n"))
        log.write_text("error: expected ';'\n")
        code, _, err = self.bash('step_begin build; step_fail "The build failed." "$1"', str(log))
        self.assertEqual((code, err), (1, "agon: The build failed.\n"))

    @unittest.skipUnless(os.geteuid() == 0, "only root can become somebody without rights")
    def test_without_rights_and_sudo_the_command_for_root_is_told(self):
        nobody = ["/usr/bin/setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--"]
        with tempfile.TemporaryDirectory(dir="/tmp") as empty:
            code, _, err = self.bash('step_begin packages; become_root_command "apt-get install x"',
                                     user=nobody, path=empty)
        if "Permission denied" in err:
            self.skipTest("nobody cannot enter this checkout")
        self.assertEqual((code, err), (1, "agon: Packages are missing and there is no sudo here; "
                                          "run this as root, then start again: apt-get install x\n"))

    def test_a_second_build_waits_for_the_first(self):
        build = Path(self.folder.name) / "build"
        build.mkdir()
        order = build / "order"
        code, out, err = self.bash("""
            lock_build
            (unlock_build; lock_build; echo second >>"$1") >"$1.out" &
            until [[ -s $1.out ]]; do sleep 0.01; done
            echo first >>"$1"
            unlock_build
            wait $!
            cat "$1.out" """, str(order))
        self.assertEqual((code, err), (0, ""))
        self.assertIn("Another ./agon builds here; waiting for it.", out)
        self.assertEqual(order.read_text(), "first\nsecond\n")

    def test_a_number_given_to_another_process_is_not_taken_for_ours(self):
        record = Path(self.folder.name) / "serve.pid"
        ask = 'if recorded_process "$1"; then echo "$pid"; else echo none; fi'
        self.bash('record_process "$1" "$PPID"', str(record))
        self.assertEqual(self.bash(ask, str(record))[1], f"{os.getpid()}\n")
        pid, start, boot = record.read_text().split()
        for other in (f"{pid} {int(start) + 1} {boot}", f"{pid} {start} {boot[::-1]}", f"{pid}", ""):
            with self.subTest(other=other):
                record.write_text(other + "\n")
                self.assertEqual(self.bash(ask, str(record))[1], "none\n")


if __name__ == "__main__":
    unittest.main()
