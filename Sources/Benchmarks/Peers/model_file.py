"""Reads a model exactly and writes it for the peers (LP, DRN).  Standard library only."""
import json
import math
from fractions import Fraction


class Model:
    """`choices[s]` lists `(action index, [(successor, probability)...], expected reward)`, all exact."""

    def __init__(self, choices, discount, initial, labels):
        self.choices, self.discount, self.initial, self.labels = choices, discount, initial, labels
        self.n = len(choices)

    def at_initial(self, v):
        return sum(p * v[s] for s, p in self.initial)


def read(path, reward=None, discount=None):
    """A `rationale-mdp` file or a Gymnasium export; `discount`, when given, replaces the file's."""
    with open(path) as f:
        document = json.load(f, parse_float=str)
    model = read_gymnasium(document) if "P" in document else read_rationale(document, reward)
    if discount is not None:
        model.discount = Fraction(discount)
    return model


class Numbers(dict):
    """Text or integer -> fraction; each spelling is parsed once."""

    def __missing__(self, written):
        self[written] = value = Fraction(written)
        return value


def read_rationale(m, reward):
    def names(x):
        return [str(i) for i in range(x)] if isinstance(x, int) else x
    states, actions = names(m["states"]), names(m["actions"])
    state_index = {x: i for i, x in enumerate(states)}
    action_index = {x: i for i, x in enumerate(actions)}

    def state(x):
        return x if isinstance(x, int) else state_index[x]

    def action(x):
        return x if isinstance(x, int) else action_index[x]
    number, laws = Numbers(), {}
    for s, a, t, p in m["transitions"]:
        if number[p]:
            laws.setdefault((state(s), action(a)), []).append((state(t), number[p]))
    rewards = m.get("rewards", [])
    if isinstance(rewards, dict):
        rewards = rewards[reward] if reward else next(iter(rewards.values()), [])
    expected = dict.fromkeys(laws, Fraction(0))
    for entry in rewards:
        key = state(entry[0]), action(entry[1])
        if key not in laws:
            continue
        share = 1 if len(entry) == 3 else sum(p for t, p in laws[key] if t == state(entry[2]))
        expected[key] += number[entry[-1]] * share
    choices = [[] for _ in states]
    for s, a in sorted(laws):
        choices[s].append((a, laws[s, a], expected[s, a]))
    initial = m.get("initial", 0)
    initial = [(state(s), Fraction(p)) for s, p in initial] if isinstance(initial, list) else [(state(initial), 1)]
    return Model(choices, Fraction(m["discount"]) if "discount" in m else None, initial,
                 {k: [state(x) for x in v] for k, v in m.get("labels", {}).items()})


def simplest_between(low, high):
    """The fraction of least denominator in `[low, high]`, `0 < low <= high`."""
    whole = low.numerator // low.denominator
    if whole == low:
        return Fraction(whole)
    if whole + 1 <= high:
        return Fraction(whole + 1)
    return whole + 1 / simplest_between(1 / (high - whole), 1 / (low - whole))


def snapped(written):
    """The simplest fraction within a relative 1e-12 of a float as it is written."""
    x = Fraction(written)
    if x == 0:
        return x
    width = abs(x) / 10 ** 12
    nearest = simplest_between(abs(x) - width, abs(x) + width)
    return nearest if x > 0 else -nearest


def read_gymnasium(d):
    """A transition with `done` goes to one added state, absorbing and without reward."""
    table = {int(s): {int(a): o for a, o in by_action.items()} for s, by_action in d["P"].items()}
    keys = sorted(table)
    index, end = {s: i for i, s in enumerate(keys)}, len(keys)
    choices, action_count = [], 1 + max(max(by_action) for by_action in table.values())
    for s in keys:
        group = []
        for a, outcomes in sorted(table[s].items()):
            law, reward = {}, Fraction(0)
            for p, t, r, done in outcomes:
                successor = end if done else index[t]
                law[successor] = law.get(successor, 0) + snapped(p)
                reward += snapped(p) * snapped(r)
            group.append((a, sorted(x for x in law.items() if x[1]), reward))
        choices.append(group)
    choices.append([(a, [(end, Fraction(1))], Fraction(0)) for a in range(action_count)])
    initial = [(i, snapped(p)) for i, p in enumerate(d.get("isd", [1])) if Fraction(p)]
    return Model(choices, None, initial, {"terminal": [end]})


def write_value_program(m, minimize, path):
    """The linear program of the optimal values, with integer coefficients, in CPLEX's format."""
    with open(path, "w") as f:
        f.write(("Maximize" if minimize else "Minimize") + "\n obj:")
        f.write("".join(f" + v{s}\n" for s in range(m.n)) + "Subject To\n")
        for s, group in enumerate(m.choices):
            for k, (_, law, r) in enumerate(group):
                row = {s: Fraction(1)}
                for t, p in law:
                    row[t] = row.get(t, Fraction(0)) - m.discount * p
                scale = math.lcm(r.denominator, *(c.denominator for c in row.values()))
                f.write(f" c{s}_{k}:" + "".join(f" {'+' if c > 0 else '-'} {abs(c * scale)} v{t}\n"
                                               for t, c in row.items() if c))
                f.write(f" {'<=' if minimize else '>='} {r * scale}\n")
        f.write("Bounds\n" + "".join(f" v{s} free\n" for s in range(m.n)) + "End\n")


def write_drn(m, f, sign, shift, discount_sink):
    """Storm's explicit text; a discount becomes a step to an added state `sink`."""
    labels = {}
    for k, v in m.labels.items():
        for s in v:
            labels.setdefault(s, []).append(k)
    count = sum(map(len, m.choices)) + discount_sink
    f.write("@value_type: rational\n@type: MDP\n@parameters\n\n@reward_models\nr\n"
            f"@nr_states\n{m.n + discount_sink}\n@nr_choices\n{count}\n@model\n")
    gamma = m.discount if discount_sink else 1
    for s, group in enumerate(m.choices):
        start = " init" if s == m.initial[0][0] else ""
        f.write(f"state {s} [0]{start}" + "".join(" " + x for x in labels.get(s, [])) + "\n")
        for k, (_, law, r) in enumerate(group):
            f.write(f"\taction {k} [{sign * (r + shift)}]\n")
            f.write("".join(f"\t\t{t} : {gamma * p}\n" for t, p in law if gamma * p))
            if gamma != 1:
                f.write(f"\t\t{m.n} : {1 - gamma}\n")
    if discount_sink:
        f.write(f"state {m.n} [0] sink\n\taction 0 [0]\n\t\t{m.n} : 1\n")
