#!/usr/bin/env python3
"""Times other solvers on a model, in turn with `rationale`, each run in a process of its own.

    peers.py MODEL [--rationale PATH] [--objective O] [--peers storm,qsopt,...] [--limit S] [--repeat K]
    peers.py --suite readme [--rationale PATH] [--repeat K]
    peers.py --ladder [--only TEXT] --rationale PATH [--limit S]

One JSON line a run on standard output, then a Markdown table of medians and ratios.  Python's standard
library is enough: peers that are not installed are skipped with a message.  README.md beside this file says what
each peer solves and what its time covers.
"""
import argparse
import hashlib
import json
import math
import os
import pathlib
import resource
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from fractions import Fraction

import model_file
import solvers
import suites

HERE = pathlib.Path(__file__).resolve().parent
FIXTURES = HERE.parents[2] / "Tests" / "Fixtures"
OBJECTIVES = ["discounted", "average", "reachability", "total"]
ENOUGH_SECONDS = 20          # a run that took longer is not repeated


# ------------------------------------------------------------------------------------------- one run
def worker(o):
    """Runs inside the child process; the answer is the last line of standard output."""
    try:
        m = model_file.read(o.model, o.reward, o.discount)
        answer = solvers.SOLVERS[o.worker](m, o)
        value = answer.pop("value")
        if value is not None:
            answer["value"] = str(value) if isinstance(value, Fraction) else repr(value)
        answer.update(status="ok", states=m.n)
    except solvers.NotApplicable as e:
        answer = dict(status="skipped", message=str(e))
    except TimeoutError:
        answer = dict(status="timeout")
    except MemoryError:
        answer = dict(status="error", message="memory limit")
    except Exception as e:                       # a peer's own failure is a result, not a crash of the script
        answer = dict(status="error", message=f"{type(e).__name__}: {e}"[:300])
    print("\n" + json.dumps(answer))


# A small process between this one and the measured one: on Linux a process starts with the resident set of the
# one that it was forked from as its largest, and this one holds whole answers.
LAUNCHER = """
import os, sys, time
start = time.perf_counter()
pid = os.posix_spawnp(sys.argv[2], sys.argv[2:], os.environ)
_, status, usage = os.wait4(pid, 0)
with open(sys.argv[1], "w") as f:
    print(os.waitstatus_to_exitcode(status), time.perf_counter() - start, usage.ru_maxrss, file=f)
"""


def child(command, limit, memory):
    """Starts a process, waits under the limits: (exit code or None on time-out, wall, peak MiB, out, err)."""
    def limits():
        os.setsid()
        resource.setrlimit(resource.RLIMIT_AS, (int(memory * 2 ** 30),) * 2)
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err, tempfile.NamedTemporaryFile() as use:
        start = time.perf_counter()
        launcher = [sys.executable, "-S", "-E", "-c", LAUNCHER, use.name]
        p = subprocess.Popen(launcher + command, stdout=out, stderr=err, preexec_fn=limits)
        try:
            p.wait(limit)
        except subprocess.TimeoutExpired:
            os.killpg(p.pid, signal.SIGKILL)               # the group that the child made for itself
            p.wait()
        wall = time.perf_counter() - start
        out.seek(0)
        err.seek(0)
        measured = use.read().split()
        if not measured:
            return None, wall, None, out.read(), err.read()
        return int(measured[0]), float(measured[1]), int(measured[2]) / 1024, out.read(), err.read()


def rationale_command(o):
    command = [o.rationale, "solve", o.model, "--objective", o.objective, "--format", "json", "--values", o.values,
               "--quiet", "--time-limit", str(math.ceil(o.limit))]
    if o.objective in ("reachability", "total"):
        command += ["--goal", o.goal]
    if o.gymnasium:
        command += ["--from", "gymnasium"]
    for key in ("reward", "discount"):
        if getattr(o, key):
            command += [f"--{key}", getattr(o, key)]
    return command + (["--minimize"] if o.minimize else [])


def peer_command(peer, o):
    command = [sys.executable, str(HERE / "peers.py"), o.model, "--worker", peer, "--objective", o.objective,
               "--limit", str(o.limit)]
    for key in ("goal", "reward", "discount"):
        if getattr(o, key):
            command += [f"--{key}", getattr(o, key)]
    return command + (["--minimize"] if o.minimize else [])


def rationale_answer(code, out, err, wall):
    try:
        d = json.loads(out)
    except ValueError:
        return dict(status="error", exit=code, message=(err or out)[-300:]), None
    line = dict(status="ok", solution=d.get("status"), seconds=d.get("statistics", {}).get("seconds", wall))
    return line, d.get("initialValue")


def peer_answer(code, out, err):
    try:
        d = json.loads(out.strip().split("\n")[-1])
    except ValueError:
        return dict(status="error", message=f"exit {code}: " + (err or out)[-300:]), None
    return d, d.pop("value", None)


def one(peer, o):
    """Runs `peer` once and prints its JSON line; also returns the full value at the initial state."""
    command = rationale_command(o) if peer == "rationale" else peer_command(peer, o)
    code, wall, peak, out, err = child(command, o.limit, o.memory)
    line = dict(peer=peer, status="timeout", model=o.name, objective=o.objective, wall=round(wall, 4))
    if peak is not None:
        line["peakMiB"] = round(peak, 1)
    value = None
    if code is not None:
        answer, value = rationale_answer(code, out, err, wall) if peer == "rationale" else peer_answer(code, out, err)
        line.update(answer)
    if "seconds" in line:
        line["seconds"] = round(line["seconds"], 5)
    if isinstance(value, str):
        line.update(described(value, peer))
    print(json.dumps(line), flush=True)
    return line, value


def described(value, peer):
    """The value as far as a line of JSON should hold it: its head, its size, its digest, its double."""
    answer = dict(value=value if len(value) <= 60 else value[:57] + "...")
    try:
        q = Fraction(value)
        if peer in solvers.EXACT:
            answer["valueBits"] = q.numerator.bit_length() + q.denominator.bit_length()
            answer["valueSha256"] = hashlib.sha256(str(q).encode()).hexdigest()[:16]
        answer["decimal"] = float(q)
    except (ValueError, OverflowError):
        pass
    return answer


def agree(theirs, ours, peer):
    """Equality for exact peers, 1e-6 relative for the others; an enclosure has to hold the value."""
    if theirs is None or ours is None:
        return None
    try:
        x = Fraction(theirs)
        low, high = [Fraction(ours[k]) for k in ("lower", "upper")] if isinstance(ours, dict) else [Fraction(ours)] * 2
    except ValueError:
        return theirs == ours
    slack = 0 if peer in solvers.EXACT else Fraction(1, 10 ** 6) * max(1, abs(low))
    return low - slack <= x <= high + slack


# ------------------------------------------------------------------------------------------- many runs
class Row:
    """The runs of one peer on one model, taken in turn with ours."""

    def __init__(self, peer, o):
        self.peer, self.name, self.objective, self.limit = peer, o.name, o.objective, o.limit
        self.theirs, self.ours = [], []
        for _ in range(o.repeat):
            if peer != "rationale":
                self.theirs.append(one(peer, o))
                if self.theirs[-1][0]["status"] == "skipped":
                    break
            if o.rationale:
                self.ours.append(one("rationale", o))
            slowest = (self.theirs or self.ours)[-1][0]
            if slowest["status"] != "ok" or slowest["wall"] > ENOUGH_SECONDS:
                break
        self.agrees = agree(self.theirs[-1][1], self.ours[-1][1], peer) if self.theirs and self.ours else None

    @property
    def counts(self):
        return not (self.theirs and self.theirs[-1][0]["status"] == "skipped")

    def median(self, runs, key):
        times = [line.get(key, line["wall"]) for line, _ in runs if line["status"] == "ok"]
        return statistics.median(times) if times else None

    def cells(self):
        out = [self.name, self.objective, self.peer if self.theirs else ""]
        for key in ("seconds", "wall"):
            theirs, ours = self.median(self.theirs, key), self.median(self.ours, key)
            out += [self.shown(self.theirs, theirs), self.shown(self.ours, ours), self.ratio(theirs, ours)]
        out += [self.mebibytes(self.theirs), self.mebibytes(self.ours)]
        return out + [{None: "", True: "yes", False: "**no**"}[self.agrees]]

    def mebibytes(self, runs):
        peaks = [line["peakMiB"] for line, _ in runs if "peakMiB" in line]
        return figure(max(peaks)) if peaks else ""

    def shown(self, runs, seconds):
        if seconds is not None:
            return figure(seconds)
        if not runs:
            return ""
        return f"> {figure(self.limit)}" if runs[-1][0]["status"] == "timeout" else "failed"

    def ratio(self, theirs, ours):
        if ours is None or not self.theirs:
            return ""
        if theirs is not None:
            return figure(theirs / max(ours, 1e-6))
        return f"> {figure(self.limit / max(ours, 1e-6))}" if self.theirs[-1][0]["status"] == "timeout" else ""


def figure(x):
    """Three significant digits, without an exponent."""
    if x >= 100:
        return f"{x:.0f}"
    digits = 2 - math.floor(math.log10(x)) if x > 0 else 0
    return f"{x:.{min(digits, 6)}f}"


def table(rows):
    head = ["Model", "Objective", "Peer", "peer solve, s", "ours, s", "ratio", "peer wall, s", "ours, s", "ratio",
            "peer MiB", "ours, MiB", "same value"]
    lines = [head, ["---"] * 3 + ["---:"] * 8 + ["---"]] + [row.cells() for row in rows if row.counts]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def measure(o, peers):
    rows = []
    for peer, limit in peers.items():
        reason = solvers.missing(peer)
        if reason:
            print(json.dumps(dict(peer=peer, status="skipped", model=o.name, message=reason)), flush=True)
        elif limit > 0:
            rows.append(Row(peer, argparse.Namespace(**{**vars(o), "limit": limit})))
    if not rows and o.rationale:
        rows.append(Row("rationale", o))
    return rows


def made(case, o, folder):
    """The case's model file: by `rationale generate`, else by the reference script of the fixtures."""
    if case.gymnasium:
        return str(FIXTURES / "gymnasium" / case.gymnasium)
    path = os.path.join(folder, case.generate.replace("--", "").replace(" ", "-") + ".json")
    if o.rationale:
        command = [o.rationale, "generate"]
    else:
        command = [sys.executable, str(FIXTURES / "scripts" / "generate.py")]
    subprocess.run(command + case.generate.split() + ["--output", path], check=True)
    return path


def suite(o):
    rows, chosen = [], o.peers.split(",") if o.peers else list(solvers.SOLVERS)
    with tempfile.TemporaryDirectory() as folder:
        for case in suites.SUITES[o.suite]:
            if o.only and o.only not in case.name:
                continue
            run = dict(model=made(case, o, folder), name=case.name, objective=case.objective, discount=case.discount,
                       values=case.values, gymnasium=bool(case.gymnasium), minimize=case.minimize,
                       goal=case.goal)
            limits = {peer: case.limits.get(peer, 0) for peer in chosen}
            rows += measure(argparse.Namespace(**{**vars(o), **run}), limits)
    return rows


def ladders(o):
    """For each family the largest size that each solver answers within the limit, as a Markdown table."""
    peers = [peer for peer in (o.peers.split(",") if o.peers else ["storm"]) if not solvers.missing(peer)]
    climbers = peers + (["rationale"] if o.rationale else [])
    lines = [["Family", "Objective"] + [f"{peer}: size, s, MiB" for peer in climbers]]
    lines.append(["---"] * len(lines[0]))
    with tempfile.TemporaryDirectory() as folder:
        for ladder in suites.LADDERS:
            if not o.only or o.only in f"{ladder.name} {ladder.objective}":
                lines.append([ladder.name, ladder.objective] + climb(ladder, climbers, o, folder))
                print(json.dumps(dict(zip(lines[0], lines[-1]))), flush=True)
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def climb(ladder, climbers, o, folder):
    """The last step of each climber that was answered; those that failed once do not go on."""
    best, active = dict.fromkeys(climbers, "none"), list(climbers)
    for size, case in ladder.cases():
        if not active:
            break
        path = made(case, o, folder)
        run = argparse.Namespace(**{**vars(o), **dict(
            model=path, name=case.name, objective=case.objective, discount="", values=case.values, gymnasium=False,
            minimize=case.minimize, goal=case.goal)})
        for peer in list(active):
            line, _ = one(peer, run)
            if line["status"] == "ok":
                best[peer] = f"{size}, {figure(line['wall'])}, {figure(line['peakMiB'])}"
            else:
                active.remove(peer)
        os.unlink(path)
    return [best[peer] + (" (the last step)" if peer in active else "") for peer in climbers]


def single(o):
    if not os.path.exists(o.model):
        sys.exit(f"peers.py: {o.model}: no such file")
    with open(o.model) as f:
        o.gymnasium = '"rationale-mdp"' not in f.read(4096)
    o.name = os.path.basename(o.model)
    return measure(o, {peer: o.limit for peer in (o.peers.split(",") if o.peers else solvers.SOLVERS)})


def options():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("model", nargs="?", help="a rationale-mdp file or a Gymnasium export")
    p.add_argument("--suite", choices=list(suites.SUITES), help="generate and measure a list of models instead")
    p.add_argument("--ladder", action="store_true",
                   help="find the largest size of each family that a solver answers within the limit")
    p.add_argument("--only", help="of a suite or a ladder: the models whose name contains this text")
    p.add_argument("--rationale", help="path of the rationale binary: runs in turn with each peer")
    p.add_argument("--objective", default="discounted", choices=OBJECTIVES)
    p.add_argument("--goal", default="goal")
    p.add_argument("--reward")
    p.add_argument("--discount")
    p.add_argument("--minimize", action="store_true")
    p.add_argument("--values", default="all", choices=["all", "initial", "none"], help="what rationale prints")
    p.add_argument("--peers", help="some of " + ",".join(solvers.SOLVERS))
    p.add_argument("--limit", type=float, default=100, help="seconds a run")
    p.add_argument("--memory", type=float, default=8, help="address space of a run, GiB")
    p.add_argument("--repeat", type=int, default=3, help="runs of each; a run of more than 20 s is not repeated")
    p.add_argument("--worker", choices=list(solvers.SOLVERS), help=argparse.SUPPRESS)
    return p, p.parse_args()


def main():
    p, o = options()
    sys.set_int_max_str_digits(0)
    if o.worker:
        return worker(o)
    if [bool(o.model), bool(o.suite), o.ladder].count(True) != 1:
        p.error("give a model, --suite or --ladder")
    if o.rationale:
        found = shutil.which(o.rationale) or p.error(f"{o.rationale}: not an executable")
        o.rationale = os.path.abspath(found)
    for peer in o.peers.split(",") if o.peers else []:
        if peer not in solvers.SOLVERS:
            p.error(f"unknown peer {peer}; known: {', '.join(solvers.SOLVERS)}")
    if o.ladder:
        print("\n" + ladders(o))
        return
    rows = suite(o) if o.suite else single(o)
    print("\n" + table(rows))


if __name__ == "__main__":
    main()
