#!/usr/bin/env python3
"""Writes `../gymnasium-initial-values.json`: exact discounted optima of Gymnasium's toy-text models.

    python3 gymnasium_values.py [--second-method] [--check]

`--second-method` solves the equations of each optimal policy again with FLINT (pip: python-flint).
"""
import argparse
import json
import pathlib
import time
from fractions import Fraction

import exact_mdp

FIXTURES = pathlib.Path(__file__).resolve().parent.parent
TARGET = FIXTURES / "gymnasium-initial-values.json"
FILES = ["frozenlake4x4", "frozenlake8x8", "cliffwalking", "taxi"]
DISCOUNTS = ["9/10", "99/100", "999/1000"]
RULES = {
    "model": "a file of the folder gymnasium, read as such (snapped, state `terminal` added, successors merged)",
    "initialValue": "exact optimal value, maximize, under the file's isd",
    "valuesSha256": "SHA-256 of the lines `name=p/q` (`name=p` for an integer), one a state in model order, "
                    "`terminal` last, each with a line feed, UTF-8",
    "denominatorBits": "bits of the least common denominator of all values",
}


def entries(second_method):
    for name in FILES:
        model = exact_mdp.read_gymnasium((FIXTURES / "gymnasium" / f"{name}.json").read_text())
        for discount in DISCOUNTS:
            start = time.perf_counter()
            best = exact_mdp.optimum(model, Fraction(discount))
            if second_method:
                assert best.agrees_with_flint(), (name, discount)
            value = best.initial_value()
            print(f"{name} {discount}: {float(value)!r}, {best.denominator.bit_length()} bits, "
                  f"{best.changes} exact improvements, {time.perf_counter() - start:.2f} s", flush=True)
            yield {"model": f"gymnasium/{name}.json", "states": model.count, "discount": discount,
                   "direction": "maximize", "initialValue": exact_mdp.text(value),
                   "denominatorBits": best.denominator.bit_length(), "valuesSha256": best.digest()}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--second-method", action="store_true", help="solve again with FLINT")
    parser.add_argument("--check", action="store_true", help="compare with the stored file instead of writing it")
    options = parser.parse_args()
    document = {"format": "gymnasium-initial-values", "version": 1, "rules": RULES,
                "values": list(entries(options.second_method))}
    data = json.dumps(document, indent=1) + "\n"
    if options.check:
        raise SystemExit(0 if TARGET.read_text() == data else f"{TARGET.name} differs")
    TARGET.write_text(data)


if __name__ == "__main__":
    main()
