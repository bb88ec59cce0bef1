# SPDX-License-Identifier: BSL-1.0
"""The worked example of satisfaction.index_groups, from rows and with 50 digits: each group's model is estimated from rows, every
split of the eight respondents into four and four likewise, and the given resamples row by row. Shares nothing with the library's
way over sums and covariances."""
from itertools import combinations

from mpmath import log, mp, mpf, sqrt

mp.dps = 40
ITEMS = ["q1", "q2", "s1"]
ROWS = [  # respondent, group, answers
    ("R1", "city", 8, 6, 9), ("R2", "city", 6, 7, 5), ("R3", "city", 9, 10, 8), ("R4", "city", 4, 5, 3),
    ("R5", "land", 7, 4, 5), ("R6", "land", 5, 6, 8), ("R7", "land", 9, 8, 7), ("R8", "land", 3, 4, 6),
]  # fmt: skip
BLOCK = ["q1", "q2"]
DRAWS = {  # resample: how often each respondent
    1: {"R1": 2, "R3": 1, "R4": 1, "R5": 1, "R6": 1, "R7": 2},
    2: {"R1": 1, "R2": 1, "R4": 2, "R5": 2, "R7": 1, "R8": 1},
    3: {"R2": 1, "R3": 2, "R4": 1, "R6": 1, "R7": 1, "R8": 2},
}


def mean(x):
    return sum(x) / len(x)


def cov(x, y):
    a, b = mean(x), mean(y)
    return sum((p - a) * (q - b) for p, q in zip(x, y)) / (len(x) - 1)


def column(rows, item):
    return [mpf(row[2 + ITEMS.index(item)]) for row in rows]


def model(rows):
    """Path coefficient, and weights of answers. The proxy of quality is s1: its weights are covariances with it."""
    s = column(rows, "s1")
    z = {i: [(v - mean(column(rows, i))) / sqrt(cov(column(rows, i), column(rows, i))) for v in column(rows, i)] for i in BLOCK}
    # The iteration begins with equal weights, and has no proxy where their score does not correlate.
    assert abs(cov([sum(z[i][r] for i in BLOCK) for r in range(len(rows))], s)) > mpf("1e-3")
    w = {i: cov(z[i], s) for i in BLOCK}
    y = [sum(w[i] * z[i][r] for i in BLOCK) for r in range(len(rows))]
    length = sqrt(cov(y, y))
    w = {i: w[i] / length / sqrt(cov(column(rows, i), column(rows, i))) for i in BLOCK}
    beta = cov(y, s) / length / sqrt(cov(s, s))
    # the sum of loadings is not negative
    sign = 1 if sum(cov(z[i], y) for i in BLOCK) >= 0 else -1
    return sign * beta, {i: sign * w[i] for i in BLOCK}


def score(rows, w):
    return [sum(w[i] * row[2 + ITEMS.index(i)] for i in BLOCK) for row in rows]


whole = {"quality": model(ROWS)[1], "satisfaction": None}
z1 = column(ROWS, "s1")
pooled = {"quality": score(ROWS, whole["quality"]), "satisfaction": [v / sqrt(cov(z1, z1)) for v in z1]}


def figures(first):
    a = [row for r, row in enumerate(ROWS) if r in first]
    b = [row for r, row in enumerate(ROWS) if r not in first]
    beta_a, w_a = model(a)
    beta_b, w_b = model(b)
    u, v = score(ROWS, w_a), score(ROWS, w_b)
    made = [beta_a - beta_b, cov(u, v) / sqrt(cov(u, u) * cov(v, v))]
    for c in ("quality", "satisfaction"):
        x = [pooled[c][r] for r in range(8) if r in first]
        y = [pooled[c][r] for r in range(8) if r not in first]
        made += [mean(x) - mean(y), log(cov(x, x)) - log(cov(y, y))]
    return made


def quantile(values, share):
    values = sorted(values)
    place = (len(values) - 1) * mpf(share)
    low = int(place)
    return values[low] + (place - low) * (values[min(low + 1, len(values) - 1)] - values[low])


observed = figures((0, 1, 2, 3))
splits = [figures(first) for first in combinations(range(8), 4)]
print(len(splits), "splits")
for k, name in enumerate(["path", "correlation", "mean q", "log variance q", "mean s", "log variance s"]):
    values = [one[k] for one in splits]
    if name == "correlation":
        p = mpf(sum(v <= observed[k] + mpf("1e-30") for v in values)) / len(values)
        print(name, mp.nstr(observed[k], 17), "low", mp.nstr(quantile(values, "0.05"), 17), "p", mp.nstr(p, 17))
    else:
        p = mpf(sum(abs(v) >= abs(observed[k]) - mpf("1e-30") for v in values)) / len(values)
        print(name, mp.nstr(observed[k], 17), "low", mp.nstr(quantile(values, "0.025"), 17), "high",
              mp.nstr(quantile(values, "0.975"), 17), "p", mp.nstr(p, 17))
resampled = {}
for g in ("city", "land"):
    rows = [row for row in ROWS if row[1] == g]
    resampled[g] = [model([row for row in rows for k in range(counts.get(row[0], 0))])[0] for counts in DRAWS.values()]
    v = resampled[g]
    print(g, "coefficient", mp.nstr(model(rows)[0], 17), "se", mp.nstr(sqrt(cov(v, v)), 17), "low",
          mp.nstr(quantile(v, "0.025"), 17), "high", mp.nstr(quantile(v, "0.975"), 17))
a, b = resampled["city"], resampled["land"]
larger = sum(2 * mean(a) - x - 2 * mean(b) + y > 0 for x in a for y in b)
print("henseler", 1 - mpf(larger) / 9)
