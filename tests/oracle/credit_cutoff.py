#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""The figures of the worked example of credit.cutoff in 40 digits (needs mpmath)."""
from mpmath import mp, mpf, sqrt, erfinv

mp.dps = 40
ROWS = [(720, 0), (690, 0), (690, 0), (655, 1), (640, 0), (620, 0), (620, 1), (600, 0), (580, 0), (560, 1), (545, 0),
        (520, 1)]
GAIN, LOSS, CURRENT = mpf(100), mpf(400), 550
n = len(ROWS)
z = sqrt(2) * erfinv(mpf("0.95"))
worth = lambda row: -LOSS if row[1] else GAIN


def show(*values):
    print(",".join("" if v is None else v if isinstance(v, str) else mp.nstr(mpf(v), 17) for v in values))


def wilson(share, trials):
    middle = (share + z**2 / (2 * trials)) / (1 + z**2 / trials)
    half = z / (1 + z**2 / trials) * sqrt(share * (1 - share) / trials + z**2 / (4 * trials**2))
    return max(middle - half, mpf(0)), min(middle + half, mpf(1))


cuts = [None] + sorted({s for s, _ in ROWS}, reverse=True)
taken = lambda cut: [r for r in ROWS if cut is not None and r[0] >= cut]
profit = {cut: sum((worth(r) for r in taken(cut)), mpf(0)) for cut in cuts}
best = max(cuts, key=lambda cut: (profit[cut], -cuts.index(cut)))


def difference(a, b):
    values = []
    for r in ROWS:
        in_a, in_b = a is not None and r[0] >= a, b is not None and r[0] >= b
        values.append(worth(r) * (in_a - in_b))
    mean = sum(values) / n
    return sum(values), sqrt(n * sum((v - mean)**2 for v in values) / (n - 1))


near = [c for c in cuts if c == best or abs(difference(best, c)[0]) <= z * difference(best, c)[1]]
_, error = difference(best, None)
used = min(d for d in cuts if d is not None and d >= CURRENT)
gain, gain_error = difference(best, used)
accepted = taken(best)
print("best")
show("computed", n, 0, GAIN / (GAIN + LOSS), best, near[0], near[-1], mpf(len(accepted)) / n,
     mpf(sum(r[1] for r in accepted)) / len(accepted), profit[best], profit[best] - z * error, profit[best] + z * error,
     profit[used], gain, gain - z * gain_error, gain + z * gain_error)
print("cuts")
before = []
for cut in cuts:
    rows = taken(cut)
    bads = sum(r[1] for r in rows)
    new = rows[len(before):]
    rate = mpf(bads) / len(rows) if rows else None
    low, high = wilson(rate, len(rows)) if rows else (None, None)
    show(cut, len(rows), mpf(len(rows)) / n, len(rows) - bads, bads, rate, low, high,
         mpf(sum(r[1] for r in new)) / len(new) if new else None, profit[cut])
    before = rows
