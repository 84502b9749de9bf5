"""Worst-case regret of two rewards in floating point: the linear program over pairs of occupancy
measures, by SciPy's HiGHS. The peer of `rationale compare`.

    python3 regret.py MODEL [--rewards A,B] [--rationale PATH]

Prints one JSON object: for both directions the regret in doubles with its seconds and, with
--rationale, the exact one, the seconds of that process and the relative error of the doubles.
"""

import argparse
import json
import subprocess
import time
from fractions import Fraction

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import coo_matrix, hstack, vstack


def number(value):
    return float(Fraction(str(value)))


def read(path):
    """Choices, transitions, expected rewards, law and discount of a model file, in doubles."""
    with open(path) as file:
        model = json.load(file)
    names = lambda table: [str(i) for i in range(table)] if isinstance(table, int) else table
    states, actions = names(model["states"]), names(model["actions"])
    place = {name: i for i, name in enumerate(states)}
    action = {name: i for i, name in enumerate(actions)}
    at = lambda entry, table: entry if isinstance(entry, int) else table[entry]
    rows = {}
    for s, a, t, p in model["transitions"]:
        rows.setdefault((at(s, place), at(a, action)), []).append((at(t, place), number(p)))
    choices = sorted(rows)
    rewards = {}
    for name, entries in model["rewards"].items():
        table = dict.fromkeys(choices, 0.0)
        for entry in entries:
            pair = (at(entry[0], place), at(entry[1], action))
            if pair not in table:
                continue
            if len(entry) == 3:
                table[pair] += number(entry[2])
            else:
                chance = sum(p for t, p in rows[pair] if t == at(entry[2], place))
                table[pair] += chance * number(entry[3])
        rewards[name] = np.array([table[pair] for pair in choices])
    law = np.zeros(len(states))
    initial = model["initial"]
    for s, p in initial if isinstance(initial, list) else [[initial, 1]]:
        law[at(s, place)] += number(p)
    return choices, rows, rewards, law, number(model["discount"])


def flow(choices, rows, count, discount):
    entries = {}
    for column, (state, action) in enumerate(choices):
        entries[state, column] = entries.get((state, column), 0.0) + 1.0
        for successor, probability in rows[state, action]:
            key = (successor, column)
            entries[key] = entries.get(key, 0.0) - discount * probability
    keys = list(entries)
    return coo_matrix(
        ([entries[k] for k in keys], ([k[0] for k in keys], [k[1] for k in keys])),
        shape=(count, len(choices)),
    )


def regret(matrix, law, true, proxy):
    """max <x - y, true> / (max J - min J) over occupancies with <x - y, proxy> <= 0."""
    both = vstack([hstack([matrix, 0 * matrix]), hstack([0 * matrix, matrix])]).tocsr()
    right = np.concatenate([law, law])
    span = 0.0
    for sign in (1, -1):
        span += -linprog(-sign * true, A_eq=matrix.tocsr(), b_eq=law, method="highs").fun
    answer = linprog(
        np.concatenate([-true, true]), A_ub=np.concatenate([proxy, -proxy])[None, :], b_ub=[0.0],
        A_eq=both, b_eq=right, method="highs")
    # Rewards below the solver's tolerances have no span in its eyes.
    return -answer.fun / span if answer.status == 0 and span else None


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("model")
    parser.add_argument("--rewards")
    parser.add_argument("--rationale")
    options = parser.parse_args()
    choices, rows, rewards, law, discount = read(options.model)
    names = options.rewards.split(",") if options.rewards else list(rewards)[:2]
    matrix = flow(choices, rows, len(law), discount)
    result = {"model": options.model}
    exact = None
    if options.rationale:
        start = time.time()
        run = subprocess.run(
            [options.rationale, "compare", options.model, "--rewards", ",".join(names),
             "--format", "json", "--quiet"], capture_output=True, text=True, check=True)
        result["rationaleSeconds"] = round(time.time() - start, 3)
        exact = json.loads(run.stdout)["pairs"][0]["worstCaseRegret"]
    for true, proxy in (names, names[::-1]):
        start = time.time()
        value = regret(matrix, law, rewards[true], rewards[proxy])
        entry = {"regret": value, "seconds": round(time.time() - start, 3)}
        if exact:
            truth = Fraction(exact[f"{true}->{proxy}"])
            entry["exact"] = float(truth)
            if value is not None and truth:
                entry["relativeError"] = float(abs(Fraction(value) - truth) / truth)
        result[f"{true}->{proxy}"] = entry
    print(json.dumps(result))


if __name__ == "__main__":
    main()
