"""Undiscounted reference answers for tiny models, by enumeration of deterministic policies.

Gain and bias of each policy come from its recurrent classes and Gaussian elimination over
`fractions.Fraction`; nothing is iterated.  Notation as in `exact_mdp.py`.
"""
import itertools
from fractions import Fraction

ZERO, ONE = Fraction(0), Fraction(1)


def solve(matrix, right):
    """Gauss-Jordan elimination; the matrix is regular."""
    n = len(matrix)
    rows = [list(row) + [b] for row, b in zip(matrix, right)]
    for i in range(n):
        pivot = next(j for j in range(i, n) if rows[j][i])
        rows[i], rows[pivot] = rows[pivot], rows[i]
        rows[i] = [x / rows[i][i] for x in rows[i]]
        for j in range(n):
            if j != i and rows[j][i]:
                factor = rows[j][i]
                rows[j] = [x - factor * y for x, y in zip(rows[j], rows[i])]
    return [row[n] for row in rows]


def policies(groups):
    return itertools.product(*(range(len(group)) for group in groups))


def chain_of(groups, policy):
    n = len(groups)
    matrix, rewards = [], []
    for s, k in enumerate(policy):
        _, law, reward = groups[s][k]
        row = [ZERO] * n
        for t, p in law:
            row[t] += p
        matrix.append(row)
        rewards.append(reward)
    return matrix, rewards


def reachable(matrix, s):
    seen, stack = {s}, [s]
    while stack:
        for t, p in enumerate(matrix[stack.pop()]):
            if p and t not in seen:
                seen.add(t)
                stack.append(t)
    return seen


def limiting_matrix(matrix):
    """`P*`: stationary laws of the recurrent classes, mixed by the absorption probabilities."""
    n = len(matrix)
    reach = [reachable(matrix, s) for s in range(n)]
    recurrent = [all(s in reach[t] for t in reach[s]) for s in range(n)]
    transient = [s for s in range(n) if not recurrent[s]]
    limit = [[ZERO] * n for _ in range(n)]
    for group in {tuple(sorted(reach[s])) for s in range(n) if recurrent[s]}:
        size = len(group)
        balance = [[matrix[t][s] - (s == t) for t in group] for s in group]
        balance[-1] = [ONE] * size
        law = solve(balance, [ZERO] * (size - 1) + [ONE])
        absorbed = dict.fromkeys(group, ONE)
        if transient:
            system = [[(s == t) - matrix[s][t] for t in transient] for s in transient]
            into = [sum(matrix[s][t] for t in group) for s in transient]
            absorbed.update(zip(transient, solve(system, into)))
        for s, weight in absorbed.items():
            for t, q in zip(group, law):
                limit[s][t] += weight * q
    return limit


def gain_and_bias(groups, policy):
    """`g = P* r` and `h = D r` with `D = (I - P + P*)^-1 - P*`."""
    matrix, rewards = chain_of(groups, policy)
    n, limit = len(matrix), limiting_matrix(matrix)
    gain = [sum(limit[s][t] * rewards[t] for t in range(n)) for s in range(n)]
    fundamental = [[(s == t) - matrix[s][t] + limit[s][t] for t in range(n)] for s in range(n)]
    bias = [x - g for x, g in zip(solve(fundamental, rewards), gain)]
    return gain, bias


def largest(vectors):
    """The componentwise maximum, which one of the vectors attains."""
    top = [max(column) for column in zip(*vectors)]
    assert top in vectors, "no policy attains the maximum at all states"
    return top


def average_optimum(groups):
    """Optimal gain, and the largest bias among the policies that attain it."""
    found = [gain_and_bias(groups, policy) for policy in policies(groups)]
    gain = largest([g for g, _ in found])
    return gain, largest([h for g, h in found if g == gain])


def with_absorbing(groups, goal, reward=ZERO):
    return [[(0, [(s, ONE)], reward)] if s in goal else group for s, group in enumerate(groups)]


def reachability(groups, goal, minimize=False):
    """Optimal probability of reaching `goal`: the gain when goal states pay 1 a step, all others 0."""
    free = [[(a, law, ZERO) for a, law, _ in group] for group in groups]
    found = [gain_and_bias(with_absorbing(free, goal, ONE), p)[0]
             for p in policies(with_absorbing(free, goal))]
    return [-x for x in largest([[-x for x in g] for g in found])] if minimize else largest(found)


def total(groups, goal):
    """Largest expected reward until `goal` among policies that reach it surely; `inf`, `-inf` as they come.

    States without a proper policy are worth `-inf`, and no proper policy ever enters them; if on the rest
    some policy earns a positive gain, postponing the goal earns any amount.
    """
    inside = with_absorbing(groups, goal)
    lost = {s for s, p in enumerate(reachability(groups, goal)) if p < 1}
    kept = [[c for c in group if not any(t in lost for t, _ in c[1])] for group in inside]
    for s in lost:
        kept[s] = [(0, [(s, ONE)], ZERO)]
    gain, _ = average_optimum(kept)
    proper = []
    for policy in policies(kept):
        hit = reachability_of(kept, policy, goal)
        if all(hit[s] == 1 for s in range(len(groups)) if s not in lost):
            proper.append(gain_and_bias(kept, policy)[1])       # total reward, as the gain is 0
    best = largest(proper)
    return ["-inf" if s in lost else "inf" if gain[s] > 0 else best[s] for s in range(len(groups))]


def reachability_of(groups, policy, goal):
    matrix, _ = chain_of(groups, policy)
    limit = limiting_matrix(matrix)
    return [sum(limit[s][t] for t in goal) for s in range(len(groups))]
