#!/usr/bin/env python3
"""Writes `../worked/NAME.json` (models) and `../worked/expected.json` (their exact values).

    python3 worked_cases.py [--check]

The cases are the worked examples that the proofs and notes of this project quote.  `stated` holds the
numbers as the text states them; every one is recomputed here, and a difference stops the script.
"""
import argparse
import itertools
import json
import pathlib
from fractions import Fraction

import average_mdp
import exact_mdp

FOLDER = pathlib.Path(__file__).resolve().parent.parent / "worked"
MODELS, EXPECTED = {}, []


# ------------------------------------------------------------------------------------------ models
def model(name, states, rows, discount=None, initial=None, labels=None, rewards=None):
    """`rows` are `state action -> t:p, u:q | reward`; a probability of 1 may be left out, and `[t] x`
    after the reward adds `x` on the transition to `t`.  `rewards` replaces the rows' rewards by named lists."""
    transitions, listed, actions = [], [], []
    for row in rows.strip().splitlines():
        head, _, rest = row.partition("->")
        law, _, reward = rest.partition("|")
        s, a = head.split()
        actions += [a] if a not in actions else []
        for item in law.split(","):
            t, _, p = item.strip().partition(":")
            transitions.append([s, a, t, p or "1"])
        first, *extra = [x.strip() for x in reward.split("[")]
        listed += [[s, a, first]] if first and Fraction(first) else []
        for item in extra:
            t, _, x = item.partition("]")
            listed.append([s, a, t.strip(), x.strip()])
    document = {"format": "rationale-mdp", "version": 1, "states": states.split(), "actions": actions}
    if discount is not None:
        document["discount"] = discount
    if initial is not None:
        document["initial"] = initial
    document["transitions"] = transitions
    document["rewards"] = rewards if rewards is not None else listed
    if labels:
        document["labels"] = labels
    MODELS[name] = document


def read(name, reward=None):
    return exact_mdp.read_rationale(json.dumps(MODELS[name]), reward)


# ------------------------------------------------------------------------------------------ expectations
def add(name, objective, source, values, stated, **extra):
    """Records one expectation; `stated` is a partial map from states to the numbers of the text."""
    for state, number in (stated or {}).items():
        got = values[state]
        want = number if number in ("inf", "-inf") else Fraction(number)
        assert got == want, f"{name} {objective} {extra}: {state} is {got}, the text says {number}"
    entry = {"model": name, "objective": objective, "direction": "maximize"}
    entry.update({k: v for k, v in extra.items() if v is not None})
    entry["values"] = {k: shown(v) for k, v in values.items()}
    entry["source"] = source
    EXPECTED.append(entry)


def shown(x):
    return x if isinstance(x, str) else exact_mdp.text(x)


def pairs(text, m):
    """`"1, -10"` in model order, or a map."""
    if text is None or isinstance(text, dict):
        return text
    return dict(zip(m.states, [x.strip() for x in text.split(",")], strict=True))


def discounted(name, discount, source, stated=None, reward=None, direction="maximize", actions=None):
    m = read(name, reward)
    best = exact_mdp.Optimum(m.minimizing() if direction == "minimize" else m, Fraction(discount))
    optimal = {state: [m.actions[m.choices[s][k][0]] for k in best.optimal_actions(s)]
               for s, state in enumerate(m.states)}
    if direction == "minimize":
        best.values = [-v for v in best.values]
    for state, names in (actions or {}).items():
        assert optimal[state] == names.split(), (name, discount, state, optimal[state])
    extra = {"initialValue": exact_mdp.text(best.initial_value())} if m.initial else {}
    add(name, "discounted", source, dict(zip(m.states, best.values)), pairs(stated, m), discount=discount,
        reward=reward, direction=direction, optimalActions=optimal, **extra)


def horizon(name, steps, source, stated=None, discount="1"):
    m = read(name)
    v = exact_mdp.finite_horizon(m, Fraction(discount), steps)
    add(name, "finite-horizon", source, dict(zip(m.states, v)), pairs(stated, m), discount=discount, horizon=steps)


def average(name, source, gain, bias):
    m = read(name)
    g, h = average_mdp.average_optimum(m.choices)
    expected = {s: Fraction(x) for s, x in pairs(bias, m).items()}
    assert dict(zip(m.states, h)) == expected, (name, h)
    add(name, "average", source, dict(zip(m.states, g)), pairs(gain, m),
        bias={s: exact_mdp.text(x) for s, x in zip(m.states, h)})
    EXPECTED[-1]["gain"] = EXPECTED[-1].pop("values")


# ------------------------------------------------------------------------------------------ average-reward
def average_reward_cases():
    model("c1", "s t", """
        s a -> s:1/2, t:1/2 | 5
        s b -> t | 10
        t c -> t | -1""", "9/10", "s")
    at = "average-reward, case C1"
    discounted("c1", "19/20", at, "-60/7, -20", actions={"s": "a"})
    discounted("c1", "9/10", at, "1, -10", actions={"s": "b"})
    discounted("c1", "1/2", at, "9, -2", actions={"s": "b"})
    discounted("c1", "10/11", at + " (Blackwell start: both actions)", actions={"s": "a b"})
    average("c1", at, "-1, -1", "12, 0")

    model("c2", "0 1", """
        0 stay -> 0 | 1/2
        0 move -> 1:1/3, 0:2/3 | 0
        1 stay -> 1:3/4, 0:1/4 | 1
        1 move -> 0 | 5/4""", "9/10", "0")
    at = "average-reward, case C2"
    discounted("c2", "12/13", at, "13/2, 65/8", actions={"0": "stay move"})
    discounted("c2", "9/10", at, "5, 85/13", actions={"0": "stay"})
    discounted("c2", "1/2", at, "1, 9/5")
    average("c2", at, "4/7, 4/7", "-48/49, 36/49")

    rows = ["0 left -> 0 | 1/200", "0 right -> 0:2/5, 1:3/5 | 0"]
    for s in range(1, 5):
        rows += [f"{s} left -> {s - 1} | 0", f"{s} right -> {s - 1}:1/20, {s}:3/5, {s + 1}:7/20 | 0"]
    rows += ["5 left -> 4 | 0", "5 right -> 4:2/5, 5:3/5 | 1"]
    model("c3", "0 1 2 3 4 5", "\n".join(rows), "9/10", "0")
    at = "average-reward, case C3 (RiverSwim)"
    over = lambda denominator, *numerators: ", ".join(f"{x}/{denominator}" for x in numerators)
    discounted("c3", "9/10", at,
               over(326053817, 425329947, 504094752, 675376947, 914251212, 1238614587, 1678163192))
    discounted("c3", "99/100", at, over(184647524779, 6989776866765, 7107449877990, 7329381516765, 7572612198690,
                                        7825905245565, 8087945817790))
    horizon("c3", 10, at, {"0": "176191989/500000000"})
    average("c3", at, ", ".join(["7203/16805"] * 6),
            over(11296321, -60541215, -52471454, -37484755, -21509922, -5393927, 10742234))

    model("c4", "1 2 3 4 5", """
        1 a -> 1 | 1
        1 b -> 2 | -5
        2 a -> 3:1/2, 4:1/2 | 0
        2 b -> 1 | 10
        3 a -> 3 | 2
        4 a -> 5 | 3
        5 a -> 4 | -1
        5 b -> 2 | 40""", "9/10", "1")
    at = "average-reward, case C4 (multichain)"
    average("c4", at, "5/2, 5/2, 2, 5/2, 5/2", "-15/4, 15/4, 0, 167/4, 165/4")
    discounted("c4", "9/10", at + "; values computed here")

    model("c5", "z x y", """
        z a -> x | 9
        z b -> y | 0
        x a -> y | 1
        x b -> x | 0
        y a -> x | 0
        y b -> y | 1/2""")
    average("c5", "average-reward, case C5", "1/2, 1/2, 1/2", "9, 1/2, 0")
    model("c6", "0 1", "0 stay -> 0 | 1\n0 move -> 1 | 0\n1 stay -> 1 | 1\n1 move -> 0 | 0")
    average("c6", "average-reward, case C6", "1, 1", "0, 0")
    model("c7", "0 1", "0 go -> 1 | 0\n1 go -> 0 | 1")
    average("c7", "average-reward, case C7", "1/2, 1/2", "-1/4, 1/4")

    model("c8", "s b2 c2 d2 d3 end", """
        s a -> end | 1
        s b -> b2 | 0
        s c -> c2 | 2
        s d -> d2 | 3
        b2 go -> end | 1
        c2 go -> end | -1
        d2 go -> d3 | -5
        d3 go -> end | 3
        end go -> end | 0""", initial="s")
    at = "average-reward, case C8"
    discounted("c8", "1/3", at, {"s": "5/3"}, actions={"s": "c d"})
    discounted("c8", "1/4", at, {"s": "31/16"}, actions={"s": "d"})
    discounted("c8", "1/2", at, {"s": "3/2"}, actions={"s": "c"})
    average("c8", at, "0, 0, 0, 0, 0, 0", "1, 1, -1, -2, 3, 0")

    model("c9", "s p q end", """
        s a -> end | 1
        s b -> p | 0
        p go -> q | 0
        q go -> end | 3
        end go -> end | 0""", initial="s")
    at = "average-reward, case C9 (breakpoint 1/sqrt(3)); values computed here"
    discounted("c9", "577/1000", at, {"s": "1"}, actions={"s": "a"})
    discounted("c9", "578/1000", at, {"s": "1002252/1000000"}, actions={"s": "b"})

    model("c10", "s t", "s go -> s | 1\ns jump -> t | 10\nt go -> t | 0", initial="s")
    at = "average-reward, case C10"
    average("c10", at, "1, 0", "0, 0")
    discounted("c10", "9/10", at + " (Blackwell start: both actions)", {"s": "10", "t": "0"},
               actions={"s": "go jump"})

    for name, reward in (("c11-tie", "6/5"), ("c11-near-tie", "120000000000000001/100000000000000000")):
        model(name, "s u v", f"s a -> u | {reward}\ns b -> v | 3/10\nu go -> u | 1/10\nv go -> v | 1/5",
              "9/10", "s")
    at = "average-reward, case C11"
    discounted("c11-tie", "9/10", at, "21/10, 1, 2", actions={"s": "a b"})
    discounted("c11-near-tie", "9/10", at, {"s": Fraction(21, 10) + Fraction(1, 10 ** 17)}, actions={"s": "a"})

    model("c12", "good worn broken", """
        good run -> good:3/4, worn:1/4 | 6
        worn run -> worn:1/2, broken:1/2 | 4 [broken] -3
        worn service -> good | 1
        broken service -> good:1/3, broken:2/3 | -1""", "9/10", "good")
    at = "average-reward, case C12"
    discounted("c12", "9/10", at, "2490/49, 2290/49, 1745/49", actions={"worn": "service"})
    discounted("c12", "99/100", at, "249900/499, 247900/499, 4098400/8483", actions={"worn": "service"})
    discounted("c12", "1/10", at, "129050/19683, 50930/19683, -16480/19683", actions={"worn": "run"})
    horizon("c12", 5, at, "13363/512, 2829/128, 106231/10368")
    average("c12", at, "5, 5, 5", "4/5, -16/5, -86/5")

    for theta, rest, gain, bias in (("1/4", "3/4", "2/5", "0, 6/5"), ("1/2", "1/2", "1/2", "-1/2, 1/2"),
                                    ("3/4", "1/4", "3/5", "-12/25, 8/25")):
        name = "l1-theta-" + theta.replace("/", "-")
        model(name, "home away", f"""
            home safe -> home | 2/5
            home go -> away:{theta}, home:{rest} | 0
            away go -> home:1/2, away:1/2 | 1""", initial="home")
        average(name, "average-reward, case L1", f"{gain}, {gain}", bias)


# ------------------------------------------------------------------------------------------ certificates
def certificate_cases():
    model("certificate-discounted", "a b", "a stay -> a | 1\na go -> b:1/2, a:1/2 | 0\nb stay -> b | 4", "1/2")
    at = "certificates, section 1"
    discounted("certificate-discounted", "1/2", at, "8/3, 8", actions={"a": "go"})
    horizon("certificate-discounted", 1, at, "1, 4")
    horizon("certificate-discounted", 2, at, "5/2, 8")

    model("certificate-reachability", "s t win lose", """
        s loop -> t | 0
        s try -> win:1/2, lose:1/2 | 0
        t loop -> s | 0
        win stay -> win | 0
        lose stay -> lose | 0""", labels={"goal": ["win"]})
    m = read("certificate-reachability")
    for direction, stated in (("maximize", "1/2, 1/2, 1, 0"), ("minimize", "0, 0, 1, 0")):
        v = average_mdp.reachability(m.choices, {2}, direction == "minimize")
        add("certificate-reachability", "reachability", "certificates, section 2", dict(zip(m.states, v)),
            pairs(stated, m), direction=direction, goal="goal")

    model("certificate-total", "s t pit end", """
        s go -> end | -3
        s wait -> s | 0
        s leap -> pit:1/2, end:1/2 | 9
        t earn -> t | 1
        t go -> s | 0
        pit stay -> pit | 0
        end stay -> end | 0""", labels={"goal": ["end"]})
    m = read("certificate-total")
    add("certificate-total", "total", "certificates, section 3", dict(zip(m.states, average_mdp.total(m.choices, {3}))),
        pairs("-3, inf, -inf, 0", m), goal="goal")

    model("certificate-average", "start x y z", """
        start left -> x | 50
        start right -> x:1/2, y:1/2 | 0
        x stay -> x | 1
        y move -> z | 3
        z move -> y | 0""")
    average("certificate-average", "certificates, section 4", "5/4, 1, 3/2, 3/2", "-7/8, 0, 3/4, -3/4")


# ------------------------------------------------------------------------------------------ linear mixtures
def signs(length):
    return ["".join(x) for x in itertools.product("+-", repeat=length)]


def agreement(mu, action):
    return sum(1 if x == y else -1 for x, y in zip(mu, action))


def hard_chain(name, steps, d, delta, gap, value):
    delta, gap = Fraction(delta), Fraction(gap)
    mu, rows = "+" * (d - 1), []
    for h in range(1, steps + 1):
        following = f"x{h + 1}" if h < steps else "fail"
        for a in signs(d - 1):
            p = delta + gap * agreement(mu, a)
            rows.append(f"x{h} {a} -> good:{p}, {following}:{1 - p} | 0")
    rows += [f"fail {a} -> fail | 0" for a in signs(d - 1)] + [f"good {a} -> good | 1" for a in signs(d - 1)]
    states = " ".join(f"x{h}" for h in range(1, steps + 1)) + " fail good"
    model(name, states, "\n".join(rows), initial="x1")
    p = delta + (d - 1) * gap
    assert steps - (1 - (1 - p) ** steps) / p == Fraction(value)
    horizon(name, steps, "linear-mixture, section 5 (hard-chain)", {"x1": value})


def linear_mixture_cases():
    hard_chain("hard-chain-3", 3, 3, "1/3", "1/24", "155/144")
    hard_chain("hard-chain-4", 4, 2, "1/4", "1/12", "43/27")
    hard_chain("hard-chain-2", 2, 2, "1/2", "1/6", "2/3")
    hard_chain("hard-chain-10", 10, 3, "1/10", "1/60", "165037644362/38443359375")
    for steps, gap in ((2, Fraction(1, 8)), (5, Fraction(1, 8)), (9, Fraction(1, 24))):
        rows = []
        for a in signs(2):
            p = Fraction(1, 2) + gap * agreement("+-", a)
            rows.append(f"start {a} -> " + ", ".join(f"{t}:{q}" for t, q in (("good", p), ("bad", 1 - p)) if q) + " | 0")
        rows += [f"good {a} -> good | {Fraction(1, steps - 1)}" for a in signs(2)]
        rows += [f"bad {a} -> bad | 0" for a in signs(2)]
        model(f"hard-fork-{steps}", "start good bad", "\n".join(rows), initial="start")
        horizon(f"hard-fork-{steps}", steps, "linear-mixture, section 5 (hard-fork)",
                {"start": Fraction(1, 2) + 2 * gap})
    rows, delta, gap = [], Fraction(1, 10), Fraction(1, 60)
    for a in signs(2):
        p = delta + gap * agreement("++", a)
        rows += [f"x0 {a} -> x1:{p}, x0:{1 - p} | 0"]
    rows += [f"x1 {a} -> x0:{delta}, x1:{1 - delta} | 1" for a in signs(2)]
    model("hard-two-state", "x0 x1", "\n".join(rows), "9/10", "x0")
    at = "linear-mixture, section 5 (hard-two-state)"
    discounted("hard-two-state", "9/10", at, "120/31, 220/31", actions={"x0": "++"})
    m = read("hard-two-state")
    gain, bias = average_mdp.average_optimum(m.choices)
    assert gain == [Fraction(4, 7)] * 2 and max(bias) - min(bias) == Fraction(30, 7)
    average("hard-two-state", at, "4/7, 4/7", dict(zip(m.states, bias)))


# ------------------------------------------------------------------------------------------ rewards compared
def starc_cases():
    table = {"R": "0 1 2 0", "D": "0 2 1 0", "E": "0 -2 1 0", "B": "0 -2 0 -2", "C": "0 0 1 2", "X": "0 0 1 0",
             "Y": "0 1 1 -1", "Z": "0 1 1 0", "F": "-1 1 -3 3", "G": "-1 1 -1 1"}
    keys = [("s", "a"), ("s", "b"), ("t", "a"), ("t", "b")]
    lists = {name: [[s, a, x] for (s, a), x in zip(keys, row.split())] for name, row in table.items()}
    lists["copy"] = [["s", "a", "s", "-1"], ["s", "b", "t", "1/2"], ["t", "a", "t", "13/2"], ["t", "b", "s", "2"],
                     ["s", "a", "t", "99"]]
    rows = "s a -> s\ns b -> t\nt a -> t\nt b -> s"
    model("starc-e1", "s t", rows, "1/2", [["s", "1/2"], ["t", "1/2"]], rewards=lists)
    ends = {}
    for reward in lists:
        for direction in ("maximize", "minimize"):
            discounted("starc-e1", "1/2", f"starc, model E1, reward {reward}", reward=reward, direction=direction)
            ends[reward, direction] = Fraction(EXPECTED[-1]["initialValue"])
    span = lambda name: ends[name, "maximize"] - ends[name, "minimize"]
    assert (ends["R", "minimize"], ends["R", "maximize"]) == (0, Fraction(7, 2))
    assert (ends["D", "minimize"], ends["D", "maximize"]) == (0, Fraction(5, 2))
    assert (span("R"), span("copy")) == (Fraction(7, 2), Fraction(21, 2))

    mask = {("s", "a"): (5, -5), ("s", "b"): (15, -5), ("t", "a"): (-5, 5), ("t", "b"): (-5, 15)}
    masked = [[s, a, t, str(x)] for (s, a), row in mask.items() for t, x in zip("st", row)]
    model("starc-e2", "s t", """
        s a -> s:1/2, t:1/2
        s b -> s:1/4, t:3/4
        t a -> s:1/2, t:1/2
        t b -> s:3/4, t:1/4""", "1/2", "s",
          rewards={"A": masked + [["s", "a", "1"]], "B": masked + [["s", "a", "-1"]], "C": [["s", "a", "1"]]})
    for reward in "ABC":
        for direction in ("maximize", "minimize"):
            discounted("starc-e2", "1/2", f"starc, model E2, reward {reward}", reward=reward, direction=direction)
            ends[reward, direction] = Fraction(EXPECTED[-1]["initialValue"])
    assert (ends["A", "minimize"], ends["A", "maximize"]) == (ends["C", "minimize"], ends["C", "maximize"])
    assert ends["B", "maximize"] == -ends["A", "minimize"] and ends["B", "minimize"] == -ends["A", "maximize"]

    model("starc-one-state", "0", "0 a -> 0\n0 b -> 0\n0 c -> 0", "1/2", "0",
          rewards={"first": [["0", "b", "1/2"], ["0", "c", "1"]], "second": [["0", "b", "3/4"], ["0", "c", "1"]]})
    for reward in ("first", "second"):
        discounted("starc-one-state", "1/2", "starc, case 10", {"0": "2"}, reward=reward)
        discounted("starc-one-state", "1/2", "starc, case 10", {"0": "0"}, reward=reward, direction="minimize")


# ------------------------------------------------------------------------------------------ writing
def model_text(document):
    """One line an entry of the two long lists, so that a difference shows."""
    parts = []
    for key, value in document.items():
        if key == "transitions" or (key == "rewards" and isinstance(value, list)):
            body = "[\n" + ",\n".join(" " + json.dumps(x) for x in value) + "]"
        elif key == "rewards":
            body = "{\n" + ",\n".join(f" {json.dumps(k)}: {json.dumps(v)}" for k, v in value.items()) + "}"
        else:
            body = json.dumps(value)
        parts.append(f"{json.dumps(key)}: {body}")
    return "{" + ",\n".join(parts) + "}\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="compare with the stored files instead of writing them")
    options = parser.parse_args()
    average_reward_cases()
    certificate_cases()
    linear_mixture_cases()
    starc_cases()
    files = {f"{name}.json": model_text(document) for name, document in MODELS.items()}
    files["expected.json"] = "[\n" + ",\n".join(json.dumps(x) for x in EXPECTED) + "\n]\n"
    if options.check:
        wrong = [n for n, body in files.items() if (FOLDER / n).read_text() != body]
        raise SystemExit(f"differ: {', '.join(wrong)}" if wrong else 0)
    FOLDER.mkdir(exist_ok=True)
    for name, body in files.items():
        (FOLDER / name).write_text(body)
    print(len(MODELS), "models,", len(EXPECTED), "expectations")


if __name__ == "__main__":
    main()
