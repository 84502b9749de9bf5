#!/usr/bin/env python3
"""Writes `../generated-values.json`: exact discounted optima of generated models, which are not stored.

    python3 generated_values.py [--second-method] [--check]

`generate.py` beside this file makes each model from its family and arguments (`rationale generate` writes the same
bytes).  `--second-method` solves the equations of each optimal policy of at most 600 states again with FLINT
(pip: python-flint).  Everything takes five minutes, nearly all of it for the three largest models.
"""
import argparse
import contextlib
import io
import json
import pathlib
import time

import exact_mdp
import generate

TARGET = pathlib.Path(__file__).resolve().parent.parent / "generated-values.json"
RULES = {
    "model": "generate FAMILY ARGUMENTS; the discount is the model's",
    "reward": "the reward function's name, where the model has several",
    "initialValue": "exact optimal value under the model's initial law",
    "valuesSha256": "SHA-256 of the lines `name=p/q` (`name=p` for an integer), one a state in model order, each "
                    "with a line feed, UTF-8",
    "denominatorBits": "bits of the least common denominator of all values",
    "tiedStates": "number of states where two or more actions attain the optimum",
}
CASES = """
garnet --states 1 --seed 1
garnet --states 2 --actions 2 --branching 2 --seed 1
garnet --states 3 --seed 5
garnet --states 5 --actions 1 --seed 2
garnet --states 8 --actions 6 --branching 1 --seed 3
garnet --states 10 --actions 2 --branching 10 --denominator 1000 --seed 4
garnet --states 20 --seed 3
garnet --states 20 --seed 3 --discount 1/2 | minimize
garnet --states 20 --seed 3 --discount 999999/1000000
garnet --states 25 --seed 6 --discount 0
garnet --states 30 --rewards 3 --seed 7 | reward r0
garnet --states 30 --rewards 3 --seed 7 | reward r2 minimize
garnet --states 40 --actions 3 --branching 3 --seed 8 --discount 99/100
garnet --states 50 --seed 42
garnet --states 50 --seed 42 | minimize
garnet --states 60 --actions 2 --branching 5 --denominator 97 --seed 9
garnet --states 80 --branching 2 --seed 10 --discount 0.95
garnet --states 100 --seed 0
garnet --states 100 --seed 1 --discount 99/100
garnet --states 150 --actions 2 --branching 3 --seed 11
gridworld --width 2 --height 1
gridworld --width 3
gridworld --width 4 --height 3 --slip 0
gridworld --width 5 --slip 1/3 --discount 9/10
gridworld --width 7 --height 4 --slip 0 --step-cost 0
gridworld --width 9 --height 6 --holes 8 --seed 2
gridworld --width 10
gridworld --width 10 --discount 999/1000 | minimize
gridworld --width 12 --height 8 --goal-reward 10 --step-cost 1/7 --holes 5 --seed 1
gridworld --width 16 --slip 1/10 --discount 19/20
riverswim
riverswim --states 2
riverswim --states 12 --discount 99/100
riverswim --states 40 --discount 999/1000
riverswim --states 40 --discount 9/10 | minimize
riverswim --states 100
chain
chain --states 2
chain --states 10 --discount 9/10
chain --states 30 --discount 99999/100000
chain --states 60 | minimize
chain --states 120
haddad-monmege
haddad-monmege --states 1
haddad-monmege --states 5 --bias 1/2
haddad-monmege --states 10 --bias 1 --discount 9/10
haddad-monmege --states 30 --discount 99/100 | minimize
haddad-monmege --states 50
multichain
multichain --states 4 --classes 2 --seed 1
multichain --states 30 --classes 5 --seed 2 --discount 99/100
multichain --states 61 --classes 7 --seed 9
multichain --states 61 --classes 7 --seed 9 | minimize
multichain --states 100 --classes 4 --seed 3
multichain --states 150 --classes 1 --seed 4 --discount 19/20
ssp
ssp --states 6 --seed 1
ssp --states 30 --seed 2 --discount 9/10
ssp --states 60 --seed 3 --zero-cycles
ssp --states 60 --seed 3 --zero-cycles | minimize
ssp --states 100 --seed 4 --discount 999/1000
ssp --states 150 --seed 5 --zero-cycles
near-tie
near-tie --states 9 --seed 1
near-tie --states 30 --gap-exponent 40 --seed 2
near-tie --states 60 --seed 3
near-tie --states 100 --seed 1
near-tie --states 100 --seed 1 | minimize
near-tie --states 120 --gap-exponent 9 --seed 4 --discount 99/100
near-tie --states 45 --gap-exponent 0 --seed 5
garnet --states 300 --seed 1
garnet --states 300 --seed 1 --discount 99/100 | minimize
garnet --states 500 --actions 2 --branching 3 --seed 12
gridworld --width 30 --holes 60 --seed 3
gridworld --width 40
chain --states 500
chain --states 2000
riverswim --states 1000 --discount 99/100
haddad-monmege --states 300
multichain --states 1000 --classes 12 --seed 6
ssp --states 600 --seed 7
near-tie --states 450 --seed 8
"""


def generated(arguments):
    """The bytes that the generator writes, as text."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        generate.main(arguments)
    return out.getvalue()


def entry(line, second_method):
    command, _, options = line.partition("|")
    family, *arguments = command.split()
    options = options.split()
    minimize = "minimize" in options
    reward = options[options.index("reward") + 1] if "reward" in options else None
    model = exact_mdp.read_rationale(generated([family] + arguments), reward)
    start = time.perf_counter()
    best = exact_mdp.Optimum(model.minimizing() if minimize else model, model.discount)
    if second_method and model.count <= 600:
        assert best.agrees_with_flint(), line
    tied = sum(len(best.optimal_actions(s)) > 1 for s in range(model.count))
    if minimize:
        best.values = [-v for v in best.values]
    bits = best.denominator.bit_length()
    print(f"{line}: {bits} bits, {best.changes} exact improvements, {time.perf_counter() - start:.2f} s", flush=True)
    answer = {"family": family, "arguments": arguments, "direction": "minimize" if minimize else "maximize"}
    if reward:
        answer["reward"] = reward
    answer.update(discount=exact_mdp.text(model.discount), states=model.count,
                  initialValue=exact_mdp.text(best.initial_value()), denominatorBits=bits, tiedStates=tied,
                  valuesSha256=best.digest())
    return answer


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--second-method", action="store_true", help="solve again with FLINT")
    parser.add_argument("--check", action="store_true", help="compare with the stored file instead of writing it")
    options = parser.parse_args()
    found = [entry(line, options.second_method) for line in CASES.strip().splitlines()]
    data = '{"format": "generated-values", "version": 1,\n "rules": ' + json.dumps(RULES, indent=1) + \
        ',\n "values": [\n' + ",\n".join(json.dumps(x) for x in found) + "\n]}\n"
    if options.check:
        raise SystemExit(0 if TARGET.read_text() == data else f"{TARGET.name} differs")
    TARGET.write_text(data)
    print(len(found), "models,", len(data), "bytes")


if __name__ == "__main__":
    main()
