#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""The figures of the worked example of credit.vintage_curves, rates as exact fractions (intervals need mpmath)."""
from fractions import Fraction as F

from mpmath import mp, mpf, sqrt, erfinv

mp.dps = 40
ROWS = [("2024Q1", 1, 1), ("2024Q1", 3, 0), ("2024Q1", 2, 1), ("2024Q1", 3, 0), ("2024Q1", 3, 1), ("2024Q2", 1, 0),
        ("2024Q2", 1, 1), ("2024Q2", 2, 1), ("2024Q2", 2, 0)]
ASKED = (2, 3)
z = sqrt(2) * erfinv(mpf("0.95"))


def wilson(share, trials):
    middle = (share + z**2 / (2 * trials)) / (1 + z**2 / trials)
    half = z / (1 + z**2 / trials) * sqrt(share * (1 - share) / trials + z**2 / (4 * trials**2))
    return middle - half if share else mpf(0), middle + half if share < 1 else mpf(1)


exact = lambda f: mp.nstr(mpf(f.numerator) / f.denominator, 17)
real = lambda f: mpf(f.numerator) / f.denominator


def curve(rows):
    made, alive, green = [], F(1), F(0)
    for month in range(max(m for _, m, _ in rows) + 1):
        risk = [r for r in rows if r[1] >= month]
        events = sum(e for _, m, e in risk if m == month)
        if events:
            alive *= 1 - F(events, len(risk))
            if events < len(risk):
                green += F(events, len(risk) * (len(risk) - events))
        rate = 1 - alive
        trials = rate * alive / (alive**2 * green) if green and alive else F(len(risk))
        low, high = wilson(real(rate), real(trials))
        whole = all(m >= month or e for _, m, e in rows)
        made.append((month, len(risk), events, sum(e for _, m, e in rows if m <= month), exact(rate), mp.nstr(low, 17),
                     mp.nstr(high, 17), str(whole).lower()))
    return made


tables = {"curves": [], "vintages": [], "at": []}
for name in ("", "2024Q1", "2024Q2"):
    rows = [r for r in ROWS if name in ("", r[0])]
    made = curve(rows)
    tables["curves"] += [(name,) + one for one in made]
    last = made[-1]
    tables["vintages"].append((name, len(rows), len(rows), last[3], last[0], max(o[0] for o in made if o[7] == "true"))
                              + last[4:7])
    for month in ASKED:
        tables["at"].append((name, month) + (made[month][4:7] if month < len(made) else ("", "", "")))
for name, rows in tables.items():
    print(name)
    for row in rows:
        print(*row, sep=",")
