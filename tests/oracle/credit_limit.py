# SPDX-License-Identifier: BSL-1.0
"""The limit of expected profit against expected loss, by search: nothing in common with the library but the definition.

A limit L is worth L (margin - lgd p (L / R)^e) a credit period. The largest limit whose last unit still earns what it may
lose is where the derivative, taken by differences, changes its sign. Needs mpmath. Run: python3 tests/oracle/credit_limit.py
"""
from mpmath import diff, exp, floor, log, mp, mpf, nstr

mp.dps = 40


def limit(yearly, lgd, margin, days, reference, elasticity=1):
    yearly, lgd, margin, reference, elasticity = map(mpf, (yearly, lgd, margin, reference, elasticity))
    p = 1 - (1 - yearly) ** (mpf(days) / 365)

    def worth(at):
        return at * (margin - lgd * p * (at / reference) ** elasticity)

    # By bisection on the logarithm: the derivative falls from the margin on.
    low, high = log(reference) - 60, log(reference) + 120
    for _ in range(400):
        middle = (low + high) / 2
        low, high = (middle, high) if diff(worth, exp(middle), h=exp(middle) * mpf(10) ** -12) > 0 else (low, middle)
    return exp(low)


if __name__ == "__main__":
    for case in (("0.5", "0.6", "0.2", 60, 150000, 1), ("0.5", "0.6", "0.2", 60, 150000, 2),
                 ("0.5", "0.6", "0.2", 60, 150000, "0.5"), ("0.03", "0.45", "0.12", 90, 80000, 1),
                 ("0.03", "0.45", "0.12", 90, 80000, 3), ("1", "0.45", "0.12", 90, 80000, "1.5"),
                 ("0.001", "0.9", "0.01", 14, 1000, 1)):
        found = limit(*case)
        print(*case, nstr(found, 20), floor(found * 100) / 100)
