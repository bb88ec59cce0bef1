# SPDX-License-Identifier: BSL-1.0
"""The figures of the worked examples of value.gamma_gamma, with 60 digits and equation 1 of note 025 as printed.

Fader and Hardie, The Gamma-Gamma Model of Monetary Value (2013). Needs mpmath. Run: python3 tests/oracle/gamma_gamma.py
"""
from mpmath import mp, mpf, exp, loggamma, log, lu_solve, matrix, sqrt

mp.dps = 60

# frequency, mean spend, customers: invented
ROWS = [
    (1, "12.50", 3), (1, "30.00", 2), (1, "47.25", 1), (2, "18.90", 4), (2, "35.10", 2), (2, "71.30", 1),
    (3, "22.40", 3), (3, "40.00", 2), (4, "15.75", 2), (5, "55.20", 1), (7, "28.30", 2), (11, "33.60", 1),
    (16, "19.95", 1), (2, "110.00", 1),
]


def log_likelihood(p, q, v, x, z):
    return (loggamma(p * x + q) - loggamma(p * x) - loggamma(q) + q * log(v) + (p * x - 1) * log(z)
            + p * x * log(mpf(x)) - (p * x + q) * log(v + x * z))


def total(logs):
    p, q, v = (exp(u) for u in logs)
    return sum(w * log_likelihood(p, q, v, x, mpf(z)) for x, z, w in ROWS)


def fit():
    """Newton's method with central differences, whose errors are of the order of 1e-24."""
    step = mpf(10) ** -12
    logs = [log(mpf(v)) for v in ("4", "4", "25")]

    def moved(*moves):
        return total([u + step * sum(m for k, m in moves if k == i) for i, u in enumerate(logs)])

    for _ in range(12):
        middle = total(logs)
        gradient = matrix([(moved((i, 1)) - moved((i, -1))) / (2 * step) for i in range(3)])
        hessian = matrix(3, 3)
        for i in range(3):
            hessian[i, i] = (moved((i, 1)) - 2 * middle + moved((i, -1))) / step ** 2
            for j in range(i):
                mixed = (moved((i, 1), (j, 1)) - moved((i, 1), (j, -1)) - moved((i, -1), (j, 1))
                         + moved((i, -1), (j, -1)))
                hessian[i, j] = hessian[j, i] = mixed / (4 * step ** 2)
        change = lu_solve(hessian, gradient)
        size = max(abs(c) for c in change)
        logs = [u - c * min(1, mpf("0.5") / size) for u, c in zip(logs, change)]
    covariance = (-hessian) ** -1
    for i, name in enumerate("pqv"):
        value = exp(logs[i])
        print(name, mp.nstr(value, 13), mp.nstr(value * sqrt(covariance[i, i]), 10))
    print("log-likelihood", mp.nstr(total(logs), 18), "last change", mp.nstr(mp.norm(change), 3))


def scores():
    p, q, v = mpf("6.25"), mpf("3.74"), mpf("15.44")
    for x, z in [(2, "22.35"), (0, "0"), (7, "73.74"), (26, "40.08")]:
        z = mpf(z)
        mean = p * (v + x * z) / (p * x + q - 1)
        deviation = mean / sqrt(p * x + q - 2)
        print((x, mp.nstr(z, 6)), mp.nstr(mean, 16), mp.nstr(deviation, 16))


if __name__ == "__main__":
    scores()
    fit()
