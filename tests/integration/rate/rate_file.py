"""agon rate --from: the command as a person or a script uses it, without a database."""

import json
import os
import random
import subprocess
import tempfile
import unittest
from pathlib import Path

AGON = os.environ["AGON_BINARY"]
GOLDEN = Path(__file__).resolve().parents[2] / "unit/offline/golden"
VOTES = str(GOLDEN / "votes.csv")


def rate(*flags, stdin=b""):
    done = subprocess.run([AGON, "rate", *flags], input=stdin, capture_output=True, timeout=60,
                          env={"PATH": os.environ["PATH"]})
    return done.returncode, done.stdout.decode(), done.stderr.decode()


class RateFile(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory(prefix="agon_rate_")
        self.addCleanup(self.folder.cleanup)

    def file(self, name, text):
        path = Path(self.folder.name) / name
        path.write_bytes(text.encode())
        return str(path)

    def refused(self, message, *flags, status=1):
        code, out, err = rate(*flags)
        self.assertEqual((code, out), (status, ""), err)
        self.assertIn(message, err)

    def test_prints_the_golden_boards(self):
        anchored = ["--from", VOTES, "--anchor", "Delta|4=1000"]
        segments = ["--from", VOTES, "--segment", "language", "--both-bad", "tie"]
        elo = ["--from", VOTES, "--method", "elo"]
        for flags, name, endings in ((anchored, "bradley_terry", "txt csv json md"),
                                     (segments, "segments", "txt csv json md"),
                                     (elo, "elo", "txt csv")):
            for ending in endings.split():
                with self.subTest(name=name, ending=ending):
                    kind = "table" if ending == "txt" else ending
                    code, out, err = rate(*flags, "--format", kind)
                    self.assertEqual((code, err), (0, ""))
                    self.assertEqual(out, (GOLDEN / f"{name}.{ending}").read_bytes().decode())

    def test_standard_input_gives_the_same_as_the_file(self):
        text = Path(VOTES).read_bytes()
        from_file = rate("--from", VOTES, "--format", "json")
        self.assertEqual(rate("--from", "-", "--format", "json", stdin=text), from_file)
        tabs = b"left\tright\twinner\nx\ty\ttie\n"
        code, out, _ = rate("--from", "-", "--input", "tsv", "--format", "csv", stdin=tabs)
        self.assertEqual(code, 0)
        self.assertIn("\nx,1000.000,", out)

    def test_json_has_what_programs_ask_for(self):
        _, out, _ = rate("--from", VOTES, "--format", "json")
        board = json.loads(out)
        self.assertEqual((board["method"], board["votes"]), ("bradley_terry", 162))
        for entry in board["entries"]:
            self.assertLessEqual({"system", "score", "lower", "upper", "rank_lower", "rank_upper",
                                  "votes"}, set(entry))

    def test_every_method_that_help_names_gives_a_board(self):
        code, text, _ = rate("--help")
        self.assertEqual(code, 0)
        methods = text[text.index("--method"):].split("{", 1)[1].split("}", 1)[0].split(",")
        self.assertIn("davidson", methods)
        for method in methods:
            with self.subTest(method=method):
                code, out, err = rate("--from", VOTES, "--method", method, "--format", "json")
                self.assertEqual((code, err), (0, ""))
                self.assertEqual(json.loads(out)["method"], method.replace("-", "_"))

    def test_context_is_taken_out_of_the_scores(self):
        # Equals, of which x writes at length: in three votes of four the longer output wins.
        luck = random.Random(5)
        rows = ["model_a,model_b,winner,len_a,len_b"]
        for _ in range(2000):
            first, second = ("x", "y") if luck.random() < 0.5 else ("y", "x")
            longer = (0 if first == "x" else 1) if luck.random() < 0.7 else luck.randrange(2)
            best = longer if luck.random() < 0.75 else 1 - longer
            lengths = "40,20" if longer == 0 else "20,40"
            rows.append(f"{first},{second},{('model_a', 'model_b')[best]},{lengths}")
        votes = self.file("v.csv", "\n".join(rows) + "\n")
        _, out, _ = rate("--from", votes, "--format", "json")
        plain = {e["system"]: e["score"] for e in json.loads(out)["entries"]}
        code, out, err = rate("--from", votes, "--method", "contextual", "--style", "length=len_a,len_b",
                              "--format", "json")
        self.assertEqual((code, err), (0, ""))
        board = json.loads(out)
        scores = {e["system"]: e["score"] for e in board["entries"]}
        self.assertLess(abs(scores["x"] - scores["y"]), abs(plain["x"] - plain["y"]) / 2)
        self.assertEqual([p["name"] for p in board["parameters"]], ["length", "side"])
        self.assertGreater(board["parameters"][0]["lower"], 0)
        _, table, _ = rate("--from", votes, "--method", "contextual", "--style", "length=len_a,len_b")
        self.assertRegex(table, r"\nlength: \d+\.\d{3} \(")
        self.refused("are for --method contextual", "--from", votes, "--no-side-bias", status=2)
        self.refused('no number in "winner"', "--from", votes, "--method", "contextual", "--feature", "winner")
        code, _, err = rate("--from", votes, "--method", "contextual", "--style", "length")
        self.assertIn("NAME=COLUMN_A,COLUMN_B", err)

    def test_a_bootstrap_is_the_same_for_the_same_seed(self):
        flags = ["--from", VOTES, "--format", "json", "--bootstrap", "200", "--seed"]
        once, again, other = (rate(*flags, seed)[1] for seed in ("1", "1", "2"))
        self.assertEqual(once, again)
        self.assertNotEqual(once, other)
        plain = json.loads(rate("--from", VOTES, "--format", "json")[1])
        board = json.loads(once)
        self.assertEqual([e["score"] for e in board["entries"] if e["score"]],
                         [e["score"] for e in plain["entries"] if e["score"]])
        self.assertNotEqual(board["entries"][0]["lower"], plain["entries"][0]["lower"])

    def test_what_is_no_vote_is_refused_with_its_line(self):
        votes = self.file("v.csv", "model_a,model_b,winner\nx,y,tie\nx,y,draw?\n")
        self.refused('v.csv, line 3: unknown outcome "draw?"', "--from", votes)
        same = self.file("s.csv", "model_a,model_b,winner\nx,x,tie\n")
        self.refused("line 2: a system against itself", "--from", same)
        short = self.file("f.csv", "model_a,model_b,winner\r\nx,y\r\n")
        self.refused("line 2: fewer fields", "--from", short)
        lines = self.file("v.jsonl", '{"left":"x","right":"y","winner":"left"}\n{"left":\n')
        self.refused("line 2: is cut off", "--from", lines)
        Path(votes).write_bytes(b"left,right,winner\nx,y,left\nx,\xff,left\n")
        self.refused("line 3: is not valid UTF-8", "--from", votes)

    def test_rows_without_an_outcome_are_told(self):
        votes = self.file("v.csv", "system_a,system_b,preference\nx,y,TIE\nx,y,\n")
        self.refused("line 3: no outcome (--skip-unjudged", "--from", votes)
        code, out, err = rate("--from", votes, "--skip-unjudged", "--format", "csv")
        self.assertEqual(code, 0)
        self.assertIn("left out 1 row", err)
        self.assertIn("x,1000.000,", out)

    def test_rankings_of_several_by_plackett_luce(self):
        flags = ["--from", "-", "--method", "plackett-luce", "--ranking", "order", "--format", "json"]
        rows = ["a > b > c", "b > c > a", "c = a > b", "a > c", "b > a = c", "c > b > a"] * 20
        text = ("order\n" + "\n".join(rows) + "\n").encode()
        code, out, err = rate(*flags, "--input", "csv", stdin=text)
        self.assertEqual((code, err), (0, ""))
        board = json.loads(out)
        self.assertEqual((board["method"], board["votes"]), ("plackett_luce", 120))
        self.assertEqual({e["status"] for e in board["entries"]}, {"rated"})
        random.Random(5).shuffle(rows)
        lines = "".join(json.dumps({"order": r}) + "\n" for r in rows).encode()
        self.assertEqual(rate(*flags, "--input", "jsonl", stdin=lines)[1], out)
        bad = self.file("bad.csv", "order\na > b\na > a\n")
        self.refused("line 3: no ranking", "--from", bad, "--method", "plackett-luce", "--ranking", "order")
        self.refused("--ranking is for --method plackett-luce", "--from", bad, "--ranking", "order", status=2)

    def test_flags_that_do_not_go_together_are_refused(self):
        self.refused("grounded-rao-kupper", "--from", VOTES, "--both-bad", "model", status=2)
        self.refused("no anchor", "--from", VOTES, "--method", "elo", "--anchor", "Alpha=1", status=2)
        self.refused('anchor "nobody"', "--from", VOTES, "--anchor", "nobody=1")
        for flags in (["--from", VOTES, "--watch"], ["--method", "elo"], ["--anchor", "x"], [],
                      ["--from", VOTES, "--anchor", "Alpha=ten"], ["--from", VOTES, "--format", "x"]):
            with self.subTest(flags=flags):
                code, out, err = rate(*flags)
                self.assertNotEqual(code, 0)
                self.assertEqual(out, "")
                self.assertTrue(err)

    def test_files_that_are_not_there_or_empty(self):
        self.refused("cannot be opened", "--from", str(Path(self.folder.name) / "none.csv"))
        self.refused("is empty", "--from", self.file("e.csv", ""))
        self.refused("has no votes", "--from", self.file("h.csv", "model_a,model_b,winner\n"))
        self.refused("is a folder", "--from", self.folder.name)


if __name__ == "__main__":
    unittest.main()
