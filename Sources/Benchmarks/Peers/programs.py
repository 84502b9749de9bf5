#!/usr/bin/env python3
"""Times `rationale lp`, QSopt_ex (`esolver`) and GLPK (`glpsol`) on the same linear programs, in turn.

    programs.py --rationale PATH [--only TEXT] [--repeat K] [--limit S] [--quick]
    programs.py FILE.lp ... --rationale PATH

Whole commands: start, reading, solving, writing the answer. One JSON line a run on standard output, then a Markdown
table of medians. A run that took more than 20 s is not repeated. Programs that are not installed are left out with
a message. Numbers in the files are integers, so that all three read the same program.
"""
import argparse
import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
from fractions import Fraction

import model_file
from peers import ENOUGH_SECONDS, child, figure

NAMES = ["rationale", "esolver", "glpsol"]
PRINTED_DIGITS = 4000       # esolver writes through a buffer of 4095 characters


# ------------------------------------------------------------------------------------------- the programs
def write(path, direction, cost, rows):
    """`cost`: coefficients; `rows`: (coefficients by column, relation, right side); all columns are >= 0."""
    def terms(pairs):
        parts = [f"{'-' if a < 0 else '+'} {abs(a)} x{j}" for j, a in pairs if a]
        return "\n   ".join(" ".join(parts[i:i + 12]) for i in range(0, len(parts), 12))
    with open(path, "w") as f:
        f.write(f"{direction}\n obj: {terms(enumerate(cost))}\nSubject To\n")
        for i, (row, relation, right) in enumerate(rows):
            f.write(f" r{i}: {terms(row)} {relation} {right}\n")
        f.write("End\n")


def dense(path, n, seed):
    """max c·x, A x <= b, x >= 0: all entries from 1 to 1000, so that it is feasible and bounded."""
    r = random.Random(seed)
    rows = [([(j, r.randint(1, 1000)) for j in range(n)], "<=", 1000 * r.randint(1, 1000)) for _ in range(n)]
    write(path, "Maximize", [r.randint(1, 1000) for _ in range(n)], rows)


def transportation(path, n, seed):
    """n sources and n sinks; the supplies and demands are equal, so that ties abound."""
    r = random.Random(seed)
    rows = [([(i * n + j, 1) for j in range(n)], "<=", 10) for i in range(n)]
    rows += [([(i * n + j, 1) for i in range(n)], ">=", 10) for j in range(n)]
    write(path, "Minimize", [r.randint(1, 20) for _ in range(n * n)], rows)


def assignment(path, n, seed):
    """n persons, n tasks: every basis is degenerate."""
    r = random.Random(seed)
    rows = [([(i * n + j, 1) for j in range(n)], "=", 1) for i in range(n)]
    rows += [([(i * n + j, 1) for i in range(n)], "=", 1) for j in range(n)]
    write(path, "Minimize", [r.randint(1, 100) for _ in range(n * n)], rows)


def garnet(path, n, seed, rationale):
    """The value program of a generated model: min Σ v, v - γ P v >= r."""
    model = path + ".json"
    subprocess.run([rationale, "generate", "garnet", "--states", str(n), "--seed", str(seed), "--output", model],
                   check=True)
    model_file.write_value_program(model_file.read(model), False, path)


FULL = [("garnet", 100), ("garnet", 300), ("garnet", 1000), ("dense", 20), ("dense", 60), ("dense", 120),
        ("transportation", 15), ("transportation", 40), ("assignment", 15), ("assignment", 40)]
QUICK = [("garnet", 30), ("dense", 10), ("transportation", 6), ("assignment", 6)]


def made(kind, size, folder, o):
    path = os.path.join(folder, f"{kind}-{size}.lp")
    if kind == "garnet":
        garnet(path, size, 1, o.rationale)
    else:
        dict(dense=dense, transportation=transportation, assignment=assignment)[kind](path, size, size)
    return path


# ------------------------------------------------------------------------------------------- the commands
def command(name, path, answer, o):
    if name == "rationale":
        return [o.rationale, "lp", path, "--format", "json", "--output", answer, "--quiet"]
    if name == "esolver":
        return ["esolver", "-O", answer, "-L", path]
    return ["glpsol", "--lp", path, "-w", answer]


def outcome(name, answer):
    """(status, optimal value or None); the value is a fraction of the exact programs, a double of the other."""
    with open(answer) as f:
        text = f.read()
    if name == "rationale":
        d = json.loads(text)
        return d["status"], Fraction(d["objectiveValue"]) if d.get("objectiveValue") else None
    if name == "glpsol":
        lines = [x.split() for x in text.split("\n") if x.startswith("s bas")]
        status = {"ff": "optimal", "nu": "infeasible", "un": "infeasible"}.get("".join(lines[0][4:6]), "other")
        return status, float(lines[0][6])
    status = next((s for s in ("INFEASIBLE", "UNBOUNDED", "OPTIMAL") if s in text), "other").lower()
    value = next((x.split("=")[1].strip() for x in text.split("\n") if "Value =" in x), None)
    if value is None or len(value) > PRINTED_DIGITS:
        return status, None
    try:
        return status, Fraction(value)
    except ValueError:
        return status, None


def one(name, label, path, o):
    answer = os.path.join(os.path.dirname(path), name + ".answer")
    if os.path.exists(answer):
        os.remove(answer)
    code, wall, peak, _, err = child(command(name, path, answer, o), o.limit, o.memory)
    line = dict(program=label, command=name, status="timeout", wall=round(wall, 4), peakMiB=None if peak is None else round(peak, 1))
    value = None
    if code is not None:
        try:
            line["status"], value = outcome(name, answer)
        except (OSError, ValueError, IndexError, KeyError):
            line.update(status="failed", exit=code, message=err[-200:])
    if value is not None:
        line["decimal"] = float(value)
    print(json.dumps(line), flush=True)
    return line, value


# ------------------------------------------------------------------------------------------- the table
def measure(label, path, names, o):
    runs = {name: [] for name in names}
    for _ in range(o.repeat):
        for name in names:
            done = runs[name]
            if done and (done[-1][0]["status"] in ("timeout", "failed") or done[-1][0]["wall"] > ENOUGH_SECONDS):
                continue
            done.append(one(name, label, path, o))
    return [label] + [shown(runs.get(name, []), o) for name in NAMES] + [agreement(runs)]


def shown(runs, o):
    if not runs:
        return ""
    status = runs[-1][0]["status"]
    if status == "timeout":
        return f"> {figure(o.limit)}"
    return "failed" if status == "failed" else figure(statistics.median(line["wall"] for line, _ in runs))


def agreement(runs):
    """Whether the others find our status and optimum: exactly, or to 1e-6 for glpsol."""
    if not runs.get("rationale"):
        return ""
    line, ours = runs["rationale"][-1]
    verdicts = []
    for name, done in runs.items():
        if name == "rationale" or not done or done[-1][0]["status"] in ("timeout", "failed", "other"):
            continue
        other, theirs = done[-1]
        same = other["status"] == line["status"]
        if same and theirs is not None and ours is not None:
            same = theirs == ours if name == "esolver" else abs(theirs - float(ours)) <= 1e-6 * max(1, abs(theirs))
        verdicts.append(same)
    return "" if not verdicts else "yes" if all(verdicts) else "**no**"


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("files", nargs="*", help="LP files, in place of the generated programs")
    p.add_argument("--rationale", required=True, help="path of the rationale binary")
    p.add_argument("--only", default="", help="the programs whose name contains this text")
    p.add_argument("--limit", type=float, default=200, help="seconds a run")
    p.add_argument("--memory", type=float, default=8, help="address space of a run, GiB")
    p.add_argument("--repeat", type=int, default=3)
    p.add_argument("--quick", action="store_true", help="small programs, once")
    o = p.parse_args()
    sys.set_int_max_str_digits(0)
    o.rationale = os.path.abspath(shutil.which(o.rationale) or p.error(f"{o.rationale}: not an executable"))
    if o.quick:
        o.repeat = 1
    names = ["rationale"]
    for name in NAMES[1:]:
        if shutil.which(name):
            names.append(name)
        else:
            print(json.dumps(dict(command=name, status="skipped", message="not installed")), flush=True)
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        if o.files:
            cases = [(os.path.basename(f), lambda f=f: shutil.copy(f, folder)) for f in o.files]
        else:
            cases = [(f"{kind} {size}", lambda kind=kind, size=size: made(kind, size, folder, o))
                     for kind, size in (QUICK if o.quick else FULL)]
        for label, make in cases:
            if o.only in label:
                rows.append(measure(label, make(), names, o))
    head = ["Program", "rationale lp, s", "esolver, s", "glpsol (doubles), s", "same optimum"]
    lines = [head, ["---"] + ["---:"] * 3 + ["---"]] + rows
    print("\n" + "\n".join("| " + " | ".join(line) + " |" for line in lines))


if __name__ == "__main__":
    main()
