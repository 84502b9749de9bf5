"""The models of a suite, with the peers that are worth waiting for and their limits in seconds.

A limit of 0 leaves the peer out; limits were chosen so that a peer that would need many times longer than
the slowest useful one is cut off and shown as `> limit`.
"""
from dataclasses import dataclass, field


@dataclass
class Case:
    """One model of a suite: a generator command or a Gymnasium file, and what is asked of it."""
    name: str
    generate: str = ""
    gymnasium: str = ""
    objective: str = "discounted"
    discount: str = ""
    values: str = "all"
    limits: dict = field(default_factory=dict)


def exact(storm, qsopt, glpk_exact):
    return {"storm": storm, "qsopt": qsopt, "glpk-exact": glpk_exact}


DOUBLES = {"glpk": 60, "numpy": 60, "scipy-lu": 60, "scipy-sweeps": 60}
SPARSE = {"scipy-lu": 60, "scipy-sweeps": 60}

README = [
    Case("garnet 100", "garnet --states 100 --seed 1", limits={**exact(60, 60, 60), **DOUBLES}),
    Case("garnet 200", "garnet --states 200 --seed 1", limits={**exact(120, 120, 0), **DOUBLES}),
    Case("garnet 300", "garnet --states 300 --seed 1", limits={**exact(180, 120, 0), **DOUBLES}),
    Case("garnet 1000", "garnet --states 1000 --seed 1", limits={**exact(0, 300, 0), **DOUBLES}),
    Case("garnet 3000", "garnet --states 3000 --seed 1", values="initial",
         limits={"numpy": 120, "scipy-lu": 120, "scipy-sweeps": 60}),
    Case("garnet 10000", "garnet --states 10000 --seed 1", values="initial", limits={"scipy-sweeps": 60}),
    Case("gridworld 20x20", "gridworld --width 20", limits={**exact(120, 120, 0), **DOUBLES}),
    Case("gridworld 40x40", "gridworld --width 40", limits={**exact(120, 300, 0), **DOUBLES}),
    Case("chain 2000", "chain --states 2000", limits={**exact(120, 300, 0), **DOUBLES}),
    Case("riverswim 100", "riverswim --states 100", limits={**exact(60, 60, 0), **DOUBLES}),
    Case("ssp 200", "ssp --states 200 --seed 1", limits={**exact(60, 60, 0), **DOUBLES}),
    Case("near-tie 100", "near-tie --states 100 --seed 1", limits={**exact(60, 60, 60), **DOUBLES}),
    Case("taxi", gymnasium="taxi.json", discount="99/100", limits={**exact(60, 60, 60), **DOUBLES}),
    Case("frozenlake8x8", gymnasium="frozenlake8x8.json", discount="99/100",
         limits={**exact(60, 60, 60), **DOUBLES}),
]
# Objectives without a discount, for when the command has them.
UNDISCOUNTED = [
    Case("haddad-monmege 20", "haddad-monmege", objective="reachability", limits={"storm": 60, "numpy": 60}),
    Case("gridworld 20x20, 60 holes", "gridworld --width 20 --holes 60 --seed 1", objective="reachability",
         limits={"storm": 60, "numpy": 60}),
    Case("riverswim 100", "riverswim --states 100", objective="average", limits={"storm": 60}),
    Case("multichain 200", "multichain --states 200 --seed 1", objective="average", limits={"storm": 60}),
]
QUICK = [
    Case("garnet 50", "garnet --states 50 --seed 1", limits={**exact(30, 30, 30), **DOUBLES}),
    Case("gridworld 10x10", "gridworld", limits={**exact(30, 30, 0), **DOUBLES}),
]
SUITES = {"readme": README, "quick": QUICK, "undiscounted": UNDISCOUNTED}
