"""Scores by scikit-learn's logistic regression, as two boards use it. Prints JSON.

  lmsys  the notebook of LMSYS, from counts per pair: two weighted rows for each, no penalty
  music  Music Arena, one dense row per vote (two for a tie), penalty C = 1; on a sample,
         since all votes would take a matrix of some gigabytes
"""
import json
import sys
import time

import numpy as np
from sklearn.linear_model import LogisticRegression

POINTS = 400 / np.log(10)


def fitted(rows, wins, weights, **settings):
    begin = time.perf_counter()
    fit = LogisticRegression(fit_intercept=False, solver="lbfgs", tol=1e-6, max_iter=10000, **settings)
    fit.fit(rows, wins, sample_weight=weights)
    score = POINTS * fit.coef_[0]
    return time.perf_counter() - begin, 1000 + score - score.mean()


def counted(pairs, systems):
    rows = np.zeros((2 * len(pairs), systems))
    weights = np.zeros(2 * len(pairs))
    for i, (a, b, won, lost, tied) in enumerate(pairs):
        for k, weight in ((0, won + tied / 2), (1, lost + tied / 2)):
            rows[2 * i + k, a], rows[2 * i + k, b] = 1, -1
            weights[2 * i + k] = weight
    keep = weights > 0
    wins = np.tile([1, 0], len(pairs))
    return rows[keep], wins[keep], weights[keep]


def sampled(pairs, systems, votes):
    rng = np.random.default_rng(1)
    counts = np.array([p[2:] for p in pairs], dtype=float)
    drawn = rng.multinomial(votes, counts.ravel() / counts.sum()).reshape(counts.shape)
    rows, wins, weights = [], [], []
    for (a, b, *_), (won, lost, tied) in zip(pairs, drawn):
        row = np.zeros(systems)
        row[a], row[b] = 1, -1
        rows += [row] * (won + lost + 2 * tied)
        wins += [1] * won + [0] * lost + [1, 0] * tied
        weights += [1.0] * (won + lost) + [0.5] * (2 * tied)
    return np.array(rows), np.array(wins), np.array(weights)


def main():
    given = json.load(sys.stdin)
    pairs, systems = given["pairs"], given["systems"]
    out = {}
    seconds, scores = min((fitted(*counted(pairs, systems), penalty=None) for _ in range(3)),
                          key=lambda r: r[0])
    out["lmsys"] = {"seconds": seconds, "scores": list(scores)}
    votes = given["sample"]
    seconds, _ = fitted(*sampled(pairs, systems, votes), penalty="l2", C=1.0)
    out["music"] = {"seconds": seconds, "votes": votes}
    json.dump(out, sys.stdout)


main()
