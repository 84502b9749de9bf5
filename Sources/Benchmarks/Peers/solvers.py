"""The peers: each takes a model and the options of a run, and returns its version, seconds and value.

`seconds` is the peer's own solve: not the reading of our JSON, not the writing of the peer's input file (but
QSopt_ex and GLPK are timed as whole programs, reading included).
"""
import importlib.util
import math
import os
import shutil
import subprocess
import tempfile
import time
from fractions import Fraction

import model_file


class NotApplicable(Exception):
    """The peer does not solve this objective, or not at this size."""


# ------------------------------------------------------------------------------------------- exact peers
def storm(m, o):
    """Storm's exact engine.  It refuses discounted objectives, so a discount becomes the probability of an
    added sink; rewards are shifted to be non-negative and the shift is taken off the value."""
    import stormpy
    import stormpy.environments
    sign, shift, sink = 1, Fraction(0), o.objective == "discounted"
    best = "min" if o.minimize else "max"
    if sink:
        shift = -min(r for group in m.choices for _, _, r in group)
        formula = f'R{{"r"}}{best}=? [F "sink"]'
    elif o.objective == "average":
        formula = f'R{{"r"}}{best}=? [LRA]'
    elif o.objective == "reachability":
        formula = f'P{best}=? [F "{o.goal}"]'
    else:
        # Storm's Rmax is infinite where the goal may be missed, so costs are minimised.
        sign = 1 if o.minimize else -1
        formula = f'R{{"r"}}min=? [F "{o.goal}"]'
        if any(sign * r < 0 for group in m.choices for _, _, r in group):
            raise NotApplicable("total: Storm is given non-negative costs only")
    with tempfile.NamedTemporaryFile("w", suffix=".drn", delete=False) as f:
        model_file.write_drn(m, f, sign, shift, sink)
    start = time.perf_counter()
    model = stormpy.build_model_from_drn[stormpy.Rational](f.name)
    loaded = time.perf_counter()
    os.unlink(f.name)
    result = stormpy.model_checking(model, stormpy.parse_properties(formula)[0],
                                    environment=stormpy.environments.exact(), only_initial_states=False)
    done = time.perf_counter()
    value, back = Fraction(0), shift / (1 - m.discount) if sink else 0
    for s, p in m.initial:
        x = str(result.get_value(s)).split(" ")[0]
        value = math.inf if x == "inf" else value + p * (sign * Fraction(x) - back)
        if value == math.inf:
            value *= sign
            break
    return dict(version=stormpy.__version__, seconds=done - loaded, load=loaded - start, value=value)


def run(command, folder):
    start = time.perf_counter()
    p = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    return time.perf_counter() - start, p.stdout


def qsopt(m, o):
    """QSopt_ex's exact simplex on the linear program of the values."""
    needs_discounted(o)
    with tempfile.TemporaryDirectory() as d:
        model_file.write_value_program(m, o.minimize, f"{d}/m.lp")
        seconds, out = run(["esolver", "-O", "m.sol", "-L", "m.lp"], d)
        if not os.path.exists(f"{d}/m.sol"):
            raise RuntimeError("no solution file: " + out[-200:])
        with open(f"{d}/m.sol") as f:
            answer = f.read()
    version = out.split("QSopt_ex ")[-1].split()[0] if "QSopt_ex " in out else "?"
    if "status = OPTIMAL" not in answer and "status OPTIMAL" not in answer:
        raise RuntimeError(answer[:200])
    lines = answer.split("\n")
    if "VARS:" not in lines or max(map(len, lines)) > 4000:
        # esolver writes through a buffer of 4095 characters: longer fractions are cut and lines run together
        return dict(version=version, seconds=seconds, value=None,
                    note="solved, but esolver cannot print fractions of more than 4095 characters")
    v = [Fraction(0)] * m.n
    for line in lines[lines.index("VARS:") + 1:]:
        if "=" not in line:
            break
        name, x = line.split("=")
        v[int(name.strip()[1:])] = Fraction(x.strip())
    return dict(version=version, seconds=seconds, value=m.at_initial(v))


# ------------------------------------------------------------------------------------------- GLPK
def glpk(m, o, exact=False):
    """`glpsol` in floating point; with `exact` it pivots exactly, but reads and prints doubles."""
    needs_discounted(o)
    with tempfile.TemporaryDirectory() as d:
        model_file.write_value_program(m, o.minimize, f"{d}/m.lp")
        seconds, out = run(["glpsol", "--lp", "m.lp", "-w", "m.sol"] + (["--exact"] if exact else []), d)
        lines = []
        if os.path.exists(f"{d}/m.sol"):
            with open(f"{d}/m.sol") as f:
                lines = [x.split() for x in f]
        if not any(x[:2] == ["c", "Status:"] and x[2] == "OPTIMAL" for x in lines):
            raise RuntimeError("no optimal solution: " + out[-200:])
        version = run(["glpsol", "--version"], d)[1].split("\n")[0].split()[-1].strip(",")
    v = [Fraction(x[3]) for x in lines if x[:1] == ["j"]]         # columns in order of appearance: v0, v1, ...
    return dict(version=version, seconds=seconds, value=float(m.at_initial(v)))


def needs_discounted(o):
    if o.objective != "discounted":
        raise NotApplicable("the linear program is written for the discounted objective only")


# ------------------------------------------------------------------------------------------- doubles
class Doubles:
    """The model in NumPy arrays: one entry a choice, transitions as coordinates."""

    def __init__(self, m, sign):
        import numpy as np
        flat = [c for group in m.choices for c in group]
        self.n, self.count = m.n, len(flat)
        self.start = np.cumsum([0] + [len(group) for group in m.choices])[:-1]
        self.owner = np.repeat(np.arange(m.n), [len(group) for group in m.choices])
        self.row = np.array([k for k, (_, law, _) in enumerate(flat) for _ in law])
        self.column = np.array([t for _, law, _ in flat for t, _ in law])
        self.probability = np.array([float(p) for _, law, _ in flat for _, p in law])
        self.reward = sign * np.array([float(r) for _, _, r in flat])

    def action_values(self, v, gamma):
        import numpy as np
        return self.reward + gamma * np.bincount(self.row, self.probability * v[self.column], self.count)


def improved(model, q, policy):
    """The policy that switches, where some action is better by more than rounding, to the best one."""
    import numpy as np
    best = np.maximum.reduceat(q, model.start)
    better = best > q[policy] + 1e-12 * (1 + np.abs(best))
    top = np.full(model.n, -1)
    at_top = np.nonzero(q == best[model.owner])[0][::-1]
    top[model.owner[at_top]] = at_top                             # the first maximiser of each state wins
    return np.where(better, top, policy)


def policy_iteration(m, o, prepare, limit):
    """Float policy iteration; `prepare` returns a function from a policy to its values."""
    sign = -1.0 if o.minimize else 1.0
    model, gamma = Doubles(m, sign), float(m.discount)
    start = time.perf_counter()
    evaluate, policy = prepare(model, gamma), model.start.copy()
    for rounds in range(1, 1001):
        v = evaluate(policy)
        following = improved(model, model.action_values(v, gamma), policy)
        if (following == policy).all():
            break
        if time.perf_counter() - start > limit:
            raise TimeoutError
        policy = following
    seconds = time.perf_counter() - start
    return dict(seconds=seconds, note=f"{rounds} policies", value=float(m.at_initial(sign * v)))


def dense(model, gamma):
    import numpy as np
    matrix = np.zeros((model.count, model.n))
    np.add.at(matrix, (model.row, model.column), model.probability)
    return lambda policy: np.linalg.solve(np.eye(model.n) - gamma * matrix[policy], model.reward[policy])


def sparse_rows(model):
    import scipy.sparse as sp
    return sp.csr_array((model.probability, (model.row, model.column)), (model.count, model.n))


def sparse_factors(model, gamma):
    import scipy.sparse as sp
    import scipy.sparse.linalg as spl
    matrix, unit = sparse_rows(model), sp.eye_array(model.n, format="csr")
    return lambda policy: spl.splu((unit - gamma * matrix[policy]).tocsc()).solve(model.reward[policy])


def sparse_sweeps(model, gamma):
    """Evaluation by sweeps, from the values of the policy before, to a residual of 1e-13 relative."""
    import numpy as np
    matrix, v = sparse_rows(model), np.zeros(model.n)

    def evaluate(policy):
        nonlocal v
        rows, rewards = matrix[policy], model.reward[policy]
        for _ in range(200_000):
            following = rewards + gamma * (rows @ v)
            change = np.max(np.abs(following - v))
            v = following
            if change <= 1e-13 * max(1.0, np.max(np.abs(v))):
                break
        return v
    return evaluate


def numpy_peer(m, o):
    import numpy as np
    if o.objective in ("reachability", "total"):
        answer = value_iteration(m, o)
    else:
        needs_discounted(o)
        if m.n > 4000:
            raise NotApplicable("dense float policy iteration is kept below 4000 states")
        answer = policy_iteration(m, o, dense, o.limit)
    return dict(version=np.__version__, **answer)


def scipy_peer(prepare):
    def peer(m, o):
        import scipy
        import scipy.sparse.linalg                                # imported here, so that no import is timed
        needs_discounted(o)
        return dict(version=scipy.__version__, **policy_iteration(m, o, prepare, o.limit))
    return peer


def value_iteration(m, o):
    """Plain value iteration stopped at a difference of 1e-6, as in textbooks: without any guarantee."""
    import numpy as np
    sign = -1.0 if o.minimize else 1.0
    model, goal = Doubles(m, sign), np.zeros(m.n, bool)
    goal[m.labels[o.goal]] = True
    if o.objective == "reachability":
        model.reward[:] = 0
    v = np.where(goal, sign, 0.0) if o.objective == "reachability" else np.zeros(m.n)
    start = time.perf_counter()
    for sweeps in range(1, 10_000_001):
        following = np.maximum.reduceat(model.action_values(v, 1.0), model.start)
        following[goal] = v[goal]
        difference = np.max(np.abs(following - v))
        v = following
        if difference <= 1e-6 or difference > 1e12 or time.perf_counter() - start > o.limit:
            break
    return dict(seconds=time.perf_counter() - start, value=float(m.at_initial(sign * v)),
                note=f"{sweeps} sweeps, stopped at difference <= 1e-6 (no guarantee)")


SOLVERS = {"storm": storm, "qsopt": qsopt, "glpk-exact": lambda m, o: glpk(m, o, exact=True), "glpk": glpk,
           "numpy": numpy_peer, "scipy-lu": scipy_peer(sparse_factors), "scipy-sweeps": scipy_peer(sparse_sweeps)}
EXACT = {"storm", "qsopt", "rationale"}
PACKAGES = {"storm": ["stormpy"], "numpy": ["numpy"], "scipy-lu": ["numpy", "scipy"],
            "scipy-sweeps": ["numpy", "scipy"]}
TOOLS = {"qsopt": "esolver", "glpk": "glpsol", "glpk-exact": "glpsol"}


def missing(peer):
    """Why the peer cannot run here, or None."""
    for package in PACKAGES.get(peer, []):
        if not importlib.util.find_spec(package):
            return f"Python package {package} is not installed"
    tool = TOOLS.get(peer)
    return f"{tool} is not installed" if tool and not shutil.which(tool) else None
