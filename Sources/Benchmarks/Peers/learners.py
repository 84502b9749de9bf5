"""Learners in NumPy: UCRL2 on RiverSwim(6), and UCRL-VTR on a mixture of known kernels. The peers of
`rationale learn ucrl2` and `rationale learn ucrl-vtr`, in doubles, without proofs or exact accounts.

    python3 learners.py [--rationale PATH] [--steps N] [--mixture-steps N]

Prints one JSON object: the seconds of both, in one run, with the ratio, and both regrets. The draws
differ, so that the regrets agree in size and not in digits.
"""

import argparse
import json
import math
import os
import random
import resource
import subprocess
import tempfile
import time
from fractions import Fraction

import numpy as np


def riverswim(n=6):
    kernel = np.zeros((n, 2, n))
    reward = np.zeros((n, 2))
    for s in range(n):
        kernel[s, 0, max(s - 1, 0)] = 1
    kernel[0, 1, :2] = [2 / 5, 3 / 5]
    for s in range(1, n - 1):
        kernel[s, 1, s - 1:s + 2] = [1 / 20, 3 / 5, 7 / 20]
    kernel[n - 1, 1, n - 2:] = [2 / 5, 3 / 5]
    reward[0, 0], reward[n - 1, 1] = 1 / 200, 1
    return kernel, reward


def optimistic(means, shifts, rewards, tolerance):
    """Extended value iteration: the greedy policy of the best kernels within the radii."""
    states, actions, _ = means.shape
    values = np.zeros(states)
    rows = np.arange(states)
    while True:
        order = np.argsort(-values, kind="stable")
        kernel = means[:, :, order].copy()
        best = np.minimum(1, kernel[:, :, 0] + shifts)
        kernel[:, :, 0] = best
        excess = kernel.sum(axis=2) - 1
        for place in range(states - 1, 0, -1):
            taken = np.minimum(kernel[:, :, place], np.maximum(excess, 0))
            kernel[:, :, place] -= taken
            excess -= taken
        scores = rewards + kernel @ values[order]
        policy = scores.argmax(axis=1)
        new = scores[rows, policy]
        change = new - values
        if change.max() - change.min() <= tolerance:
            return policy
        values = new - new.min()


def ucrl2(steps, delta=1 / 20, seed=0):
    kernel, reward = riverswim()
    states, actions = reward.shape
    gain = 7203 / 16805
    draws = np.random.default_rng(seed).random(steps)
    cumulative = kernel.cumsum(axis=2).tolist()
    pays = reward.tolist()
    counts = np.zeros((states, actions, states))
    sums = np.zeros((states, actions))
    earned, state, t = 0.0, 0, 0
    while t < steps:
        start = t + 1
        visits = np.maximum(1, counts.sum(axis=2))
        wide = np.sqrt(7 * math.log(2 * states * actions * start / delta) / (2 * visits))
        far = np.sqrt(14 * states * math.log(2 * actions * start / delta) / visits)
        means = counts / visits[:, :, None]
        policy = optimistic(means, far / 2, np.minimum(1, sums / visits + wide),
                            1 / math.sqrt(start)).tolist()
        limits = visits.astype(int).tolist()
        recent = [[0] * actions for _ in range(states)]
        while t < steps and recent[state][policy[state]] < limits[state][policy[state]]:
            action = policy[state]
            row = cumulative[state][action]
            u, successor = draws[t], 0
            while successor < states - 1 and u >= row[successor]:
                successor += 1
            recent[state][action] += 1
            counts[state, action, successor] += 1
            sums[state, action] += pays[state][action]
            earned += pays[state][action]
            state = successor
            t += 1
    return gain * steps - earned


def mixture(states=6, actions=3, dimension=8, branching=3, seed=7):
    """Random kernels with fractions, their mixture, and rewards."""
    rng = random.Random(seed)

    def kernel():
        rows = {}
        for s in range(states):
            for a in range(actions):
                weights = [rng.randint(1, 5) for _ in range(branching)]
                for t, w in zip(rng.sample(range(states), branching), weights):
                    rows[s, a, t] = Fraction(w, sum(weights))
        return rows

    kernels = [kernel() for _ in range(dimension)]
    weights = [rng.randint(1, 6) for _ in range(dimension)]
    truth = {}
    for rows, w in zip(kernels, weights):
        for key, p in rows.items():
            truth[key] = truth.get(key, 0) + p * Fraction(w, sum(weights))
    rewards = {(s, a): Fraction(rng.randint(0, 10), 10) for s in range(states) for a in range(actions)}
    return kernels, truth, rewards


def dense(rows, states=6, actions=3):
    kernel = np.zeros((states, actions, states))
    for (s, a, t), p in rows.items():
        kernel[s, a, t] = float(p)
    return kernel


def ucrl_vtr(kernels, truth, rewards, steps, horizon=5, delta=1 / 20, seed=0):
    features = np.stack([dense(rows) for rows in kernels], axis=-1)
    kernel = dense(truth)
    states, actions, _, dimension = features.shape
    reward = np.zeros((states, actions))
    for (s, a), r in rewards.items():
        reward[s, a] = float(r)
    best = np.zeros(states)
    for _ in range(horizon):
        best = (reward + kernel @ best).max(axis=1)
    cap, l2 = best.max(), dimension
    flat = np.stack([dense(rows).ravel() for rows in kernels], axis=1)
    theta = np.linalg.lstsq(flat, kernel.ravel(), rcond=None)[0]
    lam = l2 * cap * cap
    sigma, b = lam * np.eye(dimension), np.zeros(dimension)
    draws = np.random.default_rng(seed).random(steps)
    cumulative = kernel.cumsum(axis=2)
    regret, at = 0.0, 0
    rows = np.arange(states)
    for _ in range(steps // horizon):
        inverse = np.linalg.inv(sigma)
        estimate = inverse @ b
        growth = np.linalg.slogdet(sigma / lam)[1]
        beta = cap / 2 * math.sqrt(growth + 2 * math.log(2 / delta)) + math.sqrt(lam * theta @ theta)
        values, policies, images = [np.zeros(states)], [], []
        for _ in range(horizon):
            phi = np.einsum("satd,t->sad", features, values[-1])
            norm = np.sqrt(np.maximum(0, np.einsum("sad,de,sae->sa", phi, inverse, phi)))
            scores = np.clip(reward + phi @ estimate + beta * norm, 0, cap)
            policies.append(scores.argmax(axis=1))
            values.append(scores.max(axis=1))
            images.append(phi)
        values.reverse()
        policies.reverse()
        images.reverse()
        own = np.zeros(states)
        for policy in reversed(policies):
            own = reward[rows, policy] + (kernel[rows, policy] * own).sum(axis=1)
        regret += best[0] - own[0]
        state = 0
        for h in range(horizon):
            action = policies[h][state]
            successor = min(states - 1, int(np.searchsorted(cumulative[state, action], draws[at], "right")))
            at += 1
            if h < horizon - 1:
                x = images[h][state, action]
                sigma += np.outer(x, x)
                b += x * values[h + 1][successor]
            state = successor
    return regret


def write(path, rows, rewards, states=6, actions=3):
    with open(path, "w") as file:
        json.dump({"format": "rationale-mdp", "version": 1, "states": states, "actions": actions, "initial": 0,
                   "transitions": [[s, a, t, str(p)] for (s, a, t), p in sorted(rows.items())],
                   "rewards": [[s, a, str(r)] for (s, a), r in sorted(rewards.items())]}, file)


def command(arguments):
    """The answer, with the processor seconds of the process."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    output = subprocess.run(arguments + ["--format", "json", "--quiet"], check=True, capture_output=True).stdout
    run = json.loads(output)["runs"][0]
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before, float(Fraction(run["regret"]))


def timed(body):
    before = time.process_time()
    regret = body()
    return time.process_time() - before, regret


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rationale", help="the executable")
    parser.add_argument("--steps", type=int, default=1_000_000)
    parser.add_argument("--mixture-steps", type=int, default=100_000)
    options = parser.parse_args()
    kernels, truth, rewards = mixture()
    answer = {}
    for name, peer in [("ucrl2", lambda: ucrl2(options.steps)),
                       ("ucrl-vtr", lambda: ucrl_vtr(kernels, truth, rewards, options.mixture_steps))]:
        seconds, regret = timed(peer)
        answer[name] = {"numpySeconds": round(seconds, 3), "numpyRegret": regret}
    if options.rationale:
        with tempfile.TemporaryDirectory() as folder:
            river, model = os.path.join(folder, "river.json"), os.path.join(folder, "model.json")
            subprocess.run([options.rationale, "generate", "riverswim", "--states", "6", "--output", river], check=True)
            write(model, truth, rewards)
            basis = []
            for place, rows in enumerate(kernels):
                path = os.path.join(folder, f"kernel{place}.json")
                write(path, rows, rewards)
                basis += ["--basis", path]
            ours = {
                "ucrl2": [river, "--initial", "s0", "--steps", str(options.steps)],
                "ucrl-vtr": [model, *basis, "--horizon", "5", "--steps", str(options.mixture_steps)],
            }
            for name, arguments in ours.items():
                seconds, regret = command([options.rationale, "learn", name, *arguments])
                entry = answer[name]
                entry.update(seconds=round(seconds, 3), regret=regret,
                             ratio=round(entry["numpySeconds"] / max(seconds, 1e-3), 2))
    print(json.dumps(answer, indent=2))


if __name__ == "__main__":
    main()
