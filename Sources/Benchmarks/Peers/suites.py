"""The models of a suite, with the peers that are worth waiting for and their limits in seconds.

A limit of 0 leaves the peer out; limits were chosen so that a peer that would need many times longer than
the slowest useful one is cut off and shown as `> limit`.
"""
import math
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
    minimize: bool = False
    goal: str = "goal"
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
STORM = {"storm": 60}
FLOATS = {"storm": 60, "numpy": 60}
# Objectives without a discount.
UNDISCOUNTED = [
    Case("haddad-monmege 20", "haddad-monmege", objective="reachability", limits=FLOATS),
    Case("gridworld 20x20, 60 holes", "gridworld --width 20 --holes 60 --seed 1", objective="reachability",
         limits=FLOATS),
    Case("gridworld 30x30, 180 holes", "gridworld --width 30 --holes 180 --seed 1", objective="reachability",
         limits=FLOATS),
    Case("ssp 400", "ssp --states 400 --seed 1", objective="reachability", minimize=True, limits=FLOATS),
    Case("gridworld 20x20", "gridworld --width 20 --goal-reward 0", objective="total", limits=FLOATS),
    Case("ssp 200, zero cycles", "ssp --states 200 --seed 1 --zero-cycles", objective="total", limits=FLOATS),
    Case("riverswim 100", "riverswim --states 100", objective="average", limits=STORM),
    Case("riverswim 500", "riverswim --states 500", objective="average", limits=STORM),
    Case("multichain 160", "multichain --states 160 --seed 1", objective="average", limits=STORM),
    Case("garnet 100", "garnet --states 100 --seed 1", objective="average", limits=STORM),
]
# One family after the other against Storm's exact engine alone.
SIDE_BY_SIDE = [
    Case("garnet 100", "garnet --states 100 --seed 1", limits=STORM),
    Case("gridworld 25x25", "gridworld --width 25", limits=STORM),
    Case("riverswim 100", "riverswim --states 100", limits=STORM),
    Case("chain 500", "chain --states 500", limits=STORM),
    Case("haddad-monmege 100", "haddad-monmege --states 100", limits=STORM),
    Case("multichain 160", "multichain --states 160 --seed 1", limits=STORM),
    Case("ssp 200", "ssp --states 200 --seed 1", limits=STORM),
    Case("near-tie 100", "near-tie --states 100 --seed 1", limits=STORM),
]
QUICK = [
    Case("garnet 50", "garnet --states 50 --seed 1", limits={**exact(30, 30, 30), **DOUBLES}),
    Case("gridworld 10x10", "gridworld", limits={**exact(30, 30, 0), **DOUBLES}),
]
SUITES = {"readme": README, "quick": QUICK, "undiscounted": UNDISCOUNTED, "storm": SIDE_BY_SIDE + UNDISCOUNTED}


@dataclass
class Ladder:
    """Models of growing size: `generate` with the size for `{}`, from `first` on, by a factor of `step`, up to `last`."""
    name: str
    generate: str
    first: int
    step: float = 2
    objective: str = "discounted"
    minimize: bool = False
    goal: str = "goal"
    last: int = 200_000

    def cases(self):
        size = self.first
        while size <= self.last:
            yield size, Case(f"{self.name} {size}", self.generate.format(size), objective=self.objective,
                             minimize=self.minimize, goal=self.goal)
            size = math.ceil(size * self.step)


# The largest size within a limit, per family and objective.
LADDERS = [
    Ladder("garnet", "garnet --states {} --seed 1", 50),
    Ladder("gridworld", "gridworld --width {}", 15, 1.5, last=450),
    Ladder("riverswim", "riverswim --states {}", 50),
    Ladder("chain", "chain --states {}", 100),
    Ladder("haddad-monmege", "haddad-monmege --states {}", 50),
    Ladder("multichain", "multichain --states {} --seed 1", 50),
    Ladder("ssp", "ssp --states {} --seed 1", 50),
    Ladder("near-tie", "near-tie --states {} --seed 1", 50),
    Ladder("gridworld", "gridworld --width {} --goal-reward 0", 15, 1.5, objective="total", last=450),
    Ladder("ssp", "ssp --states {} --seed 1", 50, objective="total"),
    Ladder("haddad-monmege", "haddad-monmege --states {}", 20, objective="total", minimize=True, goal="end"),
    Ladder("gridworld, as many holes as columns", "gridworld --width {0} --holes {0} --seed 1", 15, 1.5,
           objective="reachability", last=450),
    Ladder("ssp", "ssp --states {} --seed 1", 100, objective="reachability", minimize=True),
    Ladder("haddad-monmege", "haddad-monmege --states {}", 50, objective="reachability"),
    Ladder("garnet", "garnet --states {} --seed 1", 25, objective="average"),
    Ladder("riverswim", "riverswim --states {}", 50, objective="average"),
    Ladder("chain", "chain --states {}", 50, objective="average"),
    Ladder("multichain", "multichain --states {} --seed 1", 40, objective="average"),
]
