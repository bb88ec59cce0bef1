# SPDX-License-Identifier: BSL-1.0
"""The figures of the worked examples of decision.analytic_hierarchy, criteria_weights, topsis and fuzzy_evaluation.

Eigenvectors by plain power iteration, the turns of TOPSIS by walking each weight in 4,000 steps and halving, all with 40
digits. Nothing in common with the library but the definitions. Needs mpmath. Run: python3 tests/oracle/criteria.py
"""
from fractions import Fraction as F

from mpmath import log, mp, mpf, sqrt

mp.dps = 40


def shown(*values):
    print("  ", *(mp.nstr(v, 18) if isinstance(v, mpf) else v for v in values))


def shares(values):
    return [v / sum(values) for v in values]


# --- analytic hierarchy --------------------------------------------------------------------------------------------------
def eigen(names, preferences):
    n = len(names)
    matrix = [[mpf(1)] * n for _ in range(n)]
    for (left, right), preference in preferences.items():
        i, j = names.index(left), names.index(right)
        matrix[i][j] = mpf(preference)
        matrix[j][i] = 1 / mpf(preference)
    vector = [mpf(1) / n] * n
    for _ in range(400):
        product = [sum(a * x for a, x in zip(row, vector)) for row in matrix]
        root = sum(product)
        vector = [x / root for x in product]
    return vector, root


def pairs(text):
    made = {}
    for one in text.split(";"):
        left, right, preference = one.strip().split(",")
        made[left, right] = preference
    return made


criteria = ["culture", "family", "housing", "jobs", "transportation"]
cities = ["Bethesda", "Boston", "Pittsburgh", "Santa Fe"]
goal = pairs(
    "culture,housing,3; culture,transportation,5; family,culture,5; family,housing,7; family,transportation,7;"
    "housing,transportation,3; jobs,culture,2; jobs,housing,4; jobs,transportation,7; family,jobs,1"
)
below = {
    "culture": "Bethesda,Pittsburgh,1; Boston,Bethesda,2; Boston,Pittsburgh,2.5; Boston,Santa Fe,1;"
    "Santa Fe,Bethesda,2; Santa Fe,Pittsburgh,2.5",
    "family": "Bethesda,Boston,2; Bethesda,Santa Fe,4; Boston,Santa Fe,2; Pittsburgh,Bethesda,3;"
    "Pittsburgh,Boston,8; Pittsburgh,Santa Fe,9",
    "housing": "Bethesda,Boston,5; Bethesda,Santa Fe,2.5; Pittsburgh,Bethesda,2; Pittsburgh,Boston,9;"
    "Pittsburgh,Santa Fe,7; Santa Fe,Boston,4",
    "jobs": "Bethesda,Pittsburgh,3; Bethesda,Santa Fe,4; Boston,Bethesda,2; Boston,Pittsburgh,6;"
    "Boston,Santa Fe,8; Pittsburgh,Santa Fe,1",
    "transportation": "Bethesda,Boston,1.5; Bethesda,Santa Fe,4; Boston,Santa Fe,2.5; Pittsburgh,Bethesda,2;"
    "Pittsburgh,Boston,3.5; Pittsburgh,Santa Fe,9",
}
print("analytic_hierarchy: lambda max and consistency ratio (Saaty's table), then the weights")
weights, root = eigen(criteria, goal)
shown("goal", root, (root - 5) / 4 / mpf("1.12"))
total = [mpf(0)] * 4
for name, weight in zip(criteria, weights):
    local, root = eigen(cities, pairs(below[name]))
    shown(name, root, (root - 4) / 3 / mpf("0.90"))
    total = [t + weight * x for t, x in zip(total, local)]
for city, weight in zip(cities, total):
    shown(city, weight)


# --- objective weights ---------------------------------------------------------------------------------------------------
labels = ["delivery", "price", "quality"]
figures = [[12, 50, 8], [9, 40, 6], [20, 65, 9], [6, 45, 7]]
is_cost = [True, True, False]
given = [mpf("0.2"), mpf("0.5"), mpf("0.3")]
columns = [[mpf(row[j]) for row in figures] for j in range(3)]


def divergence(column):
    return 1 + sum(p * log(p) for p in shares(column) if p) / log(mpf(len(column)))


def scaled(column, cost):
    low, high = min(column), max(column)
    return [(high - v) / (high - low) if cost else (v - low) / (high - low) for v in column]


def covariance(x, y):
    mean_x, mean_y = sum(x) / len(x), sum(y) / len(y)
    return sum((a - mean_x) * (b - mean_y) for a, b in zip(x, y)) / (len(x) - 1)


ranged = [scaled(c, cost) for c, cost in zip(columns, is_cost)]
deviation = [sqrt(covariance(c, c)) for c in ranged]
correlation = [[covariance(x, y) / sqrt(covariance(x, x) * covariance(y, y)) for y in ranged] for x in ranged]
information = [s * sum(1 - r for r in row) for s, row in zip(deviation, correlation)]
entropy = shares([divergence(c) for c in columns])
critic = shares(information)
print("criteria_weights:", labels)
for name, row in {
    "divergence": [divergence(c) for c in columns],
    "entropy": entropy,
    "entropy x given": shares([o * s for o, s in zip(entropy, given)]),
    "entropy of the range": shares([divergence(c) for c in ranged]),
    "entropy of the range + 0.01": shares([divergence([v + mpf("0.01") for v in c]) for c in ranged]),
    "deviation": deviation,
    "by deviation": shares(deviation),
    "information": information,
    "critic": critic,
    "0.4 critic + 0.6 given": [mpf("0.4") * o + mpf("0.6") * s for o, s in zip(critic, given)],
}.items():
    shown(name, *row)


# --- TOPSIS --------------------------------------------------------------------------------------------------------------
names = ["A1", "A2", "A3", "A4"]
attributes = ["speed", "range", "payload", "price", "reliability", "manoeuvre"]
aircraft = [
    ["2.0", 1500, 20000, "5.5", 5, 9],
    ["2.5", 2700, 18000, "6.5", 3, 5],
    ["1.8", 2000, 21000, "4.5", 7, 7],
    ["2.2", 1800, 20000, "5.0", 5, 5],
]
aircraft = [[mpf(v) for v in row] for row in aircraft]
importance = [mpf(v) / 10 for v in (2, 1, 1, 1, 2, 3)]
norms = [sqrt(sum(row[j] ** 2 for row in aircraft)) for j in range(6)]
normal = [[v / norm for v, norm in zip(row, norms)] for row in aircraft]
best = [(min if name == "price" else max)(row[j] for row in normal) for j, name in enumerate(attributes)]
worst = [(max if name == "price" else min)(row[j] for row in normal) for j, name in enumerate(attributes)]


def closeness(by):
    made = []
    for row in normal:
        plus = sqrt(sum((w * (v - b)) ** 2 for w, v, b in zip(by, row, best)))
        minus = sqrt(sum((w * (v - b)) ** 2 for w, v, b in zip(by, row, worst)))
        made.append((plus, minus, minus / (plus + minus)))
    return made


def moved(j, weight):
    return [weight if k == j else w * (1 - weight) / (1 - importance[j]) for k, w in enumerate(importance)]


def first(j, weight):
    found = closeness(moved(j, weight))
    return max(range(4), key=lambda i: found[i][2])


print("topsis: distances and closeness, then the weights at which another one comes first")
for name, row in zip(names, closeness(importance)):
    shown(name, *row)
for j in sorted(range(6), key=lambda j: attributes[j]):
    turns = []
    for end in (mpf(0), mpf(1)):
        path = [importance[j] + (end - importance[j]) * k / 4000 for k in range(4001)]
        beyond = next((k for k, weight in enumerate(path) if first(j, weight) != 0), None)
        if beyond is None:
            turns.append("nowhere")
            continue
        inside, outside = path[beyond - 1], path[beyond]
        for _ in range(120):
            middle = (inside + outside) / 2
            if first(j, middle) == 0:
                inside = middle
            else:
                outside = middle
        turns += [inside, names[first(j, outside)]]
    shown(attributes[j], *turns)


# --- fuzzy evaluation ----------------------------------------------------------------------------------------------------
a = [F(4, 10), F(3, 10), F(2, 10), F(1, 10)]
r = [[F(v, 10) for v in row] for row in ([5, 3, 2, 0], [2, 4, 3, 1], [1, 3, 5, 1], [0, 2, 4, 4])]
scores = [95, 80, 65, 40]
print("fuzzy_evaluation: memberships and score")
for name, found in {
    "weighted_average": [sum(x * row[k] for x, row in zip(a, r)) for k in range(4)],
    "max_min": [max(min(x, row[k]) for x, row in zip(a, r)) for k in range(4)],
    "max_product": [max(x * row[k] for x, row in zip(a, r)) for k in range(4)],
    "bounded_min_sum": [min(F(1), sum(min(x, row[k]) for x, row in zip(a, r))) for k in range(4)],
}.items():
    score = sum(b * s for b, s in zip(found, scores)) / sum(found)
    shown(name, *(str(float(b)) for b in found), mpf(score.numerator) / score.denominator)
