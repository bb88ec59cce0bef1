# SPDX-License-Identifier: BSL-1.0
"""Figures of the worked example of satisfaction.service_quality, from the definitions in rational numbers; roots, Student's t and
Wilson's intervals in 40 digits. Prints the expected tables. Needs mpmath."""

from fractions import Fraction as F

from mpmath import betainc, erfinv, findroot, mp, mpf, nstr, sqrt

mp.dps = 40
DIMENSIONS = {"reliability": ["punctual", "keeps"], "empathy": ["kind"]}
# expected and perceived punctual, keeps, kind; points
ROWS = [((7, 6, 5), (5, 5, 6), (60, 40)), ((6, 6, 4), (6, 6, 5), (70, 30)), ((7, 7, 6), (4, 3, 6), (50, 50)),
        ((5, 6, 5), (5, 6, 7), (80, 20)), ((6, 5, 4), (3, None, 4), (60, 40))]
ITEMS = [item for items in DIMENSIONS.values() for item in items]


def number(x):
    return "" if x is None else nstr(mpf(x.numerator) / x.denominator if isinstance(x, F) else x, 17)


def mean(values):
    return F(sum(values)) / len(values)


def variance(values):
    m = mean(values)
    return sum((v - m) ** 2 for v in values) / (len(values) - 1)


def tail(t, degrees):
    return betainc(mpf(degrees) / 2, mpf(1) / 2, 0, degrees / (degrees + t * t), regularized=True)


def interval(values):
    """mean, low, high, t, p"""
    m, v, n = mean(values), variance(values), len(values)
    error = sqrt(mpf(v.numerator) / v.denominator / n)
    center = mpf(m.numerator) / m.denominator
    if v == 0:
        return [m, m, m, None, None]
    q = findroot(lambda t: tail(t, n - 1) - mpf("0.05"), 2.5)
    t = center / error
    return [m, center - q * error, center + q * error, t, tail(abs(t), n - 1)]


def wilson(share, n):
    z = sqrt(2) * erfinv(mpf("0.95"))
    p = mpf(share.numerator) / share.denominator
    middle, half = p + z * z / 2 / n, z * sqrt(p * (1 - p) / n + z * z / 4 / n / n)
    low, high = (middle - half) / (1 + z * z / n), (middle + half) / (1 + z * z / n)
    return [mpf(0) if share == 0 else low, mpf(1) if share == 1 else high]


def holm(p):
    order = sorted((i for i in range(len(p)) if p[i] is not None), key=lambda i: p[i])
    made, least = [None] * len(p), mpf(0)
    for k, i in enumerate(order):
        least = made[i] = max(least, min(mpf(1), p[i] * (len(order) - k)))
    return made


def discovery(p):
    order = sorted((i for i in range(len(p)) if p[i] is not None), key=lambda i: p[i])
    made, most = [None] * len(p), mpf(1)
    for k in reversed(range(len(order))):
        most = made[order[k]] = min(most, p[order[k]] * len(order) / (k + 1))
    return made


def alpha(columns):
    k = len(columns)
    sums = [sum(row) for row in zip(*columns)]
    if k < 2 or variance(sums) == 0:
        return None
    return F(k, k - 1) * (1 - sum(variance(c) for c in columns) / variance(sums))


def dimension_scores(row):
    """Per dimension expectation, perception, gap, performance."""
    made, at = [], 0
    for items in DIMENSIONS.values():
        pairs = [(row[0][i], row[1][i]) for i in range(at, at + len(items)) if row[1][i] is not None]
        at += len(items)
        e, p = mean([a for a, _ in pairs]), mean([b for _, b in pairs])
        made.append((e, p, p - e, p))
    return made


def print_lines(lines, names, extra_head, extra_tail):
    gaps = [interval(line[2]) for line in lines]
    h, d = holm([g[4] for g in gaps]), discovery([g[4] for g in gaps])
    for i, line in enumerate(lines):
        e, p, gap, performance = line
        cells = [str(len(gap)), number(mean(e)), number(mean(p)), *map(number, gaps[i]), number(h[i]), number(d[i]),
                 str(len(performance)), *map(number, interval(performance)[:3])]
        print(",".join([*names[i], *extra_head[i], *cells, *extra_tail[i]]))


def main():
    item_lines = []
    for i in range(len(ITEMS)):
        rows = [(r[0][i], r[1][i]) for r in ROWS if r[1][i] is not None]
        item_lines.append(([F(a) for a, _ in rows], [F(b) for _, b in rows], [F(b - a) for a, b in rows],
                           [F(b) for _, b in rows]))
    axis = [mean([mean(line[k]) for line in item_lines]) for k in (0, 1)]
    quadrants = ["low_priority", "possible_overkill", "concentrate_here", "keep_up"]
    of = [name for name, items in DIMENSIONS.items() for _ in items]
    head = "answers,expectation,perception,gap,gap_low,gap_high,t_statistic,p_value,holm,benjamini_hochberg,performance_answers,"
    print("dimension,item," + head + "performance,performance_low,performance_high,quadrant")
    print_lines(item_lines, [[of[i], "p_" + ITEMS[i]] for i in range(3)], [[]] * 3,
                [[quadrants[2 * (mean(line[0]) >= axis[0]) + (mean(line[1]) >= axis[1])]] for line in item_lines])
    scores = [dimension_scores(row) for row in ROWS]
    dims = [tuple([s[d][k] for s in scores] for k in range(4)) for d in range(2)]
    shares = [[F(r[2][d], sum(r[2])) for r in ROWS] for d in range(2)]
    print("dimension,items,importance," + head + "performance,performance_low,performance_high,contribution")
    print_lines(dims, [[name] for name in DIMENSIONS], [[str(len(DIMENSIONS[n])), number(mean(shares[d]))]
                                                       for d, n in enumerate(DIMENSIONS)],
                [[number(mean([w * g for w, g in zip(shares[d], dims[d][2])]))] for d in range(2)])
    print("weighting,respondents,answers,expectation,perception,gap,gap_low,gap_high,t_statistic,p_value,performance_answers,"
          "performance,performance_low,performance_high,importance_axis,performance_axis")
    for name in ("equal", "points"):
        over = lambda k: [sum((F(1, 2) if name == "equal" else shares[d][r]) * dims[d][k][r] for d in range(2))
                          for r in range(5)]
        print(",".join([name, "5", "5", number(mean(over(0))), number(mean(over(1))), *map(number, interval(over(2))),
                        "5", *map(number, interval(over(3))[:3]), *map(number, axis)]))
    print("dimension,items,answers,alpha_perception,alpha_expectation,alpha_gap")
    for name, some in [("reliability", [0, 1]), ("empathy", [2]), ("", [0, 1, 2])]:
        rows = [r for r in ROWS if all(r[1][i] is not None for i in some)]
        columns = [[[F(v(r, i)) for r in rows] for i in some]
                   for v in (lambda r, i: r[1][i], lambda r, i: r[0][i], lambda r, i: r[1][i] - r[0][i])]
        print(",".join([name, str(len(some)), str(len(rows)), *[number(alpha(c)) for c in columns]]))
    print("level,dimension,item,answers,better_share,better_low,better_high,as_expected_share,worse_share,worse_low,"
          "worse_high,net,ratio")
    equal = [[(dims[0][k][r] + dims[1][k][r]) / 2 for r in range(5)] for k in range(3)]
    for level, dimension, item, line in (
            [("item", of[i], "p_" + ITEMS[i], item_lines[i]) for i in range(3)] +
            [("dimension", name, "", dims[d]) for d, name in enumerate(DIMENSIONS)] + [("overall", "", "", equal)]):
        gap, n = line[2], len(line[2])
        more, less = F(sum(g > 0 for g in gap), n), F(sum(g < 0 for g in gap), n)
        print(",".join([level, dimension, item, str(n), number(more), *map(number, wilson(more, n)),
                        number(1 - more - less), number(less), *map(number, wilson(less, n)), number(more - less),
                        number(mean(line[1]) / mean(line[0]))]))


main()
