#!/usr/bin/env python3
"""Writes `../epic-dard.json`: distances of EPIC and DARD on random models, computed with NumPy in doubles.

    python3 epic_dard.py            (needs NumPy)
    python3 epic_dard.py --check    (recomputes the numbers of the stored file, to 1e-9)

EPIC in `l2` is computed as its authors define it, as the Pearson distance `sqrt((1 - rho) / 2)` of the canonical tables;
the other distances as half a norm of the difference of tables divided by their norms.
"""
import argparse
import json
import pathlib
import random

import numpy as np

TARGET = pathlib.Path(__file__).resolve().parent.parent / "epic-dard.json"
RULES = {
    "discount": "numerator and denominator",
    "weights": "weights[s][a][t]: the law of (s, a) in proportion to these; 0: impossible",
    "first, second": "R(s, a, t) as [s][a][t], impossible triples included",
    "distances": "canonical form, norm (of the normalization and of the metric), distance to 12 digits: half the norm of "
                 "the difference of the tables on all triples, each divided by its norm",
}
NORMS = {
    "l1": lambda x: np.abs(x).sum(),
    "l2": lambda x: np.sqrt((x * x).sum()),
    "linf": lambda x: np.abs(x).max(),
}


def epic(law, reward, discount):
    """R(s,a,t) + E[gamma R(t,A,S') - R(s,A,S') - gamma R(S,A,S')], all of A, S, S' uniform."""
    mean = reward.mean(axis=(1, 2))
    return reward + discount * mean[None, None, :] - mean[:, None, None] - discount * mean.mean()


def dard(law, reward, discount):
    """R(s,a,t) + E[gamma R(t,A,S'') - R(s,A,S') - gamma R(S',A,S'')], S' ~ P(s,A), S'' ~ P(t,A), A uniform."""
    own = np.einsum("sat,sat->sa", law, reward).mean(axis=1)
    cross = np.einsum("sau,tav,uav->st", law, law, reward) / law.shape[1]
    return reward + discount * own[None, None, :] - own[:, None, None] - discount * cross[:, None, :]


def distance(form, norm, law, rewards, discount):
    x, y = (form(law, reward, discount) for reward in rewards)
    if form is epic and norm == "l2":
        rho = np.corrcoef(x.ravel(), y.ravel())[0, 1]
        return float(np.sqrt((1 - rho) / 2))
    measure = NORMS[norm]
    return float(measure(x / measure(x) - y / measure(y)) / 2)


def draw(generator):
    states, actions = generator.randint(2, 4), generator.randint(2, 3)

    def table(entry):
        return [[[entry() for _ in range(states)] for _ in range(actions)] for _ in range(states)]

    def row():
        weights = [generator.choice([0, 1, 1, 2, 5]) for _ in range(states)]
        return weights if any(weights) else [1] * states

    scale = generator.choice([1, 1, 1000000])
    denominator = generator.choice([2, 10, 20])
    return {
        "discount": [generator.randint(0, denominator - 1), denominator],
        "weights": [[row() for _ in range(actions)] for _ in range(states)],
        "first": table(lambda: generator.randint(-9, 9)),
        "second": table(lambda: scale * generator.randint(-9, 9)),
    }


def distances(model):
    weights = np.array(model["weights"], dtype=float)
    law = weights / weights.sum(axis=2, keepdims=True)
    rewards = [np.array(model[name], dtype=float) for name in ("first", "second")]
    discount = model["discount"][0] / model["discount"][1]
    return [
        [form.__name__, norm, float(f"{distance(form, norm, law, rewards, discount):.12g}")]
        for form in (epic, dard) for norm in NORMS
    ]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--check", action="store_true")
    if parser.parse_args().check:
        for model in json.loads(TARGET.read_text())["models"]:
            for stored, new in zip(model["distances"], distances(model)):
                assert stored[:2] == new[:2] and abs(stored[2] - new[2]) <= 1e-9 * abs(new[2]), (stored, new)
        print("the numbers agree")
        return
    generator = random.Random(20260101)
    models = [draw(generator) for _ in range(30)]
    for model in models:
        model["distances"] = distances(model)
    lines = ",\n".join(json.dumps(model, separators=(",", ":")) for model in models)
    head = json.dumps({"format": "epic-dard", "version": 1, "rules": RULES})
    TARGET.write_text(f'{head[:-1]}, "models": [\n{lines}\n]}}\n')


if __name__ == "__main__":
    main()
