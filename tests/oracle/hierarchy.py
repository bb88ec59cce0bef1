# SPDX-License-Identifier: BSL-1.0
"""Figures of the worked example of satisfaction.hierarchy, from the definition in rational numbers; intervals in 40 digits.
Prints the expected tables. Needs mpmath."""

from fractions import Fraction as F

from mpmath import betainc, findroot, mp, mpf, nstr, sqrt

mp.dps = 40
TREE = {"satisfaction": {"product": 5, "service": 3, "social": 2}, "product": {"quality": 6, "price": 4}}
ROWS = {"Ann": {"quality": 80, "price": 60, "service": 90, "social": 50},
        "Bob": {"quality": 60, "price": 40, "service": 70, "social": 100},
        "Cai": {"quality": 100, "price": 50, "service": 40}}


def number(x):
    return "" if x is None else nstr(mpf(x.numerator) / x.denominator if isinstance(x, F) else x, 17)


def score(node, row):
    if node not in TREE:
        return F(row[node]) if node in row else None
    there = [(w, score(n, row)) for n, w in TREE[node].items() if score(n, row) is not None]
    return sum(w * s for w, s in there) / sum(w for w, _ in there) if there else None


def parts(node, row, part=F(1)):
    """What each node is of the whole."""
    made = {node: part if score(node, row) is not None else F(0)}
    there = sum(w for n, w in TREE.get(node, {}).items() if score(n, row) is not None)
    for n, w in TREE.get(node, {}).items():
        made.update(parts(n, row, made[node] * w / there if score(n, row) is not None else F(0)))
    return made


def half_width(values):
    n = len(values)
    m = sum(values) / n
    v = sum((x - m) ** 2 for x in values) / (n - 1)
    tail = lambda t: betainc(mpf(n - 1) / 2, mpf(1) / 2, 0, (n - 1) / (n - 1 + t * t), regularized=True)
    return findroot(lambda t: tail(t) - mpf("0.05"), 4 if n == 3 else 12) * sqrt(mpf(v.numerator) / v.denominator / n)


def main():
    rows = list(ROWS.values())
    whole = {"satisfaction": F(1)}
    print("node,parent,depth,share,share_of_whole,answers,score,score_low,score_high,contribution,lost")

    def show(node, parent, depth, share):
        whole[node] = whole.get(parent, F(1)) * share
        values = [score(node, row) for row in rows if score(node, row) is not None]
        mean, half = sum(values) / len(values), half_width(values)
        center = mpf(mean.numerator) / mean.denominator
        part = sum(parts("satisfaction", row)[node] for row in rows) / len(rows)
        added = sum(parts("satisfaction", row)[node] * (score(node, row) or 0) for row in rows) / len(rows)
        print(",".join([node, parent, str(depth), number(share), number(whole[node]), str(len(values)), number(mean),
                        number(max(mpf(0), center - half)), number(min(mpf(100), center + half)), number(added), number(100 * part - added)]))
        for n, w in TREE.get(node, {}).items():
            show(n, node, depth + 1, F(w, sum(TREE[node].values())))

    show("satisfaction", "", 0, F(1))
    print("respondent,answered,index")
    for name, row in ROWS.items():
        print(f"{name},{len(row)},{number(score('satisfaction', row))}")


main()
