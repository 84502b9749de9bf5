"""Exact values of finite Markov decision processes: the reference that the fixtures are made with.

Standard library only (python-flint, when installed, is the second method: `solve_with_flint`).

Notation: states `0..n-1`; `choices[s]` lists `(action index, [(successor, probability)...], expected
reward)` of every available action, in action order; all numbers are `fractions.Fraction`.

How a value is found, and why it is right.  Floating-point sweeps guess a policy.  Its equations
`(I - gamma P) v = r` are scaled to integers and solved modulo powers of one large prime (Dixon's lifting over
a sparse elimination); the rational vector read off the residues counts only after it satisfies every
equation in integers.  Then every action of every state is compared, again in integers; where one is better,
the policy takes it and the loop goes on.  At the end `v(s) >= r(s,a) + gamma P_a v(s)` holds for all
`s`, `a`, with equality under the policy, which proves `v` optimal: nothing rests on the guess or the lifting.
"""
import hashlib
import heapq
import json
import math
import sys
from fractions import Fraction

sys.set_int_max_str_digits(0)
PRIMES = [2 ** 521 - 1, 2 ** 607 - 1, 2 ** 1279 - 1]      # Mersenne primes


def text(q):
    """`p/q` in lowest terms, `p` when `q = 1`."""
    return str(q.numerator) if q.denominator == 1 else f"{q.numerator}/{q.denominator}"


class Model:
    def __init__(self, states, actions, choices, discount=None, initial=None):
        self.states, self.actions, self.choices = states, actions, choices
        self.discount, self.initial = discount, initial

    @property
    def count(self):
        return len(self.states)

    def minimizing(self):
        """The same model with every reward negated."""
        return Model(self.states, self.actions,
                     [[(a, law, -r) for a, law, r in group] for group in self.choices],
                     self.discount, self.initial)


# -------------------------------------------------------------------------------------------- reading
def read_rationale(document, reward=None):
    """A `rationale-mdp` file; `document` is its text.  Numbers are read from their text."""
    d = json.loads(document, parse_float=str)
    names = lambda x: [str(i) for i in range(x)] if isinstance(x, int) else x
    states, actions = names(d["states"]), names(d["actions"])
    state_index = {x: i for i, x in enumerate(states)}
    action_index = {x: i for i, x in enumerate(actions)}
    state = lambda x: x if isinstance(x, int) else state_index[x]
    action = lambda x: x if isinstance(x, int) else action_index[x]
    laws = {}
    for s, a, t, p in d["transitions"]:
        law = laws.setdefault((state(s), action(a)), {})
        assert state(t) not in law, "a transition is listed twice"
        law[state(t)] = Fraction(p)
    rewards = d.get("rewards", [])
    if isinstance(rewards, dict):
        assert reward or len(rewards) == 1, "name a reward"
        rewards = rewards[reward] if reward else next(iter(rewards.values()))
    expected = dict.fromkeys(laws, Fraction(0))
    for entry in rewards:
        key = state(entry[0]), action(entry[1])
        if key in laws:
            share = 1 if len(entry) == 3 else laws[key].get(state(entry[2]), Fraction(0))
            expected[key] += Fraction(entry[-1]) * share
    choices = [[] for _ in states]
    for s, a in sorted(laws):
        law = sorted((t, p) for t, p in laws[s, a].items() if p)
        assert sum(p for _, p in law) == 1 and all(p > 0 for _, p in law), (s, a)
        choices[s].append((a, law, expected[s, a]))
    assert all(choices), "a state without action"
    initial = d.get("initial")
    if initial is not None:
        initial = [(state(s), Fraction(p)) for s, p in initial] if isinstance(initial, list) else \
            [(state(initial), Fraction(1))]
    discount = Fraction(d["discount"]) if "discount" in d else None
    return Model(states, actions, choices, discount, initial)


def simplest_between(low, high):
    """The fraction of least denominator in `[low, high]` (`0 < low <= high`), by continued fractions."""
    whole = low.numerator // low.denominator
    if whole == low:
        return Fraction(whole)
    if whole + 1 <= high:
        return Fraction(whole + 1)
    return whole + 1 / simplest_between(1 / (high - whole), 1 / (low - whole))


def snapped(written):
    """The simplest fraction within a relative 10^-12 of a number as it is written."""
    x = Fraction(written)
    if x == 0:
        return x
    width = abs(x) / 10 ** 12
    nearest = simplest_between(abs(x) - width, abs(x) + width)
    return nearest if x > 0 else -nearest


def read_gymnasium(document):
    """Gymnasium's `{"P": {s: {a: [[p, s', r, done]...]}}, "isd": [...]}`, snapped to fractions.

    A transition with `done` goes to one added absorbing state `terminal`; entries with the same
    successor are merged, their rewards averaged by probability.
    """
    d = json.loads(document, parse_float=str, parse_int=str)
    table = {int(s): {int(a): outcomes for a, outcomes in by_action.items()} for s, by_action in d["P"].items()}
    keys = sorted(table)
    actions = sorted({a for by_action in table.values() for a in by_action})
    index = {s: i for i, s in enumerate(keys)}
    needs_terminal = any(o[3] for by in table.values() for outcomes in by.values() for o in outcomes)
    terminal = len(keys)
    choices = []
    for s in keys:
        group = []
        for a in sorted(table[s]):
            law, reward = {}, Fraction(0)
            for p, t, r, done in table[s][a]:
                successor = terminal if done else index[int(t)]
                law[successor] = law.get(successor, Fraction(0)) + snapped(p)
                reward += snapped(p) * snapped(r)
            assert sum(law.values()) == 1, f"state {s}, action {a} sums to {sum(law.values())}"
            group.append((actions.index(a), sorted((t, p) for t, p in law.items() if p), reward))
        choices.append(group)
    if needs_terminal:
        choices.append([(i, [(terminal, Fraction(1))], Fraction(0)) for i in range(len(actions))])
    initial = None
    if "isd" in d:
        initial = [(i, snapped(p)) for i, p in enumerate(d["isd"]) if Fraction(p)]
        assert sum(p for _, p in initial) == 1
    names = [str(s) for s in keys] + ["terminal"] * needs_terminal
    return Model(names, [str(a) for a in actions], choices, None, initial)


# -------------------------------------------------------------------------------------------- the equations
def integer_rows(model, discount, policy):
    """Rows `({column: coefficient}, right side)` of `(I - gamma P) v = r`, each scaled to integers."""
    rows = []
    for s, k in enumerate(policy):
        _, law, reward = model.choices[s][k]
        row = {s: Fraction(1)}
        for t, p in law:
            row[t] = row.get(t, Fraction(0)) - discount * p
        scale = math.lcm(reward.denominator, *(x.denominator for x in row.values()))
        rows.append(({t: int(x * scale) for t, x in row.items() if x}, int(reward * scale)))
    return rows


class Elimination:
    """Gaussian elimination modulo a prime on the diagonal, sparsest pivot first."""

    def __init__(self, rows, prime):
        self.prime, self.steps = prime, []
        work = [{c: x % prime for c, x in row.items()} for row, _ in rows]
        columns = [set() for _ in rows]
        for i, row in enumerate(work):
            for c in row:
                columns[c].add(i)
        cost = lambda i: (len(work[i]) - 1) * (len(columns[i]) - 1)
        queue = [(cost(i), i) for i in range(len(rows))]
        heapq.heapify(queue)
        pending = set(range(len(rows)))
        while queue:
            found, i = heapq.heappop(queue)
            if i not in pending:
                continue
            if found != cost(i):
                heapq.heappush(queue, (cost(i), i))
                continue
            pending.remove(i)
            self.eliminate(i, work, columns)

    def eliminate(self, i, work, columns):
        p, row = self.prime, work[i]
        if not row.get(i):
            raise ZeroDivisionError("a pivot vanishes modulo the prime")
        inverse = pow(row.pop(i), -1, p)
        for c in row:
            columns[c].discard(i)
        columns[i].discard(i)
        lower = []
        for j in columns[i]:
            factor = work[j].pop(i) * inverse % p
            lower.append((j, factor))
            target = work[j]
            for c, x in row.items():
                if c in target:
                    target[c] = (target[c] - factor * x) % p
                else:
                    target[c] = -factor * x % p
                    columns[c].add(j)
        columns[i] = set()
        self.steps.append((i, inverse, lower, list(row.items())))

    def solve(self, right):
        p, x = self.prime, [b % self.prime for b in right]
        for i, _, lower, _ in self.steps:
            if x[i]:
                for j, factor in lower:
                    x[j] = (x[j] - factor * x[i]) % p
        for i, inverse, _, upper in reversed(self.steps):
            x[i] = (x[i] - sum(u * x[c] for c, u in upper)) * inverse % p
        return x


def reconstructed(residues, modulus):
    """`(D, numerators)` of a rational vector congruent to `residues`, or None."""
    bound, denominator, numerators = math.isqrt(modulus // 2), 1, []
    for residue in residues:
        r0, r1, t0, t1 = modulus, residue * denominator % modulus, 0, 1
        if modulus - r1 <= bound:
            r1, t1 = modulus - r1, -1
        while r1 > bound:
            quotient = r0 // r1
            r0, r1, t0, t1 = r1, r0 - quotient * r1, t1, t0 - quotient * t1
        if t1 < 0:
            r1, t1 = -r1, -t1
        if t1 == 0 or denominator * t1 > bound:
            return None
        if t1 != 1:
            numerators = [x * t1 for x in numerators]
            denominator *= t1
        numerators.append(r1)
    return denominator, numerators


def satisfies(rows, denominator, numerators):
    return all(sum(x * numerators[c] for c, x in row.items()) == b * denominator for row, b in rows)


def solve_integer_system(rows):
    """`(D, numerators)` of the solution, checked in integers."""
    for prime in PRIMES:
        try:
            factors = Elimination(rows, prime)
        except ZeroDivisionError:
            continue
        residual = [b for _, b in rows]
        solution, modulus, digits, next_try = [0] * len(rows), 1, 0, 2
        while True:
            digit = factors.solve(residual)
            solution = [x + modulus * d for x, d in zip(solution, digit)]
            residual = [(r - sum(x * digit[c] for c, x in row.items())) // prime
                        for r, (row, _) in zip(residual, rows)]
            modulus, digits = modulus * prime, digits + 1
            if digits == next_try:
                answer = reconstructed(solution, modulus)
                if answer and satisfies(rows, *answer):
                    return answer
                next_try = digits + 1 + digits // 4
    raise ArithmeticError("singular modulo every prime of the list")


def solve_with_flint(rows):
    """The second method: FLINT's dense rational solve (its own algorithms, nothing of the above)."""
    import flint
    n = len(rows)
    matrix, right = flint.fmpz_mat(n, n), flint.fmpz_mat(n, 1)
    for i, (row, b) in enumerate(rows):
        right[i, 0] = b
        for c, x in row.items():
            matrix[i, c] = x
    x = flint.fmpq_mat(matrix).solve(flint.fmpq_mat(right))
    return [Fraction(int(x[i, 0].p), int(x[i, 0].q)) for i in range(n)]


# -------------------------------------------------------------------------------------------- policies
def guessed_policy(model, discount):
    """Rounds of one greedy sweep and many sweeps under the policy, all in doubles."""
    gamma = float(discount)
    groups = [[(float(r), [(t, gamma * float(p)) for t, p in law]) for _, law, r in group]
              for group in model.choices]
    v, policy = [0.0] * model.count, [0] * model.count
    for _ in range(400):
        change = 0.0
        for s, group in enumerate(groups):
            q = [r + sum(p * v[t] for t, p in law) for r, law in group]
            k = max(range(len(q)), key=q.__getitem__)
            change, v[s], policy[s] = max(change, abs(q[k] - v[s])), q[k], k
        if change <= 1e-11 * max(1.0, max(map(abs, v))):
            break
        chosen = [groups[s][policy[s]] for s in range(model.count)]
        for _ in range(30):
            for s, (r, law) in enumerate(chosen):
                v[s] = r + sum(p * v[t] for t, p in law)
    return policy


def action_excess(choice, discount, s, denominator, numerators):
    """The sign of `r(s,a) + gamma P_a v(s) - v(s)`, times a positive number that the row fixes."""
    _, law, reward = choice
    scale = math.lcm(reward.denominator, *((discount * p).denominator for _, p in law))
    total = int(reward * scale) * denominator - scale * numerators[s]
    for t, p in law:
        total += int(discount * p * scale) * numerators[t]
    return Fraction(total, scale)


class Optimum:
    """Exact optimal values with the policy that attains them, after every inequality was checked."""

    def __init__(self, model, discount, policy=None, rounds=1000):
        self.model, self.discount = model, discount
        policy = list(policy or guessed_policy(model, discount))
        self.changes = 0
        for _ in range(rounds):
            self.rows = integer_rows(model, discount, policy)
            denominator, numerators = solve_integer_system(self.rows)
            better = {}
            for s, group in enumerate(model.choices):
                excess = [action_excess(c, discount, s, denominator, numerators) for c in group]
                assert excess[policy[s]] == 0
                k = max(range(len(group)), key=excess.__getitem__)
                if excess[k] > 0:
                    better[s] = k
            if not better:
                break
            self.changes += 1
            for s, k in better.items():
                policy[s] = k
        else:
            raise ArithmeticError("policy iteration did not end")
        self.policy = policy
        self.values = [Fraction(x, denominator) for x in numerators]
        self.denominator = math.lcm(*(v.denominator for v in self.values))

    def optimal_actions(self, s):
        """Indices into `choices[s]` of all actions that attain the optimum."""
        common = [int(v * self.denominator) for v in self.values]
        return [k for k, c in enumerate(self.model.choices[s])
                if action_excess(c, self.discount, s, self.denominator, common) == 0]

    def initial_value(self):
        return sum((p * self.values[s] for s, p in self.model.initial), Fraction(0))

    def vector_text(self):
        """`name=p/q` and a line feed for each state, in model order."""
        return vector_text(self.model, self.values)

    def digest(self):
        return hashlib.sha256(self.vector_text().encode()).hexdigest()

    def agrees_with_flint(self):
        return solve_with_flint(self.rows) == self.values


def vector_text(model, values):
    return "".join(f"{name}={text(v)}\n" for name, v in zip(model.states, values))


def optimum(model, discount, minimize=False, policy=None):
    """`Optimum`; to minimize, rewards are negated, solved, and the values negated back."""
    if not minimize:
        return Optimum(model, discount, policy)
    answer = Optimum(model.minimizing(), discount, policy)
    answer.values = [-v for v in answer.values]
    return answer


def finite_horizon(model, discount, horizon, minimize=False):
    """Optimal values with `horizon` steps to go, by backward induction."""
    pick = min if minimize else max
    v = [Fraction(0)] * model.count
    for _ in range(horizon):
        v = [pick(r + discount * sum((p * v[t] for t, p in law), Fraction(0)) for _, law, r in group)
             for group in model.choices]
    return v
