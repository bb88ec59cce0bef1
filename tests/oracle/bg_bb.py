# SPDX-License-Identifier: BSL-1.0
"""The figures of the worked examples of value.bg_bb, with 40 digits and the paper's own formulas.

Fader, Hardie and Shang, Marketing Science 29 (2010). Needs mpmath. Run: python3 tests/oracle/bg_bb.py
"""
from mpmath import mp, mpf, beta, binomial, exp, log, lu_solve, matrix, sqrt

mp.dps = 40

# frequency, recency, opportunities, customers: invented
ROWS = [
    (0, 0, 6, 350), (0, 0, 4, 120), (1, 1, 6, 110), (1, 3, 6, 30), (1, 6, 6, 14), (1, 2, 4, 25), (2, 2, 6, 60),
    (2, 4, 6, 31), (2, 6, 6, 22), (2, 4, 4, 24), (3, 3, 6, 33), (3, 5, 6, 41), (3, 6, 6, 35), (4, 4, 4, 40),
    (4, 6, 6, 50), (5, 5, 6, 34), (5, 6, 6, 72), (6, 6, 6, 118),
]


def likelihood(a, b, g, d, x, t, n):
    alive = beta(a + x, b + n - x) * beta(g, d + n)
    gone = sum(beta(a + x, b + i - x) * beta(g + 1, d + i) for i in range(t, n))
    return (alive + gone) / beta(a, b) / beta(g, d)


def alive(a, b, g, d, x, t, n, ahead):
    """P(alive at opportunity n + ahead), A10."""
    return (beta(a + x, b + n - x) * beta(g, d + n + ahead) / beta(a, b) / beta(g, d)
            / likelihood(a, b, g, d, x, t, n))


def orders(a, b, g, d, x, t, n, horizon, rate=mpf(0)):
    mean = (a + x) / (a + b + n)
    return sum(mean * alive(a, b, g, d, x, t, n, k) / (1 + rate) ** k for k in range(1, horizon + 1))


def orders_for_ever(a, b, g, d, x, t, n, rate):
    mean = (a + x) / (a + b + n)
    return mean * mp.nsum(lambda k: alive(a, b, g, d, x, t, n, int(k)) / (1 + rate) ** int(k), [1, mp.inf])


def count(a, b, g, d, horizon, k):
    """P(k orders in `horizon`) of one who is alive now, equation 7."""
    some = sum(binomial(i, k) * beta(a + k, b + i - k) * beta(g + 1, d + i) for i in range(k, horizon))
    every = binomial(horizon, k) * beta(a + k, b + horizon - k) * beta(g, d + horizon)
    return (some + every) / beta(a, b) / beta(g, d)


def total(logs):
    p = [exp(u) for u in logs]
    return sum(w * log(likelihood(*p, x, t, n)) for x, t, n, w in ROWS)


def fit():
    """Newton's method with central differences, whose errors are of the order of 1e-24."""
    mp.dps = 60
    step = mpf(10) ** -12
    logs = [log(mpf(v)) for v in ("1.2", "0.8", "0.7", "2.8")]

    def moved(*moves):
        return total([u + step * sum(m for k, m in moves if k == i) for i, u in enumerate(logs)])

    for _ in range(8):
        middle = total(logs)
        gradient = matrix([(moved((i, 1)) - moved((i, -1))) / (2 * step) for i in range(4)])
        hessian = matrix(4, 4)
        for i in range(4):
            hessian[i, i] = (moved((i, 1)) - 2 * middle + moved((i, -1))) / step ** 2
            for j in range(i):
                mixed = (moved((i, 1), (j, 1)) - moved((i, 1), (j, -1)) - moved((i, -1), (j, 1))
                         + moved((i, -1), (j, -1)))
                hessian[i, j] = hessian[j, i] = mixed / (4 * step ** 2)
        change = lu_solve(hessian, gradient)
        logs = [u - c for u, c in zip(logs, change)]
    covariance = (-hessian) ** -1
    for i, name in enumerate(("alpha", "beta", "gamma", "delta")):
        value = exp(logs[i])
        print(name, mp.nstr(value, 13), mp.nstr(value * sqrt(covariance[i, i]), 10))
    print("log-likelihood", mp.nstr(total(logs), 18), "last change", mp.nstr(mp.norm(change), 3))


def scores():
    p = [mpf(v) for v in ("1.2", "0.75", "0.66", "2.78")]
    a, b, g, d = p
    for x, t, n in [(0, 0, 6), (3, 4, 6), (6, 6, 6), (0, 0, 0)]:
        now = alive(*p, x, t, n, 1)
        after = (a + x, b + n - x, g, d + n)  # of one who is alive at n
        at_n = alive(*p, x, t, n, 0)
        none = 1 - at_n + at_n * count(*after, 5, 0)
        two = at_n * count(*after, 5, 2)
        mean_p = a / (a + b) * likelihood(a + 1, b, g, d, x, t, n) / likelihood(*p, x, t, n)
        mean_t = g / (g + d) * likelihood(a, b, g + 1, d, x, t, n) / likelihood(*p, x, t, n)
        next_order, k = None, 0
        if at_n * (1 - count(*after, 400, 0)) > mpf("0.05"):
            while 1 - (1 - at_n + at_n * count(*after, k, 0)) < mpf("0.05"):
                k += 1
            next_order = k
        figures = [now, orders(*p, x, t, n, 5), alive(*p, x, t, n, 6), 1 - none,
                   orders_for_ever(*p, x, t, n, mpf("0.1")), two, mean_p, mean_t]
        print((x, t, n), [mp.nstr(v, 16) for v in figures], "next order by", next_order)


if __name__ == "__main__":
    scores()
    fit()
