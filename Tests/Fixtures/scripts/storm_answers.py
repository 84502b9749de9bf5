#!/usr/bin/env python3
"""What Storm says about models: exact values as fractions, and its own DRN files.

    storm_answers.py JOBS        (answers to JOBS.answers)

JOBS is a JSON list.  {"drn": FILE, "formulas": [...], "export": FILE or null} reads a DRN file with Storm's exact
numbers; {"prism": PROGRAM TEXT, "exact": true, "full": true, ...} builds a model (`full`: with choice labels and state
valuations, and all labels and rewards in any case).  Both are exported as DRN where `export` names a file.  The answer
to a job holds `type`, `labels` (states by name), `rewards`, `actions` (the labels of each choice, or null), and for
each formula in `values` the list of its values at all states (`inf` where infinite), or a text where Storm refuses.
"""
import json
import sys

import stormpy
import stormpy.environments
from stormpy.developer import DirectEncodingParserOptions
from stormpy.io import export_to_drn


def built(job):
    if "drn" in job:
        options = DirectEncodingParserOptions()
        options.build_choice_labeling = True
        return stormpy.build_model_from_drn[stormpy.Rational](job["drn"], options=options)
    with open(job["export"] + ".prism", "w") as f:
        f.write(job["prism"])
    program = stormpy.parse_prism_program(f.name)
    options = stormpy.BuilderOptions(build_full=job["full"])
    options.set_build_all_labels()
    options.set_build_all_reward_models()
    number = stormpy.Rational if job["exact"] else float
    return stormpy.build_model[number](program, options=options)


def values(model, formula):
    try:
        result = stormpy.model_checking(
            model, stormpy.parse_properties(formula)[0], environment=stormpy.environments.exact(),
            only_initial_states=False)
    except Exception as e:                                  # a refusal is an answer
        return f"{type(e).__name__}: {e}"
    return [str(result.get_value(s)).split(" ")[0] for s in range(model.nr_states)]


def answer(job):
    model = built(job)
    if job.get("export"):
        export_to_drn(model, job["export"])
    labels = {name: list(model.labeling.get_states(name)) for name in sorted(model.labeling.get_labels())}
    actions = None
    if model.has_choice_labeling():
        actions = [sorted(model.choice_labeling.get_labels_of_choice(c)) for c in range(model.nr_choices)]
    return dict(type=str(model.model_type).split(".")[-1], labels=labels, rewards=sorted(model.reward_models),
                actions=actions, values=[values(model, f) for f in job["formulas"]])


def main():
    with open(sys.argv[1]) as f:
        jobs = json.load(f)
    answers = [answer(job) for job in jobs]
    # Storm prints to standard output as well: the answers go to a file of their own.
    with open(sys.argv[1] + ".answers", "w") as f:
        json.dump(answers, f)


if __name__ == "__main__":
    main()
