#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""The figures of the worked example of credit.adverse_impact in 40 digits (needs mpmath)."""
from mpmath import mp, mpf, sqrt, erfc, erfinv

mp.dps = 40
z = sqrt(2) * erfinv(mpf("0.95"))


def wilson(share, trials):
    middle = (share + z**2 / (2 * trials)) / (1 + z**2 / trials)
    half = z / (1 + z**2 / trials) * sqrt(share * (1 - share) / trials + z**2 / (4 * trials**2))
    return middle - half, middle + half


a, n, b, m = 60, 100, 140, 200
p, q = mpf(a) / n, mpf(b) / m
(l1, u1), (l2, u2) = wilson(p, n), wilson(q, m)
low = (p * q - sqrt((p * q)**2 - l1 * (2 * p - l1) * u2 * (2 * q - u2))) / (u2 * (2 * q - u2))
high = (p * q + sqrt((p * q)**2 - u1 * (2 * p - u1) * l2 * (2 * q - l2))) / (l2 * (2 * q - l2))
pooled = mpf(a + b) / (n + m)
zz = (p - q) / sqrt(pooled * (1 - pooled) * (mpf(1) / n + mpf(1) / m))
s = lambda v: mp.nstr(v, 17)
print("30 and over,2,%d,%d,%s,%s,%s,1,,,,,,reference" % (m, b, s(q), s(l2), s(u2)))
print("under 30,2,%d,%d,%s,%s,%s,%s,%s,%s,%s,%s,%s,computed"
      % (n, a, s(p), s(l1), s(u1), s(p / q), s(low), s(high), s(erfc(abs(zz) / sqrt(2))),
         "pass" if p / q >= mpf("0.8") else "fail",
         "surely_below" if high < mpf("0.8") else "surely_not_below" if low >= mpf("0.8") else "unsure"))
