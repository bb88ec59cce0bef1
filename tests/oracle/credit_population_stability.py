#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""The figures of the worked example of credit.population_stability in 40 digits (needs mpmath)."""
from mpmath import mp, mpf, log, gammainc, findroot

mp.dps = 40
A = [236, 334, 331, 310, 416, 269, 185, 298, 407, 352]
E = [565, 803, 807, 729, 1015, 565, 417, 752, 823, 845]
a = [mpf(x) / sum(A) for x in A]
e = [mpf(x) / sum(E) for x in E]
index = sum((x - y) * log(x / y) for x, y in zip(a, e))
unit = 1 / mpf(sum(A)) + 1 / mpf(sum(E))
tail = lambda x: gammainc(mpf(9) / 2, x / 2, regularized=True)
limit = findroot(lambda x: tail(x) - mpf("0.05"), 17)
slopes = [(log(x / y) + 1 - y / x, 1 - log(x / y) - x / y) for x, y in zip(a, e)]
spread = lambda shares, k: (sum(s * g[k]**2 for s, g in zip(shares, slopes))
                            - sum(s * g[k] for s, g in zip(shares, slopes))**2)
error = mp.sqrt(spread(a, 0) / sum(A) + spread(e, 1) / sum(E))
z = mp.sqrt(2) * mp.erfinv(mpf("0.95"))
for name, v in (("index", index), ("low", max(mpf(0), index - z * error)), ("high", index + z * error),
                ("by_chance", 9 * unit), ("limit", limit * unit), ("p_value", tail(index / unit))):
    print(name, mp.nstr(v, 17))
