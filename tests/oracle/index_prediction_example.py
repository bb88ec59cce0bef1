# SPDX-License-Identifier: BSL-1.0
"""The worked example of satisfaction.index_prediction, from rows and with 50 digits: for each fold scores are made of the rows
of the others, weights iterated until they do not change, items predicted case by case, and the linear model solved by
elimination. In sample every fold's model predicts every other case, one by one. Shares nothing with the library's way over sums
and covariances. With any argument each respondent is a fold: leave-one-out."""
import sys

from mpmath import mp, mpf, sqrt

mp.dps = 50
ITEMS = ["q1", "q2", "s1", "s2", "l1"]
ROWS = [  # respondent, fold, answers from 1 to 10
    ("R01", 1, 8, 7, 8, 7, 9), ("R02", 2, 6, 7, 6, 6, 5), ("R03", 3, 9, 9, 9, 8, 10), ("R04", 1, 4, 5, 5, 3, 3),
    ("R05", 2, 7, 5, 6, 7, 6), ("R06", 3, 5, 6, 7, 5, 8), ("R07", 1, 10, 8, 9, 9, 8), ("R08", 2, 3, 4, 2, 4, 4),
    ("R09", 3, 6, 4, 5, 6, 7), ("R10", 1, 7, 8, 7, 9, 6), ("R11", 2, 9, 8, 8, 9, 9), ("R12", 3, 2, 3, 4, 2, 3),
]  # fmt: skip
if len(sys.argv) > 1:
    ROWS = [(row[0], number, *row[2:]) for number, row in enumerate(ROWS)]
BLOCKS = {"quality": ["q1", "q2"], "satisfaction": ["s1", "s2"], "loyalty": ["l1"]}
PATHS = [("quality", "satisfaction"), ("satisfaction", "loyalty")]
SOURCE = {b: a for a, b in PATHS}


def mean(x):
    return sum(x) / len(x)


def cov(x, y):
    a, b = mean(x), mean(y)
    return sum((p - a) * (q - b) for p, q in zip(x, y)) / (len(x) - 1)


def solve(a):
    n = len(a)
    for i in range(n):
        best = max(range(i, n), key=lambda k: abs(a[k][i]))
        a[i], a[best] = a[best], a[i]
        a[i] = [v / a[i][i] for v in a[i]]
        for k in range(n):
            if k != i:
                a[k] = [u - a[k][i] * v for u, v in zip(a[k], a[i])]
    return [row[n] for row in a]


def fitted(rows):
    """What predicts a case, and gives its scores."""
    raw = {item: [mpf(row[2 + i]) for row in rows] for i, item in enumerate(ITEMS)}
    m = {i: mean(raw[i]) for i in ITEMS}
    s = {i: sqrt(cov(raw[i], raw[i])) for i in ITEMS}
    z = {i: [(v - m[i]) / s[i] for v in raw[i]] for i in ITEMS}
    w = {i: mpf(1) for i in ITEMS}

    def made():
        y = {c: [sum(w[i] * z[i][r] for i in block) for r in range(len(rows))] for c, block in BLOCKS.items()}
        for c, block in BLOCKS.items():
            length = sqrt(cov(y[c], y[c]))
            for i in block:
                w[i] /= length
            y[c] = [v / length for v in y[c]]
        return y

    for step in range(300):
        y = made()
        proxies = {}
        for c in BLOCKS:
            proxy = [mpf(0)] * len(rows)
            for a, b in PATHS:
                if c in (a, b):
                    other = b if c == a else a
                    proxy = [p + cov(y[a], y[b]) * v for p, v in zip(proxy, y[other])]
            proxies[c] = proxy
        for c, block in BLOCKS.items():
            for i in block:
                w[i] = cov(z[i], proxies[c])
    y = made()
    beta = {b: cov(y[a], y[b]) for a, b in PATHS}

    def scores(row):
        return {c: sum(w[i] * (row[2 + ITEMS.index(i)] - m[i]) / s[i] for i in block) for c, block in BLOCKS.items()}

    def predicted(row):
        own = scores(row)
        score = {b: beta[b] * own[a] for a, b in PATHS}
        items = {i: m[i] + s[i] * cov(z[i], y[c]) * score[c] for c in score for i in BLOCKS[c]}
        return score, items

    linear = {}
    for b, a in SOURCE.items():
        x = [[mpf(1)] + [mpf(row[2 + ITEMS.index(i)]) for i in BLOCKS[a]] for row in rows]
        for i in BLOCKS[b]:
            t = raw[i]
            k = len(x[0])
            linear[i] = solve([[sum(v[p] * v[q] for v in x) for q in range(k)] +
                               [sum(v[p] * u for v, u in zip(x, t))] for p in range(k)])

    def linearly(row):
        return {i: linear[i][0] + sum(c * row[2 + ITEMS.index(k)] for c, k in zip(linear[i][1:], BLOCKS[SOURCE[b]]))
                for b in SOURCE for i in BLOCKS[b]}

    return m, scores, predicted, linearly


FOLDS = sorted({row[1] for row in ROWS})
models = {f: fitted([row for row in ROWS if row[1] != f]) for f in FOLDS}
whole = fitted(ROWS)
PREDICTED = [(c, i) for c in ("satisfaction", "loyalty") for i in BLOCKS[c]]


def show(*values):
    return ",".join(mp.nstr(v, 17) for v in values)


def root(x):
    return sqrt(mean([v * v for v in x]))


def size(x):
    return mean([abs(v) for v in x])


print("construct,item,cases,rmse,mae,mape,q_squared,in_sample_rmse,in_sample_mae,"
      "linear_rmse,linear_mae,linear_mape,linear_q_squared,linear_in_sample_rmse,linear_in_sample_mae")
for c, i in PREDICTED:
    k = 2 + ITEMS.index(i)
    out = [row[k] - models[row[1]][2](row)[1][i] for row in ROWS]
    lin = [row[k] - models[row[1]][3](row)[i] for row in ROWS]
    inside = [row[k] - mean([models[f][2](row)[1][i] for f in FOLDS if f != row[1]]) for row in ROWS]
    lin_in = [row[k] - mean([models[f][3](row)[i] for f in FOLDS if f != row[1]]) for row in ROWS]
    naive = sum((row[k] - models[row[1]][0][i]) ** 2 for row in ROWS)

    def share(x):
        return mean([abs(v) / row[k] for v, row in zip(x, ROWS)])

    print(f"{c},{i},12,", show(root(out), size(out), share(out), 1 - sum(v * v for v in out) / naive, root(inside),
                               size(inside), root(lin), size(lin), share(lin), 1 - sum(v * v for v in lin) / naive,
                               root(lin_in), size(lin_in)), sep="")
print("construct,out_mse,out_mae,in_mse,in_mae,overfit")
for c in ("satisfaction", "loyalty"):
    out = [whole[1](row)[c] - models[row[1]][2](row)[0][c] for row in ROWS]
    inside = [whole[1](row)[c] - mean([models[f][2](row)[0][c] for f in FOLDS if f != row[1]]) for row in ROWS]
    a, b = root(out) ** 2, root(inside) ** 2
    print(c, show(a, size(out), b, size(inside), (a - b) / b), sep=",")
print("respondent,item,answer,predicted,linear")
for row in ROWS[:2]:
    for c, i in PREDICTED:
        print(row[0], i, row[2 + ITEMS.index(i)], show(models[row[1]][2](row)[1][i], models[row[1]][3](row)[i]), sep=",")
