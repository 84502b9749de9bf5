"""Worst-case regret of two rewards in floating point: the linear program over pairs of occupancy
measures, by SciPy's HiGHS. The peer of `rationale compare`.

    python3 regret.py MODEL [--rewards A,B] [--rationale PATH]
    python3 regret.py --suite --rationale PATH [--only WORD]

For a model it prints one JSON object: for both directions the regret in doubles with its seconds
and, with --rationale, the exact one, the seconds of that process and the relative error of the
doubles. --suite makes its models with `rationale generate` and prints two tables: the time of both
on garnet models, and rewards for which doubles are wrong.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
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


def compared(path, names=None, binary=None):
    """Both directions for two rewards of a model file, in doubles and exactly."""
    choices, rows, rewards, law, discount = read(path)
    names = names or list(rewards)[:2]
    matrix = flow(choices, rows, len(law), discount)
    result = {"model": path}
    exact = None
    if binary:
        start = time.time()
        run = subprocess.run(
            [binary, "compare", path, "--rewards", ",".join(names), "--format", "json", "--quiet"],
            capture_output=True, text=True, check=True)
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
    return result, names


def scaled(entries, factor):
    return [entry[:-1] + [str(Fraction(str(entry[-1])) * factor)] for entry in entries]


def parallel(model, difference):
    """The first reward, and the same plus `difference` times the second."""
    first, second = list(model["rewards"].values())[:2]
    total = {}
    for entry in first + scaled(second, difference):
        key = tuple(entry[:-1])
        total[key] = total.get(key, 0) + Fraction(str(entry[-1]))
    return {"a": first, "b": [[*key, str(value)] for key, value in total.items()]}


def apart(model, factor):
    """Two rewards, the second smaller by `factor`."""
    first, second = list(model["rewards"].values())[:2]
    return {"a": first, "b": scaled(second, 1 / factor)}


def mixed(model, factor):
    """Both rewards with every second entry smaller by `factor`."""
    first, second = list(model["rewards"].values())[:2]
    shrink = lambda entries, odd: [
        scaled([entry], 1 / factor)[0] if place % 2 == odd else entry
        for place, entry in enumerate(entries)]
    return {"a": shrink(first, 0), "b": shrink(second, 1)}


CASES = [
    ("second reward 1e6 times smaller", apart, Fraction(10**6)),
    ("second reward 1e12 times smaller", apart, Fraction(10**12)),
    ("entries 1e12 apart", mixed, Fraction(10**12)),
    ("parallel but for 1e-6", parallel, Fraction(1, 10**6)),
    ("parallel but for 1e-10", parallel, Fraction(1, 10**10)),
    ("parallel but for 1e-14", parallel, Fraction(1, 10**14)),
]


def generated(binary, states, path):
    subprocess.run(
        [binary, "generate", "garnet", "--states", str(states), "--rewards", "2", "--seed", "7",
         "--quiet", "--output", path], check=True)


def shown(value, digits=".10g"):
    return "none" if value is None else format(value, digits)


def suite(binary, only):
    """Two tables: times, and where doubles are wrong."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "model.json")
        print("| garnet, states | rationale, exact | HiGHS | ratio | largest relative difference |")
        print("| --- | --- | --- | --- | --- |")
        for states in (100, 300, 1000):
            if only not in f"garnet {states}":
                continue
            generated(binary, states, path)
            result, names = compared(path, binary=binary)
            arrows = [result[f"{a}->{b}"] for a, b in (names, names[::-1])]
            ours, theirs = result["rationaleSeconds"], sum(x["seconds"] for x in arrows)
            error = max(x.get("relativeError", 0.0) for x in arrows)
            print(
                f"| {states} | {ours:.2f} s | {theirs:.2f} s | {theirs / ours:.2f} | {error:.1e} |",
                flush=True)
        print()
        print("| 30 states, rewards | direction | exact | HiGHS | relative difference |")
        print("| --- | --- | --- | --- | --- |")
        generated(binary, 30, path)
        with open(path) as file:
            model = json.load(file)
        for name, change, amount in CASES:
            if only not in name:
                continue
            with open(path, "w") as file:
                json.dump({**model, "rewards": change(model, amount)}, file)
            result, names = compared(path, binary=binary)
            for a, b in (names, names[::-1]):
                entry = result[f"{a}->{b}"]
                print(
                    f"| {name} | {a}->{b} | {shown(entry['exact'])} | {shown(entry['regret'])} "
                    f"| {shown(entry.get('relativeError'), '.1e')} |", flush=True)


def main():
    # Exact answers have thousands of digits.
    sys.set_int_max_str_digits(0)
    parser = argparse.ArgumentParser()
    parser.add_argument("model", nargs="?")
    parser.add_argument("--rewards")
    parser.add_argument("--rationale")
    parser.add_argument("--suite", action="store_true")
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    if options.suite:
        if not options.rationale:
            sys.exit("--suite makes its models with --rationale PATH")
        suite(options.rationale, options.only)
        return
    if not options.model:
        sys.exit("a model file or --suite is expected")
    names = options.rewards.split(",") if options.rewards else None
    print(json.dumps(compared(options.model, names, options.rationale)[0]))


if __name__ == "__main__":
    main()
