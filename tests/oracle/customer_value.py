# SPDX-License-Identifier: BSL-1.0
"""The figures of the worked example of value.customer_value, from its orders, with 40 digits.

Summary, maximum likelihood (Newton's method with differences), choice by BIC, scores by quadrature of the models'
definitions, and intervals by the delta method with differences: nothing in common with the library but the definitions.
Needs mpmath. Run: python3 tests/oracle/customer_value.py
"""
import datetime
import pathlib
import re

from mpmath import beta, ceil, diff, exp, inf, inverse, log, loggamma, matrix, mp, mpf, nstr, quad, sqrt

mp.dps = 40

HEADER = pathlib.Path(__file__).parents[2] / "include/emptor/value/customer_value_example.hpp"
UNTIL, END = datetime.date(2024, 7, 31), datetime.date(2025, 7, 31)
WEEK = 7
YEAR = mpf("365.2425")
RATE = log(mpf("1.1")) * WEEK / YEAR
HORIZON = mpf((END - UNTIL).days) / WEEK
MARGIN = mpf("0.4")
WIDTH = sqrt(2) * mp.erfinv(mpf("0.95"))


def orders():
    """Days and amounts by customer; the example has no two orders on a day, and one order that is cancelled."""
    text = HEADER.read_text(encoding="utf-8").split("customer_value_orders")[1].split("}}")[0]
    lines = "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', text)[1:]).split("\\n")[1:-1]
    cancelled = {line.split(",")[4] for line in lines} - {""}
    made = {}
    for line in lines:
        customer, day, amount, document, cancels = line.split(",")
        if not cancels and document not in cancelled and datetime.date.fromisoformat(day) <= UNTIL:
            made.setdefault(customer, []).append((datetime.date.fromisoformat(day), mpf(amount)))
    return {customer: sorted(made[customer]) for customer in sorted(made)}


ROWS = {}
for name, bought in orders().items():
    first, last = bought[0][0], bought[-1][0]
    repeat = [amount for _, amount in bought[1:]]
    ROWS[name] = (len(repeat), mpf((last - first).days) / WEEK, mpf((UNTIL - first).days) / WEEK,
                  sum(repeat) / len(repeat) if repeat else None)


def shape(r, x):
    return loggamma(r + x) - loggamma(r)


def nbd(p, x, t_x, t):
    r, a = p
    return shape(r, x) + r * log(a) - (r + x) * log(a + t)


def bg_nbd(p, x, t_x, t):
    r, al, a, b = p
    stays = log(beta(a, b + x) / beta(a, b)) - (r + x) * log(al + t)
    left = log(beta(a + 1, b + x - 1) / beta(a, b)) - (r + x) * log(al + t_x) if x else -inf
    return shape(r, x) + r * log(al) + log(exp(stays) + exp(left))


def mbg_nbd(p, x, t_x, t):
    r, al, a, b = p
    stays = log(beta(a, b + x + 1) / beta(a, b)) - (r + x) * log(al + t)
    left = log(beta(a + 1, b + x) / beta(a, b)) - (r + x) * log(al + t_x)
    return shape(r, x) + r * log(al) + log(exp(stays) + exp(left))


def pareto_parts(p, x, t_x, t):
    r, al, s, b = p
    stays = (al + t) ** -(r + x) * (b + t) ** -s
    left = quad(lambda u: s * (al + u) ** -(r + x) * (b + u) ** -(s + 1), [t_x, t]) if t > t_x else mpf(0)
    return stays, left


def pareto_nbd(p, x, t_x, t):
    r, al, s, b = p
    return shape(r, x) + r * log(al) + s * log(b) + log(sum(pareto_parts(p, x, t_x, t)))


def gamma_gamma(p, x, z):
    p, q, v = p
    return (loggamma(p * x + q) - loggamma(p * x) - loggamma(q) + q * log(v) + (p * x - 1) * log(z) + p * x * log(x)
            - (p * x + q) * log(v + x * z))


def derivatives(f, at, step=mpf("1e-9")):
    """Gradient and Hessian by central differences."""
    n = len(at)
    moved = lambda *which: f([v + sum(step * sign for i, sign in which if i == k) for k, v in enumerate(at)])
    middle = f(at)
    g, h = matrix(n, 1), matrix(n, n)
    for i in range(n):
        up, down = moved((i, 1)), moved((i, -1))
        g[i] = (up - down) / (2 * step)
        h[i, i] = (up - 2 * middle + down) / step ** 2
        for j in range(i):
            h[i, j] = h[j, i] = (moved((i, 1), (j, 1)) - moved((i, 1), (j, -1)) - moved((i, -1), (j, 1))
                                 + moved((i, -1), (j, -1))) / (4 * step ** 2)
    return g, h


def maximise(f, start):
    """Newton's method in the logs. Returns the parameters, the maximum and the covariance of the parameters."""
    point = [log(mpf(v)) for v in start]
    of_logs = lambda logs: f([exp(v) for v in logs])
    for _ in range(60):
        g, h = derivatives(of_logs, point)
        values, vectors = mp.eigsy(h)  # away from the maximum a step must still go up
        step = vectors * matrix([(vectors.T * g)[i] / abs(values[i]) for i in range(len(point))])
        length = max(abs(v) for v in step)
        size = min(mpf(1), 1 / length)
        base = of_logs(point)
        while of_logs([v + size * step[i] for i, v in enumerate(point)]) < base and size > mpf("1e-20"):
            size /= 2
        point = [v + size * step[i] for i, v in enumerate(point)]
        if length < mpf("1e-14"):
            break
    _, h = derivatives(of_logs, point)
    covariance = inverse(-h)
    found = [exp(v) for v in point]
    for i in range(len(found)):
        for j in range(len(found)):
            covariance[i, j] *= found[i] * found[j]
    return found, of_logs(point), covariance


def variance(f, at, covariance):
    """Of a function of estimates."""
    g = matrix([diff(lambda v, i=i: f([v if k == i else w for k, w in enumerate(at)]), at[i], h=mpf("1e-12"))
                for i in range(len(at))])
    return (g.T * covariance * g)[0]


STARTS = {nbd: [1, 10], bg_nbd: [1, 5, 1, 2], mbg_nbd: [1, 5, 1, 2], pareto_nbd: [2, 6, 1, 8]}
print("candidates: model, log-likelihood, BIC")
found = {}
for model, start in STARTS.items():
    estimate, top, covariance = maximise(lambda p: sum(model(p, *row[:3]) for row in ROWS.values()), start)
    found[model] = estimate, covariance, len(start) * log(mpf(len(ROWS))) - 2 * top
    print(" ", model.__name__, nstr(top, 16), nstr(found[model][2], 16))
best = min(found, key=lambda model: found[model][2])
print("chosen:", best.__name__)
assert best is pareto_nbd
P, P_COVARIANCE, _ = found[best]
print("order_parameters:", [nstr(v, 12) for v in P], [nstr(sqrt(P_COVARIANCE[i, i]), 9) for i in range(4)])

BUYERS = [(row[0], row[3]) for row in ROWS.values() if row[0]]
S, TOP, S_COVARIANCE = maximise(lambda p: sum(gamma_gamma(p, *row) for row in BUYERS), [5, 3, 30])
print("spend_parameters:", [nstr(v, 12) for v in S], [nstr(sqrt(S_COVARIANCE[i, i]), 9) for i in range(3)],
      "log-likelihood", nstr(TOP, 16))
mean_x, mean_z = (sum(mpf(row[k]) for row in BUYERS) / len(BUYERS) for k in (0, 1))
print("spend: customers", len(BUYERS), "mean", nstr(S[0] * S[2] / (S[1] - 1), 12), "correlation",
      nstr(sum((x - mean_x) * (z - mean_z) for x, z in BUYERS)
           / sqrt(sum((x - mean_x) ** 2 for x, _ in BUYERS) * sum((z - mean_z) ** 2 for _, z in BUYERS)), 12))


def alive(p, row):
    stays, left = pareto_parts(p, *row[:3])
    return stays / (stays + left)


def future_orders(p, row, rate):
    r, al, s, b = p
    t = row[2]
    return alive(p, row) * (r + row[0]) / (al + t) * quad(
        lambda u: exp(-rate * u) * ((b + t) / (b + t + u)) ** s, [0, HORIZON / 2, HORIZON])


def spend(p, row):
    p, q, v = p
    return p * (v + row[0] * (row[3] or 0)) / (p * row[0] + q - 1)


def next_order(p, row):
    """Weeks until an order has come with probability 1/2; None where it never gets there."""
    r, al, s, b = p
    x, _, t, _ = row
    density = lambda u: (r + x) / (al + t + u) * ((al + t) / (al + t + u)) ** (r + x) * ((b + t) / (b + t + u)) ** s
    share = mpf(1) / 2 / alive(p, row)
    if quad(density, [0, 1, 10, 100, 1000, inf]) <= share:
        return None
    low, high = mpf(0), mpf(2) ** 20
    while high - low > mpf("1e-9"):
        middle = (low + high) / 2
        low, high = (middle, high) if quad(density, [0, middle / 8, middle]) < share else (low, middle)
    return low


def interval(value, log_variance):
    factor = exp(WIDTH * sqrt(log_variance))
    return nstr(value / factor, 12), nstr(value * factor, 12)


print("customer, P(alive), orders, spend, value, low, high, next order")
TOTALS = [mpf(0), mpf(0)]
for name, row in ROWS.items():
    comes, worth = future_orders(P, row, RATE), spend(S, row)
    value = MARGIN * worth * comes
    ends = interval(value, variance(lambda p: log(future_orders(p, row, RATE)), P, P_COVARIANCE)
                    + variance(lambda p: log(spend(p, row)), S, S_COVARIANCE))
    weeks = next_order(P, row)
    day = UNTIL + datetime.timedelta(days=int(ceil(weeks * WEEK))) if weeks is not None else ""
    undiscounted = future_orders(P, row, mpf(0))
    TOTALS[0] += undiscounted
    TOTALS[1] += value
    print(",".join([name, *(nstr(v, 12) for v in (alive(P, row), undiscounted, worth, value)), *ends, str(day)]))
total = lambda p, s: sum(MARGIN * spend(s, row) * future_orders(p, row, RATE) for row in ROWS.values())
print("totals:", nstr(TOTALS[0], 12), nstr(TOTALS[1], 12),
      *interval(TOTALS[1], variance(lambda p: log(total(p, S)), P, P_COVARIANCE)
                + variance(lambda s: log(total(P, s)), S, S_COVARIANCE)))
