"""Figures of the worked examples of value.markov_chain, in rational numbers: the example of Pfeifer and Carraway (2000) and
three customers counted period by period. Run it to see them; mpmath inverts the Beta distribution."""
from fractions import Fraction as F
from itertools import product

import mpmath

mpmath.mp.dps = 30


def solve(a, b):
    n = len(b)
    a = [row[:] + [x] for row, x in zip(a, b)]
    for i in range(n):
        pivot = next(k for k in range(i, n) if a[k][i] != 0)
        a[i], a[pivot] = a[pivot], a[i]
        for k in range(n):
            if k != i:
                f = a[k][i] / a[i][i]
                a[k] = [x - f * y for x, y in zip(a[k], a[i])]
    return [a[i][n] / a[i][i] for i in range(n)]


def value(p, reward, cost, d, contact):
    """Of a policy; who is not contacted is gone."""
    n = len(reward)
    a = [[F(i == j) - (p[i][j] / (1 + d) if contact[i] else 0) for j in range(n)] for i in range(n)]
    return solve(a, [reward[i] - (cost[i] if contact[i] else 0) for i in range(n)])


def best(p, reward, cost, d):
    """Of all policies the one with the most value in every state, tried one by one."""
    n = len(reward)
    found = None
    for contact in product([False, True], repeat=n):
        v = value(p, reward, cost, d, contact)
        if found is None or all(x >= y for x, y in zip(v, found[0])) and v != found[0]:
            found = (v, contact)
    return found


def shown(name, values):
    print(name, [str(v) for v in values], [float(v) for v in values])


def paper():
    n = 5
    p = [[F(0)] * n for _ in range(n)]
    for i, chance in enumerate([F(30, 100), F(20, 100), F(15, 100), F(5, 100)]):
        p[i][0] = chance
        p[i][i + 1] = 1 - chance
    p[4][4] = F(1)
    reward = [F(40), F(0), F(0), F(0), F(0)]
    cost = [F(4), F(4), F(4), F(4), F(0)]
    d = F(1, 5)
    shown("always", value(p, reward, cost, d, [True] * n))
    v, contact = best(p, reward, cost, d)
    shown("best", v)
    print("contact", contact)
    shown("future", [x - r for x, r in zip(v, reward)])
    # The same with four periods to go: V(T) = R + P V(T - 1) / (1 + d).
    v = [r - c for r, c in zip(reward, cost)]
    for _ in range(4):
        v = [reward[i] - cost[i] + sum(p[i][j] * v[j] for j in range(n)) / (1 + d) for i in range(n)]
    shown("four periods", v)
    # Steps until lost: (I - Q)^-1 1.
    q = [[F(i == j) - p[i][j] for j in range(4)] for i in range(4)]
    shown("steps", solve(q, [F(1)] * 4))


def counted():
    # Months 0 to 4 with orders: Ann 0, 1, 3; Bob 0, 3; Cai 1, 2, 4. Two periods without an order: lost.
    customers = {"Ann": {0: 100, 1: 60, 3: 80}, "Bob": {0: 50, 3: 40}, "Cai": {1: 30, 2: 60, 4: 70}}
    lost = 2
    counts = {}
    sums = []
    restarts = 0
    ends = {}
    for name, orders in customers.items():
        state = None
        for month in range(5):
            if month in orders:
                target = 0
            else:
                target = None if state is None else min(state + 1, lost)
            if state is not None:
                if state == lost and target == 0:
                    restarts += 1
                elif state != lost:
                    counts[state, target] = counts.get((state, target), 0) + 1
            state = target
        ends[state] = ends.get(state, 0) + 1
        sums.append((len(orders), sum(orders.values())))
    print("counts", counts, "restarts", restarts, "at the end", ends)
    mean = F(sum(a for _, a in sums), sum(c for c, _ in sums))
    m = len(sums)
    whole = sum(c for c, _ in sums)
    variance = F(m, m - 1) * sum((a - mean * c) ** 2 for c, a in sums) / whole**2
    print("reward", mean / 2, "error", mpmath.sqrt(mpmath.mpf(variance.numerator) / variance.denominator) / 2)
    n = 3
    p = [[F(0)] * n for _ in range(n)]
    p[2][2] = F(1)
    departures = [sum(c for (i, _), c in counts.items() if i == k) for k in range(n)]
    for (i, j), c in counts.items():
        p[i][j] = F(c, departures[i])
        low = mpmath.findroot(lambda x: mpmath.betainc(c + 0.5, departures[i] - c + 0.5, 0, x, regularized=True) - 0.05, (0.001, 0.9), solver="anderson") if c else 0
        high = mpmath.findroot(lambda x: mpmath.betainc(c + 0.5, departures[i] - c + 0.5, 0, x, regularized=True) - 0.95, (0.1, 0.999), solver="anderson") if c < departures[i] else 1
        print("transition", i, j, p[i][j], float(p[i][j]), c, low, high)
    # The rate of a month as the double nearest to it.
    d = mpmath.mpf(11) / 10
    d = mpmath.root(d, 12) - 1
    d = F(int(mpmath.floor(d * 10**28)), 10**28)
    reward = [mean / 2, F(0), F(0)]
    cost = [F(2), F(2), F(0)]
    shown("always", value(p, reward, cost, d, [True] * n))
    v, contact = best(p, reward, cost, d)
    shown("best", v)
    print(contact)
    q = [[F(i == j) - p[i][j] for j in range(2)] for i in range(2)]
    shown("steps", solve(q, [F(1)] * 2))
    # Standard errors: N(s, i)^2 (error of the reward^2 + variance of the mean of what follows / departures).
    mp = lambda f: mpmath.mpf(f.numerator) / f.denominator
    for s in range(2):
        total = mpmath.mpf(0)
        for i in range(2):
            unit = [F(k == i) for k in range(n)]
            a = [[F(r == c) - (p[r][c] / (1 + d) if contact[r] else 0) for c in range(n)] for r in range(n)]
            influence = solve(a, unit)[s]
            average = sum(p[i][j] * v[j] for j in range(n))
            spread = sum(p[i][j] * (v[j] - average) ** 2 for j in range(n))
            own = spread / (1 + d) ** 2 / departures[i] if contact[i] else F(0)
            own += variance / 4 if i == 0 else 0
            total += mp(influence**2 * own)
        error = mpmath.sqrt(total)
        z = mpmath.sqrt(2) * mpmath.erfinv(mpmath.mpf(9) / 10)
        print("error", s, error, "low", mp(v[s]) - z * error, "high", mp(v[s]) + z * error)


if __name__ == "__main__":
    paper()
    counted()
