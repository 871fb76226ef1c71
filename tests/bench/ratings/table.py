#!/usr/bin/env python3
"""Prints how long boards take, beside the peers that Debian can run, in one call.

  tests/bench/ratings/table.py [--build build/release] [--peers FOLDER] [--runs N]

Needs agon and agon_ratings_benchmark of a release build, and the published votes (see
AGON_SHARED_DATA). Peers are unpacked into FOLDER by peers.sh, never installed; without
FOLDER they are left out. Compare ratios, not seconds, on a machine that others use too.
"""
import argparse
import csv
import json
import os
import random
import subprocess
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
DATA = Path(os.environ.get("AGON_SHARED_DATA", ROOT / "../shared/data"))

# What is measured: row of the table, benchmark, goal in seconds.
ROWS = [
    ("1.67 M votes (ids), 129 systems: scores, intervals, ranks", "real_ids_to_board", 0.005),
    ("the same from tallies kept", "real_tally_to_board/1", 0.002),
    ("5 M votes (ids), 300 systems, all", "five_million_of_300_to_board/2", 0.025),
    ("bootstrap of 100, 1.67 M votes", "real_bootstrap_of_100/0", 0.2),
    ("bootstrap of 100, 5 M votes, 300 systems", "five_million_of_300_bootstrap_of_100", 1.7),
    ("with style, 1 M votes, 100 systems, 4 features",
     "million_of_100_contextual_with_4_features/2", 0.15),
    ("scores alone of 5,000 systems from tallies", "scores_alone_of_5000_systems/5000000", 1.0),
]
GROWTH = [f"tally_of_100_by_votes/{n}" for n in (100_000, 1_000_000, 10_000_000)]


def seconds(s):
    return f"{s:.2f} s" if s >= 1 else f"{s * 1e3:.2f} ms" if s < 0.1 else f"{s * 1e3:.0f} ms"


def benchmarks(binary, runs):
    names = [b for _, b, _ in ROWS] + GROWTH
    out = subprocess.run(
        [binary, "--benchmark_format=json", f"--benchmark_repetitions={runs}",
         "--benchmark_filter=^(" + "|".join(names) + ")(/real_time)?$"],
        check=True, capture_output=True, text=True).stdout
    best = {}
    for b in json.loads(out)["benchmarks"]:
        if b.get("run_type") != "iteration" or b.get("error_occurred"):
            continue
        name = b["run_name"].removesuffix("/real_time")
        unit = {"ns": 1e-9, "us": 1e-6, "ms": 1e-3, "s": 1}[b["time_unit"]]
        best[name] = min(best.get(name, 1e9), b["real_time"] * unit)
    return best


def published():
    given = json.loads((DATA / "votes/chatbotarena_20240814.json").read_text())
    pairs = [(a, b, *y) for (a, b), y in zip(given["X"], given["Y"])]
    return given["models"], pairs


def write_votes(path, names, pairs):
    rows = []
    for a, b, *counts in pairs:
        for winner, n in zip(("model_a", "model_b", "tie", "tie (bothbad)"), counts):
            rows += [f"{names[a]},{names[b]},{winner}\n"] * n
    random.Random(1).shuffle(rows)
    path.write_text("model_a,model_b,winner\n" + "".join(rows))
    return len(rows)


def rate(agon, path, runs):
    """Best wall time, its processor time, the most memory, and the board."""
    best = None
    for _ in range(runs):
        begin = time.perf_counter()
        process = subprocess.Popen([agon, "rate", "--from", path, "--format", "json"],
                                   stdout=subprocess.PIPE)
        board = process.stdout.read()
        _, status, used = os.wait4(process.pid, 0)
        took = time.perf_counter() - begin
        if status != 0:
            raise SystemExit("agon rate failed")
        if best is None or took < best[0]:
            best = (took, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, json.loads(board))
    return best


def libraries(folder):
    python = folder / "python/usr/lib/x86_64-linux-gnu"
    return [python, python / "blas", python / "lapack", folder / "r/usr/lib/R/lib",
            folder / "r/usr/lib/x86_64-linux-gnu"]


def ask_sklearn(folder, pairs, systems):
    env = os.environ | {
        "PYTHONPATH": str(folder / "python/usr/lib/python3/dist-packages"),
        "LD_LIBRARY_PATH": ":".join(map(str, libraries(folder)))}
    given = {"pairs": [p[:5] for p in pairs], "systems": systems, "sample": 20_000}
    out = subprocess.run(["/usr/bin/python3", HERE / "peer_sklearn.py"], input=json.dumps(given),
                         check=True, capture_output=True, text=True, env=env).stdout
    return json.loads(out)


def ask_r(folder, names, pairs, scratch):
    home = folder / "r/usr/lib/R"
    env = os.environ | {
        "R_HOME": str(home), "LD_LIBRARY_PATH": ":".join(map(str, libraries(folder))),
        "R_LIBS": f"{home}/site-library:{home}/library", "EDITOR": "vi", "PAGER": "cat"}
    with open(scratch / "pairs.csv", "w", newline="") as f:
        out = csv.writer(f)
        out.writerow(["a", "b", "won", "lost"])
        out.writerows((names[a], names[b], w + t / 2, l + t / 2)
                      for a, b, w, l, t, _ in pairs if w + l + t)
    subprocess.run([home / "bin/exec/R", "--no-echo", "--no-restore", "--vanilla",
                    f"--file={HERE / 'peer_bradleyterry2.R'}", "--args", scratch / "pairs.csv",
                    scratch / "scores.csv"], check=True, env=env, stdout=subprocess.DEVNULL)
    with open(scratch / "scores.csv", newline="") as f:
        rows = list(csv.DictReader(f))
    return float(rows[0]["seconds"]), {r["system"]: float(r["score"]) for r in rows}


def farthest(board, scores):
    return max(abs(e["score"] - scores[e["system"]]) for e in board["entries"] if e["score"])


def main():
    flags = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    flags.add_argument("--build", type=Path, default=ROOT / "build/release")
    flags.add_argument("--agon", type=Path, help="default: services/agon in the build")
    flags.add_argument("--peers", type=Path)
    flags.add_argument("--runs", type=int, default=5)
    flag = flags.parse_args()
    agon = flag.agon or flag.build / "services/agon"
    os.environ.setdefault("AGON_SHARED_DATA", str(DATA))

    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores, best of {flag.runs} runs\n")
    print("| work | Agon | goal | goal / Agon |\n| --- | ---: | ---: | ---: |")
    ours = benchmarks(flag.build / "tests/bench/agon_ratings_benchmark", flag.runs)
    for what, name, goal in ROWS:
        took = ours.get(name)
        print(f"| {what} | {seconds(took) if took else 'not run'} | {seconds(goal)} | "
              f"{f'{goal / took:.1f}' if took else ''} |")

    names, pairs = published()
    with tempfile.TemporaryDirectory(prefix="agon_bench_") as folder:
        scratch = Path(folder)
        votes = write_votes(scratch / "votes.csv", names, pairs)
        took, used, memory, board = rate(agon, scratch / "votes.csv", flag.runs)
        print(f"| strings in (CSV of {votes:,} votes), board out | {seconds(took)} | "
              f"{seconds(0.5)} | {0.5 / took:.1f} |")
        print(f"\nThe last took {seconds(used)} of processor time and {memory:.0f} MB at most.")
        three = (scratch / "votes.csv").read_text().split("\n", 1)
        (scratch / "five.csv").write_text(three[0] + "\n" + three[1] * 3)
        took, used, memory, _ = rate(agon, scratch / "five.csv", 1)
        print(f"Three times the file, {3 * votes:,} votes: {seconds(took)}, {seconds(used)} of "
              f"processor time, {memory:.0f} MB at most (goal: under 100 MB).")

        if all(n in ours for n in GROWTH):
            print("\nFrom kept tallies of 100 systems: " +
                  ", ".join(f"{int(n.rsplit('/', 1)[1]):,} votes {seconds(ours[n])}" for n in GROWTH))

        if not flag.peers:
            return
        subprocess.run([HERE / "peers.sh", flag.peers.resolve()], check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        peers = flag.peers.resolve()
        learned = ask_sklearn(peers, pairs, len(names))
        lmsys = dict(zip(names, learned["lmsys"]["scores"]))
        r_took, r_scores = ask_r(peers, names, pairs, scratch)
        mine = ours["real_tally_to_board/1"]
        print("\n| scores from tallies kept, 129 systems | time | Agon is faster by | "
              "farthest score from ours |\n| --- | ---: | ---: | ---: |")
        print(f"| Agon (with intervals and ranks) | {seconds(mine)} | | |")
        for name, t, scores in (
                ("scikit-learn as LMSYS's notebook (scores alone)", learned["lmsys"]["seconds"], lmsys),
                ("R's BradleyTerry2 (with errors)", r_took, r_scores)):
            print(f"| {name} | {seconds(t)} | {t / mine:,.0f} × | {farthest(board, scores):.6f} |")
        music = learned["music"]
        print(f"\nscikit-learn as Music Arena, one dense row per vote: {seconds(music['seconds'])} "
              f"for a sample of {music['votes']:,} votes (scores alone).")


main()
