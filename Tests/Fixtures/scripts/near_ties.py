#!/usr/bin/env python3
"""Writes `../near-ties.json`: 200 models where policy iteration in doubles ends in a policy that is not optimal.

    python3 near_ties.py            (needs NumPy)
    python3 near_ties.py --check    (standard library: recomputes the exact columns of the stored file)

Each model is `near-tie` of `generate.py` (discount 9/10): a decision state chooses between `base` and `twin`, whose
values differ by far less than a double resolves, or not at all.  A model is kept when two customary float64 policy
iterations both end in a policy that takes a strictly worse action somewhere; exact ties never count.

* `plain`: `numpy.linalg.solve`, then `argmax` of the action values (first maximum), until the policy repeats, at most
  100 rounds.
* `tolerant`: the same, but an action is changed only for a gain of more than 1e-12 (1 + |value|).

How often the doubles err depends on the linear algebra library; that base and twin differ as `better` says does not.
"""
import argparse
import json
import pathlib

import exact_mdp
from generated_values import generated

TARGET = pathlib.Path(__file__).resolve().parent.parent / "near-ties.json"
RULES = {
    "model": "generate near-tie --states STATES --gap-exponent GAPEXPONENT --seed SEED; maximize at the model's discount",
    "initialValue": "exact optimal value at the initial state",
    "valuesSha256": "SHA-256 of the lines `name=p/q` (`name=p` for an integer), one a state in model order, each "
                    "with a line feed, UTF-8",
    "better": "one letter a decision state, in state order: b base alone is optimal, t twin alone, = both",
    "wrongPlain, wrongTolerant": "decision states where NumPy's float64 policy iteration (plain argmax; changes only "
                                 "above 1e-12) ended in a strictly worse action, on the machine that wrote this file",
}
WANTED = [(18, 140), (16, 20), (20, 20), (30, 20)]
SIZES = [9, 12, 15, 18, 21, 24, 30, 36, 45, 60]


def read(states, exponent, seed):
    return exact_mdp.read_rationale(generated(
        ["near-tie", "--states", str(states), "--gap-exponent", str(exponent), "--seed", str(seed)]))


def decisions(model):
    """The decision states and, for each, the letter of `better`."""
    best = exact_mdp.Optimum(model, model.discount)
    states = [s for s in range(model.count) if len(model.choices[s]) == 2]
    letters = {(0,): "b", (1,): "t", (0, 1): "="}
    return best, states, "".join(letters[tuple(best.optimal_actions(s))] for s in states)


def float_policy(model, tolerance):
    """The policy that float64 policy iteration ends in."""
    import numpy as np
    n, gamma = model.count, float(model.discount)
    policy = [0] * n
    rows = [[np.bincount([t for t, _ in law], [float(p) for _, p in law], n) for _, law, _ in group]
            for group in model.choices]
    rewards = [[float(r) for _, _, r in group] for group in model.choices]
    for _ in range(100):
        matrix = np.eye(n) - gamma * np.array([rows[s][policy[s]] for s in range(n)])
        v = np.linalg.solve(matrix, np.array([rewards[s][policy[s]] for s in range(n)]))
        following = list(policy)
        for s in range(n):
            q = [rewards[s][k] + gamma * float(rows[s][k] @ v) for k in range(len(rows[s]))]
            k = int(np.argmax(q))
            if tolerance is None or q[k] > q[policy[s]] + tolerance * (1 + abs(q[k])):
                following[s] = k
        if following == policy:
            break
        policy = following
    return policy


def wrong(policy, states, letters):
    return sum(letter != "=" and "bt"[policy[s]] != letter for s, letter in zip(states, letters))


def entry(states, exponent, seed):
    """The line of one model, or None where one of the iterations happens to be right."""
    model = read(states, exponent, seed)
    best, where, letters = decisions(model)
    plain = wrong(float_policy(model, None), where, letters)
    tolerant = wrong(float_policy(model, 1e-12), where, letters)
    if not plain or not tolerant:
        return None
    return {**exact_columns(best, letters, states, exponent, seed), "wrongPlain": plain, "wrongTolerant": tolerant}


def exact_columns(best, letters, states, exponent, seed):
    return {"states": states, "gapExponent": exponent, "seed": seed,
            "initialValue": exact_mdp.text(best.initial_value()), "valuesSha256": best.digest(), "better": letters}


def found():
    for exponent, count in WANTED:
        for i, size in enumerate(SIZES):
            kept, seed = 0, 0
            while kept < count // len(SIZES):
                seed += 1
                line = entry(size, exponent, seed)
                if line:
                    kept += 1
                    yield line


def check():
    stored = json.loads(TARGET.read_text())["models"]
    for line in stored:
        key = line["states"], line["gapExponent"], line["seed"]
        best, _, letters = decisions(read(*key))
        for name, value in exact_columns(best, letters, *key).items():
            assert line[name] == value, (key, name)
    print(len(stored), "models, exact columns recomputed")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="recompute the exact columns of the stored file")
    if parser.parse_args().check:
        return check()
    lines = list(found())
    TARGET.write_text('{"format": "near-ties", "version": 1,\n "rules": ' + json.dumps(RULES, indent=1) +
                      ',\n "models": [\n' + ",\n".join(json.dumps(x) for x in lines) + "\n]}\n")
    decided = sum(x["better"].count("b") + x["better"].count("t") for x in lines)
    print(len(lines), "models,", decided, "decided states, of these wrong:", sum(x["wrongPlain"] for x in lines),
          "plain,", sum(x["wrongTolerant"] for x in lines), "tolerant")


if __name__ == "__main__":
    main()
