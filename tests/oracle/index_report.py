# SPDX-License-Identifier: BSL-1.0
"""The report of the satisfaction index, from rows: indices, regressions and links of chains in exact fractions, roots and
Student's distribution with 50 digits. Shares no code and no way with the library: sums run over rows of one table, effects
over all ways through the paths. Prints the tables of the worked example and the figures of the tests."""
from fractions import Fraction as F

from mpmath import betainc, findroot, mp, mpf, sqrt

mp.dps = 50
ITEMS = ["q1", "q2", "s1", "s2", "s3", "l1"]
# respondent, group, period, weight, answers from 1 to 10 (None: none)
ROWS = [
    ("R1", "North", 2025, 1, 8, 7, 8, 7, 9, 9),
    ("R2", "North", 2025, 1, 6, 7, 6, 6, 7, 5),
    ("R3", "North", 2025, 2, 9, 9, 9, 8, 8, 10),
    ("R4", "South", 2025, 1, 4, 5, 5, 3, 4, 3),
    ("R5", "South", 2025, 1, 7, 5, 6, 7, 5, 6),
    ("R6", "South", 2025, 2, 5, 6, 7, 5, 6, 8),
    ("R1", "North", 2026, 1, 9, 8, 9, 8, 9, 9),
    ("R2", "North", 2026, 1, 7, 8, 6, 8, 7, 6),
    ("R4", "South", 2026, 1, 5, 5, 4, 5, 6, 4),
    ("R5", "South", 2026, 1, 8, 6, 8, 7, 7, 8),
    ("R7", "North", 2026, 2, 10, 8, 9, 9, 10, 8),
    ("R8", "South", 2026, 1, 3, 4, 2, 4, 3, 4),
    ("R9", "West", 2026, 1, 6, 8, 7, 8, 6, 7),
    ("R10", "West", 2026, 1, 6, 8, None, 8, 6, 7),
    ("R1", "North", 2027, 1, 8, 9, 9, 7, 9, 10),
    ("R4", "South", 2027, 1, 6, 5, 5, 5, 7, 4),
    ("R7", "North", 2027, 2, 9, 9, 9, 9, 8, 9),
    ("R8", "South", 2027, 1, 4, 6, 3, 5, 3, 5),
    ("R9", "West", 2027, 1, 7, 8, 7, 9, 7, 7),
]
BLOCKS = {"quality": ["q1", "q2"], "satisfaction": ["s1", "s2", "s3"], "loyalty": ["l1"]}
PATHS = [("quality", "satisfaction"), ("quality", "loyalty"), ("satisfaction", "loyalty")]
GIVEN = {"q1": F(1, 4), "q2": F(1, 8), "s1": F(1, 8), "s2": F(1, 4), "s3": F(1, 8), "l1": F(1, 2)}
PERIODS = [2025, 2026, 2027]
EXAMPLE = [2025, 2026]  # the worked example has two periods only


def answer(row, item):
    return row[4 + ITEMS.index(item)]


def index(row, block, w):
    """0 to 100, or None where an answer is missing"""
    if any(answer(row, i) is None for i in block):
        return None
    return 100 * sum(w[i] * (answer(row, i) - 1) for i in block) / (9 * sum(w[i] for i in block))


def moments(pairs):
    """(weight, number) -> n, mean, effective, variance of the mean, sum of squared influence"""
    n, total = len(pairs), sum(w for w, x in pairs)
    if n == 0:
        return None
    mean = sum(w * x for w, x in pairs) / total
    effective = F(total * total, sum(w * w for w, x in pairs))
    spread = sum(w * (x - mean) ** 2 for w, x in pairs) / total
    return {"n": n, "mean": mean, "effective": effective, "spread": spread,
            "error": m(spread) / m(effective - 1) if effective > 1 else None,
            "influence": sum((w * (x - mean)) ** 2 for w, x in pairs), "varies": len({x for w, x in pairs}) > 1}


def m(x):
    return mpf(x.numerator) / x.denominator if isinstance(x, F) else mpf(x)


def tail(t, df):
    return betainc(m(df) / 2, mpf(1) / 2, 0, m(df) / (m(df) + t * t), regularized=True)


def quantile(df, two_sided=mpf("0.05")):
    return findroot(lambda x: tail(x, df) - two_sided, mpf("2.5") if df > 2 else mpf(6))


def interval(of):
    if of is None or of["n"] < 2 or not of["varies"]:
        return None
    return quantile(of["effective"] - 1) * sqrt(m(of["error"]))


def text(x):
    return "" if x is None else mp.nstr(m(x), 17)


def select(rows, group, period):
    return [r for r in rows if group in (None, r[1]) and period in (None, r[2])]


def measured(rows, block, w):
    return [(r, index(r, block, w)) for r in rows if index(r, block, w) is not None]


def change(now_rows, now_w, then_rows, then_w, block, stretch=1):
    now, then = measured(now_rows, block, now_w), measured(then_rows, block, then_w)
    a, b = (moments([(r[3], x) for r, x in part]) for part in (now, then))
    by_name = {r[0]: (r, x) for r, x in then}
    both = [(r, x, *by_name[r[0]]) for r, x in now if r[0] in by_name]
    product = sum(r[3] * (x - a["mean"]) * s[3] * (y - b["mean"]) for r, x, s, y in both)
    size = sqrt(m(a["influence"])) * sqrt(m(b["influence"]))
    rho = m(product) / size if both and size else mpf(0)
    made = {"n": a["n"], "other": b["n"], "shared": len(both), "change": stretch * (a["mean"] - b["mean"]),
            "now": a["mean"], "then": b["mean"]}
    if not (a["varies"] and b["varies"] and a["n"] > 1 and b["n"] > 1):
        return made
    va, vb = m(a["error"]), m(b["error"])
    square = va + vb - 2 * rho * sqrt(va) * sqrt(vb)
    da, db = m(a["effective"] - 1), m(b["effective"] - 1)
    df = min(da, db) if both else (va + vb) ** 2 / (va**2 / da + vb**2 / db)
    error = m(stretch) * sqrt(square)
    half = quantile(df) * error
    made.update(error=error, low=m(made["change"]) - half, high=m(made["change"]) + half, degrees=df,
                p=tail(abs(m(made["change"])) / error, df))
    return made


def adjusted(ps):
    order = sorted((p, i) for i, p in enumerate(ps) if p is not None)
    holm, bh = [None] * len(ps), [None] * len(ps)
    least, most = mpf(0), mpf(1)
    for k, (p, i) in enumerate(order):
        least = max(least, min(mpf(1), p * (len(order) - k)))
        holm[i] = least
    for k in reversed(range(len(order))):
        most = min(most, order[k][0] * len(order) / (k + 1))
        bh[order[k][1]] = most
    return holm, bh


def regress(rows, target, sources, w):
    """Unstandardised coefficients between scores sum w x, by exact elimination"""
    def score(r, c):
        return sum(w[i] * answer(r, i) for i in BLOCKS[c])
    total = sum(r[3] for r in rows)
    means = {c: sum(r[3] * score(r, c) for r in rows) / total for c in BLOCKS}

    def cov(a, b):
        return sum(r[3] * (score(r, a) - means[a]) * (score(r, b) - means[b]) for r in rows)
    n = len(sources)
    a = [[cov(p, q) for q in sources] + [cov(p, target)] for p in sources]
    for i in range(n):
        a[i] = [v / a[i][i] for v in a[i]]
        for k in range(n):
            if k != i:
                a[k] = [u - a[k][i] * v for u, v in zip(a[k], a[i])]
    return dict(zip(sources, [row[n] for row in a]))


def total_effect(rows, frm, to, w):
    """Over all ways, in points of indices"""
    beta = {c: regress(rows, c, [a for a, b in PATHS if b == c], w) for c in BLOCKS if any(b == c for a, b in PATHS)}

    def ways(at):
        return sum(beta[b][at] * (1 if b == to else ways(b)) for a, b in PATHS if a == at)
    return ways(frm) * sum(w[i] for i in BLOCKS[frm]) / sum(w[i] for i in BLOCKS[to])


def families(rows):
    yield None
    yield from sorted({r[1] for r in rows})


def report(rows, periods):
    print("== indices: construct,group,period,answers,missing,index,index_low,index_high,deviation,effective_answers,status")
    groups = sorted({r[1] for r in rows})
    cells = ([(None, None)] + [(g, None) for g in groups] + [(None, p) for p in periods] +
             [(g, p) for g in groups for p in periods if select(rows, g, p)])
    for c, block in BLOCKS.items():
        for g, p in cells:
            part = select(rows, g, p)
            line(c, g, p, part, measured(part, block, GIVEN))
    print("== item_indices of s1")
    for g, p in cells:
        part = select(rows, g, p)
        line("satisfaction,s1", g, p, part, measured(part, ["s1"], {"s1": F(1)}))
    print("== changes: construct,group,period,other_period,answers,other_answers,shared,index,other_index,change,"
          "standard_error,change_low,change_high,degrees,p_value,holm,benjamini_hochberg")
    tests = []
    for c, block in BLOCKS.items():
        for g in families(rows):
            before = None
            for p in periods:
                if not measured(select(rows, g, p), block, GIVEN):
                    continue
                if before is not None:
                    tests.append((c, g, p, before, change(select(rows, g, p), GIVEN, select(rows, g, before), GIVEN, block)))
                before = p
    holm, bh = adjusted([t[4].get("p") for t in tests])
    for (c, g, p, before, of), h, b in zip(tests, holm, bh):
        print(",".join([c, g or "", f"{p}-01-01", f"{before}-01-01", str(of["n"]), str(of["other"]), str(of["shared"])] +
                       [text(of.get(k)) for k in ("now", "then", "change", "error", "low", "high", "degrees", "p")] +
                       [text(h), text(b)]))
    print("== importance_performance on loyalty, raise 30: construct,item,importance,performance,raised,gain,quadrant")
    complete = [r for r in rows if all(answer(r, i) is not None for i in ITEMS)]
    points = [[], []]
    for c in ("quality", "satisfaction"):
        importance = total_effect(complete, c, "loyalty", GIVEN)
        points[0].append((c, "", importance, moments([(r[3], x) for r, x in measured(rows, BLOCKS[c], GIVEN)])["mean"]))
        whole = sum(GIVEN[i] for i in BLOCKS[c])
        for i in BLOCKS[c]:
            points[1].append((c, i, importance * GIVEN[i] / whole,
                              moments([(r[3], x) for r, x in measured(rows, [i], {i: F(1)})])["mean"]))
    for part in points:
        cut_i = sum(x[2] for x in part) / len(part)
        cut_p = sum(x[3] for x in part) / len(part)
        for c, i, importance, performance in part:
            raised = min(F(30), 100 - performance)
            quadrant = {(1, 0): "concentrate_here", (1, 1): "keep_up", (0, 0): "low_priority",
                        (0, 1): "possible_overkill"}[(int(importance >= cut_i), int(performance >= cut_p))]
            print(f"{c},{i},{text(importance)},{text(performance)},{text(raised)},{text(importance * raised)},{quadrant}")


def line(name, g, p, part, found):
    of = moments([(r[3], x) for r, x in found])
    n = of["n"] if of else 0
    half = interval(of)
    status = "no_answers" if not of else "too_few" if n < 2 else "fine" if of["varies"] else "no_variation"
    mean = of and of["mean"]
    deviation = sqrt(m(of["error"]) * m(of["effective"])) if of and n > 1 else None
    print(",".join([name, g or "", f"{p}-01-01" if p else "", str(n), str(len(part) - n), text(mean),
                    text(m(mean) - half if half else None), text(m(mean) + half if half else None), text(deviation),
                    text(of["effective"] if of else 0), status]))


def unit_weights(rows, block):
    """Mode unit with standardised items: 1 / standard deviation by weight, up to a factor"""
    complete = [r for r in rows if all(answer(r, i) is not None for i in ITEMS)]
    total = sum(r[3] for r in complete)
    made = {}
    for i in block:
        mean = F(sum(r[3] * answer(r, i) for r in complete), total)
        made[i] = 1 / sqrt(m(sum(r[3] * (answer(r, i) - mean) ** 2 for r in complete) / total))
    return made


def chains(rows):
    block = BLOCKS["satisfaction"]
    weights = {p: unit_weights(select(rows, None, p), block) for p in PERIODS}
    print("== satisfaction with unit weights: shares by period")
    for p in PERIODS:
        print(p, [text(v / sum(weights[p].values())) for v in weights[p].values()])

    def mean(g, p, w):
        return moments([(r[3], x) for r, x in measured(select(rows, g, p), block, w)])["mean"]
    for g in families(rows):
        periods = [p for p in PERIODS if measured(select(rows, g, p), block, GIVEN)]
        print("== group", g or "all")
        for p in periods:
            print("reestimated", p, text(mean(g, p, weights[p])))
        ratio = difference = mean(g, periods[0], weights[periods[0]])
        print("chain", periods[0], text(ratio), text(difference))
        for before, p in zip(periods, periods[1:]):
            w = weights[before]
            stretch = ratio / mean(g, before, w)
            linked = change(select(rows, g, p), w, select(rows, g, before), w, block, stretch)
            ratio += linked["change"]
            difference += mean(g, p, w) - mean(g, before, w)
            print("chain", p, text(ratio), text(difference), "change", text(linked["change"]), "error",
                  text(linked.get("error")), "p", text(linked.get("p")))
            own = change(select(rows, g, p), weights[p], select(rows, g, before), weights[before], block)
            print("reestimated change", p, text(own["change"]), text(own.get("error")), text(own.get("p")))


report([r for r in ROWS if r[2] in EXAMPLE], EXAMPLE)
chains(ROWS)


# Two brands and a third one; R1 to R4 rated both of the first two.
BRANDS = [
    ("R1", "Own", 2026, 1, 8, 7, 8, 7, 9, 9), ("R2", "Own", 2026, 1, 6, 7, 6, 6, 7, 5),
    ("R3", "Own", 2026, 2, 9, 9, 9, 8, 8, 10), ("R4", "Own", 2026, 1, 4, 5, 5, 3, 4, 3),
    ("R5", "Own", 2026, 1, 7, 5, 6, 7, 5, 6),
    ("R1", "Acme", 2026, 1, 6, 6, 7, 5, 7, 7), ("R2", "Acme", 2026, 1, 7, 7, 6, 8, 7, 6),
    ("R3", "Acme", 2026, 2, 7, 8, 6, 7, 8, 7), ("R4", "Acme", 2026, 1, 4, 3, 4, 3, 5, 4),
    ("R6", "Acme", 2026, 1, 5, 6, None, 5, 7, 8),
    ("R7", "Beta", 2026, 1, 9, 8, 9, 9, 9, 8), ("R8", "Beta", 2026, 1, 8, 9, 8, 9, 8, 9),
    ("R9", "Beta", 2026, 1, 10, 9, 9, 8, 9, 9),
]


def competitors():
    print("== brand_indices: brand,construct,item,answers,missing,index,index_low,index_high,deviation,effective_answers,status")
    measures = [(c, i) for c, block in BLOCKS.items() for i in [""] + (block if len(block) > 1 else [])]
    gaps = []
    for c, i in measures:
        block, w = ([i], {i: F(1)}) if i else (BLOCKS[c], GIVEN)
        for brand in ("Own", "Acme", "Beta"):
            part = select(BRANDS, brand, None)
            of = moments([(r[3], x) for r, x in measured(part, block, w)])
            half = interval(of)
            print(",".join([brand, c, i, str(of["n"]), str(len(part) - of["n"]), text(of["mean"])] +
                           [text(x) for x in ((m(of["mean"]) - half, m(of["mean"]) + half) if half else (None, None))] +
                           [text(sqrt(m(of["error"]) * m(of["effective"]))), text(of["effective"]),
                            "fine" if of["varies"] else "no_variation"]))
            if brand != "Own":
                gap = change(select(BRANDS, "Own", None), w, part, w, block)
                own = {r[0]: (r[3], x) for r, x in measured(select(BRANDS, "Own", None), block, w)}
                both = [(F(own[r[0]][0] + r[3], 2), own[r[0]][1] - x) for r, x in measured(part, block, w) if r[0] in own]
                paired = moments(both)
                gap["paired"] = paired and paired["mean"]
                if paired and paired["varies"]:
                    gap["paired_p"] = tail(abs(m(paired["mean"])) / sqrt(m(paired["error"])), paired["effective"] - 1)
                gaps.append((brand, c, i, gap))
    holm, bh = adjusted([g[3].get("p") for g in gaps])
    print("== gaps: competitor,construct,item,answers,other_answers,shared,index,other_index,gap,standard_error,gap_low,"
          "gap_high,degrees,p_value,holm,benjamini_hochberg,paired_gap,paired_p_value")
    for (brand, c, i, of), h, b in zip(gaps, holm, bh):
        print(",".join([brand, c, i, str(of["n"]), str(of["other"]), str(of["shared"])] +
                       [text(of.get(k)) for k in ("now", "then", "change", "error", "low", "high", "degrees", "p")] +
                       [text(h), text(b), text(of["paired"]), text(of.get("paired_p"))]))


competitors()
